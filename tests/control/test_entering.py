"""A session is worth what the PIN was worth that it was made by; nobody's account is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from audit import verification
from control import stories
from exercises.models import Exercise
from tests import playing
from tests.browsing import body

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def demo(settings: Any) -> Any:
    settings.DEMO, settings.DEMO_PIN = True, ""
    return settings


@pytest.fixture
def exercise() -> Exercise:
    return playing.before("alpha", "register", seated=True)


def seated(exercise: Exercise, **pin: str) -> Client:
    client = Client()
    seat = playing.seat(exercise, "KZ-REGISTRY")
    client.post("/sit/", {"seat": seat.pk, **pin})
    return client


def status(client: Client, exercise: Exercise) -> int:
    return client.get(f"/x/{exercise.pk}/KZ-REGISTRY/flights/").status_code


def test_a_session_made_before_the_pin_or_by_another_is_worth_nothing(
    demo: Any, exercise: Exercise
) -> None:
    early = seated(exercise)
    assert status(early, exercise) == 200

    demo.DEMO_PIN = "471100"
    assert status(early, exercise) == 302
    assert status(seated(exercise), exercise) == 302
    late = seated(exercise, pin="471100")
    assert status(late, exercise) == 200

    demo.DEMO_PIN = "471101"
    assert status(late, exercise) == 302


def test_a_guest_without_a_pin_and_a_person_who_joined_come_by_the_pin_as_well(demo: Any) -> None:
    guest, joined, word = Client(), Client(), "kedi miyav"
    guest.get("/practise/")
    guest.post("/practise/", {})
    joined.post("/join/", {"name": "Ayşe", "word": word})
    teacher = Client()
    user = get_user_model().objects.create_user("teacher", password="chalk and board")
    teacher.post("/", {"username": user.username, "password": "chalk and board"})

    demo.DEMO_PIN = "471100"

    assert joined.get("/me/").status_code == 302
    assert "_auth_user_id" not in guest.session
    assert teacher.get("/me/").status_code == 200  # a password was asked


@pytest.mark.parametrize(
    "facts",
    [{"username": "root", "is_superuser": True}, {"username": "imported"}],
    ids=["superuser", "imported"],
)
def test_an_account_without_a_password_is_offered_to_nobody(
    demo: Any, exercise: Exercise, facts: dict[str, Any]
) -> None:
    user = get_user_model()(**facts)
    user.set_unusable_password()
    user.save()
    seat = playing.seat(exercise, "KZ-SECURITY")
    playing.conduct_seat(exercise, seat, holder=user.username)

    assert facts["username"] not in body(Client().get("/"))
    assert Client().post("/sit/", {"seat": seat.pk}).status_code == 404


def test_the_whole_cast_is_offered(demo: Any, exercise: Exercise) -> None:
    held = {seat.holder.username for seat in exercise.seats.all() if seat.holder}
    assert held <= stories.cast_names()
    solo = playing.whole("demo")
    assert {
        seat.holder.username for seat in solo.seats.all() if seat.holder
    } <= stories.cast_names()


def test_the_admin_changes_what_somebody_is_called_and_never_the_user_name(
    exercise: Exercise, admin_client: Client
) -> None:
    user: User = get_user_model().objects.get(username="kz-registry")
    page = f"/admin/auth/user/{user.pk}/change/"
    form = admin_client.get(page)

    assert 'name="username"' not in body(form)
    facts = {"date_joined_0": "2026-09-01", "date_joined_1": "06:00:00", "is_active": "on"}
    admin_client.post(page, facts | {"username": "renamed", "first_name": "Aigul"})

    user.refresh_from_db()
    assert (user.username, user.first_name) == ("kz-registry", "Aigul")
    assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []
    assert 'name="username"' in body(admin_client.get("/admin/auth/user/add/"))
