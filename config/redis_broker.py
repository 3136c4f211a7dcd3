"""Celery's Redis transport, which passes over what is no message.

Kombu's own ends the worker at one that cannot be read.
"""

import logging
from typing import Any

from kombu.transport import redis

logger = logging.getLogger(__name__)

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Channel(redis.Channel):
    """Takes messages out of lists; what cannot be read is taken out as well, and named."""

    def _brpop_read(self, **options: Any) -> bool:
        try:
            return bool(super()._brpop_read(**options))  # type: ignore[no-untyped-call]
        except UNREADABLE as error:
            said = f"{type(error).__name__}: {error}"
            logger.error("A message in Redis could not be read (%s) and was taken out.", said)
            return True


class Transport(redis.Transport):
    Channel = Channel
