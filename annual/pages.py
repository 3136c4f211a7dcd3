"""What the register's pages show to a seat. Reads only; `visible_to` says of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from annual import actions
from annual.models import AnnualClearance, AnnualStatus, Opinion
from audit.verbs import REQUESTING
from books import agreements, calendars
from casework import dates, kinds
from casework.history import history
from exercises.models import Role

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from books.agreements import Annual
    from casework.panel import Panel
    from exercises.models import Exercise, Seat
    from exercises.seating import SeatedRequest

TONES = {
    AnnualStatus.RETURNED: "warn",
    AnnualStatus.GRANTED: "good",
    AnnualStatus.REFUSED: "bad",
    AnnualStatus.SUSPENDED: "warn",
    AnnualStatus.REVOKED: "bad",
}

#: What whoever has it is to do.
STEPS = {
    Role.REGISTRY: lazy("registration, or return"),
    Role.ATTACHE: lazy("completion after return"),
    Role.DEFENCE: lazy("opinion of the defence desk"),
    Role.DECIDER: lazy("decision"),
}


def listing(request: SeatedRequest, terms: Annual) -> dict[str, Any]:
    """Return the register: what waits for the seat first, then the latest year first."""
    seat = request.seat
    found = AnnualClearance.objects.visible_to(seat).select_related("exercise")
    order = sorted(found, key=lambda row: (not row.is_with(seat), -row.year, row.number))
    return {
        "rows": [_standing(clearance, request) for clearance in order],
        "may_ask": seat.role == Role.ATTACHE,
        "bought": bought(request.exercise, terms),
    }


def page(request: SeatedRequest, found: AnnualClearance, panel: Panel) -> HttpResponse:
    """One annual clearance: where it stands, what it covers, the seat's moves, its history."""
    context = case(found, request) | {"panel": panel, "form": panel.failed}
    status = 422 if panel.failed else 200
    return render(request, "annual/clearance.html", context, status=status)


def case(clearance: AnnualClearance, request: SeatedRequest) -> dict[str, Any]:
    """Return the page of one clearance. Nothing of the host's inside reaches the other side."""
    requesting = clearance.side_of(request.seat) == REQUESTING
    context = _standing(clearance, request) | {
        "case": clearance,
        "is_requester": requesting,
        "requester": clearance.requester.name,
        "host": clearance.host_state.name,
        "deadline": clearance.deadline,
        "deadline_source": clearance.terms.source,
        "notes": clearance.notes,
        "flights": list(kinds.citing(clearance, request.seat)),
        "history": history(clearance, request.seat),
        "bought": bought(request.exercise, clearance.terms),
    }
    if not requesting:
        context |= {
            "opinion": clearance.opinion and Opinion(clearance.opinion).label,
            "is_told": clearance.replied_at is not None,
        }
    return context


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


def _standing(clearance: AnnualClearance, request: SeatedRequest) -> dict[str, Any]:
    """Return where a clearance stands, as the seat's side may know it."""
    seat, agreement = request.seat, clearance.agreement
    status = clearance.status_for(seat)
    requesting = clearance.side_of(seat) == REQUESTING
    has_number = bool(clearance.clearance_number) and not (
        requesting and clearance.replied_at is None
    )
    return {
        "clearance": clearance,
        "status": status,
        "standing": clearance.standing(request.at, seat),
        "tone": "neutral" if clearance.has_expired(request.at) else TONES.get(status, "info"),
        "number": clearance.clearance_number if has_number else "",
        "categories": [capfirst(str(agreement.categories[one])) for one in clearance.categories],
        "holder": _holder(clearance, seat),
        "is_mine": clearance.is_with(seat),
    }


def _holder(clearance: AnnualClearance, seat: Seat) -> dict[str, str] | None:
    """Say who has it: the own side by role, the other as a state."""
    role = clearance.waits_for
    if role is None:
        return None
    side = clearance.requesting_state if role == Role.ATTACHE else clearance.host
    if not seat.is_instructor and side != seat.state:
        name = clearance.agreement.states[side].name
        return {
            "who": _("The host state, %(state)s") % {"state": name}
            if side == clearance.host
            else _("The requesting state, %(state)s") % {"state": name},
            "what": _("answer by note") if side == clearance.host else str(STEPS[role]),
        }
    who = str(role.label)
    if seat.is_instructor:
        who = f"{who}, {clearance.agreement.states[side].name}"
    return {"who": who, "what": str(step(clearance, role))}


def step(clearance: AnnualClearance, role: Role) -> _StrPromise:
    """Return what whoever has it is to do."""
    return lazy("note in reply") if clearance.is_secretly_decided else STEPS[role]
