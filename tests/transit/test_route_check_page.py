"""The public page on which a route is checked, and the shapes behind its map."""

from __future__ import annotations

import json
import re
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace.crossings import follow
from airspace.points import RouteError, read
from tests.browsing import body
from transit.public.route_check import EXAMPLE
from transit.public.sources import DATA
from transit.sentences import sentence

CREDITS = [source.credit for source in DATA[:4]]


def check(**query: str) -> Any:
    return Client().get("/route-check/", query)


def drawn(page: str) -> dict[str, Any]:
    block = re.search(r'<script id="map-data" type="application/json">(.*?)</script>', page)
    assert block is not None
    found: dict[str, Any] = json.loads(block[1])
    return found


def test_the_page_asks_nobody_who_they_are() -> None:
    response = check()

    assert response.status_code == 200
    assert "leaflet" not in body(response)


def test_the_example_says_what_is_crossed_in_table_and_map() -> None:
    response = check(**EXAMPLE)
    page = body(response)

    assert response.status_code == 200
    for words in (
        "1870.7 NM",
        "4 h 40 min",
        "Outside any state, over the Caspian Sea",
        "41°25.4′N 042°57.9′E",
        "876.1 NM",
        "Tbilisi FIR",
        "marginal",
        "as computed",
    ):
        assert words in page
    assert [piece["state"] for piece in drawn(page)["track"]] == ["TR", "GE", "AZ", "", "KZ"]


def test_a_map_names_its_sources() -> None:
    page = " ".join(body(check(**EXAMPLE)).split())

    assert all(credit in page for credit in CREDITS)
    assert 'href="/sources/"' in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"route": ""}, "Enter the points of the route."),
        ({"route": "LTAU UACN"}, "the aerodrome is UACC"),
        ({"route": "LTAU"}, "A route needs at least two points."),
        ({"route": "LTAU LTAU"}, "LTAU stands twice in succession."),
        ({"route": "LTAU EGLL"}, "EGLL is not a known point"),
        ({"route": "LTAU 12.0,50.0"}, "lies off the map"),
        ({"route": "LTAU UACC", "knots": "fast"}, "Enter a whole number of knots, such as 400."),
        ({"route": "LTAU UACC", "knots": "5"}, "greater than or equal to 50"),
        ({"route": "LTAU UACC", "aircraft_type": "Q1"}, "“Q1” is no designator"),
        ({"route": "LTAU UACC", "declared": "TR QQ"}, "“QQ” is no code of a state"),
    ],
)
def test_a_fault_stands_at_its_item_and_the_rest_is_kept(query: dict[str, str], words: str) -> None:
    response = check(**query)
    page = body(response)

    assert response.status_code == 422
    assert words in page
    assert all(f'value="{typed}"' in page for typed in query.values() if typed)
    assert "map-data" not in page


def test_the_given_speed_wins_over_that_of_the_type() -> None:
    assert "Time at 300 kt" in body(check(**(EXAMPLE | {"knots": "300"})))


def test_without_a_speed_there_is_no_time() -> None:
    assert "Time at" not in body(check(route=EXAMPLE["route"]))


@pytest.mark.parametrize(
    "route",
    [
        "LTAU UACN",
        "LTAU XXXXX",
        "LTAU NOLGB",
        "LTAU UATT OIIX",
        "LTAU B449 UACC",
        "LTAU 99N999E",
        "LTAU 12.0,50.0",
        "LTAU",
        "LTAU LTAU",
        "38.7704,35.4954 LTAU",
        "LTAU " * 101,
        "ULLI 59.9,95.9",
    ],
)
def test_every_fault_of_a_route_can_be_said_in_another_language(route: str) -> None:
    with pytest.raises(RouteError) as caught:
        follow(read(route))

    with mock.patch("transit.sentences.gettext", lambda said: f"TR: {said}"):
        assert sentence(caught.value) == f"TR: {caught.value}"


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=12), st.text(max_size=12), st.text(max_size=20))
def test_nonsense_is_answered(route: str, knots: str, aircraft_type: str, declared: str) -> None:
    response = check(route=route, knots=knots, aircraft_type=aircraft_type, declared=declared)

    assert response.status_code in (200, 422)


# Shapes


@pytest.mark.parametrize("kind", ["states", "firs"])
def test_shapes_are_served_once_and_then_kept(kind: str) -> None:
    first = Client().get(f"/shapes/{kind}.geojson", headers={"accept-encoding": "gzip"})
    again = Client().get(
        f"/shapes/{kind}.geojson",
        headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]},
    )

    assert first.status_code == 200
    assert first["Content-Type"] == "application/geo+json"
    assert first["Content-Encoding"] == "gzip"
    assert again.status_code == 304


def test_other_shapes_are_not_found() -> None:
    assert Client().get("/shapes/aerodromes.geojson").status_code == 404


@pytest.mark.parametrize(("ending", "kind"), [("geojson", "geo+json"), ("kml", "kml+xml")])
def test_a_route_is_there_as_a_file(client: Client, ending: str, kind: str) -> None:
    asked = {"route": "LTAU NOLGA UBBB UACC"}
    page = client.get("/route-check/", asked)
    answer = client.get("/route-check/", asked | {"as": ending})

    assert f'href="?route=LTAU+NOLGA+UBBB+UACC&amp;as={ending}"' in page.text
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith(kind)
    assert answer["Content-Disposition"] == f'attachment; filename="EXERCISE-route.{ending}"'
    assert "EXERCISE" in answer.text


@pytest.mark.parametrize("route", ["", "LTAU", "NOWHERE1 XX", "' OR 1=1", "İĞÜ \x00"])
def test_a_route_with_faults_is_no_file_but_the_page_that_names_them(
    client: Client, route: str
) -> None:
    for ending in ("geojson", "kml"):
        answer = client.get("/route-check/", {"route": route, "as": ending})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text


def test_a_route_as_what_no_file_is_made_of_is_the_page(client: Client) -> None:
    answer = client.get("/route-check/", {"route": "LTAU NOLGA", "as": "../kml"})

    assert answer.status_code == 200
    assert "Content-Disposition" not in answer
