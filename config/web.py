"""The web server: `python -m config.web HOST PORT`, until SIGTERM or Ctrl-C.

Waitress takes a whole request in before a thread works on it, so whoever sends one byte and then
nothing holds a socket and no thread.
"""

import signal
import sys
from typing import Any

import waitress
from django.conf import settings

from config.wsgi import application

LIMITS: dict[str, Any] = {
    "threads": 4,
    "connection_limit": 500,  # each may hold a second file for a long body: 1024 are usual
    "channel_timeout": 30,  # seconds without a byte, after which a connection is closed
    "cleanup_interval": 5,  # seconds between looking for those
    "max_request_body_size": 3 * 2**20,  # bytes; Django takes 2.5 MB
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,  # HTTPS says whether X-Forwarded-Proto is believed
}

#: Behind a proxy: whom it saw, so that one who guesses at a PIN locks out nobody else.
BEHIND_A_PROXY: dict[str, Any] = {
    "trusted_proxy": "*",  # HTTPS=on believes whoever reaches us: the proxy alone
    "trusted_proxy_headers": {"x-forwarded-for"},
}


def main(host: str, port: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # requests under way are finished
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    proxied = BEHIND_A_PROXY if settings.HTTPS else {}
    waitress.serve(application, listen=listen, **LIMITS, **proxied)


if __name__ == "__main__":
    main(*sys.argv[1:])
