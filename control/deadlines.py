"""What the commands about deadlines share: their arguments and how they answer."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from books import calendars
from books.calendars import CalendarRangeError, Pause

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from books.calendars import Office

#: The years in which a moment or an annual number is believed to be meant.
YEARS = range(2000, 2100)

#: No office closes longer; what is longer is a slip of the pen.
LONGEST_CLOSURE = timedelta(days=60)


class DeadlineCommand(BaseCommand):
    """A question to the calendar of one state, answered in words or as JSON; no database.

    A wrong argument is told in a sentence on stderr, with exit code 2.
    """

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host",
            type=str.upper,
            required=True,
            metavar="STATE",
            help=f"one of: {', '.join(calendars.states(calendars.LATEST))}",
        )
        parser.add_argument(
            "--received",
            type=moment,
            required=True,
            metavar="ISO",
            help="when the note reached the host, such as 2026-09-07T09:00:00Z",
        )
        parser.add_argument(
            "--calendar",
            choices=calendars.VERSIONS,
            default=calendars.LATEST,
            metavar="VERSION",
            help=f"one of: {', '.join(calendars.VERSIONS)}; without it the latest",
        )
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, host: str, calendar: str, json: bool, **question: Any) -> None:
        if host not in calendars.states(calendar):
            known = ", ".join(calendars.states(calendar))
            raise CommandError(
                f"Calendar {calendar} has no office of {host!r}; it has: {known}.", returncode=2
            )
        office = calendars.office(calendar, host)
        closed = [day for days in question.pop("closed", ()) for day in days]
        if outside := [day for day in closed if not office.first_day <= day <= office.last_day]:
            raise CommandError(
                f"Calendar {calendar} knows the days from {office.first_day} to "
                f"{office.last_day}, not {outside[0]}.",
                returncode=2,
            )
        office = office.with_closures((day, "closed, as the question says") for day in closed)
        try:
            answer, lines = self.answer(office, **question)
        except CalendarRangeError as error:
            raise CommandError(str(error), returncode=2) from error
        self.print_answer(office, answer, lines, as_json=json)

    def answer(
        self, office: Office, *args: Any, **question: Any
    ) -> tuple[dict[str, Any], list[str]]:
        """Return the answer for a machine and for a person."""
        raise NotImplementedError

    def print_answer(
        self, office: Office, answer: dict[str, Any], lines: list[str], *, as_json: bool
    ) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(
            f"EXERCISE, training only: calendar of {office.state}, version {office.version}"
        )
        for line in lines:
            self.stdout.write(line)


def moment(text: str) -> datetime:
    """Read an instant, ISO 8601 with Z or an offset, in whole seconds; returned in UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment such as 2026-09-07T09:00:00Z.") from None
    if at.tzinfo is None:
        raise ArgumentTypeError(
            f"{text!r} has no zone: end it with Z for UTC, or with an offset such as +05:00."
        )
    if at.year not in YEARS:
        raise ArgumentTypeError(f"{text!r} is not between {YEARS[0]} and {YEARS[-1]}.")
    at = at.astimezone(UTC)
    if at.microsecond:
        raise ArgumentTypeError(f"{text!r} is not in whole seconds.")
    return at


def pause(text: str) -> Pause:
    """Read a stretch in which the clock stood: two instants with a slash between them."""
    start, slash, end = text.partition("/")
    if not slash:
        raise ArgumentTypeError(f"{text!r} is no pause: two moments, FROM/TO.")
    try:
        return Pause(moment(start), moment(end))
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def add_closed(parser: ArgumentParser) -> None:
    """Let a command take days that the host closes beside its calendar."""
    parser.add_argument(
        "--closed",
        type=closed_days,
        nargs="+",
        action="extend",
        default=[],
        metavar="DATE",
        help="the host closes this day too, or these: 2026-05-25, 2025-04-02/2025-04-04",
    )


def closed_days(text: str) -> list[date]:
    """Read a date, or two with a slash between them for all days from the one to the other."""
    first_text, slash, last_text = text.partition("/")
    try:
        first = date.fromisoformat(first_text)
        last = date.fromisoformat(last_text) if slash else first
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is no date such as 2026-05-25, nor two with a slash between them."
        ) from None
    if last < first:
        raise ArgumentTypeError(f"{text!r} ends before it begins.")
    if last - first > LONGEST_CLOSURE:
        raise ArgumentTypeError(f"{text!r} is longer than {LONGEST_CLOSURE.days} days.")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def working_days(text: str) -> int:
    """Read a number of working days, at least one."""
    if not (text.isdecimal() and len(text) < 5 and int(text)):
        raise ArgumentTypeError(f"{text!r} is no number of working days: 1 or more.")
    return int(text)


def year(text: str) -> int:
    """Read the year of an annual number."""
    if not (text.isdecimal() and len(text) == 4 and int(text) in YEARS):
        raise ArgumentTypeError(f"{text!r} is no year between {YEARS[0]} and {YEARS[-1]}.")
    return int(text)


def iso(at: datetime) -> str:
    """Return an instant for a machine: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_words(at: datetime, office: Office) -> str:
    """Return an instant for a person: UTC, and on the office's own clock."""
    return f"{at:%d %b %Y %H:%M:%SZ} ({office.local(at):%a %d %b %H:%M} at the office)"


def day_in_words(day: date, text: str) -> str:
    """Return a line about one date."""
    return f"  {day:%a %d %b %Y}  {text}"


def closing(office: Office) -> str:
    """Say when the office closes, and who says so."""
    source = office.sources.get("closes_at", "training default")
    half = office.half_day_closes_at
    early = f", on half days at {half:%H:%M}" if half else ""
    return f"The office closes at {office.closes_at:%H:%M}{early}: {source}."
