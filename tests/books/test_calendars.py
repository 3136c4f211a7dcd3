from __future__ import annotations

import csv
import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from books import calendars
from books.calendars import Closures, Count, Day, LeadTime, Office, Pause, Reason

ROOT = Path(__file__).parents[2]
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)

CASES: list[dict[str, Any]] = json.loads(
    (ROOT / "tests/data/lead_time_cases.json").read_text(encoding="utf-8")
)["cases"]

TURKIYE = calendars.office(calendars.LATEST, "TR")
KAZAKHSTAN = calendars.office(calendars.LATEST, "KZ")


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def cases(kind: str) -> pytest.MarkDecorator:
    """Run a test for each case of this kind by each version of the calendar."""
    return pytest.mark.parametrize(
        ("case", "version"),
        [
            pytest.param(case, version, id=f"{case['id']}-{version}")
            for case in CASES
            for version in calendars.VERSIONS
            if case["kind"] == kind
        ],
    )


def spoken(day: Day) -> dict[str, str]:
    words = {
        Reason.WEEKEND_SATURDAY: "Saturday",
        Reason.WEEKEND_SUNDAY: "Sunday",
        Reason.PAUSED: "clock paused at close of business",
    }
    return {"date": day.date.isoformat(), "reason": words.get(day.reason, day.name)}


def iso(dates: tuple[dt.date, ...]) -> list[str]:
    return [date.isoformat() for date in dates]


@cases("due")
def test_due_dates_are_those_counted_by_hand(case: dict[str, Any], version: str) -> None:
    office = calendars.office(version, case["host"])
    pauses = [
        Pause(instant(pause["from_utc"]), instant(pause["to_utc"]))
        for pause in case.get("pauses", ())
    ]

    count = calendars.working_days(
        office, case["working_days"], received_at=instant(case["received_utc"]), pauses=pauses
    )

    assert count.due_at is not None
    assert {
        "deemed_receipt_date": str(count.receipt_date),
        "counted_dates": iso(count.counted),
        "due_utc": count.due_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "due_local": office.local(count.due_at).strftime("%Y-%m-%dT%H:%M"),
        "skipped": [spoken(day) for day in count.skipped],
    } == case["expected"]


@cases("lead_time_check")
def test_lead_times_are_those_counted_by_hand(case: dict[str, Any], version: str) -> None:
    notice = calendars.lead_time(
        calendars.office(version, case["host"]),
        received_at=instant(case["received_utc"]),
        entry_at=instant(case["entry_utc"]),
        working_days=case["working_days"],
    )

    assert {
        "deemed_receipt_date": str(notice.receipt_date),
        "entry_date_host": str(notice.entry_date),
        "full_working_days_between": iso(notice.counted),
        "count": notice.count,
        "in_time": notice.is_in_time,
        "latest_receipt_utc": notice.latest_receipt_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    } == case["expected"]


@cases("annual_deadline")
def test_the_annual_deadline_is_read_on_the_hosts_clock(case: dict[str, Any], version: str) -> None:
    deadline = calendars.annual_deadline(
        calendars.office(version, case["host"]),
        case["dcn_year"],
        received_at=instant(case["received_utc"]),
    )

    assert {
        "deadline_utc": deadline.deadline_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "in_time": deadline.is_in_time,
        "valid_from_utc": deadline.valid_from.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "valid_to_utc": deadline.valid_until.strftime("%Y-%m-%dT%H:%M:%SZ"),
    } == case["expected"]


def test_every_case_is_judged() -> None:
    assert len(CASES) == 20
    assert {case["kind"] for case in CASES} == {"due", "lead_time_check", "annual_deadline"}


def test_what_arrives_after_close_waits_for_the_next_working_day_and_says_why() -> None:
    friday_evening = instant("2026-09-11T15:10:00Z")

    count = calendars.working_days(TURKIYE, 1, received_at=friday_evening)

    assert count.deferred == (
        Day(dt.date(2026, 9, 11), Reason.RECEIVED_AFTER_CLOSE),
        Day(dt.date(2026, 9, 12), Reason.WEEKEND_SATURDAY),
        Day(dt.date(2026, 9, 13), Reason.WEEKEND_SUNDAY),
    )
    assert count.days == (
        Day(dt.date(2026, 9, 14), Reason.RECEIPT),
        Day(dt.date(2026, 9, 15), Reason.COUNTED),
    )


