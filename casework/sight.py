"""What a seat may know of a case: the one read-only view that pages and others may use.

What a kind of case keeps back beyond this it decides in a sight of its own; nothing else reads a
status. Audiences of events decide what a history tells (`casework.history`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casework.history import history
from casework.written import excerpt, notes_known_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casework.history import History
    from casework.models import Case, Note
    from casework.steps import Task
    from casework.written import Excerpt
    from exercises.models import Seat


@dataclass(frozen=True)
class Holder:
    """Who has a case now, with what: the own side by role, the other as the state it is."""

    who: str
    what: str
    is_me: bool
    task: Task


@dataclass(frozen=True)
class Known:
    """A case as a seat may know it; each part is read when first asked for.

    `work` is what is owed, of this case among others.
    """

    case: Case
    seat: Seat
    work: tuple[Task, ...] = ()

    @property
    def side(self) -> str:
        """The side of the case that the seat is on, empty for exercise control."""
        return self.case.side_of(self.seat)

    @property
    def status(self) -> Any:
        """The status as the seat's side may know it; it has a label."""
        return self.case.status_for(self.seat)

    @cached_property
    def notes(self) -> Excerpt[Note]:
        return excerpt(notes_known_to(self.case, self.seat))

    @cached_property
    def history(self) -> History:
        return history(self.case, self.seat)

    @cached_property
    def holders(self) -> list[Holder]:
        return [holder(task, self.seat) for task in self.work if task.case == self.case]


def known_to(case: Case, seat: Seat, work: Iterable[Task] = ()) -> Known:
    """Return a case as `seat` may know it; `work` is what is owed in the exercise."""
    return Known(case, seat, tuple(work))


def holder(task: Task, seat: Seat) -> Holder:
    """Say who owes a step, and which, as `seat` may know it."""
    case, what = task.case, str(task.duty.label)
    if seat.is_instructor or task.state == seat.state:
        who = str(task.role.label)
        if seat.is_instructor:
            who = f"{who}, {case.agreement.states[task.state].name}"
        return Holder(who, what, task.is_of(seat), task)
    if task.state == case.host:
        what = _("answer by note")
    return Holder(case.side_named(task.state), what, is_me=False, task=task)
