"""Start Overflight, or open an exercise, in a process that is killed on the way.

    python -m tests.killed simulate 40 SIGKILL

kills itself, as `kill -9` would, before the first statement that the database is asked while the
youngest exercise has 40 events or more, written and perhaps not yet committed. With SIGINT it is
interrupted there, as by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from control import actions  # noqa: E402

WRITTEN = """
    SELECT count(*) FROM audit_event
    WHERE exercise_id = (SELECT max(id) FROM exercises_exercise)
"""


def main(what: str, after: int, number: signal.Signals) -> None:
    sent: list[signal.Signals] = []

    def statement(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        with suppress(sqlite3.OperationalError):  # no table yet
            if not sent and connection.connection.execute(WRITTEN).fetchone()[0] >= after:
                sent.append(number)
                os.kill(os.getpid(), number)
        return execute(sql, params, many, context)

    # Whoever starts the tests in the background lets us inherit that Ctrl-C is passed over.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    connection.execute_wrappers.append(statement)
    if what == "simulate":
        call_command("simulate")
    else:
        user, _ = get_user_model().objects.get_or_create(username="teacher")
        at = datetime(2026, 9, 7, 6, tzinfo=UTC)
        actions.open_for(user, "Monday's class", at=at, solo=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), signal.Signals[sys.argv[3]])
