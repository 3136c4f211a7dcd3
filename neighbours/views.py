"""The list of the requests to states on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from books import agreements, neighbours
from exercises.models import REQUESTER_ROLES
from neighbours import pages

if TYPE_CHECKING:
    from django.http import HttpResponse

    from exercises.models import Seat
    from exercises.seating import SeatedRequest


def has_list(seat: Seat) -> bool:
    """Say whether a seat has the list: those who ask, and exercise control."""
    if neighbours.of(agreements.of(seat.exercise)) is None:
        return False
    return seat.is_instructor or seat.role in REQUESTER_ROLES


@require_GET
def register(request: SeatedRequest) -> HttpResponse:
    """Every request to a state on the way that the seat may know of.

    Raises `Http404` for the seats of the host: they know of no such list.
    """
    if not has_list(request.seat):
        raise Http404
    return render(request, "neighbours/register.html", {"page": pages.register(request)})
