"""The aircraft itself: flight plan, entry, exit, report, closure."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit import acts
from audit.refusals import NotNow
from exercises.models import Exercise
from tests import playing
from transit import alerting, contingency, irregular, plans
from transit import movement as flying
from transit.models import FlightRequest, Movement, MovementStatus

pytestmark = [pytest.mark.django_db, pytest.mark.quick]

HOUR = timedelta(hours=1)


@pytest.fixture
def answered() -> Exercise:
    """Authorized, and the requesting side knows; the flight is ahead, its plan not filed."""
    return playing.before("alpha", "file_plan")


@pytest.fixture
def checked() -> Exercise:
    """The flight plan is checked; the aircraft is expected at BALUN."""
    return playing.before("alpha", "enter")


def movement(exercise: Exercise) -> Movement:
    return Movement.objects.get(exercise=exercise)


def by(exercise: Exercise, key: str, verb: Any, *, at: Any = None, **details: Any) -> Any:
    seat = playing.seat(exercise, key)
    with acts.act(exercise, by=seat, at=at) as moment:
        return verb(movement(exercise), by=seat, at=moment, **details)


def entry_at(exercise: Exercise) -> Any:
    return FlightRequest.objects.get(exercise=exercise).entry_at


def file(exercise: Exercise, *, instead: tuple[str, str] = ("", ""), at: Any = None) -> None:
    """Let the planner file what the authorization calls for, with some words for others."""
    message = playing.proposed_plan(exercise).replace(*instead)
    by(exercise, "TR-PLANNER", plans.file_plan, message=message, at=at)


def test_the_check_opens_three_hours_before_the_entry(answered: Exercise) -> None:
    file(answered)
    with pytest.raises(NotNow, match="opens at"):
        by(answered, "KZ-OPERATIONS", plans.check_plan)

    opens = entry_at(answered) - 3 * HOUR
    by(answered, "KZ-OPERATIONS", plans.check_plan, at=opens)

    assert movement(answered).status == MovementStatus.CHECKED


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        (("HVK4821", "OTHER1"), "CALLSIGN_MISMATCH"),
        (("REG/990101", "REG/990109"), "REG_MISMATCH"),
        (("EXKZ26S0001", "EXKZ26S0009"), "DCN_MISMATCH"),
    ],
    ids=["call_sign", "registration", "number"],
)
def test_a_flight_plan_that_differs_is_not_released(
    answered: Exercise, instead: tuple[str, str], code: str
) -> None:
    opens = entry_at(answered) - 3 * HOUR
    file(answered, instead=instead, at=opens)

    with pytest.raises(ValidationError) as caught:
        by(answered, "KZ-OPERATIONS", plans.check_plan, at=opens, remarks="By telephone.")

    (said,) = caught.value.messages
    assert said.startswith(f"{code}: ")
    assert instead[1].removeprefix("REG/") in said
    assert movement(answered).status == MovementStatus.EXPECTED
    assert movement(answered).checked_at is None


def test_the_listed_spare_may_fly(answered: Exercise) -> None:
    opens = entry_at(answered) - 3 * HOUR
    file(answered, instead=("REG/990101", "REG/990102"), at=opens)

    by(answered, "KZ-OPERATIONS", plans.check_plan, at=opens)

    assert movement(answered).filed_registration == "990102"
    assert movement(answered).plan_codes == ["SPARE_TAIL_USED"]


def test_an_unchecked_flight_plan_is_found_overdue_at_the_entry_time(answered: Exercise) -> None:
    playing.conduct(answered, "jump", to=entry_at(answered) + HOUR)
    acts.let_time_pass(answered)

    assert playing.verbs(answered)[-1] == "escalate"
    assert movement(answered).status == MovementStatus.EXPECTED


def test_a_window_without_an_entry_ends_in_not_flown(checked: Exercise) -> None:
    playing.conduct(checked, "jump", to=entry_at(checked) + timedelta(days=5))
    acts.let_time_pass(checked)

    row = movement(checked)
    assert row.status == MovementStatus.NOT_FLOWN
    assert row.closed_at == entry_at(checked) + timedelta(hours=72)
    assert row.flight.closed_at == row.closed_at
    assert row.authorization is not None
    assert row.authorization.condition_at(row.closed_at) == "Expired"


def test_an_entry_recorded_late_but_made_inside_the_window_counts(checked: Exercise) -> None:
    made = entry_at(checked) + HOUR
    playing.conduct(checked, "jump", to=entry_at(checked) + timedelta(days=5))
    acts.let_time_pass(checked)

    by(checked, "KZ-OPERATIONS", flying.enter, entered_at=made, point="BALUN")

    assert movement(checked).status == MovementStatus.ACTIVE
    assert FlightRequest.objects.get(exercise=checked).closed_at is None
    playing.conduct(checked, "jump", to=entry_at(checked) + timedelta(days=6))
    acts.let_time_pass(checked)
    checked.refresh_from_db()
    assert (checked.halted, movement(checked).alert_phase) == ("", "DETRESFA")


@pytest.mark.parametrize("early", [4 * HOUR, -80 * HOUR])
def test_an_entry_outside_the_window_is_recorded_with_a_finding(
    checked: Exercise, early: timedelta
) -> None:
    made = entry_at(checked) - early

    at = entry_at(checked) + timedelta(days=4)

    with pytest.raises(ValidationError) as caught:
        by(checked, "KZ-OPERATIONS", flying.enter, at=at, entered_at=at + HOUR, point="BALUN")
    assert list(caught.value.message_dict) == ["entered_at"]
    by(checked, "KZ-OPERATIONS", flying.enter, at=at, entered_at=made, point="BALUN")

    row = movement(checked)
    assert (row.status, row.entered_at) == (MovementStatus.ACTIVE, made)
    assert [irregular.said(one)[:24] for one in row.findings] == ["Entry outside the window"]
    assert row.flight.closed_at is None


def test_an_aircraft_that_is_missing_goes_through_the_alert_phases(checked: Exercise) -> None:
    by(
        checked,
        "KZ-OPERATIONS",
        flying.enter,
        at=entry_at(checked) + HOUR / 2,
        entered_at=entry_at(checked),
        point="BALUN",
    )

    for minutes, phase in ((50 + 29, ""), (50 + 31, "INCERFA"), (50 + 61, "ALERFA")):
        playing.conduct(checked, "jump", to=entry_at(checked) + timedelta(minutes=minutes))
        acts.let_time_pass(checked)
        assert movement(checked).alert_phase == phase

    assert movement(checked).overdue_at == entry_at(checked) + timedelta(minutes=50 + 30)
    expected = entry_at(checked) + 3 * HOUR
    said = "Heard by Almaty on its way to URASA."
    by(checked, "KZ-OPERATIONS", alerting.cancel_alert, reason=said, expected_at=expected)
    assert movement(checked).alert_phase == ""
    playing.conduct(checked, "jump", to=entry_at(checked) + 20 * HOUR)
    acts.let_time_pass(checked)

    assert movement(checked).alert_phase == "DETRESFA"
    assert movement(checked).overdue_at == expected + HOUR / 2
    assert playing.verbs(checked)[-3:] == ["alert_overdue", "raise_alert", "raise_alert"]

    found = {"diverted_at": checked.last_at, "aerodrome": "UATE", "told": ["Aktau"]}
    by(checked, "KZ-OPERATIONS", contingency.divert, **found)
    assert movement(checked).alert_phase == ""
    playing.conduct(checked, "jump", to=entry_at(checked) + 40 * HOUR)
    acts.let_time_pass(checked)
    checked.refresh_from_db()
    assert (checked.halted, movement(checked).alert_phase) == ("", "DETRESFA")


def test_a_missing_report_is_reminded_of_and_becomes_a_finding() -> None:
    exercise = playing.before("alpha", "report")
    playing.conduct(exercise, "jump", to=exercise.last_at + timedelta(days=6))
    acts.let_time_pass(exercise)
    assert playing.verbs(exercise).count("remind_of_report") == 1
    assert movement(exercise).findings

    by(exercise, "KZ-DEFENCE", flying.close)

    assert movement(exercise).status == MovementStatus.CLOSED_WITH_FINDINGS


def test_the_case_is_not_closed_while_the_report_is_awaited() -> None:
    exercise = playing.before("alpha", "report")

    with pytest.raises(NotNow, match="awaited"):
        by(exercise, "KZ-DEFENCE", flying.close)
