"""Wrong guesses at a PIN, a word, a code or a password: so many a minute, then one waits.

Counted in the cache: by all processes together where there is a Redis, else in each of its own. A
class behind one address signs in at once, with a slip each; whoever guesses on waits.
"""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils.translation import ngettext

from audit.refusals import TooOften
from exercises import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

#: Seconds in which wrong guesses are counted together: one waits for the next ones.
WINDOW = 60

#: At one name, from one address or from all; from one address, behind which a class may be.
AT_A_WORD, AT_A_NAME_FROM_ALL, FROM_AN_ADDRESS = 5, 30, 60


def pin_from(request: HttpRequest) -> dict[str, int]:
    """Return what guesses at the PIN, or at a code, are counted under, and how many may be."""
    return {f"pin {request.META.get('REMOTE_ADDR', '')}": FROM_AN_ADDRESS}


def word_of(folded: str) -> dict[str, int]:
    """Return the same of guesses at the word of a name."""
    return {f"word {folded}": AT_A_WORD}


def password_of(name: str, request: HttpRequest | None) -> dict[str, int]:
    """Return the same of guesses at the password of an account."""
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    return {
        f"password {name.casefold()} {address}": AT_A_WORD,
        f"password {name.casefold()}": AT_A_NAME_FROM_ALL,
        f"password from {address}": FROM_AN_ADDRESS,
    }


def check(guess: dict[str, int]) -> None:
    """Raise `TooOften` where so many guesses were wrong that nobody may guess now."""
    window, passed = divmod(int(clock.wall().timestamp()), WINDOW)
    wrong = cache.get_many([_key(what, window) for what in guess])
    if any(wrong.get(_key(what, window), 0) >= most for what, most in guess.items()):
        seconds = WINDOW - passed
        raise TooOften(
            ngettext(
                "Too many wrong guesses. Wait %(seconds)d second, then try again.",
                "Too many wrong guesses. Wait %(seconds)d seconds, then try again.",
                seconds,
            )
            % {"seconds": seconds},
            seconds=seconds,
        )


def was_wrong(guess: dict[str, int]) -> None:
    """Count a wrong guess, and log of what kind it was."""
    failed(next(iter(guess)).partition(" ")[0])
    window = int(clock.wall().timestamp()) // WINDOW
    for what in guess:
        cache.add(_key(what, window), 0, 2 * WINDOW)
        cache.incr(_key(what, window))


def failed(kind: str) -> None:
    """Log that somebody did not get in: by what, and never whose it was to be."""
    logger.warning("A sign-in failed: wrong %s", kind)


def _key(what: str, window: int) -> str:
    return f"guesses-{sha256(what.encode()).hexdigest()}-{window}"
