"""Exercises with many flights, each row of them with its record.

Every stage of the procedure is played once through the real verbs. The record of that exercise is
then written out with each flight's events repeated under other numbers, and imported as any backup
is: the rows follow from the events, and `verify_audit` finds nothing.
"""

from __future__ import annotations

import argparse
import copy
import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection

from audit import acts, chain, exported
from audit.models import Event
from audit.replay import row_models
from control import actions, stories
from exercises.models import Exercise, Heartbeat, Role
from transit.models import Crossing

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A moment in a record.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

#: What a withdrawn flight is withdrawn with.
WITHDRAWAL = {
    "at": datetime(2026, 9, 2, 9, tzinfo=UTC),
    "by": "TR-ATTACHE",
    "do": "withdraw",
    "with": {"reason": "The relief goods go by rail."},
}


@dataclass(frozen=True)
class Stage:
    """How far a flight has come: story alpha, up to and without this verb."""

    before: str
    is_withdrawn: bool = False


DRAFT = Stage("request_release")
IN_RELEASE = Stage("release")
RELEASED = Stage("transmit")
SUBMITTED = Stage("register")
AT_DESKS = Stage("concur")
TO_DECIDE = Stage("authorize")
TO_REPLY = Stage("reply")
TO_FLY = Stage("file_plan")
OVER = Stage("concur", is_withdrawn=True)

#: Twenty open flights of an exercise in full swing; the first five are of five kinds.
OPEN = (
    *[AT_DESKS, TO_FLY, DRAFT, TO_DECIDE, SUBMITTED],
    *[AT_DESKS, TO_FLY, IN_RELEASE, AT_DESKS, RELEASED],
    *[AT_DESKS, TO_FLY, DRAFT, TO_DECIDE, SUBMITTED],
    *[AT_DESKS, TO_FLY, TO_REPLY, AT_DESKS, TO_FLY],
)

MIXES = {"open": OPEN, "release": (IN_RELEASE,)}

CLOCKS = ("paused", "running", "due", "step")

#: Over how many days what lies ahead of the copies is spread.
SPREAD = timedelta(days=20)


