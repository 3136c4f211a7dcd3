"""From SQLite to PostgreSQL and back, by the commands: nothing of a record is lost on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from audit import chain, verification
from audit.models import Event
from control import stories
from exercises.models import Exercise

pytestmark = [pytest.mark.services, pytest.mark.django_db]

ROOT = Path(__file__).parents[2]

PLAY_AND_EXPORT = """
from pathlib import Path
from django.core.management import call_command
from control import stories
call_command("migrate", verbosity=0)
for name in stories.names():
    exercise = stories.play(stories.load(name))
    call_command("export_record", exercise.pk, Path({folder!r}, f"{{name}}.jsonl"))
"""

IMPORT_AND_VERIFY = """
from pathlib import Path
from django.core.management import call_command
for path in sorted(Path({folder!r}).glob("*.jsonl")):
    call_command("import_record", path)
call_command("verify_audit")
"""


def on_sqlite(var: Path, script: str, folder: Path) -> str:
    """Run a script in a process of its own on a database in `var`; return what it printed."""
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script.format(folder=str(folder))],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": f"sqlite:///{var / 'moving.sqlite3'}", "VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_every_story_goes_from_sqlite_to_postgresql_and_back(tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    out.mkdir()
    back.mkdir()

    on_sqlite(tmp_path, PLAY_AND_EXPORT, out)
    for name in stories.names():
        call_command("import_record", out / f"{name}.jsonl", stdout=StringIO())
        exercise = Exercise.objects.latest("pk")
        assert verification.faults(exercise) == []
        played = stories.play(stories.load(name))
        assert digest(exercise) == digest(played)
        call_command("export_record", exercise.pk, back / f"{name}.jsonl", stdout=StringIO())
    printed = on_sqlite(tmp_path, IMPORT_AND_VERIFY, back)

    for name in stories.names():
        assert (back / f"{name}.jsonl").read_bytes() == (out / f"{name}.jsonl").read_bytes()
    assert printed.count("imported, intact") == len(stories.names())
    assert printed.count(": intact, ") == 2 * len(stories.names())


def digest(exercise: Exercise) -> str:
    return chain.digest(Event.objects.filter(exercise=exercise).in_order())
