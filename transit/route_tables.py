"""A route in tables, which say what its map shows, and what is declared of it set beside it.

Distances are nautical miles along the route. A crossing declared in a request is set against what
the geometry says: the border, and the point where one centre hands the flight over to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from airspace import reference
from airspace.crossings import MARGINAL_NM, time_at
from airspace.earth import distance_nm
from casework.dates import duration
from transit.mapping import hues, known_point, pieces, position, state_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from airspace.crossings import Handover, Mark, Route, Segment
    from airspace.earth import Place
    from airspace.points import Point
    from books.agreements import Agreement
    from transit.mapping import Crossing, Piece, Zone

#: A declared point this near to the border or to the handover is that point (training default).
NEAR_NM = 5


@dataclass(frozen=True)
class Spot:
    """A place on the route: how far along, where, and after how long; times at no speed are ""."""

    nm: float
    position: str
    after: str


@dataclass(frozen=True)
class ShownLeg:
    """The way from one point of the route to the next."""

    start: Point
    end: Point
    length_nm: float
    time: str


@dataclass(frozen=True)
class Stay:
    """The way over one state, region or sea; a state has the colour of the map."""

    name: str
    entry: Spot
    exit: Spot
    length_nm: float
    time: str
    code: str = ""
    hue: int | None = None

    @property
    def is_marginal(self) -> bool:
        return self.length_nm < MARGINAL_NM


@dataclass(frozen=True)
class ShownHandover:
    """Where one state hands the flight over to another, and where the border between them lies."""

    one: str
    other: str
    point: str
    at: Spot
    border: Spot


@dataclass(frozen=True)
class Compared:
    """A declared or computed crossing with what became of it; `points` say how far points lie."""

    code: str
    name: str
    words: str
    tone: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """What `templates/transit/_route_tables.html` shows; without `knots` there are no times."""

    knots: int | None
    distance_nm: float
    time: str
    legs: list[ShownLeg]
    pieces: list[Stay]
    firs: list[Stay]
    seas: list[Stay]
    handovers: list[ShownHandover]
    declared: list[Compared]
    zones: list[Zone]


def tables(
    route: Route,
    *,
    knots: int | None = None,
    declared: Sequence[Crossing] = (),
    zones: Iterable[Zone] = (),
    agreement: Agreement | None = None,
) -> Tables:
    """Return what the map says, with times at `knots`."""
    hue_of = hues(route)
    return Tables(
        knots=knots,
        distance_nm=route.total_distance_nm,
        time=_time(route.total_distance_nm, knots),
        legs=[
            ShownLeg(leg.start, leg.end, leg.distance_nm, _time(leg.distance_nm, knots))
            for leg in route.legs
        ],
        pieces=[
            _stay(
                route,
                _piece_name(one, agreement),
                (one.from_nm, one.to_nm),
                knots,
                code=one.code,
                hue=hue_of.get(one.code),
            )
            for one in pieces(route)
        ],
        firs=[
            _stay(
                route,
                reference.firs()[one.code].name,
                (one.entry.distance_nm, one.exit.distance_nm),
                knots,
                code=one.code,
            )
            for one in route.firs
        ],
        seas=[_stay(route, one.name, (one.from_nm, one.to_nm), knots) for one in route.seas],
        handovers=[
            ShownHandover(
                one=state_name(one.from_state, agreement),
                other=state_name(one.to_state, agreement),
                point=one.point,
                at=_spot(one, one.distance_nm, knots),
                border=_spot(one.border, one.border.distance_nm, knots),
            )
            for one in route.handovers
        ],
        declared=compare(route, declared, agreement) if declared else [],
        zones=list(zones),
    )


def _piece_name(piece: Piece, agreement: Agreement | None) -> str:
    if piece.code:
        return state_name(piece.code, agreement)
    if piece.over:
        return _("Outside any state, over the %(sea)s") % {"sea": piece.over}
    return _("Outside any state")


def _stay(
    route: Route,
    name: str,
    span: tuple[float, float],
    knots: int | None,
    *,
    code: str = "",
    hue: int | None = None,
) -> Stay:
    from_nm, to_nm = span
    return Stay(
        name=name,
        entry=_spot(route.position_at(from_nm), from_nm, knots),
        exit=_spot(route.position_at(to_nm), to_nm, knots),
        length_nm=to_nm - from_nm,
        time=_time(to_nm - from_nm, knots),
        code=code,
        hue=hue,
    )


def _spot(place: Place, nm: float, knots: int | None) -> Spot:
    return Spot(nm, position(place.lat, place.lon), _time(nm, knots))


def _time(nm: float, knots: int | None) -> str:
    return duration(time_at(nm, knots)) if knots else ""


# Declared against computed


def compare(
    route: Route, declared: Sequence[Crossing], agreement: Agreement | None = None
) -> list[Compared]:
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


def _odd_row(code: str, agreement: Agreement | None, words: str) -> Compared:
    return Compared(code, state_name(code, agreement), words, "bad")


def _declared_row(
    row: Crossing, one: Segment, route: Route, agreement: Agreement | None
) -> Compared:
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
    agrees = all(point_agrees for _words, point_agrees in points)
    return Compared(
        code=row.state,
        name=state_name(row.state, agreement),
        words=_("as computed") if agrees else _("point differs"),
        tone="good" if agrees else "warn",
        points=tuple(words for words, _agrees in points if words),
    )


def _beside(what: str, ident: str, border: Mark, handovers: list[Handover]) -> tuple[str, bool]:
    """Say how far a declared point lies from border and handover, and whether it agrees."""
    if not ident:
        return "", True
    point = known_point(ident)
    if point is None:
        return f"{what} {ident}: {_('no known point')}", False
    places: list[Place] = [border, *handovers[:1]]
    off = [distance_nm(point, place) for place in places]
    pattern = (
        _("%(border).0f NM from the border, %(handover).0f NM from the handover")
        if handovers
        else _("%(border).0f NM from the border")
    )
    words = pattern % {"border": off[0], "handover": off[-1]}
    return f"{what} {ident}: {words}", min(off) <= NEAR_NM
