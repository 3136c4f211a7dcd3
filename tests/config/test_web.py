"""The web server behind a proxy and without one; clients that trickle."""

from __future__ import annotations

import select
import socket
from typing import TYPE_CHECKING, Any

import pytest
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from config import web
from config.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment


def client(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An application that answers from where it is asked, and over what."""
    return [f"{environ['REMOTE_ADDR']} {environ['HTTP_X_FORWARDED_PROTO']}".encode()]


@pytest.mark.parametrize(
    ("proxied", "seen"), [(web.BEHIND_A_PROXY, "203.0.113.7"), ({}, "127.0.0.1")]
)
def test_the_address_of_the_client_is_that_which_the_proxy_saw(
    proxied: dict[str, Any], seen: str
) -> None:
    """Guesses at a PIN are counted by it; without a proxy nobody may choose theirs."""
    server: Any = create_server(client, listen="127.0.0.1:0", **web.LIMITS, **proxied)
    request = {
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "HTTP_X_FORWARDED_PROTO": "https",
    }

    (told,) = server.application(request, None)
    server.close()

    assert told.decode() == f"{seen} https"


@pytest.mark.parametrize("patience", [-1, 3600])
def test_who_trickles_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    monkeypatch.setattr(web, "PATIENCE", patience)
    monkeypatch.setattr(BaseWSGIServer, "channel_class", web.Channel)
    loop: Any = {}
    server: Any = create_server(application, map=loop, listen="127.0.0.1:0", threads=1)

    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b"G")
        for _ in range(6):
            wasyncore.loop(timeout=0, map=loop, count=1, use_poll=True)
        said = select.select([client], [], [], 0)[0]
    server.task_dispatcher.shutdown()
    wasyncore.close_all(map=loop)

    assert bool(said) == (patience < 0)
