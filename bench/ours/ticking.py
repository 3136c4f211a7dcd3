"""One tick over many exercises."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bench.measuring import Figures, serve, spent
from bench.ours.due import recorded, reset
from control.tasks import tick


def main(options: list[str]) -> None:
    serve(play)


def play() -> Figures:
    """Measure the first tick, which does what is due, and the next, which finds nothing."""
    reset()
    before = recorded()
    first = measured("tick")
    done = recorded() - before
    return first | measured("idle") | {"events": done}


def measured(name: str) -> Figures:
    statements: list[str] = []

    def note(execute: Any, sql: str, *told: Any) -> Any:
        statements.append(sql)
        return execute(sql, *told)

    with spent(connection) as took, connection.execute_wrapper(note):
        tick()
    return {
        f"{name} cpu_ms": took.cpu * 1000,
        f"{name} wall_ms": took.wall * 1000,
        f"{name} queries": len(statements),
    }
