"""A process killed on its way: what it began stands whole after the next start, or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulation import ROOT, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.once


def run(var: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end, on the database in a folder."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "PORT": "0"}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def killed(var: Path, what: str, *, after: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Start something that is killed after so many events, or interrupted by SIGINT."""
    done = run(var, "-m", "tests.killed", what, str(after), by.name)
    if by == signal.SIGKILL:
        assert done.returncode == -by, done.stdout + done.stderr
    else:
        assert "The start broke off: the next one goes on where this one ended." in done.stderr


def told(var: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(var / "overflight.sqlite3")) as database:
        return database.execute(question).fetchall()


def test_a_demo_that_was_cut_short_is_played_anew_however_often(
    simulate: Callable[..., Simulation], tmp_path: Path
) -> None:
    """Cut short before it, in its opening, among its acts, in being erased, before its end."""
    var = tmp_path / "var"
    kill, interrupt = signal.SIGKILL, signal.SIGINT
    for after, by in (
        *((0, interrupt), (1, kill), (12, kill)),
        *((3, kill), (55, interrupt)),
    ):
        killed(var, "simulate", after=after, by=by)

    simulation = simulate(SECRET_KEY="", DEMO="on")
    simulation.until("READY")

    assert told(var, "SELECT name, provisional, pace FROM exercises_exercise") == [
        ("Demo - five flights in September", 0, "STEP")
    ]
    assert told(var, "SELECT count(*) FROM exercises_seat WHERE holder_id IS NULL") == [(0,)]
    assert told(var, "SELECT count(*) FROM transit_flightrequest") == [(5,)]
    assert run(var, "manage.py", "verify_audit").returncode == 0


def test_a_demo_that_was_told_stays_as_people_left_it(tmp_path: Path) -> None:
    var = tmp_path / "var"
    killed(var, "simulate", after=56)
    before = told(var, "SELECT id, head FROM exercises_exercise")

    again = run(
        var,
        "-c",
        "import django; django.setup();"
        "from control import stories; stories.provide(stories.load('demo'))",
    )

    assert again.returncode == 0, again.stderr
    assert told(var, "SELECT id, head FROM exercises_exercise") == before


@pytest.mark.parametrize("after", [0, 1, 2, 20])
def test_an_opening_that_was_cut_short_leaves_no_exercise(
    migrated: Path, tmp_path: Path, after: int
) -> None:
    var = shutil.copytree(migrated, tmp_path / "var")

    killed(var, "open", after=after)

    for table in ("exercises_exercise", "exercises_seat", "audit_event"):
        assert told(var, f"SELECT * FROM {table}") == []  # noqa: S608 - our own names
