"""Exercises in the story `neighbours`, for tests that go on from there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from audit import acts
from control import stories
from neighbours.models import NeighbourRequest
from tests import playing
from transit.models import FlightRequest

if TYPE_CHECKING:
    from exercises.models import Exercise

#: The planned entries of the story.
INTO_GEORGIA = datetime(2026, 9, 14, 5, 58, tzinfo=UTC)
INTO_UZBEKISTAN = datetime(2026, 9, 14, 7, 57, tzinfo=UTC)


def asked_of(exercise: Exercise, state: str) -> NeighbourRequest:
    """Return the request to a state, as it is stored."""
    found: NeighbourRequest = NeighbourRequest.objects.get(exercise=exercise, host=state)
    return found


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise, number=1)


def use(exercise: Exercise, key: str, do: str, *, of: str = "", **details: Any) -> None:
    """Let a seat use a verb now, on the request to a state where one is named."""
    line = {"at": exercise.last_at, "by": key, "do": do, "with": details}
    if of:
        line["neighbour"] = asked_of(exercise, of).number
    stories.perform(exercise, line)
    exercise.refresh_from_db()


def go_to(exercise: Exercise, moment: datetime) -> None:
    """Let time pass up to a moment."""
    playing.conduct(exercise, "jump", to=moment)
    acts.let_time_pass(exercise)
    exercise.refresh_from_db()
