"""Keys in files: each is kept whole or not at all, and only we may read it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def keep(path: Path, key: str) -> None:
    """Write a key that is not there yet; of two who do so at once the first one's stays.

    Under another name first: the file is whole or not there. Raises `OSError`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # of mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        _put(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _put(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    except OSError:  # a disk without links: a memory stick
        draft.rename(path)
