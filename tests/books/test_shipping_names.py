"""Proper shipping names as they are written outside the United States."""

from __future__ import annotations

from dataclasses import replace

import pytest

from books import shipping_names
from books.goods import of_number, table
from rules import declaration
from rules.declaration import Line

pytestmark = pytest.mark.quick

#: The description in small letters is no part of the name.
WITHOUT_DESCRIPTION = (
    ("UN0191", "Signal devices, hand"),
    ("UN0432", "Articles, pyrotechnic"),
    ("UN0456", "Detonators, electric"),
    ("UN0512", "Detonators, electronic"),
    ("UN1044", "Fire extinguishers"),
    ("UN1057", "Lighter refills"),
    ("UN1133", "Adhesives"),
    ("UN1263", "Paint"),
    ("UN1977", "Nitrogen, refrigerated liquid"),
    ("UN2857", "Refrigerating machines"),
    ("UN2916", "Radioactive material, Type B(U) package"),
    ("UN3072", "Life-saving appliances, not self-inflating"),
    ("UN3332", "Radioactive material, Type A package, special form"),
)
#: Number, order and spelling of the words; other names.
OTHERWISE_WRITTEN = (
    ("UN1075", "Petroleum gas, liquefied"),
    ("UN1202", "GAS OIL or DIESEL FUEL or HEATING OIL, LIGHT"),
    ("UN1203", "Motor spirit or Gasoline or Petrol"),
    ("UN1203", "UN 1203 Petrol"),
    ("UN1223", "Kerosine"),
    ("UN1309", "Aluminium powder, coated"),
    ("UN1372", "Fibres, vegetable"),
    ("UN1863", "Aviation turbine engine fuel"),
    ("UN1090", "Waste acetone"),
    ("UN2037", "Receptacles, small, containing gas (gas cartridges)"),
    ("UN2900", "Infectious substance, affecting animals (foot and mouth disease virus)"),
    ("UN3164", "Articles, pressurised, pneumatic"),
    ("UN3292", "Batteries containing metallic sodium or sodium alloy"),
    ("UN3314", "Plastics moulding compound"),
    ("UN3475", "Ethanol and petrol mixture"),
    ("UN3480", "Lithium-ion battery"),
)
#: "Not otherwise specified", and the technical name in brackets or not.
NOT_SPECIFIED = (
    ("UN1993", "FLAMMABLE LIQUID, N.O.S., acetone"),
    ("UN1993", "Flammable liquid not otherwise specified (contains acetone)"),
    ("UN1956", "Compressed gas n.o.s. nitrogen, argon"),
    ("UN3077", "Environmentally hazardous substances, solid, N. O. S. (zinc oxide)"),
    ("UN3175", "Solid containing flammable liquid, NOS - petrol"),
)


@pytest.mark.parametrize(("un", "name"), WITHOUT_DESCRIPTION + OTHERWISE_WRITTEN + NOT_SPECIFIED)
def test_a_name_of_the_world_is_known(un: str, name: str) -> None:
    assert any(shipping_names.is_called(row, name) for row in of_number(un))


@pytest.mark.parametrize(
    ("un", "name"),
    [
        ("UN0012", ""),
        ("UN0012", "Cartridges for weapons, blank"),
        ("UN0073", "Detonators, electric"),
        ("UN1005", "Ammonia solution"),
        ("UN1203", "Diesel fuel"),
        ("UN1203", "Petrol or kerosene"),
        ("UN1203", "Solution"),
        ("UN1954", "Compressed gas, n.o.s. (methane)"),
        ("UN1992", "Flammable liquid, n.o.s. (acetone)"),
        ("UN1993", "Flammable liquid, n.o.s., toxic"),
        ("UN1993", "n.o.s. acetone"),
        ("UN2990", "Life-saving appliances, not self-inflating"),
        ("UN3175", "Solids"),
        ("UN3332", "Radioactive material, Type B(U) package"),
        ("UN3363", "Dangerous goods"),
        ("UN3481", "Lithium ion batteries"),
    ],
)
def test_a_name_of_other_goods_is_none(un: str, name: str) -> None:
    assert not any(shipping_names.is_called(row, name) for row in of_number(un))


def test_every_name_of_the_table_is_known_as_before() -> None:
    for row in table():
        assert shipping_names.is_called(row, row.name), row


@pytest.mark.parametrize(("un", "name"), [one for one in NOT_SPECIFIED if one[0] != "UN1956"])
def test_a_technical_name_stands_in_brackets_or_after_not_otherwise_specified(
    un: str, name: str
) -> None:
    line = Line(number=1, un_number=un, proper_shipping_name=name)
    bare = replace(line, proper_shipping_name=of_number(un)[0].name)

    assert "DG_TECHNICAL_NAME" not in {one.code for one in declaration.faults(line)}
    assert "DG_TECHNICAL_NAME" in {one.code for one in declaration.faults(bare)}
