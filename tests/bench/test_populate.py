"""The exercises that the benchmark is run on."""

from datetime import timedelta

import pytest

from audit import verification
from audit.models import Event
from bench.ours import populate
from exercises.models import Exercise
from transit.models import FlightRequest


@pytest.mark.django_db(transaction=True)
def test_repeated_flights_follow_from_their_record() -> None:
    exercise = populate.populated([*populate.OPEN[:5], populate.OVER])

    assert verification.faults(exercise) == []
    flights = FlightRequest.objects.filter(exercise=exercise).order_by("number")
    assert [flight.status for flight in flights] == [
        "UNDER_REVIEW",
        "AUTHORIZED",
        "DRAFT",
        "DECISION_PENDING",
        "SUBMITTED",
        "WITHDRAWN",
    ]
    assert flights.filter(revisions__call_sign="HVK0005").get().number == 5


@pytest.mark.django_db(transaction=True)
def test_what_is_ahead_is_spread_unless_it_is_due_together() -> None:
    together = populate.populated([populate.IN_RELEASE] * 3, spread=timedelta(0))
    spread = populate.populated([populate.IN_RELEASE] * 3)

    def alarms(exercise: Exercise) -> set[object]:
        mine = FlightRequest.objects.filter(exercise=exercise)
        return {*mine.values_list("alarm_at", flat=True)}

    assert len(alarms(together)) == 1
    assert len(alarms(spread)) == 3


@pytest.mark.django_db(transaction=True)
def test_an_exercise_multiplied_in_the_database_keeps_its_record() -> None:
    exercise = populate.populated([populate.AT_DESKS, populate.TO_FLY])

    populate.multiply(exercise, 2)

    assert Exercise.objects.count() == 3
    for copy in Exercise.objects.all():
        assert verification.faults(copy) == []
        assert Event.objects.filter(exercise=copy).count() == copy.seq


@pytest.mark.services  # SQLite has no such limit
@pytest.mark.django_db(transaction=True)
def test_a_record_with_more_values_than_a_statement_takes_is_imported() -> None:
    """PostgreSQL takes 65,535 values in one statement; an event brings seven of them."""
    exercise = populate.populated([populate.TO_FLY] * 900)

    assert exercise.seq * 7 > 65_535
    assert verification.faults(exercise) == []
