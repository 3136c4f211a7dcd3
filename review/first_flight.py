"""The guided first flight: its beginning, time that passes, and what was right in the end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import TextChoices
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.models import Event
from audit.refusals import NotNow
from books import sop
from casework.duties import reckon
from control import first_flight, joining, practice
from control.front import next_page
from control.openings import opener_of
from exercises.seating import read_clock
from review import guide
from transit import lead_times
from transit.models import FlightRequest, FlightStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from books.sop import Clause
    from exercises.models import Exercise
    from exercises.seating import SeatedRequest


DAY = timedelta(days=1)


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Say what a first flight is; a POST opens one and goes to its draft."""
    if request.method == "POST":
        person = joining.present(request)
        if person is None:
            return joining.to_join(request)
        _exercise, seat = first_flight.open_flight(person, opener_of(request, person, to_sit=True))
        return redirect(f"{seat.get_absolute_url()}flights/1/")
    context = {"steps": guide.STEPS, "once": uuid.uuid4()}
    return render(request, "review/first_flight.html", context)


@require_POST
def pass_time(request: SeatedRequest) -> HttpResponse:
    """Let time pass until something is one's own, and go where it is done.

    Where something is one's own already, a day at the most. The form says at which step it was
    made: what has come meanwhile is not passed over.
    """
    exercise = request.exercise
    now = _guide(request)
    if request.POST.get("step") == now.step.code and (now.step.waits or now.may_wait):
        come = practice.pass_until(
            exercise,
            lambda at: guide.guide(exercise, at).step is not now.step,
            until=None if now.step.waits else read_clock(exercise).at + DAY,
        )
        if not come:
            messages.info(request, _("Nothing comes any more by itself."))
        exercise.refresh_from_db()
        now = guide.guide(exercise, read_clock(exercise).at)
    return redirect(now.address)


@require_POST
def shut(request: SeatedRequest) -> HttpResponse:
    """Close the guide, or show it again."""
    _guide(request)
    request.session[guide.SHUT.format(request.exercise.pk)] = bool(request.POST.get("shut"))
    return redirect(next_page(request))


def _guide(request: SeatedRequest) -> guide.Guide:
    """Return the guide of the exercise. Raises `Http404` if it is no first flight of this seat."""
    if not guide.sits(request.exercise, request.seat):
        raise Http404
    return guide.guide(request.exercise, read_clock(request.exercise).at)


class How(TextChoices):
    """How something was done."""

    RIGHT = "RIGHT", lazy("right")
    LATE = "LATE", lazy("late")
    WRONG = "WRONG", lazy("wrong")
    NEVER = "NEVER", lazy("not done")


#: The sign and the tone of each, beside its word.
SIGNS = {
    How.RIGHT: ("✓", "good"),
    How.LATE: ("◷", "warn"),
    How.WRONG: ("✗", "bad"),
    How.NEVER: ("–", "bad"),
}


@dataclass(frozen=True)
class Line:
    """One thing that was to be done: how it was done, in words, and the clause that asks for it."""

    what: str
    how: How
    words: str
    clause: Clause

    @property
    def sign(self) -> str:
        return SIGNS[self.how][0]

    @property
    def tone(self) -> str:
        return SIGNS[self.how][1]


@require_GET
def marks(request: SeatedRequest) -> HttpResponse:
    """What was done, in order, what was right, and why; once the flight is over."""
    now = _guide(request)
    if not now.is_over:
        raise NotNow(_("What was right is shown when the flight is closed."))
    lines = [*lines_of(request.exercise)]
    right = sum(1 for line in lines if line.how == How.RIGHT)
    context = {"flight": now.look.flight, "lines": lines, "right": right}
    return render(request, "review/flown.html", context)


def lines_of(exercise: Exercise) -> Iterator[Line]:
    """Say of each thing that was to be done in a first flight how it was done, in order.

    It follows from the rows and the record alone.
    """
    flight = FlightRequest.objects.get(exercise=exercise, number=1)
    done = [event.verb for event in Event.objects.filter(exercise=exercise).in_order()]
    yield from _before_sending(flight, done)
    yield from _while_examined(flight)
    yield from _flown(flight, done)


