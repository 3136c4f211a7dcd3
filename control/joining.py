"""Joining: by a name and a word, then at an empty seat; the first account of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from audit import acts
from audit.refusals import AlreadyDone
from control import accounts, guesses, names, participation
from control.entering import enter
from control.forms import FirstAccountForm, JoinForm
from control.front import WHOLE, may_make_the_first_account, next_page
from exercises import people
from exercises.models import Role, Seat
from exercises.seating import once_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@sensitive_post_parameters("word", "pin")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Become somebody: a new name takes the word along, a name that is taken asks for it."""
    if not (settings.DEMO or settings.DEMO_PIN):
        raise Http404
    form = JoinForm(request.POST or None, asks_pin=bool(settings.DEMO_PIN))
    status = 200
    if request.method == "POST":
        user = _joined(request, form)
        if user is not None:
            enter(request, user)
            return redirect(next_page(request))
        status = 422
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "control/join.html", context, status=status)


def _joined(request: HttpRequest, form: JoinForm) -> User | None:
    """Return whoever joins by a form; None where it has faults, which it then names."""
    pin, said = guesses.pin_from(request), request.POST.get("pin", "")
    if settings.DEMO_PIN:
        guesses.check(pin)
        if said and not constant_time_compare(said, settings.DEMO_PIN):
            guesses.was_wrong(pin)
            form.add_error("pin", _("This is not the PIN that the terminal shows."))
    if not form.is_valid():
        return None
    name, word = form.cleaned_data["name"], form.cleaned_data["word"]
    guess = guesses.word_of(names.fold(name), request)
    guesses.check(guess)
    guesses.come(request)
    try:
        return accounts.join(name, word)
    except accounts.WrongWord:
        guesses.was_wrong(guess)
        form.add_error(
            "word",
            _(
                "This name is taken, and its word is another. If it is yours, type the word that "
                "you chose at the first time; if not, join by another name."
            ),
        )
    except ValidationError as error:
        form.add_error("name", error)
    return None


def present(request: HttpRequest) -> User | None:
    """Return who sits down alone: whoever has joined, or has an account.

    In a demo that asks for no PIN whoever comes without a name is signed in as the guest of the
    machine; the cast sits in its own exercises. None: they join or sign in first.
    """
    user = request.user
    if user.is_authenticated and (user.has_usable_password() or people.is_handle(user.username)):
        return user
    if not guests_may_come():
        return None
    guest = accounts.guest()
    enter(request, guest)
    return guest


def guests_may_come() -> bool:
    """Say whether who comes without a name is signed in as the guest of the machine."""
    return settings.DEMO and not settings.DEMO_PIN


def to_join(request: HttpRequest) -> HttpResponse:
    """Send whoever is to join or to sign in first, and back to the page they were on."""
    door = reverse("join") if settings.DEMO or settings.DEMO_PIN else "/"
    return redirect(f"{door}?{urlencode({'next': request.path})}")


@login_required(login_url="/")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Sit down at an empty seat of an exercise that lets latecomers in."""
    user, chosen = cast("User", request.user), request.POST.get("seat", "")
    seat = get_object_or_404(
        Seat.objects.exclude(role=Role.INSTRUCTOR).select_related("exercise"),
        pk=chosen if WHOLE.fullmatch(chosen) else 0,
    )
    exercise = seat.exercise
    knows = exercise.is_open_to_join or user.get_username() in exercise.people
    if not (knows and user.has_usable_password()):
        raise Http404
    seat.holder = user
    try:
        with acts.act(exercise, by=seat, once=once_of(request)) as at:
            participation.take(seat, by=seat, at=at)
    except AlreadyDone:
        pass
    return redirect(seat)


@sensitive_post_parameters("password1", "password2", "code")
@require_http_methods(["GET", "POST"])
def first_account(request: HttpRequest) -> HttpResponse:
    """Make the first account of staff, by the code that the terminal shows; then never again."""
    if not may_make_the_first_account():
        raise Http404
    form = FirstAccountForm(request.POST or None)
    who = guesses.pin_from(request)
    if request.method == "POST":
        guesses.check(who)
        code = request.POST.get("code", "")
        if not constant_time_compare(code, settings.FIRST_ACCOUNT_CODE):
            guesses.was_wrong(who)
            form.add_error("code", _("This is not the code that the terminal shows."))
        if form.is_valid():
            user = form.save(commit=False)
            user.is_staff = user.is_superuser = True
            user.save()
            enter(request, user)
            return redirect("/")
    return _first_account_page(request, form)


def _first_account_page(request: HttpRequest, form: FirstAccountForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "control/first_account.html", {"form": form}, status=status)
