"""The flight plan: filed by the planner, compared and released by operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import flight_plan
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, text
from audit.verbs import BOTH, HOST, REQUESTING
from exercises.models import Help, Role
from transit import filing
from transit.conditions import precedents_are_fulfilled
from transit.models import AHEAD, AuthorizationStatus, Movement
from transit.models import MovementStatus as Moving
from transit.sentences import sentence
from transit.severity import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import Movement


def reply_is_sent(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    """Decided is not notified: nothing flies before the note in reply."""
    if movement.flight.replied_at is None:
        return _("The note in reply has not been sent.")
    return None


def check_is_open(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.opens_at and at < movement.opens_at:
        return _("The flight-plan check opens at %(moment)s.") % {
            "moment": movement.opens_at.strftime("%d %b %Y %H:%MZ")
        }
    return None


def plan_is_filed(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.plan else _("No flight plan has been filed.")


def plan_is_not_sent_back(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.plan_sent_back:
        return _("The flight plan was sent back; a new one is awaited.")
    return None


def authorization_holds(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    authorization = movement.authorization
    known = None
    if authorization is not None:
        known = authorization.status_for(by) if by else authorization.status
    return None if known == AuthorizationStatus.IN_FORCE else _("No authorization is in force.")


def proposed_plan(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the plan as filed, else what the authorization calls for; in an exam nothing."""
    authorization = movement.authorization
    if movement.plan or authorization is None or movement.flight.exercise.help == Help.OFF:
        return {"message": movement.plan}
    return {"message": filing.proposed(authorization)}


@verb(
    lazy("File the flight plan"),
    lazy("Flight plan filed"),
    clause="12.1",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    source=AHEAD,
    target=(Moving.EXPECTED,),
    guards=(reply_is_sent, authorization_holds),
    audience=BOTH,
    private=("message",),
    makes_due=("flight_plan",),
    takes=(
        Parameter(
            "message",
            Kind.MESSAGE,
            lazy("flight plan message"),
            lazy("Give the flight plan message."),
            most=2000,
            hint=lazy(
                "The ICAO FPL message, proposed from the authorization; change what differs."
            ),
        ),
    ),
    suggests=proposed_plan,
    quotes=True,
    icon="send",
)
def file_plan(movement: Movement, *, by: Seat, at: datetime, message: str) -> Movement:
    """File the flight plan, or a new version of it, which voids a check.

    Raises `ValidationError` if the message is no flight plan.
    """
    try:
        flight_plan.read(message)
    except flight_plan.PlanError as error:
        raise ValidationError({"message": sentence(error)}) from error
    movement.plan, movement.plan_filed_at = message, at
    movement.plan_codes, movement.plan_remarks, movement.plan_sent_back = [], "", ""
    compare_anew(movement, at=at)
    return movement


@verb(
    lazy("Release the flight plan"),
    lazy("Flight plan checked against the authorization and released"),
    clause="12.3",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.EXPECTED,),
    target=(Moving.CHECKED,),
    guards=(
        *(reply_is_sent, authorization_holds, check_is_open),
        *(plan_is_filed, plan_is_not_sent_back, precedents_are_fulfilled),
    ),
    audience=(HOST,),
    shown=("remarks",),
    makes_due=("entry",),
    takes=(text("remarks", lazy("how each discrepancy was cleared up")),),
    icon="file-check",
)
def check_plan(movement: Movement, *, by: Seat, at: datetime, remarks: str = "") -> Movement:
    """Release the flight plan as filed: it agrees with the authorization.

    Raises `ValidationError` while a discrepancy blocks it, or if one that is to be queried goes
    without a remark.
    """
    found = filing.discrepancies(movement)
    if blocking := [one for one in found if one.severity == Severity.BLOCK]:
        raise ValidationError(filing.refusal(blocking, movement))
    if not remarks and any(one.severity == Severity.QUERY for one in found):
        raise ValidationError(
            {"remarks": _("Say how each discrepancy was cleared up with the requesting side.")}
        )
    plan = flight_plan.read(movement.plan)
    movement.check_plan(at=at)
    movement.filed_call_sign = plan.call_sign
    movement.filed_registration = filing.registration(plan)
    movement.plan_codes, movement.plan_remarks = [one.code for one in found], remarks
    planned = movement.revision.planned_entry
    movement.owe("entry", at=at, due_at=None, opens_at=planned.entry_at if planned else at)
    acts.save(movement)
    return movement


def what_blocks(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest what keeps the plan from being released, where officers do not compare alone."""
    if movement.flight.exercise.help != Help.OPEN:
        return {}
    found = filing.discrepancies(movement) if movement.plan and movement.authorization else []
    blocking = [one for one in found if one.severity == Severity.BLOCK]
    return {"reason": "\n".join(filing.refusal(blocking, movement))} if blocking else {}


@verb(
    lazy("Send the flight plan back"),
    lazy("Flight plan sent back"),
    clause="12.3",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.EXPECTED,),
    guards=(reply_is_sent, authorization_holds, plan_is_filed, plan_is_not_sent_back),
    audience=BOTH,
    shown=("reason",),
    takes=(
        text(
            "reason",
            lazy("what keeps it from being released"),
            lazy("Say what keeps the flight plan from being released."),
        ),
    ),
    suggests=what_blocks,
    icon="arrow-back-up",
    is_aside=True,
)
def send_plan_back(movement: Movement, *, by: Seat, at: datetime, reason: str) -> Movement:
    """Tell the planner why the plan is not released; the next one begins with the one sent back."""
    movement.plan_sent_back = reason
    acts.save(movement)
    return movement


def compare_anew(movement: Movement, *, at: datetime) -> None:
    """Void the check of a flight that is ahead: the plan, or what it is compared with, changed."""
    movement.void_check()
    expect_plan(movement, at=at)
    acts.save(movement)


def expect_plan(movement: Movement, *, at: datetime) -> None:
    """Let operations owe the check of the flight plan before the planned entry."""
    entry_at = movement.flight.entry_at
    assert entry_at is not None  # noqa: S101 - the authorization has a window
    opens_at = entry_at - movement.flight.agreement.flight_plan_opens
    movement.owe("flight_plan", at=at, due_at=entry_at, opens_at=opens_at)
