"""Lists, the page of one flight on either side, and the one place where verbs are pressed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_GET, require_POST

from approvals import actions, queue
from approvals.forms import FORMS
from approvals.history import history
from approvals.moves import DOORS, VERBS, Move, movements_known_to, moves, subjects
from approvals.verbs import latest_round
from audit.act import act
from audit.refusals import AlreadyDone, NotYou
from audit.verbs import HOST, REQUESTING
from exercises.models import REQUESTER_ROLES, Role
from transit import dates
from transit.forms import SECTIONS
from transit.models import AHEAD, FLOWN, FlightRequest, Movement, MovementStatus, Revision

if TYPE_CHECKING:
    from approvals.models import Concurrence
    from exercises.models import Seat
    from exercises.seating import SeatedRequest
    from transit.forms import VerbForm


def etag(request: SeatedRequest, *args: Any, **kwargs: Any) -> str:
    """What a page depends on: record, seat, language, simulated minute, release."""
    exercise = request.exercise
    parts = (
        exercise.pk,
        exercise.seq,
        exercise.rate,
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
    return render(request, "approvals/flights.html", _list(request))


@require_GET
@condition(etag_func=etag)
def flights_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the list."""
    return render(request, "approvals/_flights.html", _list(request))


@require_GET
def flight_day(request: SeatedRequest) -> HttpResponse:
    """The aircraft expected, in the airspace, and gone: for operations."""
    return render(request, "approvals/flight_day.html", _day(request))


@require_GET
@condition(etag_func=etag)
def flight_day_live(request: SeatedRequest) -> HttpResponse:
    """The live part of the flight-day list."""
    return render(request, "approvals/_flight_day.html", _day(request))


@require_GET
def flight(request: SeatedRequest, number: int) -> HttpResponse:
    """One flight: the requester's status page, or the host's case page."""
    return _page(request, _find(request, number))


@require_GET
@condition(etag_func=etag)
def flight_live(request: SeatedRequest, number: int) -> HttpResponse:
    """The live part of one flight: facts that others change, without the forms."""
    found = _find(request, number)
    return render(request, "approvals/_flight_live.html", _flight_context(request, found))


@require_POST
def press(request: SeatedRequest, number: int, code: str) -> HttpResponse:
    """Use a verb: find its subject, check its form, act, and go back to the page."""
    found = _find(request, number)
    verb = VERBS.get(code)
    if verb is None or code not in FORMS:
        raise Http404
    subject = _subject(request, found, code)
    form = FORMS[code](request.POST, subject=subject)
    if not form.is_valid():
        verb.check(subject, by=request.seat, at=request.at)
        return _page(request, found, failed=(code, subject.ref, form))
    once = str(form.cleaned_data["once"])
    page = f"/x/{request.exercise.pk}/{request.seat.key}/flights/{number}/"
    try:
        seen = form.cleaned_data["seen"]
        with act(request.exercise, by=request.seat, once=once, seen=seen) as at:
            DOORS[code](subject, by=request.seat, at=at, **form.details)
    except AlreadyDone:
        return redirect(page)
    except ValidationError as error:
        _put_errors(form, error)
        return _page(request, _find(request, number), failed=(code, subject.ref, form))
    return redirect(page)


def _find(request: SeatedRequest, number: int) -> FlightRequest:
    flight: FlightRequest = get_object_or_404(
        FlightRequest.objects.visible_to(request.seat).select_related("exercise"), number=number
    )
    return flight


def _subject(request: SeatedRequest, found: FlightRequest, code: str) -> Any:
    """Return what the form is about, as far as the seat may know of it."""
    verb = VERBS[code]
    if request.seat.role not in verb.roles:
        raise NotYou(str(verb.label))
    known = {row.ref: row for row in subjects(found, request.seat, verb)}
    ref = request.POST.get("on", found.ref)
    if ref not in known and verb.subject == "question":
        known |= {row.ref: row for row in found.questions.all()}
    if ref not in known:
        raise Http404
    return known[ref]


def _put_errors(form: VerbForm, error: ValidationError) -> None:
    """Put what a verb found at the items that the form has, the rest on top of it."""
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for item, messages in faults.items():
        for message in messages:
            form.add_error(item if item in form.fields else None, message)


def _page(
    request: SeatedRequest,
    found: FlightRequest,
    *,
    failed: tuple[str, str, VerbForm] | None = None,
) -> HttpResponse:
    context = _flight_context(request, found)
    panel = [_with_form(move, request, failed) for move in moves(found, request.seat, request.at)]
    context["open_moves"] = [one for one in panel if one["move"].is_open or one["failed"]]
    context["blocked_moves"] = [one["move"] for one in panel if not one["move"].is_open]
    context["form"] = failed[2] if failed else None
    return render(request, "approvals/flight.html", context, status=422 if failed else 200)


