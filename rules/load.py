"""The load: dangerous goods, weapons, and who rides with them.

What is wrong with a list of dangerous goods is said in `rules.declaration`; each of its codes is a
rule here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import reference
from exercises.models import Role
from rules import declaration
from rules.book import Hit, rule
from transit.models import Action
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.book import Look, Matter

#: What a limit of the table is held against: the net quantity of one package, or its gross mass.
LIMIT = (
    "goods.un_number",
    "goods.packing_group",
    "goods.packages",
    "goods.gross_kg",
    "goods.net_quantity",
    "goods.net_unit",
)

#: The clauses that say how goods are declared, each in its part.
STATEMENT = "SOP 3.3 An empty list is no statement"
TABLE = "SOP 3.4 Names and classes from the table"
EXPLOSIVES = "SOP 3.5 Explosives"
PASSENGERS = "SOP 3.6 Passengers and dangerous goods"
APPROVAL = "SOP 3.7 Individual approval"
QUANTITIES = "SOP 3.11 Quantities and masses"

#: Of each code of the list: what it says, in one plain sentence, its clause, the facts in which it
#: shows, and the situations that it answers.
SAYS = {
    "DG_NO_STATEMENT": (
        lazy("An empty list is no statement: none, or a list."),
        STATEMENT,
        ("dangerous_goods",),
        (41,),
    ),
    "DG_LIST_EMPTY": (
        lazy("A list that is announced has lines."),
        STATEMENT,
        ("dangerous_goods", "goods.un_number"),
        (41,),
    ),
    "DG_NONE_BUT_LISTED": (
        lazy("Where there are none, none are listed."),
        STATEMENT,
        ("dangerous_goods", "goods.un_number"),
        (),
    ),
    "DG_UN_FORM": (lazy("A UN number is UN and four digits."), TABLE, ("goods.un_number",), ()),
    "DG_UN_UNKNOWN": (
        lazy("A UN number that the table lacks is looked up in the ICAO Technical Instructions."),
        TABLE,
        ("goods.un_number",),
        (),
    ),
    "DG_US_NUMBER": (
        lazy("A number of the United States alone is not used abroad."),
        TABLE,
        ("goods.un_number",),
        (),
    ),
    "DG_NAME_MISMATCH": (
        lazy("The proper shipping name is that of the UN number."),
        TABLE,
        ("goods.un_number", "goods.proper_shipping_name"),
        (43,),
    ),
    "DG_TECHNICAL_NAME": (
        lazy("Where the table asks for it, the technical name is added."),
        TABLE,
        ("goods.un_number", "goods.proper_shipping_name"),
        (),
    ),
    "DG_CLASS_MISMATCH": (
        lazy("Class and division are those of the UN number."),
        TABLE,
        ("goods.un_number", "goods.hazard_class"),
        (),
    ),
    "DG_COMPATIBILITY_MISSING": (
        lazy("Explosives carry their compatibility letter."),
        EXPLOSIVES,
        ("goods.hazard_class",),
        (),
    ),
    "DG_PG_MISSING": (
        lazy("The packing group is given where the table has one."),
        TABLE,
        ("goods.un_number", "goods.packing_group"),
        (46,),
    ),
    "DG_PG_NOT_APPLICABLE": (
        lazy("Where the table has no packing group, none is given."),
        EXPLOSIVES,
        ("goods.un_number", "goods.hazard_class", "goods.packing_group"),
        (),
    ),
    "DG_PG_MISMATCH": (
        lazy("The packing group is one that the table has."),
        TABLE,
        ("goods.un_number", "goods.packing_group"),
        (),
    ),
    "DG_QUANTITY_MISSING": (
        lazy("Each line has its quantities."),
        QUANTITIES,
        ("goods.packages", "goods.gross_kg", "goods.net_quantity", "goods.net_unit"),
        (46,),
    ),
    "DG_NEQ_MISSING": (
        lazy("Explosives have a net explosive quantity above zero."),
        EXPLOSIVES,
        ("goods.un_number", "goods.hazard_class", "goods.net_explosive_kg"),
        (45,),
    ),
    "DG_NEQ_NOT_EXPLOSIVE": (
        lazy("Only explosives have a net explosive quantity."),
        EXPLOSIVES,
        ("goods.un_number", "goods.hazard_class", "goods.net_explosive_kg"),
        (),
    ),
    "DG_MASS_ORDER": (
        lazy("Gross mass is no less than net, net no less than explosive."),
        QUANTITIES,
        ("goods.gross_kg", "goods.net_quantity", "goods.net_unit", "goods.net_explosive_kg"),
        (),
    ),
    "DG_TOTAL_EXCEEDS_CARGO": (
        lazy("The goods weigh no more than the cargo."),
        QUANTITIES,
        ("cargo_kg", "goods.gross_kg"),
        (),
    ),
    "DG_NOT_COMPLIANT_UNSTATED": (
        lazy("It is said whether goods comply with ICAO/IATA."),
        APPROVAL,
        ("goods.compliant",),
        (46,),
    ),
    "DG_NOT_COMPLIANT": (
        lazy("Goods that do not comply need an individual approval."),
        APPROVAL,
        ("goods.compliant",),
        (42,),
    ),
    "DG_TRANSPORT_FORBIDDEN": (
        lazy("Some goods are not transported at all."),
        APPROVAL,
        ("goods.proper_shipping_name",),
        (),
    ),
    "DG_FORBIDDEN_BY_AIR": (
        lazy("What no civil aircraft carries needs military rules and an individual approval."),
        APPROVAL,
        ("goods.un_number",),
        (42,),
    ),
    "DG_CARGO_LIMIT": (
        lazy("A package holds no more than the limit of a cargo aircraft."),
        APPROVAL,
        LIMIT,
        (),
    ),
    "DG_ATTENDANTS": (
        lazy("Beside such goods it is said how many of the passengers attend to the load."),
        PASSENGERS,
        ("attendant_count", "passenger_count", "goods.un_number"),
        (44,),
    ),
    "DG_PASSENGERS": (
        lazy("What is forbidden on passenger aircraft does not ride with passengers."),
        PASSENGERS,
        ("passenger_count", "attendant_count", "goods.un_number"),
        (44,),
    ),
    "DG_PASSENGER_LIMIT": (
        lazy("With passengers a package holds no more than their aircraft's limit."),
        PASSENGERS,
        ("passenger_count", "attendant_count", *LIMIT),
        (20,),
    ),
    "DG_MIXED_COMPATIBILITY": (
        lazy("Explosives of different groups are kept apart."),
        EXPLOSIVES,
        ("goods.un_number", "goods.hazard_class", "goods.from_point", "goods.to_point"),
        (),
    ),
    "DG_LITHIUM_APART": (
        lazy("Loose lithium batteries are kept apart from explosives but 1.4S, and what burns."),
        EXPLOSIVES,
        ("goods.un_number", "goods.hazard_class", "goods.from_point", "goods.to_point"),
        (),
    ),
    "DG_LIMIT_ELSEWHERE": (
        lazy("For some goods the limits stand in other sections."),
        APPROVAL,
        ("goods.un_number",),
        (),
    ),
    "DG_SMALL_QUANTITY": (
        lazy("What goes in limited or excepted quantity keeps to the limits of its packages."),
        QUANTITIES,
        ("goods.small_quantity", *LIMIT),
        (),
    ),
}

#: UN numbers of cartridges for small arms, blank or not (49 CFR 172.101).
SMALL_ARMS_AMMUNITION = frozenset({"UN0012", "UN0014", "UN0327", "UN0338", "UN0339", "UN0417"})


def _of_list(code: str) -> Look:
    """Return the look of the rule for one code of the list."""

    def look(matter: Matter) -> Iterator[Hit]:
        for fault in matter.faults_of_goods:
            if fault.code == code:
                yield Hit(fault.sentence, about=str(fault.line or ""))

    return look


for _code, _kind in declaration.KINDS.items():
    _says, _clause, _facts, _situations = SAYS[_code]
    rule(
        _code,
        _kind.severity,
        Role.SECURITY,
        facts=_facts,
        says=_says,
        clause=_clause,
        source=_kind.source,
        situations=_situations,
        since=_kind.since,
    )(_of_list(_code))

#: Rule set 1 took the table for the list of the whole world.
rule(
    "DG_UN_UNKNOWN",
    Severity.BLOCK,
    Role.SECURITY,
    facts=("goods.un_number",),
    says=lazy("A UN number is in the table."),
    clause=TABLE,
    source=declaration.CFR,
    until=2,
)(_of_list("DG_UN_UNKNOWN"))


@rule(
    "DG_DECLARED",
    Severity.NOTIFY,
    Role.SECURITY,
    facts=("dangerous_goods", "goods.un_number"),
    says=lazy("Dangerous goods open the long track; they fly as declared."),
    clause="SOP 3.1 Dangerous goods",
    source="Azerbaijan, mfa.gov.az/content/145; EU form items 41 to 48",
    situations=(8, 20, 42),
)
def goods_are_declared(matter: Matter) -> Iterator[Hit]:
    if matter.revision.announces_goods:
        numbers = ", ".join(dict.fromkeys(row.un_number for row in matter.goods))
        yield Hit(_("On board: %(numbers)s.") % {"numbers": numbers or "—"})


@rule(
    "DG_LEG",
    Severity.BLOCK,
    Role.SECURITY,
    facts=(
        "goods.from_point",
        "goods.to_point",
        "route",
        "departure",
        "destination",
        "crossings.state",
        "crossings.action",
    ),
    says=lazy("Goods come aboard and leave where the flight departs, lands or ends."),
    clause="SOP 3.1 Dangerous goods",
    source=declaration.FORM,
)
def goods_are_on_no_leg(matter: Matter) -> Iterator[Hit]:
    revision, known = matter.revision, reference.aerodromes()
    lands_in = {row.state for row in matter.crossings if row.action == Action.LAND}
    stops = {it for it in revision.route.split() if it in known and known[it].state in lands_in}
    stops |= {"", revision.departure, revision.destination}
    for line in matter.lines:
        if elsewhere := [icao for icao in (line.from_point, line.to_point) if icao not in stops]:
            yield Hit(
                _("Line %(number)d (%(un)s): the flight does not stop at %(aerodromes)s.")
                % {
                    "number": line.number,
                    "un": line.un_number,
                    "aerodromes": ", ".join(elsewhere),
                },
                about=str(line.number),
            )


@rule(
    "WEAPONS_DECLARED",
    Severity.QUERY,
    Role.SECURITY,
    facts=("has_personal_weapons", "personal_weapons"),
    says=lazy("Personal weapons are unloaded and packed apart from their ammunition."),
    clause="SOP 3.2 Personal weapons",
    source="Kazakhstan, AIP GEN 1.3 (rules for passengers)",
    situations=(48,),
)
def weapons_are_declared(matter: Matter) -> Iterator[Hit]:
    if matter.revision.has_personal_weapons:
        yield Hit(_("Personal weapons: “%(said)s”") % {"said": matter.revision.personal_weapons})


@rule(
    "WEAPONS_AMMUNITION",
    Severity.BLOCK,
    Role.SECURITY,
    facts=("has_personal_weapons", "has_ammunition", "goods.un_number"),
    says=lazy("Ammunition of personal weapons is declared with them, as a line of the goods."),
    clause="SOP 3.2 Personal weapons",
    source="Kazakhstan, AIP GEN 1.3 (rules for passengers)",
    situations=(48,),
)
def ammunition_is_not_declared(matter: Matter) -> Iterator[Hit]:
    revision, listed = matter.revision, {row.un_number for row in matter.goods}
    if revision.has_personal_weapons and revision.has_ammunition is None:
        yield Hit(_("Weapons are declared; it is not said whether there is ammunition."))
    elif revision.has_ammunition and not listed & SMALL_ARMS_AMMUNITION:
        yield Hit(_("Ammunition is declared, but no line of the goods lists it (such as UN0012)."))
