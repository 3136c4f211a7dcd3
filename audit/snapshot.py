"""Reading a database as it stands at one moment, whatever others write meanwhile."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import OperationalError, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let what is read inside be of one moment; nothing waits for it, and it waits for nobody.

    Inside a transaction, or another snapshot, it is that one. Nothing may be written.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        connection.ensure_connection()
        if connection.connection.in_transaction:
            yield
            return
        # Django's own would be immediate: it takes the lock of those who write, and cannot be had
        # of a file that is only to be read.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                if connection.connection.in_transaction:
                    cursor.execute("ROLLBACK")


def allow_reading_only(connection: BaseDatabaseWrapper) -> None:
    """Prepare to open a copy of an SQLite file where nothing can be written.

    SQLite opens a file in WAL mode only with two files beside it. Where they cannot be made, and
    are not there, nobody else has it open and everything stands in the file itself. Raises
    `OperationalError` where a part of it lies beside that cannot be read there.
    """
    if connection.vendor != "sqlite" or connection.connection is not None:
        return
    path = Path(connection.settings_dict["NAME"])
    if not path.is_file() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return
    log, index, journal = (
        path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal")
    )
    if log.exists() and not index.exists():
        raise OperationalError(
            f"{log.name} lies beside it, and nothing can be written here: copy both to where you "
            "may write, and verify them there."
        )
    if not (log.exists() or index.exists() or journal.exists()):
        name = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        connection.settings_dict = connection.settings_dict | {"NAME": name}
