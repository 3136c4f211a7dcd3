"""What falls due in this room by itself: lapse, escalation, expiry, alert, reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.alarms import ahead, alarm, ringing
from transit import movement as flying
from transit import transmission
from transit.models import AHEAD, FLOWN, FlightRequest, Movement, MovementStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from audit.timeline import Due
    from exercises.models import Exercise

KINDS = ("flight", "movement")


def due(exercise: Exercise, *, until: datetime) -> Iterator[Due]:
    """Give the earliest happening of each kind that falls due before `until`."""
    for flight in ringing(FlightRequest.objects.all(), exercise, until):
        yield alarm("flight", flight, _of_flight(flight))
    for movement in ringing(Movement.objects.all(), exercise, until):
        yield alarm("movement", movement, _of_movement(movement))


def moments(exercise: Exercise, *, after: datetime) -> Iterator[datetime]:
    """Give the next alarm and the next opening after `after`."""
    yield from ahead(FlightRequest.objects.all(), exercise, after)
    yield from ahead(Movement.objects.all(), exercise, after)


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
    if movement.status == MovementStatus.ACTIVE:
        return flying.alert_overdue
    if movement.status in FLOWN and movement.duty == "report":
        return flying.remind_of_report
    return escalate
