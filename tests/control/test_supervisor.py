"""Real processes: what is started together ends together, however it ends."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from control.supervisor import RESTARTS

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds after which a test has failed; nothing is measured by it


class Simulation:
    """A `manage.py simulate` with a folder and a port of its own, and no demo to load."""

    def __init__(self, var: Path, *, stdin: int = subprocess.DEVNULL, **env: str) -> None:
        self.var = var
        env = {"VAR_DIR": str(var), "PORT": "0", "SECRET_KEY": "known to all tests", **env}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "simulate"],
            cwd=ROOT,
            env=kept | env,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.guard = threading.Timer(PATIENCE, self.process.kill)
        self.guard.start()

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
        self.guard.cancel()
        for pid in self.processes():
            with suppress(ProcessLookupError):  # it ends with the one that was killed before it
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], PATIENCE)[0])


@pytest.fixture
def simulate(tmp_path: Path) -> Iterator[Callable[..., Simulation]]:
    started = []

    def start(**options: Any) -> Simulation:
        started.append(Simulation(tmp_path / "var", **options))
        return started[-1]

    yield start
    for simulation in started:
        simulation.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(
    simulate: Callable[..., Simulation], number: signal.Signals
) -> None:
    simulation = simulate()
    simulation.until("READY")

    simulation.process.send_signal(number)

    said = simulation.rest()
    assert simulation.process.wait() == 0, said
    assert simulation.processes() == {}


def test_a_closed_terminal_stops_everything_too(simulate: Callable[..., Simulation]) -> None:
    window, terminal = os.openpty()
    simulation = simulate(stdin=terminal)
    os.close(terminal)
    simulation.until("READY")

    os.close(window)

    said = simulation.rest()
    assert simulation.process.wait() == 0, said
    assert simulation.processes() == {}


def test_a_killed_supervisor_leaves_nothing_behind(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate()
    simulation.until("READY")
    everyone = {pid: os.pidfd_open(pid) for pid in simulation.processes()}
    assert len(everyone) == 5, "supervisor, web, its worker, worker, beat"
    threads = list(Path(f"/proc/{simulation.process.pid}/task").iterdir())
    assert len(threads) == 1, "the kernel would end the children once for each"

    simulation.process.kill()

    assert all(ended(pidfd) for pidfd in everyone.values())
    assert simulation.processes() == {}
    for pidfd in everyone.values():
        os.close(pidfd)


@pytest.mark.parametrize(("name", "words"), [("web", "granian"), ("worker", "config worker")])
def test_a_killed_child_is_started_again(
    simulate: Callable[..., Simulation], name: str, words: str
) -> None:
    simulation = simulate()
    simulation.until("READY")

    os.kill(simulation.child(words), signal.SIGKILL)

    simulation.until(f"{name} died (exit code -9); restart 1 of {RESTARTS}.")
    simulation.until(f"{name}| ")
    simulation.process.terminate()
    simulation.rest()
    assert simulation.process.wait() == 0
    assert simulation.processes() == {}


def test_a_hopeless_child_is_given_up_on_and_the_others_are_stopped(
    simulate: Callable[..., Simulation],
) -> None:
    simulation = simulate(BROKER_URL="nowhere://")

    given_up = simulation.until("CommandError: ")
    assert re.search(
        rf"(worker|beat) died again after {RESTARTS} restarts \(exit code \d\)\."
        r" Everything has been stopped\.$",
        given_up,
    )
    assert simulation.process.wait() == 1
    assert simulation.processes() == {}


def test_a_taken_port_is_said_in_one_sentence(simulate: Callable[..., Simulation]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])

        simulation = simulate(PORT=port)

        assert simulation.rest() == (
            f"CommandError: Cannot listen on 127.0.0.1 port {port} (Address already in use):"
            " choose others with HOST and PORT.\n"
        )
        assert simulation.process.wait() == 1


def test_an_unwritable_folder_is_said_in_one_sentence(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate(VAR_DIR="/proc/overflight")

    assert simulation.rest() == (
        "Cannot write in /proc/overflight: mend its rights, or set VAR_DIR.\n"
    )
    assert simulation.process.wait() == 1


def test_beyond_this_machine_the_demo_has_a_pin(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate(HOST="0.0.0.0", DEMO="on")  # noqa: S104

    simulation.until("READY http://127.0.0.1:")
    assert re.search(r"the PIN is \d{6}\.$", simulation.until("PIN"))
