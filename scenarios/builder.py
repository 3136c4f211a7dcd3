"""Clean dossiers: a corridor, a load that fits, an aircraft that can fly it, and time enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from airspace import reference
from airspace.crossings import drawn
from books import agreements
from rules.route import RANGE_FACTOR
from scenarios.dossier import Dossier
from scenarios.loads import (
    CALL_SIGNS,
    FIRST_NAMES,
    FLEET,
    LAST_NAMES,
    OPERATORS,
    PHONES,
    RANKS,
    TAILS,
)

if TYPE_CHECKING:
    from scenarios.corridors import Corridor
    from scenarios.loads import Load
    from scenarios.lots import Lots
    from transit.drafting import Items

#: The first day on which a dossier flies, and how many days there are: the agreement is in force,
#: and the calendar goes on long enough.
FIRST_DAY, DAYS = datetime(2026, 6, 1, tzinfo=UTC), 500

#: No dossier flies later: until then every calendar is whole.
LAST_DAY = datetime(2027, 12, 31, tzinfo=UTC)


def build(
    corridor: Corridor, load: Load, lots: Lots, *, note_after: datetime | None = None
) -> Dossier:
    """Return a dossier in which nothing is wrong. Equal lots, equal dossiers.

    It flies on any day of the season; or else on the first for which the note comes in after a
    moment.
    """
    town = reference.aerodromes()[corridor.destination].city
    kind, levels = _aircraft(corridor, load, lots)
    passengers = lots.between(*load.passengers)
    most = kind.max_passengers
    passengers = min(passengers, most) if most is not None else passengers
    captain, contact, principal = _people(corridor.requesting_state, lots)
    tail, spare = _tails(corridor.requesting_state, lots)
    form: Items = {
        "call_sign": CALL_SIGNS[corridor.requesting_state].format(lots.below(1000)),
        "aircraft_type": kind.designator,
        "registration": tail,
        "spare_registration": spare,
        "operator": OPERATORS[corridor.requesting_state],
        "category": load.category,
        "purpose": load.purpose.format(town=town),
        "legal_basis": "TRANSIT",
        "priority": load.priority,
        "departure": corridor.departure,
        "destination": corridor.destination,
        "departs_at": _departure(lots),
        "cruise_level": lots.one_of(levels),
        "cruise_knots": kind.cruise_ktas,
        "crew_count": lots.between(4, 7),
        "captain": captain,
        "passenger_count": passengers,
        "cargo": load.cargo,
        "cargo_kg": lots.between(load.kg[0] // 100, load.kg[1] // 100) * 100,
        "dangerous_goods": "LIST" if load.goods else "NONE",
        "has_personal_weapons": False,
        "has_sensors": False,
        "has_armament": False,
        "has_electronic_warfare": False,
        "contact_name": contact,
        "contact_phone": PHONES[corridor.requesting_state].format(lots.below(100)),
        "contact_email": "ops@exercise.example",
        "remarks": f"Note verbale to the Ministry of Foreign Affairs of {_called(corridor.host)}.",
        "undertakes_route": True,
        "undertakes_sensors": True,
        "undertakes_changes": True,
        "undertakes_report": True,
    }
    if passengers:
        form["passengers"] = load.who.format(count=passengers)
    if load.attend:
        form["attendant_count"] = passengers
    if load.category == "EXERCISE" and corridor.ends_in_host:
        form |= {
            "leaves_behind": "PERSONS",
            "stay_instrument": f"Memorandum with {_called(corridor.host)} on the exercise",
            "returns_by": "By air, on a flight that is asked for by itself",
        }
    if load.principals:
        form["principals"] = load.principals.format(name=principal)
    dossier = Dossier(
        corridor,
        load.code,
        serial=lots.between(1, 899),
        spare_days=lots.between(1, 5),
        office_minutes=lots.between(6, 60) * 5,
        form=form,
        goods=[dict(line) for line in load.goods],
    )
    dossier.cross(corridor.route)
    dossier.send_in_time()
    if note_after is not None:
        dossier.send_after(note_after)
    return dossier


def _aircraft(
    corridor: Corridor, load: Load, lots: Lots
) -> tuple[reference.AircraftType, tuple[str, ...]]:
    """Choose a type whose range the corridor does not exceed."""
    known = reference.aircraft_types()
    distance = drawn(corridor.route).total_distance_nm
    fleet = FLEET[corridor.requesting_state][load.service]
    able = [
        designator
        for designator in fleet
        if (most := known[designator].range_nm) is None or distance <= most * RANGE_FACTOR
    ]
    chosen = lots.one_of(able)
    return known[chosen], fleet[chosen]


def _departure(lots: Lots) -> datetime:
    """Choose a day of the season, and a time from 02:00 to 11:55 UTC."""
    day = FIRST_DAY + timedelta(days=lots.below(DAYS))
    return day + timedelta(hours=2, minutes=5 * lots.below(120))


def _people(state: str, lots: Lots) -> tuple[str, str, str]:
    """Name captain, duty officer and head of delegation; no two are alike."""
    first, last = lots.shuffled(FIRST_NAMES[state]), lots.shuffled(LAST_NAMES[state])
    of_captains, of_officers = RANKS[state]
    return (
        f"{lots.one_of(of_captains)} {first[0]} {last[0]}",
        f"{lots.one_of(of_officers)} {first[1]} {last[1]}",
        f"{first[2]} {last[2]}",
    )


def _tails(state: str, lots: Lots) -> tuple[str, str]:
    number = lots.between(1, 97)
    return TAILS[state].format(number), TAILS[state].format(number + 1)


def _called(state: str) -> str:
    shipped = agreements.SHIPPED
    return agreements.load(shipped, agreements.latest(shipped)).states[state].name.en
