"""The guided first flight: a planner's twenty minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Show what there is."""
    return render(request, "review/first_flight.html")
