"""Exercises in which role-players sit, for tests of what they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from audit import acts
from audit.models import Event
from casework import kinds
from control import actions
from exercises.models import HOST_ROLES, REQUESTER_ROLES, Exercise
from tests import playing

START = datetime(2026, 9, 1, 6, tzinfo=UTC)
ENTRY = datetime(2026, 9, 14, 7, tzinfo=UTC)

OVER = ENTRY + timedelta(days=20)

SEATS = [f"{state}-{role}" for state in ("TR", "KZ") for role in (*REQUESTER_ROLES, *HOST_ROLES)]


def cast(*but: str, profile: str = "careful") -> dict[str, str]:
    return {key: profile for key in SEATS if key not in but}


def begun(side: str = "TR", *, seed: int = 7, **facts: Any) -> Exercise:
    """An exercise with role-players and one flight that a person prepared."""
    exercise = actions.create("Alone", at=START, seed=seed, **({"cast": cast()} | facts))
    planner = playing.seat(exercise, f"{side}-PLANNER")
    with acts.act(exercise, by=planner) as at:
        kinds.doors()["prepare"](
            exercise, by=planner, at=at, **playing.prepared(side, entry_at=ENTRY)
        )
    exercise.refresh_from_db()
    return exercise


def run(exercise: Exercise, *, until: datetime, steps: int = 1) -> None:
    for step in range(1, steps + 1):
        to = START + (until - START) * step / steps
        playing.conduct(exercise, "jump", to=to.replace(microsecond=0))
        acts.let_time_pass(exercise)
    exercise.refresh_from_db()


def moves(exercise: Exercise) -> list[tuple[str, str]]:
    """Who did what, but for conduct."""
    events = Event.objects.filter(exercise=exercise).in_order()
    return [(event.seat, event.verb) for event in events if event.seat not in ("", "INSTRUCTOR")]
