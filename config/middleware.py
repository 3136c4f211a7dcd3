"""Find the seat of a request; render every refusal, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import OperationalError
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from approvals.history import history_since
from audit.refusals import Halted, NotYou, Refused
from exercises.seating import SeatedRequest, find_seat, read_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

#: What forms carry for the machine, not for people.
BOOKKEEPING = {"csrfmiddlewaretoken", "once", "seen", "seq", "on"}


class SeatMiddleware:
    """Give views below `/x/EXERCISE/SEAT/` their seat and moment, and answer what they refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "seat" not in kwargs:
            return None
        if not request.user.is_authenticated:
            return redirect(f"/?{urlencode({'next': request.path})}")
        seated = cast("SeatedRequest", request)
        seated.seat = find_seat(
            seated.user, exercise=kwargs.pop("exercise"), key=kwargs.pop("seat")
        )
        seated.exercise = seated.seat.exercise
        seated.reading = read_clock(seated.exercise)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            error = Halted(_("The database is busy. Try again in a moment."))
        if not isinstance(error, Refused):
            return None
        return refused(cast("SeatedRequest", request), error)


def refused(request: SeatedRequest, error: Refused) -> HttpResponse:
    """Answer a refusal: why, what changed since the page was made, and what was typed."""
    if isinstance(error, Halted):
        status, title = 503, _("This exercise cannot go on at the moment")
    elif isinstance(error, NotYou):
        status, title = 403, _("This is not your move")
    else:
        status, title = 409, _("Not now")
    typed = [
        {"label": name.replace("_", " ").capitalize(), "value": value}
        for name, values in request.POST.lists()
        if name not in BOOKKEEPING
        for value in values
        if value
    ]
    kept = request.resolver_match.kwargs if request.resolver_match else {}
    changed = history_since(request, number=kept.get("number"))
    context = {
        "status": status,
        "title": title,
        "reason": str(error),
        "changed": changed,
        "typed": typed,
        "links": [{"url": request.POST.get("back") or "../../", "label": _("Back to the case")}],
    }
    return render(request, "refused.html", context, status=status)
