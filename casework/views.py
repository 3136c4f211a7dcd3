"""The page of one case, and the one place where a verb is pressed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from audit.acts import act
from audit.parameters import Asked
from audit.refusals import AlreadyDone
from casework import kinds
from casework.fields import capitals, told, understood
from casework.forms import AskedElsewhere, VerbForm, field_of, put_errors
from casework.history import Told, told_of
from casework.panel import Failed, panel
from casework.refusal import takes_form
from exercises import paging
from exercises.paging import Listed
from exercises.seating import once_of

if TYPE_CHECKING:
    from django.forms import Field
    from django.http import HttpResponse
    from django.urls import URLPattern

    from audit.verbs import Verb
    from casework.kinds import Kind
    from casework.models import Case, CaseRow
    from exercises.seating import SeatedRequest


def addresses() -> list[URLPattern]:
    """Return the addresses of every kind of case, below a seat."""
    found = []
    for code, kind in kinds.kinds().items():
        one, told = f"{kind.address}/<int:number>/", {"kind": code}
        found += [
            path(one, case, told, name=code),
            path(f"{one}history/", history, told, name=f"{code}-history"),
            path(f"{one}all/<slug:what>/", written, told, name=f"{code}-all"),
            path(f"{one}do/<slug:code>/", press, told, name=f"{code}-press"),
        ]
    return found


def find(request: SeatedRequest, kind: Kind, number: int) -> Any:
    """Return a case as the seat may know of it, with what its page shows. Raises `Http404`."""
    found: Case = get_object_or_404(kind.visible_to(request.seat), number=number)
    return found


@require_GET
def case(request: SeatedRequest, kind: str, number: int) -> HttpResponse:
    """One case, with the seat's moves."""
    return _page(request, find(request, kinds.kinds()[kind], number))


@require_GET
def history(request: SeatedRequest, kind: str, number: int) -> HttpResponse:
    """What the seat's side is told of a case, page by page."""
    rows = kinds.kinds()[kind].model._default_manager.visible_to(request.seat)
    found: Case = get_object_or_404(rows.select_related("exercise"), number=number)
    page = paging.page([Told(found, request.seat)], request.GET)
    entries = told_of((event for _part, event in page.rows), found, request.seat)
    where = kinds.address(found, request.seat.key)
    context = {"case": found, "address": where, "entries": entries, "page": page}
    return render(request, "casework/history.html", context)


@require_GET
def written(request: SeatedRequest, kind: str, number: int, what: str) -> HttpResponse:
    """All that a seat may know of one kind of what people write on a case, page by page.

    Raises `Http404` where there is none.
    """
    of_case = kinds.kinds()[kind]
    found: Case = find(request, of_case, number)
    shown = of_case.written.get(what)
    rows = shown.known(found, request.seat, request.at) if shown else ()
    if not rows:
        raise Http404
    page = paging.page([Listed(what, rows)], request.GET)
    context = {
        "case": found,
        "address": kinds.address(found, request.seat.key),
        "written": shown,
        "rows": [row for _part, row in page.rows],
        "page": page,
    }
    return render(request, "casework/written.html", context)


def _fields(request: Any, kind: str, number: int, code: str) -> dict[str, Field]:
    """Return the items of a verb's form, with words for the codes that came in it."""
    of_case = kinds.kinds()[kind]
    door, seat = of_case.doors.get(code), getattr(request, "seat", None)
    if door is None:
        return {}
    fields = {one.name: field_of(Asked(one)) for one in door.row.takes or ()}
    if seat is None:
        return fields
    found = of_case.model._default_manager.visible_to(seat).filter(number=number).first()
    subject = found and (_named(request, of_case, found, door.row) or found)
    for one in door.row.takes or ():
        if subject is None or one.choices is None:
            continue
        offered = {code: str(label) for code, label in one.choices(subject, seat, request.at)}
        if words := of_case.words.get(one.name):
            for code in request.POST.getlist(one.name):
                # What is no code is repeated as it came.
                with suppress(LookupError, ValueError):
                    offered.setdefault(code, words(code, subject.of.agreement))
        fields[one.name] = field_of(Asked(one, tuple(offered.items())))
    return fields


@takes_form(_fields)
@require_http_methods(["GET", "POST"])
def press(request: SeatedRequest, kind: str, number: int, code: str) -> HttpResponse:
    """Use a verb: find its subject, check its form, act, and go back to the page."""
    of_case = kinds.kinds()[kind]
    found = find(request, of_case, number)
    page = kinds.address(found, request.seat.key)
    if request.method == "GET":
        return redirect(page)
    door = of_case.doors.get(code)
    if door is None or door.row.takes is None:
        raise Http404
    subject = _subject(request, of_case, found, door.row)
    form = VerbForm(door.row, request.POST, subject=subject, seat=request.seat, at=request.at)
    if not form.is_valid():
        door.row.check(subject, by=request.seat, at=request.at)
        return _page(request, found, failed=Failed(code, subject.ref, form))
    once, seen = once_of(request), form.cleaned_data["seen"]
    is_possible = seen in ("", subject.stamp_for(request.seat)) and door.row.is_open_to(
        subject, request.seat, request.at
    )
    if is_possible and form.is_doubted(request.at):
        return _page(request, found, failed=Failed(code, subject.ref, form))
    try:
        with act(request.exercise, by=request.seat, once=once, seen=seen) as at:
            door(subject, by=request.seat, at=at, **form.details)
    except AlreadyDone:
        return redirect(page)
    except AskedElsewhere as elsewhere:
        return redirect(f"{page}{elsewhere.page}")
    except ValidationError as error:
        put_errors(form, error)
        again = find(request, of_case, number)
        return _page(request, again, failed=Failed(code, subject.ref, form))
    messages.success(request, told(door.row.past, understood(form, capitals(request.exercise))))
    return redirect(page)


def _subject(request: SeatedRequest, kind: Kind, found: Case, verb: Verb) -> CaseRow:
    """Return what the form is about, as far as the seat may know of it."""
    if not verb.roles or verb.subject == "exercise":
        raise Http404
    if request.seat.role not in verb.roles:
        raise verb.not_yours()
    subject = _named(request, kind, found, verb)
    if subject is None:
        raise Http404
    return subject


def _named(request: SeatedRequest, kind: Kind, found: Case, verb: Verb) -> CaseRow | None:
    """Return the row that the form names: one offered now, or when somebody's page was made."""
    ref = request.POST.get("on", found.ref)
    for rows in (kind.subjects, kind.known):
        known = {row.ref: row for row in rows(found, request.seat, verb)}
        if ref in known:
            return known[ref]
    return None


def _page(request: SeatedRequest, found: Case, *, failed: Failed | None = None) -> HttpResponse:
    return kinds.of(found).page(request, found, panel(found, request, failed))
