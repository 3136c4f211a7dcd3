"""Open work: every step that somebody owes now. Inboxes, trays, the queue and step pace read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Concurrence, Question
from exercises.models import Role
from transit.duties import DUTIES, Duty
from transit.models import FlightRequest, FlightStatus, Movement, Revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from exercises.models import Exercise, Seat

    Row = TypeVar("Row", bound=Model)

#: Work that no date presses: the planner's draft, and a supplement until it is sent.
DRAFT = Duty("draft", _("draft"), Role.PLANNER, of_host=False, ladder=())
SUPPLEMENT = (
    Duty("supplement", _("supplement: draft"), Role.PLANNER, of_host=False, ladder=()),
    Duty("supplement", _("supplement: release"), Role.RELEASE, of_host=False, ladder=()),
)
SUPPLEMENT_RELEASED = (
    Duty("supplement", _("supplement: transmission"), Role.ATTACHE, of_host=False, ladder=()),
)


@dataclass(frozen=True)
class Task:
    """One step on one row, owed by the seat of `state` and `role`; no `due_at`: no date presses."""

    flight: FlightRequest
    row: FlightRequest | Movement | Concurrence | Question | Revision
    duty: Duty
    state: str
    role: Role
    due_at: datetime | None
    opens_at: datetime | None = None

    def is_of(self, seat: Seat) -> bool:
        """Say whether `seat` owes it."""
        return (self.state, self.role) == (seat.state, seat.role)


def open_work(exercise: Exercise, at: datetime) -> list[Task]:
    """Return what is owed in `exercise` at `at`, least time left first, what has no date last."""
    tasks = [
        *_on_requests(exercise),
        *_on_supplements(exercise),
        *_on_desks(exercise),
        *_on_movements(exercise, at),
    ]
    return sorted(tasks, key=_time_left)


def seat_work(seat: Seat, at: datetime) -> list[Task]:
    """Return what `seat` owes at `at`."""
    return [task for task in open_work(seat.exercise, at) if task.is_of(seat)]


def _on_requests(exercise: Exercise) -> Iterator[Task]:
    for flight in _rows(FlightRequest.objects.open(), exercise, "exercise"):
        if duty := flight.present_duty:
            yield _task(flight, duty)
        elif flight.status == FlightStatus.DRAFT:
            yield _task(flight, DRAFT)


def _on_supplements(exercise: Exercise) -> Iterator[Task]:
    drafts = Revision.objects.filter(enclosed_at=None, flight__closed_at=None)
    for draft in _rows(drafts, exercise):
        if draft.flight.is_with_host:
            for duty in SUPPLEMENT_RELEASED if draft.released_by_id else SUPPLEMENT:
                yield _task(draft, duty)


def _on_desks(exercise: Exercise) -> Iterator[Task]:
    """Give the questions that look open to the other side, and the desks that wait for none."""
    asked = Question.objects.filter(answered_at=None, flight__closed_at=None)
    waiting = set()
    for question in _rows(asked, exercise):
        if question.looks_open:
            yield _task(question, DUTIES["question"])
        if question.is_open:
            waiting.add((question.flight_id, question.desk))
    for row in _rows(Concurrence.objects.pending().exclude(duty=""), exercise):
        if (row.flight_id, row.desk) not in waiting:
            yield _task(row, DUTIES[row.duty], role=row.role)


def _on_movements(exercise: Exercise, at: datetime) -> Iterator[Task]:
    """Give the steps whose time has come; none before the other side has the number."""
    is_open = Q(opens_at=None) | Q(opens_at__lte=at)
    owed = Movement.objects.filter(is_open, flight__replied_at__isnull=False).exclude(duty="")
    for row in _rows(owed, exercise, "flight__exercise", "authorization__revision"):
        yield _task(row, DUTIES[row.duty])


def _rows(rows: QuerySet[Row], exercise: Exercise, *others: str) -> QuerySet[Row]:
    return rows.filter(exercise=exercise).select_related(*(others or ("flight__exercise",)))


def _task(
    row: FlightRequest | Movement | Concurrence | Question | Revision,
    duty: Duty,
    *,
    role: Role | None = None,
) -> Task:
    flight = row.flight
    due_at, opens_at = (None, None) if isinstance(row, Revision) else (row.due_at, row.opens_at)
    state = flight.host if duty.of_host else flight.requesting_state
    return Task(flight, row, duty, state, role or duty.role, due_at, opens_at)


def _time_left(task: Task) -> tuple[bool, datetime, int]:
    due_at = task.due_at
    return due_at is None, due_at or task.flight.exercise.opened_at, task.flight.number
