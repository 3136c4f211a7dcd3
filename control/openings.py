"""Who opened an exercise, by which form: once for each form, and not without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from audit.models import Event
from audit.refusals import NotNow
from control import guesses
from exercises.models import Exercise, Opening
from exercises.seating import once_of
from scenarios.models import Purpose, Sitting

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet
    from django.http import HttpRequest

#: So many exercises that one person opened run at the same time; of staff, which runs a course.
MOST, MOST_OF_STAFF = 20, 200

#: So many run in a demo, where anybody has as many accounts as they like; and as many are sat.
MOST_OF_DEMO = 500

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


def opener_of(request: HttpRequest, by: User, *, to_sit: bool = False) -> Opener:
    """Return who opens by a form that was sent.

    Raises `TooOften` where too much is opened from their address.
    """
    guesses.come(request)
    return Opener(by, once_of(request), to_sit)


def opened_before(opener: Opener) -> Exercise | None:
    """Return what the same form opened before."""
    if opener.once is None:
        return None
    return Exercise.objects.filter(opening__once=opener.once, opening__by=opener.by).first()


def note(exercise: Exercise, opener: Opener) -> None:
    """Note who opens an exercise, in its first act; of two at once the second waits here.

    Raises `AlreadyOpened`, and `NotNow` where too many run that the same person opened and can end,
    or too many in a demo.
    """
    user = get_user_model().objects.select_for_update().get(pk=opener.by.pk)
    if had := opened_before(opener):
        raise AlreadyOpened(had)
    if not opener.to_sit:
        _refuse_too_many(exercise, user)
    Opening.objects.create(exercise=exercise, by=user, once=opener.once)


def _refuse_too_many(exercise: Exercise, user: User) -> None:
    """Raise `NotNow` where `exercise` is one too many of a person's own, or of a demo's."""
    led = Exercise.objects.filter(ended_at=None).exclude(pk=exercise.pk).exclude(pk__in=_sat())
    running = led.filter(opening__by=user).order_by("pk")
    most = MOST_OF_STAFF if user.is_staff else MOST
    if running.count() >= most:
        raise NotNow(
            _(
                "You have opened %(most)d exercises that still run. End one of them first: the "
                "oldest is “%(name)s”."
            )
            % {"most": most, "name": running[0].name}
        )
    if settings.DEMO and led.count() >= MOST_OF_DEMO:
        raise NotNow(
            _(
                "%(most)d exercises run here, and a demo has no more. Instructors end on their "
                "panels what is over, then there is room."
            )
            % {"most": MOST_OF_DEMO}
        )


def over(person: User) -> list[Sitting]:
    """Return the practices and first flights of which there are too many, to be ended.

    They are those of the person, and in a demo of all, in which nothing was done for longest, in
    real time.
    """
    last = Event.objects.filter(exercise=OuterRef("exercise")).order_by("-seq")
    running = Sitting.objects.filter(purpose__in=SAT, exercise__ended_at=None)
    touched = (
        running.annotate(touched_at=Subquery(last.values("recorded_at")[:1]))
        .select_related("exercise")
        .order_by("-touched_at", "-pk")
    )
    own = touched.filter(exercise__opening__by=person)[MOST_SAT:]
    return [*own, *(touched[MOST_OF_DEMO:] if settings.DEMO else ())]


def _sat() -> QuerySet[Sitting, Any]:
    return Sitting.objects.filter(purpose__in=SAT).values("exercise")
