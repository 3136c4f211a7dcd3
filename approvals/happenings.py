"""What falls due in this room by itself: an overdue desk, an unanswered question.

A lapse or a withdrawal touches no desk: rows count only while their request is under examination.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from approvals import examination, questions
from approvals.models import Concurrence, Question
from audit.timeline import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def escalate(row: Concurrence, *, by: None, at: datetime) -> None:
    """Take the desk's overdue answer one rung up."""
    duty = row.present_duty
    assert duty is not None  # noqa: S101 - only owed rows ring
    details = {"desk": row.desk, "duty": duty.code, "to": duty.ladder[row.rung]}
    examination.escalate_desk(row, by=by, at=at, **details)


def _of_desk(row: Concurrence) -> Callable[..., Any]:
    return escalate


def _of_question(question: Question) -> Callable[..., Any]:
    return questions.remind


IS_AWAITED = attrgetter("is_awaited")

KINDS = (
    Kind("desk", Concurrence, Concurrence.objects.pending, _of_desk, IS_AWAITED),
    Kind("question", Question, Question.objects.open, _of_question, IS_AWAITED),
)
