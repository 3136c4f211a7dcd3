"""The instructor's panel and its verbs, the seats, the record."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods, require_POST

from approvals.models import Concurrence
from approvals.sight import listed, task_due
from approvals.views import etag
from approvals.words import tone
from audit import acts, chain, verification
from audit.models import Event
from audit.refusals import AlreadyDone, NotYou
from books import agreements
from casework import dates, kinds, work
from casework.refusal import takes_form
from control import actions
from control.forms import FORMS, RATES, EraseForm, SitForm
from control.telling import DOES, next_happening, seat_name, tell
from exercises import clock, paging
from exercises.models import Exercise, Heartbeat, Pace, Role, Seat
from exercises.paging import Rows
from exercises.seating import once_of
from transit.models import FlightRequest

if TYPE_CHECKING:
    from datetime import datetime

    from django.forms import Field

    from casework.steps import Task
    from exercises.seating import SeatedRequest

CLOCK_VERBS = ("pause", "run", "step", "jump", "try_again", "end")
EVENTS_A_PAGE = 200
WHOLE = re.compile(r"\d{1,9}")
WORK_SHOWN = 20

#: A running exercise that no worker looked at for so long is in trouble.
SILENCE_ALLOWED = timedelta(seconds=30)


@require_GET
@condition(etag_func=etag)
def clock_live(request: SeatedRequest) -> HttpResponse:
    """The clock in the banner."""
    return render(request, "_clock.html")


@require_GET
def panel(request: SeatedRequest) -> HttpResponse:
    """The instructor's panel: clock, flights, seats, health of the worker."""
    return render(request, "control/panel.html", _panel_context(request))


def panel_etag(request: SeatedRequest) -> str:
    """What the panel depends on besides: the worker, and whether the exercise is halted."""
    worker = _worker(request)
    return f'{etag(request)[:-1]}-{worker["tone"]}-{bool(request.exercise.halted)}"'


