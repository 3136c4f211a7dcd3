"""Letting 30 days pass over an exercise full of open flights, by a jump of the instructor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import timedelta

from django.db import connection

from audit import acts
from audit.models import Event
from bench import databases
from bench.measuring import Figures, serve, spent
from control import actions
from exercises.models import Exercise, Role

JUMP = timedelta(days=30)


def main(options: list[str]) -> None:
    """Jump in each round; with `meanwhile`, while somebody acts in the same exercise.

    With `ladder`, write once what happened to each flight when.
    """
    if options == ["ladder"]:
        exercise = Exercise.objects.get()
        start = exercise.seq
        jump(exercise)
        json.dump(ladder(exercise, start), sys.stdout)
    else:
        serve(play_meanwhile if options == ["meanwhile"] else play)


def reset() -> None:
    connection.close()
    databases.copy(os.environ["TEMPLATE_URL"], os.environ["DATABASE_URL"])


def play() -> Figures:
    reset()
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


def play_meanwhile() -> Figures:
    """Jump while another process acts, which lets time pass as well: who has the lock, works."""
    reset()
    command = [sys.executable, "-m", "bench.ours", "acting"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin  # noqa: S101 - pipes were asked for
        assert other.stdout  # noqa: S101
        other.stdout.readline()
        other.stdin.write("\n")
        other.stdin.flush()
        started = time.perf_counter()
        exercise = Exercise.objects.get()
        jump(exercise)
        passed = time.perf_counter() - started
        said, _ = other.communicate("\n")
    told: Figures = json.loads(said)
    return {f"act {name}": value for name, value in told.items()} | {"wall_s": passed}


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
