"""Mistakes that no rule finds: what words say, and whether it fits the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as lazy

from airspace import reference
from exercises.models import Role
from scenarios import needs
from scenarios.book import Decision, defect

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

ASK: dict[str, Any] = {"decision": Decision.ASK, "also": (Decision.SEND_BACK,)}
GRAVE: dict[str, Any] = {
    "decision": Decision.ASK,
    "also": (Decision.REFUSE, Decision.SEND_BACK),
}

SAID_ALIKE = lazy("Let the items say the same.")


@defect(
    "PURPOSE_AND_LOAD",
    lazy("The purpose speaks of something else than what is loaded."),
    mending=SAID_ALIKE,
    desk=Role.SECURITY,
    facts=("purpose", "cargo"),
    cues=2,
    plausible=2,
    situations=(8,),
    needs=needs.without_goods,
    **GRAVE,
    grounds=("CARGO",),
)
def purpose_contradicts_the_load(dossier: Dossier, lots: Lots) -> None:
    other = ("Tracks and wheels of armoured vehicles.", "Two radar masts and their control cabin.")
    dossier.form["cargo"] = lots.one_of(other)


@defect(
    "CAPTAIN_NAMED_TWICE",
    lazy("The captain is also the contact who is reached day and night, on the ground."),
    mending=lazy("Name a contact who does not fly."),
    desk=Role.REGISTRY,
    facts=("captain", "contact_name"),
    cues=1,
    plausible=3,
    **ASK,
)
def captain_is_named_twice(dossier: Dossier, lots: Lots) -> None:
    dossier.form["contact_name"] = dossier.form["captain"]


@defect(
    "WRONG_MINISTRY",
    lazy("The note is addressed to a ministry that is not the channel between the states."),
    mending=lazy("Address the note to the Ministry of Foreign Affairs."),
    desk=Role.REGISTRY,
    facts=("remarks",),
    cues=2,
    plausible=1,
    situations=(1, 11),
    decision=Decision.SEND_BACK,
)
def note_goes_to_the_wrong_ministry(dossier: Dossier, lots: Lots) -> None:
    ministry = lots.one_of(("Internal Affairs", "Transport", "Finance"))
    dossier.form["remarks"] = dossier.form["remarks"].replace("Foreign Affairs", ministry)


@defect(
    "PASSENGERS_IN_WORDS",
    lazy("The passengers in words are another number than those in figures."),
    mending=SAID_ALIKE,
    desk=Role.SECURITY,
    facts=("passengers", "passenger_count"),
    cues=2,
    plausible=1,
    situations=(38,),
    needs=needs.with_passengers,
    **ASK,
)
def passengers_are_another_number(dossier: Dossier, lots: Lots) -> None:
    count = dossier.form["passenger_count"]
    said = str(count + lots.between(3, 9))
    dossier.form["passengers"] = dossier.form["passengers"].replace(str(count), said, 1)


@defect(
    "CARGO_IN_WORDS",
    lazy("The cargo in words weighs more than the mass that is stated."),
    mending=SAID_ALIKE,
    desk=Role.SECURITY,
    facts=("cargo", "cargo_kg"),
    cues=2,
    plausible=1,
    **ASK,
)
def cargo_weighs_another_mass(dossier: Dossier, lots: Lots) -> None:
    tonnes = dossier.form["cargo_kg"] // 1000 + lots.between(3, 6)
    dossier.form["cargo"] += f" In all {tonnes} t."


@defect(
    "OPERATOR_OF_ANOTHER_STATE",
    lazy("The operator is one of another state than the one that asks."),
    mending=lazy("Name the operator of the requesting state, or let the other state ask."),
    desk=Role.DEFENCE,
    facts=("operator", "registration"),
    cues=3,
    plausible=1,
    situations=(11,),
    **GRAVE,
    grounds=("OUT_OF_SCOPE",),
)
def operator_is_of_another_state(dossier: Dossier, lots: Lots) -> None:
    state = lots.one_of(("Hungary", "Pakistan", "Uzbekistan"))
    dossier.form["operator"] = f"Air Force of {state}"


@defect(
    "SOMEBODY_STAYS",
    lazy("The remarks tell of persons who stay; the form says that nobody does."),
    mending=lazy("Let everybody go on, or ask for the stay under another instrument."),
    desk=Role.DEFENCE,
    facts=("remarks", "leaves_behind"),
    cues=1,
    plausible=3,
    situations=(13,),
    **GRAVE,
    grounds=("OUT_OF_SCOPE",),
)
def somebody_stays(dossier: Dossier, lots: Lots) -> None:
    host = {"KZ": "Aktau", "TR": "Trabzon"}[dossier.host]
    weeks = lots.one_of(("two weeks", "a month", "ten days"))
    dossier.form["remarks"] += f" Four technicians are set down at {host} and stay for {weeks}."


@defect(
    "WORDS_OF_ANOTHER_ACTIVITY",
    lazy("The remarks tell of an orbit that the form does not declare."),
    mending=lazy("Fly directly, and strike the words."),
    desk=Role.DEFENCE,
    facts=("remarks", "activity"),
    cues=2,
    plausible=3,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK,),
    situations=(17,),
)
def words_tell_of_an_orbit(dossier: Dossier, lots: Lots) -> None:
    dossier.form["remarks"] += " One orbit south of Aktau, if the weather allows."


@defect(
    "PICTURES_IN_REMARKS",
    lazy("The remarks tell of pictures taken from the air; the form declares no camera."),
    mending=lazy("Take no pictures, or declare the camera."),
    desk=Role.SECURITY,
    facts=("remarks", "has_sensors"),
    cues=1,
    plausible=3,
    situations=(18,),
    **GRAVE,
    grounds=("SECURITY",),
)
def pictures_are_taken(dossier: Dossier, lots: Lots) -> None:
    dossier.form["remarks"] += " A press officer takes aerial pictures of the coast."


@defect(
    "GOODS_IN_WORDS",
    lazy("The cargo in words holds dangerous goods; the statement says that there are none."),
    mending=lazy("List the goods, or leave them out."),
    desk=Role.SECURITY,
    facts=("cargo", "dangerous_goods"),
    cues=2,
    plausible=3,
    situations=(41, 43, 46),
    needs=needs.without_goods,
    **GRAVE,
    grounds=("CARGO",),
)
def goods_stand_in_words(dossier: Dossier, lots: Lots) -> None:
    goods = (
        " Ten jerricans of petrol for the generators.",
        " A pallet of spare lithium batteries.",
        " Four oxygen cylinders, filled.",
    )
    dossier.form["cargo"] += lots.one_of(goods)


@defect(
    "ANOTHER_TOWN",
    lazy("The purpose names another town than the one to which the flight goes."),
    mending=SAID_ALIKE,
    desk=Role.DEFENCE,
    facts=("purpose", "destination"),
    cues=2,
    plausible=2,
    needs=lambda dossier: _town(dossier) in dossier.form["purpose"],
    **ASK,
)
def purpose_names_another_town(dossier: Dossier, lots: Lots) -> None:
    town = lots.one_of(("Kabul", "Ashgabat", "Bishkek"))
    dossier.form["purpose"] = dossier.form["purpose"].replace(_town(dossier), town)


@defect(
    "DRONE_IN_WORDS",
    lazy("A drone is aboard as cargo, without serial number, end-user or category that fits."),
    mending=lazy("Name serial number and end-user, and the category that fits, or leave it out."),
    desk=Role.SECURITY,
    facts=("cargo", "category"),
    cues=2,
    plausible=2,
    needs=lambda dossier: dossier.form["category"] in ("HUMANITARIAN", "DIPLOMATIC_CARGO"),
    **GRAVE,
    grounds=("CARGO", "SECURITY"),
)
def drone_stands_in_words(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cargo"] += " One unmanned aircraft, taken apart, with its control station."


@defect(
    "CONTACT_BY_DAY",
    lazy("The contact is reached in office hours only; it has to be day and night."),
    mending=lazy("Name a contact who is reached day and night."),
    desk=Role.CIVIL_AVIATION,
    facts=("remarks", "contact_phone"),
    cues=2,
    plausible=1,
    **ASK,
)
def contact_is_reached_by_day(dossier: Dossier, lots: Lots) -> None:
    dossier.form["remarks"] += " The contact answers on weekdays from nine to five."


@defect(
    "SPARE_OF_ANOTHER_TYPE",
    lazy("The spare aircraft is of another type than the one that is asked for."),
    mending=lazy("List a spare of the same type, or ask for the other one."),
    desk=Role.AIR_DEFENCE,
    facts=("remarks", "aircraft_type", "spare_registration"),
    cues=1,
    plausible=2,
    situations=(35,),
    **ASK,
)
def spare_is_of_another_type(dossier: Dossier, lots: Lots) -> None:
    others = [kind for kind in ("A400", "C295", "CN35") if kind != dossier.form["aircraft_type"]]
    dossier.form["remarks"] += f" The spare aircraft is a {lots.one_of(others)}."


@defect(
    "TIMES_IN_LOCAL",
    lazy("The remarks say that the times are local; the form is in UTC."),
    mending=lazy("State every time in UTC."),
    desk=Role.CIVIL_AVIATION,
    facts=("remarks", "departs_at", "crossings.entry_at"),
    cues=1,
    plausible=3,
    **ASK,
)
def times_are_local(dossier: Dossier, lots: Lots) -> None:
    dossier.form["remarks"] += " All times are local times of the aerodrome of departure."


def _town(dossier: Dossier) -> str:
    return str(reference.aerodromes()[dossier.form["destination"]].city)


@defect(
    "CLEARANCE_OF_ANOTHER_STATE",
    lazy("Two states on the way stand with one clearance number; it names one of them."),
    mending=lazy("Give the number that each state gave."),
    desk=Role.DEFENCE,
    facts=("crossings.clearance_number", "crossings.state"),
    cues=2,
    plausible=2,
    situations=(26,),
    **ASK,
)
def clearance_is_of_another_state(dossier: Dossier, lots: Lots) -> None:
    one, other = lots.shuffled(("GE", "AZ"))
    dossier.row_of(one)["clearance_number"] = dossier.row_of(other)["clearance_number"]


@defect(
    "CLEARANCE_OF_LAST_YEAR",
    lazy("The clearance of a state on the way has a number of last year."),
    mending=lazy("Bring that state's clearance of this flight."),
    desk=Role.DEFENCE,
    facts=("crossings.clearance_number",),
    cues=1,
    plausible=3,
    situations=(26,),
    **ASK,
)
def clearance_is_of_last_year(dossier: Dossier, lots: Lots) -> None:
    row = dossier.row_of(lots.one_of(("GE", "AZ")))
    year = row["entry_at"].year % 100
    row["clearance_number"] = row["clearance_number"].replace(f"{year}S", f"{year - 1}S", 1)


@defect(
    "CLEARANCE_FOR_THE_YEAR",
    lazy("A state on the way stands with the number of an annual clearance, not of this flight."),
    mending=lazy("Bring that state's clearance of this flight."),
    desk=Role.DEFENCE,
    facts=("crossings.clearance_number",),
    cues=2,
    plausible=2,
    situations=(7, 26),
    **ASK,
)
def clearance_is_for_the_year(dossier: Dossier, lots: Lots) -> None:
    row = dossier.row_of("AZ")
    year = row["entry_at"].year % 100
    row["clearance_number"] = row["clearance_number"].replace(f"{year}S", f"{year}A", 1)
