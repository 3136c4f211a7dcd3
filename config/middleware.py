"""Find the seat of a request; answer what its view refuses."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect

from audit import timeline
from audit.refusals import Halted, NotNow, Refused, Unseated
from books import agreements
from books.reading import BadFile
from casework.refusal import Link, Page, answer, refused, typed
from config import away
from control import exams
from exercises.models import Exercise
from exercises.seating import SeatedRequest, find_seat, read_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django_htmx.middleware import HtmxDetails

    class HtmxHttpRequest(HttpRequest):
        htmx: HtmxDetails


logger = logging.getLogger(__name__)


class PlainMiddleware:
    """Refuse a request with a NUL in a cookie: no database has such a text.

    In an address it is what somebody typed, and told to them by the page that they asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in one for one in (*request.COOKIES, *request.COOKIES.values())):
            return HttpResponseBadRequest("A cookie has a NUL in it.")
        return self.get_response(request)


class SeatMiddleware:
    """Give views below `/x/EXERCISE/SEAT/` their seat and moment, and answer what they refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding:  # a page comes back in the letters in which it went out
            request.encoding = "utf-8"
        response = self.get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            # The back button, at a machine that is shared, shows nobody's page. What is polled may
            # be kept by the browser of whoever polls it, which asks each time.
            is_polled = response.has_header("ETag")
            response["Cache-Control"] = "private, no-cache" if is_polled else "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "seat" not in kwargs:
            away.show_to_nobody_if_away(request)
            return None
        if not request.user.is_authenticated:
            return to_the_door(request)
        seated = cast("SeatedRequest", request)
        seat = find_seat(seated.user, exercise=kwargs.pop("exercise"), key=kwargs.pop("seat"))
        try:
            agreements.of(seat.exercise)
        except BadFile as error:
            return unreadable(request, error)
        seated.seat = seat
        seated.exercise = seated.seat.exercise
        reading = read_clock(seated.exercise)
        seated.at = timeline.reached(seated.exercise, reading.at)
        seated.reading = replace(reading, at=seated.at)
        seated.heading_for = reading.at if seated.at < reading.at else None
        if request.method == "POST" and not seat.is_instructor:
            over = exams.why_over(seated.exercise)
            return refused(seated, NotNow(over)) if over else None
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Exercise.DoesNotExist):  # erased meanwhile
            return page_not_found(request, error)
        if isinstance(error, away.AWAY):
            logger.error("No answer of the database: %s", error, exc_info=error)
            try:
                busy = Halted(_("The database is busy. Try again in a moment."))
                return refused(cast("SeatedRequest", request), busy)
            except away.AWAY:
                return away.unanswered(request)
        if isinstance(error, Halted) and not _is_the_instructors(request):
            # What the clock stumbled over may be the other side's inside.
            error = Halted(_("A fault stopped its clock. The instructor can read what it was."))
        elif isinstance(error, BadFile):
            return unreadable(request, error)
        if not isinstance(error, Refused):
            return None
        if isinstance(error, Unseated):
            return unseated(request, error)
        return refused(cast("SeatedRequest", request), error)


def _is_the_instructors(request: HttpRequest) -> bool:
    seat = getattr(request, "seat", None)  # whoever chooses one has none yet
    return seat is not None and seat.is_instructor


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Send whoever is not signed in to the front page, and back to the page they were on."""
    htmx = cast("HtmxHttpRequest", request).htmx
    if htmx:  # a live part: the whole page goes, not the part
        page = _current_page(htmx)
        return HttpResponseClientRedirect(f"/?{urlencode({'next': page})}")
    page = request.path if request.method == "GET" else "/".join([*request.path.split("/")[:4], ""])
    return redirect(f"/?{urlencode({'next': page})}")


def _current_page(htmx: HtmxDetails) -> str:
    try:
        return htmx.current_url_abs_path or "/"
    except ValueError:  # what the browser calls its page is no address
        return "/"


def unseated(request: HttpRequest, error: Unseated) -> HttpResponse:
    """Say that the seat is lost, with what was typed, on a page that shows nothing else of it."""
    kept = typed(request)
    _stand_up(request)
    page = Page(
        status=403,
        title=_("This is not your seat any more"),
        reason=str(error),
        back=Link("/", _("To the start page")),
        typed=kept,
    )
    return answer(request, page)


def _stand_up(request: HttpRequest) -> None:
    for seated in ("seat", "reading"):
        vars(request).pop(seated, None)


def unreadable(request: HttpRequest, error: BadFile) -> HttpResponse:
    """Say that a file of data has faults, on a page that shows nothing of the exercise."""
    logger.error("A file of data has faults: %s", error)
    _stand_up(request)
    page = Page(
        status=503,
        title=_("This page cannot be shown at the moment"),
        reason=_(
            "A file that it is made from has faults: %(fault)s Whoever looks after the "
            "installation finds them all with `manage.py check`."
        )
        % {"fault": error.faults[0]},
        back=Link("/", _("To the start page")),
    )
    return answer(request, page)
