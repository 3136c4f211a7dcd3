"""One move of a whole lifecycle: story alpha through the real verbs."""

from __future__ import annotations

from django.db import connection

from bench.measuring import Figures, serve, spent
from control import stories

#: Whole lifecycles in one round.
FLIGHTS = 4


def main(options: list[str]) -> None:
    story = stories.load("alpha")

    def play() -> Figures:
        exercises = [stories.stage(story) for _ in range(FLIGHTS)]
        with spent(connection) as took:
            for exercise in exercises:
                for line in story.acts:
                    stories.perform(exercise, line)
        moves = FLIGHTS * len(story.acts)
        return {"cpu_ms": took.cpu / moves * 1000, "wall_ms": took.wall / moves * 1000}

    play()
    serve(play)
