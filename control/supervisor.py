"""Keeps the processes of one machine together: started, watched and stopped as one.

Knows neither Django nor Celery, and needs no memory for them: `manage.py simulate` prepares what
they need, says what to run, and becomes `python -m control.supervisor`. Linux only.
"""

import asyncio
import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from control import alive
from exercises import clock

#: A process that dies at its start, more often than this, is hopeless. One that left a sign of life
#: and lived for a while has all its restarts before it again: it may be killed for ever.
RESTARTS = 5
STEADY_SECONDS = 15
PAUSE_SECONDS = 1
GRACE_SECONDS = 12

#: A process without a sign of life for so long hangs, and is replaced; one that starts has longer.
SILENT_SECONDS = 60
START_SECONDS = 180
LOOK_SECONDS = 5
ANSWER_SECONDS = 30

LONGEST_LINE = 2**20

#: Where the plan stands in the environment, which nobody else can read: it may tell a PIN.
PLAN = "OVERFLIGHT_PLAN"

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class GaveUp(Exception):  # noqa: N818 - it says what happened
    """A process died more often than is worth trying."""


@dataclass(frozen=True)
class Plan:
    """What to run, by name, and what to say once `url` answers.

    `signs` says by name where a process shows that it lives: an address at which it answers, or a
    file that it touches, whose name it is told. What has none is not watched.
    """

    commands: Mapping[str, Sequence[str]]
    url: str
    welcome: str
    signs: Mapping[str, str] = field(default_factory=dict)


def become(plan: Plan, env: Mapping[str, str]) -> NoReturn:
    """Turn this process into the supervisor of the plan; `env` is for what it runs."""
    command = [sys.executable, "-m", "control.supervisor"]
    os.execve(sys.executable, command, {**env, PLAN: json.dumps(asdict(plan))})  # noqa: S606


def main() -> int:
    """Run the plan until a signal; return the exit code."""
    plan = Plan(**json.loads(os.environ.pop(PLAN)))

    async def announce() -> None:
        await until_answering(plan.url)
        say(f"READY {plan.url}")
        say(plan.welcome)

    try:
        supervisor = Supervisor(plan.commands, os.environ, say, plan.signs)
        asyncio.run(supervisor.run(announce()))
    except GaveUp as hopeless:
        say(f"{hopeless} Everything has been stopped.")
        return 1
    return 0


def say(line: str) -> None:
    """Write at once; a terminal that was closed is no reason to die untidily."""
    if os.environ.get("LOG_FORMAT") == "json":
        line = as_json(line)
    with contextlib.suppress(OSError):
        os.write(1, f"{line}\n".encode())


def as_json(line: str) -> str:
    """Return a line as `config.logs` writes it, which a process may have done already."""
    name, _, text = line.partition("| ")
    if text.startswith("{"):
        return text
    said = {"logger": f"supervisor.{name}", "message": text} if text else {"message": line}
    head = {"at": clock.wall().isoformat(timespec="milliseconds"), "level": "INFO"}
    return json.dumps({**head, "logger": "supervisor", **said}, ensure_ascii=False)


