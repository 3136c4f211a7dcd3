"""Holding an exam: what it is, that nobody begins any more, that results may be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.refusals import NotNow
from exercises.models import Exercise, Help, Role
from scenarios.models import Exam, Sitting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat


def is_open(exam: Exam, by: Seat | None, at: datetime) -> str | None:
    return _("This exam is closed: nobody begins any more.") if exam.closed_at else None


def is_not_released(exam: Exam, by: Seat | None, at: datetime) -> str | None:
    return _("The results are released already.") if exam.released_at else None


def nobody_is_under_way(exam: Exam, by: Seat | None, at: datetime) -> str | None:
    """What one of them reads, another could use."""
    if Sitting.objects.filter(exam=exam.exercise_id, exercise__ended_at=None).exists():
        return _("Somebody is still at it. Wait until their time is up, or end their attempt.")
    return None


@verb(
    lazy("Hold an exam"),
    lazy("Exam opened"),
    roles=(Role.INSTRUCTOR,),
    private=("desks", "seed", "variant", "number", "level", "minutes"),
    conduct=True,
)
def hold_exam(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    desks: Iterable[str],
    seed: int,
    variant: str,
    number: int,
    level: int,
    minutes: int,
) -> Exam:
    """Let an exercise hold an exam, as `Exam` says."""
    row = Exam(
        exercise=exercise,
        ref=f"{Exam.noun}/1",
        desks=[*desks],
        seed=seed,
        variant=variant,
        number=number,
        level=level,
        minutes=minutes,
    )
    acts.save(row)
    return row


@verb(
    lazy("Close the exam"),
    lazy("Exam closed: nobody begins any more"),
    roles=(Role.INSTRUCTOR,),
    guards=(is_open,),
    conduct=True,
)
def close_exam(exam: Exam, *, by: Seat, at: datetime) -> Exam:
    """Let nobody begin any more; whoever is under way goes on."""
    exam.closed_at = at
    acts.save(exam)
    return exam


@verb(
    lazy("Release the results"),
    lazy("Results released"),
    roles=(Role.INSTRUCTOR,),
    guards=(is_not_released, nobody_is_under_way),
    conduct=True,
)
def release_results(exam: Exam, *, by: Seat, at: datetime) -> Exam:
    """Let everybody read their marks; from then on nobody begins."""
    exam.closed_at, exam.released_at = exam.closed_at or at, at
    acts.save(exam)
    return exam


def no_results_wait(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    """Return why an exercise is not ended yet: what has ended releases nothing any more."""
    if not is_held(exercise) or is_released(exercise.pk):
        return None
    if Sitting.objects.filter(exam=exercise.pk).exists():
        return _("Release the results first: an exercise that has ended releases nothing.")
    return None


def require_open(number: int) -> None:
    """Raise `NotNow` unless the exam that this exercise holds may be begun.

    In the transaction that begins it: under the exam's lock nobody closes it meanwhile.
    """
    exercise = Exercise.objects.locked(number).first()
    exam = Exam.objects.filter(exercise=exercise, closed_at=None).first() if exercise else None
    if exam is None or (exercise and exercise.ended_at):
        raise NotNow(_("This exam is closed: nobody begins any more."))


def is_held(exercise: Exercise) -> bool:
    """Say whether an exercise holds an exam; only one without help may."""
    return exercise.help == Help.OFF and Exam.objects.filter(exercise=exercise).exists()


def is_released(number: int | None) -> bool:
    """Say whether the results of the exam that this exercise holds may be read."""
    return Exam.objects.filter(exercise=number, released_at__isnull=False).exists()
