"""The requester's form, of a new request or a draft, and the page about short notice."""

from __future__ import annotations

import json
import uuid
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from airspace import reference
from airspace.points import RouteError
from audit.acts import act
from audit.refusals import AlreadyDone, Stale
from audit.verbs import HOST
from books import agreements
from casework import kinds
from casework.fields import capitals, echo, told
from casework.forms import VerbForm
from casework.refusal import takes_form
from exercises.models import Help
from exercises.seating import once_of
from transit import completeness, drafting, preparation, short_notice
from transit.forms import CrossingFormSet, RevisionForm
from transit.models import Action, FlightRequest
from transit.proposal import propose
from transit.sentences import sentence
from transit.sheet import CELL, ROWS, Sheet, base_of, merged, taken
from transit.sheet import sheet as sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.forms import Field
    from django.http import HttpResponse

    from airspace.reference import Aerodrome, AircraftType
    from books.agreements import Label
    from exercises.seating import SeatedRequest
    from transit.completeness import Progress
    from transit.drafting import Items
    from transit.models import FlightStatus

#: What a planner knows of a crossing and no route tells.
TOLD_BY_NO_ROUTE = ("action", "ground_minutes", "clearance", "clearance_number")


#: How often what somebody else saved in the same moment is merged before the page gives up.
ATTEMPTS = 3

#: So many forms with something wrong in them are kept as they were typed, for one reader.
KEPT = 5


@dataclass(frozen=True)
class FormPage:
    """What the page of the form says around it; without `flight` the request is new.

    `address` is where the form goes, if not to the page itself; `echoes` says how an item is read.
    `begun` says with which request it
    begins, `proposed` what was put into the table of crossings, `progress` how far the draft is as
    last saved. `once`, `seen` and `base` go with the form: the key against a double click, the
    stamp, and what stands in each item, by which two pages are merged.
    """

    flight: FlightRequest | None
    status: FlightStatus | None
    address: str
    echoes: str
    host: Label
    is_helped: bool
    begun: str
    proposed: str
    is_kept: bool
    progress: list[Progress]
    once: str | uuid.UUID
    seen: str
    base: str
    aircraft_types: Iterable[AircraftType]
    aerodromes: Iterable[Aerodrome]


def _fields(request: Any, number: int | None = None) -> dict[str, Field]:
    """Return the items of the form, and of the rows of its tables as they came."""
    exercise = getattr(request, "exercise", None)
    form = RevisionForm(agreement=agreements.of(exercise)) if exercise else None
    fields = {**(form.fields if form else RevisionForm.base_fields)}
    for name in request.POST:
        if item := CELL.fullmatch(name):
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
    """Prepare a new request, or one that begins with an earlier one: what is right is saved."""
    if request.method == "POST":
        return _post(request, None)
    preparation.prepare.row.check(request.exercise, by=request.seat, at=request.at)
    earlier = _earlier(request)
    begun = drafting.copied(earlier.latest) if earlier else None
    return _page(
        request,
        None,
        _sheet(request, None, begin_with=begun),
        begun=_copied(earlier) if earlier else "",
    )


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def edit(request: SeatedRequest, number: int) -> HttpResponse:
    """Change the draft of a request; what was wrong when last sent stands there as typed."""
    flight = _found(request, number)
    if request.method == "POST":
        return _post(request, flight)
    preparation.edit.row.check(flight, by=request.seat, at=request.at)
    if kept := _kept(request).get(_key(request, flight)):
        read = _read(request, flight, QueryDict(kept))
        if read.sheet.has_faults:
            return _page(request, _found(request, number), read.sheet, is_kept=True)
    return _page(request, flight, _sheet(request, flight))


@require_GET
def understood(request: SeatedRequest) -> HttpResponse:
    """Say how an item of the form is read, while it is filled in: its words, or what is wrong."""
    name, typed = next(iter(request.GET.items()), ("", ""))
    cell = CELL.fullmatch(name)
    form: Any = ROWS[cell[1]]() if cell else RevisionForm(agreement=agreements.of(request.exercise))
    field = form.fields.get(cell[3] if cell else name)
    words: str | None = ""
    wrong = ""
    try:
        words = echo(field, str(typed).strip(), capitals(request.exercise))
    except ValidationError as error:
        wrong = error.messages[0]
    if words is None:
        raise Http404
    return render(request, "transit/_understood.html", {"words": words, "wrong": wrong})


