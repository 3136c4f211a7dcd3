"""The invented zones, and whether a route meets one in time and level."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from airspace.crossings import Route, follow, state_at
from airspace.points import read
from airspace.reference import aerodromes
from airspace.zones import Zone, encounters, zones

MONDAY = datetime(2026, 9, 14, tzinfo=UTC)

CORRIDOR = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE"

#: Ways flown in the stories, and the model corridors: no zone stands in them.
CLEAR = [
    f"{CORRIDOR} URASA UZSS UTDD",
    f"{CORRIDOR} LANUK UACC",
    "UACC LANUK UATE BALUN UBBB ADEKI LAGAS NOLGA LTAC",
    f"{CORRIDOR} ARKAM AGAKO UAAA",
    f"{CORRIDOR} URASA UZTT",
]


def drawn(route: str) -> Route:
    return follow(read(route))


def codes(route: str, **how: object) -> list[str]:
    return [one.zone.code for one in encounters(drawn(route), **how)]  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", zones().values(), ids=lambda zone: zone.code)
def test_a_zone_is_invented_and_lies_in_its_state(zone: Zone) -> None:
    assert zone.code.startswith(("EXR-", "EXP-"))
    assert zone.kind == {"EXR": "restricted", "EXP": "prohibited"}[zone.code[:3]]
    assert zone.lower < zone.upper
    assert zone.ring[0] == zone.ring[-1]
    assert {state_at(lat, lon) for lat, lon in zone.ring} == {zone.state}


def test_zones_lie_apart() -> None:
    shapes = [Polygon([(lon, lat) for lat, lon in zone.ring]) for zone in zones().values()]

    assert all(shape.is_valid for shape in shapes)
    assert not any(one.intersects(other) for one, other in combinations(shapes, 2))


def test_no_aerodrome_lies_in_a_zone() -> None:
    shapes = [Polygon([(lon, lat) for lat, lon in zone.ring]) for zone in zones().values()]

    assert [
        aerodrome.icao
        for aerodrome in aerodromes().values()
        if any(shape.contains(Point(aerodrome.lon, aerodrome.lat)) for shape in shapes)
    ] == []


@pytest.mark.parametrize("route", CLEAR)
def test_the_corridors_are_clear(route: str) -> None:
    assert codes(route) == []


@pytest.mark.parametrize(
    ("route", "code"),
    [
        (f"{CORRIDOR} UACC", "EXR-1"),  # Aktau-Astana direct
        (f"{CORRIDOR} ARKAM UAKK", "EXR-2"),
        (f"{CORRIDOR} MILSO UAII UAAA", "EXP-3"),
        ("LTAT LTCE", "EXR-4"),
        ("UBBN UBBB", "EXR-5"),
        ("UZNM 4230N06600E", "EXP-6"),
    ],
)
def test_each_zone_stands_in_some_way(route: str, code: str) -> None:
    assert codes(route) == [code]


def test_a_hit_says_where_and_when() -> None:
    [one] = encounters(drawn("UATE UACC"), departs_at=MONDAY, knots=390, level=250)

    assert one.zone.name == "Training area Boztorgay"
    assert (one.entry.distance_nm, one.exit.distance_nm) == pytest.approx((491, 540), abs=15)
    assert one.entered_at == MONDAY + timedelta(hours=one.entry.distance_nm / 390)
    assert one.left_at == MONDAY + timedelta(hours=one.exit.distance_nm / 390)


@pytest.mark.parametrize(("level", "met"), [(None, True), (10, True), (300, True), (310, False)])
def test_above_a_zone_is_not_in_it(level: int | None, met: bool) -> None:
    assert (codes("ARKAM UAKK", level=level) == ["EXR-2"]) is met


@pytest.mark.parametrize(
    ("departs_at", "met"),
    [
        (MONDAY + timedelta(hours=8, minutes=25), False),  # through by 08:58
        (MONDAY + timedelta(hours=8, minutes=40), True),
        (MONDAY + timedelta(hours=14, minutes=30), True),
        (MONDAY + timedelta(hours=15), False),
        (MONDAY + timedelta(days=5, hours=12), False),  # Saturday
        (MONDAY + timedelta(days=4, hours=12), True),
        (None, True),  # nothing known lets nothing off
    ],
)
def test_a_zone_is_met_while_it_is_active(departs_at: datetime | None, met: bool) -> None:
    assert (codes("ARKAM UAKK", departs_at=departs_at, knots=390) == ["EXR-2"]) is met


@pytest.mark.parametrize(("hour", "active"), [(19, False), (21, True), (25, True), (27, False)])
def test_a_window_past_midnight(hour: int, active: bool) -> None:
    at = MONDAY + timedelta(hours=hour)

    assert zones()["EXR-5"].is_active(at, at + timedelta(minutes=10)) is active


@settings(max_examples=50)
@given(
    st.sampled_from(list(zones().values())),
    st.integers(0, 60 * 24 * 14).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.integers(0, 600),
    st.integers(0, 600),
)
def test_more_time_never_makes_a_zone_inactive(
    zone: Zone, start: datetime, minutes: int, more: int
) -> None:
    end = start + timedelta(minutes=minutes)

    assert zone.is_active(start, end) <= zone.is_active(start, end + timedelta(minutes=more))


@pytest.mark.parametrize("route", [f"{CORRIDOR} UACC", f"{CORRIDOR} ARKAM UAKK"])
def test_the_way_back_meets_the_same_zones(route: str) -> None:
    back = " ".join(reversed(route.split()))

    assert codes(back) == codes(route)[::-1]
