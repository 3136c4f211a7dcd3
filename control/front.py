"""The front door: signing in, sitting down, opening an exercise."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.refusals import NotYou
from books import agreements
from books.reading import BadFile
from casework import work
from control import actions, guesses, stories
from control.entering import enter
from control.forms import OpenForm, SignInForm
from control.openings import opener_of
from control.telling import DOES
from exercises import paging, people
from exercises.models import Exercise, Role, Seat
from exercises.paging import Rows
from exercises.seating import read_clock
from scenarios.models import Sitting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from books.agreements import State
    from exercises.paging import Count, Page


WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class OfferedSeat:
    """A seat that whoever asks may take: their own by its address, others by one click.

    Of those, the cast's by signing in as its holder, an empty one by sitting down oneself.
    `says` is a line on it, `waits` how many steps it owes, in words: nothing of an empty seat.
    """

    seat: Seat
    label: str | _StrPromise
    state: str
    says: str | _StrPromise
    is_mine: bool
    waits: str

    @property
    def is_free(self) -> bool:
        """Say whether nobody sits there, so that whoever takes it does so as themselves."""
        return self.seat.holder_id is None


@dataclass(frozen=True)
class Group:
    """The seats of one state, or of exercise control."""

    name: str
    seats: list[OfferedSeat]


@dataclass(frozen=True)
class OfferedExercise:
    """An exercise that whoever asks may enter, at its moment `at`.

    They sit there (`is_mine`), may take a seat by a click, or wait for one. `first` are the seats
    with which to begin, if there are some: the others stand in `groups` behind "All seats".
    """

    exercise: Exercise
    at: datetime
    seats: list[OfferedSeat]
    is_mine: bool

    @property
    def first(self) -> list[OfferedSeat]:
        """Those that have work, and one's only one; where nothing waits, who prepares requests.

        Each with its state. None for whoever chooses an empty seat.
        """
        if any(one.is_free for one in self.seats):
            return []
        is_only_one = sum(one.is_mine for one in self.seats) == 1
        found = [one for one in self.seats if one.waits or (one.is_mine and is_only_one)]
        found = found or [one for one in self.seats if one.seat.role == Role.PLANNER]
        return [replace(one, says=one.state or one.says) for one in found]

    @property
    def groups(self) -> list[Group]:
        found: dict[str, list[OfferedSeat]] = {}
        for one in self.seats:
            found.setdefault(one.state or _("Exercise control"), []).append(one)
        return [Group(name, seats) for name, seats in found.items()]


@dataclass(frozen=True)
class Door:
    """The front page. `next` is where to go after signing in; a demo may ask for a PIN.

    Of a page of the list of exercises: `left_open`, in which one sits, `running`, in which one may
    take a seat, and `ended`; `ended_count` says how many there are that ended.
    """

    next: str
    name: str
    once: uuid.UUID
    is_demo: bool
    is_joined: bool
    may_join: bool
    asks_pin: bool
    asks_first_account: bool
    may_open: bool
    left_open: list[OfferedExercise]
    running: list[OfferedExercise]
    ended: list[OfferedExercise]
    ended_count: Count
    page: Page
    pin_error: str = ""

    @property
    def has_seats(self) -> bool:
        return bool(self.page.rows)


@require_http_methods(["GET", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """The doors, what one left open, the seats to take; a POST signs in with an account."""
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(next_page(request))
    page = _door(request)
    if settings.DEMO or not page.next:  # the doors come first
        del form.fields["username"].widget.attrs["autofocus"]
    status = 422 if form.errors else 200
    return render(request, "control/front.html", {"page": page, "form": form}, status=status)


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
    if holder is None or not Seat.objects.filter(_of_the_cast(), pk=seat.pk).exists():
        raise Http404
    if settings.DEMO_PIN:
        guess = guesses.pin_from(request)
        guesses.check(guess)
        if not constant_time_compare(request.POST.get("pin", ""), settings.DEMO_PIN):
            guesses.was_wrong(guess)
            return _not_seated(request, _("This is not the PIN that the terminal shows."))
    enter(request, holder)
    return redirect(seat)


def _not_seated(request: HttpRequest, pin_error: str) -> HttpResponse:
    context = {"page": _door(request, pin_error=pin_error), "form": SignInForm(request)}
    return render(request, "control/front.html", context, status=422)


@login_required(login_url="/")
@require_http_methods(["GET", "POST"])
def open_exercise(request: HttpRequest) -> HttpResponse:
    """Open a new exercise: in a demo anybody signed in may, else staff."""
    if not may_open(request):
        raise NotYou(_("Only staff opens an exercise."))
    form = OpenForm(request.POST or None, initial={"solo": settings.DEMO})
    if request.method == "POST" and form.is_valid():
        try:
            exercise = actions.open_for(
                cast("User", request.user),
                form.cleaned_data["name"],
                at=form.cleaned_data["start"],
                agreement=form.cleaned_data["agreement"],
                help_shown=form.cleaned_data["help"],
                solo=form.cleaned_data["solo"],
                role_players=form.cleaned_data["role_players"],
                opener=opener_of(request, cast("User", request.user)),
            )
        except ValidationError as error:
            form.add_error("start", error.messages[0])
        else:
            return redirect("desk", exercise.pk, Role.INSTRUCTOR)
    status = 422 if form.errors else 200
    context = {"form": form, "once": uuid.uuid4()}
    return render(request, "control/open.html", context, status=status)


def may_open(request: HttpRequest) -> bool:
    return request.user.is_authenticated and (settings.DEMO or request.user.is_staff)


def may_make_the_first_account() -> bool:
    """Say whether the installation has no staff yet, and a code that the terminal shows."""
    if settings.DEMO or not settings.FIRST_ACCOUNT_CODE:
        return False
    return not get_user_model().objects.filter(is_staff=True, is_active=True).exists()


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")


def _door(request: HttpRequest, *, pin_error: str = "") -> Door:
    """The seats that whoever asks may take: their own; in a demo every fictional user's."""
    user = request.user
    is_joined = _is_joined(user)
    known = Exercise.objects.select_related("heartbeat")
    may_take = _may_take(user)
    if settings.DEMO and not is_joined:  # nearly every exercise has such a seat
        known = known.filter(Exists(may_take.filter(exercise=OuterRef("pk"))))
    else:
        known = known.filter(Q(pk__in=may_take.values("exercise")) | _waiting(user))
    known = known.exclude(pk__in=attempts_of_others(user).values("exercise"))
    sits = Q(pk__in=Seat.objects.filter(holder=user.pk).values("exercise"))
    running, ended = (known.filter(ended_at__isnull=it) for it in (True, False))
    parts = [Rows("running", running, ("-pk",)), Rows("ended", ended, ("-pk",))]
    if user.is_authenticated:
        parts[:1] = [
            Rows("mine", running.filter(sits), ("-pk",)),
            Rows("running", running.filter(~sits), ("-pk",)),
        ]
    page = paging.page(parts, request.GET)
    offered = _offered(page, may_take, user)
    return Door(
        next=request.POST.get("next") or request.GET.get("next", ""),
        name=people.called(user),
        once=uuid.uuid4(),
        is_demo=settings.DEMO,
        is_joined=is_joined,
        may_join=_may_join(user),
        asks_pin=settings.DEMO and bool(settings.DEMO_PIN) and not is_joined,
        asks_first_account=not user.is_authenticated and may_make_the_first_account(),
        may_open=may_open(request),
        left_open=offered.get("mine", []),
        running=offered.get("running", []),
        ended=offered.get("ended", []),
        ended_count=paging.count(ended),
        page=page,
        pin_error=pin_error,
    )


