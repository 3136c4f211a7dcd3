"""The kinds of case, as `settings.CASES` names them: the one table that casework reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from audit import acts
from casework.notes import NOTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from audit.verbs import Verb
    from books.agreements import Agreement
    from casework.models import Case, CaseRow
    from casework.steps import Duty, Steps
    from casework.written import Written
    from exercises.models import Seat
    from exercises.seating import SeatedRequest

Door = acts.Door[Any, ..., Any]
Row = dict[str, Any]


def only_itself(case: Case, seat: Seat, verb: Verb) -> Iterator[CaseRow]:
    """Give the case: of most kinds a verb is about nothing else."""
    yield case


@dataclass(frozen=True)
class Citation:
    """A case that cites another; `findings` is None where they are not the reader's affair."""

    case: Case
    status: Any
    revisions: int
    findings: int | None


@dataclass(frozen=True)
class Kind:
    """One kind of case: what casework needs to know to offer, do, tell and list it.

    `model` is its row, `address` its place below a seat: `flights/3/`. `verbs` are the modules
    that hold them, in procedure's order. `page` shows one case with a panel. `lists` names the
    parts of a case that its line in a list shows, and those that may be owed.

    `subjects` gives what a verb may be about in a case, as far as the seat may know of it, and
    `known` what it may have been about when somebody's page was made. `named` picks the row that
    a story's line is about; without, it is the case. `work` says which steps can be owed.
    `citing` gives the cases of this kind that cite a case of another, as a seat may know of them.
    `duties` are the table of what can be owed, `words` say a verb's parameters as people do.
    `written` names what people write without end, by the last word of its page: `all/notes/`.
    """

    model: type[Case]
    address: str
    verbs: tuple[ModuleType, ...]
    page: Callable[[SeatedRequest, Any, Any], HttpResponse]
    lists: tuple[str, ...] = ()
    subjects: Callable[[Any, Seat, Verb], Iterable[CaseRow]] = only_itself
    known: Callable[[Any, Seat, Verb], Iterable[CaseRow]] = only_itself
    named: Mapping[str, Callable[[Any, Seat, Row], Any]] = field(default_factory=dict)
    work: tuple[Steps, ...] = ()
    citing: Callable[[Case, Seat], Iterable[Citation]] = lambda case, seat: ()
    duties: Mapping[str, Duty] = field(default_factory=dict)
    words: Mapping[str, Callable[[Any, Agreement], str]] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=lambda: {"notes": NOTES})

    @property
    def code(self) -> str:
        return self.model.noun

    @cached_property
    def doors(self) -> dict[str, Door]:
        """The verbs of this kind of case, by code, in procedure's order."""
        return acts.doors(*self.verbs)

    def visible_to(self, seat: Seat) -> QuerySet[Any]:
        """Return the cases that the seat may know of; their pages ask for parts as they go."""
        known: QuerySet[Any] = self.model._default_manager.visible_to(seat)
        return known.select_related("exercise")


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind of case, by code, lowest room first."""
    found = [import_module(name).KIND for name in settings.CASES]
    return {kind.code: kind for kind in found}


def of(case: Case) -> Kind:
    """Return the kind of a case."""
    return kinds()[case.noun]


def address(case: Case, key: str) -> str:
    """Return where the seat `KZ-REGISTRY` finds a case."""
    return reverse(case.noun, args=(case.exercise_id, key, case.number))


@cache
def doors() -> dict[str, Door]:
    """Return the verbs of every kind of case, by code, lowest room first."""
    return {code: door for kind in kinds().values() for code, door in kind.doors.items()}


@cache
def duties() -> dict[str, Duty]:
    """Return what can be owed in any kind of case, by code."""
    return {code: duty for kind in kinds().values() for code, duty in kind.duties.items()}


def citing(case: Case, seat: Seat) -> Iterator[Citation]:
    """Give the cases that cite this one, as far as the seat may know of them."""
    for kind in kinds().values():
        yield from kind.citing(case, seat)
