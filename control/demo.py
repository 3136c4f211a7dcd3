"""The demo exercise: there on the first start, every seat held by one fictional user."""

from __future__ import annotations

from control import stories
from exercises.models import Exercise


def load_if_empty() -> Exercise | None:
    """Play the demo story if there is no exercise yet; it stays open for people to go on."""
    if Exercise.objects.exists():
        return None
    return stories.play(stories.load("demo"))
