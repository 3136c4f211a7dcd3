"""Practising: choosing a desk, one dossier after another, handing in."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from approvals import marking
from audit import acts
from audit.refusals import NotNow, NotYou
from casework import kinds
from control import exams, joining, practice
from control.openings import opener_of
from exercises import clock
from exercises.models import Role
from review import choosing, marks
from review.forms import PractiseForm
from scenarios import conduct
from scenarios.generation import NothingFits
from scenarios.models import Assignment, Purpose, Sitting

if TYPE_CHECKING:
    from exercises.models import Exercise, Seat
    from exercises.seating import SeatedRequest
    from transit.models import FlightRequest

#: Where nobody says a seed, it is below this.
SEEDS = 1_000_000


@require_http_methods(["GET", "POST"])
def practise(request: HttpRequest) -> HttpResponse:
    """Choose desk, level and minutes; a POST opens the sitting and goes to its first dossier."""
    form = PractiseForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        person = joining.present(request)
        if person is None:
            return joining.to_join(request)
        chosen = form.cleaned_data
        desk, level = Role(chosen["desk"]), chosen["level"]
        seed = chosen["seed"] or 1 + secrets.randbelow(SEEDS)
        first = choosing.first(
            person.get_username(), desk=desk, level=level, seed=seed, now=clock.wall()
        )
        exercise, seat = practice.open_sitting(
            Purpose.PRACTICE,
            [first.case],
            desk=desk,
            seed=seed,
            person=person,
            level=level,
            minutes=chosen["minutes"],
            chosen=asdict(first.reason),
            opener=opener_of(request, person, to_sit=True),
        )
        return to_work(exercise, seat)
    status = 422 if form.errors else 200
    context = {"form": form, "once": uuid.uuid4()}
    return render(request, "review/practise.html", context, status=status)


@require_POST
def go_on(request: SeatedRequest) -> HttpResponse:
    """Go to the next dossier: one is chosen, and time passes until it lies on the desk."""
    exercise, seat = request.exercise, request.seat
    sat = own_sitting(exercise, seat)
    left = Assignment.objects.filter(exercise=exercise).at_hand(seat)
    if sat.purpose == Purpose.PRACTICE and not left.exists():
        if practice.seconds_left(sat) == 0:
            return _to_the_table(sat, why="TIME")
        try:
            choice = choosing.following(sat, now=clock.wall(), at=request.at)
        except NothingFits:  # the calendar ends
            return _to_the_table(sat, why="DONE")
        practice.give(sat, choice.case, asdict(choice.reason))
    return to_work(exercise, seat)


@require_POST
def hand_in(request: SeatedRequest, number: int) -> HttpResponse:
    """Be done with a dossier, and see what was right; in an exam, go to the next one."""
    exercise, seat = request.exercise, request.seat
    sat = own_sitting(exercise, seat)
    came = Assignment.objects.filter(exercise=exercise).come()
    row = get_object_or_404(came, number=number)
    if marks.handed_in(row, seat) is None:
        with acts.act(exercise, by=seat) as at:
            row = Assignment.objects.select_related("flight").get(pk=row.pk)
            decided = marks.decided_on(row, seat)
            flight = cast("FlightRequest", row.flight)
            if marking.own_check.row.is_open_to(flight, seat, at):
                marking.own_check(flight, by=seat, at=at)
            conduct.hand_in(row, by=seat, at=at, decided=decided)
    if sat.purpose == Purpose.EXAM:
        return to_work(exercise, seat) if not exams.end_if_over(sat) else redirect("exams")
    if practice.seconds_left(sat) == 0:
        practice.end(sat, why="TIME")
    return redirect("dossier-marks", exercise.pk, seat.key, number)


@require_POST
def end(request: SeatedRequest) -> HttpResponse:
    """End a practice, and see its table."""
    sat = own_sitting(request.exercise, request.seat)
    if sat.purpose != Purpose.PRACTICE:
        raise NotNow(_("It ends by itself."))
    return _to_the_table(sat, why="DONE")


def _to_the_table(sat: Sitting, *, why: str) -> HttpResponse:
    practice.end(sat, why=why)
    return redirect("marks", sat.exercise_id, sat.seat.key)


def sitting(exercise: Exercise, seat: Seat) -> Sitting:
    """Return what the seat's person sits an exercise for. Raises `Http404` if nobody does."""
    found = Sitting.objects.filter(exercise=exercise, seat=seat).first()
    if found is None:
        raise Http404
    return found


def own_sitting(exercise: Exercise, seat: Seat) -> Sitting:
    """Return the sitting, for whoever sits it. Raises `NotYou` for an instructor who looks on."""
    if seat.taken_by is not None:
        raise NotYou(_("What is done here is done by whoever sits here."))
    return sitting(exercise, seat)


def to_work(exercise: Exercise, seat: Seat) -> HttpResponse:
    """Go to what is to be handed in, or lies on the desk; time passes until something does."""
    for row in Assignment.objects.filter(exercise=exercise).come().at_hand(seat):
        if marks.decided_on(row, seat):
            return redirect(kinds.address(cast("FlightRequest", row.flight), seat.key))
    done = Assignment.objects.filter(handins__seat=seat).select_related("flight")
    case = practice.pass_on(exercise, seat, but={row.case for row in done})
    if case is None:  # nothing comes any more
        return _to_the_end(exercise, seat)
    return redirect(kinds.address(case, seat.key))


def _to_the_end(exercise: Exercise, seat: Seat) -> HttpResponse:
    """Go to what was left open on the way, else to the table; in an exam, to the exams."""
    left = Assignment.objects.filter(exercise=exercise).come().at_hand(seat).first()
    if left is not None:
        return redirect(kinds.address(cast("FlightRequest", left.flight), seat.key))
    if sitting(exercise, seat).purpose == Purpose.EXAM:
        return redirect("exams")
    return redirect("marks", exercise.pk, seat.key)
