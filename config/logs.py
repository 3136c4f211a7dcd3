"""Lines of the log: text for people, or JSON for machines (`LOG_FORMAT=json`), one line each.

A line says when (UTC), how bad, who says it and what; while a request is answered also its
reference, the address that sent it, the exercise and the seat. Never a person's name, and never
what stands behind the question mark of an address.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from types import TracebackType

logger = logging.getLogger(__name__)

#: What this thread answers.
answering: ContextVar[HttpRequest | None] = ContextVar("answering", default=None)

#: What a line of the access log says besides, as fields.
FIELDS = ("method", "path", "status", "milliseconds", "exercise")


class TextFormatter(logging.Formatter):
    """Lines as people read them; a traceback stands below its line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return _moment(record).replace("+00:00", "Z")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        reference = _context(record).get("request")
        return super().formatMessage(record) + (f" [{reference}]" if reference else "")


class JsonFormatter(logging.Formatter):
    """Lines as machines read them: one object each, its traceback in it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_context(record),
            **{name: vars(record)[name] for name in FIELDS if name in vars(record)},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _context(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is known of the request: Django's own lines bring theirs along."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        request = answering.get()
    if request is None:
        return {}
    seat = getattr(request, "seat", None)
    sits = {"exercise": seat.exercise_id, "seat": seat.key} if seat else {}
    return {
        "request": getattr(request, "reference", ""),
        "client": request.META.get("REMOTE_ADDR", ""),
        **sits,
    }


def catch_the_rest() -> None:
    """Log warnings and whatever nobody catches, so that no line of another form comes between."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: _uncaught(
        given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback
    )


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical("Nobody caught %s", kind.__name__, exc_info=(kind, error, traceback))
