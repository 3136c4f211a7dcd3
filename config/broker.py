"""Celery's filesystem transport, with whole messages only.

Kombu's own writes a message where the worker looks for it; a worker that looks too early reads half
of it and dies. It happens within seconds when two processes share a busy core.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Write the message under another name first; a worker looks for `.<queue>.msg` only."""
        path = Path(self.data_folder_out, f"{time.monotonic_ns()}_{uuid.uuid4()}.{queue}.msg")
        draft = path.with_suffix(".draft")
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(path)


class Transport(filesystem.Transport):
    Channel = Channel
