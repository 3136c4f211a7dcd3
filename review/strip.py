"""The strip above the pages of a sitting: where one is, how long it lasts, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.functional import SimpleLazyObject

from control import practice
from review import choosing, guide, marks
from scenarios import exams
from scenarios.models import Assignment, Purpose, Sitting

if TYPE_CHECKING:
    from django.http import HttpRequest

    from exercises.seating import SeatedRequest
    from review.guide import Guide


@dataclass(frozen=True)
class Strip:
    """What the strip says of a sitting, on the page at hand.

    `number` is that of the dossier that the page shows, None on other pages; `is_done` says that
    it is handed in. `waiting` is the dossier that lies on the desk, `given` how many an exam has.
    `shows_marks` says whether what was right may be read, `seconds` how long the sitting lasts,
    None where it has no end. `chosen` is why a person was given the dossier; what it says before is
    how hard it was made. `is_watched`: an instructor looks on, for whom nothing is to be done.
    """

    sitting: Sitting
    number: int | None
    is_done: bool
    done: int
    waiting: Assignment | None
    given: int | None
    shows_marks: bool
    seconds: int | None
    chosen: choosing.Reason | None = None
    is_watched: bool = False

    template: ClassVar[str] = "review/_strip.html"

    @property
    def minutes(self) -> int:
        """Minutes left, begun ones counted."""
        return practice.begun_minutes(self.seconds or 0)

    @property
    def is_exam(self) -> bool:
        return self.given is not None

    @property
    def is_over(self) -> bool:
        """Say whether the time is up, or the exercise ended before."""
        return self.seconds == 0 or self.sitting.exercise.ended_at is not None


def strip(request: HttpRequest) -> dict[str, Any]:
    """Return the strip of a page, for templates; None where nobody sits alone."""
    return {"strip": SimpleLazyObject(lambda: _strip(cast("SeatedRequest", request)))}


def _strip(request: SeatedRequest) -> Strip | Guide | None:
    seat = getattr(request, "seat", None)
    if seat is None or not (request.exercise.solo and request.exercise.cast):
        return None
    if guided := guide.of_page(request):
        return guided
    sitting = Sitting.objects.filter(exercise=request.exercise, seat=seat).first()
    if sitting is None:
        return None
    sitting.exercise = request.exercise
    given = Assignment.objects.filter(exercise=request.exercise).come()
    rows = [*given.prefetch_related("handins")]
    open_rows = [row for row in rows if marks.handed_in(row, seat) is None]
    here = next((row for row in rows if _is_shown(row, request)), None)
    return Strip(
        sitting=sitting,
        number=here.number if here else None,
        is_done=here is not None and here not in open_rows,
        done=len(rows) - len(open_rows),
        waiting=next(iter(open_rows), None),
        given=_given(sitting),
        shows_marks=may_read(sitting),
        seconds=practice.seconds_left(sitting),
        chosen=choosing.reason(here) if here else None,
        is_watched=seat.taken_by is not None,
    )


def may_read(sitting: Sitting) -> bool:
    """Say whether what was right may be read of a dossier that is handed in: of an exam, later."""
    return sitting.purpose != Purpose.EXAM or exams.is_released(sitting.exam)


def _given(sitting: Sitting) -> int | None:
    if sitting.purpose != Purpose.EXAM:
        return None
    return Assignment.objects.filter(exercise=sitting.exercise_id).count()


def _is_shown(row: Assignment, request: SeatedRequest) -> bool:
    match = request.resolver_match
    if match is None or row.flight is None:
        return False
    if match.url_name == "dossier-marks":
        return bool(match.kwargs["number"] == row.number)
    return match.url_name == "flight" and match.kwargs["number"] == row.flight.number
