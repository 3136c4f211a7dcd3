"""Pages of marks: one dossier with the why of each line, and the table of a sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.refusals import NotNow
from casework import files
from review import debrief, first_flight, history, marks, practising, strip, table
from scenarios.models import Assignment, Purpose

if TYPE_CHECKING:
    from django.http import HttpResponse

    from exercises.seating import SeatedRequest


@require_GET
def sitting(request: SeatedRequest) -> HttpResponse:
    """The table of a sitting: the dossiers that were handed in."""
    row = practising.sitting(request.exercise, request.seat)
    if row.purpose == Purpose.FIRST_FLIGHT:
        return first_flight.marks(request)
    _must_be_readable(may_read=strip.may_read(row))
    return render(request, "review/sitting.html", {"table": table.table(row)})


@require_GET
def sitting_file(request: SeatedRequest) -> HttpResponse:
    """The same as a file, with each line of the marks."""
    row = practising.sitting(request.exercise, request.seat)
    _must_be_readable(may_read=strip.may_read(row))
    return files.attached("".join(table.as_csv(row)), "marks.csv")


@require_GET
def dossier(request: SeatedRequest, number: int) -> HttpResponse:
    """The marks of one dossier that was handed in, each line with its why."""
    exercise, seat = request.exercise, request.seat
    sat = practising.sitting(exercise, seat)
    row = get_object_or_404(Assignment, exercise=exercise, number=number)
    is_done = marks.handed_in(row, seat) is not None
    _must_be_readable(may_read=is_done and strip.may_read(sat))
    context = {
        "page": debrief.page(row, seat),
        "next_practice": history.next_practice(history.of_sitting(sat)),
    }
    return render(request, "review/dossier.html", context)


def _must_be_readable(*, may_read: bool) -> None:
    if not may_read:
        raise NotNow(_("What was right is shown when the dossier is handed in."))
