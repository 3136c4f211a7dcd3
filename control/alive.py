"""Signs of life: a file that whoever watches a process sees change.

A process that hangs leaves none, although it runs. `control.supervisor` names the file.
"""

import os
from contextlib import suppress
from pathlib import Path

#: The variable of the environment that names the file; without it nobody watches.
FILE = "ALIVE_FILE"


def sign() -> None:
    """Leave a sign of life. A full disk is no reason to do without the work."""
    if path := os.environ.get(FILE):
        with suppress(OSError):
            Path(path).touch(mode=0o600)
