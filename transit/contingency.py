"""What no flight plan foresees: denied entry, distress, diversion, deviation, a load not declared.

In distress an aircraft is helped first and asked afterwards: nothing here waits for a permission,
and nothing takes one for granted. It remains a state aircraft wherever it lands; being forced down
gives nobody a right to search it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, line, lines, text
from audit.verbs import BOTH, HOST, REQUESTING
from casework.asking import REASON
from exercises.models import Role
from transit import irregular, versions
from transit.models import AHEAD, FLOWN, UNDER_WAY, AuthorizationStatus, Movement
from transit.models import MovementStatus as Moving
from transit.models.items import state_form
from transit.movement import (
    DISTRESS,
    aerodrome,
    after_entry,
    causes,
    expect_exit,
    is_notified,
    moment,
    not_in_future,
    owe_report,
    point,
)

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat

#: Where a movement can be in distress, or carry what nobody declared.
FLYING = (*AHEAD, *UNDER_WAY)

TOLD = lines(
    "told",
    lazy("who was told, one a line"),
    lazy("Say who was told: the ministries and the states concerned."),
    hint=lazy(
        "At once: the foreign ministry, the defence desk, the state of the aircraft, every state"
        " whose airspace or aerodrome is concerned."
    ),
)


def may_not_enter(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    """Entry is denied to an aircraft that nothing lets in, and to no other."""
    authorization = movement.authorization
    if (
        authorization is not None
        and authorization.status == AuthorizationStatus.IN_FORCE
        and authorization.valid_from <= at < authorization.valid_until
        and movement.checked_at
        and movement.emergency_at is None
    ):
        return _("It is authorized, in its window, with a released plan: it may enter.")
    if movement.emergency_at:
        return _("It is in distress: it is accepted.")
    return None


def not_in_distress(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return _("The emergency is recorded.") if movement.emergency_at else None


def is_to_be_regularised(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.regularised_at:
        return _("It has been regularised.")
    if irregular.has_come_down(movement):
        return None
    return _("It has landed nowhere where it was not authorized to.")


def planned_point(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_entry
    return {"point": planned.entry_point} if planned else {}


@verb(
    lazy("Deny entry"),
    lazy("Denied entry"),
    clause="12.6",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(*AHEAD, Moving.NOT_FLOWN),
    target=(Moving.DENIED_ENTRY,),
    guards=(is_notified, may_not_enter),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("denied_at", "point", "reason"),
    takes=(
        moment("denied_at", lazy("when, UTC"), lazy("Enter the time.")),
        point("point", lazy("where it was turned back"), lazy("Enter the point.")),
        REASON,
    ),
    suggests=planned_point,
    icon="ban",
    is_aside=True,
    is_grave=True,
    warning=lazy("The aircraft is told not to enter; the movement ends."),
)
def deny_entry(
    movement: Movement, *, by: Seat, at: datetime, denied_at: datetime, point: str, reason: str
) -> Movement:
    """Turn an aircraft back at the boundary: nothing that is in force lets it in.

    Raises `ValidationError` if it lies in the future.
    """
    not_in_future("denied_at", denied_at, at=at)
    movement.deny_entry(denied_at=denied_at, at=at)
    movement.findings = [*movement.findings, irregular.finding("ENTRY_DENIED", found=point)]
    movement.settle()
    acts.save(movement)
    flight = movement.flight
    flight.close_if_over(at=at)
    acts.save(flight)
    versions.make_void(flight, at=at)
    return movement


@verb(
    lazy("Accept the emergency"),
    lazy("Emergency accepted, and the states concerned told"),
    clause="13.4",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=FLYING,
    guards=(is_notified, not_in_distress),
    audience=BOTH,
    shown=("since_at", "nature", "told"),
    takes=(
        moment("since_at", lazy("since, UTC"), lazy("Enter the time.")),
        line(
            "nature",
            lazy("nature of the emergency, position, intention"),
            lazy("Say what the aircraft reported."),
            most=200,
        ),
        TOLD,
    ),
    icon="alert-triangle",
    is_aside=True,
    tone="bad",
    warning=lazy(
        "Help first, ask afterwards. It remains a state aircraft: no search by routine, no ground"
        " for refusing to let it land."
    ),
)
def accept_emergency(
    movement: Movement,
    *,
    by: Seat,
    at: datetime,
    since_at: datetime,
    nature: str,
    told: list[str],
) -> Movement:
    """Accept an aircraft in distress, authorized or not, and tell ministries and states.

    Raises `ValidationError` if it lies in the future.
    """
    not_in_future("since_at", since_at, at=at)
    movement.emergency_at = since_at
    _find(movement, irregular.finding("EMERGENCY", found=nature), told=told)
    return movement


@verb(
    lazy("Record a diversion"),
    lazy("Diverted"),
    clause="13.4",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(*AHEAD, Moving.ACTIVE),
    target=(Moving.DIVERTED,),
    guards=(is_notified,),
    audience=BOTH,
    shown=("diverted_at", "aerodrome", "told"),
    makes_due=("exit",),
    takes=(
        moment("diverted_at", lazy("diverted, UTC"), lazy("Enter the time of the diversion.")),
        aerodrome(
            "aerodrome",
            lazy("aerodrome that it makes for"),
            lazy("Enter the aerodrome."),
            hint=lazy("ICAO location indicator, of the host or of a third state."),
        ),
        choice("cause", lazy("why"), "", causes),
        TOLD,
    ),
    icon="route",
    is_aside=True,
    tone="warn",
)
def divert(
    movement: Movement,
    *,
    by: Seat,
    at: datetime,
    diverted_at: datetime,
    aerodrome: str,
    told: list[str],
    cause: str = "",
) -> Movement:
    """Record that the aircraft makes for another aerodrome; the state where it lies is told.

    Raises `ValidationError` if it lies in the future or before the entry.
    """
    after_entry(movement, "diverted_at", diverted_at, at=at)
    if cause == DISTRESS and movement.emergency_at is None:
        movement.emergency_at = diverted_at
    movement.divert(diverted_at=diverted_at, aerodrome=aerodrome)
    expect_exit(movement, diverted_at, at=at)
    to = movement.revision.destination
    _find(movement, irregular.finding("DIVERTED", found=aerodrome, authorized=to), told=told)
    versions.make_void(movement.flight, at=at)
    return movement


@verb(
    lazy("Log a deviation into a third state"),
    lazy("Deviation logged, and that state told"),
    clause="13.5",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.ACTIVE, Moving.DIVERTED),
    audience=(HOST,),
    shown=("state", "nature", "told"),
    takes=(
        Parameter(
            "state",
            Kind.CODE,
            lazy("state whose airspace it entered"),
            lazy("Enter the state's two-letter code."),
            most=2,
            checks=(state_form,),
        ),
        line(
            "nature",
            lazy("cause, from where to where, how far"),
            lazy("Say why and how far it deviated."),
            most=200,
        ),
        TOLD,
    ),
    icon="route",
    is_aside=True,
    tone="warn",
)
def deviate(
    movement: Movement, *, by: Seat, at: datetime, state: str, nature: str, told: list[str]
) -> Movement:
    """Log a deviation that safety asked for; it stands in the report and is no precedent."""
    _find(movement, irregular.finding("DEVIATION", found=state), told=told)
    return movement


@verb(
    lazy("Report an undeclared load"),
    lazy("Undeclared load found"),
    clause="13.6",
    roles=(Role.OPERATIONS, Role.SECURITY),
    side=HOST,
    source=(*FLYING, *FLOWN),
    audience=(HOST,),
    shown=("load", "source"),
    takes=(
        line("load", lazy("what was found"), lazy("Say what was found."), most=200),
        line("source", lazy("who says so"), lazy("Say who says so."), most=120),
    ),
    icon="alert-circle",
    is_aside=True,
    tone="bad",
    warning=lazy(
        "Recorded as found, for the defence ministry and the deciding officer: what follows is"
        " theirs to decide."
    ),
)
def report_load(movement: Movement, *, by: Seat, at: datetime, load: str, source: str) -> Movement:
    """Record a load that nobody declared; its consequence is left to the deciding officer."""
    _find(movement, irregular.finding("UNDECLARED_LOAD", found=load))
    return movement


@verb(
    lazy("Regularise the landing"),
    lazy("Landing regularised by note"),
    clause="13.4",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=(*UNDER_WAY, *FLOWN),
    guards=(is_to_be_regularised,),
    audience=BOTH,
    shown=("text",),
    takes=(
        text(
            "text",
            lazy("what happened, and what is asked for"),
            lazy("Say what happened, and what is asked for: repair, stay, onward flight."),
        ),
    ),
    icon="file-check",
)
def regularise(movement: Movement, *, by: Seat, at: datetime, text: str) -> Movement:
    """Say afterwards what forced the aircraft down; operations watch for it to go on or stay."""
    movement.regularised_at, movement.regularisation = at, text
    if movement.duty == "regularisation":
        movement.owe("exit", at=at, due_at=None)
    acts.save(movement)
    return movement


@verb(
    lazy("Record the take-off"),
    lazy("Took off again"),
    clause="13.4",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.ON_GROUND,),
    target=(Moving.ACTIVE,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("took_off_at",),
    makes_due=("exit",),
    takes=(moment("took_off_at", lazy("took off, UTC"), lazy("Enter the time of the take-off.")),),
    doubts=lambda movement, details, at: irregular.warnings(_unregularised(movement)),
    icon="plane-departure",
)
def take_off(movement: Movement, *, by: Seat, at: datetime, took_off_at: datetime) -> Movement:
    """Record that the aircraft goes on. Without a note before it is found.

    Raises `ValidationError` if it lies in the future or before the landing.
    """
    not_in_future("took_off_at", took_off_at, at=at)
    if movement.landed_at and took_off_at <= movement.landed_at:
        raise ValidationError({"took_off_at": _("This is not after the landing.")})
    movement.findings = [*movement.findings, *_unregularised(movement)]
    movement.take_off(took_off_at=took_off_at)
    expect_exit(movement, took_off_at + movement.revision.time_inside, at=at)
    acts.save(movement)
    return movement


@verb(
    lazy("Record that it stays"),
    lazy("Its flight ends where it came down"),
    clause="13.4",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.ON_GROUND,),
    target=(Moving.LANDED,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("reason",),
    makes_due=("report",),
    takes=(REASON,),
    icon="plane-arrival",
    is_aside=True,
)
def stay(movement: Movement, *, by: Seat, at: datetime, reason: str) -> Movement:
    """The aircraft flies no further on this flight; the post-flight report is owed."""
    movement.stay()
    owe_report(movement, at=at)
    return movement


def _unregularised(movement: Movement) -> list[dict[str, str]]:
    return [] if movement.regularised_at else [irregular.finding("NOT_REGULARISED")]


def _find(movement: Movement, found: dict[str, str], *, told: list[str] | None = None) -> None:
    movement.findings = [*movement.findings, found]
    movement.told = [*movement.told, *(told or [])]
    acts.save(movement)
