"""The annual clearance as a kind of case: its verbs, its work, its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from annual import actions, pages
from annual.models import AnnualClearance, Opinion
from casework import steps
from casework.kinds import Kind
from casework.steps import Duty
from exercises.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from casework.steps import Task
    from exercises.models import Exercise


def owed(exercise: Exercise, at: datetime) -> Iterator[Task]:
    """Give what the procedure waits for; no date presses, for none is published."""
    for clearance in AnnualClearance.objects.filter(exercise=exercise).select_related("exercise"):
        role = clearance.waits_for
        if role is not None:
            step = Duty("annual", pages.step(clearance, role), role, role != Role.ATTACHE, ())
            yield steps.task(clearance, clearance, step)


KIND = Kind(
    model=AnnualClearance,
    address="annual",
    verbs=(actions,),
    page=pages.page,
    work=owed,
    words={
        "year": lambda year, agreement: _("For %(year)s") % {"year": year},
        "answer": lambda code, agreement: str(Opinion(code).label),
    },
)
