"""Thousands due in the same second: what the tick does until nothing is left."""

from __future__ import annotations

import os

from django.db import connection
from django.db.models import Sum

from audit.models import Event
from bench import databases
from bench.measuring import Figures, peak_memory, serve, spent
from control.tasks import tick
from exercises import clock
from exercises.models import Exercise, Heartbeat


def main(options: list[str]) -> None:
    idle = peak_memory()
    serve(lambda: play(idle))


def play(idle: float) -> Figures:
    reset()
    before = recorded()
    with spent(connection) as took:
        while True:
            known = recorded()
            tick()
            if recorded() == known:
                break
    events = Event.objects.exclude(case="").iterator()
    told = [(one.exercise_id, one.case) for one in events if one.verb.startswith("escalate")]
    done = recorded() - before
    if not done == len(told) == len({*told}):
        raise RuntimeError(f"{done} happened, {len({*told})} flights were escalated.")
    return {
        "events": done,
        "cpu_s": took.cpu,
        "wall_s": took.wall,
        "event_cpu_ms": took.cpu / done * 1000,
        "events_per_s": done / took.wall,
        "peak_MB": peak_memory(),
        "grown_MB": peak_memory() - idle,
    }


def reset() -> None:
    """Set the database back; its exercises were looked after until this moment."""
    connection.close()
    databases.copy(os.environ["TEMPLATE_URL"], os.environ["DATABASE_URL"])
    wall = clock.wall()
    Heartbeat.objects.update(alive_at=wall, ticked_at=wall)


def recorded() -> int:
    """Return how many events all exercises have."""
    return int(Exercise.objects.aggregate(total=Sum("seq"))["total"])
