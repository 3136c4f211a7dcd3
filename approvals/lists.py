"""The requester's list and the host's queue: rows by least time left, the seat's own work first.

What the address asks for beside is `approvals.filters`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from approvals.filters import ListForm
from approvals.finding import flights_found_by
from approvals.sight import flights_known_to, foremost
from casework import kinds, work
from casework.work import Tray
from exercises import paging
from exercises.models import REQUESTER_ROLES, Role
from exercises.paging import Rows

if TYPE_CHECKING:
    from django.db.models import Q

    from approvals.filters import Chip
    from approvals.known import Holder
    from approvals.sight import Known
    from casework import dates
    from exercises.paging import Count, Page, Part
    from exercises.seating import SeatedRequest
    from transit.models import Crossing, Revision
    from transit.models.flight import FlightRequestQuerySet


@dataclass(frozen=True)
class Row:
    """One flight in the list."""

    flight: Known
    holders: tuple[Holder, ...]

    @property
    def revision(self) -> Revision:
        return self.flight.revision

    @cached_property
    def entry(self) -> Crossing | None:
        return self.revision.planned_entry

    @cached_property
    def holder(self) -> Holder | None:
        return foremost(self.holders)

    @property
    def others(self) -> int:
        """How many steps are owed besides the one that is shown."""
        return sum(len(one.steps) for one in self.holders) - 1

    @cached_property
    def due(self) -> dates.Shown | None:
        """The date without its count, which the page of the flight opens."""
        due = self.holder and self.holder.due
        return replace(due, rule="", days=(), source="") if due else None

    @cached_property
    def number(self) -> str:
        return self.flight.authorization.number if self.flight.authorization else ""

    @cached_property
    def is_mine(self) -> bool:
        return any(one.is_me for one in self.holders)


@dataclass(frozen=True)
class Listing:
    """One page of the list in tabs, as its form asks for it; `counts` by tab."""

    rows: tuple[Row, ...]
    tab: str
    counts: dict[str, Count]
    form: ListForm
    page: Page
    is_requester: bool
    may_prepare: bool

    @property
    def found(self) -> Count:
        return self.counts[self.tab]

    @property
    def query(self) -> str:
        """The address of the tab as asked for, to which the place of a page is added."""
        return f"{urlencode([('tab', self.tab), *self.form.terms])}&"

    @property
    def terms(self) -> str:
        """What is asked for beside the tab, for the addresses of the others."""
        return urlencode(self.form.terms)

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        return tuple(self.form.chips(self.tab))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.form.asked)


TABS = ("mine", "open", "done")

#: What is read of a flight to find its place.
PLACE = ("pk", "entry_at", "number")


def listing(request: SeatedRequest) -> Listing:
    """Return the flights that the seat may know of, as the address asks for them."""
    seat, at = request.seat, request.at
    form = ListForm(request.GET, seat=seat)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "open"
    known = flights_found_by(seat, form.asked, at)
    kind = kinds.kinds()["flight"]
    mine = work.is_owed_by(seat, kind, at)
    if form.order:
        parts = _ordered(form.order, _of_tab(tab, known, mine))
    else:
        among = known if form.asked else None
        parts = _parts(
            tab,
            known,
            mine,
            [
                Tray(name, seat, kind, at, is_dated=name == "due", among=among)
                for name in ("due", "mine")
            ],
        )
    page = paging.page(parts, request.GET)
    keys = [row.pk for _part, row in page.rows]
    rows = [
        Row(one, one.holders(one.work, briefly=True))
        for one in flights_known_to(seat, at, keys=keys)
    ]
    numbers = [row.number for _part, row in page.rows]
    return Listing(
        rows=tuple(
            sorted(rows, key=lambda row: numbers.index(row.flight.number))
            if form.order
            else sorted(rows, key=_least_time_left)
        ),
        tab=tab,
        counts={
            "mine": paging.count(known.filter(mine))
            if form.asked
            else work.count_cases(seat, kind, at),
            "open": paging.count(known.open()),
            "done": paging.count(known.closed()),
        },
        form=form,
        page=page,
        is_requester=seat.role in REQUESTER_ROLES,
        may_prepare=seat.role == Role.PLANNER,
    )


def _of_tab(tab: str, known: FlightRequestQuerySet, mine: Q) -> FlightRequestQuerySet:
    if tab == "mine":
        return known.filter(mine)
    return known.closed() if tab == "done" else known.open()


def _ordered(order: str, rows: FlightRequestQuerySet) -> list[Part]:
    """Return a tab in the order that was asked for; without an entry comes last, newest first."""
    if order in ("newest", "oldest"):
        key = "-number" if order == "newest" else "number"
        return [Rows(order, rows.values_list(*PLACE, named=True), (key,))]
    entering, others = (
        rows.filter(entry_at__isnull=it).values_list(*PLACE, named=True) for it in (False, True)
    )
    keys = ("entry_at", "-number") if order == "entry" else ("-entry_at", "number")
    return [Rows(order, entering, keys), Rows("none", others, ("-number",))]


def _parts(tab: str, known: FlightRequestQuerySet, mine: Q, trays: list[Part]) -> list[Part]:
    """Return what a tab consists of in its own order.

    The seat's own work comes first, least time left first; then by entry what waits for others,
    whose dates may not be the seat's to know. A page of it shows least time left first as well.
    """
    if tab == "done":
        return [Rows("done", known.closed().values_list(*PLACE, named=True), ("-number",))]
    if tab == "mine":
        return trays
    others = known.open().exclude(mine)
    entering, others = (others.filter(entry_at__isnull=it) for it in (False, True))
    return [
        *trays,
        Rows("entry", entering.values_list(*PLACE, named=True), ("entry_at", "-number")),
        Rows("open", others.values_list(*PLACE, named=True), ("-number",)),
    ]


def _least_time_left(row: Row) -> tuple[Any, ...]:
    due = row.due
    return (
        row.flight.is_closed,
        not row.is_mine,
        due is None or due.at is None,
        due.at if due and due.at else row.flight.exercise.opened_at,
        -row.flight.number,
    )
