"""Scope: is this a flight of the kind that the agreement is about, and that the host may let in?

Longer than most modules: a chapter of rules, each with its row.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import reference
from exercises.models import Role
from exercises.statements import Statement
from rules import declaration
from rules.book import Hit, rule
from transit import irregular
from transit.completeness import faults
from transit.form import NEEDED, label_of
from transit.mapping import state_name
from transit.models import (
    FLOWN,
    LIFE_SAVING,
    PREPARATION,
    Action,
    Activity,
    LeavesBehind,
    LegalBasis,
    MovementStatus,
    Priority,
    Revision,
    Use,
)
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.book import Matter
    from transit.models import FlightRequest, Movement

CONVENTION = "Convention on International Civil Aviation, Art. 3"

#: Which category of purpose a priority goes with.
CATEGORY_OF = {Priority.HUM: "HUMANITARIAN", Priority.VIP: "OFFICIAL_DELEGATION"}

#: What a policy of the agreement is about, in words.
SUBJECTS = {
    "personal_weapons": lazy("Personal weapons"),
    "sensors": lazy("Sensors"),
    "electronic_warfare": lazy("Electronic warfare equipment"),
    "dangerous_goods": lazy("Dangerous goods"),
}

#: Purposes and priorities that carry no explosives or arms.
UNARMED = frozenset({"OFFICIAL_DELEGATION", "HUMANITARIAN", "DIPLOMATIC_CARGO"})

#: What says that goods are of class 1.
EXPLOSIVES = ("goods.un_number", "goods.hazard_class")


@rule(
    "FORM_INCOMPLETE",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=(
        *NEEDED,
        "passengers",
        "attendant_count",
        "principals",
        "priority",
        "has_ammunition",
        "personal_weapons",
        "equipment",
        "crossings.state",
        "crossings.entry_point",
        "crossings.entry_at",
        "crossings.exit_point",
        "crossings.exit_at",
        "crossings.clearance",
        "crossings.clearance_number",
        "goods.un_number",
        "goods.net_quantity",
    ),
    says=lazy("An incomplete form is returned with the list of what is missing."),
    clause="SOP 1.1 Completeness",
    source="European Union diplomatic clearance form, items 1 to 48",
    situations=(2, 41),
)
def form_is_incomplete(matter: Matter) -> Iterator[Hit]:
    for item, messages in faults(matter.revision, at=matter.received_at).items():
        for message in messages:
            yield Hit(message, about=item)


@rule(
    "AGREEMENT_NOT_IN_FORCE",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=("legal_basis", "crossings.entry_at"),
    says=lazy("A flight under the agreement needs it in force on the day of entry at the host."),
    clause="SOP 1.2 Legal basis",
    situations=(9,),
)
def agreement_is_not_in_force(matter: Matter) -> Iterator[Hit]:
    entry = matter.revision.planned_entry
    if not is_under_agreement(matter) or entry is None:
        return
    office = matter.flight.exercise.office(matter.flight.host)
    if office.local(entry.entry_at).date() < matter.agreement.in_force_from:
        yield Hit(
            _("The agreement is in force from %(day)s only: return it for another legal basis.")
            % {"day": matter.agreement.in_force_from}
        )


@rule(
    "LEGAL_BASIS_OTHER",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("legal_basis",),
    says=lazy("A request on another legal basis is examined as that instrument asks."),
    clause="SOP 1.2 Legal basis",
    source=f"{CONVENTION}(c)",
    situations=(9,),
)
def legal_basis_is_another(matter: Matter) -> Iterator[Hit]:
    basis = matter.revision.legal_basis
    if basis and basis != LegalBasis.TRANSIT_AGREEMENT:
        yield Hit(
            _("Asked for as “%(basis)s”: say which instrument covers it, and put it on file.")
            % {"basis": LegalBasis(basis).label}
        )


use_rule = partial(
    rule,
    "AIRCRAFT_USE",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("used_as",),
    clause="SOP 1.3 State aircraft",
    source=f"{CONVENTION}(b)",
    situations=(10,),
)


@use_rule(
    says=lazy(
        "Use, not registration, makes a state aircraft: military, customs or police service."
    ),
    until=2,
)
def aircraft_is_used_otherwise(matter: Matter) -> Iterator[Hit]:
    """Rule set 1 asked of every use but the military one."""
    use = Use(matter.revision.used_as)
    if use in (Use.CHARTER, Use.CIVIL):
        yield _what_for(use)
    elif use != Use.MILITARY:
        yield Hit(_("“%(use)s”: the agreement is about military transit.") % {"use": use.label})


@use_rule(
    says=lazy("Of a chartered aircraft it is asked what it is used for, not how it is registered."),
    since=2,
)
def aircraft_is_chartered(matter: Matter) -> Iterator[Hit]:
    if matter.revision.used_as == Use.CHARTER:
        yield _what_for(Use.CHARTER)


def _what_for(use: Use) -> Hit:
    return Hit(
        _("“%(use)s”: find out what the aircraft is used for; does the regime cover it?")
        % {"use": use.label}
    )


@rule(
    "CIVIL_USE",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("used_as",),
    says=lazy("Civil use is for the civil aviation authority; a state service is named as one."),
    clause="SOP 1.3 State aircraft",
    source=f"{CONVENTION}(a)",
    situations=(10,),
    since=2,
)
def aircraft_is_civil(matter: Matter) -> Iterator[Hit]:
    if matter.revision.used_as == Use.CIVIL:
        yield Hit(
            _(
                "“Civil use”: the civil aviation authority permits it. If a state service flies, "
                "such as civil protection, let the form say so."
            )
        )


@rule(
    "STATE_SERVICE",
    Severity.NOTIFY,
    Role.DEFENCE,
    facts=("used_as", "legal_basis"),
    says=lazy(
        "Another state service than the military is cleared as a state aircraft; its legal basis "
        "is put on file."
    ),
    clause="SOP 1.3 State aircraft",
    source=f"{CONVENTION}(b)",
    since=2,
)
def aircraft_is_in_another_service(matter: Matter) -> Iterator[Hit]:
    use, basis = Use(matter.revision.used_as), matter.revision.legal_basis
    if use in (Use.CUSTOMS, Use.POLICE, Use.STATE):
        yield Hit(
            _(
                "“%(use)s”, asked for as “%(basis)s”: the agreement is about military transit; put "
                "on file what covers this flight."
            )
            % {"use": use.label, "basis": LegalBasis(basis).label if basis else "—"}
        )


@rule(
    "CHARTER_MUNITIONS",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("used_as", "has_armament", *EXPLOSIVES),
    says=lazy("Munitions on a civil aircraft need the exemption of the civil authority."),
    clause="SOP 1.3 State aircraft",
    source="Canada, Advisory Circular 600-009; Ireland, answers in parliament 2023",
    situations=(10,),
)
def charter_carries_munitions(matter: Matter) -> Iterator[Hit]:
    is_civil = matter.revision.used_as in (Use.CHARTER, Use.CIVIL)
    if is_civil and (explosives(matter) or matter.revision.has_armament):
        yield Hit(_("A civil aircraft carries munitions: put the exemption on file, or refuse."))


@rule(
    "AIRCRAFT_REGIME",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("aircraft_type",),
    says=lazy("Combat, training and unmanned aircraft are outside a transport regime."),
    clause="SOP 1.4 Transport regime",
    source="EDA diplomatic clearance arrangement (military transport aircraft)",
    situations=(16,),
)
def aircraft_is_out_of_regime(matter: Matter) -> Iterator[Hit]:
    if matter.aircraft and matter.aircraft.transport_regime == "out":
        yield Hit(
            _("%(type)s is no transport aircraft: separate approval, by default refused.")
            % {"type": matter.aircraft.name}
        )


@rule(
    "AIRCRAFT_REFER",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("aircraft_type",),
    says=lazy("Of some types the use decides whether the regime covers them."),
    clause="SOP 1.4 Transport regime",
    situations=(10,),
)
def aircraft_depends_on_use(matter: Matter) -> Iterator[Hit]:
    if matter.aircraft and matter.aircraft.transport_regime == "refer":
        yield Hit(_("%(type)s: establish operator and use.") % {"type": matter.aircraft.name})


@rule(
    "SENSOR_AIRCRAFT",
    Severity.QUERY,
    Role.SECURITY,
    facts=("aircraft_type", "has_sensors"),
    says=lazy(
        "A sensor aircraft stays one when it is empty: long notice, sensors off, legal view."
    ),
    clause="SOP 1.5 Sensors",
    source="Azerbaijan, mfa.gov.az/content/145; EDA arrangement, Germany",
    situations=(18,),
)
def aircraft_carries_sensors(matter: Matter) -> Iterator[Hit]:
    if matter.aircraft is None or not matter.revision.is_sensor_aircraft:
        return
    if matter.revision.has_sensors:
        said = _("%(type)s is under the sensor rules.")
    else:
        said = _("%(type)s is under the sensor rules, but no sensors are declared.")
    yield Hit(said % {"type": matter.aircraft.name})


@rule(
    "SENSORS_DECLARED",
    Severity.QUERY,
    Role.SECURITY,
    facts=("has_sensors", "equipment"),
    says=lazy("Sensors on board are off and sealed, by written condition."),
    clause="SOP 1.5 Sensors",
    source="EU form item 18; Azerbaijan, mfa.gov.az/content/145",
    situations=(18,),
)
def sensors_are_declared(matter: Matter) -> Iterator[Hit]:
    if matter.revision.has_sensors:
        yield Hit(_("Sensors are declared: “%(said)s”") % {"said": matter.revision.equipment})


@rule(
    "EW_DECLARED",
    Severity.QUERY,
    Role.SECURITY,
    facts=("has_electronic_warfare", "equipment"),
    says=lazy("Electronic warfare equipment is off, inactive or safe, by written condition."),
    clause="SOP 1.5 Sensors",
    source="EU form item 20; EDA arrangement, Germany",
    situations=(49,),
)
def electronic_warfare_is_declared(matter: Matter) -> Iterator[Hit]:
    if matter.revision.has_electronic_warfare:
        yield Hit(
            _("Electronic warfare equipment is declared: “%(said)s”")
            % {"said": matter.revision.equipment}
        )


@rule(
    "ARMAMENT_REFUSED",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("has_armament",),
    says=lazy("An armed aircraft is refused where the host's policy is to refuse."),
    clause="SOP 1.6 Armament",
    source="Ireland, conditions of overflight; EU form item 19. The policy is a training default",
)
def armament_is_refused(matter: Matter) -> Iterator[Hit]:
    if matter.revision.has_armament and matter.agreement.policies.get("armament") == "refuse":
        yield Hit(_("Armament is declared, and the policy is to refuse it."))


@rule(
    "POLICY_REFUSED",
    Severity.BLOCK,
    Role.SECURITY,
    facts=(
        "has_personal_weapons",
        "has_sensors",
        "aircraft_type",
        "has_electronic_warfare",
        "dangerous_goods",
    ),
    says=lazy("What the host's policy refuses is not let in, whatever the condition."),
    clause="SOP 1.14 Policies",
)
def policy_refuses(matter: Matter) -> Iterator[Hit]:
    declared = {
        "personal_weapons": matter.revision.has_personal_weapons,
        "sensors": matter.revision.has_sensors or matter.revision.is_sensor_aircraft,
        "electronic_warfare": matter.revision.has_electronic_warfare,
        "dangerous_goods": matter.revision.announces_goods,
    }
    for subject, is_declared in declared.items():
        if is_declared and matter.agreement.policies.get(subject) == "refuse":
            yield Hit(
                _("%(subject)s: the policy is to refuse it.") % {"subject": SUBJECTS[subject]},
                about=subject,
            )


@rule(
    "ARMAMENT_DECLARED",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("has_armament", "equipment"),
    says=lazy("Armament is examined by defence and security."),
    clause="SOP 1.6 Armament",
    source="EU form item 19",
)
def armament_is_declared(matter: Matter) -> Iterator[Hit]:
    if matter.revision.has_armament and matter.agreement.policies.get("armament") != "refuse":
        yield Hit(_("Armament is declared: “%(said)s”") % {"said": matter.revision.equipment})


@rule(
    "ESCORT_COMBAT",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("escort",),
    says=lazy("Combat aircraft that go along are outside a transport regime."),
    clause="SOP 1.4 Transport regime",
    source="EDA diplomatic clearance arrangement (military transport aircraft)",
    situations=(16,),
)
def escort_is_combat(matter: Matter) -> Iterator[Hit]:
    known = reference.aircraft_types()
    for designator in sorted({*matter.revision.escort.split()}):
        if designator in known and known[designator].transport_regime == "out":
            yield Hit(
                _("%(type)s goes along as escort: separate approval, by default refused.")
                % {"type": known[designator].name},
                about=designator,
            )


@rule(
    "FORMATION",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("aircraft_count",),
    says=lazy("A formation is one request, and says so; its aircraft stay together."),
    clause="SOP 1.7 Formation",
    source="Australia, DFAT protocol guidelines: one application per aircraft or formation",
)
def flies_in_formation(matter: Matter) -> Iterator[Hit]:
    if matter.revision.aircraft_count > 1:
        yield Hit(
            _("%(count)d aircraft on one request: one formation, with one entry and one exit?")
            % {"count": matter.revision.aircraft_count}
        )


category_load = partial(
    rule,
    "CATEGORY_LOAD",
    Severity.QUERY,
    Role.DEFENCE,
    says=lazy("The load fits the category of purpose and the priority."),
    clause="SOP 1.8 Category",
    source="press digests of the 2024 resolution (five categories)",
    situations=(8,),
)


@category_load(facts=("category", "priority", "has_armament", *EXPLOSIVES), until=2)
@category_load(
    facts=("category", "priority", "has_armament", "has_personal_weapons", *EXPLOSIVES), since=2
)
def load_contradicts_category(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    personal = {row.number for row in revision.personal_ammunition}
    is_armed = any(
        it.number not in personal for it in filter(declaration.is_explosive, matter.lines)
    )
    if not (is_armed or revision.has_armament):
        return
    if revision.category in UNARMED:
        yield Hit(
            _("Explosives or arms on a flight of the category “%(category)s”.")
            % {"category": matter.agreement.categories[revision.category]}
        )
    elif revision.priority in LIFE_SAVING:
        yield Hit(
            _("Explosives or arms on a flight asked for as “%(priority)s”.")
            % {"priority": Priority(revision.priority).label}
        )


@rule(
    "CATEGORY_OTHER",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("category",),
    says=lazy("A purpose outside the five categories is justified."),
    clause="SOP 1.8 Category",
    source="press digests of the 2024 resolution (five categories)",
)
def category_is_other(matter: Matter) -> Iterator[Hit]:
    if matter.revision.category == "OTHER":
        yield Hit(_("The purpose is none of the agreement's categories."))


@rule(
    "CATEGORY_PRIORITY",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("category", "priority"),
    says=lazy("An urgent or special track is for the category that goes with it."),
    clause="SOP 1.8 Category",
    situations=(19,),
)
def priority_contradicts_category(matter: Matter) -> Iterator[Hit]:
    priority = Priority(matter.revision.priority)
    expected = CATEGORY_OF.get(priority)
    if expected and matter.revision.category != expected:
        yield Hit(
            _("Asked for as “%(priority)s”, but the category is another.")
            % {"priority": priority.label}
        )


@rule(
    "LANDING",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("crossings.action",),
    says=lazy("Transit is non-stop: a landing is asked for as one, with customs and border."),
    clause="SOP 1.9 Landing",
    source="Kazakhstan-United Kingdom agreement of 27 February 2012, Art. 2 (pattern)",
    situations=(13, 14),
)
def lands_in_host(matter: Matter) -> Iterator[Hit]:
    if matter.revision.lands_in_host and not any(landing_is_not_covered(matter)):
        yield Hit(_("The flight lands in the host state: customs and border service answer."))


@rule(
    "LANDING_NOT_COVERED",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("legal_basis", "crossings.action"),
    says=lazy("Where the agreement covers no landing, a landing needs another instrument."),
    clause="SOP 1.9 Landing",
    source="Kazakhstan-United Kingdom agreement of 27 February 2012, Art. 2 (pattern)",
    situations=(13, 14),
)
def landing_is_not_covered(matter: Matter) -> Iterator[Hit]:
    is_referred = is_under_agreement(matter) and matter.agreement.landing == "refer"
    if matter.revision.lands_in_host and is_referred:
        yield Hit(_("This agreement covers no landing: return it, another instrument is needed."))


@rule(
    "GROUND_TIME",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("legal_basis", "crossings.action", "crossings.ground_minutes"),
    says=lazy("A stop longer than a technical stop is a stay, and no transit."),
    clause="SOP 1.9 Landing",
    situations=(13,),
)
def stays_on_the_ground(matter: Matter) -> Iterator[Hit]:
    if not is_under_agreement(matter):
        return
    most = matter.agreement.ground_minutes
    for row in matter.revision.host_crossings:
        if row.action == Action.LAND and (row.ground_minutes or 0) > most:
            yield Hit(
                _("%(minutes)d minutes on the ground; a technical stop takes %(most)d at the most.")
                % {"minutes": row.ground_minutes, "most": most},
                about=str(row.number),
            )


@rule(
    "GROUND_TIME_MISSING",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("crossings.action", "crossings.ground_minutes"),
    says=lazy("A landing on the way says how long the aircraft stays on the ground."),
    clause="SOP 1.9 Landing",
    situations=(14,),
)
def ground_time_is_missing(matter: Matter) -> Iterator[Hit]:
    goes_on = matter.crossings[-1:] != matter.revision.host_crossings[-1:]
    for row in matter.revision.host_crossings:
        if row.action == Action.LAND and row.ground_minutes is None and goes_on:
            yield Hit(_("No time on the ground is given."), about=str(row.number))


@rule(
    "ALTERNATE_IN_HOST",
    Severity.NOTIFY,
    Role.CIVIL_AVIATION,
    facts=("alternates",),
    says=lazy("An alternate in the host state is for emergencies; it implies no landing."),
    clause="SOP 1.9 Landing",
    situations=(15,),
)
def alternate_lies_in_host(matter: Matter) -> Iterator[Hit]:
    known = reference.aerodromes()
    for icao in matter.revision.alternates.split():
        if icao in known and known[icao].state == matter.flight.host:
            yield Hit(
                _("%(icao)s, %(name)s: emergency alternate only.")
                % {"icao": icao, "name": known[icao].name},
                about=icao,
            )


@rule(
    "ALTERNATE_ELSEWHERE",
    Severity.NOTIFY,
    Role.CIVIL_AVIATION,
    facts=("alternates",),
    says=lazy("An alternate in a state on the way is for emergencies; its overflight covers none."),
    clause="SOP 1.9 Landing",
    situations=(15,),
    since=2,
)
def alternate_lies_on_the_way(matter: Matter) -> Iterator[Hit]:
    declared = {row.state for row in matter.crossings}
    for aerodrome in _alternates_elsewhere(matter):
        if aerodrome.state in declared:
            yield Hit(
                _("%(icao)s, %(name)s, in %(state)s: emergency alternate only.")
                % _named(matter, aerodrome),
                about=aerodrome.icao,
            )


@rule(
    "ALTERNATE_UNDECLARED",
    Severity.QUERY,
    Role.CIVIL_AVIATION,
    facts=("alternates", "crossings.state"),
    says=lazy("An alternate lies in a state that the flight has asked."),
    clause="SOP 1.9 Landing",
    situations=(15,),
    since=2,
)
def alternate_lies_where_nobody_asked(matter: Matter) -> Iterator[Hit]:
    declared = {row.state for row in matter.crossings}
    for aerodrome in _alternates_elsewhere(matter):
        if aerodrome.state not in declared:
            yield Hit(
                _("%(icao)s, %(name)s, lies in %(state)s, which is not declared.")
                % _named(matter, aerodrome),
                about=aerodrome.icao,
            )


def _alternates_elsewhere(matter: Matter) -> Iterator[reference.Aerodrome]:
    known, parties = reference.aerodromes(), matter.agreement.states
    for icao in dict.fromkeys(matter.revision.alternates.split()):
        if icao in known and known[icao].state not in parties:
            yield known[icao]


def _named(matter: Matter, aerodrome: reference.Aerodrome) -> dict[str, str]:
    state = state_name(aerodrome.state, matter.agreement)
    return {"icao": aerodrome.icao, "name": aerodrome.name, "state": state}


@rule(
    "CUSTOMS_AERODROME",
    Severity.QUERY,
    Role.CIVIL_AVIATION,
    facts=("departure", "destination", "crossings.action", "crossings.exit_point"),
    says=lazy("First landing and last departure are at an aerodrome with customs and border."),
    clause="SOP 1.9 Landing",
    source=(
        "Kazakhstan, AIP GEN 1.2 (first landing, last departure). Which aerodromes have customs is "
        "a training default"
    ),
    situations=(14,),
    since=2,
)
def aerodrome_has_no_customs(matter: Matter) -> Iterator[Hit]:
    revision, host = matter.revision, matter.flight.host
    of_host = {icao: it for icao, it in reference.aerodromes().items() if it.state == host}
    stops = [row.exit_point for row in revision.host_crossings if row.action == Action.LAND]
    used = [icao for icao in (revision.departure, *stops, revision.destination) if icao in of_host]
    if not any(it.has_customs for it in of_host.values()):
        return  # of this state nobody knows
    for icao in dict.fromkeys(used):
        if not of_host[icao].has_customs:
            yield Hit(
                _("%(icao)s, %(name)s: no customs and border control known there; who clears it?")
                % {"icao": icao, "name": of_host[icao].name},
                about=icao,
            )


@rule(
    "LEAVES_BEHIND",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("leaves_behind",),
    says=lazy("Overflight is no deployment: whoever leaves stores or persons is referred."),
    clause="SOP 1.10 No stay, no stores, no basing",
    source="CSTO summit of 20 December 2011 (bases); overflight has no consent step",
    situations=(13,),
    until=2,
)
def leaves_something_behind(matter: Matter) -> Iterator[Hit]:
    left = LeavesBehind(matter.revision.leaves_behind)
    if left != LeavesBehind.NOTHING:
        yield Hit(_out_of_scope(left))


def _out_of_scope(left: LeavesBehind) -> str:
    said = _("Stays in the host state: %(left)s. Out of scope, to be referred.")
    return said % {"left": left.label}


#: What is asked of a stay that another instrument covers.
OF_A_STAY = ("stay_instrument", "stays_until", "returns_by")


@rule(
    "LEAVES_BEHIND",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("leaves_behind", "category", *OF_A_STAY),
    says=lazy(
        "Overflight is no deployment: whoever leaves stores or persons is referred. What stays for "
        "an exercise has an instrument of its own, and is asked about."
    ),
    clause="SOP 1.10 No stay, no stores, no basing",
    source="CSTO summit of 20 December 2011 (bases); overflight has no consent step",
    situations=(13,),
    since=2,
)
def stays_in_the_host_state(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    left = LeavesBehind(revision.leaves_behind)
    if left == LeavesBehind.NOTHING:
        return
    if revision.category not in matter.agreement.stays.covered:
        yield Hit(_out_of_scope(left))
        return
    missing = [label_of(item) for item in OF_A_STAY if not getattr(revision, item)]
    if missing:
        said = _("Stays in the host state: %(left)s. Another instrument covers it: %(missing)s?")
        words = {"left": left.label, "missing": ", ".join(missing)}
        yield Hit(said % words, weighs=Severity.QUERY)
        return
    assert revision.stays_until  # noqa: S101 - nothing is missing
    said = _("Stays in the host state: %(left)s, until %(day)s, under %(instrument)s.")
    words = {
        "left": left.label,
        "day": revision.stays_until.strftime("%d %b %Y"),
        "instrument": revision.stay_instrument,
    }
    yield Hit(said % words, weighs=Severity.NOTIFY)


def ends_in_host(matter: Matter) -> bool:
    """Say whether the flight ends in the host state."""
    destination = reference.aerodromes().get(matter.revision.destination)
    return destination is not None and destination.state == matter.flight.host


@rule(
    "ENDS_IN_HOST",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("passenger_count", "attendant_count", "destination", "leaves_behind"),
    says=lazy("Soldiers whose flight ends in the host state stay there, and the form says so."),
    clause="SOP 1.10 No stay, no stores, no basing",
    situations=(13,),
    since=2,
)
def persons_end_in_the_host_state(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    many = (revision.passenger_count or 0) - (revision.attendant_count or 0)
    if revision.leaves_behind != LeavesBehind.NOTHING or not ends_in_host(matter):
        return
    if many > 0 and revision.category in matter.agreement.stays.asked:
        said = _("%(many)d passengers end their flight in the host state: under what do they stay?")
        yield Hit(said % {"many": many})


@rule(
    "PROPERTY_LIST",
    Severity.QUERY,
    Role.SECURITY,
    facts=("leaves_behind", "property_list"),
    says=lazy("Equipment that stays is listed by number, kind and serial numbers."),
    clause="SOP 1.10 No stay, no stores, no basing",
    situations=(13,),
    since=2,
)
def property_is_not_listed(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    if revision.leaves_behind != LeavesBehind.STORES:
        return
    lines = [line for line in revision.property_list.splitlines() if line.strip()]
    if not lines:
        yield Hit(_("Stores or equipment stay, and no list says what they are."))
    for number, line in enumerate(lines, start=1):
        many, _what, serials = ([part.strip() for part in line.split(";")] + ["", ""])[:3]
        if not many.isdecimal() or len(serials.split()) != int(many):
            yield Hit(
                _("Line %(number)d of the property list: a serial number for each item?")
                % {"number": number},
                about=str(number),
            )


@rule(
    "ACTIVITY_EN_ROUTE",
    Severity.BLOCK,
    Role.AIR_DEFENCE,
    facts=("activity",),
    says=lazy("Refuelling, holding, airdrop, patrol, sensor work and low flying are no transit."),
    clause="SOP 1.11 Transit only",
    source="EDA arrangement (tankers in transit only, no refuelling in progress)",
    situations=(17,),
)
def does_more_than_transit(matter: Matter) -> Iterator[Hit]:
    activity = Activity(matter.revision.activity)
    if activity != Activity.NONE:
        yield Hit(_("Beside the transit: %(activity)s.") % {"activity": activity.label})


@rule(
    "LEVEL_LOW",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("cruise_level",),
    says=lazy("In the corridor a transit flies at cruise level, not low."),
    clause="SOP 2.5 Cruise level",
    source=(
        "EDA arrangement, Germany (low level needs individual clearance). The level is a "
        "training default"
    ),
)
def flies_low(matter: Matter) -> Iterator[Hit]:
    level, least = matter.revision.cruise_level, matter.agreement.minimum_level
    if level and int(level[1:]) < least:
        yield Hit(_("%(level)s lies below F%(least)03d.") % {"level": level, "least": least})


@rule(
    "TAIL_TWICE",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("registration", "departs_at", "arrives_at"),
    says=lazy("One aircraft is on one flight at a time."),
    clause="SOP 1.12 Consistency",
    looks_around=True,
    situations=(12,),
)
def tail_is_requested_twice(matter: Matter) -> Iterator[Hit]:
    revision = matter.revision
    if not (revision.departs_at and revision.arrives_at and revision.registration):
        return
    for other in _flights_at_once(revision):
        yield Hit(
            _("%(tail)s is also on %(reference)s at the same time.")
            % {"tail": revision.registration, "reference": other},
            about=other,
        )


@rule(
    "REPORT_OUTSTANDING",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("operator",),
    says=lazy("No new flight of an operator whose post-flight report is overdue."),
    clause="SOP 1.13 Conduct of earlier flights",
    looks_around=True,
    situations=(59,),
)
def report_is_outstanding(matter: Matter) -> Iterator[Hit]:
    for movement in matter.held_against:
        if movement.status in FLOWN:
            yield Hit(
                _("The report on %(reference)s is overdue.")
                % {"reference": movement.flight.reference},
                about=movement.flight.reference,
            )


@rule(
    "EARLIER_FINDINGS",
    Severity.NOTIFY,
    Role.DEFENCE,
    facts=("operator",),
    says=lazy("Findings on earlier flights of the operator count for the future."),
    clause="SOP 1.13 Conduct of earlier flights",
    source="Australia, DFAT protocol guidelines: failure to comply affects future clearances",
    is_inside=True,
    looks_around=True,
    situations=(58,),
)
def earlier_flights_had_findings(matter: Matter) -> Iterator[Hit]:
    for movement in _breaches(matter):
        yield Hit(
            _("%(reference)s was closed with findings.") % {"reference": movement.flight.reference},
            about=movement.flight.reference,
        )


@rule(
    "REPEATED_BREACH",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("operator",),
    says=lazy("An operator that departed from its authorizations more than once explains itself."),
    clause="SOP 1.13 Conduct of earlier flights",
    source="Australia, DFAT protocol guidelines: failure to comply affects future clearances",
    since=2,
    is_inside=True,
    looks_around=True,
    situations=(58,),
)
def operator_departs_again(matter: Matter) -> Iterator[Hit]:
    flights = {movement.flight.reference for movement in _breaches(matter)}
    if len(flights) > 1:
        yield Hit(_("Findings on: %(flights)s.") % {"flights": ", ".join(sorted(flights))})


def _breaches(matter: Matter) -> list[Movement]:
    """Return the operator's flights that were closed with findings of a breach, not of distress."""
    return [
        movement
        for movement in matter.held_against
        if movement.status == MovementStatus.CLOSED_WITH_FINDINGS and irregular.breaches(movement)
    ]


