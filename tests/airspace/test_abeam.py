"""Where a place lies along a route."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace.abeam import abeam, passages
from airspace.crossings import Mark, Route, follow
from airspace.points import find, read


@pytest.fixture(scope="module")
def corridor() -> Route:
    return follow(read("LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC"))


def test_a_point_of_the_route_is_passed_where_it_stands(corridor: Route) -> None:
    for point, mark in zip(corridor.points, corridor.marks, strict=True):
        [place] = passages(corridor, point)
        assert place.distance_nm == pytest.approx(mark.distance_nm, abs=0.3)
        assert place.off_nm == pytest.approx(0, abs=0.3)


def test_a_place_far_from_the_route_is_not_passed(corridor: Route) -> None:
    assert passages(corridor, find("ARKAM")) == []
    assert abeam(corridor, find("ARKAM")).off_nm == pytest.approx(160, abs=10)


@settings(max_examples=40)
@given(share=st.floats(0, 1))
def test_every_place_of_the_route_is_passed(corridor: Route, share: float) -> None:
    mark = corridor.position_at(share * corridor.total_distance_nm)

    assert any(
        place.distance_nm == pytest.approx(mark.distance_nm, abs=0.3) and place.off_nm < 0.3
        for place in passages(corridor, mark)
    )


def test_a_place_that_is_passed_twice_is_given_twice() -> None:
    there_and_back = follow(read("NOLGA LTAU NOLGA LTAC"))
    point = there_and_back.points[0]

    assert [place.distance_nm for place in passages(there_and_back, point)] == pytest.approx(
        [0, 2 * there_and_back.legs[0].distance_nm], abs=0.3
    )


def test_five_miles_off_is_by_the_way_and_six_is_not() -> None:
    north = follow(read("40N050E 44N050E"))

    def off(minutes_of_longitude: float) -> Mark:
        return Mark(42.0, 50 + minutes_of_longitude / 60, 0.0)

    assert passages(north, off(6.6))  # 4.9 NM on this parallel
    assert not passages(north, off(8.1))
    assert abeam(north, off(8.1)).off_nm == pytest.approx(6.0, abs=0.1)
