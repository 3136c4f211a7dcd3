"""The route of a filed flight plan on the map: what it crosses, how high, and whether times fit.

Words that no data hold, and airways, are passed over: the route is drawn straight from one known
point to the next. What wind and climb do to a time is allowed for generously; the figures are
training defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from airspace import crossings, doc_4444, flight_plan, item_15, points, reference
from airspace.abeam import abeam
from airspace.crossings import NAMED_NM, time_at
from airspace.doc_4444 import Fault
from airspace.earth import distance_nm
from airspace.item_15 import Kind
from airspace.points import RouteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from airspace.crossings import Route
    from airspace.flight_plan import FlightPlan
    from airspace.points import Point

#: Wind along the route, in knots, that a time may be due to.
WIND = 150
#: Minutes by which a time may differ for climb, descent and the way to the runway.
SLACK = timedelta(minutes=15)
_SAME_NM = 0.1


@dataclass(frozen=True)
class Passed:
    """A known point: its name, where in Item 15 it stands, and its distance along the route.

    `at` is -1 for the departure, and the number of words of Item 15 for the destination.
    """

    name: str
    at: int
    distance_nm: float


@dataclass(frozen=True)
class FiledRoute:
    """A plan, and its route as far as it can be drawn.

    `route` is None where fewer than two of its points are known, or where it leaves the map.
    `unknown` are the names in Item 15 that are no known point, airway or procedure; `off_map` those
    of known points beyond the map.
    """

    plan: FlightPlan
    route: Route | None
    passed: tuple[Passed, ...]
    unknown: tuple[str, ...]
    off_map: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether the route is drawn from departure to destination with nothing left out."""
        ends = {-1, len(self.plan.route)} <= {one.at for one in self.passed}
        left_out = self.unknown or self.off_map or None in self.plan.words
        return bool(self.route) and ends and not left_out

    @cached_property
    def knots(self) -> list[float]:
        """The speeds of Item 15 but for nought."""
        return [knots for speed in doc_4444.speeds(self.plan) if (knots := item_15.knots(speed))]

    def distances(self, name: str) -> list[float]:
        """Return where the route enters a FIR, or passes a point, by name; NM, none if nowhere."""
        if self.route is None:
            return []
        if entered := [one.entry.distance_nm for one in self.route.firs if one.code == name]:
            return entered  # a code of both is the FIR, as in EET/
        if named := [one.distance_nm for one in self.passed if one.name == name]:
            return named
        if name in reference.firs():
            return []
        try:
            by = abeam(self.route, points.find(name))
        except RouteError:
            return []
        return [by.distance_nm] if by.off_nm <= NAMED_NM else []

    def elapsed_at(self, distance: float) -> tuple[timedelta | None, timedelta | None]:
        """Return the latest time of EET/ up to a distance and the earliest from there on.

        Both are the same where a time is given for that place itself, within 5 NM.
        """
        before: list[timedelta] = []
        after: list[timedelta] = []
        for name, time in doc_4444.elapsed(self.plan):
            for at in self.distances(name)[:1]:
                if abs(at - distance) <= NAMED_NM:
                    return time, time
                (before if at < distance else after).append(time)
        return max(before, default=None), min(after, default=None)

    def levels(self) -> Iterator[tuple[str, float, float]]:
        """Give the levels of Item 15 with the distances from and to which they are flown, NM."""
        if self.route is None:
            return
        changes = [(0.0, self.plan.level)]
        changes += [
            (one.distance_nm, word.level)
            for one in self.passed
            if 0 <= one.at < len(self.plan.route)
            and (word := self.plan.words[one.at])
            and word.level
        ]
        ends = [start for start, _level in changes[1:]] + [self.route.total_distance_nm]
        for (start, level), end in zip(changes, ends, strict=True):
            yield level, start, end

    def faults(self) -> Iterator[Fault]:
        """Give what the map has against the plan in itself, after `doc_4444.faults`."""
        if self.unknown:
            yield Fault("POINT_UNKNOWN", " ".join(self.unknown))
        if not self.is_whole or self.route is None:
            return
        filed = f"EET/{self.plan.other.get('EET', '')}"
        for name, time in doc_4444.elapsed(self.plan):
            distances = self.distances(name)
            if not distances and _can_be_placed(name):
                yield Fault("EET_NOT_ON_ROUTE", filed)
            elif distances and not any(self._is_flown(time, at) for at in distances):
                yield Fault("EET_IMPLAUSIBLE", filed)
        if self._is_out_of_order():
            yield Fault("EET_UNORDERED", filed)
        total = flight_plan.duration(self.plan.total_eet)
        if not self._is_flown(total, self.route.total_distance_nm):
            yield Fault("TOTAL_EET_IMPLAUSIBLE", self.plan.total_eet)

    def _is_out_of_order(self) -> bool:
        """Say whether a time falls along the route, or one place has two."""
        known = [
            (time, min(distances), max(distances))
            for name, time in doc_4444.elapsed(self.plan)
            if (distances := self.distances(name))
        ]
        return any(
            first - SLACK > then if abs(near - far) <= NAMED_NM else first > then and far < near
            for first, _from, far in known
            for then, near, _to in known
        )

    def _is_flown(self, time: timedelta, distance: float) -> bool:
        """Say whether a distance can be flown in a time, at the speeds of Item 15."""
        if not self.knots:
            return True
        slowest, fastest = min(self.knots), max(self.knots)
        stays = [flight_plan.duration(word.stay) for word in self.plan.words if word and word.stay]
        waits = sum((delay for _name, delay in doc_4444.delays(self.plan)), sum(stays, timedelta()))
        least = time_at(distance, fastest + WIND) - SLACK
        most = time_at(distance, max(slowest - WIND, slowest / 2)) + SLACK + waits
        return least <= time <= most


