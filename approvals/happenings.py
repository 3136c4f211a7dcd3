"""What falls due in this room by itself: an overdue desk, an unanswered question, a measure.

A lapse or a withdrawal touches no desk: rows count only while their request is under examination,
and what was decided of a number only until it is given back.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from approvals import examination, questions
from approvals.models import Concurrence, Question
from audit.timeline import Kind
from transit import happenings as flying
from transit.models import Acknowledgement, Condition, Measure

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


def _of_owed(row: Any) -> Callable[..., Any]:
    return flying.escalate


IS_AWAITED = attrgetter("is_awaited")
IS_STANDING = attrgetter("is_standing")

KINDS = (
    Kind("desk", Concurrence, Concurrence.objects.pending, _of_desk, IS_AWAITED),
    Kind("question", Question, Question.objects.open, _of_question, IS_AWAITED),
    Kind(
        "measure",
        Measure,
        Measure.objects.standing,
        _of_owed,
        IS_STANDING,
        reads=("authorizations",),
    ),
    Kind(
        "acknowledgement",
        Acknowledgement,
        Acknowledgement.objects.standing,
        _of_owed,
        IS_STANDING,
        reads=("authorizations", "measures"),
    ),
    Kind("condition", Condition, Condition.objects.standing, _of_owed, IS_STANDING),
)
