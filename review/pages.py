"""Pages of marks: one dossier with the why of each line, and the table of a sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.refusals import NotNow
from review import first_flight, marks, practising, strip
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
    context = {"sheet": marks.sheet(request.exercise, request.seat)}
    return render(request, "review/sitting.html", context)


@require_GET
def dossier(request: SeatedRequest, number: int) -> HttpResponse:
    """The marks of one dossier that was handed in."""
    sat = practising.sitting(request.exercise, request.seat)
    row = get_object_or_404(Assignment, exercise=request.exercise, number=number)
    is_done = marks.handed_in(row, request.seat) is not None
    _must_be_readable(may_read=is_done and strip.may_read(sat))
    return render(
        request, "review/dossier.html", {"marks": marks.of_dossier(row, request.seat), "row": row}
    )


def _must_be_readable(*, may_read: bool) -> None:
    if not may_read:
        raise NotNow(_("What was right is shown when the dossier is handed in."))
