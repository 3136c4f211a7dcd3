"""Days that offices close in mid-run, such as for administrative leave."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

import rules
from approvals.models import Concurrence
from audit import verification
from audit.models import Event
from books import agreements
from books.calendars import Reason
from casework import dates
from control.telling import tell
from exercises.seating import read_clock
from tests import playing
from tests.browsing import body, form_for, signed_in
from transit.models import FlightRequest

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = pytest.mark.django_db

LEAVE = "Administrative leave"


def desks(exercise: Exercise) -> dict[str, datetime | None]:
    rows = Concurrence.objects.filter(exercise=exercise).exclude(duty="")
    return {row.desk: row.due_at for row in rows}


def a_counted_day(exercise: Exercise) -> date:
    """Return the last day that the registered flight's desks count."""
    row = Concurrence.objects.filter(exercise=exercise).exclude(duty="").first()
    assert row is not None
    assert row.due_at is not None
    return exercise.office("KZ").local(row.due_at).date()


def test_what_is_promised_on_a_day_closed_later_is_counted_again_in_the_same_event() -> None:
    exercise = playing.before("alpha", "concur")
    before, day = desks(exercise), a_counted_day(exercise)

    at = playing.conduct(exercise, "close_days", state="KZ", first=day, ground=LEAVE)

    after = desks(exercise)
    assert before.keys() == after.keys()
    assert all(after[desk] > before[desk] for desk in before)  # type: ignore[operator]
    event = Event.objects.filter(exercise=exercise).in_order().last()
    assert event is not None
    assert (event.verb, event.at) == ("close_days", at)
    assert len([row for row in event.payload["rows"] if "concurrence" in row]) == len(before)
    assert verification.faults(exercise) == []
    assert LEAVE in next(tell([event], agreements.of(exercise))).text


def test_the_page_says_that_it_was_counted_again_and_why() -> None:
    exercise = playing.before("alpha", "concur")
    day = a_counted_day(exercise)

    at = playing.conduct(exercise, "close_days", state="KZ", first=day, ground=LEAVE)

    row = Concurrence.objects.filter(exercise=exercise).exclude(duty="").first()
    assert row is not None
    shown = dates.shown(row, at=at)
    assert shown is not None
    assert f"Counted again without days that the office has closed since: {day:%d %b %Y}" in (
        shown.rule
    )
    assert f"closed: {LEAVE}" in {one.reason for one in shown.days}


def test_what_is_promised_after_the_closing_was_not_counted_again() -> None:
    exercise = playing.before("alpha", "register")
    today = read_clock(exercise).at.date()
    office = exercise.office("KZ")
    day = next(
        one
        for one in (date.fromordinal(today.toordinal() + number) for number in range(1, 9))
        if office.is_working_day(one)
    )

    playing.conduct(exercise, "close_days", state="KZ", first=day, ground=LEAVE)

    count = office.with_closures({day: LEAVE})
    closed = exercise.office("KZ").why_closed(day)
    assert closed == count.why_closed(day)
    assert closed
    assert closed.reason == Reason.CLOSURE


def test_another_states_days_move_nothing() -> None:
    exercise = playing.before("alpha", "concur")
    before, day = desks(exercise), a_counted_day(exercise)

    playing.conduct(exercise, "close_days", state="TR", first=day, ground=LEAVE)

    assert desks(exercise) == before


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"state": "XX", "first": date(2026, 9, 15)}, "no office of this state"),
        ({"first": date(2026, 9, 1)}, "This day has begun"),
        ({"first": date(2026, 9, 15), "last": date(2026, 9, 14)}, "before the first"),
        ({"first": date(2026, 9, 15), "last": date(2026, 12, 14)}, "longer than 60 days"),
        ({"first": date(2026, 9, 12), "last": date(2026, 9, 13)}, "closed on these days anyway"),
        ({"first": date(2031, 9, 12)}, "does not know this day"),
    ],
)
def test_days_that_cannot_be_closed_are_told(details: dict[str, Any], said: str) -> None:
    exercise = playing.before("alpha", "register")

    with pytest.raises(ValidationError, match=said):
        playing.conduct(exercise, "close_days", **{"state": "KZ", "ground": LEAVE} | details)

    exercise.refresh_from_db()
    assert exercise.closures == []


def test_the_instructor_closes_days_on_the_panel() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    day, before = a_counted_day(exercise), desks(exercise)
    client = signed_in(exercise, "INSTRUCTOR")
    page = f"/x/{exercise.pk}/INSTRUCTOR/control/"
    said = {"state": "KZ", "first": str(day), "ground": LEAVE, "last": ""}
    form = form_for(client.get(page), "control/close_days/")

    refused = client.post(f"{page}close_days/", form.fields | said | {"first": "2026-02-30"})
    assert refused.status_code == 422
    assert desks(exercise) == before

    assert client.post(f"{page}close_days/", form.fields | said).status_code == 302
    assert desks(exercise) != before
    assert f"KZ {day}: {LEAVE}" in body(client.get(page))


def test_the_panel_offers_states_by_name_and_a_party_first() -> None:
    exercise = playing.before("alpha", "concur", seated=True)

    panel = signed_in(exercise, "INSTRUCTOR").get(f"/x/{exercise.pk}/INSTRUCTOR/control/")

    assert re.search(r'<option value="TR" selected>\s*T', body(panel))
    assert re.search(r'<option value="KZ">\s*Kazakhstan', body(panel))


def test_two_closings_add_up() -> None:
    exercise = playing.before("alpha", "concur")
    day = a_counted_day(exercise)
    playing.conduct(exercise, "close_days", state="KZ", first=day, ground=LEAVE)
    once = desks(exercise)

    playing.conduct(
        exercise, "close_days", state="KZ", first=a_counted_day(exercise), ground="Mourning"
    )

    assert all(desks(exercise)[desk] > once[desk] for desk in once)  # type: ignore[operator]
    assert [row["ground"] for row in exercise.closures] == [LEAVE, "Mourning"]


def test_several_days_are_closed_at_once_without_those_that_were_closed_anyway() -> None:
    exercise = playing.before("alpha", "concur")

    playing.conduct(
        exercise,
        "close_days",
        state="TR",
        first=date(2026, 10, 26),
        last=date(2026, 11, 1),
        ground=LEAVE,
    )

    closed = [row["day"] for row in exercise.closures]
    assert closed == ["2026-10-26", "2026-10-27", "2026-10-28", "2026-10-30"]
    assert not exercise.office("TR").is_open(datetime(2026, 10, 28, 7, tzinfo=UTC))


def test_a_closed_day_leaves_a_request_less_notice() -> None:
    exercise = playing.before("alpha", "concur")
    flight = FlightRequest.objects.get(exercise=exercise)

    before = rules.Matter(flight.latest, read_clock(exercise).at).read
    playing.conduct(exercise, "close_days", state="KZ", first=a_counted_day(exercise), ground=LEAVE)
    flight = FlightRequest.objects.get(exercise=exercise)

    assert rules.Matter(flight.latest, read_clock(exercise).at).read != before
