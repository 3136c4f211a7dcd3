"""The key kept in `VAR_DIR`: whole, or refused."""

import os
from pathlib import Path

#: Django asks for as many characters.
SHORTEST = 50


class BrokenKey(Exception):  # noqa: N818 - it says what was found
    """The file holds no whole key; the text says what to do."""


def read(path: Path) -> str:
    """Return the key kept in a file, empty if there is none that we may read.

    Raises `BrokenKey` for a file that holds less than a key.
    """
    if not os.access(path, os.R_OK):
        return ""
    key = path.read_bytes().decode(errors="replace").strip()
    if len(key) < SHORTEST:
        raise BrokenKey(
            f"{path} holds no whole key ({len(key)} characters of at least {SHORTEST}): remove it,"
            " and the next start makes a new one."
        )
    return key
