"""Amendment: an authorized flight is asked for otherwise, under the same number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.verbs import BOTH, REQUESTING
from exercises.models import Role
from transit import versions
from transit.models import DECIDED, UNDECIDED, FlightRequest
from transit.models import FlightStatus as Status
from transit.movement import give_back

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat


def is_void(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.void_at and at >= flight.void_at and flight.replied_at is None:
        return None
    return _("What it amends is still ahead.")


@verb(
    lazy("Begin an amendment"),
    lazy("Amendment begun"),
    clause="11.7",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    guards=(versions.may_be_amended,),
    audience=(REQUESTING,),
    icon="pencil",
    is_aside=True,
)
def amend(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Ask for an authorized flight otherwise; until that is told, it is flown as authorized."""
    return versions.begin(flight, by=by, at=at)


@verb(
    lazy("Make void"),
    lazy("Void: the flight is flown as authorized, or not at all"),
    clause="11.7",
    source=(*UNDECIDED, *DECIDED),
    target=(Status.LAPSED,),
    guards=(is_void,),
    audience=BOTH,
    tone="warn",
)
def make_void(flight: FlightRequest, *, by: None, at: datetime) -> FlightRequest:
    """End an amendment whose flight has begun or will not take place, decided or not."""
    for authorization in flight.authorizations.all():
        give_back(authorization)
    flight.make_void(at=at)
    flight.settle()
    acts.save(flight)
    return flight
