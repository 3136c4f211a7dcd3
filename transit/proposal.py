"""Crossings proposed from a route: what the geometry says, as rows of the request's table."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from airspace.crossings import drawn, time_at
from airspace.points import coordinates
from transit.models import Action

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from airspace.crossings import Route
    from airspace.earth import Place
    from transit.drafting import Items

MINUTE = timedelta(minutes=1)


def propose(route: str, *, departs_at: datetime, knots: float) -> list[Items]:
    """Return a row for each state in order of flight; raises `airspace.points.RouteError`.

    From handover to handover at this ground speed, UTC, in whole minutes from the departure and
    each crossing at least one. The last row lands. None if the route crosses no state.
    """
    path = drawn(route)
    points: list[str] = []
    times: list[datetime] = []
    for ident, distance in _stops(path):
        at = departs_at + round(time_at(distance, knots) / MINUTE) * MINUTE
        points.append(ident)
        times.append(max(at, times[-1] + MINUTE) if times else at)
    rows: list[Items] = [
        {
            "state": state,
            "action": Action.OVERFLY,
            "entry_point": entry_point,
            "entry_at": entry_at,
            "exit_point": exit_point,
            "exit_at": exit_at,
        }
        for state, (entry_point, exit_point), (entry_at, exit_at) in zip(
            path.state_sequence_without_marginal, pairwise(points), pairwise(times), strict=False
        )
    ]
    for row in rows[-1:]:
        row["action"] = Action.LAND
    return rows


def _stops(route: Route) -> Iterator[tuple[str, float]]:
    """Give departure, handovers and destination, each with its distance."""
    start, end = route.points[0], route.points[-1]
    yield _ident(start.ident, start), 0.0
    for handover in route.handovers:
        yield _ident(handover.point, handover), handover.distance_nm
    yield _ident(end.ident, end), route.total_distance_nm


def _ident(name: str, place: Place) -> str:
    """Return a name as it is, and a position, however it was written, as a flight plan has it."""
    return name if name.isalpha() else coordinates(place)
