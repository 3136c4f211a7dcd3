"""Real processes: what is started together ends together, however it ends."""

import asyncio
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

import pytest

from control.supervisor import PLAN, RESTARTS, Plan, Supervisor
from tests.simulation import ROOT, Simulation

pytestmark = pytest.mark.once


def ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [])[0])


def test_a_signal_stops_everything_in_order(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate()
    simulation.until("READY")

    simulation.process.send_signal(signal.SIGINT)

    said = simulation.rest()
    assert simulation.process.wait() == 0, said
    assert simulation.processes() == {}


def supervised(code: str) -> subprocess.Popen[str]:
    """Start the supervisor with two small programs of this code in place of ours."""
    commands = {name: [sys.executable, "-c", code] for name in ("worker", "beat")}
    plan = Plan(commands, "http://127.0.0.1:1/", "", {})
    return subprocess.Popen(
        [sys.executable, "-m", "control.supervisor"],
        env=os.environ | {PLAN: json.dumps(asdict(plan)), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


STAYS = "import signal; print('here', flush=True); signal.pause()"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_do_so_too(number: signal.Signals) -> None:
    with supervised(STAYS) as process:
        assert process.stdout
        both = {process.stdout.readline(), process.stdout.readline()}
        assert both == {"worker| here\n", "beat| here\n"}

        process.send_signal(number)

        assert process.stdout.read() == ""
    assert process.returncode == 0


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


def test_a_killed_child_is_started_again(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate()
    simulation.until("READY")

    for name, words in (("web", "config.web"), ("worker", "config worker")):
        os.kill(simulation.child(words), signal.SIGKILL)

        simulation.until(f"{name} died (exit code -9); restart 1 of {RESTARTS}.")
        simulation.until(f"{name}| ")
    simulation.process.terminate()
    simulation.rest()
    assert simulation.process.wait() == 0
    assert simulation.processes() == {}


SIGNS_ONCE_AND_HANGS = """
import signal
from control import alive
print("here", flush=True)
alive.sign()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
signal.pause()
"""

HEARS_NOTHING = "import signal; signal.pause()"


def said_until(
    line: str,
    times: int,
    *,
    code: str,
    sign: Path,
    silent_seconds: float = 60,
    start_seconds: float = 60,
) -> list[str]:
    """Keep a worker until a line was said so often; return all that was said."""
    said: list[str] = []

    async def hear_it() -> None:
        enough = asyncio.Event()

        def hear(heard: str) -> None:
            said.append(heard)
            if said.count(line) == times:
                enough.set()

        supervisor.say = hear
        keeping = asyncio.create_task(supervisor.keep("worker"))
        hearing = asyncio.create_task(enough.wait())
        await asyncio.wait({keeping, hearing}, return_when=asyncio.FIRST_COMPLETED)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    supervisor = Supervisor(
        {"worker": [sys.executable, "-c", code]},
        env=dict(os.environ),
        say=print,
        signs={"worker": str(sign)},
        look_seconds=0.05,
        grace_seconds=0.1,
        silent_seconds=silent_seconds,
        start_seconds=start_seconds,
    )
    asyncio.run(hear_it())
    return said


def test_a_child_that_hangs_is_found_by_its_silence_and_replaced(tmp_path: Path) -> None:
    said = said_until(
        "worker| here", 2, code=SIGNS_ONCE_AND_HANGS, sign=tmp_path / "worker", silent_seconds=0.2
    )

    assert said == [
        "worker| here",
        "worker left no sign of life for 0.2 s: replaced.",
        "worker| here",
    ]


def test_a_worker_whose_broker_is_away_is_replaced_for_ever(tmp_path: Path) -> None:
    """It gets no message and so leaves no sign, from its start on: it is not hopeless."""
    line, often = "worker left no sign of life for 0.05 s: replaced.", RESTARTS + 2

    said = said_until(line, often, code=HEARS_NOTHING, sign=tmp_path / "worker", start_seconds=0.05)

    assert said == [line] * often


def test_what_is_no_message_stops_neither_a_start_nor_a_worker(
    simulate: Callable[..., Simulation], tmp_path: Path
) -> None:
    messages = tmp_path / "var" / "broker" / "messages"
    (messages / "0.celery.msg" / "folder").mkdir(parents=True)
    (messages.parent / "control").mkdir()
    (messages.parent / "control" / "celery.exchange").write_text("?")
    simulation = simulate()
    simulation.until("celery@")
    worker = simulation.child("config worker")

    for number, written in enumerate(["?", "null", '{"headers": {}}'] * 3):
        (messages / f"{number}.celery.msg").write_text(written)
        said = simulation.until(f"{number}.celery.msg cannot be read (")
        assert said.startswith("worker| ")

    assert simulation.child("config worker") == worker


def test_a_hopeless_child_is_given_up_on_and_the_others_are_stopped(tmp_path: Path) -> None:
    """Whichever comes first stays; the other dies at every start."""
    first = tmp_path / "first"
    code = f"import pathlib, sys; pathlib.Path({str(first)!r}).touch(exist_ok=False); {STAYS}"

    with supervised(code) as process:
        assert process.stdout
        *_said, given_up = process.stdout.read().splitlines()

    assert re.fullmatch(
        rf"(worker|beat) died again after {RESTARTS} restarts \(exit code 1\)\."
        r" Everything has been stopped\.",
        given_up,
    )
    assert process.returncode == 1


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
