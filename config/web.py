"""The web server: `python -m config.web HOST PORT`, until SIGTERM or Ctrl-C.

Waitress takes a whole request in before a thread works on it, so whoever sends one byte and then
nothing holds a socket and no thread. Two things it leaves to us: a client that sends a byte now and
then is never silent, and those who wait to write can hold every thread.
"""

from __future__ import annotations

import signal
import sys
import time
from typing import Any

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher

from config.wsgi import application

#: How many pages are made at once, and how many forms are worked on beside them.
THREADS = 8

#: Seconds in which a client sends one whole request, or reads one answer, however it trickles.
PATIENCE = 120

#: With more connections than this the one that has been waiting longest makes room for a new one.
CROWDED = 400

#: What is only read; everything else may wait to write.
READING = ("GET", "HEAD", "OPTIONS")

LIMITS: dict[str, Any] = {
    "connection_limit": 500,  # each may hold a second file for a long body: 1024 are usual
    "channel_timeout": 30,  # seconds without a byte, after which a connection is closed
    "cleanup_interval": 5,  # seconds between looking for those
    "max_request_header_size": 2**16,  # bytes
    "max_request_body_size": 3 * 2**20,  # bytes; Django takes 2.5 MB
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,  # HTTPS says whether X-Forwarded-Proto is believed
}

#: Behind a proxy: whom it saw, so that one who guesses at a PIN locks out nobody else.
BEHIND_A_PROXY: dict[str, Any] = {
    "trusted_proxy": "*",  # HTTPS=on believes whoever reaches us: the proxy alone
    "trusted_proxy_headers": {"x-forwarded-for"},
}


class Channel(HTTPChannel):
    """A connection that gives way to others when its client keeps it waiting."""

    def __init__(self, server: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, *args, **kwargs)
        self.since = time.monotonic()
        crowd = server.active_channels.values()
        if len(crowd) > CROWDED:
            waiting = [one for one in crowd if one.waits and not one.will_close]
            min(waiting, key=lambda one: one.since).will_close = True

    @property
    def waits(self) -> bool:
        """Say whether it is the client's turn: to send a request, or to read on."""
        return not self.requests or self.total_outbufs_len > self.adj.outbuf_high_watermark

    def readable(self) -> bool:
        """Say whether to read on. Asked every second at least; ends what has waited too long."""
        if self.waits and time.monotonic() - self.since > PATIENCE:
            self.will_close = True
        return bool(super().readable())

    def received(self, data: bytes) -> bool:
        """Take in what was sent. A whole request begins the time to read its answer."""
        taken = bool(super().received(data))
        if self.requests:
            self.since = time.monotonic()
        return taken

    def service(self) -> None:
        """Answer a request, in a thread."""
        super().service()
        self.since = time.monotonic()


class Dispatcher(ThreadedTaskDispatcher):
    """Threads for reading, and others for writing: who waits to write keeps nobody from reading.

    On SQLite one writes at a time, and each waits for up to 20 seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.writing = ThreadedTaskDispatcher()
        for threads in (self, self.writing):
            threads.set_thread_count(THREADS)

    def add_task(self, channel: Any) -> None:
        """Let a thread answer the next request of a connection."""
        if getattr(channel.requests[0], "command", "GET") in READING:
            super().add_task(channel)
        else:
            self.writing.add_task(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Let what is under way end; what waits is not begun."""
        written = self.writing.shutdown(cancel_pending, timeout)
        return super().shutdown(cancel_pending, timeout) and written


def main(host: str, port: str) -> None:
    """Serve until a signal; requests under way are finished."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    BaseWSGIServer.channel_class = Channel
    limits = LIMITS | (BEHIND_A_PROXY if settings.HTTPS else {})
    server = create_server(application, _dispatcher=Dispatcher(), listen=listen, **limits)
    server.print_listen("Serving on http://{}:{}")
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
