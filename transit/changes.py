"""How a form differs from the authorized one, and what each change takes. Pure.

The figures are the agreement's (`changes` in its file). Sorted are the items of the form and the
host's crossing; what follows from another item, such as the times of the other crossings from a
delay, is no change of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from books.agreements import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from books.agreements import Changes, Class, Taken
    from transit.models import Authorization, Crossing, Revision

#: What a change takes, in words.
TAKES: dict[Class, _StrPromise] = {
    "WITHIN": _("Within the tolerance"),
    "NOTIFICATION": _("Notification"),
    "OPERATIONAL": _("Operational amendment"),
    "AMENDMENT": _("Amendment"),
    "NEW_REQUEST": _("New request"),
}

#: The kinds of change, in words.
KINDS: dict[str, _StrPromise] = {
    "DELAY": _("delay inside the window"),
    "DELAY_BEYOND": _("delay beyond the window"),
    "EARLY": _("earlier, inside the window"),
    "EARLY_BEYOND": _("earlier than the window"),
    "SPARE_TAIL": _("the listed spare aircraft"),
    "UNLISTED_TAIL": _("an aircraft that is not listed"),
    "AIRCRAFT_TYPE": _("another type"),
    "AIRCRAFT_COUNT": _("number of aircraft, or escort"),
    "CALL_SIGN": _("another call sign"),
    "SPARE_CALL_SIGN": _("spare call sign"),
    "CAPTAIN": _("another captain"),
    "CREW": _("crew"),
    "MORE_PASSENGERS": _("more passengers"),
    "FEWER_PASSENGERS": _("fewer passengers"),
    "PASSENGERS": _("other passengers"),
    "LOAD": _("more load, or another"),
    "LESS_LOAD": _("less load, or hardly more"),
    "DANGEROUS_GOODS": _("dangerous goods"),
    "WEAPONS": _("personal weapons"),
    "EQUIPMENT": _("armament, sensors or electronic warfare"),
    "POINT": _("entry or exit point"),
    "ROUTE": _("route"),
    "LEVEL": _("level or flight rules"),
    "SPEED": _("speed"),
    "AERODROME": _("aerodrome"),
    "ALTERNATE": _("alternates"),
    "LANDING": _("landing instead of overflight, or the reverse"),
    "PURPOSE": _("purpose, operator or legal basis"),
    "ACTIVITY": _("activity, or what stays behind"),
    "THIRD_STATE": _("clearance of a state on the way"),
    "CONTACT": _("contact or remarks"),
}

#: The items of which any change is of one kind. Times, tails, counts and masses are weighed.
OF_ITEMS: dict[str, tuple[str, ...]] = {
    "CALL_SIGN": ("call_sign",),
    "SPARE_CALL_SIGN": ("spare_call_sign",),
    "AIRCRAFT_TYPE": ("aircraft_type",),
    "AIRCRAFT_COUNT": ("aircraft_count", "escort"),
    "CAPTAIN": ("captain",),
    "CREW": ("crew_count",),
    "PASSENGERS": ("attendant_count", "passengers", "principals"),
    "LOAD": ("cargo", "property_list", "consignee", "end_user"),
    "DANGEROUS_GOODS": ("dangerous_goods", "dangerous_goods_list"),
    "WEAPONS": ("has_personal_weapons", "personal_weapons", "has_ammunition"),
    "EQUIPMENT": ("has_sensors", "has_armament", "has_electronic_warfare", "equipment"),
    "ROUTE": ("route",),
    "LEVEL": ("flight_rules", "cruise_level"),
    "SPEED": ("cruise_knots",),
    "AERODROME": ("departure", "destination"),
    "ALTERNATE": ("alternates",),
    "PURPOSE": (
        *("operator", "used_as", "category", "purpose", "legal_basis", "priority"),
        "annual_number",
    ),
    "ACTIVITY": (
        *("activity", "leaves_behind", "stay_instrument"),
        *("stays_until", "returns_by"),
    ),
    "CONTACT": ("contact_name", "contact_phone", "contact_email", "remarks"),
}

#: What a discrepancy of a filed flight plan would take, if it is meant to be flown.
OF_PLAN = {
    "CALLSIGN_MISMATCH": "CALL_SIGN",
    "FLIGHT_RULES_MISMATCH": "LEVEL",
    "FORMATION_NUMBER_MISMATCH": "AIRCRAFT_COUNT",
    "TYPE_MISMATCH": "AIRCRAFT_TYPE",
    "ADEP_MISMATCH": "AERODROME",
    "ADES_MISMATCH": "AERODROME",
    "ALTERNATE_NOT_CLEARED": "ALTERNATE",
    "EN_ROUTE_ALTERNATE_NOT_CLEARED": "ALTERNATE",
    "SPARE_TAIL_USED": "SPARE_TAIL",
    "REG_MISMATCH": "UNLISTED_TAIL",
    "POB_EXCEEDED": "MORE_PASSENGERS",
    "ENTRY_POINT_MISSING": "POINT",
    "EXIT_POINT_MISSING": "POINT",
    "ROUTE_POINT_MISSING": "ROUTE",
    "ROUTE_POINT_ADDED": "ROUTE",
    "STATE_NOT_CLEARED": "ROUTE",
}


@dataclass(frozen=True)
class Change:
    """One change: of which item of the form, or table, from what to what; what it takes."""

    item: str
    kind: str
    old: Any
    new: Any
    taken: Taken

    @property
    def words(self) -> _StrPromise:
        return KINDS[self.kind]

    @property
    def takes(self) -> _StrPromise:
        return TAKES[self.taken.takes]


@dataclass(frozen=True)
class Changed:
    """All changes of a form, the gravest first."""

    changes: tuple[Change, ...]

    @property
    def takes(self) -> Class:
        """What the gravest takes; no change is within the tolerance."""
        return gravest(one.taken.takes for one in self.changes)

    @property
    def keeps_track(self) -> bool:
        """Say whether the amendment is examined on the track that its form leads to."""
        return any(one.taken.own_track for one in self.changes)

    @property
    def track(self) -> str:
        """The track of the amendment, unless it keeps its own."""
        return "OPERATIONAL" if self.takes == "OPERATIONAL" else "AMENDMENT"


def gravest(taken: Iterable[Class]) -> Class:
    """Return the gravest of what changes take."""
    return CLASSES[max((CLASSES.index(one) for one in taken), default=0)]


def compared(authorization: Authorization, wanted: Revision, changes: Changes) -> Changed:
    """Sort what a form changes of an authorization, by an agreement's table."""
    authorized = authorization.revision
    found = (
        *_times(authorization, wanted),
        *_tails(authorized, wanted),
        *_counts(authorized, wanted, changes),
        *_crossings(authorized, wanted),
        *_goods(authorized, wanted),
        *(
            (item, kind, getattr(authorized, item), getattr(wanted, item))
            for kind, items in OF_ITEMS.items()
            for item in items
            if getattr(authorized, item) != getattr(wanted, item)
        ),
    )
    rows = [Change(item, kind, old, new, changes.kinds[kind]) for item, kind, old, new in found]
    return Changed(tuple(sorted(rows, key=lambda one: -CLASSES.index(one.taken.takes))))


