"""The front door: signing in, sitting down, opening an exercise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.refusals import NotYou
from books import agreements
from books.reading import BadFile
from control import actions
from control.forms import OpenForm
from control.telling import DOES
from exercises import clock, paging
from exercises.models import Exercise, Role, Seat
from exercises.paging import Rows

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet


DEMO_BACKEND = "django.contrib.auth.backends.ModelBackend"
WHOLE = re.compile(r"\d{1,9}")


@require_http_methods(["GET", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """Sign in; in a demo, sit down at any seat; once signed in, choose among your seats."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_next(request))
    if settings.DEMO:  # the seats come first
        del form.fields["username"].widget.attrs["autofocus"]
    status = 422 if form.errors else 200
    return render(request, "control/front.html", _front_context(request, form), status=status)


@require_POST
def sit_down(request: HttpRequest) -> HttpResponse:
    """Sign in as the fictional holder of a seat: in a demo only, beyond this machine by PIN."""
    if not settings.DEMO:
        raise Http404
    chosen = request.POST.get("seat", "")
    seat = get_object_or_404(
        Seat.objects.select_related("exercise", "holder"),
        pk=chosen if WHOLE.fullmatch(chosen) else 0,
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


@login_required(login_url="/")
@require_http_methods(["GET", "POST"])
def open_exercise(request: HttpRequest) -> HttpResponse:
    """Open a new exercise: in a demo anybody signed in may, else staff."""
    if not may_open(request):
        raise NotYou(_("Only staff opens an exercise."))
    form = OpenForm(request.POST or None, initial={"solo": settings.DEMO})
    if request.method == "POST" and form.is_valid():
        choice = {item: form.cleaned_data[item] for item in ("agreement", "help", "solo")}
        try:
            exercise = actions.open_for(
                cast("User", request.user),
                form.cleaned_data["name"],
                at=form.cleaned_data["start"],
                **choice,
            )
        except ValidationError as error:
            form.add_error("start", error.messages[0])
        else:
            return redirect(f"/x/{exercise.pk}/{Role.INSTRUCTOR}/")
    status = 422 if form.errors else 200
    return render(request, "control/open.html", {"form": form}, status=status)


def may_open(request: HttpRequest) -> bool:
    return request.user.is_authenticated and (settings.DEMO or request.user.is_staff)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")


def _front_context(request: HttpRequest, form: AuthenticationForm) -> dict[str, Any]:
    """The seats that whoever asks may take: their own; in a demo every fictional user's."""
    user = request.user
    offered = _offered(user)
    known = Exercise.objects.select_related("heartbeat")
    if settings.DEMO:  # nearly every exercise has such a seat
        known = known.filter(Exists(offered.filter(exercise=OuterRef("pk"))))
    else:
        known = known.filter(pk__in=offered.values("exercise"))
    open_ones, ended = (known.filter(ended_at__isnull=it) for it in (True, False))
    page = paging.page(
        [Rows("open", open_ones, ("-pk",)), Rows("ended", ended, ("-pk",))], request.GET
    )
    seats: dict[int, list[Seat]] = {}
    for one in offered.filter(exercise__in=[row.pk for _part, row in page.rows]).order_by("pk"):
        seats.setdefault(one.exercise_id, []).append(one)
    exercises = [_exercise_on_offer(row, seats[row.pk], user) for _part, row in page.rows]
    return {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "is_demo": settings.DEMO,
        "may_open": may_open(request),
        "asks_pin": bool(settings.DEMO_PIN),
        "open_exercises": [one for one in exercises if not one["exercise"].ended_at],
        "ended_exercises": [one for one in exercises if one["exercise"].ended_at],
        "ended_count": paging.count(ended),
        "page": page,
    }


def _offered(user: User | AnonymousUser) -> QuerySet[Seat]:
    """Return the seats that whoever asks may take by a click, with their holders.

    Only fictional users have no password; nobody signs in as a person by one click.
    """
    mine = Q(holder=user.pk) if user.is_authenticated else Q(pk__in=[])
    if settings.DEMO:
        mine |= Q(holder__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Seat.objects.filter(mine).select_related("holder")


def _exercise_on_offer(exercise: Exercise, seats: list[Seat], user: Any) -> dict[str, Any]:
    try:
        states = agreements.of(exercise).states
    except BadFile:  # its own pages say so; the others stay within reach
        states = {}
    beat = getattr(exercise, "heartbeat", None)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in seats:
        name = one.state or _("Exercise control")
        if one.state in states:
            name = str(states[one.state].name)
        groups.setdefault(name, []).append(
            {
                "seat": one,
                "label": Role(one.role).label,
                "does": DOES[Role(one.role)],
                "url": f"/x/{exercise.pk}/{one.key}/",
                "is_mine": one.holder_id == user.pk,
            }
        )
    return {
        "exercise": exercise,
        "at": clock.read(exercise, alive_at=beat and beat.alive_at, wall=clock.wall()).at,
        "groups": [{"name": name, "seats": held} for name, held in groups.items()],
    }


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe and target else "/"
