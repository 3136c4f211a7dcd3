"""What falls due in this room by itself: an overdue desk, an unanswered question.

A lapse or a withdrawal touches no desk: rows count only while their request is under examination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from approvals import examination, questions
from approvals.models import Concurrence, Question
from casework.alarms import ahead, alarm, ringing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from audit.timeline import Due
    from exercises.models import Exercise

KINDS = ("desk", "question")


def due(exercise: Exercise, *, until: datetime) -> Iterator[Due]:
    """Give the earliest happening of each kind that falls due before `until`."""
    for row in ringing(Concurrence.objects.pending(), exercise, until):
        yield alarm("desk", row, escalate)
    for question in ringing(Question.objects.open(), exercise, until):
        yield alarm("question", question, questions.remind)


def moments(exercise: Exercise, *, after: datetime) -> Iterator[datetime]:
    """Give the next alarm and the next opening after `after`."""
    yield from ahead(Concurrence.objects.pending(), exercise, after)
    yield from ahead(Question.objects.open(), exercise, after)


def escalate(row: Concurrence, *, by: None, at: datetime) -> None:
    """Take the desk's overdue answer one rung up."""
    duty = row.present_duty
    assert duty is not None  # noqa: S101 - only owed rows ring
    details = {"desk": row.desk, "duty": duty.code, "to": duty.ladder[row.rung]}
    examination.escalate_desk(row, by=by, at=at, **details)
