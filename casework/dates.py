"""Due dates as pages show them: how long is left, how the date was counted, on which calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from books.calendars import Day, Reason
from casework.duties import reckon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from books.agreements import Allowance
    from books.calendars import Count, Office, Pause
    from casework.duties import Owed, Reckoning
    from exercises.models import Exercise

WORDS = {
    Reason.RECEIPT: gettext_lazy("day of receipt"),
    Reason.COUNTED: gettext_lazy("counted"),
    Reason.RECEIVED_AFTER_CLOSE: gettext_lazy("arrived after close of business"),
    Reason.WEEKEND_SATURDAY: gettext_lazy("Saturday"),
    Reason.WEEKEND_SUNDAY: gettext_lazy("Sunday"),
    Reason.HOLIDAY: gettext_lazy("holiday"),
    Reason.CLOSURE: gettext_lazy("closed"),
    Reason.PAUSED: gettext_lazy("the clock stood: a question was open"),
}

TRAINING_DEFAULT = gettext_lazy("Training default.")

LOOKS = {
    Reason.RECEIPT: "receipt",
    Reason.COUNTED: "counted",
    Reason.RECEIVED_AFTER_CLOSE: "late",
    Reason.WEEKEND_SATURDAY: "weekend",
    Reason.WEEKEND_SUNDAY: "weekend",
    Reason.HOLIDAY: "holiday",
    Reason.CLOSURE: "holiday",
    Reason.PAUSED: "paused",
}

#: So many dates stand side by side on a sheet of paper; a longer strip goes on below.
STRIP_DAYS = 28
#: An entry later than this after the due date is not drawn.
STRIP_REACH = timedelta(weeks=8)


@dataclass(frozen=True)
class ShownDay:
    """One date of a count."""

    date: date
    counted: bool
    reason: str


@dataclass(frozen=True)
class Shown:
    """A due date for a page. `tone` is ok, soon, overdue, stopped or none."""

    at: datetime | None
    tone: str
    text: str
    rule: str = ""
    days: tuple[ShownDay, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Cell:
    """One date of one state on a calendar strip.

    `look` picks colour and symbol; `text` says the same and why. `number` counts the counted
    days.
    """

    date: date
    look: str
    text: str
    number: int | None = None
    is_due: bool = False
    is_entry: bool = False


@dataclass(frozen=True)
class StripRow:
    """One state on a calendar strip; `counts`: in its calendar the days are counted."""

    state: str
    name: str
    counts: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Strip:
    """Dates side by side, below each other the states. `months`: a date of each, and its width."""

    months: tuple[tuple[date, int], ...]
    dates: tuple[date, ...]
    rows: tuple[StripRow, ...]


#: What is owed by a moment of the flight itself, and how that is said.
BY_THE_FLIGHT = {
    "flight_plan": gettext_lazy("Owed by the planned entry; the check opens %(time)s before it."),
    "condition": gettext_lazy(
        "Before the flight: owed %(time)s before the planned entry, as the check of the flight "
        "plan opens. After it: owed as the post-flight report is."
    ),
}


def shown(row: Owed, *, at: datetime, pauses: Iterable[Pause] = ()) -> Shown | None:
    """Return the due date of the row's present duty as of `at`; None where none is owed."""
    if not row.duty or row.owed_since is None:
        return None
    step = row.present_duty
    if step is None or (row.due_at is None and step.code not in ("desk", "lead_desk")):
        return None
    if rule := BY_THE_FLIGHT.get(row.duty):
        opens = row.of.agreement.flight_plan_opens
        return Shown(
            at=row.due_at,
            tone=tone(row.due_at, at),
            text=left(row.due_at, at),
            rule=str(rule) % {"time": duration(opens)},
            source=str(TRAINING_DEFAULT),
        )
    if step.rule:
        text, source = left(row.due_at, at), str(TRAINING_DEFAULT)
        return Shown(row.due_at, tone(row.due_at, at), text, rule=str(step.rule), source=source)
    reckoned = reckon(row.of, row.duty, since=row.owed_since, pauses=pauses)
    since_then = closed_since(row.of.exercise, reckoned.count)
    return explained(reckoned, due_at=row.due_at, at=at, since_then=since_then)


