"""The register of annual clearances, the page of one, and the attaché's request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from annual import actions, pages
from annual.forms import FORMS
from annual.models import AnnualClearance
from annual.verbs import VERBS
from audit.act import act
from audit.refusals import AlreadyDone
from books import agreements
from exercises.seating import once_of
from transit.forms import put_errors

if TYPE_CHECKING:
    from django.http import HttpResponse

    from annual.pages import Failed
    from books.agreements import Annual
    from exercises.seating import SeatedRequest
    from transit.forms import VerbForm

ASK = "request_annual"


@require_GET
def register(request: SeatedRequest) -> HttpResponse:
    """Every annual clearance that the seat may know of."""
    return render(request, "annual/annual.html", pages.listing(request, _terms(request)))


@require_GET
def clearance(request: SeatedRequest, serial: int) -> HttpResponse:
    """One annual clearance: where it stands, what it covers, the seat's moves, its history."""
    return _page(request, _find(request, serial))


@require_http_methods(["GET", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Ask for an annual clearance by note, in one step."""
    _terms(request)
    exercise = request.exercise
    if request.method == "GET":
        VERBS[ASK].check(exercise, by=request.seat, at=request.at)
        return _ask(request, _form(request, ASK, seq=exercise.seq))
    form = _form(request, ASK, request.POST)
    if not form.is_valid():
        VERBS[ASK].check(exercise, by=request.seat, at=request.at)
        return _ask(request, form)
    try:
        with act(exercise, by=request.seat, once=once_of(request)) as at:
            asked = actions.request_annual(exercise, by=request.seat, at=at, **form.details)
    except AlreadyDone as done:
        asked = get_object_or_404(
            AnnualClearance, exercise=exercise, number=int(done.event.case.rpartition("-A")[2])
        )
    except ValidationError as error:
        put_errors(form, error)
        return _ask(request, form)
    messages.success(request, f"{VERBS[ASK].told}.")
    return redirect(_address(request, asked.number))


@require_http_methods(["GET", "POST"])
def press(request: SeatedRequest, serial: int, code: str) -> HttpResponse:
    """Use a verb on a clearance: check its form, act, and go back to the page."""
    found = _find(request, serial)
    page = _address(request, serial)
    if request.method == "GET":
        return redirect(page)
    verb = VERBS.get(code)
    if verb is None or verb.subject != "annual":
        raise Http404
    form = _form(request, code, request.POST, subject=found)
    if not form.is_valid():
        verb.check(found, by=request.seat, at=request.at)
        return _page(request, found, failed=(code, form))
    once, seen = once_of(request), form.cleaned_data["seen"]
    try:
        with act(request.exercise, by=request.seat, once=once, seen=seen) as at:
            getattr(actions, code)(found, by=request.seat, at=at, **form.details)
    except AlreadyDone:
        return redirect(page)
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, _find(request, serial), failed=(code, form))
    messages.success(request, f"{verb.told}.")
    return redirect(page)


def _terms(request: SeatedRequest) -> Annual:
    """Return what the agreement says; without annual clearances there is no register."""
    terms = agreements.of(request.exercise).annual
    if terms is None:
        raise Http404
    return terms


def _find(request: SeatedRequest, serial: int) -> AnnualClearance:
    visible = AnnualClearance.objects.visible_to(request.seat).select_related("exercise")
    found: AnnualClearance = get_object_or_404(visible, number=serial)
    return found


def _form(
    request: SeatedRequest, code: str, *data: Any, subject: Any = None, seq: int = 0
) -> VerbForm:
    """Return the form of a verb, about the exercise where there is no clearance yet."""
    return FORMS[code](
        *data, subject=subject or request.exercise, seat=request.seat, at=request.at, seq=seq
    )


def _page(
    request: SeatedRequest, found: AnnualClearance, *, failed: Failed | None = None
) -> HttpResponse:
    context = pages.case(found, request, failed)
    status = 422 if failed else 200
    return render(request, "annual/clearance.html", context, status=status)


def _ask(request: SeatedRequest, form: VerbForm) -> HttpResponse:
    context = pages.asking(request, _terms(request)) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "annual/new.html", context, status=status)


def _address(request: SeatedRequest, serial: int) -> str:
    return f"/x/{request.exercise.pk}/{request.seat.key}/annual/{serial}/"
