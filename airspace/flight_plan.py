"""The filed flight plan message (FPL) as it is sent: read and written, items 7 to 19.

After ICAO Doc 4444, appendix 2. Points that a reader of messages trips over:

* In a message a hyphen starts the next item; nothing in an item can hold one. A hyphen inside
  Item 18 therefore ends it. What follows, up to an Item 19, belongs to no item: it is `broken`.
  What is left of such an Item 18 may be cut anywhere, so its values are not held to any rule.
* Item 19 begins with one of its own indicators, such as `E/0800`.
* In Item 18 any word of two letters or more before a stroke begins a new text: states and regions
  have indicators of their own beside those of the appendix, such as `EUR/`, `RVR/` or `STAYINFO1/`.
* Line ends and blanks are alike. Lower case is read as upper case. A telegraphic heading or
  ending outside the brackets is passed over, with the control characters of the line.

Times are UTC, elapsed times hours and minutes (`0448`). Sentences of a `PlanError` are English.
What can be sent may still contradict itself: `airspace.doc_4444` says where.

Longer than most modules: reading and writing of one message.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from airspace import item_15
from airspace.errors import AirspaceError
from airspace.errors import gettext_noop as _

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The longest line of a telegraphic message, in characters.
LINE = 69

#: The values that STS/ may have; several are parted by blanks.
STATUSES = frozenset(
    {
        "ALTRV",
        "ATFMX",
        "FFR",
        "FLTCK",
        "HAZMAT",
        "HEAD",
        "HOSP",
        "HUM",
        "MARSA",
        "MEDEVAC",
        "NONRVSM",
        "SAR",
        "STATE",
    }
)

_AERODROME = r"[A-Z]{4}"
_TIME_OF_DAY = r"([01][0-9]|2[0-3])[0-5][0-9]"
_ELAPSED = r"[0-9]{2}[0-5][0-9]"
_EET = re.compile(rf"([A-Z0-9]{{2,11}}?)({_ELAPSED})")
#: What it is, and message numbers as units that exchange data put them behind it: `FPLL/A001`.
_KIND = re.compile(r"([A-Z]{3})([A-Z]{1,4}/[A-Z]{1,4}[0-9]{3}){0,2}")
_UNSENDABLE = re.compile(r"[^ -~]|[()a-z]")
_INDICATED_18 = re.compile(r"([A-Z]{2,}[0-9]?)/(.*)")
_INDICATED_19 = re.compile(r"([EPRSJDANC])/(.*)")


#: The items before Item 18, in order of the message.
ITEMS = (7, 8, 9, 10, 13, 15, 16)

#: The form of each field: its item, a pattern, and what is said where the field differs.
FORMS = {
    "call_sign": (
        7,
        r"[A-Z0-9]{1,7}",
        _("Item 7: “%(text)s” is no call sign of up to seven letters and digits."),
    ),
    "ssr": (
        7,
        r"(A[0-7]{4})?",
        _("Item 7: “%(text)s” is no SSR mode and code such as A4721."),
    ),
    "flight_rules": (8, r"[IVYZ]", _("Item 8: the flight rules are I, V, Y or Z, not “%(text)s”.")),
    "flight_type": (
        8,
        r"[SNGMX]?",
        _("Item 8: the type of flight is S, N, G, M or X, not “%(text)s”."),
    ),
    "number_of_aircraft": (
        9,
        r"[1-9][0-9]?",
        _("Item 9: the number of aircraft is from 1 to 99, not “%(text)s”."),
    ),
    "aircraft_type": (9, r"[A-Z][A-Z0-9]{1,3}", _("Item 9: “%(text)s” is no type designator.")),
    "wake": (
        9,
        r"[LMHJ]",
        _("Item 9: the wake turbulence category is L, M, H or J, not “%(text)s”."),
    ),
    "equipment": (10, r"[A-Z0-9]+", _("Item 10: “%(text)s” is no list of equipment.")),
    "surveillance": (
        10,
        r"[A-Z0-9]+",
        _("Item 10: “%(text)s” is no list of surveillance equipment."),
    ),
    "departure": (
        13,
        _AERODROME,
        _("Item 13: “%(text)s” is no location indicator of four letters."),
    ),
    "eobt": (
        13,
        _TIME_OF_DAY,
        _("Item 13: “%(text)s” is no off-block time from 0000 to 2359."),
    ),
    "speed": (
        15,
        item_15.SPEED,
        _("Item 15: “%(text)s” is no speed such as N0390, K0720 or M082."),
    ),
    "level": (
        15,
        rf"{item_15.LEVEL}|VFR",
        _("Item 15: “%(text)s” is no level such as F250, S1130, A045 or VFR."),
    ),
    "route": (15, r"[A-Z0-9/]+", _("Item 15: “%(text)s” cannot stand in a route.")),
    "destination": (
        16,
        _AERODROME,
        _("Item 16: “%(text)s” is no location indicator of four letters."),
    ),
    "total_eet": (
        16,
        _ELAPSED,
        _("Item 16: “%(text)s” is no elapsed time of hours and minutes such as 0448."),
    ),
    "alternates": (
        16,
        _AERODROME,
        _("Item 16: “%(text)s” is no location indicator of four letters."),
    ),
}

#: As much of a message as a sentence quotes, in characters.
_QUOTED = 40


class PlanError(AirspaceError):
    """A message is no flight plan, or a plan cannot be.

    `item` is the item of the message, None for the message as a whole.
    """

    def __init__(self, code: str, item: int | None, template: str, **params: str) -> None:
        quoted = {
            name: text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
            for name, text in params.items()
        }
        super().__init__(code, template, **quoted)
        self.item = item


@dataclass(frozen=True)
class FlightPlan:
    """One flight plan; never other than one that can be sent, else `PlanError`.

    `other` (Item 18) and `supplementary` (Item 19) map an indicator to its text. Text before the
    first indicator of Item 18 has the key "". `broken` is what follows an illegal hyphen in
    Item 18, None where there is none. `ssr` is mode and code (`A4721`), empty if none is given.
    `eobt` is UTC, `total_eet` hours and minutes.
    """

    call_sign: str
    flight_rules: str
    flight_type: str
    number_of_aircraft: int
    aircraft_type: str
    wake: str
    equipment: str
    surveillance: str
    departure: str
    eobt: str
    speed: str
    level: str
    route: tuple[str, ...]
    destination: str
    total_eet: str
    alternates: tuple[str, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)
    supplementary: Mapping[str, str] = field(default_factory=dict)
    broken: str | None = None
    ssr: str = ""

    def __post_init__(self) -> None:
        for name, (item, pattern, sentence) in FORMS.items():
            value = getattr(self, name)
            for part in value if isinstance(value, tuple) else (str(value),):
                if not re.fullmatch(pattern, part):
                    raise PlanError(name.upper(), item, sentence, text=part)
        sent = "-".join(filter(None, (self.item_18, self.item_19)))
        read_again = _read_end(sent.split("-"))
        said = (self.other, self.broken, self.supplementary)
        if _UNSENDABLE.search(sent) or read_again != said:
            raise PlanError("TEXT", 18, _("Items 18 and 19: “%(text)s” cannot be sent."), text=sent)
        if self.broken is None:
            self._require_values_of_item_18()
        self._require_values_of_item_19()

    @property
    def item_18(self) -> str:
        """Other information as it stands in the message, with what a hyphen broke off it."""
        return (_texts(self.other) or "0") + ("" if self.broken is None else f"-{self.broken}")

    @property
    def item_19(self) -> str:
        """Supplementary information as it stands in the message; empty if there is none."""
        return _texts(self.supplementary)

    def item(self, name: str) -> str:
        """Return an item as it stands in the message, `18/REG` for one indicator of it.

        Empty where the message has none.
        """
        number, _stroke, indicator = name.partition("/")
        if indicator:
            return (self.other if number == "18" else self.supplementary).get(indicator, "")
        several = str(self.number_of_aircraft) if self.number_of_aircraft > 1 else ""
        return {
            "7": "/".join(filter(None, (self.call_sign, self.ssr))),
            "8": f"{self.flight_rules}{self.flight_type}",
            "9": f"{several}{self.aircraft_type}/{self.wake}",
            "10": f"{self.equipment}/{self.surveillance}",
            "13": f"{self.departure}{self.eobt}",
            "15": " ".join((f"{self.speed}{self.level}", *self.route)),
            "16": " ".join((f"{self.destination}{self.total_eet}", *self.alternates)),
            "18": self.item_18,
            "19": self.item_19,
        }[number]

    @property
    def points(self) -> tuple[str, ...]:
        """The words of the route without changes of speed and level (`BALUN/N0390F270`)."""
        return tuple(word.removeprefix("C/").partition("/")[0] for word in self.route)

    @property
    def words(self) -> tuple[item_15.Word | None, ...]:
        """What the words of the route are; None for one that Item 15 does not know."""
        return tuple(map(item_15.read, self.route))

    @property
    def statuses(self) -> tuple[str, ...]:
        """What STS/ claims."""
        return tuple(self.other.get("STS", "").split())

    @property
    def date_of_flight(self) -> date | None:
        """The date of DOF/; None where there is none, or none that can be read."""
        return read_date(self.other.get("DOF", ""))

    @property
    def elapsed(self) -> dict[str, timedelta]:
        """The times of EET/ from off-block to the first reaching of each FIR or point."""
        times: dict[str, timedelta] = {}
        for word in self.other.get("EET", "").split():
            if entry := _EET.fullmatch(word):
                times.setdefault(entry[1], duration(entry[2]))
        return times

    @property
    def persons_on_board(self) -> int | None:
        """P/ of Item 19; None where it is not given or to be notified."""
        persons = self.supplementary.get("P", "")
        return int(persons) if persons.isdecimal() else None

    def _require_values_of_item_18(self) -> None:
        for status in self.statuses:
            if status not in STATUSES:
                raise PlanError("STS", 18, _("Item 18: STS/ has no value “%(text)s”."), text=status)
        day = self.other.get("DOF")
        if day is not None and read_date(day) is None:
            raise PlanError(
                "DOF", 18, _("Item 18: DOF/ needs a date such as 260914, not “%(text)s”."), text=day
            )
        for word in self.other.get("EET", "").split():
            if not _EET.fullmatch(word):
                raise PlanError(
                    "EET",
                    18,
                    _("Item 18: EET/ needs FIRs with times such as UATT0206, not “%(text)s”."),
                    text=word,
                )

    def _require_values_of_item_19(self) -> None:
        endurance = self.supplementary.get("E")
        if endurance is not None and not re.fullmatch(_ELAPSED, endurance):
            raise PlanError(
                "ENDURANCE",
                19,
                _("Item 19: E/ needs hours and minutes such as 0800, not “%(text)s”."),
                text=endurance,
            )
        persons = self.supplementary.get("P")
        if persons is not None and not re.fullmatch(r"[0-9]{1,3}|TBN", persons):
            raise PlanError(
                "PERSONS",
                19,
                _("Item 19: P/ needs a number of persons or TBN, not “%(text)s”."),
                text=persons,
            )


def read(message: str) -> FlightPlan:
    """Return the plan of one message. Raises `PlanError` if it is no flight plan."""
    _kind, fields = fields_of(message)
    if len(fields) < len(ITEMS):
        missing = ITEMS[len(fields)]
        raise PlanError(
            "ITEM_MISSING",
            missing,
            _("Item %(text)s is missing: the message ends before it."),
            text=str(missing),
        )
    identification, kind, aircraft, fitted, departure, flown, arrival = fields[: len(ITEMS)]
    call_sign, stroke, ssr = identification.partition("/")
    number, designator = _numbered(aircraft.partition("/")[0])
    cruise, *route = flown.split() or [""]
    cut = 4 if cruise.startswith("M") else 5
    destination, *alternates = arrival.split() or [""]
    other, broken, supplementary = _read_end(fields[len(ITEMS) :])
    return FlightPlan(
        call_sign=call_sign,
        flight_rules=kind[:1],
        flight_type=kind[1:],
        number_of_aircraft=number,
        aircraft_type=designator,
        wake=aircraft.partition("/")[2],
        equipment=fitted.partition("/")[0],
        surveillance=fitted.partition("/")[2],
        departure=departure[:4],
        eobt=departure[4:],
        speed=cruise[:cut],
        level=cruise[cut:],
        route=tuple(route),
        destination=destination[:4],
        total_eet=destination[4:],
        alternates=tuple(alternates),
        other=other,
        supplementary=supplementary,
        broken=broken,
        ssr=ssr or stroke,
    )


def write(plan: FlightPlan) -> str:
    """Return the message of a plan: each item on a new line, folded at blanks."""
    lines = [
        f"(FPL-{plan.item('7')}-{plan.item('8')}",
        f"-{plan.item('9')}-{plan.item('10')}",
        *(f"-{plan.item(name)}" for name in ("13", "15", "16")),
        *(f"-{item}" for item in (plan.item_18, plan.item_19) if item),
    ]
    lines[-1] += ")"
    return "\n".join(part for line in lines for part in folded(line))


def duration(elapsed: str) -> timedelta:
    """Return the length of an elapsed time such as `0448`."""
    return timedelta(hours=int(elapsed[:-2]), minutes=int(elapsed[-2:]))


def hours_and_minutes(elapsed: timedelta) -> str:
    """Return an elapsed time as a message has it, to the nearest minute: `0448`."""
    hours, minutes = divmod(round(elapsed / timedelta(minutes=1)), 60)
    return f"{hours:02}{minutes:02}"


def telegraphic(text: str) -> str:
    """Return free text with nothing in it that would begin an item or cannot be sent.

    Letters lose their marks; hyphens, strokes, brackets and other signs become blanks.
    """
    plain = unicodedata.normalize("NFKD", text).upper()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^A-Z0-9.,'=+:?]", " ", kept).split())


def bare(text: str) -> str:
    """Return a tail number or call sign without hyphens, blanks and other signs."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def fields_of(message: str, kinds: tuple[str, ...] = ("FPL",)) -> tuple[str, list[str]]:
    """Return what a message is, one of `kinds`, and its parts between hyphens, Item 7 first."""
    within = re.fullmatch(r"[^()]*\(([^()]*)\)[^()]*", message)
    if within is None:
        raise PlanError(
            "NOT_A_PLAN",
            None,
            _(
                "This is no flight plan message: it begins with “(FPL-”, ends with “)” "
                "and has no other brackets."
            )
            if kinds == ("FPL",)
            else _("This is no message: it begins with “(%(text)s-”, and ends with “)”."),
            text=", ".join(kinds),
        )
    text = " ".join(within[1].split())
    if strange := re.search(r"[^ -~]", text):
        raise PlanError(
            "CHARACTER",
            None,
            _("The character %(text)s cannot be sent in a flight plan message."),
            text=ascii(strange[0]),
        )
    kind, *fields = (part.strip() for part in text.upper().split("-"))
    named = _KIND.fullmatch(kind)
    if named is None or named[1] not in kinds:
        raise PlanError(
            "OTHER_MESSAGE",
            None,
            _("The message begins with “(%(text)s”, not with “(FPL-” as a flight plan does.")
            if kinds == ("FPL",)
            else _("The message begins with “(%(text)s”, which is no message about a plan."),
            text=kind,
        )
    return named[1], fields


