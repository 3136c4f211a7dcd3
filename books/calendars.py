"""Working days, calendar days, hours: when a step is owed, and why.

A calendar is a folder of data, `data/calendars/VERSION`: the holidays of the states and the hours
of their offices. An exercise pins the version; an edit is a new folder. Closures that begin in
mid-run belong to the exercise and are passed in.

The rules, all of them training defaults except where `Office.sources` names a publication:

* The calendar is that of the state that owes the step; nobody else's holidays count.
* Saturday and Sunday are closed, unless the state works that day in exchange for another. A half
  day counts as a full one, with the usual close of business.
* What arrives on a working day up to and including the close of business is received that day,
  however early; anything else on the next working day.
* The day of receipt is not counted. A working day counts if the clock runs at its close of
  business. A step is owed at the close of business of the last day counted.
* A pause stops the clock from its start on (inclusive) and frees it at its end (inclusive).
  While a pause is open the clock stands, and nothing is owed. What was owed before the pause
  began stays owed.
* Calendar days are for agreements that count every day: the day of arrival at the office is the
  day of receipt, however late and working or not, and every day after it counts, if the clock
  runs at its close of business. What is owed is owed at the close of business of the last day
  counted, whatever day that is.

Pure: no database, no reading of a clock. Instants are aware and in whole seconds; instants
given back are UTC. Anything else raises `ValueError`.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

_DATA = Path(__file__).parent / "data" / "calendars"

_DAY = dt.timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6

#: When offices open where a calendar does not say: calendar 2026.1 did not (training default).
_OPENS_AT = {"value": "09:00"}

#: The calendar versions shipped, oldest first.
VERSIONS: tuple[str, ...] = tuple(
    sorted(
        (folder.name for folder in _DATA.iterdir() if folder.is_dir()),
        key=lambda version: [int(part) for part in version.split(".")],
    )
)
#: The version that a new exercise pins.
LATEST = VERSIONS[-1]

#: What an amount of days counts.
DayUnit = Literal["working_days", "calendar_days"]

#: Days that an exercise closes beside the standing calendar: date and reason.
Closures = Mapping[dt.date, str] | Iterable[tuple[dt.date, str]]


class UnknownCalendarError(LookupError):
    """There is no calendar of this version, or no state of this code."""


class CalendarRangeError(LookupError):
    """A date lies outside the years that the calendar knows.

    Counting on with weekends only would give a date that looks right and is wrong.
    """


class Reason(StrEnum):
    """Why a date of a count was counted or not; the words for people belong to the pages."""

    RECEIPT = "RECEIPT"
    COUNTED = "COUNTED"
    RECEIVED_AFTER_CLOSE = "RECEIVED_AFTER_CLOSE"
    WEEKEND_SATURDAY = "WEEKEND_SATURDAY"
    WEEKEND_SUNDAY = "WEEKEND_SUNDAY"
    HOLIDAY = "HOLIDAY"
    CLOSURE = "CLOSURE"
    PAUSED = "PAUSED"


@dataclass(frozen=True)
class Day:
    """One date of a count.

    `name` is what the calendar calls the date: the holiday, the ground of a closure, the half
    day, the exchange. It is data and may be empty.
    """

    date: dt.date
    reason: Reason
    name: str = ""


@dataclass(frozen=True)
class Pause:
    """The clock stands from `start` on and runs again at `end`; `None`: not yet."""

    start: dt.datetime
    end: dt.datetime | None = None

    def __post_init__(self) -> None:
        start = _utc(self.start)
        if self.end is not None and _utc(self.end) < start:
            raise ValueError(f"A pause cannot end ({self.end}) before it starts ({self.start}).")

    def covers(self, instant: dt.datetime) -> bool:
        """Say whether the clock stands at `instant`."""
        return self.start <= instant and (self.end is None or instant < self.end)


@dataclass(frozen=True)
class Office:
    """The office of one state: which days it works, when it closes, in which zone.

    `days_off`, `days_worked` (in exchange for another day), `half_days` and `closures` map a
    date to its name. `known` is false for a state whose holidays the calendar does not hold:
    only its weekends are free. `sources` tells where a figure (`zone`, `opens_at`, `closes_at`) was
    published; a figure without an entry is a training default. The office can speak for the
    dates from `first_day` to `last_day` and raises `CalendarRangeError` for any other.
    """

    version: str
    state: str
    zone: ZoneInfo
    opens_at: dt.time
    closes_at: dt.time
    first_day: dt.date
    last_day: dt.date
    known: bool
    days_off: Mapping[dt.date, str] = field(repr=False, hash=False)
    days_worked: Mapping[dt.date, str] = field(repr=False, hash=False)
    half_days: Mapping[dt.date, str] = field(repr=False, hash=False)
    sources: Mapping[str, str] = field(repr=False, hash=False)
    closures: Mapping[dt.date, str] = field(default_factory=dict, repr=False, hash=False)

    def with_closures(self, closures: Closures) -> Office:
        """Return the same office with these days closed as well."""
        more = dict(closures)
        if not more:
            return self
        return dataclasses.replace(self, closures=MappingProxyType({**self.closures, **more}))

    def why_closed(self, day: dt.date) -> Day | None:
        """Return why the office does not work on `day`; `None` on a working day.

        The standing calendar speaks before a closure: a Sunday stays a Sunday.
        """
        if not self.first_day <= day <= self.last_day:
            raise CalendarRangeError(
                f"Calendar {self.version} knows the days from {self.first_day} to "
                f"{self.last_day}, not {day}."
            )
        if day in self.days_off:
            return Day(day, Reason.HOLIDAY, self.days_off[day])
        if day not in self.days_worked:
            if day.weekday() == _SATURDAY:
                return Day(day, Reason.WEEKEND_SATURDAY)
            if day.weekday() == _SUNDAY:
                return Day(day, Reason.WEEKEND_SUNDAY)
        if day in self.closures:
            return Day(day, Reason.CLOSURE, self.closures[day])
        return None

    def is_working_day(self, day: dt.date) -> bool:
        return self.why_closed(day) is None

    def name_of(self, day: dt.date) -> str:
        """Return what the calendar calls `day`; empty where it has no name for it."""
        if closed := self.why_closed(day):
            return closed.name
        return self.half_days.get(day) or self.days_worked.get(day, "")

    def local(self, instant: dt.datetime) -> dt.datetime:
        """Return `instant` as the office's own clock shows it."""
        return _utc(instant).astimezone(self.zone)

    def midnight(self, day: dt.date) -> dt.datetime:
        """Return the instant, UTC, at which `day` begins at the office."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    def close_of_business(self, day: dt.date) -> dt.datetime:
        """Return the instant, UTC, at which the office would close on `day`, working or not."""
        return dt.datetime.combine(day, self.closes_at, self.zone).astimezone(dt.UTC)

    def is_open(self, instant: dt.datetime) -> bool:
        """Say whether somebody is at the office at `instant`: a working day, in its hours."""
        local = self.local(instant)
        in_hours = self.opens_at <= local.time() <= self.closes_at
        return in_hours and self.is_working_day(local.date())

    def receipt(self, received_at: dt.datetime) -> tuple[tuple[Day, ...], dt.date]:
        """Return the dates on which an arrival had to wait, and the date of its receipt."""
        day = self.local(received_at).date()
        late = received_at > self.close_of_business(day)
        waited = []
        while (closed := self.why_closed(day)) or late:
            waited.append(closed or Day(day, Reason.RECEIVED_AFTER_CLOSE))
            day, late = day + _DAY, False
        return tuple(waited), day


@dataclass(frozen=True, kw_only=True)
class _Explained:
    """What every count of days can tell about itself.

    `deferred` are the dates between arrival and receipt, `days` those from the day of receipt
    on: together an unbroken run of dates.
    """

    deferred: tuple[Day, ...] = ()
    days: tuple[Day, ...] = ()

    @property
    def counted(self) -> tuple[dt.date, ...]:
        return tuple(day.date for day in self.days if day.reason is Reason.COUNTED)

    @property
    def skipped(self) -> tuple[Day, ...]:
        """The dates after the day of receipt that did not count."""
        passed = {Reason.RECEIPT, Reason.COUNTED}
        return tuple(day for day in self.days if day.reason not in passed)


@dataclass(frozen=True, kw_only=True)
class Count(_Explained):
    """A date that can explain itself: `amount` days or hours after `received_at`.

    `due_at` is UTC, or `None` while the clock stands for a pause that is still open; `days` then
    ends before the first close of business that this pause covers. `pauses` are the stretches
    since `received_at` in which the clock stood and that this count met, joined where they
    overlap. Hours are counted by no office: `office` and `receipt_date` are `None`, `days` is
    empty.
    """

    office: Office | None
    amount: int
    unit: Literal["working_days", "calendar_days", "hours"]
    received_at: dt.datetime
    receipt_date: dt.date | None
    pauses: tuple[Pause, ...]
    due_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class LeadTime(_Explained):
    """How much notice a request gave, in full days of the host.

    `counted` are the days strictly between the day of receipt and the date of entry at the host,
    of which `amount` were asked for; `latest_receipt_at` (UTC) is the last instant at which it
    would have been in time.
    """

    office: Office
    amount: int
    unit: DayUnit
    received_at: dt.datetime
    receipt_date: dt.date
    entry_at: dt.datetime
    entry_date: dt.date
    latest_receipt_at: dt.datetime

    @property
    def count(self) -> int:
        return len(self.counted)

    @property
    def is_in_time(self) -> bool:
        return self.count >= self.amount


@dataclass(frozen=True, kw_only=True)
class AnnualDeadline:
    """The last moment for an annual number and the year for which it is valid; all UTC.

    `deadline_at` is the last second that is in time; `valid_until` is exclusive.
    """

    office: Office
    received_at: dt.datetime
    deadline_at: dt.datetime
    valid_from: dt.datetime
    valid_until: dt.datetime

    @property
    def is_in_time(self) -> bool:
        return self.received_at <= self.deadline_at


@cache
def states(version: str) -> tuple[str, ...]:
    """Return the states that have an office in the calendar `version`, by code.

    Raises `UnknownCalendarError` for a version that is not shipped.
    """
    return tuple(sorted(_sheet(version)["offices"]))


@cache
def office(version: str, state: str) -> Office:
    """Return the office of `state` (ISO 3166-1 alpha-2) in the calendar `version`.

    A state without holidays in the calendar has weekends only and is marked as not `known`.
    Raises `UnknownCalendarError` for a version that is not shipped or a code that is none.
    """
    sheet = _sheet(version)
    if not re.fullmatch(r"[A-Z]{2}", state):
        raise UnknownCalendarError(f"{state!r} is not a state's code of two capital letters.")
    figures = sheet["offices"].get(state, sheet["default"])
    holidays = _holidays(version).get(state, [])
    return Office(
        version=version,
        state=state,
        zone=ZoneInfo(figures["zone"]["value"]),
        opens_at=dt.time.fromisoformat(figures.get("opens_at", _OPENS_AT)["value"]),
        closes_at=dt.time.fromisoformat(figures["closes_at"]["value"]),
        first_day=sheet["first_day"],
        last_day=sheet["last_day"],
        known=bool(holidays),
        days_off=_named(holidays, "public", "observed", "substituted_day_off"),
        days_worked=_named(holidays, "working_day"),
        half_days=_named(holidays, "half_day"),
        sources=MappingProxyType(
            {name: figure["source"] for name, figure in figures.items() if "source" in figure}
        ),
    )


def working_days(
    office: Office,
    amount: int,
    *,
    received_at: dt.datetime,
    pauses: Iterable[Pause] = (),
    closures: Closures = (),
) -> Count:
    """Count `amount` working days of `office` from the day of receipt, which is excluded.

    `amount` is at least 1: a step owed "today" has no working day that could be counted, and
    belongs in hours. Raises `CalendarRangeError` when the count leaves the calendar's years.
    """
    office = office.with_closures(closures)
    return _count(office, amount, "working_days", received_at, pauses)


def calendar_days(
    office: Office,
    amount: int,
    *,
    received_at: dt.datetime,
    pauses: Iterable[Pause] = (),
) -> Count:
    """Count `amount` days of the calendar from the day of receipt, which is excluded.

    The day of arrival at the office is the day of receipt, however late; weekends, holidays and
    closures count. `amount` is at least 1. Raises `CalendarRangeError` as working days do: the
    names of the days come from the calendar.
    """
    return _count(office, amount, "calendar_days", received_at, pauses)


def _count(
    office: Office,
    amount: int,
    unit: DayUnit,
    received_at: dt.datetime,
    pauses: Iterable[Pause],
) -> Count:
    _positive(amount)
    stood = _joined(pauses, since=received_at)
    deferred, receipt_date = _receipt(office, unit, received_at)
    days = [Day(receipt_date, Reason.RECEIPT, office.name_of(receipt_date))]
    day, left = receipt_date, amount
    while left:
        day += _DAY
        closes_at = office.close_of_business(day)
        pause = next((pause for pause in stood if pause.covers(closes_at)), None)
        if pause and pause.end is None:
            break
        passed = _passed(office, unit, day)
        if pause and passed.reason is Reason.COUNTED:
            passed = Day(day, Reason.PAUSED)
        days.append(passed)
        left -= passed.reason is Reason.COUNTED
    due_at = None if left else office.close_of_business(day)
    return Count(
        office=office,
        amount=amount,
        unit=unit,
        received_at=_utc(received_at),
        receipt_date=receipt_date,
        deferred=deferred,
        days=tuple(days),
        pauses=_met(stood, due_at),
        due_at=due_at,
    )


def _receipt(
    office: Office, unit: DayUnit, received_at: dt.datetime
) -> tuple[tuple[Day, ...], dt.date]:
    """Return the dates on which an arrival had to wait, and the date of its receipt."""
    if unit == "calendar_days":
        return (), office.local(received_at).date()
    return office.receipt(received_at)


def _passed(office: Office, unit: DayUnit, day: dt.date) -> Day:
    """Return how `day` passes while the clock runs."""
    closed = office.why_closed(day) if unit == "working_days" else None
    return closed or Day(day, Reason.COUNTED, office.name_of(day))


def hours(amount: int, *, received_at: dt.datetime, pauses: Iterable[Pause] = ()) -> Count:
    """Count `amount` hours of the clock from `received_at`, nights and holidays included.

    Time in which the clock stood is added. `amount` is at least 1.
    """
    _positive(amount)
    received_at = _utc(received_at)
    stood = _joined(pauses, since=received_at)
    due_at: dt.datetime | None = received_at + dt.timedelta(hours=amount)
    for pause in stood:
        if due_at is None or pause.start > due_at:
            break
        due_at = None if pause.end is None else due_at + (pause.end - pause.start)
    return Count(
        office=None,
        amount=amount,
        unit="hours",
        received_at=received_at,
        receipt_date=None,
        pauses=_met(stood, due_at),
        due_at=due_at,
    )


def lead_time(
    office: Office,
    *,
    received_at: dt.datetime,
    entry_at: dt.datetime,
    working_days: int,
    closures: Closures = (),
) -> LeadTime:
    """Compare the notice given for an entry at `entry_at` with the `working_days` asked for.

    Only full working days of the host between receipt and entry count. `working_days` is at
    least 1: where no notice is asked for there is nothing to compare. Raises
    `CalendarRangeError` when a date leaves the calendar's years.
    """
    office = office.with_closures(closures)
    return _notice(office, working_days, "working_days", received_at, entry_at)


def calendar_lead_time(
    office: Office, *, received_at: dt.datetime, entry_at: dt.datetime, calendar_days: int
) -> LeadTime:
    """Compare the notice given for an entry at `entry_at` with the `calendar_days` asked for.

    As for working days, but every full day of the host between receipt and entry counts.
    """
    return _notice(office, calendar_days, "calendar_days", received_at, entry_at)


def _notice(
    office: Office, amount: int, unit: DayUnit, received_at: dt.datetime, entry_at: dt.datetime
) -> LeadTime:
    _positive(amount)
    deferred, receipt_date = _receipt(office, unit, received_at)
    entry_date = office.local(entry_at).date()
    days = [Day(receipt_date, Reason.RECEIPT, office.name_of(receipt_date))]
    day = receipt_date + _DAY
    while day < entry_date:
        days.append(_passed(office, unit, day))
        day += _DAY
    return LeadTime(
        office=office,
        amount=amount,
        unit=unit,
        received_at=_utc(received_at),
        receipt_date=receipt_date,
        entry_at=_utc(entry_at),
        entry_date=entry_date,
        deferred=deferred,
        days=tuple(days),
        latest_receipt_at=_latest_receipt(office, amount, unit, entry_date),
    )


def annual_deadline(
    office: Office, year: int, *, received_at: dt.datetime, month: int = 12, day: int = 1
) -> AnnualDeadline:
    """Judge a request for the annual number of `year`, by the host's own clock.

    It is in time up to the last second of `day` and `month` of the year before, working day or
    not, and the number is valid for the calendar year. 1 December and the calendar year are
    published figures of the agreement between Türkiye and Kazakhstan on military transit; that
    the host's clock decides is a training default.
    """
    return AnnualDeadline(
        office=office,
        received_at=_utc(received_at),
        deadline_at=office.midnight(dt.date(year - 1, month, day) + _DAY) - dt.timedelta(seconds=1),
        valid_from=office.midnight(dt.date(year, 1, 1)),
        valid_until=office.midnight(dt.date(year + 1, 1, 1)),
    )


def _latest_receipt(office: Office, amount: int, unit: DayUnit, entry_date: dt.date) -> dt.datetime:
    """Return the end of the last day of receipt that leaves `amount` days before the entry."""
    day, left = entry_date, amount + 1
    while left:
        day -= _DAY
        left -= _passed(office, unit, day).reason is Reason.COUNTED
    if unit == "calendar_days":
        return office.midnight(day + _DAY) - dt.timedelta(seconds=1)
    return office.close_of_business(day)


def _joined(pauses: Iterable[Pause], *, since: dt.datetime) -> tuple[Pause, ...]:
    """Return the stretches after `since` in which the clock stood: in order, apart, not empty."""
    since = _utc(since)
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start = max(_utc(pause.start), since)
        end = None if pause.end is None else _utc(pause.end)
        if end is not None and end <= start:
            continue
        if joined and (joined[-1].covers(start) or joined[-1].end == start):
            last = joined.pop()
            start = last.start
            end = None if last.end is None or end is None else max(last.end, end)
        joined.append(Pause(start, end))
    return tuple(joined)


def _met(stood: Iterable[Pause], due_at: dt.datetime | None) -> tuple[Pause, ...]:
    """Return the pauses that began before the date was due; the others changed nothing."""
    return tuple(pause for pause in stood if due_at is None or pause.start < due_at)


def _utc(instant: dt.datetime) -> dt.datetime:
    """Return `instant` in UTC; raise `ValueError` if it is naive or has fractions of a second."""
    if instant.tzinfo is None or instant.microsecond:
        raise ValueError(f"An instant is aware and in whole seconds, not {instant!r}.")
    return instant.astimezone(dt.UTC)


def _positive(amount: int) -> None:
    if amount < 1:
        raise ValueError(f"At least one day or hour must be counted, not {amount}.")


@cache
def _sheet(version: str) -> dict[str, Any]:
    if version not in VERSIONS:
        raise UnknownCalendarError(
            f"There is no calendar {version!r}; there are: {', '.join(VERSIONS)}."
        )
    text = (_DATA / version / "offices.yaml").read_text(encoding="utf-8")
    sheet: dict[str, Any] = yaml.safe_load(text)
    return sheet


@cache
def _holidays(version: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of the holiday table by state."""
    by_state: dict[str, list[dict[str, str]]] = {}
    path = _DATA / version / "holidays.csv"
    with path.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            by_state.setdefault(row["state"], []).append(row)
    return by_state


def _named(rows: Iterable[Mapping[str, str]], *kinds: str) -> Mapping[dt.date, str]:
    """Return the dates of these kinds with their names."""
    return MappingProxyType(
        {dt.date.fromisoformat(row["date"]): row["name"] for row in rows if row["kind"] in kinds}
    )
