"""Exams: those that one may take, one's attempts, those that one holds, and the page of each."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import acts
from audit.refusals import AlreadyDone, NotYou
from casework import files
from control import exams as conducted
from control import front, joining, practice
from control.openings import opener_of
from control.views import instructor_only
from exercises import people
from exercises.models import Exercise, Role
from exercises.seating import once_of
from review import exam_report, practising
from review.forms import BeginForm, HoldForm
from scenarios import exams as verbs
from scenarios.models import Assignment, Exam, HandIn, Purpose, Sitting

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser, User
    from django.http.response import HttpResponseBase

    from audit.acts import Door
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Offered:
    """An exam that one may take."""

    exam: Exam
    form: BeginForm

    @property
    def desks(self) -> list[str]:
        return [str(Role(code).label) for code in self.exam.desks]


@dataclass(frozen=True)
class Attempt:
    """An attempt of one's own, or of somebody in one's exam, with how far it is.

    `seconds` are those that are left; none once it is over. `results`: one may read the marks.
    """

    sitting: Sitting
    name: str
    began_at: datetime
    seconds: int
    given: int
    handed_in: int
    results: bool

    @property
    def desk(self) -> str:
        return str(Role(self.sitting.seat.role).label)

    @property
    def is_over(self) -> bool:
        return self.seconds == 0

    @property
    def minutes(self) -> int:
        """Minutes left, begun ones counted."""
        return practice.begun_minutes(self.seconds)


@dataclass(frozen=True)
class Held:
    """An exam that one holds."""

    exam: Exam
    attempts: int


@require_GET
def exams(request: HttpRequest) -> HttpResponse:
    """Those that one may take, one's attempts, and those that one holds."""
    return _page(request) if _may_come_in(request) else joining.to_join(request)


def _page(request: HttpRequest, *, failed: tuple[Exam, BeginForm] | None = None) -> HttpResponse:
    user = request.user
    context = {
        "form": failed[1] if failed else None,
        "offered": [
            Offered(
                one,
                failed[1]
                if failed and failed[0] == one
                else BeginForm(desks=one.desks, prefix=str(one.exercise_id)),
            )
            for one in _open_to(user)
        ],
        "attempts": _own_attempts(user),
        "held": _held(user),
        "may_hold": front.may_open(request) or joining.guests_may_come(),
    }
    return render(request, "review/exams.html", context, status=422 if failed else 200)


def _may_come_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated or joining.guests_may_come()


def _open_to(user: User | AnonymousUser) -> list[Exam]:
    """Return the exams that are open and that somebody did not begin, the newest first."""
    known = Exam.objects.filter(closed_at=None, exercise__ended_at=None)
    if user.is_authenticated:
        mine = Sitting.objects.filter(person=user.get_username(), exam__isnull=False)
        known = known.exclude(exercise__in=mine.values("exam")).exclude(
            exercise__in=Exercise.objects.filter(seats__role=Role.INSTRUCTOR, seats__holder=user)
        )
    return [*known.select_related("exercise").order_by("-exercise")]


def _own_attempts(user: User | AnonymousUser) -> list[Attempt]:
    if not user.is_authenticated:
        return []
    mine = Sitting.objects.filter(purpose=Purpose.EXAM, person=user.get_username())
    rows = mine.select_related("exercise", "seat").order_by("-exercise")
    return [_attempt(one, "") for one in rows]


def _held(user: User | AnonymousUser) -> list[Held]:
    if not user.is_authenticated:
        return []
    mine = Exam.objects.filter(exercise__seats__role=Role.INSTRUCTOR, exercise__seats__holder=user)
    rows = mine.select_related("exercise").order_by("-exercise")
    return [Held(one, conducted.attempts(one).count()) for one in rows]


