"""A route as GeoJSON and KML."""

from __future__ import annotations

from xml.etree import ElementTree

from airspace import crossings, points, route_files


def test_a_line_is_the_geodesic_from_first_to_last_point() -> None:
    found = crossings.follow(points.read("LTAU NOLGA UACC"))

    line, *marks = route_files.geojson(found, title="EXERCISE")["features"]

    drawn = line["geometry"]["coordinates"]
    places = [one["geometry"]["coordinates"] for one in marks]
    assert [drawn[0], drawn[-1]] == [places[0], places[-1]]
    assert all(place in drawn for place in places)
    assert len(drawn) > found.total_distance_nm / route_files.STEP_NM


def test_a_name_is_no_markup() -> None:
    found = crossings.follow(points.read("LTAU NOLGA"))

    text = route_files.kml(found, title="EXERCISE <b>&amp;")

    document = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert document.findtext(".//{*}Document/{*}name") == "EXERCISE <b>&amp;"
