"""After the decision: a number suspended, reinstated, revoked; told by note; acknowledged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from audit import verification
from audit.models import Event
from audit.refusals import NotNow
from casework import work
from casework.models import NoteKind
from tests import playing
from tests.browsing import body, form_for, signed_in
from tests.situations.acting import (
    flight,
    movement,
    pass_time,
    played,
    refile,
    release_plan,
    use,
)
from transit.models import (
    Acknowledgement,
    Authorization,
    AuthorizationStatus,
    ClosedAirspace,
    Instruction,
    Measure,
    MovementStatus,
)

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REASON = "Closed to military flights."
WATCHING = ("OPERATIONS", "AIR_DEFENCE", "CIVIL_AVIATION")
#: In the story alpha the aircraft is inside from 07:09 to 08:00.
INSIDE = datetime(2026, 9, 14, 7, 20, tzinfo=UTC)


def number(exercise: Exercise) -> Authorization:
    return Authorization.objects.get(exercise=exercise, flight__number=1)


def owed(exercise: Exercise, key: str) -> list[str]:
    seat = playing.seat(exercise, key)
    found = work.on(flight(exercise), exercise.last_at)
    return [task.duty.code for task in found if task.is_of(seat)]


def released() -> Exercise:
    """Alpha with its flight plan released."""
    exercise = played("check_plan")
    release_plan(exercise)
    return exercise


def told(exercise: Exercise, do: str, *, note: str) -> None:
    """Let the host decide of the number and tell it by note, and everybody acknowledge."""
    use(exercise, "KZ-DECIDER", do, reason=REASON)
    for role in WATCHING:
        use(exercise, f"KZ-{role}", "acknowledge")
    use(exercise, "KZ-REGISTRY", "notify", note_number=note)
    use(exercise, "TR-ATTACHE", "acknowledge_note")


def test_decided_notified_and_acknowledged_are_three_moments() -> None:
    exercise = released()
    attache = playing.seat(exercise, "TR-ATTACHE")
    window = number(exercise).valid_until

    use(exercise, "KZ-DEPUTY", "suspend", reason=REASON)

    assert number(exercise).status == AuthorizationStatus.SUSPENDED
    assert number(exercise).status_for(attache) == AuthorizationStatus.IN_FORCE
    assert movement(exercise).status == MovementStatus.EXPECTED
    assert owed(exercise, "KZ-REGISTRY") == ["notification"]
    for role in WATCHING:
        assert owed(exercise, f"KZ-{role}") == ["acknowledgement"]
        use(exercise, f"KZ-{role}", "acknowledge")
        assert owed(exercise, f"KZ-{role}") == []
    with pytest.raises(NotNow, match="No authorization is in force"):
        use(exercise, "KZ-OPERATIONS", "check_plan")
    assert refile(exercise) == []  # the requesting side files as if nothing had happened
    with pytest.raises(NotNow, match="No note has told of it"):
        use(exercise, "TR-ATTACHE", "acknowledge_note")

    use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")

    assert number(exercise).status_for(attache) == AuthorizationStatus.SUSPENDED
    note = flight(exercise).last_note(NoteKind.SUSPENSION)
    assert note
    assert REASON not in note.text
    assert owed(exercise, "TR-ATTACHE") == ["receipt"]
    with pytest.raises(NotNow, match="No authorization is in force"):
        refile(exercise)
    use(exercise, "TR-ATTACHE", "acknowledge_note")

    told(exercise, "reinstate", note="KZ-10")

    assert (number(exercise).status, number(exercise).valid_until) == ("IN_FORCE", window)
    assert movement(exercise).status == MovementStatus.EXPECTED
    use(exercise, "KZ-OPERATIONS", "check_plan")
    kinds = [row.kind for row in Measure.objects.filter(exercise=exercise)]
    assert kinds == ["SUSPENSION", "REINSTATEMENT"]
    assert verification.faults(exercise) == []


def test_what_nobody_acknowledges_is_told_up_a_ladder_that_ends() -> None:
    exercise = played("file_plan")
    use(exercise, "KZ-DECIDER", "suspend", at=datetime(2026, 9, 9, 6, tzinfo=UTC), reason=REASON)
    use(exercise, "KZ-OPERATIONS", "acknowledge")
    use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")

    pass_time(exercise, to=datetime(2026, 9, 13, 6, tzinfo=UTC))

    events = Event.objects.filter(exercise=exercise).in_order()
    rungs: dict[str, list[str]] = {}
    for event in (one for one in events if one.verb.startswith("escalate")):
        rungs.setdefault(event.payload["about"], []).append(event.payload["with"]["to"])
    ladder = ["DEFENCE", "DECIDER", "INSTRUCTOR"]
    acknowledgement = "flight/1/acknowledgement"
    assert rungs == {
        f"{acknowledgement}/AIR_DEFENCE/1": ladder,
        f"{acknowledgement}/CIVIL_AVIATION/1": ladder,
        Measure.objects.get(exercise=exercise).ref: ["INSTRUCTOR"],
    }
    assert not Acknowledgement.objects.filter(exercise=exercise).exclude(alarm_at=None).exists()


def test_a_later_decision_takes_the_place_of_one_that_nobody_was_told_of() -> None:
    exercise = released()
    use(exercise, "KZ-DECIDER", "suspend", reason=REASON)
    use(exercise, "KZ-DECIDER", "reinstate", reason="It was another flight.")

    assert owed(exercise, "KZ-REGISTRY") == []
    assert sorted(owed(exercise, "KZ-OPERATIONS")) == ["acknowledgement", "flight_plan"]
    with pytest.raises(NotNow, match="later decision"):
        use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")

    use(exercise, "KZ-DECIDER", "suspend", reason=REASON)
    use(exercise, "KZ-DECIDER", "revoke", reason=REASON)
    use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")
    kinds = [note.kind for note in flight(exercise).notes]
    assert kinds[-1] == NoteKind.REVOCATION
    assert NoteKind.SUSPENSION not in kinds


def test_suspended_until_the_window_ends_it_is_not_flown() -> None:
    exercise = released()
    told(exercise, "suspend", note="KZ-9")

    pass_time(exercise, to=number(exercise).valid_until + timedelta(minutes=1))

    assert movement(exercise).status == MovementStatus.NOT_FLOWN
    assert number(exercise).status == AuthorizationStatus.SUSPENDED
    assert flight(exercise).closed_at == number(exercise).valid_until
    for do in ("reinstate", "revoke"):
        with pytest.raises(NotNow, match="The flight is over"):
            use(exercise, "KZ-DECIDER", do, reason=REASON)


def test_revoked_before_the_entry_the_flight_ends_with_the_note() -> None:
    exercise = released()
    use(exercise, "KZ-DECIDER", "revoke", reason=REASON)
    assert movement(exercise).status == MovementStatus.EXPECTED  # which the other side sees

    use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")

    assert movement(exercise).status == MovementStatus.NOT_FLOWN
    assert flight(exercise).closed_at == exercise.last_at
    assert owed(exercise, "TR-ATTACHE") == ["receipt"]
    use(exercise, "TR-ATTACHE", "acknowledge_note")
    assert owed(exercise, "TR-ATTACHE") == []


def test_revoked_in_flight_the_aircraft_leaves_as_it_was_told() -> None:
    exercise = played("exit")
    use(exercise, "KZ-DECIDER", "revoke", at=INSIDE, reason="Another load than declared.")
    chain: dict[str, Any] = {"ordered_by": "Deciding officer", "passed_by": "Aktobe ACC"}
    with pytest.raises(NotNow, match="Acknowledge the decision first"):
        use(exercise, "KZ-OPERATIONS", "instruct", kind="LAND", passed_at=INSIDE, **chain)

    use(exercise, "KZ-OPERATIONS", "acknowledge")
    assert "instruction" in owed(exercise, "KZ-OPERATIONS")
    with pytest.raises(ValidationError) as faults:
        use(exercise, "KZ-OPERATIONS", "instruct", kind="REROUTE", passed_at=INSIDE, **chain)
    assert list(faults.value.message_dict) == ["place"]
    before = INSIDE - timedelta(minutes=5)
    with pytest.raises(ValidationError) as faults:
        use(exercise, "KZ-OPERATIONS", "instruct", kind="TURN_BACK", passed_at=before, **chain)
    assert list(faults.value.message_dict) == ["passed_at"]
    use(
        exercise,
        "KZ-OPERATIONS",
        "instruct",
        kind="REROUTE",
        place="URASA",
        passed_at=INSIDE,
        **chain,
    )
    assert "instruction" not in owed(exercise, "KZ-OPERATIONS")
    assert Instruction.objects.get(exercise=exercise).passed_by == "Aktobe ACC"

    left = INSIDE + timedelta(minutes=20)
    use(exercise, "KZ-OPERATIONS", "exit", at=left, exited_at=left, point="URASA")
    use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")
    assert movement(exercise).status == MovementStatus.EXITED
    assert flight(exercise).closed_at is None
    use(exercise, "TR-ATTACHE", "report", text="Left by URASA as told.", persons_on_board=11)
    use(exercise, "KZ-DEFENCE", "close", findings="Another load than declared.")
    assert flight(exercise).closed_at


@pytest.mark.parametrize("do", ["suspend", "revoke"])
def test_a_number_given_back_across_a_decision_that_was_not_told_is_no_conflict(do: str) -> None:
    exercise = playing.before("alpha", "check_plan", seated=True)
    page = f"/x/{exercise.pk}/TR-ATTACHE/flights/1/"
    attache = signed_in(exercise, "TR-ATTACHE")
    form = form_for(attache.get(page), "do/report_not_flown/")
    use(exercise, "KZ-DECIDER", do, reason=REASON)

    answer = attache.post(form.action, form.fields | {"reason": "No longer needed."})

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert number(exercise).status == number(exercise).told == AuthorizationStatus.CANCELLED
    assert flight(exercise).last_note(NoteKind.CANCELLATION)
    assert flight(exercise).closed_at
    exercise.refresh_from_db()
    assert owed(exercise, "KZ-REGISTRY") == owed(exercise, "KZ-OPERATIONS") == []
    pass_time(exercise, to=exercise.last_at + timedelta(days=7))
    assert "escalate" not in playing.verbs(exercise)


def test_a_host_that_is_closed_at_the_entry_lets_nobody_in() -> None:
    exercise = released()
    use(
        exercise,
        "KZ-AIR_DEFENCE",
        "close_airspace",
        state="KZ",
        area="UATT",
        closed_from=exercise.last_at,
        words="UATT closed to military flights until further notice.",
    )
    assert number(exercise).status == AuthorizationStatus.IN_FORCE  # nothing changes by itself
    with pytest.raises(ValidationError, match="speak"):
        use(
            exercise,
            "KZ-AIR_DEFENCE",
            "close_airspace",
            state="GE",
            closed_from=exercise.last_at,
            words="Closed.",
        )
    told(exercise, "suspend", note="KZ-9")

    pass_time(exercise, to=number(exercise).valid_until + timedelta(minutes=1))

    assert movement(exercise).status == MovementStatus.NOT_FLOWN
    assert movement(exercise).entered_at is None


def four_held_up() -> Exercise:
    """The story closure, as Georgia has just closed; its cast is seated."""
    return playing.before("closure", "suspend", seated=True)


def test_many_are_held_with_one_press_and_none_let_fly_that_way() -> None:
    exercise = four_held_up()
    page = f"/x/{exercise.pk}/KZ-DECIDER/closed-airspace/1/"
    decider = signed_in(exercise, "KZ-DECIDER")
    shown = decider.get(page)
    assert all(f"TR-KZ-000{one}" in body(shown) for one in range(1, 5))
    assert "none is authorized or reinstated here" in body(shown)
    form = form_for(shown, "")

    wrong = decider.post(page, form.fields | {"flights": [], "reason": "Political cause."})
    assert wrong.status_code == 422
    assert "Political cause." in body(wrong)
    answer = decider.post(page, form.fields | {"flights": ["1", "2", "4"], "reason": "Closed."})
    again = decider.post(page, form.fields | {"flights": ["1", "2", "4"], "reason": "Closed."})

    assert (answer.status_code, again.status_code) == (302, 302)
    held = Event.objects.filter(exercise=exercise).in_order()
    cases = [event.case for event in held if event.verb == "suspend"]
    assert cases == ["TR-KZ-0001", "TR-KZ-0002", "TR-KZ-0004"]
    after = body(decider.get(page))
    assert "TR-KZ-0003 · EXKZ26S0003" in after
    assert "TR-KZ-0001 · EXKZ26S0001" not in after
    late = decider.post(page, form_for(decider.get(page), "").fields | {"flights": ["1"]})
    assert late.status_code == 409
    for key, status in (("KZ-OPERATIONS", 403), ("TR-ATTACHE", 403)):
        other = signed_in(exercise, key)
        address = f"/x/{exercise.pk}/{key}/closed-airspace/1/"
        assert other.get(address).status_code == 200
        assert other.post(address, {"flights": ["3"], "reason": "x"}).status_code == status


def test_the_requesting_side_reads_what_is_closed_and_not_what_was_held() -> None:
    exercise = four_held_up()
    attache = signed_in(exercise, "TR-ATTACHE")
    page = f"/x/{exercise.pk}/TR-ATTACHE/closed-airspace/1/"
    before = body(attache.get(page))
    assert "TR-KZ-0003" in before
    assert "In force" in before or "Not yet valid" in before

    use(exercise, "KZ-DECIDER", "suspend", flight=3, reason="Political cause.")
    after = body(attache.get(page))
    assert "Political cause." not in after
    assert "Suspended" not in after

    use(exercise, "KZ-REGISTRY", "notify", flight=3, note_number="KZ-9")
    assert "Suspended" in body(attache.get(page))


def test_who_announces_speaks_for_a_state_on_a_page_of_its_own() -> None:
    exercise = playing.before("alpha", "file_plan", seated=True)
    desk = signed_in(exercise, "KZ-AIR_DEFENCE")
    base = f"/x/{exercise.pk}/KZ-AIR_DEFENCE/closed-airspace/"
    form = form_for(desk.get(f"{base}new/"), "")
    details = {"state": "KZ", "area": "exr-2", "words": "EXR-2 closed."}

    wrong = desk.post(f"{base}new/", form.fields | details | {"area": "UGGG"})
    assert wrong.status_code == 422
    assert "This state has no such FIR or zone." in body(wrong)
    assert "EXR-2 closed." in body(wrong)
    assert desk.post(f"{base}new/", form.fields | details).status_code == 302
    assert ClosedAirspace.objects.get(exercise=exercise).area == "EXR-2"
    assert (
        signed_in(exercise, "KZ-SECURITY")
        .get(f"/x/{exercise.pk}/KZ-SECURITY/closed-airspace/new/")
        .status_code
        == 403
    )

    form = form_for(desk.get(f"{base}reopen/"), "")
    assert desk.post(f"{base}reopen/", form.fields | {"number": "1"}).status_code == 302
    assert desk.get(f"{base}reopen/").status_code == 409
    assert "Open again" in body(desk.get(base))
