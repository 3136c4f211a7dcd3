"""Formats of the record: bodies of every format ever written are read as today's.

One module for each step, `from_1` from format 1 to 2: a pure function of a body, which may change
it, to a body that means the same in the next format. It knows names of rows and columns as text
only, for the models go on. What is stored is never written again: the chain covers its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.upgrades import from_1

if TYPE_CHECKING:
    from collections.abc import Callable

Body = dict[str, Any]

#: Each step by the format from which it starts; a new step is added at the end.
STEPS: dict[int, Callable[[Body], Body]] = {1: from_1.upgrade}

#: The format in which events are written today.
FORMAT = max(STEPS) + 1


class UnknownFormat(ValueError):  # noqa: N818 - what was met, in the words of the record
    """The body is of a format that this Overflight does not know: a newer one wrote it."""


def upgraded(body: Body) -> Body:
    """Return `body` as today's format says it. Raises `UnknownFormat`."""
    version = body.get("version", 1)
    if version not in range(1, FORMAT + 1):
        raise UnknownFormat(
            f"format {version!r}, and this Overflight reads formats 1 to {FORMAT} only"
        )
    for step in range(version, FORMAT):
        body = STEPS[step](body)
    return body
