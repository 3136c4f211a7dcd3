"""The Caspian Sea: passage through the air from coast to coast, or presence on the water?

Three outcomes: the route does not cross it, and nothing is said; a direct, unarmed transit is
authorized with the standard condition; anything else is referred to the legal department and by
default refused. Training position, not legal advice. Of an aircraft of the five littoral states,
which the convention does not keep off, only the gap is looked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import reference
from airspace.crossings import CASPIAN_FIRS, MARGINAL_NM, Stretch, state_at
from airspace.earth import distance_nm
from exercises.models import Role
from rules.book import Hit, rule
from transit.mapping import state_name
from transit.models import Activity
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airspace.crossings import Mark, Route
    from rules.book import Matter

CASPIAN = "Caspian Sea"
CONVENTION = (
    "Convention on the Legal Status of the Caspian Sea, Aktau, 12 August 2018, Art. 3 "
    "(en.kremlin.ru/supplement/5328, report.az); training position, not legal advice"
)

#: The parties to the convention, whose own armed forces it does not keep off.
LITTORAL = frozenset({"AZ", "IR", "KZ", "RU", "TM"})

#: So much further over the sea than from coast to coast is no direct transit; a training default.
DETOUR_NM = 50.0

#: Words in purpose or remarks that tell of more than a transit; a training default.
WORDS = re.compile(
    r"\b(AAR\b|airdrop|loiter|offshore|orbit|patrol|refuel|survey|tanker)", re.IGNORECASE
)


@rule(
    "CASPIAN_TRANSIT",
    Severity.NOTIFY,
    Role.DEFENCE,
    facts=("route",),
    says=lazy("A direct, unarmed transit over the Caspian is authorized with its condition."),
    clause="SOP 6.1 Caspian Sea",
    source=CONVENTION,
    situations=(18,),
)
def transits_the_caspian(matter: Matter) -> Iterator[Hit]:
    parts = _by_others(matter)
    if parts and not any(_more_than_transit(matter)):
        yield Hit(
            _("%(length).0f NM over the Caspian Sea, from coast to coast: standard condition.")
            % {"length": sum(part.to_nm - part.from_nm for part in parts)}
        )


@rule(
    "CASPIAN_ACTIVITY",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=(
        "route",
        "activity",
        "aircraft_type",
        "escort",
        "cruise_level",
        "has_armament",
        "has_sensors",
        "has_electronic_warfare",
        "undertakes_sensors",
    ),
    says=lazy(
        "Over the Caspian nothing but transit: referred to the legal department, or refused."
    ),
    clause="SOP 6.1 Caspian Sea",
    source=CONVENTION,
    situations=(17, 18),
)
def does_more_over_the_caspian(matter: Matter) -> Iterator[Hit]:
    if _by_others(matter):
        yield from _more_than_transit(matter)


@rule(
    "CASPIAN_GAP",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    says=lazy("Over the Caspian a flight has both coasts' clearances, and stays in their FIRs."),
    clause="SOP 6.2 From coast to coast",
    source=CONVENTION,
    situations=(22, 31),
)
def leaves_a_gap_over_the_caspian(matter: Matter) -> Iterator[Hit]:
    route = matter.route
    if route is None:
        return
    declared = {row.state for row in matter.crossings} | {matter.flight.requesting_state}
    found: dict[str, str] = {}  # each state and FIR once, however often the sea is met
    for part in over_caspian(matter):
        for state in sorted(_coasts(route, part) - declared):
            found[state] = _(
                "The way over the Caspian is bounded by the coast of %(state)s, not declared."
            ) % {"state": state_name(state, matter.agreement)}
        for code in _firs(route, part):
            if code not in CASPIAN_FIRS:
                found[code] = _(
                    "Over the Caspian the route uses the %(fir)s (%(code)s); from coast to coast "
                    "the way leads by %(corridor)s."
                ) % {
                    "fir": reference.firs()[code].name,
                    "code": code,
                    "corridor": ", ".join(CASPIAN_FIRS),
                }
    for about, said in found.items():
        yield Hit(said, about)


@rule(
    "WORDS_OF_ACTIVITY",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("purpose", "remarks", "activity"),
    says=lazy("What purpose and remarks say fits the statement that the flight only passes."),
    clause="SOP 6.3 Transit only",
    situations=(17,),
    until=2,
)
def words_tell_of_activity(matter: Matter) -> Iterator[Hit]:
    """Rule set 1 read words. They tell of what is denied or carried as well; a desk reads them."""
    revision = matter.revision
    if revision.activity != Activity.NONE:
        return
    words = WORDS.findall(f"{revision.purpose}\n{revision.remarks}")
    for word in dict.fromkeys(it.lower() for it in words):
        yield Hit(
            _("The text says “%(word)s”, but no activity on the way is declared.") % {"word": word},
            about=word,
        )


def over_caspian(matter: Matter) -> list[Stretch]:
    """Return the stretches of the route over the Caspian, territorial seas included."""
    seas = matter.route.seas if matter.route else ()
    return [it for it in seas if it.name == CASPIAN and it.to_nm - it.from_nm >= MARGINAL_NM]


def _by_others(matter: Matter) -> list[Stretch]:
    """Return the stretches of a flight whose state is no party to the convention."""
    return [] if matter.flight.requesting_state in LITTORAL else over_caspian(matter)


def _more_than_transit(matter: Matter) -> Iterator[Hit]:
    """Give what makes a flight more than a direct, unarmed transit of a transport aircraft."""
    revision = matter.revision
    known = reference.aircraft_types()
    activity = Activity(revision.activity)
    if activity != Activity.NONE:
        yield Hit(_("Over the Caspian: %(activity)s.") % {"activity": activity.label}, "activity")
    if revision.has_armament:
        yield Hit(_("Armed over the Caspian."), "armament")
    carries_sensors = (
        revision.has_sensors or revision.has_electronic_warfare or revision.is_sensor_aircraft
    )
    if carries_sensors and not revision.undertakes_sensors:
        yield Hit(
            _("Sensors or electronic warfare, and no undertaking to keep them off."), "sensors"
        )
    if revision.cruise_level and int(revision.cruise_level[1:]) < matter.agreement.minimum_level:
        yield Hit(
            _("%(level)s over the Caspian, below F%(least)03d.")
            % {"level": revision.cruise_level, "least": matter.agreement.minimum_level},
            "level",
        )
    if (further := _detour(matter)) > DETOUR_NM:
        yield Hit(
            _("%(further).0f NM further over the Caspian than directly from coast to coast.")
            % {"further": further},
            "detour",
        )
    for designator in sorted({revision.aircraft_type, *revision.escort.split()}):
        if designator in known and known[designator].transport_regime == "out":
            yield Hit(
                _("%(type)s over the Caspian is no transport aircraft.")
                % {"type": known[designator].name},
                designator,
            )


def _detour(matter: Matter) -> float:
    """Return how much further the route goes over the Caspian than the direct way, in NM."""
    if matter.route is None:
        return 0.0
    return sum(
        part.to_nm - part.from_nm - distance_nm(*_ends(matter.route, part))
        for part in over_caspian(matter)
    )


def _ends(route: Route, part: Stretch) -> list[Mark]:
    return [route.position_at(nm) for nm in (part.from_nm, part.to_nm)]


def _coasts(route: Route, part: Stretch) -> set[str]:
    """Return the states on whose coasts a stretch begins and ends."""
    return {state for at in _ends(route, part) if (state := state_at(at.lat, at.lon))}


def _firs(route: Route, part: Stretch) -> list[str]:
    return [
        it.code
        for it in route.firs_without_marginal
        if it.entry.distance_nm < part.to_nm and part.from_nm < it.exit.distance_nm
    ]
