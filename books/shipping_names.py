"""Is a declared name one of an entry of the table, as the rest of the world writes it?

The table is that of the United States. Elsewhere a proper shipping name is what the UN Model
Regulations and the ICAO Technical Instructions print in capitals: the description in small letters
after it is no part of the name, but the table has lost that print. Some entries have other names
abroad; they stand in `data/goods/international_names.csv`.

A name is compared by its words, whatever their order, number, spelling and punctuation. Where one
would be taken for other goods, it is none: "Lithium ion batteries" are UN3480 and not UN3481.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from books.goods import NEXT_NAME, TABLE, Entry, Words, of_number, table, without_brackets

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = TABLE.with_name("international_names.csv")

#: Where the words in small letters begin: they describe the goods and are no part of the name.
DESCRIPTION = re.compile(
    r",?\s(?=(?:with|without|includes|including|containing|only|not|non|other than|programmable"
    r"|for blasting|for technical purposes|cryogenic|free from|at or above|see)\b)"
)
EITHER = re.compile(r"([\w-]+) or ([\w-]+)")
OR = re.compile(r"\s+or\s+|\s*/\s*", re.IGNORECASE)
NUMBER = re.compile(r"^\s*(?:UN|ID)\s*[0-9]{4}\b[\s,:;-]*", re.IGNORECASE)
NOT_OTHERWISE_SPECIFIED = re.compile(r"\b(?:n\.?\s?o\.?\s?s\b\.?|not otherwise specified\b)")
NEGATION = re.compile(r"\b(non|self)[\s-]+(?=\w)")
WORD = re.compile(r"[^\W_]+")

#: Spellings of the world, and of the table.
SPELLINGS = {
    "sulph": "sulf",
    "aluminium": "aluminum",
    "caesium": "cesium",
    "fibre": "fiber",
    "mould": "mold",
    "vapour": "vapor",
    "colour": "color",
    "litre": "liter",
    "tyre": "tire",
    "liquified": "liquefied",
    "kerosine": "kerosene",
    "glycerine": "glycerin",
    "propellent": "propellant",
    "phosphorous": "phosphorus",
}
IZED = re.compile(r"is(ed|ing|ation)\b")

#: Words that tell no goods from others.
IDLE = frozenset({"a", "an", "the", "of", "percent", "per", "cent"})
#: What the rules let a shipper add to a name.
ADDED = "waste solution mixture"


def is_called(entry: Entry, name: str) -> bool:
    """Return whether `name` is a name of the entry, in the table's words or international ones.

    Of several names, "Motor spirit or petrol", each has to be one of its number. What follows
    "n.o.s." is the technical name, in brackets or not.
    """
    name = NUMBER.sub("", name)
    if entry.is_called(name) or _is_one(entry, name):
        return True
    several = OR.split(without_brackets(name))
    return (
        len(several) > 1
        and any(_is_one(entry, one) for one in several)
        and all(any(_is_one(row, one) for row in of_number(entry.un_number)) for one in several)
    )


def technical_name(name: str) -> str:
    """Return what stands after "n.o.s." outside brackets; empty where nothing does."""
    found = NOT_OTHERWISE_SPECIFIED.search(without_brackets(name).casefold())
    return " ".join(WORD.findall(found.string[found.end() :])) if found else ""


def _is_one(entry: Entry, name: str) -> bool:
    declared = words(without_brackets(name))
    if declared in _own(entry):
        return True
    if not declared or _is_of_others(entry, declared):
        return False
    specified = technical_name(name)
    core = _without(declared, words(specified)) if specified else declared
    return bool({core, _without(core, words(ADDED))} & _own(entry))


def words(name: str) -> Words:
    """Return the words that tell goods apart, each as its stem, in alphabetical order."""
    text = name.casefold()
    for other, own in SPELLINGS.items():
        text = text.replace(other, own)
    text = NOT_OTHERWISE_SPECIFIED.sub(" nos ", IZED.sub(r"iz\1", text))
    found = WORD.findall(NEGATION.sub(r"\1", text))
    return tuple(sorted(_stem(word) for word in found if word not in IDLE))


def _stem(word: str) -> str:
    """Return what singular and plural share: gas, gases; battery, batteries; fuse, fuses."""
    if len(word) <= 3 or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s").removesuffix("e")


def _without(found: Words, less: Words) -> Words:
    left = list(found)
    for word in less:
        if word in left:
            left.remove(word)
    return tuple(left)


@cache
def _own(entry: Entry) -> frozenset[Words]:
    """The names of an entry: in full, without their description, and those used abroad."""
    heads = {head for head in _heads(entry) if not _is_of_others(entry, head)}
    abroad = {words(name) for name in _abroad().get(entry.un_number, ())}
    return frozenset(_full(entry) | heads | abroad)


def _is_of_others(entry: Entry, name: Words) -> bool:
    """Whether the words, cut off or not, are a name of goods that are called otherwise."""
    return any(not (full & _full(entry)) for full in _owners().get(name, ()))


@cache
def _full(entry: Entry) -> frozenset[Words]:
    return frozenset(words(one) for one in _names(entry))


def _heads(entry: Entry) -> Iterator[Words]:
    for name in _names(entry):
        for cut in DESCRIPTION.finditer(name):
            for one in _one_of_each(name[: cut.start()]):
                yield words(one)
        for one in _one_of_each(name):
            yield words(one)


def _names(entry: Entry) -> list[str]:
    whole = without_brackets(entry.name)
    return list(dict.fromkeys((whole, *NEXT_NAME.split(whole))))


def _one_of_each(text: str) -> Iterator[str]:
    """The texts that "pneumatic or hydraulic" stands for, and the text itself."""
    yield text
    choices = EITHER.findall(text)
    for chosen in product(*choices) if choices else ():
        picked = iter(chosen)
        yield EITHER.sub(lambda _found: next(picked), text)  # noqa: B023 - used at once


@cache
def _owners() -> dict[Words, frozenset[frozenset[Words]]]:
    """Which goods have these words as a name or as its head; goods are told by their full names."""
    found: dict[Words, set[frozenset[Words]]] = {}
    for entry in table():
        if entry.un_number.startswith("UN"):
            for name in {*_full(entry), *_heads(entry)}:
                found.setdefault(name, set()).add(_full(entry))
    for number, names in _abroad().items():
        for other in names:
            found.setdefault(words(other), set()).update(_full(row) for row in of_number(number))
    return {name: frozenset(goods) for name, goods in found.items()}


@cache
def _abroad() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["un_number"], []).append(row["name"])
    return {number: tuple(names) for number, names in found.items()}
