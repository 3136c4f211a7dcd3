"""A declared list of dangerous goods, and what is wrong with it.

Held against the table of `books.goods`, the United States domestic one. A fault goes when
its cause is mended. Longer than most modules: one function for each kind of fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from books import shipping_names
from books.goods import (
    BRACKETS,
    Entry,
    Limit,
    Words,
    folded,
    of_number,
    table,
    without_brackets,
    words_of,
)
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True)
class Line:
    """A line of the list of dangerous goods, as declared; masses are kg.

    `hazard_class` is division and letter in one, such as 3 or 1.4S. `net_quantity` is the total
    of the line in `net_unit`, "kg" or "L". `net_explosive_kg` is the net explosive quantity (NEQ).
    `small_quantity`: LIMITED or EXCEPTED, if the line goes as such; else empty.
    `compliant`: packed and declared after ICAO/IATA; None if nothing is said. `from_point` and
    `to_point` are the aerodromes between which the goods are aboard; empty: all the way.
    """

    number: int
    un_number: str = ""
    proper_shipping_name: str = ""
    hazard_class: str = ""
    packing_group: str = ""
    packages: int | None = None
    gross_kg: Decimal | None = None
    net_quantity: Decimal | None = None
    net_unit: str = "kg"
    net_explosive_kg: Decimal | None = None
    packing: str = ""
    small_quantity: str = ""
    compliant: bool | None = None
    from_point: str = ""
    to_point: str = ""

    @classmethod
    def of(cls, row: object) -> Line:
        """Return the line of a row with the same attributes, such as one of the form."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


@dataclass(frozen=True)
class Kind:
    """What a fault of one code asks for, and who says so; no source: training default."""

    severity: Severity
    source: str = ""
    since: int = 1


FORM = "European Union diplomatic clearance form, items 41 to 48"
CFR = "49 CFR 172.101, eCFR of 1 June 2026"
PORTAL = (
    "European Defence Agency, diplomatic clearances portal (frequently asked questions, Sweden)"
)
ICAO = "ICAO Annex 18, chapter 1 (passenger aircraft: persons accompanying a consignment)"
INSTRUCTIONS = "ICAO Technical Instructions, Part 3, chapters 4 and 5"
IATA = (
    "IATA Dangerous Goods Regulations, table 9.3.A, as explained at "
    "blog.thecompliancecenter.com/lithium-battery-placarding-segregation/"
)
CANADA = "Transport Canada, model sentence “No dangerous goods are being carried”"