def _before_sending(flight: FlightRequest, done: list[str]) -> Iterator[Line]:
    sent = [form for form in flight.revisions.all() if form.enclosed_at is not None]
    if not sent:
        yield _line(_("The request"), How.NEVER, _("It was never sent."), "8.3")
        return
    first, last = sent[0], sent[-1]
    returned = done.count("send_back")
    yield _line(
        _("Complete the form"),
        How.WRONG if returned else How.RIGHT,
        _("The registry returned it.") if returned else _("The registry took it in at once."),
        "8.1",
    )
    rows = {row.state: row.clearance_number for row in first.crossings.all()}
    wrong = [state for state, number in first_flight.GRANTED.items() if rows.get(state) != number]
    yield _line(
        _("Say who has granted on the way"),
        How.WRONG if wrong else How.RIGHT,
        _("Not as in the papers: %(states)s.") % {"states": ", ".join(wrong)}
        if wrong
        else _("Georgia, Azerbaijan and Tajikistan, each with its number."),
        "4.2",
    )
    look = guide.Look(flight, flight.exercise.last_at)
    finds = [first_flight.MISTAKE in look.blocks(form) for form in sent]
    told = {"wrong": first_flight.FORM["departure"], "right": first_flight.FORM["route"][:4]}
    if not finds[0]:
        how, words = How.RIGHT, _("Mended before the request went out.")
    elif not finds[-1]:
        how, words = How.LATE, _("Mended only when the host had asked, by a supplement.")
    else:
        how, words = How.NEVER, _("It was never mended: the host could not let the flight in.")
    truth = _("The draft had %(wrong)s as departure; the route and the task say %(right)s.") % told
    yield _line(_("Find the mistake of the draft"), how, f"{words} {truth}", "2.1")
    received_at = first.enclosed_at
    given = lead_times.of_host(last, received_at=received_at) if received_at else None
    if given is not None:
        yield _line(
            _("Send it in time"),
            How.LATE if given.is_short else How.RIGHT,
            _("The note left the host %(given)s working days; it asks for %(asked)s.")
            % {"given": given.given.count, "asked": given.allowance.amount},
            "4.1",
        )


def _while_examined(flight: FlightRequest) -> Iterator[Line]:
    for question in flight.questions.all():
        what = _("Answer question %(number)d") % {"number": question.number}
        due_at = reckon(flight, "question", since=question.asked_at).due_at
        if question.answered_at is None:
            yield _line(what, How.NEVER, _("It was not answered."), "10.4")
            continue
        yield _in_time(what, question.answered_at, due_at, "10.4")


def _flown(flight: FlightRequest, done: list[str]) -> Iterator[Line]:
    if flight.status == FlightStatus.REFUSED:
        words = _("The host refused: what it had asked about was not mended.")
        yield _line(_("Be let in"), How.WRONG, words, "11.5")
        return
    movement = next(iter(flight.movements.all()), None)
    if movement is None:
        yield _line(_("Be let in"), How.NEVER, _("The request ended undecided."), "10.4")
        return
    what = _("Keep to number, window and conditions in the flight plan")
    if not movement.plan:
        yield _line(what, How.NEVER, _("No flight plan was filed."), "12.1")
    elif done.count("send_plan_back"):
        yield _line(what, How.WRONG, _("Operations sent the plan back."), "12.3")
    elif movement.plan_codes:
        codes = ", ".join(movement.plan_codes)
        words = _("Operations had to ask about: %(codes)s.") % {"codes": codes}
        yield _line(what, How.WRONG, words, "12.3")
    else:
        yield _line(what, How.RIGHT, _("Operations found no difference."), "12.2")
    ended_at = movement.ended_flight_at
    if ended_at is None:
        words = _("The window passed without an entry.")
        yield _line(_("Fly within the window"), How.NEVER, words, "12.8")
        return
    due_at = reckon(flight, "report", since=ended_at).due_at
    what = _("Report after the flight")
    if movement.reported_at is None:
        yield _line(what, How.NEVER, _("No report was sent."), "13.1")
    else:
        yield _in_time(what, movement.reported_at, due_at, "13.1")


def _in_time(what: str, done_at: datetime, due_at: datetime | None, clause: str) -> Line:
    is_late = due_at is not None and done_at > due_at
    due = f"{due_at:%d %b %Y %H:%MZ}" if due_at else "—"
    words = _("Done %(done)s; due %(due)s.") % {"done": f"{done_at:%d %b %Y %H:%MZ}", "due": due}
    return _line(what, How.LATE if is_late else How.RIGHT, words, clause)


def _line(what: str, how: How, words: str, clause: str) -> Line:
    return Line(what, how, words, sop.load().clause(clause))
