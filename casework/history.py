"""The history of a case, as a seat may read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit.models import Event
from audit.verbs import OF_THE_CLOCK
from casework import kinds
from exercises import paging, people
from exercises.models import Role
from exercises.paging import Listed
from exercises.seating import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from audit.models import EventQuerySet
    from audit.verbs import Verb
    from books.agreements import Agreement
    from casework.models import Case
    from exercises.models import Seat
    from exercises.paging import Place
    from exercises.seating import SeatedRequest


#: So many events back a form is known again by its mark.
OLDEST = 10_000


@dataclass(frozen=True)
class Entry:
    """One line of a history: what, when, by whom, and what is told of it."""

    title: str
    at: datetime
    by: str
    text: str
    tone: str


@dataclass(frozen=True)
class History:
    """What a seat's side is told of a case, newest first; `is_whole`: there is no more."""

    entries: list[Entry]
    is_whole: bool = True


@dataclass(frozen=True)
class Told:
    """What a seat's side is told of a case, as a part of a list, newest first.

    A place is the number of an event among those that are told, from the first: its number in the
    record would tell how many are not.
    """

    case: Case
    seat: Seat
    name: str = "event"
    reads: tuple[type, ...] = (int,)

    @cached_property
    def _all(self) -> Listed:
        """Everything that is told: what comes after the first page asks for it."""
        events = self._events.order_by("seq")
        return Listed(self.name, [one for one in events if is_told(one, self.case, self.seat)])

    @property
    def _events(self) -> EventQuerySet:
        return Event.objects.of_case(self.case.exercise, self.case.reference)

    def place_of(self, row: Event) -> Place:
        return self._all.place_of(row)

    def slice(self, place: Place | None, size: int, *, backwards: bool) -> list[Event]:
        if place is None and not backwards:
            return self.newest(size)
        return self._all.slice(place, size, backwards=backwards)

    def newest(self, size: int) -> list[Event]:
        """Return the newest of what is told, looking at no more than it takes."""
        found: list[Event] = []
        rows, seq = self._events.order_by("-seq"), None
        while len(found) < size:
            looked_at = [*(rows if seq is None else rows.filter(seq__lt=seq))[:size]]
            found += [event for event in looked_at if is_told(event, self.case, self.seat)]
            if len(looked_at) < size:
                break
            seq = looked_at[-1].seq
        return found[:size]


def history(case: Case, seat: Seat) -> History:
    """Return the newest of what the seat's side is told of a case."""
    found = Told(case, seat).newest(paging.SIZE + 1)
    entries = told_of(found[: paging.SIZE], case, seat)
    return History(entries, is_whole=len(found) <= paging.SIZE)


def history_since(request: SeatedRequest, case: Case) -> list[Entry]:
    """Return the newest of what was told on a case since the form in `request` was made.

    Of a form that is older than `OLDEST` events, the newest of all.
    """
    mark, exercise, seat = request.POST.get("since", ""), request.exercise, request.seat
    if not re.fullmatch(r"[0-9a-f]{24}", mark):
        return []
    possible = range(exercise.seq, max(exercise.seq - OLDEST, -1), -1)
    since = next((one for one in possible if mark_of(exercise, one) == mark), 0)
    found = Told(case, seat).newest(paging.SIZE)
    return told_of([event for event in found if event.seq > since], case, seat)


def is_told(event: Event, case: Case, seat: Seat) -> bool:
    """Say whether the event's audience holds the seat's side or role; the instructor's always."""
    audience = event.payload["audience"]
    return seat.is_instructor or case.side_of(seat) in audience or seat.role in audience


def told_of(events: Iterable[Event], case: Case, seat: Seat) -> list[Entry]:
    """Put events into words."""
    events = [*events]
    called = people.names(one.payload["by"]["holder"] for one in events if one.payload["by"])
    return [_entry(event, case, seat, called) for event in events]


def _entry(event: Event, case: Case, seat: Seat, called: Mapping[str, str]) -> Entry:
    verb = verb_of(event)
    return Entry(
        title=str(verb.past) if verb else event.verb,
        at=event.at,
        by=_byline(event, case, seat, called),
        text=details(event, case.agreement),
        tone=verb.tone if verb else "",
    )


def verb_of(event: Event) -> Verb | None:
    """Return the row of the verb that left the event; None where it is no longer known."""
    if event.verb in OF_THE_CLOCK:
        return OF_THE_CLOCK[event.verb]
    door = kinds.doors().get(event.verb)
    return door.row if door else None


def details(event: Event, agreement: Agreement) -> str:
    """Return the parameters that the event's verb lets a history repeat, in words."""
    verb, details = verb_of(event), event.payload["with"]
    words = _words(event.verb)
    shown = verb.shown if verb else ()
    lines = (in_words(name, details.get(name), agreement, words) for name in shown)
    return "\n".join(line for line in lines if line)


def in_words(name: str, value: Any, agreement: Agreement, words: Mapping[str, Any]) -> str:
    """Return a parameter of a verb as people say it: labels for codes, lists by line."""
    if value in (None, "", []):
        return ""
    if name in words:
        return str(words[name](value, agreement))
    if name == "duty":
        return str(kinds.duties()[value].label)
    if name == "to":
        return _("told: %(role)s") % {"role": Role(value).label}
    if name == "note_number":
        return _("Note %(number)s") % {"number": value}
    if name.endswith("_at"):
        return str(value).replace("T", " ")
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)


def _words(code: str) -> Mapping[str, Any]:
    """Return how the kind of case of a verb says the verb's parameters."""
    return next((one.words for one in kinds.kinds().values() if code in one.doors), {})


def _byline(event: Event, case: Case, seat: Seat, called: Mapping[str, str]) -> str:
    """Name who acted: own side by seat and holder, the other side as the state it is."""
    by = event.payload["by"]
    if by is None:
        return _("Clock")
    state, _dash, role = by["seat"].rpartition("-")
    own = seat.is_instructor or not state or state == seat.state
    if not own:
        return case.side_named(state)
    label = str(Role(role).label)
    if by["instructor"]:
        return _("%(seat)s (instructor acting: %(holder)s)") % {
            "seat": label,
            "holder": called[by["holder"]],
        }
    return f"{label} · {called[by['holder']]}"
