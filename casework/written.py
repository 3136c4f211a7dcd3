"""What people write on a case without end: its page shows the newest, a page of its own all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from casework.models import Case, Note
    from exercises.models import Seat

#: So many of a kind stand on the page of a case, beside what is open.
NEWEST = 10

Row = TypeVar("Row")


@dataclass(frozen=True)
class Written:
    """One kind of it: what it is called, what a seat may know of it, how rows are drawn.

    `known` gives the rows of a case oldest first, and none of what is not the seat's affair.
    """

    title: _StrPromise
    known: Callable[[Any, Seat, datetime], Sequence[Any]]
    template: str


@dataclass(frozen=True)
class Excerpt(Generic[Row]):
    """What of one kind stands on the page of a case, of how many there are."""

    rows: tuple[Row, ...]
    total: int

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.total


def excerpt(
    rows: Sequence[Row], *, is_open: Callable[[Row], bool] = lambda row: False
) -> Excerpt[Row]:
    """Return the newest of rows, which come oldest first, and every one that is open."""
    older = sum(not is_open(row) for row in rows) - NEWEST
    shown: list[Row] = []
    for row in rows:
        if older > 0 and not is_open(row):
            older -= 1
        else:
            shown.append(row)
    return Excerpt(tuple(shown), len(rows))


def notes_known_to(case: Case, seat: Seat) -> list[Note]:
    """Return the notes verbales that the seat's state sent or received, oldest first."""
    if seat.is_instructor:
        return case.notes
    return [note for note in case.notes if seat.state in (note.from_state, note.to_state)]


#: Of every kind of case.
NOTES = Written(
    lazy("Notes"), lambda case, seat, at: notes_known_to(case, seat), "casework/_notes_table.html"
)