def test_a_late_arrival_on_a_holiday_is_put_down_to_the_holiday() -> None:
    republic_day_evening = instant("2026-10-29T20:00:00Z")

    deferred, receipt_date = TURKIYE.receipt(republic_day_evening)

    assert deferred == (Day(dt.date(2026, 10, 29), Reason.HOLIDAY, "Republic Day"),)
    assert receipt_date == dt.date(2026, 10, 30)


def test_a_half_day_counts_and_keeps_its_name() -> None:
    eve = Day(dt.date(2026, 10, 28), Reason.COUNTED, "Republic Day (eve)")

    count = calendars.working_days(TURKIYE, 1, received_at=instant("2026-10-27T09:00:00Z"))

    assert count.days[-1] == eve
    assert count.due_at == instant("2026-10-28T10:00:00Z")


def test_in_an_older_calendar_a_half_day_closes_as_any_other() -> None:
    before = calendars.office("2026.2", "TR")

    count = calendars.working_days(before, 1, received_at=instant("2026-10-27T09:00:00Z"))

    assert count.due_at == instant("2026-10-28T14:30:00Z")


@pytest.mark.parametrize(
    ("received_at", "receipt", "due_at"),
    [
        ("2026-03-19T10:00:00Z", "2026-03-19", "2026-03-23T14:30:00Z"),  # at 13:00 local
        ("2026-03-19T10:00:01Z", "2026-03-23", "2026-03-24T14:30:00Z"),
        ("2026-05-26T11:00:00Z", "2026-06-01", "2026-06-02T14:30:00Z"),
        ("2027-03-08T10:30:00Z", "2027-03-12", "2027-03-15T14:30:00Z"),
        ("2028-02-25T12:00:00Z", "2028-02-29", "2028-03-01T14:30:00Z"),
        ("2025-06-05T10:15:00Z", "2025-06-10", "2025-06-11T14:30:00Z"),
        ("2026-05-25T06:00:00Z", "2026-05-25", "2026-05-26T10:00:00Z"),  # owed on the eve
    ],
)
def test_after_13_00_on_an_eve_nobody_receives(received_at: str, receipt: str, due_at: str) -> None:
    count = calendars.working_days(TURKIYE, 1, received_at=instant(received_at))

    assert str(count.receipt_date) == receipt
    assert count.due_at == instant(due_at)


def test_on_a_half_day_the_office_is_open_until_13_00() -> None:
    assert TURKIYE.is_open(instant("2026-10-28T10:00:00Z"))
    assert not TURKIYE.is_open(instant("2026-10-28T10:00:01Z"))
    assert TURKIYE.is_open(instant("2026-10-27T10:00:01Z"))


@pytest.mark.parametrize(
    "date",
    ["2024-04-08", "2024-04-09", "2024-06-20", "2024-06-21", "2025-04-02", "2025-04-04"],
)
def test_administrative_leave_closes_the_office(date: str) -> None:
    closed = TURKIYE.why_closed(dt.date.fromisoformat(date))

    assert closed
    assert closed.name.startswith("Administrative leave")


def test_a_saturday_worked_in_exchange_counts_and_the_day_off_does_not() -> None:
    count = calendars.working_days(KAZAKHSTAN, 3, received_at=instant("2024-05-03T06:00:00Z"))

    assert iso(count.counted) == ["2024-05-04", "2024-05-06", "2024-05-10"]
    assert count.days[1].name == "Working day (swapped)"
    assert [(day.date.day, day.reason) for day in count.skipped] == [
        (5, Reason.WEEKEND_SUNDAY),
        (7, Reason.HOLIDAY),
        (8, Reason.HOLIDAY),
        (9, Reason.HOLIDAY),
    ]


def test_a_closure_moves_the_date_and_gives_its_ground() -> None:
    closures = {dt.date(2026, 9, 8): "Day of mourning"}

    count = calendars.working_days(TURKIYE, 1, received_at=MONDAY, closures=closures)

    assert count.skipped == (Day(dt.date(2026, 9, 8), Reason.CLOSURE, "Day of mourning"),)
    assert count.due_at == TURKIYE.close_of_business(dt.date(2026, 9, 9))


def test_closures_may_come_as_rows_and_add_up() -> None:
    first = TURKIYE.with_closures({dt.date(2026, 9, 8): "Day of mourning"})

    both = first.with_closures([(dt.date(2026, 9, 9), "Storm")])

    assert set(both.closures) == {dt.date(2026, 9, 8), dt.date(2026, 9, 9)}
    assert TURKIYE.is_working_day(dt.date(2026, 9, 8))


