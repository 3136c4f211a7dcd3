"""Who opened an exercise, by which form: once for each form, and not without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from audit.refusals import NotNow
from exercises.models import Exercise, Opening

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: So many exercises that one person opened run at the same time; of staff, which runs a course.
MOST, MOST_OF_STAFF = 20, 200


class AlreadyOpened(Exception):  # noqa: N818 - what came of a form that was sent twice
    """The same form came before; `exercise` is what it opened."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__()
        self.exercise = exercise


@dataclass(frozen=True)
class Opener:
    """Whoever opens an exercise on a page, and the key of the form; None if it has none."""

    by: User
    once: str | None = None


def opened_before(opener: Opener) -> Exercise | None:
    """Return what the same form opened before."""
    if opener.once is None:
        return None
    return Exercise.objects.filter(opening__once=opener.once, opening__by=opener.by).first()


def note(exercise: Exercise, opener: Opener) -> None:
    """Note who opens an exercise, in its first act; of two at once the second waits here.

    Raises `AlreadyOpened`, and `NotNow` where too many run that the same person opened.
    """
    user = get_user_model().objects.select_for_update().get(pk=opener.by.pk)
    if had := opened_before(opener):
        raise AlreadyOpened(had)
    running = Exercise.objects.filter(opening__by=user, ended_at=None).order_by("pk")
    most = MOST_OF_STAFF if user.is_staff else MOST
    if running.count() >= most:
        raise NotNow(
            _(
                "You have opened %(most)d exercises that still run. End one of them first: the "
                "oldest is “%(name)s”."
            )
            % {"most": most, "name": running[0].name}
        )
    Opening.objects.create(exercise=exercise, by=user, once=opener.once)
