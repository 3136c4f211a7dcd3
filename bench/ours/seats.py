"""A full classroom on one web process: fifty seats that poll, five that act.

Polls ask as a browser does: every four seconds, with the tag of what they have. Who acts opens
the page of a flight and writes a minute, again and again. Real sockets, real transactions.
"""

from __future__ import annotations

import http.client
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from audit.models import Event
from bench.measuring import Figures, serve
from bench.processes import cpu_of
from exercises.models import Exercise

if TYPE_CHECKING:
    from collections.abc import Iterator

POLLED = (
    ("KZ-REGISTRY", "flights/live/"),
    ("KZ-AIR_DEFENCE", "flights/1/live/"),
    ("TR-PLANNER", "flights/1/live/"),
    ("KZ-OPERATIONS", "flight-day/live/"),
    ("INSTRUCTOR", "control/live/"),
)
POLLERS = 50

#: Flights at the desks: whoever acts has one.
ACTED = (1, 6, 9, 11, 16)
EVERY_SECONDS = 4
PATIENCE_SECONDS = 30
CSRF = "b" * 32


@dataclass
class Heard:
    """What all clients together were answered."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, answer: str) -> None:
        with self.lock:
            self.seconds.setdefault(kind, []).append(seconds)
            self.answers[f"{kind} {answer}"] += 1


class Browser:
    """One person at one seat."""

    def __init__(self, port: int, exercise: Exercise, seat: str, heard: Heard) -> None:
        self.port, self.heard = port, heard
        self.base = f"/x/{exercise.pk}/{seat}/"
        self.cookies = f"{session(exercise, seat)}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        self.tags: dict[str, str] = {}

    def ask(self, kind: str, address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request and return status and page; a status of 0 is no answer in time."""
        headers = (
            {"Cookie": self.cookies, "HX-Request": "true"}
            if kind == "poll"
            else {"Cookie": self.cookies}
        )
        if kind == "poll" and address in self.tags:
            headers["If-None-Match"] = self.tags[address]
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": CSRF})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        status, page = 0, ""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            line.request("GET" if form is None else "POST", self.base + address, body, headers)
            response = line.getresponse()
            status, page = response.status, response.read().decode()
            if tag := response.getheader("ETag"):
                self.tags[address] = tag
        except (OSError, http.client.HTTPException):  # cut off, perhaps in mid-answer
            status, page = 0, ""
        finally:
            line.close()
        answer = "no answer" if status == 0 else f"{status // 100}xx"
        self.heard.note(kind, time.perf_counter() - started, answer)
        return status, page


def main(options: list[str]) -> None:
    seconds = int(options[0])
    exercise = Exercise.objects.get()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "config.web", "127.0.0.1", str(port)]
    web = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_open(port)
        serve(lambda: play(exercise, port, web.pid, seconds))
    finally:
        web.terminate()
        web.wait()


def play(exercise: Exercise, port: int, web: int, seconds: int) -> Figures:
    """Let one person alone use it, then a full class; return what both met."""
    alone, full = Heard(), Heard()
    classroom(exercise, port, Heard(), seconds=2, pollers=len(POLLED), actors=1)
    classroom(exercise, port, alone, seconds=seconds / 3, pollers=0, actors=1)
    before, cpu = minutes(exercise), cpu_of(web)
    classroom(exercise, port, full, seconds=seconds, pollers=POLLERS, actors=len(ACTED))
    used = cpu_of(web) - cpu
    lost = full.answers["act 3xx"] - (minutes(exercise) - before)
    found = {f"{kind} p95_ms": p95(times) for kind, times in full.seconds.items()}
    found |= {f"{kind} idle p95_ms": p95(times) for kind, times in alone.seconds.items()}
    return found | {
        "polls": len(full.seconds.get("poll", [])),
        "acts": full.answers["act 3xx"],
        "5xx": sum(count for said, count in full.answers.items() if said.endswith("5xx")),
        "4xx": sum(count for said, count in full.answers.items() if said.endswith("4xx")),
        "no answer": sum(count for said, count in full.answers.items() if "no answer" in said),
        "lost acts": max(lost, 0),
        "web cpu_s": used,
    }


def classroom(
    exercise: Exercise, port: int, heard: Heard, *, seconds: float, pollers: int, actors: int
) -> None:
    until = time.monotonic() + seconds
    people = [
        threading.Thread(
            target=poll,
            args=(Browser(port, exercise, seat, heard), address, number, until),
        )
        for number in range(pollers)
        for seat, address in [POLLED[number % len(POLLED)]]
    ]
    people += [
        threading.Thread(
            target=act, args=(Browser(port, exercise, "KZ-DEFENCE", heard), ACTED[number], until)
        )
        for number in range(actors)
    ]
    connection.close()
    for person in people:
        person.start()
    for person in people:
        person.join()


def poll(browser: Browser, address: str, number: int, until: float) -> None:
    time.sleep(EVERY_SECONDS * number / POLLERS)
    while time.monotonic() < until:
        started = time.monotonic()
        browser.ask("poll", address)
        time.sleep(max(0.0, EVERY_SECONDS - (time.monotonic() - started)))


def act(browser: Browser, number: int, until: float) -> None:
    """Read the page of a flight for a second, write a minute, follow to the page."""
    while time.monotonic() < until:
        status, page = browser.ask("page", f"flights/{number}/")
        if status == 200:
            form = dict(fields(page, "do/minute/")) | {"text": "Seen.", "once": str(uuid.uuid4())}
            browser.ask("act", f"flights/{number}/do/minute/", form)
        time.sleep(1)


def fields(page: str, ending: str) -> Iterator[tuple[str, str]]:
    """Give the hidden fields of the form whose address ends so."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if f'{ending}"' in form:
            for field_ in re.findall(r"<input[^>]*>", form):
                told = dict(re.findall(r'(\w+)="([^"]*)"', field_))
                if told.get("type") == "hidden":
                    yield told["name"], told.get("value", "")
            return


def session(exercise: Exercise, seat: str) -> str:
    """Sign the holder of a seat in and return the cookie."""
    holder = exercise.seats.get(ref=f"seat/{seat}").holder
    if holder is None:
        raise RuntimeError(f"Nobody sits at {seat}.")
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(holder.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = holder.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def minutes(exercise: Exercise) -> int:
    events = Event.objects.filter(exercise=exercise, seq__gt=exercise.seq)
    return sum(event.verb == "minute" for event in events)


def until_open(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def p95(seconds: list[float]) -> float:
    """Return the time in ms that one in twenty exceeds."""
    return statistics.quantiles(seconds, n=20)[-1] * 1000 if len(seconds) > 1 else seconds[0] * 1000
