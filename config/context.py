"""What every page shows: the exercise, its clock, the seat, the other seats, the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from books import agreements
from casework import kinds, work
from contacts.sight import keeps_a_log
from control import manual
from exercises import clock, people
from exercises.models import REQUESTER_ROLES, Pace, Role
from exercises.paging import Count
from exercises.seating import SeatedRequest, seats_of
from neighbours.views import has_list
from scenarios import exams

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from exercises.models import Seat


@dataclass(frozen=True)
class Zone:
    """Local time in a capital."""

    label: str
    at_local: datetime


@dataclass(frozen=True)
class ShownClock:
    """The clock of the exercise; `pace` is PAUSED or ENDED where no time passes."""

    at: datetime
    rate: int
    pace: str
    wall: datetime
    url: str
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class ShownSeat:
    """A seat with its names; `current`: the one that the page is seen from."""

    key: str
    role: str
    label: str | _StrPromise
    state: str
    by_instructor: bool
    url: str
    current: bool = True


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; `key` is its shortcut, `count` the own work behind it."""

    url: str
    label: str
    key: str
    count: Count
    current: bool


def overflight(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a page; only release, reader and help where nobody sits.

    The clock alone, which asks every few seconds, shows neither the seats nor the navigation.
    """
    called = SimpleLazyObject(lambda: people.called(request.user))
    sits = hasattr(request, "reading")
    role = cast("SeatedRequest", request).seat.role if sits else ""
    topic = manual.topic_of(request.resolver_match, role)
    frame = {"release": settings.RELEASE, "called": called, "topic": topic}
    if not sits:
        return frame
    seated = cast("SeatedRequest", request)
    exercise, seat = seated.exercise, seated.seat
    base = seat.get_absolute_url()
    return frame | {
        "exercise": exercise,
        "is_proposal": agreements.of(exercise).is_proposal,
        "base": base,
        "clock": _clock(seated, base),
        "seat": _seat(seat),
        "seats": SimpleLazyObject(lambda: _seats(seated)),
        "nav": SimpleLazyObject(lambda: _nav(seated, base)),
    }


def _clock(request: SeatedRequest, base: str) -> ShownClock:
    exercise, reading = request.exercise, request.reading
    states = agreements.of(exercise).states
    pace = exercise.pace if exercise.pace == Pace.STEP or reading.rate else "PAUSED"
    return ShownClock(
        at=reading.at,
        rate=reading.rate,
        pace="ENDED" if exercise.ended_at else pace,
        wall=clock.wall(),
        url=f"{base}clock/",
        zones=tuple(
            Zone(
                str(state.capital),
                exercise.office(code).local(reading.at),
            )
            for code, state in states.items()
        ),
    )


def _seats(request: SeatedRequest) -> list[ShownSeat]:
    exercise, seat = request.exercise, request.seat
    return [_seat(other, current=other.pk == seat.pk) for other in seats_of(request.user, exercise)]


def _seat(seat: Seat, *, current: bool = True) -> ShownSeat:
    states = agreements.of(seat.exercise).states
    return ShownSeat(
        key=seat.key,
        role=seat.role,
        label=Role(seat.role).label,
        state=str(states[seat.state].name) if seat.state else "",
        by_instructor=seat.taken_by is not None,
        url=seat.get_absolute_url(),
        current=current,
    )


def _nav(request: SeatedRequest, base: str) -> list[NavItem]:
    seat = request.seat
    nothing, mine = Count(0), _owed(request, "flight")
    items: list[tuple[str, str, str, Count]] = []
    if seat.is_instructor:
        if exams.is_held(request.exercise):
            items.append(("exam/", _("Exam"), "g e", nothing))
        items += [
            ("control/", _("Control"), "g c", nothing),
            ("flights/", _("Flights"), "g q", nothing),
            ("flight-day/", _("Flight day"), "g d", nothing),
            ("duty-log/", _("Duty log"), "g o", nothing),
            ("record/", _("Record"), "g r", nothing),
        ]
    elif seat.role in REQUESTER_ROLES:
        items.append(("flights/", _("Requests"), "g q", mine))
        if seat.role == Role.PLANNER:
            items.append(("flights/new/", _("New request"), "g n", nothing))
        items.append(("duty-log/", _("Occurrences"), "g o", nothing))
    else:
        items += [
            ("flights/", _("Queue"), "g q", mine),
            ("flight-day/", _("Flight day"), "g d", nothing),
            ("duty-log/", _("Duty log"), "g o", nothing),
        ]
    items.append(("closed-airspace/", _("Closed airspace"), "g x", nothing))
    if keeps_a_log(seat):
        items.append(("contacts/", _("Contacts"), "g t", _owed(request, "contact")))
    agreement = agreements.of(seat.exercise)
    if agreement.annual:
        items.append(("annual/", _("Annual clearances"), "g a", _owed(request, "annual")))
    if has_list(seat):
        items.append(("neighbours/", _("States on the way"), "g w", _owed(request, "neighbour")))
    matching = [path for path, *_rest in items if request.path.startswith(base + path)]
    current = max(matching, key=len, default="")
    return [
        NavItem(base + path, label, key, count, current=path == current)
        for path, label, key, count in items
    ]


def _owed(request: SeatedRequest, kind: str) -> Count:
    """Count what the seat owes on the cases of one kind."""
    seat = request.seat
    return work.count(seat.exercise, request.at, of=[kinds.kinds()[kind]], seat=seat)
