"""Route: do the crossings that are declared agree with the route as drawn, and with each other?

The route is drawn on training geography; see `airspace.crossings` for what it crosses. Every
tolerance here is a training default. Longer than most modules: a chapter of rules, each with its
row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby, pairwise, zip_longest
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import points, reference
from airspace.abeam import abeam, passages
from airspace.crossings import drawn, time_at
from airspace.earth import distance_nm
from casework.dates import duration
from exercises.models import Role
from rules.book import Hit, rule
from transit.mapping import state_name
from transit.models import Action
from transit.sentences import sentence
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from airspace.crossings import Handover, Mark, Route
    from rules.book import Matter

#: A declared point this near to the route lies on it; a waypoint may stand for a place so near.
NEAR_NM = 5.0
#: An entry point this near to the boundary or to the border stands for it.
BOUNDARY_NM = 15.0
#: Where FIR boundary and border lie further apart than this, both are said.
APART_NM = 10.0
#: A time is plausible within this share of the cruise speed, and give or take so much for climb,
#: descent and whole minutes.
SPEED_SHARE = 0.2
SLACK = timedelta(minutes=5)
NO_TIME, HALF_A_MINUTE, HOUR = timedelta(0), timedelta(seconds=30), timedelta(hours=1)
#: Ranges are round figures for one load, most often the heaviest; lighter, a type flies further.
RANGE_FACTOR = 1.5

CROSSINGS = "European Union diplomatic clearance form, items 3 to 10 and 37 to 40"
SOVEREIGNTY = "Convention on International Civil Aviation, Art. 1 to 3"


# The route as drawn


@rule(
    "ROUTE_MISSING",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("route",),
    says=lazy("A request gives a route that can be drawn, point by point."),
    clause="SOP 2.1 Route",
    source="European Union diplomatic clearance form, item 39",
    situations=(25,),
)
def route_is_missing(matter: Matter) -> Iterator[Hit]:
    try:
        drawn(matter.revision.route)
    except points.RouteError as error:
        yield Hit(sentence(error))


@rule(
    "ROUTE_ENDS",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("route", "departure", "destination"),
    says=lazy("A route begins at the aerodrome of departure and ends at the destination."),
    clause="SOP 2.1 Route",
)
def route_ends_elsewhere(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    start, *_between, end = matter.route.points
    revision = matter.revision
    begins = _("The route begins at %(point)s, not at %(icao)s.")
    ends = _("The route ends at %(point)s, not at %(icao)s.")
    for item, icao, point, said in (
        ("departure", revision.departure, start, begins),
        ("destination", revision.destination, end, ends),
    ):
        aerodrome = reference.aerodromes().get(icao)
        if aerodrome and distance_nm(point, aerodrome) > NEAR_NM:
            yield Hit(said % {"point": point.ident, "icao": icao}, about=item)


@rule(
    "OUT_AND_BACK",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("departure", "destination", "crossings.action"),
    says=lazy("A flight that ends where it began says where it lands on the way."),
    clause="SOP 2.1 Route",
    since=2,
)
def flight_ends_where_it_began(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    lands = any(row.action == Action.LAND for row in matter.crossings[:-1])
    if revision.departure and revision.departure == revision.destination and not lands:
        yield Hit(
            _("From %(icao)s and back to it on one request, with no landing on the way: is it so?")
            % {"icao": revision.departure}
        )


@rule(
    "ROUTE_HOST",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=("route",),
    says=lazy("A host is asked for its own airspace; every other state is asked by itself."),
    clause="SOP 2.2 States crossed",
    source=SOVEREIGNTY,
    situations=(11,),
)
def route_does_not_enter_host(matter: Matter) -> Iterator[Hit]:
    if matter.route and matter.flight.host not in matter.route.state_sequence_without_marginal:
        yield Hit(
            _("The route does not enter %(state)s.") % {"state": _name(matter, matter.flight.host)}
        )


range_rule = partial(
    rule,
    "RANGE",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    says=lazy("A flight without a stop is within the range of its type."),
    clause="SOP 2.1 Route",
)


@range_rule(facts=("route", "aircraft_type", "crossings.action"), until=2)
def route_is_out_of_range(matter: Matter) -> Iterator[Hit]:
    """Rule set 1 knew fewer ranges, and asked nothing of a flight with a stop."""
    stops = any(row.action == Action.LAND for row in matter.crossings[:-1])
    if matter.route and matter.aircraft and matter.aircraft.range_since == 1 and not stops:
        yield from _beyond_range(matter.aircraft, matter.route.total_distance_nm)


@range_rule(facts=("route", "aircraft_type", "crossings.action", "crossings.exit_point"), since=2)
def stage_is_out_of_range(matter: Matter) -> Iterator[Hit]:
    route, kind = matter.route, matter.aircraft
    if route and kind and (stops := _stops(matter, route)) is not None:
        ends = [0.0, *stops, route.total_distance_nm]
        yield from _beyond_range(kind, max(after - before for before, after in pairwise(ends)))


def _beyond_range(kind: reference.AircraftType, distance: float) -> Iterator[Hit]:
    if kind.range_nm and distance > kind.range_nm * RANGE_FACTOR:
        yield Hit(
            _("%(distance).0f NM without a stop; fully loaded, the %(type)s flies %(range)d NM.")
            % {"distance": distance, "type": kind.name, "range": kind.range_nm}
        )


def _stops(matter: Matter, route: Route) -> list[float] | None:
    """Return how far along the route the flight lands on its way; None where nobody can tell.

    At the aerodrome where the crossing ends, else at those of the state that the route names.
    """
    known, found = reference.aerodromes(), set()
    on_the_way = matter.revision.route.split()[1:-1]
    for row in matter.crossings[:-1]:
        if row.action != Action.LAND:
            continue
        named = [row.exit_point] if row.exit_point in known else on_the_way
        stops = [known[it] for it in named if it in known and known[it].state == row.state]
        places = {place.distance_nm for stop in stops for place in passages(route, stop)}
        if not places:
            return None
        found |= places
    return sorted(found)


# States and FIRs


@rule(
    "ROUTE_UNDECLARED",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    says=lazy("Every state that the drawn route really crosses is declared."),
    clause="SOP 2.2 States crossed",
    source=SOVEREIGNTY,
    situations=(21, 22, 23, 31),
)
def state_is_not_declared(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    crossed = matter.route.states_without_marginal
    declared = _declared(matter, matter.route)
    for state in dict.fromkeys(one.code for one in crossed if one.code not in declared):
        parts = [one for one in crossed if one.code == state]
        yield Hit(
            _(
                "%(state)s is crossed and not declared: %(length).0f NM, first at %(position)s, "
                "%(distance).0f NM from the departure."
            )
            % {
                "state": _name(matter, state),
                "length": sum(one.length_nm for one in parts),
                "position": points.coordinates(parts[0].entry),
                "distance": parts[0].entry.distance_nm,
            },
            about=state,
        )


@rule(
    "ROUTE_NOT_CROSSED",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    says=lazy("A state is declared because the route crosses it, or a FIR that it serves."),
    clause="SOP 2.2 States crossed",
    source=CROSSINGS,
)
def declared_state_is_not_crossed(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    met = {*matter.route.state_sequence} | {_served_by(fir) for fir in matter.route.fir_sequence}
    for state in dict.fromkeys(row.state for row in matter.crossings):
        if state not in met and state != matter.flight.host:
            yield Hit(
                _("%(state)s is declared, but the route does not cross it.")
                % {"state": _name(matter, state)},
                about=state,
            )


@rule(
    "ROUTE_ORDER",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    says=lazy("Crossings are declared in order of flight, one for each; a state may recur."),
    clause="SOP 2.2 States crossed",
    source=CROSSINGS,
    situations=(22,),
)
def crossings_are_in_another_order(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    crossed = matter.route.state_sequence_without_marginal
    if {*crossed} - _declared(matter, matter.route):
        return  # no order can be right while a state is missing
    # One who lists what the route only touches is as right as one who does not.
    for computed in (crossed, matter.route.state_sequence):
        declared = [it for it, _group in groupby(_states(matter, among=computed))]
        if declared in (computed, computed[1:]):
            return
    yield Hit(
        _("The route crosses %(computed)s; declared is %(declared)s.")
        % {
            "computed": "-".join(crossed),
            "declared": "-".join(row.state for row in matter.crossings),
        }
    )


@rule(
    "FIR_UNDECLARED",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    says=lazy("The route stays in FIRs served by the states that are declared."),
    clause="SOP 2.2 States crossed",
    situations=(21, 22),
)
def fir_of_undeclared_state_is_used(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    declared = _declared(matter, matter.route)
    used = matter.route.firs_without_marginal
    for code in dict.fromkeys(one.code for one in used):
        if (state := _served_by(code)) in declared:
            continue
        parts = [one for one in used if one.code == code]
        yield Hit(
            _(
                "%(length).0f NM in the %(fir)s (%(code)s), served by %(state)s, first at "
                "%(position)s, %(distance).0f NM from the departure: %(state)s is not declared."
            )
            % {
                "length": sum(one.length_nm for one in parts),
                "fir": reference.firs()[code].name,
                "code": code,
                "state": _name(matter, state),
                "position": points.coordinates(parts[0].entry),
                "distance": parts[0].entry.distance_nm,
            },
            about=code,
        )


@rule(
    "BOUNDARY_AND_BORDER",
    Severity.NOTIFY,
    Role.AIR_DEFENCE,
    facts=("route",),
    says=lazy("The window counts from the point at the host's FIR boundary, not from its border."),
    clause="SOP 2.3 Entry and exit",
)
def boundary_lies_apart_from_border(matter: Matter) -> Iterator[Hit]:
    into = next((it for it in _handovers(matter) if it.to_state == matter.flight.host), None)
    if into and abs(into.border.distance_nm - into.distance_nm) > APART_NM:
        yield Hit(
            _(
                "FIR boundary at %(point)s%(boundary_at)s, border at %(position)s%(border_at)s, "
                "%(apart).0f NM apart: the window counts from %(point)s."
            )
            % {
                "point": into.point,
                "boundary_at": _time_of(matter, into.distance_nm),
                "position": points.coordinates(into.border),
                "border_at": _time_of(matter, into.border.distance_nm),
                "apart": abs(into.border.distance_nm - into.distance_nm),
            }
        )


# Points and times of the crossings


@rule(
    "GAP",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("crossings.entry_point", "crossings.exit_point"),
    says=lazy("The exit point of one crossing is the entry point of the next."),
    clause="SOP 2.3 Entry and exit",
    source="Unified Data Library, diplomatic clearance: entry and exit point of each country",
    situations=(24,),
)
def crossings_leave_a_gap(matter: Matter) -> Iterator[Hit]:
    for one, other in pairwise(matter.crossings):
        if one.exit_point != other.entry_point:
            yield Hit(
                _("Out of %(state)s at %(exit)s, but into %(next)s at %(entry)s.")
                % {
                    "state": _name(matter, one.state),
                    "exit": one.exit_point,
                    "next": _name(matter, other.state),
                    "entry": other.entry_point,
                },
                about=str(other.number),
            )


@rule(
    "POINT_IS_FIR",
    Severity.BLOCK,
    Role.CIVIL_AVIATION,
    facts=("crossings.entry_point", "crossings.exit_point"),
    says=lazy("Entry and exit are named points, not FIRs."),
    clause="SOP 2.3 Entry and exit",
    source="Azerbaijan, mfa.gov.az/content/145 (entry and exit points)",
    situations=(25,),
)
def point_is_a_fir(matter: Matter) -> Iterator[Hit]:
    for ident in _idents(matter):
        if _is_fir(matter, ident):
            yield Hit(
                _("%(point)s is the %(fir)s: name the point on its boundary.")
                % {"point": ident, "fir": reference.firs()[ident].name},
                about=ident,
            )


@rule(
    "POINT_UNKNOWN",
    Severity.BLOCK,
    Role.CIVIL_AVIATION,
    facts=("crossings.entry_point", "crossings.exit_point"),
    says=lazy("Entry and exit are points that can be found, not towns."),
    clause="SOP 2.3 Entry and exit",
    source="Azerbaijan, mfa.gov.az/content/145 (entry and exit points)",
    situations=(25,),
)
def point_is_unknown(matter: Matter) -> Iterator[Hit]:
    for ident in _idents(matter):
        try:
            points.find(ident)
        except points.RouteError as error:
            if not _is_fir(matter, ident):
                yield Hit(sentence(error), about=ident)


@rule(
    "POINT_OFF_ROUTE",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.entry_point", "crossings.exit_point"),
    says=lazy("Entry and exit points lie on the route as drawn."),
    clause="SOP 2.3 Entry and exit",
    situations=(22, 24),
)
def point_lies_off_the_route(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    for ident in _idents(matter):
        point = _found(ident)
        if point is None or _is_fir(matter, ident):
            continue
        if not passages(matter.route, point):
            yield Hit(
                _("%(point)s lies %(off).0f NM off the route.")
                % {"point": ident, "off": abeam(matter.route, point).off_nm},
                about=ident,
            )


@rule(
    "POINT_NOT_AT_BOUNDARY",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.state", "crossings.entry_point"),
    says=lazy("An entry point lies at the FIR boundary or at the border between the two states."),
    clause="SOP 2.3 Entry and exit",
    source="Azerbaijan, mfa.gov.az/content/145 (entry and exit points)",
)
def entry_point_is_not_at_the_boundary(matter: Matter) -> Iterator[Hit]:
    if matter.route is None:
        return
    for one, other in pairwise(matter.crossings):
        point = _found(other.entry_point)
        between = _boundaries(matter.route, one.state, other.state)
        if point is None or not between or one.state == other.state:
            continue
        off = min(distance_nm(point, mark) for mark in between)
        if off > BOUNDARY_NM:
            yield Hit(
                _("%(point)s lies %(off).0f NM from where the route goes from %(one)s to %(next)s.")
                % {
                    "point": other.entry_point,
                    "off": off,
                    "one": _name(matter, one.state),
                    "next": _name(matter, other.state),
                },
                about=str(other.number),
            )


@rule(
    "TIMES_ORDER",
    Severity.BLOCK,
    Role.CIVIL_AVIATION,
    facts=("departs_at", "arrives_at", "crossings.entry_at", "crossings.exit_at"),
    says=lazy("Times run on from departure through every crossing to arrival."),
    clause="SOP 2.4 Times",
    source=CROSSINGS,
)
def times_run_backwards(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    if (
        revision.departs_at
        and matter.crossings
        and matter.crossings[0].entry_at < revision.departs_at
    ):
        yield Hit(_("The first crossing begins before the departure."), about="departure")
    for row in matter.crossings:
        if row.exit_at <= row.entry_at:
            yield Hit(
                _("%(state)s: the exit is not after the entry.")
                % {"state": _name(matter, row.state)},
                about=str(row.number),
            )
    for one, other in pairwise(matter.crossings):
        if other.entry_at < one.exit_at:
            yield Hit(
                _("Into %(next)s at %(entry)s, before the exit from %(state)s at %(exit)s.")
                % {
                    "next": _name(matter, other.state),
                    "entry": _clock(other.entry_at),
                    "state": _name(matter, one.state),
                    "exit": _clock(one.exit_at),
                },
                about=f"{one.number}-{other.number}",
            )
    if (
        revision.arrives_at
        and matter.crossings
        and matter.crossings[-1].exit_at > revision.arrives_at
    ):
        yield Hit(_("The last crossing ends after the arrival."), about="arrival")


@rule(
    "TIMES_IMPLAUSIBLE",
    Severity.QUERY,
    Role.CIVIL_AVIATION,
    facts=(
        "route",
        "departs_at",
        "arrives_at",
        "cruise_knots",
        "aircraft_type",
        "crossings.action",
        "crossings.entry_point",
        "crossings.entry_at",
        "crossings.exit_point",
        "crossings.exit_at",
        "crossings.ground_minutes",
    ),
    says=lazy("From point to point the time is, within a fifth, that of the cruise speed."),
    clause="SOP 2.4 Times",
)
def times_are_implausible(matter: Matter) -> Iterator[Hit]:
    if matter.route is None or not matter.knots:
        return
    passed = list(_passings(matter, matter.route, matter.knots))
    stages = list(pairwise(passed))
    if len(stages) > 1:
        stages.append((passed[0], passed[-1]))  # the whole flight
    for one, other in stages:
        distance, taken = other.distance_nm - one.distance_nm, other.in_the_air - one.in_the_air
        if taken >= NO_TIME and not _is_plausible(distance, matter.knots, taken):
            yield Hit(
                _(
                    "%(one)s to %(next)s, %(distance).0f NM: %(taken)s in the air, but "
                    "%(expected)s at %(knots).0f kt."
                )
                % {
                    "one": one.ident,
                    "next": other.ident,
                    "distance": distance,
                    "taken": duration(taken),
                    "expected": duration(time_at(max(distance, 0), matter.knots)),
                    "knots": matter.knots,
                },
                about=f"{one.step}-{other.step}",
            )


@dataclass(frozen=True)
class Passing:
    """A place of the route, and when it is said to be passed.

    `step` is its place in the table, from the departure on; `in_the_air` the time from the first
    moment of the table, less the time on the ground.
    """

    step: int
    ident: str
    distance_nm: float
    in_the_air: timedelta


def _passings(matter: Matter, route: Route, knots: float) -> Iterator[Passing]:
    """Give what is declared of the route from departure to arrival, points off the route left out.

    Where the route comes by a point more than once, the time that fits best is meant. Between a
    crossing that ends where it lands and the next the time is on the ground; rule set 1 knew only
    the minutes that are said to be.
    """
    revision, rows = matter.revision, matter.crossings
    table: list[tuple[str, datetime, timedelta]] = []
    stood = NO_TIME
    for row, after in zip_longest(rows, rows[1:]):
        table.append((row.entry_point, row.entry_at, stood))
        lands = after is not None and row.action == Action.LAND
        is_parted = (
            lands and row.exit_point in reference.aerodromes() and not matter.is_of_first_set
        )
        stood = max(after.entry_at - row.exit_at, NO_TIME) if is_parted else NO_TIME
        inside = timedelta(minutes=row.ground_minutes or 0) if lands and not stood else NO_TIME
        table.append((row.exit_point, row.exit_at, inside))
    if revision.departs_at:
        table.insert(0, (route.points[0].ident, revision.departs_at, NO_TIME))
    if revision.arrives_at:
        table.append((route.points[-1].ident, revision.arrives_at, NO_TIME))
    on_ground, last = NO_TIME, Passing(0, "", 0.0, NO_TIME)
    for step, (ident, at, stood) in enumerate(table):
        on_ground += stood
        in_the_air = at - table[0][1] - on_ground
        flown = last.distance_nm + knots * ((in_the_air - last.in_the_air) / HOUR)
        point = _found(ident)
        places = [it.distance_nm for it in passages(route, point)] if point else []
        if places:
            distance = min(places, key=lambda place: abs(place - flown))
            last = Passing(step, ident, distance, in_the_air)
            yield last


def _is_plausible(distance: float, knots: float, taken: timedelta) -> bool:
    """Say whether a distance, good to 5 NM at either end, may take so long at about this speed."""
    quickest = time_at(max(distance - 2 * NEAR_NM, 0), knots * (1 + SPEED_SHARE)) - SLACK
    slowest = time_at(max(distance + 2 * NEAR_NM, 0), knots * (1 - SPEED_SHARE)) + SLACK
    return quickest <= taken <= slowest


def _idents(matter: Matter) -> Iterable[str]:
    """Give the entry and exit points that are declared, each once, in order of flight."""
    return dict.fromkeys(
        ident for row in matter.crossings for ident in (row.entry_point, row.exit_point)
    )


def _found(ident: str) -> points.Point | None:
    try:
        return points.find(ident)
    except points.RouteError:
        return None


def _is_fir(matter: Matter, ident: str) -> bool:
    """Say whether a FIR is named where a point is meant.

    Some codes are those of an aerodrome as well, which is meant where the route comes by it.
    """
    if ident not in reference.firs():
        return False
    point = _found(ident)
    return point is None or matter.route is None or not passages(matter.route, point)


def _boundaries(route: Route, one: str, other: str) -> list[Mark]:
    """Return where the route goes from one state to the other: borders and FIR boundaries."""
    borders = [
        mark
        for before, after in pairwise(route.states_without_marginal)
        if (before.code, after.code) == (one, other)
        for mark in (before.exit, after.entry)
    ]
    boundaries = [
        after.entry
        for before, after in pairwise(route.firs)
        if (_served_by(before.code), _served_by(after.code)) == (one, other)
    ]
    return borders + boundaries


def _declared(matter: Matter, route: Route) -> set[str]:
    """Return the states declared, and the one that the route begins in: nobody enters it."""
    return {row.state for row in matter.crossings} | {*route.state_sequence_without_marginal[:1]}


def _states(matter: Matter, *, among: list[str]) -> list[str]:
    return [row.state for row in matter.crossings if row.state in among]


def _served_by(fir: str) -> str:
    return reference.firs()[fir].state


def _handovers(matter: Matter) -> tuple[Handover, ...]:
    return matter.route.handovers if matter.route else ()


def _name(matter: Matter, state: str) -> str:
    return f"{state_name(state, matter.agreement)} ({state})"


def _time_of(matter: Matter, distance: float) -> str:
    """Return the time at a distance from the departure as ", 07:07Z"; empty where unknown."""
    departs_at = matter.revision.departs_at
    if not (departs_at and matter.knots):
        return ""
    return f", {_clock(departs_at + time_at(distance, matter.knots) + HALF_A_MINUTE)}"


def _clock(at: datetime) -> str:
    return at.strftime("%H:%MZ")
