"""Exams: held by an instructor; each attempt is an exercise in which one person sits alone."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils.translation import gettext as _

from audit.models import Event
from audit.refusals import NotNow, NotYou
from books import agreements
from control import actions, practice
from exercises import clock
from exercises.models import DECIDERS, Exercise, Help, Role, Seat
from scenarios import book, exams, generation
from scenarios.models import Assignment, Exam, HandIn, Purpose, Sitting, Variant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from control.openings import Opener
    from scenarios.keys import Case

#: How many dossiers an exam has, and how many real minutes it lasts.
FEWEST, MOST = 1, 30
SHORTEST, LONGEST = 5, 120

#: The longest name: with the desk's behind it, it is that of an attempt.
LONGEST_NAME = 50

#: Dossiers of an exam are drawn once in each process, not by each of a class that begins at once.
_DRAWING = Lock()


def hold(
    user: User,
    name: str,
    *,
    desks: Collection[Role],
    seed: int,
    variant: Variant,
    number: int,
    level: int,
    minutes: int,
    opener: Opener | None = None,
) -> Exercise:
    """Open an exercise that holds an exam, with `user` as its instructor; nobody else sits there.

    Its clock stands when the first note of the first desk's dossiers comes in.
    """
    first = next(_series(seed, desk=next(iter(desks)), level=level))

    def settle(exercise: Exercise, at: datetime) -> None:
        instructor = exercise.seats.get(role=Role.INSTRUCTOR)
        instructor.taken_by = user
        actions.sit(instructor, by=instructor, at=at, holder=user.get_username())
        exams.hold_exam(
            exercise,
            by=instructor,
            at=at,
            desks=[*desks],
            seed=seed,
            variant=variant,
            number=number,
            level=level,
            minutes=minutes,
        )

    return actions.create(
        name,
        at=practice.moment(first),
        agreement=agreements.SHIPPED,
        help_shown=Help.OFF,
        opener=opener,
        then=settle,
    )


def begin(exam: Exam, person: User, desk: Role) -> tuple[Exercise, Seat]:
    """Let somebody begin an exam at one of its desks, or go on where they began it before.

    Raises `NotYou` for who holds it and may read its keys, `NotNow` if nobody begins any more.
    """
    had = attempt(exam, person)
    if had is not None:
        return had.exercise, had.seat
    instructor = exam.exercise.seats.get(role=Role.INSTRUCTOR).holder
    assert instructor is not None  # noqa: S101 - it is never left empty
    if instructor == person:
        raise NotYou(_("You hold this exam, and can read what is right in it."))
    if reason := exams.is_open(exam, None, exam.exercise.last_at):
        raise NotNow(reason)
    try:
        return practice.open_sitting(
            Purpose.EXAM,
            dossiers(exam, desk),
            desk=desk,
            seed=exam.seed,
            person=person,
            level=exam.level,
            minutes=exam.minutes,
            exam=exam.exercise_id,
            instructor=instructor,
            called=exam.exercise.name,
        )
    except IntegrityError:  # begun in another tab at the same moment
        had = attempt(exam, person)
        if had is None:
            raise
        return had.exercise, had.seat


def attempt(exam: Exam, person: User) -> Sitting | None:
    """Return somebody's attempt at an exam; None if they have not begun."""
    return attempts(exam).filter(person=person.get_username()).first()


def attempts(exam: Exam) -> QuerySet[Sitting]:
    """Return the attempts at an exam, in the order in which they were begun."""
    found = Sitting.objects.filter(purpose=Purpose.EXAM, exam=exam.exercise_id)
    return found.select_related("exercise", "seat").order_by("exercise")


def dossiers(exam: Exam, desk: Role) -> list[Case]:
    """Return the dossiers of an exam at a desk: for everybody the same, in the same order."""
    with _DRAWING:
        both = pairs(exam.seed, exam.number, desk=desk, level=exam.level)
    nth = [*Variant].index(Variant(exam.variant))
    return practice.in_order(pair[nth] for pair in both)


@lru_cache(maxsize=16)
def pairs(seed: int, number: int, *, desk: Role, level: int) -> tuple[tuple[Case, Case], ...]:
    """Return so many pairs of dossiers, of which one belongs to form A and one to form B.

    The dossiers of the seed are gone through in turn, each beside the next that is as hard
    (`hardness`); which of the two came first is by turns of A and of B.
    """
    found = _alike(_series(seed, desk=desk, level=level), desk)
    return tuple(
        (first, second) if nth % 2 == 0 else (second, first)
        for nth, (first, second) in enumerate(islice(found, number))
    )


def _alike(series: Iterator[Case], desk: Role) -> Iterator[tuple[Case, Case]]:
    alone: dict[object, Case] = {}
    for case in series:
        hard = hardness(case, desk)
        other = alone.pop(hard, None)
        if other is None:
            alone[hard] = case
        else:
            yield other, case


def hardness(case: Case, desk: Role) -> tuple[tuple[tuple[str, int], ...], int, int]:
    """Return what makes two dossiers equally hard for a desk.

    The chapter and difficulty of each defect that is the desk's to find, how many defects there
    are at all, and how many decoys.
    """
    mine = [one for one in case.key.defects if desk in DECIDERS or one.desk == desk]
    own = sorted((book.defects()[one.kind].chapter, one.difficulty) for one in mine)
    return tuple(own), len(case.key.defects), len(case.key.decoys)


def _series(seed: int, *, desk: Role, level: int) -> Iterator[Case]:
    return practice.series(seed, desk=desk, difficulty=level, clean_share=generation.CLEAN_SHARE)


def why_over(exercise: Exercise) -> str:
    """Return why nothing counts any more in an exam's attempt; empty in any other exercise.

    An attempt whose time is up, and which no tick has ended yet, is ended by that.
    """
    if not (exercise.solo and exercise.cast):
        return ""
    sitting = Sitting.objects.filter(exercise=exercise.pk, purpose=Purpose.EXAM).first()
    if sitting is None:
        return ""
    if exercise.ended_at is None and practice.seconds_left(sitting) != 0:
        return ""
    end_if_over(sitting)
    exercise.refresh_from_db()
    return _("Your exam is over: what you did until then counts, and nothing later.")


def end_those_over() -> None:
    """End every attempt whose time is up."""
    for sitting in Sitting.objects.filter(purpose=Purpose.EXAM, exercise__ended_at=None):
        end_if_over(sitting)


def end_if_over(sitting: Sitting) -> bool:
    """End an attempt whose time is up, or whose dossiers are all handed in; say if it is over."""
    why = _why_to_end(sitting)
    if why:
        practice.end(sitting, why=why)
    return sitting.exercise.ended_at is not None


def _why_to_end(sitting: Sitting) -> str:
    if sitting.exercise.ended_at is not None:
        return ""
    given = Assignment.objects.filter(exercise=sitting.exercise_id).count()
    if HandIn.objects.filter(seat=sitting.seat_id).count() == given:
        return "DONE"
    return "TIME" if practice.seconds_left(sitting) == 0 else ""


def lasted(sitting: Sitting) -> timedelta:
    """Return how long an attempt lasted, in real time; one that is under way, until now."""
    last = Event.objects.filter(exercise=sitting.exercise_id).latest("seq")
    ended_at = last.recorded_at if sitting.exercise.ended_at else clock.wall()
    longest = timedelta(minutes=sitting.minutes or LONGEST)
    return min(ended_at - practice.began_at(sitting), longest)
