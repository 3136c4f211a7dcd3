"""What falls due in this room by itself: the notes of dossiers come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.timeline import Kind
from scenarios import conduct
from scenarios.models import Assignment

if TYPE_CHECKING:
    from collections.abc import Callable


def _of_assignment(row: Assignment) -> Callable[..., Any]:
    return conduct.come_in


KINDS = (Kind("assignment", Assignment, Assignment.objects.ahead, _of_assignment, opens=False),)
