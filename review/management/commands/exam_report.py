"""`manage.py exam_report EXERCISE`: how everybody did in an exam, by chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from casework import files
from control.management.commands.compare_fpl import BAD_INPUT
from review import exam_report
from scenarios.models import Exam

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

    from review.exam_report import Measured, Result

HEAD = (
    f"{'':30} {'hit':>5} {'miss':>5} {'false':>5} {'right':>5}  {'d_a':>6} {'c_a':>6} {'Brier':>6}"
)


class Command(BaseCommand):
    """Reads the record as it stands: of whoever is still under way, what there is until now."""

    help = "Print how everybody did in the exam that an exercise holds, per person and chapter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise", type=int, help="the number of the exercise")
        parser.add_argument("--json", action="store_true", help="one object")

    def handle(self, *args: Any, exercise: int, json: bool, **options: Any) -> None:
        found = Exam.objects.filter(exercise=exercise) if 0 < exercise < 2**63 else []
        exam = next(iter(found), None)
        if exam is None:
            raise CommandError(f"Exercise {exercise} holds no exam.", returncode=BAD_INPUT)
        if json:
            said = files.as_json(exam.exercise.name, exam_report.as_data(exam))
            self.stdout.write(said, ending="")
            return
        self.stdout.write(files.marked(exam.exercise.name))
        for one in exam_report.results(exam):
            for line in _lines(one):
                self.stdout.write(line)


def _lines(one: Result) -> Iterator[str]:
    yield ""
    yield f"{one.name} ({one.sitting.person}), {one.desk.label}"
    yield (
        f"{one.handed_in} of {one.dossiers} handed in, {one.begun} begun, {one.minutes} minutes; "
        f"{one.decisions_right} decisions right, {one.points} of {one.of} points"
    )
    yield HEAD
    for measured in (one.whole, *one.chapters):
        yield _line(measured)


def _line(one: Measured) -> str:
    counts = one.counts
    numbers = (counts.hits, counts.misses, counts.false_alarms, counts.correct_rejections)
    said = " ".join(f"{number:>5}" for number in numbers)
    measured = " ".join(
        f"{'–' if value is None else format(value, '.2f'):>6}"
        for value in (one.d_a, one.criterion, one.brier)
    )
    few = "  too few cases" if counts.are_too_few else ""
    return f"{one.label!s:30} {said}  {measured}{few}"
