"""Cases made of public material: flight plans and routes, as people ask for them by command.

`data/procedure_cases.json` says what each case is and how it is judged; the kinds (K1, K2, …) are
those of its `faults`. A kind joins when its cases are right: name it in `RIGHT`, and what runs its
cases in `RUNS`.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

if TYPE_CHECKING:
    from collections.abc import Callable

DATA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data/procedure_cases.json").read_text(encoding="utf-8")
)

#: The kinds of fault that are mended; None is what was right before, and stays so.
RIGHT = {None, "K1", "K2", "K3", "K4", "K5", "K7"}


def compare_fpl(case: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, expected = case["input"], case["expected"]
    path = folder / "authorization.json"
    path.write_text(json.dumps(DATA["authorization"] | asked["authorization"]), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(asked["stdin"].encode())))
    code, said = run("compare_fpl", "--authorization", str(path), "--json")
    findings = said["findings"] if said else []

    if "codes" in expected:
        assert [one["code"] for one in findings] == expected["codes"]
    if "finding_about_item" in expected or "refused_or_finding_about_item" in expected:
        item = expected.get("finding_about_item") or expected["refused_or_finding_about_item"]
        about = [
            one["code"]
            for one in findings
            if one["item"] == str(item)
            and one["severity"] in {"query", "block"}
            and one["code"] not in expected.get("codes_not", ())
        ]
        may_be_refused = "refused_or_finding_about_item" in expected
        assert about or (may_be_refused and code == 2)
    else:
        assert code == (2 if expected.get("refused") else 0)


def route(case: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run(*case["input"]["args"])
    expected = dict(case["expected"])

    assert code == (2 if expected.pop("refused", False) else 0)
    assert {key: (said or {}).get(key) for key in expected} == expected


#: What runs a case, by its `kind`.
RUNS: dict[str, Callable[[dict[str, Any], Path, pytest.MonkeyPatch], None]] = {
    "compare_fpl": compare_fpl,
    "route": route,
}

CASES = [case for case in DATA["cases"] if case["fault"] in RIGHT and case["kind"] in RUNS]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']}-{case['fault']}" for case in CASES])
def test_a_case_of_public_material_is_right(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    RUNS[case["kind"]](case, tmp_path, monkeypatch)


def run(*arguments: str) -> tuple[int, dict[str, Any] | None]:
    """Run a command; return its exit code, and what it printed as JSON."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        return error.returncode, None
    said: dict[str, Any] = json.loads(out.getvalue())
    return 0, said
