"""Where a flight plan contradicts itself, or what ICAO Doc 4444, appendix 2, asks of its items.

A message that `flight_plan` reads can be sent; here is what an air traffic unit would still send
back or ask about. Nothing is compared with an authorization, and nothing is drawn on a map.
Figures that the document leaves open are training defaults. Of a broken Item 18, what stands before
the hyphen is looked at, as a unit would read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from airspace import flight_plan, item_15, reference
from airspace.item_15 import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from airspace.flight_plan import FlightPlan

#: Equipment that takes a digit, and which; the other letters of Item 10 stand alone.
_DIGITS_10A = {"E": "123", "J": "1234567", "M": "123", "P": "123456789"}
_DIGITS_10B = {"B": "12", "U": "12", "V": "12", "D": "1", "G": "1"}
_LETTERS_10A = "ABCDFGHIKLNORSTUVWXYZ"
_LETTERS_10B = "ACEHILNPSX"

#: What PBN/ may say, and the equipment of Item 10 without which it cannot be: one of each group.
PBN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("A1", "B1", "C1", "D1", "L1", "O1", "S1", "S2", "T1", "T2"), ()),
    **dict.fromkeys(("B2", "C2", "D2", "O2"), ("G",)),
    **dict.fromkeys(("B3", "C3", "D3", "O3"), ("D",)),
    "B4": ("OS", "D"),
    **dict.fromkeys(("B5", "C4", "D4", "O4"), ("I",)),
    "B6": (),
}
MOST_PBN = 8
#: The letters and figures of SELCAL codes, in order of their tones.
_TONES = "ABCDEFGHJKLMPQRSTUVWXYZ123456789"
_PLACED = re.compile(r"([A-Z0-9]{2,11}?)([0-9]{2}[0-5][0-9])")
#: Between these levels, both included, an aircraft is fit for reduced separation (RVSM).
RVSM = (290, 410)
HIGHEST = 600
#: Above this level nobody flies by visual rules (ICAO Annex 2, 4.4).
HIGHEST_VFR = 200
MOST_ALTERNATES = 2
#: How much faster, and slower, than its type cruises an aircraft may be planned (as a factor).
FASTEST, SLOWEST = 1.5, 0.3


@dataclass(frozen=True)
class Fault:
    """What is wrong: `code` names it, `text` is what was filed."""

    code: str
    text: str


def faults(plan: FlightPlan) -> list[Fault]:
    """Return what is wrong with a plan in itself, each code once."""
    found: dict[str, dict[str, None]] = {}
    for look in LOOKS:
        for fault in look(plan):
            found.setdefault(fault.code, {})[fault.text] = None
    return [Fault(code, " ".join(texts)) for code, texts in found.items()]


# Item 10


def _equipment(plan: FlightPlan) -> Iterator[Fault]:
    ours = _codes(plan.equipment, _LETTERS_10A, _DIGITS_10A)
    theirs = _codes(plan.surveillance, _LETTERS_10B, _DIGITS_10B)
    for codes, text in ((ours, plan.equipment), (theirs, plan.surveillance)):
        nothing_and_more = "N" in (codes or ()) and len(codes or ()) > 1
        if codes is None or len({*codes}) < len(codes) or nothing_and_more:
            yield Fault("EQUIPMENT_UNREADABLE", text)


def _equipment_and_item_18(plan: FlightPlan) -> Iterator[Fault]:
    fitted, other = plan.equipment, plan.other
    if "W" in fitted and "NONRVSM" in plan.statuses:
        yield Fault("RVSM_CONTRADICTION", f"{fitted} STS/{other['STS']}")
    if ("R" in fitted) != ("PBN" in other):
        yield Fault("PBN_AND_EQUIPMENT", f"{fitted} PBN/{other.get('PBN', '')}")
    elif any(
        not {*group} & {*fitted}
        for name in _pairs(other.get("PBN", ""))
        for group in PBN.get(name, ())
    ):
        yield Fault("PBN_AND_EQUIPMENT", f"{fitted} PBN/{other['PBN']}")
    if "Z" in fitted and not {"COM", "NAV", "DAT"} & other.keys():
        yield Fault("EQUIPMENT_UNEXPLAINED", fitted)


def _codes(text: str, letters: str, digits: dict[str, str]) -> list[str] | None:
    """Return the codes of equipment in a text; None if it holds what is none."""
    numbered = "|".join(f"{letter}[{these}]" for letter, these in digits.items())
    form = rf"[{letters}]|{numbered}"
    return re.findall(form, text) if re.fullmatch(rf"(?:{form})+", text) else None


# Item 15


def _route(plan: FlightPlan) -> Iterator[Fault]:
    """Words that no rule knows, and what begins or ends where it cannot."""
    if not plan.route:
        yield Fault("ROUTE_UNREADABLE", "")
    traffic = "GAT"  # that the flight is part of
    kinds: list[Kind | None] = []  # of the words so far
    for text, word in zip(plan.route, plan.words, strict=True):
        kind = word.kind if word else None
        fits = {
            None: False,
            Kind.RULES: Kind.NAME in kinds,
            Kind.TRAFFIC: Kind.NAME in kinds and (text, traffic) in _TRAFFIC,
            Kind.STAY: kinds[-1:] == [Kind.NAME],
            Kind.CUT: len(kinds) == len(plan.route) - 1,
        }
        if not fits.get(kind, True):
            yield Fault("ROUTE_UNREADABLE", text)
        if kind == Kind.TRAFFIC:
            traffic = text
        kinds.append(kind)


#: What may follow what: a part outside general air traffic ends by its own word.
_TRAFFIC = {
    ("OAT", "GAT"),
    ("GAT", "OAT"),
    ("IFPSTOP", "GAT"),
    ("IFPSTART", "IFPSTOP"),
    ("OAT", "IFPSTART"),
    ("IFPSTOP", "IFPSTART"),
}


def _rules(plan: FlightPlan) -> Iterator[Fault]:
    """Rules I know no VFR, V no IFR and no high level; Y turns to VFR on the way, Z to IFR."""
    words = [word for word in plan.words if word]
    turns = {word.name for word in words if word.kind == Kind.RULES}
    visual = plan.level == "VFR" or "VFR" in turns or any(word.level == "VFR" for word in words)
    wrong = {
        "I": visual or "IFR" in turns,
        "V": "IFR" in turns or any(height > HIGHEST_VFR for height in _heights(plan)),
        "Y": plan.level == "VFR" or not visual,
        "Z": "IFR" not in turns,
    }
    if wrong[plan.flight_rules]:
        said = [plan.level, *(text for text in plan.route if "VFR" in text or text == "IFR")]
        yield Fault("RULES_AND_ROUTE", f"{plan.flight_rules} {' '.join(said)}")


def _speeds(plan: FlightPlan) -> Iterator[Fault]:
    kind = reference.aircraft_types().get(plan.aircraft_type)
    cruise = kind.cruise_ktas if kind else None
    for speed in speeds(plan):
        knots = item_15.knots(speed)
        if not knots or (cruise and not cruise * SLOWEST <= knots <= cruise * FASTEST):
            yield Fault("SPEED_IMPLAUSIBLE", speed)


def _levels_filed(plan: FlightPlan) -> list[str]:
    return [plan.level, *(word.level for word in plan.words if word and word.level)]


def _heights(plan: FlightPlan) -> Iterator[float]:
    for level in _levels_filed(plan):
        if (height := item_15.hundreds_of_feet(level)) is not None:
            yield height


def _levels(plan: FlightPlan) -> Iterator[Fault]:
    for level in _levels_filed(plan):
        height = item_15.hundreds_of_feet(level)
        if height is None:
            continue
        if not 0 < height <= HIGHEST:
            yield Fault("LEVEL_IMPLAUSIBLE", level)
        elif (
            RVSM[0] <= round(height) <= RVSM[1]
            and "W" not in plan.equipment
            and "NONRVSM" not in plan.statuses
        ):
            yield Fault("RVSM_MISSING", f"{plan.equipment} {level}")


def _stays(plan: FlightPlan) -> Iterator[Fault]:
    """STAYINFO1/ tells of STAY1."""
    stays = {
        text[4] for text, word in zip(plan.route, plan.words, strict=True) if word and word.stay
    }
    for name, text in plan.other.items():
        if name.startswith("STAYINFO") and name.removeprefix("STAYINFO") not in stays:
            yield Fault("STAY_UNKNOWN", f"{name}/{text}")


# Item 16


def _alternates(plan: FlightPlan) -> Iterator[Fault]:
    alternates = plan.alternates
    named = [one for one in alternates if one != "ZZZZ"]
    unfit = len(alternates) > MOST_ALTERNATES or len({*named}) < len(named)
    if unfit or plan.destination in named:
        yield Fault("ALTERNATES_UNFIT", " ".join((plan.destination, *alternates)))


def _elapsed(plan: FlightPlan) -> Iterator[Fault]:
    total = flight_plan.duration(plan.total_eet)
    endurance = plan.supplementary.get("E")
    if not timedelta() < total < timedelta(days=1):
        yield Fault("TOTAL_EET_IMPLAUSIBLE", plan.total_eet)
    if endurance and flight_plan.duration(endurance) < total:
        yield Fault("ENDURANCE_SHORT", endurance)


# Item 18


def _values(plan: FlightPlan) -> Iterator[Fault]:
    """Values of a fixed form."""
    other = plan.other
    wrong = {
        "PBN": not _is_pbn(other.get("PBN", "")),
        "SEL": not _is_selcal(other.get("SEL", "")),
        "PER": not re.fullmatch(r"[ABCDEH]", other.get("PER", "")),
        "CODE": not re.fullmatch(r"[0-9A-F]{6}", other.get("CODE", "")),
        "RVR": not re.fullmatch(r"[0-9]{3}", other.get("RVR", "")),
        "DLE": not all(map(_PLACED.fullmatch, other.get("DLE", "").split())),
    }
    for name, is_wrong in wrong.items():
        if name in other and is_wrong:
            yield Fault(f"{name}_UNREADABLE", f"{name}/{other[name]}")
    known = {*plan.points, plan.departure, plan.destination}
    for name, _delay in delays(plan):
        if name not in known:
            yield Fault("DLE_NOT_ON_ROUTE", f"DLE/{other['DLE']}")


def _unexplained(plan: FlightPlan) -> Iterator[Fault]:
    """A place or type without a code is told in Item 18, and only then."""
    wanted = {
        "TYP": plan.aircraft_type == "ZZZZ",
        "DEP": plan.departure in {"ZZZZ", "AFIL"},
        "DEST": plan.destination == "ZZZZ",
        "ALTN": "ZZZZ" in plan.alternates,
    }
    for name, is_wanted in wanted.items():
        if is_wanted != (name in plan.other):
            yield Fault("ITEM18_AND_ZZZZ", f"{name}/{plan.other.get(name, '')}")


def _elapsed_en_route(plan: FlightPlan) -> Iterator[Fault]:
    times = elapsed(plan)
    total = flight_plan.duration(plan.total_eet)
    filed = f"EET/{plan.other.get('EET', '')}"
    if any(time >= total for _name, time in times):
        yield Fault("EET_BEYOND_TOTAL", f"{filed} {plan.total_eet}")
    if len({name for name, _time in times}) < len(times):
        yield Fault("EET_UNORDERED", filed)
    firs = reference.firs()
    for of_firs in (True, False):
        these = [time for name, time in times if (name in firs) == of_firs]
        if any(one > other for one, other in pairwise(these)):
            yield Fault("EET_UNORDERED", filed)


def elapsed(plan: FlightPlan) -> list[tuple[str, timedelta]]:
    """Return the FIRs and points of EET/ with their times, as they stand."""
    return list(_placed(plan.other.get("EET", "").split()))


def delays(plan: FlightPlan) -> list[tuple[str, timedelta]]:
    """Return the points of DLE/ with the delays there; what cannot be read is left out."""
    return list(_placed(plan.other.get("DLE", "").split()))


def speeds(plan: FlightPlan) -> list[str]:
    """Return the speeds of Item 15, the first one foremost."""
    return [plan.speed, *(word.speed for word in plan.words if word and word.speed)]


def _placed(words: Iterable[str]) -> Iterator[tuple[str, timedelta]]:
    for word in words:
        if found := _PLACED.fullmatch(word):
            yield found[1], flight_plan.duration(found[2])


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def _is_pbn(text: str) -> bool:
    pairs = _pairs(text)
    return len(pairs) <= MOST_PBN and len({*pairs}) == len(pairs) and {*pairs} <= PBN.keys()


def _is_selcal(text: str) -> bool:
    """Four tones, none twice, each of the two pairs in ascending order."""
    tones = [_TONES.find(sign) for sign in text]
    if len(tones) != 4 or min(tones) < 0 or len({*tones}) < 4:
        return False
    return tones[0] < tones[1] and tones[2] < tones[3]


LOOKS: tuple[Callable[[FlightPlan], Iterator[Fault]], ...] = (
    _equipment,
    _equipment_and_item_18,
    _route,
    _rules,
    _speeds,
    _levels,
    _stays,
    _alternates,
    _elapsed,
    _values,
    _unexplained,
    _elapsed_en_route,
)