def attempts_of_others(user: User | AnonymousUser) -> QuerySet[Sitting]:
    """Return what others sit in exams: who holds an exam finds them on the page of the exam."""
    return Sitting.objects.filter(exam__isnull=False).exclude(person=user.get_username())


def _is_joined(user: User | AnonymousUser) -> bool:
    """Say whether somebody joined by name: the guest of the machine did not."""
    username = user.get_username()
    return people.is_handle(username) and username != people.GUEST


def _may_join(user: User | AnonymousUser) -> bool:
    """Say whether somebody may join by name: who has an account of their own need not."""
    is_open = settings.DEMO or bool(settings.DEMO_PIN)
    return is_open and not (user.is_authenticated and user.has_usable_password())


def _may_take(user: User | AnonymousUser) -> QuerySet[Seat]:
    """Return the seats that whoever asks may take by a click, with their holders.

    Nobody signs in as a person by one click. Whoever has joined, or has an account, may choose
    an empty seat where latecomers are let in; what the cast plays is none of theirs to see.
    """
    mine = Q(holder=user.pk) if user.is_authenticated else Q(pk__in=[])
    if user.is_authenticated and user.has_usable_password():
        mine |= Q(holder=None, exercise__is_open_to_join=True, exercise__ended_at=None) & ~Q(
            role=Role.INSTRUCTOR
        )
    if settings.DEMO and not _is_joined(user):
        mine |= _of_the_cast()
    return Seat.objects.filter(mine).select_related("holder")


