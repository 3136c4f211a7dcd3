"""Start Overflight, or open an exercise, in a process that is killed on the way.

    python -m tests.killed simulate 40

kills itself, as `kill -9` would, when the clock on the wall is read while the youngest exercise has
40 events or more: every event is dated by that clock, so the same number is the same place.
"""

import os
import signal
import sys
from datetime import UTC, datetime

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402

from audit.models import Event  # noqa: E402
from control import actions  # noqa: E402
from exercises import clock  # noqa: E402
from exercises.models import Exercise  # noqa: E402


def main(what: str, after: int) -> None:
    read = clock.wall

    def wall() -> datetime:
        if Event.objects.filter(exercise=Exercise.objects.last()).count() >= after:
            os.kill(os.getpid(), signal.SIGKILL)
        return read()

    clock.wall = wall
    if what == "simulate":
        call_command("simulate")
    else:
        user, _ = get_user_model().objects.get_or_create(username="teacher")
        at = datetime(2026, 9, 7, 6, tzinfo=UTC)
        actions.open_for(user, "Monday's class", at=at, solo=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
