"""Versions of a number: what an amendment begins with, when it takes effect, when it is void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audit import acts
from transit import conditions, drafting, plans
from transit.models import AHEAD, Authorization, AuthorizationStatus, FlightRequest, FlightStatus

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import Movement


def in_force(flight: FlightRequest) -> Authorization | None:
    """Return the version on which the flight stands; None where its number holds no more."""
    last = flight.authorization
    return last if last and last.status == AuthorizationStatus.IN_FORCE else None


def told(flight: FlightRequest) -> Authorization | None:
    """Return the version on which the flight stands as far as the requesting side was told."""
    last = flight.authorization
    return last if last and last.told == AuthorizationStatus.IN_FORCE else None


def ahead(flight: FlightRequest) -> Movement | None:
    """Return the movement of the flight, if it has not begun."""
    return next((row for row in flight.movements.all() if row.status in AHEAD), None)


def open_amendment(flight: FlightRequest) -> FlightRequest | None:
    """Return the amendment of the flight that is not over: there is one at most."""
    rows = FlightRequest.objects.filter(amends=flight, closed_at=None)
    return rows.select_related("exercise").first()


def may_be_amended(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """An authorized flight is amended after the note in reply and before the entry, once a time."""
    if flight.status != FlightStatus.AUTHORIZED or flight.replied_at is None:
        return _("Nothing is authorized that the requesting side knows of.")
    if flight.amends:
        return _("This is an amendment; what is amended is %(reference)s.") % {
            "reference": flight.amends.reference
        }
    if flight.agreement.changes is None:
        return _("The agreement knows no amendments: a new flight needs a new request.")
    if ahead(flight) is None:
        return _("The aircraft has entered, or the flight is over.")
    if told(flight) is None:
        return _("No authorization is in force.")
    if one := open_amendment(flight):
        return _(
            "%(reference)s is open: further changes go into it, as a supplement once it is sent."
        ) % {"reference": one.reference}
    return None


def amended_stands(amendment: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """An amendment needs what it amends: a flight ahead, on the version that it cites."""
    if amendment.amended is None:
        return None
    assert amendment.amends is not None  # noqa: S101 - it cites a version of it
    if in_force(amendment.amends) != amendment.amended or ahead(amendment.amends) is None:
        return _("What it amends is over, or no longer in force.")
    return None


def can_take_effect(amendment: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """What is told to be granted holds: the number that it goes on is in force, for both sides."""
    granted = in_force(amendment)
    if granted is None or amendment.amended is None:
        return None
    if reason := amended_stands(amendment, by, at):
        return reason
    if amendment.amended.told != AuthorizationStatus.IN_FORCE:
        return _("Tell first by note that the number holds again.")
    return _("The window that it grants is over.") if at >= granted.valid_until else None


def begin(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Open an amendment: a request of the same states, with the form as authorized in its draft."""
    authorization = told(flight)
    assert authorization is not None  # noqa: S101 - a guard of the verbs
    amendment = FlightRequest.next_of(
        flight.exercise,
        requesting_state=flight.requesting_state,
        host=flight.host,
        amends=flight,
        amended_version=authorization.version,
    )
    if flight.entry_at and flight.entry_at > at:
        amendment.entry_at = flight.entry_at
    amendment.ring_at(None)
    acts.of_case(amendment.reference)
    acts.save(amendment)
    drafting.copy_form(authorization.revision, amendment, by=by, short_notice_reason="")
    return amendment


def take_effect(amendment: FlightRequest, *, at: datetime) -> None:
    """File a granted amendment with its flight, whose movement stands on it from now on.

    The version before stays as it was; the flight plan is compared anew, and its conditions are
    those of the new one. Nothing happens where the amendment was refused.
    """
    granted, flight = in_force(amendment), amendment.amends
    if granted is None or flight is None:
        return
    movement = ahead(flight)
    assert movement is not None  # noqa: S101 - what it amends stands
    version = Authorization(
        number=granted.number,
        version=granted.version,
        revision=drafting.file_form(granted.revision, flight),
        valid_from=granted.valid_from,
        valid_until=granted.valid_until,
        conditions=granted.conditions,
        override_ground=granted.override_ground,
    )
    version.of_flight(flight, f"authorization/{version.version}")
    acts.save(version)
    flight.entry_at, flight.version = amendment.entry_at, flight.version + 1
    acts.save(flight)
    conditions.take_over(amendment, version, at=at)
    movement.authorization = version
    plans.compare_anew(movement, at=at)


def make_void(flight: FlightRequest, *, at: datetime) -> None:
    """Let the open amendment of a flight be void from now on: it is flown as authorized."""
    amendment = open_amendment(flight)
    if amendment is None or amendment.amends != flight:
        return
    amendment.exercise = flight.exercise
    amendment.void_at = at
    amendment.ring_at(amendment.alarm_at)
    acts.save(amendment)
