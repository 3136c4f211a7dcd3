"""Airspace closed to military flights: announced, opened again, and which forms meet it.

The air defence of a host speaks for its own airspace; exercise control speaks for every state, as
its announcements would reach the two. Both sides read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import points, reference, zones
from airspace.crossings import drawn, time_at
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, text
from audit.verbs import BOTH
from books import agreements
from exercises.models import Role
from transit.mapping import state_name
from transit.models import ClosedAirspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from exercises.models import Exercise, Seat
    from transit.models import Revision

ANNOUNCING = (Role.INSTRUCTOR, Role.AIR_DEFENCE)


def something_is_closed(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    found = by is not None and [*closed_by(exercise, by, at)]
    return None if found else _("You have closed no airspace that is closed still.")


def states(exercise: Exercise, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Return the states for which a seat announces: its own, or any to exercise control."""
    agreement = agreements.of(exercise)
    if not by.is_instructor:
        return [(by.state, str(agreement.states[by.state].name))]
    names = {code: state_name(code, agreement) for code in {*reference.states(), *agreement.states}}
    return sorted(names.items(), key=lambda one: one[1])


def closed_by(exercise: Exercise, by: Seat, at: datetime) -> Iterator[ClosedAirspace]:
    """Give what a seat may open again: of its own state, or all to exercise control."""
    for one in ClosedAirspace.objects.filter(exercise=exercise):
        if not one.is_over(at) and (by.is_instructor or one.state == by.state):
            yield one


def to_reopen(exercise: Exercise, by: Seat, at: datetime) -> list[tuple[str, str]]:
    agreement = agreements.of(exercise)
    return [
        (str(one.number), f"{state_name(one.state, agreement)} {one.area}".strip())
        for one in closed_by(exercise, by, at)
    ]


def from_now_on(exercise: Exercise, by: Seat, at: datetime) -> dict[str, Any]:
    return {"closed_from": at} | ({} if by.is_instructor else {"state": by.state})


@verb(
    lazy("Announce closed airspace"),
    lazy("Airspace closed to military flights"),
    clause="13.10",
    roles=ANNOUNCING,
    audience=BOTH,
    shown=("state", "area", "closed_from", "closed_until"),
    private=("words",),
    takes=(
        choice("state", lazy("state"), lazy("Choose the state."), states),
        Parameter(
            "area",
            Kind.CODE,
            lazy("FIR or zone"),
            most=8,
            hint=lazy("Such as UGGG or EXR-2; empty for all of the state."),
        ),
        Parameter("closed_from", Kind.MOMENT, lazy("closed from, UTC"), lazy("Enter from when.")),
        Parameter(
            "closed_until",
            Kind.MOMENT,
            lazy("closed until, UTC"),
            hint=lazy("Empty: until further notice."),
        ),
        text("words", lazy("as announced"), lazy("Write what is announced.")),
    ),
    suggests=from_now_on,
    icon="ban",
    tone="warn",
    warning=lazy("Both sides read it at once. No number changes by itself."),
)
def close_airspace(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    state: str,
    closed_from: datetime,
    words: str,
    area: str = "",
    closed_until: datetime | None = None,
) -> ClosedAirspace:
    """Announce that a state closes its airspace, a FIR or a zone of it, to military flights.

    No number changes by it: each flight that meets it is decided by itself. Raises
    `ValidationError`, by item, for a state that is not the seat's to speak for, an area that the
    state does not have, or a time that is over before it begins.
    """
    if state not in dict(states(exercise, by, at)):
        raise ValidationError({"state": _("Choose a state for which you speak.")})
    if area and _state_of(area) != state:
        raise ValidationError({"area": _("This state has no such FIR or zone.")})
    if closed_until and closed_until <= max(closed_from, at):
        raise ValidationError({"closed_until": _("It is over before it begins.")})
    row = ClosedAirspace.next_of(exercise)
    row.state, row.area, row.words = state, area, words
    row.closed_from, row.closed_until, row.announced_at = closed_from, closed_until, at
    acts.save(row)
    return row


@verb(
    lazy("Announce it open again"),
    lazy("Airspace open again to military flights"),
    clause="13.10",
    roles=ANNOUNCING,
    guards=(something_is_closed,),
    audience=BOTH,
    shown=("number",),
    takes=(
        choice("number", lazy("closed airspace"), lazy("Choose what is open again."), to_reopen),
    ),
    icon="check",
    tone="good",
    warning=lazy("Both sides read it at once. No suspended number holds again by itself."),
)
def reopen_airspace(exercise: Exercise, *, by: Seat, at: datetime, number: str) -> ClosedAirspace:
    """Announce that what was closed is open again; suspended numbers stay suspended.

    Raises `ValidationError` for what is not the seat's to open.
    """
    found = {str(one.number): one for one in closed_by(exercise, by, at)}
    if str(number) not in found:
        raise ValidationError({"number": _("Choose what is open again.")})
    row = found[str(number)]
    row.reopened_at = at
    acts.save(row)
    return row


@dataclass(frozen=True)
class Meeting:
    """Where a form meets closed airspace: the row that says so, and when as planned, UTC."""

    closed: ClosedAirspace
    enters_at: datetime
    leaves_at: datetime


def meetings(revision: Revision) -> list[Meeting]:
    """Return where a form meets airspace that is closed at the time at which it would be there."""
    found = ClosedAirspace.objects.filter(exercise=revision.flight.exercise_id)
    return [one for closed in found if (one := meeting(revision, closed))]


def meeting(revision: Revision, closed: ClosedAirspace) -> Meeting | None:
    """Return where a form first meets closed airspace, by its planned times; None: nowhere."""
    return next(
        (
            Meeting(closed, start, end)
            for start, end in _stays(revision, closed)
            if closed.covers(start, end)
        ),
        None,
    )


def _stays(revision: Revision, closed: ClosedAirspace) -> Iterator[tuple[datetime, datetime]]:
    """Give when the flight is there: of a state by its crossings, of an area by its route."""
    if not closed.area:
        for row in revision.crossings.all():
            if row.state == closed.state:
                yield row.entry_at, row.exit_at
        return
    departs_at, knots = revision.departs_at, revision.cruise_knots
    kind = reference.aircraft_types().get(revision.aircraft_type)
    knots = knots or (kind.cruise_ktas if kind else None)
    if departs_at is None or not knots:
        return
    for from_nm, to_nm in _parts(revision.route, closed.area):
        yield departs_at + time_at(from_nm, knots), departs_at + time_at(to_nm, knots)


def _parts(route: str, area: str) -> list[tuple[float, float]]:
    try:
        path = drawn(route)
    except points.RouteError:
        return []
    ends = [(one.code, one.entry, one.exit) for one in path.firs_without_marginal]
    ends += [(one.zone.code, one.entry, one.exit) for one in zones.encounters(path)]
    return [(start.distance_nm, end.distance_nm) for code, start, end in ends if code == area]


def _state_of(area: str) -> str:
    """Return the state whose FIR or zone has this code; empty for none."""
    if area in reference.firs():
        return reference.firs()[area].state
    return zones.zones()[area].state if area in zones.zones() else ""
