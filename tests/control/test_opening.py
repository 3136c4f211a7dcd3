"""A new exercise from the front door."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

import rules
from audit import verification
from books import calendars
from control import actions
from exercises.models import Exercise, Help, Pace, Role
from tests.browsing import body

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 7, 6, tzinfo=UTC)

MONDAY = {
    "name": "Monday's class",
    "start": "2026-09-07 06:00",
    "agreement": "TR-KZ",
    "help": "OPEN",
}


@pytest.fixture
def instructor(client: Client) -> Client:
    user = get_user_model().objects.create_user("teacher", password="chalk", is_staff=True)
    client.force_login(user)
    return client


def test_whoever_opens_an_exercise_is_its_instructor(
    instructor: Client, settings: Settings
) -> None:
    settings.DEMO = False

    answer = instructor.post("/open/", MONDAY)

    exercise = Exercise.objects.get()
    assert answer.headers["Location"] == f"/x/{exercise.pk}/INSTRUCTOR/"
    held = exercise.seats.exclude(holder=None)
    assert [seat.role for seat in held] == [Role.INSTRUCTOR]
    assert verification.faults(exercise) == []


def test_alone_one_person_holds_every_seat_and_time_runs_step_by_step(instructor: Client) -> None:
    instructor.post("/open/", MONDAY | {"solo": "on"})

    exercise = Exercise.objects.get()
    assert exercise.solo
    assert exercise.pace == Pace.STEP
    assert not exercise.seats.filter(holder=None).exists()


def test_a_help_that_yaml_took_for_no_is_refused() -> None:
    with pytest.raises(ValueError, match="False is not a valid Help"):
        actions.create("In an exam", at=AT, help_shown=False)  # type: ignore[arg-type]


def test_an_exercise_pins_what_it_is_opened_with(instructor: Client) -> None:
    instructor.post("/open/", MONDAY | {"agreement": "AZ-UZ", "help": "AFTER"})

    exercise = Exercise.objects.get()
    assert (exercise.agreement, exercise.agreement_version) == ("AZ-UZ", "1")
    assert exercise.rules_version == rules.LATEST
    assert exercise.calendar_version == calendars.LATEST
    assert exercise.help == Help.AFTER
    assert {seat.state for seat in exercise.seats.all()} == {"AZ", "UZ", ""}
    assert verification.faults(exercise) == []


def test_an_exercise_under_a_proposal_says_so_on_every_page(instructor: Client) -> None:
    offered = body(instructor.get("/open/"))
    instructor.post("/open/", MONDAY | {"agreement": "XL-XV", "solo": "on"})

    exercise = Exercise.objects.get()
    assert "XL-XV: Proposal, in force nowhere: Military transport" in offered
    for path in ("INSTRUCTOR/control/", "XV-PLANNER/flights/new/", "XL-REGISTRY/flights/"):
        said = body(instructor.get(f"/x/{exercise.pk}/{path}"))
        assert "under a proposal" in said
        assert "Lurania" in said


@pytest.mark.parametrize(("item", "said"), [("agreement", "XX-YY"), ("help", "SOME")])
def test_an_agreement_or_a_help_that_there_is_not_is_named(
    instructor: Client, item: str, said: str
) -> None:
    answer = instructor.post("/open/", MONDAY | {item: said})

    assert answer.status_code == 422
    assert f"{said} is not one of the available choices" in answer.text
    assert not Exercise.objects.exists()


@pytest.mark.parametrize("start", ["", "next week", "1999-01-04 06:00", "2028-12-31 06:00"])
def test_a_start_that_cannot_be_counted_from_is_named_and_nothing_is_lost(
    instructor: Client, start: str
) -> None:
    answer = instructor.post("/open/", MONDAY | {"start": start})

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "Monday&#x27;s class" in answer.text
    assert not Exercise.objects.exists()


def test_only_staff_opens_an_exercise_outside_a_demo(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    client.force_login(get_user_model().objects.create_user("pupil", password="pen"))

    assert client.post("/open/", MONDAY).status_code == 403
    client.logout()
    assert client.post("/open/", MONDAY).status_code == 302
    assert not Exercise.objects.exists()
