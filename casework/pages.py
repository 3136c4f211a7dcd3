"""The page of a case whose kind has none of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from casework.sight import known_to
from casework.work import on

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casework.models import Case
    from casework.panel import Panel
    from exercises.seating import SeatedRequest


def page(request: SeatedRequest, found: Case, panel: Panel) -> HttpResponse:
    """One case: where it stands, who has it, the seat's moves, its notes, its history."""
    known = known_to(found, request.seat, on(found, request.at))
    context: dict[str, Any] = {"known": known, "panel": panel, "form": panel.failed}
    context["holder"] = next(iter(known.holders), None)
    return render(request, "casework/case.html", context, status=422 if panel.failed else 200)
