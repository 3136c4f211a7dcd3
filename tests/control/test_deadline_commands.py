"""`manage.py due`, `leadtime` and `annual`, as the command line runs them."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import ManagementUtility
from hypothesis import given, settings
from hypothesis import strategies as st

from books import calendars

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data/lead_time_cases.json").read_text(encoding="utf-8")
)["cases"]
COMMANDS = {"due": "due", "lead_time_check": "leadtime", "annual_deadline": "annual"}

DUE = ["due", "--host", "KZ", "--received", "2026-09-14T06:00:00Z", "--working-days", "7"]
LEADTIME = [
    "leadtime",
    "--host",
    "KZ",
    "--received",
    "2026-03-19T06:00:00Z",
    "--entry",
    "2026-03-27T05:00:00Z",
    "--working-days",
    "7",
]
ANNUAL = ["annual", "--host", "KZ", "--received", "2026-12-01T18:30:00Z", "--year", "2027"]


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


def arguments(case: dict[str, Any]) -> list[str]:
    given = {
        "host": case["host"],
        "received": case["received_utc"],
        "entry": case.get("entry_utc"),
        "working-days": case.get("working_days"),
        "year": case.get("dcn_year"),
    }
    options = [f"--{name}={value}" for name, value in given.items() if value is not None]
    pauses = [f"{pause['from_utc']}/{pause['to_utc']}" for pause in case.get("pauses", ())]
    return [COMMANDS[case["kind"]], *options, *(f"--pause={pause}" for pause in pauses)]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_command_answers_each_case(case: dict[str, Any]) -> None:
    found = run(*arguments(case), "--json")

    assert (found.code, found.err) == (0, "")
    assert json.loads(found.out) == case["expected"]


@pytest.mark.parametrize("question", [DUE, LEADTIME, ANNUAL], ids=lambda question: question[0])
def test_an_answer_in_words_says_that_it_is_an_exercise(question: list[str]) -> None:
    found = run(*question)

    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("EXERCISE")
    assert "training default" in found.out


def test_a_due_date_in_words_names_every_day() -> None:
    pause = "2026-09-16T07:00:00Z/2026-09-18T09:00:00Z"

    said = run(*DUE, "--pause", pause).out

    assert "Mon 14 Sep 2026  day of receipt" in said
    assert "Wed 16 Sep 2026  not counted: clock paused at close of business" in said
    assert "Sun 20 Sep 2026  not counted: Sunday" in said
    assert "Due 25 Sep 2026 13:00:00Z (Fri 25 Sep 18:00 at the office)" in said


def test_a_notice_in_words_reads_well_of_one_day() -> None:
    one_day = [word.replace("2026-03-27", "2026-03-26") for word in LEADTIME]

    assert "Full working days between: 1; asked for: 7; too late" in run(*one_day).out


def test_pauses_may_stand_behind_one_option_or_each_behind_its_own() -> None:
    first = "2026-09-15T07:00:00Z/2026-09-16T07:00:00Z"
    second = "2026-09-17T07:00:00Z/2026-09-18T07:00:00Z"

    together = run(*DUE, "--json", "--pause", first, second)
    apart = run(*DUE, "--json", "--pause", first, "--pause", second)

    assert together == apart
    assert json.loads(together.out)["due_utc"] == "2026-09-25T13:00:00Z"


def test_an_offset_is_as_good_as_z() -> None:
    local = [word.replace("2026-09-14T06:00:00Z", "2026-09-14T11:00:00+05:00") for word in DUE]

    assert run(*local, "--json") == run(*DUE, "--json")


def test_an_older_calendar_can_be_asked() -> None:
    asked = ["UZ" if word == "KZ" else word for word in DUE]

    assert run(*asked).code == 0
    older = run(*asked, "--calendar", "2026.1")
    assert older.code == 2
    assert "Calendar 2026.1 has no office of 'UZ'; it has: AZ, GE, KZ, TR." in older.err


@pytest.mark.parametrize("state", calendars.states(calendars.LATEST))
def test_every_state_with_an_office_can_be_asked(state: str) -> None:
    found = run(*(state if word == "KZ" else word for word in DUE), "--json")

    assert len(json.loads(found.out)["counted_dates"]) == 7


def test_an_entry_before_the_receipt_is_too_late_and_no_fault() -> None:
    asked = [word.replace("2026-03-27", "2026-03-10") for word in LEADTIME]

    found = json.loads(run(*asked, "--json").out)

    assert (found["count"], found["in_time"]) == (0, False)


@pytest.mark.parametrize(
    ("question", "right", "wrong", "said"),
    [
        (DUE, "KZ", "XX", "has no office of 'XX'"),
        (DUE, "KZ", "", "has no office of ''"),
        (DUE, "7", "0", "'0' is no number of working days"),
        (DUE, "7", "-3", "'-3' is no number of working days"),
        (DUE, "7", "1.5", "'1.5' is no number of working days"),
        (DUE, "7", "9" * 5000, "is no number of working days"),
        (DUE, "7", "2000", "knows the days from 2024-01-01 to 2028-12-31"),
        (DUE, "2026-09-14T06:00:00Z", "yesterday", "'yesterday' is no moment"),
        (DUE, "2026-09-14T06:00:00Z", "2026-09-14T06:00:00", "has no zone"),
        (DUE, "2026-09-14T06:00:00Z", "2026-09-14T06:00:00.5Z", "whole seconds"),
        (DUE, "2026-09-14T06:00:00Z", "9999-12-31T23:59:59-10:00", "between 2000 and 2099"),
        (DUE, "2026-09-14T06:00:00Z", "0001-01-01T00:00:00+10:00", "between 2000 and 2099"),
        (DUE, "2026-09-14T06:00:00Z", "2023-09-14T06:00:00Z", "not 2023-09-14"),
        (DUE, "2026-09-14T06:00:00Z", "2040-09-14T06:00:00Z", "not 2040-09-14"),
        (LEADTIME, "2026-03-27T05:00:00Z", "27 March", "'27 March' is no moment"),
        (LEADTIME, "2026-03-27T05:00:00Z", "2029-03-27T05:00:00Z", "not 2029-01-01"),
        (LEADTIME, "7", "9999", "not 2023-12-31"),
        (ANNUAL, "2027", "1", "'1' is no year"),
        (ANNUAL, "2027", "99999", "'99999' is no year"),
        (ANNUAL, "2027", "next", "'next' is no year"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(
    question: list[str], right: str, wrong: str, said: str
) -> None:
    found = run(*(wrong if word == right else word for word in question), "--json")

    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert found.err.rstrip().endswith(".")


@pytest.mark.parametrize(
    ("pause", "said"),
    [
        ("2026-09-16T07:00:00Z", "is no pause: two moments, FROM/TO."),
        ("2026-09-16T07:00:00Z/", "'' is no moment"),
        ("2026-09-18T09:00:00Z/2026-09-16T07:00:00Z", "cannot end"),
    ],
)
def test_a_wrong_pause_is_told_in_a_sentence(pause: str, said: str) -> None:
    found = run(*DUE, "--pause", pause)

    assert (found.code, found.out) == (2, "")
    assert said in found.err


@pytest.mark.parametrize(
    ("host", "received", "days", "closed", "due_utc"),
    [
        ("TR", "2026-05-22T09:00:00Z", 1, ["2026-05-25", "2026-05-26"], "2026-06-01T14:30:00Z"),
        ("TR", "2026-03-13T09:00:00Z", 1, ["2026-03-16/2026-03-19"], "2026-03-23T14:30:00Z"),
        ("TR", "2026-10-28T09:00:00Z", 1, ["2026-10-30", "2026-10-28"], "2026-11-03T14:30:00Z"),
        ("KZ", "2026-09-08T06:00:00Z", 2, ["2026-09-09"], "2026-09-11T13:00:00Z"),
        ("KZ", "2026-09-08T06:00:00Z", 2, ["2026-09-12"], "2026-09-10T13:00:00Z"),  # a Saturday
        ("UZ", "2026-03-19T06:00:00Z", 1, ["2026-03-23/2026-03-24"], "2026-03-25T13:00:00Z"),
    ],
)
def test_a_closed_day_is_not_counted(
    host: str, received: str, days: int, closed: list[str], due_utc: str
) -> None:
    question = ["due", "--host", host, "--received", received, "--working-days", str(days)]

    answer = json.loads(run(*question, "--closed", *closed, "--json").out)

    assert answer["due_utc"] == due_utc
    assert "closed" not in run(*question).out


def test_a_closed_day_leaves_less_notice() -> None:
    before = json.loads(run(*LEADTIME, "--json").out)
    after = json.loads(run(*LEADTIME, "--closed", "2026-03-26", "--json").out)

    assert after["count"] == before["count"] - 1


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ("soon", "is no date such as 2026-05-25"),
        ("2026-02-30", "is no date such as 2026-05-25"),
        ("2026-05-26/2026-05-25", "ends before it begins."),
        ("2026-01-01/2026-12-31", "is longer than 60 days."),
        ("2031-05-25", "knows the days from 2024-01-01 to 2028-12-31, not 2031-05-25."),
    ],
)
def test_a_wrong_closed_day_is_told_in_a_sentence(closed: str, said: str) -> None:
    found = run(*DUE, "--closed", closed)

    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_missing_argument_is_named() -> None:
    found = run("leadtime", "--host", "KZ")

    assert (found.code, found.out) == (2, "")
    assert "required: --received, --entry, --working-days" in found.err


TEXT = st.text(max_size=8)
STATES = TEXT | st.sampled_from(calendars.states(calendars.LATEST))
KNOWN = st.datetimes(datetime(2023, 12, 1), datetime(2029, 1, 31))  # noqa: DTZ001 - aware below
MOMENTS = (
    TEXT
    | KNOWN.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}")
    | st.datetimes(timezones=st.timezones() | st.none()).map(datetime.isoformat)
)
NUMBERS = TEXT | st.integers().map(str) | st.integers(1, 40).map(str)
OPTIONS = {
    "due": {
        "working-days": NUMBERS,
        "pause": st.tuples(MOMENTS, MOMENTS).map("/".join),
        "closed": TEXT | KNOWN.map(lambda at: f"{at:%Y-%m-%d}"),
    },
    "leadtime": {"working-days": NUMBERS, "entry": MOMENTS},
    "annual": {"year": NUMBERS | st.integers(1990, 2110).map(str)},
}


@given(st.sampled_from([*OPTIONS]), st.data())
@settings(max_examples=80)
def test_nonsense_never_ends_in_a_traceback(command: str, data: st.DataObject) -> None:
    options = {"host": STATES, "received": MOMENTS} | OPTIONS[command]
    typed = [f"--{name}={data.draw(values)}" for name, values in options.items()]

    found = run(command, *typed)

    assert found.code == (2 if found.err else 0)
    assert bool(found.out) != bool(found.err)
