"""Conditions of the library: fulfilled, accepted, and what an open precedent keeps back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from approvals.decision import consolidated
from audit import verification
from audit.refusals import NotNow
from casework import work
from tests import playing
from tests.browsing import body, signed_in
from tests.situations.acting import flight, movement, pass_time, played, refile, release_plan, use
from transit.models import Authorization, Condition, MovementStatus

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOAD_LIST = "The final load list, line by line, before the flight plan is released."


def authorized(*, own: str = "Not below FL195.") -> Exercise:
    """Alpha, authorized on three conditions of the library and one in words, and told."""
    exercise = played("authorize")
    library = ["LOAD_LIST", "SENSORS_OFF", "ACTUAL_TIMES"]
    use(exercise, "KZ-DECIDER", "authorize", library=library, conditions=[own])
    return exercise


def owed(exercise: Exercise, key: str) -> list[str]:
    seat = playing.seat(exercise, key)
    found = work.on(flight(exercise), exercise.last_at)
    return [task.duty.code for task in found if task.is_of(seat)]


def test_an_open_precedent_keeps_the_flight_plan_from_being_released() -> None:
    exercise = authorized()
    said = Authorization.objects.get(exercise=exercise).conditions
    assert (said[0], said[-1], len(said)) == (LOAD_LIST, "Not below FL195.", 4)
    items = Condition.objects.filter(exercise=exercise)
    assert [(row.code, row.kind) for row in items] == [
        ("LOAD_LIST", "precedent"),
        ("ACTUAL_TIMES", "report"),
    ]
    assert owed(exercise, "TR-ATTACHE") == []  # the note has not told of them
    with pytest.raises(NotNow, match="note in reply"):
        use(exercise, "TR-ATTACHE", "fulfil", fulfilment="Attached.")

    use(exercise, "KZ-REGISTRY", "reply", note_number="KZ-1")
    assert owed(exercise, "TR-ATTACHE") == ["condition"]  # the report opens with the exit
    refile(exercise)
    with pytest.raises(NotNow, match="To be fulfilled and accepted first: The final load list"):
        release_plan(exercise)

    use(exercise, "TR-ATTACHE", "fulfil", fulfilment="List 7 of two pages, sent by telegram.")
    assert sorted(owed(exercise, "KZ-OPERATIONS")) == ["acceptance", "flight_plan"]
    use(exercise, "KZ-OPERATIONS", "decline_condition", reason="Page two is missing.")
    assert owed(exercise, "TR-ATTACHE") == ["condition"]
    use(exercise, "TR-ATTACHE", "fulfil", fulfilment="Both pages.")
    use(exercise, "KZ-DEFENCE", "accept_condition")
    use(exercise, "KZ-OPERATIONS", "check_plan")

    assert movement(exercise).status == MovementStatus.CHECKED
    assert verification.faults(exercise) == []


def test_a_precedent_that_nobody_fulfils_ends_with_the_window_and_grants_nothing() -> None:
    exercise = authorized()
    use(exercise, "KZ-REGISTRY", "reply", note_number="KZ-1")
    window = Authorization.objects.get(exercise=exercise).valid_until

    pass_time(exercise, to=window)

    assert movement(exercise).status == MovementStatus.EXPECTED
    assert "escalate_preparation" in playing.verbs(exercise)
    pass_time(exercise, to=exercise.last_at.replace(month=10))
    assert movement(exercise).status == MovementStatus.NOT_FLOWN
    assert not Condition.objects.filter(exercise=exercise).exclude(accepted_at=None).exists()


def test_what_a_desk_chooses_reaches_the_decider_as_chosen() -> None:
    exercise = played("concur")
    for desk in ("AIR_DEFENCE", "CIVIL_AVIATION", "SECURITY"):
        use(exercise, f"KZ-{desk}", "concur", answer="CONCUR")
    chosen: dict[str, Any] = {"library": ["LOAD_LIST"], "conditions": ["By day."]}
    use(exercise, "KZ-DEFENCE", "concur", answer="CONDITIONS", **chosen)

    decider = playing.seat(exercise, "KZ-DECIDER")
    suggested = consolidated(flight(exercise), decider, exercise.last_at)

    assert suggested == chosen
    [row] = [row for row in flight(exercise).concurrences.all() if row.desk == "DEFENCE"]
    assert row.conditions == [LOAD_LIST, "By day."]


def test_what_the_agreement_does_not_list_is_no_condition_of_the_library() -> None:
    exercise = played("authorize")

    with pytest.raises(ValidationError) as faults:
        use(exercise, "KZ-DECIDER", "authorize", library=["FLY_HIGH"])

    assert list(faults.value.message_dict) == ["library"]


def test_both_sides_read_what_is_to_be_fulfilled_in_words() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    use(exercise, "KZ-DECIDER", "authorize", library=["LOAD_LIST"])
    attache = signed_in(exercise, "TR-ATTACHE")
    page = f"/x/{exercise.pk}/TR-ATTACHE/flights/1/"
    assert LOAD_LIST not in body(attache.get(page))
    use(exercise, "KZ-REGISTRY", "reply", note_number="KZ-1")

    assert "To be fulfilled" in body(attache.get(page))
    for key in ("TR-PLANNER", "KZ-OPERATIONS", "KZ-DEFENCE"):
        other = signed_in(exercise, key).get(page.replace("TR-ATTACHE", key))
        assert LOAD_LIST in body(other)