def _attempt(sitting: Sitting, name: str) -> Attempt:
    is_over = sitting.exercise.ended_at is not None
    return Attempt(
        sitting=sitting,
        name=name,
        began_at=practice.began_at(sitting),
        seconds=0 if is_over else practice.seconds_left(sitting) or 0,
        given=Assignment.objects.filter(exercise=sitting.exercise_id).count(),
        handed_in=HandIn.objects.filter(seat=sitting.seat_id).count(),
        results=verbs.is_released(sitting.exam),
    )


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """Hold an exam: in a demo whoever is signed in, else staff."""
    if not _may_come_in(request):
        return joining.to_join(request)
    if request.method == "POST" and joining.present(request) is None:
        return joining.to_join(request)
    if request.user.is_authenticated and not front.may_open(request):
        raise NotYou(_("Only staff holds an exam."))
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        seed = chosen.pop("seed") or 1 + secrets.randbelow(practising.SEEDS - 1)
        user = cast("User", request.user)
        exercise = conducted.hold(
            user,
            chosen.pop("name"),
            seed=seed,
            opener=opener_of(request, user),
            **chosen,
        )
        return redirect("exam", exercise.pk, Role.INSTRUCTOR)
    status = 422 if form.errors else 200
    context = {"form": form, "once": uuid.uuid4()}
    return render(request, "review/hold.html", context, status=status)


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an exam at a desk, or go on with it; to GET, the page on which it is offered."""
    if request.method == "GET":
        return redirect("exams") if _may_come_in(request) else joining.to_join(request)
    exam = get_object_or_404(
        Exam.objects.select_related("exercise"), exercise=number if number < 2**63 else 0
    )
    person = joining.present(request)
    if person is None:
        return joining.to_join(request)
    had = conducted.attempt(exam, person)
    if had is None:
        form = BeginForm(request.POST, desks=exam.desks, prefix=str(number))
        if not form.is_valid():
            return _page(request, failed=(exam, form))
        exercise, seat = conducted.begin(exam, person, form.cleaned_data["desk"])
    else:
        exercise, seat = had.exercise, had.seat
    if conducted.why_over(exercise):
        return redirect("exams")
    return practising.to_work(exercise, seat)


def _exam(request: SeatedRequest) -> Exam:
    """Return the exam that an exercise holds, for its instructor. Raises `Http404` if none."""
    instructor_only(request)
    exam = Exam.objects.filter(exercise=request.exercise).select_related("exercise").first()
    if exam is None:
        raise Http404
    return exam


@require_GET
def exam(request: SeatedRequest) -> HttpResponse:
    """The page of an exam for who holds it: who began, how far they are, what to do with it."""
    held = _exam(request)
    sittings = [*conducted.attempts(held)]
    names = people.names(one.person for one in sittings)
    attempts = [_attempt(one, names[one.person]) for one in sittings]
    context = {
        "exam": held,
        "desks": [Role(code).label for code in held.desks],
        "attempts": attempts,
        "under_way": sum(1 for one in attempts if not one.is_over),
        "once": uuid.uuid4(),
    }
    return render(request, "review/exam.html", context)


@require_POST
def close(request: SeatedRequest) -> HttpResponse:
    """Let nobody begin any more."""
    held = _exam(request)
    _do(request, verbs.close_exam, held, _("Nobody begins this exam any more."))
    return redirect("exam", request.exercise.pk, Role.INSTRUCTOR)


@require_POST
def release(request: SeatedRequest) -> HttpResponse:
    """Let everybody read their marks."""
    held = _exam(request)
    for one in conducted.attempts(held):
        conducted.end_if_over(one)
    _do(request, verbs.release_results, held, _("Everybody reads their own marks now."))
    return redirect("exam", request.exercise.pk, Role.INSTRUCTOR)


@require_GET
def report(request: SeatedRequest) -> HttpResponse:
    """How everybody did, by chapter."""
    held = _exam(request)
    context = {"exam": held, "results": exam_report.results(held)}
    return render(request, "review/exam_report.html", context)


@require_GET
def report_file(request: SeatedRequest) -> HttpResponseBase:
    """The same as a table for spreadsheets."""
    held = _exam(request)
    return files.streamed(exam_report.as_csv(held), f"exam-{held.exercise_id}-report.csv")


def _do(request: SeatedRequest, door: Door[Exam, ..., Exam], held: Exam, said: str) -> None:
    try:
        with acts.act(request.exercise, by=request.seat, once=once_of(request)) as at:
            door(held, by=request.seat, at=at)
    except AlreadyDone:
        return
    messages.success(request, said)
