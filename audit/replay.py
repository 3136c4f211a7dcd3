"""The record is enough: folding an exercise's events gives its rows."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    F,
    ForeignKey,
    Func,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from audit.models import Erasure, Event
from exercises.models import Exercise, ExerciseRow
from exercises.recorded import Recorded, default_of, encode
from exercises.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Field, Model

Rows = dict[str, dict[str, Any]]

_TEXT: dict[str, Any] = {"output_field": TextField()}


def fold(bodies: Iterable[dict[str, Any]]) -> Rows:
    """Return the rows that events leave, in the order in which they were made.

    `{reference: {column: value}}`; what no event named is not there and says its field's default.
    """
    rows: Rows = {}
    for body in bodies:
        for ref in body["made"]:
            rows.pop(ref, None)
            rows[ref] = {}
        for ref, changed in body["rows"].items():
            if changed is None:
                rows.pop(ref, None)
            elif ref in rows:
                rows[ref].update(changed)
            else:
                rows[ref] = dict(changed)
    return rows


def stored(exercise: Exercise) -> Rows:
    """Return the exercise's rows as the database holds them, each column as the record says it."""
    return {
        ref: {field.name: encode(value) for field, value in zip(fields, values, strict=True)}
        for fields, rows in _tables(exercise)
        for ref, *values in rows
    }


def row_models() -> list[type[ExerciseRow]]:
    """Return every model whose rows the record keeps, lowest room first."""
    return [model for model in apps.get_models() if issubclass(model, ExerciseRow)]


def of_the_record() -> set[type[Model]]:
    """Return every model that a record consists of or builds: no other tool may write its rows."""
    return {Event, Erasure, Exercise, *row_models()}


def kinds() -> dict[str, type[ExerciseRow]]:
    """Return the models of rows by the noun that names them in the record, lowest room first.

    Raises `ValueError` if two models share a noun: the record could not tell their rows apart.
    """
    found: dict[str, type[ExerciseRow]] = {}
    for model in row_models():
        if model.noun in found:
            raise ValueError(f"{found[model.noun]} and {model} are both {model.noun!r}.")
        found[model.noun] = model
    return found


def noun_of(ref: str) -> str:
    """Return the word that tells the kind of a row: `minute` of `flight/3/minute/4`."""
    words = (part for part in reversed(ref.split("/")) if part.isalpha() and part.islower())
    return next(words, "")


def differences(exercise: Exercise, bodies: Iterable[dict[str, Any]]) -> list[str]:
    """Return where the stored rows do not follow from the events, one line each.

    A column that the record never named counts as the default of its field.
    """
    recorded = fold(bodies)
    added: list[str] = []
    changed: dict[str, list[str]] = {}
    for fields, rows in _tables(exercise):
        defaults = {field.name: default_of(field) for field in fields}
        for ref, *values in rows:
            named = recorded.pop(ref, None)
            if named is None:
                added.append(ref)
            elif lines := list(_changed(values, defaults, named)):
                changed[ref] = lines
    nonsense: list[str] = []
    if connections[exercise._state.db or DEFAULT_DB_ALIAS].vendor == "sqlite":
        kept: list[type[Recorded]] = [Exercise, *row_models()]
        nonsense = [line for model in kept for line in _mistaken(exercise, model)]
    return [
        *(f"{ref}: no event made it" for ref in sorted(added)),
        *(f"{ref}: the row is gone" for ref in sorted(recorded)),
        *(f"{ref}.{line}" for ref in sorted(changed) for line in changed[ref]),
        *nonsense,
    ]


def _changed(
    values: Iterable[Any], defaults: dict[str, Any], named: dict[str, Any]
) -> Iterator[str]:
    """Say of which columns the stored values differ from what the record named, or the defaults."""
    for name in named.keys() - defaults.keys():
        yield f"{name}: there is no such column, the events say {named[name]!r}"
    for (name, default), value in zip(defaults.items(), values, strict=True):
        expected = named.get(name, default)
        if value == expected:
            continue
        try:
            said = encode(value)
        except TypeError:  # the record has no words for it
            said = str(value)
        if said != expected:
            yield f"{name}: {said!r}, the events say {expected!r}"


def _tables(exercise: Exercise) -> Iterator[tuple[list[Field[Any, Any]], Iterable[Any]]]:
    """Give for each model its recorded columns and the exercise's rows: their names and values.

    Other rows come by their name in the record and users by user name, from the same query: no row
    is built.
    """
    database = exercise._state.db
    fields = Exercise.recorded_fields()
    itself = Exercise.objects.using(database).filter(pk=exercise.pk)
    yield fields, itself.values_list(Value(exercise.ref), *map(_path, fields))
    for model in row_models():
        fields = model.recorded_fields()
        kept = model._default_manager.using(database).filter(exercise=exercise)
        yield fields, kept.values_list("ref", *map(_path, fields)).iterator()


def _path(field: Field[Any, Any]) -> Any:
    """Return where a query finds what the record says of a column.

    Of a key that leads nowhere, which could be mistaken for none, the key itself.
    """
    if not isinstance(field, ForeignKey):
        return field.attname
    name = "ref" if issubclass(field.related_model, Recorded) else User.USERNAME_FIELD
    whole = Cast(field.attname, TextField())
    return Coalesce(f"{field.name}__{name}", whole, **_TEXT)


def _mistaken(exercise: Exercise, model: type[Recorded]) -> Iterator[str]:
    """Name the rows that hold what Django would take for nothing, or for no.

    SQLite takes text in the place of a moment, and numbers in that of a yes.
    """
    for ref, *wrong in _suspects(model).rows(exercise.pk, using=exercise._state.db):
        for name in filter(None, wrong):
            yield f"{ref}.{name}: what no column of its kind holds"


@cache
def _suspects(model: type[Recorded]) -> Statement:
    """Return the query for such rows of an exercise, built once: their names, and which columns."""
    is_row = issubclass(model, ExerciseRow)
    rows, wrong = model._default_manager.all(), {}
    for field in model.recorded_fields():
        name, is_there = field.name, Q((f"{field.name}__isnull", False))
        if isinstance(field, DateField) and field.null:  # and those with a time of day
            rows = rows.alias(**{f"{name}_type": Func(F(name), function="TYPEOF", **_TEXT)})
            rows = rows.alias(**{f"{name}_day": Func(F(name), function="DATETIME", **_TEXT)})
            as_it_should = Q((f"{name}_type", "text"), (f"{name}_day__isnull", False))
            wrong[name] = is_there & ~as_it_should
        elif isinstance(field, BooleanField):
            wrong[name] = is_there & ~Q((f"{name}__in", (True, False)))
    rows = rows.filter(reduce(or_, wrong.values(), Q(pk=None)))
    columns = [Case(When(found, then=Value(name)), **_TEXT) for name, found in wrong.items()]
    ref = F("ref") if is_row else Value(Exercise.ref)
    whose = "exercise" if is_row else "pk"
    return Statement(lambda pk: rows.filter(**{whose: pk}).values_list(ref, *columns))