@require_GET
def notice(request: SeatedRequest, number: int) -> HttpResponse:
    """Show how much notice the request gives and who asks for more; take the justification."""
    flight = _found(request, number)
    seat, at = request.seat, request.at
    if flight.side_of(seat) == HOST:
        raise Http404
    page = short_notice.page(flight, seat, at, is_helped=_helps(request))
    form = None
    if preparation.justify.row.is_open_to(flight, seat, at):
        seen = flight.stamp_for(seat)
        form = VerbForm(preparation.justify.row, subject=flight, seat=seat, at=at, seen=seen)
    context = {"page": page, "verb": preparation.justify.row, "form": form}
    return render(request, "transit/short_notice.html", context)


@dataclass(frozen=True)
class _Read:
    """What was sent, merged with what was saved meanwhile; `seen` is the stamp that it goes by."""

    sheet: Sheet
    seen: str | None
    is_asked: bool


def _post(request: SeatedRequest, flight: FlightRequest | None) -> HttpResponse:
    """Save what is right and show again what is not; or propose crossings, and save nothing."""
    # Nobody is shown the faults of a form that is not theirs to fill in.
    verb = (preparation.edit if flight else preparation.prepare).row
    if not verb.admits(flight or request.exercise, request.seat):
        raise verb.not_yours()
    if "propose" in request.POST:
        return _propose(request, flight)
    for attempt in range(1, ATTEMPTS + 1):
        read = _read(request, flight, request.POST)
        try:
            saved = _save(request, flight, read)
            break
        except AlreadyDone as done:
            return _done_before(request, int(done.event.case.rpartition("-")[2]))
        except Stale:
            if flight is None or attempt == ATTEMPTS or read.seen == request.POST.get("seen"):
                raise
            flight = _found(request, flight.number)
    found = saved or flight
    if found is None:
        return _page(request, None, read.sheet, status=422)
    found = _found(request, found.number)
    if saved is not None:
        _keep(request, found, read.sheet)
    if read.sheet.has_faults:
        status = 409 if read.is_asked else 422
        return _page(request, found, read.sheet, is_kept=saved is not None, status=status)
    read_as = read.sheet.understood(capitals(request.exercise))
    messages.success(request, told(verb.past, read_as))
    return redirect(kinds.address(found, request.seat.key))


def _propose(request: SeatedRequest, flight: FlightRequest | None) -> HttpResponse:
    """Put the crossings of the route as typed into their table."""
    verb = (preparation.edit if flight else preparation.prepare).row
    verb.check(flight or request.exercise, by=request.seat, at=request.at)
    sheet = _read(request, flight, request.POST).sheet
    proposed = _proposed(sheet.form, sheet.crossings) if _helps(request) else []
    if proposed:
        sheet = replace(sheet, crossings=CrossingFormSet(initial=proposed, prefix="crossing"))
    again = _found(request, flight.number) if flight else None
    return _page(
        request,
        again,
        sheet,
        proposed=_told(proposed) if proposed else "",
        status=422 if sheet.has_faults else 200,
    )


def _sheet(request: SeatedRequest, flight: FlightRequest | None, **options: Any) -> Sheet:
    return sheet_of(
        flight.draft if flight else None,
        agreement=agreements.of(request.exercise),
        state=flight.requesting_state if flight else request.seat.state,
        **options,
    )


def _read(request: SeatedRequest, flight: FlightRequest | None, data: QueryDict) -> _Read:
    """Read what came; what somebody saved since its page was made is merged into it."""
    seen, base = data.get("seen", ""), base_of(data)
    asked: dict[str, str] = {}
    if base is not None:
        data = taken(data, base)
    if flight is not None and flight.draft and base is not None:
        now = flight.stamp_for(request.seat)
        if seen != now:
            data, asked = merged(data, base, _sheet(request, flight).shown)
            seen = now
    sheet = _sheet(request, flight, data=data)
    sheet.ask(asked)
    return _Read(sheet, seen if flight else None, bool(asked))


def _save(
    request: SeatedRequest, flight: FlightRequest | None, read: _Read
) -> FlightRequest | None:
    """Save what is right; what the verb finds wrong is put at its item, and the rest saved.

    Return the request, or None where nothing could be saved.
    """
    if not read.sheet.is_whole:
        verb = (preparation.edit if flight else preparation.prepare).row
        verb.check(flight or request.exercise, by=request.seat, at=request.at)
        return None
    once, told = once_of(request), read.sheet.said
    while True:
        try:
            with act(request.exercise, by=request.seat, once=once, seen=read.seen) as at:
                if flight is None:
                    host = _host(request, None)
                    return preparation.prepare(
                        request.exercise, by=request.seat, at=at, host=host, **told
                    )
                return preparation.edit(flight, by=request.seat, at=at, **told)
        except ValidationError as error:
            before, told = told, read.sheet.put(error)
            if told == before:
                return None


