"""Lists, the page of one flight on either side, and the one place where verbs are pressed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_GET, require_http_methods

from approvals import flight_day as days
from approvals import lists, pages, sight
from approvals.forms import FORMS
from approvals.models import Concurrence
from approvals.moves import DOORS, VERBS, subjects
from approvals.panel import panel, token
from audit.act import act
from audit.refusals import AlreadyDone
from exercises.models import Role
from exercises.seating import once_of
from transit.forms import put_errors
from transit.models import FlightRequest
from transit.notice import ShortNotice

if TYPE_CHECKING:
    from approvals.panel import Failed
    from exercises.seating import SeatedRequest


def etag(request: SeatedRequest, *args: Any, **kwargs: Any) -> str:
    """What a page depends on: record, seat, language, simulated minute, release."""
    exercise = request.exercise
    parts = (
        exercise.pk,
        exercise.seq,
        request.reading.rate,
        exercise.pace,
        request.seat.key,
        get_language(),
        request.at.strftime("%Y%m%d%H%M"),
        settings.RELEASE,
        request.path,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


@require_GET
def home(request: SeatedRequest) -> HttpResponse:
    """Lead each seat to its own desk."""
    if request.seat.is_instructor:
        return redirect("control/")
    return redirect("flight-day/" if request.seat.role == Role.OPERATIONS else "flights/")


@require_GET
def flights(request: SeatedRequest) -> HttpResponse:
    """The requester's list, the host's queue: least time left first."""
    return render(request, "approvals/flights.html", {"listing": lists.listing(request)})


@require_GET
@condition(etag_func=etag)
def flights_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the list."""
    return render(request, "approvals/_flights.html", {"listing": lists.listing(request)})


@require_GET
def flight_day(request: SeatedRequest) -> HttpResponse:
    """The aircraft expected, in the airspace, and gone: for operations."""
    return render(request, "approvals/flight_day.html", {"groups": days.day(request)})


@require_GET
@condition(etag_func=etag)
def flight_day_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the flight-day list."""
    return render(request, "approvals/_flight_day.html", {"groups": days.day(request)})


@require_GET
def flight(request: SeatedRequest, number: int) -> HttpResponse:
    """One flight: the requester's status page, or the host's case page."""
    return _page(request, _find(request, number))


@require_GET
@condition(etag_func=etag)
def flight_live(request: SeatedRequest, number: int) -> HttpResponse:
    """The live part of one flight: facts that others change, without the forms."""
    found = _find(request, number)
    now, seen = token(found, request), request.GET.get("panel", "")
    context = {
        **_context(found, request),
        "panel_token": seen or now,
        "has_moved": bool(seen) and seen != now,
        "is_live": True,
    }
    return render(request, "approvals/_flight_live.html", context)


@require_http_methods(["GET", "POST"])
def press(request: SeatedRequest, number: int, code: str) -> HttpResponse:
    """Use a verb: find its subject, check its form, act, and go back to the page."""
    found = _find(request, number)
    page = f"/x/{request.exercise.pk}/{request.seat.key}/flights/{number}/"
    if request.method == "GET":
        return redirect(page)
    verb = VERBS.get(code)
    if verb is None or code not in FORMS:
        raise Http404
    subject = _subject(request, found, code)
    form = FORMS[code](request.POST, subject=subject, seat=request.seat, at=request.at)
    if not form.is_valid():
        verb.check(subject, by=request.seat, at=request.at)
        return _page(request, found, failed=(code, subject.ref, form))
    once, seen = once_of(request), form.cleaned_data["seen"]
    try:
        with act(request.exercise, by=request.seat, once=once, seen=seen) as at:
            DOORS[code](subject, by=request.seat, at=at, **form.details)
    except AlreadyDone:
        return redirect(page)
    except ShortNotice:
        return redirect(f"{page}short-notice/")
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, _find(request, number), failed=(code, subject.ref, form))
    messages.success(request, f"{verb.told}.")
    return redirect(page)


def _find(request: SeatedRequest, number: int) -> FlightRequest:
    flight: FlightRequest = get_object_or_404(
        FlightRequest.objects.visible_to(request.seat)
        .with_forms()
        .prefetch_related(
            "revisions__goods",
            "questions",
            "ownchecks",
            Prefetch("movements", sight.movements()),
            Prefetch("concurrences", Concurrence.objects.select_related("answered_by", "revision")),
        ),
        number=number,
    )
    return flight


def _subject(request: SeatedRequest, found: FlightRequest, code: str) -> Any:
    """Return what the form is about, as far as the seat may know of it."""
    verb = VERBS[code]
    if request.seat.role not in verb.roles:
        raise verb.not_yours()
    known = {row.ref: row for row in subjects(found, request.seat, verb)}
    ref = request.POST.get("on", found.ref)
    if ref not in known and verb.subject == "question":
        known |= {row.ref: row for row in found.questions.all()}
    if ref not in known and verb.subject == "concurrence":  # the seat's own, asked no longer
        rows = found.concurrences.all()
        known |= {row.ref: row for row in rows if row.role == request.seat.role}
    if ref not in known:
        raise Http404
    return known[ref]


def _page(
    request: SeatedRequest, found: FlightRequest, *, failed: Failed | None = None
) -> HttpResponse:
    offered = panel(found, request, failed)
    context = {
        **_context(found, request),
        "panel": offered,
        "panel_token": offered.token,
        "form": failed[2] if failed else None,
    }
    return render(request, "approvals/flight.html", context, status=422 if failed else 200)


def _context(found: FlightRequest, request: SeatedRequest) -> dict[str, Any]:
    """Return the page for templates; the panel asks for the flight and who has it by themselves."""
    page = pages.case(sight.known_to(found, request.seat, request.at), request)
    return {"page": page, "flight": page.flight, "holder": page.holder}
