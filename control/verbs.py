"""The instructor's verbs: all conduct, so no story's digest depends on them, but the opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit.verbs import Verb, table
from exercises.models import Pace, Role

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Exercise, Seat

INSTRUCTOR = (Role.INSTRUCTOR,)


def is_running(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    if exercise.rate == 0 and exercise.pace == Pace.RATE:
        return _("The exercise is paused.")
    return None


def steps(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    return None if exercise.pace == Pace.STEP else _("The exercise does not run step by step.")


def seat_is_free(seat: Any, by: Seat | None, at: datetime) -> str | None:
    if seat.holder_id is not None:
        return _("%(holder)s sits there.") % {"holder": seat.holder.get_username()}
    return None


def seat_is_taken(seat: Any, by: Seat | None, at: datetime) -> str | None:
    return None if seat.holder_id else _("Nobody sits there.")


def is_not_the_instructors(seat: Any, by: Seat | None, at: datetime) -> str | None:
    """Without an instructor nobody could seat another one."""
    return _("The instructor's seat is not left empty.") if seat.is_instructor else None


def is_halted(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    return None if exercise.halted else _("The exercise is not halted.")


VERBS = table(
    Verb(
        "open_exercise",
        lazy("Open the exercise"),
        lazy("Exercise opened"),
        subject="exercise",
        private=("states",),
    ),
    Verb(
        "pause",
        lazy("Pause"),
        lazy("Clock paused"),
        subject="exercise",
        roles=INSTRUCTOR,
        guards=(is_running,),
        conduct=True,
    ),
    Verb(
        "run",
        lazy("Run"),
        lazy("Clock set running"),
        subject="exercise",
        roles=INSTRUCTOR,
        shown=("rate",),
        conduct=True,
    ),
    Verb(
        "step",
        lazy("Step pace"),
        lazy("Clock set to step pace"),
        subject="exercise",
        roles=INSTRUCTOR,
        conduct=True,
    ),
    Verb(
        "jump",
        lazy("Jump"),
        lazy("Clock jumped"),
        subject="exercise",
        roles=INSTRUCTOR,
        shown=("to",),
        conduct=True,
    ),
    Verb(
        "advance",
        lazy("Advance"),
        lazy("Clock ran to the next hand-over"),
        subject="exercise",
        guards=(steps,),
        shown=("to",),
        conduct=True,
    ),
    Verb(
        "try_again",
        lazy("Try again"),
        lazy("Halt lifted; what is due is tried again"),
        subject="exercise",
        roles=INSTRUCTOR,
        guards=(is_halted,),
        conduct=True,
    ),
    Verb(
        "sit",
        lazy("Seat"),
        lazy("Seat taken"),
        subject="seat",
        roles=INSTRUCTOR,
        guards=(seat_is_free,),
        shown=("holder",),
        conduct=True,
    ),
    Verb(
        "vacate",
        lazy("Vacate"),
        lazy("Seat vacated"),
        subject="seat",
        roles=INSTRUCTOR,
        guards=(seat_is_taken, is_not_the_instructors),
        conduct=True,
    ),
    Verb(
        "end",
        lazy("End the exercise"),
        lazy("Exercise ended"),
        subject="exercise",
        roles=INSTRUCTOR,
        conduct=True,
    ),
)