def _of_the_cast() -> Q:
    """Return the condition for seats of fictional users: by name, and without a password.

    An account that was made or taken in without a password is somebody's, and offered to nobody.
    """
    return Q(
        holder__username__in=stories.cast_names(),
        holder__password__startswith=UNUSABLE_PASSWORD_PREFIX,
        holder__is_active=True,
        holder__is_staff=False,
        holder__is_superuser=False,
    )


def _waiting(user: User | AnonymousUser) -> Q:
    """Return the condition for exercises, not ended, in which the user is put down."""
    if not people.is_handle(user.get_username()):
        return Q(pk__in=[])
    running = Exercise.objects.filter(ended_at=None).annotate(down=Cast("people", TextField()))
    return Q(pk__in=running.filter(down__contains=user.get_username()).values("pk"))


def _offered(
    page: Page, may_take: QuerySet[Seat], user: User | AnonymousUser
) -> dict[str, list[OfferedExercise]]:
    """Return the exercises of a page, by the part of the list: as many queries for one as for all.

    Only what one may sit down to is counted: who chooses an empty seat is not told what waits.
    """
    moments = {row: read_clock(row).at for _part, row in page.rows}
    readable = {row: at for row, at in moments.items() if not row.ended_at and _states(row)}
    waiting = work.counts(readable)
    seats: dict[int, list[Seat]] = {}
    for one in may_take.filter(exercise__in=moments).order_by("pk"):
        seats.setdefault(one.exercise_id, []).append(one)
    found: dict[str, list[OfferedExercise]] = {}
    for part, row in page.rows:
        held = seats.get(row.pk, [])
        is_mine = any(one.holder_id == user.pk for one in held)
        offered = [
            _seat(one, _states(row), user, waiting.get(one.pk))
            for one in held
            if not (is_mine and one.holder_id is None)  # the instructor moves whoever has a seat
        ]
        found.setdefault(part, []).append(OfferedExercise(row, moments[row], offered, is_mine))
    return found


def _seat(
    one: Seat, states: Mapping[str, State], user: User | AnonymousUser, waiting: Count | None
) -> OfferedSeat:
    role = Role(one.role)
    state = str(states[one.state].name) if one.state in states else one.state
    waits = _("%(number)s waiting") % {"number": waiting} if waiting and one.holder_id else ""
    return OfferedSeat(one, role.label, state, DOES[role], one.holder_id == user.pk, waits)


def _states(exercise: Exercise) -> Mapping[str, State]:
    """Return the states of an exercise; none if its agreement cannot be read."""
    try:
        return agreements.of(exercise).states
    except BadFile:  # its own pages say so; the others stay within reach
        return {}


def next_page(request: HttpRequest) -> str:
    """Return where to go after signing in: a page of this site, else the front page."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe and target.startswith("/") else "/"
