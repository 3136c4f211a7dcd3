"""The pages of the requests to states on the way. Reads only; `visible_to` says of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from casework import dates, kinds, work
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
    from casework.sight import Holder
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
    rows = [_row(found, request, at) for _part, found in page.rows]
    return Register(rows=rows, page=page)


def page(request: SeatedRequest, found: NeighbourRequest, panel: Panel) -> HttpResponse:
    """One request to a state on the way: where it stands, its clearance, the seat's moves."""
    known = known_to(found, request.seat, work.on(found, request.at))
    revision = found.flight.latest
    windows = {found.host: found} if found.is_granted else {}
    context: dict[str, Any] = {
        "known": known,
        "asked": found,
        "tone": TONES.get(AskedStatus(found.status), "info"),
        "terms": found.terms,
        "published": _published(found),
        "answers_within": dates.in_words(found.terms.answers_within)
        if found.terms.answers_within
        else "",
        "mood": found.mood.label if request.seat.is_instructor else "",
        "is_kept": not [*crossed.beyond(revision, windows)],
        "holder": next(iter(known.holders), None),
        "due": dates.brief(found.due_at, at=request.at) if found.due_at else None,
        "panel": panel,
        "form": panel.failed,
    }
    status = 422 if panel.failed else 200
    return render(request, "neighbours/case.html", context, status=status)


def _row(found: NeighbourRequest, request: SeatedRequest, at: datetime) -> Row:
    known = known_to(found, request.seat, work.on(found, at))
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
