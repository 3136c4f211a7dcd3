"""A record as a file: JSON lines, one event a line, after a head line that says what they are."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, TextIO

from audit.models import Event
from exercises.models import Exercise, Heartbeat

if TYPE_CHECKING:
    from datetime import datetime

#: What the head line calls such a file, and how the lines are laid out.
KIND, LAYOUT = "overflight record", 1

#: What an exercise pins: the head line repeats it for whoever reads the file.
PINS = ("name", "agreement", "agreement_version", "calendar_version", "rules_version")


def export_record(exercise: Exercise, out: TextIO) -> int:
    """Write the record of `exercise` to `out`; return the number of events.

    Takes no lock: what happens meanwhile is not in the file.
    """
    known = Exercise.objects.get(pk=exercise.pk)
    beat = Heartbeat.objects.filter(exercise=known).first()
    head = {
        "file": KIND,
        "layout": LAYOUT,
        "exercise": {name: getattr(known, name) for name in PINS},
        "outside": {
            "wall_anchor": _instant(known.wall_anchor),
            "alive_at": beat and _instant(beat.alive_at),
            "halted": known.halted,
        },
        "seq": known.seq,
        "head": known.head,
    }
    out.write(_line(head))
    events = Event.objects.filter(exercise=known, seq__lte=known.seq).in_order()
    for event in events.iterator():
        out.write(
            _line(
                {
                    "seq": event.seq,
                    "case": event.case,
                    "once": event.once,
                    "recorded_at": _instant(event.recorded_at),
                    "body": event.content.decode(),
                    "hash": event.hash,
                }
            )
        )
    return known.seq


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def _instant(moment: datetime) -> str:
    """Real time in full precision: the chain covers its microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
