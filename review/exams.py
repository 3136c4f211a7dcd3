"""Exams: those that one may take, and those that one holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def exams(request: HttpRequest) -> HttpResponse:
    """Show what there is."""
    return render(request, "review/exams.html")
