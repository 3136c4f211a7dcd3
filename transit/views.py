"""The requester's form: a new request, and the draft of one that exists."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from audit.act import act
from audit.refusals import AlreadyDone
from transit import actions, agreements
from transit.forms import CrossingFormSet, RevisionForm
from transit.models import FlightRequest
from transit.verbs import VERBS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from exercises.seating import SeatedRequest
    from transit.models import Revision


@require_http_methods(["GET", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Prepare a new request; what is typed so far is kept as a draft."""
    if request.method == "GET":
        VERBS["prepare"].check(request.exercise, by=request.seat, at=request.at)
    host = _agreement(request).other(request.seat.state) if request.seat.state else ""
    return _form(request, flight=None, draft=None, host=host)


@require_http_methods(["GET", "POST"])
def edit(request: SeatedRequest, number: int) -> HttpResponse:
    """Change the draft of a request."""
    flight = get_object_or_404(FlightRequest.objects.visible_to(request.seat), number=number)
    if request.method == "GET":
        VERBS["edit"].check(flight, by=request.seat, at=request.at)
    return _form(request, flight=flight, draft=flight.draft, host=flight.host)


def _form(
    request: SeatedRequest,
    *,
    flight: FlightRequest | None,
    draft: Revision | None,
    host: str,
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = RevisionForm(posted, instance=draft, agreement=_agreement(request))
    formset = CrossingFormSet(posted, initial=_crossings(draft), prefix="crossing")
    # Both are asked, so that every fault is shown at once.
    if posted is not None and all([form.is_valid(), formset.is_valid()]):
        try:
            return redirect(_save(request, flight, form, formset, host=host))
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "form": form,
        "formset": formset,
        "flight": flight,
        "host": _agreement(request).states[host].name,
        "once": request.POST.get("once") or uuid.uuid4(),
        "seen": request.POST.get("seen", flight.version if flight else ""),
    }
    status = 422 if posted is not None else 200
    return render(request, "transit/form.html", context, status=status)


def _save(
    request: SeatedRequest, flight: FlightRequest | None, form: Any, formset: Any, *, host: str
) -> str:
    items = {name: form.cleaned_data[name] for name in form.fields}
    rows = [row for row in formset.cleaned_data if row and not row.pop("DELETE", False)]
    once = request.POST.get("once", "")[:36] or None
    try:
        with act(
            request.exercise,
            by=request.seat,
            once=once,
            seen=request.POST.get("seen", "") if flight else None,
        ) as at:
            if flight is None:
                flight = actions.prepare(
                    request.exercise, by=request.seat, at=at, host=host, form=items, crossings=rows
                )
            else:
                flight = actions.edit(flight, by=request.seat, at=at, form=items, crossings=rows)
    except AlreadyDone as done:
        flight = FlightRequest.objects.get(
            exercise=request.exercise, number=int(done.event.case.rpartition("-")[2])
        )
    return f"/x/{request.exercise.pk}/{request.seat.key}/flights/{flight.number}/"


def _crossings(draft: Revision | None) -> list[dict[str, Any]]:
    if draft is None:
        return []
    return [
        {name: getattr(row, name) for name in actions.CROSSING_ITEMS}
        for row in draft.crossings.all()
    ]


def _agreement(request: SeatedRequest) -> agreements.Agreement:
    exercise = request.exercise
    return agreements.load(exercise.agreement, exercise.agreement_version)
