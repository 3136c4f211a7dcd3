"""Everything that an installation runs, on this machine, to be broken piece by piece.

On SQLite what `make run` starts; on PostgreSQL two web, three worker and two beat processes beside
a Redis. The product's own supervisor keeps them.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from control.management.commands import simulate
from control.supervisor import PLAN, Plan
from tests.services import redis_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
WEBS, WORKERS, BEATS = 2, 3, 2


def small() -> tuple[dict[str, list[str]], list[int]]:
    """Return what runs on one laptop, by name, and the ports of its web processes."""
    port = simulate.address("127.0.0.1", "0")[1]
    return simulate.commands("127.0.0.1", port), [port]


def large(redis: Path) -> tuple[dict[str, list[str]], list[int]]:
    """Return what runs at an academy, by name, and the ports of its web processes."""
    ports = [simulate.address("127.0.0.1", "0")[1] for _ in range(WEBS)]
    web, worker, beat = simulate.commands("127.0.0.1", 0).values()
    commands = {"redis": redis_at(redis)}
    commands |= {f"web{n}": [*web[:-1], str(port)] for n, port in enumerate(ports, 1)}
    commands |= {
        f"worker{n}": [*worker, "--hostname", f"worker{n}@here"] for n in range(1, WORKERS + 1)
    }
    commands |= {f"beat{n}": beat for n in range(1, BEATS + 1)}
    return commands, ports


@dataclass
class Household:
    """Processes under a supervisor, each found by its name."""

    commands: Mapping[str, list[str]]
    ports: list[int]
    env: Mapping[str, str]
    log: Path
    gave_up: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] = field(init=False)
    is_wanted: bool = False

    def start(self) -> None:
        """Start it, and return once a page is answered."""
        plan = Plan(self.commands, f"http://127.0.0.1:{self.ports[0]}", "", self.signs())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "control.supervisor"],
            cwd=ROOT,
            env={**self.env, PLAN: json.dumps(asdict(plan))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.is_wanted = True
        ready = threading.Event()
        threading.Thread(target=self.listen, args=(ready,), daemon=True).start()
        ready.wait()

    def listen(self, ready: threading.Event) -> None:
        """Keep what is said, until all of it has ended."""
        process = self.process
        said = process.stdout
        assert said
        with self.log.open("ab") as log:
            for line in said:
                log.write(line)
                log.flush()
                if line.startswith(b"READY"):
                    ready.set()
        ready.set()
        if self.is_wanted and self.process is process:
            self.gave_up()

    def signs(self) -> dict[str, str]:
        """Return where each process shows that it lives, but Redis."""
        folder = self.log.parent / "alive"
        folder.mkdir(exist_ok=True)
        found = {name: str(folder / name) for name in self.commands if name != "redis"}
        webs = [name for name in self.commands if name.startswith("web")]
        answering = [f"http://127.0.0.1:{port}/healthz" for port in self.ports]
        return found | dict(zip(webs, answering, strict=True))

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return its exit code."""
        self.is_wanted = False
        self.process.send_signal(signal.SIGINT)
        return self.process.wait()

    def kill(self) -> None:
        """End all of it at once."""
        self.is_wanted = False
        pids = self.pids()
        self.process.kill()
        for pid in pids.values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def pids(self) -> dict[str, int]:
        """Return the living processes of the plan by name; of those alike, in their order."""
        names: dict[str, list[str]] = {}
        for name, command in self.commands.items():
            names.setdefault("\0".join(command), []).append(name)
        found: dict[str, int] = {}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in children.read_text("ascii").split():
            with suppress(OSError):
                alike = names.get(Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0"))
                if alike:
                    found[alike.pop(0)] = int(pid)
        return found

    def lives(self, name: str) -> bool:
        """Say whether a process has shown that it works since it was last killed."""
        sign = self.signs().get(name, "")
        if not sign.startswith("http:"):
            return not sign or Path(sign).exists()
        with socket.socket() as asking:
            place = urlsplit(sign)
            return asking.connect_ex((str(place.hostname), place.port)) == 0

    def end(self, name: str) -> bool:
        """Kill a process of the plan at once; say whether it was there."""
        sign = self.signs().get(name, "")
        was_there = self.send(name, signal.SIGKILL)
        if sign.startswith("/"):
            Path(sign).unlink(missing_ok=True)
        return was_there

    def send(self, name: str, number: signal.Signals) -> bool:
        """Send a signal to a process of the plan; say whether it was there."""
        pid = self.pids().get(name)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False
