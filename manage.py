#!/usr/bin/env python
"""Django's command line for Overflight."""

import os
import sys
from pathlib import Path

#: Bytes that are to be free before Python keeps what it compiled.
ROOM = 2**25


def spare_a_full_disk() -> None:
    """Keep nothing compiled on a disk that is nearly full.

    Python may write half a file there, and from then on every start breaks off at it.
    """
    room = os.statvfs(Path(__file__).parent)
    if room.f_bavail * room.f_frsize < ROOM:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # for what is started from here
        sys.dont_write_bytecode = True


if __name__ == "__main__":
    spare_a_full_disk()
    from config.__main__ import main  # it compiles what it finds

    main()
