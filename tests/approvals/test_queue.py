"""Open work: who owes which step now, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import decision, questions
from audit import acts
from casework.work import open_work
from control import actions, stories
from exercises.models import Exercise, Help
from tests import playing
from transit.models import FlightRequest

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from casework.steps import Task
    from exercises.models import Seat

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

SECOND = timedelta(seconds=1)


def owed(exercise: Exercise, at: datetime | None = None) -> set[tuple[str, str]]:
    """Return which seat owes which duty."""
    tasks = open_work(exercise, at or exercise.last_at)
    return {(f"{task.state}-{task.role}", task.duty.code) for task in tasks}


def seat_work(seat: Seat, at: datetime) -> list[Task]:
    """Return what a seat owes."""
    return [task for task in open_work(seat.exercise, at) if task.is_of(seat)]


@pytest.mark.parametrize(
    ("story", "verb", "expected"),
    [
        ("alpha", "prepare", set()),
        ("alpha", "request_release", {("TR-PLANNER", "draft")}),
        ("alpha", "release", {("TR-RELEASE", "release")}),
        ("alpha", "transmit", {("TR-ATTACHE", "transmission")}),
        ("alpha", "register", {("KZ-REGISTRY", "registration")}),
        (
            "alpha",
            "concur",
            {(f"KZ-{desk}", "desk") for desk in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION")},
        ),
        ("alpha", "authorize", {("KZ-DECIDER", "decision")}),
        ("alpha", "reply", {("KZ-REGISTRY", "reply")}),
        ("alpha", "check_plan", set()),
        ("alpha", "exit", {("KZ-OPERATIONS", "exit")}),
        ("alpha", "report", {("TR-ATTACHE", "report")}),
        ("alpha", "close", {("KZ-DEFENCE", "closure")}),
        ("returned", "revise", {("TR-PLANNER", "completion")}),
        ("mirror", "register", {("TR-REGISTRY", "registration")}),
    ],
)
def test_the_next_step_is_owed_by_one_side(
    story: str, verb: str, expected: set[tuple[str, str]]
) -> None:
    exercise = playing.before(story, verb)
    at = next(line["at"] for line in stories.load(story).acts if line["do"] == verb)
    opened = at if verb == "exit" else exercise.last_at

    assert owed(exercise, opened) == expected


def test_a_desk_without_a_seat_is_work_of_the_lead_desk() -> None:
    exercise = playing.before("landing", "enter_answer")

    tasks = seat_work(playing.seat(exercise, "KZ-DEFENCE"), exercise.last_at)

    assert {task.row.desk for task in tasks} == {"CUSTOMS", "BORDER"}


def test_a_movement_is_work_from_its_opening_on() -> None:
    exercise = playing.before("alpha", "check_plan")
    opens_at = FlightRequest.objects.get(exercise=exercise).movements.get().opens_at
    assert opens_at is not None

    assert owed(exercise, opens_at - SECOND) == set()
    assert owed(exercise, opens_at) == {("KZ-OPERATIONS", "flight_plan")}


def test_a_question_is_work_of_the_attache_and_not_of_the_desk_that_waits() -> None:
    exercise = playing.before("late-change", "answer")
    asking = FlightRequest.objects.get(exercise=exercise).questions.get().desk

    assert ("TR-ATTACHE", "question") in owed(exercise)
    assert (f"KZ-{asking}", "desk") not in owed(exercise)


def test_a_secret_refusal_leaves_the_attache_the_question_and_its_date() -> None:
    exercise = playing.before("late-change", "answer")
    attache = playing.seat(exercise, "TR-ATTACHE")
    decider = playing.seat(exercise, "KZ-DECIDER")
    (before,) = seat_work(attache, exercise.last_at)
    with acts.act(exercise, by=decider) as at:
        decision.refuse(before.row.flight, by=decider, at=at, ground="ROUTE", reasons="Closed.")

    (after,) = seat_work(attache, exercise.last_at)

    assert (after.row, after.due_at) == (before.row, before.due_at)
    assert owed(exercise) == {("TR-ATTACHE", "question"), ("KZ-REGISTRY", "reply")}


def test_a_supplement_is_work_of_planner_and_release_officer_then_of_the_attache() -> None:
    exercise = playing.before("alpha", "concur")
    flight = FlightRequest.objects.get(exercise=exercise)
    planner, release = (playing.seat(exercise, f"TR-{role}") for role in ("PLANNER", "RELEASE"))
    with acts.act(exercise, by=planner) as at:
        questions.begin_supplement(flight, by=planner, at=at)

    drafting = {seat for seat, duty in owed(exercise) if duty == "supplement"}
    with acts.act(exercise, by=release) as at:
        questions.release_supplement(flight, by=release, at=at)
    released = {seat for seat, duty in owed(exercise) if duty == "supplement"}

    assert drafting == {"TR-PLANNER", "TR-RELEASE"}
    assert released == {"TR-ATTACHE"}


def test_least_time_left_is_first_and_what_has_no_date_is_last() -> None:
    exercise = stories.play(stories.load("demo"))

    dates = [task.due_at for task in open_work(exercise, exercise.last_at)]

    known = [date for date in dates if date]
    assert known == sorted(known)
    assert dates == known + [None] * (len(dates) - len(known))


def test_a_finished_exercise_owes_nothing() -> None:
    for name in ("alpha", "silence", "refused"):
        story = stories.load(name)
        assert open_work(stories.play(story), story.until) == []


def test_it_takes_the_same_few_questions_however_much_is_owed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    few = playing.before("alpha", "concur")
    many = stories.play(stories.load("demo"))

    for exercise in (few, many):
        with django_assert_num_queries(15):
            for task in open_work(exercise, exercise.last_at):
                assert task.case.reference
                assert task.role
                assert task.case.agreement


def test_the_list_takes_as_many_queries_for_many_flights_as_for_few(
    client: Client,
) -> None:
    few = playing.before("alpha", "concur", seated=True)
    many = playing.before("demo", "nothing", seated=True)
    client.force_login(get_user_model().objects.get(username="instructor"))
    taken = []
    for exercise in (few, many):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/x/{exercise.pk}/KZ-DEFENCE/flights/live/")
        assert answer.status_code == 200
        taken.append(len(queries))

    assert taken[0] == taken[1]


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("concur", "TR-PLANNER/flights/live/"),
        ("check_plan", "KZ-OPERATIONS/flight-day/live/"),
    ],
)
def test_however_the_product_helps_no_row_of_a_list_asks_on_its_own(
    client: Client, verb: str, path: str
) -> None:
    few, many = side_by_side(1, verb), side_by_side(3, verb)
    client.force_login(get_user_model().objects.get(username="instructor"))
    for shown in Help:
        Exercise.objects.update(help=shown)
        taken = []
        for exercise in (few, many):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"/x/{exercise.pk}/{path}")
            assert answer.status_code == 200
            taken.append(len(queries))
        assert taken[0] == taken[1], shown
    assert answer.content.count(b"HVK4821") >= 3


def side_by_side(count: int, verb: str) -> Exercise:
    """Play the story `alpha` with so many flights, up to `verb`; each has its own aircraft."""
    story = stories.load("alpha")
    exercise = actions.create(story.title, at=story.start, then=stories.seat_cast)
    for line in story.acts:
        if line["do"] == verb:
            break
        for number in range(1, count + 1):
            details = dict(line.get("with", {}))
            if "form" in details:
                details["form"] = details["form"] | {"registration": f"99-020{number}"}
            if "note_number" in details:
                details["note_number"] += f"/{number}"
            stories.perform(exercise, line | {"flight": number, "with": details})
    return exercise
