"""Which moves a seat has on a case now, and why the others are not open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework import kinds

if TYPE_CHECKING:
    from datetime import datetime

    from audit.parameters import Asked
    from audit.verbs import Verb
    from casework.models import Case
    from exercises.models import Seat


@dataclass(frozen=True)
class Move:
    """A verb that is the seat's to use on a subject; `reason` says why it is not open now."""

    verb: Verb
    subject: Any
    reason: str | None

    @property
    def is_open(self) -> bool:
        return self.reason is None

    def asks(self, seat: Seat, at: datetime) -> list[Asked]:
        """Return what the verb needs to know: kinds, choices and suggestions, without HTML."""
        return self.verb.asks(self.subject, seat, at)


def moves(case: Case, seat: Seat, at: datetime) -> list[Move]:
    """Return the seat's moves on a case at `at`, the open ones first, in procedure's order."""
    kind = kinds.of(case)
    found = [
        Move(verb, subject, verb.reason_against(subject, seat, at))
        for verb in (door.row for door in kind.doors.values())
        if verb.roles and verb.subject != "exercise"
        for subject in kind.subjects(case, seat, verb)
        if verb.admits(subject, seat)
    ]
    return sorted(found, key=lambda move: not move.is_open)
