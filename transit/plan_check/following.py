"""The messages that follow a filed plan, compared with the authorization.

With the plan as filed, the plan that a message leaves is compared. Without it, what the message
itself says: call sign, aerodromes, date and the items that it changes; of times nothing can be
told, for they rest on the elapsed times of the plan.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from airspace import messages
from transit.plan_check.comparison import compare
from transit.plan_check.discrepancies import Discrepancy
from transit.plan_check.writing import plan_for

if TYPE_CHECKING:
    from airspace.flight_plan import FlightPlan
    from airspace.messages import Message
    from transit.plan_check.cleared import Cleared


def compare_message(
    message: Message, cleared: Cleared, *, filed: FlightPlan | None = None
) -> list[Discrepancy]:
    """Return where the flight as a message leaves it differs from its authorization, by code.

    A cancelled plan differs in nothing. Raises `flight_plan.PlanError` where the message is about
    another plan than the one filed, or leaves none that can be sent.
    """
    if filed is not None:
        messages.require_about(message, filed)
        return _landed(message, cleared) + _left(message, filed, cleared)
    stand_in = _stand_in(message, cleared)
    known = {one.code for one in compare(_stand_in(None, cleared), cleared)}
    told = [one for one in _left(message, stand_in, cleared) if one.code not in known]
    return _landed(message, cleared) + told


def _left(message: Message, filed: FlightPlan, cleared: Cleared) -> list[Discrepancy]:
    """Compare the plan as the message leaves it."""
    if message.kind in (messages.CANCELLATION, messages.ARRIVAL):
        return []
    if message.kind == messages.DEPARTURE:
        return compare(replace(filed, eobt=message.at), cleared)
    return compare(messages.applied(message, filed), cleared)


def _landed(message: Message, cleared: Cleared) -> list[Discrepancy]:
    """An arrival elsewhere than authorized."""
    if message.kind != messages.ARRIVAL or message.landed == cleared.ades:
        return []
    return [Discrepancy("ADES_MISMATCH", message.landed, cleared.ades)]


def _stand_in(message: Message | None, cleared: Cleared) -> FlightPlan:
    """Return a plan as authorized that the message could be about; its times say nothing."""
    ends = [
        word
        for point in (cleared.entry_point, cleared.exit_point)
        if point
        for word in ("DCT", point)
    ]
    plan = plan_for(
        cleared,
        route=(*ends, "DCT"),
        speed="N0390",
        level="F250",
        eobt="0000",
        total_eet="1200",
        eets={},
    )
    if message is None:
        return plan
    return replace(
        plan,
        call_sign=message.call_sign,
        departure=message.departure,
        destination=message.destination or plan.destination,
        eobt=message.at or plan.eobt,
        other=dict(plan.other) | ({"DOF": message.other["DOF"]} if "DOF" in message.other else {}),
    )
