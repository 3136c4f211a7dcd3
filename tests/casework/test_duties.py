"""What is owed by when, where the day is not an ordinary one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from audit import acts
from control import actions, stories
from tests import playing
from transit.models import FlightRequest, Movement

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.quick]

HOUR = timedelta(hours=1)


def hurried(priority: str, *, hours_before: int) -> Exercise:
    """Play alpha's preparation on an urgent track, so many hours before the entry."""
    story = stories.load("alpha")
    prepared: dict[str, Any] = story.acts[0]["with"]
    start = prepared["crossings"][3]["entry_at"] - hours_before * HOUR
    exercise = actions.create(story.title, at=start)
    form = prepared["form"] | {"priority": priority}
    for line in story.acts[:5]:
        details = {"with": prepared | {"form": form}} if line["do"] == "prepare" else {}
        stories.perform(exercise, line | {"at": start} | details)
    return exercise


@pytest.mark.parametrize(
    ("priority", "hours_before", "allowed"), [("HUM", 24, 10), ("MEDEVAC", 4, 1)]
)
def test_an_urgent_request_in_time_is_not_overdue_from_the_start(
    priority: str, hours_before: int, allowed: int
) -> None:
    exercise = hurried(priority, hours_before=hours_before)

    registered_at = exercise.opened_at
    with acts.act(exercise, at=registered_at + HOUR):
        pass

    assert not [verb for verb in playing.verbs(exercise) if verb.startswith("escalate")]
    desk = FlightRequest.objects.get(exercise=exercise).concurrences.get(desk="SECURITY")
    assert desk.due_at == registered_at + allowed * HOUR


def test_an_aircraft_that_enters_late_is_expected_to_leave_late() -> None:
    exercise = playing.before("alpha", "enter")
    entry = next(line for line in stories.load("alpha").acts if line["do"] == "enter")
    delay = 5 * HOUR
    late = {
        "at": entry["at"] + delay,
        "with": entry["with"] | {"entered_at": entry["with"]["entered_at"] + delay},
    }

    stories.perform(exercise, entry | late)

    movement = Movement.objects.get(exercise=exercise)
    assert movement.entered_at is not None
    leaves_at = movement.entered_at + timedelta(minutes=50)
    assert (movement.opens_at, movement.alarm_at) == (leaves_at, leaves_at + HOUR / 2)
    with acts.act(exercise, at=leaves_at + HOUR / 2):
        pass
    assert "alert_overdue" not in playing.verbs(exercise)
