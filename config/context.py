"""What every page shows: the exercise, its clock, the seat, the other seats, the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from books import agreements, calendars
from casework.work import shown_work
from exercises import clock
from exercises.models import REQUESTER_ROLES, Pace, Role
from exercises.seating import SeatedRequest, seats_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from exercises.models import Seat


def overflight(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a page; only the release where nobody sits.

    The clock alone, which asks every few seconds, shows neither the seats nor the navigation.
    """
    if not hasattr(request, "reading"):
        return {"release": settings.RELEASE}
    seated = cast("SeatedRequest", request)
    exercise, seat = seated.exercise, seated.seat
    base = f"/x/{exercise.pk}/{seat.key}/"
    return {
        "release": settings.RELEASE,
        "exercise": exercise,
        "base": base,
        "clock": _clock(seated, base),
        "seat": _seat(seat),
        "seats": SimpleLazyObject(lambda: _seats(seated)),
        "nav": SimpleLazyObject(lambda: _nav(seated, base)),
    }


def _clock(request: SeatedRequest, base: str) -> dict[str, Any]:
    exercise, reading = request.exercise, request.reading
    states = agreements.of(exercise).states
    pace = exercise.pace if exercise.pace == Pace.STEP or reading.rate else "PAUSED"
    return {
        "at": reading.at,
        "rate": reading.rate,
        "pace": "ENDED" if exercise.ended_at else pace,
        "wall": clock.wall(),
        "url": f"{base}clock/",
        "zones": [
            {
                "label": str(state.capital),
                "at_local": calendars.office(exercise.calendar_version, code).local(reading.at),
            }
            for code, state in states.items()
        ],
    }


def _seats(request: SeatedRequest) -> list[dict[str, Any]]:
    exercise, seat = request.exercise, request.seat
    return [
        _seat(other) | {"url": f"/x/{exercise.pk}/{other.key}/", "current": other.pk == seat.pk}
        for other in seats_of(request.user, exercise)
    ]


def _seat(seat: Seat) -> dict[str, Any]:
    states = agreements.of(seat.exercise).states
    return {
        "key": seat.key,
        "role": seat.role,
        "label": Role(seat.role).label,
        "state": str(states[seat.state].name) if seat.state else "",
        "by_instructor": seat.taken_by is not None,
    }


def _nav(request: SeatedRequest, base: str) -> list[dict[str, Any]]:
    seat = request.seat
    owed = [task for task in shown_work(request) if task.is_of(seat)]
    mine = sum(task.case.noun == "flight" for task in owed)
    items: list[tuple[str, str, str, int]] = []
    if seat.is_instructor:
        items += [
            ("control/", _("Control"), "g c", 0),
            ("flights/", _("Flights"), "g q", 0),
            ("flight-day/", _("Flight day"), "g d", 0),
            ("record/", _("Record"), "g r", 0),
        ]
    elif seat.role in REQUESTER_ROLES:
        items.append(("flights/", _("Requests"), "g q", mine))
        if seat.role == Role.PLANNER:
            items.append(("flights/new/", _("New request"), "g n", 0))
    else:
        items += [
            ("flights/", _("Queue"), "g q", mine),
            ("flight-day/", _("Flight day"), "g d", 0),
        ]
    agreement = agreements.of(seat.exercise)
    if agreement.annual:
        items.append(("annual/", _("Annual clearances"), "g a", len(owed) - mine))
    matching = [path for path, *_rest in items if request.path.startswith(base + path)]
    current = max(matching, key=len, default="")
    return [
        {
            "url": base + path,
            "label": label,
            "key": key,
            "count": count,
            "current": path == current,
        }
        for path, label, key, count in items
    ]
