"""Verifying a record: is the chain whole, and do the rows follow from it?"""

from __future__ import annotations

from audit import chain, replay
from audit.models import Event
from audit.upgrades import UnknownFormat
from exercises.models import Exercise


def faults(exercise: Exercise) -> list[str]:
    """Return what is wrong with the record of `exercise`, the first broken link first.

    Finds a changed byte, a missing event, a missing tail, a swapped order, and rows that do not
    follow from the events. An empty list: the record is intact. It proves order and content
    against everybody who cannot rewrite the whole chain; whoever owns the database file can.
    Takes no lock: where somebody acted meanwhile, it looks again.
    """
    while True:
        known = Exercise.objects.get(pk=exercise.pk)
        found = _faults(known)
        if not found or known.seq == Exercise.objects.get(pk=exercise.pk).seq:
            return found


def _faults(exercise: Exercise) -> list[str]:
    events = list(Event.objects.filter(exercise=exercise).in_order())
    broken = broken_link(events, seq=exercise.seq, head=exercise.head)
    if broken:
        return [broken]
    return replay.differences(exercise, events)


def broken_link(events: list[Event], *, seq: int, head: str) -> str | None:
    """Return where a chain that should end at `seq` with the hash `head` is broken, or None."""
    previous = ""
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            return f"event {expected} is missing"
        body = event.content
        hashed = chain.link(previous, seq=event.seq, recorded_at=event.recorded_at, body=body)
        if hashed != event.hash:
            return f"event {event.seq} does not follow from the one before it: changed or moved"
        try:
            case = event.payload["case"]
        except UnknownFormat as error:
            return f"event {event.seq} is of {error}"
        if event.case != case:
            return f"event {event.seq} is filed under another case: {event.case!r}"
        previous = event.hash
    if seq < len(events):
        return f"event {seq + 1} was added: the record ends at event {seq}"
    if seq > len(events):
        return f"the tail is missing: {len(events)} of {seq} events"
    if head != previous:
        return f"the head does not match event {seq}"
    return None
