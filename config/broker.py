"""Celery's filesystem transport, with whole messages only.

Kombu's own writes a message where the worker looks for it; a worker that looks too early reads half
of it and dies. It happens within seconds when two processes share a busy core. One that cannot be
read ends the worker as well, again after each restart.
"""

import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import KombuError
from kombu.serialization import loads as decoded
from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "config.redis_broker:Transport"

JSON = {"application/json"}
TOO_MUCH = (RecursionError, KombuError)

logger = logging.getLogger(__name__)


class Unreadable(Exception):  # noqa: N818 - it says what a message is
    """No task can be read from it; the text says why."""


class Channel(filesystem.Channel):
    """Messages lie in a folder; which queue takes them every process says by itself.

    What is no message of a task is set aside into the folder `aside` beside theirs, which no
    start empties, and named once.
    """

    supports_fanout = False
    get_table = virtual.Channel.get_table
    _delete = virtual.Channel._delete

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Write the message under another name first; a worker looks for `.<queue>.msg` only."""
        path = Path(self.data_folder_out, f"{time.monotonic_ns()}_{uuid.uuid4()}.{queue}.msg")
        draft = path.with_suffix(".draft")
        try:
            draft.write_text(dumps(payload), encoding="utf-8")
            draft.rename(path)
        except OSError:  # a full disk: nothing of it stays
            draft.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, **kwargs: Any) -> Any:  # type: ignore[override]
        """Take the oldest message of a queue; whoever removes its file has it."""
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            try:
                payload = self.read(path)
                path.unlink()
            except FileNotFoundError:  # another worker was first
                continue
            except (Unreadable, OSError) as error:
                set_aside(path, error)
            else:
                return payload
        raise Empty

    def read(self, path: Path) -> Any:
        """Return a message as it lies in a file.

        Raises `Unreadable` if no task can be read from it, `OSError` if the file cannot be.
        """
        text = path.read_bytes()
        try:
            payload = loads(text.decode())
            message = virtual.Message(payload, channel=self)
            args, kwargs, embed = decoded(
                message.body, message.content_type, message.content_encoding, accept=JSON
            )
            parts = (args, list), (kwargs, dict), (embed, dict), (message.delivery_info, dict)
            names = (message.headers["task"], str), (message.headers["id"], str)
        except (ValueError, TypeError, LookupError, AttributeError, *TOO_MUCH) as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        if not all(isinstance(it, kind) for it, kind in (*parts, *names)):
            raise Unreadable("no task")
        return payload


class Transport(filesystem.Transport):
    Channel = Channel


_named: set[Path] = set()


def set_aside(path: Path, why: Exception) -> None:
    """Put away what cannot be read, and say so; what cannot be put away is named once."""
    aside = path.parent.with_name("aside")
    try:
        aside.mkdir(mode=0o700, exist_ok=True)
        path.rename(aside / f"{uuid.uuid4()}-{path.name}")
    except OSError as error:
        if path not in _named:
            _named.add(path)
            logger.error("%s cannot be read (%s), nor set aside (%s).", path, why, error)
    else:
        logger.error("%s cannot be read (%s): set aside into %s.", path.name, why, aside)
