"""Clients that send a byte and then nothing hold up nobody but themselves."""

from __future__ import annotations

import socket
import urllib.request
from contextlib import ExitStack
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


@pytest.mark.parametrize("sent", [ONE_BYTE, ONE_BYTE[:20]], ids=["body", "head"])
def test_the_site_answers_beside_250_clients_that_stall(
    simulate: Callable[..., Simulation], sent: bytes
) -> None:
    simulation = simulate(HTTPS="off")
    address = simulation.until("READY").split()[-1]
    place = urlsplit(address)

    with ExitStack() as stalled:
        for _ in range(250):
            client = socket.create_connection((place.hostname, place.port))
            stalled.enter_context(client).sendall(sent)
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
            assert page.status == 200
        simulation.process.terminate()
        said = simulation.rest()

    assert simulation.process.wait() == 0, said
    assert simulation.processes() == {}
