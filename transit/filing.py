"""The flight plan of an authorized flight: what may be filed, and how what was filed compares."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from airspace import crossings, flight_plan, points, reference
from airspace.abeam import abeam
from exercises.models import Help
from transit import plan_check
from transit.models import Priority

if TYPE_CHECKING:
    from airspace.crossings import Route
    from airspace.flight_plan import FlightPlan
    from airspace.points import Point
    from transit.models import Authorization, Movement, Revision
    from transit.plan_check import Cleared, Discrepancy

#: STS/ values that follow from the form (ICAO Doc 4444, Item 18).
STATUS_OF_PRIORITY = {
    Priority.VIP: "HEAD",
    Priority.HUM: "HUM",
    Priority.MEDEVAC: "MEDEVAC",
    Priority.SAR: "SAR",
}


def cleared(authorization: Authorization) -> Cleared:
    """Return what an authorization lets fly, as a flight plan is compared with it."""
    revision, flight = authorization.revision, authorization.flight
    entry, leaving = revision.planned_entry, revision.planned_exit
    assert entry is not None  # noqa: S101 - nothing else is authorized
    assert leaving is not None  # noqa: S101
    assert revision.departs_at is not None  # noqa: S101
    kind = reference.aircraft_types()[revision.aircraft_type]
    return plan_check.Cleared(
        host=flight.host,
        number=authorization.number,
        call_sign=revision.call_sign,
        spare_call_sign=revision.spare_call_sign or None,
        flight_rules=revision.flight_rules,
        flight_type="M",
        number_of_aircraft=revision.aircraft_count,
        type=revision.aircraft_type,
        wake=kind.wake,
        registration=revision.registration,
        spare_registrations=revision.aircraft[1:],
        adep=revision.departure,
        ades=revision.destination,
        cleared_alternates=tuple(revision.alternates.split()),
        date_of_flight=revision.departs_at.date(),
        entry_point=_inner(entry.entry_point, revision),
        exit_point=_inner(leaving.exit_point, revision),
        first_host_fir=_first_fir(revision),
        valid_from_utc=authorization.valid_from,
        # A plan is to the minute, and the end of a window is no part of it.
        valid_to_utc=authorization.valid_until - timedelta(minutes=1),
        required_sts=_statuses(revision),
        persons_on_board_max=(revision.crew_count or 0) + (revision.passenger_count or 0),
        states=_states(revision),
        route=_authorized_route(revision),
        minimum_level=_lowest(revision),
    )


def proposed(authorization: Authorization) -> str:
    """Return the flight plan message that the authorization calls for; empty where none can be.

    Times are those of the drawn route at the cruise speed.
    """
    revision = authorization.revision
    try:
        route = crossings.drawn(revision.route)
    except points.RouteError:
        return ""
    kind = reference.aircraft_types()[revision.aircraft_type]
    knots = revision.cruise_knots or kind.cruise_ktas
    if not knots or not revision.departs_at:
        return ""
    eets: dict[str, str] = {}
    for fir in route.firs_without_marginal[1:]:
        eets.setdefault(fir.code, elapsed(fir.entry.distance_nm, knots))
    try:
        plan = plan_check.plan_for(
            cleared(authorization),
            route=_item_15(route, cleared(authorization)),
            speed=f"N{knots:04d}",
            level=revision.cruise_level,
            eobt=f"{revision.departs_at:%H%M}",
            total_eet=elapsed(route.total_distance_nm, knots),
            eets=eets,
            other_numbers={
                row.state: row.clearance_number
                for row in revision.crossings.all()
                if row.clearance_number and row.state != authorization.flight.host
            },
            operator=revision.operator,
        )
    except flight_plan.PlanError:
        return ""
    return flight_plan.write(plan)


def discrepancies(movement: Movement) -> list[Discrepancy]:
    """Return where the plan as filed differs from the authorization."""
    assert movement.authorization is not None  # noqa: S101 - a guard of the verbs
    terms, told = cleared(movement.authorization), notified(movement)
    crew = int(told.get("crew_count", movement.authorization.revision.crew_count or 0))
    more = crew - (movement.authorization.revision.crew_count or 0)
    found = plan_check.compare(
        flight_plan.read(movement.plan),
        replace(terms, persons_on_board_max=terms.persons_on_board_max + max(more, 0)),
        rule_set=movement.flight.exercise.rules_version or "1",
    )
    if "registration" in told:  # the listed spare was told: there is nothing left to ask
        found = [one for one in found if one.code != "SPARE_TAIL_USED"]
    return found


def notified(movement: Movement) -> dict[str, str]:
    """Return what was notified, and registered, under the version on which the movement stands."""
    return {
        row.item: row.value
        for row in movement.flight.notifications.all()
        if row.registered_at and row.authorization_id == movement.authorization_id
    }


def delay(movement: Movement) -> timedelta:
    """Return by how much the plan as filed leaves later than authorized; nothing if it does not."""
    departs_at = movement.revision.departs_at
    if not movement.plan or departs_at is None:
        return timedelta()
    plan = flight_plan.read(movement.plan)
    day = plan.date_of_flight or departs_at.date()
    off_block = datetime.combine(day, time(int(plan.eobt[:2]), int(plan.eobt[2:])), UTC)
    return max(off_block - departs_at, timedelta())


def refusal(blocking: list[Discrepancy], movement: Movement) -> list[str]:
    """Say why a plan is not released; where officers compare alone first, only that it is not."""
    if movement.flight.exercise.help != Help.OPEN:
        return [_("The plan does not agree with the authorization: it cannot be released.")]
    return [
        _("%(code)s: %(meaning)s. Filed: %(filed)s. Authorized: %(authorized)s.")
        % {
            "code": found.code,
            "meaning": found.meaning,
            "filed": found.filed or "—",
            "authorized": found.authorized or "—",
        }
        for found in blocking
    ]


def registration(plan: FlightPlan) -> str:
    """Return the first tail of REG/, empty where there is none."""
    return next(iter(plan.other.get("REG", "").split()), "")


def _inner(point: str, revision: Revision) -> str | None:
    """A flight that starts or ends inside the host has no boundary point there."""
    return None if point in (revision.departure, revision.destination) else point


def _item_15(route: Route, terms: Cleared) -> list[str]:
    """Return the points of the route, and the cleared entry and exit where they are none of it."""
    found = [
        (mark.distance_nm, _in_item_15(point))
        for point, mark in zip(route.points, route.marks, strict=True)
    ]
    known = {name for _, name in found}
    found += [
        (abeam(route, points.find(name)).distance_nm, name)
        for name in (terms.entry_point, terms.exit_point)
        if name and name not in known
    ]
    names = [name for _, name in sorted(found, key=lambda one: one[0])][1:-1]
    return [word for name in names for word in ("DCT", name)] + ["DCT"]


def _states(revision: Revision) -> tuple[str, ...]:
    """Return the states that the flight was declared to cross; none where the map lacks the host.

    A plan is followed on the map, on which others stand in for fictional states.
    """
    flight = revision.flight
    if flight.host not in reference.states():
        return ()
    crossed = (row.state for row in revision.crossings.all())
    return tuple(dict.fromkeys([flight.requesting_state, *crossed]))


def _lowest(revision: Revision) -> int:
    """Return the lowest level of the agreement; a lower one that was authorized is not low."""
    least = revision.flight.agreement.minimum_level
    return min(least, int(revision.cruise_level[1:])) if revision.cruise_level else least


def _authorized_route(revision: Revision) -> tuple[str, ...]:
    """Return the points of the route as a message may name them; none where it cannot be drawn."""
    try:
        route = crossings.drawn(revision.route)
    except points.RouteError:
        return ()
    return tuple(map(_in_item_15, route.points))


def _in_item_15(point: Point) -> str:
    """Item 15 knows no decimal degrees and no seconds."""
    return points.coordinates(point) if point.kind == "coordinates" else point.ident


def _first_fir(revision: Revision) -> str | None:
    """Return the first FIR on the route that the host serves."""
    served = reference.firs()
    try:
        route: Route = crossings.drawn(revision.route)
    except points.RouteError:
        return None
    return next(
        (one.code for one in route.firs if served[one.code].state == revision.flight.host), None
    )


def _statuses(revision: Revision) -> tuple[str, ...]:
    claimed = {"STATE", STATUS_OF_PRIORITY.get(Priority(revision.priority), "")}
    if revision.category == "HUMANITARIAN":
        claimed.add("HUM")
    if revision.announces_goods:
        claimed.add("HAZMAT")
    return tuple(sorted(claimed - {""}))


def elapsed(distance_nm: float, knots: float) -> str:
    """Return the time of a distance as a message has it, without wind."""
    return flight_plan.hours_and_minutes(crossings.time_at(distance_nm, knots))
