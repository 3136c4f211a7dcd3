"""What processes use: CPU and memory of a program with all that it started. Linux only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """Return a process and all that it started, as far as they live."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except FileNotFoundError:
        return []
    return [process, *(one for child in children for one in family(int(child)))]


def cpu_of(process: int) -> float:
    """Return the seconds of CPU that a process and its living children used."""
    total = 0
    for one in family(process):
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory_of(process: int, *, alone: bool = False) -> float:
    """Return the memory of a process and its children in MB; what they share counts once."""
    total = 0
    for one in [process] if alone else family(process):
        with suppress(FileNotFoundError, ProcessLookupError):
            told = Path(f"/proc/{one}/smaps_rollup").read_text("ascii")
            total += next(int(row.split()[1]) for row in told.splitlines() if row[:4] == "Pss:")
    return total / 1024
