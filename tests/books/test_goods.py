"""The table of dangerous goods, the look-up, and what is wrong with a declared list."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import goods
from books.goods import TABLE
from rules import declaration
from rules.declaration import Fault, Line
from transit.severity import Severity

kg = Decimal

#: Numbers read by hand: number, beginning of the name, class, packing group, passenger aircraft,
#: cargo aircraft.
READ_BY_HAND = [
    ("UN0012", "Cartridges for weapons, inert projectile", "1.4S", "", "25 kg", "100 kg"),
    ("UN0014", "Cartridges for weapons, blank", "1.4S", "", "25 kg", "100 kg"),
    ("UN0339", "Cartridges for weapons, inert projectile", "1.4C", "", "Forbidden", "75 kg"),
    ("UN0338", "Cartridges for weapons, blank", "1.4C", "", "Forbidden", "75 kg"),
    ("UN0328", "Cartridges for weapons, inert projectile", "1.2C", "", "Forbidden", "Forbidden"),
    ("UN0006", "Cartridges for weapons, with bursting", "1.1E", "", "Forbidden", "Forbidden"),
    ("UN0005", "Cartridges for weapons, with bursting", "1.1F", "", "Forbidden", "Forbidden"),
    ("UN0007", "Cartridges for weapons, with bursting", "1.2F", "", "Forbidden", "Forbidden"),
    ("UN0321", "Cartridges for weapons, with bursting", "1.2E", "", "Forbidden", "Forbidden"),
    ("UN0412", "Cartridges for weapons, with bursting", "1.4E", "", "Forbidden", "75 kg"),
    ("UN0168", "Projectiles, with bursting charge", "1.1D", "", "Forbidden", "Forbidden"),
    ("UN0169", "Projectiles, with bursting charge", "1.2D", "", "Forbidden", "Forbidden"),
    ("UN0284", "Grenades, hand or rifle, with", "1.1D", "", "Forbidden", "Forbidden"),
    ("UN0285", "Grenades, hand or rifle, with", "1.2D", "", "Forbidden", "Forbidden"),
    ("UN0181", "Rockets, with bursting charge", "1.1E", "", "Forbidden", "Forbidden"),
    ("UN0182", "Rockets, with bursting charge", "1.2E", "", "Forbidden", "Forbidden"),
    ("UN0186", "Rocket motors", "1.3C", "", "Forbidden", "220 kg"),
    ("UN0281", "Rocket motors", "1.2C", "", "Forbidden", "Forbidden"),
    ("UN0048", "Charges, demolition", "1.1D", "", "Forbidden", "Forbidden"),
    ("UN0065", "Cord, detonating", "1.1D", "", "Forbidden", "Forbidden"),
    ("UN0209", "Trinitrotoluene", "1.1D", "", "Forbidden", "Forbidden"),
    ("UN0072", "Cyclotrimethylenetrinitramine", "1.1D", "", "Forbidden", "Forbidden"),
    ("UN0029", "Detonators, non-electric", "1.1B", "", "Forbidden", "Forbidden"),
    ("UN0030", "Detonators, electric", "1.1B", "", "Forbidden", "Forbidden"),
    ("UN0267", "Detonators, non-electric", "1.4B", "", "Forbidden", "75 kg"),
    ("UN0093", "Flares, aerial", "1.3G", "", "Forbidden", "75 kg"),
    ("UN0403", "Flares, aerial", "1.4G", "", "Forbidden", "75 kg"),
    ("UN0404", "Flares, aerial", "1.4S", "", "25 kg", "100 kg"),
    ("UN0303", "Ammunition, smoke", "1.4G", "", "Forbidden", "75 kg"),
    ("UN0197", "Signals, smoke", "1.4G", "", "Forbidden", "75 kg"),
    ("UN0191", "Signal devices, hand", "1.4G", "", "Forbidden", "75 kg"),
    ("UN0016", "Ammunition, smoke", "1.3G", "", "Forbidden", "Forbidden"),
    ("UN0323", "Cartridges, power device", "1.4S", "", "25 kg", "100 kg"),
    ("UN0503", "Safety devices, pyrotechnic", "1.4G", "", "Forbidden", "75 kg"),
    ("UN3268", "Safety devices, electrically", "9", "", "25 kg", "100 kg"),
    ("UN2016", "Ammunition, toxic", "6.1", "", "Forbidden", "100 kg"),
    ("UN2017", "Ammunition, tear-producing", "6.1", "", "Forbidden", "50 kg"),
    ("UN1863", "Fuel, aviation, turbine engine", "3", "I", "1 L", "30 L"),
    ("UN1202", "Diesel fuel", "3", "III", "60 L", "220 L"),
    ("UN1203", "Gasoline", "3", "II", "5 L", "60 L"),
    ("UN1223", "Kerosene", "3", "III", "60 L", "220 L"),
    ("UN1072", "Oxygen, compressed", "2.2", "", "75 kg", "150 kg"),
    ("UN1001", "Acetylene", "2.1", "", "Forbidden", "15 kg"),
    ("UN1066", "Nitrogen, compressed", "2.2", "", "75 kg", "150 kg"),
    ("UN3356", "Oxygen generator, chemical", "5.1", "", "Forbidden", "25 kg"),
    ("UN3480", "Lithium ion batteries", "9", "", "Forbidden", "35 kg"),
    ("UN3481", "Lithium ion batteries contained in", "9", "", "5 kg", "35 kg"),
    ("UN3090", "Lithium metal batteries", "9", "", "Forbidden", "35 kg"),
    ("UN3091", "Lithium metal batteries contained in", "9", "", "5 kg", "35 kg"),
    ("UN2794", "Batteries, wet, filled with acid", "8", "", "30 kg", "400 kg"),
    ("UN2795", "Batteries, wet, filled with alkali", "8", "", "30 kg", "400 kg"),
    ("UN2800", "Batteries, wet, non-spillable", "8", "", "No limit", "No limit"),
    ("UN3166", "Vehicle, flammable gas powered", "9", "", "Forbidden", "No limit"),
    ("UN3171", "Battery-powered vehicle", "9", "", "No limit", "No limit"),
    ("UN3528", "Engine, internal combustion", "3", "", "No limit", "No limit"),
    ("UN1791", "Hypochlorite solutions", "8", "II", "1 L", "30 L"),
    ("UN1845", "Carbon dioxide, solid or Dry ice", "9", "", "200 kg", "200 kg"),
    ("UN2814", "Infectious substances", "6.2", "", "50 mL or 50 g", "4 L or 4 kg"),
    ("UN3373", "Biological substance, Category B", "6.2", "", "4 L or 4 kg", "4 L or 4 kg"),
    ("UN3291", "Regulated medical waste", "6.2", "", "No limit", "No limit"),
    ("UN2990", "Life-saving appliances", "9", "", "No limit", "No limit"),
    ("UN3072", "Life-saving appliances", "9", "", "No limit", "No limit"),
]


# The table


@pytest.mark.parametrize(
    ("un", "name", "hazard_class", "group", "passenger", "cargo"),
    READ_BY_HAND,
    ids=[row[0] for row in READ_BY_HAND],
)
def test_the_table_says_what_was_read_by_hand(
    un: str, name: str, hazard_class: str, group: str, passenger: str, cargo: str
) -> None:
    found = [
        (row.hazard_class, row.passenger_limit.text, row.cargo_limit.text)
        for row in goods.of_number(un)
        if row.name.startswith(name) and row.packing_group == group
    ]

    assert (hazard_class, passenger, cargo) in found


def test_the_table_is_whole() -> None:
    numbers = {row.un_number for row in goods.table() if row.un_number.startswith("UN")}

    assert len(goods.table()) == 3259
    assert len(numbers) == 2324
    assert sum(row.un_number.startswith("NA") for row in goods.table()) == 69
    assert sum("transport_forbidden" in row.flags for row in goods.table()) == 256


def test_of_explosives_only_1_4s_may_ride_on_a_passenger_aircraft() -> None:
    explosives = [row for row in goods.table() if row.is_explosive]
    riding = [row for row in explosives if not row.forbidden_on_passenger_aircraft]

    assert len(riding) == 37
    assert {row.hazard_class for row in riding} == {"1.4S"}
    assert sum(row.hazard_class == "1.4S" for row in explosives) == 37


def test_some_explosives_fly_on_no_aircraft() -> None:
    barred = {"1.1", "1.2", "1.5", "1.6"}

    for row in goods.table():
        if row.division in barred:
            assert row.forbidden_by_air, row
    for group, flying in (("1.3G", 6), ("1.3C", 2)):
        rows = [row for row in goods.table() if row.hazard_class == group]
        assert len(rows) == 25
        assert sum(not row.forbidden_by_air for row in rows) == flying


def test_the_flags_agree_with_the_limits() -> None:
    for row in goods.table():
        both = row.passenger_limit.is_forbidden and row.cargo_limit.is_forbidden
        assert ("forbidden_by_air" in row.flags) is both, row
        assert row.flags <= goods.FLAGS.keys()
        assert len(row.remarks) == len(row.flags)
        if row.cargo_limit.is_forbidden:
            assert row.passenger_limit.is_forbidden, row


def test_every_limit_of_the_table_is_read() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = {
        row[column]
        for row in rows
        for column in ("passenger_aircraft_limit", "cargo_aircraft_only_limit")
    }

    assert len(texts) > 35
    for text in texts:
        read = goods.limit(text)
        has_words = text in ("", "Forbidden", "No limit") or text.startswith("See ")
        assert bool(read.amounts) is not has_words, text
        assert str(read)


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "is_exceeded"),
    [
        ("75 kg", "75", "kg", False),
        ("75 kg", "75.001", "kg", True),
        ("75 kg", "500", "L", False),
        ("2.5 L", "2.6", "L", True),
        ("50 mL or 50 g", "0.051", "kg", True),
        ("50 mL or 50 g", "0.05", "L", False),
        ("4 L or 4 kg", "4.5", "L", True),
        ("Less than 0.1 kg", "0.1", "kg", True),
        ("Less than 0.1 kg", "0.099", "kg", False),
        ("30 kg gross", "31", "kg", True),
        ("No limit", "9000", "kg", False),
        ("See A105", "9000", "kg", False),
        ("", "9000", "kg", False),
    ],
)
def test_a_limit_is_exceeded(text: str, quantity: str, unit: str, is_exceeded: bool) -> None:
    assert goods.limit(text).is_exceeded_by(Decimal(quantity), unit) is is_exceeded


@pytest.mark.parametrize("text", ["75", "kg", "75 lb", "about 3 kg", "75 kg or", "forbidden"])
def test_words_that_the_table_does_not_use_are_no_limit(text: str) -> None:
    with pytest.raises(ValueError, match="no limit"):
        goods.limit(text)


# Looking up


def test_a_number_is_found_however_it_is_written() -> None:
    assert [row.packing_group for row in goods.of_number("un 1863")] == ["I", "II", "III"]
    assert goods.of_number("UN9999") == []
    assert goods.of_number("") == []


@pytest.mark.parametrize(
    ("un", "name", "group"),
    [
        ("UN0012", "Cartridges, small arms", ""),
        ("UN0012", "cartridge, SMALL ARMS.", ""),
        ("UN0012", "Cartridges for weapons", ""),
        ("UN0012", "Small arms cartridges", ""),
        ("UN0014", "Cartridges for tools, blank", ""),
        ("UN0016", "Ammunition, smoke", ""),
        ("UN0169", "Projectiles", ""),
        ("UN1072", "Compressed oxygen", ""),
        ("UN1203", "Gasoline", "II"),
        ("UN1263", "Paint", "II"),
        ("UN1830", "Sulphuric acid", "II"),
        ("UN1845", "Dry ice", ""),
        ("UN1993", "Flammable liquid, N.O.S. (acetone)", "II"),
        ("UN2794", "Batteries, wet, filled with acid", ""),
        ("UN3166", "Vehicle, flammable liquid powered", ""),
        ("UN3356", "Oxygen generator, chemical", ""),
        ("UN3480", "Lithium ion batteries (including lithium ion polymer batteries)", ""),
        ("UN3481", "Lithium ion batteries contained in equipment", ""),
        ("UN3481", "Lithium ion batteries packed with equipment", ""),
    ],
)
def test_a_name_is_compared_loosely(un: str, name: str, group: str) -> None:
    called = [row for row in goods.of_number(un) if row.is_called(name)]

    assert group in {row.packing_group for row in called}


@pytest.mark.parametrize(
    ("un", "name"),
    [
        ("UN3480", "Lithium ion batteries contained in equipment"),
        ("UN3481", "Lithium ion batteries"),
        ("UN0012", "Cartridges for weapons, blank"),
        ("UN1863", "fuel for vehicles"),
        ("UN0012", ""),
        ("UN0012", "…"),
    ],
)
def test_another_name_is_no_match(un: str, name: str) -> None:
    assert not any(row.is_called(name) for row in goods.of_number(un))


def test_every_row_is_called_by_its_own_name() -> None:
    for row in goods.table():
        assert row.is_called(row.name), row


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("3480", "UN3480"),
        ("UN3480", "UN3480"),
        ("un 0012", "UN0012"),
        ("12", "UN0012"),
        ("ID8000", "ID8000"),
        ("kerosene", "UN1223"),
        ("DRY ICE", "UN1845"),
        ("lithium batter", "UN3090"),
        ("1863 fuel", "UN1863"),
        ("sulphuric fuming", "UN1831"),
    ],
)
def test_the_search_puts_the_best_first(text: str, first: str) -> None:
    assert goods.search(text)[0].un_number == first


def test_the_search_asks_for_every_word() -> None:
    assert goods.search("kerosene 0012") == []
    assert all("smoke" in row.name.casefold() for row in goods.search("smoke ammunition"))


def test_the_search_keeps_to_its_limit() -> None:
    assert len(goods.search("flammable")) == 30
    assert len(goods.search("flammable", limit=5)) == 5


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_any_text_may_be_searched_for(text: str) -> None:
    assert len(goods.search(text)) <= 30


# What is wrong with a list

BLANKS = Line(
    number=1,
    un_number="UN0014",
    proper_shipping_name="Cartridges, small arms, blank",
    hazard_class="1.4S",
    packages=2,
    gross_kg=kg(12),
    net_quantity=kg(8),
    net_explosive_kg=kg("0.4"),
    packing="ammunition boxes",
    compliant=True,
)
BALL = replace(
    BLANKS,
    un_number="UN0339",
    proper_shipping_name="Cartridges for weapons, inert projectile",
    hazard_class="1.4C",
)
MOTOR = replace(
    BLANKS, un_number="UN0403", proper_shipping_name="Flares, aerial", hazard_class="1.4G", number=2
)
SHELLS = replace(
    BLANKS, un_number="UN0169", proper_shipping_name="Projectiles", hazard_class="1.2D"
)
FUEL = Line(
    number=1,
    un_number="UN1863",
    proper_shipping_name="Fuel, aviation, turbine engine",
    hazard_class="3",
    packing_group="III",
    packages=20,
    gross_kg=kg(360),
    net_quantity=Decimal(400),
    net_unit="L",
    packing="jerrycans",
    compliant=True,
)
CELLS = Line(
    number=1,
    un_number="UN3480",
    proper_shipping_name="Lithium ion batteries",
    hazard_class="9",
    packages=4,
    gross_kg=kg(120),
    net_quantity=kg(100),
    compliant=True,
)
SOLVENT = replace(
    FUEL,
    un_number="UN1993",
    proper_shipping_name="Flammable liquids, n.o.s. (acetone)",
    packing_group="II",
)
LITTLE = replace(SOLVENT, packages=1, gross_kg=kg(30), net_quantity=kg(1), small_quantity="LIMITED")
SAMPLE = replace(
    BLANKS,
    un_number="UN0190",
    proper_shipping_name="Samples, explosive (new primer)",
    hazard_class="1.1L",
)


def codes(found: list[Fault]) -> set[str]:
    return {one.code for one in found}


@pytest.mark.parametrize("line", [BLANKS, BALL, MOTOR, FUEL, CELLS, SOLVENT])
def test_a_good_line_has_no_fault(line: Line) -> None:
    assert declaration.faults(line) == []


@pytest.mark.parametrize(
    ("code", "item", "mended", "changes"),
    [
        ("DG_UN_FORM", "un_number", CELLS, {"un_number": ""}),
        ("DG_UN_FORM", "un_number", CELLS, {"un_number": "3480"}),
        ("DG_UN_FORM", "un_number", CELLS, {"un_number": "UN34800"}),
        ("DG_UN_FORM", "un_number", CELLS, {"un_number": "UN٣٤٨٠"}),
        ("DG_UN_UNKNOWN", "un_number", CELLS, {"un_number": "UN9999"}),
        ("DG_US_NUMBER", "un_number", FUEL, {"un_number": "NA1270"}),
        ("DG_NAME_MISMATCH", "proper_shipping_name", CELLS, {"un_number": "UN3481"}),
        ("DG_NAME_MISMATCH", "proper_shipping_name", FUEL, {"proper_shipping_name": ""}),
        ("DG_NAME_MISMATCH", "proper_shipping_name", FUEL, {"proper_shipping_name": "fuel cans"}),
        (
            "DG_TECHNICAL_NAME",
            "proper_shipping_name",
            SOLVENT,
            {"proper_shipping_name": "Flammable liquid, n.o.s."},
        ),
        (
            "DG_TECHNICAL_NAME",
            "proper_shipping_name",
            SOLVENT,
            {"proper_shipping_name": "Flammable liquid, n.o.s. ()"},
        ),
        (
            "DG_TRANSPORT_FORBIDDEN",
            "proper_shipping_name",
            CELLS,
            {"un_number": "", "proper_shipping_name": "Acetylene silver nitrate"},
        ),
        ("DG_CLASS_MISMATCH", "hazard_class", CELLS, {"hazard_class": "8"}),
        ("DG_CLASS_MISMATCH", "hazard_class", CELLS, {"hazard_class": ""}),
        ("DG_CLASS_MISMATCH", "hazard_class", BALL, {"hazard_class": "1.4S"}),
        ("DG_CLASS_MISMATCH", "hazard_class", BALL, {"hazard_class": "1.7C"}),
        ("DG_CLASS_MISMATCH", "hazard_class", SAMPLE, {"hazard_class": "9"}),
        ("DG_COMPATIBILITY_MISSING", "hazard_class", BALL, {"hazard_class": "1.4"}),
        ("DG_NEQ_MISSING", "net_explosive_kg", BALL, {"net_explosive_kg": None}),
        ("DG_NEQ_MISSING", "net_explosive_kg", BALL, {"net_explosive_kg": kg(0)}),
        ("DG_NEQ_MISSING", "net_explosive_kg", BALL, {"net_explosive_kg": kg("NaN")}),
        ("DG_NEQ_NOT_EXPLOSIVE", "net_explosive_kg", CELLS, {"net_explosive_kg": kg(1)}),
        ("DG_PG_MISSING", "packing_group", FUEL, {"packing_group": ""}),
        ("DG_PG_NOT_APPLICABLE", "packing_group", BALL, {"packing_group": "II"}),
        ("DG_PG_NOT_APPLICABLE", "packing_group", CELLS, {"packing_group": "II"}),
        (
            "DG_PG_MISMATCH",
            "packing_group",
            replace(FUEL, un_number="UN1203", proper_shipping_name="Gasoline", packing_group="II"),
            {"packing_group": "III"},
        ),
        ("DG_QUANTITY_MISSING", "packages", CELLS, {"packages": None}),
        ("DG_QUANTITY_MISSING", "packages", CELLS, {"packages": 0}),
        ("DG_QUANTITY_MISSING", "gross_kg", CELLS, {"gross_kg": None}),
        ("DG_QUANTITY_MISSING", "gross_kg", CELLS, {"gross_kg": kg("Infinity")}),
        ("DG_QUANTITY_MISSING", "net_quantity", CELLS, {"net_quantity": kg(-1)}),
        ("DG_QUANTITY_MISSING", "net_quantity", CELLS, {"net_quantity": kg("1E+999999")}),
        ("DG_QUANTITY_MISSING", "net_unit", FUEL, {"net_unit": "kg"}),
        ("DG_QUANTITY_MISSING", "net_unit", CELLS, {"net_unit": ""}),
        ("DG_SMALL_QUANTITY", "small_quantity", BALL, {"small_quantity": "EXCEPTED"}),
        ("DG_SMALL_QUANTITY", "gross_kg", LITTLE, {"gross_kg": kg(31)}),
        (
            "DG_SMALL_QUANTITY",
            "net_quantity",
            replace(LITTLE, small_quantity="EXCEPTED"),
            {"net_quantity": kg("1.1")},
        ),
        ("DG_MASS_ORDER", "net_quantity", CELLS, {"net_quantity": kg(121)}),
        ("DG_MASS_ORDER", "net_explosive_kg", BALL, {"net_explosive_kg": kg(9)}),
        ("DG_CARGO_LIMIT", "net_quantity", CELLS, {"packages": 2}),
        ("DG_CARGO_LIMIT", "net_quantity", FUEL, {"packages": 1}),
        ("DG_NOT_COMPLIANT_UNSTATED", "compliant", FUEL, {"compliant": None}),
        ("DG_NOT_COMPLIANT", "compliant", FUEL, {"compliant": False}),
        (
            "DG_FORBIDDEN_BY_AIR",
            "un_number",
            BLANKS,
            {"un_number": "UN0169", "proper_shipping_name": "Projectiles", "hazard_class": "1.2D"},
        ),
        (
            "DG_LIMIT_ELSEWHERE",
            "un_number",
            CELLS,
            {"un_number": "UN3363", "proper_shipping_name": "Dangerous goods in machinery"},
        ),
    ],
)
def test_a_fault_of_a_line_goes_when_its_cause_is_mended(
    code: str, item: str, mended: Line, changes: dict[str, object]
) -> None:
    bad = declaration.faults(replace(mended, **changes))  # type: ignore[arg-type]

    assert (code, item, 1) in {(one.code, one.item, one.line) for one in bad}
    assert code not in codes(declaration.faults(mended))
    for one in bad:
        assert one.sentence.startswith("Line 1")


@pytest.mark.parametrize(
    ("code", "mended", "bad"),
    [
        ("DG_NO_STATEMENT", ([], 0, 0, "NONE"), ([], 0, 0, "")),
        ("DG_NO_STATEMENT", ([FUEL], 0, 400, "LIST"), ([FUEL], 0, 400, "")),
        ("DG_LIST_EMPTY", ([FUEL], 0, 400, "LIST"), ([], 0, 400, "LIST")),
        ("DG_NONE_BUT_LISTED", ([], 0, 400, "NONE"), ([FUEL], 0, 400, "NONE")),
        ("DG_TOTAL_EXCEEDS_CARGO", ([FUEL], 0, 360, "LIST"), ([FUEL], 0, 359, "LIST")),
        ("DG_TOTAL_EXCEEDS_CARGO", ([FUEL], 0, None, "LIST"), ([FUEL, CELLS], 0, 400, "LIST")),
        (
            "DG_MIXED_COMPATIBILITY",
            ([BLANKS, MOTOR], 0, 400, "LIST"),
            ([BALL, MOTOR], 0, 400, "LIST"),
        ),
        (
            "DG_MIXED_COMPATIBILITY",
            (
                [replace(BALL, to_point="UATE"), replace(MOTOR, from_point="UATE")],
                0,
                400,
                "LIST",
            ),
            ([replace(BALL, to_point="UATE"), MOTOR], 0, 400, "LIST"),
        ),
        (
            "DG_LITHIUM_APART",
            ([BLANKS, CELLS], 0, 400, "LIST"),
            ([MOTOR, CELLS], 0, 400, "LIST"),
        ),
        (
            "DG_LITHIUM_APART",
            ([replace(FUEL, to_point="UATE"), replace(CELLS, from_point="UATE")], 0, 999, "LIST"),
            ([replace(FUEL, to_point="UATE"), CELLS], 0, 999, "LIST"),
        ),
        ("DG_ATTENDANTS", ([BALL], 0, 400, "LIST", None), ([BALL], 2, 400, "LIST", None)),
        ("DG_ATTENDANTS", ([BALL], 2, 400, "LIST", 0), ([BALL], 2, 400, "LIST", None)),
        ("DG_PASSENGERS", ([BALL], 2, 400, "LIST", None), ([BALL], 5, 400, "LIST", None)),
        ("DG_PASSENGERS", ([BALL], 5, 400, "LIST", 5), ([BALL], 5, 400, "LIST", 4)),
        ("DG_PASSENGERS", ([BALL], 0, 400, "LIST"), ([BALL], 60, 400, "LIST")),
        ("DG_PASSENGERS", ([BLANKS], 60, 400, "LIST"), ([CELLS], 60, 400, "LIST")),
        (
            "DG_PASSENGER_LIMIT",
            ([replace(FUEL, packages=7)], 60, 400, "LIST"),
            ([replace(FUEL, packages=6)], 60, 400, "LIST"),
        ),
        (
            "DG_PASSENGER_LIMIT",
            ([replace(BLANKS, gross_kg=kg(60), net_quantity=kg(50))], 60, 400, "LIST"),
            ([replace(BLANKS, gross_kg=kg(60), net_quantity=kg(51))], 60, 400, "LIST"),
        ),
    ],
)
def test_a_fault_of_the_list_goes_when_its_cause_is_mended(
    code: str,
    mended: tuple[Any, ...],
    bad: tuple[Any, ...],
) -> None:
    assert code in codes(declaration.faults_of_list(*bad))
    assert code not in codes(declaration.faults_of_list(*mended))


def test_a_letter_that_the_line_leaves_out_is_taken_from_the_table() -> None:
    nameless = replace(BALL, hazard_class="1.4")

    assert "DG_MIXED_COMPATIBILITY" in codes(
        declaration.faults_of_list([nameless, MOTOR], 0, 99, "LIST")
    )


def test_a_gross_limit_is_held_against_the_gross_mass() -> None:
    parcel = replace(
        CELLS, un_number="ID8000", proper_shipping_name="Consumer commodity", packages=3
    )

    assert "DG_CARGO_LIMIT" in codes(declaration.faults(parcel))
    assert declaration.faults(replace(parcel, packages=4)) == []


def test_a_sample_may_be_of_any_division_that_the_authority_fixed() -> None:
    assert codes(declaration.faults(SAMPLE)) == {"DG_FORBIDDEN_BY_AIR"}


def test_blanks_of_1_4s_ride_with_passengers() -> None:
    """Situation 20."""
    assert declaration.faults(BLANKS) == []
    assert declaration.faults_of_list([BLANKS], 60, 500, "LIST") == []


def test_an_empty_table_is_no_statement() -> None:
    """Situation 41."""
    assert codes(declaration.faults_of_list([], 0, 500, "")) == {"DG_NO_STATEMENT"}


def test_projectiles_need_an_individual_approval() -> None:
    """Situation 42."""
    [found] = declaration.faults(SHELLS)

    assert found.code == "DG_FORBIDDEN_BY_AIR"
    assert declaration.KINDS[found.code].severity == Severity.QUERY


def test_loose_batteries_listed_as_batteries_in_equipment() -> None:
    """Situation 43."""
    [found] = declaration.faults(replace(CELLS, un_number="UN3481"))

    assert found.code == "DG_NAME_MISMATCH"
    assert "“Lithium ion batteries” is UN3480" in found.sentence
    [other] = declaration.faults(
        replace(CELLS, proper_shipping_name="Lithium ion batteries contained in equipment")
    )
    assert "is UN3481" in other.sentence


def test_live_ammunition_and_sixty_troops() -> None:
    """Situation 44."""
    [found] = declaration.faults_of_list([BALL], 60, 500, "LIST")

    assert (found.code, found.line) == ("DG_PASSENGERS", 1)
    assert declaration.KINDS[found.code].severity == Severity.QUERY


def test_class_1_without_explosive_quantity() -> None:
    """Situation 45."""
    [found] = declaration.faults(replace(BALL, net_explosive_kg=None))

    assert found.code == "DG_NEQ_MISSING"
    assert declaration.KINDS[found.code].severity == Severity.BLOCK


def test_jerrycans_of_fuel_for_vehicles() -> None:
    """Situation 46."""
    jerrycans = Line(
        number=1,
        un_number="UN1863",
        proper_shipping_name="fuel for vehicles",
        hazard_class="3",
        net_quantity=Decimal(400),
        net_unit="L",
    )

    assert codes(declaration.faults(jerrycans)) == {
        "DG_NAME_MISMATCH",
        "DG_PG_MISSING",
        "DG_QUANTITY_MISSING",
        "DG_NOT_COMPLIANT_UNSTATED",
    }


def test_a_name_of_many_numbers_is_led_by_that_of_the_declared_class() -> None:
    blank = replace(
        BLANKS, un_number="UN0012", proper_shipping_name="Cartridges for weapons, blank"
    )

    [found] = declaration.faults(blank)

    assert "is UN0014, " in found.sentence


def test_a_number_is_explosive_whatever_is_declared() -> None:
    assert declaration.is_explosive(replace(BALL, hazard_class="9"))
    assert declaration.is_explosive(Line(number=1, hazard_class="1.1D"))
    assert not declaration.is_explosive(FUEL)
    assert not declaration.is_explosive(Line(number=1))


def test_a_row_of_another_kind_becomes_a_line() -> None:
    assert Line.of(BLANKS) == BLANKS


def test_every_code_is_tested_here() -> None:
    own = Path(__file__).read_text(encoding="utf-8")

    assert [code for code in declaration.KINDS if f'"{code}"' not in own] == []


quantities = st.none() | st.decimals(allow_nan=True, allow_infinity=True)


@given(
    line=st.builds(
        Line,
        number=st.integers(1, 9),
        un_number=st.sampled_from([row.un_number for row in goods.table()]) | st.text(max_size=8),
        proper_shipping_name=st.sampled_from([row.name for row in goods.table()])
        | st.text(max_size=40),
        hazard_class=st.sampled_from(["", "1.4S", "1.4", "3", "9"]) | st.text(max_size=8),
        packing_group=st.sampled_from(["", "I", "II", "III", "IV"]),
        packages=st.none() | st.integers(-1, 10**6),
        gross_kg=quantities,
        net_quantity=quantities,
        net_unit=st.sampled_from(["kg", "L", ""]),
        net_explosive_kg=quantities,
        compliant=st.sampled_from([True, False, None]),
    ),
    cargo_kg=st.none() | st.integers(0, 10**6),
)
@settings(max_examples=100)
def test_nonsense_gives_faults_not_errors(line: Line, cargo_kg: int | None) -> None:
    found = [
        *declaration.faults(line),
        *declaration.faults_of_list([line, line], 10, cargo_kg, "LIST"),
    ]

    assert {one.code for one in found} <= declaration.KINDS.keys()
    assert all(one.sentence for one in found)
