"""The public deadline calculator, and the calendar strip that it shows."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace import reference
from books import agreements, calendars
from books.calendars import Pause
from casework import dates
from transit.public import deadlines

if TYPE_CHECKING:
    from casework.dates import Cell, Strip

NAMES = {"TR": "Türkiye", "KZ": "Kazakhstan", "AZ": "Azerbaijan"}
TURKIYE = calendars.office(calendars.LATEST, "TR")
KAZAKHSTAN = calendars.office(calendars.LATEST, "KZ")
AGREEMENT = agreements.load(agreements.SHIPPED, agreements.latest(agreements.SHIPPED))

#: The trap week of March 2026.
ASKED = {
    "requesting": "TR",
    "host": "KZ",
    "received": "2026-03-19 06:00",
    "entry": "2026-03-27 05:00",
    "track": "STANDARD",
    "working_days": "",
}


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def page(status: int = 200, /, **asked: str) -> str:
    answer = Client().get("/deadlines/", ASKED | asked)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_anybody_may_ask_without_a_seat() -> None:
    answer = Client().get("/deadlines/")

    assert answer.status_code == 200
    assert "Deadline calculator" in answer.content.decode()
    assert "EXERCISE" in answer.content.decode()
    assert "There is a problem" not in answer.content.decode()


def test_the_answer_says_when_it_is_due_and_why() -> None:
    said = page()

    assert "Thu 2 Apr 2026 13:00Z" in said
    assert "Thu 2 Apr 2026 18:00, Kazakhstan" in said
    assert "holiday: Nowruz Holiday" in said
    assert "7 working days of KZ after receipt" in said
    assert "Training default." in said


def test_too_little_notice_is_no_fault_and_names_the_latest_receipt() -> None:
    said = page()

    assert "Too little notice." in said
    assert "Full days between receipt and entry that count: 2; asked for: 7." in said
    assert "12 Mar 2026 13:00Z" in said
    assert "In time." in page(received="2026-03-12 13:00")


def test_the_first_and_the_last_day_of_the_calendar_are_known() -> None:
    assert "Fri 12 Jan 2024 12:00Z" in page(received="2024-01-01 00:00", entry="")
    assert "Annual clearance for 2028" in page(entry="2028-12-31 18:59")


def test_without_an_entry_nothing_is_said_about_one() -> None:
    said = page(entry="")

    assert "Thu 2 Apr 2026 13:00Z" in said
    assert "Latest receipt" not in said
    assert "Annual clearance" not in said


def test_the_annual_deadline_is_that_of_the_year_of_the_entry_at_the_host() -> None:
    turn_of_the_year = {"received": "2026-12-01 18:30", "entry": "2026-12-31 19:00"}

    said = page(**turn_of_the_year)

    assert "Annual clearance for 2027" in said
    assert "1 Dec 2026 23:59:59, Kazakhstan" in said
    assert "would be in time" in said
    assert "would be too late" in page(**turn_of_the_year | {"received": "2026-12-01 19:30"})


def test_a_state_on_the_way_has_its_own_published_lead_times() -> None:
    said = page(host="AZ", track="AZ-SENSITIVE", entry="2026-05-27 05:00")

    assert "Fri 17 Apr 2026 14:00Z" in said
    assert "mfa.gov.az/content/145" in said
    assert "Annual clearance" not in said


def test_hours_are_a_target_and_ask_for_no_notice() -> None:
    said = page(host="TR", requesting="KZ", track="HUMANITARIAN")

    assert "Answer aimed at" in said
    assert "Fri 20 Mar 2026 06:00Z" in said
    assert "No notice is asked for on this track" in said
    assert "It lies before the planned entry." in said
    assert "It lies after the planned entry." in page(
        host="TR", requesting="KZ", track="HUMANITARIAN", entry="2026-03-20 05:00"
    )


def test_a_number_of_working_days_serves_every_state() -> None:
    for state in reference.states().keys() & calendars.states(calendars.LATEST):
        other = "KZ" if state == "TR" else "TR"
        said = page(host=state, requesting=other, track="", working_days="3")
        assert f"3 working days of {state} after receipt" in said
        assert "As given above." in said


def test_a_state_of_a_fictional_agreement_is_not_offered() -> None:
    assert "is not one of the available choices" in page(422, host="XL")


def test_each_track_is_offered_with_what_it_asks_for() -> None:
    said = page()

    for track in deadlines.offered_tracks(AGREEMENT):
        assert f'value="{track.code}"' in said
    assert "standard: 7 working days (training default)" in said
    assert "dangerous goods, armed or sensors: 14 working days<" in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": "XX"}, "Select a valid choice. XX is not one of the available choices."),
        ({"host": ""}, "This field is required."),
        ({"requesting": "KZ"}, "Host and requesting state are two states."),
        ({"received": "yesterday"}, "Give date and time in UTC"),
        ({"received": ""}, "This field is required."),
        ({"received": "2023-06-01 00:00"}, "from 2024-01-01 to 2028-12-31"),
        ({"received": "2028-12-29 06:00"}, "this count leaves them"),
        ({"entry": "9999-12-31 23:00"}, "Give date and time in UTC"),
        ({"entry": "2031-01-01 00:00"}, "from 2024-01-01 to 2028-12-31"),
        ({"track": ""}, "Choose a track or give a number of working days."),
        ({"track": "NONE"}, "Select a valid choice."),
        ({"working_days": "3"}, "not both"),
        ({"working_days": "0", "track": ""}, "greater than or equal to 1"),
        ({"working_days": "99999", "track": ""}, "less than or equal to 250"),
        ({"working_days": "many", "track": ""}, "Enter a whole number."),
        (
            {"host": "GE"},
            "Georgia has no such track: choose none, and give a number of working days.",
        ),
        ({"track": "AZ-VIP"}, "Kazakhstan has no such track"),
    ],
    ids=str,
)
def test_nonsense_is_named_at_its_field_and_kept(wrong: dict[str, str], said: str) -> None:
    found = page(422, **wrong)

    assert "There is a problem" in found
    assert said in found
    assert "Answer due" not in found
    for name in ("received", "entry", "working_days"):
        typed = (ASKED | wrong)[name]
        assert not typed or f'value="{typed}"' in found


TEXT = st.text(max_size=12)
MOMENTS = TEXT | st.datetimes().map(lambda at: f"{at:%Y-%m-%d %H:%M}")


@given(
    st.fixed_dictionaries(
        {
            "host": TEXT | st.sampled_from(calendars.states(calendars.LATEST)),
            "requesting": TEXT | st.sampled_from(calendars.states(calendars.LATEST)),
            "received": MOMENTS | st.just("2026-09-14 06:00"),
            "entry": MOMENTS,
            "track": TEXT | st.sampled_from([*AGREEMENT.tracks]),
            "working_days": TEXT | st.integers().map(str) | st.integers(1, 30).map(str),
        }
    )
)
@settings(max_examples=40)
def test_no_nonsense_breaks_the_page(asked: dict[str, str]) -> None:
    assert Client().get("/deadlines/", asked).status_code in {200, 422}


# The strip


def cells(strip: tuple[Strip, ...], state: str) -> dict[str, Cell]:
    return {
        str(cell.date): cell
        for part in strip
        for row in part.rows
        if row.state == state
        for cell in row.cells
    }


def strip(amount: int = 7, **options: Any) -> tuple[Strip, ...]:
    count = calendars.working_days(
        KAZAKHSTAN, amount, received_at=instant("2026-03-19T06:00:00Z"), **options
    )
    return dates.strip(
        count, KAZAKHSTAN, TURKIYE, names=NAMES, entry_at=instant("2026-03-27T05:00:00Z")
    )


def test_the_strip_shows_the_hosts_count_beside_the_other_calendar() -> None:
    (shown,) = strip()
    host, other = cells((shown,), "KZ"), cells((shown,), "TR")

    assert [(row.name, row.counts) for row in shown.rows] == [
        ("Kazakhstan", True),
        ("Türkiye", False),
    ]
    assert [(month.month, width) for month, width in shown.months] == [(3, 13), (4, 2)]
    assert host["2026-03-19"].look == "receipt"
    assert (host["2026-03-20"].look, host["2026-03-20"].number) == ("counted", 1)
    assert host["2026-03-23"].text == "holiday: Nowruz Holiday"
    assert host["2026-03-28"].look == "weekend"
    assert [day for day, cell in host.items() if cell.is_due] == ["2026-04-02"]
    assert [day for day, cell in host.items() if cell.is_entry] == ["2026-03-27"]
    assert other["2026-03-19"].text == "half day until 13:00: Eid al-Fitr (eve)"
    assert other["2026-03-20"].text == "holiday: Eid al-Fitr"
    assert other["2026-03-23"].text == "working day"
    assert not any(cell.number or cell.is_due or cell.is_entry for cell in other.values())


def test_a_counted_half_day_says_so() -> None:
    count = calendars.working_days(TURKIYE, 1, received_at=instant("2026-10-27T09:00:00Z"))

    host = cells(dates.strip(count, TURKIYE, KAZAKHSTAN, names=NAMES), "TR")

    assert host["2026-10-28"].text == "half day until 13:00, counted: Republic Day (eve)"


def test_a_standing_clock_has_no_due_date_on_the_strip() -> None:
    asked_at = instant("2026-03-26T06:00:00Z")

    host = cells(strip(pauses=[Pause(asked_at)]), "KZ")

    assert not any(cell.is_due for cell in host.values())
    assert host["2026-03-27"].is_entry


def test_a_long_strip_goes_on_below_without_losing_a_date() -> None:
    parts = strip(40)

    shown = [day for part in parts for day in part.dates]
    assert len(parts) == 3
    assert all(len(part.dates) <= dates.STRIP_DAYS for part in parts)
    assert all(sum(width for _, width in part.months) == len(part.dates) for part in parts)
    assert shown == [shown[0] + dt.timedelta(days=number) for number in range(len(shown))]
    assert (str(shown[0]), str(shown[-1])) == ("2026-03-19", "2026-05-22")


@given(
    st.sampled_from(["hours", "working_days", "calendar_days"]),
    st.integers(1, 60),
    st.datetimes(dt.datetime(2024, 1, 10), dt.datetime(2028, 8, 1)),  # noqa: DTZ001 - below
    st.integers(-30, 400),
)
@settings(max_examples=40)
def test_a_strip_runs_from_arrival_to_the_due_date(
    unit: str, amount: int, received: dt.datetime, days_ahead: int
) -> None:
    received_at = received.replace(microsecond=0, tzinfo=dt.UTC)
    allowance = agreements.Allowance.model_validate({unit: amount})
    count = allowance.count(TURKIYE, received_at=received_at)
    entry_at = received_at + dt.timedelta(days=days_ahead)

    shown = cells(dates.strip(count, TURKIYE, KAZAKHSTAN, names=NAMES, entry_at=entry_at), "TR")

    assert count.due_at is not None
    arrival, due = TURKIYE.local(received_at).date(), TURKIYE.local(count.due_at).date()
    assert [day for day, cell in shown.items() if cell.is_due] == [str(due)]
    assert next(iter(shown)) == str(arrival)
    assert [cell.number for cell in shown.values() if cell.number] == [
        *range(1, len(count.counted) + 1)
    ]
