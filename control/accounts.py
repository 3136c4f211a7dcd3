"""Accounts of people who join by name: made, opened by a word, renamed, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.refusals import NotNow
from control import names
from exercises import people
from exercises.models import Exercise, Person

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHORTEST_WORD, LONGEST_WORD = 4, 64


class WrongWord(Exception):  # noqa: N818 - what came of a guess
    """The name is somebody's, and this is not their word."""


def find(name: str) -> User | None:
    """Return the account that a name opens, however it is written."""
    person = Person.objects.select_related("user").filter(folded=names.fold(name)).first()
    return person.user if person else None


def of(name: str) -> User:
    """Return the account of a cleaned name, made if there is none, still without a word.

    Raises `ValidationError` if an account of another kind goes by this name.
    """
    if user := find(name):
        return user
    try:
        return _make(name)
    except IntegrityError:  # somebody was quicker
        return _found_again(name)


def join(name: str, word: str) -> User:
    """Return the account of a cleaned name, if it is new, waits for its word, or has this one.

    Raises `WrongWord` if the word of the name is another, and what `of` raises.
    """
    user = of(name)
    if not user.has_usable_password():
        mine = get_user_model().objects.filter(pk=user.pk, password=user.password)
        mine.update(password=make_password(word))  # unless somebody was quicker
        user.refresh_from_db()
    if not user.check_password(word):
        raise WrongWord
    return user


def guest() -> User:
    """Return the account of whoever practises at this machine without a name."""
    user, _is_new = get_user_model().objects.get_or_create(
        username=people.GUEST, defaults={"first_name": _("Guest")}
    )
    if user.password == "":
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def rename(user: User, name: str) -> None:
    """Call somebody otherwise; records keep the handle. Raises `ValidationError` for the name."""
    name, taken = names.clean(name), _("This name is taken.")
    if get_user_model().objects.filter(username__iexact=name).exists():
        raise ValidationError(taken)
    try:
        with transaction.atomic():
            is_there = Person.objects.filter(pk=user.pk).update(folded=names.fold(name))
    except IntegrityError as error:
        raise ValidationError(taken) from error
    if not is_there:
        raise ValidationError(_("This person has erased themselves just now."))
    user.first_name = name
    user.save(update_fields=["first_name"])


def erase(user: User) -> None:
    """Take name and word from an account; its handle stays in records, and names nobody.

    Raises `NotNow` while the person sits in an exercise that has not ended.
    """
    with transaction.atomic():
        locked = get_user_model().objects.select_for_update().get(pk=user.pk)
        running = Exercise.objects.filter(seats__holder=locked, ended_at=None).distinct()
        if running:
            raise NotNow(
                _(
                    "You still sit in: %(exercises)s. End those that you run yourself; from the "
                    "others let the instructor take you out."
                )
                % {"exercises": ", ".join(one.name for one in running)}
            )
        Person.objects.filter(pk=locked.pk).delete()
        locked.first_name = locked.last_name = locked.email = ""
        locked.last_login, locked.is_active = None, False
        locked.set_unusable_password()
        locked.save()


def _make(name: str) -> User:
    users = get_user_model().objects
    if users.filter(username__iexact=name).exists():
        raise ValidationError(
            _("An account with a password goes by this name: sign in with it, or choose another.")
        )
    with transaction.atomic():
        user: User = users.create_user(people.new_handle(), first_name=name)
        Person.objects.create(user=user, folded=names.fold(name))
    return user


def _found_again(name: str) -> User:
    user = find(name)
    if user is None:
        raise ValidationError(_("This name was given up just now: try again."))
    return user
