"""The record is enough: folding an exercise's events gives its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

from exercises.models import Exercise, ExerciseRow
from exercises.recorded import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.models import Event
    from exercises.recorded import Recorded

Rows = dict[str, dict[str, Any]]


def fold(events: Iterable[Event]) -> Rows:
    """Return the rows that the events leave: `{reference: {column: value}}`."""
    rows: Rows = {}
    for event in events:
        for ref, changed in event.told["rows"].items():
            if changed is None:
                rows.pop(ref, None)
            else:
                rows[ref] = rows.get(ref, {}) | changed
    return rows


def stored(exercise: Exercise) -> dict[str, Recorded]:
    """Return the exercise's rows as the database holds them, by their name in the record."""
    rows: dict[str, Recorded] = {exercise.ref: Exercise.objects.get(pk=exercise.pk)}
    for model in row_models():
        others = [field.name for field in model.recorded_fields() if field.is_relation]
        mine = model._default_manager.filter(exercise=exercise).select_related(*others)
        rows |= {row.ref: row for row in mine}
    return rows


def row_models() -> list[type[ExerciseRow]]:
    """Return every model whose rows the record keeps, lowest room first."""
    return [model for model in apps.get_models() if issubclass(model, ExerciseRow)]


def differences(exercise: Exercise, events: Iterable[Event]) -> list[str]:
    """Return where the stored rows do not follow from the events, one line each.

    A column that the record never named counts as the default of its field.
    """
    told, held = fold(events), stored(exercise)
    lines = [f"{ref}: no event made it" for ref in sorted(held.keys() - told.keys())]
    lines += [f"{ref}: the row is gone" for ref in sorted(told.keys() - held.keys())]
    for ref in sorted(held.keys() & told.keys()):
        row, named = held[ref], told[ref]
        for field in row.recorded_fields():
            value = row.encoded(field)
            expected = named[field.name] if field.name in named else encode(field.get_default())
            if value != expected:
                lines.append(f"{ref}.{field.name}: {value!r}, the events say {expected!r}")
    return lines
