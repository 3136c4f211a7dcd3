"""The history of a case, as a seat may read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.models import Answer, Disposal
from approvals.moves import VERBS
from audit.models import Event
from audit.verbs import AUTO_PAUSE, REQUESTING
from casework.duties import DUTIES
from exercises.models import Role
from transit.models import FlightRequest

if TYPE_CHECKING:
    from datetime import datetime

    from audit.verbs import Verb
    from books.agreements import Agreement
    from exercises.models import Seat
    from exercises.seating import SeatedRequest

TONES = {
    "authorize": "good",
    "close": "good",
    "reply": "good",
    "refuse": "bad",
    "lapse": "bad",
    "send_back": "warn",
    "withdraw": "bad",
    "expire": "bad",
    "alert_overdue": "bad",
}


@dataclass(frozen=True)
class Entry:
    """One line of a history: what, when, by whom, and what is told of it."""

    title: str
    at: datetime
    by: str
    text: str
    tone: str


def history(flight: FlightRequest, seat: Seat) -> list[Entry]:
    """Return the history of a case, newest first, as far as the seat's side is told."""
    events = Event.objects.of_case(flight.exercise, flight.reference)
    return [entry(event, flight, seat) for event in events if is_told(event, flight, seat)]


def history_since(request: SeatedRequest, *, number: int | None) -> list[Entry]:
    """Return what was told on a case since the form in `request` was made."""
    seq = request.POST.get("seq", "")
    if number is None or not re.fullmatch(r"\d{1,9}", seq) or not hasattr(request, "seat"):
        return []
    flight = FlightRequest.objects.visible_to(request.seat).filter(number=number).first()
    if flight is None:
        return []
    events = Event.objects.of_case(flight.exercise, flight.reference).filter(seq__gt=int(seq))
    return [
        entry(event, flight, request.seat)
        for event in events
        if is_told(event, flight, request.seat)
    ]


def is_told(event: Event, flight: FlightRequest, seat: Seat) -> bool:
    """Say whether the event's audience holds the seat's side or role; the instructor's always."""
    audience = event.told["audience"]
    return seat.is_instructor or flight.side_of(seat) in audience or seat.role in audience


def entry(event: Event, flight: FlightRequest, seat: Seat) -> Entry:
    """Put one event into words."""
    verb = verb_of(event)
    return Entry(
        title=str(verb.told) if verb else event.verb,
        at=event.at,
        by=byline(event, flight, seat),
        text=details(event, flight.agreement),
        tone=tone_of(event),
    )


def tone_of(event: Event) -> str:
    """Return the colour of an event; its title says the same."""
    return "warn" if event.verb.startswith(("escalate", "remind")) else TONES.get(event.verb, "")


def verb_of(event: Event) -> Verb | None:
    return AUTO_PAUSE if event.verb == AUTO_PAUSE.code else VERBS.get(event.verb)


def byline(event: Event, flight: FlightRequest, seat: Seat) -> str:
    """Name who acted: own side by seat and holder, the other side as the state it is."""
    by = event.told["by"]
    if by is None:
        return _("Clock")
    state, _dash, role = by["seat"].rpartition("-")
    own = seat.is_instructor or not state or state == seat.state
    if not own:
        name = flight.agreement.states[state].name
        if flight.side_of(seat) == REQUESTING:
            return _("The host state, %(state)s") % {"state": name}
        return _("The requesting state, %(state)s") % {"state": name}
    label = str(Role(role).label)
    if by["instructor"]:
        return _("%(seat)s (instructor acting: %(holder)s)") % {
            "seat": label,
            "holder": by["holder"],
        }
    return f"{label} · {by['holder']}"


def details(event: Event, agreement: Agreement) -> str:
    """Return the parameters that the event's verb lets a history repeat, in words."""
    verb, told = verb_of(event), event.told["with"]
    shown = verb.shown if verb else ()
    lines = (in_words(name, told.get(name), agreement) for name in shown)
    return "\n".join(line for line in lines if line)


def in_words(name: str, value: Any, agreement: Agreement) -> str:
    """Return a parameter of a verb as people say it: labels for codes, lists by line."""
    if value in (None, "", []):
        return ""
    if name == "desk":
        return str(agreement.desks[value].label)
    if name == "desks":
        return ", ".join(str(agreement.desks[desk].label) for desk in value)
    if name == "answer":
        return str(Answer(value).label)
    if name == "disposal":
        return str(Disposal(value).label)
    if name == "duty":
        return str(DUTIES[value].label)
    if name == "to":
        return _("told: %(role)s") % {"role": Role(value).label}
    if name == "ground":
        return capfirst(str(agreement.grounds[value]))
    if name == "note_number":
        return _("Note %(number)s") % {"number": value}
    if name in {"entered_at", "exited_at", "landed_at"}:
        return str(value).replace("T", " ")
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)
