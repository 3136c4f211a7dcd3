"""What the host decides of a number after it gave it: suspended, reinstated, revoked.

Decided, notified, acknowledged are three moments. Those who watch the flight acknowledge at once;
the requesting side learns by the note alone, and then acknowledges.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.decision import decides_what_others_prepared
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, line
from audit.verbs import BOTH, HOST, REQUESTING
from casework.asking import NOTE_NUMBER, REASON
from casework.duties import owe_by_agreement
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import DECIDERS, Role
from transit import plans, versions
from transit.models import (
    AHEAD,
    ALOFT,
    UNDER_WAY,
    Acknowledgement,
    Authorization,
    Instruction,
    InstructionKind,
    Measure,
    MeasureKind,
)
from transit.models import AuthorizationStatus as Status
from transit.models.items import point_form
from transit.movement import end_unflown

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest, Movement

#: Those who watch the flight, and must know: operations, air defence, air navigation.
WATCHING = (Role.OPERATIONS, Role.AIR_DEFENCE, Role.CIVIL_AVIATION)

#: The three of which the requesting side is told, as a note calls them.
NOTES = {kind: NoteKind(kind) for kind in MeasureKind}

#: Where an instruction needs a place.
PLACED = (InstructionKind.REROUTE, InstructionKind.LAND)


def reply_is_sent(authorization: Authorization, by: Seat | None, at: datetime) -> str | None:
    if authorization.flight.replied_at is None:
        return _("The note in reply has not been sent: nobody flies under the number yet.")
    return None


def is_still_to_fly(authorization: Authorization, by: Seat | None, at: datetime) -> str | None:
    if any(one.status in (*AHEAD, *UNDER_WAY) for one in authorization.flight.movements.all()):
        return None
    return _("The flight is over.")


def decides_on_others(authorization: Authorization, by: Seat | None, at: datetime) -> str | None:
    return decides_what_others_prepared(authorization.flight, by, at)


def is_latest(measure: Measure) -> bool:
    return measure.pk == max(one.pk for one in measure.flight.measures.all())


def note_is_owed(measure: Measure, by: Seat | None, at: datetime) -> str | None:
    if measure.notified_at:
        return _("The note is sent.")
    if not measure.is_standing:
        return _("The requesting side has given the number back.")
    return None if measure.duty == "notification" else _("A later decision takes its place.")


def acknowledgement_is_owed(row: Acknowledgement, by: Seat | None, at: datetime) -> str | None:
    if row.acknowledged_at:
        return _("You have acknowledged it.")
    if not row.is_standing:
        return _("The requesting side has given the number back.")
    return None if row.duty else _("A later decision takes its place.")


def is_own(row: Acknowledgement, by: Seat | None, at: datetime) -> str | None:
    return _("Another desk owes it.") if by is not None and by.role != row.role else None


def receipt_is_owed(measure: Measure, by: Seat | None, at: datetime) -> str | None:
    if measure.acknowledged_at:
        return _("You have acknowledged it.")
    return None if measure.notified_at else _("No note has told of it.")


def stops_an_aircraft_inside(measure: Measure, by: Seat | None, at: datetime) -> str | None:
    if not measure.stops or not is_latest(measure):
        return _("The number holds, or another decision counts.")
    movement = _movement(measure.authorization)
    if movement is None or movement.entered_at is None:
        return _("The aircraft is not inside.")
    return None


def operations_know(measure: Measure, by: Seat | None, at: datetime) -> str | None:
    mine = _of_operations(measure)
    if mine is None or mine.acknowledged_at is None:
        return _("Acknowledge the decision first.")
    return None


def instructions(measure: Measure, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return list(InstructionKind.choices)


def nearest_exit(measure: Measure, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the moment, and the way out that was planned."""
    leaving = measure.authorization.revision.planned_exit
    return {"passed_at": at, "place": leaving.exit_point if leaving else ""}


def instructed(measure: Measure, at: datetime) -> bool:
    """Say whether operations owe no instruction."""
    mine = _of_operations(measure)
    return mine is None or mine.duty != "instruction"


@verb(
    lazy("Suspend the number"),
    lazy("Authorization suspended"),
    clause="13.7",
    roles=DECIDERS,
    side=HOST,
    source=(Status.IN_FORCE,),
    target=(Status.SUSPENDED,),
    guards=(reply_is_sent, is_still_to_fly, decides_on_others),
    audience=(HOST,),
    private=("reason",),
    makes_due=("acknowledgement", "notification", "flight_plan"),
    takes=(REASON,),
    icon="player-pause",
    tone="warn",
    is_aside=True,
    warning=lazy(
        "Nobody enters under the number until it is reinstated; its window is not extended. The "
        "requesting side learns it by note."
    ),
)
def suspend(authorization: Authorization, *, by: Seat, at: datetime, reason: str) -> Authorization:
    """Let nobody fly under the number until further notice.

    The check of the flight plan is void. The reason stays inside; the registry owes the note,
    those who watch the flight owe their acknowledgement.
    """
    authorization.suspend()
    _decide(authorization, MeasureKind.SUSPENSION, by=by, at=at, reason=reason)
    return authorization