def test_the_standing_calendar_speaks_before_a_closure() -> None:
    office = TURKIYE.with_closures(
        {
            dt.date(2026, 9, 12): "Storm",
            dt.date(2026, 10, 29): "Storm",
            dt.date(2026, 9, 14): "Storm",
        }
    )

    reasons = [
        closed.reason for day in office.closures if (closed := office.why_closed(day)) is not None
    ]

    assert reasons == [Reason.WEEKEND_SATURDAY, Reason.HOLIDAY, Reason.CLOSURE]


def test_a_closure_makes_a_notice_late_that_was_just_in_time() -> None:
    notice = partial(
        calendars.lead_time,
        KAZAKHSTAN,
        received_at=instant("2026-03-12T13:00:00Z"),
        entry_at=instant("2026-03-27T05:00:00Z"),
        working_days=7,
    )

    assert notice().is_in_time
    assert not notice(closures={dt.date(2026, 3, 17): "Storm"}).is_in_time


def test_while_a_pause_is_open_the_clock_stands() -> None:
    asked_at = instant("2026-09-09T08:00:00Z")

    count = calendars.working_days(TURKIYE, 7, received_at=MONDAY, pauses=[Pause(asked_at)])

    assert (count.due_at, count.pauses) == (None, (Pause(asked_at),))
    assert iso(count.counted) == ["2026-09-08"]


def test_one_open_question_holds_the_clock_although_another_is_answered() -> None:
    asked_at = instant("2026-09-09T08:00:00Z")
    pauses = [Pause(asked_at), Pause(asked_at + HOUR, asked_at + 2 * HOUR)]

    days = calendars.working_days(TURKIYE, 7, received_at=MONDAY, pauses=pauses)
    hours = calendars.hours(72, received_at=MONDAY, pauses=pauses)

    assert (days.due_at, days.pauses) == (None, (Pause(asked_at),))
    assert (hours.due_at, hours.pauses) == (None, (Pause(asked_at),))


def test_a_pause_that_begins_after_the_date_was_due_changes_nothing() -> None:
    due_at = instant("2026-09-16T14:30:00Z")

    after = calendars.working_days(TURKIYE, 7, received_at=MONDAY, pauses=[Pause(due_at + SECOND)])
    at_the_moment = calendars.working_days(TURKIYE, 7, received_at=MONDAY, pauses=[Pause(due_at)])

    assert (after.due_at, after.pauses) == (due_at, ())
    assert (at_the_moment.due_at, at_the_moment.pauses) == (None, (Pause(due_at),))


def test_an_answer_at_close_of_business_makes_the_day_count() -> None:
    close = TURKIYE.close_of_business(dt.date(2026, 9, 8))

    in_time = calendars.working_days(TURKIYE, 1, received_at=MONDAY, pauses=[Pause(MONDAY, close)])
    too_late = calendars.working_days(
        TURKIYE, 1, received_at=MONDAY, pauses=[Pause(MONDAY, close + SECOND)]
    )

    assert in_time.due_at == close
    assert too_late.skipped == (Day(dt.date(2026, 9, 8), Reason.PAUSED),)


def test_hours_run_through_the_weekend_and_add_the_time_that_the_clock_stood() -> None:
    friday = instant("2026-09-11T15:00:00Z")
    pauses = [Pause(friday + 5 * HOUR, friday + 8 * HOUR), Pause(friday + HOUR, friday + 2 * HOUR)]

    plain = calendars.hours(24, received_at=friday)
    paused = calendars.hours(24, received_at=friday, pauses=pauses)

    assert plain.due_at == friday + 24 * HOUR
    assert paused.due_at == friday + 28 * HOUR
    assert paused.pauses == tuple(reversed(pauses))
    assert (plain.office, plain.receipt_date, plain.days) == (None, None, ())


def test_hours_that_stand_in_two_pauses_at_once_are_added_once() -> None:
    pauses = [
        Pause(MONDAY - HOUR, MONDAY + 2 * HOUR),
        Pause(MONDAY + HOUR, MONDAY + 3 * HOUR),
        Pause(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR),
        Pause(MONDAY + 5 * HOUR, MONDAY + 5 * HOUR),
    ]

    count = calendars.hours(4, received_at=MONDAY, pauses=pauses)

    assert count.pauses == (Pause(MONDAY, MONDAY + 4 * HOUR),)
    assert count.due_at == MONDAY + 8 * HOUR


