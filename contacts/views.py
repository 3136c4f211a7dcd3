"""The log of contacts, entering one, and what exercise control brings in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.acts import act
from audit.refusals import AlreadyDone, NotYou
from casework import kinds
from casework.forms import VerbForm, put_errors
from casework.refusal import takes_form
from contacts import pages
from contacts.models import Contact, Inject
from contacts.receiving import bring_in, call_off, schedule_contact, take_down
from contacts.sight import keeps_a_log
from exercises.seating import once_of

if TYPE_CHECKING:
    from django.forms import Field
    from django.http import HttpResponse

    from audit.acts import Door
    from exercises.seating import SeatedRequest


@require_GET
def log(request: SeatedRequest) -> HttpResponse:
    """Every contact that the seat may know of."""
    if not keeps_a_log(request.seat):
        raise Http404
    context = {"page": pages.log(request), "may_enter": _may(request, take_down)}
    return render(request, "contacts/log.html", context)


def _entering(request: SeatedRequest) -> dict[str, Field]:
    return _form(request, take_down).fields


@takes_form(_entering)
@require_http_methods(["GET", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Enter in the log what reached the seat."""
    return _do(request, take_down, "contacts/new.html", {})


def _bringing(request: SeatedRequest) -> dict[str, Field]:
    return _form(request, schedule_contact).fields


@takes_form(_bringing)
@require_http_methods(["GET", "POST"])
def inject(request: SeatedRequest) -> HttpResponse:
    """Let exercise control bring a contact in, now or later."""
    _instructor_only(request)
    return _do(request, schedule_contact, "contacts/inject.html", {"once": uuid.uuid4()})


@require_POST
def call_it_off(request: SeatedRequest, number: int) -> HttpResponse:
    """Let a scheduled contact not come."""
    _instructor_only(request)
    exercise, seat = request.exercise, request.seat
    known = Inject.objects.select_related("exercise")
    row = get_object_or_404(known, exercise=exercise, number=number)
    try:
        with act(exercise, by=seat, once=once_of(request)) as at:
            call_off(row, by=seat, at=at)
    except AlreadyDone:
        pass
    else:
        messages.success(request, f"{call_off.row.past}.")
    return redirect(f"{seat.get_absolute_url()}contacts/inject/")


def _do(
    request: SeatedRequest, door: Door[Any, ..., Any], template: str, context: dict[str, Any]
) -> HttpResponse:
    """Show the form of a verb about the exercise, or use it and go where it leads."""
    exercise, seat = request.exercise, request.seat
    if request.method == "GET":
        door.row.check(exercise, by=seat, at=request.at)
        return _ask(request, _form(request, door, filled=request.GET.dict()), template, context)
    form = _form(request, door, request.POST)
    if not form.is_valid():
        door.row.check(exercise, by=seat, at=request.at)
        return _ask(request, form, template, context)
    made = None
    try:
        with act(exercise, by=seat, once=once_of(request)) as at:
            chosen, details = _chosen(door, form.details)
            made = chosen(exercise, by=seat, at=at, **details)
    except AlreadyDone:
        return redirect(f"{seat.get_absolute_url()}contacts/")
    except ValidationError as error:
        put_errors(form, error)
        return _ask(request, form, template, context)
    if isinstance(made, Contact):
        messages.success(request, _("The contact is on record."))
        return redirect(kinds.address(made, seat.key))
    messages.success(request, _("Contact scheduled."))
    return redirect(request.path)


def _chosen(
    door: Door[Any, ..., Any], details: dict[str, Any]
) -> tuple[Door[Any, ..., Any], dict[str, Any]]:
    """Return the verb that a form means: without a moment a contact is brought in at once."""
    if door is schedule_contact and details["arrives_at"] is None:
        return bring_in, {name: one for name, one in details.items() if name != "arrives_at"}
    return door, details


def _ask(
    request: SeatedRequest, form: VerbForm, template: str, context: dict[str, Any]
) -> HttpResponse:
    if request.seat.is_instructor:
        context = {**context, "page": pages.bringing(request)}
    status = 422 if form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


def _form(
    request: SeatedRequest,
    door: Door[Any, ..., Any],
    *data: Any,
    filled: dict[str, str] | None = None,
) -> VerbForm:
    return VerbForm(
        door.row,
        *data,
        subject=request.exercise,
        seat=request.seat,
        at=request.at,
        filled=filled,
    )


def _may(request: SeatedRequest, door: Door[Any, ..., Any]) -> bool:
    return door.row.is_open_to(request.exercise, request.seat, request.at)


def _instructor_only(request: SeatedRequest) -> None:
    """Raise `NotYou` for any seat but the instructor's."""
    if not request.seat.is_instructor:
        raise NotYou(_("Only the instructor sees this."))
