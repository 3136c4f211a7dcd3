"""Requests as the host may find them on its desk, for the rules; nothing is stored.

The flight of the story `alpha`, with which every rule is content, and what a test changes of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import rules
from books import agreements, calendars
from control import stories
from exercises.models import Exercise
from rules import book
from tests import playing
from transit.models import Clearance, Crossing, DangerousGood, FlightRequest, Revision
from transit.proposal import propose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model, QuerySet

    from rules import Finding

Changes = dict[str, Any]

ALPHA: Changes = stories.load("alpha").acts[0]["with"]
RECEIVED_AT = datetime(2026, 9, 2, 6, 30, tzinfo=UTC)
#: Sent early enough for the long track.
EARLY = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)

#: The annual number of the register in `tests.annual.annual`, and an entry in its year.
NUMBER = "EXKZ27A0001"
MARCH = datetime(2027, 3, 10, 7, tzinfo=UTC)

STRAIGHT = "LTAC UACC"
GASBI = "LTAU NOLGA BARAD GASBI LANUK UACC"
DIRECT_TO_ALMATY = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UAAA"
BY_TURKMENISTAN = "LTAU NOLGA BARAD RODAR UAAA"
TO_AND_FRO = "LTAU NOLGA LAGAS ADEKI UBBB 4130N05030E 4030N05030E BALUN UATE LANUK UACC"
BY_A_ZONE = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UACC"

BLANKS: Changes = {
    "un_number": "UN0014",
    "proper_shipping_name": "Cartridges, small arms, blank",
    "hazard_class": "1.4S",
    "packages": 2,
    "gross_kg": Decimal(12),
    "net_quantity": Decimal(8),
    "net_explosive_kg": Decimal("0.4"),
    "compliant": True,
}
BALL = BLANKS | {
    "un_number": "UN0339",
    "proper_shipping_name": "Cartridges for weapons, inert projectile",
    "hazard_class": "1.4C",
}
FLARES = BLANKS | {
    "un_number": "UN0403",
    "proper_shipping_name": "Flares, aerial",
    "hazard_class": "1.4G",
}
PROJECTILES = BLANKS | {
    "un_number": "UN0169",
    "proper_shipping_name": "Projectiles",
    "hazard_class": "1.2D",
}
FUEL: Changes = {
    "un_number": "UN1863",
    "proper_shipping_name": "Fuel, aviation, turbine engine",
    "hazard_class": "3",
    "packing_group": "III",
    "packages": 20,
    "gross_kg": Decimal(360),
    "net_quantity": Decimal(400),
    "net_unit": "L",
    "compliant": True,
}
CELLS: Changes = {
    "un_number": "UN3480",
    "proper_shipping_name": "Lithium ion batteries",
    "hazard_class": "9",
    "packages": 4,
    "gross_kg": Decimal(120),
    "net_quantity": Decimal(100),
    "compliant": True,
}


def form(
    *,
    exercise: Exercise | None = None,
    host: str = "KZ",
    received_at: datetime = RECEIVED_AT,
    crossings: Iterable[Changes] | None = None,
    goods: Iterable[Changes] = (),
    **items: Any,
) -> Revision:
    """Return alpha's form with other items, its crossings as proposed where the route is another.

    Unless they are given, the ends of the flight follow the route, and goods are announced.
    """
    if crossings is None:
        crossings = proposed(items["route"]) if "route" in items else ALPHA["crossings"]
    follows: Changes = {"dangerous_goods": "LIST"} if goods else {}
    if "route" in items:
        follows["departure"], *_, follows["destination"] = items["route"].split()
        follows["arrives_at"] = [*crossings][-1]["exit_at"]
    flight = FlightRequest(
        pk=0,
        exercise=exercise or unsaved(),
        host=host,
        requesting_state={"KZ": "TR", "TR": "KZ"}[host],
        received_at=received_at,
    )
    revision = Revision(
        pk=0, number=1, flight=flight, enclosed_at=received_at, **(ALPHA["form"] | follows | items)
    )
    revision._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "crossings": _rows(Crossing, revision, crossings),
        "goods": _rows(DangerousGood, revision, goods),
    }
    return revision


def unsaved() -> Exercise:
    """Return an exercise that pins the newest of everything."""
    return Exercise(
        pk=0,
        agreement=agreements.SHIPPED,
        agreement_version=agreements.latest(agreements.SHIPPED),
        calendar_version=calendars.LATEST,
        rules_version=rules.LATEST,
    )


def proposed(route: str, *, without: str = "") -> list[Changes]:
    """Return the crossings of a route as proposed, all granted; one state may be left out."""
    form = ALPHA["form"]
    granted = {"clearance": Clearance.GRANTED, "clearance_number": "EX0001"}
    rows = propose(route, departs_at=form["departs_at"], knots=form["cruise_knots"])
    return [
        row if row["state"] in ("TR", "KZ") else row | granted
        for row in rows
        if row["state"] != without
    ]


def crossing(number: int, **items: Any) -> list[Changes]:
    """Return alpha's crossings, one of them changed."""
    rows = enumerate(ALPHA["crossings"], start=1)
    return [row | items if at == number else row for at, row in rows]


def entering(entry_at: datetime, **items: Any) -> Changes:
    """Return alpha's times and crossings moved to enter the host at `entry_at`, and other items."""
    moved = playing.prepared("TR", entry_at=entry_at)
    times = {item: moved["form"][item] for item in ("departs_at", "arrives_at")}
    return times | {"crossings": moved["crossings"]} | items


def findings(revision: Revision) -> list[Finding]:
    """Run the rules as of the receipt of the note."""
    assert revision.flight.received_at is not None
    return rules.findings(revision, at=revision.flight.received_at)


def found(revision: Revision, key: str) -> Finding:
    """Return the one finding of this key."""
    [one] = [it for it in findings(revision) if it.key == key]
    return one


def keys(revision: Revision) -> set[str]:
    return {one.key for one in findings(revision)}


def codes(revision: Revision) -> set[str]:
    return {one.code for one in findings(revision)}


@contextmanager
def another_agreement(**figures: Any) -> Iterator[None]:
    """Let the agreement be as another version of its file could have it."""
    load = agreements.load

    def changed(code: str, version: str) -> agreements.Agreement:
        agreement = load(code, version)
        policies = agreement.policies | figures.get("policies", {})
        return agreement.model_copy(update=figures | {"policies": policies})

    with mock.patch.object(agreements, "load", changed):
        book.forget()
        yield
    book.forget()


def _rows(model: type[Model], of: Revision, rows: Iterable[Changes]) -> QuerySet[Model]:
    """Return rows as if they had been fetched."""
    fetched = model._default_manager.none()
    fetched._result_cache = [
        model(revision=of, number=at, **row) for at, row in enumerate(rows, start=1)
    ]
    return fetched
