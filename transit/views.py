"""The requester's form: a new request, and the draft of one that exists."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from airspace import reference
from audit.act import act
from audit.refusals import AlreadyDone
from exercises.seating import once_of
from transit import actions, agreements
from transit.forms import CrossingFormSet, RevisionForm, put_errors, tasks
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
    formset.extra = 1 if draft else 3
    # Both are asked, so that every fault is shown at once.
    if posted is not None and all([form.is_valid(), formset.is_valid()]):
        try:
            return redirect(_save(request, flight, form, formset, host=host))
        except ValidationError as error:
            put_errors(form, error)
    elif posted is not None:  # nobody is shown the faults of a form that is not theirs to fill in
        verb = VERBS["edit" if flight else "prepare"]
        verb.check(flight or request.exercise, by=request.seat, at=request.at)
    context = {
        "form": form,
        "formset": formset,
        "flight": flight,
        "status": flight.status_for(request.seat) if flight else None,
        "host": _agreement(request).states[host].name,
        "once": request.POST.get("once") or uuid.uuid4(),
        "seen": request.POST.get("seen", flight.stamp_for(request.seat) if flight else ""),
        "tasks": tasks(draft, at=request.at) if draft else [],
        "aircraft_types": reference.aircraft_types().values(),
        "aerodromes": reference.aerodromes().values(),
    }
    status = 422 if posted is not None else 200
    return render(request, "transit/form.html", context, status=status)


def _save(
    request: SeatedRequest, flight: FlightRequest | None, form: Any, formset: Any, *, host: str
) -> str:
    items = {name: form.cleaned_data[name] for name in form.fields}
    once = once_of(request)
    try:
        with act(
            request.exercise,
            by=request.seat,
            once=once,
            seen=request.POST.get("seen", "") if flight else None,
        ) as at:
            if flight is None:
                flight = actions.prepare(
                    request.exercise,
                    by=request.seat,
                    at=at,
                    host=host,
                    form=items,
                    crossings=formset.rows,
                )
            else:
                flight = actions.edit(
                    flight, by=request.seat, at=at, form=items, crossings=formset.rows
                )
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
