"""The requesting side, once a state on the way was asked: it answers, asks anew, withdraws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import text
from audit.verbs import REQUESTING
from casework.asking import NOTE_NUMBER, REASON
from casework.models import NoteKind
from exercises.models import Role
from neighbours import crossed
from neighbours.models import ANSWERED, WAITING, NeighbourRequest
from neighbours.models import AskedStatus as Status
from neighbours.sending import is_not_over, note, owe_clearance, send

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from neighbours.crossed import Crossed


def flight_goes_on(request: NeighbourRequest, by: Seat | None, at: datetime) -> str | None:
    return is_not_over(request.flight, by, at)


def still_crossed(request: NeighbourRequest, by: Seat | None, at: datetime) -> str | None:
    found = crossing_of(request)
    if found is None:
        return _("The flight does not cross this state any more.")
    return _("The entry time has come.") if found.first.entry_at <= at else None


def clearance_does_not_do(request: NeighbourRequest, by: Seat | None, at: datetime) -> str | None:
    found = crossing_of(request)
    if found and request.covers(found.first.entry_at, found.last.exit_at):
        return _("Its clearance covers the crossing.")
    return None


def crossing_of(request: NeighbourRequest) -> Crossed | None:
    """Return the crossing as the form has it by now."""
    found = crossed.third_states(request.flight.latest)
    return next((one for one in found if one.state == request.host), None)


@verb(
    lazy("Ask anew"),
    lazy("Asked anew by note"),
    clause="4.2",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=ANSWERED,
    target=(Status.SENT,),
    guards=(flight_goes_on, still_crossed, clearance_does_not_do),
    audience=(REQUESTING,),
    shown=("note_number",),
    makes_due=("third_state",),
    takes=(NOTE_NUMBER,),
    icon="mail",
    is_aside=True,
    warning=lazy("The note asks for the times that the form has now. A clearance given ends."),
)
def ask_anew(
    neighbour: NeighbourRequest, *, by: Seat, at: datetime, note_number: str
) -> NeighbourRequest:
    """Ask once more: for other times, which the clearance does not cover, or after a refusal.

    Raises `ValidationError` if the mission used the note number before.
    """
    found = crossing_of(neighbour)
    assert found is not None  # noqa: S101 - a guard of the verb
    neighbour.ask_anew(at=at)
    send(neighbour, found, at=at, note_number=note_number)
    return neighbour


@verb(
    lazy("Answer the question"),
    lazy("Question of a state on the way answered"),
    clause="4.2",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=(Status.QUESTIONED,),
    target=(Status.ACKNOWLEDGED,),
    audience=(REQUESTING,),
    private=("text",),
    makes_due=("third_state",),
    takes=(text("text", lazy("answer"), lazy("Write the answer.")),),
    icon="mail",
)
def answer_neighbour(
    neighbour: NeighbourRequest, *, by: Seat, at: datetime, text: str
) -> NeighbourRequest:
    """Answer by note what the neighbour asked; then it goes on."""
    neighbour.answer_neighbour(text=text, at=at)
    note(neighbour, NoteKind.ANSWER, at=at, text=text)
    owe_clearance(neighbour, at=at)
    acts.save(neighbour)
    return neighbour


@verb(
    lazy("Withdraw"),
    lazy("Request to a state on the way withdrawn"),
    clause="4.2",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=(*WAITING, Status.GRANTED),
    target=(Status.WITHDRAWN,),
    audience=(REQUESTING,),
    shown=("reason",),
    takes=(REASON,),
    icon="ban",
    tone="bad",
    is_aside=True,
    warning=lazy("That state is told by note. A clearance given ends."),
)
def withdraw_asking(
    neighbour: NeighbourRequest, *, by: Seat, at: datetime, reason: str
) -> NeighbourRequest:
    """Take the request to one state back: the flight does not need it any more."""
    neighbour.withdraw_asking()
    note(neighbour, NoteKind.WITHDRAWAL, at=at, text=reason)
    neighbour.settle()
    acts.save(neighbour)
    return neighbour
