"""What people are called. The record names them by a handle, which stays when they rename or go."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractUser, AnonymousUser

#: Handles begin with it, and no other user name does.
PREFIX = "person-"
GUEST = f"{PREFIX}00000000"
HANDLE = re.compile(PREFIX + "[0-9a-f]{8}")


def new_handle() -> str:
    """Return a user name that says nothing of whom it stands for."""
    return f"{PREFIX}{secrets.token_hex(4)}"


def is_handle(username: str) -> bool:
    """Say whether a user name is the handle of somebody who joined by name."""
    return HANDLE.fullmatch(username) is not None


def called(user: AbstractUser | AnonymousUser) -> str:
    """Return what an account is called: its own name, else its user name."""
    username = user.get_username()
    return getattr(user, "first_name", "") or _without_a_name(username)


def names(usernames: Iterable[str]) -> dict[str, str]:
    """Return what the accounts of these user names are called, by one query at most."""
    asked = {*usernames}
    handles = [one for one in asked if is_handle(one)]
    found = get_user_model().objects.filter(username__in=handles).exclude(first_name="")
    known = dict(found.values_list("username", "first_name")) if handles else {}
    return {one: known.get(one) or _without_a_name(one) for one in asked}


def _without_a_name(username: str) -> str:
    return _("a former participant") if is_handle(username) else username
