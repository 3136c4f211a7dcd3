"""The requester's list and the host's queue: rows by least time left, the seat's own work first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from approvals.sight import flights_known_to, foremost
from casework.work import shown_work
from exercises.models import REQUESTER_ROLES, Role

if TYPE_CHECKING:
    from approvals.known import Holder
    from approvals.sight import Known
    from casework import dates
    from exercises.seating import SeatedRequest
    from transit.models import Crossing, Revision


@dataclass(frozen=True)
class Row:
    """One flight in the list."""

    flight: Known
    holders: tuple[Holder, ...]

    @property
    def revision(self) -> Revision:
        return self.flight.revision

    @property
    def entry(self) -> Crossing | None:
        return self.revision.planned_entry

    @property
    def holder(self) -> Holder | None:
        return foremost(self.holders)

    @property
    def others(self) -> int:
        """How many steps are owed besides the one that is shown."""
        return sum(len(one.steps) for one in self.holders) - 1

    @property
    def due(self) -> dates.Shown | None:
        """The date without its count, which the page of the flight opens."""
        due = self.holder and self.holder.due
        return replace(due, rule="", days=(), source="") if due else None

    @property
    def number(self) -> str:
        return self.flight.authorization.number if self.flight.authorization else ""

    @property
    def is_mine(self) -> bool:
        return any(one.is_me for one in self.holders)

    @property
    def text(self) -> str:
        """What the search looks at."""
        revision = self.revision
        return " ".join(
            (
                self.flight.reference,
                revision.call_sign,
                revision.aircraft_type,
                revision.registration,
                revision.departure,
                revision.destination,
                revision.operator,
                self.number,
            )
        )

    def is_in(self, tab: str) -> bool:
        if tab == "mine":
            return self.is_mine
        return self.flight.is_closed == (tab == "done")


@dataclass(frozen=True)
class Listing:
    """The list in tabs, as searched."""

    rows: tuple[Row, ...]
    tab: str
    counts: dict[str, int]
    q: str
    is_requester: bool
    may_prepare: bool


TABS = ("mine", "open", "done")


def listing(request: SeatedRequest) -> Listing:
    """Return the flights that the seat may know of, as the address asks for them."""
    seat = request.seat
    work = shown_work(request)
    found = (Row(one, one.holders(work)) for one in flights_known_to(seat, request.at))
    rows = sorted(found, key=_least_time_left)
    search = request.GET.get("q", "").strip()
    rows = [row for row in rows if search.lower() in row.text.lower()]
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    return Listing(
        rows=tuple(row for row in rows if row.is_in(tab)),
        tab=tab,
        counts={name: sum(row.is_in(name) for row in rows) for name in TABS},
        q=search,
        is_requester=seat.role in REQUESTER_ROLES,
        may_prepare=seat.role == Role.PLANNER,
    )


def _least_time_left(row: Row) -> tuple[Any, ...]:
    due = row.due
    return (
        row.flight.is_closed,
        not row.is_mine,
        due is None or due.at is None,
        due.at if due and due.at else row.flight.exercise.opened_at,
        -row.flight.number,
    )
