"""Intake: the registry, or outside office hours the duty officer, takes a note in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks, rounds
from approvals.minutes import write_minute
from audit import acts
from audit.acts import verb
from audit.verbs import BOTH, HOST
from casework.asking import REASON
from exercises.models import Help, Role
from rules import Matter, scope
from transit.models import (
    FlightRequest,
)
from transit.models import FlightStatus as Status

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from rules.book import Look
    from transit.models import FlightRequest


def agreement_is_in_force(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A request that the rule of the same name finds fault with is returned, not registered."""
    return _said(scope.agreement_is_not_in_force, flight, at)


def landing_is_covered(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """As for the agreement in force: whether a landing may be asked for is the rule's word."""
    return _said(scope.landing_is_not_covered, flight, at)


def _said(look: Look, flight: FlightRequest, at: datetime) -> str | None:
    """Return what a rule says of the examined form first, whatever rule set is pinned."""
    return next((hit.sentence for hit in look(Matter(flight.content, at))), None)


def track_is_urgent(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.track.lead_time.unit == "hours":
        return None
    return _("Outside office hours only urgent flights are taken up.")


def office_is_closed(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    office = flight.exercise.office(flight.host)
    if office.is_open(at):
        return _("The registry is open: it takes the note in.")
    return None


@verb(
    lazy("Register"),
    lazy("Registered; the desks examine"),
    clause="9.1",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=(Status.SUBMITTED,),
    target=(Status.UNDER_REVIEW,),
    guards=(agreement_is_in_force, landing_is_covered),
    audience=BOTH,
    makes_due=("desk",),
    icon="rubber-stamp",
)
def register(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Take the note in and open the desks' examination."""
    _open_examination(flight, by=by, at=at)
    return flight


@verb(
    lazy("Pass on to the desks"),
    lazy("Passed on outside office hours; the desks examine"),
    clause="4.8",
    roles=(Role.DUTY,),
    side=HOST,
    source=(Status.SUBMITTED,),
    target=(Status.UNDER_REVIEW,),
    guards=(track_is_urgent, office_is_closed, agreement_is_in_force, landing_is_covered),
    audience=BOTH,
    makes_due=("desk",),
    icon="rubber-stamp",
)
def pass_on(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Take an urgent note in outside office hours; the duty officer decides nothing."""
    _open_examination(flight, by=by, at=at)
    return flight


@verb(
    lazy("Hold for the registry"),
    lazy("Held for the registry"),
    clause="4.8",
    roles=(Role.DUTY,),
    side=HOST,
    source=(Status.SUBMITTED,),
    guards=(office_is_closed,),
    audience=(HOST,),
    private=("reason",),
    takes=(REASON,),
    icon="clock-pause",
    is_aside=True,
)
def hold(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Leave a note that came outside office hours to the registry, with a minute that says why."""
    write_minute(flight, by=by, at=at, text=reason)
    return flight


def _open_examination(flight: FlightRequest, *, by: Seat, at: datetime) -> None:
    """Register the request and ask the desks: those of the agreement, those that findings call.

    Of an amendment those whose answers the change would have voided.
    Where the product does not help from the start, the lead desk calls in what is needed.
    """
    flight.register(by=by, at=at)
    flight.settle()
    acts.save(flight)
    agreement, revision = flight.agreement, flight.content
    asked = {desk.code for desk in agreement.desks.values() if desk.when == "always"}
    if agreement.annual and flight.track.code == agreement.annual.track:
        asked = {*agreement.annual.desks}
    if flight.amended:
        asked = rounds.concerned(flight.amended.revision, revision) | {agreement.lead_desk.code}
    elif revision.lands_in_host:
        asked |= {desk.code for desk in agreement.desks.values() if desk.when == "landing"}
    if flight.exercise.help == Help.OPEN:
        asked |= checks.called_desks(flight, at=at)
    rounds.open_rounds(flight, [desk for desk in agreement.desks if desk in asked], at=at)
