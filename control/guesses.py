"""Wrong guesses at a PIN, a word, a code or a password: so many a minute, then one waits.

Counted in the cache: by all processes together where there is a Redis, else in each of its own. A
class behind one address signs in at once, with a slip each; whoever guesses on waits. Joining and
opening are counted in the same way, right or wrong, so that accounts and exercises have an end.
"""

from __future__ import annotations

import logging
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
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

#: At the PIN, or at a code, from all addresses: five classes mistype it at once.
AT_THE_PIN_FROM_ALL = 300

#: Joining and opening together, from one address: a class of sixty joins and begins at once.
COMING_FROM_AN_ADDRESS = 120

#: So much of an IPv6 address is one household's or one machine's, which takes the rest as it likes.
NETWORK = 64


def pin_from(request: HttpRequest) -> dict[str, int]:
    """Return what guesses at the PIN, or at a code, are counted under, and how many may be."""
    return {f"pin {address_of(request)}": FROM_AN_ADDRESS, "pin": AT_THE_PIN_FROM_ALL}


def word_of(folded: str, request: HttpRequest) -> dict[str, int]:
    """Return the same of guesses at the word of a name."""
    return _at_a_name("word", folded, request)


def password_of(name: str, request: HttpRequest | None) -> dict[str, int]:
    """Return the same of guesses at the password of an account."""
    return _at_a_name("password", name.casefold(), request)


def address_of(request: HttpRequest | None) -> str:
    """Return where a request comes from: its IPv4 address, or the network of its IPv6 address."""
    said = request.META.get("REMOTE_ADDR", "") if request else ""
    try:
        address = ip_address(said)
    except ValueError:  # none, as behind a socket
        return said
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((int(address), NETWORK), strict=False))
    return str(address)


def _at_a_name(kind: str, name: str, request: HttpRequest | None) -> dict[str, int]:
    address = address_of(request)
    return {
        f"{kind} {name!r} {address}": AT_A_WORD,
        f"{kind} {name!r}": AT_A_NAME_FROM_ALL,
        f"{kind} from {address}": FROM_AN_ADDRESS,
    }


def check(guess: dict[str, int]) -> None:
    """Raise `TooOften` where so many guesses were wrong that nobody may guess now."""
    if seconds := _seconds_to_wait(guess):
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
    _count(guess)


def come(request: HttpRequest) -> None:
    """Count that somebody joins or opens; raise `TooOften` where too many do from one address."""
    coming = {f"coming from {address_of(request)}": COMING_FROM_AN_ADDRESS}
    if seconds := _seconds_to_wait(coming):
        raise TooOften(
            ngettext(
                "Too much is joined and opened from your address. Wait %(seconds)d second, then "
                "try again.",
                "Too much is joined and opened from your address. Wait %(seconds)d seconds, then "
                "try again.",
                seconds,
            )
            % {"seconds": seconds},
            seconds=seconds,
        )
    _count(coming)


def failed(kind: str) -> None:
    """Log that somebody did not get in: by what, and never whose it was to be."""
    logger.warning("A sign-in failed: wrong %s", kind)


def _seconds_to_wait(counted: dict[str, int]) -> int:
    """Return how long nobody may go on, as one of the counts is full; 0 if none is."""
    window, passed = divmod(int(clock.wall().timestamp()), WINDOW)
    found = cache.get_many([_key(what, window) for what in counted])
    is_full = any(found.get(_key(what, window), 0) >= most for what, most in counted.items())
    return WINDOW - passed if is_full else 0


def _count(counted: dict[str, int]) -> None:
    window = int(clock.wall().timestamp()) // WINDOW
    for what in counted:
        cache.add(_key(what, window), 0, 2 * WINDOW)
        cache.incr(_key(what, window))


def _key(what: str, window: int) -> str:
    return f"guesses-{sha256(what.encode()).hexdigest()}-{window}"
