"""`manage.py annual --host KZ --received ISO --year Y [--json]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from books import calendars
from control import deadlines
from control.deadlines import DeadlineCommand

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime

    from books.calendars import Office


class Command(DeadlineCommand):
    """Did a request for the annual number come in time, and for when is the number valid?"""

    help = "Judge a request for the annual number of a year by 1 December on the host's clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--year",
            type=deadlines.year,
            required=True,
            metavar="Y",
            help="the calendar year for which the number is asked",
        )

    def answer(
        self, office: Office, *, received: datetime, year: int, **options: Any
    ) -> tuple[dict[str, Any], list[str]]:
        deadline = calendars.annual_deadline(office, year, received_at=received)
        answer = {
            "deadline_utc": deadlines.iso(deadline.deadline_at),
            "in_time": deadline.is_in_time,
            "valid_from_utc": deadlines.iso(deadline.valid_from),
            "valid_to_utc": deadlines.iso(deadline.valid_until),
        }
        verdict = "in time" if deadline.is_in_time else "too late"
        lines = [
            f"Received {deadlines.in_words(received, office)}: {verdict}",
            f"Deadline {deadlines.in_words(deadline.deadline_at, office)}",
            f"Valid from {deadlines.in_words(deadline.valid_from, office)}",
            f"Valid until {deadlines.in_words(deadline.valid_until, office)}, exclusive",
            "1 December and the calendar year: press digests of the 2024 resolution; "
            "that the host's clock decides: training default.",
        ]
        return answer, lines
