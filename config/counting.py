"""The cache where a Redis is: all processes count together. While it is away, nobody counts."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class SteadyRedisCache(RedisCache):
    """Redis as far as wrong guesses need it: people come in while it is away."""

    def get_many(self, *args: Any, **options: Any) -> dict[Any, Any]:
        """Return what is there; nothing while Redis is away."""
        try:
            return super().get_many(*args, **options)
        except RedisError as error:
            logger.error("Wrong guesses are not counted while Redis is away: %s", error)
            return {}

    def add(self, *args: Any, **options: Any) -> bool:
        """Put a first value there; say False while Redis is away."""
        try:
            return super().add(*args, **options)
        except RedisError:
            return False

    def incr(self, *args: Any, **options: Any) -> int:
        """Count; 0 while Redis is away."""
        try:
            return super().incr(*args, **options)
        except RedisError:
            return 0
