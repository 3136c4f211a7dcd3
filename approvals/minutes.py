"""Minutes: internal notes of the host's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from approvals.models import (
    Minute,
)
from audit import acts
from audit.acts import verb
from audit.parameters import text
from audit.verbs import HOST
from exercises.models import HOST_ROLES
from transit.models import (
    FlightRequest,
)

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


@verb(
    lazy("Write a minute"),
    lazy("Minute written"),
    clause="15.4",
    roles=HOST_ROLES,
    side=HOST,
    audience=(HOST,),
    private=("text",),
    takes=(text("text", lazy("minute"), lazy("Write the minute."), most=2000),),
    icon="note",
    is_aside=True,
)
def minute(flight: FlightRequest, *, by: Seat, at: datetime, text: str) -> Minute:
    """Write an internal note; the requesting side never sees it."""
    return write_minute(flight, by=by, at=at, text=text)


def write_minute(flight: FlightRequest, *, by: Seat, at: datetime, text: str) -> Minute:
    number = flight.minutes.count() + 1
    row = Minute(number=number, text=text, written_at=at, written_by=by)
    row.of_flight(flight, f"minute/{number}")
    acts.save(row)
    return row
