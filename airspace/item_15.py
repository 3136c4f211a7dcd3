"""The words of a route as Item 15 of a flight plan has them, after ICAO Doc 4444, appendix 2.

Beside points and connections the European words are known that tell what a flight does on its way:
OAT and GAT, IFPSTOP and IFPSTART, `STAY1/0030`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

SPEED = r"[KN][0-9]{4}|M[0-9]{3}"
LEVEL = r"[FA][0-9]{3}|[SM][0-9]{4}"
_POSITION = r"[0-9]{2}(?:[0-5][0-9])?[NS][0-9]{3}(?:[0-5][0-9])?[EW]"
_LENGTHS = (7, 11)  # in degrees, or in degrees and minutes
_BEARING_AND_DISTANCE = r"(?P<bearing>[0-2][0-9]{2}|3[0-5][0-9]|360)(?P<distance>[0-9]{3})"
_NAME = re.compile(r"[A-Z][A-Z0-9]{1,6}")
_FROM = re.compile(rf"(?P<point>[A-Z][A-Z0-9]{{1,4}}|{_POSITION}){_BEARING_AND_DISTANCE}")
_CHANGE = re.compile(rf"(?:{SPEED})(?:{LEVEL}|VFR)")
_CLIMB = re.compile(rf"(?:{SPEED})(?:{LEVEL})(?:{LEVEL}|PLUS)")
_AIRWAY = re.compile(r"[UKS]?[A-Z][0-9]{1,3}[A-Z]?")
_PROCEDURE = re.compile(r"[A-Z]{2,5}[0-9][A-Z]?")
_STAY = re.compile(r"STAY[1-9]/([0-9]{2}[0-5][0-9])")


class Kind(Enum):
    """What a word of Item 15 is."""

    #: A point, with or without a change of speed and level; or an airway, a SID or a STAR, which
    #: only a list of them tells from a point.
    NAME = auto()
    DIRECT = auto()
    #: VFR and IFR.
    RULES = auto()
    #: OAT and GAT, IFPSTOP and IFPSTART: out of general air traffic, and in again.
    TRAFFIC = auto()
    STAY = auto()
    #: T: the route goes on without being told.
    CUT = auto()


@dataclass(frozen=True)
class Word:
    """One word: its kind, for a name the point, and the speeds and levels that begin there.

    `change` is a group such as `N0390F250`, at the start of a cruise climb such as
    `N0390F250F290`. `stay` is hours and minutes.
    """

    kind: Kind
    name: str = ""
    change: str = ""
    stay: str = ""

    @property
    def speed(self) -> str:
        """The speed that begins here; empty if none does."""
        found = re.match(SPEED, self.change)
        return found[0] if found else ""

    @property
    def level(self) -> str:
        """The level, of a cruise climb the lower one, that begins here; empty if none does."""
        found = re.match(rf"(?:{SPEED})({LEVEL}|VFR)", self.change)
        return found[1] if found else ""


_FIXED = {
    "DCT": Word(Kind.DIRECT),
    "T": Word(Kind.CUT),
    **{word: Word(Kind.RULES, word) for word in ("VFR", "IFR")},
    **{word: Word(Kind.TRAFFIC, word) for word in ("OAT", "GAT", "IFPSTOP", "IFPSTART")},
}


def read(text: str) -> Word | None:
    """Return what a word in upper case is; None if Item 15 knows none such.

    A change of speed and level belongs to a point: one that stands alone is none.
    """
    if text in _FIXED:
        return _FIXED[text]
    if stay := _STAY.fullmatch(text):
        return Word(Kind.STAY, stay=stay[1])
    climbs = text.startswith("C/")
    name, stroke, change = text.removeprefix("C/").partition("/")
    form = _CLIMB if climbs else _CHANGE
    if not is_point(name) or ((stroke or climbs) and not form.fullmatch(change)):
        return None
    return Word(Kind.NAME, name, change)


def is_point(name: str) -> bool:
    """Say whether a name, a position, or a bearing and distance has the form of one.

    A name of a stay without its time is none.
    """
    if is_speed_and_level(name) or name.startswith("STAY"):
        return False
    if name[:1].isdigit() and len(name) in _LENGTHS:
        return _is_position(name)
    if start := _FROM.fullmatch(name):
        return not start["point"][0].isdigit() or _is_position(start["point"])
    return bool(_NAME.fullmatch(name))


def is_speed_and_level(text: str) -> bool:
    """Say whether a word is a speed and a level, or two levels, without a point before it."""
    return bool(_CHANGE.fullmatch(text) or _CLIMB.fullmatch(text))


def is_airway(name: str) -> bool:
    """Say whether a name has the form of an airway, such as UL601."""
    return bool(_AIRWAY.fullmatch(name))


def is_procedure(name: str) -> bool:
    """Say whether a name has the form of a SID or a STAR, such as NOLGA1A."""
    return bool(_PROCEDURE.fullmatch(name))


def offset(name: str) -> tuple[str, int, int] | None:
    """Return point, bearing in degrees and distance in NM of `DUB180040`; None if it is none."""
    if found := _FROM.fullmatch(name):
        return found["point"], int(found["bearing"]), int(found["distance"])
    return None


def knots(speed: str) -> float:
    """Return a speed in knots. A Mach number is taken at 590 kt, near the levels of a cruise."""
    figure = int(speed[1:])
    return {"N": 1.0, "K": 1 / 1.852, "M": 5.9}[speed[0]] * figure


def hundreds_of_feet(level: str) -> float | None:
    """Return a level or altitude in hundreds of feet; None for VFR, which gives none."""
    if level == "VFR":
        return None
    figure = int(level[1:])
    return float(figure) if level[0] in "FA" else figure * 10 / 0.3048 / 100


def _is_position(text: str) -> bool:
    """Degrees alone or with minutes in both halves, and nothing beyond the pole or 180 degrees."""
    minutes = len(text) == _LENGTHS[1]
    found = re.fullmatch(r"([0-9]{2})([0-5][0-9])?[NS]([0-9]{3})([0-5][0-9])?[EW]", text)
    if found is None or bool(found[2]) != minutes or bool(found[4]) != minutes:
        return False
    lat, lon = int(found[1]) * 60 + int(found[2] or 0), int(found[3]) * 60 + int(found[4] or 0)
    return lat <= 90 * 60 and lon <= 180 * 60
