"""The pages of the requests to states on the way. Reads only; `visible_to` says of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework import dates, kinds, work
from casework.pages import shown
from casework.sight import known_to
from exercises import paging
from exercises.paging import Rows
from neighbours import crossed
from neighbours.models import AskedStatus, NeighbourRequest
from neighbours.sight import TONES

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from casework.panel import Panel
    from casework.sight import Holder, Known
    from exercises.paging import Page
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Row:
    """One request on the list."""

    request: NeighbourRequest
    tone: str
    holder: Holder | None
    due: dates.Shown | None


@dataclass(frozen=True)
class Register:
    """A page of the requests to states on the way that a seat may know of."""

    rows: list[Row]
    page: Page


def register(request: SeatedRequest) -> Register:
    """Return a page of the list: what waits for the seat first, then the next entry first."""
    seat, at = request.seat, request.at
    known = NeighbourRequest.objects.visible_to(seat).select_related("exercise", "flight__exercise")
    mine = work.is_owed_by(seat, kinds.kinds()[NeighbourRequest.noun], at)
    order = ("-entry_at", "number")
    parts = [Rows("mine", known.filter(mine), order), Rows("others", known.exclude(mine), order)]
    page = paging.page(parts, request.GET)
    found = [row for _part, row in page.rows]
    rows = [_row(row, known_to(row, seat, work.on(row, at)), at) for row in found]
    return Register(rows=rows, page=page)


def page(request: SeatedRequest, found: NeighbourRequest, panel: Panel) -> HttpResponse:
    """One request to a state on the way: where it stands, its clearance, the seat's moves."""
    known = known_to(found, request.seat, work.on(found, request.at))
    row, windows = _row(found, known, request.at), {found.host: found} if found.is_granted else {}
    usual = found.terms.answers_within
    return shown(
        request,
        found,
        panel,
        "neighbours/case.html",
        known=known,
        asked=found,
        tone=row.tone,
        terms=found.terms,
        published=_published(found),
        answers_within=dates.in_words(usual) if usual else "",
        mood=found.mood.label if request.seat.is_instructor else "",
        is_kept=not [*crossed.beyond(found.flight.latest, windows)],
        holder=row.holder,
        due=row.due,
    )


def _row(found: NeighbourRequest, known: Known, at: datetime) -> Row:
    return Row(
        request=found,
        tone=TONES.get(AskedStatus(found.status), "info"),
        holder=next(iter(known.holders), None),
        due=dates.brief(found.due_at, at=at) if found.due_at else None,
    )


def _published(found: NeighbourRequest) -> str:
    """Return in words the lead time that the state publishes for such a flight, if it does."""
    published = found.terms.published
    allowance = published.lead_times.get(found.asked_as) if published else None
    return dates.in_words(allowance) if allowance else ""
