"""What a route crosses: states, flight information regions and seas, in order.

Legs are WGS84 geodesics; the edges of the shapes are straight in longitude and latitude (RFC
7946). A state covers its land and its territorial sea. Distances are NM along the route from its
first point. Training geography: not for operations, navigation or legal use.

Longer than most modules: a route, its segments and handovers know each other.
"""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from airspace import layers, reference
from airspace.earth import Line, along, distance_nm
from airspace.errors import gettext_noop as _
from airspace.points import EAST, NORTH, SOUTH, WEST, Point, RouteError, coordinates, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from airspace.earth import Track
    from airspace.layers import Run

MARGINAL_NM = 2.0
HANDOVER_NM = 60.0
NAMED_NM = 5.0
_SLACK_DEGREES = 1e-6
#: States whose consent the bilateral agreement settles; all others are third states.
PARTIES = {"TR", "KZ"}
#: The states of the permitted corridor, and the FIRs by which it leads over the Caspian from coast
#: to coast; training defaults.
CORRIDOR = ("TR", "GE", "AZ", "KZ")
CASPIAN_FIRS = ("UBBA", "UATT", "UTAK")


@dataclass(frozen=True)
class Mark:
    """A place on a route."""

    lat: float
    lon: float
    distance_nm: float


@dataclass(frozen=True)
class Leg:
    """The geodesic between two successive points of a route."""

    start: Point
    end: Point

    @property
    def distance_nm(self) -> float:
        return self.line.length_nm

    @cached_property
    def line(self) -> Line:
        return Line(self.start, self.end)


@dataclass(frozen=True)
class Segment:
    """An unbroken part of a route in one state or FIR.

    `code` is ISO 3166-1 alpha-2 or the ICAO code. One shorter than 2 NM is marginal: shapes and
    navigation are not good enough to say that it is really met.
    """

    code: str
    entry: Mark
    exit: Mark

    @property
    def length_nm(self) -> float:
        return self.exit.distance_nm - self.entry.distance_nm

    @property
    def marginal(self) -> bool:
        return self.length_nm < MARGINAL_NM


@dataclass(frozen=True)
class Stretch:
    """A part of a route over a sea, or outside any state.

    `name` of the sea over which the most of it lies, empty for none of those on the map.
    """

    name: str
    from_nm: float
    to_nm: float


@dataclass(frozen=True)
class Handover:
    """Where a flight passes from the services of one state to those of the next.

    `point` names a point of the route, else a waypoint within 5 NM, else the position in degrees
    and minutes. Latitude, longitude and distance are those of the point if it is one of the
    route, else of the place where the route crosses the boundary. `border` is the entry into the
    territory of `to_state`, which may lie elsewhere.
    """

    from_state: str
    to_state: str
    point: str
    lat: float
    lon: float
    distance_nm: float
    border: Mark


