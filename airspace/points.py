"""Points of a route: an ident or coordinates as people write them, and what is wrong with them.

Known idents are the aerodromes and waypoints of the reference data. There are no airways in it:
a route is given by its points.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, starmap
from typing import TYPE_CHECKING

from airspace import item_15, reference
from airspace.earth import distance_nm, position_from
from airspace.errors import AirspaceError
from airspace.errors import gettext_noop as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airspace.earth import Place
    from airspace.reference import Aerodrome, Fir

WEST, EAST, SOUTH, NORTH = 18.0, 96.0, 28.0, 60.0
MOST_POINTS = 100
MOST_NM = 10_000
_LONGEST_SHOWN = 40
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_SAME_POSITION_NM = 0.1
_DECIMAL = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,9})?),([+-]?\d{1,3}(?:\.\d{1,9})?)", re.ASCII)
_ICAO = re.compile(
    r"(\d{2})(\d{2})?(\d{2})?([NS])(\d{3})(?(2)(\d{2}))(?(3)(\d{2}))([EW])", re.ASCII
)
# A comma within decimal degrees stays; the hyphen is that before item 15 of a message.
_BETWEEN_ITEMS = re.compile(r"[\s;]+|(?<=[A-Z]),|,(?=[A-Z])|(?<!\S)-(?=[A-Z])", re.I)


class RouteError(AirspaceError):
    """A route that cannot be followed; the sentence names the point.

    UNKNOWN_POINT, UNKNOWN_AIRWAY, AMBIGUOUS_POINT, FIR_NOT_AERODROME, BAD_COORDINATES, OFF_MAP,
    TOO_FEW_POINTS, TOO_MANY_POINTS, REPEATED_POINT, TOO_LONG, LEG_OFF_MAP.
    """


@dataclass(frozen=True)
class Point:
    """A point of a route: `kind` is aerodrome, boundary, enroute, vor or coordinates."""

    ident: str
    lat: float
    lon: float
    kind: str
    name: str = ""


def find(text: str) -> Point:
    """Return the point of this ident or these coordinates. Raises `RouteError`.

    Coordinates: 40N050E, 4028N05003E, 402800N0500300E or decimal degrees 40.47,50.05. BALUN120020
    lies 20 NM from BALUN on a bearing of 120 degrees, which is taken as true: no magnetic variation
    is held. A code
    that is both a FIR and an aerodrome is the aerodrome; three letters are the VOR, as in a flight
    plan, and never an IATA code.
    """
    point = _located(text.strip())
    if not on_map(point):
        raise RouteError(
            "OFF_MAP",
            _("%(point)s lies off the map, which covers 28 to 60 N and 18 to 96 E."),
            point=point.ident,
        )
    return point


def read(route: str | Iterable[str]) -> list[Point]:
    """Return the points of a route: a flight-plan route string, or its items. Raises `RouteError`.

    What else Item 15 of a flight plan has, such as DCT, VFR, STAY1/0030 and groups of speed and
    level, says nothing of points and is passed over; so is a SID or STAR of a known point.
    """
    text = route if isinstance(route, str) else " ".join(route)
    text = re.sub(r"(?<=\d)\s*,\s+(?=[-+\d])", ",", text)  # "40.47, 50.05"
    items = (item.strip(",") for item in _BETWEEN_ITEMS.split(text))
    idents = [ident for item in items if (ident := _without_changes(item))]
    if len(idents) > MOST_POINTS:
        raise RouteError(
            "TOO_MANY_POINTS",
            _("A route of %(count)s points is too long: %(most)s are the most."),
            count=str(len(idents)),
            most=str(MOST_POINTS),
        )
    points = [find(ident) for ident in idents]
    if len(points) < 2:
        raise RouteError("TOO_FEW_POINTS", _("A route needs at least two points."))
    for one, next_one in pairwise(points):
        if distance_nm(one, next_one) < _SAME_POSITION_NM:
            raise RouteError(
                "REPEATED_POINT",
                _("%(point)s and %(next)s follow each other and are the same position.")
                if one.ident != next_one.ident
                else _("%(point)s stands twice in succession."),
                point=one.ident,
                next=next_one.ident,
            )
    if (length := sum(starmap(distance_nm, pairwise(points)))) > MOST_NM:
        raise RouteError(
            "TOO_LONG",
            _("A route of %(length)s NM is too long: %(most)s NM are the most."),
            length=f"{length:.0f}",
            most=str(MOST_NM),
        )
    return points


def called(text: str) -> list[Aerodrome]:
    """Return the aerodromes with this IATA code, city or name, accents or not."""
    return _namesakes().get(_plain(text), [])


def on_map(place: Place) -> bool:
    """Say whether a place lies in the window that the map covers."""
    return SOUTH <= place.lat <= NORTH and WEST <= place.lon <= EAST


def coordinates(place: Place) -> str:
    """Return a position in degrees and minutes as a flight plan has it: 4145N04534E."""
    lat, lon = round(abs(place.lat) * 60), round(abs(place.lon) * 60)
    north, east = "S" if place.lat < 0 else "N", "W" if place.lon < 0 else "E"
    return f"{lat // 60:02}{lat % 60:02}{north}{lon // 60:03}{lon % 60:02}{east}"


def _without_changes(item: str) -> str:
    """Return the ident of a route item, empty if it names no point."""
    if item_15.is_speed_and_level(item.upper()):
        return ""
    word = item_15.read(item.upper())
    if word is None:
        return item  # what Item 15 does not know: decimal degrees, a long name, or nothing
    if word.name not in reference.waypoints() and _is_procedure(word.name):
        return ""
    return word.name if word.kind == item_15.Kind.NAME else ""


def _is_procedure(name: str) -> bool:
    """Say whether a name is that of a SID or a STAR, which begins with that of a known point."""
    return item_15.is_procedure(name) and name.rstrip(_LETTERS)[:-1] in reference.waypoints()


def _located(text: str) -> Point:
    ident = text.upper()
    if start := item_15.offset(ident):
        name, bearing, distance = start
        return Point(ident, *position_from(_located(name), bearing, distance), "coordinates")
    return _of_coordinates(ident) if _is_numeric(ident) else _of_ident(ident, called(text))


def _is_numeric(ident: str) -> bool:
    return "," in ident or ident[:1].isdigit() or ident[:1] in {"+", "-", "."}


def _of_coordinates(ident: str) -> Point:
    if match := _DECIMAL.fullmatch(ident):
        lat, lon = float(match[1]), float(match[2])
    elif match := _ICAO.fullmatch(ident):
        lat = _degrees(*match.group(1, 2, 3)) * (-1 if match[4] == "S" else 1)
        lon = _degrees(*match.group(5, 6, 7)) * (-1 if match[8] == "W" else 1)
    else:
        lat = lon = math.inf
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise RouteError(
            "BAD_COORDINATES",
            _("%(point)s is no position: write 4028N05003E, or decimal degrees 40.47,50.05."),
            point=_short(ident),
        )
    return Point(ident, lat, lon, "coordinates")


def _degrees(degrees: str, minutes: str | None, seconds: str | None) -> float:
    """Return decimal degrees; infinite if minutes or seconds exceed 59."""
    smaller = int(minutes or 0), int(seconds or 0)
    return int(degrees) + smaller[0] / 60 + smaller[1] / 3600 if max(smaller) < 60 else math.inf


def _of_ident(ident: str, namesakes: list[Aerodrome]) -> Point:
    if aerodrome := reference.aerodromes().get(ident):
        return Point(ident, aerodrome.lat, aerodrome.lon, "aerodrome", aerodrome.name)
    if waypoint := reference.waypoints().get(ident):
        return Point(ident, waypoint.lat, waypoint.lon, waypoint.kind, waypoint.name)
    if fir := reference.firs().get(ident):
        near = _aerodromes_of(fir)
        raise RouteError(
            "FIR_NOT_AERODROME",
            _("%(point)s is the %(fir)s, not an aerodrome; the aerodrome is %(near)s.")
            if len(near) == 1
            else _("%(point)s is the %(fir)s, not an aerodrome; aerodromes there: %(near)s.")
            if near
            else _("%(point)s is the %(fir)s, not an aerodrome."),
            point=ident,
            fir=fir.name,
            near=", ".join(near),
        )
    if len(namesakes) > 1:
        raise RouteError(
            "AMBIGUOUS_POINT",
            _("%(point)s may be any of these: %(candidates)s. Name the one you mean."),
            point=_short(ident),
            candidates=", ".join(a.icao for a in namesakes),
        )
    if item_15.is_airway(ident):
        raise RouteError(
            "UNKNOWN_AIRWAY",
            _("%(point)s looks like an airway, and no airways are held: name the points on it."),
            point=ident,
        )
    near = [a.icao for a in namesakes] or difflib.get_close_matches(
        ident[:20], [*reference.aerodromes(), *reference.waypoints()], n=3, cutoff=0.7
    )
    raise RouteError(
        "UNKNOWN_POINT",
        _("%(point)s is not a known point; did you mean %(near)s?")
        if near
        else _(
            "%(point)s is not a known point: give the ICAO code of an aerodrome, the name of a"
            " waypoint, or a position such as 4028N05003E."
        ),
        point=_short(ident),
        near=", ".join(near),
    )


@cache
def _namesakes() -> dict[str, list[Aerodrome]]:
    namesakes = defaultdict(list)
    for aerodrome in reference.aerodromes().values():
        for name in {_plain(it) for it in (aerodrome.iata, aerodrome.city, aerodrome.name) if it}:
            namesakes[name].append(aerodrome)
    return dict(namesakes)


def _plain(text: str) -> str:
    """Return a name without case and accents: Ağrı and AGRI are one."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _aerodromes_of(fir: Fir) -> list[str]:
    """Return the aerodromes that may be meant: of the city that the FIR is named after."""
    city = fir.name.removesuffix(" FIR")
    return [aerodrome.icao for aerodrome in called(city)]


def _short(ident: str) -> str:
    return ident if len(ident) <= _LONGEST_SHOWN else f"{ident[:_LONGEST_SHOWN]}…"
