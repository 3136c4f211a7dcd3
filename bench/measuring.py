"""One measurement: CPU and wall time around a piece of work, given to the runner line by line.

A worker sets up once, says so, and does one round for each line that it reads. So the runner can
take turns between workers: what else the machine does meets all of them alike.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What one round found: figures by name. A name ends with its unit.
Figures = dict[str, float]


@dataclass
class Spent:
    """Seconds that a piece of work took: on the processors, and on the wall."""

    cpu: float = 0.0
    wall: float = 0.0


@contextmanager
def spent(connection: Any = None) -> Iterator[Spent]:
    """Measure what is done inside.

    CPU is that of this process and, if `connection` of Django is to PostgreSQL, that of the server
    process which serves it: otherwise the database's part would be seen on SQLite alone.
    """
    backend = _backend(connection)
    found = Spent()
    cpu, wall = time.process_time() + _cpu_of(backend), time.perf_counter()
    yield found
    found.wall = time.perf_counter() - wall
    found.cpu = time.process_time() + _cpu_of(backend) - cpu


def peak_memory() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serve(play: Callable[[], Figures]) -> None:
    """Do one round for each line on standard input."""
    print(json.dumps("ready"), flush=True)
    for _ in sys.stdin:
        print(json.dumps(play()), flush=True)


def _backend(connection: Any) -> int | None:
    if connection is None or connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu_of(process: int | None) -> float:
    if process is None:
        return 0.0
    nanoseconds = Path(f"/proc/{process}/schedstat").read_text("ascii").split()[0]
    return int(nanoseconds) / 1e9
