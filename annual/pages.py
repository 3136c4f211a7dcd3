"""What the register's pages show to a seat. Reads only; `visible_to` says of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from annual.models import AnnualClearance
from annual.sight import known_to
from books import agreements, calendars
from casework import dates, kinds, work
from casework.pages import shown
from exercises import paging
from exercises.models import Role
from exercises.paging import Rows

if TYPE_CHECKING:
    from django.http import HttpResponse

    from annual.sight import KnownClearance
    from books.agreements import Annual, Label
    from books.calendars import AnnualDeadline
    from casework.panel import Panel
    from exercises.models import Exercise
    from exercises.paging import Page
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Bought:
    """What citing a number changes for a flight, in words; `usual` is the notice without one."""

    track: Label
    lead_time: str
    usual: str
    desks: list[Label]


@dataclass(frozen=True)
class Register:
    """A page of the annual clearances that a seat may know of."""

    rows: list[KnownClearance]
    page: Page
    may_ask: bool
    bought: Bought


@dataclass(frozen=True)
class Asking:
    """What stands beside the form of a new request: the deadlines of two years, by year."""

    host: Label
    deadlines: list[tuple[int, AnnualDeadline]]
    deadline_source: str
    bought: Bought


def register(request: SeatedRequest, terms: Annual) -> Register:
    """Return a page of the register: what waits for the seat first, then the latest year first."""
    seat, at = request.seat, request.at
    known = AnnualClearance.objects.visible_to(seat).select_related("exercise")
    mine = work.is_owed_by(seat, kinds.kinds()[AnnualClearance.noun], at)
    order = ("-year", "number")
    parts = [Rows("mine", known.filter(mine), order), Rows("others", known.exclude(mine), order)]
    page = paging.page(parts, request.GET)
    return Register(
        rows=[known_to(clearance, seat, at) for _part, clearance in page.rows],
        page=page,
        may_ask=seat.role == Role.ATTACHE,
        bought=bought(request.exercise, terms),
    )


def page(request: SeatedRequest, found: AnnualClearance, panel: Panel) -> HttpResponse:
    """One annual clearance: where it stands, what it covers, the seat's moves, its history."""
    known = known_to(found, request.seat, request.at)
    return shown(
        request,
        found,
        panel,
        "annual/clearance.html",
        case_kind=_("Annual clearance"),
        known=known,
        holder=known.holder,
        deadline_source=found.terms.source,
        flights=list(kinds.citing(found, request.seat)),
        bought=bought(request.exercise, found.terms),
    )


def asking(request: SeatedRequest, terms: Annual) -> Asking:
    """Return what the attaché reads beside the form of a new request: the two deadlines."""
    exercise, at = request.exercise, request.at
    agreement = agreements.of(exercise)
    host = agreement.other(request.seat.state)
    office = exercise.office(host)
    month, day = terms.deadline
    present = office.local(at).year
    return Asking(
        host=agreement.states[host].name,
        deadlines=[
            (year, calendars.annual_deadline(office, year, received_at=at, month=month, day=day))
            for year in (present, present + 1)
        ],
        deadline_source=terms.source,
        bought=bought(exercise, terms),
    )


def bought(exercise: Exercise, terms: Annual) -> Bought:
    """Return what citing a number changes for a flight: training defaults all of them."""
    agreement = agreements.of(exercise)
    return Bought(
        track=agreement.tracks[terms.track].label,
        lead_time=dates.in_words(agreement.tracks[terms.track].lead_time),
        usual=dates.in_words(agreement.tracks["STANDARD"].lead_time),
        desks=[agreement.desks[desk].label for desk in terms.desks],
    )
