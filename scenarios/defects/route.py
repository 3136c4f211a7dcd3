"""Mistakes of the route: crossings that do not agree with it, or with each other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from airspace import points, reference
from airspace.crossings import drawn, time_at
from airspace.earth import distance_nm
from exercises.models import Role
from rules.route import RANGE_FACTOR
from scenarios.book import Decision, defect

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

MINUTE = timedelta(minutes=1)

#: An aerodrome in the same state for which another is easily taken.
TAKEN_FOR = {
    "LTAC": "LTAN",
    "LTAE": "LTAC",
    "LTAF": "LTAN",
    "LTAU": "LTAN",
    "LTFM": "LTFJ",
    "UAAA": "UAII",
    "UACC": "UAKK",
    "UAKK": "UACC",
    "UAOO": "UAIT",
    "UATE": "UATG",
    "UATT": "UAUU",
}

#: Points that lie at the same boundary over the Caspian, and on another way.
BESIDE = {"BALUN": "GASBI", "RUTIL": "GASBI"}

#: A type with too short a range, by requesting state.
SHORT_LEGGED = {"TR": "C160", "KZ": "C295"}

DECLARED_ANEW = lazy("Declare the crossings again, from the route as it is flown.")


@defect(
    "WRONG_DEPARTURE",
    lazy("The aerodrome of departure is not the one at which the route begins."),
    mending=lazy("Let form and route name the same aerodrome."),
    desk=Role.AIR_DEFENCE,
    facts=("route", "departure"),
    codes=("ROUTE_ENDS",),
    cues=2,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    needs=lambda dossier: dossier.form["departure"] in TAKEN_FOR,
)
def departs_elsewhere(dossier: Dossier, lots: Lots) -> None:
    dossier.form["departure"] = TAKEN_FOR[dossier.form["departure"]]


@defect(
    "WRONG_DESTINATION",
    lazy("The aerodrome of destination is not the one at which the route ends."),
    mending=lazy("Let form and route name the same aerodrome."),
    desk=Role.AIR_DEFENCE,
    facts=("route", "destination"),
    codes=("ROUTE_ENDS",),
    cues=2,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    needs=lambda dossier: dossier.form["destination"] in TAKEN_FOR,
)
def arrives_elsewhere(dossier: Dossier, lots: Lots) -> None:
    dossier.form["destination"] = TAKEN_FOR[dossier.form["destination"]]


@defect(
    "SHORTCUT",
    lazy("The route leaves out the bend round a state, and so crosses it undeclared."),
    mending=lazy("Fly the bend, or ask that state as well."),
    desk=Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    codes=("FIR_UNDECLARED", "ROUTE_UNDECLARED"),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("ROUTE",),
    situations=(21, 23),
    needs=lambda dossier: bool(dossier.corridor.shortcut),
)
def route_cuts_a_corner(dossier: Dossier, lots: Lots) -> None:
    dossier.form["route"] = dossier.corridor.shortcut


def leave_out(dossier: Dossier, state: str) -> None:
    """Take the crossing of a state away; the one before goes on to where it ended."""
    at = dossier.crossings.index(dossier.row_of(state))
    gone = dossier.crossings.pop(at)
    dossier.crossings[at - 1] |= {key: gone[key] for key in ("exit_point", "exit_at")}


@defect(
    "STATE_LEFT_OUT",
    lazy("A state that the route crosses is not declared."),
    mending=DECLARED_ANEW,
    desk=Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    codes=("FIR_UNDECLARED", "ROUTE_UNDECLARED"),
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("ROUTE",),
    situations=(21, 22),
)
def state_is_left_out(dossier: Dossier, lots: Lots) -> None:
    leave_out(dossier, "GE")


@defect(
    "STATE_NOT_CROSSED",
    lazy("A state is declared that the route does not cross."),
    mending=DECLARED_ANEW,
    desk=Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    codes=("ROUTE_NOT_CROSSED",),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(31,),
)
def state_is_not_crossed(dossier: Dossier, lots: Lots) -> None:
    at = max(dossier.crossings.index(dossier.row_of(state)) for state in ("AZ", "KZ"))
    if dossier.requesting_state == "KZ":
        at = dossier.crossings.index(dossier.row_of("AZ"))
    after = dossier.crossings[at]
    dossier.crossings.insert(
        at,
        {
            "state": "TM",
            "action": "OVERFLY",
            "entry_point": after["entry_point"],
            "entry_at": after["entry_at"],
            "exit_point": after["entry_point"],
            "exit_at": after["entry_at"] + MINUTE,
            "clearance": "GRANTED",
            "clearance_number": f"EXTM{after['entry_at'].year % 100:02}S{dossier.serial:04}",
        },
    )
    after["entry_at"] += MINUTE


@defect(
    "CROSSINGS_SWAPPED",
    lazy("Two states are declared in the wrong order of flight."),
    mending=DECLARED_ANEW,
    desk=Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    codes=("POINT_NOT_AT_BOUNDARY", "ROUTE_ORDER"),
    cues=2,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(22,),
)
def crossings_are_swapped(dossier: Dossier, lots: Lots) -> None:
    georgia, azerbaijan = dossier.row_of("GE"), dossier.row_of("AZ")
    said = ("state", "clearance_number")
    ours, theirs = ({key: row[key] for key in said} for row in (georgia, azerbaijan))
    georgia.update(theirs)
    azerbaijan.update(ours)


@defect(
    "GAP_BETWEEN_CROSSINGS",
    lazy("One crossing begins where the one before does not end."),
    mending=lazy("Let each crossing begin at the point at which the one before ends."),
    desk=Role.AIR_DEFENCE,
    facts=("crossings.entry_point", "crossings.exit_point"),
    codes=("FORM_INCOMPLETE", "GAP", "POINT_NOT_AT_BOUNDARY"),
    cues=2,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(24,),
)
def crossings_leave_a_gap(dossier: Dossier, lots: Lots) -> None:
    row = dossier.row_of("GE")
    apart = distance_nm(points.find(row["entry_point"]), points.find("LAGAS"))
    row["entry_point"] = "LAGAS"
    row["entry_at"] += round(time_at(apart, dossier.form["cruise_knots"]) / MINUTE) * MINUTE


def _rename(dossier: Dossier, one: str, other: str, point: str) -> str:
    """Let the point between two states be another; return what it was."""
    rows = sorted(map(dossier.crossings.index, map(dossier.row_of, (one, other))))
    before, after = (dossier.crossings[at] for at in rows)
    was: str = after["entry_point"]
    before["exit_point"] = after["entry_point"] = point
    return was


@defect(
    "ENTRY_IS_FIR",
    lazy("A flight information region is named where a point on its boundary is meant."),
    mending=lazy("Name the point on the boundary."),
    desk=Role.CIVIL_AVIATION,
    facts=("crossings.entry_point", "crossings.exit_point"),
    codes=("POINT_IS_FIR", "POINT_NOT_AT_BOUNDARY"),
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(25,),
)
def entry_is_a_region(dossier: Dossier, lots: Lots) -> None:
    _rename(dossier, "GE", "AZ", "UBBA")


@defect(
    "ENTRY_IS_TOWN",
    lazy("A town is named where a point is meant."),
    mending=lazy("Name the point on the boundary."),
    desk=Role.CIVIL_AVIATION,
    facts=("crossings.entry_point", "crossings.exit_point"),
    codes=("POINT_UNKNOWN",),
    cues=3,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(25,),
)
def entry_is_a_town(dossier: Dossier, lots: Lots) -> None:
    _rename(dossier, "AZ", "KZ", "AKTAU")


@defect(
    "POINT_BESIDE_THE_ROUTE",
    lazy("The entry point is on the right boundary, and not on the route."),
    mending=lazy("Name the point at which the route meets the boundary."),
    desk=Role.AIR_DEFENCE,
    facts=("route", "crossings.entry_point", "crossings.exit_point"),
    codes=("POINT_NOT_AT_BOUNDARY", "POINT_OFF_ROUTE"),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(22,),
)
def point_lies_beside_the_route(dossier: Dossier, lots: Lots) -> None:
    between = {"AZ", "KZ"}
    row = next(one for one in dossier.crossings if one["state"] in between)
    _rename(dossier, "AZ", "KZ", BESIDE[row["exit_point"]])


@defect(
    "CROSSINGS_OVERLAP",
    lazy("The host is entered before the state before it is left."),
    mending=lazy("Let the times run on from crossing to crossing."),
    desk=Role.CIVIL_AVIATION,
    facts=("crossings.entry_at", "crossings.exit_at"),
    codes=("FORM_INCOMPLETE", "TIMES_ORDER"),
    cues=2,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
)
def crossings_overlap(dossier: Dossier, lots: Lots) -> None:
    dossier.entry["entry_at"] -= 5 * MINUTE


@defect(
    "ARRIVAL_TOO_EARLY",
    lazy("The flight arrives before its last crossing ends."),
    mending=lazy("Let the times run on to the arrival."),
    desk=Role.CIVIL_AVIATION,
    facts=("arrives_at", "crossings.exit_at"),
    codes=("FORM_INCOMPLETE", "TIMES_ORDER"),
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
)
def arrival_is_too_early(dossier: Dossier, lots: Lots) -> None:
    dossier.form["arrives_at"] -= 15 * MINUTE


@defect(
    "SPEED_FAR_OFF",
    lazy("The times of the crossings do not fit the cruise speed at all."),
    mending=lazy("State the speed at which the times were reckoned."),
    desk=Role.CIVIL_AVIATION,
    facts=("cruise_knots", "crossings.entry_at", "crossings.exit_at"),
    codes=("TIMES_IMPLAUSIBLE",),
    cues=3,
    plausible=1,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
)
def speed_is_far_off(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_knots"] = dossier.form["cruise_knots"] * 6 // 10


@defect(
    "SPEED_OFF",
    lazy("The times of the crossings are those of a speed that is a third higher."),
    mending=lazy("State the speed at which the times were reckoned."),
    desk=Role.CIVIL_AVIATION,
    facts=("cruise_knots", "crossings.entry_at", "crossings.exit_at"),
    codes=("TIMES_IMPLAUSIBLE",),
    cues=1,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
)
def speed_is_off(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_knots"] = dossier.form["cruise_knots"] * 75 // 100


def _is_out_of_range(dossier: Dossier) -> bool:
    kind = reference.aircraft_types()[SHORT_LEGGED[dossier.requesting_state]]
    return (
        drawn(dossier.form["route"]).total_distance_nm > (kind.range_nm or 0) * RANGE_FACTOR
        and dossier.form["passenger_count"] <= (kind.max_passengers or 0)
        and dossier.form["cargo_kg"] <= (kind.max_payload_kg or 0)
    )


@defect(
    "OUT_OF_RANGE",
    lazy("The type of aircraft cannot fly so far without a stop, and none is declared."),
    mending=lazy("Fly with a type of longer range, or declare the stop."),
    desk=Role.AIR_DEFENCE,
    facts=("route", "aircraft_type"),
    codes=("RANGE",),
    cues=1,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    needs=_is_out_of_range,
)
def route_is_out_of_range(dossier: Dossier, lots: Lots) -> None:
    dossier.form["aircraft_type"] = SHORT_LEGGED[dossier.requesting_state]
