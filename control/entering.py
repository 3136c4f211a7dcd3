"""Coming in without a password: a session remembers the PIN that was asked at the door."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import SimpleLazyObject

from exercises import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

BACKEND = "django.contrib.auth.backends.ModelBackend"

#: Under which a session keeps a mark of the PIN.
PIN = "pin"


def enter(request: HttpRequest, user: User) -> None:
    """Sign somebody in; the session is good as long as the PIN is what it is now."""
    login(request, user, backend=BACKEND)
    request.session[PIN] = _mark()


class PinMiddleware:
    """Take no session for good that was made by another PIN, or when there was none.

    Whoever has an account with a password signed in by that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO_PIN:
            request.user = SimpleLazyObject(partial(_let_in, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)


def _let_in(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if not user.is_authenticated or not _comes_by_pin(user):
        return user
    if constant_time_compare(request.session.get(PIN, ""), _mark()):
        return user
    request.session.flush()
    return AnonymousUser()


def _comes_by_pin(user: User) -> bool:
    return not user.has_usable_password() or people.is_handle(user.get_username())


def _mark() -> str:
    return salted_hmac("control.entering", settings.DEMO_PIN).hexdigest()
