"""Cases made of public material: forms, checked as `check_form` does; what fails as they did; whole
requests as desks get them.

`data/procedure_cases.json` says what each case is and how it is judged, `data/form_variants.yaml`
what is like it, `data/whole_cases.yaml` what an officer would find, and why.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from control import stories
from tests import playing
from tests.control.test_check_form import checked
from tests.situations.asking import BLANKS, FUEL, crossing, form, keys, unsaved
from transit import irregular
from transit.models import Movement

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Seven full working days before alpha's entry, and not fourteen.
LAST = datetime(2026, 9, 2, 13, tzinfo=UTC)

DATA = Path(__file__).parent / "data"

PUBLIC = json.loads((DATA / "procedure_cases.json").read_text(encoding="utf-8"))["cases"]
#: The forms by the name of their case.
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in PUBLIC if case["kind"] == "form"}
#: What happened outside the terms; of the amendments the mechanism is still to come.
WORKFLOW = [
    case for case in PUBLIC if case["kind"] == "workflow" and case["fault"] in (None, "K18")
]
VARIANTS = yaml.safe_load((DATA / "form_variants.yaml").read_text(encoding="utf-8"))["variants"]
WHOLE = yaml.safe_load((DATA / "whole_cases.yaml").read_text(encoding="utf-8"))

#: What a case asks for in words, as the rule that answers it.
IN_WORDS = {
    "form-001": "DG_DECLARED",
    "form-021": "DG_ATTENDANTS",
    "form-042": "ENDS_IN_HOST",
    "form-054": "CUSTOMS_AERODROME",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_form_of_public_material_is_judged_as_it_should_be(
    case: dict[str, Any], tmp_path: Path
) -> None:
    expected = case["expected"]

    _code, said = checked(tmp_path / "form.json", case["input"])

    found, blocked = _keys(said)
    if "track" in expected:
        assert said["track"] == expected["track"]
    if expected.get("no_block"):
        prefixes = ("",) if expected["no_block"] is True else expected["no_block"]
        assert not _like(blocked, prefixes)
    assert not _like(found, expected.get("not", ()))
    assert not _like(found, ("FORM_INCOMPLETE",)) or "faults" not in expected
    for prefix in (*expected.get("has", ()), IN_WORDS.get(case["id"], "")):
        assert _like(found, [prefix])
    if rule := expected.get("rule"):
        [severity] = {one["severity"] for one in said["findings"] if one["code"] == rule}
        assert severity == expected["severity"]


@pytest.mark.parametrize(
    "variant", VARIANTS, ids=[f"{one['kind']}-{one['what'].replace(' ', '-')}" for one in VARIANTS]
)
def test_what_is_like_a_case_is_judged_as_it(variant: dict[str, Any], tmp_path: Path) -> None:
    asked = json.loads(json.dumps(CASES[variant["of"]]["input"]))
    asked |= {part: variant[part] for part in ("at", "goods") if part in variant}
    asked["form"] |= variant.get("form", {})
    for number, changes in variant.get("crossings", {}).items():
        asked["crossings"][number - 1] |= changes

    _code, said = checked(tmp_path / "form.json", asked)

    found, blocked = _keys(said)
    assert said["track"] == variant.get("track", said["track"])
    for prefix in variant.get("has", ()):
        assert _like(found, [prefix]), (prefix, found)
    assert not _like(found, variant.get("not", ()))
    if "blocks" in variant:
        assert {key.partition(":")[0] for key in blocked} == {*variant["blocks"]}
    for key, words in variant.get("says", {}).items():
        [sentence] = [one["sentence"] for one in said["findings"] if one["key"] == key]
        assert words in sentence


def _keys(said: dict[str, Any]) -> tuple[set[str], set[str]]:
    found = {one["key"] for one in said["findings"]}
    return found, {one["key"] for one in said["findings"] if one["severity"] == "block"}


def _like(found: Iterable[str], prefixes: Iterable[str]) -> list[str]:
    return [key for key in found if key.startswith(tuple(prefixes))]


PISTOLS: dict[str, Any] = {
    "priority": "VIP",
    "category": "OFFICIAL_DELEGATION",
    "principals": "Minister",
    "has_personal_weapons": True,
    "personal_weapons": "Three pistols.",
    "has_ammunition": True,
    "goods": [BLANKS],
}
SPARES: dict[str, Any] = {
    "category": "MILITARY",
    "crossings": crossing(3, clearance="REQUESTED"),
    "received_at": LAST,
}

#: What is said on a form; what rule set 1 alone finds on it, and what the next alone does.
CHANGED = [
    ({"priority": "HUM", "goods": [FUEL]}, {"NOTICE_UNJUSTIFIED"}, {"URGENT"}),
    (PISTOLS, {"NOTICE_UNJUSTIFIED", "CATEGORY_LOAD"}, set()),
    (SPARES, set(), {"THIRD_STATE_NOTICE:AZ"}),
    ({"used_as": "POLICE"}, {"AIRCRAFT_USE"}, {"STATE_SERVICE"}),
    ({"used_as": "CIVIL"}, {"AIRCRAFT_USE"}, {"CIVIL_USE"}),
    ({"remarks": "No orbit."}, {"WORDS_OF_ACTIVITY:orbit"}, set()),
    ({"aircraft_type": "YK40"}, set(), {"RANGE"}),
    ({"alternates": "UTAA"}, set(), {"ALTERNATE_UNDECLARED:UTAA"}),
]


@pytest.mark.parametrize(("items", "before", "now"), CHANGED)
@pytest.mark.parametrize("agreement_version", ["2", "3"])
def test_an_exercise_of_rule_set_1_finds_what_it_found_before(
    items: dict[str, Any], before: set[str], now: set[str], agreement_version: str
) -> None:
    first, latest = unsaved(), unsaved()
    first.rules_version, first.agreement_version = "1", agreement_version

    by_first = keys(form(exercise=first, **({"alternates": ""} | items)))
    by_latest = keys(form(exercise=latest, **({"alternates": ""} | items)))

    assert by_first - by_latest == before
    assert by_latest - by_first == now


def test_in_rule_set_1_all_dangerous_goods_made_a_sensitive_load() -> None:
    first = unsaved()
    first.rules_version = "1"
    relief: dict[str, Any] = {"priority": "HUM", "goods": [FUEL]}

    assert form(exercise=first, **relief).track_code == "SENSITIVE"
    assert form(**relief).track_code == "HUMANITARIAN"


@pytest.mark.parametrize("case", WHOLE["cases"], ids=lambda case: case["name"].replace(" ", "-"))
def test_a_whole_request_has_the_findings_that_an_officer_expects(
    case: dict[str, Any], tmp_path: Path
) -> None:
    code, said = checked(tmp_path / "form.json", case["input"])

    found: dict[str, set[str]] = {}
    for one in said["findings"]:
        found.setdefault(one["severity"], set()).add(one["key"])
    assert said["track"] == case["track"]
    assert found == {severity: {*keys} for severity, keys in case["finds"].items()}
    assert code == ("block" in found)
    assert {one["code"] for one in said["findings"]} <= WHOLE["reasons"].keys()


@pytest.mark.parametrize("case", WORKFLOW, ids=[case["id"] for case in WORKFLOW])
def test_what_happened_outside_the_terms_is_recorded(case: dict[str, Any]) -> None:
    asked = case["input"]
    exercise = playing.before(asked["story"], asked["cut_before_first"])

    for line in asked["then"]:
        stories.perform(exercise, _moments({"flight": 1} | line))

    assert playing.verbs(exercise)[-1] == asked["then"][-1]["do"]
    expected = case["expected"]
    words = expected.get("finding") or expected.get("with_finding") or expected.get("as", "")
    said = [irregular.said(one) for one in Movement.objects.get(exercise=exercise).findings]
    assert words.lower() in "\n".join(said).lower()


def _moments(value: dict[str, Any]) -> dict[str, Any]:
    """Return what a line says, with its times as a story has them."""
    return {
        key: _moments(item)
        if isinstance(item, dict)
        else datetime.fromisoformat(item)
        if key == "at" or key.endswith("_at")
        else item
        for key, item in value.items()
    }
