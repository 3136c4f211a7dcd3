"""Long lists page by page: what stands on a page depends on a place in the list, not on a number.

A place is what the list is ordered by, of the row before the page or after it. So a page costs the
same wherever it is, and what is added meanwhile neither repeats a row nor hides one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import DateTimeField, Q
from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

#: So many rows stand on a page.
SIZE = 50

#: Nobody counts further than this.
COUNTED = 1000

#: Of what the rows of a part are ordered by, first things first: moments and whole numbers.
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Count:
    """How many there are: exactly up to a thousand, "1,000+" beyond."""

    number: int

    def __bool__(self) -> bool:
        return bool(self.number)

    def __str__(self) -> str:
        return f"{COUNTED:,}+" if self.number > COUNTED else str(self.number)


def count(rows: QuerySet[Any, Any]) -> Count:
    """Count rows without looking at more than a thousand and one."""
    return Count(rows.order_by()[: COUNTED + 1].count())


class Part(Protocol):
    """A part of a list with an order of its own; `name` stands in the address."""

    @property
    def name(self) -> str: ...

    @property
    def reads(self) -> tuple[type, ...]:
        """What a place consists of: `datetime` or `int`."""

    def slice(self, place: Place | None, size: int, *, backwards: bool) -> list[Any]:
        """Return the rows next to `place`, forward or back from it, or from the part's end."""

    def place_of(self, row: Any) -> Place:
        """Return where a row stands."""


@dataclass(frozen=True)
class Rows:
    """The rows of a query, ordered by one or two of their columns, which together are unique."""

    name: str
    rows: QuerySet[Any, Any]
    keys: tuple[str, ...]

    @property
    def reads(self) -> tuple[type, ...]:
        return tuple(_type_of(self.rows.model, key.lstrip("-")) for key in self.keys)

    def slice(self, place: Place | None, size: int, *, backwards: bool) -> list[Any]:
        keys = turned(self.keys) if backwards else self.keys
        rows = self.rows if place is None else self.rows.filter(beyond(keys, place))
        found = [*rows.order_by(*keys)[:size]]
        return found[::-1] if backwards else found

    def place_of(self, row: Any) -> Place:
        return tuple(_value_of(row, key.lstrip("-")) for key in self.keys)


@dataclass(frozen=True)
class Listed:
    """Rows that are at hand, given oldest first and shown newest first.

    A place is the number of a row, from the first: what is added meanwhile moves none.
    """

    name: str
    rows: Sequence[Any]
    reads: tuple[type, ...] = (int,)

    def slice(self, place: Place | None, size: int, *, backwards: bool) -> list[Any]:
        if backwards:
            start = place[0] + 1 if place else 0
            return [*self.rows[start : start + size]][::-1]
        end = min(place[0], len(self.rows)) if place else len(self.rows)
        return [*self.rows[max(end - size, 0) : end]][::-1]

    def place_of(self, row: Any) -> Place:
        return (self.rows.index(row),)


@dataclass(frozen=True)
class Page:
    """One page: its rows with the part that each is of, its address and of those beside it."""

    rows: tuple[tuple[str, Any], ...]
    here: str
    previous: str
    next: str


def page(parts: Sequence[Part], asked: Mapping[str, str]) -> Page:
    """Return the page that an address asks for with `after` or `before`, else the first.

    Raises `Http404` for what is no place in the list.
    """
    size = SIZE
    for backwards, name in ((False, "after"), (True, "before")):
        if name in asked:
            start, place = _read(parts, asked[name])
            found = _beside(parts, start, place, size + 1, backwards=backwards)
            if backwards and len(found) < size:
                break  # so near the beginning: the first page, full
            return _page(parts, found, size, f"{name}={asked[name]}", backwards=backwards)
    return _page(parts, _beside(parts, 0, None, size + 1, backwards=False), size, "")


def beyond(keys: Sequence[str], place: Place) -> Q:
    """Return the condition for rows beyond a place in the order of `keys`, `-` for descending.

    As `a >= x AND (a > x OR b > y)`: so written, both databases find the place in an index.
    """
    first, *others = (
        (key.lstrip("-"), "lt" if key.startswith("-") else "gt", value)
        for key, value in zip(keys, place, strict=True)
    )
    key, direction, value = first
    if not others:
        return Q((f"{key}__{direction}", value))
    ((other, other_direction, other_value),) = others
    return Q((f"{key}__{direction}e", value)) & (
        Q((f"{key}__{direction}", value)) | Q((f"{other}__{other_direction}", other_value))
    )


def turned(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the order from the other end."""
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in keys)


def _beside(
    parts: Sequence[Part], start: int, place: Place | None, size: int, *, backwards: bool
) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    step = -1 if backwards else 1
    while 0 <= start < len(parts) and len(found) < size:
        rows = parts[start].slice(place, size - len(found), backwards=backwards)
        mine = [(start, row) for row in rows]
        found = mine + found if backwards else found + mine
        start, place = start + step, None
    return found


def _page(
    parts: Sequence[Part],
    found: list[tuple[int, Any]],
    size: int,
    here: str,
    *,
    backwards: bool = False,
) -> Page:
    is_more = len(found) > size
    shown = found[-size:] if backwards else found[:size]
    before = bool(here) and (is_more if backwards else True)
    return Page(
        rows=tuple((parts[number].name, row) for number, row in shown),
        here=here,
        previous=f"before={_written(parts, *shown[0])}" if shown and before else "",
        next=f"after={_written(parts, *shown[-1])}" if shown and (backwards or is_more) else "",
    )


def _written(parts: Sequence[Part], number: int, row: Any) -> str:
    part = parts[number]
    return ".".join([part.name, *map(_value_written, part.place_of(row))])


def _value_written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return str(value)


def _read(parts: Sequence[Part], text: str) -> tuple[int, Place]:
    name, *values = text.split(".")
    for number, part in enumerate(parts):
        if part.name == name and len(values) == len(part.reads):
            return number, tuple(map(_value_read, values, part.reads))
    raise Http404


def _value_read(text: str, kind: type) -> Any:
    try:
        if kind is datetime:
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if re.fullmatch(r"\d{1,18}", text):
            return int(text)
    except ValueError:
        pass
    raise Http404


def _value_of(row: Any, path: str) -> Any:
    """Return what a row has in a column: a model's, or that of a named `values_list`."""
    return getattr(row, path) if hasattr(row, path) else reduce(getattr, path.split("__"), row)


def _type_of(model: Any, path: str) -> type:
    *way, last = path.split("__")
    for name in way:
        model = model._meta.get_field(name).related_model
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    return datetime if isinstance(field, DateTimeField) else int
