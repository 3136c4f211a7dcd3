"""The flight day: the movements of the host's flights, by what they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from approvals.sight import movements_of_host
from transit.models import AHEAD, ENDED, FLOWN, MovementStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from approvals.known import KnownMovement
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Group:
    """The movements that wait for the same."""

    code: str
    title: _StrPromise
    icon: str
    rows: tuple[KnownMovement, ...]


GROUPS = (
    ("ahead", lazy("Ahead"), AHEAD, "plane-departure"),
    ("inside", lazy("In the airspace"), (MovementStatus.ACTIVE,), "plane-inflight"),
    ("flown", lazy("Flown, to be closed"), FLOWN, "plane-arrival"),
    ("ended", lazy("Ended"), ENDED, "circle-check"),
)


def day(request: SeatedRequest) -> tuple[Group, ...]:
    """Return the groups that have a row. Raises `Http404` for who prepares requests."""
    shown = movements_of_host(request.seat, request.at)
    groups = (
        Group(code, title, icon, tuple(one for one in shown if one.status in statuses))
        for code, title, statuses, icon in GROUPS
    )
    return tuple(group for group in groups if group.rows)