def test_hours_stand_while_a_pause_is_open_unless_they_were_over() -> None:
    standing = calendars.hours(4, received_at=MONDAY, pauses=[Pause(MONDAY + 4 * HOUR)])
    over = calendars.hours(4, received_at=MONDAY, pauses=[Pause(MONDAY + 4 * HOUR + SECOND)])

    assert (standing.due_at, standing.pauses) == (None, (Pause(MONDAY + 4 * HOUR),))
    assert over.due_at == MONDAY + 4 * HOUR


def test_calendar_days_count_weekends_and_holidays_and_keep_their_names() -> None:
    count = calendars.calendar_days(KAZAKHSTAN, 4, received_at=instant("2026-03-20T06:00:00Z"))

    assert count.unit == "calendar_days"
    assert count.deferred == count.skipped == ()
    assert count.days == (
        Day(dt.date(2026, 3, 20), Reason.RECEIPT),
        Day(dt.date(2026, 3, 21), Reason.COUNTED, "Nowruz Holiday"),
        Day(dt.date(2026, 3, 22), Reason.COUNTED, "Nowruz Holiday"),
        Day(dt.date(2026, 3, 23), Reason.COUNTED, "Nowruz Holiday"),
        Day(dt.date(2026, 3, 24), Reason.COUNTED, "Nowruz Holiday"),
    )
    assert count.due_at == instant("2026-03-24T13:00:00Z")


@pytest.mark.parametrize(
    ("received_at", "receipt_date"),
    [
        ("2026-09-11T14:30:01Z", "2026-09-11"),  # a second after close of business
        ("2026-09-11T20:59:59Z", "2026-09-11"),  # the last second of Friday in Ankara
        ("2026-09-11T21:00:00Z", "2026-09-12"),  # Saturday has begun there
        ("2026-10-29T09:00:00Z", "2026-10-29"),  # Republic Day
    ],
)
def test_for_calendar_days_the_day_of_arrival_is_the_day_of_receipt(
    received_at: str, receipt_date: str
) -> None:
    count = calendars.calendar_days(TURKIYE, 1, received_at=instant(received_at))

    assert str(count.receipt_date) == receipt_date
    assert count.counted == (dt.date.fromisoformat(receipt_date) + DAY,)


def test_a_pause_stops_calendar_days_as_it_stops_working_days() -> None:
    asked_at, answered_at = instant("2026-09-11T08:00:00Z"), instant("2026-09-14T15:00:00Z")

    count = calendars.calendar_days(
        TURKIYE, 5, received_at=MONDAY, pauses=[Pause(asked_at, answered_at)]
    )
    standing = calendars.calendar_days(TURKIYE, 5, received_at=MONDAY, pauses=[Pause(asked_at)])

    assert [(day.date.day, day.reason) for day in count.skipped] == [
        (day, Reason.PAUSED) for day in (11, 12, 13, 14)
    ]
    assert count.due_at == TURKIYE.close_of_business(dt.date(2026, 9, 16))
    assert (standing.due_at, standing.pauses) == (None, (Pause(asked_at),))


def test_a_lead_time_in_calendar_days_asks_for_full_days_between() -> None:
    sunday = instant("2026-09-13T20:00:00Z")  # 23:00 in Ankara

    notice = partial(calendars.calendar_lead_time, TURKIYE, received_at=sunday, calendar_days=3)

    assert notice(entry_at=instant("2026-09-16T23:00:00Z")).is_in_time
    assert not notice(entry_at=instant("2026-09-16T20:00:00Z")).is_in_time
    late = notice(entry_at=instant("2026-09-16T20:00:00Z"))
    assert iso(late.counted) == ["2026-09-14", "2026-09-15"]
    assert late.latest_receipt_at == instant("2026-09-12T20:59:59Z")


def test_an_entry_before_the_receipt_had_no_notice() -> None:
    notice = calendars.lead_time(
        TURKIYE, received_at=MONDAY, entry_at=MONDAY - 3 * DAY, working_days=1
    )

    assert notice.count == 0
    assert not notice.is_in_time


