"""Alarms of owed rows: which rings first, what is ahead, and what a due duty does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from audit.timeline import Due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.db import models

    from exercises.models import Exercise


def ringing(
    rows: models.QuerySet[Any], exercise: Exercise, until: datetime
) -> models.QuerySet[Any]:
    """Return the row whose alarm rings first before `until`, if any."""
    due = rows.filter(exercise=exercise, alarm_at__isnull=False, alarm_at__lt=until)
    return due.order_by("alarm_at", "pk")[:1]


def alarm(kind: str, row: Any, happen: Callable[..., Any]) -> Due:
    """Return what happens to `row` at its alarm."""
    return Due(row.alarm_at, kind, row.ref, partial(happen, row, by=None, at=row.alarm_at))


def ahead(rows: models.QuerySet[Any], exercise: Exercise, after: datetime) -> Iterator[datetime]:
    """Give the next alarm and opening of these rows from `after` on."""
    mine = rows.filter(exercise=exercise)
    alarm = mine.filter(alarm_at__gte=after).order_by("alarm_at").values_list("alarm_at").first()
    opening = mine.filter(opens_at__gt=after).order_by("opens_at").values_list("opens_at").first()
    yield from (moment for row in (alarm, opening) if row for moment in row)
