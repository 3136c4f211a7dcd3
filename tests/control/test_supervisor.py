"""Real processes: what is started together ends together, however it ends."""

import os
import re
import select
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from control.supervisor import RESTARTS
from tests.simulation import Simulation

pytestmark = pytest.mark.once


def ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [])[0])


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
    assert len(everyone) == 4, "supervisor, web, worker, beat"
    threads = list(Path(f"/proc/{simulation.process.pid}/task").iterdir())
    assert len(threads) == 1, "the kernel would end the children once for each"

    simulation.process.kill()

    assert all(ended(pidfd) for pidfd in everyone.values())
    assert simulation.processes() == {}
    for pidfd in everyone.values():
        os.close(pidfd)


@pytest.mark.parametrize(("name", "words"), [("web", "config.web"), ("worker", "config worker")])
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
    simulation = simulate(BROKER_URL="redis+socket:///nobody?virtual_host=letters")

    given_up = simulation.until("Everything has been stopped")
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
        "VAR_DIR names /proc/overflight, where we cannot write: mend its rights, or name another.\n"
    )
    assert simulation.process.wait() == 1


def test_beyond_this_machine_the_demo_has_a_pin(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate(HOST="0.0.0.0", DEMO="on")  # noqa: S104

    simulation.until("READY http://127.0.0.1:")
    assert re.search(r"the PIN is \d{6}\.$", simulation.until("PIN"))


def test_without_a_demo_and_staff_it_shows_the_code_of_the_first_account(
    simulate: Callable[..., Simulation],
) -> None:
    simulation = simulate()
    assert "without one, set HTTPS=off" in simulation.until("HTTPS is on")
    said = simulation.until("/first-account/")
    assert re.search(r"the code is [0-9a-f]{16}\.$", said)
