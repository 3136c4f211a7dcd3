"""Transmission: the note that carries the request, its return, its withdrawal, the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.verbs import BOTH, HOST, REQUESTING
from casework.asking import MISSING, NOTE_NUMBER, REASON
from casework.duties import climb, owe_by_agreement
from casework.models import Note, NoteKind
from casework.notes import write_note
from exercises.models import Role
from transit import drafting, lead_times, versions
from transit.conditions import owe_fulfilment
from transit.models import AHEAD, DECIDED, UNDECIDED, FlightRequest, FlightStatus, Revision
from transit.models import FlightStatus as Status
from transit.movement import end_unflown, give_back

if TYPE_CHECKING:
    from datetime import datetime

    from casework.duties import Owed
    from exercises.models import Seat
    from transit.models import FlightRequest, Revision


def entry_is_ahead(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A form whose entry time has passed is not sent."""
    draft = flight.draft
    planned = draft.planned_entry if draft else None
    if planned and planned.entry_at <= at:
        return _("The entry time on the form has passed.")
    return None


def not_yet_over(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.withdrawn_at:
        return _("The request is withdrawn already.")
    if flight.is_undecided or flight.is_secretly_decided:
        return None
    return _("The request is “%(status)s”.") % {"status": flight.get_status_display()}


def withdrawn_by_note(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if by is not None and by.role == Role.PLANNER and flight.received_at:
        return _("The host state has it: the attaché withdraws it by note.")
    return None


def reply_is_owed(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.replied_at:
        return _("The note in reply is sent.")
    if flight.withdrawn_at:
        return _("The request was withdrawn before the reply.")
    return None


def entry_has_come(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return None if flight.entry_at and at >= flight.entry_at else _("The entry time is ahead.")


@verb(
    lazy("Transmit by note"),
    lazy("Transmitted by note"),
    clause="8.3",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=(Status.READY_TO_TRANSMIT,),
    target=(Status.SUBMITTED,),
    guards=(entry_is_ahead,),
    audience=BOTH,
    shown=("note_number",),
    makes_due=("registration",),
    takes=(NOTE_NUMBER,),
    icon="mail",
    warning=lazy("The note goes to the host state. The form that it encloses is frozen."),
    has_paper=True,
)
def transmit(flight: FlightRequest, *, by: Seat, at: datetime, note_number: str) -> FlightRequest:
    """Hand the note over with the form enclosed, frozen from now on.

    Raises `ValidationError` if the mission used the note number before, `lead_times.ShortNotice`
    unless too little notice is justified.
    """
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a request ready to transmit has one
    lead_times.require_justified(draft, received_at=at)
    returned = flight.last_note(NoteKind.RETURN)
    flight.transmit(at=at)
    flight.entry_at = drafting.entry_of(draft)
    enclose(draft, NoteKind.REQUEST, at=at, number=note_number, in_reply_to=returned)
    owe_by_agreement(flight, "registration", at=at)
    acts.save(flight)
    return flight


@verb(
    lazy("Return for completion"),
    lazy("Returned for completion"),
    clause="9.2",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=(Status.SUBMITTED,),
    target=(Status.RETURNED,),
    audience=BOTH,
    shown=("missing",),
    makes_due=("completion",),
    takes=(MISSING,),
    icon="arrow-back-up",
    tone="warn",
    is_aside=True,
    warning=lazy("The request goes back to the requesting state, to be completed."),
    has_paper=True,
)
def send_back(flight: FlightRequest, *, by: Seat, at: datetime, missing: str) -> FlightRequest:
    """Return an incomplete request by note, with the list of what is missing."""
    flight.send_back()
    asked = flight.last_note(NoteKind.REQUEST)
    write_note(flight, NoteKind.RETURN, from_state=flight.host, at=at, text=missing, to=asked)
    owe_by_agreement(flight, "completion", at=at)
    acts.save(flight)
    return flight


@verb(
    lazy("Withdraw"),
    lazy("Withdrawn"),
    clause="8.7",
    roles=(Role.PLANNER, Role.ATTACHE),
    side=REQUESTING,
    target=(Status.WITHDRAWN,),
    guards=(not_yet_over, withdrawn_by_note),
    audience=BOTH,
    shown=("reason",),
    takes=(REASON,),
    icon="ban",
    tone="bad",
    is_aside=True,
    is_grave=True,
    warning=lazy("The request ends, for both states. A new flight needs a new request."),
    has_paper=True,
)
def withdraw(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Take the request back.

    A withdrawal that crosses a decision still unknown to the requesting side is accepted and
    cancels the authorization: the answer must not give the decision away.
    """
    if flight.is_undecided:
        flight.withdraw(at=at)
    else:
        flight.withdrawn_at = at
        for authorization in flight.authorizations.all():
            give_back(authorization)
        for movement in flight.movements.all():
            if movement.status in AHEAD:
                end_unflown(movement, at=at)
        flight.close_if_over(at=at)
    flight.settle()
    if flight.received_at:
        write_note(
            flight, NoteKind.WITHDRAWAL, from_state=flight.requesting_state, at=at, text=reason
        )
    acts.save(flight)
    return flight


@verb(
    lazy("Lapse"),
    lazy("Lapsed: undecided at the entry time"),
    clause="14.3",
    source=UNDECIDED,
    target=(Status.LAPSED,),
    guards=(entry_has_come,),
    audience=BOTH,
    tone="bad",
)
def lapse(flight: FlightRequest, *, by: None, at: datetime) -> FlightRequest:
    """End an undecided request at its entry time. Silence is never consent."""
    flight.lapse(at=at)
    flight.settle()
    acts.save(flight)
    return flight


@verb(
    lazy("Escalate"),
    lazy("Found overdue"),
    clause="14.2",
    audience=(HOST,),
    shown=("duty", "to"),
    tone="warn",
)
def escalate(row: Owed, *, by: None, at: datetime, duty: str, to: str) -> None:
    """Record that a duty of the host is overdue, and who is told."""
    climb(row, at=at)


@verb(
    lazy("Escalate"),
    lazy("Found overdue"),
    clause="14.2",
    audience=(REQUESTING,),
    shown=("duty", "to"),
    tone="warn",
)
def escalate_preparation(row: Owed, *, by: None, at: datetime, duty: str, to: str) -> None:
    """Record that a duty of the requesting side is overdue, and who is told."""
    climb(row, at=at)


@verb(
    lazy("Send the note in reply"),
    lazy("Answered by note"),
    clause="11.6",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=DECIDED,
    guards=(reply_is_owed, versions.can_take_effect),
    audience=BOTH,
    shown=("note_number",),
    takes=(NOTE_NUMBER,),
    icon="mail",
    tone="good",
    warning=lazy("The requesting side learns the decision by this note."),
    has_paper=True,
)
def reply(flight: FlightRequest, *, by: Seat, at: datetime, note_number: str) -> FlightRequest:
    """Tell the requesting side the decision by note; only now it knows.

    A granted amendment takes effect with the note, not before: until then it is a secret.
    Raises `ValidationError` if the ministry used the note number before.
    """
    asked = flight.last_note(NoteKind.REQUEST)
    authorization = flight.authorization
    write_note(
        flight,
        NoteKind.REPLY,
        from_state=flight.host,
        at=at,
        number=note_number,
        to=asked,
        text=authorization.number if authorization else "",
        enclosure=authorization.ref if authorization else "",
    )
    flight.replied_at = at
    if flight.amends:
        versions.take_effect(flight, at=at)
    if flight.amends or flight.status == FlightStatus.REFUSED:
        flight.closed_at = at
    flight.close_if_over(at=at)
    flight.settle()
    acts.save(flight)
    owe_fulfilment(flight, at=at)
    return flight


def enclose(
    draft: Revision,
    kind: NoteKind,
    *,
    at: datetime,
    number: str = "",
    text: str = "",
    in_reply_to: Note | None = None,
) -> Note:
    """Freeze a draft and send it as the enclosure of a note."""
    flight = draft.flight
    draft.enclosed_at = at
    acts.save(draft)
    note = write_note(
        flight,
        kind,
        from_state=flight.requesting_state,
        at=at,
        number=number,
        text=text,
        to=in_reply_to,
        enclosure=draft.ref,
    )
    acts.enclose(f"{draft.ref}", draft.digest)
    return note
