"""Who takes part: people are put down, seated, moved, renamed, taken out; latecomers are let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.refusals import NotNow
from control import accounts, names
from control.actions import INSTRUCTOR, is_not_the_instructors, seat_is_taken
from exercises.models import HOST_ROLES, REQUESTER_ROLES, Person

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from exercises.models import Exercise, Seat

#: Nobody teaches a larger class at once: what is longer was pasted by mistake.
MOST_NAMES = 100


def door_is_open(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    return None if exercise.is_open_to_join else _("Latecomers are not let in.")


def door_is_shut(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    return _("Latecomers are let in already.") if exercise.is_open_to_join else None


def may_be_chosen(seat: Seat, by: Seat | None, at: datetime) -> str | None:
    if seat.exercise.is_open_to_join:
        return None
    return _("The instructor lets nobody choose a seat now. Ask to be seated.")


def is_nobodys(seat: Seat, by: Seat | None, at: datetime) -> str | None:
    """Without saying whose it is: whoever chooses may belong to the other side."""
    if seat.holder_id is None:
        return None
    return _("Somebody was first: this seat is taken now. Choose another one.")


def sits_nowhere_else(seat: Seat, by: Seat | None, at: datetime) -> str | None:
    holder = by and by.holder_id
    if holder and any(one.holder_id == holder for one in seat.exercise.seats.all()):
        return _("You have a seat in this exercise. Ask the instructor to move you.")
    return None


def in_exercise(exercise: Exercise, person: str) -> User:
    """Return somebody who takes part, by user name. Raises `NotNow` if they do not, or no more."""
    taking_part = Q(username__in=exercise.people) | Q(
        pk__in=[one.holder_id for one in exercise.seats.all() if one.holder_id]
    )
    for user in get_user_model().objects.filter(taking_part, is_active=True):
        if user.get_username() == person:
            return user
    raise NotNow(_("This person does not take part any more."))


@verb(
    lazy("Let latecomers in"),
    lazy("Latecomers are let in"),
    roles=INSTRUCTOR,
    guards=(door_is_shut,),
    conduct=True,
)
def let_in(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Let whoever joined see the exercise and choose an empty seat."""
    exercise.is_open_to_join = True
    acts.save(exercise)
    return exercise


@verb(
    lazy("Let nobody else in"),
    lazy("Latecomers are let in no more"),
    roles=INSTRUCTOR,
    guards=(door_is_open,),
    conduct=True,
)
def let_nobody_in(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Hide the exercise again from whoever does not take part."""
    exercise.is_open_to_join = False
    acts.save(exercise)
    return exercise


@verb(
    lazy("Take this seat"),
    lazy("Seat chosen"),
    roles=(*REQUESTER_ROLES, *HOST_ROLES),
    guards=(may_be_chosen, is_nobodys, sits_nowhere_else),
    conduct=True,
    sits_down=True,
)
def take(seat: Seat, *, by: Seat, at: datetime) -> Seat:
    """Sit down at an empty seat: `by` is that seat, held by whoever comes."""
    seat.holder = by.holder
    acts.save(seat)
    return seat


@verb(
    lazy("Move"),
    lazy("Person moved to another seat"),
    roles=INSTRUCTOR,
    guards=(seat_is_taken, is_not_the_instructors),
    shown=("to",),
    conduct=True,
)
def move(seat: Seat, *, by: Seat, at: datetime, to: str) -> Seat:
    """Give the holder of a seat another one, by its key, in one act.

    Raises `ValidationError` if there is no such seat, `NotNow` if somebody sits there.
    """
    other = next((one for one in seat.exercise.seats.all() if one.key == to), None)
    if other is None:
        raise ValidationError({"seat": _("There is no such seat.")})
    if other.holder:
        raise NotNow(_("%(holder)s sits there.") % {"holder": other.holder_name})
    other.holder, seat.holder = seat.holder, None
    acts.save(seat, other)
    return other


@verb(
    lazy("Put people down"),
    lazy("People put down"),
    roles=INSTRUCTOR,
    private=("written",),
    conduct=True,
)
def put_down(exercise: Exercise, *, by: Seat, at: datetime, written: str) -> list[User]:
    """Put down everybody whose name stands on a line of what was `written`, or nobody.

    An account is made for whoever has none; they choose their word when they join. Returns those
    who are new to the exercise. Raises `ValidationError`, with one sentence for each faulty line.
    """
    read = _read(written)
    seated = {one.holder_id for one in exercise.seats.all()}
    come = [
        one for one in read if one.pk not in seated and one.get_username() not in exercise.people
    ]
    if not come:
        raise ValidationError({"written": _("Everybody on this list takes part already.")})
    exercise.people = [*exercise.people, *(one.get_username() for one in come)]
    acts.save(exercise)
    return come


@verb(
    lazy("Rename"),
    lazy("Person renamed"),
    roles=INSTRUCTOR,
    shown=("person",),
    private=("name",),
    conduct=True,
)
def rename(exercise: Exercise, *, by: Seat, at: datetime, person: str, name: str) -> User:
    """Call somebody who takes part otherwise. No row of the record changes: it has their handle.

    Raises `ValidationError` for the name, `NotNow` if it is an account without a name of its own.
    """
    user = in_exercise(exercise, person)
    if not Person.objects.filter(pk=user.pk).exists():
        raise NotNow(_("This account is called by its user name, which stays."))
    try:
        accounts.rename(user, name)
    except ValidationError as error:
        raise ValidationError({"name": error.messages}) from error
    return user


@verb(
    lazy("Take out"),
    lazy("Person taken out"),
    roles=INSTRUCTOR,
    shown=("person",),
    conduct=True,
)
def take_out(exercise: Exercise, *, by: Seat, at: datetime, person: str) -> Exercise:
    """Empty every seat of somebody and put them down no more; what they did stays in the record.

    Raises `NotNow` for the instructor, whose seat is not left empty.
    """
    user = in_exercise(exercise, person)
    held = [one for one in exercise.seats.all() if one.holder_id == user.pk]
    for seat in held:
        if reason := is_not_the_instructors(seat, by, at):
            raise NotNow(reason)
        seat.holder = None
    exercise.people = [one for one in exercise.people if one != person]
    acts.save(*held, exercise)
    return exercise


def _read(written: str) -> list[User]:
    """Return the accounts of a list of names, one a line, made where missing.

    Raises `ValidationError` with a sentence for each line that has a fault.
    """
    lines = [(number, one) for number, one in enumerate(written.splitlines(), 1) if one.strip()]
    if not lines:
        raise ValidationError({"written": _("Write at least one name.")})
    if len(lines) > MOST_NAMES:
        raise ValidationError(
            {"written": _("At most %(most)d names at once.") % {"most": MOST_NAMES}}
        )
    faults: list[str] = []
    first: dict[str, int] = {}
    found: list[User] = []
    for number, line in lines:
        try:
            name = names.clean(line)
            folded = names.fold(name)
            if folded in first:
                raise ValidationError(
                    _("this is the name on line %(first)d again.") % {"first": first[folded]}
                )
            first[folded] = number
            found.append(accounts.of(name))
        except ValidationError as error:
            said = _("Line %(number)d, “%(line)s”: %(fault)s")
            shown = line.strip()[: names.LONGEST]
            faults.append(said % {"number": number, "line": shown, "fault": error.messages[0]})
    if faults:
        raise ValidationError({"written": faults})
    return found
