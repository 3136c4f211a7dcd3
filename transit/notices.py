"""What is told after the authorization and changes none: notifications by note, ATS messages."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import flight_plan, messages
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, line
from audit.verbs import BOTH, HOST, REQUESTING
from casework.asking import NOTE_NUMBER
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Help, Role
from transit import changes, plans, versions
from transit.form import label_of
from transit.models import AHEAD, FlightRequest, Message, Movement, Notification, Revision
from transit.models import MovementStatus as Moving
from transit.sentences import sentence

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat

#: The items of the form that can be notified; whether a value can is the agreement's word.
NOTIFIABLE = (
    *("captain", "registration", "crew_count", "passenger_count", "spare_call_sign"),
    *("cruise_knots", "contact_name", "contact_phone", "contact_email"),
)


def is_told_and_ahead(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.replied_at is None or versions.told(flight) is None:
        return _("Nothing is authorized that the requesting side knows of.")
    if flight.amends:
        return _("This is an amendment; what is amended is %(reference)s.") % {
            "reference": flight.amends.reference
        }
    if flight.agreement.changes is None or versions.ahead(flight) is None:
        return _("The aircraft has entered, or the flight is over.")
    return None


def not_registered(notification: Notification, by: Seat | None, at: datetime) -> str | None:
    return _("The notification is registered.") if notification.registered_at else None


def plan_stands(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.plan else _("No flight plan has been filed.")


def items(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [(name, capfirst(label_of(name))) for name in NOTIFIABLE]


@verb(
    lazy("Notify a change by note"),
    lazy("Change notified by note"),
    clause="12.4",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(is_told_and_ahead,),
    audience=BOTH,
    shown=("note_number", "item", "value"),
    takes=(
        choice("item", lazy("what has changed"), lazy("Say what has changed."), items),
        line("value", lazy("now"), lazy("Say what it is now."), most=80),
        NOTE_NUMBER,
    ),
    icon="mail",
    is_aside=True,
    has_paper=True,
)
def notify_change(
    flight: FlightRequest, *, by: Seat, at: datetime, item: str, value: str, note_number: str
) -> Notification:
    """Tell the host by note what needs no new version: another captain, the listed spare aircraft.

    Raises `ValidationError` for what is no such item or value, or takes an amendment.
    """
    if item not in NOTIFIABLE:
        raise ValidationError({"item": _("Choose what has changed.")})
    authorization = versions.told(flight)
    assert authorization is not None  # noqa: S101 - a guard of the verb
    wanted = copy(authorization.revision)
    try:
        field: Any = Revision._meta.get_field(item)
        setattr(wanted, item, field.clean(value, wanted))
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from error
    assert flight.agreement.changes is not None  # noqa: S101 - a guard of the verb
    found = changes.compared(authorization, wanted, flight.agreement.changes)
    if not found.changes:
        raise ValidationError({"value": _("This is what the form says.")})
    if found.takes not in ("WITHIN", "NOTIFICATION"):
        raise ValidationError({"value": _("This is more than a notification: amend the flight.")})
    number = len(flight.notifications.all()) + 1
    told = f"{label_of(item)}: {value}"
    asked = flight.last_note(NoteKind.REQUEST)
    note = write_note(
        flight,
        NoteKind.NOTIFICATION,
        from_state=flight.requesting_state,
        at=at,
        number=note_number,
        text=told,
        to=asked,
    )
    row = Notification(
        number=number,
        authorization=authorization,
        item=item,
        value=value,
        note=note,
        sent_at=at,
    )
    row.of_flight(flight, f"notification/{number}")
    acts.save(row)
    return row


@verb(
    lazy("Register the notification"),
    lazy("Notification registered"),
    clause="12.4",
    roles=(Role.REGISTRY, Role.OPERATIONS),
    side=HOST,
    guards=(not_registered,),
    audience=BOTH,
    icon="rubber-stamp",
    is_aside=True,
)
def take_note(notification: Notification, *, by: Seat, at: datetime) -> Notification:
    """Register a notification: the flight plan is compared with it from now on."""
    notification.registered_at, notification.registered_hand = at, by.hand
    acts.save(notification)
    return notification


def proposed_delay(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the DLA of the plan as filed; in an exam nothing."""
    if not movement.plan or movement.flight.exercise.help == Help.OFF:
        return {}
    plan = flight_plan.read(movement.plan)
    return {"message": messages.write(messages.delay(plan, plan.eobt))}


