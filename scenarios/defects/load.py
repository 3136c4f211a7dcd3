"""Mistakes of the load: dangerous goods, weapons, and who rides with them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from scenarios import needs
from scenarios.book import Decision, defect
from scenarios.loads import FLARES

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

FROM_THE_TABLE = lazy("Declare the line as the table has it, from the shipper's declaration.")
STATED = lazy("State it.")

BACK = {"decision": Decision.SEND_BACK, "also": (Decision.ASK,), "desk": Role.SECURITY}
ASK = {"decision": Decision.ASK, "also": (Decision.SEND_BACK,), "desk": Role.SECURITY}
GRAVE = {
    "decision": Decision.ASK,
    "also": (Decision.REFUSE, Decision.SEND_BACK),
    "grounds": ("CARGO", "SECURITY"),
    "desk": Role.SECURITY,
}

batteries = needs.carrying("UN3480")
fuel = needs.carrying("UN1863")
blanks = needs.carrying("UN0014")
ammunition = needs.carrying("UN0339")


@defect(
    "NO_STATEMENT",
    lazy("Nothing is said about dangerous goods: an empty list is no statement."),
    mending=lazy("State that no dangerous goods are being carried, or list them."),
    facts=("dangerous_goods",),
    codes=("DG_NO_STATEMENT", "FORM_INCOMPLETE"),
    cues=3,
    plausible=1,
    situations=(41,),
    needs=needs.without_goods,
    **BACK,
)
def nothing_is_stated(dossier: Dossier, lots: Lots) -> None:
    dossier.form["dangerous_goods"] = ""


@defect(
    "LIST_EMPTY",
    lazy("A list of dangerous goods is announced, and there is none."),
    mending=lazy("List the goods, one line each."),
    facts=("dangerous_goods", "goods.un_number"),
    codes=("DG_LIST_EMPTY", "FORM_INCOMPLETE"),
    cues=3,
    plausible=1,
    situations=(41,),
    needs=needs.with_goods,
    **BACK,
)
def list_is_empty(dossier: Dossier, lots: Lots) -> None:
    dossier.goods = []


@defect(
    "LISTED_THOUGH_NONE",
    lazy("Goods are listed, and the statement says that there are none."),
    mending=lazy("Let statement and list agree."),
    facts=("dangerous_goods", "goods.un_number"),
    codes=("DG_NONE_BUT_LISTED", "FORM_INCOMPLETE"),
    silences=("DG_DECLARED",),
    cues=2,
    plausible=2,
    needs=needs.with_goods,
    **BACK,
)
def list_contradicts_statement(dossier: Dossier, lots: Lots) -> None:
    dossier.form["dangerous_goods"] = "NONE"


@defect(
    "LOOSE_AS_IN_EQUIPMENT",
    lazy("Loose batteries go under the number of batteries in equipment."),
    mending=FROM_THE_TABLE,
    facts=("goods.un_number", "goods.proper_shipping_name"),
    codes=("DG_NAME_MISMATCH",),
    cues=1,
    plausible=3,
    situations=(43,),
    needs=batteries,
    **BACK,
)
def loose_batteries_go_as_equipment(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["un_number"] = "UN3481"


@defect(
    "DIVISION_TOO_MILD",
    lazy("Ammunition of 1.4C is declared as 1.4S, which rides with passengers."),
    mending=FROM_THE_TABLE,
    facts=("goods.un_number", "goods.hazard_class"),
    codes=("DG_CLASS_MISMATCH",),
    cues=1,
    plausible=3,
    situations=(44,),
    needs=ammunition,
    **BACK,
)
def division_is_too_mild(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["hazard_class"] = "1.4S"


@defect(
    "LETTER_MISSING",
    lazy("Explosives go without the letter of their compatibility group."),
    mending=FROM_THE_TABLE,
    facts=("goods.hazard_class",),
    codes=("DG_COMPATIBILITY_MISSING",),
    cues=1,
    plausible=2,
    needs=needs.explosive,
    **BACK,
)
def letter_is_missing(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["hazard_class"] = dossier.goods[0]["hazard_class"][:3]


@defect(
    "PACKING_GROUP_MISSING",
    lazy("Fuel goes without its packing group."),
    mending=FROM_THE_TABLE,
    facts=("goods.un_number", "goods.packing_group"),
    codes=("DG_PG_MISSING",),
    cues=2,
    plausible=1,
    situations=(46,),
    needs=fuel,
    **BACK,
)
def packing_group_is_missing(dossier: Dossier, lots: Lots) -> None:
    del dossier.goods[0]["packing_group"]


@defect(
    "PACKING_GROUP_OF_EXPLOSIVES",
    lazy("Explosives have a packing group; there is none for them."),
    mending=FROM_THE_TABLE,
    facts=("goods.hazard_class", "goods.packing_group"),
    codes=("DG_PG_NOT_APPLICABLE",),
    cues=1,
    plausible=2,
    needs=needs.explosive,
    **BACK,
)
def explosives_have_a_packing_group(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["packing_group"] = "II"


@defect(
    "NUMBER_OF_ONE_COUNTRY",
    lazy("The number of the goods is one that only the United States use."),
    mending=FROM_THE_TABLE,
    facts=("goods.un_number",),
    codes=("DG_US_NUMBER",),
    cues=1,
    plausible=2,
    needs=fuel,
    **BACK,
)
def number_is_of_one_country(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0] |= {"un_number": "NA1993", "proper_shipping_name": "Diesel fuel"}


@defect(
    "QUANTITY_MISSING",
    lazy("The gross mass of a line is missing."),
    mending=STATED,
    facts=("goods.gross_kg",),
    codes=("DG_QUANTITY_MISSING",),
    cues=3,
    plausible=1,
    situations=(46,),
    needs=needs.with_goods,
    **BACK,
)
def quantity_is_missing(dossier: Dossier, lots: Lots) -> None:
    del dossier.goods[0]["gross_kg"]


@defect(
    "NEQ_MISSING",
    lazy("Explosives go without their net explosive quantity."),
    mending=STATED,
    facts=("goods.un_number", "goods.net_explosive_kg"),
    codes=("DG_NEQ_MISSING",),
    cues=2,
    plausible=1,
    situations=(45,),
    needs=needs.explosive,
    **BACK,
)
def explosive_quantity_is_missing(dossier: Dossier, lots: Lots) -> None:
    del dossier.goods[0]["net_explosive_kg"]


@defect(
    "NEQ_OF_BATTERIES",
    lazy("Goods that are no explosives have a net explosive quantity."),
    mending=FROM_THE_TABLE,
    facts=("goods.hazard_class", "goods.net_explosive_kg"),
    codes=("DG_NEQ_NOT_EXPLOSIVE",),
    cues=2,
    plausible=2,
    needs=batteries,
    **BACK,
)
def batteries_have_an_explosive_quantity(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["net_explosive_kg"] = Decimal(lots.between(1, 9))


@defect(
    "NET_ABOVE_GROSS",
    lazy("The net quantity of a line is above its gross mass."),
    mending=FROM_THE_TABLE,
    facts=("goods.gross_kg", "goods.net_quantity"),
    codes=("DG_MASS_ORDER",),
    cues=1,
    plausible=2,
    needs=needs.carrying("UN3480", "UN0339"),
    **BACK,
)
def net_is_above_gross(dossier: Dossier, lots: Lots) -> None:
    line = dossier.goods[0]
    line["net_quantity"] = line["gross_kg"] + lots.between(2, 9)


@defect(
    "CARGO_BELOW_GOODS",
    lazy("The dangerous goods weigh more than all the cargo together."),
    mending=lazy("Let the mass of the cargo hold that of the goods."),
    facts=("cargo_kg", "goods.gross_kg"),
    codes=("DG_TOTAL_EXCEEDS_CARGO",),
    cues=1,
    plausible=3,
    needs=needs.with_goods,
    **BACK,
)
def cargo_weighs_less_than_the_goods(dossier: Dossier, lots: Lots) -> None:
    total = sum(line["gross_kg"] for line in dossier.goods)
    dossier.form["cargo_kg"] = int(total) - lots.between(10, 60)


@defect(
    "COMPLIANCE_UNSAID",
    lazy("Nobody says whether the goods comply with ICAO/IATA."),
    mending=STATED,
    facts=("goods.compliant",),
    codes=("DG_NOT_COMPLIANT_UNSTATED",),
    cues=3,
    plausible=1,
    situations=(46,),
    needs=needs.with_goods,
    **BACK,
)
def compliance_is_not_stated(dossier: Dossier, lots: Lots) -> None:
    del dossier.goods[0]["compliant"]


@defect(
    "NOT_COMPLIANT",
    lazy("The goods do not comply with ICAO/IATA, and no individual approval is on file."),
    mending=lazy("Pack and declare the goods after ICAO/IATA, or bring the approval."),
    facts=("goods.compliant",),
    codes=("DG_NOT_COMPLIANT",),
    cues=2,
    plausible=2,
    situations=(42,),
    needs=needs.with_goods,
    **GRAVE,
)
def goods_do_not_comply(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["compliant"] = False


@defect(
    "PROJECTILES",
    lazy("Projectiles with a bursting charge: no aircraft under the civil rules carries them."),
    mending=lazy("Leave them out, or bring the individual approval."),
    facts=("goods.un_number",),
    codes=("DG_FORBIDDEN_BY_AIR",),
    cues=2,
    plausible=2,
    situations=(42,),
    needs=ammunition,
    **GRAVE,
)
def projectiles_are_aboard(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0] |= {
        "un_number": "UN0169",
        "proper_shipping_name": "Projectiles, with bursting charge",
        "hazard_class": "1.2D",
    }


@defect(
    "PACKAGE_TOO_BIG",
    lazy("A package of batteries holds more than a cargo aircraft may carry in one."),
    mending=lazy("Use more packages, or bring the individual approval."),
    facts=("goods.packages", "goods.net_quantity"),
    codes=("DG_CARGO_LIMIT",),
    cues=1,
    plausible=3,
    needs=batteries,
    **ASK,
)
def package_is_too_big(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["packages"] = 2


@defect(
    "PACKAGE_TOO_BIG_FOR_PASSENGERS",
    lazy("With passengers aboard a package of blanks holds no more than 25 kg; this is above it."),
    mending=lazy("Use more packages, or send the passengers by another aircraft."),
    facts=("goods.packages", "goods.net_quantity", "passenger_count"),
    codes=("DG_PASSENGER_LIMIT",),
    cues=1,
    plausible=3,
    situations=(20,),
    needs=blanks,
    **ASK,
)
def package_is_too_big_for_passengers(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["packages"] = 4


@defect(
    "AMMUNITION_WITH_TROOPS",
    lazy("Ammunition of 1.4C rides with troops; the civil table forbids it with passengers."),
    mending=lazy("Send the troops by another aircraft, or bring the military exemption."),
    facts=("passenger_count", "goods.un_number"),
    codes=("DG_PASSENGERS",),
    cues=2,
    plausible=3,
    situations=(44,),
    needs=ammunition,
    **GRAVE,
)
def ammunition_rides_with_troops(dossier: Dossier, lots: Lots) -> None:
    count = lots.between(40, 70)
    dossier.form |= {
        "passenger_count": count,
        "passengers": f"{count} soldiers of the range company.",
    }
    dossier.form.pop("attendant_count", None)


@defect(
    "ATTENDANTS_UNSAID",
    lazy("Two persons ride beside ammunition; nobody says whether they attend to it."),
    mending=lazy("Say how many of the passengers attend to the load."),
    facts=("attendant_count", "passenger_count", "goods.un_number"),
    codes=("DG_ATTENDANTS",),
    cues=1,
    plausible=2,
    situations=(44,),
    needs=ammunition,
    **ASK,
)
def attendants_are_not_told(dossier: Dossier, lots: Lots) -> None:
    dossier.form["passengers"] = f"{dossier.form['passenger_count']} soldiers."
    del dossier.form["attendant_count"]


@defect(
    "SMALL_QUANTITY_OF_EXPLOSIVES",
    lazy("Explosives are declared as a limited quantity; they never go as one."),
    mending=FROM_THE_TABLE,
    facts=("goods.small_quantity", "goods.un_number"),
    codes=("DG_SMALL_QUANTITY",),
    cues=1,
    plausible=2,
    needs=needs.explosive,
    **ASK,
)
def explosives_go_as_a_small_quantity(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["small_quantity"] = "LIMITED"


@defect(
    "GOODS_LEAVE_ON_THE_WAY",
    lazy("Goods are said to leave at an aerodrome at which the flight does not stop."),
    mending=lazy("Declare from where to where the goods are aboard, or the landing."),
    facts=("goods.to_point", "route", "crossings.action"),
    codes=("DG_LEG",),
    cues=1,
    plausible=3,
    needs=needs.with_goods,
    **BACK,
)
def goods_leave_on_the_way(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["to_point"] = "UBBB"


RIFLES = {
    "has_personal_weapons": True,
    "personal_weapons": "Twelve rifles, unloaded, in locked boxes in the hold.",
}


@defect(
    "RIFLES_WITHOUT_WORD",
    lazy("Rifles are declared, and nobody says whether there is ammunition."),
    mending=lazy("Declare the ammunition, or that there is none."),
    facts=("has_personal_weapons", "has_ammunition"),
    codes=("FORM_INCOMPLETE", "WEAPONS_AMMUNITION", "WEAPONS_DECLARED"),
    cues=2,
    plausible=2,
    situations=(48,),
    needs=needs.plain,
    **BACK,
)
def rifles_go_without_a_word(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= RIFLES


@defect(
    "AMMUNITION_NOT_LISTED",
    lazy("Ammunition of the rifles is declared, and no line of the goods lists it."),
    mending=lazy("List the ammunition as dangerous goods, or leave it at home."),
    facts=("has_ammunition", "goods.un_number"),
    codes=("WEAPONS_AMMUNITION", "WEAPONS_DECLARED"),
    cues=1,
    plausible=3,
    situations=(48,),
    needs=needs.plain,
    **BACK,
)
def ammunition_is_not_listed(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= RIFLES | {"has_ammunition": True}


@defect(
    "NUMBER_NOT_IN_THE_TABLE",
    lazy("The UN number is none that the table knows; somebody has mistyped it."),
    mending=FROM_THE_TABLE,
    facts=("goods.un_number",),
    codes=("DG_UN_UNKNOWN",),
    cues=1,
    plausible=2,
    needs=needs.with_goods,
    **ASK,
)
def number_is_not_in_the_table(dossier: Dossier, lots: Lots) -> None:
    dossier.goods[0]["un_number"] = f"UN99{lots.between(10, 99)}"


@defect(
    "FLARES_BESIDE_AMMUNITION",
    lazy("Flares of group G lie beside ammunition of group C, and nobody keeps them apart."),
    mending=lazy("Send one of them by another flight."),
    facts=("goods.un_number", "goods.hazard_class"),
    codes=("DG_MIXED_COMPATIBILITY",),
    cues=1,
    plausible=3,
    needs=ammunition,
    **ASK,
)
def flares_lie_beside_ammunition(dossier: Dossier, lots: Lots) -> None:
    dossier.goods.append(dict(FLARES))
