"""What is owed on the request and the flight, by whom, and who is told when it is overdue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.steps import Duty
from exercises.models import Role

DUTIES: dict[str, Duty] = {
    duty.code: duty
    for duty in (
        Duty("release", _("release"), Role.RELEASE, of_host=False),
        Duty("transmission", _("transmission by note"), Role.ATTACHE, of_host=False),
        Duty(
            "registration",
            _("registration"),
            Role.REGISTRY,
            of_host=True,
            ladder=(Role.DEFENCE, Role.INSTRUCTOR),
        ),
        Duty("completion", _("completion after return"), Role.PLANNER, of_host=False),
        Duty(
            "reply",
            _("note in reply"),
            Role.REGISTRY,
            of_host=True,
            ladder=(Role.DECIDER, Role.INSTRUCTOR),
        ),
        Duty("flight_plan", _("flight-plan check"), Role.OPERATIONS, of_host=True),
        Duty("entry", _("entry"), Role.OPERATIONS, of_host=True),
        Duty("exit", _("exit"), Role.OPERATIONS, of_host=True),
        Duty("regularisation", _("note on the landing"), Role.ATTACHE, of_host=False),
        Duty("report", _("post-flight report"), Role.ATTACHE, of_host=False),
        Duty("condition", _("fulfilment of a condition"), Role.ATTACHE, of_host=False),
        Duty(
            "acceptance",
            _("a condition: accept it as fulfilled"),
            Role.OPERATIONS,
            of_host=True,
            ladder=(Role.DEFENCE, Role.INSTRUCTOR),
        ),
        Duty(
            "closure",
            _("closure"),
            Role.DEFENCE,
            of_host=True,
            ladder=(Role.DECIDER, Role.INSTRUCTOR),
        ),
    )
}