def test_instants_come_back_in_utc_whatever_zone_they_were_given_in() -> None:
    count = calendars.working_days(TURKIYE, 1, received_at=KAZAKHSTAN.local(MONDAY))

    assert count == calendars.working_days(TURKIYE, 1, received_at=MONDAY)
    assert count.received_at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    "wrong", [MONDAY.replace(tzinfo=None), MONDAY.replace(microsecond=1)], ids=["naive", "fraction"]
)
def test_an_instant_that_is_not_aware_and_whole_is_refused(wrong: dt.datetime) -> None:
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        TURKIYE.local(wrong)
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        Pause(wrong)
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        Pause(MONDAY, wrong)
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        calendars.working_days(TURKIYE, 1, received_at=wrong)
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        calendars.hours(1, received_at=wrong)
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        calendars.lead_time(TURKIYE, received_at=MONDAY, entry_at=wrong, working_days=1)
    with pytest.raises(ValueError, match="aware and in whole seconds"):
        calendars.annual_deadline(TURKIYE, 2027, received_at=wrong)


@pytest.mark.parametrize("amount", [0, -1])
def test_less_than_one_day_or_hour_cannot_be_counted(amount: int) -> None:
    with pytest.raises(ValueError, match="At least one"):
        calendars.working_days(TURKIYE, amount, received_at=MONDAY)
    with pytest.raises(ValueError, match="At least one"):
        calendars.calendar_days(TURKIYE, amount, received_at=MONDAY)
    with pytest.raises(ValueError, match="At least one"):
        calendars.hours(amount, received_at=MONDAY)
    with pytest.raises(ValueError, match="At least one"):
        calendars.lead_time(TURKIYE, received_at=MONDAY, entry_at=MONDAY, working_days=amount)


def test_a_pause_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Pause(MONDAY, MONDAY - SECOND)


def test_the_calendar_counts_to_its_last_day_and_not_beyond() -> None:
    wednesday = instant("2028-12-27T09:00:00Z")

    assert calendars.working_days(TURKIYE, 2, received_at=wednesday).due_at == instant(
        "2028-12-29T14:30:00Z"
    )
    with pytest.raises(calendars.CalendarRangeError, match="2028-12-31, not 2029-01-01"):
        calendars.working_days(TURKIYE, 3, received_at=wednesday)
    with pytest.raises(calendars.CalendarRangeError, match="2028-12-31, not 2029-01-01"):
        calendars.calendar_days(TURKIYE, 5, received_at=wednesday)


def test_the_calendar_does_not_speak_for_the_years_before_it() -> None:
    with pytest.raises(calendars.CalendarRangeError, match="not 2023-12-29"):
        TURKIYE.receipt(instant("2023-12-29T09:00:00Z"))
    with pytest.raises(calendars.CalendarRangeError, match="not 2023-12-31"):
        calendars.lead_time(
            TURKIYE,
            received_at=instant("2024-01-02T09:00:00Z"),
            entry_at=instant("2024-01-04T09:00:00Z"),
            working_days=7,
        )


def test_a_state_without_holidays_has_weekends_and_says_that_it_is_not_known() -> None:
    uzbekistan = calendars.office("2026.1", "UZ")

    assert TURKIYE.known
    assert not uzbekistan.known
    assert uzbekistan.sources == {}
    assert uzbekistan.is_working_day(dt.date(2026, 1, 1))
    assert not uzbekistan.is_working_day(dt.date(2026, 1, 3))


def test_the_latest_calendar_knows_the_states_on_the_way() -> None:
    states = calendars.states(calendars.LATEST)

    assert states == ("AM", "AZ", "GE", "KG", "KZ", "TJ", "TM", "TR", "UZ", "XL", "XV")
    assert all(calendars.office(calendars.LATEST, state).known for state in states)


@pytest.mark.parametrize(
    ("state", "date", "closed"),
    [
        ("UZ", "2026-12-12", None),  # a Saturday worked for 31 December
        ("UZ", "2026-12-31", "Day off (swapped)"),
        ("UZ", "2026-03-23", "Nowruz"),
        ("TJ", "2026-03-24", "International Nowruz Day"),
        ("KG", "2026-05-06", "May Holidays"),
        ("AM", "2026-01-27", "Day of Remembrance for the Fallen Defenders of the Fatherland"),
        ("TM", "2026-09-28", "Non-working day"),
        ("TM", "2027-12-13", "International Neutrality Day"),
    ],
)
def test_days_off_of_the_states_on_the_way(state: str, date: str, closed: str | None) -> None:
    found = calendars.office("2026.2", state).why_closed(dt.date.fromisoformat(date))

    assert (found and found.name) == closed


