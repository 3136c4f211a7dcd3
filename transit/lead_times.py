"""How much notice a request gives: the lead times of the host and of the states on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from casework.forms import AskedElsewhere
from transit.models import Clearance

if TYPE_CHECKING:
    from datetime import datetime

    from books import calendars
    from books.agreements import Allowance
    from transit.models import Crossing, Revision


class ShortNotice(AskedElsewhere):
    """Too little notice, not justified: the short-notice page asks for the justification."""

    page = "short-notice/"


@dataclass(frozen=True)
class Notice:
    """The notice that one state asks for, and what the entry into it leaves, received when."""

    state: str
    allowance: Allowance
    given: calendars.LeadTime

    @property
    def is_short(self) -> bool:
        return not self.given.is_in_time


def of_host(revision: Revision, *, received_at: datetime) -> Notice | None:
    """Return the notice given to the host by a note received at `received_at`.

    None where there is nothing to compare: no entry yet, or a track in hours, which asks for no
    minimum. Raises `calendars.CalendarRangeError` beyond the years of the pinned calendar.
    """
    row = revision.planned_entry
    return _notice(revision, row, revision.track.lead_time, received_at) if row else None


def of_third_states(revision: Revision, *, received_at: datetime) -> list[Notice]:
    """Return the notice to each state on the way that publishes a lead time and has not granted.

    As for `of_host`; the state that asks first drives the date of the flight.
    """
    published = revision.flight.agreement.third_states
    found = []
    for row in revision.crossings.all():
        lead_times = published[row.state].lead_times if row.state in published else {}
        allowance = lead_times.get(revision.track_code)
        if allowance and row.clearance != Clearance.GRANTED:
            notice = _notice(revision, row, allowance, received_at)
            found += [notice] if notice else []
    return sorted(found, key=lambda notice: notice.given.latest_receipt_at)


def require_justified(revision: Revision, *, received_at: datetime) -> None:
    """Raise `ShortNotice` where the notice to the host is too short and nobody says why."""
    given = of_host(revision, received_at=received_at)
    if given and given.is_short and not revision.short_notice_reason:
        raise ShortNotice(_("Too little notice: justify it before the request goes on."))


def _notice(
    revision: Revision, row: Crossing, allowance: Allowance, received_at: datetime
) -> Notice | None:
    office = revision.flight.exercise.office(row.state)
    given = allowance.notice(office, received_at=received_at, entry_at=row.entry_at)
    return Notice(row.state, allowance, given) if given else None
