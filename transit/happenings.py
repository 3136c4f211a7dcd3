"""What falls due in this room by itself: lapse, escalation, expiry, alert, reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.timeline import Kind
from transit import alerting, transmission
from transit import movement as flying
from transit.models import AHEAD, ALOFT, FLOWN, FlightRequest, Movement

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def escalate(row: Any, *, by: None, at: datetime) -> None:
    """Take the row's overdue duty one rung up."""
    duty = row.present_duty
    verb = transmission.escalate if duty.of_host else transmission.escalate_preparation
    verb(row, by=by, at=at, duty=duty.code, to=duty.ladder[row.rung])


def _of_flight(flight: FlightRequest) -> Callable[..., Any]:
    if flight.is_undecided and flight.alarm_at == flight.entry_at:
        return transmission.lapse
    return escalate


def _of_movement(movement: Movement) -> Callable[..., Any]:
    window = movement.authorization.valid_until if movement.authorization else None
    if movement.status in AHEAD and movement.alarm_at == window:
        return flying.expire
    if movement.status in ALOFT:
        return alerting.go_on if movement.alert_phase else flying.alert_overdue
    if movement.status in FLOWN and movement.duty == "report":
        return flying.remind_of_report
    return escalate


KINDS = (
    Kind("flight", FlightRequest, FlightRequest.objects.all, _of_flight),
    Kind("movement", Movement, Movement.objects.all, _of_movement, reads=("authorizations",)),
)
