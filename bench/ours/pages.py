"""Pages of one exercise as the test client gets them: CPU and queries of each."""

from __future__ import annotations

import logging
from typing import Any

from django.db import connection
from django.test import Client

from bench.measuring import Figures, serve, spent
from exercises.models import Exercise

#: Pages by name: whose seat, and the address below it. Flight 1 is at the desks.
PAGES = {
    "queue": ("KZ-REGISTRY", "flights/"),
    "case": ("KZ-AIR_DEFENCE", "flights/1/"),
    "status": ("TR-PLANNER", "flights/1/"),
    "flight day": ("KZ-OPERATIONS", "flight-day/"),
    "panel": ("INSTRUCTOR", "control/"),
    "record": ("INSTRUCTOR", "record/"),
}

#: A round renders a page until so much CPU is spent on it, or so often.
ENOUGH_SECONDS, OFTEN = 0.3, 20


def main(options: list[str]) -> None:
    logging.disable(logging.WARNING)
    exercise = Exercise.objects.get()

    def play() -> Figures:
        found: Figures = {}
        for name, (seat, address) in PAGES.items():
            found |= measured(exercise, seat, address, name=name)
        return found

    for seat, address in PAGES.values():
        get(signed_in(exercise, seat), exercise, seat, address)
    serve(play)


def measured(exercise: Exercise, seat: str, address: str, *, name: str) -> Figures:
    """Get a page again and again; return CPU, queries and size of one."""
    client = signed_in(exercise, seat)
    cpu = wall = 0.0
    times = size = 0
    statements: list[str] = []

    def note(execute: Any, sql: str, *told: Any) -> Any:
        statements.append(sql)
        return execute(sql, *told)

    while cpu < ENOUGH_SECONDS and times < OFTEN:
        with spent(connection) as took, connection.execute_wrapper(note):
            size = len(get(client, exercise, seat, address))
        cpu, wall, times = cpu + took.cpu, wall + took.wall, times + 1
    return {
        f"{name} cpu_ms": cpu / times * 1000,
        f"{name} wall_ms": wall / times * 1000,
        f"{name} queries": len(statements) / times,
        f"{name} kB": size / 1000,
    }


def get(client: Client, exercise: Exercise, seat: str, address: str) -> bytes:
    response = client.get(f"/x/{exercise.pk}/{seat}/{address}")
    if response.status_code != 200:
        raise RuntimeError(f"{address} for {seat}: {response.status_code}")
    return response.content


def signed_in(exercise: Exercise, seat: str) -> Client:
    """Return a client of whoever holds a seat."""
    client = Client()
    holder = exercise.seats.get(ref=f"seat/{seat}").holder
    if holder is None:
        raise RuntimeError(f"Nobody sits at {seat}.")
    client.force_login(holder)
    return client
