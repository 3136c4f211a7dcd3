"""Verifying a record: is the chain whole, and do the rows follow from it?"""

from __future__ import annotations

from audit import chain, replay
from audit.models import Event
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
    broken = _broken_link(exercise, events)
    if broken:
        return [broken]
    return replay.differences(exercise, events)


def _broken_link(exercise: Exercise, events: list[Event]) -> str | None:
    previous = ""
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            return f"event {expected} is missing"
        body = event.content
        hashed = chain.link(previous, seq=event.seq, recorded_at=event.recorded_at, body=body)
        if hashed != event.hash:
            return f"event {event.seq} does not follow from the one before it: changed or moved"
        if event.case != event.told.get("case"):
            return f"event {event.seq} is filed under another case: {event.case!r}"
        previous = event.hash
    if exercise.seq < len(events):
        return f"event {exercise.seq + 1} was added: the record ends at event {exercise.seq}"
    if exercise.seq > len(events):
        return f"the tail is missing: {len(events)} of {exercise.seq} events"
    if exercise.head != previous:
        return f"the head does not match event {exercise.seq}"
    return None