@require_GET
@condition(etag_func=panel_etag)
def panel_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the panel."""
    return render(request, "control/_panel_live.html", _panel_context(request))


def _clock_fields(request: HttpRequest, code: str) -> dict[str, Field]:
    return {**FORMS[code].base_fields} if code in FORMS else {}


@takes_form(_clock_fields)
@require_POST
def press(request: SeatedRequest, code: str) -> HttpResponse:
    """Use a verb of the clock."""
    if code not in CLOCK_VERBS:
        raise Http404
    _instructor_only(request)
    form = FORMS[code](request.POST) if code in FORMS else None
    if form is not None and not form.is_valid():
        return _panel(request, code, form)
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
        return _panel(request, code, form)
    acts.let_time_pass(request.exercise)
    return redirect("../")


@require_POST
def jump_to_next(request: SeatedRequest) -> HttpResponse:
    """Jump to the next opening or alarm, whichever is first."""
    _instructor_only(request)
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
    acts.let_time_pass(request.exercise)
    return redirect("../")


def _seat_fields(request: HttpRequest, pk: int) -> dict[str, Field]:
    return SitForm().fields


@takes_form(_seat_fields)
@require_http_methods(["GET", "POST"])
def seat(request: SeatedRequest, pk: int) -> HttpResponse:
    """Give a seat to a user, or empty it."""
    _instructor_only(request)
    chosen = get_object_or_404(
        Seat.objects.select_related("exercise", "holder"), pk=pk, exercise=request.exercise
    )
    form = SitForm(request.POST or None)
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
    exercise = request.exercise
    events = list(Event.objects.filter(exercise=exercise).in_order())
    faults = verification.faults(exercise)
    before = request.GET.get("before", "")
    page = events[: int(before) - 1] if WHOLE.fullmatch(before) and int(before) else events
    if faults:  # a broken record is not told as if it were one
        page = []
    terms = agreements.of(exercise)
    context = {
        "lines": [tell(event, terms) for event in reversed(page[-EVENTS_A_PAGE:])],
        "older_than": page[-EVENTS_A_PAGE].seq if len(page) > EVENTS_A_PAGE else None,
        "is_newest": page is events,
        "total": len(events),
        "faults": faults,
        "digest": "" if faults else chain.digest(events),
        "head": exercise.head,
    }
    return render(request, "control/record.html", context)


def _address(exercise: Exercise, key: str) -> str:
    return f"/x/{exercise.pk}/{key}/"


def _mends(request: SeatedRequest, code: str) -> bool:
    """A halted exercise can still be paused, tried again, ended; its time does not pass first."""
    return bool(request.exercise.halted) and code in ("pause", "try_again", "end")


def _instructor_only(request: SeatedRequest) -> None:
    if not request.seat.is_instructor:
        raise NotYou(_("Only the instructor sees this."))


def _panel(request: SeatedRequest, code: str, form: Any) -> HttpResponse:
    context = _panel_context(request) | {f"{code}_form": form, "form": form}
    return render(request, "control/panel.html", context, status=422)


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


def _panel_context(request: SeatedRequest) -> dict[str, Any]:
    _instructor_only(request)
    exercise, at = request.exercise, request.at
    owed = work.open_work(exercise, at, first=WORK_SHOWN)
    fastest = actions.fastest(exercise)
    ahead = next_happening(exercise, at=at)
    events = Event.objects.filter(exercise=exercise).order_by("-seq")[:12]
    return {
        "jump_form": FORMS["jump"](),
        "once": {code: uuid.uuid4() for code in (*CLOCK_VERBS, "next")},
        "rates": [rate for rate in RATES if rate <= fastest],
        "is_limited": fastest < actions.FASTEST,
        "is_unattended": request.reading.unattended,
        "next_at": ahead and ahead[0],
        "next_what": ahead and ahead[1],
        "flights": _flights(request),
        "instructor": request.seat,
        "seats_table": [
            {
                "seat": one,
                "name": seat_name(one.key, agreements.of(exercise)),
                "url": _address(exercise, one.key),
                "work": work.count(exercise, at, seat=one),
                "is_mine": one.holder_id == request.user.pk,
            }
            for one in exercise.seats.select_related("holder").order_by("pk")
        ],
        "work": [_owed(task, at) for task in owed],
        "work_count": work.count(exercise, at),
        "worker": _worker(request),
        "latest": [tell(event, agreements.of(exercise)) for event in events],
    }


def _flights(request: SeatedRequest) -> dict[str, Any]:
    """A page of all flights, the open ones first, with who has them now."""
    known = listed(FlightRequest.objects.visible_to(request.seat))
    page = paging.page(
        [
            Rows("open", known.filter(closed_at__isnull=True), ("-number",)),
            Rows("closed", known.filter(closed_at__isnull=False), ("-number",)),
        ],
        request.GET,
    )
    rows = [
        {
            "flight": one,
            "form": one.latest,
            "tone": tone(one.status),
            "tasks": [{"task": task, "seat": _owed_by(task)} for task in work.on(one, request.at)],
        }
        for _part, one in page.rows
    ]
    return {"rows": rows, "page": page}


def _owed(task: Task, at: datetime) -> dict[str, Any]:
    row = task.row
    key = f"{task.state}-{task.role}"
    place = kinds.place(task.case)
    return {
        "task": task,
        "case_url": f"{_address(task.case.exercise, Role.INSTRUCTOR)}{place}",
        "what": row.definition.label if isinstance(row, Concurrence) else "",
        "url": f"{_address(task.case.exercise, key)}{place}",
        "seat": seat_name(key, task.case.agreement),
        "due": task_due(task, at),
    }


def _owed_by(task: Task) -> str:
    return seat_name(f"{task.state}-{task.role}", task.case.agreement)


def _worker(request: SeatedRequest) -> dict[str, Any]:
    """Say whether a worker lets time pass; half a minute without a tick is a warning.

    Where the clock stands no tick comes: nothing can be said then, and nothing is amiss.
    """
    exercise = request.exercise
    runs = not (exercise.ended_at or exercise.halted) and (
        exercise.rate > 0 or exercise.pace == Pace.STEP
    )
    if not runs:
        return {"tone": "idle", "silence": ""}
    beat = Heartbeat.objects.filter(exercise=exercise).first()
    ticked_at = beat.ticked_at if beat else None
    silence = clock.wall() - max(ticked_at or exercise.wall_anchor, exercise.wall_anchor)
    is_well = silence < SILENCE_ALLOWED
    return {"tone": "good" if is_well else "bad", "silence": _span(silence)}


def _span(silence: timedelta) -> str:
    if silence < timedelta(minutes=1):
        return _("%(count)d s") % {"count": silence.total_seconds()}
    return dates.duration(silence)
