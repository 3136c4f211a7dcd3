"""The states on the way of a flight: which are crossed, when, and what a note tells them of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from books import neighbours
from books.agreements import MILITARY_CARGO
from transit.lead_times import asked_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from books.neighbours import Neighbour
    from neighbours.models import NeighbourRequest, ToldClearance
    from transit.models import Crossing, FlightRequest, Revision


@dataclass(frozen=True)
class Crossed:
    """One state on the way, from its first entry to its last exit; `rows` are its crossings."""

    state: str
    rows: tuple[Crossing, ...]

    @property
    def first(self) -> Crossing:
        return self.rows[0]

    @property
    def last(self) -> Crossing:
        return self.rows[-1]


@dataclass(frozen=True)
class Boundary:
    """A boundary between two states, crossed at `at`: out of one, into the other."""

    out_of: str
    into: str
    at: datetime


def third_states(revision: Revision) -> list[Crossed]:
    """Return the states on the way that are neither side of the flight, in order of flight."""
    flight = revision.flight
    found: dict[str, list[Crossing]] = {}
    for row in revision.crossings.all():
        if row.state not in (flight.requesting_state, flight.host):
            found.setdefault(row.state, []).append(row)
    return [Crossed(state, tuple(rows)) for state, rows in found.items()]


def boundaries(revision: Revision) -> list[Boundary]:
    """Return the boundaries on the way, each at the moment of the exit."""
    rows = list(revision.crossings.all())
    return [Boundary(one.state, after.state, one.exit_at) for one, after in pairwise(rows)]


def neighbour_of(flight: FlightRequest, state: str) -> Neighbour | None:
    """Return what is known of a state on the way; None where nobody is there to be asked."""
    known = neighbours.of(flight.agreement)
    found = known.states.get(state) if known else None
    return found if found and found.desk else None


def counted_as(revision: Revision, neighbour: Neighbour) -> str:
    """Return as what a neighbour counts the flight: a track, or military cargo."""
    if neighbour.published is None:
        return revision.track_code
    return asked_as(revision, neighbour.published)


def matters(revision: Revision, as_what: str) -> list[str]:
    """Return what the note tells of the flight that a neighbour may ask about, by code."""
    told = {
        "ANY": True,
        "ARMAMENT": revision.has_armament,
        "EXERCISE": revision.category in ("EXERCISE", "MILITARY"),
        "GOODS": revision.announces_goods,
        "MILITARY_CARGO": as_what == MILITARY_CARGO,
        "TROOPS": bool(revision.passenger_count),
        "WEAPONS": revision.has_personal_weapons,
    }
    return [code for code, is_told in told.items() if is_told]


def beyond(
    revision: Revision, windows: Mapping[str, NeighbourRequest | ToldClearance]
) -> Iterator[tuple[str, Boundary]]:
    """Give the boundaries that are crossed outside the window of a state at one of their sides.

    Out of one state within its window, and into the next within the next one's. `windows` are by
    state; with each goes the state whose window is not kept.
    """
    for boundary in boundaries(revision):
        for state in (boundary.out_of, boundary.into):
            if state in windows and not windows[state].covers(boundary.at, boundary.at):
                yield state, boundary
