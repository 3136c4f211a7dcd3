"""Cases made of public material: working days, and lines of dangerous goods."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import ManagementUtility

from rules import declaration
from rules.declaration import Line
from tests.situations.asking import findings, form
from transit.severity import Severity

FILE = Path(__file__).parent / "data/procedure_cases.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]

Case = dict[str, Any]


def of(*kinds: str) -> pytest.MarkDecorator:
    chosen = [case for case in CASES if case["kind"] in kinds]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case["id"])


@of("due", "leadtime", "annual")
def test_the_days_are_counted(case: Case) -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        ManagementUtility(["manage.py", *case["input"]["args"]]).execute()

    answer, expected = json.loads(printed.getvalue()), dict(case["expected"])
    if any_of := expected.pop("due_utc_any_of", None):
        assert answer["due_utc"] in any_of
    assert {name: answer[name] for name in expected} == expected


@of("goods_line")
def test_the_line_of_goods_is_let_through(case: Case) -> None:
    declared = case["input"]
    is_explosive = declared["hazard_class"].startswith("1.")
    line = Line(
        number=1,
        un_number=declared["un"],
        proper_shipping_name=declared["name"],
        hazard_class=declared["hazard_class"],
        packing_group=declared["packing_group"],
        packages=1,
        gross_kg=Decimal(10),
        net_quantity=Decimal("0.4"),
        net_unit=declared["unit"],
        net_explosive_kg=Decimal("0.1") if is_explosive else None,
        compliant=True,
    )
    found = {one.code for one in declaration.faults(line)}
    blocks = {code for code in found if declaration.KINDS[code].severity == Severity.BLOCK}

    assert not blocks & {*case["expected"]["no_block"]}
    if case["expected"].get("query_instead"):
        assert any(declaration.KINDS[code].severity == Severity.QUERY for code in found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "case", [case for case in CASES if case["fault"] == "K12"], ids=lambda case: case["id"]
)
def test_who_attends_to_the_load_is_no_passenger(case: Case) -> None:
    said = case["input"]
    asked = form(
        received_at=datetime.fromisoformat(said["at"]),
        crossings=[_read(row) for row in said["crossings"]],
        goods=[_read(row) for row in said["goods"]],
        **_read(said["form"]),
    )
    found = {one.key for one in findings(asked)}

    assert "DG_ATTENDANTS" in found
    assert not found & {*case["expected"]["not"]}
    asked.attendant_count = asked.passenger_count
    assert not {one.key for one in findings(asked)} & {"DG_ATTENDANTS", *case["expected"]["not"]}


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a story says, with its times and masses as a form has them."""
    masses = {name: Decimal(row[name]) for name in ("gross_kg", "net_quantity") if name in row}
    times = {
        name: datetime.fromisoformat(value) for name, value in row.items() if name.endswith("_at")
    }
    return row | masses | times
