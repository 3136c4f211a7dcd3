"""The alarm clock: beat fires the tick, a worker lets time pass where something is due."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import shared_task

from audit import acts, timeline
from audit.refusals import Halted
from casework import work
from control import actions
from exercises import clock
from exercises.models import Exercise, Heartbeat, Pace, Seat

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

#: A tick with nothing to do writes a sign of life no more often than this.
STAMP_EVERY = timedelta(seconds=5)


@shared_task
def tick(**kwargs: Any) -> None:
    """Let time pass in every exercise that runs. One that is broken does not stop the others."""
    beats = Heartbeat.objects.in_bulk()
    for exercise in Exercise.objects.running().order_by("pk"):
        try:
            pass_time(exercise, beats.get(exercise.pk))
        except Halted as halted:
            logger.error("Exercise %s is halted: %s", exercise.pk, halted)
        except Exception:
            logger.exception("The tick failed in exercise %s", exercise.pk)


def pass_time(exercise: Exercise, beat: Heartbeat | None) -> None:
    """Let time pass in one exercise; it takes the lock only where something is due.

    An exercise that was left alone is not taken for attended because a tick came along: first
    the act records the pause, then it is alive again.
    """
    wall = clock.wall()
    reading = clock.read(exercise, alive_at=beat.alive_at if beat else None, wall=wall)
    if reading.unattended or timeline.is_due(exercise, until=reading.at):
        acts.let_time_pass(exercise)
    if beat is None or beat.ticked_at is None or wall - beat.ticked_at >= STAMP_EVERY:
        acts.beat_heart(exercise, ticked=True)
    if exercise.pace == Pace.STEP and to_advance(exercise, reading.at):
        step_on(exercise)


def step_on(exercise: Exercise) -> None:
    """Run to the next step, unless another worker did or somebody has work since."""
    with acts.act(exercise) as at:
        if to := to_advance(exercise, at):
            actions.advance(exercise, by=None, at=at, to=to)
    acts.let_time_pass(exercise)


def to_advance(exercise: Exercise, at: datetime) -> datetime | None:
    """Return where the clock runs to in step pace; None while a seated person has open work."""
    people = Seat.objects.filter(exercise=exercise).exclude(holder=None)
    if work.is_waited_for(exercise, people, at):
        return None
    return actions.next_stop(exercise, at=at)
