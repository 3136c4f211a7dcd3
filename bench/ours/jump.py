"""Letting 30 days pass over an exercise full of open flights, by a jump of the instructor."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta

from django.db import connection

from audit import act as acts
from audit.models import Event
from bench import databases
from bench.measuring import Figures, serve, spent
from control import actions
from exercises.models import Exercise, Role

JUMP = timedelta(days=30)


def main(options: list[str]) -> None:
    """Jump in each round; with `ladder`, write once what happened to each flight when."""
    if options == ["ladder"]:
        exercise = Exercise.objects.get()
        start = exercise.seq
        jump(exercise)
        json.dump(ladder(exercise, start), sys.stdout)
    else:
        serve(play)


def play() -> Figures:
    connection.close()
    databases.copy(os.environ["TEMPLATE_URL"], os.environ["DATABASE_URL"])
    exercise = Exercise.objects.get()
    with spent(connection) as took:
        events = jump(exercise)
    return {
        "events": events,
        "cpu_s": took.cpu,
        "wall_s": took.wall,
        "event_cpu_ms": took.cpu / events * 1000,
        "events_per_cpu_s": events / took.cpu,
    }


def jump(exercise: Exercise) -> int:
    """Let 30 days pass and return how much happened."""
    instructor = exercise.seats.get(role=Role.INSTRUCTOR)
    with acts.act(exercise, by=instructor) as at:
        actions.jump(exercise, by=instructor, at=at, to=at + JUMP)
    return acts.let_time_pass(exercise)


def ladder(exercise: Exercise, start: int) -> dict[str, list[list[str]]]:
    """Return the moments at which something happened, and what, by flight."""
    found: dict[str, list[list[str]]] = {}
    for event in Event.objects.filter(exercise=exercise, seq__gt=start).in_order():
        if event.case:
            found.setdefault(event.case, []).append([json.loads(event.content)["at"], event.verb])
    return found
