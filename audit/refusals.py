"""Why a deed did not happen. Rendered in one place, `casework.refusal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.models import Event


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The deed did not happen; nothing of it is kept. The text is for people.

    `clause` is the number of the clause of the procedure on which it rests, if one says so.
    """

    def __init__(self, *reasons: str, clause: str = "") -> None:
        super().__init__(*reasons)
        self.clause = clause


class NotYou(Refused):
    """Not your move, whatever the moment (403)."""


class Unseated(NotYou):
    """Whoever acts lost the seat, or the instructor's, after the request came in (403).

    They may belong to nobody's side now: the answer shows nothing of the exercise.
    """


class NotNow(Refused):
    """Not at this moment, or no longer (409)."""


class Stale(NotNow):
    """Somebody was first: the form was about an older version (409)."""


class Halted(Refused):
    """The timeline of this exercise stopped at an error; nobody writes until it is mended (503)."""


class TooOften(Refused):
    """Too many wrong guesses at a door, or too much that is opened: wait `seconds` (429)."""

    def __init__(self, reason: str, *, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


class AlreadyDone(Refused):
    """The same form came twice from the same seat; `event` is what it did the first time."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event
