"""The requester's form, of a new request or a draft, and the page about short notice."""

from __future__ import annotations

import re
import uuid
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from airspace import reference
from airspace.points import RouteError
from audit.acts import act
from audit.refusals import AlreadyDone
from audit.verbs import HOST
from books import agreements
from casework import kinds
from casework.forms import VerbForm, put_errors
from casework.refusal import takes_form
from exercises.models import Help
from exercises.seating import once_of
from transit import completeness, drafting, preparation, short_notice
from transit.forms import (
    CrossingForm,
    CrossingFormSet,
    GoodForm,
    GoodFormSet,
    RevisionForm,
)
from transit.models import Action, FlightRequest
from transit.proposal import propose
from transit.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.forms import Field
    from django.http import HttpResponse

    from airspace.reference import Aerodrome, AircraftType
    from books.agreements import Label
    from exercises.seating import SeatedRequest
    from transit.completeness import Progress
    from transit.drafting import Items
    from transit.models import FlightStatus, Revision

#: An item in a row of the form's tables, and the forms of their rows.
ROW = re.compile(r"(crossing|good)-(\d{1,4})-(\w+)")
ROWS: dict[str, type[CrossingForm] | type[GoodForm]] = {"crossing": CrossingForm, "good": GoodForm}

#: What a planner knows of a crossing and no route tells.
TOLD_BY_NO_ROUTE = ("action", "ground_minutes", "clearance", "clearance_number")


@dataclass(frozen=True)
class FormPage:
    """What the page of the form says around it; without `flight` the request is new.

    `proposed` says what was put into the table of crossings, `progress` how far the draft is as
    last saved. `once` and `seen` go with the form: the key against a double click, the stamp.
    """

    flight: FlightRequest | None
    status: FlightStatus | None
    host: Label
    is_helped: bool
    proposed: str
    progress: list[Progress]
    once: str | uuid.UUID
    seen: str
    aircraft_types: Iterable[AircraftType]
    aerodromes: Iterable[Aerodrome]


