"""Two people, or two tabs, at one exam at once, on either database."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from audit import acts
from control import exams as control
from exercises.models import Exercise, Role
from scenarios import exams as verbs
from scenarios.models import Sitting
from tests import playing
from tests.approvals.test_races import at_once, refusals
from tests.review.examining import held, joined, teacher

if TYPE_CHECKING:
    from scenarios.models import Exam

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exam() -> Exam:
    return held(teacher())


def test_two_tabs_begin_at_once_and_lead_to_one_attempt(exam: Exam) -> None:
    ayse = joined("Ayşe")

    outcomes = at_once(*[partial(control.begin, exam, ayse, Role.SECURITY)] * 2)

    assert refusals(outcomes) == []
    assert len({one for one in outcomes if isinstance(one, tuple)}) == 1
    assert Sitting.objects.count() == 1
    assert Exercise.objects.count() == 2


def test_a_class_begins_at_once_and_everybody_has_an_attempt(exam: Exam) -> None:
    people = [joined(name) for name in ("Ayşe", "Mehmet", "Aigerim")]

    outcomes = at_once(*(partial(control.begin, exam, one, Role.SECURITY) for one in people))

    assert refusals(outcomes) == []
    assert control.attempts(exam).count() == 3


def test_who_begins_while_the_exam_is_closed_has_begun_or_is_told(exam: Exam) -> None:
    ayse, instructor = joined("Ayşe"), playing.seat(exam.exercise, "INSTRUCTOR")

    def close() -> Exam:
        with acts.act(exam.exercise, by=instructor) as at:
            return verbs.close_exam(exam, by=instructor, at=at)

    outcomes = at_once(partial(control.begin, exam, ayse, Role.SECURITY), close)

    told = refusals(outcomes)
    assert len(told) == 1 - Sitting.objects.count()
    assert all("nobody begins any more" in str(one) for one in told)
    exam.refresh_from_db()
    assert exam.closed_at is not None
