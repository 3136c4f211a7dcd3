"""The rules on the annual number, at their edges; what it covers is in `tests.transit`."""

from __future__ import annotations

import pytest

import rules
from annual import coverage
from rules import Severity
from tests.annual import annual
from tests.situations.asking import BLANKS, MARCH, NUMBER, Changes, codes, entering, form, found

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]


def said(**items: object) -> set[str]:
    """What the rules say of the annual number of a flight in March."""
    return {it for it in codes(form(**entering(MARCH, **items))) if it.startswith("ANNUAL")}


def test_what_cites_no_number_is_told_nothing() -> None:
    assert said(goods=[BLANKS], has_armament=True) == set()


def test_a_number_that_covers_is_to_be_known_and_admits_nothing() -> None:
    exercise = annual.before()

    assert said(exercise=exercise, annual_number=NUMBER) == {"ANNUAL_ALONE"}
    alone = found(form(exercise=exercise, annual_number=NUMBER), "ANNUAL_ALONE")
    assert alone.severity == Severity.NOTIFY
    assert "this request still asks for its own number" in alone.sentence


def test_of_an_unknown_number_nothing_else_is_said() -> None:
    unknown = said(annual_number="EXKZ27A0099", has_armament=True, goods=[BLANKS])

    assert unknown == {"ANNUAL_UNKNOWN", "ANNUAL_ALONE"}


def test_each_fault_of_a_cited_number_is_a_finding() -> None:
    exercise = annual.before()
    annual.use(exercise, "KZ-DECIDER", "suspend_annual", reason="x")
    wrong: Changes = {"category": "OTHER", "goods": [BLANKS], "has_sensors": True}

    assert said(exercise=exercise, annual_number=NUMBER, **wrong) == {
        "ANNUAL_NOT_IN_FORCE",
        "ANNUAL_CATEGORY",
        "ANNUAL_DANGEROUS_GOODS",
        "ANNUAL_SENSITIVE",
        "ANNUAL_ALONE",
    }


def test_every_fault_of_coverage_is_a_rule() -> None:
    faults = {code for name, code in vars(coverage).items() if name.startswith("ANNUAL_")}

    assert len(faults) == 6
    assert faults < {one.code for one in rules.rule_set(rules.LATEST)}
