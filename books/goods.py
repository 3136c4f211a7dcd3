"""The table of dangerous goods, and looking things up in it.

The table is the United States domestic one, 49 CFR 172.101 as of 1 June 2026; see
`books/data/goods/README.md`. The ICAO Technical Instructions and military rules may differ.
Masses are kg, volumes litres; limits are net quantities per package.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TABLE = Path(__file__).parent / "data" / "goods" / "dangerous_goods.csv"

#: The flags of the table, in words.
FLAGS = {
    "transport_forbidden": gettext_lazy("Forbidden for transport"),
    "forbidden_by_air": gettext_lazy("Forbidden by air"),
    "cargo_aircraft_only": gettext_lazy("Cargo aircraft only"),
    "technical_name_required": gettext_lazy("Technical name in brackets required"),
    "limit_elsewhere": gettext_lazy("Limits stand in other sections"),
    "class_not_fixed": gettext_lazy("The authority fixes the class"),
    "us_domestic_number": gettext_lazy("United States number, not valid abroad"),
    "air_only_number": gettext_lazy("Number for air transport only"),
    "no_un_number": gettext_lazy("No number"),
}


# The table


@dataclass(frozen=True)
class Limit:
    """How much of it one package may hold, as the table puts it.

    `amounts` pairs a quantity with its unit, "kg" or "L"; two of them stand for solids and
    liquids. `is_gross`: the quantity is the gross mass. `is_below`: less than, not up to.
    """

    text: str
    amounts: tuple[tuple[Decimal, str], ...] = ()
    is_gross: bool = False
    is_below: bool = False

    @property
    def is_forbidden(self) -> bool:
        return self.text == "Forbidden"

    @property
    def is_elsewhere(self) -> bool:
        """The table refers to other sections."""
        return not self.text or self.text.startswith("See ")

    @property
    def net_units(self) -> set[str]:
        """The units in which the net quantity must be given to be held against the limit."""
        return set() if self.is_gross else {unit for _quantity, unit in self.amounts}

    def is_exceeded_by(self, quantity: Decimal, unit: str) -> bool:
        """Return whether a package with so much breaks the limit; another unit never does."""
        return any(
            quantity > most or (self.is_below and quantity == most)
            for most, of_unit in self.amounts
            if of_unit == unit
        )

    def __str__(self) -> str:
        if self.is_forbidden:
            return _("Forbidden")
        if self.text == "No limit":
            return _("No limit")
        if self.is_elsewhere:
            return _("See the table's other sections")
        return self.text


AMOUNT = r"\d+(?:\.\d+)? (?:kg|g|L|mL)"
LIMIT = re.compile(rf"(Less than )?({AMOUNT})(?: or ({AMOUNT}))?( gross)?")


@cache
def limit(text: str) -> Limit:
    """Read a limit of the table; `ValueError` for words that the table does not use."""
    if text in ("", "Forbidden", "No limit") or text.startswith("See "):
        return Limit(text)
    found = LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(f"no limit: {text!r}")
    below, *amounts, gross = found.groups()
    return Limit(text, tuple(_amount_of(one) for one in amounts if one), bool(gross), bool(below))


def _amount_of(text: str) -> tuple[Decimal, str]:
    quantity, unit = text.split()
    if unit in ("g", "mL"):
        return Decimal(quantity) / 1000, {"g": "kg", "mL": "L"}[unit]
    return Decimal(quantity), unit


@dataclass(frozen=True)
class Entry:
    """A row of the table.

    `hazard_class` is class or division with the letter of the compatibility group, as it is
    declared: 3, 6.1, 1.4S.
    """

    un_number: str
    name: str
    hazard_class: str
    compatibility_group: str
    packing_group: str
    labels: tuple[str, ...]
    passenger_limit: Limit
    cargo_limit: Limit
    special_provisions: tuple[str, ...]
    flags: frozenset[str]

    @property
    def division(self) -> str:
        """The class or division without the letter."""
        return self.hazard_class.removesuffix(self.compatibility_group)

    @property
    def is_explosive(self) -> bool:
        """Class 1; the one explosive whose division the authority fixes has none in the table."""
        return self.division.startswith("1.") or "class_not_fixed" in self.flags

    @property
    def forbidden_on_passenger_aircraft(self) -> bool:
        return self.passenger_limit.is_forbidden or "transport_forbidden" in self.flags

    @property
    def forbidden_by_air(self) -> bool:
        return bool({"forbidden_by_air", "transport_forbidden"} & self.flags)

    @property
    def technical_name_required(self) -> bool:
        return "technical_name_required" in self.flags

    @property
    def remarks(self) -> list[str]:
        """The flags in words."""
        return [str(words) for flag, words in FLAGS.items() if flag in self.flags]

    @cached_property
    def names(self) -> frozenset[Words]:
        """The names of the entry in full; one entry may have several, joined by "or"."""
        whole = without_brackets(self.name)
        return frozenset(folded(one) for one in (whole, *_alternatives(self.name)))

    @cached_property
    def short_names(self) -> frozenset[Words]:
        """The names without their qualifying words, as far as a comma or "with" cuts them off."""
        return frozenset(
            folded(start) for one in _alternatives(self.name) for start in _starts(one)
        )

    def is_called(self, name: str) -> bool:
        """Return whether `name` is one of the names, with or without its qualifying words.

        Case, punctuation, word order, plural, the spelling of sulphur and what stands in brackets
        do not matter. "Cartridges, small arms" and "Cartridges for weapons" are both UN0012.
        """
        return folded(without_brackets(name)) in self.names | self.short_names


@cache
def table() -> tuple[Entry, ...]:
    """Return the table, in its own order: by number, the forbidden materials at the end."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [_entry(row) for row in csv.DictReader(file)]
    return tuple(rows)


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        un_number=row["un_number"],
        name=row["proper_shipping_name"],
        hazard_class=row["class_or_division"] + row["compatibility_group"],
        compatibility_group=row["compatibility_group"],
        packing_group=row["packing_group"],
        labels=tuple(one for one in row["labels"].split(";") if one not in ("", "None")),
        passenger_limit=limit(row["passenger_aircraft_limit"]),
        cargo_limit=limit(row["cargo_aircraft_only_limit"]),
        special_provisions=tuple(row["special_provisions"].split()),
        flags=frozenset(row["flags"].split()),
    )


