"""A client that sends a byte now and then is waited for, but not for ever."""

from __future__ import annotations

import select
import socket
from typing import Any

import pytest
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from config import web


@pytest.mark.parametrize("patience", [-1, 3600])
def test_who_trickles_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    monkeypatch.setattr(web, "PATIENCE", patience)
    monkeypatch.setattr(BaseWSGIServer, "channel_class", web.Channel)
    loop: Any = {}
    server: Any = create_server(web.answer, map=loop, listen="127.0.0.1:0", threads=1)

    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b"G")
        for _ in range(6):
            wasyncore.loop(timeout=0, map=loop, count=1, use_poll=True)
        said = select.select([client], [], [], 0)[0]
    server.task_dispatcher.shutdown()
    wasyncore.close_all(map=loop)

    assert bool(said) == (patience < 0)
