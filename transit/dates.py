"""Due dates as pages show them: how long is left, and how the date was counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exercises.calendars import Day, Reason
from transit.duties import reckon

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, timedelta

    from exercises.calendars import Pause
    from transit.duties import Owed, Reckoning

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
    days: list[ShownDay] = field(default_factory=list)
    source: str = ""


def shown(row: Owed, *, at: datetime, pauses: Iterable[Pause] = ()) -> Shown | None:
    """Return the due date of the row's present duty as of `at`; None where none is owed."""
    if not row.duty or row.owed_since is None:
        return None
    step = row.present_duty
    if step is None or (row.due_at is None and step.code not in ("desk", "lead_desk")):
        return None
    if row.duty == "flight_plan":
        opens = row.flight.agreement.flight_plan_opens
        rule = _("Owed by the planned entry; the check opens %(time)s before it.")
        return Shown(
            at=row.due_at,
            tone=tone(row.due_at, at),
            text=left(row.due_at, at),
            rule=rule % {"time": duration(opens)},
            source=str(TRAINING_DEFAULT),
        )
    reckoned = reckon(row.flight, row.duty, since=row.owed_since, pauses=pauses)
    return explained(reckoned, due_at=row.due_at, at=at)


def explained(reckoned: Reckoning, *, due_at: datetime | None, at: datetime) -> Shown:
    """Return a reckoned date with the days that were counted and skipped."""
    allowance = reckoned.allowance
    return Shown(
        at=due_at,
        tone=tone(due_at, at),
        text=left(due_at, at),
        rule=_rule(reckoned),
        days=[_day(day) for day in (*reckoned.count.deferred, *reckoned.count.days)],
        source=allowance.source or str(TRAINING_DEFAULT),
    )


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


def _rule(reckoned: Reckoning) -> str:
    count, amount = reckoned.count, reckoned.count.amount
    if count.unit == "hours":
        rule = ngettext(
            "%(amount)d hour from %(since)s.", "%(amount)d hours from %(since)s.", amount
        ) % {"amount": amount, "since": count.received_at.strftime("%d %b %Y %H:%MZ")}
    else:
        assert count.office is not None  # noqa: S101 - working days have an office
        rule = ngettext(
            "%(amount)d working day of %(state)s after receipt; the office closes at %(closes)s "
            "local time.",
            "%(amount)d working days of %(state)s after receipt; the office closes at "
            "%(closes)s local time.",
            amount,
        ) % {
            "amount": amount,
            "state": count.office.state,
            "closes": count.office.closes_at.strftime("%H:%M"),
        }
    if reckoned.is_capped:
        rule += " " + _("Cut short: the answer is owed well before the entry (%(cap)s).") % {
            "cap": reckoned.cap and reckoned.cap.strftime("%d %b %Y %H:%MZ")
        }
    if count.pauses:
        rule += " " + _("The clock stood while a question was open.")
    return rule


def _day(day: Day) -> ShownDay:
    words = str(WORDS[day.reason])
    return ShownDay(
        day.date, day.reason is Reason.COUNTED, f"{words}: {day.name}" if day.name else words
    )
