"""The note by which the requesting side asks a state on the way for its clearance of a flight."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import choice
from audit.verbs import REQUESTING
from books import neighbours
from casework.asking import NOTE_NUMBER
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Role
from neighbours import crossed
from neighbours.models import NeighbourRequest
from transit.mapping import state_name

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from neighbours.crossed import Crossed
    from transit.models import FlightRequest

#: The clearance is open work of the attaché from so long before it has to be there.
OPENS = timedelta(days=1)


def to_ask(flight: FlightRequest, at: datetime) -> list[Crossed]:
    """Return the states on the way that are not asked, and have somebody to be asked."""
    asked = {one.host for one in flight.asked.all()}
    return [
        one
        for one in crossed.third_states(flight.latest)
        if one.state not in asked
        and one.first.entry_at > at
        and crossed.neighbour_of(flight, one.state)
    ]


def is_not_over(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return _("The request is over.") if flight.closed_at else None


def some_are_to_ask(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if neighbours.of(flight.agreement) is None:
        return _("Under this agreement states on the way are asked outside the exercise.")
    if not to_ask(flight, at):
        return _("No state on the way is left to be asked.")
    return None


def states(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [(one.state, state_name(one.state)) for one in to_ask(flight, at)]


@verb(
    lazy("Ask a state on the way"),
    lazy("State on the way asked by note"),
    clause="4.2",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(is_not_over, some_are_to_ask),
    audience=(REQUESTING,),
    shown=("state", "note_number"),
    makes_due=("third_state",),
    takes=(
        choice("state", lazy("state on the way"), lazy("Choose a state."), states, few=True),
        NOTE_NUMBER,
    ),
    icon="mail",
    is_aside=True,
    warning=lazy("The note goes to that state. The host state learns nothing of it."),
)
def ask_neighbour(
    flight: FlightRequest, *, by: Seat, at: datetime, state: str, note_number: str
) -> NeighbourRequest:
    """Ask one state on the way by note for its clearance of this flight.

    Raises `ValidationError`, by item, for a state that is not left to be asked and a note number
    that was used before.
    """
    found = next((one for one in to_ask(flight, at) if one.state == state), None)
    neighbour = crossed.neighbour_of(flight, state)
    if found is None or neighbour is None or neighbour.temper is None:
        raise ValidationError({"state": _("This state is not left to be asked.")})
    request = NeighbourRequest.next_of(
        flight.exercise, requesting_state=flight.requesting_state, host=state
    )
    request.flight, request.sent_at, request.temper = flight, at, neighbour.temper.value
    send(request, found, at=at, note_number=note_number)
    return request


def owe_clearance(request: NeighbourRequest, *, at: datetime) -> None:
    """Let the attaché owe the clearance of this state, a day before its entry."""
    due_at = request.missing_at
    request.owe("third_state", at=at, due_at=due_at, opens_at=due_at - OPENS)


def send(request: NeighbourRequest, found: Crossed, *, at: datetime, note_number: str) -> None:
    """Send the note with what the form says of the crossing by now; the answer is waited for.

    Raises `ValidationError` if the mission used the note number before.
    """
    revision = request.flight.latest
    request.entry_at, request.entry_point = found.first.entry_at, found.first.entry_point
    request.exit_at, request.exit_point = found.last.exit_at, found.last.exit_point
    request.asked_as = crossed.counted_as(revision, request.terms)
    request.matters = crossed.matters(revision, request.asked_as)
    owe_clearance(request, at=at)
    words: dict[str, Any] = {
        "sign": revision.call_sign,
        "type": revision.aircraft_type,
        "entry": f"{request.entry_point} {request.entry_at:%-d %b %Y %H:%MZ}",
        "exit": f"{request.exit_point} {request.exit_at:%-d %b %Y %H:%MZ}",
    }
    said = _("Clearance for %(sign)s, %(type)s: entry %(entry)s, exit %(exit)s.") % words
    note(request, NoteKind.REQUEST, at=at, text=said, number=note_number)
    acts.save(request)


def note(
    request: NeighbourRequest, kind: NoteKind, *, at: datetime, text: str, number: str = ""
) -> None:
    """Write a note of the requesting state to the neighbour."""
    write_note(
        request,
        kind,
        from_state=request.requesting_state,
        to_state=request.host,
        at=at,
        number=number,
        text=text,
    )


def window_in_words(number: str, valid_from: datetime, valid_until: datetime) -> str:
    """Say a clearance as a note does: its number, and from when to when it is valid."""
    return _("%(number)s, valid from %(start)s to %(end)s.") % {
        "number": number,
        "start": f"{valid_from:%-d %b %Y %H:%MZ}",
        "end": f"{valid_until:%-d %b %Y %H:%MZ}",
    }
