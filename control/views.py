"""The front door, the seats, the instructor's panel and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods, require_POST

from approvals import queue
from approvals.views import etag
from audit import act, chain, verification
from audit.models import Event
from audit.refusals import NotYou
from control import actions, verbs
from control.forms import FORMS, EraseForm, RunForm, SitForm
from exercises import clock
from exercises.models import Exercise, Heartbeat, Seat
from transit import agreements, dates
from transit.duties import Owed
from transit.models import FlightRequest

if TYPE_CHECKING:
    from exercises.seating import SeatedRequest

DEMO_BACKEND = "django.contrib.auth.backends.ModelBackend"
CLOCK_VERBS = ("pause", "run", "step", "jump", "end")


@require_http_methods(["GET", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """Sign in; in a demo, sit down at any seat; once signed in, choose among your seats."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_next(request))
    return render(request, "control/front.html", _front_context(request, form))


@require_POST
def sit_down(request: HttpRequest) -> HttpResponse:
    """Sign in as the fictional holder of a seat: in a demo only, beyond this machine by PIN."""
    if not settings.DEMO:
        raise Http404
    seat = get_object_or_404(
        Seat.objects.select_related("exercise", "holder"), pk=request.POST.get("seat", 0) or 0
    )
    holder = seat.holder
    if holder is None or holder.has_usable_password():
        raise Http404
    if settings.DEMO_PIN and not constant_time_compare(
        request.POST.get("pin", ""), settings.DEMO_PIN
    ):
        context = _front_context(request, AuthenticationForm(request))
        context["pin_error"] = _("This is not the PIN that the terminal shows.")
        return render(request, "control/front.html", context, status=422)
    login(request, holder, backend=DEMO_BACKEND)
    return redirect(f"/x/{seat.exercise_id}/{seat.key}/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")


@require_GET
@condition(etag_func=etag)
def clock_live(request: SeatedRequest) -> HttpResponse:
    """The clock in the banner."""
    return render(request, "_clock.html")


@require_GET
def panel(request: SeatedRequest) -> HttpResponse:
    """The instructor's panel: clock, flights, seats, health of the worker."""
    return render(request, "control/panel.html", _panel_context(request))