@dataclass(frozen=True)
class Route:
    """Legs flown as geodesics, and what they cross in order; see `follow`.

    `outside` are the stretches outside any state. "Without marginal" thins out as the reference
    routes do: the shortest part under 2 NM goes, those outside any state or FIR included, its
    neighbours are joined if they have the same code, and so on until none is left.
    """

    points: tuple[Point, ...]
    legs: tuple[Leg, ...]
    states: tuple[Segment, ...]
    firs: tuple[Segment, ...]
    outside: tuple[Stretch, ...]
    seas: tuple[Stretch, ...]
    states_without_marginal: tuple[Segment, ...]
    firs_without_marginal: tuple[Segment, ...]

    @property
    def total_distance_nm(self) -> float:
        return sum(leg.distance_nm for leg in self.legs)

    @property
    def stays(self) -> list[Segment]:
        """One per crossing of a state: without marginal parts, and joined across a sea."""
        return [
            Segment(code, parts[0].entry, parts[-1].exit)
            for code, found in groupby(self.states_without_marginal, key=lambda part: part.code)
            if (parts := list(found))
        ]

    @property
    def state_sequence(self) -> list[str]:
        return _sequence(self.states)

    @property
    def state_sequence_without_marginal(self) -> list[str]:
        return _sequence(self.states_without_marginal)

    @property
    def fir_sequence(self) -> list[str]:
        return _sequence(self.firs)

    @property
    def fir_sequence_without_marginal(self) -> list[str]:
        return _sequence(self.firs_without_marginal)

    @cached_property
    def marks(self) -> list[Mark]:
        """The points of the route with their distances."""
        distances = accumulate((leg.distance_nm for leg in self.legs), initial=0.0)
        return [
            Mark(point.lat, point.lon, distance)
            for point, distance in zip(self.points, distances, strict=True)
        ]

    def position_at(self, distance_nm: float) -> Mark:
        """Return the place so far along the route; its nearer end for a distance beyond it."""
        marks = self.marks
        within = min(max(distance_nm, 0.0), marks[-1].distance_nm)
        leg = bisect([mark.distance_nm for mark in marks[1:-1]], within)
        lat, lon = self.legs[leg].line.position(within - marks[leg].distance_nm)
        return Mark(lat, lon, within)

    def between(self, from_nm: float, to_nm: float, step_nm: float = 20.0) -> list[Mark]:
        """Return places at most `step_nm` apart, turning points included, to draw a part."""
        turns = [mark.distance_nm for mark in self.marks if from_nm < mark.distance_nm < to_nm]
        places = []
        for start, end in pairwise([from_nm, *turns, to_nm]):
            steps = math.ceil((end - start) / step_nm) or 1
            places += [self.position_at(start + (end - start) * n / steps) for n in range(steps)]
        return [*places, self.position_at(to_nm)]

    @cached_property
    def handovers(self) -> tuple[Handover, ...]:
        """Where the flight is handed over, for each pair of states that follow each other.

        That is where the route passes from a FIR served by the one into a FIR served by the
        other, nearest to the way from border to border and at most 60 NM off it; failing that,
        or where handovers would overlap, the border itself.
        """
        pairs = [
            (one, other)
            for one, other in pairwise(self.states_without_marginal)
            if one.code != other.code
        ]
        borders = [other.entry.distance_nm for _, other in pairs]
        found: list[Handover] = []
        for pair, next_border in zip(pairs, [*borders, self.total_distance_nm][1:], strict=True):
            passed = found[-1].distance_nm if found else 0.0
            handover = self._handover(*pair)
            if not passed < handover.distance_nm < next_border:
                handover = self._at_border(*pair)
            found.append(handover)
        return tuple(found)

    def _handover(self, one: Segment, other: Segment) -> Handover:
        served = reference.firs()
        border = other.entry

        def off(mark: Mark) -> float:
            """How far the mark lies from the way between leaving the one and entering the other."""
            return max(
                one.exit.distance_nm - mark.distance_nm, mark.distance_nm - border.distance_nm, 0.0
            )

        changes = [
            into.entry
            for out_of, into in pairwise(self.firs)
            if (served[out_of.code].state, served[into.code].state) == (one.code, other.code)
            and off(into.entry) <= HANDOVER_NM
        ]
        change = min(
            changes,
            key=lambda mark: (off(mark), abs(mark.distance_nm - border.distance_nm)),
            default=border,
        )
        name, place = self._named(change)
        return Handover(one.code, other.code, name, place.lat, place.lon, place.distance_nm, border)

    def _at_border(self, one: Segment, other: Segment) -> Handover:
        border = other.entry
        place = (border.lat, border.lon, border.distance_nm)
        return Handover(one.code, other.code, coordinates(border), *place, border)

    def _named(self, mark: Mark) -> tuple[str, Mark]:
        """Return the name for a place on the route, and the place that has it."""
        point, turn = min(
            zip(self.points, self.marks, strict=True),
            key=lambda own: (distance_nm(mark, own[1]), abs(mark.distance_nm - own[1].distance_nm)),
        )
        if distance_nm(mark, turn) <= NAMED_NM:
            return point.ident, turn
        others = [
            (distance_nm(mark, waypoint), waypoint.ident)
            for waypoint in reference.waypoints().values()
            if abs(waypoint.lat - mark.lat) < 0.1 and abs(waypoint.lon - mark.lon) < 0.2
        ]
        distance, ident = min(others, default=(math.inf, ""))
        return (ident if distance <= NAMED_NM else coordinates(mark)), mark


def follow(points: Sequence[Point]) -> Route:
    """Return the route through these points, two or more. Raises `RouteError` LEG_OFF_MAP.

    Flown backwards it gives the same crossings in reverse; a further point on a leg adds none.
    """
    legs = tuple(Leg(start, end) for start, end in pairwise(points))
    track = along([leg.line for leg in legs])
    _stay_on_map(legs, track)
    states, firs, seas = (
        layer.runs(track) for layer in (layers.states(), layers.firs(), layers.seas())
    )
    waters = [Stretch(run.code, run.from_nm, run.to_nm) for run in seas if run.code]
    return Route(
        points=tuple(points),
        legs=legs,
        states=_segments(states, track),
        firs=_segments(firs, track),
        outside=tuple(_outside(run, waters) for run in states if not run.code),
        seas=tuple(waters),
        states_without_marginal=_segments(_thinned(states), track),
        firs_without_marginal=_segments(_thinned(firs), track),
    )


@lru_cache(maxsize=256)
def drawn(route: str) -> Route:
    """Return what a route as written crosses; each is drawn once. Raises `points.RouteError`."""
    return follow(read(route))


def time_at(distance_nm: float, speed_kt: float) -> timedelta:
    """Return the time that a distance takes at this ground speed, without wind."""
    return timedelta(hours=distance_nm / speed_kt)


def state_at(lat: float, lon: float) -> str:
    """Return the state whose land or territorial sea a place is, empty outside any."""
    return layers.states().code_at(lat, lon)


