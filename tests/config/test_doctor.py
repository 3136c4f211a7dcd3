"""Broken installations, and what the doctor says of each."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles import storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from audit import triggers
from books import agreements
from config import health
from exercises import clock
from exercises.models import Exercise, Heartbeat
from tests import wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[wall.Wall]:
    """A clock that stands now, beside a database whose own goes on."""
    monkeypatch.setattr(health, "CLOCKS_AGREE", timedelta(hours=1))
    now = clock.wall()
    with wall.standing() as standing:
        standing.now = now
        yield standing


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Settings) -> Path:
    settings.VAR_DIR, settings.SECRET_KEY_FILE = tmp_path, tmp_path / "secret_key"
    settings.CELERY_BROKER_URL = "filesystem://localhost//"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "broker")}
    (tmp_path / "broker").mkdir()
    settings.SECRET_KEY_FILE.touch(mode=0o600)
    return tmp_path


def running(*, ticked: timedelta, **columns: Any) -> Exercise:
    """Let an exercise run that was ticked so long ago."""
    now = clock.wall()
    long_ago = now - timedelta(days=2)
    exercise = Exercise.objects.create(
        name="Clearance week",
        **dict.fromkeys(("opened_at", "sim_anchor", "wall_anchor", "last_at"), long_ago),
        rate=1,
        **columns,
    )
    at = now - ticked
    Heartbeat.objects.create(exercise=exercise, alive_at=at, ticked_at=at)
    return exercise


def told(name: str) -> str:
    with pytest.raises(health.Ill) as found:
        health.ask(name)
    return str(found.value)


def test_a_well_installation_has_nothing_to_mend() -> None:
    running(ticked=timedelta(seconds=3))
    said = io.StringIO()

    call_command("doctor", stdout=said)

    lines = said.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["ok"] * (1 + len(health.PROBES))
    assert "The last was 3 s ago." in lines[-2]


def test_every_fault_of_a_broken_installation_is_named(
    var: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trigger and the tick are missing, the key lies open, an agreement is no YAML."""
    running(ticked=timedelta(hours=1))
    triggers.remove(connection)
    (var / "secret_key").chmod(0o644)
    folder = tmp_path_factory.mktemp("agreements")
    (folder / "tr-kz-9.yaml").write_text("code: [")
    monkeypatch.setattr(agreements, "FOLDER", folder)
    said = io.StringIO()

    with pytest.raises(CommandError, match=r"^Not well: folders, checks, ticks\.$") as ended:
        call_command("doctor", stdout=said)

    assert ended.value.returncode == 1
    wrong = [line for line in said.getvalue().splitlines() if line.startswith("wrong")]
    for sentence in (
        "triggers",
        "tr-kz-9.yaml",
        f"Others may read {var / 'secret_key'}: run `chmod 600",
        "No tick for 60 minutes, though exercises run: start beat and a worker",
    ):
        assert any(sentence in line for line in wrong), sentence


def unmigrated(var: Path) -> None:
    MigrationRecorder(connection).record_unapplied("transit", "0001_initial")


def brought_up_to_date_by_another(var: Path) -> None:
    MigrationRecorder(connection).record_applied("transit", "9999_later")


def with_a_file_for_a_folder(var: Path) -> None:
    (var / "broker").rmdir()
    (var / "broker").touch()


def with_a_folder_for_a_key(var: Path) -> None:
    (var / "secret_key").unlink()
    (var / "secret_key").mkdir()


def that_nobody_works_for(var: Path) -> None:
    for number in range(40):
        (var / "broker" / f"{number}.celery.msg").touch()


def ahead_of_its_clock(var: Path) -> None:
    running(ticked=timedelta(hours=-3))


def halted(var: Path) -> None:
    running(ticked=timedelta(0), halted="A fault.")


BROKEN = [
    (
        unmigrated,
        "migrations",
        "Not applied: 1, transit.0001_initial first. Run `manage.py migrate`.",
    ),
    (brought_up_to_date_by_another, "migrations", "by another release, which has transit.9999_lat"),
    (with_a_file_for_a_folder, "folders", "broker is no folder: move it away."),
    (with_a_folder_for_a_key, "folders", "secret_key is no file: move it away."),
    (that_nobody_works_for, "worker", "40 messages wait and no worker takes them: start one"),
    (ahead_of_its_clock, "clock", "The last sign of life was written 3 hours from now: the clock"),
    (ahead_of_its_clock, "ticks", "The last tick is 3 hours from now: see the clock"),
    (halted, "exercises", "The log of the worker names it; once it is mended, the instructor"),
]


@pytest.mark.parametrize(
    ("broken", "probe", "sentence"), BROKEN, ids=[f"{b.__name__}-{p}" for b, p, _ in BROKEN]
)
def test_what_is_broken_is_said_with_how_to_mend_it(
    var: Path, broken: Callable[[Path], None], probe: str, sentence: str
) -> None:
    health.ask(probe)

    broken(var)

    assert sentence in told(probe)


def test_a_clock_of_before_the_release_is_wrong(real_time: wall.Wall) -> None:
    real_time.wait(days=-400)

    assert "before this release was written" in told("clock")


def test_static_files_that_nobody_collected_are_missed(
    var: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = var / "static"
    uncollected = storage.ManifestStaticFilesStorage()
    monkeypatch.setattr(health, "staticfiles_storage", uncollected)
    assert "None are collected in" in told("static files")

    uncollected.hashed_files = {"favicon.svg": "favicon.1.svg"}
    assert "are not collected" in told("static files")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite alone")
def test_sqlite_on_a_network_is_refused(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    (var / "some.sqlite3").touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(var / "some.sqlite3"))
    monkeypatch.setattr(health, "NETWORKED", {health._filesystem(var)})

    assert "is on a network filesystem" in told("database")


def test_with_database_and_broker_away_the_doctor_says_so_and_asks_no_further(var: Path) -> None:
    away = {
        "VAR_DIR": str(var),
        "DATABASE_URL": "postgresql://over:hush@127.0.0.1:1/flight",
        "BROKER_URL": "redis://:hush@127.0.0.1:1/0",
    }
    (var / "secret_key").unlink()

    said = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=away,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stderr) == (
        1,
        "CommandError: Not well: static files, broker, database.\n",
    )
    lines = {line[7:20].strip(): line for line in said.stdout.splitlines()}
    assert "The broker does not answer: Error 111 connecting to 127.0.0.1:1." in lines["broker"]
    assert "The database does not answer (" in lines["database"]
    assert "None are collected in" in lines["static files"]
    assert lines["worker"].endswith("Not asked: first mend broker.")
    assert lines["exercises"].endswith("Not asked: first mend database.")
    assert "hush" not in said.stdout
