"""Two hundred clients that stall, trickle, read nothing or say nothing; others read pages beside.

python -m tests.chaos slow --times 200
"""

from __future__ import annotations

import socket
import statistics
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from bench.ours.seats import Browser, Heard
from tests.chaos.scene import household, kept, prepare, say, stage

if TYPE_CHECKING:
    from argparse import Namespace

#: So many pages are read beside them.
PAGES = 40

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nCookie: overflight_csrf=" + b"a" * 32 + b"\r\n"
TYPE = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"

#: What each kind of client says at once; those of the first two go on byte by byte.
KINDS = {
    "a head that trickles": HEAD,
    "a body that trickles": HEAD + TYPE,
    "an answer that nobody reads": b"GET /sop/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20,
    "nothing": b"",
}
TRICKLING = 2


def run(asked: Namespace) -> int:
    """Let so many clients be slow; say what the others met, and return how many met nothing."""
    prepare()
    exercise, host = stage(1)
    home = household()
    reader = Browser(home.ports[0], exercise, "INSTRUCTOR", Heard())
    reader.base = f"/x/{exercise.pk}/{host}-DEFENCE/"
    with kept(home), ExitStack() as clients:
        alone = read(reader)
        ended = threading.Event()
        slow: list[list[socket.socket]] = [[] for _kind in KINDS]
        for number in range(asked.times):
            kind = number % len(KINDS)
            client = clients.enter_context(socket.create_connection(("127.0.0.1", reader.port)))
            slow[kind].append(client)
            client.sendall([*KINDS.values()][kind])
        trickling = threading.Thread(target=trickle, args=(slow[:TRICKLING], ended))
        trickling.start()
        beside = read(reader)
        ended.set()
        trickling.join()
    answers = reader.heard.answers
    missed = 2 * PAGES - answers["page 2xx"]
    say(f"{asked.times} slow clients ({', '.join(KINDS)}): {PAGES} pages beside them")
    say(f"  median {median(beside)} ms, worst {worst(beside)} ms")
    say(f"  alone: median {median(alone)} ms, worst {worst(alone)} ms; {missed} not answered")
    return missed


def read(reader: Browser) -> list[float]:
    """Read pages; return how long each took, in seconds."""
    found = []
    for _page in range(PAGES):
        started = time.perf_counter()
        reader.ask("page", "flights/1/")
        found.append(time.perf_counter() - started)
    return found


def trickle(kinds: list[list[socket.socket]], ended: threading.Event) -> None:
    """Send one byte on each line now and then; some of them have been closed meanwhile."""
    while not ended.wait(0.5):
        for client in [one for kind in kinds for one in kind]:
            with suppress(OSError):
                client.send(b"x")


def median(seconds: list[float]) -> int:
    return round(statistics.median(seconds) * 1000)


def worst(seconds: list[float]) -> int:
    return round(max(seconds) * 1000)
