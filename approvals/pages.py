"""The page of one flight: which sections a desk must look at first, and the rest in tabs.

The order is one table, by role. `approvals.sight` says what there is to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.sections import (
    amendment,
    correspondence,
    examination,
    form,
    matters,
    outcome,
    route,
    way,
)
from approvals.sight import Known, foremost
from casework import kinds, work
from contacts.sight import about as contacts_about
from exercises import paging
from exercises.models import Role
from transit.models import FlightStatus as Status
from transit.preparation import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from approvals.known import Holder
    from approvals.sections import Counted, Section
    from exercises.paging import Count
    from exercises.seating import SeatedRequest

#: The tab that is open where none is asked for.
DEFAULT_TAB = "form"

Build = Callable[[Known], "Section | None"]

#: Whole sections that a desk may have to look at first.
SECTIONS: dict[str, Build] = {
    "amendment": amendment.amendment,
    "versions": amendment.versions,
    "authorization": outcome.authorization,
    "measures": outcome.measures,
    "refusal": outcome.refusal,
    "flight": outcome.flight,
    "questions": correspondence.questions,
    "open_items": form.open_items,
    "checks": examination.checks,
    "own_check": examination.own_check,
    "route": route.route,
    "ways": way.ways,
}

#: What each role must look at first, in its order: sections, and in brackets matters of the form.
_REQUEST = ("questions", "open_items", "ways", "checks", ("note",))
_INTAKE = (("note", "completeness", "notice", "scope"), "own_check")
_DECISION = (("stands", "answers", "conditions", "purpose"), "own_check", "ways")
FIRST: dict[str, tuple[str | tuple[str, ...], ...]] = {
    Role.PLANNER: _REQUEST,
    Role.RELEASE: _REQUEST,
    Role.ATTACHE: _REQUEST,
    Role.REGISTRY: _INTAKE,
    Role.DUTY: _INTAKE,
    Role.DEFENCE: _DECISION,
    Role.AIR_DEFENCE: (("aircraft", "route", "equipment"), "own_check", "route"),
    Role.SECURITY: (("persons", "weapons", "goods", "third"), "own_check"),
    Role.CIVIL_AVIATION: (("firs", "times", "goods"), "own_check", "route"),
    Role.DECIDER: _DECISION,
    Role.DEPUTY: _DECISION,
    Role.OPERATIONS: (("window", "aircraft"), "flight", "ways", "own_check"),
    Role.INSTRUCTOR: (("stands", "answers", "note"), "questions", "open_items", "ways"),
}

#: Once there is a decision everybody looks at what came of it first; operations have their own way.
OUTCOME = ("amendment", "measures", "authorization", "versions", "refusal", "flight")
_OWN_OUTCOME = {Role.OPERATIONS: ("amendment", "measures", "versions", "refusal")}


@dataclass(frozen=True)
class TabKind:
    """A tab of the rest: the section that heads it and is counted, and what comes below it."""

    title: _StrPromise
    head: Callable[[Known], Counted | None]
    below: tuple[Build, ...] = ()


#: The rest. What stands above is not repeated.
TABS = {
    "checks": TabKind(lazy("Checks"), examination.checks),
    "form": TabKind(
        lazy("Whole form"), form.form, (route.crossings, way.ways, route.route, route.goods)
    ),
    "desks": TabKind(lazy("Desks"), examination.desks, (examination.minutes,)),
    "notes": TabKind(lazy("Notes"), correspondence.notes, (correspondence.questions,)),
    "history": TabKind(lazy("History"), correspondence.history),
}


@dataclass(frozen=True)
class Tab:
    """One tab of the rest; `count` says how much is in it."""

    code: str
    title: _StrPromise
    count: int
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Next:
    """A case on which the seat owes a step."""

    url: str
    reference: str


@dataclass(frozen=True)
class Anew:
    """A new request that begins with this one."""

    url: str
    label: str


@dataclass(frozen=True)
class Page:
    """One flight as its page shows it to a seat."""

    flight: Known
    holders: tuple[Holder, ...]
    first: tuple[Section, ...]
    tabs: tuple[Tab, ...]
    tab: str
    _request: SeatedRequest

    @property
    def holder(self) -> Holder | None:
        return foremost(self.holders)

    @cached_property
    def anew(self) -> Anew | None:
        """Where a new request begins with this one, if the seat prepares requests of its side."""
        request, seat = self._request, self._request.seat
        exercise = request.exercise
        is_asking = seat.state == self.flight.states[0]
        if not is_asking or not prepare.row.is_open_to(exercise, seat, request.at):
            return None
        is_over = self.flight.status in (Status.REFUSED, Status.LAPSED, Status.WITHDRAWN)
        return Anew(
            f"{seat.get_absolute_url()}flights/new/?from={self.flight.number}",
            _("Begin anew with this request") if is_over else _("Copy as a new draft"),
        )

    @cached_property
    def contacts(self) -> Count:
        """How many contacts about the case the seat may know of."""
        return paging.count(contacts_about(self.flight.reference, self._request.seat))

    @cached_property
    def next(self) -> Next | None:
        """The case, other than this, on which the seat owes the step with least time left.

        Looked for only where the page shows it: after a move.
        """
        request = self._request
        here = "flight", self.flight.number
        found = work.next_case(request.seat, request.at, but=here)
        return Next(kinds.address(found, request.seat.key), found.reference) if found else None


def case(known: Known, request: SeatedRequest) -> Page:
    """Return the page of one flight: what is asked of the seat first, everything else in tabs."""
    role = Role(request.seat.role)
    first = [*_OWN_OUTCOME.get(role, OUTCOME), *FIRST[role]]
    used = {SECTIONS[code] for code in first if isinstance(code, str)}
    tabs = tuple(_tab(known, code, used) for code in TABS if TABS[code].head not in used)
    shown = [tab for tab in tabs if tab.sections]
    asked = request.GET.get("tab", "")
    return Page(
        flight=known,
        holders=known.holders(known.work),
        first=_built(known, (_first(code) for code in first)),
        tabs=tuple(shown),
        tab=asked if asked in {tab.code for tab in shown} else DEFAULT_TAB,
        _request=request,
    )


def _first(code: str | tuple[str, ...]) -> Build:
    return SECTIONS[code] if isinstance(code, str) else partial(matters.matters, codes=code)


def _tab(known: Known, code: str, used: set[Build]) -> Tab:
    kind = TABS[code]
    head = kind.head(known)
    below = _built(known, (build for build in kind.below if build not in used))
    return Tab(code, kind.title, head.count if head else 0, (*filter(None, [head]), *below))


def _built(known: Known, builds: Iterable[Build]) -> tuple[Section, ...]:
    return tuple(section for build in builds if (section := build(known)) is not None)
