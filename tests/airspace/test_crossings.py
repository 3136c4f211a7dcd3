from __future__ import annotations

import json
import math
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st

from airspace import crossings, points, reference
from airspace.crossings import Route, Segment, as_dict, follow
from airspace.earth import distance_nm
from airspace.points import Point, RouteError

ROUTES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data/reference_routes.json").read_text(encoding="utf-8")
)["routes"]
MODEL = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC"


def route(text: str) -> Route:
    return follow(points.read(text))


def reference_routes() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", ROUTES, ids=[case["id"] for case in ROUTES])


def assert_alike(ours: Any, theirs: Any, where: str = "") -> None:
    """Distances within 0.05 NM and positions within 0.001 degrees, all else the same.

    The tolerances of the file are twenty times wider: it allows for other methods.
    """
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys() - {"tolerance_nm"}, where
        for key, value in ours.items():
            assert_alike(value, theirs[key], f"{where}.{key}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), where
        for n, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_alike(one, other, f"{where}[{n}]")
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, abs=0.001 if where.endswith(("lat", "lon")) else 0.05)
    else:
        assert ours == theirs, where


@reference_routes()
def test_reference_routes_cross_what_they_should(case: dict[str, Any]) -> None:
    ours = as_dict(route(" ".join(point["ident"] for point in case["points"])))
    about = {"id", "title", "kind", "teaching_point"}
    assert_alike(ours, {key: value for key, value in case.items() if key not in about})


@reference_routes()
def test_parts_follow_one_another_from_end_to_end(case: dict[str, Any]) -> None:
    followed = route(" ".join(point["ident"] for point in case["points"]))
    parts = sorted(
        [(it.entry.distance_nm, it.exit.distance_nm) for it in followed.states]
        + [(it.from_nm, it.to_nm) for it in followed.outside]
    )
    ends = [0.0, *(end for _, end in parts)]
    assert [start for start, _ in parts] == pytest.approx(ends[:-1], abs=0.01)
    assert ends[-1] == pytest.approx(followed.total_distance_nm)


