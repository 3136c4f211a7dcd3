"""The web server: `python -m config.web HOST PORT`, until SIGTERM or Ctrl-C.

Waitress takes a whole request in before a thread works on it, so whoever sends one byte and then
nothing holds a socket and no thread.
"""

import signal
import sys
from typing import TYPE_CHECKING, Any

import waitress

from config.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

LIMITS: dict[str, Any] = {
    "threads": 4,
    "connection_limit": 500,  # each may hold a second file for a long body: 1024 are usual
    "channel_timeout": 30,  # seconds without a byte, after which a connection is closed
    "cleanup_interval": 5,  # seconds between looking for those
    "max_request_body_size": 3 * 2**20,  # bytes; Django takes 2.5 MB
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,  # HTTPS says whether X-Forwarded-Proto is believed
}


def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
    """Say whether threads are free, without Django: whoever watches us asks for `/alive`."""
    if environ["PATH_INFO"] == "/alive":
        start_response("204 No Content", [])
        return []
    return application(environ, start_response)


def main(host: str, port: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # requests under way are finished
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    waitress.serve(answer, listen=listen, **LIMITS)


if __name__ == "__main__":
    main(*sys.argv[1:])
