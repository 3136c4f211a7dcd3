"""Rows out of events: written back into a database, or as they were in the past."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models import ForeignKey

from audit import replay
from audit.models import Event
from exercises.models import Exercise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from django.db.models import Field

    from audit.replay import Rows
    from exercises.models import ExerciseRow
    from exercises.recorded import Recorded


#: So many rows go into one statement: no more values than PostgreSQL takes, whatever the columns.
AT_ONCE = 500


class Unfit(ValueError):  # noqa: N818 - what the events' rows are, in the words of the record
    """The events tell of a row that this Overflight cannot hold; the text names it."""


class NoSuchMoment(LookupError):  # noqa: N818 - a look-up that found nothing
    """The exercise has no event of that number."""


@contextmanager
def past(exercise: Exercise, *, until: int) -> Iterator[str]:
    """Give the alias of a database that holds `exercise` as of its event `until`, for reading.

    ``Model.objects.using(alias)`` answers as it would have then: the rows, the events up to there,
    and the users who held a seat then, without their passwords. The exercise and its users keep
    their keys, other rows do not. The database lives in memory, belongs to this thread and is gone
    afterwards. Raises `NoSuchMoment`.
    """
    kept = Event.objects.using(exercise._state.db).filter(exercise=exercise, seq__lte=until)
    events = list(kept.in_order())
    if not events or events[-1].seq != until:
        raise NoSuchMoment(f"The exercise has no event {until}.")
    rows, last = replay.fold(event.payload for event in events), events[-1]
    users = _copies(user_names([rows]), of=exercise._state.db)
    with _scratch(_tables()) as alias:
        with transaction.atomic(using=alias):
            User.objects.using(alias).bulk_create(users)
            restored = exercise_of(
                rows,
                pk=exercise.pk,
                wall_anchor=last.recorded_at,
                seq=last.seq,
                head=last.hash,
                last_at=last.at,
            )
            restored.save(using=alias)
            insert(restored, rows, users=users)
            Event.objects.using(alias).bulk_create(events, batch_size=AT_ONCE)
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        yield alias


def exercise_of(
    rows: Rows,
    *,
    wall_anchor: datetime,
    seq: int,
    head: str,
    last_at: datetime,
    halted: str = "",
    pk: int | None = None,
) -> Exercise:
    """Return the unsaved exercise of folded rows, with what its record does not hold.

    Raises `Unfit`.
    """
    outside = {"wall_anchor": wall_anchor, "seq": seq, "head": head, "last_at": last_at}
    recorded = rows.get(Exercise.ref)
    if recorded is None:
        raise Unfit("no event made the exercise")
    columns = _columns(Exercise, Exercise.ref, recorded, made={}, people={})
    return Exercise(pk=pk, halted=halted, **outside, **columns)


def insert(exercise: Exercise, rows: Rows, *, users: Iterable[User]) -> None:
    """Write folded rows of a saved exercise into its database, in the order of their making.

    A row may refer to rows of lower models and to older ones of its own, by their names, and to
    `users`, by theirs. Raises `Unfit` for one that cannot be.
    """
    kinds = replay.kinds()
    people = {user.get_username(): user for user in users}
    made: dict[str, ExerciseRow] = {}
    by_kind: dict[str, list[str]] = {noun: [] for noun in kinds}
    for ref in rows:
        if ref != exercise.ref:
            noun = replay.noun_of(ref)
            if noun not in kinds:
                raise Unfit(f"{ref}: there are no rows of this kind")
            by_kind[noun].append(ref)
    for noun, model in kinds.items():
        manager = model._default_manager.using(exercise._state.db)
        batch: list[ExerciseRow] = []
        for ref in by_kind[noun]:
            columns = _columns(model, ref, rows[ref], made=made, people=people)
            if any(isinstance(other, model) and other.pk is None for other in columns.values()):
                manager.bulk_create(batch, batch_size=AT_ONCE)  # gives the older ones their keys
                batch = []
            made[ref] = model(exercise=exercise, ref=ref, **columns)
            batch.append(made[ref])
        manager.bulk_create(batch, batch_size=AT_ONCE)


def user_names(tellings: Iterable[Mapping[str, Mapping[str, Any] | None]]) -> set[str]:
    """Return the names of the users to whom rows refer, folded or as single events tell them."""
    columns = {
        noun: [field.name for field in model.recorded_fields() if _is_of_user(field)]
        for noun, model in replay.kinds().items()
    }
    return {
        recorded[name]
        for rows in tellings
        for ref, recorded in rows.items()
        for name in columns.get(replay.noun_of(ref), ())
        if recorded and recorded.get(name)
    }


def _columns(
    model: type[Recorded],
    ref: str,
    recorded: Mapping[str, Any],
    *,
    made: Mapping[str, ExerciseRow],
    people: Mapping[str, User],
) -> dict[str, Any]:
    """Decode a row: what `Recorded.encoded` made of each column."""
    fields = {field.name: field for field in model.recorded_fields()}
    columns = {}
    for name, value in recorded.items():
        try:
            columns[name] = _decoded(fields[name], value, made=made, people=people)
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            raise Unfit(f"{ref}.{name} cannot be {value!r}") from error
    return columns


def _decoded(
    field: Field[Any, Any],
    value: Any,
    *,
    made: Mapping[str, ExerciseRow],
    people: Mapping[str, User],
) -> Any:
    if not isinstance(field, ForeignKey) or value is None:
        return field.to_python(value)
    other = people[value] if _is_of_user(field) else made[value]
    if not isinstance(other, field.related_model):
        raise TypeError(value)
    return other


def _is_of_user(field: Field[Any, Any]) -> bool:
    return field.related_model is User


def _copies(names: set[str], *, of: str | None) -> list[User]:
    """Return unsaved copies of the users of these names; a stand-in for one who is gone."""
    known = {user.username: user for user in User.objects.using(of).filter(username__in=names)}
    users = [known.get(name) or User(username=name) for name in sorted(names)]
    for user in users:
        user.set_unusable_password()
    return users


@cache
def _tables() -> bytes:
    """Return a database that holds every table and no row; made once for each process."""
    with _scratch(b"") as alias:
        connection = connections[alias]
        with connection.schema_editor() as editor:
            for model in apps.get_models():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
        tables: bytes = connection.connection.serialize()
    return tables


@contextmanager
def aside() -> Iterator[None]:
    """Let this thread work in an empty database of its own, in memory, that is gone afterwards."""
    usual = connections[DEFAULT_DB_ALIAS]
    try:
        with _scratch(_tables(), alias=DEFAULT_DB_ALIAS):
            yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual


@contextmanager
def _scratch(content: bytes, *, alias: str = "") -> Iterator[str]:
    """Give the alias of a new SQLite database in memory, known to this thread alone."""
    alias = alias or f"past-{uuid.uuid4().hex}"
    memory = {"NAME": ":memory:", "OPTIONS": {}}
    connection = DatabaseWrapper(connections.settings[DEFAULT_DB_ALIAS] | memory, alias)
    connections[alias] = connection
    try:
        connection.ensure_connection()
        if content:
            connection.connection.deserialize(content)
        yield alias
    finally:
        del connections[alias]
        if connection.connection is not None:
            connection.connection.close()  # Django itself never closes a database in memory
