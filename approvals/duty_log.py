"""The duty log: what one day of the host's operations brought; the page newest first, as histories.

Lines are derived from what was recorded of movements, from occurrences and from the minutes of
operations; none is stored twice. The other state has no log: it reads the occurrences that a note
told it of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.models import Minute
from approvals.sight import movements_of_host, movements_shown_to
from audit.verbs import REQUESTING
from casework import files, kinds, sight
from casework.fields import DayField
from casework.kinds import Kind
from casework.pages import shown
from exercises import paging
from exercises.models import HOST_ROLES, Role
from exercises.paging import Listed
from transit import occurrences
from transit.models import FlightRequest, Nature, Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from approvals.known import KnownMovement
    from casework.panel import Panel
    from casework.sight import Known
    from exercises.models import Seat
    from exercises.paging import Page
    from exercises.seating import SeatedRequest

#: The moments of a movement that the log tells, with the column that says where.
MOMENTS = (
    ("denied_at", lazy("Denied entry"), ""),
    ("entered_at", lazy("Entered"), "entry_point"),
    ("emergency_at", lazy("In distress"), ""),
    ("diverted_at", lazy("Diverted"), "diverted_to"),
    ("landed_at", lazy("Landed"), "landing_aerodrome"),
    ("took_off_at", lazy("Took off again"), ""),
    ("overdue_at", lazy("Overdue at the exit point"), ""),
    ("exited_at", lazy("Left"), "exit_point"),
)


class DayForm(forms.Form):
    """The day of the log, UTC."""

    day = DayField(label=lazy("day, UTC"), required=False)


@dataclass(frozen=True)
class Line:
    """One line of the log."""

    at: datetime
    reference: str
    url: str
    what: str
    text: str


@dataclass(frozen=True)
class KnownOccurrence:
    """An occurrence as a seat may know it; the other state knows what happened, not what of it."""

    number: int
    reference: str
    url: str
    is_requester: bool
    status: str
    nature: str
    happened_at: datetime
    call_sign: str
    registration: str
    nationality: str
    point: str
    text: str
    told_at: datetime | None
    told: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class Log:
    """One page of the lines of a day, or of the occurrences that a state was told of."""

    day: datetime
    form: DayForm
    lines: list[Line]
    occurrences: list[KnownOccurrence]
    page: Page
    is_host: bool
    may_log: bool

    @property
    def query(self) -> str:
        return f"day={self.day:%Y-%m-%d}&"

    @property
    def before(self) -> datetime:
        return self.day - timedelta(days=1)

    @property
    def after(self) -> datetime:
        return self.day + timedelta(days=1)


def log(request: SeatedRequest) -> Log:
    """Return the log of the day that the address asks for, else of today."""
    seat, form, day = request.seat, *_day(request)
    is_host = seat.is_instructor or seat.role in HOST_ROLES
    rows = [*lines(seat, day, request.at)] if is_host else [*_known(seat)]
    page = paging.page([Listed("line", rows)], request.GET)
    shown = [row for _part, row in page.rows]
    return Log(
        day=day,
        form=form,
        lines=shown if is_host else [],
        occurrences=[] if is_host else shown,
        page=page,
        is_host=is_host,
        may_log=occurrences.log_occurrence.row.is_open_to(request.exercise, seat, request.at),
    )


def log_file(request: SeatedRequest) -> HttpResponse:
    """Return the log of a day as a table. Raises `Http404` for who has none."""
    _form, day = _day(request)
    movements_of_host(request.seat)
    columns = ("at", "reference", "what", "text")
    rows = (
        (f"{one.at:%Y-%m-%dT%H:%MZ}", one.reference, one.what, one.text)
        for one in lines(request.seat, day, request.at)
    )
    name = f"{request.seat.key}-duty-log-{day:%Y-%m-%d}.csv"
    return files.attached("".join(files.as_csv(columns, rows)), name)


def lines(seat: Seat, day: datetime, at: datetime) -> list[Line]:
    """Return the lines of a day, first to last. Raises `Http404` for who prepares requests."""
    span = day, day + timedelta(days=1)
    on_day = [Q(**{f"{column}__gte": span[0], f"{column}__lt": span[1]}) for column, *_ in MOMENTS]
    rows = movements_of_host(seat).filter(reduce(or_, on_day))
    found = [
        line
        for movement in movements_shown_to(list(rows), seat, at)
        for line in _of_movement(movement, seat)
        if span[0] <= line.at < span[1]
    ]
    found += _minutes(seat, span)
    found += [
        Line(
            one.happened_at,
            one.reference,
            one.url,
            one.nature,
            " · ".join(filter(None, (one.call_sign, one.point, one.text))),
        )
        for one in _known(seat, happened_at__gte=span[0], happened_at__lt=span[1])
    ]
    return sorted(found, key=lambda line: (line.at, line.reference))


def known_to(occurrence: Occurrence, seat: Seat) -> KnownOccurrence:
    """Return what a seat may know of an occurrence."""
    is_requester = occurrence.side_of(seat) == REQUESTING
    inside = {} if is_requester else {"told": tuple(occurrence.told), "outcome": occurrence.outcome}
    return KnownOccurrence(
        number=occurrence.number,
        reference=occurrence.reference,
        url=kinds.address(occurrence, seat.key),
        is_requester=is_requester,
        status=str(occurrence.status_for(seat).label),
        nature=str(Nature(occurrence.nature).label),
        happened_at=occurrence.happened_at,
        call_sign=occurrence.call_sign,
        registration=occurrence.registration,
        nationality=occurrence.nationality,
        point=occurrence.point,
        text="" if is_requester else occurrence.text,
        told_at=occurrence.told_at,
        **inside,  # type: ignore[arg-type]
    )


def page(request: SeatedRequest, found: Occurrence, panel: Panel) -> HttpResponse:
    """One occurrence: what was logged, the seat's moves, its notes, its history."""
    known: Known = sight.known_to(found, request.seat)
    occurrence = known_to(found, request.seat)
    template = "approvals/occurrence.html"
    return shown(request, found, panel, template, known=known, occurrence=occurrence)


