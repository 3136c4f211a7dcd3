"""Overflight as `make run` starts it: real processes, in a folder and at a port of their own."""

import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

KEY = "known-to-all-tests-and-to-everybody-who-reads-them-here"


class Simulation:
    """A `manage.py simulate` with a folder and a port of its own, and no demo to load.

    Nothing here is timed: what never comes is waited for until somebody stops the tests.
    """

    def __init__(
        self, var: Path, *, stdin: int = subprocess.DEVNULL, room: int | None = None, **env: str
    ) -> None:
        self.var = var
        env = {"VAR_DIR": str(var), "PORT": "0", "SECRET_KEY": KEY} | env
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "simulate"],
            cwd=ROOT,
            env=kept | env,
            stdin=stdin,
            preexec_fn=None if room is None else partial(_leave_room, room),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until(self, wanted: str) -> str:
        """Read on until a line holds these words."""
        assert self.process.stdout
        said = []
        for line in self.process.stdout:
            said.append(line)
            if wanted in line:
                return line
        pytest.fail(f"It never said {wanted!r}:\n{''.join(said)}")

    def rest(self) -> str:
        assert self.process.stdout
        return self.process.stdout.read()

    def processes(self) -> dict[int, str]:
        """Every living process that has our folder in its environment, and its command."""
        mark = f"VAR_DIR={self.var}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes()
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
            except OSError:  # it ended meanwhile, or is somebody else's
                continue
        return found

    def child(self, words: str) -> int:
        """The oldest process whose command holds these words."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def close(self) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):  # it ends with the one that was killed before it
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def _leave_room(room: int) -> None:
    """Let no file grow beyond so many bytes: a full disk, but for the name of the fault."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
