"""Airspace closed to military flights: what is announced, and which flights it meets.

Everybody reads the announcements; which flights meet one, each side of its own. Many numbers are
held with one press, each by an event of its own. None is let fly again here: each flight is looked
at by itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from approvals.force import suspend
from approvals.sight import Known
from audit.acts import act
from audit.parameters import Asked
from audit.refusals import AlreadyDone
from books import agreements
from casework import kinds
from casework.asking import REASON
from casework.forms import VerbForm, field_of, put_errors
from casework.refusal import takes_form
from exercises import parts
from exercises.models import DECIDERS
from exercises.seating import once_of
from transit.closed_airspace import (
    ANNOUNCING,
    Meeting,
    close_airspace,
    closed_by,
    meeting,
    reopen_airspace,
)
from transit.mapping import state_name
from transit.models import ClosedAirspace, FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.forms import Field
    from django.http import HttpResponse

    from audit.acts import Door
    from exercises.models import Seat
    from exercises.seating import SeatedRequest

#: How far from its entry into the host a flight may be over another state.
FAR = timedelta(days=3)

#: So many of the flights that meet closed airspace are shown, the next to enter first.
SHOWN = 100


@dataclass(frozen=True)
class Announced:
    """One announcement as pages show it."""

    row: ClosedAirspace
    state: str
    is_over: bool

    @property
    def tone(self) -> str:
        return "neutral" if self.is_over else "bad"


@dataclass(frozen=True)
class Met:
    """A flight that meets closed airspace, as the seat may know it.

    `against` is why its number cannot be held now, empty where it can or there is none.
    """

    known: Known
    url: str
    meeting: Meeting
    may_be_held: bool
    against: str

    @property
    def number(self) -> str:
        return self.known.authorization.number if self.known.authorization else ""


class HoldForm(forms.Form):
    """Which of the numbers are held, and why; the reason stays inside.

    One that came in the form and was held meanwhile is for the verb to refuse, or was done by it.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)
    flights = forms.MultipleChoiceField(
        label=gettext_lazy("numbers to hold"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one flight.")},
    )
    reason = field_of(Asked(REASON))

    def __init__(self, data: Any = None, *, met: list[Met], reason: str = "") -> None:
        super().__init__(data, initial={"once": uuid.uuid4(), "reason": reason})
        asked = data.getlist("flights") if data else []
        choices: Any = self.fields["flights"]
        choices.choices = [
            (str(one.known.number), f"{one.known.reference} · {one.number}")
            for one in met
            if one.may_be_held or (one.number and str(one.known.number) in asked)
        ]

    @property
    def items(self) -> list[Any]:
        return self.visible_fields()


@require_GET
def announcements(request: SeatedRequest) -> HttpResponse:
    """What is announced, newest first, what is closed still before what is over."""
    rows = ClosedAirspace.objects.filter(exercise=request.exercise).order_by("-number")
    found = [_announced(one, request) for one in rows]
    context = {
        "announced": sorted(found, key=lambda one: one.is_over),
        "may_announce": request.seat.role in ANNOUNCING,
        "may_reopen": request.seat.role in ANNOUNCING
        and any(closed_by(request.exercise, request.seat, request.at)),
    }
    return render(request, "approvals/closed_airspace.html", context)


def _announce_fields(request: SeatedRequest) -> dict[str, Field]:
    return _verb_form(request, close_airspace).fields


def _reopen_fields(request: SeatedRequest) -> dict[str, Field]:
    return _verb_form(request, reopen_airspace).fields


@takes_form(_announce_fields)
@require_http_methods(["GET", "POST"])
def announce(request: SeatedRequest) -> HttpResponse:
    """Announce that airspace is closed to military flights."""
    return _ask(request, close_airspace)


@takes_form(_reopen_fields)
@require_http_methods(["GET", "POST"])
def reopen(request: SeatedRequest) -> HttpResponse:
    """Announce that it is open again."""
    return _ask(request, reopen_airspace)


def _hold_fields(request: SeatedRequest, number: int) -> dict[str, Field]:
    return HoldForm(met=[]).fields


@takes_form(_hold_fields)
@require_http_methods(["GET", "POST"])
def announcement(request: SeatedRequest, number: int) -> HttpResponse:
    """One announcement with the flights that meet it; a decider holds their numbers from here."""
    row = get_object_or_404(ClosedAirspace, exercise=request.exercise, number=number)
    seat = request.seat
    met = list(_met(row, request))
    shown = _announced(row, request)
    if request.method == "GET":
        said = f"{shown.state} {row.area}".strip()
        reason = _("Closed to military flights: %(state)s. %(words)s") % {
            "state": said,
            "words": row.words,
        }
        return _show(request, shown, met, HoldForm(met=met, reason=reason[:1000]))
    if seat.role not in DECIDERS:
        raise suspend.row.not_yours()
    form = HoldForm(request.POST, met=met)
    if not form.is_valid():
        return _show(request, shown, met, form)
    numbers = [*map(int, form.cleaned_data["flights"])]
    chosen = FlightRequest.objects.visible_to(seat).filter(number__in=numbers).order_by("number")
    try:
        with act(request.exercise, by=seat, once=once_of(request)) as at:
            for flight in chosen.select_related("exercise"):
                suspend(flight.authorization, by=seat, at=at, reason=form.cleaned_data["reason"])
    except AlreadyDone:
        return redirect(request.path)
    said = ngettext("%(count)d number held.", "%(count)d numbers held.", len(numbers))
    messages.success(request, said % {"count": len(numbers)})
    return redirect(request.path)


def _met(row: ClosedAirspace, request: SeatedRequest) -> Iterator[Met]:
    """Give the flights that meet it, the next to enter first, as the seat may know them."""
    seat, at = request.seat, request.at
    for flight in _candidates(row, seat):
        known = Known(flight, seat, at)
        found = meeting(known.content, row)
        if found is None:
            continue
        number = known.authorization
        reason = _against(flight, seat, at) if number else ""
        yield Met(
            known,
            kinds.address(flight, seat.key),
            found,
            may_be_held=number is not None and not reason,
            against=reason if seat.role in DECIDERS and number and number.stands else "",
        )


def _candidates(row: ClosedAirspace, seat: Seat) -> list[FlightRequest]:
    """Return the open flights that may be there while it is closed."""
    near = Q(entry_at__gte=row.closed_from - FAR)
    if row.ends_at:
        near &= Q(entry_at__lte=row.ends_at + FAR)
    rows = FlightRequest.objects.visible_to(seat).open().filter(near, received_at__isnull=False)
    if not row.area:
        rows = rows.filter(revisions__crossings__state=row.state).distinct()
    found = list(rows.select_related("exercise").order_by("entry_at", "pk")[:SHOWN])
    parts.load(found, "revisions__crossings", "authorizations", "movements")
    return found


def _against(flight: FlightRequest, seat: Seat, at: datetime) -> str:
    """Return why the number cannot be held by the seat now; empty where it can."""
    authorization = flight.authorization
    if not suspend.row.admits(authorization, seat):
        return str(suspend.row.not_yours())
    return suspend.row.reason_against(authorization, seat, at) or ""


def _announced(row: ClosedAirspace, request: SeatedRequest) -> Announced:
    name = state_name(row.state, agreements.of(request.exercise))
    return Announced(row, name, is_over=row.is_over(request.at))


def _verb_form(request: SeatedRequest, door: Door[Any, ..., Any], *data: Any) -> VerbForm:
    return VerbForm(door.row, *data, subject=request.exercise, seat=request.seat, at=request.at)


def _ask(request: SeatedRequest, door: Door[Any, ..., Any]) -> HttpResponse:
    """Ask for what a verb about the exercise takes, and use it."""
    exercise, seat = request.exercise, request.seat
    page = f"{seat.get_absolute_url()}closed-airspace/"
    door.row.check(exercise, by=seat, at=request.at)
    form = _verb_form(request, door, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        try:
            with act(exercise, by=seat, once=once_of(request)) as at:
                door(exercise, by=seat, at=at, **form.details)
        except AlreadyDone:
            return redirect(page)
        except forms.ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"{door.row.past}.")
            return redirect(page)
    context = {"verb": door.row, "form": form, "page_url": page}
    status = 422 if form.errors else 200
    return render(request, "approvals/announce.html", context, status=status)


def _show(request: SeatedRequest, shown: Announced, met: list[Met], form: HoldForm) -> HttpResponse:
    context = {
        "one": shown,
        "met": met,
        "form": form,
        "may_hold": request.seat.role in DECIDERS and any(one.may_be_held for one in met),
        "warning": suspend.row.warning,
    }
    status = 422 if form.errors else 200
    return render(request, "approvals/closed_airspace_met.html", context, status=status)