@dataclass
class Supervisor:
    """Runs the named commands until a signal asks it to stop, or until one of them is hopeless."""

    commands: Mapping[str, Sequence[str]]
    env: Mapping[str, str]
    say: Callable[[str], None]
    signs: Mapping[str, str]
    silent_seconds: float = SILENT_SECONDS
    start_seconds: float = START_SECONDS
    look_seconds: float = LOOK_SECONDS
    grace_seconds: float = GRACE_SECONDS
    alive: set[str] = field(default_factory=set)  # those that left a sign since they started

    async def run(self, announcing: Coroutine[Any, Any, None]) -> None:
        """Return once all has been stopped in order; `announcing` runs beside the commands."""
        stop = _asked_to_stop()
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self.keep(name)) for name in self.commands]
                tasks.append(group.create_task(announcing))
                await stop.wait()
                for task in tasks:
                    task.cancel()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def keep(self, name: str) -> None:
        """Start the command again whenever it dies, but not for ever.

        What was ended for its silence did not die: what it waits for may come back, a broker.
        """
        deaths = 0
        while True:
            started = time.monotonic()
            self.alive.discard(name)
            code = await self.watch(name)
            if code is None:
                continue
            lived = time.monotonic() - started
            worked = name in self.alive or name not in self.signs
            deaths = 1 if worked and lived > STEADY_SECONDS else deaths + 1
            if deaths > RESTARTS:
                raise GaveUp(f"{name} died again after {RESTARTS} restarts (exit code {code}).")
            self.say(f"{name} died (exit code {code}); restart {deaths} of {RESTARTS}.")
            await asyncio.sleep(PAUSE_SECONDS)

    async def watch(self, name: str) -> int | None:
        """Run the command once, pass on what it says, and leave nothing of it behind.

        Returns its exit code; None if it did not end by itself and was ended, because it hangs.
        """
        readable, writable = os.pipe()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            self.commands[name],
            env={**self.env, alive.FILE: self.signs.get(name, "")},
            stdin=subprocess.DEVNULL,
            stdout=writable,
            stderr=writable,
            start_new_session=True,
            preexec_fn=partial(_die_with, os.getpid()),
        )
        os.close(writable)
        relay = asyncio.create_task(self.relay(name, readable))
        ended = asyncio.create_task(_ended(process))
        silent = asyncio.create_task(self.until_silent(name))
        try:
            done, _ = await asyncio.wait({ended, silent}, return_when=asyncio.FIRST_COMPLETED)
            hangs = ended not in done
            if hangs:
                self.say(f"{name} left no sign of life for {self.patience(name):g} s: replaced.")
        finally:
            ended.cancel()
            silent.cancel()
            await self.end(process)
            await relay
        return None if hangs else process.returncode

    def patience(self, name: str) -> float:
        """Return how long it may be silent, in seconds: longer before its first sign of life."""
        return self.silent_seconds if name in self.alive else self.start_seconds

    async def until_silent(self, name: str) -> None:
        """Return once a process left no sign of life for too long.

        Time in which nobody looked does not count: the machine was asleep, or we were stopped.
        """
        if name not in self.signs:
            await asyncio.Event().wait()
        sign = self.signs[name]
        last, silent = await _sign(sign), 0.0
        while silent < self.patience(name):
            began = time.monotonic()
            await asyncio.sleep(self.look_seconds)
            found = await _sign(sign)
            looked = min(time.monotonic() - began, self.look_seconds + ANSWER_SECONDS)
            if found is None or found == last:
                silent += looked
            else:
                last, silent = found, 0
                self.alive.add(name)

    async def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask it to stop, insist when it does not, and sweep up what it started."""
        process.terminate()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.grace_seconds):  # wait_for may lose a cancellation
                    await _ended(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await _ended(process)

    async def relay(self, name: str, readable: int) -> None:
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(readable, "rb")
        )
        async for line in reader:
            if text := line.decode(errors="replace").rstrip():
                self.say(f"{name}| {text}")


async def until_answering(url: str) -> None:
    """Wait for the first HTTP answer, whatever it is."""
    while not await _answer(url):
        await asyncio.sleep(0.1)


async def _sign(sign: str) -> object:
    """Return what differs from one sign of life to the next; None if there is none."""
    try:
        if not sign.startswith("http:"):
            return Path(sign).stat().st_mtime_ns
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await _answer(sign)
    except (OSError, TimeoutError):
        return None
    return object() if answer else None


async def _answer(url: str) -> bytes:
    """Return the first line of an HTTP answer, whatever it says; nothing if there is none."""
    place = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
    except OSError:
        return b""
    try:
        writer.write(f"GET {place.path or '/'} HTTP/1.0\r\nHost: {place.netloc}\r\n\r\n".encode())
        return await reader.readline()
    except OSError:
        return b""
    finally:
        writer.close()


def _asked_to_stop() -> asyncio.Event:
    """Set by a signal, and by the closing of our terminal: make, above us, keeps that SIGHUP."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    if os.isatty(0):
        terminal = select.epoll()
        terminal.register(0, 0)  # its hanging up is reported though nothing is asked for

        def hung_up() -> None:
            loop.remove_reader(terminal)
            stop.set()

        loop.add_reader(terminal, hung_up)
    return stop


def _die_with(parent: int) -> None:
    """Ask the kernel, between fork and exec, to end this child when its parent is killed.

    With SIGTERM, not SIGKILL: what is under way may end.
    """
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for the exit code, without a thread.

    asyncio's own subprocesses have one thread each on Python 3.11, and a parent that is killed
    sends its children one SIGTERM for each of its threads: a second one means "at once".
    """
    if process.poll() is None:
        pidfd = os.pidfd_open(process.pid)
        readable = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(pidfd, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(pidfd)
            os.close(pidfd)
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
