"""Half an hour of a busy academy, in which something is killed every twenty seconds.

    python -m tests.services python -m tests.chaos soak --minutes 30 --exercises 20

Keeps how much memory is used as a table.
"""

from __future__ import annotations

import csv
import threading
from typing import TYPE_CHECKING

from bench.processes import memory_of
from tests.chaos.scene import scene, told

if TYPE_CHECKING:
    from argparse import Namespace

#: Seconds between two kills, and between two acts of one person.
EVERY, THINKING = 20, 3


def run(asked: Namespace) -> int:
    """Let it run for so long; say what was found, and return how much of it is wrong."""
    with scene(asked.exercises, asked.seed, pause=THINKING) as now, asked.curve.open("w") as file:
        table = csv.writer(file)
        table.writerow(["second", "MB", "acknowledged"])
        for turn in range(1, round(asked.minutes * 60 / EVERY) + 1):
            threading.Event().wait(EVERY)
            used = memory_of(now.household.process.pid)
            table.writerow([turn * EVERY, round(used), len(now.ledger.acknowledged)])
            file.flush()
            now.household.end(now.rng.choice([*now.household.commands]))
            now.done["kill"] += 1
            now.kills += 1
    return told(now)
