"""`manage.py due --host KZ --received ISO --working-days N`, with pauses and closed days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from books import calendars
from books.calendars import Reason
from control import deadlines
from control.deadlines import DeadlineCommand

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime

    from books.calendars import Day, Office, Pause

WORDS = {
    Reason.RECEIVED_AFTER_CLOSE: "arrived after close of business",
    Reason.WEEKEND_SATURDAY: "Saturday",
    Reason.WEEKEND_SUNDAY: "Sunday",
    Reason.PAUSED: "clock paused at close of business",
}


class Command(DeadlineCommand):
    """When is a step owed, and which days were counted?"""

    help = "Count working days of a state from the receipt of a note and say which were skipped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        deadlines.add_closed(parser)
        parser.add_argument(
            "--working-days", type=deadlines.working_days, required=True, metavar="N"
        )
        parser.add_argument(
            "--pause",
            type=deadlines.pause,
            nargs="+",
            action="extend",
            default=[],
            metavar="FROM/TO",
            help="the clock stood from the one moment to the other",
        )

    def answer(
        self,
        office: Office,
        *,
        received: datetime,
        working_days: int,
        pause: list[Pause],
        **options: Any,
    ) -> tuple[dict[str, Any], list[str]]:
        count = calendars.working_days(office, working_days, received_at=received, pauses=pause)
        assert count.due_at is not None  # noqa: S101 - each pause given here has an end
        answer = {
            "deemed_receipt_date": str(count.receipt_date),
            "counted_dates": [str(day) for day in count.counted],
            "due_utc": deadlines.iso(count.due_at),
            "due_local": office.local(count.due_at).strftime("%Y-%m-%dT%H:%M"),
            "skipped": [{"date": str(day.date), "reason": reason(day)} for day in count.skipped],
        }
        lines = [
            f"Received {deadlines.in_words(received, office)}",
            *(line(day) for day in (*count.deferred, *count.days)),
            f"Due {deadlines.in_words(count.due_at, office)}",
            deadlines.closing(office),
        ]
        return answer, lines


def reason(day: Day) -> str:
    """Return why a day was not counted; of a holiday its name."""
    return WORDS.get(day.reason, day.name)


def line(day: Day) -> str:
    match day.reason:
        case Reason.RECEIPT:
            text = "day of receipt"
        case Reason.COUNTED:
            text = "counted"
        case _:
            return deadlines.day_in_words(day.date, f"not counted: {reason(day)}")
    return deadlines.day_in_words(day.date, f"{text} ({day.name})" if day.name else text)
