"""The neighbour: it acknowledges, asks, grants or refuses; where it is silent, nothing is granted.

Its desk has no seat. A role-player answers as that state is taken to be, or exercise control does
by hand. What it says reaches the requesting side by note, and the host of the flight not at all.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, lines, text
from audit.verbs import REQUESTING
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Role
from neighbours import sending, telling
from neighbours.models import WAITING, NeighbourRequest
from neighbours.models import AskedStatus as Status
from transit.models.items import clearance_form

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from exercises.models import Seat

#: Who answers for a state on the way.
NEIGHBOUR = (Role.NEIGHBOUR, Role.INSTRUCTOR)


def entry_is_ahead(neighbour: NeighbourRequest, by: Seat | None, at: datetime) -> str | None:
    return None if at < neighbour.entry_at else _("The entry time has come.")


def entry_has_come(neighbour: NeighbourRequest, by: Seat | None, at: datetime) -> str | None:
    return None if at >= neighbour.entry_at else _("The entry time is ahead.")


def window(neighbour: NeighbourRequest) -> tuple[datetime, datetime]:
    """Return the window that a clearance usually has, from some hours before the entry on."""
    validity = neighbour.terms.validity_hours
    assert validity is not None  # noqa: S101 - a state with a desk says so
    valid_from = neighbour.entry_at - timedelta(hours=neighbour.known.early_hours.value)
    return valid_from, valid_from + timedelta(hours=validity.value)


def usual(neighbour: NeighbourRequest, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the number and the window that this state usually gives."""
    form = neighbour.terms.number
    assert form is not None  # noqa: S101 - a state with a desk says so
    year = neighbour.exercise.office(neighbour.host).local(at).year % 100
    given = {*_others(neighbour).values_list("clearance_number", flat=True)}
    numbers = (
        form.format.format(state=neighbour.host, year=year, serial=serial)
        for serial in count(neighbour.number * 10 + neighbour.times)
    )
    number = next(one for one in numbers if one not in given)
    valid_from, valid_until = window(neighbour)
    return {"clearance_number": number, "valid_from": valid_from, "valid_until": valid_until}