def _numbered(aircraft: str) -> tuple[int, str]:
    """Return the number of aircraft, 1 where it is not given, and the type designator."""
    digits = aircraft[: 2 if aircraft[:2].isdecimal() else int(aircraft[:1].isdecimal())]
    return int(digits or "1"), aircraft[len(digits) :]


def _read_end(fields: list[str]) -> tuple[dict[str, str], str | None, dict[str, str]]:
    """Return Item 18, what a hyphen broke off it, and Item 19."""
    fields = [" ".join(part.split()) for part in fields]
    begin = next((at for at, part in enumerate(fields) if _INDICATED_19.match(part)), len(fields))
    item_18, *broken = fields[:begin] or [""]
    return (
        _indicated("" if item_18 == "0" else item_18, _INDICATED_18),
        "-".join(broken) if broken else None,
        _indicated(" ".join(fields[begin:]), _INDICATED_19),
    )


def item_18_of(text: str) -> dict[str, str]:
    """Return the text of each indicator of an Item 18 without an illegal hyphen."""
    return _indicated(" ".join(text.split()), _INDICATED_18)


def _indicated(text: str, pattern: re.Pattern[str]) -> dict[str, str]:
    """Return the text of each indicator; an indicator without text says nothing."""
    found: dict[str, list[str]] = {}
    indicator = ""
    for word in text.split():
        said = word
        if begun := pattern.fullmatch(word):
            indicator, said = begun.groups()
        if said:
            found.setdefault(indicator, []).append(said)
    return {name: " ".join(words) for name, words in found.items()}


def _texts(texts: Mapping[str, str]) -> str:
    return " ".join(f"{name}/{text}" if name else text for name, text in texts.items())


def read_date(text: str) -> date | None:
    """Return a date such as 260914; None where it is none."""
    if not re.fullmatch(r"[0-9]{6}", text):
        return None
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


def folded(line: str) -> list[str]:
    """Return a line as lines of a telegraphic message."""
    return textwrap.wrap(line, LINE, break_long_words=False, break_on_hyphens=False)
