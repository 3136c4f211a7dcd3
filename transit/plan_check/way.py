"""The way of a flight plan beside the authorization: states, route, and what is done on it.

Points where more than one reading is possible:

* Where the authorization names no states, those of the permitted corridor are cleared, the host,
  those of departure and destination, and those whose clearance number Item 18 quotes.
* A point lies off a route from 5 NM: a further point on a leg is none added, a bend that is cut
  off one missing.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from airspace import crossings, item_15, points, reference
from airspace.abeam import abeam
from airspace.item_15 import Kind
from transit.plan_check.discrepancies import Discrepancy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from airspace.crossings import Route
    from airspace.filed_route import FiledRoute
    from airspace.flight_plan import FlightPlan
    from airspace.points import Point
    from transit.plan_check.cleared import Cleared

#: A clearance number of the training format, with its state.
NUMBER = re.compile(r"EX([A-Z]{2})[0-9]{2}[AS][0-9]{4}(?:V|DG)?")


def differences(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    """Give where the way differs from what was authorized; each code once."""
    yield from _entered(filed, cleared)
    yield from _boundary(filed, cleared)
    yield from _comes_back(filed, cleared)
    yield from _authorized_route(filed, cleared)
    yield from _on_the_way(filed, cleared)


def quoted(plan: FlightPlan) -> list[str]:
    """Return the words of Item 18, among them the clearance numbers."""
    return re.findall(r"[A-Z0-9]+", " ".join(plan.other.values()))


def _entered(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    """Compare the states and FIRs that the route enters with those that cleared it."""
    if None in filed.plan.words:
        return  # what cannot be read cannot be followed
    allowed = _cleared_states(filed.plan, cleared)
    route = filed.route
    crossed = [one.code for one in route.states_without_marginal] if route else []
    crossed += filter(None, map(reference.state_of, filed.off_map))
    known = " ".join(sorted(allowed))
    if strange := [code for code in dict.fromkeys(crossed) if code not in allowed]:
        yield Discrepancy("STATE_NOT_CLEARED", " ".join(strange), known)
    if foreign := list(dict.fromkeys(_foreign_firs(route, allowed))) if route else []:
        yield Discrepancy("FIR_NOT_CLEARED", " ".join(foreign), known)
    if route and _visits(route, cleared.host) > max(1, _visits(_drawn(cleared), cleared.host)):
        yield Discrepancy("HOST_LEFT", " ".join(one.code for one in route.stays), cleared.host)


def _foreign_firs(route: Route, allowed: set[str]) -> Iterator[str]:
    """Give the FIRs of other states; a short way in one by which the corridor leads is none."""
    served = reference.firs()
    for one in route.firs_without_marginal:
        is_corridor = one.code in crossings.CASPIAN_FIRS and one.length_nm <= crossings.HANDOVER_NM
        if served[one.code].state not in allowed and not is_corridor:
            yield one.code


def _cleared_states(plan: FlightPlan, cleared: Cleared) -> set[str]:
    if cleared.states:
        return {*cleared.states, cleared.host}
    ends = {reference.state_of(cleared.adep), reference.state_of(cleared.ades)}
    numbers = filter(None, map(NUMBER.fullmatch, quoted(plan)))
    return {*crossings.CORRIDOR, cleared.host, *ends, *(number[1] for number in numbers)}


def _boundary(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    """Compare where the host is entered and left with the cleared points."""
    if filed.route is None or not filed.is_whole:
        return
    served = reference.firs()
    hosts = [
        one
        for one in (*filed.route.states_without_marginal, *filed.route.firs_without_marginal)
        if cleared.host in (one.code, served[one.code].state if one.code in served else "")
    ]
    if not hosts:
        return
    first = min((one.entry for one in hosts), key=lambda mark: mark.distance_nm)
    last = max((one.exit for one in hosts), key=lambda mark: mark.distance_nm)
    for code, point, mark in (
        ("ENTRY_ELSEWHERE", cleared.entry_point, first),
        ("EXIT_ELSEWHERE", cleared.exit_point, last),
    ):
        at = [one.distance_nm for one in filed.passed if one.name == point]
        if at and all(abs(one - mark.distance_nm) > crossings.HANDOVER_NM for one in at):
            yield Discrepancy(code, points.coordinates(mark), point or "")


def _comes_back(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    """Look for points that are passed twice, though the authorized route does not."""
    if cleared.adep == cleared.ades:
        return
    twice = {name for name, count in Counter(filed.plan.points).items() if count > 1}
    known = {one.name for one in filed.passed} - {
        name for name, count in Counter(cleared.route).items() if count > 1
    }
    if back := sorted(twice & known):
        yield Discrepancy("POINT_TWICE", " ".join(back), "")


def _visits(route: Route | None, state: str) -> int:
    return [one.code for one in route.stays].count(state) if route else 0


def _authorized_route(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    """Compare the route between the points of entry and exit with the authorized one."""
    authorized = _drawn(cleared)
    if authorized is None or filed.route is None or not filed.is_whole:
        return
    ours, theirs = (
        _between(route, cleared.entry_point, cleared.exit_point)
        for route in (filed.route, authorized)
    )
    words = " ".join(filed.plan.route)
    if missing := _off(filed.route, theirs):
        yield Discrepancy("ROUTE_POINT_MISSING", words, " ".join(missing))
    if added := _off(authorized, ours):
        yield Discrepancy("ROUTE_POINT_ADDED", " ".join(added), " ".join(cleared.route))


def _drawn(cleared: Cleared) -> Route | None:
    """Return the authorized route; None where none is told, or none that can be drawn."""
    try:
        return crossings.drawn(" ".join(cleared.route))
    except points.RouteError:
        return None


def _between(route: Route, entry: str | None, leaving: str | None) -> list[Point]:
    """Return the points of a route between two of them, else from its start or to its end."""
    names = [point.ident for point in route.points]
    start = names.index(entry) + 1 if entry in names else 1
    end = names.index(leaving) if leaving in names else len(names) - 1
    return list(route.points[start:end])


def _off(route: Route, places: Iterable[Point]) -> list[str]:
    return [one.ident for one in places if abeam(route, one).off_nm > crossings.NAMED_NM]


def _on_the_way(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    """Look for what the plan does beside flying from one point to the next."""
    plan = filed.plan
    words = list(zip(plan.route, plan.words, strict=True))
    if delayed := plan.other.get("DLE"):
        yield Discrepancy("DELAY_EN_ROUTE", delayed, "")
    if stays := [text for text, word in words if word and word.kind == Kind.STAY]:
        yield Discrepancy("STAY_EN_ROUTE", " ".join(stays), "")
    if outside := [text for text, word in words if word and word.kind == Kind.TRAFFIC]:
        yield Discrepancy("OPERATIONAL_TRAFFIC", " ".join(outside), "GAT")
    visual = [text for text, word in words if word and "VFR" in (word.level, word.name)]
    if plan.level == "VFR" or visual:
        yield Discrepancy("VFR_EN_ROUTE", " ".join((plan.level, *visual)), "IFR")
    if low := list(dict.fromkeys(_low(filed, cleared))):
        yield Discrepancy("LEVEL_LOW", " ".join(low), f"F{cleared.minimum_level:03}")


def _low(filed: FiledRoute, cleared: Cleared) -> Iterator[str]:
    """Give the levels below the lowest of the corridor, over a sea or in the host state."""
    if filed.route is None:
        return
    parts = [(one.from_nm, one.to_nm) for one in filed.route.seas]
    parts += [
        (one.entry.distance_nm, one.exit.distance_nm)
        for one in filed.route.states
        if one.code == cleared.host
    ]
    for level, start, end in filed.levels():
        height = item_15.hundreds_of_feet(level)
        if height is None or round(height) >= cleared.minimum_level:
            continue
        if any(min(end, to) - max(start, since) >= crossings.MARGINAL_NM for since, to in parts):
            yield level
