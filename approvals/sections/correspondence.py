"""What passed between the two states, and what each side is told of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from approvals.known import KnownQuestion
    from approvals.sight import Known
    from casework.history import History
    from casework.models import Note


@dataclass(frozen=True)
class Notes:
    """The diplomatic notes both ways."""

    template: ClassVar[str] = "approvals/sections/notes.html"

    rows: tuple[Note, ...]

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Questions:
    """The questions with their answers."""

    template: ClassVar[str] = "approvals/sections/questions.html"

    rows: tuple[KnownQuestion, ...]


@dataclass(frozen=True)
class Course:
    """What happened, newest first."""

    template: ClassVar[str] = "approvals/sections/history.html"

    history: History

    @property
    def count(self) -> int:
        return len(self.history.entries)


def notes(known: Known) -> Notes | None:
    return Notes(known.notes) if known.notes else None


def questions(known: Known) -> Questions | None:
    return Questions(known.questions) if known.questions else None


def history(known: Known) -> Course:
    return Course(known.history)
