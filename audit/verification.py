"""Verifying a record: is the chain whole, and do the rows follow from it?

The events pass by once, each hashed as it is stored and then read; what stays in memory is the
rows that they leave.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audit import chain, replay
from audit.models import Event, content
from audit.upgrades import UnknownFormat, upgraded
from exercises.models import Exercise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.models import Link


class Broken(ValueError):  # noqa: N818 - what the chain is, in the words of the record
    """The chain does not hold; the text says where."""


def faults(exercise: Exercise, *, chain_only: bool = False) -> list[str]:
    """Return what is wrong with the record of `exercise`, the first broken link first.

    Finds a changed byte, a missing event, a missing tail, a swapped order, and, unless
    `chain_only`, events under another case and rows that do not follow from the events. An empty
    list: the record is intact. It proves order and content against everybody who cannot rewrite
    the whole chain; whoever owns the database file can. Takes no lock: where somebody acted
    meanwhile, it looks again.
    """
    while True:
        known = Exercise.objects.get(pk=exercise.pk)
        found = _faults(known, chain_only=chain_only)
        if not found or known.seq == Exercise.objects.get(pk=exercise.pk).seq:
            return found


def _faults(exercise: Exercise, *, chain_only: bool) -> list[str]:
    links = Event.objects.filter(exercise=exercise).links()
    try:
        if chain_only:
            for _link in followed(links, seq=exercise.seq, head=exercise.head):
                pass
            return []
        return replay.differences(exercise, told(links, seq=exercise.seq, head=exercise.head))
    except Broken as error:
        return [str(error)]


def told(links: Iterable[Link], *, seq: int, head: str) -> Iterator[dict[str, Any]]:
    """Give what each event of a chain tells, in today's format, once its link holds.

    Raises `Broken` as `followed` does, and where an event is of an unknown format or filed under
    another case than its own.
    """
    for number, body, filed in followed(links, seq=seq, head=head):
        try:
            payload = upgraded(json.loads(body))
        except UnknownFormat as error:
            raise Broken(f"event {number} is of {error}") from error
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
