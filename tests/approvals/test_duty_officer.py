"""Outside office hours the duty officer of the foreign ministry holds urgent notes or passes on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from approvals import decision, intake
from audit import acts
from audit.refusals import NotNow, NotYou
from casework import kinds
from exercises.models import Exercise, Role
from tests import playing
from transit.models import FlightRequest

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SATURDAY = datetime(2026, 9, 5, 9, tzinfo=UTC)
MONDAY = datetime(2026, 9, 7, 6, tzinfo=UTC)
URGENT: dict[str, Any] = {"priority": "HUM"}


def use(exercise: Exercise, key: str, verb: Any, *, at: datetime, **details: Any) -> Any:
    seat = playing.seat(exercise, key)
    flight = FlightRequest.objects.get(exercise=exercise)
    with acts.act(exercise, at=at, by=seat) as moment:
        return verb(flight, by=seat, at=moment, **details)


def test_an_urgent_note_is_passed_on_at_the_weekend() -> None:
    exercise = playing.before("alpha", "register", **URGENT)

    flight = use(exercise, "KZ-DUTY", intake.pass_on, at=SATURDAY)

    assert flight.status == "UNDER_REVIEW"
    assert flight.concurrences.filter(answer="PENDING").count() == 4


def test_in_office_hours_the_registry_takes_it_in() -> None:
    exercise = playing.before("alpha", "register", **URGENT)

    with pytest.raises(NotNow, match="The registry is open"):
        use(exercise, "KZ-DUTY", intake.pass_on, at=MONDAY)


def test_an_ordinary_note_waits_for_the_registry() -> None:
    exercise = playing.before("alpha", "register")

    with pytest.raises(NotNow, match="only urgent flights"):
        use(exercise, "KZ-DUTY", intake.pass_on, at=SATURDAY)


def test_a_note_is_held_with_a_minute_that_says_why() -> None:
    exercise = playing.before("alpha", "register")

    use(exercise, "KZ-DUTY", intake.hold, at=SATURDAY, reason="Nothing presses before Monday.")

    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.status == "SUBMITTED"
    assert flight.minutes.get().text == "Nothing presses before Monday."


def test_the_duty_officer_never_decides() -> None:
    mine = {code for code, door in kinds.doors().items() if Role.DUTY in door.row.roles}
    exercise = playing.before("alpha", "authorize")

    of_contacts = {"take_down", "log_contact", "forward_contact", "answer_contact"}
    assert mine == {"pass_on", "hold", "minute"} | of_contacts
    with pytest.raises(NotYou):
        use(exercise, "KZ-DUTY", decision.authorize, at=exercise.last_at)
