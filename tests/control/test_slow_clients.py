"""Clients that send a byte and then nothing hold up nobody but themselves."""

from __future__ import annotations

import select
import socket
import sqlite3
import urllib.request
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation import Simulation

pytestmark = pytest.mark.once

#: Django asks for the body of a form whose cookie is there, to find the token in it.
ONE_BYTE = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nCookie: overflight_csrf=" + b"a" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nx"
)


def sent_to(address: str, sent: bytes) -> socket.socket:
    """Open a connection and send something on it."""
    place = urlsplit(address)
    client = socket.create_connection((place.hostname, place.port))
    client.sendall(sent)
    return client


def test_the_site_answers_beside_250_clients_that_stall(
    simulate: Callable[..., Simulation],
) -> None:
    """In the body or in the head; nor do they keep it from ending."""
    simulation = simulate(HTTPS="off")
    address = simulation.until("READY").split()[-1]

    for sent, and_ends in ((ONE_BYTE, False), (ONE_BYTE[:20], True)):
        with ExitStack() as stalled:
            for _ in range(250):
                stalled.enter_context(sent_to(address, sent))
            with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
                assert page.status == 200
            if and_ends:
                simulation.process.terminate()
                said = simulation.rest()

    assert simulation.process.wait() == 0, said
    assert simulation.processes() == {}


#: What joins by name, as a browser sends it.
JOINING = b"name=Aigerim+%d&word=some+word&pin=1234&csrfmiddlewaretoken=" + b"a" * 32


def test_neither_who_waits_to_write_nor_a_crowd_that_says_nothing_shuts_others_out(
    simulate: Callable[..., Simulation],
) -> None:
    """A dozen posts and a locked SQLite; then more connections than are allowed, of one byte."""
    simulation = simulate(HTTPS="off", DEMO_PIN="1234", ALLOWED_HOSTS="127.0.0.1")
    address = simulation.until("READY").split()[-1]
    head = ONE_BYTE.partition(b"Content-Length")[0].replace(b"POST /", b"POST /join/")
    head = head.replace(b"localhost", urlsplit(address).netloc.encode())

    with ExitStack() as held:
        database = sqlite3.connect(simulation.var / "overflight.sqlite3", isolation_level=None)
        held.enter_context(closing(database)).execute("BEGIN IMMEDIATE")
        waiting = []
        for number in range(12):
            body = JOINING % number
            post = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
            waiting.append(held.enter_context(sent_to(address, post)))
        for _ in range(4):
            with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
                assert page.status == 200
        answered, _, _ = select.select(waiting, [], [], 0)
        assert answered == [], "they wait for the database still"
        database.execute("ROLLBACK")
        assert {client.recv(12) for client in waiting} == {b"HTTP/1.1 302"}

    with ExitStack() as opened:
        silent = [opened.enter_context(sent_to(address, b"G")) for _ in range(520)]
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
            assert page.status == 200
        closed, _, _ = select.select(silent, [], [], 0)
    assert 0 < len(closed) < 200
    assert closed == silent[: len(closed)], "who came first made room"

    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    with closing(sent_to(address, preface)) as client:
        assert client.recv(12) in (b"HTTP/1.0 400", b"HTTP/1.1 400")
    upgrade = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    with closing(sent_to(address, upgrade)) as client:
        assert client.recv(12) == b"HTTP/1.1 200"