def _with_form(
    move: Move, request: SeatedRequest, failed: tuple[str, str, VerbForm] | None
) -> dict[str, Any]:
    code, ref = move.verb.code, move.subject.ref
    is_failed = failed is not None and failed[:2] == (code, ref)
    if is_failed and failed:
        form: VerbForm | None = failed[2]
    elif move.is_open and code in FORMS:
        form = FORMS[code](subject=move.subject, seq=request.exercise.seq)
    else:
        form = None
    return {"move": move, "form": form, "failed": is_failed}


def _flight_context(request: SeatedRequest, found: FlightRequest) -> dict[str, Any]:
    seat = request.seat
    side = REQUESTING if seat.role in REQUESTER_ROLES else HOST
    requesting = side == REQUESTING and not seat.is_instructor
    shown = _shown_revision(found, requesting=requesting or seat.is_instructor)
    context: dict[str, Any] = {
        "flight": found,
        "is_requester": requesting,
        "status": found.status_for(seat),
        "status_tone": tone_of(found, seat),
        "is_told": found.replied_at is not None or not requesting,
        "revision": shown,
        "sections": facts(shown) if shown else [],
        "crossings": list(shown.crossings.all()) if shown else [],
        "notes": _notes(found),
        "questions": list(found.questions.all()),
        "movements": [
            {"row": row, "due": dates.shown(row, at=request.at)}
            for row in movements_known_to(found, seat)
        ],
        "authorization": found.authorizations.last()
        if not requesting or found.replied_at
        else None,
        "history": history(found, seat),
        "work": _work(found, request),
        "track": found.track.label,
        "answer_by": _answer_by(found, request),
        "changes": _changes(found) if not requesting else [],
        "my_draft": found.draft if requesting or seat.is_instructor else None,
    }
    if not requesting:
        context |= {
            "concurrences": _concurrences(found, request),
            "minutes": list(found.minutes.select_related("written_by")),
            "duty_due": dates.shown(found, at=request.at),
        }
    elif not found.is_with_host:
        context["duty_due"] = dates.shown(found, at=request.at)
    return context


def _work(found: FlightRequest, request: SeatedRequest) -> list[queue.Task]:
    """Who has the flight now: the seats of the own side, all of them for the instructor."""
    return [
        task
        for task in queue.open_work(request.exercise, request.at)
        if task.flight.pk == found.pk
        and (request.seat.is_instructor or task.state == request.seat.state)
    ]


def tone_of(found: FlightRequest, seat: Seat) -> str:
    """Return the colour of a status; the word beside it says the same."""
    return {
        "AUTHORIZED": "good",
        "REFUSED": "bad",
        "LAPSED": "bad",
        "WITHDRAWN": "neutral",
        "RETURNED": "warn",
        "DRAFT": "neutral",
    }.get(found.status_for(seat), "active")


