"""Simulated time. The only module of the product that reads a real clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from exercises.models import Exercise

#: An exercise that nobody ran for this long stands still: a closed laptop must not lapse flights.
UNATTENDED = timedelta(minutes=5)


@dataclass(frozen=True)
class Reading:
    """What the clock of one exercise shows.

    `at` is simulated time in whole seconds, UTC. `unattended` says that the exercise stopped by
    itself because nobody ran it; the next act records that pause.
    """

    at: datetime
    rate: int
    unattended: bool = False


def wall() -> datetime:
    """Return real time, UTC."""
    return datetime.now(UTC)


class Face(NamedTuple):
    """What is read of an exercise to tell its time, where the rest of it is not needed."""

    sim_anchor: datetime
    wall_anchor: datetime
    rate: int
    ended_at: datetime | None
    halted: str
    last_at: datetime


def read(exercise: Exercise | Face, *, alive_at: datetime | None, wall: datetime) -> Reading:
    """Return what the clock of `exercise` shows at the real moment `wall`.

    A halted exercise stands where its record ends. `alive_at` is the last real moment at which a
    tick or an act ran the exercise. One pure function for pages, acts and ticks, so that they
    can never disagree.
    """
    if exercise.halted:
        return Reading(exercise.last_at, rate=0)
    if exercise.rate == 0 or exercise.ended_at is not None:
        return Reading(max(exercise.sim_anchor, exercise.last_at), rate=0)
    alive = max(alive_at or exercise.wall_anchor, exercise.wall_anchor)
    if wall - alive > UNATTENDED:
        stopped = max(_run(exercise, alive), exercise.last_at)
        return Reading(stopped, rate=0, unattended=True)
    return Reading(max(_run(exercise, wall), exercise.last_at), rate=exercise.rate)


def _run(exercise: Exercise | Face, wall: datetime) -> datetime:
    elapsed = max(wall - exercise.wall_anchor, timedelta(0))
    return exercise.sim_anchor + timedelta(seconds=int(elapsed.total_seconds() * exercise.rate))
