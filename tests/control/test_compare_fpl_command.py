"""`manage.py compare_fpl`: the cases of the file, and what cannot be compared."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airspace import flight_plan, messages
from airspace.messages import Message

ROOT = Path(__file__).parents[2]
DATA: dict[str, Any] = json.loads((ROOT / "tests/data/fpl_cases.json").read_text(encoding="utf-8"))
AUTHORIZATIONS: dict[str, dict[str, Any]] = {one["id"]: one for one in DATA["authorizations"]}
CASES: list[dict[str, Any]] = DATA["cases"]
CLEAN: str = CASES[0]["message"]
SWAPPED: str = CASES[1]["message"]


@pytest.fixture
def authorization(tmp_path: Path) -> Path:
    path = tmp_path / "authorization.json"
    path.write_text(json.dumps(AUTHORIZATIONS["A1"]), encoding="utf-8")
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(SWAPPED, encoding="utf-8")
    return path


def compared(*arguments: str | Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("compare_fpl", "--json", "--authorization", *map(str, arguments), stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def refused(*arguments: str | Path) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("compare_fpl", "--authorization", *map(str, arguments))
    assert caught.value.returncode == 2
    return str(caught.value)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_codes_are_those_found_by_hand(
    case: dict[str, Any], authorization: Path, plan: Path
) -> None:
    authorization.write_text(json.dumps(AUTHORIZATIONS[case["authorization"]]), encoding="utf-8")
    plan.write_text(case["message"], encoding="utf-8")

    found = compared(authorization, plan)

    assert found["codes"] == case["expected"]
    assert [finding["code"] for finding in found["findings"]] == case["expected"]


def test_a_finding_as_data(authorization: Path, plan: Path) -> None:
    assert compared(authorization, plan)["findings"] == [
        {
            "code": "CALLSIGN_MISMATCH",
            **DATA["codes"]["CALLSIGN_MISMATCH"],
            "item": "7",
            "filed": "HVK4812",
            "authorized": "HVK4821",
        }
    ]


def test_findings_for_people(
    authorization: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("compare_fpl", "--authorization", str(authorization), str(plan))

    codes, finding = capsys.readouterr().out.splitlines()
    assert codes == "codes: CALLSIGN_MISMATCH"
    assert finding.startswith("CALLSIGN_MISMATCH (block): Item 7 differs")
    assert finding.endswith("Filed: HVK4812. Authorized: HVK4821.")


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_the_message_may_come_from_standard_input(
    arguments: list[str], authorization: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = io.TextIOWrapper(io.BytesIO(SWAPPED.encode()))
    monkeypatch.setattr(sys, "stdin", message)

    assert compared(authorization, *arguments)["codes"] == ["CALLSIGN_MISMATCH"]


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("(DLA-{call}-{adep}1000-{ades}-DOF/{day})", []),
        ("(CNL-{call}-{adep}0500-{ades}-0)", []),
        ("(DEP-XYZ1-{adep}0502-{ades}-0)", ["CALLSIGN_MISMATCH"]),
        ("(ARR-{call}-{adep}-UAAA0948)", ["ADES_MISMATCH"]),
        (
            "(CHG-{call}-{adep}0500-{ades}-0-9/2C130/M)",
            ["FORMATION_NUMBER_MISMATCH", "TYPE_MISMATCH", "WAKE_MISMATCH"],
        ),
    ],
)
def test_a_message_about_a_plan_is_compared_by_what_it_says(
    message: str, codes: list[str], authorization: Path, plan: Path
) -> None:
    terms = AUTHORIZATIONS["A1"]
    day = terms["date_of_flight"].replace("-", "")[2:]
    plan.write_text(
        message.format(call=terms["call_sign"], adep=terms["adep"], ades=terms["ades"], day=day)
    )

    assert compared(authorization, plan)["codes"] == codes


def test_a_message_is_compared_as_it_leaves_the_plan_that_was_filed(
    authorization: Path, plan: Path, tmp_path: Path
) -> None:
    filed = tmp_path / "filed.txt"
    filed.write_text(CLEAN, encoding="utf-8")
    known = flight_plan.read(CLEAN)
    plan.write_text(messages.write(messages.delay(known, "2359")))
    late = messages.write(
        Message(
            kind="DLA",
            call_sign=known.call_sign,
            departure=known.departure,
            at="2359",
            destination=known.destination,
            other={"DOF": "291231"},
        )
    )

    assert compared(authorization, plan, "--filed", filed)["codes"] == []
    plan.write_text(late)
    assert "OUTSIDE_VALIDITY" in compared(authorization, plan, "--filed", filed)["codes"]
    plan.write_text("(DLA-XYZ1-LTAU1000-UACC-0)")
    assert "about another plan" in refused(authorization, plan, "--filed", filed)


def test_closed_standard_input_is_named(
    authorization: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert refused(authorization) == "Standard input is closed."


def test_a_file_with_a_byte_order_mark_is_read(authorization: Path, plan: Path) -> None:
    authorization.write_text(json.dumps(AUTHORIZATIONS["A1"]), encoding="utf-8-sig")
    plan.write_text(CLEAN, encoding="utf-8-sig")

    assert compared(authorization, plan)["codes"] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no JSON"),
        (b"\x00\xff\xfe", "no text"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no authorization object"),
        (b"{}", "lacks: host, number"),
        (json.dumps(AUTHORIZATIONS["A1"] | {"wake": 7}).encode(), "“wake” must be"),
        (json.dumps(DATA).encode(), "lacks: host"),
    ],
)
def test_what_is_no_authorization_is_refused(
    content: bytes, sentence: str, authorization: Path, plan: Path
) -> None:
    authorization.write_bytes(content)

    assert sentence in refused(authorization, plan)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no flight plan message"),
        (b"\x7fELF\xff\x00", "no text"),
        (b"(RQP-HVK4821-LTAU0500-UACC-0)", "not with “(FPL-”"),
        (CLEAN.replace("LTAU0500", "LTAU2500").encode(), "Item 13: “2500”"),
    ],
)
def test_what_is_no_flight_plan_is_refused(
    content: bytes, sentence: str, authorization: Path, plan: Path
) -> None:
    plan.write_bytes(content)

    assert sentence in refused(authorization, plan)


def test_files_that_cannot_be_read_are_named(
    tmp_path: Path, authorization: Path, plan: Path
) -> None:
    assert "nowhere cannot be read: No such file" in refused(tmp_path / "nowhere", plan)
    assert "nowhere cannot be read: No such file" in refused(authorization, tmp_path / "nowhere")
    assert "cannot be read: Is a directory" in refused(authorization, tmp_path)


def test_from_a_shell_a_refusal_is_one_sentence_and_ends_with_2(plan: Path) -> None:
    manage = [sys.executable, str(ROOT / "manage.py"), "compare_fpl"]

    refusal = subprocess.run(
        [*manage, "--authorization", str(plan)], capture_output=True, text=True, check=False
    )
    unknown = subprocess.run([*manage, "--by", "me"], capture_output=True, text=True, check=False)

    assert refusal.returncode == unknown.returncode == 2
    assert len(refusal.stderr.splitlines()) == 1
    assert "Traceback" not in refusal.stderr + unknown.stderr
    assert refusal.stdout == unknown.stdout == ""


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.booleans())
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_bytes_are_refused_in_a_sentence(
    authorization: Path, plan: Path, content: bytes, in_the_plan: bool
) -> None:
    authorization.write_text(json.dumps(AUTHORIZATIONS["A1"]), encoding="utf-8")
    (plan if in_the_plan else authorization).write_bytes(content)

    assert refused(authorization, plan)