def facts(revision: Revision) -> list[dict[str, Any]]:
    """Return the form as label and value, grouped; "not provided" is the page's word."""
    agreement = revision.flight.agreement
    return [
        {
            "title": title,
            "items": [
                {
                    "label": str(revision._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
                    "value": _value(revision, name, agreement),
                    "name": name,
                }
                for name in names
            ],
        }
        for title, names in SECTIONS
    ]


def _value(revision: Revision, name: str, agreement: Any) -> Any:
    value = getattr(revision, name)
    if name == "category":
        return str(agreement.categories.get(value, ""))
    display = getattr(revision, f"get_{name}_display", None)
    return display() if display and value else value


def _shown_revision(found: FlightRequest, *, requesting: bool) -> Revision | None:
    """The host never sees the live draft; the requester sees it until a note carries it."""
    if requesting:
        return found.revisions.order_by("-number").first()
    return found.examined


def _notes(found: FlightRequest) -> list[Any]:
    return list(found.notes.select_related("enclosure", "in_reply_to"))


def _answer_by(found: FlightRequest, request: SeatedRequest) -> dates.Shown | None:
    """The agreement's date for an answer; both sides know it, as both know the agreement."""
    if found.received_at is None or not (found.is_with_host or found.status == "SUBMITTED"):
        return None
    reckoned = actions.answer_by(found)
    return dates.explained(reckoned, due_at=reckoned.due_at, at=request.at)


def _concurrences(found: FlightRequest, request: SeatedRequest) -> list[dict[str, Any]]:
    latest = {row.pk for row in latest_round(found)}
    rows = found.concurrences.select_related("answered_by", "revision").order_by("round", "pk")
    return [
        {
            "row": row,
            "is_latest": row.pk in latest,
            "reason": row.reason if may_read_reason(row, request.seat) else None,
            "due": dates.shown(row, at=request.at, pauses=actions.pauses(found, desk=row.desk)),
        }
        for row in sorted(rows, key=lambda row: (row.definition.is_lead, row.round, row.pk))
    ]


def may_read_reason(row: Concurrence, seat: Seat) -> bool:
    """Security's reasons are for the desk itself, the lead desk, the deciders."""
    if not row.definition.reasons_private or seat.is_instructor:
        return True
    return seat.role in (row.desk, Role.DEFENCE, Role.DECIDER, Role.DEPUTY)


def _changes(found: FlightRequest) -> list[dict[str, Any]]:
    """Return what the last enclosed revision changed, old beside new."""
    enclosed = list(found.revisions.exclude(enclosed_at=None).order_by("-number")[:2])
    if len(enclosed) < 2:
        return []
    new, old = enclosed
    agreement = found.agreement
    return [
        {
            "label": str(new._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            "old": _value(old, name, agreement),
            "new": _value(new, name, agreement),
        }
        for name in sorted(actions.changed_items(old, new) - {"crossings"})
    ]


def _list(request: SeatedRequest) -> dict[str, Any]:
    """Rows by least time left; the seat's own work first."""
    seat, at = request.seat, request.at
    found = list(FlightRequest.objects.visible_to(seat).select_related("exercise"))
    work = queue.open_work(request.exercise, at)
    rows = [_row(one, seat, at, work) for one in found]
    rows.sort(key=_least_time_left)
    tab = request.GET.get("tab", "open")
    search = request.GET.get("q", "").strip()
    if search:
        rows = [row for row in rows if search.lower() in row["text"].lower()]
    tabs = {
        "mine": [row for row in rows if row["is_mine"]],
        "open": [row for row in rows if not row["is_closed"]],
        "done": [row for row in rows if row["is_closed"]],
    }
    if tab not in tabs:
        tab = "open"
    return {
        "rows": tabs[tab],
        "tab": tab,
        "counts": {name: len(held) for name, held in tabs.items()},
        "q": search,
        "is_requester": seat.role in REQUESTER_ROLES,
        "may_prepare": seat.role == Role.PLANNER,
    }


def _least_time_left(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["is_closed"],
        not row["is_mine"],
        row["due"] is None,
        row["due_at"],
        -row["flight"].number,
    )


def _row(one: FlightRequest, seat: Seat, at: Any, work: list[Any]) -> dict[str, Any]:
    requesting = one.side_of(seat) == REQUESTING
    tasks = [task for task in work if task.flight.pk == one.pk]
    mine = [task for task in tasks if task.is_of(seat)]
    known = mine or [task for task in tasks if seat.is_instructor or task.state == seat.state]
    due_at = min((task.due_at for task in known if task.due_at), default=None)
    form = one.content if not requesting else one.revisions.order_by("-number")[0]
    return {
        "flight": one,
        "form": form,
        "status": one.status_for(seat),
        "tone": tone_of(one, seat),
        "is_mine": bool(mine),
        "is_closed": one.closed_at is not None,
        "task": known[0] if known else None,
        "due": dates.Shown(due_at, dates.tone(due_at, at), dates.left(due_at, at))
        if due_at
        else None,
        "due_at": due_at or at,
        "text": f"{one.reference} {form.call_sign} {form.aircraft_type} {form.departure} "
        f"{form.destination} {form.operator}",
    }


def _day(request: SeatedRequest) -> dict[str, Any]:
    """The movements of the host's flights, by what they wait for."""
    seat = request.seat
    if seat.role in REQUESTER_ROLES:
        raise Http404
    rows = Movement.objects.filter(exercise=request.exercise).select_related(
        "flight__exercise", "authorization__revision"
    )
    if not seat.is_instructor:
        rows = rows.filter(flight__host=seat.state)
    shown: list[dict[str, Any]] = [
        {
            "row": row,
            "form": row.revision,
            "entry": row.revision.planned_entry,
            "exit": row.revision.planned_exit,
            "due": dates.shown(row, at=request.at),
        }
        for row in rows.order_by("flight__entry_at", "pk")
    ]
    return {
        "ahead": [one for one in shown if one["row"].status in AHEAD],
        "inside": [one for one in shown if one["row"].status == MovementStatus.ACTIVE],
        "flown": [one for one in shown if one["row"].status in FLOWN],
        "ended": [one for one in shown if one["row"].closed_at],
    }
