"""A verification reads one moment and ends, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection, connections

from audit import triggers, verification
from audit.models import Event
from exercises.models import Exercise
from tests import playing
from tests.browsing import body, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]

#: Root may write anywhere: it becomes nobody once all is loaded, which may lie in its own folder.
VERIFY = """
import os, sys
import django
django.setup()
from django.db import connection
from control.management.commands.verify_audit import Command
connection.Database
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Command().run_from_argv(["manage.py", "verify_audit"])
finally:
    sys.stdout.flush()
"""


def before_the_events(do: Callable[[], object]) -> Any:
    """Let something happen before each time that this connection reads events."""

    def read(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'FROM "audit_event"' in sql:
            do()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(read)


@pytest.mark.django_db(transaction=True)
def test_acts_meanwhile_do_not_matter_and_a_broken_record_is_told_all_the_same() -> None:
    exercise = playing.before("silence", "lapse")

    def act() -> None:
        try:
            playing.conduct(Exercise.objects.get(pk=exercise.pk), "run", rate=2)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as other, before_the_events(lambda: other.submit(act).result()):
        assert verification.faults(exercise) == []

    assert Exercise.objects.get(pk=exercise.pk).seq == exercise.seq + 1
    triggers.remove(connection)
    Event.objects.filter(exercise=exercise, seq=5).delete()

    with ThreadPoolExecutor(1) as other, before_the_events(lambda: other.submit(act).result()):
        assert verification.faults(exercise) == ["event 5 is missing"]

    assert Exercise.objects.get(pk=exercise.pk).seq == exercise.seq + 2


@pytest.mark.django_db
def test_a_busy_database_is_no_broken_record_and_the_page_says_so() -> None:
    exercise = playing.before("silence", "lapse", seated=True)
    instructor = signed_in(exercise, "INSTRUCTOR")
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"

    def be_busy() -> None:
        raise OperationalError("database is locked")

    with before_the_events(be_busy):
        with pytest.raises(verification.CouldNotTell, match="database is locked"):
            verification.faults(exercise)
        assert instructor.post(f"{address}verify/").status_code == 302
    said = body(instructor.get(address))
    assert "Whether the record is intact could not be told." in said
    assert "database is locked" in said
    assert "The record is intact." not in said

    instructor.post(f"{address}verify/")
    assert "The record is intact." in body(instructor.get(address))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may look into."""
    with tempfile.TemporaryDirectory(prefix="overflight-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


def verify(path: Path, var: Path) -> tuple[int, str]:
    """Verify a copy of a database as somebody who may only read it."""
    path.chmod(0o444)
    path.parent.chmod(0o555)
    run = subprocess.run(
        [sys.executable, "-c", VERIFY],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": f"sqlite:///{path}", "VAR_DIR": str(var)}
        | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    path.parent.chmod(0o755)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a copy of a file")
def test_a_copy_that_may_only_be_read_is_verified_unless_a_part_of_it_lies_beside(
    folder: Path,
) -> None:
    exercise = playing.before("silence", "lapse")
    copy = folder / "kept" / "copy.sqlite3"
    copy.parent.mkdir()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])

    intact = f"EXERCISE {exercise.pk}, {exercise.name}: intact, {exercise.seq} events\n"
    assert verify(copy, folder / "var") == (0, intact)

    with closing(sqlite3.connect(copy)) as writing:
        writing.execute("PRAGMA journal_mode = WAL")
        writing.execute("UPDATE exercises_exercise SET head = 'x'")
        writing.commit()
        torn = folder / "torn" / "copy.sqlite3"
        torn.parent.mkdir()
        for ending in ("", "-wal"):
            shutil.copy(f"{copy}{ending}", f"{torn}{ending}")

    code, said = verify(torn, folder / "var")
    assert code == 2
    assert "The database cannot be read: copy.sqlite3-wal lies beside it" in said
    code, said = verify(copy, folder / "var")
    assert code == 1
    assert "the head does not match" in said
