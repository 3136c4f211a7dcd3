"""The record to be read elsewhere, oldest event first, with nothing withheld: for the instructor.

A table says each event in words, JSON what the record holds. `import_record` reads neither: what
it reads is `audit.exported`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audit.models import Event
from books import agreements
from casework import files
from control.telling import tell
from exercises.recorded import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.models import Exercise

COLUMNS = (
    "event",
    "at",
    "recorded_at",
    "verb",
    "what",
    "by",
    "holder",
    "by_instructor",
    "case",
    "text",
    "hash",
)


def as_csv(exercise: Exercise) -> Iterator[str]:
    """Give one line for each event."""
    return files.as_csv(COLUMNS, _rows(exercise))


def as_json(exercise: Exercise) -> Iterator[str]:
    """Give one object, part by part: the mark, what the exercise is, its events."""
    about = {"mark": files.MARK, "about": files.marked(exercise.name), "head": exercise.head}
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "events": ['
    between = "\n"
    for event in _events(exercise):
        said = {
            "event": event.seq,
            "recorded_at": event.recorded_at.isoformat(),
            "hash": event.hash,
            "body": event.payload,
        }
        yield between + json.dumps(said, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def _rows(exercise: Exercise) -> Iterator[tuple[object, ...]]:
    terms = agreements.of(exercise)
    for line in tell(_events(exercise), terms):
        event = line.event
        yield (
            event.seq,
            encode(line.at),
            event.recorded_at.isoformat(),
            event.verb,
            line.title,
            line.by,
            line.holder,
            line.by_instructor,
            line.case,
            line.text,
            event.hash,
        )


def _events(exercise: Exercise) -> Iterator[Event]:
    events = Event.objects.filter(exercise=exercise, seq__lte=exercise.seq)
    return events.in_order().iterator()


#: How a record is written, by the ending of the file.
WRITERS: dict[str, Callable[[Exercise], Iterator[str]]] = {"csv": as_csv, "json": as_json}