@verb(
    lazy("Send a message on the flight plan"),
    lazy("Message on the flight plan sent"),
    clause="12.1",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    source=AHEAD,
    target=(Moving.EXPECTED,),
    guards=(plans.reply_is_sent, plans.authorization_holds, plan_stands),
    audience=BOTH,
    shown=("message",),
    makes_due=("flight_plan",),
    takes=(
        Parameter(
            "message",
            Kind.MESSAGE,
            lazy("CHG, DLA or CNL message"),
            lazy("Give the message."),
            most=2000,
            hint=lazy(
                "DLA: the new off-block time. CHG: the items that change, such as -7/HVK1. CNL: "
                "the plan is cancelled."
            ),
        ),
    ),
    suggests=proposed_delay,
    icon="send",
    is_aside=True,
)
def send_message(movement: Movement, *, by: Seat, at: datetime, message: str) -> Movement:
    """Change, delay or cancel the flight plan as filed, which voids a check as a new plan does.

    A delay inside the window keeps the number. Raises `ValidationError` if the message is none, or
    is about another plan.
    """
    read = _read(message, messages.CHANGE, messages.DELAY, messages.CANCELLATION)
    plan = flight_plan.read(movement.plan)
    try:
        if read.kind == messages.CANCELLATION:
            messages.require_about(read, plan)
            movement.plan, movement.plan_filed_at = "", None
        else:
            movement.plan = flight_plan.write(messages.applied(read, plan))
            movement.plan_filed_at = at
    except flight_plan.PlanError as error:
        raise ValidationError({"message": sentence(error)}) from error
    movement.plan_sent_back = ""
    plans.compare_anew(movement, at=at)
    _keep(movement, read.kind, message, at=at)
    return movement


@verb(
    lazy("Take in a message on the flight"),
    lazy("Message on the flight received"),
    clause="12.6",
    roles=(Role.OPERATIONS,),
    side=HOST,
    guards=(plans.reply_is_sent, plan_stands),
    audience=BOTH,
    shown=("message",),
    takes=(
        Parameter(
            "message",
            Kind.MESSAGE,
            lazy("DEP or ARR message"),
            lazy("Give the message."),
            most=2000,
        ),
    ),
    icon="mail",
    is_aside=True,
)
def take_message(movement: Movement, *, by: Seat, at: datetime, message: str) -> Movement:
    """Take in that the aircraft has departed or arrived; it is no entry and no exit.

    Raises `ValidationError` if the message is none, or is about another plan.
    """
    read = _read(message, messages.DEPARTURE, messages.ARRIVAL)
    try:
        messages.require_about(read, flight_plan.read(movement.plan))
    except flight_plan.PlanError as error:
        raise ValidationError({"message": sentence(error)}) from error
    _keep(movement, read.kind, message, at=at)
    return movement


def _read(text: str, *kinds: str) -> messages.Message:
    try:
        read = messages.read(text)
    except flight_plan.PlanError as error:
        raise ValidationError({"message": sentence(error)}) from error
    if read.kind not in kinds:
        raise ValidationError(
            {"message": _("Here a message is one of: %(kinds)s.") % {"kinds": ", ".join(kinds)}}
        )
    return read


def _keep(movement: Movement, kind: str, text: str, *, at: datetime) -> None:
    flight = movement.flight
    number = len(flight.messages.all()) + 1
    row = Message(number=number, movement=movement, kind=kind, text=text, sent_at=at)
    row.of_flight(flight, f"message/{number}")
    acts.save(row)
