"""A route as the pages show it: the data of a map, and the tables beside it that say the same.

Distances are nautical miles along the route, positions WGS84. A crossing declared in a request is
set against what the geometry says: the border, and the point where one centre hands the flight
over to the next.

Longer than most modules: map and tables are two views of one drawn route.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import points, reference
from airspace.crossings import MARGINAL_NM, time_at
from airspace.earth import distance_nm
from airspace.zones import zones as restricted_zones
from casework.dates import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from airspace.crossings import Handover, Mark, Route, Segment
    from airspace.earth import Place
    from airspace.points import Point
    from airspace.zones import Zone as RestrictedZone
    from books.agreements import Agreement

#: The line of the route has a point at least so often, so that it curves as a geodesic does.
STEP_NM = 20

#: Colours of the sheet, given to the states of a route in the order of flight.
HUES = 8

#: A declared point this near to the border or to the handover is that point (training default).
NEAR_NM = 5


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


# The map


def map_data(
    route: Route,
    *,
    declared: Iterable[Crossing] = (),
    zones: Iterable[Zone] = (),
    agreement: Agreement | None = None,
) -> dict[str, Any]:
    """Return what `static/map.js` draws, ready for JSON; `templates/transit/_map.html` takes it."""
    hues = _hues(route)
    pieces = _pieces(route)
    at_declared = _declared_marks(declared, agreement)
    return {
        "states": [
            {"code": code, "name": state_name(code, agreement), "hue": hue}
            for code, hue in hues.items()
        ],
        "track": [
            {
                "state": one.code,
                "hue": hues.get(one.code, 0),
                "line": [_rounded(at) for at in route.between(one.from_nm, one.to_nm, STEP_NM)],
            }
            for one in pieces
        ],
        "marks": [
            *sorted(
                (
                    *_point_marks(route, agreement),
                    *_border_marks(route, pieces, agreement),
                ),
                key=lambda mark: mark["nm"],
            ),
            *at_declared,
        ],
        "zones": [
            {"name": zone.name, "text": zone.text, "ring": [list(at) for at in zone.ring]}
            for zone in zones
        ],
        "is_outside_somewhere": any(not one.code for one in pieces),
        "has_declared": bool(at_declared),
    }


def _hues(route: Route) -> dict[str, int]:
    codes = dict.fromkeys(segment.code for segment in route.states)
    return {code: place % HUES + 1 for place, code in enumerate(codes)}


def _pieces(route: Route) -> list[Piece]:
    """The route from its start to its end, over states and outside them, in order of flight."""
    inside = [
        Piece(one.code, "", one.entry.distance_nm, one.exit.distance_nm) for one in route.states
    ]
    outside = [Piece("", one.name, one.from_nm, one.to_nm) for one in route.outside]
    return sorted([*inside, *outside], key=lambda piece: (piece.from_nm, piece.to_nm))


def _rounded(place: Place) -> list[float]:
    return [round(place.lat, 3), round(place.lon, 3)]


def _mark(kind: str, label: str, text: str, at: Place, nm: float = 0.0) -> dict[str, Any]:
    return {"kind": kind, "label": label, "text": text, "at": _rounded(at), "nm": round(nm, 1)}


def _point_marks(route: Route, agreement: Agreement | None) -> list[dict[str, Any]]:
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


def _border_marks(
    route: Route, pieces: list[Piece], agreement: Agreement | None
) -> list[dict[str, Any]]:
    marks = []
    for one, other in pairwise(pieces):
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


def _declared_marks(
    declared: Iterable[Crossing], agreement: Agreement | None
) -> list[dict[str, Any]]:
    """One mark for each declared point that is known, with all that is declared of it."""
    said: dict[str, list[str]] = {}
    for row in declared:
        state = {"state": state_name(row.state, agreement)}
        said.setdefault(row.entry_point, []).append(_("declared entry into %(state)s") % state)
        said.setdefault(row.exit_point, []).append(_("declared exit from %(state)s") % state)
    return [
        _mark("declared", "", f"{ident}: {', '.join(words)}", point)
        for ident, words in said.items()
        if (point := _known(ident)) is not None
    ]


def _known(ident: str) -> Point | None:
    try:
        return points.find(ident) if ident else None
    except points.RouteError:
        return None


# The tables


def tables(
    route: Route,
    *,
    knots: int | None = None,
    declared: Sequence[Crossing] = (),
    zones: Iterable[Zone] = (),
    agreement: Agreement | None = None,
) -> dict[str, Any]:
    """Return what the map says, for `templates/transit/_route_tables.html`; times at `knots`."""
    hues = _hues(route)
    return {
        "knots": knots,
        "distance_nm": route.total_distance_nm,
        "time": _time(route.total_distance_nm, knots),
        "legs": [
            {
                "start": leg.start,
                "end": leg.end,
                "length_nm": leg.distance_nm,
                "time": _time(leg.distance_nm, knots),
            }
            for leg in route.legs
        ],
        "pieces": [
            {"code": one.code, "name": _piece_name(one, agreement), "hue": hues.get(one.code)}
            | _stay(route, one.from_nm, one.to_nm, knots)
            for one in _pieces(route)
        ],
        "firs": [
            {"code": one.code, "name": reference.firs()[one.code].name}
            | _stay(route, one.entry.distance_nm, one.exit.distance_nm, knots)
            for one in route.firs
        ],
        "seas": [
            {"name": one.name} | _stay(route, one.from_nm, one.to_nm, knots) for one in route.seas
        ],
        "handovers": [
            {
                "one": state_name(one.from_state, agreement),
                "other": state_name(one.to_state, agreement),
                "point": one.point,
                "at": _spot(one, one.distance_nm, knots),
                "border": _spot(one.border, one.border.distance_nm, knots),
            }
            for one in route.handovers
        ],
        "declared": compare(route, declared, agreement) if declared else [],
        "zones": list(zones),
    }


def _piece_name(piece: Piece, agreement: Agreement | None) -> str:
    if piece.code:
        return state_name(piece.code, agreement)
    if piece.over:
        return _("Outside any state, over the %(sea)s") % {"sea": piece.over}
    return _("Outside any state")


def _stay(route: Route, from_nm: float, to_nm: float, knots: int | None) -> dict[str, Any]:
    return {
        "entry": _spot(route.position_at(from_nm), from_nm, knots),
        "exit": _spot(route.position_at(to_nm), to_nm, knots),
        "length_nm": to_nm - from_nm,
        "time": _time(to_nm - from_nm, knots),
        "is_marginal": to_nm - from_nm < MARGINAL_NM,
    }


def _spot(place: Place, nm: float, knots: int | None) -> dict[str, Any]:
    return {"nm": nm, "position": position(place.lat, place.lon), "after": _time(nm, knots)}


def _time(nm: float, knots: int | None) -> str:
    return duration(time_at(nm, knots)) if knots else ""


# Declared against computed


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


def compare(
    route: Route, declared: Sequence[Crossing], agreement: Agreement | None = None
) -> list[dict[str, Any]]:
    """Set each declared crossing beside the computed one; marginal touches count for nothing.

    The state of departure need not be declared: one does not enter it.
    """
    computed = route.stays
    codes = [row.state for row in declared]
    if computed and codes[:1] != [computed[0].code]:
        computed = computed[1:]
    matcher = SequenceMatcher(None, codes, [one.code for one in computed], autojunk=False)
    rows = []
    for verdict, i, j, k, m in matcher.get_opcodes():
        if verdict == "equal":
            rows += [
                _declared_row(row, one, route, agreement)
                for row, one in zip(declared[i:j], computed[k:m], strict=True)
            ]
            continue
        rows += [
            _odd_row(row.state, agreement, _("declared, not crossed")) for row in declared[i:j]
        ]
        rows += [_odd_row(one.code, agreement, _("crossed, not declared")) for one in computed[k:m]]
    return rows


def _odd_row(code: str, agreement: Agreement | None, words: str) -> dict[str, Any]:
    name = state_name(code, agreement)
    return {"code": code, "name": name, "words": words, "tone": "bad", "points": []}


def _declared_row(
    row: Crossing, one: Segment, route: Route, agreement: Agreement | None
) -> dict[str, Any]:
    handed = route.handovers
    into = [it for it in handed if it.border == one.entry]
    out = [
        it
        for it in handed
        if it.from_state == one.code and it.border.distance_nm >= one.exit.distance_nm
    ]
    points = [
        _beside(_("Entry"), row.entry_point, one.entry, into),
        _beside(_("Exit"), row.exit_point, one.exit, out),
    ]
    agrees = all(point["agrees"] for point in points)
    return {
        "code": row.state,
        "name": state_name(row.state, agreement),
        "words": _("as computed") if agrees else _("point differs"),
        "tone": "good" if agrees else "warn",
        "points": [point["words"] for point in points if point["words"]],
    }


def _beside(what: str, ident: str, border: Mark, handovers: list[Handover]) -> dict[str, Any]:
    """Say how far a declared point lies from the border and from the next handover."""
    if not ident:
        return {"words": "", "agrees": True}
    point = _known(ident)
    if point is None:
        return {"words": f"{what} {ident}: {_('no known point')}", "agrees": False}
    places: list[Place] = [border, *handovers[:1]]
    off = [distance_nm(point, place) for place in places]
    pattern = (
        _("%(border).0f NM from the border, %(handover).0f NM from the handover")
        if handovers
        else _("%(border).0f NM from the border")
    )
    words = pattern % {"border": off[0], "handover": off[-1]}
    return {"words": f"{what} {ident}: {words}", "agrees": min(off) <= NEAR_NM}
