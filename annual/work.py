"""Open work on the register: what the procedure waits for. No date presses: none is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from annual.models import AnnualClearance
from casework import steps
from casework.steps import Duty
from exercises.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from casework.steps import Task
    from exercises.models import Exercise

#: What whoever has it is to do.
STEPS = {
    Role.REGISTRY: lazy("registration, or return"),
    Role.ATTACHE: lazy("completion after return"),
    Role.DEFENCE: lazy("opinion of the defence desk"),
    Role.DECIDER: lazy("decision"),
}


def owed(exercise: Exercise, at: datetime) -> Iterator[Task]:
    """Give what the procedure waits for on each clearance."""
    for clearance in AnnualClearance.objects.filter(exercise=exercise).select_related("exercise"):
        if task := on(clearance):
            yield task


def on(clearance: AnnualClearance) -> Task | None:
    """Return what the procedure waits for on one clearance; None where it waits for nobody."""
    role = clearance.waits_for
    if role is None:
        return None
    label = lazy("note in reply") if clearance.is_secretly_decided else STEPS[role]
    return steps.task(
        clearance, clearance, Duty("annual", label, role, of_host=role != Role.ATTACHE, ladder=())
    )
