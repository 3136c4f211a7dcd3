"""What operations log that belongs to no request: aircraft without an authorization, and the rest.

Nothing here authorizes anything. A request by radio is no request: entry is refused, unless the
aircraft is in distress. No desk orders force; what the chain of command decides is put on record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, text
from audit.verbs import BOTH, HOST
from books import agreements
from casework.asking import NOTE_NUMBER, REASON
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Role
from transit.contingency import TOLD
from transit.models.items import call_sign_form, registration_form, state_form
from transit.models.occurrence import Nature, Occurrence
from transit.models.occurrence import OccurrenceStatus as Standing
from transit.movement import moment, not_in_future, point

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Exercise, Seat


def natures(subject: Any, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [*Nature.choices]


def is_an_aircraft(occurrence: Occurrence, by: Seat | None, at: datetime) -> str | None:
    return None if occurrence.is_of_aircraft else _("It is about no aircraft.")


def is_not_in_distress(occurrence: Occurrence, by: Seat | None, at: datetime) -> str | None:
    if occurrence.nature == Nature.DISTRESS:
        return _("It is in distress: it is accepted.")
    return None


def is_untold(occurrence: Occurrence, by: Seat | None, at: datetime) -> str | None:
    return _("A note told it.") if occurrence.told_at else None


@verb(
    lazy("Log an occurrence"),
    lazy("Logged"),
    clause="12.6",
    roles=(Role.OPERATIONS,),
    audience=(HOST,),
    shown=("nature", "happened_at", "call_sign", "point", "text"),
    takes=(
        choice("nature", lazy("what happened"), lazy("Say what happened."), natures, few=True),
        moment("happened_at", lazy("when, UTC"), lazy("Enter the time.")),
        Parameter("call_sign", Kind.CODE, lazy("call sign"), most=7, checks=(call_sign_form,)),
        Parameter(
            "registration", Kind.CODE, lazy("registration"), most=12, checks=(registration_form,)
        ),
        Parameter(
            "nationality",
            Kind.CODE,
            lazy("nationality, if known"),
            hint=lazy("The state's two-letter code."),
            most=2,
            checks=(state_form,),
        ),
        point("point", lazy("where: point or position")),
        text("text", lazy("in words"), lazy("Say what was seen, heard and done.")),
    ),
    icon="plus",
)
def log_occurrence(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    nature: str,
    happened_at: datetime,
    text: str,
    call_sign: str = "",
    registration: str = "",
    nationality: str = "",
    point: str = "",
) -> Occurrence:
    """Log what belongs to no request: an aircraft without an authorization, or anything else.

    Raises `ValidationError` if it lies in the future.
    """
    not_in_future("happened_at", happened_at, at=at)
    if nature not in Nature:
        raise ValidationError({"nature": _("Say what happened.")})
    other = agreements.of(exercise).other(by.state)
    occurrence = Occurrence.next_of(
        exercise,
        requesting_state=other,
        host=by.state,
        nature=nature,
        happened_at=happened_at,
        call_sign=call_sign,
        registration=registration,
        nationality=nationality,
        point=point,
        text=text,
    )
    acts.of_case(occurrence.reference)
    acts.save(occurrence)
    return occurrence


@verb(
    lazy("Refuse entry"),
    lazy("Entry refused"),
    clause="12.6",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Standing.LOGGED,),
    target=(Standing.ENTRY_REFUSED,),
    guards=(is_an_aircraft, is_not_in_distress),
    audience=(HOST,),
    shown=("reason",),
    takes=(REASON,),
    icon="ban",
    tone="bad",
    warning=lazy(
        "Nothing but an authorization lets an aircraft in. It is told to stay out, or to leave;"
        " no desk orders force."
    ),
)
def refuse_approach(occurrence: Occurrence, *, by: Seat, at: datetime, reason: str) -> Occurrence:
    """Tell an aircraft that has no authorization not to enter, or to leave."""
    occurrence.refuse_approach()
    acts.save(occurrence)
    return occurrence


@verb(
    lazy("Accept in distress"),
    lazy("Accepted in distress, and the states concerned told"),
    clause="13.4",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Standing.LOGGED, Standing.ENTRY_REFUSED),
    target=(Standing.ACCEPTED,),
    guards=(is_an_aircraft,),
    audience=(HOST,),
    shown=("text", "told"),
    takes=(
        text("text", lazy("nature of the emergency, aerodrome"), lazy("Say what it reported.")),
        TOLD,
    ),
    icon="alert-triangle",
    tone="bad",
    warning=lazy(
        "Help first, ask afterwards. It remains a state aircraft: no search by routine, no ground"
        " for refusing to let it land."
    ),
)
def accept_distress(
    occurrence: Occurrence, *, by: Seat, at: datetime, text: str, told: list[str]
) -> Occurrence:
    """Accept an aircraft in distress that nobody announced, and tell who is to be told."""
    occurrence.accept_distress()
    occurrence.told = [*occurrence.told, *told]
    acts.save(occurrence)
    return occurrence


@verb(
    lazy("Tell the other state by note"),
    lazy("Told by note"),
    clause="13.4",
    roles=(Role.REGISTRY,),
    side=HOST,
    guards=(is_untold,),
    audience=BOTH,
    shown=("note_number",),
    private=("text",),
    takes=(
        text("text", lazy("text of the note"), lazy("Write what the other state is told.")),
        NOTE_NUMBER,
    ),
    icon="mail",
    is_aside=True,
    warning=lazy("The other state learns of the occurrence, and of what is logged about it."),
)
def tell_of_occurrence(
    occurrence: Occurrence, *, by: Seat, at: datetime, text: str, note_number: str
) -> Occurrence:
    """Tell the other party of the agreement; until then it knows of nothing."""
    write_note(
        occurrence,
        NoteKind.INFORMATION,
        from_state=occurrence.host,
        at=at,
        number=note_number,
        text=text,
    )
    occurrence.tell(at=at)
    acts.save(occurrence)
    return occurrence


@verb(
    lazy("Close the occurrence"),
    lazy("Occurrence closed"),
    clause="13.2",
    roles=(Role.DEFENCE,),
    side=HOST,
    source=(Standing.LOGGED, Standing.ENTRY_REFUSED, Standing.ACCEPTED),
    target=(Standing.CLOSED,),
    guards=(is_an_aircraft,),
    audience=(HOST,),
    shown=("outcome",),
    takes=(text("outcome", lazy("what came of it"), lazy("Say what came of it.")),),
    icon="circle-check",
    tone="good",
)
def close_occurrence(occurrence: Occurrence, *, by: Seat, at: datetime, outcome: str) -> Occurrence:
    """End it: what the aircraft did, who decided what."""
    occurrence.close_occurrence(outcome=outcome)
    acts.save(occurrence)
    return occurrence
