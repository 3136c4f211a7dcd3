"""What a seat may know of a case: the one read-only view that pages and others may use.

What a kind of case keeps back beyond this it decides in a sight of its own; nothing else reads a
status. Audiences of events decide what a history tells (`casework.history`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit.verbs import HOST, REQUESTING
from casework.history import history

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casework.history import Entry
    from casework.models import Case, Note
    from casework.steps import Task
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
    """A case as a seat may know it. `status` has a label; `side` is empty for exercise control."""

    case: Case
    side: str
    status: Any
    notes: list[Note]
    history: list[Entry]
    holders: list[Holder]

    @property
    def is_requesting(self) -> bool:
        return self.side == REQUESTING

    @property
    def is_host(self) -> bool:
        return self.side == HOST


def known_to(case: Case, seat: Seat, work: Iterable[Task] = ()) -> Known:
    """Return a case as `seat` may know it; `work` is what is owed in the exercise."""
    return Known(
        case,
        case.side_of(seat),
        case.status_for(seat),
        notes_known_to(case, seat),
        history(case, seat),
        [holder(task, seat) for task in work if task.case == case],
    )


def notes_known_to(case: Case, seat: Seat) -> list[Note]:
    """Return the notes verbales that the seat's state sent or received, oldest first."""
    notes = case.notes.select_related("in_reply_to")
    if seat.is_instructor:
        return list(notes)
    return [note for note in notes if seat.state in (note.from_state, note.to_state)]


def holder(task: Task, seat: Seat) -> Holder:
    """Say who owes a step, and which, as `seat` may know it."""
    case, what = task.case, str(task.duty.label)
    if seat.is_instructor or task.state == seat.state:
        who = str(task.role.label)
        if seat.is_instructor:
            who = f"{who}, {case.agreement.states[task.state].name}"
        return Holder(who, what, task.is_of(seat), task)
    if task.state == case.host:
        who = _("The host state, %(state)s") % {"state": case.host_state.name}
        return Holder(who, _("answer by note"), is_me=False, task=task)
    who = _("The requesting state, %(state)s") % {"state": case.requester.name}
    return Holder(who, what, is_me=False, task=task)
