"""Erasing a whole exercise is the one way out of the record; it leaves the others alone."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from audit import replay, verification
from audit.models import Erasure, Event
from control import actions, stories
from exercises.models import Exercise, Heartbeat
from tests import playing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return get_user_model().objects.create(username="chief")


@pytest.fixture
def played() -> Exercise:
    """Every kind of row stands in it: two rounds, a question, minutes, an aircraft that flew."""
    exercise = stories.play(stories.load("late-change"))
    Heartbeat.objects.get_or_create(exercise=exercise, defaults={"alive_at": exercise.opened_at})
    return exercise


@pytest.fixture
def other() -> Exercise:
    return playing.before("silence", "lapse")


def test_erasing_leaves_nothing_of_an_exercise_but_that_it_was_erased(
    played: Exercise, chief: User
) -> None:
    key, seq, head = played.pk, played.seq, played.head

    actions.erase(played, by=chief)

    assert not Exercise.objects.filter(pk=key).exists()
    assert not Event.objects.filter(exercise=key).exists()
    assert not Heartbeat.objects.filter(exercise=key).exists()
    assert not any(
        model._default_manager.filter(exercise=key).exists() for model in replay.row_models()
    )
    erasure = Erasure.objects.get()
    assert (erasure.exercise, erasure.seq, erasure.head) == (key, seq, head)
    assert (erasure.name, erasure.by) == (played.name, "chief")


def test_erasing_one_exercise_leaves_the_others_intact(
    played: Exercise, other: Exercise, chief: User
) -> None:
    rows = replay.stored(other)

    actions.erase(played, by=chief)

    assert replay.stored(other) == rows
    assert Event.objects.filter(exercise=other).count() == other.seq
    assert verification.faults(other) == []


def test_the_others_go_on_after_an_erasure(played: Exercise, other: Exercise, chief: User) -> None:
    actions.erase(played, by=chief)

    playing.conduct(other, "end", at=stories.load("silence").until)

    assert "lapse" in playing.verbs(other)
    assert verification.faults(other) == []


def test_events_are_not_deleted_without_an_erasure(played: Exercise) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(exercise=played).delete()

    assert verification.faults(played) == []


def test_an_erasure_lets_only_its_own_exercise_go(
    played: Exercise, other: Exercise, chief: User
) -> None:
    actions.erase(played, by=chief)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(exercise=other).delete()


def test_what_was_erased_cannot_be_forgotten(played: Exercise, chief: User) -> None:
    actions.erase(played, by=chief)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Erasure.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Erasure.objects.update(by="somebody else")


@pytest.mark.usefixtures("chief")
def test_the_command_erases_only_when_told_twice(played: Exercise) -> None:
    printed = StringIO()

    with pytest.raises(CommandError, match="Say --yes"):
        call_command("erase", played.pk, by="chief", stdout=printed)
    assert Exercise.objects.filter(pk=played.pk).exists()
    call_command("erase", played.pk, by="chief", yes=True, stdout=printed)

    assert printed.getvalue() == (
        f"EXERCISE {played.pk}, {played.name}, with {played.seq} events: erased.\n"
    )
    assert not Exercise.objects.filter(pk=played.pk).exists()


@pytest.mark.usefixtures("chief")
def test_the_command_names_what_it_does_not_know(other: Exercise) -> None:
    with pytest.raises(CommandError, match="no exercise 4711"):
        call_command("erase", 4711, by="chief", yes=True)
    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("erase", other.pk, by="nobody", yes=True)

    assert Exercise.objects.filter(pk=other.pk).exists()
