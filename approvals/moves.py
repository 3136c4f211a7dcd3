"""Which moves a seat has on a flight now, and why the others are not open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annual import actions as annual
from annual import verbs as annual_verbs
from approvals import actions as desks
from approvals import verbs as desk_verbs
from approvals.verbs import latest_round
from audit.verbs import REQUESTING
from exercises.models import Help
from transit import actions as flights
from transit import verbs as flight_verbs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from audit.verbs import Verb
    from exercises.models import Seat
    from transit.models import FlightRequest, Movement

#: Transit's verbs, those of the annual register and those of the desks, by code.
VERBS: dict[str, Verb] = flight_verbs.VERBS | annual_verbs.VERBS | desk_verbs.VERBS

#: The one door of each verb.
DOORS: dict[str, Callable[..., Any]] = {
    **{code: getattr(flights, code) for code in flight_verbs.VERBS},
    **{code: getattr(annual, code) for code in annual_verbs.VERBS},
    **{code: getattr(desks, code) for code in desk_verbs.VERBS},
}


@dataclass(frozen=True)
class Move:
    """A verb that is the seat's to use on a subject; `reason` says why it is not open now."""

    verb: Verb
    subject: Any
    reason: str | None

    @property
    def is_open(self) -> bool:
        return self.reason is None


def moves(flight: FlightRequest, seat: Seat, at: datetime) -> list[Move]:
    """Return the seat's moves on a flight at `at`, the open ones first, in procedure's order."""
    found = [
        Move(verb, subject, verb.reason_against(subject, seat, at))
        for verb in VERBS.values()
        if verb.roles
        for subject in subjects(flight, seat, verb)
        if verb.admits(subject, seat)
    ]
    return sorted(found, key=lambda move: not move.is_open)


def subjects(flight: FlightRequest, seat: Seat, verb: Verb) -> Iterator[Any]:
    """Give what a verb may be about on this flight, as far as the seat may know of it."""
    if verb.code == "own_check" and flight.exercise.help == Help.OPEN:
        return
    if verb.subject == "flight":
        yield flight
    elif verb.subject == "concurrence":
        mine = [row for row in latest_round(flight) if row.role == seat.role]
        seated = verb.code == "concur"
        yield from (row for row in mine if row.definition.has_seat == seated)
    elif verb.subject == "question":
        yield from (row for row in flight.questions.all() if row.looks_open)
    elif verb.subject == "movement":
        yield from movements_known_to(flight, seat)


def movements_known_to(flight: FlightRequest, seat: Seat) -> Iterator[Movement]:
    """Give the movements; to the requesting side only once the note in reply told of them."""
    if flight.side_of(seat) == REQUESTING and flight.replied_at is None:
        return
    yield from flight.movements.all()
