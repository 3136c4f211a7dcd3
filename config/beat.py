"""Celery's beat by a clock that nobody sets, with nothing kept between two starts.

Celery's own remembers in a file when it last sent a task, by the machine's clock: set back by an
hour, it sends nothing for an hour (celery#6742).
"""

import time
from datetime import UTC, datetime, timedelta

from celery import beat, schedules

from control import alive

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def running() -> datetime:
    """Return how long the machine has been running, as a moment: it only ever grows."""
    return EPOCH + timedelta(seconds=time.monotonic())


def every(seconds: float) -> schedules.schedule:
    """Return the schedule of what is sent every so many seconds, whatever the clock says."""
    return schedules.schedule(seconds, nowfun=running)


class Scheduler(beat.Scheduler):  # type: ignore[misc]
    """Sends what stands in the settings; each round is a sign of life."""

    def setup_schedule(self) -> None:
        """Take nothing but ours: Celery's clean-up goes by the machine's clock."""
        self.merge_inplace(self.app.conf.beat_schedule)

    def tick(self, *args: object, **kwargs: object) -> float:
        """Send what is due; return in how many seconds to look again."""
        alive.sign()
        wait: float = super().tick(*args, **kwargs)
        return wait
