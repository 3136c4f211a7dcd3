"""Which seat a page is seen from. The seat stands in the address: two tabs, two seats."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.crypto import salted_hmac

from exercises import clock
from exercises.models import Exercise, Role, Seat
from exercises.statements import Statement

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


class SeatedRequest(HttpRequest):
    """A request made from a seat of an exercise. `at` is simulated time, for GETs only.

    `heading_for` is where the clock stands after a jump while what fell due on the way has not
    all happened.
    """

    user: User
    exercise: Exercise
    seat: Seat
    reading: clock.Reading
    at: datetime
    heading_for: datetime | None


def find_seat(user: User, *, exercise: int, key: str) -> Seat:
    """Return the seat as `user` may use it; the instructor of the exercise may take any.

    Raises `Http404` for a seat, or an exercise, that the user cannot know of.
    """
    if exercise >= 2**63:  # no database has a row of that number
        raise Http404
    found: list[Seat] = _SEAT.rows(exercise, f"seat/{key}")
    if not found or not user.is_authenticated:
        raise Http404
    [seat] = found
    seat.as_of = seat.exercise.seq
    if seat.holder_id == user.pk:
        return seat
    if not _INSTRUCTORS.rows(exercise, user.pk):
        raise Http404
    seat.taken_by = user
    return seat


#: With the clock: a page that has not changed costs this query, beside those for who asks.
_SEAT = Statement(
    lambda exercise, ref: Seat.objects.filter(exercise=exercise, ref=ref).select_related(
        "exercise__heartbeat", "holder"
    )
)

_HELD = Statement(
    lambda exercise, holder: (
        Seat.objects.filter(exercise=exercise, holder=holder)
        .select_related("holder")
        .order_by("pk")
    )
)

_INSTRUCTORS = Statement(
    lambda exercise, holder: Seat.objects.filter(
        exercise=exercise, role=Role.INSTRUCTOR, holder=holder
    )
)


def mark_of(exercise: Exercise, number: int) -> str:
    """Return what stands for an event's number on pages: it is the same or not, and no more.

    A number would tell how much has happened that a seat may not know of.
    """
    return salted_hmac("exercises.mark", f"{exercise.pk}/{number}").hexdigest()[:24]


def once_of(request: HttpRequest) -> str | None:
    """Return the key of the form as filled in, so that a double click lands once; None if none.

    A form sent again with something else in it, after the back button, is another: taking it for
    the first would lose what was typed.
    """
    try:
        form = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None
    filled_in = urlencode(sorted(request.POST.lists()), doseq=True)
    return str(uuid.uuid5(form, f"{request.path}?{filled_in}"))


def read_clock(exercise: Exercise) -> clock.Reading:
    """Return what the exercise's clock shows now, without a lock."""
    beat = exercise.beat
    return clock.read(exercise, alive_at=beat.alive_at if beat else None, wall=clock.wall())


def seats_of(user: User, exercise: Exercise) -> list[Seat]:
    """Return the seats that `user` may use in an exercise, in the order they were made."""
    mine = _HELD.rows(exercise.pk, user.pk, using=exercise._state.db)
    if any(seat.is_instructor for seat in mine):
        return list(exercise.seats.select_related("holder").order_by("pk"))
    return mine
