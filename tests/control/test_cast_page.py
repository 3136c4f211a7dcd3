"""The page on which the instructor gives seats to role-players."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User

from control import actions
from tests.roleplay.turning import cast

if TYPE_CHECKING:
    from django.test import Client

    from exercises.models import Exercise

pytestmark = pytest.mark.django_db

START = datetime(2026, 9, 1, 6, tzinfo=UTC)


@pytest.fixture
def teacher() -> User:
    return User.objects.create_user("teacher")


@pytest.fixture
def exercise(teacher: User) -> Exercise:
    return actions.open_for(teacher, "Cast", at=START, solo=False)


def page(exercise: Exercise, seat: str = "INSTRUCTOR") -> str:
    return f"/x/{exercise.pk}/{seat}/control/cast/"


def test_seats_are_cast_one_by_one_and_taken_back(
    client: Client, teacher: User, exercise: Exercise
) -> None:
    client.force_login(teacher)
    client.post(page(exercise), {"KZ-SECURITY": "sloppy", "TR-ATTACHE": "careful"})
    exercise.refresh_from_db()
    assert exercise.cast == {"KZ-SECURITY": "sloppy", "TR-ATTACHE": "careful"}

    shown = client.get(page(exercise)).content.decode()
    assert '<option value="sloppy" selected>' in shown
    assert (
        "role-player, sloppy"
        in client.get(f"/x/{exercise.pk}/INSTRUCTOR/control/").content.decode()
    )

    client.post(page(exercise), {"KZ-SECURITY": ""})
    exercise.refresh_from_db()
    assert exercise.cast == {}


def test_every_seat_at_once(client: Client, teacher: User, exercise: Exercise) -> None:
    client.force_login(teacher)
    client.post(page(exercise), {"everywhere": "1", "KZ-SECURITY": "slow"})
    exercise.refresh_from_db()
    assert exercise.cast == cast()


def test_a_new_exercise_may_have_role_players_from_the_start(teacher: User) -> None:
    exercise = actions.open_for(teacher, "Alone", at=START, solo=False, role_players=True)
    assert exercise.cast == cast()


def test_an_unknown_profile_is_told_at_its_seat(
    client: Client, teacher: User, exercise: Exercise
) -> None:
    client.force_login(teacher)
    answer = client.post(page(exercise), {"KZ-SECURITY": "lazy"})
    assert answer.status_code == 422
    assert "lazy is not one of the available choices" in answer.content.decode()


def test_nobody_but_the_instructor_casts(client: Client, teacher: User, exercise: Exercise) -> None:
    security = exercise.seats.get(ref="seat/KZ-SECURITY")
    security.holder = User.objects.create_user("ada")
    security.save()
    client.force_login(security.holder)
    assert client.get(page(exercise, "KZ-SECURITY")).status_code == 403
    assert client.post(page(exercise, "KZ-SECURITY"), {"everywhere": "1"}).status_code == 403
