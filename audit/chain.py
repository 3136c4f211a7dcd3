"""The hash chain over an exercise's events, and the digest that compares two exercises."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Told(Protocol):
    """What a digest reads of an event."""

    @property
    def payload(self) -> dict[str, Any]: ...

    @property
    def content(self) -> bytes: ...


def canonical(body: dict[str, Any]) -> bytes:
    """Return the one spelling of an event's body: sorted keys, no blanks, UTF-8."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous: str, *, seq: int, recorded_at: datetime, body: bytes) -> str:
    """Return the hash of one event, in hex, given the hash of the one before it."""
    return hashed(previous, seq, spelled(recorded_at), body)


def hashed(previous: str, seq: int, recorded_at: str, body: bytes) -> str:
    """Return the same, given the moment as `spelled` or the database spells it."""
    return hashlib.sha256(f"{previous}|{seq}|{recorded_at}|".encode() + body).hexdigest()


def spelled(recorded_at: datetime) -> str:
    """Return how the chain writes a real moment: in UTC, with microseconds."""
    return recorded_at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(events: Iterable[Told]) -> str:
    """Return one hash over what happened, equal for equal stories.

    Leaves out conduct: how the instructor ran the clock and who sat where.
    """
    total = hashlib.sha256()
    for event in events:
        if not event.payload["conduct"]:
            total.update(event.content + b"\n")
    return total.hexdigest()
