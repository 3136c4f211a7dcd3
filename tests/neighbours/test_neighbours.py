"""The states on the way: asked each by itself, answering as they are, told to the host by note."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

import rules
from audit import exported, replay
from audit.refusals import NotNow
from books import calendars, neighbours
from casework import kinds, work
from control import actions, data_files
from neighbours import sending
from neighbours.models import AskedStatus, NeighbourRequest
from neighbours.sight import ways
from roleplay import third_states
from tests import playing
from tests.browsing import body, form_for, signed_in
from tests.neighbours.asking import (
    INTO_GEORGIA,
    INTO_UZBEKISTAN,
    asked_of,
    flight,
    go_to,
    use,
)
from transit.models import MovementStatus

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOUR = timedelta(hours=1)
TOLD = {
    "valid_from": INTO_UZBEKISTAN - 6 * HOUR,
    "valid_until": INTO_UZBEKISTAN + 6 * HOUR,
}


def by_note(exercise: Exercise, state: str, number: int, **told: Any) -> None:
    use(
        exercise,
        "TR-ATTACHE",
        "tell_clearance",
        state=state,
        note_number=f"2026/{number}",
        **(TOLD | {"clearance_number": f"EX{state}26S0001"} | told),
    )


def test_each_state_that_the_form_crosses_is_asked_once_by_a_note_of_its_own() -> None:
    exercise = playing.before("neighbours", "ask_neighbour")
    left = sending.to_ask(flight(exercise), exercise.last_at)
    assert [one.state for one in left] == ["GE", "AZ", "UZ"]

    use(exercise, "TR-ATTACHE", "ask_neighbour", state="GE", note_number="2026/1")
    for state in ("GE", "KZ", "AF"):
        with pytest.raises(ValidationError, match="not left to be asked"):
            use(exercise, "TR-ATTACHE", "ask_neighbour", state=state, note_number="2026/2")
    georgia = asked_of(exercise, "GE")
    assert georgia.reference == "TR-GE-N0001"
    assert [(note.from_state, note.to_state) for note in georgia.notes] == [("TR", "GE")]
    assert (georgia.entry_at, georgia.due_at) == (INTO_GEORGIA, INTO_GEORGIA - 24 * HOUR)

    done = playing.before("neighbours", "request_release")
    with pytest.raises(NotNow, match="No state on the way is left"):
        use(done, "TR-ATTACHE", "ask_neighbour", state="GE", note_number="2026/9")


def test_what_is_published_about_a_state_on_the_way_stands_once_and_has_its_source() -> None:
    known = neighbours.load("1")
    azerbaijan = known.states["AZ"].published
    assert azerbaijan is not None
    assert {code: one.amount for code, one in azerbaijan.lead_times.items()} == {
        "VIP": 5,
        "SENSITIVE": 14,
        "MILITARY_CARGO": 14,
    }
    validity = known.states["AZ"].validity_hours
    assert validity is not None
    assert (validity.value, validity.source) == (72, azerbaijan.source)
    assert known.states["AF"].desk is None
    assert {code for code, one in known.states.items() if one.published} == {"AZ"}
    for code in known.states.keys() - {"AF", "RU", "IR"}:
        assert code in calendars.states(calendars.LATEST)
    path = neighbours.FOLDER / "1.yaml"
    assert data_files.kind_of(path) is data_files.KINDS["neighbours"]


@pytest.mark.parametrize(
    ("state", "matters", "verb"),
    [
        ("GE", ["ANY", "TROOPS"], "clear_crossing"),
        ("GE", ["ANY", "ARMAMENT"], "refuse_crossing"),
        ("AZ", ["ANY", "MILITARY_CARGO"], "question_asking"),
        ("TM", ["ANY", "EXERCISE", "TROOPS"], "question_asking"),
        ("TM", ["ANY", "GOODS"], "refuse_crossing"),
        ("UZ", ["ANY", "EXERCISE"], "clear_crossing"),
        ("KG", ["ANY", "EXERCISE"], "question_asking"),
        ("TJ", ["ANY"], "clear_crossing"),
        ("AM", ["ANY"], "refuse_crossing"),
        ("RU", ["ANY"], None),
    ],
)
def test_a_state_answers_as_it_is_taken_to_be(
    state: str, matters: list[str], verb: str | None
) -> None:
    exercise = playing.before("neighbours", "ask_neighbour")
    temper = neighbours.load("1").states[state].temper
    assert temper is not None
    request = NeighbourRequest(
        exercise=exercise,
        ref="neighbour/9",
        number=9,
        requesting_state="TR",
        host=state,
        status=AskedStatus.ACKNOWLEDGED,
        matters=matters,
        temper=temper.value,
        sent_at=exercise.last_at,
        acknowledged_at=exercise.last_at,
        entry_at=INTO_GEORGIA,
        exit_at=INTO_GEORGIA + HOUR,
    )
    answer = third_states.coming(request, exercise.last_at)
    assert (answer and answer.verb) == verb
    if answer:
        office = exercise.office(state)
        assert office.is_open(answer.moment)


def test_uzbekistan_is_later_than_its_usual_time_and_azerbaijan_takes_what_it_publishes() -> None:
    exercise = playing.whole("neighbours")
    slow, asking = asked_of(exercise, "UZ"), asked_of(exercise, "AZ")
    usual = slow.terms.answers_within
    assert usual is not None
    assert slow.acknowledged_at is not None
    assert slow.decided_at is not None
    due = usual.count(exercise.office("UZ"), received_at=slow.acknowledged_at).due_at
    assert due is not None
    assert slow.decided_at > due

    assert asking.asked_as == "MILITARY_CARGO"
    assert asking.decided_at is not None
    assert asking.decided_at - asking.sent_at > timedelta(days=7)
    assert "whether the cargo is dangerous" in asking.question


def test_the_host_knows_a_clearance_when_it_is_told_and_not_before() -> None:
    exercise = playing.before("neighbours", "tell_clearance", seated=True)
    host, attache = signed_in(exercise, "KZ-DEFENCE"), signed_in(exercise, "TR-ATTACHE")
    base = f"/x/{exercise.pk}"
    asked = body(attache.get(f"{base}/TR-ATTACHE/neighbours/1/"))
    assert "EXGE26S0011" in asked
    assert "The state on the way, Georgia" in asked
    assert "EXGE26S0011" in body(attache.get(f"{base}/TR-ATTACHE/neighbours/"))
    assert host.get(f"{base}/KZ-DEFENCE/neighbours/1/").status_code == 404
    assert host.get(f"{base}/KZ-DEFENCE/neighbours/").status_code == 404
    assert "EXGE26S0011" not in body(host.get(f"{base}/KZ-DEFENCE/flights/1/"))
    assert "THIRD_STATE_PENDING:GE" in str(pending(exercise))

    page = attache.get(f"{base}/TR-ATTACHE/flights/1/")
    form = form_for(page, "do/tell_clearance/")
    told = attache.post(form.action, form.fields | {"note_number": "2026/900"})
    assert told.status_code == 302

    said = body(host.get(f"{base}/KZ-DEFENCE/flights/1/"))
    assert "EXGE26S0011" in said
    assert "TR-GE-N0001" not in said
    assert "THIRD_STATE_PENDING:GE" not in str(pending(exercise))
    assert asked_of(exercise, "GE").told_at is not None


def pending(exercise: Exercise) -> list[str]:
    found = flight(exercise)
    return [str(one.key) for one in rules.findings(found.content, at=exercise.last_at)]


def test_a_window_that_was_told_holds_at_both_boundaries_or_a_desk_asks() -> None:
    exercise = playing.before("neighbours", "tell_clearance")
    by_note(exercise, "GE", 901, valid_until=INTO_GEORGIA + HOUR / 4)
    assert "THIRD_STATE_WINDOW:GE" in pending(exercise)
    [way] = [one for one in told_of(exercise, is_host=True) if one.state == "GE"]
    assert "boundary of Georgia and Azerbaijan" in way.todo[0]

    by_note(exercise, "GE", 902)
    assert "THIRD_STATE_WINDOW:GE" not in pending(exercise)


def told_of(exercise: Exercise, *, is_host: bool) -> Any:
    found = flight(exercise)
    return ways(found, found.latest, exercise.last_at, is_host=is_host)


def test_other_times_void_no_clearance_that_covers_them_and_are_asked_anew_else() -> None:
    exercise = playing.before("neighbours", "request_release")
    go_to(exercise, datetime(2026, 8, 18, 6, tzinfo=UTC))
    granted = asked_of(exercise, "GE")
    assert granted.clearance_number == "EXGE26S0011"
    with pytest.raises(NotNow, match="covers the crossing"):
        use(exercise, "TR-ATTACHE", "ask_anew", of="GE", note_number="2026/900")

    later = playing.prepared("TR", entry_at=datetime(2026, 9, 18, 7, 7, tzinfo=UTC))
    del later["host"]
    use(exercise, "TR-PLANNER", "edit", **later)
    [way] = [one for one in told_of(exercise, is_host=False) if one.state == "GE"]
    assert "Its window does not hold" in way.todo[0]

    use(exercise, "TR-ATTACHE", "ask_anew", of="GE", note_number="2026/900")
    again = asked_of(exercise, "GE")
    assert (again.status, again.clearance_number, again.times) == ("SENT", "", 2)
    go_to(exercise, datetime(2026, 8, 28, 6, tzinfo=UTC))
    again = asked_of(exercise, "GE")
    assert again.clearance_number == "EXGE26S0012"
    assert again.covers(again.entry_at, again.exit_at)


def test_a_number_that_never_comes_is_seen_on_both_sides_and_nobody_flies() -> None:
    """26. Authorized on the condition that Uzbekistan grants, which it never does: not flown."""
    exercise = playing.before("neighbours", "concur", seated=True)
    use(exercise, "INSTRUCTOR", "set_temper", of="UZ", temper="silent")
    by_note(exercise, "AZ", 901)
    use(exercise, "KZ-AIR_DEFENCE", "concur", answer="CONCUR")
    use(exercise, "KZ-SECURITY", "concur", answer="CONCUR")
    use(exercise, "KZ-CIVIL_AVIATION", "concur", answer="CONCUR")
    use(
        exercise,
        "KZ-DEFENCE",
        "deal_with",
        findings=["THIRD_STATE_PENDING:UZ"],
        disposal="ACCEPTED",
        reason="On that condition.",
    )
    condition = ["No departure before every state on the way has granted its clearance."]
    use(exercise, "KZ-DEFENCE", "concur", answer="CONDITIONS", conditions=condition)
    use(exercise, "KZ-DECIDER", "authorize", conditions=condition)
    use(exercise, "KZ-REGISTRY", "reply", note_number="KZ-900")

    day = f"/x/{exercise.pk}/KZ-OPERATIONS/flight-day/"
    operations = signed_in(exercise, "KZ-OPERATIONS")
    go_to(exercise, INTO_UZBEKISTAN - 25 * HOUR)
    assert "No clearance of Uzbekistan told" not in body(operations.get(day))
    go_to(exercise, INTO_UZBEKISTAN - 23 * HOUR)
    assert "No clearance of Uzbekistan told" in body(operations.get(day))
    [way] = [one for one in told_of(exercise, is_host=False) if one.state == "UZ"]
    assert "Missing within a day" in way.todo[0]
    assert asked_of(exercise, "UZ").rung == 1

    go_to(exercise, INTO_UZBEKISTAN + 72 * HOUR)
    silent, done = asked_of(exercise, "UZ"), flight(exercise)
    assert (silent.status, silent.clearance_number) == ("LAPSED", "")
    assert done.movements.get().status == MovementStatus.NOT_FLOWN
    assert done.authorizations.get().conditions == condition
    assert "enter" not in playing.verbs(exercise)


def test_of_a_state_with_nobody_to_be_asked_the_page_says_so() -> None:
    exercise = playing.before("neighbours", "ask_neighbour")
    row = flight(exercise).latest.crossings.get(state="UZ")
    type(row).objects.filter(pk=row.pk).update(state="AF")

    [way] = [one for one in told_of(exercise, is_host=False) if one.state == "AF"]
    assert way.todo == ("Nobody is there to be asked: the way leads round it.",)
    with pytest.raises(ValidationError, match="not left to be asked"):
        use(exercise, "TR-ATTACHE", "ask_neighbour", state="AF", note_number="2026/9")


def test_a_number_that_the_host_has_otherwise_is_still_to_be_told() -> None:
    exercise = playing.before("neighbours", "tell_clearance")
    by_note(exercise, "GE", 901)
    [way] = [one for one in told_of(exercise, is_host=False) if one.state == "GE"]
    assert way.todo == ("Tell the host its number.",)
    by_note(exercise, "GE", 902, clearance_number="EXGE26S0011")
    [way] = [one for one in told_of(exercise, is_host=False) if one.state == "GE"]
    assert way.todo == ()


def test_the_instructor_answers_by_hand_and_a_number_is_given_once() -> None:
    exercise = playing.before("neighbours", "request_release", seated=True)
    client = signed_in(exercise, "INSTRUCTOR")
    base = f"/x/{exercise.pk}/INSTRUCTOR/neighbours"
    assert "slow" in body(client.get(f"{base}/3/"))
    form = form_for(client.get(f"{base}/1/"), "do/clear_crossing/")
    assert client.post(form.action, form.fields).status_code == 302
    assert asked_of(exercise, "GE").clearance_number == "EXGE26S0011"

    form = form_for(client.get(f"{base}/2/"), "do/clear_crossing/")
    answer = client.post(form.action, form.fields | {"clearance_number": "EXGE26S0011"})
    assert (answer.status_code, "This number was given before." in body(answer)) == (422, True)


def test_an_exercise_that_came_from_a_record_goes_on_at_the_same_moments() -> None:
    exercise = playing.before("neighbours", "request_release")
    lines = [*exported.export_record(exercise)]
    again = actions.import_record(exported.read(lines))

    def turns(one: Exercise) -> list[Any]:
        rows = NeighbourRequest.objects.filter(exercise=one).order_by("number")
        return [row.turn_at for row in rows]

    assert turns(again) == turns(exercise)
    assert all(turns(again))
    assert replay.stored(again) == replay.stored(exercise)


def test_exercise_control_reads_who_answered_and_how_a_date_follows() -> None:
    exercise = playing.before("neighbours", "request_release", seated=True)
    go_to(exercise, INTO_UZBEKISTAN - 30 * HOUR)
    client, base = signed_in(exercise, "INSTRUCTOR"), f"/x/{exercise.pk}/INSTRUCTOR"

    panel = body(client.get(f"{base}/control/"))
    assert "TR-AZ-N0002" in panel
    assert "Owed a day before the entry into that state" in panel
    for page in ("record/", "record/record.csv", "record/record.json"):
        assert client.get(f"{base}/{page}").status_code == 200
    record = body(client.get(f"{base}/record/"))
    assert "Foreign ministry of a state on the way, Azerbaijan" in record


def test_an_office_that_closes_a_day_answers_on_the_next() -> None:
    exercise = playing.before("neighbours", "request_release")
    go_to(exercise, exercise.last_at + 24 * HOUR)
    first = asked_of(exercise, "UZ")
    assert first.status == AskedStatus.ACKNOWLEDGED
    assert first.turn_at is not None
    day = first.turn_at.date()
    playing.conduct(exercise, "close_days", state="UZ", first=day, last=day, ground="Mourning.")

    go_to(exercise, first.turn_at + HOUR)
    later = asked_of(exercise, "UZ").turn_at
    assert later is not None
    assert later.date() > first.turn_at.date()


def test_a_number_that_was_given_by_hand_is_not_given_again_by_a_role_player() -> None:
    exercise = playing.before("neighbours", "request_release")
    request = asked_of(exercise, "UZ")
    usual = f"EXUZ26S{request.number * 10 + request.times:04d}"
    window = {"valid_from": INTO_GEORGIA, "valid_until": INTO_GEORGIA + 9 * HOUR}
    use(exercise, "INSTRUCTOR", "clear_crossing", of="GE", clearance_number=usual, **window)

    go_to(exercise, INTO_UZBEKISTAN - 2 * HOUR)
    assert exercise.halted == ""
    given = asked_of(exercise, "UZ")
    assert given.status == AskedStatus.GRANTED
    assert given.clearance_number != usual


def test_for_a_flight_that_is_over_nobody_grants_and_nothing_is_owed() -> None:
    exercise = playing.before("neighbours", "request_release")
    use(exercise, "TR-ATTACHE", "withdraw", reason="The exercise is called off.")

    go_to(exercise, INTO_UZBEKISTAN + HOUR)
    for state in ("AZ", "UZ"):
        request = asked_of(exercise, state)
        assert (request.clearance_number, request.rung) == ("", 0)
    assert work.open_work(exercise, exercise.last_at) == []


def test_the_notes_of_a_state_on_the_way_are_counted_for_each_side_and_frozen() -> None:
    exercise = playing.whole("neighbours")
    request = asked_of(exercise, "AZ")
    numbers = [note.number for note in request.notes if note.from_state == "AZ"]
    assert all(number.startswith("AZ-TR-N-") for number in numbers)

    page = f"/x/{exercise.pk}/INSTRUCTOR/neighbours/{request.number}/papers/"
    name = next(iter(kinds.of(request).papers(request, playing.seat(exercise, "INSTRUCTOR"))))
    said = body(signed_in(exercise, "INSTRUCTOR").get(f"{page}{name}/"))
    assert "The record has no hash of this paper" not in said
