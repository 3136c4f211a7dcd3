"""Pages of marks: one dossier with the why of each line, and the table of a sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.refusals import NotNow
from casework import files
from review import choosing, debrief, first_flight, history, marks, practising, strip, table
from scenarios.models import Assignment, Purpose

if TYPE_CHECKING:
    from django.http import HttpResponse

    from exercises.seating import SeatedRequest
    from scenarios.models import Sitting


@require_GET
def sitting(request: SeatedRequest) -> HttpResponse:
    """The table of a sitting: the dossiers that were handed in."""
    row = practising.sitting(request.exercise, request.seat)
    if row.purpose == Purpose.FIRST_FLIGHT:
        return first_flight.marks(request)
    row = _readable(request)
    return render(request, "review/sitting.html", {"table": table.table(row)})


@require_GET
def sitting_file(request: SeatedRequest) -> HttpResponse:
    """The same as a file, with each line of the marks."""
    return files.attached("".join(table.as_csv(_readable(request))), "marks.csv")


@require_GET
def dossier(request: SeatedRequest, number: int) -> HttpResponse:
    """The marks of one dossier that was handed in, each line with its why."""
    sat = _readable(request)
    given = Assignment.objects.filter(exercise=request.exercise).come()
    row = get_object_or_404(given, number=number)
    if marks.handed_in(row, request.seat) is None and request.exercise.ended_at is None:
        raise NotNow(_("What was right is shown when the dossier is handed in."))
    context = {
        "page": debrief.page(row, request.seat),
        "next_practice": history.next_practice(history.of_sitting(sat)),
        "chosen": choosing.reason(row),
    }
    return render(request, "review/dossier.html", context)


def _readable(request: SeatedRequest) -> Sitting:
    """Return the sitting of a request. Raises `NotNow` for an exam that is not released."""
    row = practising.sitting(request.exercise, request.seat)
    if not strip.may_read(row):
        raise NotNow(_("What was right is shown when the instructor releases the results."))
    return row