@verb(
    lazy("Reinstate the number"),
    lazy("Authorization reinstated"),
    clause="13.7",
    roles=DECIDERS,
    side=HOST,
    source=(Status.SUSPENDED,),
    target=(Status.IN_FORCE,),
    guards=(is_still_to_fly, decides_on_others),
    audience=(HOST,),
    private=("reason",),
    makes_due=("acknowledgement", "notification", "flight_plan"),
    takes=(REASON,),
    icon="player-play",
    tone="good",
    warning=lazy(
        "This one flight was looked at again. The number holds in the window that it had; its "
        "flight plan is compared anew."
    ),
)
def reinstate(
    authorization: Authorization, *, by: Seat, at: datetime, reason: str
) -> Authorization:
    """Let a suspended number hold again, in the window that it had.

    The flight plan is compared anew. One flight at a time: each is looked at again.
    """
    authorization.reinstate()
    _decide(authorization, MeasureKind.REINSTATEMENT, by=by, at=at, reason=reason)
    return authorization


@verb(
    lazy("Revoke the number"),
    lazy("Authorization revoked"),
    clause="13.6",
    roles=DECIDERS,
    side=HOST,
    source=(Status.IN_FORCE, Status.SUSPENDED),
    target=(Status.REVOKED,),
    guards=(reply_is_sent, is_still_to_fly, decides_on_others),
    audience=(HOST,),
    private=("reason",),
    makes_due=("acknowledgement", "notification"),
    takes=(REASON,),
    icon="ban",
    tone="bad",
    is_grave=True,
    is_aside=True,
    warning=lazy(
        "The number ends for good. An aircraft inside is told to turn back, to leave or to land; "
        "no desk orders force. The requesting side learns it by note."
    ),
)
def revoke(authorization: Authorization, *, by: Seat, at: datetime, reason: str) -> Authorization:
    """End the number, for good; an aircraft inside owes nothing but to follow its instruction.

    Raised before the entry, the flight ends with the note that tells of it.
    """
    authorization.revoke()
    _decide(authorization, MeasureKind.REVOCATION, by=by, at=at, reason=reason)
    return authorization


@verb(
    lazy("Tell by note"),
    lazy("Told by note"),
    clause="13.8",
    roles=(Role.REGISTRY,),
    side=HOST,
    guards=(note_is_owed,),
    audience=BOTH,
    shown=("note_number",),
    makes_due=("receipt",),
    takes=(NOTE_NUMBER,),
    icon="mail",
    warning=lazy("The requesting side learns the decision by this note. It gives no reasons."),
    has_paper=True,
)
def notify(measure: Measure, *, by: Seat, at: datetime, note_number: str) -> Measure:
    """Tell the requesting side by note; only now it knows, and owes its acknowledgement.

    A revocation ends a flight that has not begun. Raises `ValidationError` if the ministry used the
    note number before.
    """
    authorization, flight = measure.authorization, measure.flight
    write_note(
        flight,
        NOTES[MeasureKind(measure.kind)],
        from_state=flight.host,
        at=at,
        number=note_number,
        text=authorization.number,
    )
    measure.notified_at = at
    owe_by_agreement(measure, "receipt", at=at)
    authorization.told = authorization.status
    acts.save(measure, authorization)
    movement = _movement(authorization)
    if authorization.status == Status.REVOKED and movement and movement.status in AHEAD:
        end_unflown(movement, at=at)
        flight.close_if_over(at=at)
        acts.save(flight)
        versions.make_void(flight, at=at)
    return measure


@verb(
    lazy("Acknowledge the decision"),
    lazy("Decision on the number acknowledged"),
    clause="13.8",
    roles=WATCHING,
    side=HOST,
    guards=(is_own, acknowledgement_is_owed),
    audience=(HOST,),
    makes_due=("instruction",),
    icon="check",
)
def acknowledge(acknowledgement: Acknowledgement, *, by: Seat, at: datetime) -> Acknowledgement:
    """Say that the desk knows. With the aircraft inside, operations then owe the instruction."""
    acknowledgement.acknowledged_at, acknowledgement.acknowledged_hand = at, by.hand
    measure = acknowledgement.measure
    movement = _movement(measure.authorization)
    is_inside = movement is not None and movement.status in ALOFT and movement.entered_at
    if acknowledgement.role == Role.OPERATIONS and measure.stops and is_inside:
        owe_by_agreement(acknowledgement, "instruction", at=at)
    else:
        acknowledgement.settle()
    acts.save(acknowledgement)
    return acknowledgement


