"""A record as a file: JSON lines, one event a line, after a head line that says what they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from audit import replay, restore, verification
from audit.models import Event
from exercises.models import Exercise, Heartbeat, Seat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from audit.replay import Rows

#: What the head line calls such a file, and how the lines are laid out.
KIND, LAYOUT = "overflight record", 1

#: What an exercise pins: the head line repeats it for whoever reads the file.
PINS = ("name", "agreement", "agreement_version", "calendar_version", "rules_version")

_HEAD = {"file": str, "layout": int, "exercise": dict, "outside": dict, "seq": int, "head": str}
_EVENT = {
    "seq": int,
    "case": str,
    "once": str | None,
    "recorded_at": str,
    "body": str,
    "hash": str,
}


class Unreadable(ValueError):  # noqa: N818 - what the file is, in the words of whoever reads it
    """The file is no whole exported record; the text says where and why."""


@dataclass(frozen=True)
class Exported:
    """A record as read from a file: its chain holds, and its rows are folded."""

    events: list[Event]
    rows: Rows
    pins: dict[str, str]
    wall_anchor: datetime
    alive_at: datetime | None
    halted: str


def export_record(exercise: Exercise) -> Iterator[str]:
    """Give the record of `exercise`, line by line.

    Takes no lock: what happens after the first line is not in it.
    """
    known = Exercise.objects.get(pk=exercise.pk)
    beat = Heartbeat.objects.filter(exercise=known).first()
    head = {
        "file": KIND,
        "layout": LAYOUT,
        "exercise": {name: getattr(known, name) for name in PINS},
        "outside": {
            "wall_anchor": _text(known.wall_anchor),
            "alive_at": beat and _text(beat.alive_at),
            "halted": known.halted,
        },
        "seq": known.seq,
        "head": known.head,
    }
    yield _line(head)
    for event in Event.objects.filter(exercise=known, seq__lte=known.seq).in_order().iterator():
        columns = {
            "seq": event.seq,
            "case": event.case,
            "once": event.once,
            "recorded_at": _text(event.recorded_at),
            "body": event.content.decode(),
            "hash": event.hash,
        }
        yield _line(columns)


def read(lines: Iterable[str]) -> Exported:
    """Read the lines of a file that `export_record` wrote. Raises `Unreadable`."""
    numbered = enumerate(lines, start=1)
    head = _head(next(numbered, (1, ""))[1])
    events = [_event(number, line) for number, line in numbered]
    links = (event.link for event in events)
    try:
        rows = replay.fold(verification.told(links, seq=head["seq"], head=head["head"]))
    except verification.Broken as broken:
        raise Unreadable(f"The record is not whole: {broken}.") from broken
    made = rows.get(Exercise.ref, {})
    pins = {name: made.get(name, "") for name in PINS}
    if pins != head["exercise"] or not all(isinstance(pin, str) for pin in pins.values()):
        raise Unreadable("Line 1 names another exercise than the events do.")
    outside = head["outside"]
    try:
        wall_anchor = verification.moment(outside["wall_anchor"])
        alive_at = outside["alive_at"] and verification.moment(outside["alive_at"])
        return Exported(events, rows, pins, wall_anchor, alive_at, str(outside["halted"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"Line 1 does not say how the exercise stood: {error}.") from error


def import_record(exported: Exported) -> Exercise:
    """Make a new exercise of an exported record: its events as they are, its rows from them.

    Users whom the record names are made where they are missing, without a usable password. Raises
    `Unreadable`, and leaves nothing behind, if the rows cannot be what the events tell.
    """
    try:
        with transaction.atomic():
            return _made(exported)
    except Unreadable:
        raise
    except (ValueError, OverflowError, DatabaseError) as error:
        raise Unreadable(f"The events tell of rows that cannot be: {error}.") from error


def _made(exported: Exported) -> Exercise:
    last = exported.events[-1]
    exercise = restore.exercise_of(
        exported.rows,
        wall_anchor=exported.wall_anchor,
        seq=last.seq,
        head=last.hash,
        last_at=last.at,
        halted=exported.halted,
    )
    exercise.save()
    restore.insert(exercise, exported.rows, users=_users(exported))
    for event in exported.events:
        event.exercise = exercise
    Event.objects.bulk_create(exported.events, batch_size=restore.AT_ONCE)
    if exported.alive_at:
        Heartbeat.objects.create(exercise=exercise, alive_at=exported.alive_at)
    if lines := replay.differences(exercise, (event.payload for event in exported.events)):
        raise Unreadable(f"The rows do not follow from the events: {lines[0]}.")
    return exercise


def _users(exported: Exported) -> list[User]:
    """Return everybody whom the record names, made where missing."""
    names = {event.payload["by"]["holder"] for event in exported.events if event.payload["by"]}
    names = {name for name in names if not Seat.is_role_player(name)}
    names |= restore.user_names(event.payload["rows"] for event in exported.events)
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    for name in sorted(names - users.keys() - {""}):
        users[name] = User.objects.create_user(name)
    return list(users.values())


def _head(line: str) -> dict[str, Any]:
    if not line.strip():
        raise Unreadable("The file is empty.")
    head = _object(1, line)
    if head.get("file") != KIND:
        raise Unreadable("This is no exported record: line 1 does not say so.")
    if head.get("layout") != LAYOUT:
        raise Unreadable(
            f"The file is laid out by version {head.get('layout')}, and this Overflight reads "
            f"version {LAYOUT} only."
        )
    if not verification.has(head, _HEAD):
        raise Unreadable("Line 1 does not say all that it should about the record.")
    return head


def _event(number: int, line: str) -> Event:
    columns = _object(number, line)
    if not verification.has(columns, _EVENT):
        raise Unreadable(f"Line {number} is no event, or not all of one.")
    body = columns["body"]
    try:
        recorded_at = verification.moment(columns["recorded_at"])
        event = Event(**columns | {"recorded_at": recorded_at, "body": body.encode()})
        is_whole = isinstance(json.loads(body), dict) and verification.tells_all(event.payload)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"Line {number} holds an event that cannot be read: {error}.") from error
    if not is_whole:
        raise Unreadable(f"Line {number} holds an event that does not tell all that it should.")
    return event


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        cut = "" if line.endswith("\n") else " The file was cut off there."
        raise Unreadable(f"Line {number} is not JSON.{cut}") from error
    if not isinstance(value, dict):
        raise Unreadable(f"Line {number} is no JSON object.")
    return value


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def _text(moment: datetime) -> str:
    """Real time in full precision: the chain covers its microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
