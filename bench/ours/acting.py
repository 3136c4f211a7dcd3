"""Somebody who acts while time passes: writes a minute again and again until told to stop."""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time

from django.db import OperationalError

from approvals import minutes
from audit import acts
from exercises.models import Exercise
from transit.models import FlightRequest


def main(options: list[str]) -> None:
    """Begin at a line on standard input, end at the next; say how long the acts took."""
    exercise = Exercise.objects.get()
    print("ready", flush=True)
    sys.stdin.readline()
    stopped = threading.Event()

    def listen() -> None:
        sys.stdin.readline()
        stopped.set()

    threading.Thread(target=listen, daemon=True).start()
    seconds: list[float] = []
    busy = 0
    while not stopped.is_set():
        started = time.perf_counter()
        try:
            write(exercise)
        except OperationalError:
            busy += 1
        seconds.append(time.perf_counter() - started)
        time.sleep(0.2)
    median = statistics.median(seconds)
    found = {"acts": len(seconds), "busy": busy}
    print(json.dumps(found | {"longest_ms": max(seconds) * 1000, "median_ms": median * 1000}))


def write(exercise: Exercise) -> None:
    """Write a minute on flight 1, as its page would have it written."""
    seat = exercise.seats.get(ref="seat/KZ-DEFENCE")
    flight = FlightRequest.objects.get(exercise=exercise, number=1)
    with acts.act(exercise, by=seat) as at:
        minutes.minute(flight, by=seat, at=at, text="Seen.")
