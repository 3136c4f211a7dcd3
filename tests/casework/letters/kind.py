"""The kind, as `settings.CASES` names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework import pages, steps
from casework.kinds import Kind
from tests.casework.letters import verbs
from tests.casework.letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from casework.steps import Task
    from exercises.models import Exercise


def owed(exercise: Exercise, at: datetime) -> Iterator[Task]:
    for letter in Letter.objects.filter(exercise=exercise).exclude(duty=""):
        if duty := letter.present_duty:
            yield steps.task(letter, letter, duty, due_at=letter.due_at)


KIND = Kind(
    model=Letter,
    address="letters",
    verbs=(verbs,),
    page=pages.page,
    work=owed,
    words={"verdict": lambda code, agreement: dict(verbs.verdicts(None, None, None))[code]},  # type: ignore[arg-type]
)
