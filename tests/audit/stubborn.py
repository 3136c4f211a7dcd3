"""What falls due in a timeline that cannot go on; stands in `settings.HAPPENINGS` for a test."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from audit.timeline import Due

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from exercises.models import Exercise

KINDS = ("stubborn",)
AFTER = timedelta(days=1)


def due(exercise: Exercise, *, until: datetime) -> Iterator[Due]:
    """Give one happening that leaves its row as it was: due."""
    if exercise.opened_at + AFTER < until:
        yield Due(exercise.opened_at + AFTER, "stubborn", exercise.ref, lambda: None)
