"""A route as the map shows it, and how its states, positions and zones are called.

Distances are nautical miles along the route, positions WGS84. The tables beside the map, which
say the same, are `transit.route_tables`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import points, reference
from airspace.zones import zones as restricted_zones

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airspace.crossings import Handover, Route
    from airspace.earth import Place
    from airspace.points import Point
    from airspace.zones import Zone as RestrictedZone
    from books.agreements import Agreement

#: The line of the route has a point at least so often, so that it curves as a geodesic does.
STEP_NM = 20

#: Colours of the sheet, given to the states of a route in the order of flight.
HUES = 8


class Crossing(Protocol):
    """A declared crossing, as a row of a request has it; points may be empty."""

    @property
    def state(self) -> str: ...
    @property
    def entry_point(self) -> str: ...
    @property
    def exit_point(self) -> str: ...


@dataclass(frozen=True)
class Declared:
    """A declared crossing outside a request."""

    state: str
    entry_point: str = ""
    exit_point: str = ""


@dataclass(frozen=True)
class Zone:
    """A restricted zone to be drawn; `ring` is its edge as (lat, lon)."""

    name: str
    text: str
    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Piece:
    """A part of the route over one state, or outside any: then `code` is empty."""

    code: str
    over: str
    from_nm: float
    to_nm: float


@dataclass(frozen=True)
class DrawnState:
    """A state that the route crosses, with its colour, 1 to `HUES`."""

    code: str
    name: str
    hue: int


@dataclass(frozen=True)
class Stretch:
    """A piece of the line in one colour, 0 outside any state; `line` has (lat, lon)."""

    state: str
    hue: int
    line: list[tuple[float, float]]


@dataclass(frozen=True)
class DrawnMark:
    """A mark on the map: of a point, a handover, a border, or a declared point."""

    kind: str
    label: str
    text: str
    at: tuple[float, float]
    nm: float


@dataclass(frozen=True)
class Map:
    """A drawn route for `templates/transit/_map.html`; marks in order of flight, declared last."""

    states: list[DrawnState]
    track: list[Stretch]
    marks: list[DrawnMark]
    zones: list[Zone]
    is_outside_somewhere: bool
    has_declared: bool

    @cached_property
    def data(self) -> dict[str, Any]:
        """What `static/map.js` draws, ready for JSON."""
        return asdict(self)


def state_name(code: str, agreement: Agreement | None = None) -> str:
    """Return what the agreement calls a party, else the English name of a state of the map."""
    if agreement and code in agreement.states:
        return str(agreement.states[code].name)
    return reference.states().get(code, code)


def position(lat: float, lon: float) -> str:
    """Return a position to a tenth of a minute: 41°25.4′N 042°57.9′E."""
    degrees, tenths = divmod(round(abs(lat) * 600), 600)
    north = f"{degrees:02d}°{tenths / 10:04.1f}′{'S' if lat < 0 else 'N'}"
    degrees, tenths = divmod(round(abs(lon) * 600), 600)
    return f"{north} {degrees:03d}°{tenths / 10:04.1f}′{'W' if lon < 0 else 'E'}"


def known_point(ident: str) -> Point | None:
    """Return a declared point; None for an empty or an unknown one."""
    try:
        return points.find(ident) if ident else None
    except points.RouteError:
        return None


def map_of(
    route: Route,
    *,
    declared: Iterable[Crossing] = (),
    zones: Iterable[Zone] = (),
    agreement: Agreement | None = None,
) -> Map:
    """Return the map of a route."""
    hue_of = hues(route)
    parts = pieces(route)
    at_declared = _declared_marks(declared, agreement)
    on_the_way = [*_point_marks(route, agreement), *_border_marks(route, parts, agreement)]
    return Map(
        states=[DrawnState(code, state_name(code, agreement), hue) for code, hue in hue_of.items()],
        track=[
            Stretch(
                one.code,
                hue_of.get(one.code, 0),
                [_rounded(at) for at in route.between(one.from_nm, one.to_nm, STEP_NM)],
            )
            for one in parts
        ],
        marks=[*sorted(on_the_way, key=lambda mark: mark.nm), *at_declared],
        zones=list(zones),
        is_outside_somewhere=any(not one.code for one in parts),
        has_declared=bool(at_declared),
    )


def hues(route: Route) -> dict[str, int]:
    """Return the colour of each state of a route."""
    codes = dict.fromkeys(segment.code for segment in route.states)
    return {code: place % HUES + 1 for place, code in enumerate(codes)}


def pieces(route: Route) -> list[Piece]:
    """Return the route from start to end, over states and outside them, in order of flight."""
    inside = [
        Piece(one.code, "", one.entry.distance_nm, one.exit.distance_nm) for one in route.states
    ]
    outside = [Piece("", one.name, one.from_nm, one.to_nm) for one in route.outside]
    return sorted([*inside, *outside], key=lambda piece: (piece.from_nm, piece.to_nm))


def _rounded(place: Place) -> tuple[float, float]:
    return round(place.lat, 3), round(place.lon, 3)


def _mark(kind: str, label: str, text: str, at: Place, nm: float = 0.0) -> DrawnMark:
    return DrawnMark(kind, label, text, _rounded(at), round(nm, 1))


def _point_marks(route: Route, agreement: Agreement | None) -> list[DrawnMark]:
    """Points of the route and handovers; a handover at a point of the route is that point."""
    said: dict[tuple[str, float], tuple[Place, str, str]] = {
        (point.ident, at.distance_nm): (
            at,
            "point",
            " ".join(filter(None, [point.ident, point.name])),
        )
        for point, at in zip(route.points, route.marks, strict=True)
    }
    for one in route.handovers:
        place = (one.point, one.distance_nm)
        at, _kind, words = said.get(place, (one, "handover", one.point))
        said[place] = (at, "handover", f"{words}, {_handover_words(one, agreement)}")
    return [
        _mark(
            kind, "" if kind == "handover" and ident[0].isdigit() else ident, _at(words, nm), at, nm
        )
        for (ident, nm), (at, kind, words) in said.items()
    ]


def _handover_words(one: Handover, agreement: Agreement | None) -> str:
    return _("handover from %(one)s to %(other)s") % {
        "one": state_name(one.from_state, agreement),
        "other": state_name(one.to_state, agreement),
    }


def _at(words: str, nm: float) -> str:
    return _("%(what)s: %(distance).0f NM") % {"what": words, "distance": nm}


def _border_marks(route: Route, parts: list[Piece], agreement: Agreement | None) -> list[DrawnMark]:
    marks = []
    for one, other in pairwise(parts):
        if one.code and other.code:
            words = _("From %(one)s into %(other)s")
        elif other.code:
            words = _("Into %(other)s")
        else:
            words = _("Out of %(one)s")
        said = words % {
            "one": state_name(one.code, agreement),
            "other": state_name(other.code, agreement),
        }
        label = f"{one.code}→{other.code}"
        nm = other.from_nm
        marks.append(_mark("border", label, _at(said, nm), route.position_at(nm), nm))
    return marks


def _declared_marks(declared: Iterable[Crossing], agreement: Agreement | None) -> list[DrawnMark]:
    """One mark for each declared point that is known, with all that is declared of it."""
    said: dict[str, list[str]] = {}
    for row in declared:
        state = {"state": state_name(row.state, agreement)}
        said.setdefault(row.entry_point, []).append(_("declared entry into %(state)s") % state)
        said.setdefault(row.exit_point, []).append(_("declared exit from %(state)s") % state)
    return [
        _mark("declared", "", f"{ident}: {', '.join(words)}", point)
        for ident, words in said.items()
        if (point := known_point(ident)) is not None
    ]


def invented_zones() -> list[Zone]:
    """Return the restricted zones that are shipped, all invented, levels and times in words."""
    return [
        Zone(
            zone.code,
            _("%(name)s: %(kind)s, %(lower)s to F%(upper)03d, %(times)s; invented for exercises")
            % {
                "name": zone.name,
                "kind": _KINDS[zone.kind],
                "lower": f"F{zone.lower:03}" if zone.lower else _("ground"),
                "upper": zone.upper,
                "times": _active(zone),
            },
            zone.ring,
        )
        for zone in restricted_zones().values()
    ]


_KINDS = {"prohibited": lazy("prohibited"), "restricted": lazy("restricted")}


def _active(zone: RestrictedZone) -> str:
    if zone.active_from is None or zone.active_to is None:
        return _("always active")
    days = ", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in zone.weekdays)
    return _("%(days)s %(start)s to %(end)sZ") % {
        "days": _("daily") if len(zone.weekdays) == 7 else days,
        "start": f"{zone.active_from:%H:%M}",
        "end": f"{zone.active_to:%H:%M}",
    }