@verb(
    lazy("Record the instruction"),
    lazy("Instruction passed to the aircraft"),
    clause="13.6",
    roles=(Role.OPERATIONS,),
    side=HOST,
    guards=(stops_an_aircraft_inside, operations_know),
    audience=(HOST,),
    shown=("kind", "place", "ordered_by", "passed_by", "passed_at"),
    takes=(
        choice(
            "kind", lazy("instruction"), lazy("Choose the instruction."), instructions, few=True
        ),
        Parameter(
            "place",
            Kind.CODE,
            lazy("exit point or aerodrome"),
            most=11,
            checks=(point_form,),
            hint=lazy("Where it leaves, or the aerodrome designated for its landing."),
        ),
        line(
            "ordered_by",
            lazy("ordered by"),
            lazy("Name who ordered it."),
            most=120,
            hint=lazy("Up the chain of command to who decided."),
        ),
        line(
            "passed_by",
            lazy("passed by"),
            lazy("Name the unit that passed it."),
            most=120,
            hint=lazy("The air traffic services unit that spoke to the aircraft."),
        ),
        Parameter(
            "passed_at",
            Kind.MOMENT,
            lazy("passed, UTC"),
            lazy("Enter when the aircraft had it."),
        ),
    ),
    suggests=nearest_exit,
    icon="send",
    is_done=instructed,
    warning=lazy("An instruction of air traffic services. No desk orders force."),
)
def instruct(
    measure: Measure,
    *,
    by: Seat,
    at: datetime,
    kind: str,
    ordered_by: str,
    passed_by: str,
    passed_at: datetime,
    place: str = "",
) -> Instruction:
    """Record what the aircraft inside was told to do, by whom it was ordered and passed.

    Raises `ValidationError` for a moment in the future or before the decision, and where an
    instruction lacks its place.
    """
    if kind not in InstructionKind.values:
        raise ValidationError({"kind": _("Choose the instruction.")})
    if not measure.decided_at <= passed_at <= at:
        raise ValidationError(
            {
                "passed_at": _("Between the decision and now: %(decided)s to %(now)s.")
                % {"decided": f"{measure.decided_at:%d %b %H:%MZ}", "now": f"{at:%d %b %H:%MZ}"}
            }
        )
    if kind in PLACED and not place:
        raise ValidationError({"place": _("Enter the exit point or the aerodrome.")})
    row = Instruction(
        number=len(measure.flight.instructions.all()) + 1,
        measure=measure,
        kind=kind,
        place=place if kind in PLACED else "",
        ordered_by=ordered_by,
        passed_by=passed_by,
        passed_at=passed_at,
        recorded_at=at,
        recorded_hand=by.hand,
    )
    row.of_flight(measure.flight, f"instruction/{row.number}")
    mine = _of_operations(measure)
    assert mine is not None  # noqa: S101 - a guard of the verb
    mine.settle()
    acts.save(row, mine)
    return row


@verb(
    lazy("Acknowledge the note"),
    lazy("Note on the number acknowledged"),
    clause="13.8",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(receipt_is_owed,),
    audience=BOTH,
    icon="check",
)
def acknowledge_note(measure: Measure, *, by: Seat, at: datetime) -> Measure:
    """Say that the requesting side has the note and has told its crew."""
    measure.acknowledged_at = at
    measure.settle()
    acts.save(measure)
    return measure


def measures_known_to(authorization: Authorization, seat: Seat) -> list[Measure]:
    """Return what was decided of the number, as the seat's side knows it: by note, not before."""
    rows = list(authorization.flight.measures.all())
    if authorization.side_of(seat) == REQUESTING:
        return [one for one in rows if one.notified_at]
    return rows


def _decide(
    authorization: Authorization, kind: MeasureKind, *, by: Seat, at: datetime, reason: str
) -> None:
    acts.save(authorization)
    flight = authorization.flight
    for earlier in flight.measures.all():
        if earlier.duty == "notification":
            earlier.settle()
            acts.save(earlier)
    for waiting in flight.acknowledgements.all():
        if waiting.duty:
            waiting.settle()
            acts.save(waiting)
    number = len(flight.measures.all()) + 1
    measure = Measure(
        number=number,
        authorization=authorization,
        kind=kind,
        reason=reason,
        decided_at=at,
        decided_hand=by.hand,
    )
    measure.of_flight(flight, f"measure/{_untold(flight, number)}")
    if authorization.status != authorization.told:
        owe_by_agreement(measure, "notification", at=at)
    acts.save(measure)
    for role in WATCHING:
        row = Acknowledgement(measure=measure, role=role)
        row.of_flight(flight, f"acknowledgement/{role}/{number}")
        owe_by_agreement(row, "acknowledgement", at=at)
        acts.save(row)
    movement = _movement(authorization)
    if movement and movement.status in AHEAD:
        plans.compare_anew(movement, at=at)


def _untold(flight: FlightRequest, number: int) -> str:
    """Return a name for a measure that does not tell how many there were before.

    The attaché's forms quote it, of those that a note told of.
    """
    named = f"{flight.exercise.seed} {flight.ref} {number}"
    return hashlib.sha256(named.encode()).hexdigest()[:8]


def _movement(authorization: Authorization) -> Movement | None:
    return next(reversed(authorization.flight.movements.all()), None)


def _of_operations(measure: Measure) -> Acknowledgement | None:
    rows = measure.flight.acknowledgements.all()
    mine = (one for one in rows if one.role == Role.OPERATIONS and one.measure == measure)
    return next(mine, None)
