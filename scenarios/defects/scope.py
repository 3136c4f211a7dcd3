"""Mistakes of scope: what is no flight of the kind that the agreement is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from airspace import reference
from airspace.crossings import drawn
from exercises.models import Role
from rules.route import RANGE_FACTOR
from scenarios import needs
from scenarios.book import Decision, defect

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

#: A month in which the agreement was not yet in force.
BEFORE = datetime(2026, 4, 1, tzinfo=UTC)

STATED_ANEW = lazy("Complete the item, and send the form again.")
ANOTHER_INSTRUMENT = lazy("Leave it out, or ask for it under the instrument that covers it.")


@defect(
    "CAPTAIN_MISSING",
    lazy("The captain is not named."),
    mending=STATED_ANEW,
    desk=Role.REGISTRY,
    facts=("captain",),
    codes=("FORM_INCOMPLETE",),
    cues=3,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(2,),
)
def captain_is_missing(dossier: Dossier, lots: Lots) -> None:
    del dossier.form["captain"]


@defect(
    "PRINCIPAL_MISSING",
    lazy("A delegation is announced, but nobody of it is named."),
    mending=STATED_ANEW,
    desk=Role.REGISTRY,
    facts=("principals", "priority"),
    codes=("FORM_INCOMPLETE",),
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(2,),
    needs=needs.with_delegation,
)
def principal_is_missing(dossier: Dossier, lots: Lots) -> None:
    del dossier.form["principals"]


@defect(
    "TOO_MANY_PASSENGERS",
    lazy("There are more passengers than the type of aircraft carries."),
    mending=lazy("Send the rest by another flight, or ask for another aircraft."),
    desk=Role.REGISTRY,
    facts=("passenger_count", "aircraft_type"),
    codes=("FORM_INCOMPLETE",),
    cues=1,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(2,),
    needs=needs.all_of(needs.plain, needs.with_passengers, needs.with_limit),
)
def passengers_are_too_many(dossier: Dossier, lots: Lots) -> None:
    most = reference.aircraft_types()[dossier.form["aircraft_type"]].max_passengers or 0
    count = most + lots.between(3, 12)
    dossier.form |= {
        "passenger_count": count,
        "passengers": f"{count} soldiers of the engineer company.",
    }


@defect(
    "TOO_MUCH_CARGO",
    lazy("There is more cargo than the type of aircraft carries."),
    mending=lazy("Send the rest by another flight, or ask for another aircraft."),
    desk=Role.REGISTRY,
    facts=("cargo_kg", "aircraft_type"),
    codes=("FORM_INCOMPLETE",),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(2,),
    needs=needs.with_limit,
)
def cargo_is_too_much(dossier: Dossier, lots: Lots) -> None:
    most = reference.aircraft_types()[dossier.form["aircraft_type"]].max_payload_kg or 0
    dossier.form["cargo_kg"] = most + lots.between(3, 12) * 100


@defect(
    "BEFORE_THE_AGREEMENT",
    lazy("On the day of the flight the agreement is not yet in force."),
    mending=lazy("Fly later, or ask for the flight on another legal basis."),
    desk=Role.REGISTRY,
    facts=("legal_basis", "crossings.entry_at"),
    codes=("AGREEMENT_NOT_IN_FORCE",),
    cues=1,
    plausible=2,
    decision=Decision.SEND_BACK,
    situations=(9,),
)
def flies_before_the_agreement(dossier: Dossier, lots: Lots) -> None:
    day = BEFORE + timedelta(days=lots.below(25))
    dossier.fly_earlier(dossier.form["departs_at"].date() - day.date())
    dossier.send_in_time()


@defect(
    "ANOTHER_LEGAL_BASIS",
    lazy("The flight is asked for as an ordinary clearance, and no instrument is named."),
    mending=lazy("Name the transit agreement as the legal basis."),
    desk=Role.DEFENCE,
    facts=("legal_basis",),
    codes=("LEGAL_BASIS_OTHER",),
    cues=2,
    plausible=1,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(9,),
)
def legal_basis_is_another(dossier: Dossier, lots: Lots) -> None:
    dossier.form["legal_basis"] = "ORDINARY"


@defect(
    "CHARTERED",
    lazy("The aircraft is a chartered civil one; nobody says what it is used for."),
    mending=lazy("Fly with a military aircraft, or state the use and the contract."),
    desk=Role.DEFENCE,
    facts=("used_as",),
    codes=("AIRCRAFT_USE",),
    cues=2,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(10,),
    needs=lambda dossier: not needs.explosive(dossier),
)
def aircraft_is_chartered(dossier: Dossier, lots: Lots) -> None:
    dossier.form["used_as"] = "CHARTER"


@defect(
    "CHARTERED_WITH_MUNITIONS",
    lazy("A chartered civil aircraft carries explosives, and no exemption is on file."),
    mending=lazy("Fly with a military aircraft, or bring the exemption of the civil authority."),
    desk=Role.DEFENCE,
    facts=("used_as", "goods.un_number", "goods.hazard_class"),
    codes=("AIRCRAFT_USE", "CHARTER_MUNITIONS"),
    cues=3,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.REFUSE, Decision.SEND_BACK),
    grounds=("CARGO", "OUT_OF_SCOPE"),
    situations=(10,),
    needs=needs.explosive,
)
def charter_carries_munitions(dossier: Dossier, lots: Lots) -> None:
    dossier.form["used_as"] = "CHARTER"


def _flies_so_far(dossier: Dossier, designator: str) -> bool:
    """Say whether a type flies the whole way without a stop."""
    most = reference.aircraft_types()[designator].range_nm
    distance = drawn(dossier.form["route"]).total_distance_nm
    return most is None or distance <= most * RANGE_FACTOR


def _sensor_type(dossier: Dossier) -> str:
    return {"TR": "E737", "KZ": "AN30"}[dossier.requesting_state]


def _may_be_a_tanker(dossier: Dossier) -> bool:
    most = reference.aircraft_types()["K35R"].max_passengers or 0
    return (
        needs.of_turkiye(dossier)
        and dossier.form["passenger_count"] <= most
        and _flies_so_far(dossier, "K35R")
    )


@defect(
    "TANKER_AS_TRANSPORT",
    lazy("The aircraft is a tanker; whether it only transports has to be established."),
    mending=lazy("Fly with a transport aircraft."),
    desk=Role.DEFENCE,
    facts=("aircraft_type",),
    codes=("AIRCRAFT_REFER",),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(17,),
    needs=_may_be_a_tanker,
)
def aircraft_is_a_tanker(dossier: Dossier, lots: Lots) -> None:
    dossier.form["aircraft_type"] = "K35R"


@defect(
    "SENSOR_AIRCRAFT_EMPTY",
    lazy("A sensor aircraft is asked for as an empty positioning flight; it keeps its sensors."),
    mending=lazy("Fly with an aircraft that carries no sensors."),
    desk=Role.SECURITY,
    facts=("aircraft_type", "has_sensors"),
    codes=("SENSOR_AIRCRAFT",),
    cues=1,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.AUTHORIZE,),
    situations=(18,),
    needs=lambda dossier: needs.plain(dossier) and _flies_so_far(dossier, _sensor_type(dossier)),
)
def sensor_aircraft_is_empty(dossier: Dossier, lots: Lots) -> None:
    town = reference.aerodromes()[dossier.corridor.destination].city
    dossier.form |= {
        "aircraft_type": _sensor_type(dossier),
        "purpose": f"Positioning flight to {town}, without passengers and load.",
        "passenger_count": 0,
        "cargo": "None.",
        "cargo_kg": 0,
    }
    dossier.form.pop("passengers", None)
    dossier.send_in_time()


@defect(
    "SENSORS_IN_USE",
    lazy("A camera is on board, and the statement says that it is used on the way."),
    mending=lazy("Take the camera out, or seal it and say so."),
    desk=Role.SECURITY,
    facts=("has_sensors", "equipment"),
    codes=("SENSORS_DECLARED",),
    cues=3,
    plausible=2,
    decision=Decision.REFUSE,
    also=(Decision.ASK,),
    grounds=("SECURITY", "OUT_OF_SCOPE", "BREACH"),
    situations=(18,),
    needs=needs.in_working_days,
)
def sensors_are_in_use(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {
        "has_sensors": True,
        "equipment": "Vertical camera in the hold, taking pictures of the route for its maps.",
    }
    dossier.send_in_time()


@defect(
    "JAMMER_ON",
    lazy("Electronic warfare equipment is declared, and not that it is off."),
    mending=lazy("Switch it off, and say so."),
    desk=Role.SECURITY,
    facts=("has_electronic_warfare", "equipment"),
    codes=("EW_DECLARED",),
    cues=2,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.REFUSE,),
    grounds=("SECURITY",),
    situations=(49,),
    needs=needs.in_working_days,
)
def jammer_is_on(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {
        "has_electronic_warfare": True,
        "equipment": "Self-protection suite with jammer, on stand-by and ready for use.",
    }
    dossier.send_in_time()


@defect(
    "ARMED",
    lazy("The aircraft is armed, and the host's policy is to refuse that."),
    mending=lazy("Fly unarmed."),
    desk=Role.DEFENCE,
    facts=("has_armament",),
    codes=("ARMAMENT_REFUSED",),
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.ASK,),
    grounds=("SECURITY", "OUT_OF_SCOPE", "BREACH"),
    needs=needs.all_of(needs.of_kazakhstan, needs.armable),
)
def aircraft_is_armed(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {"has_armament": True, "equipment": "Two machine guns at the doors."}
    dossier.send_in_time()


@defect(
    "FIGHTER_ESCORT",
    lazy("Fighters go along; they are outside a regime for transport aircraft."),
    mending=ANOTHER_INSTRUMENT,
    desk=Role.DEFENCE,
    facts=("escort",),
    codes=("ESCORT_COMBAT",),
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.ASK, Decision.SEND_BACK),
    grounds=("OUT_OF_SCOPE", "SECURITY"),
    situations=(16,),
    needs=needs.of_kazakhstan,
)
def fighters_go_along(dossier: Dossier, lots: Lots) -> None:
    dossier.form["escort"] = "SU27 SU27"


@defect(
    "FIGHTER_ON_FERRY",
    lazy("A fighter is asked for as if it were a transport aircraft."),
    mending=lazy("Ask for it under the instrument that covers it."),
    desk=Role.DEFENCE,
    facts=("aircraft_type",),
    codes=("AIRCRAFT_REGIME",),
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.SEND_BACK,),
    grounds=("OUT_OF_SCOPE",),
    situations=(16,),
    needs=needs.all_of(needs.of_kazakhstan, needs.plain),
)
def fighter_is_ferried(dossier: Dossier, lots: Lots) -> None:
    town = reference.aerodromes()[dossier.corridor.destination].city
    dossier.form |= {
        "aircraft_type": "SU27",
        "purpose": f"Ferry flight to the workshop in {town}, without passengers and load.",
        "crew_count": 1,
        "passenger_count": 0,
        "cargo": "None.",
        "cargo_kg": 0,
    }
    dossier.form.pop("passengers", None)


@defect(
    "FORMATION_UNEXPLAINED",
    lazy("Two aircraft are on one request, and one tail: nobody says how they fly."),
    mending=lazy("Ask for one aircraft, or describe the formation and its tails."),
    desk=Role.AIR_DEFENCE,
    facts=("aircraft_count",),
    codes=("FORMATION",),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
)
def formation_is_not_explained(dossier: Dossier, lots: Lots) -> None:
    dossier.form["aircraft_count"] = 2


@defect(
    "DELEGATION_WITH_AMMUNITION",
    lazy("The purpose is an official delegation, the load is ammunition."),
    mending=lazy("Name the category that fits the load."),
    desk=Role.DEFENCE,
    facts=("category", "goods.un_number"),
    codes=("CATEGORY_LOAD",),
    cues=2,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.REFUSE, Decision.SEND_BACK),
    grounds=("CARGO", "BREACH"),
    situations=(8,),
    needs=needs.explosive,
)
def delegation_carries_ammunition(dossier: Dossier, lots: Lots) -> None:
    town = reference.aerodromes()[dossier.corridor.destination].city
    dossier.form |= {
        "category": "OFFICIAL_DELEGATION",
        "purpose": f"Visit of a delegation of the Ministry of Defence to {town}.",
    }


@defect(
    "MEDEVAC_WITH_AMMUNITION",
    lazy("A medical evacuation carries ammunition; the track of hours is not for that."),
    mending=lazy("Ask for the track that the load needs."),
    desk=Role.DEFENCE,
    facts=("priority", "goods.un_number"),
    codes=("CATEGORY_LOAD", "URGENT"),
    cues=2,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.REFUSE, Decision.SEND_BACK),
    grounds=("CARGO", "BREACH"),
    situations=(8, 19),
    needs=needs.all_of(needs.explosive, needs.armable),
)
def medevac_carries_ammunition(dossier: Dossier, lots: Lots) -> None:
    dossier.form["priority"] = "MEDEVAC"


@defect(
    "CATEGORY_UNNAMED",
    lazy("The purpose is put into none of the agreement's categories, without a reason."),
    mending=lazy("Name the category, or say why there is none."),
    desk=Role.DEFENCE,
    facts=("category",),
    codes=("CATEGORY_OTHER",),
    cues=3,
    plausible=1,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    needs=needs.plain,
)
def category_is_not_named(dossier: Dossier, lots: Lots) -> None:
    dossier.form["category"] = "OTHER"


@defect(
    "URGENT_WITHOUT_NEED",
    lazy("Urgent humanitarian relief is claimed for a flight of another purpose."),
    mending=lazy("Ask for the flight on the standard track."),
    desk=Role.DEFENCE,
    facts=("category", "priority"),
    codes=("CATEGORY_PRIORITY", "URGENT"),
    cues=2,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK, Decision.REFUSE),
    grounds=("BREACH", "NOTICE"),
    situations=(19,),
    needs=needs.all_of(needs.plain, needs.armable),
)
def urgency_has_no_need(dossier: Dossier, lots: Lots) -> None:
    dossier.form["priority"] = "HUM"


def _stop(dossier: Dossier, minutes: int) -> None:
    """Let the flight stop in the host for so long; what comes after comes later."""
    stay = timedelta(minutes=minutes)
    entry = dossier.entry
    at = dossier.crossings.index(entry)
    entry |= {"action": "LAND", "ground_minutes": minutes, "exit_at": entry["exit_at"] + stay}
    for row in dossier.crossings[at + 1 :]:
        row["entry_at"] += stay
        row["exit_at"] += stay
    dossier.form["arrives_at"] += stay


@defect(
    "STOP_OF_DAYS",
    lazy("The aircraft stays in the host state for three days: that is no transit."),
    mending=lazy("Fly without a stop, or ask for the stay under another instrument."),
    desk=Role.DEFENCE,
    facts=("crossings.action", "crossings.ground_minutes"),
    codes=("GROUND_TIME", "LANDING"),
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.SEND_BACK, Decision.ASK),
    grounds=("OUT_OF_SCOPE",),
    situations=(13,),
    needs=needs.overflies_host,
)
def stop_takes_days(dossier: Dossier, lots: Lots) -> None:
    _stop(dossier, 3 * 24 * 60)


@defect(
    "STOP_A_LITTLE_LONG",
    lazy("The technical stop is longer than a technical stop may be, by less than an hour."),
    mending=lazy("Shorten the stop, or fly without one."),
    desk=Role.DEFENCE,
    facts=("crossings.action", "crossings.ground_minutes"),
    codes=("GROUND_TIME", "LANDING"),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("OUT_OF_SCOPE",),
    situations=(13, 14),
    needs=needs.overflies_host,
)
def stop_is_a_little_long(dossier: Dossier, lots: Lots) -> None:
    _stop(dossier, lots.between(125, 170))


@defect(
    "STOP_WITHOUT_TIME",
    lazy("A landing on the way does not say how long the aircraft stays."),
    mending=lazy("Say how long the stop takes, or fly without one."),
    desk=Role.DEFENCE,
    facts=("crossings.action", "crossings.ground_minutes"),
    codes=("GROUND_TIME_MISSING", "LANDING"),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(14,),
    needs=needs.overflies_host,
)
def stop_has_no_time(dossier: Dossier, lots: Lots) -> None:
    dossier.entry["action"] = "LAND"


@defect(
    "STORES_LEFT",
    lazy("Stores stay in the host state: overflight is no deployment."),
    mending=ANOTHER_INSTRUMENT,
    desk=Role.DEFENCE,
    facts=("leaves_behind",),
    codes=("LEAVES_BEHIND",),
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.SEND_BACK,),
    grounds=("OUT_OF_SCOPE",),
    situations=(13,),
    needs=needs.of_no_exercise,
)
def stores_are_left(dossier: Dossier, lots: Lots) -> None:
    dossier.form["leaves_behind"] = "STORES"
    dossier.form["property_list"] = "2; generator; EX4411 EX4412"


@defect(
    "HOLDING_DECLARED",
    lazy("The flight holds on its way: that is more than transit."),
    mending=lazy("Fly directly."),
    desk=Role.AIR_DEFENCE,
    facts=("activity",),
    codes=("ACTIVITY_EN_ROUTE",),
    cues=3,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("OUT_OF_SCOPE",),
    situations=(17,),
    needs=needs.of_kazakhstan,
)
def flight_holds(dossier: Dossier, lots: Lots) -> None:
    dossier.form["activity"] = "HOLDING"


@defect(
    "LOW",
    lazy("The flight is far below the lowest level of the corridor."),
    mending=lazy("Fly at cruise level."),
    desk=Role.AIR_DEFENCE,
    facts=("cruise_level",),
    codes=("LEVEL_LOW",),
    cues=3,
    plausible=1,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    needs=needs.of_kazakhstan,
)
def flight_is_low(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_level"] = "F090"


@defect(
    "A_LITTLE_LOW",
    lazy("The flight is just below the lowest level of the corridor."),
    mending=lazy("Fly at cruise level."),
    desk=Role.AIR_DEFENCE,
    facts=("cruise_level",),
    codes=("LEVEL_LOW",),
    cues=1,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    needs=needs.of_kazakhstan,
)
def flight_is_a_little_low(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_level"] = "F190"


#: An aerodrome without customs and border control that lies near one with them.
WITHOUT_CUSTOMS = {"LTAC": "LTAE", "LTAF": "LTAG", "UAAA": "UAAT"}


@defect(
    "NO_CUSTOMS",
    lazy("The flight lands in the host at an aerodrome without customs and border control."),
    mending=lazy("Land at an aerodrome with customs and border control first."),
    desk=Role.CIVIL_AVIATION,
    facts=("destination", "crossings.exit_point"),
    codes=("CUSTOMS_AERODROME",),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(14,),
    needs=lambda dossier: dossier.form["destination"] in WITHOUT_CUSTOMS,
)
def destination_has_no_customs(dossier: Dossier, lots: Lots) -> None:
    *way, destination = dossier.form["route"].split()
    dossier.form["destination"] = WITHOUT_CUSTOMS[destination]
    dossier.cross(" ".join((*way, WITHOUT_CUSTOMS[destination])))


@defect(
    "ALTERNATE_WHERE_NOBODY_ASKED",
    lazy("An alternate lies in a state that is not declared."),
    mending=lazy("Name an alternate in a state that is asked, or ask that state as well."),
    desk=Role.CIVIL_AVIATION,
    facts=("alternates", "crossings.state"),
    codes=("ALTERNATE_UNDECLARED",),
    cues=2,
    plausible=1,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(15,),
)
def alternate_lies_where_nobody_asked(dossier: Dossier, lots: Lots) -> None:
    dossier.form["alternates"] = lots.one_of(("UTAK", "UTAA"))
