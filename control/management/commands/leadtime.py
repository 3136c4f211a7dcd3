"""`manage.py leadtime --host KZ --received ISO --entry ISO --working-days N [--closed DATE …]`."""

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
    """Did a note leave the host the working days asked for before the entry?"""

    help = "Compare the notice that was given with the working days asked for before an entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        deadlines.add_closed(parser)
        parser.add_argument(
            "--entry",
            type=deadlines.moment,
            required=True,
            metavar="ISO",
            help="when the aircraft is to enter the airspace of the host",
        )
        parser.add_argument(
            "--working-days", type=deadlines.working_days, required=True, metavar="N"
        )

    def answer(
        self,
        office: Office,
        *,
        received: datetime,
        entry: datetime,
        working_days: int,
        **options: Any,
    ) -> tuple[dict[str, Any], list[str]]:
        notice = calendars.lead_time(
            office, received_at=received, entry_at=entry, working_days=working_days
        )
        answer = {
            "deemed_receipt_date": str(notice.receipt_date),
            "entry_date_host": str(notice.entry_date),
            "full_working_days_between": [str(day) for day in notice.counted],
            "count": notice.count,
            "in_time": notice.is_in_time,
            "latest_receipt_utc": deadlines.iso(notice.latest_receipt_at),
        }
        verdict = "in time" if notice.is_in_time else "too late"
        lines = [
            f"Received {deadlines.in_words(received, office)}",
            f"Entry {deadlines.in_words(entry, office)}",
            *(deadlines.day_in_words(day, "counted") for day in notice.counted),
            f"Full working days between: {notice.count}; asked for: {working_days}; {verdict}",
            f"Latest receipt {deadlines.in_words(notice.latest_receipt_at, office)}",
            deadlines.closing(office),
        ]
        return answer, lines