def _done_before(request: SeatedRequest, number: int) -> HttpResponse:
    """The same form came twice: lead to what it did the first time."""
    flight = _found(request, number)
    page = kinds.address(flight, request.seat.key)
    return redirect(f"{page}form/" if _key(request, flight) in _kept(request) else page)


def _page(
    request: SeatedRequest,
    flight: FlightRequest | None,
    sheet: Sheet,
    *,
    begun: str = "",
    proposed: str = "",
    is_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show the form around `flight` as it is saved."""
    draft = flight.draft if flight else None
    saved = sheet if sheet.sent is None else _sheet(request, flight)  # as the draft has it
    host = _host(request, flight)
    address = f"{kinds.address(flight, request.seat.key)}form/" if flight else ""
    page = FormPage(
        flight=flight,
        status=flight.status_for(request.seat) if flight else None,
        address="" if address == request.path else address,
        echoes=f"{request.seat.get_absolute_url()}flights/understood/",
        host=agreements.of(request.exercise).states[host].name,
        is_helped=_helps(request),
        begun=begun,
        proposed=proposed,
        is_kept=is_kept,
        progress=completeness.progress(draft, at=request.at) if draft else [],
        once=uuid.uuid4(),
        seen=flight.stamp_for(request.seat) if flight else "",
        base=json.dumps(saved.shown if draft else {}),
        aircraft_types=reference.aircraft_types().values(),
        aerodromes=reference.aerodromes().values(),
    )
    context = {
        "page": page,
        "form": sheet.form,
        "crossings": sheet.crossings,
        "goods": sheet.goods,
        "tables": sheet.tables,
        "has_faults": sheet.has_faults,
    }
    return render(request, "transit/form.html", context, status=status)


def _found(request: SeatedRequest, number: int) -> FlightRequest:
    rows = FlightRequest.objects.visible_to(request.seat)
    flight: FlightRequest = get_object_or_404(rows, number=number)
    return flight


def _host(request: SeatedRequest, flight: FlightRequest | None) -> str:
    if flight:
        return flight.host
    state = request.seat.state
    return agreements.of(request.exercise).other(state) if state else ""


def _earlier(request: SeatedRequest) -> FlightRequest | None:
    """Return the earlier request of the own side with which the new one begins, if one is named."""
    number = request.GET.get("from", "")
    if not (number.isdecimal() and len(number) < 10):
        return None
    flight = _found(request, int(number))
    if flight.side_of(request.seat) == HOST:
        raise Http404
    return flight


def _copied(earlier: FlightRequest) -> str:
    return _(
        "Begun with %(reference)s, without its times, clearances and undertakings. "
        "Nothing is saved yet."
    ) % {"reference": earlier.reference}


# What is wrong is kept as typed, with the reader's session: a draft holds nothing but what is right


def _kept(request: SeatedRequest) -> dict[str, str]:
    found: dict[str, str] = request.session.get("typed", {})
    return found


def _key(request: SeatedRequest, flight: FlightRequest) -> str:
    return f"{request.exercise.pk}/{request.seat.key}/{flight.ref}"


def _keep(request: SeatedRequest, flight: FlightRequest, sheet: Sheet) -> None:
    """Keep a form with something wrong in it for the next visit; forget it once all is right."""
    kept, key = _kept(request), _key(request, flight)
    others = {name: typed for name, typed in kept.items() if name != key}
    if sheet.has_faults:
        assert sheet.sent is not None  # noqa: S101 - what nobody sent has no faults
        data = sheet.sent.copy()
        data["seen"] = flight.stamp_for(request.seat)
        data["base"] = json.dumps(_sheet(request, flight).shown)
        others = dict([*others.items(), (key, data.urlencode())][-KEPT:])
    if others != kept:
        request.session["typed"] = others


def _proposed(form: RevisionForm, table: Any) -> list[Items]:
    """Return the crossings of the route as typed; what keeps them from it is put at its item.

    What no route tells is kept where the route crosses the state still.
    """
    form.is_valid()  # which reads it
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


def _helps(request: SeatedRequest) -> bool:
    """Say whether the product draws and counts for the requester: from the start, or not here."""
    return request.exercise.help == Help.OPEN or request.seat.is_instructor
