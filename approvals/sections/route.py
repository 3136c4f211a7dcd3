"""Crossings, dangerous goods line by line, and the route as drawn with map and tables."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from airspace.crossings import drawn
from books import agreements
from casework.typed import plain
from transit.mapping import Declared, invented_zones, map_of, state_name
from transit.route_tables import compare, tables

if TYPE_CHECKING:
    from decimal import Decimal

    import rules
    from approvals.sight import Known
    from transit.mapping import Map
    from transit.models import Crossing, DangerousGood, Revision
    from transit.route_tables import Compared, Tables


@dataclass(frozen=True)
class ShownCrossing:
    """One crossing with the name of its state; third: neither the host nor who asks."""

    row: Crossing
    state: str
    is_host: bool
    is_third: bool


@dataclass(frozen=True)
class ShownGood:
    """One line of dangerous goods, amounts with their units."""

    row: DangerousGood
    gross: str
    net: str
    explosive: str


@dataclass(frozen=True)
class Crossings:
    """The crossings, and those of the revision before where they differ."""

    template: ClassVar[str] = "approvals/sections/crossings.html"

    rows: tuple[ShownCrossing, ...]
    earlier: tuple[ShownCrossing, ...]


@dataclass(frozen=True)
class Goods:
    """The dangerous goods, and those of the revision before where they differ."""

    template: ClassVar[str] = "approvals/sections/goods.html"

    revision: Revision
    rows: tuple[ShownGood, ...]
    earlier: tuple[ShownGood, ...]
    is_changed: bool


@dataclass(frozen=True, eq=False)  # each is there once
class Route:
    """The route as drawn with what is declared of it; `key` changes with the map."""

    template: ClassVar[str] = "approvals/sections/route.html"
    is_kept: ClassVar[bool] = True

    key: str
    map: Map
    declared: list[Compared]
    tables: Tables


def crossings(known: Known) -> Crossings:
    earlier = known.revision_before if "crossings" in known.changed else None
    return Crossings(shown_crossings(known, known.revision), shown_crossings(known, earlier))


def goods(known: Known) -> Goods | None:
    earlier = known.revision_before if "goods" in known.changed else None
    section = Goods(
        known.revision, shown_goods(known.revision), shown_goods(earlier), earlier is not None
    )
    return section if section.rows or section.is_changed else None


def route(known: Known) -> Route | None:
    """Return the route as drawn; None where it cannot be drawn, or is not to be shown."""
    return drawn_as(known.look) if known.look else None


def drawn_as(look: rules.Matter) -> Route | None:
    """Return the route of a form as drawn; None where it cannot be drawn."""
    if look.route is None:
        return None
    return _route(
        look.revision.route,
        round(look.knots) if look.knots else None,
        tuple(Declared(row.state, row.entry_point, row.exit_point) for row in look.crossings),
        (look.agreement.code, look.agreement.version),
        get_language(),
    )


@lru_cache(maxsize=256)  # as many as `drawn` keeps
def _route(
    written: str,
    knots: int | None,
    declared: tuple[Declared, ...],
    pinned: tuple[str, str],
    _language: str,
) -> Route:
    path, agreement, zones = drawn(written), agreements.load(*pinned), invented_zones()
    drawing = map_of(path, declared=declared, zones=zones, agreement=agreement)
    return Route(
        key=hashlib.sha256(json.dumps(drawing.data).encode()).hexdigest()[:12],
        map=drawing,
        declared=compare(path, declared, agreement) if declared else [],
        tables=tables(path, knots=knots, zones=zones, agreement=agreement),
    )


def shown_crossings(known: Known, revision: Revision | None) -> tuple[ShownCrossing, ...]:
    return tuple(
        ShownCrossing(
            row,
            state_name(row.state, known.agreement),
            is_host=row.state == known.host_code,
            is_third=row.state not in known.states,
        )
        for row in (revision.crossings.all() if revision else ())
    )


def shown_goods(revision: Revision | None) -> tuple[ShownGood, ...]:
    return tuple(
        ShownGood(
            row,
            gross=_amount(row.gross_kg, _("kg")),
            net=_amount(row.net_quantity, row.get_net_unit_display()),
            explosive=_amount(row.net_explosive_kg, _("kg")),
        )
        for row in (revision.goods.all() if revision else ())
    )


def _amount(amount: Decimal | None, unit: str) -> str:
    return "" if amount is None else f"{plain(amount)} {unit}"
