from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from airspace import points, reference
from airspace.points import Point, RouteError

if TYPE_CHECKING:
    from airspace.earth import Place


def refusal(route: str) -> RouteError:
    with pytest.raises(RouteError) as caught:
        points.read(route)
    return caught.value


@pytest.mark.parametrize("text", ["UACC", " uacc ", "Uacc"])
def test_an_aerodrome_is_found_in_any_case(text: str) -> None:
    found = points.find(text)
    assert (found.ident, found.lat, found.lon, found.kind) == (
        "UACC",
        51.0222,
        71.4669,
        "aerodrome",
    )


def test_waypoints_have_their_kind() -> None:
    kinds = {ident: points.find(ident).kind for ident in ("NOLGA", "LAGAS", "GYD")}
    assert kinds == {"NOLGA": "boundary", "LAGAS": "enroute", "GYD": "vor"}


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("40N050E", 40.0, 50.0),
        ("4028N05003E", 40 + 28 / 60, 50.05),
        ("4028n05003e", 40 + 28 / 60, 50.05),
        ("402830N0500312E", 40.475, 50 + 3 / 60 + 12 / 3600),
        ("40.47,50.05", 40.47, 50.05),
        ("+40.47,+050.05", 40.47, 50.05),
        ("40,50", 40.0, 50.0),
    ],
)
def test_coordinates_are_read_as_people_write_them(text: str, lat: float, lon: float) -> None:
    found = points.find(text)
    assert found.kind == "coordinates"
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "4060N05003E",  # sixty minutes
        "402860N0500300E",
        "4028N050E",  # minutes in one half only
        "4028N5003E",
        "9130N05003E",
        "4028N18100E",
        "91,50",
        "40,181",
        "nan,50",
        "40,inf",
        "40.47,",
        ",50.05",
        "40.47",
        "1e1,50",
        "4_0,50",
        "４０,５０",  # full-width digits
        "٤٠٢٨N٠٥٠٠٣E",  # Arabic-Indic digits
        "40,50,60",
        "40.1234567890123,50",
        "-",
        "+",
    ],
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(RouteError) as caught:
        points.find(text)
    assert caught.value.code == "BAD_COORDINATES"
    assert caught.value.params["point"] in str(caught.value)


@given(lat=st.floats(28, 60), lon=st.floats(18, 96))
def test_a_position_in_degrees_and_minutes_is_found_again(lat: float, lon: float) -> None:
    place = Point("", lat, lon, "coordinates")
    found = points.find(points.coordinates(place))
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=0.5 / 60 + 1e-9)


@pytest.mark.parametrize(
    ("text", "start", "bearing", "miles"),
    [
        ("BALUN120020", "BALUN", 120, 20),
        ("balun360005", "BALUN", 0, 5),
        ("UBBB045100", "UBBB", 45, 100),
        ("VAN270030", "VAN", -90, 30),
        ("4028N05003E090010", "4028N05003E", 90, 10),
        ("40N050E180060", "40N050E", 180, 60),
    ],
)
def test_a_bearing_and_a_distance_give_a_point(
    text: str, start: str, bearing: float, miles: float
) -> None:
    found, origin = points.find(text), points.find(start)
    there = Geodesic.WGS84.Inverse(origin.lat, origin.lon, found.lat, found.lon)
    assert (there["azi1"], there["s12"] / 1852) == pytest.approx((bearing, miles), abs=1e-6)
    assert (found.ident, found.kind) == (text.upper(), "coordinates")


@pytest.mark.parametrize("text", ["BALUN361020", "BALUN12020", "QQQQQ120020", "BALUN180999"])
def test_a_bearing_and_a_distance_that_lead_nowhere_are_refused(text: str) -> None:
    assert refusal(f"LTAU {text} UACC").code in {"UNKNOWN_POINT", "OFF_MAP", "LEG_OFF_MAP"}


