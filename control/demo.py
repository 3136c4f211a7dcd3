"""The demo exercise: there on the first start, every seat held by one fictional user."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from audit import act
from control import actions, stories
from exercises.models import Exercise, Role

USER = "demo"


def load_if_empty() -> Exercise | None:
    """Play the demo story if there is no exercise yet, and seat the demo's user everywhere."""
    if Exercise.objects.exists():
        return None
    exercise = stories.play(stories.load("demo"))
    user, is_new = get_user_model().objects.get_or_create(username=USER)
    if is_new:
        user.set_unusable_password()
        user.save()
    instructor = exercise.seats.get(role=Role.INSTRUCTOR)
    for seat in exercise.seats.order_by("pk"):
        with act.act(exercise, by=instructor) as at:
            actions.vacate(seat, by=instructor, at=at)
        with act.act(exercise, by=instructor) as at:
            actions.sit(seat, by=instructor, at=at, holder=USER)
    return exercise
