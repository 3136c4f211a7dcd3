"""A route as files that maps read: GeoJSON (RFC 7946) and KML 2.2.

The line is that of the geodesics, in points close enough to look like them. `title` stands at the
head of either file and in each part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airspace.crossings import Mark, Route
    from airspace.points import Point

#: The line has a point at least so often, in NM.
STEP_NM = 20.0

_KML = "http://www.opengis.net/kml/2.2"

#: A place as both formats have it: longitude first, degrees.
Position = list[float]


def geojson(route: Route, *, title: str) -> dict[str, Any]:
    """Return a feature for the line and one for each point of the route."""
    said = {
        "title": title,
        "length_nm": round(route.total_distance_nm, 1),
        "states": list(route.state_sequence_without_marginal),
        "firs": list(route.fir_sequence_without_marginal),
    }
    return {
        "type": "FeatureCollection",
        "title": title,
        "features": [
            {
                "type": "Feature",
                "properties": said,
                "geometry": {"type": "LineString", "coordinates": _line(route)},
            },
            *(
                {
                    "type": "Feature",
                    "properties": {
                        "title": title,
                        "point": point.ident,
                        "name": point.name,
                        "distance_nm": round(mark.distance_nm, 1),
                    },
                    "geometry": {"type": "Point", "coordinates": _position(mark)},
                }
                for point, mark in _points(route)
            ),
        ],
    }


def kml(route: Route, *, title: str) -> str:
    """Return the line and the points of the route as placemarks of one document."""
    root = ElementTree.Element("kml", xmlns=_KML)
    document = ElementTree.SubElement(root, "Document")
    _say(document, "name", title)
    line = _placemark(document, f"{route.points[0].ident} {route.points[-1].ident}", title)
    drawn = ElementTree.SubElement(line, "LineString")
    _say(drawn, "tessellate", "1")
    _say(drawn, "coordinates", " ".join(map(_written, _line(route))))
    for point, mark in _points(route):
        said = f"{title} {mark.distance_nm:.1f} NM"
        place = ElementTree.SubElement(_placemark(document, point.ident, said), "Point")
        _say(place, "coordinates", _written(_position(mark)))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _points(route: Route) -> Iterator[tuple[Point, Mark]]:
    return zip(route.points, route.marks, strict=True)


def _line(route: Route) -> list[Position]:
    return [_position(at) for at in route.between(0.0, route.total_distance_nm, STEP_NM)]


def _position(mark: Mark) -> Position:
    return [round(mark.lon, 5), round(mark.lat, 5)]


def _written(position: Position) -> str:
    return ",".join(f"{degrees:.5f}" for degrees in position)


def _placemark(document: ElementTree.Element, name: str, said: str) -> ElementTree.Element:
    placemark = ElementTree.SubElement(document, "Placemark")
    _say(placemark, "name", name)
    _say(placemark, "description", said)
    return placemark


def _say(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text
