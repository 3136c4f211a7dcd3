"""How the database is set."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.db import connection

if TYPE_CHECKING:
    from pathlib import Path


def asked(var: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Ask a process of its own how its connection to SQLite is set."""
    code = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "temp_store"):
        print(*cursor.execute(f"PRAGMA {name}").fetchone())
"""
    own = {
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'some.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | own | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.once
@pytest.mark.parametrize(("env", "waits"), [({}, "1"), ({"SQLITE_SYNCHRONOUS": "FULL"}, "2")])
def test_sqlite_waits_for_the_disk_where_it_is_asked_to(
    tmp_path: Path, env: dict[str, str], waits: str
) -> None:
    assert asked(tmp_path, **env).stdout.split() == ["wal", waits, "2"]


@pytest.mark.once
def test_another_word_is_refused(tmp_path: Path) -> None:
    told = asked(tmp_path, SQLITE_SYNCHRONOUS="OFF")

    assert told.returncode == 1
    assert told.stderr == "SQLITE_SYNCHRONOUS is NORMAL or FULL, not 'OFF'.\n"


@pytest.mark.django_db
@pytest.mark.services
def test_postgresql_plans_once_what_is_asked_often() -> None:
    with connection.cursor() as cursor:
        for seq in range(8):
            cursor.execute("SELECT count(*) FROM audit_event WHERE seq = %s", [seq])
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%audit_event%"]
        )

        assert cursor.fetchone()[0] >= 1
