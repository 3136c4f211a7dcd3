"""The flight day: the movements of the host's flights, by what they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as lazy

from approvals.filters import SearchForm
from approvals.finding import flights_found_by
from approvals.sight import movements_of_host, movements_shown_to
from exercises import paging
from exercises.paging import Rows
from transit.models import AHEAD, ENDED, FLOWN, UNDER_WAY

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from approvals.known import KnownMovement
    from exercises.paging import Count, Page
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Group:
    """The movements that wait for the same, as far as they stand on the page; `count`: of all."""

    code: str
    title: _StrPromise
    icon: str
    count: Count
    rows: tuple[KnownMovement, ...]


@dataclass(frozen=True)
class Day:
    """One page of the list, in groups, as its form asks for it."""

    groups: tuple[Group, ...]
    page: Page
    form: SearchForm

    @property
    def query(self) -> str:
        """The address as searched, to which the place of a page is added."""
        return f"{urlencode(self.form.terms)}&"


GROUPS = (
    ("ahead", lazy("Ahead"), AHEAD, "plane-departure"),
    ("inside", lazy("Under way"), UNDER_WAY, "plane-inflight"),
    ("flown", lazy("Flown, to be closed"), FLOWN, "plane-arrival"),
    ("ended", lazy("Ended"), ENDED, "circle-check"),
)

#: By what movements are ordered.
PLACE = ("flight__entry_at", "pk")


def day(request: SeatedRequest) -> Day:
    """Return the groups that have a row on the page that the address asks for, by planned entry.

    Raises `Http404` for who prepares requests, and for what is no place in the list.
    """
    seat, known = request.seat, movements_of_host(request.seat)
    form = SearchForm(request.GET)
    if form.asked:
        flights = flights_found_by(seat, form.asked, request.at)
        known = known.filter(flight__in=flights.values("pk"))
    parts = {
        code: known.filter(status__in=statuses).values_list(*PLACE, named=True)
        for code, _title, statuses, _icon in GROUPS
    }
    page = paging.page([Rows(code, rows, PLACE) for code, rows in parts.items()], request.GET)
    found = known.in_bulk([row.pk for _part, row in page.rows])
    shown: dict[str, list[KnownMovement]] = {}
    rows = movements_shown_to([found[row.pk] for _code, row in page.rows], seat, request.at)
    for (code, _row), row in zip(page.rows, rows, strict=True):
        shown.setdefault(code, []).append(row)
    groups = tuple(
        Group(code, title, icon, paging.count(parts[code]), tuple(shown[code]))
        for code, title, _statuses, icon in GROUPS
        if code in shown
    )
    return Day(groups, page, form)
