"""Starting: `manage.py` on its own, and the whole product until it says READY, with its memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measuring import Figures, serve
from bench.processes import cpu_of, memory_of
from bench.running import ROOT


def main(options: list[str]) -> None:
    serve(play)


def play() -> Figures:
    with tempfile.TemporaryDirectory() as var:
        found = command() | ready(Path(var), "first")
        return found | ready(Path(var), "again")


def command() -> Figures:
    """Start a command that sets Django up and does nothing."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "verify_audit", "--help"], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return {"manage.py cpu_ms": (used.ru_utime + used.ru_stime) * 1000}


def ready(var: Path, name: str) -> Figures:
    """Start everything in a folder, wait for READY, and stop it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "simulate"],
        cwd=ROOT,
        env=kept | {"VAR_DIR": str(var), "PORT": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout  # noqa: S101 - a pipe was asked for
    try:
        while "READY" not in (line := process.stdout.readline()):
            if not line:
                raise RuntimeError("simulate ended before it was ready.")
        passed = time.perf_counter() - started
        time.sleep(5)  # the worker and beat are up as well
        return {
            f"{name} ready_s": passed,
            f"{name} cpu_s": cpu_of(process.pid),
            f"{name} tree MB": memory_of(process.pid),
            f"{name} supervisor MB": memory_of(process.pid, alone=True),
        }
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
