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
    )
}
