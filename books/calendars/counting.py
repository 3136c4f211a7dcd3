"""Days and hours counted for an office: when a step is owed, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from books.calendars.offices import Day, Reason, utc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from books.calendars.offices import Closures, Office

_DAY = dt.timedelta(days=1)

#: What an amount of days counts.
DayUnit = Literal["working_days", "calendar_days"]


@dataclass(frozen=True)
class Pause:
    """The clock stands from `start` on and runs again at `end`; `None`: not yet."""

    start: dt.datetime
    end: dt.datetime | None = None

    def __post_init__(self) -> None:
        start = utc(self.start)
        if self.end is not None and utc(self.end) < start:
            raise ValueError(f"A pause cannot end ({self.end}) before it starts ({self.start}).")

    def covers(self, instant: dt.datetime) -> bool:
        """Say whether the clock stands at `instant`."""
        return self.start <= instant and (self.end is None or instant < self.end)


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
        received_at=utc(received_at),
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
    received_at = utc(received_at)
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
        received_at=utc(received_at),
        receipt_date=receipt_date,
        entry_at=utc(entry_at),
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
        received_at=utc(received_at),
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
    since = utc(since)
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start = max(utc(pause.start), since)
        end = None if pause.end is None else utc(pause.end)
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


def _positive(amount: int) -> None:
    if amount < 1:
        raise ValueError(f"At least one day or hour must be counted, not {amount}.")