@require_GET
@condition(etag_func=etag)
def panel_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the panel."""
    return render(request, "control/_panel_live.html", _panel_context(request))


@require_POST
def press(request: SeatedRequest, code: str) -> HttpResponse:
    """Use a verb of the clock."""
    if code not in CLOCK_VERBS:
        raise Http404
    form = FORMS[code](request.POST) if code in FORMS else None
    if form is not None and not form.is_valid():
        return _panel(request, code, form)
    door = getattr(actions, code)
    try:
        with act.act(request.exercise, by=request.seat, catch_up=not _mends(request, code)) as at:
            door(request.exercise, by=request.seat, at=at, **(form.cleaned_data if form else {}))
    except ValidationError as error:
        assert form is not None  # noqa: S101 - only verbs with a form judge their parameters
        form.add_error(None, error)
        return _panel(request, code, form)
    act.let_time_pass(request.exercise)
    return redirect("../")


@require_POST
def jump_to_next(request: SeatedRequest) -> HttpResponse:
    """Jump to the next opening or alarm, whichever is first."""
    to = None
    with act.act(request.exercise, by=request.seat) as at:
        to = actions.next_stop(request.exercise, at=at)
        if to is not None:
            actions.jump(request.exercise, by=request.seat, at=at, to=to)
    if to is None:
        messages.info(request, _("Nothing is ahead: no opening, no alarm."))
    act.let_time_pass(request.exercise)
    return redirect("../")


@require_http_methods(["POST"])
def seat(request: SeatedRequest, pk: int) -> HttpResponse:
    """Give a seat to a user, or empty it."""
    chosen = get_object_or_404(Seat, pk=pk, exercise=request.exercise)
    form = SitForm(request.POST)
    code = "vacate" if "vacate" in request.POST else "sit"
    if code == "sit" and not form.is_valid():
        return _panel(request, "sit", form)
    details = {"holder": form.cleaned_data["holder"]} if code == "sit" else {}
    try:
        with act.act(request.exercise, by=request.seat) as at:
            getattr(actions, code)(chosen, by=request.seat, at=at, **details)
    except ValidationError as error:
        form.add_error(None, error)
        return _panel(request, "sit", form)
    return redirect("../../")


@require_http_methods(["GET", "POST"])
def erase(request: SeatedRequest) -> HttpResponse:
    """Erase the whole exercise, after its name was typed."""
    _instructor_only(request)
    form = EraseForm(request.POST or None, expected=request.exercise.name)
    if request.method == "POST" and form.is_valid():
        actions.erase(request.exercise, by=request.user)
        messages.success(request, _("The exercise is erased."))
        return redirect("/")
    status = 422 if form.errors else 200
    return render(request, "control/erase.html", {"form": form}, status=status)


@require_GET
def record(request: SeatedRequest) -> HttpResponse:
    """The record of the exercise, newest first, and whether it holds."""
    _instructor_only(request)
    events = list(Event.objects.filter(exercise=request.exercise).in_order())
    page = [_event(event) for event in reversed(events[-200:])]
    context = {
        "events": page,
        "total": len(events),
        "faults": verification.faults(request.exercise),
        "digest": chain.digest(events),
        "head": request.exercise.head,
    }
    return render(request, "control/record.html", context)


def _front_context(request: HttpRequest, form: AuthenticationForm) -> dict[str, Any]:
    exercises = Exercise.objects.order_by("-pk")
    if request.user.is_authenticated:
        shown = list(exercises.held_by(request.user))  # type: ignore[arg-type]
    else:
        shown = list(exercises.filter(ended_at=None)) if settings.DEMO else []
    return {
        "form": form,
        "next": request.GET.get("next", ""),
        "is_demo": settings.DEMO,
        "asks_pin": bool(settings.DEMO_PIN),
        "exercises": [_seats_of(one, request) for one in shown],
    }


def _seats_of(exercise: Exercise, request: HttpRequest) -> dict[str, Any]:
    seats = exercise.seats.select_related("holder").exclude(holder=None).order_by("pk")
    if request.user.is_authenticated:
        seats = seats.filter(holder=request.user)
    states = agreements.load(exercise.agreement, exercise.agreement_version).states
    groups: dict[str, list[Seat]] = {}
    for one in seats:
        name = str(states[one.state].name) if one.state else _("Exercise control")
        if request.user.is_authenticated or not one.holder.has_usable_password():  # type: ignore[union-attr]
            groups.setdefault(name, []).append(one)
    return {"exercise": exercise, "groups": groups}


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe and target else "/"


def _mends(request: SeatedRequest, code: str) -> bool:
    """A halted exercise can still be paused and ended; its time does not pass then."""
    return bool(request.exercise.halted) and code in ("pause", "end")


def _instructor_only(request: SeatedRequest) -> None:
    if not request.seat.is_instructor:
        raise NotYou(_("Only the instructor sees this."))


def _panel(request: SeatedRequest, code: str, form: Any) -> HttpResponse:
    context = _panel_context(request) | {f"{code}_form": form, "form": form}
    return render(request, "control/panel.html", context, status=422)


def _panel_context(request: SeatedRequest) -> dict[str, Any]:
    _instructor_only(request)
    exercise, at = request.exercise, request.at
    work = queue.open_work(exercise, at)
    beat = Heartbeat.objects.filter(exercise=exercise).first()
    flights = FlightRequest.objects.filter(exercise=exercise).select_related("exercise")
    return {
        "run_form": RunForm(),
        "jump_form": FORMS["jump"](),
        "sit_form": SitForm(),
        "moves": [
            {
                "verb": verbs.VERBS[code],
                "reason": verbs.VERBS[code].reason_against(exercise, request.seat, at),
            }
            for code in CLOCK_VERBS
        ],
        "next_stop": actions.next_stop(exercise, at=at),
        "flights": [
            {
                "flight": one,
                "form": one.content,
                "tasks": [task for task in work if task.flight.pk == one.pk],
            }
            for one in flights.order_by("closed_at", "number")
        ],
        "seats_table": [
            {"seat": one, "work": sum(1 for task in work if task.is_of(one))}
            for one in exercise.seats.select_related("holder").order_by("pk")
        ],
        "work": [
            {
                "task": task,
                "due": dates.shown(task.row, at=at) if isinstance(task.row, Owed) else None,
            }
            for task in work[:20]
        ],
        "worker": _worker(beat),
        "events": [
            _event(event) for event in Event.objects.filter(exercise=exercise).order_by("-seq")[:15]
        ],
    }


def _worker(beat: Heartbeat | None) -> dict[str, Any]:
    """Say whether a worker ticks; half a minute without one is a warning."""
    wall = clock.wall()
    silence = wall - beat.ticked_at if beat and beat.ticked_at else None
    return {
        "ticked_at": beat and beat.ticked_at,
        "silence": dates.duration(silence) if silence else None,
        "is_well": silence is not None and silence.total_seconds() < 30,
    }


def _event(event: Event) -> dict[str, Any]:
    from_table = verbs.VERBS.get(event.verb)
    return {"event": event, "verb": from_table, "told": event.told}
