"""Find the seat of a request; render every refusal, in one place."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, cast

from django.db import OperationalError
from django.forms import CharField
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect

from annual import pages as annual
from annual import views as annual_views
from annual.forms import FORMS as ANNUAL_FORMS
from annual.models import AnnualClearance
from approvals.forms import FORMS as CASE_FORMS
from approvals.history import history_since, in_words
from audit.refusals import Halted, NotYou, Refused
from books import agreements
from books.reading import BadFile
from control import views as control
from control.forms import FORMS as CONTROL_FORMS
from control.forms import SitForm
from exercises.models import Exercise
from exercises.seating import SeatedRequest, find_seat, read_clock
from transit import views as transit
from transit.forms import CrossingForm, GoodForm, RevisionForm
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Field
    from django.http import HttpRequest, HttpResponse
    from django_htmx.middleware import HtmxDetails

    class HtmxHttpRequest(HttpRequest):
        htmx: HtmxDetails


logger = logging.getLogger(__name__)

#: Items whose choices the agreement gives.
CODES = {"desk", "desks", "ground", "category", "categories"}

#: How a box or a statement comes from the form.
YES_OR_NO = {"True": gettext_lazy("Yes"), "on": gettext_lazy("Yes"), "False": gettext_lazy("No")}

#: An item in a row of the form's tables, and the forms of their rows.
ROW = re.compile(r"(crossing|good)-(\d{1,4})-(\w+)")
ROWS: dict[str, type[CrossingForm] | type[GoodForm]] = {"crossing": CrossingForm, "good": GoodForm}


class SeatMiddleware:
    """Give views below `/x/EXERCISE/SEAT/` their seat and moment, and answer what they refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding:  # a page comes back in the letters in which it went out
            request.encoding = "utf-8"
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "seat" not in kwargs:
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
        seated.reading = read_clock(seated.exercise)
        seated.at = seated.reading.at
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Exercise.DoesNotExist):  # erased meanwhile
            return page_not_found(request, error)
        if isinstance(error, OperationalError):
            logger.error("No answer of the database: %s", error, exc_info=error)
            error = Halted(_("The database is busy. Try again in a moment."))
        elif isinstance(error, Halted) and not cast("SeatedRequest", request).seat.is_instructor:
            # What the clock stumbled over may be the other side's inside.
            error = Halted(_("A fault stopped its clock. The instructor can read what it was."))
        elif isinstance(error, BadFile):
            return unreadable(request, error)
        if not isinstance(error, Refused):
            return None
        return refused(cast("SeatedRequest", request), error)


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Send whoever is not signed in to the front page, and back to the page they were on."""
    htmx = cast("HtmxHttpRequest", request).htmx
    if htmx:  # a live part: the whole page goes, not the part
        page = htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(f"/?{urlencode({'next': page})}")
    page = request.path if request.method == "GET" else "/".join([*request.path.split("/")[:4], ""])
    return redirect(f"/?{urlencode({'next': page})}")


def unreadable(request: HttpRequest, error: BadFile) -> HttpResponse:
    """Say that a file of data has faults, on a page that shows nothing of the exercise."""
    logger.error("A file of data has faults: %s", error)
    for seated in ("seat", "reading"):
        vars(request).pop(seated, None)
    context = {
        "status": 503,
        "title": _("This page cannot be shown at the moment"),
        "reason": _(
            "A file that it is made from has faults: %(fault)s Whoever looks after the "
            "installation finds them all with `manage.py check`."
        )
        % {"fault": error.faults[0]},
        "links": [{"url": "/", "label": _("To the start page")}],
    }
    return render(request, "refused.html", context, status=503)


def refused(request: SeatedRequest, error: Refused) -> HttpResponse:
    """Answer a refusal: why, what changed since the page was made, and what was typed."""
    if isinstance(error, Halted):
        status, title = 503, _("This exercise cannot go on at the moment")
    elif isinstance(error, NotYou):
        status, title = 403, _("This is not your move")
    else:
        status, title = 409, _("Not now")
    about = request.resolver_match.kwargs if request.resolver_match else {}
    number, serial = about.get("number"), about.get("serial")
    exercise = getattr(request, "exercise", None)  # nobody sits at the door
    context = {
        "status": status,
        "title": title,
        "reason": str(error),
        "reference": f"{exercise.pk}-{exercise.seq}" if exercise and status == 503 else "",
        "changed": annual.history_since(request, serial)
        if serial is not None
        else history_since(request, number=number),
        "typed": typed(request),
        "links": [_way_back(request, number, serial)],
    }
    return render(request, "refused.html", context, status=status)


def typed(request: HttpRequest) -> list[dict[str, str]]:
    """Return what a refused form held, under the labels of its items, to be copied from."""
    fields = _fields(request)
    kept = []
    for name, values in request.POST.lists():
        item = ROW.fullmatch(name)
        row = ROWS[item[1]] if item else None
        field = (row.base_fields if row else fields).get(item[3] if item else name)
        if field is None:
            continue
        label = capfirst(str(field.label or name))
        if row and item:
            label = _("%(called)s %(number)d: %(item)s") % {
                "called": row.called,
                "number": int(item[2]) + 1,
                "item": label,
            }
        words = [_in_words(request, field, name, value) for value in values if value]
        if words:
            kept.append({"label": label, "value": "\n".join(words)})
    return kept


def _fields(request: HttpRequest) -> dict[str, Field]:
    """Return the items of the form that came; what is there for the machine is none of them."""
    match = request.resolver_match
    code = match.kwargs.get("code", "") if match else ""
    if match and match.func in (transit.new, transit.edit):
        return {**RevisionForm.base_fields}
    if match and match.func is annual_views.new:
        code = annual_views.ASK
    if form := (CASE_FORMS | ANNUAL_FORMS).get(code):
        fields = form.base_fields
        return {name: field for name, field in fields.items() if not field.widget.is_hidden}
    if match and match.func is control.seat:
        return {**SitForm.base_fields}
    return {**CONTROL_FORMS[code].base_fields} if code in CONTROL_FORMS else {}


def _in_words(request: HttpRequest, field: Field, name: str, value: str) -> str:
    """Say a chosen code as the form said it."""
    choices = dict(getattr(field, "choices", ()))
    if value in choices:
        return str(choices[value])
    if value in YES_OR_NO and not isinstance(field, CharField):
        return str(YES_OR_NO[value])
    seat = getattr(request, "seat", None)
    if seat is None or name not in CODES:
        return value
    try:
        agreement = agreements.of(seat.exercise)
        if name in ("category", "categories"):
            return capfirst(str(agreement.categories[value]))
        return in_words(name.removesuffix("s"), value, agreement)
    except LookupError:
        return value


def _way_back(request: HttpRequest, number: int | None, serial: int | None) -> dict[str, str]:
    seat = getattr(request, "seat", None)
    if seat is None:
        return {"url": "/", "label": _("To the start page")}
    base = f"/x/{seat.exercise_id}/{seat.key}/"
    if serial is not None and AnnualClearance.objects.visible_to(seat).filter(number=serial):
        return {"url": f"{base}annual/{serial}/", "label": _("Back to the case")}
    if number is None:
        return {"url": base, "label": _("Back to your desk")}
    if not FlightRequest.objects.visible_to(seat).filter(number=number).exists():
        return {"url": base, "label": _("Back to your desk")}
    return {"url": f"{base}flights/{number}/", "label": _("Back to the case")}
