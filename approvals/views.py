"""Lists, the page of one flight on either side, and the one place where verbs are pressed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_GET, require_http_methods

from approvals import duty_log as logs
from approvals import exports, lists, pages, sight
from approvals import flight_day as days
from audit.acts import act
from audit.refusals import AlreadyDone
from casework import files, kinds
from casework.forms import VerbForm, put_errors
from casework.pages import shown
from casework.panel import token
from casework.refusal import takes_form
from casework.views import find
from exercises.models import Role
from exercises.seating import mark_of, once_of
from transit.models import FlightRequest, Occurrence
from transit.occurrences import log_occurrence

if TYPE_CHECKING:
    from django.forms import Field
    from django.http import HttpResponse

    from casework.panel import Panel
    from exercises.seating import SeatedRequest
    from transit.models import FlightRequest


def etag(request: SeatedRequest, *args: Any, **kwargs: Any) -> str:
    """What a page depends on: what the seat may see, the seat, language, simulated minute, release.

    What it may not see leaves it as it is: it would tell that something happened. Under a key, for
    whoever knows the rest could try out the number.
    """
    exercise = request.exercise
    parts = (
        exercise.pk,
        mark_of(exercise, exercise.shown_to(request.seat)),
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
@condition(etag_func=etag)
def own_deadlines(request: SeatedRequest) -> HttpResponse:
    """The dates that press the seat, for a calendar."""
    return files.attached(exports.own_deadlines(request), f"{request.seat.key}-deadlines.ics")


@require_GET
def flight_day(request: SeatedRequest) -> HttpResponse:
    """The aircraft expected, in the airspace, and gone: for operations."""
    return render(request, "approvals/flight_day.html", {"day": days.day(request)})


@require_GET
@condition(etag_func=etag)
def flight_day_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the flight-day list."""
    return render(request, "approvals/_flight_day.html", {"day": days.day(request)})


@require_GET
def duty_log(request: SeatedRequest) -> HttpResponse:
    """One day of the host's operations; to the other state the occurrences that it was told of."""
    return render(request, "approvals/duty_log.html", {"log": logs.log(request)})


@require_GET
def duty_log_file(request: SeatedRequest) -> HttpResponse:
    """One day of the host's operations as a table."""
    return logs.log_file(request)


def _fields(request: SeatedRequest) -> dict[str, Field]:
    return _occurrence_form(request).fields


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def new_occurrence(request: SeatedRequest) -> HttpResponse:
    """Log what belongs to no request."""
    exercise, seat, log = request.exercise, request.seat, log_occurrence
    if request.method == "GET":
        log.row.check(exercise, by=seat, at=request.at)
        return _ask(request, _occurrence_form(request))
    form = _occurrence_form(request, request.POST)
    if not form.is_valid():
        log.row.check(exercise, by=seat, at=request.at)
        return _ask(request, form)
    try:
        with act(exercise, by=seat, once=once_of(request)) as at:
            logged = log(exercise, by=seat, at=at, **form.details)
    except AlreadyDone as done:
        number = int(done.event.case.rpartition(f"-{Occurrence.series}")[2])
        logged = get_object_or_404(Occurrence, exercise=exercise, number=number)
    except ValidationError as error:
        put_errors(form, error)
        return _ask(request, form)
    messages.success(request, f"{log.row.past}.")
    return redirect(kinds.address(logged, seat.key))


def _occurrence_form(request: SeatedRequest, *data: Any) -> VerbForm:
    exercise, seat = request.exercise, request.seat
    return VerbForm(log_occurrence.row, *data, subject=exercise, seat=seat, at=request.at)


def _ask(request: SeatedRequest, form: VerbForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "approvals/new_occurrence.html", {"form": form}, status=status)


def page(request: SeatedRequest, found: FlightRequest, panel: Panel) -> HttpResponse:
    """One flight: the requester's status page, or the host's case page."""
    context = {**_context(found, request), "panel_token": panel.token}
    return shown(request, found, panel, "approvals/flight.html", **context)


@require_GET
@condition(etag_func=etag)
def flight_live(request: SeatedRequest, number: int) -> HttpResponse:
    """The live part of one flight: facts that others change, without the forms."""
    found = find(request, kinds.kinds()["flight"], number)
    now, seen = token(found, request), request.GET.get("panel", "")
    context = {
        **_context(found, request),
        "panel_token": seen or now,
        "has_moved": bool(seen) and seen != now,
        "is_live": True,
    }
    return render(request, "approvals/_flight_live.html", context)


@require_GET
@condition(etag_func=etag)
def flight_file(request: SeatedRequest, number: int, file: str) -> HttpResponse:
    """What the page of one flight says, as a file. Raises `Http404` for one that there is not."""
    found = find(request, kinds.kinds()["flight"], number)
    known = sight.known_to(found, request.seat, request.at)
    content = exports.flight_file(known, file)
    if content is None:
        raise Http404
    return files.attached(content, f"{known.reference}-{file}")


def _context(found: FlightRequest, request: SeatedRequest) -> dict[str, Any]:
    """Return the page for templates; the panel asks for the flight and who has it by themselves."""
    page = pages.case(sight.known_to(found, request.seat, request.at), request)
    return {
        "page": page,
        "flight": page.flight,
        "holder": page.holder,
        "files": exports.offered(page.flight),
    }
