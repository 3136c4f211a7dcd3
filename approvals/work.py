"""Open work on flights: the steps on the request, at the desks, on the movement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.duties import DUTIES as HERE
from approvals.force import WATCHING
from approvals.models import PENDING, Concurrence, Question, answering
from casework.duties import OWED
from casework.steps import Duty, Steps
from exercises.conditions import of
from exercises.models import Role
from transit.duties import DUTIES
from transit.models import (
    NOT_CANCELLED,
    STANDING,
    WITH_HOST,
    Acknowledgement,
    AuthorizationStatus,
    Condition,
    FlightRequest,
    FlightStatus,
    Measure,
    Movement,
    Revision,
)

if TYPE_CHECKING:
    from books.agreements import Agreement

#: Work that no date presses: the planner's draft, and a supplement until it is sent.
DRAFT = Duty("draft", _("draft"), Role.PLANNER, of_host=False, ladder=())
SUPPLEMENT = (
    Duty("supplement", _("supplement: draft"), Role.PLANNER, of_host=False, ladder=()),
    Duty("supplement", _("supplement: release"), Role.RELEASE, of_host=False, ladder=()),
)
SUPPLEMENT_RELEASED = Duty(
    "supplement", _("supplement: transmission"), Role.ATTACHE, of_host=False, ladder=()
)
#: What operations wait for before they can check it.
FILING = Duty("filing", _("flight plan"), Role.PLANNER, of_host=False, ladder=())

ON_REQUEST = ("release", "transmission", "registration", "completion", "reply")
ON_MOVEMENT = ("entry", "exit", "regularisation", "report", "closure")

#: A supplement that no note has carried yet.
BEGUN = Q(enclosed_at=None) & of("flight", WITH_HOST)

#: The note in reply told the other side of the number, and the aircraft is not done with.
TOLD = Q(flight__replied_at__isnull=False, flight__closed_at=None)


#: The check of a flight plan, which waits while the number is suspended: as it is, as it was told.
CHECK = Q(duty="flight_plan")
HOLDS = Q(authorization__status=AuthorizationStatus.IN_FORCE)
HOLDS_AS_TOLD = Q(authorization__told=AuthorizationStatus.IN_FORCE)


class Acknowledgements(Steps):
    """What those who watch the flight owe on a decision: each its own acknowledgement."""

    def role_of(self, row: Acknowledgement) -> Role:
        return Role(row.role)

    def owed_by(self, role: str, agreement: Agreement) -> Q | None:
        return Q(role=role) if role in WATCHING else None


class Answers(Steps):
    """The answers of the desks, each owed by whoever answers for the desk."""

    def role_of(self, row: Concurrence) -> Role:
        return row.role

    def owed_by(self, role: str, agreement: Agreement) -> Q | None:
        mine = [desk for desk in agreement.desks if answering(desk, agreement) == role]
        return Q(desk__in=mine) if mine else None


WORK = (
    Steps(FlightRequest, OWED, (*(DUTIES[code] for code in ON_REQUEST), HERE["decision"])),
    Steps(FlightRequest, Q(status=FlightStatus.DRAFT, owed_since=None, closed_at=None), (DRAFT,)),
    *(
        Steps(Revision, BEGUN & Q(released_by_id=None), (duty,), part="revisions", of="flight")
        for duty in SUPPLEMENT
    ),
    Steps(
        Revision,
        BEGUN & Q(released_by_id__isnull=False),
        (SUPPLEMENT_RELEASED,),
        part="revisions",
        of="flight",
    ),
    # Dropped by a decision still unknown, it looks open to the requesting side.
    Steps(
        Question,
        OWED & of("flight", WITH_HOST),
        (HERE["question"],),
        part="questions",
        of="flight",
    ),
    # A desk that waits for its own question owes nothing: its clock stands, without a date.
    Answers(
        Concurrence,
        OWED & PENDING & Q(due_at__isnull=False),
        (HERE["desk"], HERE["lead_desk"]),
        part="concurrences",
        of="flight",
    ),
    # While no flight plan is filed, or the last was sent back, its check waits for the planner.
    Steps(
        Movement,
        TOLD
        & OWED
        & ((CHECK & HOLDS & Q(plan__gt="", plan_sent_back="")) | Q(duty__in=ON_MOVEMENT)),
        (DUTIES["flight_plan"], *(DUTIES[code] for code in ON_MOVEMENT)),
        opens=True,
        part="movements",
        of="flight",
    ),
    Steps(
        Movement,
        TOLD & OWED & CHECK & HOLDS_AS_TOLD & (Q(plan="") | Q(plan_sent_back__gt="")),
        (FILING,),
        opens=True,
        part="movements",
        of="flight",
    ),
    Steps(
        Measure,
        OWED & NOT_CANCELLED,
        (HERE["notification"], HERE["receipt"]),
        part="measures",
        of="flight",
    ),
    Acknowledgements(
        Acknowledgement,
        OWED & STANDING,
        (HERE["acknowledgement"], HERE["instruction"]),
        part="acknowledgements",
        of="flight",
    ),
    Steps(
        Condition,
        OWED & Q(flight__closed_at=None),
        (DUTIES["condition"], DUTIES["acceptance"]),
        opens=True,
        part="conditions",
        of="flight",
    ),
)
