"""Open work: every step that somebody owes now. Trays, lists, counts and step pace read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework import kinds

if TYPE_CHECKING:
    from datetime import datetime

    from casework.steps import Task
    from exercises.models import Exercise
    from exercises.seating import SeatedRequest


def open_work(exercise: Exercise, at: datetime) -> list[Task]:
    """Return what is owed in `exercise` at `at`, least time left first, what has no date last."""
    tasks = [task for kind in kinds.kinds().values() for task in kind.work(exercise, at)]
    return sorted(tasks, key=lambda task: _time_left(task, exercise))


def shown_work(request: SeatedRequest) -> list[Task]:
    """Return what is owed in the exercise of a request, asked once: page and frame show it."""
    kept: dict[str, Any] = request.__dict__
    if "work" not in kept:
        kept["work"] = open_work(request.exercise, request.at)
    work: list[Task] = kept["work"]
    return work


def _time_left(task: Task, exercise: Exercise) -> tuple[bool, datetime, int]:
    due_at = task.due_at
    return due_at is None, due_at or exercise.opened_at, task.case.number