def draw(plan: FlightPlan) -> FiledRoute:
    """Return the route of a plan on the map."""
    known: list[tuple[int, str, Point]] = []
    unknown, off_map = [], []
    for at, name in _names(plan):
        try:
            known.append((at, name, points.find(name)))
        except RouteError as error:
            if error.code == "OFF_MAP":
                off_map.append(name)
            elif 0 <= at < len(plan.route) and not _is_passed_over(plan, at, name):
                unknown.append(name)
    turns: list[Point] = []
    numbers = []  # of the turn that each known point is
    for _at, _name, point in known:
        if not turns or distance_nm(turns[-1], point) >= _SAME_NM:
            turns.append(point)
        numbers.append(len(turns) - 1)
    route = _drawn(turns)
    marks = route.marks if route else []
    passed = tuple(
        Passed(name, at, marks[number].distance_nm)
        for (at, name, _point), number in zip(known, numbers, strict=True)
        if route
    )
    return FiledRoute(plan, route, passed, tuple(unknown), tuple(off_map))


def _names(plan: FlightPlan) -> Iterator[tuple[int, str]]:
    yield -1, plan.departure
    for at, word in enumerate(plan.words):
        if word and word.kind == Kind.NAME:
            yield at, word.name
    yield len(plan.route), plan.destination


def _is_passed_over(plan: FlightPlan, at: int, name: str) -> bool:
    """Airways are not held, nor the SID and the STAR that stand at the ends of a route."""
    is_end = at in {0, len(plan.route) - 1}
    return item_15.is_airway(name) or (is_end and item_15.is_procedure(name))


def _can_be_placed(name: str) -> bool:
    """A FIR, aerodrome or point that the data hold; others may lie beyond the map."""
    return name in reference.firs() or name in reference.aerodromes() or len(name) != 4


def _drawn(turns: Sequence[Point]) -> Route | None:
    try:
        return crossings.drawn(" ".join(point.ident for point in turns))
    except RouteError:
        return None
