"""Two people join or sit down at once, on either database: one is first, and the other is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model

from audit import acts, verification
from control import accounts, actions, participation, stories
from exercises.models import Exercise, Person
from tests import playing
from tests.approvals.test_races import at_once, refusals

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from exercises.models import Seat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exercise() -> Exercise:
    """An exercise that lets latecomers in."""
    teacher = get_user_model().objects.create_user("teacher", password="chalk and board")
    opened = actions.open_for(teacher, "Monday's class", at=stories.load("alpha").start, solo=False)
    instructor = playing.seat(opened, "INSTRUCTOR")
    with acts.act(opened, by=instructor) as at:
        participation.let_in(opened, by=instructor, at=at)
    return opened


def sit_down(exercise: Exercise, user: User, key: str) -> Seat:
    seat = playing.seat(exercise, key)
    seat.holder = user
    with acts.act(exercise, by=seat) as at:
        return participation.take(seat, by=seat, at=at)


def test_two_people_choose_one_seat_and_one_gets_it(exercise: Exercise) -> None:
    ayse, mehmet = (accounts.join(name, "kedi miyav") for name in ("Ayşe", "Mehmet"))

    outcomes = at_once(*(partial(sit_down, exercise, one, "KZ-SECURITY") for one in (ayse, mehmet)))

    [refusal] = refusals(outcomes)
    assert "Somebody was first" in str(refusal)
    assert playing.seat(exercise, "KZ-SECURITY").holder in (ayse, mehmet)
    assert playing.verbs(exercise).count("take") == 1
    assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []


def test_one_person_at_two_browsers_gets_one_seat(exercise: Exercise) -> None:
    ayse = accounts.join("Ayşe", "kedi miyav")

    keys = ("KZ-SECURITY", "KZ-DECIDER")
    outcomes = at_once(*(partial(sit_down, exercise, ayse, key) for key in keys))

    assert len(refusals(outcomes)) == 1
    assert exercise.seats.filter(holder=ayse).count() == 1


def test_two_people_of_one_name_and_one_has_it() -> None:
    def join(word: str) -> object:
        try:
            return accounts.join("Ayşe", word)
        except accounts.WrongWord as wrong:
            return wrong

    outcomes = at_once(partial(join, "kedi miyav"), partial(join, "kopek hav"))

    assert sum(isinstance(one, accounts.WrongWord) for one in outcomes) == 1
    assert Person.objects.count() == 1


def test_two_instructors_move_one_person_and_one_is_told(exercise: Exercise) -> None:
    sit_down(exercise, accounts.join("Ayşe", "kedi miyav"), "KZ-SECURITY")
    instructor = playing.seat(exercise, "INSTRUCTOR")

    def move(to: str) -> Seat:
        seat = playing.seat(exercise, "KZ-SECURITY")
        with acts.act(exercise, by=instructor) as at:
            return participation.move(seat, by=instructor, at=at, to=to)

    outcomes = at_once(partial(move, "KZ-DECIDER"), partial(move, "TR-PLANNER"))

    assert len(refusals(outcomes)) == 1
    assert exercise.seats.exclude(holder=None).count() == 2
