"""One's own page: the name, sittings and results, all of it as a file, and the end of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from audit.refusals import NotYou
from books import agreements
from books.reading import BadFile
from control import accounts, front
from control.forms import EraseMeForm, NameForm
from control.telling import seat_name
from exercises import people
from exercises.models import Exercise, Person, Seat
from exercises.recorded import encode
from review import results

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class HeldSeat:
    """A seat that somebody holds, in words."""

    name: str
    url: str


@dataclass(frozen=True)
class Sitting:
    """An exercise in which somebody holds seats."""

    exercise: Exercise
    seats: list[HeldSeat]


@never_cache
@login_required(login_url="/")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What one is called, and one's sittings; a POST changes the name."""
    user = cast("User", request.user)
    form = NameForm(request.POST or None, initial={"name": people.called(user)})
    if request.method == "POST":
        _of_people_only(user)
        if form.is_valid():
            try:
                accounts.rename(user, form.cleaned_data["name"])
            except ValidationError as error:
                form.add_error("name", error)
            else:
                messages.success(request, _("You have another name now."))
                return redirect("me")
    context = {
        "form": form,
        "name": people.called(user),
        "is_person": _is_person(user),
        "sittings": sittings(user),
        "results": results.page_of(user.get_username(), request.GET.get("page", "")),
    }
    return render(request, "review/me.html", context, status=422 if form.errors else 200)


@never_cache
@login_required(login_url="/")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """All that is kept of oneself, as a file."""
    text = json.dumps(kept_of(cast("User", request.user)), ensure_ascii=False, indent=2)
    answer = HttpResponse(f"{text}\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="overflight-me.json"'
    return answer


@never_cache
@login_required(login_url="/")
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase oneself, after one's name was typed."""
    user = cast("User", request.user)
    _of_people_only(user)
    form = EraseMeForm(request.POST or None, expected=people.called(user))
    if request.method == "POST" and form.is_valid():
        accounts.erase(user)
        logout(request)
        messages.success(request, _("Your name and your word are erased."))
        return redirect("/")
    status = 422 if form.errors else 200
    return render(request, "review/erase_me.html", {"form": form}, status=status)


def sittings(user: User) -> list[Sitting]:
    """Return the exercises in which somebody holds seats, the newest first."""
    held: dict[int, Sitting] = {}
    others = front.attempts_of_others(user).values("exercise")
    mine = Seat.objects.filter(holder=user).exclude(exercise__in=others).select_related("exercise")
    for seat in mine.order_by("-exercise", "pk"):
        sitting = held.setdefault(seat.exercise_id, Sitting(seat.exercise, []))
        sitting.seats.append(HeldSeat(_named(seat), seat.get_absolute_url()))
    return [*held.values()]


def kept_of(user: User) -> dict[str, Any]:
    """Return all that is kept of somebody beside the records: plain values, for JSON."""
    return {
        "name": people.called(user),
        "handle": user.get_username(),
        "joined_at": encode(user.date_joined.replace(microsecond=0)),
        "sittings": [
            {
                "exercise": one.exercise.pk,
                "name": one.exercise.name,
                "opened_at": encode(one.exercise.opened_at),
                "ended_at": encode(one.exercise.ended_at),
                "seats": [seat.name for seat in one.seats],
            }
            for one in sittings(user)
        ],
        "results": [one.as_data() for one in results.newest(user.get_username())],
    }


def _is_person(user: User) -> bool:
    return Person.objects.filter(pk=user.pk).exists()


def _of_people_only(user: User) -> None:
    if not _is_person(user):
        raise NotYou(_("This account is kept by whoever looks after the installation."))


def _named(seat: Seat) -> str:
    try:
        return seat_name(seat.key, agreements.of(seat.exercise))
    except BadFile:  # the pages of the exercise say so
        return seat.key
