"""A step of the procedure that somebody owes: what it is, and one that is owed now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercises.models import Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from casework.models import Case
    from exercises.models import Seat


@dataclass(frozen=True)
class Duty:
    """One row of a kind of case's table of duties.

    `role` owes the step; `of_host` says on which side. `ladder` names who is told when it is
    found overdue, one rung after the other; it is finite.
    """

    code: str
    label: _StrPromise
    role: Role
    of_host: bool
    ladder: tuple[Role, ...] = (Role.INSTRUCTOR,)


@dataclass(frozen=True)
class Task:
    """One step on one row, owed by the seat of `state` and `role`; no `due_at`: no date presses."""

    case: Case
    row: Any
    duty: Duty
    state: str
    role: Role
    due_at: datetime | None = None
    opens_at: datetime | None = None

    def is_of(self, seat: Seat) -> bool:
        """Say whether `seat` owes it."""
        return (self.state, self.role) == (seat.state, seat.role)


def task(
    case: Case,
    row: Any,
    duty: Duty,
    *,
    role: Role | None = None,
    due_at: datetime | None = None,
    opens_at: datetime | None = None,
) -> Task:
    """Return the step that `duty` is on `row`, owed on the side that the duty names."""
    state = case.host if duty.of_host else case.requesting_state
    return Task(case, row, duty, state, role or duty.role, due_at, opens_at)