on_land = st.sampled_from(
    [
        point
        for ident in [*reference.aerodromes(), *reference.waypoints()]
        if points.on_map(place := reference.aerodromes().get(ident) or reference.waypoints()[ident])
        and (point := points.find(ident))
    ]
)
anywhere = st.builds(
    lambda lat, lon: Point(f"{lat},{lon}", lat, lon, "coordinates"),
    st.floats(28, 52),
    st.floats(18, 96),
)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Points on the map, no two in succession near each other, no leg beyond the map."""
    drawn = draw(st.lists(on_land | anywhere, min_size=2, max_size=4))
    assume(all(distance_nm(a, b) > 1 for a, b in pairwise(drawn)))
    try:
        return follow(drawn)
    except RouteError:
        reject()


def code_at(segments: tuple[Segment, ...], distance: float) -> str:
    return next(
        (it.code for it in segments if it.entry.distance_nm < distance < it.exit.distance_nm), ""
    )


def assert_same_crossings(one: Route, other: Route) -> None:
    """In the middle of each part of either route, the other crosses the same."""
    assert one.total_distance_nm == pytest.approx(other.total_distance_nm, abs=0.001)
    for a, b in ((one, other), (other, one)):
        for ours, theirs in ((a.states, b.states), (a.firs, b.firs)):
            edges = [0.0, *(d for it in ours for d in (it.entry.distance_nm, it.exit.distance_nm))]
            edges.append(a.total_distance_nm)
            for start, end in pairwise(edges):
                if end - start > 0.2:
                    middle = (start + end) / 2
                    assert code_at(ours, middle) == code_at(theirs, middle)


@settings(max_examples=50)
@given(whole=routes(), leg=st.integers(0, 2), share=st.floats(0.001, 0.999))
@example(whole=route(MODEL), leg=2, share=0.5)
def test_splitting_a_leg_changes_no_crossing(whole: Route, leg: int, share: float) -> None:
    at = leg % len(whole.legs)
    line = whole.legs[at].line
    lat, lon = line.position(share * line.length_nm)
    split = list(whole.points)
    split.insert(at + 1, Point("SPLIT", lat, lon, "coordinates"))
    assert_same_crossings(whole, follow(split))


@settings(max_examples=50)
@given(there=routes())
@example(there=route("40.0,51.5 42.0,51.5"))  # along the edge of two FIRs
def test_a_reversed_route_gives_reversed_sequences(there: Route) -> None:
    back = follow(there.points[::-1])
    assert back.state_sequence == there.state_sequence[::-1]
    assert back.fir_sequence == there.fir_sequence[::-1]
    assert [it.name for it in back.seas] == [it.name for it in there.seas][::-1]
    for one, other in zip(there.states, back.states[::-1], strict=True):
        assert one.entry.distance_nm == pytest.approx(
            there.total_distance_nm - other.exit.distance_nm, abs=0.01
        )


@settings(max_examples=50)
@given(followed=routes())
def test_marks_lie_on_the_route(followed: Route) -> None:
    marks = [mark for it in (*followed.states, *followed.firs) for mark in (it.entry, it.exit)]
    for mark in marks:
        assert distance_nm(mark, followed.position_at(mark.distance_nm)) < 0.001


@settings(max_examples=50)
@given(followed=routes())
def test_nothing_marginal_is_left_when_it_is_thinned_out(followed: Route) -> None:
    for thinned in (followed.states_without_marginal, followed.firs_without_marginal):
        assert len(thinned) <= 1 or not any(it.marginal for it in thinned)
    assert {*followed.state_sequence_without_marginal} <= {*followed.state_sequence}


def test_the_shortest_part_is_thinned_out_first() -> None:
    """AZ is met for 1.9 NM, and GE for 0.2 within it: GE goes first, and AZ is then one."""
    followed = route("LTAU NOLGA BARAD GASBI LANUK UACC")
    marginal = [(it.code, round(it.length_nm, 1)) for it in followed.states if it.marginal]
    assert marginal == [("AZ", 1.9), ("GE", 0.2)]
    assert followed.state_sequence == ["TR", "GE", "AZ", "GE", "AZ", "GE", "AZ", "RU", "KZ"]
    assert followed.state_sequence_without_marginal == ["TR", "GE", "AZ", "GE", "AZ", "RU", "KZ"]
    back = followed.states_without_marginal[4]
    assert back.entry.distance_nm == pytest.approx(527.08, abs=0.05)


def test_a_sea_between_two_parts_is_no_other_state() -> None:
    followed = route("LTAE NOLGA")
    assert [it.code for it in followed.states] == ["TR", "TR", "GE"]
    assert followed.state_sequence == ["TR", "GE"]
    assert [it.name for it in followed.outside] == ["Black Sea"]


def test_a_route_may_begin_and_end_over_the_high_seas() -> None:
    followed = route("42.0,50.5 42.0,51.0")
    assert followed.states == ()
    assert [it.name for it in followed.outside] == ["Caspian Sea"]
    assert followed.handovers == ()
    assert as_dict(followed)["states_other_than_departure"] == []
    assert as_dict(route("42.0,51.0 UATE"))["states_other_than_departure"] == ["KZ"]


def test_a_stretch_over_a_water_without_a_name_has_none() -> None:
    assert [it.name for it in route("33.0,30.0 33.5,31.0").outside] == [""]


def test_a_leg_that_bulges_off_the_map_is_refused() -> None:
    with pytest.raises(RouteError) as caught:
        follow(points.read("LTAU 59.5,20 59.5,95 UACC"))
    assert caught.value.code == "LEG_OFF_MAP"
    assert caught.value.params == {"point": "59.5,20", "next": "59.5,95"}


def test_positions_along_the_way() -> None:
    followed = route(MODEL)
    assert distance_nm(followed.position_at(0), points.find("LTAU")) < 0.001
    nolga = followed.marks[1]
    assert distance_nm(followed.position_at(nolga.distance_nm), points.find("NOLGA")) < 0.001
    assert followed.position_at(-5) == followed.position_at(0)
    assert followed.position_at(9999) == followed.position_at(followed.total_distance_nm)
    assert distance_nm(followed.position_at(9999), points.find("UACC")) < 0.001


def test_a_part_is_drawn_with_its_turning_points() -> None:
    followed = route(MODEL)
    drawn = followed.between(370.0, 450.0, step_nm=20.0)
    distances = [mark.distance_nm for mark in drawn]
    assert distances == sorted(distances)
    assert (distances[0], distances[-1]) == (370.0, 450.0)
    assert followed.marks[1].distance_nm in distances
    assert followed.marks[2].distance_nm in distances
    assert max(b - a for a, b in pairwise(distances)) <= 20.0


def test_times_at_a_speed() -> None:
    assert crossings.time_at(390, 390) == timedelta(hours=1)
    timed = as_dict(route(MODEL), speed_kt=390)
    assert timed["legs"][0]["minutes"] == 58.4
    assert timed["states"][1]["entry"]["minutes"] == 58.3
    assert timed["firs"][-1]["exit"]["minutes"] == pytest.approx(287.8)
    assert "minutes" not in as_dict(route(MODEL))["legs"][0]


def handed_over(text: str) -> list[tuple[str, str, str]]:
    return [(it.from_state, it.to_state, it.point) for it in route(text).handovers]


def test_the_model_corridor_is_handed_over_at_its_boundary_points() -> None:
    assert handed_over(MODEL) == [
        ("TR", "GE", "NOLGA"),
        ("GE", "AZ", "ADEKI"),
        ("AZ", "KZ", "BALUN"),
    ]


def test_backwards_it_is_handed_over_at_the_same_points() -> None:
    assert handed_over("UACC LANUK UATE BALUN UBBB ADEKI LAGAS NOLGA LTAC") == [
        ("KZ", "AZ", "BALUN"),
        ("AZ", "GE", "ADEKI"),
        ("GE", "TR", "NOLGA"),
    ]


def test_over_the_caspian_the_territory_begins_far_behind_the_boundary() -> None:
    followed = route(MODEL)
    caspian = followed.handovers[-1]
    balun = followed.marks[5]
    assert (caspian.lat, caspian.lon, caspian.distance_nm) == (
        balun.lat,
        balun.lon,
        balun.distance_nm,
    )
    assert caspian.border == followed.states[-1].entry
    assert caspian.border.distance_nm - caspian.distance_nm == pytest.approx(53.8, abs=0.05)


def test_a_waypoint_near_the_boundary_names_it_where_the_route_has_none() -> None:
    handover = route("LTAU NOLGA BARAD GASBI LANUK UACC").handovers[4]
    assert (handover.from_state, handover.to_state, handover.point) == ("AZ", "RU", "ROGAD")
    assert handover.distance_nm == pytest.approx(556.37, abs=0.05)


def test_without_a_boundary_of_the_two_the_border_is_where_it_is_handed_over() -> None:
    """Between Dagestan and Mangystau lies the Baku FIR."""
    handover = next(
        it for it in route("LTAU UAAA").handovers if (it.from_state, it.to_state) == ("RU", "KZ")
    )
    border = handover.border
    assert (handover.lat, handover.lon) == (border.lat, border.lon)
    assert handover.point == points.coordinates(border) == "4233N05211E"


@settings(max_examples=25)
@given(followed=routes())
def test_every_change_of_state_is_handed_over_once(followed: Route) -> None:
    sequence = followed.state_sequence_without_marginal
    handovers = followed.handovers
    assert [(it.from_state, it.to_state) for it in handovers] == [*pairwise(sequence)]
    for it in handovers:
        assert it.point
        assert math.isfinite(it.distance_nm)
        assert 0 <= it.distance_nm <= followed.total_distance_nm + 0.01
