"""Open work on flights: the steps on the request, at the desks, on the movement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Concurrence
from casework import kinds, steps
from casework.steps import Duty
from exercises.models import Role
from transit.models import FlightRequest, FlightStatus, Movement, Revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from approvals.models import Question
    from casework.steps import Task
    from exercises.models import Exercise

#: Work that no date presses: the planner's draft, and a supplement until it is sent.
DRAFT = Duty("draft", _("draft"), Role.PLANNER, of_host=False, ladder=())
SUPPLEMENT = (
    Duty("supplement", _("supplement: draft"), Role.PLANNER, of_host=False, ladder=()),
    Duty("supplement", _("supplement: release"), Role.RELEASE, of_host=False, ladder=()),
)
SUPPLEMENT_RELEASED = (
    Duty("supplement", _("supplement: transmission"), Role.ATTACHE, of_host=False, ladder=()),
)
#: What operations wait for before they can check it.
FILING = Duty("filing", _("flight plan"), Role.PLANNER, of_host=False, ladder=())


def owed(exercise: Exercise, at: datetime) -> list[Task]:
    """Return what is owed on the flights of `exercise` at `at`.

    Takes the same number of queries however many flights there are.
    """
    rows = FlightRequest.objects.open().filter(exercise=exercise).select_related("exercise")
    flights = {row.pk: row for row in rows.prefetch_related("revisions", "questions")}
    return [
        *(task for flight in flights.values() for task in _on_request(flight)),
        *_on_desks(exercise, flights),
        *_on_movements(exercise, flights, at),
    ]


def _on_request(flight: FlightRequest) -> Iterator[Task]:
    """Give the step on the request itself, its supplement, and the questions to its side.

    A question dropped by a decision still unknown looks open to the requesting side.
    """
    if duty := flight.present_duty:
        yield _task(flight, duty)
    elif flight.status == FlightStatus.DRAFT:
        yield _task(flight, DRAFT)
    draft = flight.draft
    if draft and flight.is_with_host:
        for duty in SUPPLEMENT_RELEASED if draft.released_by_id else SUPPLEMENT:
            yield _task(draft, duty)
    for question in flight.questions.all():
        if question.looks_open:
            yield _task(question, kinds.duties()["question"])


def _on_desks(exercise: Exercise, flights: dict[int, FlightRequest]) -> Iterator[Task]:
    """Give the answers that are owed; a desk that waits for its own question owes none."""
    pending = Concurrence.objects.pending().filter(exercise=exercise, flight__closed_at=None)
    for row in pending.exclude(duty=""):
        row.flight = flights[row.flight_id]
        asked = row.flight.questions.all()
        if not any(question.is_open and question.desk == row.desk for question in asked):
            yield _task(row, kinds.duties()[row.duty], role=row.role)


def _on_movements(
    exercise: Exercise, flights: dict[int, FlightRequest], at: datetime
) -> Iterator[Task]:
    """Give the steps whose time has come; none before the other side has the number.

    While no flight plan is filed, its check waits for the planner.
    """
    is_open = Q(opens_at=None) | Q(opens_at__lte=at)
    told = Q(flight__replied_at__isnull=False, flight__closed_at=None)
    owed = Movement.objects.filter(is_open, told, exercise=exercise)
    for row in owed.exclude(duty="").select_related("authorization__revision"):
        row.flight = flights[row.flight_id]
        waits = row.duty == "flight_plan" and not row.plan
        yield _task(row, FILING if waits else kinds.duties()[row.duty])


def _task(
    row: FlightRequest | Movement | Concurrence | Question | Revision,
    duty: Duty,
    *,
    role: Role | None = None,
) -> Task:
    if isinstance(row, Revision):
        return steps.task(row.flight, row, duty, role=role)
    return steps.task(row.flight, row, duty, role=role, due_at=row.due_at, opens_at=row.opens_at)