# Names

Words = tuple[str, ...]

WORD = re.compile(r"[^\W_]+")
BRACKETS = re.compile(r"\([^()]*\)")
NEXT_NAME = re.compile(r",? or (?=[A-Z0-9])")
QUALIFIER = re.compile(r",\s|\s(?=(?:with|without|includes|including)\b)")

#: Spellings of the ICAO Technical Instructions, as the table of the United States has them.
SPELLINGS = {"n.o.s": "nos", "sulph": "sulf", "aluminium": "aluminum", "caesium": "cesium"}


def words_of(text: str) -> list[str]:
    text = text.casefold()
    for other, own in SPELLINGS.items():
        text = text.replace(other, own)
    return WORD.findall(text)


def folded(name: str) -> Words:
    """The words of a name in the singular and in alphabetical order, to compare names by."""
    return tuple(sorted(_singular(word) for word in words_of(name)))


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s")


def without_brackets(name: str) -> str:
    """The name without what stands in brackets, which may lie in each other."""
    while (shorter := BRACKETS.sub(" ", name)) != name:
        name = shorter
    return " ".join(name.split())


def _alternatives(name: str) -> list[str]:
    return NEXT_NAME.split(without_brackets(name))


def _starts(name: str) -> list[str]:
    return [name[: cut.start()] for cut in QUALIFIER.finditer(name)]


# Looking up


def of_number(un: str) -> list[Entry]:
    """Return the rows of a number such as UN1863, in the order of the table."""
    number = "".join(un.upper().split())
    return list(_by_number().get(number, ())) if number else []


@cache
def _by_number() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in table():
        found.setdefault(entry.un_number, []).append(entry)
    return {number: tuple(entries) for number, entries in found.items()}


def search(text: str, limit: int = 30) -> list[Entry]:
    """Return the rows that have every word of `text`, in number or name, best first.

    A word may be the beginning of one; a number goes before a name, a whole word before the
    beginning of one, a name that begins with the search before one that has it further on.
    """
    words = words_of(text)
    if not words:
        return []
    found = []
    for order, (entry, number, name, parts) in enumerate(_index()):
        marks = [_mark(word, number, parts) for word in words]
        if all(marks):
            found.append((sum(marks), not name.startswith(words[0]), order, entry))
    found.sort(key=lambda one: one[:3])
    return [entry for *_rank, entry in found[:limit]]


def _mark(word: str, number: str, parts: frozenset[str]) -> int:
    """Say how well a word fits: 1 is best, 0 not at all."""
    digits = number[2:]
    if digits and word in (number, digits, digits.lstrip("0")):
        return 1
    if digits and (number.startswith(word) or digits.startswith(word)):
        return 2
    if word in parts or _singular(word) in parts:
        return 3
    return 4 if any(part.startswith(word) for part in parts) else 0


@cache
def _index() -> tuple[tuple[Entry, str, str, frozenset[str]], ...]:
    """Each row with its number and its name in small letters and the words of the name."""
    return tuple(
        (
            entry,
            entry.un_number.casefold(),
            entry.name.casefold(),
            frozenset(form for word in words_of(entry.name) for form in (word, _singular(word))),
        )
        for entry in table()
    )
