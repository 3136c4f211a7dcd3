"""What the map shows of a route is what its tables say, and what a request declares is compared."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace import reference
from airspace.crossings import Route, follow
from airspace.points import RouteError, read
from books import agreements
from transit.mapping import Declared, Zone, map_of, position
from transit.route_tables import compare, tables

CORRIDOR = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC"
AGREEMENT = agreements.load("TR-KZ", "1")


@pytest.fixture(scope="module")
def corridor() -> Route:
    return follow(read(CORRIDOR))


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        (41.4236, 42.9646, "41°25.4′N 042°57.9′E"),
        (40, 50, "40°00.0′N 050°00.0′E"),
        (39.99999, 49.99999, "40°00.0′N 050°00.0′E"),
        (-0.5, -7.25, "00°30.0′S 007°15.0′W"),
    ],
)
def test_a_position_is_in_degrees_and_minutes(lat: float, lon: float, words: str) -> None:
    assert position(lat, lon) == words


def test_the_line_is_split_by_state(corridor: Route) -> None:
    track = map_of(corridor).track

    assert [piece.state for piece in track] == ["TR", "GE", "AZ", "", "KZ"]
    assert [piece.hue for piece in track] == [1, 2, 3, 0, 4]
    assert all(one.line[-1] == other.line[0] for one, other in pairwise(track))


def test_the_line_begins_and_ends_where_the_route_does(corridor: Route) -> None:
    track = map_of(corridor).track

    assert track[0].line[0] == pytest.approx((38.7704, 35.4954), abs=0.001)
    assert track[-1].line[-1] == pytest.approx((51.0222, 71.4669), abs=0.001)


def test_a_handover_at_a_point_of_the_route_is_that_point(corridor: Route) -> None:
    marks = map_of(corridor).marks

    assert [mark.label for mark in marks if mark.kind == "handover"] == [
        "NOLGA",
        "ADEKI",
        "BALUN",
    ]
    assert [mark.label for mark in marks if mark.kind == "border"] == [
        "TR→GE",
        "GE→AZ",
        "AZ→",
        "→KZ",
    ]
    assert [mark.nm for mark in marks] == sorted(mark.nm for mark in marks)


def test_the_data_of_a_map_are_small(corridor: Route) -> None:
    assert len(json.dumps(map_of(corridor).data)) < 10_000


def test_declared_points_stand_on_the_map_unless_nobody_knows_them(corridor: Route) -> None:
    declared = [Declared("AZ", "ADEKI", "BALUN"), Declared("KZ", "BALUN", "NOWHERE")]

    marks = [one for one in map_of(corridor, declared=declared).marks if one.kind == "declared"]

    assert [one.text for one in marks] == [
        "ADEKI: declared entry into Azerbaijan",
        "BALUN: declared exit from Azerbaijan, declared entry into Kazakhstan",
    ]


def test_zones_are_drawn_as_given(corridor: Route) -> None:
    zone = Zone("EX-1", "Closed on exercise days", ((50.0, 60.0), (51.0, 60.0), (51.0, 61.0)))

    drawn = json.loads(json.dumps(map_of(corridor, zones=[zone]).data))

    assert drawn["zones"] == [
        {
            "name": "EX-1",
            "text": "Closed on exercise days",
            "ring": [[50.0, 60.0], [51.0, 60.0], [51.0, 61.0]],
        }
    ]
    assert tables(corridor, zones=[zone]).zones == [zone]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Türkiye", "Georgia", "Azerbaijan", "Kazakhstan"]),
        ("tr", ["Türkiye", "Georgia", "Azerbaijan", "Kazakistan"]),
        ("kk", ["Түркия", "Georgia", "Azerbaijan", "Қазақстан"]),
    ],
)
def test_the_parties_are_called_as_in_the_agreement(
    corridor: Route, language: str, names: list[str]
) -> None:
    with translation.override(language):
        states = map_of(corridor, agreement=AGREEMENT).states

    assert [state.name for state in states] == names


def test_tables_give_times_only_at_a_speed(corridor: Route) -> None:
    assert tables(corridor).time == ""
    timed = tables(corridor, knots=400)
    assert timed.time == "4 h 40 min"
    assert timed.pieces[-1].entry.after == "2 h 11 min"


def test_stretches_outside_any_state_stand_among_the_states(corridor: Route) -> None:
    names = [row.name for row in tables(corridor).pieces]

    assert names[3] == "Outside any state, over the Caspian Sea"


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("GE AZ KZ", ["as computed"] * 3),
        ("TR GE AZ KZ", ["as computed"] * 4),
        ("AZ KZ", ["crossed, not declared", "as computed", "as computed"]),
        (
            "GE AZ TM KZ",
            ["as computed", "as computed", "declared, not crossed", "as computed"],
        ),
        ("", ["crossed, not declared"] * 3),
    ],
)
def test_declared_states_are_compared_in_order(
    corridor: Route, declared: str, words: list[str]
) -> None:
    rows = compare(corridor, [Declared(code) for code in declared.split()])

    assert [row.words for row in rows] == words


def test_a_state_left_and_entered_again_over_its_sea_is_one_crossing() -> None:
    along_the_coast = follow(read("LTAE NOLGA LAGAS ADEKI UBBB RUTIL UATE ARKAM UAKK"))
    declared = [Declared("TR", "LTAE", "NOLGA"), *map(Declared, ("GE", "AZ", "KZ"))]

    assert [part.code for part in along_the_coast.states_without_marginal][:2] == ["TR", "TR"]
    assert [row.words for row in compare(along_the_coast, declared)] == ["as computed"] * 4


def test_a_declared_point_agrees_at_the_handover_as_well_as_at_the_border(corridor: Route) -> None:
    into_kz = compare(corridor, [Declared("GE"), Declared("AZ"), Declared("KZ", "BALUN", "")])[-1]

    assert into_kz.words == "as computed"
    assert into_kz.points == ("Entry BALUN: 54 NM from the border, 0 NM from the handover",)


@pytest.mark.parametrize("point", ["UATE", "NOWHERE"])
def test_a_declared_point_elsewhere_differs(corridor: Route, point: str) -> None:
    into_kz = compare(corridor, [Declared("GE"), Declared("AZ"), Declared("KZ", point, "")])[-1]

    assert into_kz.words == "point differs"
    assert into_kz.tone == "warn"


IDENTS = st.sampled_from(sorted(reference.aerodromes()))


@settings(max_examples=25)
@given(st.lists(IDENTS, min_size=2, max_size=5))
def test_whatever_is_flown_the_map_has_the_whole_of_it(idents: list[str]) -> None:
    try:
        route = follow(read(idents))
    except RouteError:
        return
    drawn = map_of(route)
    shown = tables(route, knots=300)

    assert all(one.line[-1] == other.line[0] for one, other in pairwise(drawn.track))
    assert [piece.state for piece in drawn.track] == [row.code for row in shown.pieces]
    assert sum(row.length_nm for row in shown.pieces) == pytest.approx(
        route.total_distance_nm, abs=0.1
    )
    assert {mark.label for mark in drawn.marks if mark.kind == "point"} <= set(idents)
    declared = [Declared(code) for code in route.state_sequence_without_marginal]
    assert all(row.words == "as computed" for row in compare(route, declared))