def tempers(neighbour: NeighbourRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [(code, str(one.label)) for code, one in neighbour.known.tempers.items()]


@verb(
    lazy("Acknowledge the note"),
    lazy("Note acknowledged by the state on the way"),
    clause="4.2",
    roles=NEIGHBOUR,
    source=(Status.SENT,),
    target=(Status.ACKNOWLEDGED,),
    audience=(REQUESTING,),
    icon="rubber-stamp",
)
def acknowledge_asking(neighbour: NeighbourRequest, *, by: Seat, at: datetime) -> NeighbourRequest:
    """Say that the note arrived. It grants nothing."""
    neighbour.acknowledge_asking(at=at)
    acts.save(neighbour)
    return neighbour


@verb(
    lazy("Ask the requesting state"),
    lazy("Question of the state on the way"),
    clause="4.2",
    roles=NEIGHBOUR,
    source=(Status.SENT, Status.ACKNOWLEDGED),
    target=(Status.QUESTIONED,),
    guards=(entry_is_ahead,),
    audience=(REQUESTING,),
    private=("text",),
    makes_due=("third_question",),
    takes=(text("text", lazy("question"), lazy("Write the question.")),),
    icon="message-question",
)
def question_asking(
    neighbour: NeighbourRequest, *, by: Seat, at: datetime, text: str
) -> NeighbourRequest:
    """Ask by note before answering; the attaché owes the answer, the clock goes on."""
    neighbour.question_asking(text=text, at=at)
    _note(neighbour, NoteKind.QUESTION, at=at, text=text)
    neighbour.owe("third_question", at=at, due_at=neighbour.missing_at)
    acts.save(neighbour)
    return neighbour


@verb(
    lazy("Grant the clearance"),
    lazy("Clearance granted by the state on the way"),
    clause="4.2",
    roles=NEIGHBOUR,
    source=WAITING,
    target=(Status.GRANTED,),
    guards=(entry_is_ahead,),
    audience=(REQUESTING,),
    shown=("clearance_number", "conditions"),
    makes_due=("third_number",),
    takes=(
        Parameter(
            "clearance_number",
            Kind.CODE,
            lazy("number"),
            lazy("Enter the number."),
            most=20,
            checks=(clearance_form,),
        ),
        Parameter("valid_from", Kind.MOMENT, lazy("valid from, UTC"), lazy("Enter the time.")),
        Parameter("valid_until", Kind.MOMENT, lazy("valid until, UTC"), lazy("Enter the time.")),
        lines("conditions", lazy("conditions, one a line")),
    ),
    suggests=usual,
    icon="check",
    tone="good",
)
def clear_crossing(
    neighbour: NeighbourRequest,
    *,
    by: Seat,
    at: datetime,
    clearance_number: str,
    valid_from: datetime,
    valid_until: datetime,
    conditions: Iterable[str] = (),
) -> NeighbourRequest:
    """Grant by note, under a number and for a window.

    The attaché owes the host its number where the request lies there. Raises `ValidationError`, by
    item, for a window that ends before it begins and a number that was given before.
    """
    if valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The window ends before it begins.")})
    if _others(neighbour).filter(clearance_number=clearance_number).exists():
        raise ValidationError({"clearance_number": _("This number was given before.")})
    neighbour.clear_crossing(
        number=clearance_number, valid_from=valid_from, valid_until=valid_until, at=at
    )
    neighbour.conditions = list(conditions)
    said = sending.window_in_words(clearance_number, valid_from, valid_until)
    _note(neighbour, NoteKind.REPLY, at=at, text="\n".join((said, *neighbour.conditions)))
    flight = neighbour.flight
    if flight.received_at and neighbour.host in telling.untold(flight.content):
        neighbour.owe("third_number", at=at, due_at=neighbour.missing_at)
    else:
        neighbour.settle()
    acts.save(neighbour)
    return neighbour


@verb(
    lazy("Refuse the clearance"),
    lazy("Refused by the state on the way"),
    clause="4.2",
    roles=NEIGHBOUR,
    source=WAITING,
    target=(Status.REFUSED,),
    audience=(REQUESTING,),
    icon="ban",
    tone="bad",
    is_aside=True,
    is_grave=True,
    warning=lazy("The requesting side is told by note, without reasons."),
)
def refuse_crossing(neighbour: NeighbourRequest, *, by: Seat, at: datetime) -> NeighbourRequest:
    """Refuse by note. A state gives no reasons."""
    neighbour.refuse_crossing(at=at)
    _note(neighbour, NoteKind.REPLY, at=at, text=_("The clearance cannot be given."))
    neighbour.settle()
    acts.save(neighbour)
    return neighbour


@verb(
    lazy("Lapse"),
    lazy("Lapsed: the state on the way did not answer before the entry"),
    clause="4.2",
    source=WAITING,
    target=(Status.LAPSED,),
    guards=(entry_has_come,),
    audience=(REQUESTING,),
    tone="bad",
)
def lapse_asking(neighbour: NeighbourRequest, *, by: None, at: datetime) -> NeighbourRequest:
    """End a request that was not answered at the entry. Silence is never consent."""
    neighbour.lapse_asking()
    neighbour.settle()
    acts.save(neighbour)
    return neighbour


@verb(
    lazy("Say how it answers"),
    lazy("State on the way answers otherwise"),
    clause="4.2",
    roles=(Role.INSTRUCTOR,),
    source=WAITING,
    conduct=True,
    takes=(choice("temper", lazy("temper"), lazy("Choose one."), tempers, few=True),),
    icon="users",
    is_aside=True,
)
def set_temper(
    neighbour: NeighbourRequest, *, by: Seat, at: datetime, temper: str
) -> NeighbourRequest:
    """Let the role-player answer otherwise from now on, or not at all.

    Raises `ValidationError` for a temper that there is not.
    """
    if temper not in neighbour.known.tempers:
        raise ValidationError({"temper": _("There is no such temper.")})
    neighbour.temper = temper
    acts.save(neighbour)
    return neighbour


def _others(neighbour: NeighbourRequest) -> QuerySet[NeighbourRequest]:
    """Return the other requests of the exercise, whose numbers are given."""
    return NeighbourRequest.objects.filter(exercise=neighbour.exercise_id).exclude(pk=neighbour.pk)


def _note(neighbour: NeighbourRequest, kind: NoteKind, *, at: datetime, text: str) -> None:
    asked = neighbour.last_note(NoteKind.REQUEST)
    write_note(
        neighbour,
        kind,
        from_state=neighbour.host,
        to_state=neighbour.requesting_state,
        at=at,
        to=asked,
        text=text,
    )
