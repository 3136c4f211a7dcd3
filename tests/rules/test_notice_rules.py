"""The rules on notice, at their edges; that each finding goes is in `tests.situations`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import rules
from books import calendars
from tests import playing
from tests.situations import acting
from tests.situations.asking import (
    ALPHA,
    CELLS,
    EARLY,
    Changes,
    codes,
    crossing,
    entering,
    form,
    found,
    keys,
)
from transit import short_notice

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

#: Seven full working days before the entry on Monday 14 September, at close of business in Astana.
LAST = datetime(2026, 9, 2, 13, tzinfo=UTC)
NOTICE = {"NOTICE_UNJUSTIFIED", "NOTICE_SHORT"}


def test_notice_is_enough_until_close_of_business() -> None:
    assert not codes(form(received_at=LAST)) & NOTICE
    too_late = form(received_at=LAST.replace(second=1))

    said = found(too_late, "NOTICE_UNJUSTIFIED").sentence
    assert said.startswith("Full days between receipt and entry: 6; Kazakhstan asks for 7.")
    assert said.endswith("In time until 2 Sep 2026 13:00Z.")


def test_a_justification_is_quoted_and_takes_the_place_of_the_fault() -> None:
    reason = "The flood was on Monday."
    late = form(received_at=LAST.replace(day=9), short_notice_reason=reason)

    assert codes(late) & NOTICE == {"NOTICE_SHORT"}
    assert found(late, "NOTICE_SHORT").sentence.endswith(f"Justification: “{reason}”")
    assert not codes(form(short_notice_reason=reason)) & NOTICE


@pytest.mark.parametrize("priority", ["HUM", "MEDEVAC", "SAR"])
def test_what_is_urgent_needs_no_minimum(priority: str) -> None:
    at_once = form(received_at=datetime(2026, 9, 14, 5, tzinfo=UTC), priority=priority)

    assert "URGENT" in codes(at_once)
    assert not codes(at_once) & NOTICE


def test_a_delegation_is_quicker_and_a_sensitive_load_slower() -> None:
    in_four_days = LAST.replace(day=7)
    delegation: Changes = {
        "priority": "VIP",
        "category": "OFFICIAL_DELEGATION",
        "principals": "Minister",
    }

    assert not codes(form(received_at=LAST.replace(day=4), **delegation)) & NOTICE
    assert codes(form(received_at=in_four_days, **delegation)) & NOTICE
    assert codes(form(received_at=LAST, goods=[CELLS])) & NOTICE
    assert not codes(form(received_at=EARLY, goods=[CELLS])) & NOTICE


def test_a_draft_is_counted_as_if_it_were_sent_now() -> None:
    draft = form()
    draft.flight.received_at = None

    assert not {one.code for one in rules.findings(draft, at=LAST)} & NOTICE
    tomorrow = rules.findings(draft, at=LAST.replace(day=3))
    assert {one.code for one in tomorrow} & NOTICE == {"NOTICE_UNJUSTIFIED"}


def test_without_a_crossing_of_the_host_there_is_nothing_to_count() -> None:
    others = [row for row in ALPHA["crossings"] if row["state"] != "KZ"]

    assert not codes(form(crossings=others, received_at=LAST.replace(day=13))) & NOTICE


def test_beyond_the_calendar_nothing_is_counted() -> None:
    last_day = calendars.office(calendars.LATEST, "KZ").last_day
    beyond = datetime(last_day.year + 1, 3, 1, 7, tzinfo=UTC)
    asked: Changes = entering(beyond, received_at=datetime(last_day.year, 12, 31, 7, tzinfo=UTC))
    asked["crossings"][2]["clearance"] = "REQUESTED"

    assert not codes(form(**asked, goods=[CELLS])) & {*NOTICE, "THIRD_STATE_NOTICE"}


def test_a_third_state_is_counted_on_the_track_it_publishes() -> None:
    waiting = crossing(3, clearance="REQUESTED")

    assert "THIRD_STATE_NOTICE:AZ" in keys(form(crossings=waiting, goods=[CELLS]))
    assert "Azerbaijan asks for 14 working days" in (
        found(form(crossings=waiting, goods=[CELLS]), "THIRD_STATE_NOTICE:AZ").sentence
    )
    assert "THIRD_STATE_NOTICE" not in codes(form(crossings=waiting))
    georgia = crossing(2, clearance="REQUESTED")
    assert "THIRD_STATE_NOTICE" not in codes(form(crossings=georgia, goods=[CELLS]))


def test_of_military_cargo_alone_the_text_reads_both_ways() -> None:
    exercise = acting.played(
        "transmit", category="MILITARY", crossings=crossing(3, clearance="REQUESTED")
    )
    flight = acting.flight(exercise)

    third = short_notice.asked(flight, at=exercise.last_at)[0]

    assert third.name == "Azerbaijan"
    assert third.words == "14 working days of “dangerous and military cargo”: ask"


def test_every_state_on_the_way_but_the_two_is_waited_for() -> None:
    silent = [row | {"clearance": ""} for row in ALPHA["crossings"]]

    assert {it for it in keys(form(crossings=silent)) if it.startswith("THIRD_STATE_PENDING")} == {
        f"THIRD_STATE_PENDING:{state}" for state in ("GE", "AZ", "UZ", "TJ")
    }


def test_what_is_returned_counts_from_when_it_will_be_sent_again() -> None:
    exercise = playing.before("returned", "revise")
    acting.use(exercise, "TR-PLANNER", "revise")
    flight = acting.flight(exercise)
    assert flight.entry_at
    assert flight.draft
    too_late = flight.entry_at - timedelta(days=2)

    [host, *_] = short_notice.asked(flight, at=too_late)

    assert host.is_short
    assert "NOTICE_UNJUSTIFIED" in {one.code for one in rules.findings(flight.draft, at=too_late)}


def test_the_calendar_still_holds_what_follows_the_flight() -> None:
    """The report, its reminder and the closure are counted in it."""
    last: Changes = {"received_at": datetime(2028, 10, 2, 6, tzinfo=UTC)}
    too_late = form(**entering(datetime(2028, 12, 11, 7, tzinfo=UTC)), **last)
    in_time = form(**entering(datetime(2028, 11, 27, 7, tzinfo=UTC)), **last)

    assert "2028-12-01" in found(too_late, "FORM_INCOMPLETE:crossings").sentence
    assert "FORM_INCOMPLETE" not in codes(in_time)
