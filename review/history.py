"""What a person has met at a desk so far, from the record and the keys; never stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event, content
from review import marks
from review.marks import Verdict, What
from scenarios import book, conduct
from scenarios.models import Assignment, Purpose, Sitting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from exercises.models import Exercise, Role
    from review.marks import DossierMarks, Line

#: So many sittings of one desk, the newest ones, are remembered.
SITTINGS = 30

#: A mistake that was planted, whatever was made of it; and what somebody was wrong about.
PLANTED = (What.HIT, What.HALF_HIT, What.MISS)
WRONG = (What.HALF_HIT, What.MISS, What.FALSE_ALARM)


@dataclass(frozen=True)
class Meeting:
    """That somebody met a kind, a defect or a decoy, and what became of it.

    A decoy is met as a false alarm or, seen as right, as a correct rejection.
    """

    kind: str
    what: What
    confidence: str = ""


@dataclass(frozen=True)
class Met:
    """A dossier that a person has handed in.

    `sitting` is the number of its exercise, `done_at` the real moment, UTC. `decoys` are those that
    were planted in it, `corridor` and `category` what it looked like.
    """

    sitting: int
    done_at: datetime
    corridor: str
    category: str
    decoys: tuple[str, ...]
    marks: DossierMarks

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """Every kind that was met in it, in the order of the marks."""
        lines = self.marks.lines
        alarms = {line.about: line for line in lines if line.what == What.FALSE_ALARM}
        defects = (
            Meeting(line.about, line.what, line.confidence)
            for line in lines
            if line.what in PLANTED
        )
        decoys = (
            Meeting(kind, What.FALSE_ALARM if kind in alarms else What.REJECTION)
            for kind in self.decoys
        )
        return (*defects, *decoys)

    @property
    def kinds(self) -> set[str]:
        return {one.kind for one in self.meetings}

    @property
    def has_defect(self) -> bool:
        """Something was wrong that was the desk's to find."""
        return any(line.what in PLANTED for line in self.marks.lines)

    @property
    def is_right(self) -> bool:
        """All of it is right: what was found, what was left alone, the decision."""
        is_faulty = any(line.what in WRONG for line in self.marks.lines)
        return self.marks.verdict == Verdict.RIGHT and not is_faulty

    @property
    def is_wrong(self) -> bool:
        """A mistake was missed, or the decision is not even acceptable."""
        is_missed = any(line.what == What.MISS for line in self.marks.lines)
        return is_missed or self.marks.verdict in (Verdict.WRONG, Verdict.NONE)

    @property
    def is_over_careful(self) -> bool:
        """Something was seen that is not there, or a clean dossier was stopped."""
        is_stopped = not self.has_defect and self.marks.verdict == Verdict.WRONG
        return is_stopped or self.marks.count(What.FALSE_ALARM) > 0


def of_sitting(sitting: Sitting) -> list[Met]:
    """Return the dossiers that were handed in at a sitting, in the order in which they were."""
    seat = sitting.seat
    rows = marks.read(Assignment.objects.filter(handins__seat=seat), sitting.exercise)
    done_at = _done_at(sitting.exercise, [row.case for row in rows])
    met = [
        Met(
            sitting=sitting.exercise_id,
            done_at=done_at[row.case],
            corridor=row.dossier["corridor"],
            category=row.dossier["form"]["category"],
            decoys=tuple(one["kind"] for one in row.key["decoys"]),
            marks=marks.of_dossier(row, seat),
        )
        for row in rows
    ]
    return sorted(met, key=_in_order)


def history_of(person: str, desk: Role, *, most: int = SITTINGS) -> list[Met]:
    """Return what a person, by user name, has met in practice at a desk, oldest first.

    Of the newest sittings at that desk, `most` of them.
    """
    sat = Sitting.objects.filter(person=person, purpose=Purpose.PRACTICE, seat__role=desk)
    newest = sat.select_related("exercise", "seat").order_by("-exercise_id")[:most]
    return sorted(
        chain.from_iterable(of_sitting(one) for one in newest),
        key=_in_order,
    )


def _in_order(met: Met) -> tuple[datetime, int, int]:
    return met.done_at, met.sitting, met.marks.number


def _done_at(exercise: Exercise, cases: Sequence[str]) -> dict[str, datetime]:
    """Return the real moments at which cases were handed in, as the record has them.

    Bodies are read as bytes: of a case's events the one of this verb is wanted.
    """
    verb = f'"verb":"{conduct.hand_in.row.code}"'.encode()
    events = Event.objects.filter(exercise=exercise, case__in=cases).order_by("seq")
    rows = events.values_list("case", "recorded_at", "body")
    return {case: moment for case, moment, body in rows if verb in content(body)}


@dataclass(frozen=True)
class Weakness:
    """The chapter in which most went wrong: how often, and how often it could have.

    Wrong is what was missed, found by half, or seen where nothing was.
    """

    chapter: str
    wrong: int
    times: int


def weakness(history: Sequence[Met]) -> Weakness | None:
    """Return where a person is weakest; None where nothing went wrong."""
    wrong, times = Counter[str](), Counter[str]()
    for line in chain.from_iterable(one.marks.lines for one in history):
        if line.what != What.KNOWN:
            times[chapter_of(line)] += 1
            wrong[chapter_of(line)] += line.what in WRONG
    worst = max(book.CHAPTERS, key=lambda one: (wrong[one], wrong[one] / (times[one] or 1)))
    return Weakness(worst, wrong[worst], times[worst]) if wrong[worst] else None


def next_practice(history: Sequence[Met]) -> str:
    """Return in a sentence what to practise next."""
    if not history:
        return _("Hand in a dossier first.")
    weak = weakness(history)
    if weak is None:
        return _("Nothing was missed, and nothing seen that was not there: go one level higher.")
    return ngettext(
        "Practise next: %(chapter)s. It went wrong %(wrong)d time of %(times)d.",
        "Practise next: %(chapter)s. It went wrong %(wrong)d times of %(times)d.",
        weak.wrong,
    ) % {"chapter": book.TITLES[weak.chapter], "wrong": weak.wrong, "times": weak.times}


def chapter_of(line: Line) -> str:
    """Return the chapter that a line is about; what has no code is for eyes."""
    if line.about in book.CHAPTERS:
        return line.about
    if line.about in book.defects():
        return book.defects()[line.about].chapter
    of_plan = any(fact[0].isdigit() for fact in line.facts)
    chapters = (marks.chapter_of(code, of_plan=of_plan) for code in line.codes)
    return next(filter(None, chapters), "eyes")
