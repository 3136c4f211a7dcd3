"""The alarm clock: beat fires the tick, a worker lets time pass where something is due."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import Task, shared_task
from celery.exceptions import Ignore
from django.db.models import OuterRef, Subquery

from audit import acts, timeline
from audit.refusals import Halted
from casework import work
from control import actions, alive, exams
from exercises import clock
from exercises.models import Exercise, Pace
from exercises.statements import Statement

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

#: In step pace a tick runs on over role-players' steps for so long, real time; others wait.
LONGEST_STEPS = timedelta(seconds=1)

#: A tick gives one exercise so long, real time, then the next; it goes on in the next tick.
LONGEST_TURN = timedelta(seconds=10)

#: A message taken up so soon after another of its kind that was done, in seconds, is not needed.
ON_THE_HEELS = 0.5

#: In step pace: with which end of its record an exercise was found to have nowhere to run to.
_standing: dict[int, str] = {}


@dataclass(frozen=True)
class Running:
    """What a tick knows of an exercise before it is read: its clock, and what rings next."""

    pk: int
    pace: str
    head: str
    reading: clock.Reading
    rings_at: datetime | None
    ticked_at: datetime | None

    @property
    def is_due(self) -> bool:
        """Say whether time is to pass: something rang, or its clock is to be stopped or set."""
        rang = self.rings_at is not None and self.rings_at < self.reading.at
        return rang or self.reading.unattended or self.reading.set_back

    def is_stamped(self, wall: datetime) -> bool:
        """Say whether a sign of life was left a moment ago."""
        return self.ticked_at is not None and abs(wall - self.ticked_at) < acts.STAMP_EVERY

    @property
    def steps(self) -> bool:
        """Say whether it may run to its next step: in step pace, once for each end of the record.

        Its clock stands, and who sits and what waits is recorded: until then nothing changes.
        """
        return self.pace == Pace.STEP and _standing.get(self.pk) != self.head


class Beaten(Task):  # type: ignore[misc]
    """What beat sends again and again: of several that waited one is worth doing.

    Whether one waited is told by how soon it comes after one that was done, not by when it was
    sent: clocks of two machines need not agree, and each is set. However many come, some are done.
    """

    _began = float("-inf")

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Leave a sign of life. Raises `Ignore` on the heels of another of the kind."""
        alive.sign()
        now = time.monotonic()
        if now - self._began < ON_THE_HEELS:
            raise Ignore
        self._began = now


@shared_task(base=Beaten)
def tick(**kwargs: Any) -> None:
    """Let time pass in every exercise that runs. One that is broken does not stop the others.

    An exercise that was left alone is not taken for attended because a tick came along: first
    the act records the pause, then it is alive again.
    """
    wall = clock.wall()
    exercises = running(wall)
    for gone in _standing.keys() - {one.pk for one in exercises}:
        del _standing[gone]
    quiet = {one.pk for one in exercises if not (one.is_due or one.is_stamped(wall))}
    if quiet:
        acts.beat_hearts(quiet, ticked=True)
    for one in exercises:
        if one.is_due or one.steps:
            alive.sign()
            try:
                pass_time(one, wall)
            except Halted as halted:
                logger.error(
                    "Exercise %s is halted: %s", one.pk, halted, extra={"exercise": one.pk}
                )
            except Exception:
                logger.exception(
                    "The tick failed in exercise %s", one.pk, extra={"exercise": one.pk}
                )


@shared_task(base=Beaten)
def end_exams(**kwargs: Any) -> None:
    """End every attempt at an exam whose time is up."""
    exams.end_those_over()


def running(wall: datetime) -> list[Running]:
    """Return every exercise that runs, by one query."""
    found = []
    for row in _RUNNING.rows():
        (pk, pace, head, *shown), (alive_at, ticked_at, *alarms) = row[:9], row[9:]
        face = clock.Face(*shown)
        reading = clock.read(face, alive_at=alive_at, wall=wall)
        rings_at = min((one for one in alarms if one), default=None)
        found.append(Running(pk, pace, head, reading, rings_at, ticked_at))
    return found


def _running() -> QuerySet[Any, Any]:
    alarms = {f"alarm_{kind.code}": _first_alarm(kind) for kind in timeline.kinds()}
    rows = Exercise.objects.running().order_by("pk").annotate(**alarms)
    beat = ("heartbeat__alive_at", "heartbeat__ticked_at")
    return rows.values_list("pk", "pace", "head", *clock.Face._fields, *beat, *alarms)


_RUNNING = Statement(_running)


def _first_alarm(kind: timeline.Kind) -> Subquery:
    """Return when a kind of happening comes next in an exercise; see `audit.timeline`."""
    ahead = (f"{kind.moment}__gte", OuterRef("last_at"))
    mine = kind.rows().filter(ahead, exercise=OuterRef("pk"))
    return Subquery(mine.order_by(kind.moment).values(kind.moment)[:1])


def pass_time(one: Running, wall: datetime) -> None:
    """Let time pass in one exercise; in step pace, run to the next step.

    One that was left alone stays so until its pause is recorded, which may take several ticks.
    """
    exercise = Exercise.objects.get(pk=one.pk)
    if one.is_due:
        acts.let_time_pass(exercise, within=LONGEST_TURN)
        if not (one.is_stamped(wall) or one.reading.unattended):
            acts.beat_heart(exercise, ticked=True)
        if timeline.is_due(exercise, until=one.reading.at):
            return
    if one.steps and to_advance(exercise, one.reading.at):
        step_on(exercise)
    elif one.steps:
        _standing[one.pk] = one.head


def step_on(exercise: Exercise) -> None:
    """Run to the next step, unless another worker did or somebody has work since.

    Where role-players sit, on to what is a person's: their steps keep nobody waiting.
    """
    began = clock.elapsed()
    while True:
        with acts.act(exercise) as at:
            to = to_advance(exercise, at)
            if to is not None:
                actions.advance(exercise, by=None, at=at, to=to)
        acts.let_time_pass(exercise, within=LONGEST_TURN)
        if to is None or not exercise.cast or clock.elapsed() - began > LONGEST_STEPS:
            return


def to_advance(exercise: Exercise, at: datetime) -> datetime | None:
    """Return where the clock runs to in step pace; None while a seated person has open work."""
    if work.is_seated_work(exercise, at):
        return None
    return actions.next_stop(exercise, at=at)
