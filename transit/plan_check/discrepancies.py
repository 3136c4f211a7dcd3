"""The kinds of discrepancy of a flight plan: one table, with severity, facts and meaning.

What counts as a difference, and how grave it is, is a training default.

Longer than most modules: one list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from transit.severity import Severity

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Kind:
    """A kind of discrepancy.

    `facts` are where it shows, the first one foremost: items of the flight plan ("7"), or what
    stands after one indicator of items 18 and 19 ("18/REG", "19/P"). In force in the rule sets from
    `since` on.
    """

    severity: Severity
    facts: tuple[str, ...]
    meaning: _StrPromise
    since: int = 1

    @property
    def item(self) -> int:
        """The item of the flight plan where it is seen."""
        return int(self.facts[0].partition("/")[0])


DISCREPANCIES = {
    "CALLSIGN_MISMATCH": Kind(
        Severity.BLOCK,
        ("7",),
        _("Item 7 differs from the authorized call sign and from the authorized spare call sign"),
    ),
    "FLIGHT_RULES_MISMATCH": Kind(
        Severity.QUERY, ("8",), _("Item 8 flight rules differ from the authorization")
    ),
    "FLIGHT_TYPE_MISMATCH": Kind(Severity.QUERY, ("8",), _("Item 8 type of flight is not M")),
    "FORMATION_NUMBER_MISMATCH": Kind(
        Severity.BLOCK,
        ("9",),
        _("Item 9 number of aircraft differs from the authorization (no number means 1)"),
    ),
    "TYPE_MISMATCH": Kind(
        Severity.BLOCK, ("9",), _("Item 9 type designator differs from the authorization")
    ),
    "WAKE_MISMATCH": Kind(
        Severity.QUERY,
        ("9",),
        _("Item 9 wake turbulence category is not the one of the authorized type"),
    ),
    "ADEP_MISMATCH": Kind(
        Severity.BLOCK, ("13",), _("Item 13 aerodrome differs from the authorization")
    ),
    "ADES_MISMATCH": Kind(
        Severity.BLOCK, ("16",), _("Item 16 destination differs from the authorization")
    ),
    "ADES_NOT_AN_AERODROME": Kind(
        Severity.BLOCK,
        ("16",),
        _("Item 16 destination is the code of an FIR, not of an aerodrome"),
    ),
    "ALTERNATE_NOT_CLEARED": Kind(
        Severity.QUERY,
        ("16",),
        _(
            "Item 16 alternate in the host state is neither cleared nor listed as "
            "emergency alternate"
        ),
    ),
    "DOF_MISSING": Kind(Severity.QUERY, ("18/DOF",), _("Item 18 has no DOF/")),
    "DOF_MISMATCH": Kind(
        Severity.QUERY, ("18/DOF",), _("DOF/ differs from the authorized date of flight")
    ),
    "OUTSIDE_VALIDITY": Kind(
        Severity.BLOCK,
        ("18/EET", "18/DOF", "13", "16"),
        _(
            "Entry into the host FIR (off-block time plus EET/ of the first host FIR) is before "
            "valid_from or after valid_to"
        ),
    ),
    "REG_MISSING": Kind(Severity.QUERY, ("18/REG",), _("Item 18 has no REG/")),
    "REG_MISMATCH": Kind(
        Severity.BLOCK, ("18/REG",), _("REG/ is neither the authorized tail nor a listed spare")
    ),
    "SPARE_TAIL_USED": Kind(
        Severity.NOTIFY, ("18/REG",), _("REG/ is a listed spare: accepted, to be noted")
    ),
    "DCN_MISSING": Kind(
        Severity.BLOCK, ("18",), _("No clearance number of the host state in Item 18")
    ),
    "DCN_MISMATCH": Kind(
        Severity.BLOCK,
        ("18",),
        _("A clearance number of the host state is quoted, but not the authorized one"),
    ),
    "ITEM18_ILLEGAL_CHARACTER": Kind(
        Severity.QUERY,
        ("18",),
        _("A hyphen inside Item 18 starts a new field and breaks the message"),
    ),
    "ENTRY_POINT_MISSING": Kind(
        Severity.BLOCK, ("15",), _("The cleared entry point is not in Item 15")
    ),
    "EXIT_POINT_MISSING": Kind(
        Severity.BLOCK, ("15",), _("The cleared exit point is not in Item 15")
    ),
    "POINT_ORDER": Kind(
        Severity.BLOCK,
        ("15",),
        _("Cleared entry and exit points are in Item 15, but in the wrong order"),
    ),
    "STS_MISSING": Kind(Severity.QUERY, ("18/STS",), _("A required STS/ value is missing")),
    "STS_NOT_AUTHORIZED": Kind(
        Severity.QUERY,
        ("18/STS",),
        _("STS/ claims a status that the authorization does not support"),
    ),
    "POB_EXCEEDED": Kind(
        Severity.BLOCK,
        ("19/P",),
        _("Item 19 persons on board are more than crew plus passengers authorized"),
    ),
    "STATE_NOT_CLEARED": Kind(
        Severity.BLOCK,
        ("15",),
        _("The route enters a state that nobody cleared"),
        since=2,
    ),
    "FIR_NOT_CLEARED": Kind(
        Severity.QUERY,
        ("15",),
        _("The route enters the FIR of a state that nobody cleared"),
        since=2,
    ),
    "HOST_LEFT": Kind(
        Severity.QUERY,
        ("15",),
        _("The route leaves the host state and enters it again"),
        since=2,
    ),
    "ENTRY_ELSEWHERE": Kind(
        Severity.QUERY,
        ("15",),
        _("The route enters the host, or an FIR that it serves, far from the cleared entry point"),
        since=2,
    ),
    "EXIT_ELSEWHERE": Kind(
        Severity.QUERY,
        ("15",),
        _("The route leaves the host, or an FIR that it serves, far from the cleared exit point"),
        since=2,
    ),
    "POINT_TWICE": Kind(
        Severity.QUERY,
        ("15",),
        _("The route comes back to a point, as a hold or a patrol does"),
        since=2,
    ),
    "ROUTE_POINT_MISSING": Kind(
        Severity.QUERY,
        ("15",),
        _("The route passes by a point of the authorized route"),
        since=2,
    ),
    "ROUTE_POINT_ADDED": Kind(
        Severity.QUERY,
        ("15",),
        _("A point of the route lies off the authorized route"),
        since=2,
    ),
    "POINT_UNKNOWN": Kind(
        Severity.QUERY,
        ("15",),
        _("A point of the route is not known: where it leads cannot be told"),
        since=2,
    ),
    "DELAY_EN_ROUTE": Kind(
        Severity.QUERY,
        ("18/DLE",),
        _("DLE/ announces a delay en route; cleared is a flight without a stay"),
        since=2,
    ),
    "STAY_EN_ROUTE": Kind(
        Severity.QUERY,
        ("15", "18/STAYINFO1"),
        _("STAY announces an activity in an area on the way; cleared is a transit"),
        since=2,
    ),
    "STAY_UNKNOWN": Kind(
        Severity.QUERY,
        ("18/STAYINFO1", "15"),
        _("STAYINFO tells of a stay that Item 15 does not have"),
        since=2,
    ),
    "OPERATIONAL_TRAFFIC": Kind(
        Severity.QUERY,
        ("15",),
        _("A part of the route is flown as operational air traffic (OAT, IFPSTOP)"),
        since=2,
    ),
    "VFR_EN_ROUTE": Kind(
        Severity.QUERY,
        ("15",),
        _("A part of the route is flown by visual flight rules"),
        since=2,
    ),
    "LEVEL_LOW": Kind(
        Severity.QUERY,
        ("15",),
        _("Over a sea or in the host state the level lies below the lowest of the corridor"),
        since=2,
    ),
    "ACTIVITY_STATUS": Kind(
        Severity.QUERY,
        ("18/STS",),
        _("STS/ tells of an activity beside the transit (MARSA, FLTCK)"),
        since=2,
    ),
    "EET_MISSING": Kind(
        Severity.QUERY,
        ("18/EET", "15"),
        _("EET/ gives no time for the entry into the host: it cannot be held against the validity"),
        since=2,
    ),
    "EET_UNORDERED": Kind(
        Severity.QUERY,
        ("18/EET",),
        _("The times of EET/ do not rise in the order of flight, or one stands twice"),
        since=2,
    ),
    "EET_BEYOND_TOTAL": Kind(
        Severity.QUERY,
        ("18/EET", "16"),
        _("A time of EET/ is not before the arrival that the total elapsed time gives"),
        since=2,
    ),
    "EET_NOT_ON_ROUTE": Kind(
        Severity.QUERY,
        ("18/EET", "15"),
        _("EET/ names an FIR or a point that the route does not meet"),
        since=2,
    ),
    "EET_IMPLAUSIBLE": Kind(
        Severity.QUERY,
        ("18/EET", "15"),
        _("A time of EET/ cannot be flown on this route at these speeds"),
        since=2,
    ),
    "TOTAL_EET_IMPLAUSIBLE": Kind(
        Severity.QUERY,
        ("16", "15"),
        _("The total elapsed time is none in which this route can be flown at these speeds"),
        since=2,
    ),
    "ENDURANCE_SHORT": Kind(
        Severity.QUERY,
        ("19/E", "16"),
        _("Item 19 endurance is shorter than the total elapsed time"),
        since=2,
    ),
    "ROUTE_UNREADABLE": Kind(
        Severity.BLOCK,
        ("15",),
        _("Item 15 has a word that it cannot have there"),
        since=2,
    ),
    "RULES_AND_ROUTE": Kind(
        Severity.QUERY,
        ("15", "8"),
        _("The levels and changes of Item 15 do not fit the flight rules of Item 8"),
        since=2,
    ),
    "SPEED_IMPLAUSIBLE": Kind(
        Severity.QUERY,
        ("15", "9"),
        _("A speed of Item 15 is none that the type of aircraft cruises at"),
        since=2,
    ),
    "LEVEL_IMPLAUSIBLE": Kind(
        Severity.QUERY,
        ("15",),
        _("A level of Item 15 is none that an aircraft cruises at"),
        since=2,
    ),
    "EQUIPMENT_UNREADABLE": Kind(
        Severity.QUERY,
        ("10",),
        _("Item 10 has a code that does not exist, one twice, or N beside others"),
        since=2,
    ),
    "EQUIPMENT_UNEXPLAINED": Kind(
        Severity.QUERY,
        ("18/NAV", "18/COM", "18/DAT", "10"),
        _("Equipment Z of Item 10 is not told in COM/, NAV/ or DAT/"),
        since=2,
    ),
    "RVSM_CONTRADICTION": Kind(
        Severity.QUERY,
        ("18/STS", "10"),
        _("STS/NONRVSM contradicts equipment W of Item 10"),
        since=2,
    ),
    "RVSM_MISSING": Kind(
        Severity.QUERY,
        ("10", "15", "18/STS"),
        _("A level from F290 to F410 needs equipment W in Item 10, or STS/NONRVSM"),
        since=2,
    ),
    "PBN_AND_EQUIPMENT": Kind(
        Severity.QUERY,
        ("18/PBN", "10"),
        _("PBN/ goes with equipment R of Item 10, and with the equipment that it rests on"),
        since=2,
    ),
    "PBN_UNREADABLE": Kind(
        Severity.QUERY,
        ("18/PBN",),
        _("PBN/ has a descriptor that does not exist, one twice, or more than eight"),
        since=2,
    ),
    "SEL_UNREADABLE": Kind(
        Severity.QUERY,
        ("18/SEL",),
        _("SEL/ is no SELCAL code: four different tones, each pair in order"),
        since=2,
    ),
    "PER_UNREADABLE": Kind(
        Severity.QUERY,
        ("18/PER",),
        _("PER/ is none of the performance categories A, B, C, D, E and H"),
        since=2,
    ),
    "CODE_UNREADABLE": Kind(
        Severity.QUERY,
        ("18/CODE",),
        _("CODE/ is no aircraft address of six hexadecimal digits"),
        since=2,
    ),
    "RVR_UNREADABLE": Kind(
        Severity.QUERY,
        ("18/RVR",),
        _("RVR/ is no visual range of three digits in metres"),
        since=2,
    ),
    "DLE_UNREADABLE": Kind(
        Severity.QUERY,
        ("18/DLE",),
        _("DLE/ is no point with hours and minutes, such as ADEKI0030"),
        since=2,
    ),
    "DLE_NOT_ON_ROUTE": Kind(
        Severity.QUERY,
        ("18/DLE", "15"),
        _("DLE/ names a point that Item 15 does not have"),
        since=2,
    ),
    "ITEM18_AND_ZZZZ": Kind(
        Severity.QUERY,
        ("18/TYP", "18/DEP", "18/DEST", "18/ALTN", "9", "13", "16"),
        _("TYP/, DEP/, DEST/ and ALTN/ tell what has no code (ZZZZ, AFIL), and only that"),
        since=2,
    ),
    "ALTERNATES_UNFIT": Kind(
        Severity.QUERY,
        ("16",),
        _("Item 16 has more than two alternates, one twice, or the destination itself"),
        since=2,
    ),
    "EN_ROUTE_ALTERNATE_NOT_CLEARED": Kind(
        Severity.QUERY,
        ("18/RALT", "18/RIF", "18/TALT", "18/ALTN"),
        _("RALT/, RIF/, TALT/ or ALTN/ names an aerodrome in the host state that is not cleared"),
        since=2,
    ),
}


@dataclass(frozen=True)
class Discrepancy:
    """One difference: what was filed, what was authorized; empty where there is nothing."""

    code: str
    filed: str
    authorized: str

    @property
    def severity(self) -> Severity:
        return DISCREPANCIES[self.code].severity

    @property
    def facts(self) -> tuple[str, ...]:
        return DISCREPANCIES[self.code].facts

    @property
    def item(self) -> int:
        return DISCREPANCIES[self.code].item

    @property
    def meaning(self) -> str:
        return str(DISCREPANCIES[self.code].meaning)


def kinds(rule_set: str = "") -> dict[str, Kind]:
    """Return the kinds of discrepancy of a rule set; all, where none is named."""
    return {
        code: kind
        for code, kind in DISCREPANCIES.items()
        if not rule_set or kind.since <= int(rule_set)
    }
