"""The register of annual clearances, and the attaché's request for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from annual import pages
from annual.actions import request_annual
from annual.models import AnnualClearance
from audit.acts import act
from audit.refusals import AlreadyDone
from books import agreements
from casework import kinds
from casework.forms import VerbForm, put_errors
from casework.refusal import takes_form
from exercises.seating import once_of

if TYPE_CHECKING:
    from django.forms import Field
    from django.http import HttpResponse

    from books.agreements import Annual
    from exercises.seating import SeatedRequest


@require_GET
def register(request: SeatedRequest) -> HttpResponse:
    """Every annual clearance that the seat may know of."""
    return render(request, "annual/annual.html", {"page": pages.register(request, _terms(request))})


def _fields(request: SeatedRequest) -> dict[str, Field]:
    return _form(request).fields


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Ask for an annual clearance by note, in one step."""
    _terms(request)
    exercise, seat = request.exercise, request.seat
    if request.method == "GET":
        request_annual.row.check(exercise, by=seat, at=request.at)
        return _ask(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        request_annual.row.check(exercise, by=seat, at=request.at)
        return _ask(request, form)
    try:
        with act(exercise, by=seat, once=once_of(request)) as at:
            asked = request_annual(exercise, by=seat, at=at, **form.details)
    except AlreadyDone as done:
        asked = get_object_or_404(
            AnnualClearance, exercise=exercise, number=int(done.event.case.rpartition("-A")[2])
        )
    except ValidationError as error:
        put_errors(form, error)
        return _ask(request, form)
    messages.success(request, f"{request_annual.row.past}.")
    return redirect(kinds.address(asked, seat.key))


def _terms(request: SeatedRequest) -> Annual:
    """Return what the agreement says; without annual clearances there is no register."""
    terms = agreements.of(request.exercise).annual
    if terms is None:
        raise Http404
    return terms


def _form(request: SeatedRequest, *data: Any) -> VerbForm:
    return VerbForm(
        request_annual.row,
        *data,
        subject=request.exercise,
        seat=request.seat,
        at=request.at,
    )


def _ask(request: SeatedRequest, form: VerbForm) -> HttpResponse:
    page = pages.asking(request, _terms(request))
    context = {"page": page, "warning": request_annual.row.warning, "form": form}
    return render(request, "annual/new.html", context, status=422 if form.errors else 200)
