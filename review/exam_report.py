"""The report of an exam: how each person did, by chapter, with counts before measures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

import rules
from approvals import checks
from casework import files
from control import exams
from exercises import people
from exercises.models import Role
from review import marks, measures
from review.marks import What
from scenarios.models import Assignment, HandIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.utils.functional import _StrPromise

    from review.marks import DossierMarks, Line, Sheet
    from scenarios.models import Exam, Sitting

#: What the chapters are called, in the order of the rules.
CHAPTERS: dict[str, _StrPromise] = {
    "scope": _("Scope"),
    "route": _("Route"),
    "water": _("The Caspian Sea"),
    "notice": _("Notice"),
    "annual": _("Annual clearance"),
    "load": _("Load"),
    "zones": _("Zones"),
    "plan": _("Flight plan"),
    "eyes": _("For eyes only"),
}

#: Of all chapters together.
ALL = "all"

#: The columns of the table as a file.
COLUMNS = (
    "person",
    "name",
    "desk",
    "chapter",
    "hits",
    "misses",
    "false_alarms",
    "correct_rejections",
    "d_a",
    "criterion",
    "too_few_cases",
    "brier",
    "decisions_right",
    "points",
    "of",
    "handed_in",
    "begun",
    "dossiers",
    "minutes",
)


@dataclass(frozen=True)
class Measured:
    """What somebody found, missed and imagined in a chapter, and what follows from it."""

    chapter: str
    counts: measures.Counts
    brier: float | None

    @property
    def label(self) -> _StrPromise:
        return CHAPTERS.get(self.chapter, _("All chapters"))

    @property
    def d_a(self) -> float | None:
        return measures.d_a(self.counts)

    @property
    def criterion(self) -> float | None:
        return measures.criterion(self.counts)

    def as_data(self) -> dict[str, Any]:
        return {
            "hits": self.counts.hits,
            "misses": self.counts.misses,
            "false_alarms": self.counts.false_alarms,
            "correct_rejections": self.counts.correct_rejections,
            "d_a": _rounded(self.d_a),
            "criterion": _rounded(self.criterion),
            "too_few_cases": self.counts.are_too_few,
            "brier": _rounded(self.brier),
        }


@dataclass(frozen=True)
class Result:
    """How one person did. `dossiers` counts those that were given, `begun` those that count.

    A dossier counts as it stands, handed in or not, if the person did something about it.
    """

    sitting: Sitting
    name: str
    is_over: bool
    minutes: float
    dossiers: int
    handed_in: int
    begun: int
    decisions_right: int
    points: int
    of: int
    whole: Measured
    chapters: tuple[Measured, ...]

    @property
    def desk(self) -> Role:
        return Role(self.sitting.seat.role)

    def as_data(self) -> dict[str, Any]:
        return {
            "person": self.sitting.person,
            "name": self.name,
            "exercise": self.sitting.exercise_id,
            "desk": self.desk.value,
            "is_over": self.is_over,
            "dossiers": self.dossiers,
            "begun": self.begun,
            "handed_in": self.handed_in,
            "minutes": self.minutes,
            "decisions_right": self.decisions_right,
            "points": self.points,
            "of": self.of,
            **self.whole.as_data(),
            "chapters": {one.chapter: one.as_data() for one in self.chapters},
        }


def results(exam: Exam) -> list[Result]:
    """Return how everybody did who began an exam, in the order in which they began."""
    sittings = [*exams.attempts(exam)]
    names = people.names(one.person for one in sittings)
    return [_result(one, names[one.person]) for one in sittings]


def _result(sitting: Sitting, name: str) -> Result:
    given = Assignment.objects.filter(exercise=sitting.exercise_id).count()
    done = HandIn.objects.filter(seat=sitting.seat_id).select_related("assignment")
    handed_in = {one.assignment.number for one in done}
    every = marks.sheet(sitting.exercise, sitting.seat)
    begun = [one for one in every.dossiers if one.number in handed_in or _is_begun(one)]
    sheet = replace(every, dossiers=tuple(begun))
    of_plan = checks.reads_plan(sitting.seat)
    by_chapter = [
        _measured(chapter, _of_chapter(sheet, chapter, of_plan=of_plan)) for chapter in CHAPTERS
    ]
    return Result(
        sitting=sitting,
        name=name,
        is_over=sitting.exercise.ended_at is not None,
        minutes=round(exams.lasted(sitting).total_seconds() / 60, 1),
        dossiers=given,
        handed_in=len(handed_in),
        begun=len(begun),
        decisions_right=sheet.decisions_right,
        points=sheet.points,
        of=sheet.of,
        whole=_measured(ALL, sheet),
        chapters=tuple(one for one in by_chapter if one.counts != measures.Counts()),
    )


def _is_begun(dossier: DossierMarks) -> bool:
    """Say whether somebody did something about a dossier."""
    return bool(dossier.decided) or any(line.what != What.MISS for line in dossier.lines)


def _of_chapter(sheet: Sheet, chapter: str, *, of_plan: bool) -> Sheet:
    """Return a sheet with the lines of one chapter only."""

    def of(dossier: DossierMarks) -> DossierMarks:
        lines = (one for one in dossier.lines if _chapter(one, of_plan=of_plan) == chapter)
        return replace(dossier, lines=tuple(lines))

    return replace(sheet, dossiers=tuple(map(of, sheet.dossiers)))


def _chapter(line: Line, *, of_plan: bool) -> str:
    """Return the chapter that a line of the marks is about: that of its rule, if it has one.

    Discrepancies of a flight plan are of one chapter; some are called as rules are.
    """
    if line.what == What.REJECTION:
        return line.about
    code = next(iter(line.codes), "")
    if not code:
        return "eyes"
    known = {} if of_plan else {one.code: one.chapter for one in rules.rule_set(rules.LATEST)}
    return known.get(code, "plan")


def _measured(chapter: str, sheet: Sheet) -> Measured:
    counts = measures.Counts(
        hits=sheet.hits,
        misses=sheet.count(What.MISS),
        false_alarms=sheet.count(What.FALSE_ALARM),
        correct_rejections=sheet.count(What.REJECTION),
    )
    return Measured(chapter, counts, sheet.brier)


def as_data(exam: Exam) -> dict[str, Any]:
    """Return the report as plain values, for JSON."""
    return {
        "exercise": exam.exercise_id,
        "name": exam.exercise.name,
        "form": exam.variant,
        "seed": exam.seed,
        "level": exam.level,
        "dossiers": exam.number,
        "minutes": exam.minutes,
        "desks": exam.desks,
        "is_released": exam.released_at is not None,
        "people": [one.as_data() for one in results(exam)],
    }


def as_csv(exam: Exam) -> Iterator[str]:
    """Give the report as a table: a line for each person and chapter, first of all together."""
    return files.as_csv(COLUMNS, _rows(results(exam)))


def _rows(found: Iterable[Result]) -> Iterator[tuple[object, ...]]:
    for one in found:
        person = one.as_data()
        for measured in (one.whole, *one.chapters):
            said = person | measured.as_data() | {"chapter": measured.chapter}
            if measured is not one.whole:  # what is said of the whole alone stands there once
                said |= dict.fromkeys(COLUMNS[COLUMNS.index("decisions_right") :])
            yield tuple("" if said[name] is None else said[name] for name in COLUMNS)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
