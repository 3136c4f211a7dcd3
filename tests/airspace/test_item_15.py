"""The words of a route: what each is, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airspace import item_15, points
from airspace.item_15 import Kind, Word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("BALUN", Word(Kind.NAME, "BALUN")),
        ("UL601", Word(Kind.NAME, "UL601")),
        ("NOLGA1A", Word(Kind.NAME, "NOLGA1A")),
        ("40N050E", Word(Kind.NAME, "40N050E")),
        ("4028N05003E/M082F310", Word(Kind.NAME, "4028N05003E", "M082F310")),
        ("BALUN120020", Word(Kind.NAME, "BALUN120020")),
        ("C/BALUN/N0390F250F290", Word(Kind.NAME, "BALUN", "N0390F250F290")),
        ("C/BALUN/N0390F250PLUS", Word(Kind.NAME, "BALUN", "N0390F250PLUS")),
        ("BALUN/N0100VFR", Word(Kind.NAME, "BALUN", "N0100VFR")),
        ("STAY1/0030", Word(Kind.STAY, stay="0030")),
        ("DCT", Word(Kind.DIRECT)),
        ("OAT", Word(Kind.TRAFFIC, "OAT")),
        ("T", Word(Kind.CUT)),
    ],
)
def test_a_word_is_read(text: str, word: Word) -> None:
    assert item_15.read(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C",
        "/",
        "6B6B",
        "1234",
        "ABCDEFGH",
        "BALUN/",
        "C/BALUN",
        "C/BALUN/",
        "N0390F250",
        "N0390F250F290",
        "BALUN/N0390F250/",
        "BALUN361020",
        "BALUN12002",
        "9001N05003E120020",
        "STAY1",
        "STAY0/0030",
        "STAY1/0060",
        "balun",
    ],
)
def test_a_word_that_is_none(text: str) -> None:
    assert item_15.read(text) is None


@pytest.mark.parametrize(
    ("speed", "knots"), [("N0390", 390), ("K0722", 389.8), ("M082", 483.8), ("N0000", 0)]
)
def test_speeds_in_knots(speed: str, knots: float) -> None:
    assert item_15.knots(speed) == pytest.approx(knots, abs=0.1)


@pytest.mark.parametrize(
    ("level", "height"), [("F250", 250), ("A045", 45), ("S1130", 370.7), ("M0840", 275.6)]
)
def test_levels_in_hundreds_of_feet(level: str, height: float) -> None:
    assert item_15.hundreds_of_feet(level) == pytest.approx(height, abs=0.1)


def test_vfr_gives_no_height() -> None:
    assert item_15.hundreds_of_feet("VFR") is None


@given(lat=st.floats(28, 60), lon=st.floats(18, 96))
def test_a_position_as_it_is_written_is_a_point(lat: float, lon: float) -> None:
    assert item_15.is_point(points.coordinates(points.Point("", lat, lon, "coordinates")))


@given(st.text() | st.text("CNF/0123BALUNSTAY", max_size=20))
def test_any_text_is_a_word_or_none(text: str) -> None:
    word = item_15.read(text)

    assert word is None or word.kind in Kind
