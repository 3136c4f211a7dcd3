"""What there is to do: the moves of story alpha, as `bench.ours.moves` wrote them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User

from bench.peers.flights.models import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.peers.flights.models import Flight

#: Columns that name another row.
LINKS = ("flight", "revision", "authorization", "in_reply_to")

#: Columns that the transitions move.
MOVED = ("status", "version")


@dataclass(frozen=True)
class Told:
    """One row as a move changes it: what kind, by what name, made by it, with which columns."""

    noun: str
    ref: str
    is_new: bool
    columns: dict[str, Any]
    links: dict[str, str]
    by_user: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Move:
    verb: str
    by: str
    rows: tuple[Told, ...]


@dataclass(frozen=True)
class Changed:
    """A row at hand, with what is to be set in it."""

    row: Any
    columns: dict[str, Any]
    status: str


def read(path: str) -> list[Move]:
    """Read the moves, with their values decoded, and make the users who act."""
    told = json.loads(Path(path).read_text("utf-8"))
    for name in {one["by"] for one in told}:
        User.objects.get_or_create(username=name)
    return [_move(one) for one in told]


def changed(move: Move, flight: Flight, user: User) -> Iterator[Changed]:
    """Give the rows that a move changes, read from the database where they are not new."""
    known: dict[str, Any] = {"flight/1": flight}

    def find(ref: str) -> Any:
        if ref not in known:
            model = ROWS[noun_of(ref)]
            known[ref] = model.objects.get(flight=flight, ref=ref)
        return known[ref]

    for told in move.rows:
        if told.is_new and told.ref not in known:
            known[told.ref] = ROWS[told.noun](ref=told.ref, flight=flight)
        columns = told.columns | {name: find(ref) for name, ref in told.links.items()}
        columns |= dict.fromkeys(told.by_user, user)
        yield Changed(find(told.ref), columns, told.status)


def noun_of(ref: str) -> str:
    """Return the last word of a name that is no number or desk: `crossing` of `…/crossing/2`."""
    return next(part for part in reversed(ref.split("/")) if part in ROWS)


def _move(told: dict[str, Any]) -> Move:
    made = told["made"]
    order = sorted(told["rows"], key=lambda ref: made.index(ref) if ref in made else -1)
    return Move(told["verb"], told["by"], tuple(_row(ref, told, made) for ref in order))


def _row(ref: str, told: dict[str, Any], made: list[str]) -> Told:
    noun, stated = noun_of(ref), told["rows"][ref]
    model = ROWS[noun]
    plain = {name: value for name, value in stated.items() if name not in (*LINKS, *MOVED)}
    by_user = tuple(name for name, value in plain.items() if str(value).startswith("seat/"))
    columns = {
        name: model._meta.get_field(name).to_python(value)
        for name, value in plain.items()
        if name not in by_user
    }
    links = {name: value for name, value in stated.items() if name in LINKS}
    return Told(noun, ref, ref in made, columns, links, by_user, stated.get("status", ""))
