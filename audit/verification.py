"""Verifying a record: is the chain whole, and do the rows follow from it?

The events pass by once, each hashed as it is stored and then read; what stays in memory is the
rows that they leave. There are three answers: intact, broken, and that it could not be told.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection

from audit import chain, replay
from audit.models import Event, content
from audit.snapshot import snapshot
from audit.upgrades import UnknownFormat, upgraded
from exercises.models import Exercise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.models import Link


_BODY = {
    "version": int,
    "at": str,
    "verb": str,
    "conduct": bool,
    "by": dict | None,
    "about": str,
    "case": str,
    "with": dict,
    "documents": list,
    "audience": list,
    "made": list,
    "rows": dict,
}
_BY = {"seat": str, "holder": str, "instructor": bool}


class Broken(ValueError):  # noqa: N818 - what the chain is, in the words of the record
    """The chain does not hold; the text says where."""


class CouldNotTell(DatabaseError):  # noqa: N818 - the third answer
    """The database does not let itself be read, so the record is neither intact nor broken."""


def faults(exercise: Exercise, *, chain_only: bool = False) -> list[str]:
    """Return what is wrong with the record of `exercise`, the first broken link first.

    Finds a changed byte, a missing event, a missing tail, a swapped order, and, unless
    `chain_only`, events under another case and rows that do not follow from the events. An empty
    list: the record is intact. It proves order and content against everybody who cannot rewrite
    the whole chain; whoever owns the database file can. Reads everything as it stands at one
    moment, without a lock. Raises `CouldNotTell`.
    """
    try:
        with snapshot(connection):
            return _faults(exercise.pk, chain_only=chain_only)
    except CouldNotTell:
        raise
    except DatabaseError as error:
        raise CouldNotTell(f"The database cannot be read: {error}") from error


def _faults(pk: int, *, chain_only: bool) -> list[str]:
    try:
        exercise = Exercise.objects.filter(pk=pk).first()
        if exercise is None:
            raise CouldNotTell("It was erased meanwhile.")
        links = Event.objects.filter(exercise=exercise).links()
        if chain_only:
            for _link in followed(links, seq=exercise.seq, head=exercise.head):
                pass
            return []
        return replay.differences(exercise, told(links, seq=exercise.seq, head=exercise.head))
    except Broken as error:
        return [str(error)]
    except (ValueError, TypeError) as error:
        return [f"a row holds what none of its kind can: {error}"]


def told(links: Iterable[Link], *, seq: int, head: str) -> Iterator[dict[str, Any]]:
    """Give what each event of a chain tells, in today's format, once its link holds.

    Raises `Broken` as `followed` does, and where an event is of an unknown format, does not tell
    what an event tells, or is filed under another case than its own.
    """
    for number, body, filed in followed(links, seq=seq, head=head):
        try:
            payload = upgraded(json.loads(body))
            is_whole = tells_all(payload)
        except UnknownFormat as error:
            raise Broken(f"event {number} is of {error}") from error
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise Broken(f"event {number} cannot be read: {error}") from error
        if not is_whole:
            raise Broken(f"event {number} does not tell all that it should")
        if filed != payload["case"]:
            raise Broken(f"event {number} is filed under another case: {filed!r}")
        yield payload


def followed(links: Iterable[Link], *, seq: int, head: str) -> Iterator[tuple[int, bytes, str]]:
    """Follow a chain that should end at `seq` with the hash `head`.

    Give number, body and case of each event that follows from the one before it. Raises `Broken`
    at the first that does not, or after the last if they do not end as they should.
    """
    previous, number = "", 0
    for number, (stated, recorded_at, body, hash_, case) in enumerate(links, start=1):
        if stated != number:
            raise Broken(f"event {number} is missing")
        if not isinstance(body, bytes):
            body = content(body)
        if chain.hashed(previous, stated, recorded_at, body) != hash_:
            raise Broken(f"event {number} does not follow from the one before it: changed or moved")
        yield number, body, case
        previous = hash_
    if seq < number:
        raise Broken(f"event {seq + 1} was added: the record ends at event {seq}")
    if seq > number:
        raise Broken(f"the tail is missing: {number} of {seq} events")
    if head != previous:
        raise Broken(f"the head does not match event {seq}")


def tells_all(payload: dict[str, Any]) -> bool:
    """Say whether a body has the shape of today's format. Raises `ValueError` for its moment."""
    return (
        has(payload, _BODY)
        and (payload["by"] is None or has(payload["by"], _BY))
        and all(isinstance(ref, str) for ref in payload["made"])
        and all(isinstance(row, dict | None) for row in payload["rows"].values())
        and bool(moment(payload["at"]))
    )


def has(values: dict[str, Any], kinds: dict[str, Any]) -> bool:
    """Say whether exactly these keys are there, each with a value of its kind."""
    return values.keys() == kinds.keys() and all(
        isinstance(values[name], kind) for name, kind in kinds.items()
    )


def moment(text: str) -> datetime:
    """Return the moment of a text that names its zone. Raises `ValueError`."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return read
