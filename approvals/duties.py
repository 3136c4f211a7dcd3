"""What is owed in the host's examination, by whom, and who is told when it is overdue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.steps import Duty
from exercises.models import Role

DUTIES: dict[str, Duty] = {
    duty.code: duty
    for duty in (
        Duty(
            "desk",
            _("answer of the desk"),
            Role.DEFENCE,
            of_host=True,
            ladder=(Role.DEFENCE, Role.DECIDER, Role.INSTRUCTOR),
        ),
        Duty(
            "lead_desk",
            _("answer of the lead desk"),
            Role.DEFENCE,
            of_host=True,
            ladder=(Role.DECIDER, Role.INSTRUCTOR),
        ),
        Duty("question", _("answer to the question"), Role.ATTACHE, of_host=False),
        Duty(
            "decision",
            _("decision"),
            Role.DECIDER,
            of_host=True,
            ladder=(Role.DEPUTY, Role.INSTRUCTOR),
        ),
        # Each of those who watch the flight owes its own.
        Duty(
            "acknowledgement",
            _("acknowledgement of a decision on the number"),
            Role.OPERATIONS,
            of_host=True,
            ladder=(Role.DEFENCE, Role.DECIDER, Role.INSTRUCTOR),
        ),
        Duty(
            "instruction",
            _("instruction to the aircraft"),
            Role.OPERATIONS,
            of_host=True,
            ladder=(Role.DECIDER, Role.INSTRUCTOR),
        ),
        Duty(
            "notification",
            _("note on the decision"),
            Role.REGISTRY,
            of_host=True,
            ladder=(Role.DECIDER, Role.INSTRUCTOR),
        ),
        Duty("receipt", _("acknowledgement of the note"), Role.ATTACHE, of_host=False),
    )
}
