"""The awkward meetings of a line and an edge, on squares a degree wide."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from airspace.earth import Line, along
from airspace.layers import Layer
from airspace.points import Point


def square(west: float, south: float) -> dict[str, Any]:
    east, north = west + 1, south + 1
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [ring]}


#: B west and A east of the meridian 51 E, C north of A, nothing north of B.
LAYER = Layer([("B", square(50, 0)), ("A", square(51, 0)), ("C", square(51, 1))])


def codes(*places: tuple[float, float]) -> list[str]:
    """Return the codes that the line through these (latitude, longitude) meets, in order."""
    stops = [Point("", lat, lon, "coordinates") for lat, lon in places]
    lines = [Line(a, b) for a, b in pairwise(stops)]
    runs = LAYER.runs(along(lines))
    assert runs[0].from_nm == 0
    assert runs[-1].to_nm == pytest.approx(sum(line.length_nm for line in lines))
    return [run.code for run in runs]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param([(0.5, 50.5), (0.5, 51.5)], "BA", id="across the common edge"),
        pytest.param([(0.5, 49.5), (0.5, 52.5)], "-BA-", id="from outside to outside"),
        pytest.param([(0.5, 50.5), (0.5, 51.0)], "B", id="ends on the edge"),
        pytest.param([(0.5, 51.0), (0.5, 51.5)], "A", id="begins on the edge"),
        pytest.param([(0.5, 50.5), (0.5, 51.0), (0.5, 51.5)], "BA", id="a turn on the edge"),
        pytest.param([(0.5, 50.5), (0.5, 51.0), (0.2, 50.5)], "B", id="touches from inside"),
        pytest.param([(0.5, 52.5), (0.5, 52.0), (0.2, 52.5)], "-", id="touches from outside"),
        pytest.param([(0.2, 51.0), (0.8, 51.0)], "A", id="along the edge: first in the alphabet"),
        pytest.param([(0.5, 51.0), (1.5, 51.0)], "AC", id="along two edges past a corner"),
        pytest.param([(-0.5, 51.0), (2.5, 51.0)], "-AC-", id="along edges from end to end"),
        pytest.param([(0.2, 50.0), (0.8, 50.0)], "B", id="along the outer edge"),
        pytest.param([(1.5, 50.5), (1, 51), (0.5, 51.5)], "-A", id="through the corner of all"),
        pytest.param([(0.5, 50.5), (1.0, 51.0), (1.5, 50.5)], "B-", id="a turn on the corner"),
    ],
)
def test_a_line_is_cut_at_the_edges(places: list[tuple[float, float]], expected: str) -> None:
    wanted = ["" if code == "-" else code for code in expected]
    assert codes(*places) == wanted
    assert codes(*reversed(places)) == wanted[::-1]


def test_a_place_on_an_edge_belongs_to_the_first_in_the_alphabet() -> None:
    assert LAYER.code_at(0.5, 51.0) == "A"
    assert LAYER.code_at(1.0, 51.5) == "A"
    assert LAYER.code_at(0.5, 50.0) == "B"
    assert LAYER.code_at(0.5, 49.9) == ""
