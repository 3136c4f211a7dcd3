"""What a complete form is: the rules that a request must meet before it may be released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from airspace import reference
from casework.forms import FaultsElsewhere
from transit.form import NEEDED, SECTIONS, TABLES, place_of
from transit.models import Clearance, Priority, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from transit.models import Crossing, Revision

#: What the calendar must still hold after the exit: report, reminder and closure are counted in it.
AFTER_THE_FLIGHT = timedelta(days=30)

#: Declarations, and the form items that each makes mandatory.
FOLLOWS = (
    ("has_personal_weapons", "has_ammunition"),
    ("has_personal_weapons", "personal_weapons"),
    ("has_sensors", "equipment"),
    ("has_armament", "equipment"),
    ("has_electronic_warfare", "equipment"),
)

#: What nobody asks of an aircraft without a crew.
UNMANNED = ("captain", "crew_count")

Fault = tuple[str, str]


class Incomplete(FaultsElsewhere):
    """The form may not go out yet: what is missing or wrong, by form item."""

    page = "form/"

    def place(self, item: str) -> str:
        return place_of(item)


@dataclass(frozen=True)
class Open:
    """What is still to be done at an item; `place` is its id on the page of the form."""

    place: str
    text: str


@dataclass(frozen=True)
class Progress:
    """A section or a table of a draft: what of its items or lines is still to be completed.

    `is_untouched`: nothing is missing, since nothing was said that asks for it.
    """

    code: str
    title: str | _StrPromise
    missing: int
    open: tuple[Open, ...] = ()
    is_untouched: bool = False


def require_complete(revision: Revision, *, at: datetime) -> None:
    """Raise `Incomplete`, by form item, unless the form may go out at `at`."""
    if found := faults(revision, at=at):
        raise Incomplete(found)


def faults(revision: Revision, *, at: datetime) -> dict[str, list[str]]:
    """Return, by form item, what keeps the form from going out at `at`."""
    found: dict[str, list[str]] = {}
    for item, message in (*_items(revision), *_crossings(revision, at=at), *_goods(revision)):
        found.setdefault(item, []).append(message)
    return found


def progress(draft: Revision, *, at: datetime) -> list[Progress]:
    """Return how far a draft is, section by section, each with the table that follows it."""
    found = faults(draft, at=at)
    parts = []
    for section in SECTIONS:
        missing = [item.name for item in section.items if item.name in found]
        parts.append(Progress(section.code, section.title, len(missing), _open(found, missing)))
        if code := section.table:
            lines = _open(found, [code])
            is_untouched = code == "goods" and not draft.dangerous_goods
            parts.append(Progress(code, TABLES[code], len(lines), lines, is_untouched))
    return parts


def _open(found: dict[str, list[str]], items: list[str]) -> tuple[Open, ...]:
    return tuple(Open(place_of(item), text) for item in items for text in found.get(item, ()))


def _items(revision: Revision) -> Iterator[Fault]:
    nobody = UNMANNED if revision.is_unmanned else ()
    for item in NEEDED:
        if item not in nobody and _is_empty(item, getattr(revision, item)):
            yield item, _missing(revision, item)
    if revision.crew_count == 0 and not revision.is_unmanned:
        yield "crew_count", _("Give the number of the crew, at least one.")
    for declaration, item in FOLLOWS:
        if getattr(revision, declaration) and _is_empty(item, getattr(revision, item)):
            yield item, _missing(revision, item)
    if revision.passenger_count and not revision.passengers:
        yield "passengers", _("Say who the passengers are, by category.")
    if (revision.attendant_count or 0) > (revision.passenger_count or 0):
        yield (
            "attendant_count",
            _("Who attends to the load is one of the passengers; count them there too."),
        )
    if revision.priority == Priority.VIP and not revision.principals:
        yield "principals", _("Name the principal passengers of the delegation.")
    yield from _capacity(revision)


def _capacity(revision: Revision) -> Iterator[Fault]:
    """The limits of the type, for each aircraft of a formation."""
    kind = reference.aircraft_types().get(revision.aircraft_type)
    if kind is None:
        return
    passengers = (kind.max_passengers or 0) * revision.aircraft_count
    if kind.max_passengers is not None and (revision.passenger_count or 0) > passengers:
        yield (
            "passenger_count",
            _("A %(type)s carries %(most)d passengers at the most.")
            % {"type": kind.name, "most": kind.max_passengers},
        )
    payload = (kind.max_payload_kg or 0) * revision.aircraft_count
    if kind.max_payload_kg is not None and (revision.cargo_kg or 0) > payload:
        yield (
            "cargo_kg",
            _("A %(type)s carries %(most)d kg at the most.")
            % {"type": kind.name, "most": kind.max_payload_kg},
        )


def _crossings(revision: Revision, *, at: datetime) -> Iterator[Fault]:
    rows = list(revision.crossings.all())
    if not rows:
        yield "crossings", _("List every state that the flight crosses, in order of flight.")
        return
    if not revision.host_crossings:
        yield (
            "crossings",
            _("No crossing of %(state)s is listed, which is asked to authorize the flight.")
            % {"state": revision.flight.host_state.name},
        )
    elif revision.host_crossings[0].entry_at <= at:
        yield "crossings", _("The entry into the host state lies in the past.")
    last = _last_day(revision) - AFTER_THE_FLIGHT
    if rows[-1].exit_at.date() > last:
        yield (
            "crossings",
            _("The last exit is on %(day)s at the latest: the calendar of this exercise ends.")
            % {"day": last},
        )
    for before, after in pairwise(rows):
        yield from _gap(before, after)
    for row in rows:
        if row.clearance == Clearance.GRANTED and not row.clearance_number:
            yield (
                "crossings",
                _("Crossing %(number)d: give the number of the clearance that %(state)s granted.")
                % {"number": row.number, "state": row.state},
            )
    yield from _ends(revision, rows)


def _last_day(revision: Revision) -> date:
    flight = revision.flight
    return flight.exercise.office(flight.host).last_day


def _gap(before: Crossing, after: Crossing) -> Iterator[Fault]:
    if after.entry_point != before.exit_point:
        yield (
            "crossings",
            _("Crossing %(number)d: it begins at %(entry)s, but the one before ends at %(exit)s.")
            % {"number": after.number, "entry": after.entry_point, "exit": before.exit_point},
        )
    if after.entry_at < before.exit_at:
        yield (
            "crossings",
            _("Crossing %(number)d: it begins before the one before it ends.")
            % {"number": after.number},
        )


def _ends(revision: Revision, rows: list[Crossing]) -> Iterator[Fault]:
    if revision.departs_at and rows[0].entry_at < revision.departs_at:
        yield "crossings", _("The first crossing begins before the departure.")
    if revision.arrives_at and rows[-1].exit_at > revision.arrives_at:
        yield "crossings", _("The last crossing ends after the arrival.")
    destination = reference.aerodromes().get(revision.destination)
    is_on_map = rows[-1].state in reference.states()  # others' aerodromes are stood in for
    if destination and is_on_map and rows[-1].state != destination.state:
        yield (
            "crossings",
            _("The last crossing is of %(state)s, but the destination lies in %(other)s.")
            % {"state": rows[-1].state, "other": destination.state},
        )


def _goods(revision: Revision) -> Iterator[Fault]:
    """What keeps a line from being one; whether it may fly is for the host to judge."""
    lines = list(revision.goods.all())
    if revision.announces_goods and not lines:
        yield "goods", _("List the dangerous goods, one line each.")
    if revision.dangerous_goods == Statement.NONE and lines:
        yield "dangerous_goods", _("Goods are listed, but the statement says that there are none.")
    for line in lines:
        if line.net_quantity is None:
            yield (
                "goods",
                _("Line %(number)d (%(un)s): give the net quantity.")
                % {"number": line.number, "un": line.un_number},
            )


def _is_empty(item: str, value: object) -> bool:
    """Nothing was entered; 0 and "no" are answers, an undertaking not given is none."""
    return value is None or value == "" or (value is False and item.startswith("undertakes_"))


def _missing(revision: Revision, item: str) -> str:
    name = revision._meta.get_field(item).verbose_name  # type: ignore[union-attr]
    return _("Complete the item “%(item)s”.") % {"item": name}
