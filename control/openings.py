"""Who opened an exercise, by which form: once for each form, and not without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from audit.models import Event
from audit.refusals import NotNow
from exercises.models import Exercise, Opening
from scenarios.models import Purpose, Sitting

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

#: So many exercises that one person opened run at the same time; of staff, which runs a course.
MOST, MOST_OF_STAFF = 20, 200

#: So many practices and first flights of one person do; beyond it the longest untouched ends.
MOST_SAT = 20

#: What one person sits of their own accord, and may always begin.
SAT = (Purpose.PRACTICE, Purpose.FIRST_FLIGHT)


class AlreadyOpened(Exception):  # noqa: N818 - what came of a form that was sent twice
    """The same form came before; `exercise` is what it opened."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__()
        self.exercise = exercise


@dataclass(frozen=True)
class Opener:
    """Whoever opens an exercise on a page, and the key of the form; None if it has none.

    `to_sit` it: a practice or a first flight, which is refused to nobody.
    """

    by: User
    once: str | None = None
    to_sit: bool = False


def opened_before(opener: Opener) -> Exercise | None:
    """Return what the same form opened before."""
    if opener.once is None:
        return None
    return Exercise.objects.filter(opening__once=opener.once, opening__by=opener.by).first()


def note(exercise: Exercise, opener: Opener) -> None:
    """Note who opens an exercise, in its first act; of two at once the second waits here.

    Raises `AlreadyOpened`, and `NotNow` where too many run that the same person opened and can end.
    """
    user = get_user_model().objects.select_for_update().get(pk=opener.by.pk)
    if had := opened_before(opener):
        raise AlreadyOpened(had)
    running = _running(user).exclude(pk__in=_sat()).order_by("pk")
    most = MOST_OF_STAFF if user.is_staff else MOST
    if not opener.to_sit and running.count() >= most:
        raise NotNow(
            _(
                "You have opened %(most)d exercises that still run. End one of them first: the "
                "oldest is “%(name)s”."
            )
            % {"most": most, "name": running[0].name}
        )
    Opening.objects.create(exercise=exercise, by=user, once=opener.once)


def over(person: User) -> list[Sitting]:
    """Return the practices and first flights that a person has too many of, to be ended.

    They are those in which nothing was done for longest, in real time.
    """
    last = Event.objects.filter(exercise=OuterRef("exercise")).order_by("-seq")
    sat = Sitting.objects.filter(purpose__in=SAT, exercise__in=_running(person))
    touched = sat.annotate(at=Subquery(last.values("recorded_at")[:1])).order_by("-at", "-pk")
    return list(touched.select_related("exercise")[MOST_SAT:])


def _running(person: User) -> QuerySet[Exercise]:
    return Exercise.objects.filter(opening__by=person, ended_at=None)


def _sat() -> QuerySet[Sitting, Any]:
    return Sitting.objects.filter(purpose__in=SAT).values("exercise")
