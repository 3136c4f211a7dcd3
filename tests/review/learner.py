"""A person who practises: chooses a desk and a level, hands in, and comes back after days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exercises.models import DECIDERS, Role
from review import choosing
from review.history import Met
from review.marks import DossierMarks, Line, Verdict, What
from scenarios import book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from review.choosing import Choice

MONDAY = datetime(2026, 11, 9, 18, tzinfo=UTC)

#: So long a dossier takes in reality, and so long after its note the desk is done with it.
A_WHILE, A_DAY = timedelta(minutes=4), timedelta(days=1)


@dataclass
class Learner:
    """Somebody at a desk, who misses some kinds, and takes some decoys for mistakes.

    `refuses` is somebody who marks nothing and stops everything; `seed` is that of the first
    sitting, each later one has the next.
    """

    desk: Role = Role.SECURITY
    level: int = 2
    seed: int = 1
    misses: Callable[[str], bool] = lambda kind: False
    imagines: Callable[[str], bool] = lambda kind: False
    refuses: bool = False
    now: datetime = MONDAY
    history: list[Met] = field(default_factory=list)
    sittings: int = 0

    def sits(self, dossiers: int, *, after: timedelta = timedelta(0)) -> list[Choice]:
        """Hand in so many dossiers, chosen one after the other; return what was chosen."""
        self.now += after
        self.sittings += 1
        choices: list[Choice] = []
        for number in range(1, dossiers + 1):
            choice = self.next(number, choices[-1:])
            choices.append(choice)
            self.now += A_WHILE
            self.history.append(self._meets(choice))
        return choices

    def next(self, number: int, before: Iterable[Choice]) -> Choice:
        """Choose the dossier of a number, after the one before it if there is one."""
        ends = [done_at(one, self.desk) for one in before]
        return choosing.choose(
            self.history,
            desk=self.desk,
            level=self.level,
            seed=self.seed + self.sittings,
            number=number,
            now=self.now,
            sitting=self.sittings if ends else None,
            host=self.host if ends else "",
            note_after=ends[0] if ends else None,
        )

    @property
    def host(self) -> str:
        return self._host

    def _meets(self, choice: Choice) -> Met:
        key, self._host = choice.case.key, choice.case.dossier.host
        mine = [one for one in key.defects if self.desk in (one.desk, *DECIDERS)]
        lines = [
            Line(What.MISS if self.refuses or self.misses(one.kind) else What.HIT, one.kind)
            for one in mine
        ]
        lines += [Line(What.FALSE_ALARM, one.kind) for one in key.decoys if self.imagines(one.kind)]
        wrong = {book.defects()[one.kind].chapter for one in mine}
        if not self.refuses:
            lines += [Line(What.REJECTION, it) for it in book.CHAPTERS if it not in wrong]
        is_right = (
            bool(mine)
            if self.refuses
            else all(one.what in (What.HIT, What.REJECTION) for one in lines)
        )
        marks = DossierMarks(
            number=choice.case.number,
            case="",
            lines=tuple(lines),
            decided="",
            verdict=Verdict.RIGHT if is_right else Verdict.WRONG,
            right=(),
            acceptable=(),
            states_right=None,
            due_right=None,
            points=0,
            of=0,
        )
        return Met(
            sitting=self.sittings,
            done_at=self.now,
            corridor=choice.case.dossier.corridor.code,
            category=choice.case.dossier.form["category"],
            decoys=tuple(one.kind for one in key.decoys),
            marks=marks,
        )


def done_at(choice: Choice, desk: Role) -> datetime:
    """Return the simulated moment at which a desk is done with a dossier.

    Operations are when the flight leaves, the others a day after the note.
    """
    dossier = choice.case.dossier
    assert dossier.received_at is not None
    if desk == Role.OPERATIONS:
        leaves_at: datetime = dossier.form["departs_at"]
        return leaves_at
    return dossier.received_at + A_DAY