def closed_since(exercise: Exercise, count: Count) -> list[Day]:
    """Return the days of a count of which it was not known, when it began, that they close."""
    if count.office is None:
        return []
    closed = exercise.closed_after(count.office.state, count.received_at)
    return [day for day in count.days if day.reason is Reason.CLOSURE and day.date in closed]


def explained(
    reckoned: Reckoning, *, due_at: datetime | None, at: datetime, since_then: Iterable[Day] = ()
) -> Shown:
    """Return a reckoned date with the days that were counted and skipped.

    `since_then` are days that closed after it was promised, for which it was counted again.
    """
    allowance = reckoned.allowance
    return Shown(
        at=due_at,
        tone=tone(due_at, at),
        text=left(due_at, at),
        rule=_rule(reckoned, since_then),
        days=days(reckoned.count),
        source=allowance.source or str(TRAINING_DEFAULT),
    )


def brief(due_at: datetime, *, at: datetime) -> Shown:
    """Return a due date alone, as of `at`."""
    return Shown(at=due_at, tone=tone(due_at, at), text=left(due_at, at))


def days(count: Count) -> tuple[ShownDay, ...]:
    """Return the dates of a count from arrival on."""
    return tuple(
        ShownDay(day.date, day.reason is Reason.COUNTED, _words(day))
        for day in (*count.deferred, *count.days)
    )


def strip(
    count: Count,
    host: Office,
    other: Office,
    *,
    names: Mapping[str, object],
    entry_at: datetime | None = None,
) -> tuple[Strip, ...]:
    """Return the dates from arrival to due date or entry in the calendars of both states.

    Counted is in the calendar of `host` alone; `names` gives the states' names by code. Dates
    are the host's. Of a count in hours, and after the due date, the strip shows the working
    days of either office; dates that the calendar does not know are left out.
    """
    entry = host.local(entry_at).date() if entry_at else None
    due = host.local(count.due_at).date() if count.due_at else None
    dates = _dates(count, host, entry=entry, due=due)
    passed = {day.date: day for day in (*count.deferred, *count.days)}
    if count.office is None:  # hours are counted on no calendar: only the arrival is told
        passed = {day: Day(day, Reason.RECEIPT, host.name_of(day)) for day in dates[:1]}
    numbers = {day: number for number, day in enumerate(count.counted, 1)}
    counted = tuple(
        _cell(
            day,
            host,
            passed=passed.get(day),
            number=numbers.get(day),
            is_due=day == due,
            is_entry=day == entry,
        )
        for day in dates
    )
    uncounted = tuple(_cell(day, other) for day in dates)
    rows = (
        StripRow(host.state, str(names[host.state]), count.office is not None, counted),
        StripRow(other.state, str(names[other.state]), False, uncounted),
    )
    return tuple(
        _part(slice(start, start + STRIP_DAYS), dates, rows)
        for start in range(0, len(dates), STRIP_DAYS)
    )


def in_words(allowance: Allowance) -> str:
    """Return how long an allowance is, and whether nobody published it."""
    amount = allowance.amount
    patterns = {
        "hours": ngettext("%(amount)d hour", "%(amount)d hours", amount),
        "working_days": ngettext("%(amount)d working day", "%(amount)d working days", amount),
        "calendar_days": ngettext("%(amount)d calendar day", "%(amount)d calendar days", amount),
    }
    words = patterns[allowance.unit] % {"amount": amount}
    if allowance.is_training_default:
        return _("%(time)s (training default)") % {"time": words}
    return words


def left(due_at: datetime | None, at: datetime) -> str:
    """Return in words how long is left at `at`, or for how long it is overdue."""
    if due_at is None:
        return _("Clock stopped")
    words = duration(abs(due_at - at))
    pattern = _("%(time)s left") if due_at >= at else _("Overdue by %(time)s")
    return pattern % {"time": words}


