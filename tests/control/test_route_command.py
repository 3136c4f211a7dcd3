from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace import crossings, points

ROOT = Path(__file__).parents[2]
ROUTES: list[dict[str, Any]] = json.loads(
    (ROOT / "tests/data/reference_routes.json").read_text(encoding="utf-8")
)["routes"]
MODEL = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC"


def printed(*arguments: str) -> str:
    output = StringIO()
    call_command("route", *arguments, stdout=output)
    return output.getvalue()


def shell(*arguments: str) -> tuple[int, str, str]:
    """Run `manage.py route` as a shell does; return exit code, output and errors."""
    done = subprocess.run(
        [sys.executable, "manage.py", "route", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("case", ROUTES, ids=[case["id"] for case in ROUTES])
def test_reference_routes_are_printed_as_json(case: dict[str, Any]) -> None:
    idents = [point["ident"] for point in case["points"]]
    answer = json.loads(printed(*idents, "--json"))
    assert answer == crossings.as_dict(crossings.follow(points.read(idents)))
    assert answer["total_distance_nm"] == pytest.approx(case["total_distance_nm"], abs=0.5)
    for sequence in ("state_sequence", "fir_sequence"):
        thinned = f"{sequence}_without_marginal"
        assert answer[sequence] == case[sequence]
        assert answer[thinned] == case[thinned]
    for kind in ("states", "firs"):
        for ours, theirs in zip(answer[kind], case[kind], strict=True):
            for end in ("entry", "exit"):
                tolerance = theirs[end].get("tolerance_nm", 0.5)
                assert ours[end]["distance_nm"] == pytest.approx(
                    theirs[end]["distance_nm"], abs=tolerance
                )


def test_one_argument_may_be_a_whole_route() -> None:
    whole = "LTAU N0390F250 NOLGA DCT LAGAS UBBB"
    assert printed(whole, "--json") == printed("LTAU", "NOLGA", "LAGAS", "UBBB", "--json")


def test_a_speed_adds_times() -> None:
    answer = json.loads(printed(MODEL, "--speed", "390", "--json"))
    assert answer["legs"][0]["minutes"] == 58.4


def test_the_table_begins_with_exercise_and_ends_with_the_notice() -> None:
    lines = printed(MODEL, "--speed", "390").splitlines()
    assert lines[0] == "EXERCISE, training only: distances in NM, times at 390 kt"
    assert lines[-1].startswith("Training geography, not for operations.")
    assert "  Without marginal: TR GE AZ KZ" in lines
    assert "  AZ KZ  BALUN          822.29 02:07   876.06 02:15" in lines


def test_long_positions_stand_apart_in_the_table() -> None:
    positions = ["40.123456,50.123456", "41.123456,51.654321", "402800N0500300E", "LTAU"]
    legs = [line.split()[:2] for line in printed(*positions).splitlines()[3:6]]
    assert legs == [list(pair) for pair in pairwise(positions)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["LTAU", "UACN"], "UACN is the Astana FIR, not an aerodrome; the aerodrome is UACC."),
        (["LTAU"], "A route needs at least two points."),
        ([""], "A route needs at least two points."),
        (["LTAU", "LTAU"], "LTAU stands twice in succession."),
        (
            ["LTAU", "NOLGO"],
            "NOLGO is not a known point; did you mean NOLGA?",
        ),
    ],
)
def test_a_route_that_cannot_be_followed_is_told_in_a_sentence(
    arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as caught:
        printed(*arguments)
    assert str(caught.value) == sentence
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    "speed", ["0", "-5", "fast", "nan", "1e3", "99999", "²", "٣٩٠", "3 90", "10"]
)
def test_a_speed_that_is_none_is_refused(speed: str) -> None:
    with pytest.raises(CommandError, match="is no speed from 30 to 999 knots"):
        printed(MODEL, f"--speed={speed}")


@pytest.mark.once
def test_a_shell_gets_the_route_and_zero() -> None:
    code, output, errors = shell(MODEL, "--json")
    assert (code, errors) == (0, "")
    assert json.loads(output)["state_sequence"] == ["TR", "GE", "AZ", "KZ"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-12.0,5.0", "LTAU"], "CommandError: -12.0,5.0 lies off the map"),
        (["4028N05003E", "LTAX"], "LTAX is not a known point"),
        (["LTAU", "UACC", "--speed", "-5"], "'-5' is no speed"),
        ([], "required: POINT"),
        (["LTAU", "UACC", "--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_a_shell_gets_a_sentence_and_two(arguments: list[str], sentence: str) -> None:
    code, output, errors = shell(*arguments)
    assert (code, output) == (2, "")
    assert sentence in errors
    assert "Traceback" not in errors


@settings(max_examples=50)
@given(st.lists(st.text(max_size=12) | st.sampled_from(MODEL.split()), min_size=1, max_size=4))
def test_nonsense_is_refused_with_two_or_followed(arguments: list[str]) -> None:
    refused = None
    try:
        printed("--", *arguments)
    except CommandError as error:
        refused = error
    assert refused is None or (refused.returncode == 2 and str(refused))


def test_a_route_is_printed_for_maps() -> None:
    drawn = json.loads(printed("LTAU", "NOLGA", "--geojson"))
    kml = printed("LTAU", "NOLGA", "--kml")

    assert (drawn["mark"], drawn["type"]) == ("EXERCISE", "FeatureCollection")
    assert kml.startswith('<?xml version="1.0"')
    assert "EXERCISE" in kml
