"""The record is enough: folding an exercise's events gives its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

from audit.models import Erasure, Event
from exercises.models import Exercise, ExerciseRow
from exercises.recorded import default_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from exercises.recorded import Recorded

Rows = dict[str, dict[str, Any]]


def fold(events: Iterable[Event]) -> Rows:
    """Return the rows that the events leave, in the order in which they were made.

    `{reference: {column: value}}`; what no event named is not there and says its field's default.
    """
    rows: Rows = {}
    for event in events:
        for ref in event.payload["made"]:
            rows.pop(ref, None)
            rows[ref] = {}
        for ref, changed in event.payload["rows"].items():
            if changed is None:
                rows.pop(ref, None)
            else:
                rows[ref] = rows.get(ref, {}) | changed
    return rows


def stored(exercise: Exercise) -> dict[str, Recorded]:
    """Return the exercise's rows as the database holds them, by their name in the record."""
    database = exercise._state.db
    rows: dict[str, Recorded] = {exercise.ref: Exercise.objects.using(database).get(pk=exercise.pk)}
    for model in row_models():
        others = [field.name for field in model.recorded_fields() if field.is_relation]
        kept = model._default_manager.using(database).filter(exercise=exercise)
        mine = kept.select_related(*others)
        rows |= {row.ref: row for row in mine}
    return rows


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


def differences(exercise: Exercise, events: Iterable[Event]) -> list[str]:
    """Return where the stored rows do not follow from the events, one line each.

    A column that the record never named counts as the default of its field.
    """
    recorded, held = fold(events), stored(exercise)
    lines = [f"{ref}: no event made it" for ref in sorted(held.keys() - recorded.keys())]
    lines += [f"{ref}: the row is gone" for ref in sorted(recorded.keys() - held.keys())]
    for ref in sorted(held.keys() & recorded.keys()):
        row, named = held[ref], recorded[ref]
        for field in row.recorded_fields():
            value = row.encoded(field)
            expected = named[field.name] if field.name in named else default_of(field)
            if value != expected:
                lines.append(f"{ref}.{field.name}: {value!r}, the events say {expected!r}")
    return lines
