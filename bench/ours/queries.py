"""Queries of each act of story alpha: what is asked from the act's first statement on.

Who acts and about what was found before it, as a page does. Savepoints are counted apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from audit.models import Event
from bench.measuring import Figures, serve
from control import stories

if TYPE_CHECKING:
    from collections.abc import Callable

#: Statements that only bound what the others do.
BOUNDS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Counter:
    """Counts the statements of an act."""

    def __init__(self) -> None:
        self.queries = self.bounds = 0
        self.is_open = False

    def __call__(self, execute: Callable[..., Any], sql: str, *told: Any) -> Any:
        self.is_open = self.is_open or connection.in_atomic_block
        if sql.startswith(BOUNDS):
            self.bounds += 1
        elif self.is_open:
            self.queries += 1
        return execute(sql, *told)


def main(options: list[str]) -> None:
    story = stories.load("alpha")

    def play() -> Figures:
        exercise = stories.stage(story)
        found: Figures = {}
        bounds = 0
        for line in story.acts:
            counter = Counter()
            with connection.execute_wrapper(counter):
                stories.perform(exercise, line)
            found[line["do"]] = max(found.get(line["do"], 0), counter.queries)
            bounds = max(bounds, counter.bounds)
        fallen_due = Event.objects.filter(exercise=exercise, case="TR-KZ-0001").count()
        if fallen_due != len(story.acts):
            raise RuntimeError("Something fell due in story alpha: its queries are counted too.")
        total = sum(found.values())
        most = max(found.values())
        return found | {"most": most, "mean": total / len(found), "savepoints": bounds}

    serve(play)
