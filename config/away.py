"""What is answered while the database does not: pages that need none, and what was typed.

Whoever asks may have a session, which lies in the database: a page that says the same to everybody
is shown to them as to nobody.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.refusal import Link, Page, Typed, answer, typed
from config import traffic

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

#: How a database says that it is gone, busy, full, or not to be written.
AWAY = (OperationalError, InterfaceError)

#: The pages, by name, that ask the database for nothing but who looks at them.
FOR_EVERYBODY = frozenset(
    ("route-check", "deadlines", "dangerous-goods", "sop", "glossary", "help", "sources", "shapes")
)

#: What a form carries that nobody typed.
CARRIED = frozenset(("csrfmiddlewaretoken", "once", "seen", "since", "on", "base", "tab"))


SAFE = ("GET", "HEAD", "OPTIONS")

_AGAIN = gettext_lazy(
    "Try again in a moment; if it goes on, tell whoever looks after the installation."
)
#: The connection may have been cut while the answer to COMMIT was on its way.
_SEND_AGAIN = gettext_lazy(
    "It may not have been recorded: send the same form again in a moment. If it goes on, tell "
    "whoever looks after the installation."
)


def show_to_nobody_if_away(request: HttpRequest) -> None:
    """Let a page for everybody do without the user if the database does not tell who it is."""
    match = request.resolver_match
    if match is not None and match.url_name in FOR_EVERYBODY:
        try:
            request.user.is_authenticated  # noqa: B018 - asks
        except AWAY:
            _show_to_nobody(request)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer what nothing else answered: 503 while the database is away, else the page of a 500."""
    error = sys.exc_info()[1]
    return unanswered(request) if isinstance(error, AWAY) else traffic.server_error(request)


def unanswered(request: HttpRequest) -> HttpResponse:
    """Say that the database does not answer, and give back what was typed, without asking it."""
    kept = _typed(request)
    _show_to_nobody(request)
    page = Page(
        status=503,
        title=_("The database does not answer at the moment"),
        reason=str(_AGAIN if request.method in SAFE else _SEND_AGAIN),
        back=Link("/", _("To the start page")),
        reference=getattr(request, "reference", ""),
        typed=kept,
    )
    response = answer(request, page)
    response["Retry-After"] = "5"
    return response


def _show_to_nobody(request: HttpRequest) -> None:
    """Forget who asks. The session stays as it is: it is theirs when the database is back."""
    request.user = AnonymousUser()
    for seated in ("seat", "reading", "_messages"):
        vars(request).pop(seated, None)


def _typed(request: HttpRequest) -> list[Typed]:
    """Return what was typed; under the names of its items where their labels need the database."""
    match = request.resolver_match
    if match is None or not hasattr(match.func, "fields_of"):
        return []
    try:
        return typed(request)
    except Exception:  # noqa: BLE001 - a form of a seat that nobody found: any fault may follow
        return [
            Typed(capfirst(name.replace("_", " ")), "\n".join(values))
            for name, values in request.POST.lists()
            if name not in CARRIED and any(values)
        ]
