"""How much notice a request gives: the lead times of the host and of the states on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from books import neighbours
from books.agreements import MILITARY_CARGO
from casework.forms import AskedElsewhere
from transit.models import Clearance

if TYPE_CHECKING:
    from datetime import datetime

    from books import calendars
    from books.agreements import Allowance, ThirdState
    from transit.models import Crossing, Revision


class ShortNotice(AskedElsewhere):
    """Too little notice, not justified: the short-notice page asks for the justification."""

    page = "short-notice/"


@dataclass(frozen=True)
class Notice:
    """The notice that one state asks for, and what the entry into it leaves, received when.

    `asked_as`: as what a state on the way counts the flight, a track or military cargo.
    """

    state: str
    allowance: Allowance
    given: calendars.LeadTime
    asked_as: str = ""

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
    published = neighbours.published(revision.flight.agreement)
    found = []
    for row in revision.crossings.all():
        if row.state not in published or row.clearance == Clearance.GRANTED:
            continue
        third = published[row.state]
        counted_as = asked_as(revision, third)
        if allowance := third.lead_times.get(counted_as):
            notice = _notice(revision, row, allowance, received_at)
            found += [replace(notice, asked_as=counted_as)] if notice else []
    return sorted(found, key=lambda notice: notice.given.latest_receipt_at)


def asked_as(revision: Revision, third: ThirdState) -> str:
    """Return as what a state on the way counts the flight: what is ordinary is not for it.

    Where lives are at stake it is asked at once, and nobody counts its days. Rule set 1 asked on
    the host's track.
    """
    track = revision.track_code
    if track in ("MEDEVAC", "SENSITIVE") or revision.ordinary_load is None:
        return track
    if revision.announces_goods and len(revision.goods.all()) > len(revision.personal_ammunition):
        return "SENSITIVE"
    if revision.cargo_kg and revision.category in third.military_categories:
        return MILITARY_CARGO
    return track


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