def as_dict(route: Route, speed_kt: float | None = None) -> dict[str, Any]:
    """Return the route as plain values for JSON: NM to 0.01, degrees to 0.0001.

    With a speed, legs have their time and entries and exits the time from the first point, in
    minutes.
    """

    def timed(values: dict[str, Any], distance: float) -> dict[str, Any]:
        if speed_kt is None:
            return values
        return {**values, "minutes": round(time_at(distance, speed_kt).total_seconds() / 60, 1)}

    def mark(place: Mark) -> dict[str, Any]:
        values = {
            "lat": round(place.lat, 4),
            "lon": round(place.lon, 4),
            "distance_nm": round(place.distance_nm, 2),
        }
        return timed(values, place.distance_nm)

    def crossed(segments: Iterable[Segment], key: str) -> list[dict[str, Any]]:
        return [
            {
                key: segment.code,
                "entry": mark(segment.entry),
                "exit": mark(segment.exit),
                "length_nm": round(segment.length_nm, 2),
                "marginal": segment.marginal,
            }
            for segment in segments
        ]

    def extent(from_nm: float, to_nm: float) -> dict[str, float]:
        return {"from_nm": round(from_nm, 2), "to_nm": round(to_nm, 2)}

    def thinned(segments: Iterable[Segment], key: str) -> list[dict[str, Any]]:
        return [
            {key: it.code, **extent(it.entry.distance_nm, it.exit.distance_nm)} for it in segments
        ]

    others = {*route.state_sequence} - {state_at(route.points[0].lat, route.points[0].lon)}
    return {
        "points": [
            {"ident": it.ident, "lat": it.lat, "lon": it.lon, "type": _TYPES.get(it.kind, it.kind)}
            for it in route.points
        ],
        "total_distance_nm": round(route.total_distance_nm, 2),
        "legs": [
            timed(
                {
                    "from": leg.start.ident,
                    "to": leg.end.ident,
                    "distance_nm": round(leg.distance_nm, 2),
                },
                leg.distance_nm,
            )
            for leg in route.legs
        ],
        "state_sequence": route.state_sequence,
        "state_sequence_without_marginal": route.state_sequence_without_marginal,
        "states_other_than_departure": sorted(others),
        "third_states": sorted({*route.state_sequence} - PARTIES),
        "fir_sequence": route.fir_sequence,
        "fir_sequence_without_marginal": route.fir_sequence_without_marginal,
        "states": crossed(route.states, "iso2"),
        "outside_any_state": [
            {"over": it.name, **extent(it.from_nm, it.to_nm)} for it in route.outside
        ],
        "firs": crossed(route.firs, "icao"),
        "seas": [{"name": it.name, **extent(it.from_nm, it.to_nm)} for it in route.seas],
        "states_without_marginal": thinned(route.states_without_marginal, "iso2"),
        "firs_without_marginal": thinned(route.firs_without_marginal, "icao"),
    }


_TYPES = {"boundary": "waypoint", "enroute": "waypoint", "vor": "waypoint"}


def _stay_on_map(legs: Sequence[Leg], track: Track) -> None:
    """A geodesic bulges to the north of both its ends, where the map may have ended."""
    south_west = np.array([WEST, SOUTH]) - _SLACK_DEGREES
    north_east = np.array([EAST, NORTH]) + _SLACK_DEGREES
    beyond = (track.places < south_west) | (track.places > north_east)
    off = track.distances[beyond.any(axis=1)]
    if off.size:
        ends = list(accumulate(leg.distance_nm for leg in legs[:-1]))
        leg = legs[bisect(ends, off[0])]
        raise RouteError(
            "LEG_OFF_MAP",
            _(
                "The leg from %(point)s to %(next)s leaves the map, which covers 28 to 60 N and"
                " 18 to 96 E."
            ),
            point=leg.start.ident,
            next=leg.end.ident,
        )


def _segments(runs: Iterable[Run], track: Track) -> tuple[Segment, ...]:
    def mark(distance: float) -> Mark:
        lon, lat = (float(np.interp(distance, track.distances, axis)) for axis in track.places.T)
        return Mark(lat, lon, distance)

    return tuple(Segment(run.code, mark(run.from_nm), mark(run.to_nm)) for run in runs if run.code)


def _thinned(runs: list[Run]) -> list[Run]:
    """Return the runs without marginal ones, by the rule that `Route` states."""
    runs = list(runs)
    while len(runs) > 1:
        shortest = min(runs, key=lambda run: run.length_nm)
        if shortest.length_nm >= MARGINAL_NM:
            break
        runs.remove(shortest)
        runs = layers.joined(runs)
    return runs


def _outside(run: Run, waters: list[Stretch]) -> Stretch:
    def common(water: Stretch) -> float:
        return min(run.to_nm, water.to_nm) - max(run.from_nm, water.from_nm)

    over = max((water for water in waters if common(water) > 0), key=common, default=None)
    return Stretch(over.name if over else "", run.from_nm, run.to_nm)


def _sequence(segments: Iterable[Segment]) -> list[str]:
    """Return the codes in order, repeats joined: a sea between two parts is no other state."""
    return [code for code, _same in groupby(segment.code for segment in segments)]
