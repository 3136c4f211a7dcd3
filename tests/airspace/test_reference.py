from __future__ import annotations

import pytest

from airspace import crossings, layers, points, reference


def test_aerodromes_lie_in_their_states() -> None:
    elsewhere = {
        aerodrome.icao
        for aerodrome in reference.aerodromes().values()
        if points.on_map(aerodrome)
        and crossings.state_at(aerodrome.lat, aerodrome.lon) != aerodrome.state
    }
    assert elsewhere == {
        *("OADZ", "OASN"),  # airstrips by the river that is the Afghan-Tajik border
        *("LGKF", "LGKJ", "LGKR"),  # islands: no territorial sea is drawn there, or left out
    }


def test_waypoints_lie_in_their_firs() -> None:
    for waypoint in reference.waypoints().values():
        assert layers.firs().code_at(waypoint.lat, waypoint.lon) == waypoint.fir


def test_the_neighbours_of_the_parties_have_aerodromes() -> None:
    held = {aerodrome.state for aerodrome in reference.aerodromes().values()}
    of_turkiye = {"AM", "AZ", "BG", "CY", "GE", "GR", "IQ", "IR", "RO", "RU", "SY"}
    of_kazakhstan = {"KG", "RU", "TM", "UZ"}
    assert {"TR", "KZ"} | of_turkiye | of_kazakhstan <= held


def test_states_have_the_name_of_their_main_part() -> None:
    names = reference.states()
    assert (names["TR"], names["CY"], names["UA"]) == ("Türkiye", "Cyprus", "Ukraine")
    assert len(names) == 52


def test_firs_name_the_state_that_serves_them() -> None:
    assert reference.firs()["UACN"] == reference.Fir("UACN", "Astana FIR", "KZ")
    assert {fir.state for fir in reference.firs().values()} <= reference.states().keys()


def test_an_aircraft_type_has_its_figures() -> None:
    a400 = reference.aircraft_types()["A400"]
    assert (a400.engine, a400.aircraft_class, a400.role) == ("turboprop", "landplane", "transport")
    assert (a400.wake, a400.cruise_ktas, a400.mtow_kg, a400.range_nm) == ("H", 400, 141000, 1780)


@pytest.mark.parametrize("kind", ["states", "firs"])
def test_shapes_are_files_to_be_served(kind: str) -> None:
    assert reference.shapes(kind).name == f"{kind}.geojson"
    assert reference.shapes(kind).is_file()


def test_a_place_off_every_shape_is_in_none() -> None:
    assert crossings.state_at(42.0, 51.0) == ""
    assert layers.firs().code_at(0.0, 0.0) == ""
