"""The instructor's panel and its verbs, the seats."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods, require_POST

from approvals.views import etag
from audit import acts
from audit.refusals import AlreadyDone, NotYou
from books import agreements
from casework.refusal import takes_form
from control import actions, pages
from control.forms import FORMS, CastForm, CloseDaysForm, EraseForm, JumpForm, SitForm
from control.telling import DOES, seat_name
from exercises.models import Role, Seat
from exercises.seating import once_of
from roleplay.profiles import CAREFUL

if TYPE_CHECKING:
    from django.forms import Field, Form

    from exercises.seating import SeatedRequest

#: So long, real time, a person waits for what a jump brings; the worker goes on with the rest.
AT_ONCE = timedelta(seconds=1)


@require_GET
@condition(etag_func=etag)
def clock_live(request: SeatedRequest) -> HttpResponse:
    """The clock in the banner."""
    return render(request, "_clock.html")


@require_GET
def panel(request: SeatedRequest) -> HttpResponse:
    """The instructor's panel: clock, flights, seats, health of the worker."""
    instructor_only(request)
    return _panel(request, "control/panel.html")


def panel_etag(request: SeatedRequest) -> str:
    """What the panel depends on besides: the worker, and whether the exercise is halted."""
    worker = pages.worker(request.exercise)
    return f'{etag(request)[:-1]}-{worker.tone}-{bool(request.exercise.halted)}"'


