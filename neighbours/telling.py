"""What the requesting side tells the host of the clearances of the states on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice
from audit.verbs import BOTH, REQUESTING
from casework.asking import NOTE_NUMBER
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Role
from neighbours import crossed
from neighbours.models import ToldClearance
from neighbours.sending import is_not_over, window_in_words
from transit.mapping import state_name
from transit.models import Clearance, FlightRequest
from transit.models.items import clearance_form

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import Revision


def host_has_it(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return None if flight.received_at else _("Before the note it is told in the form.")


def crosses_third_states(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if not crossed.third_states(flight.content):
        return _("The flight crosses no third state.")
    return None


def states(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [(one.state, state_name(one.state)) for one in crossed.third_states(flight.content)]


def granted(flight: FlightRequest, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the first clearance that was granted and that the host was not told of."""
    known = (one for one in flight.asked.all() if one.is_granted and one.told_at is None)
    first = next(known, None)
    if first is None:
        return {}
    return {
        "state": first.host,
        "clearance_number": first.clearance_number,
        "valid_from": first.valid_from,
        "valid_until": first.valid_until,
    }


@verb(
    lazy("Tell a clearance on the way"),
    lazy("Clearance of a state on the way told by note"),
    clause="4.2",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(host_has_it, is_not_over, crosses_third_states),
    audience=BOTH,
    shown=("state", "clearance_number", "note_number"),
    takes=(
        choice("state", lazy("state on the way"), lazy("Choose a state."), states, few=True),
        Parameter(
            "clearance_number",
            Kind.CODE,
            lazy("its number"),
            lazy("Enter the number."),
            most=20,
            checks=(clearance_form,),
        ),
        Parameter("valid_from", Kind.MOMENT, lazy("valid from, UTC"), lazy("Enter the time.")),
        Parameter("valid_until", Kind.MOMENT, lazy("valid until, UTC"), lazy("Enter the time.")),
        NOTE_NUMBER,
    ),
    suggests=granted,
    icon="mail",
    is_aside=True,
    warning=lazy("The note goes to the host state."),
)
def tell_clearance(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    state: str,
    clearance_number: str,
    valid_from: datetime,
    valid_until: datetime,
    note_number: str,
) -> FlightRequest:
    """Tell the host by note under which number, and when, a state on the way has cleared it.

    What is told is not held against what that state granted: each side answers for its own words.
    Raises `ValidationError`, by item, for a state that is not crossed, a window that ends before it
    begins and a note number that was used before.
    """
    if state not in dict(states(flight, by, at)):
        raise ValidationError({"state": _("The flight does not cross this state.")})
    if valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The window ends before it begins.")})
    number = len(flight.toldclearances.all()) + 1
    row = ToldClearance(
        number=number,
        state=state,
        clearance_number=clearance_number,
        valid_from=valid_from,
        valid_until=valid_until,
        told_at=at,
    )
    row.of_flight(flight, f"told/{number}")
    said = window_in_words(clearance_number, valid_from, valid_until)
    write_note(
        flight,
        NoteKind.SUPPLEMENT,
        from_state=flight.requesting_state,
        at=at,
        number=note_number,
        text=f"{state_name(state)}: {said}",
    )
    acts.save(row)
    for asked in flight.asked.all():
        if asked.host == state and asked.is_granted:
            asked.told_at = at
            asked.settle()
            acts.save(asked)
    return flight


def told(flight: FlightRequest) -> dict[str, ToldClearance]:
    """Return what the host was told last of each state on the way, by its code.

    What it was told of the flight that is amended it has been told of the amendment.
    """
    if not flight.pk:  # tried out, and never told of
        return {}
    before = told(flight.amends) if flight.amends else {}
    return before | {row.state: row for row in flight.toldclearances.all()}


def untold(revision: Revision) -> Iterable[str]:
    """Give the states on the way of which the host knows no clearance: form and notes say none."""
    known = told(revision.flight)
    for one in crossed.third_states(revision):
        in_form = all(row.clearance == Clearance.GRANTED for row in one.rows)
        if not in_form and one.state not in known:
            yield one.state
