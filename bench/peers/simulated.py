"""The same 30 days in SimPy: a process a flight. Nothing is kept.

Every duty is a race between the work of a person and its deadline, as SimPy's own examples write
it; nobody works, so that each deadline is met.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import simpy

from bench.measuring import Figures, serve, spent

if TYPE_CHECKING:
    from collections.abc import Iterator


class Flight:
    def __init__(self, env: simpy.Environment, moments: list[tuple[float, str]]) -> None:
        self.env, self.moments = env, moments
        self.status, self.rung = "OPEN", 0
        self.work = env.event()

    def live(self) -> Iterator[Any]:
        for at, _verb in self.moments:
            yield self.work | self.env.timeout(at - self.env.now)
            self.rung += 1
        self.status = "OVER"


def main(options: list[str]) -> None:
    told = json.loads(Path(options[0]).read_text("utf-8"))
    ladder = [
        [(datetime.fromisoformat(at).timestamp(), verb) for at, verb in moments]
        for moments in told.values()
    ]
    start = min(moments[0][0] for moments in ladder)
    serve(lambda: play(ladder, start))


def play(ladder: list[list[tuple[float, str]]], start: float) -> Figures:
    with spent() as took:
        env = simpy.Environment(initial_time=start)
        flights = [Flight(env, moments) for moments in ladder]
        for flight in flights:
            env.process(flight.live())
        env.run()
    events = sum(flight.rung for flight in flights)
    return {
        "events": events,
        "cpu_s": took.cpu,
        "wall_s": took.wall,
        "event_cpu_ms": took.cpu / events * 1000,
        "events_per_cpu_s": events / took.cpu,
    }
