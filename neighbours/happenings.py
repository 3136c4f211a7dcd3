"""What falls due in this room by itself: a clearance that is missing, a request that lapses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.timeline import Kind
from exercises.conditions import holds
from neighbours import answers
from neighbours.models import OPEN_FLIGHT, NeighbourRequest
from transit.happenings import escalate

if TYPE_CHECKING:
    from collections.abc import Callable


def _of(request: NeighbourRequest) -> Callable[..., Any]:
    if request.is_waiting and request.alarm_at == request.entry_at:
        return answers.lapse_asking
    return escalate


KINDS = (
    Kind(
        "neighbour",
        NeighbourRequest,
        NeighbourRequest.objects.of_open_flights,
        _of,
        counts=lambda request: holds(OPEN_FLIGHT, request),
    ),
)