Found = tuple[str, str, Any, Any]


def _times(authorization: Authorization, wanted: Revision) -> Iterator[Found]:
    """The entry into the host; where it stays, another time of departure or arrival."""
    authorized = authorization.revision
    old, new = _entry_at(authorized), _entry_at(wanted)
    if old and new and old != new:
        yield "entry_at", _time_kind(authorization, old, new), old, new
        return
    for item in ("departs_at", "arrives_at"):
        old, new = getattr(authorized, item), getattr(wanted, item)
        if old != new:
            yield item, "EARLY" if old and new and new < old else "DELAY", old, new


def _time_kind(authorization: Authorization, old: datetime, new: datetime) -> str:
    if new >= authorization.valid_until:
        return "DELAY_BEYOND"
    if new < authorization.valid_from:
        return "EARLY_BEYOND"
    return "DELAY" if new > old else "EARLY"


def _entry_at(revision: Revision) -> datetime | None:
    return revision.planned_entry.entry_at if revision.planned_entry else None


def _tails(authorized: Revision, wanted: Revision) -> Iterator[Found]:
    """A tail that was named, as aircraft or spare, stays named; leaving out a spare is nothing."""
    named = authorized.aircraft
    if wanted.registration != authorized.registration:
        kind = "SPARE_TAIL" if wanted.registration in named else "UNLISTED_TAIL"
        yield "registration", kind, authorized.registration, wanted.registration
    if wanted.spare_registration and wanted.spare_registration not in named:
        old, new = authorized.spare_registration, wanted.spare_registration
        yield "spare_registration", "UNLISTED_TAIL", old, new


def _counts(authorized: Revision, wanted: Revision, changes: Changes) -> Iterator[Found]:
    old, new = authorized.passenger_count or 0, wanted.passenger_count or 0
    if old != new:
        yield "passenger_count", "MORE_PASSENGERS" if new > old else "FEWER_PASSENGERS", old, new
    old, new = authorized.cargo_kg or 0, wanted.cargo_kg or 0
    if old != new:
        is_more = new * 100 > old * (100 + changes.cargo_percent.value)
        yield "cargo_kg", "LOAD" if is_more else "LESS_LOAD", old, new


def _crossings(authorized: Revision, wanted: Revision) -> Iterator[Found]:
    ours = authorized.planned_entry, authorized.planned_exit
    theirs = wanted.planned_entry, wanted.planned_exit
    points = [_points(*ours), _points(*theirs)]
    if points[0] != points[1]:
        yield "crossings", "POINT", points[0], points[1]
    if authorized.lands_in_host != wanted.lands_in_host:
        yield "crossings", "LANDING", authorized.lands_in_host, wanted.lands_in_host
    ways = [_way(authorized), _way(wanted)]
    if ways[0] != ways[1] and points[0] == points[1] and authorized.route == wanted.route:
        yield "crossings", "ROUTE", ways[0], ways[1]
    cleared = [_cleared(authorized), _cleared(wanted)]
    if cleared[0] != cleared[1] and ways[0] == ways[1]:
        yield "crossings", "THIRD_STATE", cleared[0], cleared[1]


def _points(entry: Crossing | None, leaving: Crossing | None) -> str:
    return f"{entry.entry_point if entry else ''} {leaving.exit_point if leaving else ''}".strip()


def _way(revision: Revision) -> str:
    return ", ".join(
        f"{row.state} {row.entry_point} {row.exit_point}" for row in revision.crossings.all()
    )


def _cleared(revision: Revision) -> str:
    rows = ((row.state, row.clearance_number or row.clearance) for row in revision.crossings.all())
    return ", ".join(f"{state} {said}" for state, said in rows if said)


def _goods(authorized: Revision, wanted: Revision) -> Iterator[Found]:
    rows = [[row.stated() for row in one.goods.all()] for one in (authorized, wanted)]
    without = [[{**row, "revision": None} for row in of] for of in rows]
    if without[0] != without[1]:
        said = [", ".join(row.un_number for row in one.goods.all()) for one in (authorized, wanted)]
        yield "goods", "DANGEROUS_GOODS", said[0], said[1]
