"""What the requesting side owes on a request to a state on the way."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.duties import OWED
from casework.steps import Duty, Steps
from exercises.models import Role
from neighbours.models import OPEN_FLIGHT, NeighbourRequest

#: How the dates follow: `books.neighbours` says how many hours.
MISSING = _("Owed a day before the entry into that state: without it nobody departs.")

DUTIES: dict[str, Duty] = {
    duty.code: duty
    for duty in (
        Duty(
            "third_state",
            _("clearance of a state on the way"),
            Role.ATTACHE,
            of_host=False,
            ladder=(Role.RELEASE, Role.INSTRUCTOR),
            rule=MISSING,
        ),
        Duty(
            "third_question",
            _("answer to a state on the way"),
            Role.ATTACHE,
            of_host=False,
            rule=MISSING,
        ),
        Duty(
            "third_number",
            _("its number, told to the host"),
            Role.ATTACHE,
            of_host=False,
            rule=MISSING,
        ),
    )
}

WORK = (Steps(NeighbourRequest, OWED & OPEN_FLIGHT, tuple(DUTIES.values()), opens=True),)
