"""Thousands due in the same second, as messages of Celery with an ETA, on Redis.

Wall time counts from that second to the last effect; CPU and memory are the worker's with its
children, from the publishing on, since taking all messages into memory is part of the way.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from django.db import connection

from bench.measuring import Figures, serve
from bench.peers.timers.celery import app
from bench.peers.timers.models import Entry, Flight
from bench.peers.timers.tasks import ring
from bench.processes import cpu_of, memory_of

#: How many messages are published in a second, at the least.
PUBLISHED = 700


def main(options: list[str]) -> None:
    count = int(options[0])
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "bench.peers.timers.celery"]
    worker = subprocess.Popen(
        [*command, "worker", "--concurrency", "2", "--loglevel", "ERROR"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not app.control.ping(timeout=1):
            pass
        serve(lambda: play(count, worker.pid))
    finally:
        worker.terminate()
        worker.wait()


def play(count: int, worker: int) -> Figures:
    Entry.objects.all().delete()
    Flight.objects.all().delete()
    cases = [f"TR-KZ-{number:05d}" for number in range(count)]
    Flight.objects.bulk_create([Flight(case=case) for case in cases])
    before, idle = cpu_of(worker), memory_of(worker)
    due = datetime.now(UTC) + timedelta(seconds=5 + count / PUBLISHED)
    for case in cases:
        ring.apply_async((case, due.isoformat()), eta=due)
    left = (due - datetime.now(UTC)).total_seconds()
    if left < 0:
        raise RuntimeError("Publishing took longer than the timers had.")
    time.sleep(left)
    peak = 0.0
    while Entry.objects.count() < count:
        peak = max(peak, memory_of(worker))
        time.sleep(0.05)
    wall = (datetime.now(UTC) - due).total_seconds()
    connection.close()
    peak = max(peak, memory_of(worker))
    return {
        "events": count,
        "cpu_s": cpu_of(worker) - before,
        "wall_s": wall,
        "events_per_s": count / wall,
        "peak_MB": peak,
        "grown_MB": peak - idle,
    }
