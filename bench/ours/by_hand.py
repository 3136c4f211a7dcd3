"""The floor: the rows and the chain of story alpha in hand-written SQL, without the ORM.

The same tables with the same indexes and triggers, the same canonical body and hash, one
transaction a move under the exercise's lock. No guard, no rule, no date is computed: the values
are those that the product found when it played the story.
"""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import ForeignKey

from audit import chain, replay
from audit.models import Event
from bench.measuring import Figures, serve, spent
from control import stories
from exercises.models import Exercise, ExerciseRow, Seat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FLIGHTS = 20

Statement = tuple[str, list[Any]]


def main(options: list[str]) -> None:
    story = stories.load("alpha")
    told = stories.play(story)
    events = list(Event.objects.filter(exercise=told).exclude(case="").in_order())
    keys = {model: itertools.count(_last_key(model) + 1) for model in replay.row_models()}

    def play() -> Figures:
        exercises = [stories.stage(story) for _ in range(FLIGHTS)]
        prepared = [list(_prepared(exercise, events, keys)) for exercise in exercises]
        connection.ensure_connection()
        cursor = connection.connection.cursor()
        with spent(connection) as took:
            for exercise, moves in zip(exercises, prepared, strict=True):
                for statements, event in moves:
                    _move(cursor, exercise.pk, statements, event)
        moves_done = FLIGHTS * len(events)
        return {"cpu_ms": took.cpu / moves_done * 1000, "wall_ms": took.wall / moves_done * 1000}

    play()
    serve(play)


def _move(cursor: Any, exercise: int, statements: list[Statement], event: dict[str, Any]) -> None:
    """Do one move in one transaction."""
    is_sqlite = connection.vendor == "sqlite"
    cursor.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
    lock = "" if is_sqlite else " FOR NO KEY UPDATE"
    cursor.execute(
        _sql(f"SELECT seq, head FROM exercises_exercise WHERE id = %s{lock}"), [exercise]
    )
    seq, head = cursor.fetchone()
    for sql, values in statements:
        cursor.execute(sql, values)
    recorded_at = datetime.now(UTC)
    body = chain.canonical(event["body"])
    head = chain.link(head, seq=seq + 1, recorded_at=recorded_at, body=body)
    written = recorded_at if not is_sqlite else str(recorded_at)[:26]
    cursor.execute(
        _sql(
            'INSERT INTO audit_event (exercise_id, seq, "case", recorded_at, body, hash) '
            "VALUES (%s, %s, %s, %s, %s, %s)"
        ),
        [exercise, seq + 1, event["case"], written, body, head],
    )
    cursor.execute(
        _sql("UPDATE exercises_exercise SET seq = %s, head = %s, last_at = %s WHERE id = %s"),
        [seq + 1, head, event["at"], exercise],
    )
    cursor.execute("COMMIT")


def _prepared(
    exercise: Exercise,
    events: list[Event],
    keys: Mapping[type[ExerciseRow], Iterator[int]],
) -> Iterator[tuple[list[Statement], dict[str, Any]]]:
    """Give the statements of each move, with the keys that its rows will have."""
    made: dict[str, int] = dict(Seat.objects.filter(exercise=exercise).values_list("ref", "pk"))
    for event in events:
        statements = []
        body = json.loads(event.content)
        order = {ref: place for place, ref in enumerate(body["made"])}
        for ref in sorted(body["rows"], key=lambda ref: order.get(ref, -1)):
            columns = body["rows"][ref]
            model: Any = replay.kinds()[replay.noun_of(ref)]
            fields = {field.name: field for field in model.recorded_fields()}
            values = {
                fields[name].column: _value(fields[name], value, made)
                for name, value in columns.items()
            }
            if ref in order:
                made[ref] = next(keys[model])
                defaults = {
                    field.column: _adapted(field, field.get_default())
                    for field in model.recorded_fields()
                }
                values = defaults | values
                values |= {"id": made[ref], "ref": ref, "exercise_id": exercise.pk}
                statements.append(_insert(model._meta.db_table, values))
            else:
                statements.append(_update(model._meta.db_table, values, made[ref]))
        at = _adapted(Exercise._meta.get_field("last_at"), event.at)
        yield statements, {"body": body, "case": event.case, "at": at}


def _insert(table: str, values: dict[str, Any]) -> Statement:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    return _sql(f"INSERT INTO {table} ({names}) VALUES ({marks})"), [*values.values()]


def _update(table: str, values: dict[str, Any], key: int) -> Statement:
    changed = ", ".join(f'"{name}" = %s' for name in values)
    return _sql(f"UPDATE {table} SET {changed} WHERE id = %s"), [*values.values(), key]


def _value(field: Any, value: Any, made: dict[str, int]) -> Any:
    if isinstance(field, ForeignKey):
        return value and made[value]
    return _adapted(field, field.to_python(value))


def _adapted(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _sql(statement: str) -> str:
    return statement if connection.vendor == "postgresql" else statement.replace("%s", "?")


def _last_key(model: type[ExerciseRow]) -> int:
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(last or 0)
