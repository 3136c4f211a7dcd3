"""Duties: a step that somebody owes by a date, and the clock that watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from books import calendars
from exercises.models import Role
from exercises.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from books.agreements import Allowance
    from transit.models import FlightRequest


@dataclass(frozen=True)
class Duty:
    """One row of the table DUTIES.

    `role` owes the step; `of_host` says on which side. `ladder` names who is told when it is
    found overdue, one rung after the other; it is finite.
    """

    code: str
    label: _StrPromise
    role: Role
    of_host: bool
    ladder: tuple[Role, ...] = (Role.INSTRUCTOR,)


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
        Duty("report", _("post-flight report"), Role.ATTACHE, of_host=False),
        Duty(
            "closure",
            _("closure"),
            Role.DEFENCE,
            of_host=True,
            ladder=(Role.DECIDER, Role.INSTRUCTOR),
        ),
    )
}


class Owed(Recorded):
    """A row that somebody owes a step on.

    `due_at` says when the present duty is owed and stays; `alarm_at` says when the clock next
    acts on the row, and moves on until the ladder ends. `owed_since` is the moment from which
    the due date was counted, `opens_at` the moment from which the step is open work, where that
    is later. `rung` is how far up the ladder the clock has gone.
    """

    duty = models.CharField(max_length=16, blank=True, default="")
    owed_since = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:

        @property
        def flight(self) -> FlightRequest:
            """The request that the step is about."""

    #: Partial index for the timeline; a predicate without parameters is what both databases use.
    alarm_index: ClassVar[models.Index] = models.Index(
        fields=["exercise", "alarm_at"],
        condition=models.Q(alarm_at__isnull=False),
        name="%(app_label)s_%(class)s_alarm",
    )

    class Meta:
        abstract = True

    def owe(
        self,
        duty: str,
        *,
        at: datetime,
        due_at: datetime | None,
        opens_at: datetime | None = None,
        since: datetime | None = None,
    ) -> None:
        """Owe `duty` from `at` on, by `due_at`; None: the clock stands, or none is set."""
        self.duty = duty
        self.owed_since = since or at
        self.opens_at = opens_at
        self.due_at = due_at
        self.rung = 0
        self.ring_at(due_at and max(due_at, at))

    def settle(self) -> None:
        """Owe nothing any more."""
        self.duty = ""
        self.owed_since = self.opens_at = self.due_at = None
        self.rung = 0
        self.ring_at(None)

    def ring_at(self, moment: datetime | None) -> None:
        """Let the clock act on this row at `moment`."""
        self.alarm_at = moment

    @property
    def present_duty(self) -> Duty | None:
        return DUTIES.get(self.duty)


@dataclass(frozen=True)
class Reckoning:
    """A due date that can explain itself: the count, and the cap that may cut it short.

    The cap is the latest moment to notify before the entry; an examination may not use it up,
    however much its allowance would leave.
    """

    count: calendars.Count
    allowance: Allowance
    cap: datetime | None

    @property
    def is_capped(self) -> bool:
        return bool(self.cap and self.count.due_at and self.cap < self.count.due_at)

    @property
    def due_at(self) -> datetime | None:
        """When the step is owed, UTC; None while the clock stands."""
        return self.cap if self.is_capped else self.count.due_at


def reckon(
    flight: FlightRequest,
    step: str,
    *,
    since: datetime,
    pauses: Iterable[calendars.Pause] = (),
) -> Reckoning:
    """Reckon when `step` is owed since `since`, in the calendar of the state that owes it.

    Raises `calendars.CalendarRangeError` beyond the years of the pinned calendar.
    """
    of_host = DUTIES[step].of_host
    track = flight.track
    return reckon_allowance(
        flight,
        flight.agreement.allowance(step, track.code),
        of_host=of_host,
        since=since,
        pauses=pauses,
        capped=of_host and step in track.shares,
    )


def reckon_allowance(
    flight: FlightRequest,
    allowance: Allowance,
    *,
    of_host: bool,
    since: datetime,
    pauses: Iterable[calendars.Pause],
    capped: bool,
) -> Reckoning:
    """Reckon an allowance; `capped`: not later than the latest moment to notify.

    Hours are not capped: an urgent track may begin after that moment.
    """
    owing = flight.host if of_host else flight.requesting_state
    office = calendars.office(flight.exercise.calendar_version, owing)
    count = allowance.count(office, received_at=since, pauses=pauses)
    capped = capped and allowance.unit != "hours"
    cap = flight.entry_at - flight.agreement.notify_by if capped and flight.entry_at else None
    return Reckoning(count, allowance, cap)
