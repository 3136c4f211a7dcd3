"""The annual clearance: asked for by 1 December, examined, granted for a calendar year."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from annual import actions as annual_actions
from annual import coverage
from annual.models import AnnualClearance, AnnualStatus
from approvals import decision, intake
from audit import acts, verification
from audit.models import Event
from audit.refusals import NotNow, NotYou
from books import agreements, calendars
from control import stories
from exercises.models import Exercise, Role, Seat
from tests import playing
from tests.annual.annual import ASKED, COURSE, NOVEMBER, before, citing, clearance, opened, use
from transit import preparation, transmission
from transit.models import FlightRequest, FlightStatus

if TYPE_CHECKING:
    from transit.models import Revision

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CASES = [
    case
    for case in json.loads(
        (Path(__file__).parents[1] / "data" / "lead_time_cases.json").read_text(encoding="utf-8")
    )["cases"]
    if case["kind"] == "annual_deadline"
]
MARCH = datetime(2027, 3, 10, 7, tzinfo=UTC)
NUMBER = "EXKZ27A0001"
DAY = 24 * 60  # minutes


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# The machine


def test_the_course_from_request_to_reply_leaves_a_record_that_holds() -> None:
    exercise = before()

    granted = clearance(exercise)
    assert (granted.status, granted.clearance_number) == ("GRANTED", NUMBER)
    assert granted.reference == "TR-KZ-A0001"
    assert [note.number for note in granted.notes] == ["2026/900", "KZ-900"]
    told = Event.objects.filter(exercise=exercise, case=granted.case).in_order()
    assert [event.verb for event in told] == [do for _, do, _ in COURSE]
    assert not verification.faults(exercise)


def test_both_directions_are_the_same_register() -> None:
    exercise = opened()

    use(exercise, "KZ-ATTACHE", "request_annual", **ASKED)
    use(exercise, "TR-REGISTRY", "register_annual")
    use(exercise, "TR-DEFENCE", "advise_annual", answer="CONCUR")
    use(exercise, "TR-DEPUTY", "grant_annual")

    assert clearance(exercise).clearance_number == "EXTR27A5001"


def test_a_returned_request_is_asked_again_and_its_last_note_counts() -> None:
    exercise = before("register_annual")
    use(exercise, "KZ-REGISTRY", "send_back_annual", missing="Name the exercises.")
    december = datetime(2026, 12, 3, 6, tzinfo=UTC)

    again = ASKED | {"note_number": "2026/901", "categories": ["EXERCISE"], "text": "Two."}
    use(exercise, "TR-ATTACHE", "resubmit_annual", at=december, **again)

    found = clearance(exercise)
    assert (found.status, found.categories, found.text) == ("REQUESTED", ["EXERCISE"], "Two.")
    assert found.is_late
    assert [note.kind for note in found.notes] == [
        "REQUEST",
        "RETURN",
        "REQUEST",
    ]


def test_a_number_is_suspended_reinstated_and_revoked_by_note() -> None:
    exercise = before()

    for do, status in (
        ("suspend_annual", AnnualStatus.SUSPENDED),
        ("reinstate_annual", AnnualStatus.GRANTED),
        ("revoke_annual", AnnualStatus.REVOKED),
    ):
        use(exercise, "KZ-DECIDER", do, reason="For us alone.")
        assert clearance(exercise).status == status

    assert [note.number for note in clearance(exercise).notes[2:]] == [
        "KZ-A-0001",
        "KZ-A-0002",
        "KZ-A-0003",
    ]


def test_a_number_is_never_used_twice() -> None:
    exercise = before()
    use(exercise, "KZ-DECIDER", "revoke_annual", reason="Breach.")
    for key, do, details in COURSE[:-1]:
        line = {"at": exercise.last_at, "by": key, "do": do, "with": details, "annual": 2}
        if do == "request_annual":
            line["with"] = details | {"note_number": "2026/950"}
        stories.perform(exercise, line)

    numbers = AnnualClearance.objects.filter(exercise=exercise).order_by("number")
    assert [one.clearance_number for one in numbers] == [NUMBER, "EXKZ27A0002"]


STAGES: dict[AnnualStatus, tuple[str, list[tuple[str, str, dict[str, Any]]]]] = {
    AnnualStatus.REQUESTED: ("register_annual", []),
    AnnualStatus.RETURNED: (
        "register_annual",
        [("KZ-REGISTRY", "send_back_annual", {"missing": "x"})],
    ),
    AnnualStatus.UNDER_REVIEW: ("grant_annual", []),
    AnnualStatus.GRANTED: ("", []),
    AnnualStatus.REFUSED: ("grant_annual", [("KZ-DECIDER", "refuse_annual", {"reason": "x"})]),
    AnnualStatus.SUSPENDED: ("", [("KZ-DECIDER", "suspend_annual", {"reason": "x"})]),
    AnnualStatus.REVOKED: ("", [("KZ-DECIDER", "revoke_annual", {"reason": "x"})]),
}


@pytest.mark.parametrize("status", STAGES)
def test_a_verb_is_refused_from_any_status_but_its_own(status: AnnualStatus) -> None:
    verb, more = STAGES[status]
    exercise = before(verb)
    for key, do, details in more:
        use(exercise, key, do, **details)
    found = clearance(exercise)
    assert found.status == status

    for row in (door.row for door in acts.doors(annual_actions).values()):
        if row.subject == "clearance" and status not in row.source:
            side = "TR" if row.roles == (Role.ATTACHE,) else "KZ"
            by = playing.seat(exercise, f"{side}-{row.roles[0]}")
            with pytest.raises(NotNow, match=str(found.status_for(by).label)):
                row.check(found, by=by, at=exercise.last_at)


@pytest.mark.parametrize(
    ("verb", "key"),
    [
        ("register_annual", "TR-REGISTRY"),
        ("register_annual", "KZ-DEFENCE"),
        ("advise_annual", "KZ-SECURITY"),
        ("advise_annual", "TR-DEFENCE"),
        ("grant_annual", "KZ-REGISTRY"),
        ("grant_annual", "TR-DECIDER"),
        ("reply_annual", "KZ-DECIDER"),
        ("request_annual", "TR-PLANNER"),
    ],
)
def test_a_move_is_its_own_seats_alone(verb: str, key: str) -> None:
    exercise = before(verb)
    details = next(details for _, do, details in COURSE if do == verb)

    with pytest.raises(NotYou):
        use(exercise, key, verb, **details)


# What stands against a decision


def test_nobody_decides_before_the_defence_desk_has_spoken() -> None:
    exercise = before("advise_annual")

    decisions: dict[str, Any] = {"grant_annual": {}, "refuse_annual": {"reason": "x"}}
    for do, details in decisions.items():
        with pytest.raises(NotNow, match="has not given its opinion"):
            use(exercise, "KZ-DECIDER", do, **details)


def test_the_no_of_the_defence_desk_binds() -> None:
    exercise = before("advise_annual")
    with pytest.raises(ValidationError, match="reasons"):
        use(exercise, "KZ-DEFENCE", "advise_annual", answer="NON_CONCUR")
    use(exercise, "KZ-DEFENCE", "advise_annual", answer="NON_CONCUR", reason="Breaches.")

    with pytest.raises(NotNow, match="binds"):
        use(exercise, "KZ-DECIDER", "grant_annual")
    use(exercise, "KZ-DECIDER", "refuse_annual", reason="The desk's.")

    assert clearance(exercise).status == AnnualStatus.REFUSED
    assert clearance(exercise).clearance_number == ""


def test_the_opinion_is_given_once() -> None:
    exercise = before("grant_annual")

    with pytest.raises(NotNow, match="has given its opinion"):
        use(exercise, "KZ-DEFENCE", "advise_annual", answer="NON_CONCUR", reason="After all.")


@pytest.mark.parametrize("hand", ["tr-attache", "kz-defence"])
def test_no_one_decides_what_they_asked_for_or_gave_an_opinion_on(hand: str) -> None:
    exercise = before("grant_annual", seated=True)
    playing.conduct_seat(exercise, playing.seat(exercise, "KZ-DECIDER"), holder=hand)

    with pytest.raises(NotNow, match="You cannot decide"):
        use(exercise, "KZ-DECIDER", "grant_annual")
    with pytest.raises(NotNow, match="You cannot decide"):
        use(exercise, "KZ-DECIDER", "refuse_annual", reason="x")


def test_whoever_asked_gives_no_opinion() -> None:
    exercise = before("advise_annual", seated=True)
    playing.conduct_seat(exercise, playing.seat(exercise, "KZ-DEFENCE"), holder="tr-attache")

    with pytest.raises(NotNow, match="You cannot examine"):
        use(exercise, "KZ-DEFENCE", "advise_annual", answer="CONCUR")


def test_nothing_is_suspended_that_the_other_side_does_not_know_of() -> None:
    exercise = before("reply_annual")

    with pytest.raises(NotNow, match="note in reply has not been sent"):
        use(exercise, "KZ-DECIDER", "suspend_annual", reason="x")


def test_no_clock_grants_anything_and_none_answers() -> None:
    exercise = before("grant_annual")
    told = playing.verbs(exercise)

    with acts.act(exercise, at=NOVEMBER + timedelta(days=60)):
        pass

    assert clearance(exercise).status == AnnualStatus.UNDER_REVIEW
    assert playing.verbs(exercise) == told


def test_a_year_that_is_over_is_not_granted_any_more() -> None:
    exercise = before("grant_annual", year=2026)

    with pytest.raises(NotNow, match="year is over"):
        use(exercise, "KZ-DECIDER", "grant_annual", at=moment("2026-12-31T19:00:00+00:00"))


# What can be asked for


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ({"year": 2025}, "year"),
        ({"year": 2028}, "year"),
        ({"categories": []}, "categories"),
        ({"categories": ["OTHER"]}, "categories"),
        ({"categories": ["HUMANITARIAN", "TOURISM"]}, "categories"),
    ],
)
def test_what_cannot_be_asked_for_is_named_by_item(item: dict[str, Any], wrong: str) -> None:
    exercise = opened()

    with pytest.raises(ValidationError) as refused:
        use(exercise, "TR-ATTACHE", "request_annual", **(ASKED | item))

    assert list(refused.value.message_dict) == [wrong]
    assert not AnnualClearance.objects.exists()


def test_the_present_year_is_that_of_the_host() -> None:
    exercise = opened()
    new_year_in_astana = moment("2026-12-31T19:00:00+00:00")

    use(
        exercise,
        "TR-ATTACHE",
        "request_annual",
        at=new_year_in_astana,
        **(ASKED | {"year": 2028}),
    )

    assert clearance(exercise).year == 2028


def test_a_note_number_is_used_once_on_flights_and_clearances() -> None:
    exercise = before("register_annual")
    on_flight = examined(exercise, citing(exercise, "", entry_at=MARCH)).notes[0].number

    for number in (on_flight, ASKED["note_number"]):
        with pytest.raises(ValidationError, match="sent before"):
            use(exercise, "TR-ATTACHE", "request_annual", **(ASKED | {"note_number": number}))


def test_an_agreement_may_know_no_annual_clearance() -> None:
    exercise = opened()
    Exercise.objects.filter(pk=exercise.pk).update(agreement_version="1")

    with pytest.raises(NotNow, match="knows no annual clearance"):
        use(exercise, "TR-ATTACHE", "request_annual", **ASKED)


# The deadline and the year


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_the_deadline_is_the_end_of_1_december_at_the_host(case: dict[str, Any]) -> None:
    received, expected = moment(case["received_utc"]), case["expected"]
    exercise = opened()

    use(
        exercise,
        f"{case['requesting_state']}-ATTACHE",
        "request_annual",
        at=received,
        **(ASKED | {"year": case["dcn_year"]}),
    )

    asked = clearance(exercise)
    assert asked.is_late is not expected["in_time"]
    assert asked.deadline.deadline_at == moment(expected["deadline_utc"])
    assert asked.deadline.valid_from == moment(expected["valid_from_utc"])
    assert asked.deadline.valid_until == moment(expected["valid_to_utc"])


def test_a_late_request_is_taken_without_entitlement() -> None:
    """Situation 5."""
    exercise = opened()
    january = datetime(2027, 1, 12, 7, tzinfo=UTC)
    use(exercise, "TR-ATTACHE", "request_annual", at=moment("2026-12-02T06:00:00+00:00"), **ASKED)
    use(exercise, "KZ-REGISTRY", "register_annual")

    asked = clearance(exercise)
    assert asked.is_late
    assert asked.status == AnnualStatus.UNDER_REVIEW
    assert not citing(exercise, NUMBER, entry_at=january).is_covered


@given(
    host=st.sampled_from(["KZ", "TR"]),
    asked_after=st.integers(-300 * DAY, 400 * DAY),
    after=st.integers(0, 430 * DAY),
)
@effort(max_examples=100)
def test_the_year_is_the_hosts_calendar_year(host: str, asked_after: int, after: int) -> None:
    asked_at, at = (NOVEMBER + timedelta(minutes=minutes) for minutes in (asked_after, after))
    exercise = Exercise(agreement="TR-KZ", agreement_version="3", calendar_version=calendars.LATEST)
    granted = AnnualClearance(
        exercise=exercise,
        requesting_state="TR" if host == "KZ" else "KZ",
        host=host,
        year=2027,
        status=AnnualStatus.GRANTED,
        requested_at=asked_at,
    )
    local = calendars.office(calendars.LATEST, host).local

    words = granted.standing(at, Seat(state=host, role=Role.REGISTRY))

    year = local(at).year
    assert words == {2026: "Not yet valid", 2027: "In force", 2028: "Expired"}[year]
    on = local(asked_at).date()
    assert granted.is_late == ((on.year, on.month, on.day) > (2026, 12, 1))


# What a number covers


@pytest.fixture
def granted() -> Exercise:
    """The number for 2027 is granted, and told by note."""
    return before()


def uncovered(exercise: Exercise, number: str = NUMBER, **form: Any) -> list[str]:
    return coverage.uncovered(citing(exercise, number, entry_at=MARCH, **form))


def test_a_flight_of_the_category_in_the_year_is_covered(granted: Exercise) -> None:
    form = citing(granted, NUMBER, entry_at=MARCH)

    assert coverage.uncovered(form) == []
    assert form.is_covered
    assert coverage.find(form) == clearance(granted)


def test_what_cites_no_number_is_neither_covered_nor_at_fault(granted: Exercise) -> None:
    form = citing(granted, "", entry_at=MARCH)

    assert coverage.find(form) is None
    assert coverage.uncovered(form) == []
    assert not form.is_covered


def test_a_number_that_was_never_issued_is_unknown(granted: Exercise) -> None:
    assert uncovered(granted, "EXKZ27A0099") == [coverage.ANNUAL_UNKNOWN]


def test_another_states_number_is_unknown(granted: Exercise) -> None:
    form = citing(granted, NUMBER, entry_at=MARCH, side="KZ")

    assert coverage.uncovered(form) == [coverage.ANNUAL_UNKNOWN]


def test_a_number_not_yet_told_is_unknown_so_that_nobody_guesses_it() -> None:
    assert uncovered(before("reply_annual")) == [coverage.ANNUAL_UNKNOWN]


@pytest.mark.parametrize("do", ["suspend_annual", "revoke_annual"])
def test_a_number_out_of_force_covers_nothing(granted: Exercise, do: str) -> None:
    use(granted, "KZ-DECIDER", do, reason="x")

    assert uncovered(granted) == [coverage.ANNUAL_NOT_IN_FORCE]


def test_a_reinstated_number_covers_again(granted: Exercise) -> None:
    use(granted, "KZ-DECIDER", "suspend_annual", reason="x")
    use(granted, "KZ-DECIDER", "reinstate_annual", reason="y")

    assert uncovered(granted) == []


def test_the_year_ends_at_midnight_in_astana() -> None:
    """Situation 6."""
    exercise = before(year=2026)
    number = clearance(exercise).clearance_number
    assert number == "EXKZ26A0001"

    for entry, codes in (
        ("2026-12-31T18:09:00+00:00", []),  # it leaves a minute before midnight
        ("2026-12-31T18:10:00+00:00", [coverage.ANNUAL_YEAR]),  # and here at midnight
        ("2026-12-31T20:10:00+00:00", [coverage.ANNUAL_YEAR]),
    ):
        form = citing(exercise, number, entry_at=moment(entry))
        assert coverage.uncovered(form) == codes, entry


def test_the_next_years_number_covers_from_midnight_in_astana(granted: Exercise) -> None:
    for entry, codes in (
        ("2026-12-31T18:59:00+00:00", [coverage.ANNUAL_YEAR]),
        ("2026-12-31T19:00:00+00:00", []),
    ):
        form = citing(granted, NUMBER, entry_at=moment(entry))
        assert coverage.uncovered(form) == codes, entry


@pytest.mark.parametrize("category", ["OFFICIAL_DELEGATION", "MILITARY", "OTHER", ""])
def test_a_category_that_was_not_granted_is_not_covered(granted: Exercise, category: str) -> None:
    assert uncovered(granted, category=category) == [coverage.ANNUAL_CATEGORY]


def test_ammunition_makes_the_annual_number_unusable(granted: Exercise) -> None:
    """Situation 8."""
    codes = uncovered(
        granted,
        category="OFFICIAL_DELEGATION",
        cargo="Ammunition.",
        cargo_kg=12000,
        dangerous_goods="LIST",
    )

    assert codes == [coverage.ANNUAL_CATEGORY, coverage.ANNUAL_DANGEROUS_GOODS]


@pytest.mark.parametrize(
    "sensitive",
    [
        {"has_armament": True},
        {"has_sensors": True},
        {"has_electronic_warfare": True},
        {"aircraft_type": "E737"},
    ],
)
def test_a_sensitive_flight_is_not_covered(granted: Exercise, sensitive: dict[str, Any]) -> None:
    assert uncovered(granted, **sensitive) == [coverage.ANNUAL_SENSITIVE]


def test_every_fault_disappears_when_its_cause_is_mended(granted: Exercise) -> None:
    faulty: dict[str, Any] = {"category": "OTHER", "dangerous_goods": "LIST", "has_sensors": True}
    mended = {"category": "EXERCISE", "dangerous_goods": "NONE", "has_sensors": False}
    form = citing(granted, NUMBER, entry_at=MARCH, **faulty)
    assert len(coverage.uncovered(form)) == len(faulty)

    for left, (item, value) in zip((2, 1, 0), mended.items(), strict=True):
        setattr(form, item, value)
        assert len(coverage.uncovered(form)) == left


def test_the_number_alone_admits_no_flight(granted: Exercise) -> None:
    """Situation 7."""
    flight = examined(granted, citing(granted, NUMBER, entry_at=MARCH))

    assert flight.content.is_covered
    assert flight.status == FlightStatus.UNDER_REVIEW
    assert not flight.authorizations.exists()
    assert not flight.movements.exists()
    decider = playing.seat(granted, "KZ-DECIDER")
    with pytest.raises(NotNow), acts.act(granted, by=decider) as at:
        decision.authorize(flight, by=decider, at=at)


def test_a_number_alone_does_not_keep_a_flight_from_lapsing(granted: Exercise) -> None:
    flight = examined(granted, citing(granted, NUMBER, entry_at=MARCH))

    with acts.act(granted, at=MARCH + timedelta(hours=1)):
        pass

    flight.refresh_from_db()
    assert flight.status == FlightStatus.LAPSED


def examined(exercise: Exercise, form: Revision) -> FlightRequest:
    """Bring a prepared form before the host's desks."""
    flight = form.flight
    for key, door, details in (
        ("TR-PLANNER", preparation.request_release, {}),
        ("TR-RELEASE", preparation.release, {}),
        ("TR-ATTACHE", transmission.transmit, {"note_number": "2026/7"}),
        ("KZ-REGISTRY", intake.register, {}),
    ):
        by = playing.seat(exercise, key)
        with acts.act(exercise, by=by) as at:
            door(flight, by=by, at=at, **details)
    return FlightRequest.objects.get(pk=flight.pk)


def test_the_number_has_the_form_of_the_agreement_and_cannot_exist() -> None:
    terms = agreements.load("TR-KZ", "3").annual

    assert terms is not None
    assert terms.number_format.format(state="KZ", year=27, serial=1) == NUMBER
    assert NUMBER.startswith("EX")