def is_under_agreement(matter: Matter) -> bool:
    """Say whether the flight is asked for under the agreement, and not another instrument."""
    return matter.revision.legal_basis == LegalBasis.TRANSIT_AGREEMENT


def explosives(matter: Matter) -> bool:
    """Say whether goods of class 1 are listed, as declared or by their number."""
    return any(map(declaration.is_explosive, matter.lines))


def _flights_at_once(revision: Revision) -> list[str]:
    """Return the open requests beside this one, by the same planners, for its aircraft and time.

    Of each counts what the host reads. The host knows of what a note brought; on a draft the
    planners read of their own requests.
    """
    mine = revision.flight
    asked = (mine.exercise_id, revision.registration, revision.departs_at, revision.arrives_at)
    return [
        one.flight.reference
        for one in _AT_ONCE.rows(*asked, using=mine._state.db)
        if one.flight_id != mine.pk
        and (one.flight.requesting_state, one.flight.host) == (mine.requesting_state, mine.host)
        and (not revision.is_frozen or _is_known_to_host(one.flight))
        and one == one.flight.content
    ]


def _is_known_to_host(flight: FlightRequest) -> bool:
    return flight.received_at is not None and flight.status not in PREPARATION


_AT_ONCE = Statement(
    lambda exercise, registration, departs_at, arrives_at: (
        Revision.objects.filter(
            exercise=exercise,
            registration=registration,
            departs_at__lt=arrives_at,
            arrives_at__gt=departs_at,
            flight__closed_at=None,
        )
        .select_related("flight")
        .order_by("flight__number")
    )
)