def test_a_new_calendar_leaves_the_days_of_the_states_that_it_takes_over() -> None:
    for state in calendars.states("2026.1"):
        older, newer = calendars.office("2026.1", state), calendars.office("2026.2", state)

        assert (older.days_off, older.days_worked, older.half_days) == (
            newer.days_off,
            newer.days_worked,
            newer.half_days,
        )
        assert (older.zone, older.closes_at) == (newer.zone, newer.closes_at)


def test_only_the_turkish_close_of_business_is_a_published_figure() -> None:
    published = [
        state
        for state in calendars.states(calendars.LATEST)
        if "closes_at" in calendars.office(calendars.LATEST, state).sources
    ]

    assert published == ["TR"]
    assert "shgm.gov.tr" in TURKIYE.sources["closes_at"]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-09-14T05:29:59Z", False),
        ("2026-09-14T05:30:00Z", True),
        ("2026-09-14T14:30:00Z", True),
        ("2026-09-14T14:30:01Z", False),
        ("2026-09-13T09:00:00Z", False),  # a Sunday
        ("2026-10-29T09:00:00Z", False),  # Republic Day
    ],
)
def test_an_office_is_open_on_working_days_in_its_hours(moment: str, is_open: bool) -> None:
    office = calendars.office(calendars.LATEST, "TR")

    assert office.is_open(dt.datetime.fromisoformat(moment)) is is_open


def test_an_unknown_version_or_state_is_refused_in_words() -> None:
    with pytest.raises(calendars.UnknownCalendarError, match=r"no calendar '1999\.1'.*2026\.1"):
        calendars.office("1999.1", "TR")
    with pytest.raises(calendars.UnknownCalendarError, match=r"no calendar '1999\.1'"):
        calendars.states("1999.1")
    with pytest.raises(calendars.UnknownCalendarError, match="'tr' is not a state's code"):
        calendars.office("2026.1", "tr")


