"""The comparison of a filed flight plan with an authorization.

Points where more than one reading is possible:

* Tail numbers are compared by their letters and digits. Each tail of REG/ is looked at.
* Where the authorized number is quoted, other numbers of the host (such as an annual one) beside
  it are no finding. The number may stand anywhere in Item 18.
* Entry into the host FIR is the off-block time plus EET/ of that FIR, of the entry point or of a
  place within 5 NM of it; for a flight that starts inside the host state and gives none, the
  off-block time. Without any it is asked for, and lies between the times that EET/ gives before and
  after it: it is outside the validity only if all of that is.
* An alternate that the reference data do not hold is of the state whose aerodromes have the most
  alike location indicators.
* A point that the route passes twice is in order if some entry comes before some exit.
* What a hyphen has broken off Item 18 is not looked at.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from airspace import crossings, doc_4444, filed_route, flight_plan, points, reference
from transit.plan_check import way
from transit.plan_check.discrepancies import Discrepancy, kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airspace.filed_route import FiledRoute
    from airspace.flight_plan import FlightPlan
    from transit.plan_check.cleared import Cleared

#: STS/ values that claim a status which the authorization must support.
CLAIMS = frozenset({"STATE", "HUM", "HAZMAT", "HEAD", "MEDEVAC", "SAR", "HOSP", "FFR"})

#: STS/ values that tell of more than a flight from one place to another.
ACTIVITIES = frozenset({"MARSA", "FLTCK"})


def compare(plan: FlightPlan, cleared: Cleared, *, rule_set: str = "") -> list[Discrepancy]:
    """Return where a plan differs from its authorization, by code; each code once.

    Of the kinds that a rule set has; of all, where none is named.
    """
    filed = filed_route.draw(plan)
    found = (
        *_flight(plan, cleared),
        *_aerodromes(plan, cleared),
        *_points(plan, cleared),
        *way.differences(filed, cleared),
        *_times(filed, cleared),
        *_tail(plan, cleared),
        *_clearance_number(plan, cleared),
        *_statuses(plan, cleared),
        *_in_itself(filed),
    )
    known = kinds(rule_set)
    return sorted((one for one in found if one.code in known), key=lambda one: one.code)


def _flight(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    call_signs = [sign for sign in (cleared.call_sign, cleared.spare_call_sign) if sign]
    if plan.call_sign not in call_signs:
        yield Discrepancy("CALLSIGN_MISMATCH", plan.call_sign, " ".join(call_signs))
    if plan.flight_rules != cleared.flight_rules:
        yield Discrepancy("FLIGHT_RULES_MISMATCH", plan.flight_rules, cleared.flight_rules)
    if plan.flight_type != "M":
        yield Discrepancy("FLIGHT_TYPE_MISMATCH", plan.flight_type, "M")
    if plan.number_of_aircraft != cleared.number_of_aircraft:
        yield Discrepancy(
            "FORMATION_NUMBER_MISMATCH",
            str(plan.number_of_aircraft),
            str(cleared.number_of_aircraft),
        )
    if plan.aircraft_type != cleared.type:
        yield Discrepancy("TYPE_MISMATCH", plan.aircraft_type, cleared.type)
    if plan.wake != cleared.wake:
        yield Discrepancy("WAKE_MISMATCH", plan.wake, cleared.wake)
    aboard = plan.persons_on_board
    if aboard is not None and aboard > cleared.persons_on_board_max:
        yield Discrepancy("POB_EXCEEDED", str(aboard), str(cleared.persons_on_board_max))


def _aerodromes(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    if plan.departure != cleared.adep:
        yield Discrepancy("ADEP_MISMATCH", plan.departure, cleared.adep)
    if plan.destination != cleared.ades:
        yield Discrepancy("ADES_MISMATCH", plan.destination, cleared.ades)
    if _is_only_an_fir(plan.destination):
        yield Discrepancy("ADES_NOT_AN_AERODROME", plan.destination, cleared.ades)
    uncleared = [
        alternate
        for alternate in plan.alternates
        if alternate not in cleared.cleared_alternates
        and reference.state_of(alternate) == cleared.host
    ]
    if uncleared:
        yield Discrepancy(
            "ALTERNATE_NOT_CLEARED", " ".join(uncleared), " ".join(cleared.cleared_alternates)
        )
    expected = {*cleared.cleared_alternates, cleared.adep, cleared.ades}
    if further := [
        name
        for name in _alternates_en_route(plan)
        if not {*(codes := _codes(name))} & expected and cleared.host in _states_of(name, codes)
    ]:
        yield Discrepancy(
            "EN_ROUTE_ALTERNATE_NOT_CLEARED",
            " ".join(further),
            " ".join(cleared.cleared_alternates),
        )


def _alternates_en_route(plan: FlightPlan) -> list[str]:
    """Return the aerodromes that Item 18 names beside Item 16: by code, name or position."""
    named: list[str] = []
    for indicator in ("RALT", "TALT", "ALTN"):
        text = plan.other.get(indicator, "")
        named += [text] if points.called(text) else text.split()
    return named + plan.other.get("RIF", "").split()[-1:]


def _codes(name: str) -> list[str]:
    """Return the location indicators of what may be meant by a name; itself if it is one."""
    if name in reference.aerodromes():
        return [name]
    namesakes = [aerodrome.icao for aerodrome in points.called(name)]
    return namesakes or ([name] if re.fullmatch(r"[A-Z]{4}", name) else [])


def _states_of(name: str, codes: list[str]) -> set[str]:
    if codes:
        return {*map(reference.state_of, codes)}
    try:
        place = points.find(name)
    except points.RouteError:
        return set()
    return {crossings.state_at(place.lat, place.lon)}


def _points(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    entries = [at for at, point in enumerate(plan.points) if point == cleared.entry_point]
    exits = [at for at, point in enumerate(plan.points) if point == cleared.exit_point]
    route = " ".join(plan.route)
    if cleared.entry_point and not entries:
        yield Discrepancy("ENTRY_POINT_MISSING", route, cleared.entry_point)
    if cleared.exit_point and not exits:
        yield Discrepancy("EXIT_POINT_MISSING", route, cleared.exit_point)
    if entries and exits and entries[0] > exits[-1]:
        yield Discrepancy("POINT_ORDER", route, f"{cleared.entry_point} {cleared.exit_point}")


def _in_itself(filed: FiledRoute) -> Iterator[Discrepancy]:
    """Give what is wrong with the plan whatever was authorized; each code once."""
    found: dict[str, str] = {}
    for fault in (*doc_4444.faults(filed.plan), *filed.faults()):
        found.setdefault(fault.code, fault.text)
    for code, text in found.items():
        yield Discrepancy(code, text, "")


def _times(filed: FiledRoute, cleared: Cleared) -> Iterator[Discrepancy]:
    plan = filed.plan
    day = plan.other.get("DOF")
    if day is None:
        yield Discrepancy("DOF_MISSING", "", f"{cleared.date_of_flight:%y%m%d}")
    elif plan.date_of_flight != cleared.date_of_flight:
        yield Discrepancy("DOF_MISMATCH", day, f"{cleared.date_of_flight:%y%m%d}")
    earliest, latest = _entry(filed, cleared)
    if earliest != latest:
        yield Discrepancy("EET_MISSING", f"EET/{plan.other.get('EET', '')}", _entered_at(cleared))
    if latest < cleared.valid_from_utc or earliest > cleared.valid_to_utc:
        yield Discrepancy(
            "OUTSIDE_VALIDITY",
            _span(earliest, latest),
            _span(cleared.valid_from_utc, cleared.valid_to_utc),
        )


def _entry(filed: FiledRoute, cleared: Cleared) -> tuple[datetime, datetime]:
    """Return the earliest and the latest time of entry into the host FIR; one, where it is told."""
    plan = filed.plan
    off_block = datetime.combine(
        plan.date_of_flight or cleared.date_of_flight,
        time(int(plan.eobt[:2]), int(plan.eobt[2:])),
        UTC,
    )
    for name in (cleared.first_host_fir, cleared.entry_point):
        if (elapsed := plan.elapsed.get(name or "")) is not None:
            return off_block + elapsed, off_block + elapsed
    if cleared.entry_point is None:
        return off_block, off_block
    earliest, latest = None, None
    for distance in filed.distances(cleared.entry_point)[:1]:
        earliest, latest = filed.elapsed_at(distance)
    total = flight_plan.duration(plan.total_eet)
    return (
        off_block + (timedelta() if earliest is None else earliest),
        off_block + (total if latest is None else latest),
    )


def _entered_at(cleared: Cleared) -> str:
    return " ".join(filter(None, (cleared.first_host_fir, cleared.entry_point)))


def _tail(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    filed = plan.other.get("REG")
    authorized = " ".join(cleared.tails)
    if filed is None:
        yield Discrepancy("REG_MISSING", "", authorized)
    elif not {*map(flight_plan.bare, filed.split())} <= {*cleared.tails}:
        yield Discrepancy("REG_MISMATCH", filed, authorized)
    elif {*map(flight_plan.bare, filed.split())} - {cleared.tails[0]}:
        yield Discrepancy("SPARE_TAIL_USED", filed, authorized)


def _clearance_number(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    words = way.quoted(plan)
    quoted = [
        word for word in words if (found := way.NUMBER.fullmatch(word)) and found[1] == cleared.host
    ]
    if cleared.number not in words:
        code = "DCN_MISMATCH" if quoted else "DCN_MISSING"
        yield Discrepancy(code, " ".join(quoted), cleared.number)
    if plan.broken is not None:
        yield Discrepancy("ITEM18_ILLEGAL_CHARACTER", f"-{plan.broken}", "")


def _statuses(plan: FlightPlan, cleared: Cleared) -> Iterator[Discrepancy]:
    filed, required = {*plan.statuses}, {*cleared.required_sts}
    if missing := required - filed:
        yield Discrepancy("STS_MISSING", " ".join(plan.statuses), " ".join(sorted(missing)))
    if claimed := (filed & CLAIMS) - required:
        yield Discrepancy(
            "STS_NOT_AUTHORIZED", " ".join(sorted(claimed)), " ".join(sorted(required))
        )
    if active := filed & ACTIVITIES:
        yield Discrepancy("ACTIVITY_STATUS", " ".join(sorted(active)), "")


def _is_only_an_fir(code: str) -> bool:
    return code in reference.firs() and code not in reference.aerodromes()


def _span(start: datetime, end: datetime) -> str:
    return " - ".join(dict.fromkeys(f"{at:%d %b %Y %H:%MZ}" for at in (start, end)))
