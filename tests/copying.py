"""Many flights of one: copies of its rows, for what must not grow with their number."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from approvals.models import Concurrence
from transit.models import Authorization, Crossing, FlightRequest, Movement, Revision

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.models import Exercise

DAY = timedelta(days=1)


def multiply(exercise: Exercise, number: int) -> None:
    """Let the first flight of an exercise be so many, each a day later, with its own aircraft.

    Written past the record: for pages, which do not ask it.
    """
    first = FlightRequest.objects.get(exercise=exercise, number=1)
    flights = [
        _copy(
            first,
            number=serial,
            ref=f"flight/{serial}",
            entry_at=_later(first.entry_at, serial),
            due_at=_later(first.due_at, serial),
        )
        for serial in range(2, number + 1)
    ]
    FlightRequest.objects.bulk_create(flights)
    forms = _copies(
        Revision, first, flights, lambda row, flight: {"registration": f"99-{flight.number:04d}"}
    )
    crossings = Crossing.objects.filter(revision__flight=first)
    Crossing.objects.bulk_create(
        _copy(row, revision_id=forms[row.revision_id, flight.pk], ref=_ref(row, first, flight))
        for flight in flights
        for row in crossings
    )
    _copies(
        Concurrence,
        first,
        flights,
        lambda row, flight: {
            "revision_id": forms.get((row.revision_id, flight.pk)),
            "due_at": _later(row.due_at, flight.number),
        },
    )
    numbers = _copies(
        Authorization,
        first,
        flights,
        lambda row, flight: {
            "revision_id": forms[row.revision_id, flight.pk],
            "number": f"{row.number}-{flight.number}",
        },
    )
    _copies(
        Movement,
        first,
        flights,
        lambda row, flight: {"authorization_id": numbers[row.authorization_id, flight.pk]},
    )


def _copies(
    model: Any,
    first: FlightRequest,
    flights: list[FlightRequest],
    changed: Callable[[Any, FlightRequest], dict[str, Any]],
) -> dict[tuple[int, int], int]:
    """Copy the rows of one model to each flight; return key by key of the row and of the flight."""
    rows = [*model.objects.filter(flight=first)]
    made = {
        (row.pk, flight.pk): _copy(
            row, flight_id=flight.pk, ref=_ref(row, first, flight), **changed(row, flight)
        )
        for flight in flights
        for row in rows
    }
    model.objects.bulk_create(made.values())
    return {of: row.pk for of, row in made.items()}


def _copy(row: Any, **changed: Any) -> Any:
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made._state.fields_cache, made._state.adding = {}, True
    made.pk = None
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def _ref(row: Any, first: FlightRequest, flight: FlightRequest) -> str:
    return str(row.ref).replace(f"{first.ref}/", f"{flight.ref}/", 1)


def _later(moment: Any, serial: int) -> Any:
    return moment and moment + serial * DAY
