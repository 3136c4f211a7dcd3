"""Amendments, notifications and messages: what they ask for, what they refuse, how they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from approvals.models import Concurrence
from audit import replay, verification
from audit.refusals import NotNow, NotYou
from books import agreements
from tests import playing
from tests.situations.acting import (
    amend,
    examine,
    flight,
    grant,
    movement,
    pass_time,
    played,
    use,
)
from transit.changes import KINDS, OF_ITEMS, OF_PLAN, TAKES
from transit.conditions import precedents_are_fulfilled
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.models import FlightRequest, MovementStatus, Revision
from transit.plan_check import DISCREPANCIES

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOUR = timedelta(hours=1)
AUTHORIZED = ("notify_change", "six-to-one")


def send(exercise: Any, message: str) -> None:
    use(exercise, "TR-PLANNER", "send_message", message=message)


def test_every_kind_of_change_has_its_words_and_every_item_its_kind() -> None:
    assert {*KINDS} == {*agreements.CHANGES}
    assert {*TAKES} == {*agreements.CLASSES}
    assert {*OF_ITEMS} <= {*KINDS}
    assert {*OF_PLAN.values()} <= {*KINDS}
    assert {*OF_PLAN} <= {*DISCREPANCIES}
    sorted_out = {item for items in OF_ITEMS.values() for item in items}
    weighed = {
        *("departs_at", "arrives_at", "registration", "spare_registration"),
        *("passenger_count", "cargo_kg", "short_notice_reason"),
    }
    rest = {*Revision.form_items()} - sorted_out - weighed
    assert all(item.startswith("undertakes_") for item in rest)


def test_a_flight_is_amended_between_the_note_in_reply_and_the_entry() -> None:
    for until, why in (
        ("authorize", "Nothing is authorized"),
        ("reply", "Nothing is authorized"),
        ("exit", "has entered"),
    ):
        with pytest.raises(NotNow, match=why):
            use(played(until), "TR-PLANNER", "amend")
    with pytest.raises(NotYou):
        use(played("file_plan"), "TR-ATTACHE", "amend")
    older = played("file_plan", "second-agreement")
    with pytest.raises(NotNow, match="knows no amendments"):
        use(older, "AZ-PLANNER", "amend")


def test_an_amendment_is_no_flight_to_be_amended() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, call_sign="HVK4866")
    examine(exercise)
    grant(exercise)

    with pytest.raises(NotNow, match="what is amended is TR-KZ-0001"):
        use(exercise, "TR-PLANNER", "amend", flight=2)
    assert amend(exercise, call_sign="HVK4867").amended_version == 2


def test_an_amendment_changes_something() -> None:
    exercise = played(*AUTHORIZED)
    use(exercise, "TR-PLANNER", "amend")

    with pytest.raises(ValidationError, match="Nothing differs"):
        use(exercise, "TR-PLANNER", "request_release", flight=2)


def test_a_refused_amendment_leaves_the_flight_as_it_was() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, passenger_count=26)
    examine(exercise)
    use(exercise, "KZ-DECIDER", "refuse", flight=2, ground="SECURITY", reasons="Too many.")
    use(exercise, "KZ-REGISTRY", "reply", flight=2, note_number="KZ-2026/0502")

    assert flight(exercise, 2).closed_at
    assert [one.version for one in flight(exercise).authorizations.all()] == [1]
    assert movement(exercise).authorization.version == 1  # type: ignore[union-attr]
    use(exercise, "TR-PLANNER", "amend")


def test_an_amendment_withdrawn_across_its_secret_grant_is_over() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, passenger_count=26)
    examine(exercise)
    use(exercise, "KZ-DECIDER", "authorize", flight=2)
    use(exercise, "TR-ATTACHE", "withdraw", flight=2, reason="Not needed.")
    assert flight(exercise, 2).closed_at

    use(exercise, "TR-ATTACHE", "report_not_flown", reason="Put off.")
    pass_time(exercise, to=exercise.last_at + HOUR)
    assert exercise.halted == ""


def test_what_is_granted_is_told_while_the_number_holds_and_its_conditions_count() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, passenger_count=26)
    examine(exercise)
    use(exercise, "KZ-DECIDER", "authorize", flight=2, library=["LOAD_LIST"])
    use(exercise, "KZ-DECIDER", "suspend", reason="The airspace is closed.")
    reply: dict[str, Any] = {"flight": 2, "note_number": "KZ-2026/0502"}
    with pytest.raises(NotNow, match="no longer in force"):
        use(exercise, "KZ-REGISTRY", "reply", **reply)

    use(exercise, "KZ-DECIDER", "reinstate", reason="It is open again.")
    use(exercise, "KZ-REGISTRY", "reply", **reply)

    row = movement(exercise)
    assert row.authorization
    assert row.authorization.version == 2
    [precedent] = flight(exercise).conditions.all()
    assert (precedent.authorization, precedent.duty) == (row.authorization, "condition")
    assert str(precedent.words) in str(precedents_are_fulfilled(row, None, exercise.last_at))


def test_what_will_not_be_flown_is_not_amended() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, call_sign="HVK4866")
    examine(exercise)

    use(exercise, "TR-ATTACHE", "report_not_flown", reason="Put off.")
    pass_time(exercise, to=exercise.last_at + HOUR)

    assert flight(exercise, 2).status == "LAPSED"


def test_a_window_that_passes_leaves_nothing_to_amend() -> None:
    exercise = played(*AUTHORIZED)
    entry_at = flight(exercise).entry_at
    assert entry_at is not None
    amend(exercise, entry_at=entry_at + 200 * HOUR)
    examine(exercise)
    pass_time(exercise, to=entry_at + 73 * HOUR)

    assert movement(exercise).status == MovementStatus.NOT_FLOWN
    with pytest.raises(NotNow, match="is over, or no longer in force"):
        use(exercise, "KZ-DECIDER", "authorize", flight=2)
    pass_time(exercise, to=entry_at + 201 * HOUR)
    assert flight(exercise, 2).status == "LAPSED"


def test_an_amendment_returned_twice_is_granted_in_the_end() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, call_sign="HVK4866")
    for nth in (1, 2):
        use(exercise, "KZ-REGISTRY", "send_back", flight=2, missing="Who flies it now?")
        use(exercise, "TR-PLANNER", "revise", flight=2)
        form = playing.prepared("TR", entry_at=flight(exercise).entry_at)  # type: ignore[arg-type]
        form["form"] |= {"call_sign": "HVK4866", "captain": f"Binbaşı Yedek {nth}"}
        del form["host"]
        use(exercise, "TR-PLANNER", "edit", flight=2, **form)
        use(exercise, "TR-PLANNER", "request_release", flight=2)
        use(exercise, "TR-RELEASE", "release", flight=2)
        use(exercise, "TR-ATTACHE", "transmit", flight=2, note_number=f"2026/060{nth}")
    assert examine(exercise) == ["AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION", "DEFENCE"]
    grant(exercise)

    assert flight(exercise, 2).revisions.count() == 3
    assert flight(exercise).content.captain == "Binbaşı Yedek 2"
    assert verification.faults(exercise) == []
    assert replay.stored(exercise)


def test_a_question_is_open_while_another_desk_says_no() -> None:
    exercise = played(*AUTHORIZED)
    amend(exercise, passenger_count=26, call_sign="HVK4866")
    use(exercise, "KZ-REGISTRY", "register", flight=2)
    use(exercise, "KZ-SECURITY", "ask", flight=2, text="Who are they?")
    no: dict[str, Any] = {"answer": "NON_CONCUR", "reason": "The call sign is another flight's."}
    use(exercise, "KZ-AIR_DEFENCE", "concur", flight=2, **no)
    use(exercise, "KZ-CIVIL_AVIATION", "concur", flight=2, answer="CONCUR")
    with pytest.raises(NotNow, match="last"):
        use(exercise, "KZ-DEFENCE", "concur", flight=2, answer="CONCUR")

    use(exercise, "TR-ATTACHE", "answer", flight=2, text="A relief team.")
    use(exercise, "KZ-SECURITY", "concur", flight=2, answer="CONCUR")
    use(exercise, "KZ-DEFENCE", "concur", flight=2, answer="CONCUR")
    with pytest.raises(ValidationError, match="does not concur"):
        use(exercise, "KZ-DECIDER", "authorize", flight=2)
    use(exercise, "KZ-DECIDER", "authorize", flight=2, override_ground="Cleared up.")

    assert Concurrence.objects.filter(flight=flight(exercise, 2)).count() == 4
    assert flight(exercise).authorizations.count() == 1


def test_what_was_accepted_before_is_not_asked_for_again() -> None:
    """Bravo: of four checks that were accepted, none rests on the call sign."""
    exercise = played("file_plan", "bravo")
    entry_at = flight(exercise).entry_at
    assert entry_at is not None
    use(exercise, "TR-PLANNER", "amend")
    form = {item: getattr(flight(exercise, 2).latest, item) for item in Revision.form_items()} | {
        "call_sign": "HVK4866"
    }
    draft = flight(exercise, 2).latest
    rows: dict[str, Any] = {
        part: [{name: getattr(row, name) for name in names} for row in getattr(draft, part).all()]
        for part, names in (("crossings", CROSSING_ITEMS), ("goods", GOOD_ITEMS))
    }
    use(exercise, "TR-PLANNER", "edit", flight=2, form=form, **rows)
    use(exercise, "TR-PLANNER", "request_release", flight=2)
    use(exercise, "TR-RELEASE", "release", flight=2)
    use(exercise, "TR-ATTACHE", "transmit", flight=2, note_number="2026/0777")

    assert examine(exercise) == ["AIR_DEFENCE", "CIVIL_AVIATION", "DEFENCE"]
    grant(exercise)
    assert flight(exercise).authorizations.count() == 2


def test_a_cancelled_plan_is_filed_anew() -> None:
    exercise = played("enter")
    assert movement(exercise).status == MovementStatus.CHECKED

    send(exercise, "(CNL-HVK4821-LTAU0500-UTDD-DOF/260914)")

    assert (movement(exercise).status, movement(exercise).plan) == ("EXPECTED", "")
    with pytest.raises(NotNow, match="No flight plan"):
        use(exercise, "KZ-OPERATIONS", "check_plan")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("(DLA-HVK9999-LTAU1000-UTDD-0)", "another plan"),
        ("(DEP-HVK4821-LTAU0502-UTDD-0)", "Here a message is one of"),
        ("(DLA-HVK4821)", "ends before"),
        ("(CHG-HVK4821-LTAU0500-UTDD-0-9/NONSENSE)", "Item 9"),
    ],
)
def test_a_message_that_says_nothing_of_the_plan_changes_nothing(message: str, said: str) -> None:
    exercise = played("enter")

    with pytest.raises(ValidationError, match=said):
        send(exercise, message)

    assert movement(exercise).status == MovementStatus.CHECKED


def test_a_departure_is_taken_in_and_is_no_entry() -> None:
    exercise = played("enter")
    departed = "(DEP-HVK4821-LTAU0502-UTDD-0)"

    use(exercise, "KZ-OPERATIONS", "take_message", message=departed)

    assert [one.kind for one in flight(exercise).messages.all()] == ["DEP"]
    assert movement(exercise).status == MovementStatus.CHECKED


@pytest.mark.parametrize(
    ("item", "value", "said"),
    [
        ("captain", "Binbaşı Deniz Örnek", "what the form says"),
        ("registration", "9!", "registration has"),
        ("passenger_count", "7", "more than a notification"),
        ("call_sign", "HVK1", "Choose what has changed"),
        ("crew_count", "many", "integer"),
    ],
)
def test_what_is_no_notification_is_refused_at_its_field(item: str, value: str, said: str) -> None:
    exercise = played(*AUTHORIZED)

    with pytest.raises(ValidationError, match=said):
        use(
            exercise, "TR-ATTACHE", "notify_change", item=item, value=value, note_number="2026/0501"
        )

    assert FlightRequest.objects.get(exercise=exercise).notifications.count() == 0
