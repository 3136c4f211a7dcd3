"""Simulated time. The only module of the product that reads a real clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from exercises.models import Exercise

#: An exercise that nobody ran for this long stands still: a closed laptop must not lapse flights.
UNATTENDED = timedelta(minutes=5)

#: A page shows at most so much real time beyond the last sign of life: what it showed is no later
#: than where the clock is found to have stopped, or is set anew.
AHEAD = timedelta(seconds=10)

#: A sign of life further ahead than this: the machine's clock was set back. Clocks of machines that
#: share the work agree better.
SET_BACK = timedelta(seconds=5)

#: A process waits for a clock that was set back by no more than this, and shows no earlier time.
WAITED_FOR = AHEAD + SET_BACK


@dataclass(frozen=True)
class Reading:
    """What the clock of one exercise shows.

    `at` is simulated time in whole seconds, UTC. `unattended` says that the exercise stopped by
    itself because nobody ran it; the next act records that pause. `set_back` says that the
    machine's clock was; the next act sets the exercise's anew, and until then it stands.
    """

    at: datetime
    rate: int
    unattended: bool = False
    set_back: bool = False


_given = [datetime.min.replace(tzinfo=UTC)]


def wall() -> datetime:
    """Return real time, UTC; a clock that was set back a little stands until it has caught up."""
    now = datetime.now(UTC)
    if not timedelta(0) < _given[0] - now <= WAITED_FOR:
        _given[0] = now
    return _given[0]


def elapsed() -> timedelta:
    """Return how long the machine has run: two of them differ by real time, however it is set."""
    return timedelta(seconds=time.monotonic())


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
    can never disagree. Whatever `wall` does, nothing is shown that is earlier than what was.
    """
    if exercise.halted:
        return Reading(exercise.last_at, rate=0)
    if exercise.rate == 0 or exercise.ended_at is not None:
        return Reading(max(exercise.sim_anchor, exercise.last_at), rate=0)
    alive = max(alive_at or exercise.wall_anchor, exercise.wall_anchor)
    farthest = max(_run(exercise, alive + AHEAD), exercise.last_at)
    if wall - alive > UNATTENDED:
        return Reading(farthest, rate=0, unattended=True)
    if alive - wall > SET_BACK:
        return Reading(farthest, rate=exercise.rate, set_back=True)
    shown = max(_run(exercise, max(wall, alive)), exercise.last_at)
    return Reading(min(shown, farthest), rate=exercise.rate)


def _run(exercise: Exercise | Face, wall: datetime) -> datetime:
    elapsed = max(wall - exercise.wall_anchor, timedelta(0))
    return exercise.sim_anchor + timedelta(seconds=int(elapsed.total_seconds() * exercise.rate))