def _fields(request: Any, number: int | None = None) -> dict[str, Field]:
    """Return the items of the form, and of the rows of its tables as they came."""
    exercise = getattr(request, "exercise", None)
    form = RevisionForm(agreement=agreements.of(exercise)) if exercise else None
    fields = {**(form.fields if form else RevisionForm.base_fields)}
    for name in request.POST:
        if item := ROW.fullmatch(name):
            row = ROWS[item[1]]
            if item[3] in row.base_fields:
                field = fields[name] = copy(row.base_fields[item[3]])
                field.label = _("%(called)s %(number)d: %(item)s") % {
                    "called": row.called,
                    "number": int(item[2]) + 1,
                    "item": capfirst(str(field.label or item[3])),
                }
    return fields


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Prepare a new request; what is typed so far is kept as a draft."""
    if request.method == "GET":
        preparation.prepare.row.check(request.exercise, by=request.seat, at=request.at)
    host = agreements.of(request.exercise).other(request.seat.state) if request.seat.state else ""
    return _form(request, flight=None, draft=None, host=host)


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def edit(request: SeatedRequest, number: int) -> HttpResponse:
    """Change the draft of a request."""
    flight = get_object_or_404(FlightRequest.objects.visible_to(request.seat), number=number)
    if request.method == "GET":
        preparation.edit.row.check(flight, by=request.seat, at=request.at)
    return _form(request, flight=flight, draft=flight.draft, host=flight.host)


@require_GET
def notice(request: SeatedRequest, number: int) -> HttpResponse:
    """Show how much notice the request gives and who asks for more; take the justification."""
    flight = get_object_or_404(FlightRequest.objects.visible_to(request.seat), number=number)
    seat, at = request.seat, request.at
    if flight.side_of(seat) == HOST:
        raise Http404
    page = short_notice.page(flight, seat, at, is_helped=_helps(request))
    form = None
    if preparation.justify.row.is_open_to(flight, seat, at):
        seen, seq = flight.stamp_for(seat), request.exercise.seq
        form = VerbForm(
            preparation.justify.row, subject=flight, seat=seat, at=at, seen=seen, seq=seq
        )
    context = {"page": page, "verb": preparation.justify.row, "form": form}
    return render(request, "transit/short_notice.html", context)


def _form(
    request: SeatedRequest,
    *,
    flight: FlightRequest | None,
    draft: Revision | None,
    host: str,
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    last_saved = completeness.progress(draft, at=request.at) if draft else []
    form = RevisionForm(posted, instance=draft, agreement=agreements.of(request.exercise))
    crossings = CrossingFormSet(
        posted, initial=_rows(draft, "crossings", drafting.CROSSING_ITEMS), prefix="crossing"
    )
    crossings.extra = 1 if draft else 3
    goods = GoodFormSet(posted, initial=_rows(draft, "goods", drafting.GOOD_ITEMS), prefix="good")
    proposed: list[Items] = []
    if posted is not None:
        # All are asked, so that every fault is shown at once.
        is_valid = all([form.is_valid(), crossings.is_valid(), goods.is_valid()])
        if is_valid and "propose" not in posted:
            try:
                return redirect(_save(request, flight, form, crossings, goods, host=host))
            except ValidationError as error:
                put_errors(form, error)
        else:  # nobody is shown the faults of a form that is not theirs to fill in
            verb = (preparation.edit if flight else preparation.prepare).row
            verb.check(flight or request.exercise, by=request.seat, at=request.at)
        if "propose" in posted and _helps(request):
            proposed = _proposed(form, crossings)
    if proposed:
        crossings = CrossingFormSet(initial=proposed, prefix="crossing")
    tables = [crossings, goods]
    has_faults = bool(form.errors) or any(table.total_error_count() for table in tables)
    page = FormPage(
        flight=flight,
        status=flight.status_for(request.seat) if flight else None,
        host=agreements.of(request.exercise).states[host].name,
        is_helped=_helps(request),
        proposed=_told(proposed) if proposed else "",
        progress=last_saved,
        once=request.POST.get("once") or uuid.uuid4(),
        seen=request.POST.get("seen", flight.stamp_for(request.seat) if flight else ""),
        aircraft_types=reference.aircraft_types().values(),
        aerodromes=reference.aerodromes().values(),
    )
    context = {
        "page": page,
        "form": form,
        "crossings": crossings,
        "goods": goods,
        "tables": tables,
        "has_faults": has_faults,
    }
    return render(request, "transit/form.html", context, status=422 if has_faults else 200)


def _proposed(form: RevisionForm, table: Any) -> list[Items]:
    """Return the crossings of the route as typed; what keeps them from it is put at its item.

    What no route tells is kept where the route crosses the state still.
    """
    typed = form.cleaned_data
    kind = reference.aircraft_types().get(typed.get("aircraft_type", ""))
    route, departs_at = typed.get("route"), typed.get("departs_at")
    knots = typed.get("cruise_knots") or (kind.cruise_ktas if kind else None)
    needed = (
        ("route", route, _("Enter the route: the crossings follow from it.")),
        ("departs_at", departs_at, _("Enter the departure: the times follow from it.")),
        ("cruise_knots", knots, _("Enter the speed, or a type whose speed is known.")),
    )
    for item, value, message in needed:
        if not value and not form.has_error(item):
            form.add_error(item, message)
    if not (route and departs_at and knots):
        return []
    try:
        rows = propose(route, departs_at=departs_at, knots=knots)
    except RouteError as error:
        form.add_error("route", sentence(error))
        return []
    if not rows:
        form.add_error("route", _("The route crosses no state of the map."))
    known = [{name: row[name].value() for name in row.fields} for row in table if not row.is_blank]
    return [row | _known_of(row["state"], known) for row in rows]


def _known_of(state: str, known: list[Items]) -> Items:
    """Take from the rows as typed what is known of the next crossing of a state."""
    found = next((row for row in known if row["state"] == state), None)
    if found is None:
        return {}
    known.remove(found)
    told = {name: found[name] for name in TOLD_BY_NO_ROUTE}
    return {name: value for name, value in told.items() if value not in ("", Action.OVERFLY)}


def _told(proposed: Sequence[Items]) -> str:
    count = len(proposed)
    return ngettext(
        "%(count)d crossing proposed from the route. Nothing is saved yet: check it, then save.",
        "%(count)d crossings proposed from the route. Nothing is saved yet: check them, then save.",
        count,
    ) % {"count": count}


def _save(
    request: SeatedRequest,
    flight: FlightRequest | None,
    form: RevisionForm,
    crossings: Any,
    goods: Any,
    *,
    host: str,
) -> str:
    told: Items = {"form": form.said, "crossings": crossings.said, "goods": goods.said}
    once = once_of(request)
    try:
        with act(
            request.exercise,
            by=request.seat,
            once=once,
            seen=request.POST.get("seen", "") if flight else None,
        ) as at:
            if flight is None:
                flight = preparation.prepare(
                    request.exercise, by=request.seat, at=at, host=host, **told
                )
            else:
                flight = preparation.edit(flight, by=request.seat, at=at, **told)
    except AlreadyDone as done:
        flight = FlightRequest.objects.get(
            exercise=request.exercise, number=int(done.event.case.rpartition("-")[2])
        )
    return kinds.address(flight, request.seat.key)


def _rows(draft: Revision | None, table: str, items: Sequence[str]) -> list[Items]:
    rows = getattr(draft, table).all() if draft else ()
    return [{name: getattr(row, name) for name in items} for row in rows]


def _helps(request: SeatedRequest) -> bool:
    """Say whether the product draws and counts for the requester: from the start, or not here."""
    return request.exercise.help == Help.OPEN or request.seat.is_instructor
