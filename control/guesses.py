"""Wrong guesses at a PIN or a word: so many a minute, then one waits.

Counted in the cache: in each process of its own where the cache is one of the process.
"""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

#: Seconds for which wrong guesses count, and for which one waits at most.
WINDOW = 60

#: At one name; at the PIN from one address, behind which a whole class may be.
AT_A_WORD, AT_THE_PIN = 5, 30

TOO_MANY = _("Too many wrong guesses. Wait a minute, then try again.")


def pin_from(request: HttpRequest) -> str:
    """Return what guesses at the PIN from one address are counted under."""
    return f"pin {request.META.get('REMOTE_ADDR', '')}"


def word_of(folded: str) -> str:
    """Return what guesses at the word of a name are counted under."""
    return f"word {folded}"


def are_too_many(what: str, most: int) -> bool:
    """Say whether so many guesses at it were wrong that nobody may guess now."""
    wrong: int = cache.get(_key(what), 0)
    return wrong >= most


def was_wrong(what: str) -> None:
    """Count a wrong guess, and log of what kind it was."""
    failed(what.partition(" ")[0])
    if not cache.add(_key(what), 1, WINDOW):
        try:
            cache.incr(_key(what))
        except ValueError:  # the minute is over just now
            cache.set(_key(what), 1, WINDOW)


def failed(kind: str) -> None:
    """Log that somebody did not get in: by what, and never whose it was to be."""
    logger.warning("A sign-in failed: wrong %s", kind)


def _key(what: str) -> str:
    return f"guesses-{sha256(what.encode()).hexdigest()}"
