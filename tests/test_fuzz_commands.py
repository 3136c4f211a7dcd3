"""Nonsense given to a command is told in a sentence, with exit code 2; never a traceback."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, ManagementUtility, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
DATA: dict[str, Any] = json.loads((ROOT / "tests/data/fpl_cases.json").read_text(encoding="utf-8"))
AUTHORIZATION: dict[str, Any] = DATA["authorizations"][0]
MESSAGE: str = DATA["cases"][0]["message"]

#: The keys that are compared; what an authorization is called besides is passed over.
KEYS = [key for key in AUTHORIZATION if key != "id"]

#: Each command as it should be called.
CALLS = {
    "route": ["LTAU", "NOLGA", "4028N05003E", "43.5,51.1", "UACC", "--speed", "390", "--json"],
    "due": [
        "--host=KZ",
        "--received",
        "2026-09-14T06:00:00Z",
        "--working-days",
        "7",
        "--pause",
        "2026-09-16T07:00:00Z/2026-09-18T09:00:00+05:00",
        "--json",
    ],
    "leadtime": [
        "--host",
        "KZ",
        "--received",
        "2026-03-19T06:00:00Z",
        "--entry",
        "2026-03-27T05:00:00Z",
        "--working-days=7",
    ],
    "annual": ["--host", "TR", "--received=2026-12-01T18:30:00Z", "--year", "2027", "--json"],
    "compare_fpl": ["--authorization", "authorization.json", "plan.txt", "--json"],
}

# What is typed

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NONSENSE = TEXT | st.sampled_from(
    [
        *("", " ", "\n", "-", "--", "---", "-x", "--=", "--json=1", "--host", "--speed", "--pause"),
        *("\0", "a\0b", "%s", "%(point)s", "{0}", "@", "../..", "/", "/dev/null", "/nowhere"),
        *("0", "-1", "+1", "1.5", "1e3", "NaN", "Infinity", "٣", "٢٠٢٧", "²", "9" * 5000),
        *("UACN", "LTAU", "TBILISI", "99N999E", "-0.0,-0.0", "91,181", "40.47,", "KZ", "ß", "İ"),
        *("2026-02-30T00:00:00Z", "2026-09-14", "20260914T06Z", "2026-W38-1T06:00Z", "T/T", "/"),
        *("2000-01-01T00:00:00+23:59", "2099-12-31T23:59:59-23:59", "2028-12-31T23:00:00Z"),
        *("A" * 20_000, "LTAU " * 5000, "1 " * 5000, "1," + " " * 5000, "-STS/" * 2000),
    ]
)


@st.composite
def marred(draw: st.DrawFn, typed: str) -> str:
    """A text with some of its characters left out, doubled or replaced."""
    start = draw(st.integers(0, len(typed)))
    end = draw(st.integers(start, len(typed)))
    between = draw(NONSENSE | st.just(typed[start:end] * 2))
    return typed[:start] + between + typed[end:]


@st.composite
def calls(draw: st.DrawFn, command: str) -> list[str]:
    """The arguments of a command with some of them marred, left out, moved or added to."""
    arguments = [*CALLS[command]]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(arguments)))
        words = [*map(marred, arguments[at : at + 1]), NONSENSE, st.sampled_from(CALLS[command])]
        arguments[at : at + 1] = draw(st.lists(st.one_of(words), max_size=2))
    return arguments


# How it ends


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: str) -> Run:
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            ManagementUtility(["manage.py", *arguments]).execute()
        except SystemExit as end:
            code = int(end.code or 0)
    return Run(code, out.getvalue(), err.getvalue())


def is_answered(found: Run, typed: Sequence[str] = ()) -> bool:
    """Say whether a command gave its answer or refused in one sentence, and nothing besides."""
    if found.code == 0:
        return bool(found.out) and not found.err
    refusal = re.fullmatch(
        r"(?:usage: .*?\n)?(?:CommandError|manage\.py \w+: error): (.*\S.*)\n", found.err, re.DOTALL
    )
    has_breaks = any(len(f"{one}.".splitlines()) > 1 for one in typed)  # which may be quoted
    is_sentence = refusal is not None and (has_breaks or len(refusal[1].splitlines()) == 1)
    return (found.code, found.out) == (2, "") and is_sentence


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(autouse=True)
def _in_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right authorization and a right message lie there; nobody types on standard input."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    Path("authorization.json").write_text(json.dumps(AUTHORIZATION), encoding="utf-8")
    Path("plan.txt").write_text(MESSAGE, encoding="utf-8")


fuzzed = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("command", CALLS)
def test_the_calls_are_right_before_they_are_marred(command: str) -> None:
    found = run(command, *CALLS[command])

    assert (found.code, found.err) == (0, "")


@pytest.mark.parametrize("command", CALLS)
@fuzzed
@given(data=st.data())
def test_marred_arguments_are_answered(command: str, data: st.DataObject) -> None:
    typed = data.draw(calls(command))

    found = run(command, *typed)

    assert is_answered(found, typed), found


@pytest.mark.parametrize("command", CALLS)
@fuzzed
@given(typed=st.lists(NONSENSE, max_size=6))
def test_nothing_but_nonsense_is_answered(command: str, typed: list[str]) -> None:
    found = run(command, *typed)

    assert is_answered(found, typed), found


@pytest.mark.parametrize("command", CALLS)
@fuzzed
@given(data=st.data())
def test_called_from_a_program_a_command_raises_nothing_but_command_errors(
    command: str, data: st.DataObject
) -> None:
    out, refused = io.StringIO(), None

    try:
        call_command(command, *data.draw(calls(command)), stdout=out)
    except CommandError as error:
        refused = str(error)
    except SystemExit as end:  # for --help
        refused = {0: "help"}[int(end.code or 0)]

    assert bool(refused) != bool(out.getvalue())


# The files of compare_fpl

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXT
    | st.sampled_from(["NaN", "7", "\ud800", "KZ", "2026-09-14", "9999-12-31T23:59:59-23:59"])
    | st.sampled_from([10**4000, -(10**400), float("inf"), float("nan"), [], {}, [[]], [None]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)

#: What no key may have.
OF_NO_KIND: list[Any] = [True, 1.5, -1, float("nan"), float("inf"), "", "\0", {}, {"KZ": 1}, [7]]


def compared() -> Run:
    return run("compare_fpl", "--authorization", "authorization.json", "plan.txt", "--json")


@fuzzed
@given(st.dictionaries(st.sampled_from(KEYS), JSON, min_size=1, max_size=3))
def test_an_authorization_of_wrong_values_is_answered(wrong: dict[str, Any]) -> None:
    Path("authorization.json").write_text(json.dumps(AUTHORIZATION | wrong), encoding="utf-8")

    assert is_answered(compared())


@pytest.mark.parametrize("key", KEYS)
def test_each_key_is_named_where_its_value_is_of_a_wrong_kind_or_missing(key: str) -> None:
    for wrong in OF_NO_KIND:
        Path("authorization.json").write_text(
            json.dumps(AUTHORIZATION | {key: wrong}), encoding="utf-8"
        )
        found = compared()
        assert is_answered(found)
        assert f"“{key}” must be" in found.err

    without = {name: value for name, value in AUTHORIZATION.items() if name != key}
    Path("authorization.json").write_text(json.dumps(without), encoding="utf-8")
    assert compared().err == f"CommandError: authorization.json: The authorization lacks: {key}.\n"


@fuzzed
@given(st.data())
def test_a_marred_authorization_is_answered(data: st.DataObject) -> None:
    text = data.draw(marred(json.dumps(AUTHORIZATION)))
    Path("authorization.json").write_text(text, encoding="utf-8")

    assert is_answered(compared())


@fuzzed
@given(st.data())
def test_a_marred_message_is_answered(data: st.DataObject) -> None:
    text = data.draw(st.one_of([marred(case["message"]) for case in DATA["cases"]]))
    Path("plan.txt").write_text(text, encoding="utf-8")

    assert is_answered(compared())


@fuzzed
@given(st.binary(max_size=200), st.sampled_from(["authorization.json", "plan.txt"]))
def test_a_file_of_any_bytes_is_refused(content: bytes, name: str) -> None:
    Path("authorization.json").write_text(json.dumps(AUTHORIZATION), encoding="utf-8")
    Path(name).write_bytes(content)

    found = compared()

    assert found.code == 2
    assert is_answered(found)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '{"host":' * 50_000,
        json.dumps(AUTHORIZATION)[:-1] + ', "note": ' + "[" * 900 + "]" * 900 + "}",
        json.dumps(AUTHORIZATION)[:-1] + ', "number": "EXKZ26S0001"}',
        '{"number": 7, ' + json.dumps(AUTHORIZATION)[1:],
        json.dumps(AUTHORIZATION | {"persons_on_board_max": 7}).replace("7}", "7" * 5000 + "}"),
        json.dumps(AUTHORIZATION | {"spare_registrations": ["990102"] * 50_000}),
        json.dumps([AUTHORIZATION]),
        "\0" * 100_000,
    ],
    ids=lambda content: content[:12],
)
def test_an_authorization_that_is_odd_as_a_whole_is_answered(content: str) -> None:
    Path("authorization.json").write_text(content, encoding="utf-8")

    assert is_answered(compared())


@pytest.mark.parametrize("more", ["A " * 200_000, "-" * 200_000, "A" * 500_000, "N/A " * 200_000])
def test_a_message_of_half_a_million_characters_is_compared(more: str) -> None:
    Path("plan.txt").write_text(MESSAGE.replace("RMK/", f"RMK/{more} "), encoding="utf-8")

    found = compared()

    assert found.code == 0
    assert is_answered(found)


@pytest.mark.parametrize("name", ["", ".", "nowhere", "a\0b", "n" * 5000, "plan.txt/x", "/"])
def test_a_file_that_is_none_is_named(name: str) -> None:
    for typed in (["--authorization", name], ["--authorization=authorization.json", name]):
        found = run("compare_fpl", *typed)
        assert found.code == 2
        assert is_answered(found)


# From a shell


@pytest.mark.once
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["route"], "required: POINT"),
        (["route", b"\xff\xfe", "UACC"], "is not a known point"),
        (["due", "--host", "KZ", "--working-days", "٣٣٣٣"], "required: --received"),
        (["due", *CALLS["due"][:-1], "--pause", "%s/%s"], "'%s' is no moment"),
        (["leadtime", *CALLS["leadtime"], "--entry", b"\xff"], "is no moment"),
        (["leadtime", *CALLS["leadtime"], "--working-days", "9" * 5000], "is no number"),
        (["annual", *CALLS["annual"], "--year", "NaN"], "'NaN' is no year"),
        (["annual", *CALLS["annual"], "--host", "ß"], "has no office of 'SS'"),
        (["compare_fpl"], "required: --authorization"),
        (["compare_fpl", "--authorization", b"\xff"], "cannot be read: No such file"),
        (["compare_fpl", "--authorization", "authorization.json", "-"], "- is no text."),
    ],
)
def test_a_shell_gets_one_sentence_and_two(arguments: list[str | bytes], said: str) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        input=b"(FPL-\xff\x00)",
        capture_output=True,
        check=False,
    )

    found = Run(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
    assert found.code == 2
    assert is_answered(found)
    assert said in found.err
    assert "Traceback" not in found.err