@require_GET
@condition(etag_func=panel_etag)
def panel_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the panel."""
    instructor_only(request)
    return _panel(request, "control/_panel_live.html")


def _clock_fields(request: HttpRequest, code: str) -> dict[str, Field]:
    return {**FORMS[code].base_fields} if code in FORMS else {}


@takes_form(_clock_fields)
@require_POST
def press(request: SeatedRequest, code: str) -> HttpResponse:
    """Use a verb of the clock."""
    if code not in pages.CLOCK_VERBS:
        raise Http404
    instructor_only(request)
    form = FORMS[code](request.POST) if code in FORMS else None
    if form is not None and not form.is_valid():
        return _panel(request, failed=form)
    door = getattr(actions, code)
    once, catch_up = once_of(request), not _mends(request, code)
    try:
        with acts.act(request.exercise, by=request.seat, once=once, catch_up=catch_up) as at:
            door(request.exercise, by=request.seat, at=at, **(form.cleaned_data if form else {}))
    except AlreadyDone:
        return redirect("../")
    except ValidationError as error:
        assert form is not None  # noqa: S101 - only verbs with a form judge their parameters
        form.add_error(None, error)
        return _panel(request, failed=form)
    acts.let_time_pass(request.exercise, within=AT_ONCE)
    return redirect("../")


@require_POST
def stop(request: SeatedRequest) -> HttpResponse:
    """Stop a jump that is on its way, at the moment that time has reached."""
    instructor_only(request)
    exercise, seat = request.exercise, request.seat
    with acts.act(exercise, at=request.at, by=seat, once=once_of(request), catch_up=False) as at:
        actions.stop(exercise, by=seat, at=at)
    return redirect("../")


@require_POST
def jump_to_next(request: SeatedRequest) -> HttpResponse:
    """Jump to the next opening or alarm, whichever is first."""
    instructor_only(request)
    to = None
    try:
        with acts.act(request.exercise, by=request.seat, once=once_of(request)) as at:
            to = actions.next_stop(request.exercise, at=at)
            if to is not None:
                actions.jump(request.exercise, by=request.seat, at=at, to=to)
    except AlreadyDone:
        return redirect("../")
    if to is None:
        messages.info(request, _("Nothing is ahead: no opening, no alarm."))
    acts.let_time_pass(request.exercise, within=AT_ONCE)
    return redirect("../")


def _seat_fields(request: SeatedRequest, pk: int) -> dict[str, Field]:
    return SitForm(exercise=request.exercise).fields


@takes_form(_seat_fields)
@require_http_methods(["GET", "POST"])
def seat(request: SeatedRequest, pk: int) -> HttpResponse:
    """Give a seat to a user, or empty it."""
    instructor_only(request)
    chosen = get_object_or_404(
        Seat.objects.select_related("exercise", "holder"), pk=pk, exercise=request.exercise
    )
    form = SitForm(request.POST or None, exercise=request.exercise)
    if request.method == "GET":
        return _seat_page(request, chosen, form)
    code = "vacate" if "vacate" in request.POST else "sit"
    if code == "sit" and not form.is_valid():
        return _seat_page(request, chosen, form)
    details = {"holder": form.cleaned_data["holder"]} if code == "sit" else {}
    try:
        with acts.act(request.exercise, by=request.seat, once=once_of(request)) as at:
            getattr(actions, code)(chosen, by=request.seat, at=at, **details)
    except AlreadyDone:
        return redirect("../../")
    except ValidationError as error:
        form.add_error(None, error)
        return _seat_page(request, chosen, form)
    return redirect("../../")


def _cast_fields(request: SeatedRequest) -> dict[str, Field]:
    return CastForm(exercise=request.exercise).fields


@takes_form(_cast_fields)
@require_http_methods(["GET", "POST"])
def cast(request: SeatedRequest) -> HttpResponse:
    """Let role-players play seats: each by its profile, or all by one."""
    instructor_only(request)
    form = CastForm(request.POST or None, exercise=request.exercise)
    if request.method == "POST" and form.is_valid():
        seats = form.seats
        if "everywhere" in request.POST:
            seats = dict.fromkeys(form.fields, CAREFUL)
        try:
            with acts.act(request.exercise, by=request.seat, once=once_of(request)) as at:
                actions.cast(request.exercise, by=request.seat, at=at, seats=seats)
        except AlreadyDone:
            pass
        return redirect("../")
    context = {"form": form, "once": uuid.uuid4()}
    status = 422 if form.errors else 200
    return render(request, "control/cast.html", context, status=status)


@require_http_methods(["GET", "POST"])
def erase(request: SeatedRequest) -> HttpResponse:
    """Erase the whole exercise, after its name was typed."""
    instructor_only(request)
    form = EraseForm(request.POST or None, expected=request.exercise.name)
    if request.method == "POST" and form.is_valid():
        actions.erase(request.exercise, by=request.user, seat=request.seat)
        messages.success(request, _("The exercise is erased."))
        return redirect("/")
    status = 422 if form.errors else 200
    return render(request, "control/erase.html", {"form": form}, status=status)


def _mends(request: SeatedRequest, code: str) -> bool:
    """A halted exercise can still be paused, tried again, ended; its time does not pass first."""
    return bool(request.exercise.halted) and code in ("pause", "try_again", "end")


def instructor_only(request: SeatedRequest) -> None:
    """Raise `NotYou` for any seat but the instructor's."""
    if not request.seat.is_instructor:
        raise NotYou(_("Only the instructor sees this."))


def _panel(
    request: SeatedRequest, template: str = "control/panel.html", *, failed: Form | None = None
) -> HttpResponse:
    """Show the panel; `failed` is a form with faults that it shows again."""
    jump = failed if isinstance(failed, JumpForm) else JumpForm()
    first_party = next(iter(agreements.of(request.exercise).states))
    asked = CloseDaysForm(initial={"state": first_party})
    closing = failed if isinstance(failed, CloseDaysForm) else asked
    context = {
        "page": pages.panel(request),
        "form": failed,
        "jump_form": jump,
        "closing_form": closing,
    }
    return render(request, template, context, status=422 if failed else 200)


def _seat_page(request: SeatedRequest, chosen: Seat, form: SitForm) -> HttpResponse:
    context = {
        "chosen": chosen,
        "name": seat_name(chosen.key, agreements.of(request.exercise)),
        "does": DOES[Role(chosen.role)],
        "form": form,
        "once": uuid.uuid4(),
    }
    status = 422 if form.errors else 200
    return render(request, "control/seat.html", context, status=status)
