"""Signs of life: a file that whoever watches a process sees change, and a word to systemd.

A process that hangs leaves none, although it runs. `control.supervisor` names the file; systemd
names its socket where a unit has a `WatchdogSec` (sd_notify(3)).
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

#: The variable of the environment that names the file; without it nobody watches.
FILE = "ALIVE_FILE"

#: The variable in which systemd names its socket; an abstract one begins with @.
SOCKET = "NOTIFY_SOCKET"


def sign() -> None:
    """Leave a sign of life. That nobody can take it is no reason to do without the work."""
    if path := os.environ.get(FILE):
        with suppress(OSError):
            Path(path).touch(mode=0o600)
    if address := os.environ.get(SOCKET):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.setblocking(False)
            systemd.sendto(b"WATCHDOG=1", "\0" + address[1:] if address[0] == "@" else address)