@pytest.mark.parametrize("text", ["-12.0,5.0", "12S005W", "27.9,50", "60.1,50", "40,17", "40,97"])
def test_a_point_off_the_map_is_refused(text: str) -> None:
    assert refusal(f"LTAU {text}").code == "OFF_MAP"


def test_an_aerodrome_south_of_the_map_is_refused() -> None:
    assert refusal("LTAU OIZC").code == "OFF_MAP"


@pytest.mark.parametrize("ident", ["UATT", "UBBA", "UAII", "UAAA", "UTAK", "UCFM"])
def test_a_code_of_both_a_fir_and_an_aerodrome_is_the_aerodrome(ident: str) -> None:
    assert ident in reference.firs()
    assert points.find(ident).kind == "aerodrome"


@pytest.mark.parametrize(
    ("fir", "name", "near"),
    [
        ("UACN", "Astana FIR", "UACC"),
        ("UZSD", "Samarkand FIR", "UZSS"),
        ("LTBB", "Istanbul FIR", "LTBA, LTBW, LTFJ, LTFM"),
        ("UGGG", "Tbilisi FIR", "UGTB"),
    ],
)
def test_a_fir_where_an_aerodrome_is_meant_names_the_aerodrome(
    fir: str, name: str, near: str
) -> None:
    error = refusal(f"LTAU {fir}")
    assert error.code == "FIR_NOT_AERODROME"
    assert error.params == {"point": fir, "fir": name, "near": near}
    assert str(error).startswith(f"{fir} is the {name}, not an aerodrome; ")


def test_every_fir_is_told_from_an_aerodrome() -> None:
    alone = reference.firs().keys() - reference.aerodromes().keys()
    assert {refusal(f"LTAU {fir}").code for fir in alone} == {"FIR_NOT_AERODROME"}


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("UBBBB", "UBBB"),
        ("NOLGO", "NOLGA"),
        ("ESB", "LTAC"),  # an IATA code
        ("Astana", "UACC"),
        ("Ağrı", "LTCO"),
        ("agri", "LTCO"),
    ],
)
def test_an_unknown_point_names_those_it_may_be(text: str, near: str) -> None:
    error = refusal(f"LTAU {text}")
    assert error.code == "UNKNOWN_POINT"
    assert near in error.params["near"].split(", ")
    assert near in str(error)


@pytest.mark.parametrize("text", ["QQQQQQ", "X", "'; --", "LANUK/FAST", "\x00", "A" * 5000])
def test_an_unknown_point_without_a_likeness_is_told_what_to_write(text: str) -> None:
    error = refusal(f"LTAU {text}")
    assert error.code == "UNKNOWN_POINT"
    assert error.params["near"] == "" or error.params["near"] in str(error)
    assert len(str(error)) < 300


def test_a_name_of_several_aerodromes_lists_them() -> None:
    error = refusal("LTAU Ankara")
    assert error.code == "AMBIGUOUS_POINT"
    assert error.params["candidates"] == "LTAB, LTAC, LTAD, LTAE"
    assert error.params["candidates"] in str(error)


@pytest.mark.parametrize(
    ("ident", "lat", "lon"),
    [
        ("VAN", 38.46, 43.33),
        ("AKT", 43.86, 51.10),  # at Aktau; the IATA code of Akrotiri as well
        ("IST", 40.97, 28.81),  # at the old airport; the IATA code of the new one as well
    ],
)
def test_three_letters_are_the_vor_and_no_iata_code(ident: str, lat: float, lon: float) -> None:
    found = points.find(ident)
    assert found.kind == "vor"
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=0.02)


@pytest.mark.parametrize("airway", ["B449", "UL601", "A1", "KA12", "N644", "M11Y"])
def test_an_airway_is_not_followed(airway: str) -> None:
    error = refusal(f"LTAU NOLGA {airway} LAGAS")
    assert error.code == "UNKNOWN_AIRWAY"
    assert str(error).startswith(f"{airway} looks like an airway")


