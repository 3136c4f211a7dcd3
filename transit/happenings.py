"""What falls due in this room by itself: lapse, escalation, expiry, alert, reminder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from audit.timeline import Due
from transit import actions
from transit.models import AHEAD, FLOWN, FlightRequest, Movement, MovementStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.db import models

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


def ringing(
    rows: models.QuerySet[Any], exercise: Exercise, until: datetime
) -> models.QuerySet[Any]:
    """Return the row whose alarm rings first before `until`, if any."""
    due = rows.filter(exercise=exercise, alarm_at__isnull=False, alarm_at__lt=until)
    return due.order_by("alarm_at", "pk")[:1]


def alarm(kind: str, row: Any, happen: Callable[..., Any]) -> Due:
    """Return what happens to `row` at its alarm."""
    return Due(row.alarm_at, kind, row.ref, partial(happen, row, by=None, at=row.alarm_at))


def ahead(rows: models.QuerySet[Any], exercise: Exercise, after: datetime) -> Iterator[datetime]:
    """Give the next alarm and opening of these rows from `after` on."""
    mine = rows.filter(exercise=exercise)
    alarm = mine.filter(alarm_at__gte=after).order_by("alarm_at").values_list("alarm_at").first()
    opening = mine.filter(opens_at__gt=after).order_by("opens_at").values_list("opens_at").first()
    yield from (moment for row in (alarm, opening) if row for moment in row)


def escalate(row: Any, *, by: None, at: datetime) -> None:
    """Take the row's overdue duty one rung up."""
    duty = row.present_duty
    verb = actions.escalate if duty.of_host else actions.escalate_preparation
    verb(row, by=by, at=at, duty=duty.code, to=duty.ladder[row.rung])


def _of_flight(flight: FlightRequest) -> Callable[..., Any]:
    if flight.is_undecided and flight.alarm_at == flight.entry_at:
        return actions.lapse
    return escalate


def _of_movement(movement: Movement) -> Callable[..., Any]:
    window = movement.authorization.valid_until if movement.authorization else None
    if movement.status in AHEAD and movement.alarm_at == window:
        return actions.expire
    if movement.status == MovementStatus.ACTIVE:
        return actions.alert_overdue
    if movement.status in FLOWN and movement.duty == "report":
        return actions.remind_of_report
    return escalate