#: Missing and contradictory data block, since the form must be mended. What is permitted is for
#: the host to judge and is queried: that both severities stand like this is a training default.
KINDS = {
    "DG_NO_STATEMENT": Kind(Severity.BLOCK, CANADA),
    "DG_LIST_EMPTY": Kind(Severity.BLOCK, FORM),
    "DG_NONE_BUT_LISTED": Kind(Severity.BLOCK),
    "DG_UN_FORM": Kind(Severity.BLOCK, FORM),
    "DG_UN_UNKNOWN": Kind(Severity.QUERY, CFR, since=2),
    "DG_US_NUMBER": Kind(Severity.BLOCK, CFR),
    "DG_NAME_MISMATCH": Kind(Severity.BLOCK, CFR),
    "DG_TECHNICAL_NAME": Kind(Severity.BLOCK, CFR),
    "DG_CLASS_MISMATCH": Kind(Severity.BLOCK, CFR),
    "DG_COMPATIBILITY_MISSING": Kind(Severity.BLOCK, CFR),
    "DG_PG_MISSING": Kind(Severity.BLOCK, CFR),
    "DG_PG_NOT_APPLICABLE": Kind(Severity.BLOCK, CFR),
    "DG_PG_MISMATCH": Kind(Severity.BLOCK, CFR),
    "DG_QUANTITY_MISSING": Kind(Severity.BLOCK, FORM),
    "DG_NEQ_MISSING": Kind(Severity.BLOCK, FORM),
    "DG_NEQ_NOT_EXPLOSIVE": Kind(Severity.BLOCK),
    "DG_MASS_ORDER": Kind(Severity.BLOCK),
    "DG_TOTAL_EXCEEDS_CARGO": Kind(Severity.BLOCK),
    "DG_NOT_COMPLIANT_UNSTATED": Kind(Severity.BLOCK),
    "DG_NOT_COMPLIANT": Kind(Severity.QUERY, PORTAL),
    "DG_TRANSPORT_FORBIDDEN": Kind(Severity.QUERY, CFR),
    "DG_FORBIDDEN_BY_AIR": Kind(Severity.QUERY, CFR),
    "DG_CARGO_LIMIT": Kind(Severity.QUERY, CFR),
    "DG_ATTENDANTS": Kind(Severity.QUERY, ICAO, since=2),
    "DG_PASSENGERS": Kind(Severity.QUERY, CFR),
    "DG_PASSENGER_LIMIT": Kind(Severity.QUERY, CFR),
    "DG_MIXED_COMPATIBILITY": Kind(Severity.NOTIFY),
    "DG_LITHIUM_APART": Kind(Severity.NOTIFY, IATA, since=2),
    "DG_LIMIT_ELSEWHERE": Kind(Severity.NOTIFY, CFR),
    "DG_SMALL_QUANTITY": Kind(Severity.QUERY, INSTRUCTIONS, since=2),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong: the code, the item of the line or form that it is about, what to do.

    `line` is the number of the line; None for a fault of the whole list.
    """

    code: str
    item: str
    sentence: str
    line: int | None = None


#: A fault before it is put in its place: code, item, sentence.
Found = tuple[str, str, str]

#: Nobody sends more persons with a load than these (training default): more are passengers, unless
#: the form says otherwise.
MOST_ATTENDANTS = 4

#: Whether an entry of the table has a name.
Called = Callable[[Entry, str], bool]

UN_NUMBER = re.compile(r"(UN|NA|ID)[0-9]{4}")
EXPLOSIVE_CLASS = re.compile(r"1\.[1-6][A-HJ-LNS]")
DIVISION_ONLY = re.compile(r"1\.[1-6]")

#: No mass or volume on an aircraft comes near; what is beyond is a slip of the pen.
MOST = Decimal(1_000_000_000)


def faults(line: Line, called: Called = shipping_names.is_called) -> list[Fault]:
    """Return what is wrong with a line by itself; `faults_of_list` says what the flight adds.

    `called` is how a name is read; rule set 1 knows only the names that the table prints.
    """
    rows = _rows(line, called)
    found = (
        *_number(line),
        *_name(line, rows, called),
        *_hazard_class(line, rows),
        *_packing_group(line, rows),
        *_quantities(line, rows),
        *_explosive_quantity(line),
        *_mass_order(line),
        *_by_air(line, rows),
        *_small_quantity(line, rows),
        *_compliance(line),
    )
    return [_of_line(line, *one) for one in found]


def faults_of_list(
    lines: Sequence[Line],
    passenger_count: int,
    cargo_kg: int | None,
    statement: str,
    attendants: int | None = 0,
    called: Called = shipping_names.is_called,
) -> list[Fault]:
    """Return what is wrong with the list as a whole and beside passengers and cargo.

    `statement` is NONE, LIST or empty; `attendants` are those of the passengers who attend to the
    load, None if nothing is said. The faults of each line by itself are not among them.
    """
    found = (
        *_statement(lines, statement),
        *_total(lines, cargo_kg),
        *_mixed(lines, called),
        *_lithium_apart(lines, called),
    )
    beside = [(line, one) for line in lines for one in _with_passengers(line, called)]
    if not _ride(passenger_count, attendants):
        return [Fault(*one) for one in found]
    if attendants is None and passenger_count <= MOST_ATTENDANTS:
        numbers = ", ".join(dict.fromkeys(line.un_number for line, _fault in beside))
        asked = [Fault(*_who_attends(passenger_count, numbers))] if beside else []
    else:
        asked = [_of_line(line, *one) for line, one in beside]
    return [*(Fault(*one) for one in found), *asked]


def is_explosive(line: Line) -> bool:
    """Return whether the line is of class 1, as declared or by its number."""
    rows = of_number(line.un_number)
    return line.hazard_class.startswith("1.") or (
        bool(rows) and all(row.is_explosive for row in rows)
    )


def _of_line(line: Line, code: str, item: str, what: str) -> Fault:
    """Name line and number before the sentence."""
    named = _("Line %(number)d (%(un)s): %(what)s")
    nameless = _("Line %(number)d: %(what)s")
    sentence = (named if line.un_number else nameless) % {
        "number": line.number,
        "un": line.un_number,
        "what": what,
    }
    return Fault(code, item, sentence, line.number)


def _rows(line: Line, called: Called) -> list[Entry]:
    """The rows that the line may mean: of its number, by name and packing group where they fit."""
    rows = of_number(line.un_number)
    rows = [row for row in rows if called(row, line.proper_shipping_name)] or rows
    return [row for row in rows if row.packing_group == line.packing_group] or rows


def _number(line: Line) -> Iterator[Found]:
    if not UN_NUMBER.fullmatch(line.un_number):
        yield ("DG_UN_FORM", "un_number", _("give the UN number as UN and four digits."))
    elif line.un_number.startswith("NA"):
        yield (
            "DG_US_NUMBER",
            "un_number",
            _("this number is used in the United States only; give the UN number."),
        )
    elif not of_number(line.un_number):
        yield (
            "DG_UN_UNKNOWN",
            "un_number",
            _(
                "this number is not in the table shipped here, that of the United States (49 CFR "
                "172.101); look up its name, class, packing group and limits in the ICAO Technical "
                "Instructions, table 3-1, and hold the shipper's declaration against them."
            ),
        )


def _name(line: Line, rows: list[Entry], called: Called) -> Iterator[Found]:
    name = line.proper_shipping_name
    if any(called(row, name) for row in rows):
        if all(row.technical_name_required for row in rows) and not _technical_name(name, rows):
            yield (
                "DG_TECHNICAL_NAME",
                "proper_shipping_name",
                _("add the technical name in brackets after the proper shipping name."),
            )
        return
    if folded(without_brackets(name)) in _forbidden_materials():
        yield (
            "DG_TRANSPORT_FORBIDDEN",
            "proper_shipping_name",
            _("the table forbids to transport this material at all; take it off the list."),
        )
    if rows:
        yield "DG_NAME_MISMATCH", "proper_shipping_name", _mismatch(line, rows, called)


def _mismatch(line: Line, rows: list[Entry], called: Called) -> str:
    name = line.proper_shipping_name.strip()
    known = {"name": rows[0].name, "declared": name}
    if not name:
        return _("give the proper shipping name; the table has “%(name)s”.") % known
    others = _numbers_called(line, called)
    if not others:
        return _("the table calls it “%(name)s”, not “%(declared)s”; mend name or number.") % known
    return _(
        "the table calls it “%(name)s”; “%(declared)s” is %(others)s. Mend name or number."
    ) % (known | {"others": ", ".join(others)})


def _numbers_called(line: Line, called: Called) -> list[str]:
    """The first three numbers of that name, those of the declared class before the others."""
    found = [
        row
        for row in table()
        if row.un_number.startswith("UN") and called(row, line.proper_shipping_name)
    ]
    found.sort(key=lambda row: row.hazard_class != line.hazard_class)
    return list(dict.fromkeys(row.un_number for row in found))[:3]


def _technical_name(name: str, rows: list[Entry]) -> bool:
    """Whether the name goes on after "n.o.s.", or in brackets that are not the table's own."""
    if shipping_names.technical_name(name):
        return True
    own = {bracket for row in rows for bracket in BRACKETS.findall(row.name)}
    return any(words_of(bracket) for bracket in BRACKETS.findall(name) if bracket not in own)


@cache
def _forbidden_materials() -> frozenset[Words]:
    """The full names of the materials that have no number, being forbidden altogether."""
    return frozenset(
        name for row in table() if "transport_forbidden" in row.flags for name in row.names
    )


def _hazard_class(line: Line, rows: list[Entry]) -> Iterator[Found]:
    declared = line.hazard_class
    if DIVISION_ONLY.fullmatch(declared):
        yield (
            "DG_COMPATIBILITY_MISSING",
            "hazard_class",
            _("add the letter of the compatibility group to the division, such as 1.4S."),
        )
    if not rows or any(_is_of_class(declared, row) for row in rows):
        return
    known = {"declared": declared, "classes": ", ".join(sorted({r.hazard_class for r in rows}))}
    if rows[0].hazard_class == "":
        sentence = _("give the division and letter that the authority has fixed, such as 1.1L.")
    elif declared:
        sentence = _("the table has class %(classes)s, not %(declared)s.") % known
    else:
        sentence = _("give the class; the table has %(classes)s.") % known
    yield "DG_CLASS_MISMATCH", "hazard_class", sentence


def _is_of_class(declared: str, row: Entry) -> bool:
    """A division without its letter is another fault; one that an authority fixes may be any."""
    if "class_not_fixed" in row.flags:
        return bool(EXPLOSIVE_CLASS.fullmatch(declared) or DIVISION_ONLY.fullmatch(declared))
    return declared in (row.hazard_class, row.division if row.is_explosive else None)


def _packing_group(line: Line, rows: list[Entry]) -> Iterator[Found]:
    groups = sorted({row.packing_group for row in rows if row.packing_group})
    known = {"declared": line.packing_group, "groups": ", ".join(groups)}
    if line.packing_group and not groups and (rows or is_explosive(line)):
        yield (
            "DG_PG_NOT_APPLICABLE",
            "packing_group",
            _("leave the packing group empty; the entry has none."),
        )
    elif groups and not line.packing_group:
        yield (
            "DG_PG_MISSING",
            "packing_group",
            _("give the packing group; the table has %(groups)s.") % known,
        )
    elif groups and line.packing_group not in groups:
        yield (
            "DG_PG_MISMATCH",
            "packing_group",
            _("the table has packing group %(groups)s, not %(declared)s.") % known,
        )


def _amount(quantity: Decimal | None) -> Decimal | None:
    """The quantity if it is one: a number above 0."""
    if quantity is None or not quantity.is_finite() or not 0 < quantity < MOST:
        return None
    return quantity


def _packages(line: Line) -> int | None:
    return line.packages if line.packages and line.packages > 0 else None


def _quantities(line: Line, rows: list[Entry]) -> Iterator[Found]:
    missing = {
        "packages": (_packages(line), _("give the number of packages.")),
        "gross_kg": (_amount(line.gross_kg), _("give the gross mass in kg.")),
        "net_quantity": (_amount(line.net_quantity), _("give the net quantity.")),
    }
    for item, (value, sentence) in missing.items():
        if value is None:
            yield "DG_QUANTITY_MISSING", item, sentence
    units = {
        unit for row in rows for unit in row.passenger_limit.net_units | row.cargo_limit.net_units
    }
    if line.net_unit not in (units or {"kg", "L"}):
        yield (
            "DG_QUANTITY_MISSING",
            "net_unit",
            _("give the net quantity in %(units)s, as the table limits it.")
            % {"units": " / ".join(sorted(units or {"kg", "L"}))},
        )


def _explosive_quantity(line: Line) -> Iterator[Found]:
    stated = _amount(line.net_explosive_kg)
    if is_explosive(line) and stated is None:
        yield (
            "DG_NEQ_MISSING",
            "net_explosive_kg",
            _("give the net explosive quantity (NEQ) in kg; class 1 needs it."),
        )
    if stated and not is_explosive(line):
        yield (
            "DG_NEQ_NOT_EXPLOSIVE",
            "net_explosive_kg",
            _("leave the net explosive quantity (NEQ) empty; the goods are not of class 1."),
        )


def _mass_order(line: Line) -> Iterator[Found]:
    """Gross, net, NEQ: none is above the one before; litres are not compared with kg."""
    gross, explosive = _amount(line.gross_kg), _amount(line.net_explosive_kg)
    net = _amount(line.net_quantity) if line.net_unit == "kg" else None
    if gross and net and net > gross:
        yield (
            "DG_MASS_ORDER",
            "net_quantity",
            _("the net quantity is above the gross mass; mend one of them."),
        )
    most = net or gross
    if explosive and most and explosive > most:
        yield (
            "DG_MASS_ORDER",
            "net_explosive_kg",
            _("the NEQ is above the net quantity or gross mass; mend one of them."),
        )


def _by_air(line: Line, rows: list[Entry]) -> Iterator[Found]:
    if not rows:
        return
    if all(row.forbidden_by_air for row in rows):
        yield (
            "DG_FORBIDDEN_BY_AIR",
            "un_number",
            _(
                "the table forbids it on every aircraft; it goes by military rules alone and "
                "needs the individual approval of the state."
            ),
        )
    elif most := _broken(line, rows, lambda row: row.cargo_limit):
        yield (
            "DG_CARGO_LIMIT",
            "net_quantity",
            _(
                "a package holds more than the %(limit)s of a cargo aircraft; use more packages "
                "or ask for an individual approval."
            )
            % {"limit": most},
        )
    if any(row.passenger_limit.is_elsewhere or row.cargo_limit.is_elsewhere for row in rows):
        yield (
            "DG_LIMIT_ELSEWHERE",
            "un_number",
            _("the limits stand in other sections of the rules; look them up there."),
        )


def _broken(line: Line, rows: list[Entry], limit_of: Callable[[Entry], Limit]) -> Limit | None:
    """The widest limit of the rows if one package of the line breaks them all.

    The packages of a line are taken to be alike: a line has one net quantity.
    """
    limits = [limit_of(row) for row in rows]
    packages = _packages(line)
    if packages is None or not all(_breaks(line, one, packages) for one in limits):
        return None
    return max(limits, key=lambda one: one.amounts)


def _breaks(line: Line, one: Limit, packages: int) -> bool:
    if one.is_forbidden:
        return True
    whole = _amount(line.gross_kg if one.is_gross else line.net_quantity)
    unit = "kg" if one.is_gross else line.net_unit
    return whole is not None and one.is_exceeded_by(whole / packages, unit)


def _compliance(line: Line) -> Iterator[Found]:
    if line.compliant is None:
        yield (
            "DG_NOT_COMPLIANT_UNSTATED",
            "compliant",
            _("say whether the goods are packed and declared after ICAO/IATA."),
        )
    elif not line.compliant:
        yield (
            "DG_NOT_COMPLIANT",
            "compliant",
            _("not after ICAO/IATA: no annual number covers it, it needs an individual approval."),
        )


#: The most that a package weighs in limited quantity (kg gross), and holds in excepted quantity
#: (kg or L net).
MOST_LIMITED = Decimal(30)
MOST_EXCEPTED = Decimal(1)


def _small_quantity(line: Line, rows: list[Entry]) -> Iterator[Found]:
    """What goes in limited or excepted quantity keeps to that: its package, and its kind."""
    if not line.small_quantity:
        return
    never = is_explosive(line) or line.hazard_class == "7"
    if never or (rows and all(row.forbidden_on_passenger_aircraft for row in rows)):
        yield (
            "DG_SMALL_QUANTITY",
            "small_quantity",
            _("such goods do not go in limited or excepted quantity; declare them in full."),
        )
    packages = _packages(line)
    is_limited = line.small_quantity == "LIMITED"
    whole = _amount(line.gross_kg if is_limited else line.net_quantity)
    if packages is None or whole is None:
        return
    if is_limited and whole / packages > MOST_LIMITED:
        yield (
            "DG_SMALL_QUANTITY",
            "gross_kg",
            _("a package in limited quantity weighs no more than 30 kg gross; use more packages."),
        )
    elif not is_limited and whole / packages > MOST_EXCEPTED:
        yield (
            "DG_SMALL_QUANTITY",
            "net_quantity",
            _("a package in excepted quantity holds no more than 1 kg or 1 L; use more packages."),
        )


def _statement(lines: Sequence[Line], statement: str) -> Iterator[Found]:
    if statement not in ("NONE", "LIST"):
        yield (
            "DG_NO_STATEMENT",
            "dangerous_goods",
            _("State that no dangerous goods are carried, or list them; silence is no statement."),
        )
    elif statement == "LIST" and not lines:
        yield ("DG_LIST_EMPTY", "dangerous_goods", _("List the dangerous goods, one line each."))
    elif statement == "NONE" and lines:
        yield (
            "DG_NONE_BUT_LISTED",
            "dangerous_goods",
            _("Goods are listed, but the statement says that there are none."),
        )


def _total(lines: Iterable[Line], cargo_kg: int | None) -> Iterator[Found]:
    total = sum((_amount(line.gross_kg) or Decimal(0) for line in lines), Decimal(0))
    if cargo_kg is not None and total > cargo_kg:
        yield (
            "DG_TOTAL_EXCEEDS_CARGO",
            "cargo_kg",
            _(
                "The dangerous goods weigh %(total)s kg gross, more than all cargo (%(cargo)d kg); "
                "mend one of them."
            )
            % {"total": f"{total.normalize():f}", "cargo": cargo_kg},
        )


def _mixed(lines: Iterable[Line], called: Called) -> Iterator[Found]:
    """Different compatibility groups together, S apart: a training default.

    The real tables allow some pairs, such as C with D and E.
    """
    groups = [
        (line, letter) for line in lines if (letter := _letter(line, called)) not in ("", "S")
    ]
    met = [
        {(one, letter), (other, of_other)}
        for (one, letter), (other, of_other) in combinations(groups, 2)
        if letter != of_other and _meet(one, other)
    ]
    if met:
        together = set().union(*met)
        yield (
            "DG_MIXED_COMPATIBILITY",
            "hazard_class",
            _(
                "Explosives of compatibility groups %(groups)s are aboard together (lines "
                "%(lines)s); make sure that they may be."
            )
            % {
                "groups": ", ".join(sorted({letter for _line, letter in together})),
                "lines": _numbered(line for line, _letter in together),
            },
        )


#: Loose lithium batteries, ion and metal, and the classes that they are kept apart from beside
#: explosives other than 1.4S.
LOOSE_LITHIUM = frozenset({"UN3480", "UN3090"})
APART_FROM_LITHIUM = frozenset({"2.1", "3", "4.1", "5.1"})


def _lithium_apart(lines: Iterable[Line], called: Called) -> Iterator[Found]:
    """Loose lithium batteries aboard together with what they are kept apart from."""
    lines = [*lines]
    met = [
        (battery, other)
        for battery in lines
        for other in lines
        if battery.un_number in LOOSE_LITHIUM
        and (
            other.hazard_class in APART_FROM_LITHIUM
            or (is_explosive(other) and _letter(other, called) != "S")
        )
        and _meet(battery, other)
    ]
    if met:
        yield (
            "DG_LITHIUM_APART",
            "un_number",
            _(
                "Lithium batteries (lines %(batteries)s) are kept apart from lines %(others)s; "
                "make sure that they are."
            )
            % {
                "batteries": _numbered(battery for battery, _other in met),
                "others": _numbered(other for _battery, other in met),
            },
        )


def _numbered(lines: Iterable[Line]) -> str:
    return ", ".join(map(str, sorted({line.number for line in lines})))


def _letter(line: Line, called: Called) -> str:
    """The compatibility group as declared, else by the table."""
    if EXPLOSIVE_CLASS.fullmatch(line.hazard_class):
        return line.hazard_class[-1]
    return next((row.compatibility_group for row in _rows(line, called)), "")


def _meet(one: Line, other: Line) -> bool:
    """Whether two lines are aboard together: unless one leaves where the other comes aboard."""
    return not (
        (one.to_point and one.to_point == other.from_point)
        or (other.to_point and other.to_point == one.from_point)
    )


def _ride(passenger_count: int, attendants: int | None) -> bool:
    """Whether there may be passengers beside those who attend to the load."""
    return passenger_count > (attendants or 0)


def _who_attends(passenger_count: int, numbers: str) -> Found:
    sentence = _(
        "Passengers are listed (%(count)d), and %(numbers)s may not ride with passengers as it "
        "is; say how many of them attend to the load."
    )
    known = {"count": passenger_count, "numbers": numbers}
    return "DG_ATTENDANTS", "attendant_count", sentence % known


def _with_passengers(line: Line, called: Called) -> Iterator[Found]:
    rows = _rows(line, called)
    if rows and all(row.forbidden_on_passenger_aircraft for row in rows):
        yield (
            "DG_PASSENGERS",
            "un_number",
            _(
                "the table forbids it on passenger aircraft, and passengers are aboard; use "
                "another aircraft or ask for a military exemption."
            ),
        )
    elif rows and (most := _broken(line, rows, lambda row: row.passenger_limit)):
        yield (
            "DG_PASSENGER_LIMIT",
            "net_quantity",
            _(
                "a package holds more than the %(limit)s of a passenger aircraft, and passengers "
                "are aboard; use more packages or another aircraft."
            )
            % {"limit": most},
        )
