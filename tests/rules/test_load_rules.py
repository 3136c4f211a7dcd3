"""The rules on the load, at their edges; that each finding goes is in `tests.situations`."""

from __future__ import annotations

import pytest

import rules
from rules import declaration
from tests.situations.asking import (
    BALL,
    BLANKS,
    CELLS,
    EARLY,
    FLARES,
    FUEL,
    Changes,
    codes,
    findings,
    form,
    found,
    keys,
    unsaved,
)
from transit.severity import Severity

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

RULES = {one.code: one for one in rules.rule_set(rules.LATEST)}


@pytest.mark.parametrize("code", declaration.KINDS)
def test_each_code_of_the_list_is_a_rule_of_its_severity_and_source(code: str) -> None:
    kind = declaration.KINDS[code]

    assert RULES[code].severity == kind.severity
    assert RULES[code].source == kind.source
    assert str(RULES[code].says)


def test_the_item_that_a_fault_names_is_a_fact_of_its_rule() -> None:
    lines = (FUEL | {"packages": None}, BALL, FLARES, CELLS | {"hazard_class": "8"})
    declared = rules.Matter(form(goods=lines, dangerous_goods="NONE", cargo_kg=1), EARLY)

    assert declared.faults_of_goods
    for fault in declared.faults_of_goods:
        assert {fault.item, f"goods.{fault.item}"} & {*RULES[fault.code].facts}


def test_a_finding_names_the_line_it_is_about() -> None:
    lines = [FUEL, CELLS | {"packages": None}, BLANKS | {"net_explosive_kg": None}]
    found_on_lines = keys(form(goods=lines, received_at=EARLY))

    assert "DG_QUANTITY_MISSING:2" in found_on_lines
    assert "DG_NEQ_MISSING:3" in found_on_lines
    assert not {it for it in found_on_lines if it.endswith(":1")}


def test_two_faults_of_one_code_on_one_line_are_one_item_to_deal_with() -> None:
    unstated = form(goods=[CELLS | {"packages": None, "gross_kg": None}], received_at=EARLY)

    assert "DG_QUANTITY_MISSING:1" in keys(unstated)


def test_what_is_on_board_is_named_once() -> None:
    declared = form(goods=[BLANKS, FUEL, BLANKS], received_at=EARLY)

    assert found(declared, "DG_DECLARED").sentence == "On board: UN0014, UN1863."
    assert "DG_DECLARED" not in codes(form(dangerous_goods="NONE"))


@pytest.mark.parametrize("line", [BLANKS, BALL, BALL | {"un_number": "UN0417"}])
def test_ammunition_of_personal_weapons_is_a_line_of_small_arms(line: dict[str, object]) -> None:
    armed: Changes = {"has_personal_weapons": True, "has_ammunition": True, "received_at": EARLY}

    assert "WEAPONS_AMMUNITION" not in codes(form(**armed, goods=[line]))
    assert "WEAPONS_AMMUNITION" in codes(form(**armed, goods=[FUEL]))


def test_ammunition_is_listed_whether_or_not_there_are_weapons() -> None:
    apart: Changes = {"has_personal_weapons": False, "has_ammunition": True}

    assert "WEAPONS_AMMUNITION" in codes(form(**apart))
    assert not codes(form(**apart, goods=[BLANKS])) & {"WEAPONS_AMMUNITION", "WEAPONS_DECLARED"}
    assert "WEAPONS_AMMUNITION" not in codes(form(has_personal_weapons=False))


def test_goods_that_change_where_the_flight_does_not_land_are_not_kept_apart() -> None:
    """Else a stop that nobody makes would part what may not be together."""
    lines = [BALL | {"to_point": "UBBB"}, FLARES | {"from_point": "UBBB"}]

    assert {"DG_LEG:1", "DG_LEG:2"} <= keys(form(goods=lines))
    assert "UBBB" in found(form(goods=lines), "DG_LEG:1").sentence


def test_explosives_are_known_by_their_number_as_well() -> None:
    unclassed = form(goods=[BALL | {"hazard_class": ""}], category="OFFICIAL_DELEGATION")

    assert "CATEGORY_LOAD" in codes(unclassed)


PETROL = FUEL | {"un_number": "UN1203", "proper_shipping_name": "Petrol", "packing_group": "II"}
VEHICLE = CELLS | {"un_number": "UN3556", "proper_shipping_name": "Vehicle, lithium ion battery"}


def test_an_exercise_of_rule_set_1_finds_what_it_found_before() -> None:
    first = unsaved()
    first.rules_version = "1"
    few: Changes = {"passenger_count": 2, "attendant_count": 2, "goods": [CELLS, PETROL, VEHICLE]}
    little = [CELLS | {"small_quantity": "LIMITED"}]

    before = {one.key: one.severity for one in findings(form(exercise=first, **few))}
    assert before.keys() >= {"DG_PASSENGERS:1", "DG_NAME_MISMATCH:2"}
    assert before["DG_UN_UNKNOWN:3"] == Severity.BLOCK
    assert "DG_SMALL_QUANTITY" not in codes(form(exercise=first, goods=little))

    now = {one.key: one.severity for one in findings(form(**few))}
    assert not now.keys() & {"DG_PASSENGERS:1", "DG_NAME_MISMATCH:2"}
    assert now["DG_UN_UNKNOWN:3"] == Severity.QUERY
    assert "DG_SMALL_QUANTITY" in codes(form(goods=little))


@pytest.mark.parametrize("un", ["UN2807", "UN3245", "UN3374", "UN3551", "UN3556", "UN3560"])
def test_a_number_that_the_table_lacks_is_looked_up(un: str) -> None:
    unknown = found(form(goods=[CELLS | {"un_number": un}]), "DG_UN_UNKNOWN:1")

    assert unknown.severity == Severity.QUERY
    assert "49 CFR 172.101" in unknown.sentence
    assert "ICAO Technical Instructions" in unknown.sentence


def test_nobody_attends_to_a_load_without_being_counted() -> None:
    uncounted = form(passenger_count=1, attendant_count=2)

    assert "count them there too" in found(uncounted, "FORM_INCOMPLETE:attendant_count").sentence
