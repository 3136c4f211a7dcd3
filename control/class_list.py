"""The people of an exercise on one page: put down, seated, moved, renamed, taken out, let in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit import acts
from audit.refusals import AlreadyDone, NotNow
from books import agreements
from casework.refusal import takes_form
from control import actions, participation
from control.forms import ListForm, NameForm
from control.telling import seat_name
from control.views import instructor_only
from exercises import people as persons
from exercises.models import Person, Seat
from exercises.seating import once_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.forms import Field, Form

    from exercises.models import Exercise
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Participant:
    """Somebody who takes part, and a seat of theirs; no seat: they wait for one.

    `form` holds the name as it was typed, where it could not be had.
    """

    username: str
    name: str
    seat: Seat | None
    seat_name: str
    is_me: bool
    can_be_renamed: bool
    form: NameForm

    @property
    def runs_it(self) -> bool:
        return self.seat is not None and self.seat.is_instructor


@dataclass(frozen=True)
class EmptySeat:
    """A seat that nobody holds."""

    key: str
    name: str


@dataclass(frozen=True)
class ClassList:
    """Who takes part, and which seats are empty. `once` is the key of the forms of the page."""

    seated: list[Participant]
    waiting: list[Participant]
    empty: list[EmptySeat]
    once: uuid.UUID


def _fields(request: HttpRequest) -> dict[str, Field]:
    return {**ListForm.base_fields, **NameForm.base_fields}


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def people(request: SeatedRequest) -> HttpResponse:
    """Who takes part; a POST does one thing to one of them, to all, or to the door."""
    instructor_only(request)
    if request.method == "GET":
        return _page(request)
    doing = DOINGS.get(request.POST.get("do", ""))
    if doing is None:
        raise Http404
    form = _form_of(request)
    if form is not None and not form.is_valid():
        return _page(request, failed=form)
    try:
        with acts.act(request.exercise, by=request.seat, once=once_of(request)) as at:
            said = doing(request, {"by": request.seat, "at": at}, form)
    except AlreadyDone:
        return redirect("./")
    except ValidationError as error:
        if form is None:
            raise NotNow(error.messages[0]) from error
        form.add_error(None, error)
        return _page(request, failed=form)
    messages.success(request, said)
    return redirect("./")


def _form_of(request: SeatedRequest) -> ListForm | NameForm | None:
    """Return the form of what is done, if it asks for words."""
    forms: dict[str, type[ListForm | NameForm]] = {"put_down": ListForm, "rename": NameForm}
    kind = forms.get(request.POST["do"])
    if kind is None:
        return None
    prefix = request.POST.get("line", "") if kind is NameForm else None
    return kind(request.POST, prefix=prefix)


def _put_down(request: SeatedRequest, acting: Any, form: Any) -> str:
    come = participation.put_down(request.exercise, **acting, written=form.cleaned_data["written"])
    return ngettext(
        "%(count)d person is put down.", "%(count)d people are put down.", len(come)
    ) % {"count": len(come)}


def _sit(request: SeatedRequest, acting: Any, form: None) -> str:
    user = participation.in_exercise(request.exercise, request.POST.get("person", ""))
    seat = _seat(request, "to")
    actions.sit(seat, **acting, holder=user.get_username())
    return _("%(name)s has a seat now: %(seat)s.") % {
        "name": persons.called(user),
        "seat": _named(seat),
    }


def _move(request: SeatedRequest, acting: Any, form: None) -> str:
    seat, to = _seat(request, "seat"), _seat(request, "to")
    name = seat.holder_name
    participation.move(seat, **acting, to=to.key)
    return _("%(name)s has another seat now: %(seat)s.") % {"name": name, "seat": _named(to)}


def _vacate(request: SeatedRequest, acting: Any, form: None) -> str:
    seat = _seat(request, "seat")
    actions.vacate(seat, **acting)
    return _("This seat is empty now: %(seat)s.") % {"seat": _named(seat)}


def _rename(request: SeatedRequest, acting: Any, form: Any) -> str:
    person, name = request.POST.get("person", ""), form.cleaned_data["name"]
    participation.rename(request.exercise, **acting, person=person, name=name)
    return _("%(name)s is the name now; the record keeps who it was.") % {"name": name}


def _take_out(request: SeatedRequest, acting: Any, form: None) -> str:
    person = request.POST.get("person", "")
    user = participation.in_exercise(request.exercise, person)
    participation.take_out(request.exercise, **acting, person=person)
    return _("%(name)s does not take part any more.") % {"name": persons.called(user)}


def _let_in(request: SeatedRequest, acting: Any, form: None) -> str:
    participation.let_in(request.exercise, **acting)
    return _("Whoever has joined sees this exercise and may choose an empty seat.")


def _let_nobody_in(request: SeatedRequest, acting: Any, form: None) -> str:
    participation.let_nobody_in(request.exercise, **acting)
    return _("From now on you seat people yourself.")


#: What the page does, by the value of its buttons.
DOINGS = {
    "put_down": _put_down,
    "sit": _sit,
    "move": _move,
    "vacate": _vacate,
    "rename": _rename,
    "take_out": _take_out,
    "let_in": _let_in,
    "let_nobody_in": _let_nobody_in,
}


def _seat(request: SeatedRequest, name: str) -> Seat:
    """Return the seat that a form names by its key. Raises `NotNow` if it names none."""
    asked = request.POST.get(name, "")
    for seat in request.exercise.seats.select_related("exercise", "holder"):
        if seat.key == asked:
            return seat
    raise NotNow(_("Choose a seat of this exercise."))


def _named(seat: Seat) -> str:
    return seat_name(seat.key, agreements.of(seat.exercise))


def _page(request: SeatedRequest, *, failed: Form | None = None) -> HttpResponse:
    context = {
        "form": failed,
        "page": class_list(request, failed=failed),
        "list_form": failed if isinstance(failed, ListForm) else ListForm(),
    }
    status = 422 if failed else 200
    return render(request, "control/people.html", context, status=status)


def class_list(request: SeatedRequest, *, failed: Form | None = None) -> ClassList:
    """Return who takes part as the exercise stands; `failed` is a form that is shown again."""
    exercise: Exercise = request.exercise
    seats = [*exercise.seats.select_related("holder").order_by("pk")]
    holders = {seat.holder_id for seat in seats}
    known = get_user_model().objects.filter(username__in=exercise.people, is_active=True)
    waiting = [user for user in known.order_by("first_name", "pk") if user.pk not in holders]
    joined = {
        *Person.objects.filter(
            user__in=[*holders - {None}, *(user.pk for user in waiting)]
        ).values_list("pk", flat=True)
    }
    terms = agreements.of(exercise)

    def participant(user: User, seat: Seat | None) -> Participant:
        key = f"{user.get_username()}-{seat.key}" if seat else user.get_username()
        name = persons.called(user)
        form = NameForm(initial={"name": name}, prefix=key)
        if isinstance(failed, NameForm) and failed.prefix == key:
            form = failed
        return Participant(
            username=user.get_username(),
            name=name,
            seat=seat,
            seat_name=seat_name(seat.key, terms) if seat else "",
            is_me=user.pk == request.user.pk,
            can_be_renamed=user.pk in joined,
            form=form,
        )

    return ClassList(
        seated=[participant(seat.holder, seat) for seat in seats if seat.holder],
        waiting=[participant(user, None) for user in waiting],
        empty=[EmptySeat(one.key, seat_name(one.key, terms)) for one in seats if not one.holder],
        once=uuid.uuid4(),
    )
