"""What a seat may know of the states on the way of a flight: decided here and nowhere else.

The requesting side knows what it asked and what came of it; the host what form and notes told it.
Exercise control sees both. What is common to every kind of case is `casework.sight`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from books import neighbours
from neighbours import crossed, sending, telling
from neighbours.models import AskedStatus as Status
from transit.mapping import state_name
from transit.models import Clearance

if TYPE_CHECKING:
    from datetime import datetime

    from neighbours.models import NeighbourRequest, ToldClearance
    from transit.models import Crossing, FlightRequest, Revision

TONES = {
    Status.QUESTIONED: "warn",
    Status.GRANTED: "good",
    Status.REFUSED: "bad",
    Status.LAPSED: "bad",
    Status.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Way:
    """One state on the way, as a seat may know of it.

    `asked` is the request to it, None to the host; `todo` says what the requesting side has to do,
    `is_missing` that less than a day is left and no clearance is known.
    """

    state: str
    name: str
    first: Crossing
    last: Crossing
    form_says: str
    form_number: str
    told: ToldClearance | None
    asked: NeighbourRequest | None
    standing: str
    tone: str
    todo: tuple[str, ...]
    is_missing: bool


def ways(
    flight: FlightRequest, revision: Revision, at: datetime, *, is_host: bool
) -> tuple[Way, ...]:
    """Return the states on the way of a form; to the host nothing that it was not told."""
    asked = {} if is_host else {one.host: one for one in flight.asked.all()}
    told = telling.told(flight)
    known = neighbours.of(flight.agreement)
    left = {one.state for one in sending.to_ask(flight, at)} if not is_host and known else set()
    broken: dict[str, list[str]] = {}
    windows = told | {code: one for code, one in asked.items() if one.is_granted}
    for state, boundary in crossed.beyond(revision, windows):
        said = _("Its window does not hold at the boundary of %(one)s and %(other)s, %(at)s.") % {
            "one": state_name(boundary.out_of),
            "other": state_name(boundary.into),
            "at": f"{boundary.at:%-d %b %H:%MZ}",
        }
        broken.setdefault(state, []).append(said)
    found = []
    for one in crossed.third_states(revision):
        request, given = asked.get(one.state), told.get(one.state)
        in_form = all(row.clearance == Clearance.GRANTED for row in one.rows)
        has_it = in_form or given is not None or bool(request and request.is_granted)
        is_missing = not has_it and _is_near(flight, one.first.entry_at, at)
        todo = [*broken.get(one.state, ())]
        if not is_host:
            number = one.first.clearance_number if in_form else ""
            host_has = given.clearance_number if given else number
            is_left = one.state in left and not in_form
            todo += _todo(flight, one.state, request, host_has, is_left=is_left)
        if is_missing:
            todo.insert(0, _("Missing within a day of the entry: nobody departs without it."))
        found.append(
            Way(
                state=one.state,
                name=state_name(one.state, flight.agreement),
                first=one.first,
                last=one.last,
                form_says=str(one.first.get_clearance_display()),
                form_number=one.first.clearance_number,
                told=given,
                asked=request,
                standing=str(request.get_status_display() if request else ""),
                tone=TONES.get(Status(request.status), "info") if request else "neutral",
                todo=tuple(todo),
                is_missing=is_missing,
            )
        )
    return tuple(found)


def missing(flight: FlightRequest, revision: Revision, at: datetime) -> tuple[str, ...]:
    """Return the states on the way that the host knows of no clearance of, a day before or less."""
    rows = {one.state: one for one in crossed.third_states(revision)}
    return tuple(
        state_name(state, flight.agreement)
        for state in telling.untold(revision)
        if _is_near(flight, rows[state].first.entry_at, at)
    )


def _is_near(flight: FlightRequest, entry_at: datetime, at: datetime) -> bool:
    known = neighbours.of(flight.agreement)
    return known is not None and at >= entry_at - timedelta(hours=known.missing_hours.value)


def _todo(
    flight: FlightRequest,
    state: str,
    request: NeighbourRequest | None,
    host_has: str,
    *,
    is_left: bool,
) -> list[str]:
    """Say what the requesting side has to do about one state of which the host has `host_has`."""
    if request is None:
        if is_left:
            return [_("Ask it by note.")]
        known = neighbours.of(flight.agreement)
        if known and not crossed.neighbour_of(flight, state):
            return [_("Nobody is there to be asked: the way leads round it.")]
        return []
    if flight.withdrawn_at and (request.is_waiting or request.is_granted):
        return [_("The flight is withdrawn: withdraw this as well.")]
    if request.status == Status.QUESTIONED:
        return [_("Answer its question.")]
    if request.status in (Status.REFUSED, Status.LAPSED):
        return [_("Ask anew, or change the way.")]
    if request.is_granted and request.clearance_number != host_has:
        if flight.received_at is None:
            return [_("Put its number into the form.")]
        return [_("Tell the host its number.")]
    return []