@pytest.mark.parametrize(
    "route",
    [
        "LTAU NOLGA LANUK UACC",
        "ltau nolga lanuk uacc",
        "  LTAU\n NOLGA\tLANUK \r\n UACC ",
        "LTAU N0390F250 NOLGA DCT LANUK/N0400F330 DCT UACC",
        "LTAU K0800S1130 NOLGA IFR DCT LANUK/M082F350 VFR UACC",
        "LTAU N0180VFR NOLGA/N0180A045 LANUK/K0700M0840 UACC",
        "LTAU, NOLGA, LANUK, UACC",
        "LTAU,NOLGA,LANUK,UACC",
        "LTAU ;NOLGA; LANUK;UACC;",
        "LTAU -N0390F250 NOLGA DCT LANUK -UACC",  # copied from a message, hyphens and all
        "LTAU NOLGA STAY1/0030 DCT C/LANUK/N0390F250F290 UACC",
        "LTAU NOLGA OAT DCT C/LANUK/M082F290PLUS GAT UACC",
        "LTAU nolga ifpstop dct lanuk/k0720s0760 ifpstart UACC",
        "LTAU NOLGA1A NOLGA LANUK/N0390F250 VFR LANUK2B UACC",
        "LTAU M082F310 NOLGA stay9/0100 LANUK UACC T",
    ],
)
def test_a_route_string_gives_its_points(route: str) -> None:
    assert [point.ident for point in points.read(route)] == ["LTAU", "NOLGA", "LANUK", "UACC"]
    assert points.read(route.split(" ")) == points.read(route)


@pytest.mark.parametrize(
    "route", ["40.47, 50.05 41,51 UACC", "40.47,50.05 41,51,UACC", "40.47,50.05; 41,51; UACC"]
)
def test_a_comma_within_decimal_coordinates_separates_no_points(route: str) -> None:
    assert [point.ident for point in points.read(route)] == ["40.47,50.05", "41,51", "UACC"]


@pytest.mark.parametrize("route", ["", "   ", "LTAU", "DCT", "N0390F250 LTAU DCT", "40.47,50.05"])
def test_fewer_than_two_points_are_no_route(route: str) -> None:
    assert refusal(route).code == "TOO_FEW_POINTS"


@pytest.mark.parametrize(
    "route",
    ["LTAU LTAU", "LTAU DCT ltau", "4028N05003E 40.4667,50.05", "UBBB 40.4675,50.0467 UACC"],
)
def test_the_same_position_twice_in_succession_is_refused(route: str) -> None:
    error = refusal(route)
    assert error.code == "REPEATED_POINT"
    assert error.params["point"] in str(error)
    assert error.params["next"] in str(error)


def test_a_point_may_come_again_later() -> None:
    assert len(points.read("LTAU NOLGA LTAU")) == 3


def test_a_route_has_at_most_a_hundred_points() -> None:
    assert len(points.read("40,44 40,45 " * 50)) == 100
    assert refusal("40,44 40,45 " * 50 + "40,44").code == "TOO_MANY_POINTS"


def test_a_route_is_no_longer_than_an_aircraft_flies() -> None:
    assert refusal("LTAU UACC " * 8).code == "TOO_LONG"


def test_every_waypoint_and_aerodrome_on_the_map_is_found_by_its_ident() -> None:
    held: dict[str, Place] = {**reference.aerodromes(), **reference.waypoints()}
    idents = {ident for ident, place in held.items() if points.on_map(place)}
    assert len(idents) > 850
    for ident in idents:
        assert points.find(ident).ident == ident


@given(st.text() | st.text("LTAUNOG0123456789,.-+/ NESW", max_size=40))
def test_any_text_is_a_route_or_refused_in_a_sentence(text: str) -> None:
    refused = None
    try:
        assert len(points.read(text)) >= 2
    except RouteError as error:
        refused = error
    if refused:
        assert str(refused) == refused.template % refused.params
        assert str(refused).endswith((".", "?"))
