"""An exam as tests hold it: who holds it, who sits it, and what they do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.test import Client

from control import accounts
from control import exams as control
from exercises.models import Role
from scenarios.models import Assignment, Exam, Variant

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from exercises.models import Exercise, Seat

WORD = "kedi miyav"


def teacher(name: str = "teacher") -> User:
    return get_user_model().objects.create_user(name, password="chalk and board", is_staff=True)


def held(by: User, **said: Any) -> Exam:
    """Hold an exam of two dossiers at the security desk, unless said otherwise."""
    usual: dict[str, Any] = {
        "desks": [Role.SECURITY],
        "seed": 918273,
        "variant": Variant.A,
        "number": 2,
        "level": 2,
        "minutes": 30,
    }
    exercise = control.hold(by, said.pop("name", "Monday's exam"), **usual | said)
    return Exam.objects.select_related("exercise").get(exercise=exercise)


def joined(name: str) -> User:
    return accounts.join(name, WORD)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begun(exam: Exam, user: User, desk: Role = Role.SECURITY) -> tuple[Exercise, Seat]:
    """Let somebody begin an exam on its page."""
    answer = client_of(user).post(
        f"/exams/{exam.exercise_id}/", {f"{exam.exercise_id}-desk": desk.value}
    )
    assert answer.status_code == 302, answer.content.decode()
    sitting = control.attempt(exam, user)
    assert sitting is not None
    return sitting.exercise, sitting.seat


def base(exercise: Exercise, seat: Seat) -> str:
    return f"/x/{exercise.pk}/{seat.key}/"


def given(exercise: Exercise) -> list[Assignment]:
    return [*Assignment.objects.filter(exercise=exercise).order_by("number")]
