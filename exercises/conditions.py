"""Conditions that the database and a loaded row answer alike: said once, as Django's `Q`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, other: bool(value == other),
    "in": lambda value, others: value in others,
    "isnull": lambda value, is_null: (value is None) == is_null,
    "lte": lambda value, most: value is not None and value <= most,
    "gt": lambda value, least: value is not None and value > least,
}


def holds(condition: Q, row: Any) -> bool:
    """Say whether a loaded row meets `condition`, as the database would of the stored one.

    Knows `exact`, `in`, `isnull`, `lte`, `gt`, the way to other rows, "and", "or". "Not" it refuses
    with `ValueError`: of what is empty the database says neither.
    """
    if condition.negated or condition.connector not in (Q.AND, Q.OR):
        raise ValueError(f"A row cannot be asked: {condition}")
    answers = (
        holds(one, row) if isinstance(one, Q) else _meets(row, one) for one in condition.children
    )
    return all(answers) if condition.connector == Q.AND else any(answers)


def of(way: str, condition: Q) -> Q:
    """Return the condition as one of rows that name the row it is about in `way`."""
    children: Sequence[Any] = condition.children
    told = [
        of(way, one) if isinstance(one, Q) else (f"{way}__{one[0]}", one[1]) for one in children
    ]
    return Q(*told, _connector=condition.connector, _negated=condition.negated)


def _meets(row: Any, asked: Any) -> bool:
    path, value = asked
    names = path.split("__")
    lookup = names.pop() if names[-1] in _LOOKUPS else "exact"
    for name in names:
        row = getattr(row, name)
    return _LOOKUPS[lookup](row, value)
