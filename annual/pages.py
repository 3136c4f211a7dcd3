"""What the register's pages show to a seat. Reads only; `visible_to` says of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from annual import actions
from annual.models import AnnualClearance
from annual.sight import known_to
from books import agreements, calendars
from casework import dates, kinds
from exercises.models import Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from books.agreements import Annual
    from casework.panel import Panel
    from exercises.models import Exercise
    from exercises.seating import SeatedRequest


def listing(request: SeatedRequest, terms: Annual) -> dict[str, Any]:
    """Return the register: what waits for the seat first, then the latest year first."""
    seat, at = request.seat, request.at
    found = AnnualClearance.objects.visible_to(seat).select_related("exercise")
    rows = [known_to(clearance, seat, at) for clearance in found]
    return {
        "rows": sorted(rows, key=lambda row: (not row.is_mine, -row.year, row.number_of_case)),
        "may_ask": seat.role == Role.ATTACHE,
        "bought": bought(request.exercise, terms),
    }


def page(request: SeatedRequest, found: AnnualClearance, panel: Panel) -> HttpResponse:
    """One annual clearance: where it stands, what it covers, the seat's moves, its history."""
    known = known_to(found, request.seat, request.at)
    context = {
        "known": known,
        "holder": known.holder,
        "deadline_source": found.terms.source,
        "flights": list(kinds.citing(found, request.seat)),
        "bought": bought(request.exercise, found.terms),
        "panel": panel,
        "form": panel.failed,
    }
    status = 422 if panel.failed else 200
    return render(request, "annual/clearance.html", context, status=status)


def asking(request: SeatedRequest, terms: Annual) -> dict[str, Any]:
    """Return what the attaché reads beside the form of a new request: the two deadlines."""
    exercise, at = request.exercise, request.at
    agreement = agreements.of(exercise)
    host = agreement.other(request.seat.state)
    office = calendars.office(exercise.calendar_version, host)
    month, day = terms.deadline
    present = office.local(at).year
    return {
        "host": agreement.states[host].name,
        "deadlines": [
            {
                "year": year,
                "deadline": calendars.annual_deadline(
                    office, year, received_at=at, month=month, day=day
                ),
            }
            for year in (present, present + 1)
        ],
        "deadline_source": terms.source,
        "warning": actions.request_annual.row.warning,
        "bought": bought(exercise, terms),
    }


def bought(exercise: Exercise, terms: Annual) -> dict[str, Any]:
    """Return what citing a number changes for a flight: training defaults all of them."""
    agreement = agreements.of(exercise)
    return {
        "track": agreement.tracks[terms.track].label,
        "lead_time": dates.in_words(agreement.tracks[terms.track].lead_time),
        "usual": dates.in_words(agreement.tracks["STANDARD"].lead_time),
        "desks": [agreement.desks[desk].label for desk in terms.desks],
    }
