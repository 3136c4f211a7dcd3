"""What passed between the two states, and what each side is told of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from casework.written import excerpt

if TYPE_CHECKING:
    from approvals.known import KnownQuestion
    from approvals.sight import Known
    from casework.history import History
    from casework.models import Note
    from casework.written import Excerpt


@dataclass(frozen=True)
class Notes:
    """The diplomatic notes both ways, the newest."""

    template: ClassVar[str] = "approvals/sections/notes.html"

    notes: Excerpt[Note]

    @property
    def count(self) -> int:
        return self.notes.total


@dataclass(frozen=True)
class Questions:
    """The questions with their answers: those that are open, and the newest others."""

    template: ClassVar[str] = "approvals/sections/questions.html"

    questions: Excerpt[KnownQuestion]


@dataclass(frozen=True)
class Course:
    """What happened, newest first."""

    template: ClassVar[str] = "approvals/sections/history.html"

    history: History

    @property
    def count(self) -> int:
        return len(self.history.entries)


def notes(known: Known) -> Notes | None:
    return Notes(excerpt(known.notes)) if known.notes else None


def questions(known: Known) -> Questions | None:
    if not known.questions:
        return None
    return Questions(excerpt(known.questions, is_open=lambda one: one.is_open))


def history(known: Known) -> Course:
    return Course(known.history)