def main(options: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.populate", description=__doc__)
    parser.add_argument("--flights", type=int, default=5000, help="open flights")
    parser.add_argument("--over", type=int, default=0, help="flights that were withdrawn")
    parser.add_argument("--mix", choices=MIXES, default="open", help="how far the open ones are")
    parser.add_argument("--together", action="store_true", help="what is ahead falls due at once")
    parser.add_argument("--exercises", type=int, default=1, help="so many such exercises")
    parser.add_argument("--clock", choices=CLOCKS, default="paused", help="how time passes")
    parser.add_argument(
        "--bare", action="store_true", help="the other exercises get no record and no crossings"
    )
    told = parser.parse_args(options)
    stages = [
        *islice(cycle(MIXES[told.mix]), told.flights),
        *[OVER] * told.over,
    ]
    spread = timedelta(0) if told.together else SPREAD
    exercise = populated(stages, spread=spread)
    set_clock(exercise, told.clock)
    multiply(exercise, told.exercises - 1, bare=told.bare)
    sys.stdout.write(
        f"Exercise {exercise.pk}: {told.flights} open flights. Sit: /x/{exercise.pk}/\n"
    )


def populated(stages: list[Stage], *, spread: timedelta = SPREAD) -> Exercise:
    """Return a new exercise whose flights, numbered from 1, have come as far as `stages` say."""
    kinds = list(dict.fromkeys(stages))
    pattern = play(kinds)
    numbers = {kind: number for number, kind in enumerate(kinds, start=1)}
    lines = list(exported.export_record(pattern))
    actions.erase(pattern, by=User.objects.get(username=stories.CAST["INSTRUCTOR"]))
    patterns = [numbers[stage] for stage in stages]
    return actions.import_record(exported.read(_repeated(lines, patterns, spread=spread)))


def play(kinds: list[Stage]) -> Exercise:
    """Play one flight of each kind, numbered from 1, in an exercise of its own."""
    story = stories.load("alpha")
    exercise = stories.stage(story)
    lines = [line for number, kind in enumerate(kinds, start=1) for line in _lines(kind, number)]
    for line in sorted(lines, key=lambda line: line["at"]):
        stories.perform(exercise, line)
    exercise.refresh_from_db()
    return exercise


def _lines(kind: Stage, number: int) -> Iterator[dict[str, Any]]:
    """Give the acts of one flight, with names of its own."""
    for line in stories.load("alpha").acts:
        if line["do"] == kind.before:
            break
        mine = copy.deepcopy(line)
        mine["flight"] = number
        told = mine.get("with", {})
        if "form" in told:
            told["form"] |= {
                "call_sign": f"HVK{number:04d}",
                "registration": f"99-{number:04d}",
                "spare_registration": f"98-{number:04d}",
            }
        if "note_number" in told:
            told["note_number"] = f"{line['by'][:2]}-N{number:04d}"
        yield mine
    if kind.is_withdrawn:
        yield WITHDRAWAL | {"flight": number}


def _repeated(lines: list[str], patterns: list[int], *, spread: timedelta) -> Iterator[str]:
    """Give the lines of a record in which flight K repeats flight `patterns[K - 1]`.

    What lies ahead of the exercise is moved later from flight to flight, over `spread` in all.
    """
    head, *events = (json.loads(line) for line in lines)
    now = max(json.loads(event["body"])["at"] for event in events)
    by_pattern: dict[int, list[dict[str, Any]]] = {}
    common: list[dict[str, Any]] = []
    for event in events:
        number = int(event["case"].rpartition("-")[2] or 0)
        (by_pattern.setdefault(number, []) if number else common).append(event)
    found: list[tuple[str, int, int, dict[str, Any], dict[str, Any]]] = [
        (body["at"], 0, event["seq"], event, body)
        for event in common
        for body in [json.loads(event["body"])]
    ]
    for copied, pattern in enumerate(patterns, start=1):
        later = spread * copied / len(patterns)
        later -= later % timedelta(minutes=1)
        for event in by_pattern[pattern]:
            body = _renamed(event["body"], pattern, copied, now=now, later=later)
            mine = event | {"case": body["case"]}
            found.append((body["at"], copied, event["seq"], mine, body))
    found.sort(key=lambda one: one[:3])
    previous, written = "", []
    for seq, (_at, _flight, _seq, event, body) in enumerate(found, start=1):
        content = chain.canonical(body)
        recorded_at = datetime.fromisoformat(event["recorded_at"])
        previous = chain.link(previous, seq=seq, recorded_at=recorded_at, body=content)
        columns = event | {"seq": seq, "body": content.decode(), "hash": previous, "once": None}
        written.append(json.dumps(columns, ensure_ascii=False) + "\n")
    yield json.dumps(head | {"seq": len(written), "head": previous}) + "\n"
    yield from written


def _renamed(body: str, pattern: int, copied: int, *, now: str, later: timedelta) -> dict[str, Any]:
    """Return the body of an event as it would be of another flight."""

    def other(match: re.Match[str]) -> str:
        found = match[0]
        if MOMENT.fullmatch(found):
            moved = datetime.fromisoformat(found) + later
            return found if found <= now else moved.strftime("%Y-%m-%dT%H:%M:%SZ")
        if found.startswith("flight/"):
            return f"flight/{copied}"
        if match["before"] == "HVK":  # seven characters at most
            return f"HVK{copied % 10_000:04d}"
        return f"{match['before']}{copied:04d}"

    names = rf"flight/{pattern}(?!\d)|(?P<before>TR-KZ-|TR-|HVK|9[89]-|-N|EXKZ26S)\d{{4}}(?!\d)"
    told: dict[str, Any] = json.loads(re.sub(f"{MOMENT.pattern}|{names}", other, body))
    row = told["rows"].get(f"flight/{copied}") or {}
    if "number" in row:
        row["number"] = copied
    return told


def set_clock(exercise: Exercise, clock: str) -> None:
    """Let time pass in an exercise: at rate 1, step by step, or with something due and undone."""
    instructor = exercise.seats.get(role=Role.INSTRUCTOR)
    if clock == "step":
        with acts.act(exercise, by=instructor) as at:
            actions.step(exercise, by=instructor, at=at)
    if clock in ("running", "due"):
        with acts.act(exercise, by=instructor) as at:
            actions.run(exercise, by=instructor, at=at, rate=1)
    if clock == "due":
        with acts.act(exercise, by=instructor) as at:
            to = actions.next_stop(exercise, at=at)
            assert to is not None  # noqa: S101 - something is ahead in every exercise made here
            actions.jump(exercise, by=instructor, at=at, to=to)


def multiply(exercise: Exercise, times: int, *, bare: bool = False) -> None:
    """Copy a whole exercise so many times inside the database, its record with it.

    Nothing in a record names a key of the database, so a copy's chain holds as it is. `bare`
    copies have neither record nor crossings: ballast beside the exercise that is looked at.
    """
    if times < 1:
        return
    models: list[Any] = [Exercise, *row_models(), Event]
    step = {
        model: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in models
    }
    with connection.cursor() as cursor:
        for model in (*models, Heartbeat):
            if bare and model in (Event, Crossing):
                continue
            columns, values = [], []
            for field in model._meta.concrete_fields:
                column = connection.ops.quote_name(field.column)
                of = field.related_model if field.is_relation else model
                moves = (field.is_relation or field.primary_key) and of in step
                columns.append(column)
                values.append(f"{column} + n * {step[of]}" if moves else column)
            mine = "id" if model is Exercise else "exercise_id"
            cursor.execute(
                f"WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies "
                f"WHERE n < {times}) INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
                f"SELECT {', '.join(values)} FROM copies, {model._meta.db_table} "
                f"WHERE {mine} = {exercise.pk} ORDER BY n"
            )
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