def duration(time: timedelta) -> str:
    """Return a span in its two largest units: "2 d 4 h", "3 h 10 min"."""
    minutes = int(time.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    units = [(days, _("d")), (hours, _("h")), (minutes % 60, _("min"))]
    largest = next((place for place, (count, unit) in enumerate(units) if count), 2)
    parts = units[largest : largest + 2]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or f"0 {_('min')}"


def tone(due_at: datetime | None, at: datetime) -> str:
    if due_at is None:
        return "stopped"
    if due_at < at:
        return "overdue"
    return "soon" if (due_at - at).total_seconds() < 24 * 3600 else "ok"


def rule(count: Count) -> str:
    """Return in a sentence what was counted, from where."""
    amount = count.amount
    if count.office is None:
        return ngettext(
            "%(amount)d hour from %(since)s.", "%(amount)d hours from %(since)s.", amount
        ) % {"amount": amount, "since": count.received_at.strftime("%d %b %Y %H:%MZ")}
    if count.unit == "calendar_days":
        pattern = ngettext(
            "%(amount)d calendar day of %(state)s after receipt; the office closes at %(closes)s "
            "local time.",
            "%(amount)d calendar days of %(state)s after receipt; the office closes at "
            "%(closes)s local time.",
            amount,
        )
    else:
        pattern = ngettext(
            "%(amount)d working day of %(state)s after receipt; the office closes at %(closes)s "
            "local time.",
            "%(amount)d working days of %(state)s after receipt; the office closes at "
            "%(closes)s local time.",
            amount,
        )
    return pattern % {
        "amount": amount,
        "state": count.office.state,
        "closes": count.office.closes_at.strftime("%H:%M"),
    }


def _rule(reckoned: Reckoning, since_then: Iterable[Day] = ()) -> str:
    text = rule(reckoned.count)
    if closed := ", ".join(f"{day.date:%d %b %Y} ({day.name})" for day in since_then):
        again = _("Counted again without days that the office has closed since: %(days)s.")
        text += " " + again % {"days": closed}
    if reckoned.is_capped:
        text += " " + _("Cut short: the answer is owed well before the entry (%(cap)s).") % {
            "cap": reckoned.cap and reckoned.cap.strftime("%d %b %Y %H:%MZ")
        }
    if reckoned.count.pauses:
        text += " " + _("The clock stood while a question was open.")
    return text


def _words(day: Day) -> str:
    words = str(WORDS[day.reason])
    return f"{words}: {day.name}" if day.name else words


def _dates(count: Count, host: Office, *, entry: date | None, due: date | None) -> list[date]:
    """Return the dates of a strip, without a gap."""
    first = host.local(count.received_at).date()
    last = max([first, *(day.date for day in count.days), *([due] if due else [])])
    if entry and last < entry <= last + STRIP_REACH:
        last = entry
    first, last = max(first, host.first_day), min(last, host.last_day)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _part(part: slice, dates: list[date], rows: Iterable[StripRow]) -> Strip:
    months = groupby(dates[part], key=lambda day: (day.year, day.month))
    return Strip(
        months=tuple((first, 1 + len(rest)) for _month, (first, *rest) in months),
        dates=tuple(dates[part]),
        rows=tuple(replace(row, cells=row.cells[part]) for row in rows),
    )


def _cell(
    day: date,
    office: Office,
    *,
    passed: Day | None = None,
    number: int | None = None,
    is_due: bool = False,
    is_entry: bool = False,
) -> Cell:
    passed, half = passed or office.why_closed(day), office.half_days.get(day)
    closes = {"closes": office.closes_on(day).strftime("%H:%M")} if half else {}
    if passed:
        look, text = LOOKS[passed.reason], _words(passed)
        if half and passed.name == half:
            text = _("half day until %(closes)s, %(counted)s") % (closes | {"counted": text})
    elif half:
        look, text = "half", _("half day until %(closes)s: %(name)s") % (closes | {"name": half})
    else:
        look, text = "working", _("working day")
    return Cell(day, look, text, number, is_due, is_entry)