@pytest.mark.parametrize("version", calendars.VERSIONS)
def test_the_tables_of_every_version_are_sound(version: str) -> None:
    folder = ROOT / f"books/data/calendars/{version}"
    sheet = YAML(typ="safe", pure=True).load(folder / "offices.yaml")
    with (folder / "holidays.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))

    offices = [sheet["default"], *sheet["offices"].values()]
    dates = [(row["state"], row["date"]) for row in rows]

    for figures in offices:
        assert set(figures) - {"opens_at", "half_day_closes_at"} == {"zone", "closes_at"}
        for figure in figures.values():
            assert ("source" in figure) != (figure.get("training_default") is True)
    assert len(dates) == len(set(dates))
    assert {row["kind"] for row in rows} <= {
        "public",
        "observed",
        "substituted_day_off",
        "administrative_leave",
        "working_day",
        "half_day",
    }
    assert {row["state"] for row in rows} <= set(sheet["offices"])
    for row in rows:
        date = dt.date.fromisoformat(row["date"])
        assert sheet["first_day"] <= date <= sheet["last_day"]
        assert row["weekday"] == date.strftime("%a")
    for state in sheet["offices"]:
        assert calendars.office(version, state).version == version


offices = st.sampled_from(
    [calendars.office(calendars.LATEST, state) for state in calendars.states(calendars.LATEST)]
)
amounts = st.integers(1, 30)
instants = st.integers(0, int(3.5 * 366 * DAY / SECOND)).map(
    lambda seconds: instant("2024-06-01T00:00:00Z") + seconds * SECOND
)
closures = st.dictionaries(
    st.dates(dt.date(2024, 6, 1), dt.date(2028, 3, 1)), st.just("Closed"), max_size=20
)


@st.composite
def arrivals(draw: st.DrawFn) -> dt.datetime:
    """Any moment, and more often than chance one within a second of a close of business."""
    if draw(st.booleans()):
        return draw(instants)
    date = draw(instants).date()
    return draw(offices).close_of_business(date) + draw(st.integers(-1, 1)) * SECOND


@st.composite
def questions(draw: st.DrawFn, received_at: dt.datetime) -> list[Pause]:
    """Up to four pauses in the weeks around a receipt, all of them over."""
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        start = received_at + draw(st.integers(-48, 24 * 40)) * HOUR
        pauses.append(Pause(start, start + draw(st.integers(0, 24 * 10)) * HOUR))
    return pauses


def due(
    office: Office,
    amount: int,
    received_at: dt.datetime,
    pauses: list[Pause],
    closed: Closures = (),
) -> dt.datetime:
    count = calendars.working_days(
        office, amount, received_at=received_at, pauses=pauses, closures=closed
    )
    assert count.due_at is not None
    return count.due_at


@given(offices, amounts, arrivals(), closures, st.data())
def test_a_count_is_complete_and_exact(
    office: Office,
    amount: int,
    received_at: dt.datetime,
    closed: dict[dt.date, str],
    data: st.DataObject,
) -> None:
    pauses = data.draw(questions(received_at))

    count = calendars.working_days(
        office, amount, received_at=received_at, pauses=pauses, closures=closed
    )

    assert count.due_at is not None
    last = office.local(count.due_at).date()
    assert len(count.counted) == amount
    assert count.counted[-1] == last
    assert count.due_at == office.close_of_business(last)
    assert last not in closed
    assert office.is_working_day(last)
    assert not any(pause.covers(count.due_at) for pause in pauses)
    assert_unbroken(office, count, until=last + DAY)
    assert count.receipt_date == count.days[0].date
    assert {count.receipt_date, *count.counted, *(day.date for day in count.skipped)} == {
        day.date for day in count.days
    }


@given(offices, amounts, arrivals(), st.data())
def test_more_days_are_never_due_earlier(
    office: Office, amount: int, received_at: dt.datetime, data: st.DataObject
) -> None:
    pauses = data.draw(questions(received_at))

    assert due(office, amount, received_at, pauses) < due(office, amount + 1, received_at, pauses)


@given(offices, amounts, arrivals(), st.data())
def test_calendar_days_are_complete_and_exact(
    office: Office, amount: int, received_at: dt.datetime, data: st.DataObject
) -> None:
    pauses = data.draw(questions(received_at))

    count = calendars.calendar_days(office, amount, received_at=received_at, pauses=pauses)

    assert count.due_at is not None
    assert count.due_at == office.close_of_business(count.counted[-1])
    assert len(count.counted) == amount
    assert not any(pause.covers(count.due_at) for pause in pauses)
    assert {day.reason for day in count.skipped} <= {Reason.PAUSED}
    assert_unbroken(office, count, until=count.counted[-1] + DAY)


@given(offices, amounts, arrivals(), st.data())
def test_more_calendar_days_are_never_due_earlier_and_no_pause_shortens_them(
    office: Office, amount: int, received_at: dt.datetime, data: st.DataObject
) -> None:
    pauses = data.draw(questions(received_at))

    def due_at(amount: int, pauses: list[Pause]) -> dt.datetime:
        count = calendars.calendar_days(office, amount, received_at=received_at, pauses=pauses)
        assert count.due_at is not None
        return count.due_at

    assert due_at(amount, pauses) < due_at(amount + 1, pauses)
    assert due_at(amount, []) <= due_at(amount, pauses[:-1]) <= due_at(amount, pauses)
    assert due_at(amount, pauses) <= due(office, amount, received_at, pauses)


@given(offices, amounts, arrivals(), st.integers(-10, 60))
def test_a_notice_in_calendar_days_is_in_time_exactly_up_to_its_latest_receipt(
    office: Office, amount: int, received_at: dt.datetime, days_ahead: int
) -> None:
    entry_at = received_at + days_ahead * DAY

    def notice(moment: dt.datetime) -> LeadTime:
        return calendars.calendar_lead_time(
            office, received_at=moment, entry_at=entry_at, calendar_days=amount
        )

    latest = notice(received_at).latest_receipt_at

    assert notice(received_at).is_in_time == (received_at <= latest)
    assert notice(latest).is_in_time
    assert not notice(latest + SECOND).is_in_time


@given(offices, amounts, arrivals(), st.data())
def test_a_pause_never_shortens(
    office: Office, amount: int, received_at: dt.datetime, data: st.DataObject
) -> None:
    pauses = data.draw(questions(received_at))

    for shorter, longer in ((pauses[:-1], pauses), ([], pauses)):
        fewer = calendars.hours(amount, received_at=received_at, pauses=shorter).due_at
        more = calendars.hours(amount, received_at=received_at, pauses=longer).due_at
        assert fewer is not None
        assert more is not None
        assert fewer <= more
        assert due(office, amount, received_at, shorter) <= due(office, amount, received_at, longer)


@given(offices, amounts, arrivals(), closures)
def test_a_closure_never_shortens(
    office: Office, amount: int, received_at: dt.datetime, closed: dict[dt.date, str]
) -> None:
    assert due(office, amount, received_at, []) <= due(office, amount, received_at, [], closed)


@given(offices, amounts, arrivals(), st.integers(0, int(10 * DAY / SECOND)), closures, st.data())
def test_a_later_receipt_is_never_due_earlier(
    office: Office,
    amount: int,
    received_at: dt.datetime,
    delay: int,
    closed: dict[dt.date, str],
    data: st.DataObject,
) -> None:
    pauses = data.draw(questions(received_at))
    later_at = received_at + delay * SECOND

    hours = calendars.hours(amount, received_at=received_at, pauses=pauses).due_at
    later_hours = calendars.hours(amount, received_at=later_at, pauses=pauses).due_at

    assert hours is not None
    assert later_hours is not None
    assert hours <= later_hours
    assert due(office, amount, received_at, pauses, closed) <= due(
        office, amount, later_at, pauses, closed
    )


@given(amounts, arrivals(), st.data())
def test_hours_are_the_time_in_which_the_clock_ran(
    amount: int, received_at: dt.datetime, data: st.DataObject
) -> None:
    pauses = data.draw(questions(received_at))

    count = calendars.hours(amount, received_at=received_at, pauses=pauses)

    assert count.due_at is not None
    whole_hours = int((count.due_at - received_at) / HOUR)
    ran = [
        hour
        for hour in range(whole_hours)
        if not any(pause.covers(received_at + hour * HOUR) for pause in pauses)
    ]
    assert len(ran) == amount


@given(offices, amounts, arrivals(), st.data())
def test_closing_a_pause_only_makes_a_date_known(
    office: Office, amount: int, received_at: dt.datetime, data: st.DataObject
) -> None:
    start = received_at + data.draw(st.integers(0, 24 * 40)) * HOUR

    standing = calendars.working_days(
        office, amount, received_at=received_at, pauses=[Pause(start)]
    )
    answered = calendars.working_days(
        office, amount, received_at=received_at, pauses=[Pause(start, start + 50 * HOUR)]
    )

    assert answered.days[: len(standing.days)] == standing.days
    if standing.due_at is None:
        assert standing.pauses == (Pause(start),)
        assert len(standing.counted) < amount
    else:
        assert standing == answered


@given(offices, amounts, arrivals(), st.integers(-10, 60), closures)
def test_a_notice_is_in_time_exactly_up_to_its_latest_receipt(
    office: Office,
    amount: int,
    received_at: dt.datetime,
    days_ahead: int,
    closed: dict[dt.date, str],
) -> None:
    entry_at = received_at + days_ahead * DAY

    def notice(moment: dt.datetime) -> LeadTime:
        return calendars.lead_time(
            office, received_at=moment, entry_at=entry_at, working_days=amount, closures=closed
        )

    given_notice = notice(received_at)
    latest = given_notice.latest_receipt_at

    assert given_notice.is_in_time == (received_at <= latest)
    assert notice(latest).is_in_time
    assert not notice(latest + SECOND).is_in_time
    assert_unbroken(office, given_notice, until=given_notice.entry_date)


@given(offices, st.integers(2024, 2028), instants)
def test_the_annual_deadline_is_the_last_second_of_the_day_at_the_host(
    office: Office, year: int, received_at: dt.datetime
) -> None:
    deadline = calendars.annual_deadline(office, year, received_at=received_at)

    assert office.local(deadline.deadline_at).isoformat()[:19] == f"{year - 1}-12-01T23:59:59"
    assert office.local(deadline.valid_from).isoformat()[:19] == f"{year}-01-01T00:00:00"
    assert office.local(deadline.valid_until).isoformat()[:19] == f"{year + 1}-01-01T00:00:00"
    assert deadline.is_in_time == (office.local(received_at).date() <= dt.date(year - 1, 12, 1))


def assert_unbroken(office: Office, count: Count | LeadTime, *, until: dt.date) -> None:
    """Every date from arrival up to `until` (exclusive), or to the receipt, appears once."""
    assert count.receipt_date is not None
    first = office.local(count.received_at).date()
    end = max(until, count.receipt_date + DAY)
    told = [day.date for day in (*count.deferred, *count.days)]
    assert told == [first + number * DAY for number in range((end - first).days)]