def _day(request: SeatedRequest) -> tuple[DayForm, datetime]:
    form = DayForm(request.GET)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    day = asked or request.at.astimezone(UTC).date()
    return form, datetime.combine(day, time(), UTC)


def _known(seat: Seat, **narrowed: datetime) -> Iterator[KnownOccurrence]:
    rows: QuerySet[Occurrence] = Occurrence.objects.visible_to(seat)
    for row in rows.filter(**narrowed).select_related("exercise").order_by("happened_at", "pk"):
        yield known_to(row, seat)


def _of_movement(movement: KnownMovement, seat: Seat) -> Iterator[Line]:
    case = FlightRequest(exercise_id=seat.exercise_id, number=movement.flight)
    url = kinds.address(case, seat.key)
    who = f"{movement.revision.call_sign} {movement.registration}".strip()
    for column, what, where in MOMENTS:
        if at := getattr(movement, column):
            text = " · ".join(filter(None, (who, getattr(movement, where) if where else "")))
            yield Line(at, movement.reference, url, str(what), text)


def _minutes(seat: Seat, span: tuple[datetime, datetime]) -> Iterator[Line]:
    rows = Minute.objects.filter(
        exercise=seat.exercise_id,
        written_at__gte=span[0],
        written_at__lt=span[1],
        written_by__role=Role.OPERATIONS,
    ).select_related("flight__exercise")
    for row in rows if seat.is_instructor else rows.filter(flight__host=seat.state):
        url = kinds.address(row.flight, seat.key)
        yield Line(row.written_at, row.flight.reference, url, _("Minute"), row.text)


KIND = Kind(
    model=Occurrence,
    address="duty-log",
    verbs=(occurrences,),
    page=page,
    words={"nature": lambda code, agreement: str(Nature(code).label)},
)
