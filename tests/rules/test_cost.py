"""What the rules ask of the database does not grow with the exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

import rules
from rules import book
from tests.situations.acting import flight, played, stored, use
from tests.situations.asking import ALPHA
from transit.models import Movement

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = pytest.mark.django_db


def asked(exercise: Exercise, number: int = 1) -> tuple[int, list[str]]:
    """Return how many queries the rules make on a flight, and what they load."""
    loaded: list[str] = []

    def count(sender: type[models.Model], **_details: Any) -> None:
        loaded.append(sender.__name__)

    form = flight(exercise, number).content
    book.forget()
    models.signals.post_init.connect(count)
    try:
        with CaptureQueriesContext(connection) as queries:
            rules.findings(form, at=exercise.last_at)
    finally:
        models.signals.post_init.disconnect(count)
    return len(queries), loaded


def others(exercise: Exercise, count: int) -> None:
    """Let flights of other aircraft be asked for at the same time, by the same operator."""
    for _other in range(count):
        form = ALPHA["form"] | {"registration": "99-0999"}
        use(exercise, "TR-PLANNER", "prepare", host="KZ", form=form, crossings=ALPHA["crossings"])


def test_open_flights_cost_nothing() -> None:
    exercise = played("register")
    alone = asked(exercise)

    others(exercise, 5)

    assert asked(exercise) == alone


def test_flights_that_went_well_cost_nothing() -> None:
    exercise = played("whole")
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form={"operator": ALPHA["form"]["operator"]})

    _queries, loaded = asked(exercise, 2)

    assert Movement.objects.filter(exercise=exercise).exists()
    assert "Movement" not in loaded


def test_another_flight_of_the_same_aircraft_is_found_among_them() -> None:
    exercise = played("register")
    others(exercise, 1)
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form=ALPHA["form"])

    assert "TAIL_TWICE:TR-KZ-0001" in {one.key for one in stored(exercise, 3)}
