"""The page of a case: that of a kind which has none of its own, and what every one has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _

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
    return shown(request, found, panel, known=known, holder=next(iter(known.holders), None))


def shown(
    request: SeatedRequest,
    found: Case,
    panel: Panel,
    template: str = "casework/case.html",
    **context: Any,
) -> HttpResponse:
    """Answer with the page of a case and its panel; 422 if the panel shows a form with faults.

    `case_kind` is what the page calls the case.
    """
    context = {"case_kind": _("Case"), "reference": found.reference, **context}
    context |= {"panel": panel, "form": panel.failed}
    return render(request, template, context, status=422 if panel.failed else 200)
