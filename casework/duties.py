"""Duties: a step that somebody owes by a date, and the clock that watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from audit import acts
from casework import kinds
from exercises.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from books import calendars
    from books.agreements import Allowance
    from casework.models import Case
    from casework.steps import Duty


#: A step is owed on a row: it names a duty, since a moment. Without a parameter, so that partial
#: indexes have it as their predicate.
OWED = models.Q(owed_since__isnull=False)


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
        def of(self) -> Case:
            """The case that the step is about."""

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
        return kinds.duties().get(self.duty)


def owe_by_agreement(row: Owed, step: str, *, at: datetime) -> None:
    """Let `step` be owed on this row from `at` on, by the agreement's allowance."""
    row.owe(step, at=at, due_at=reckon(row.of, step, since=at).due_at)


def climb(row: Owed, *, at: datetime) -> None:
    """Go one rung up the ladder of the row's duty; the last rung ends it."""
    duty = row.present_duty
    assert duty is not None  # noqa: S101 - only owed rows ring
    row.rung += 1
    interval = row.of.agreement.escalation
    row.ring_at(at + interval if row.rung < len(duty.ladder) else None)
    acts.save(row)


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
    case: Case,
    step: str,
    *,
    since: datetime,
    pauses: Iterable[calendars.Pause] = (),
) -> Reckoning:
    """Reckon when `step` is owed since `since`, in the calendar of the state that owes it.

    Raises `calendars.CalendarRangeError` beyond the years of the pinned calendar.
    """
    of_host, track = kinds.duties()[step].of_host, case.track
    return reckon_allowance(
        case,
        case.agreement.allowance(step, track.code if track else ""),
        of_host=of_host,
        since=since,
        pauses=pauses,
        capped=of_host and track is not None and step in track.shares,
    )


def reckon_allowance(
    case: Case,
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
    owing = case.host if of_host else case.requesting_state
    office = case.exercise.office(owing)
    count = allowance.count(office, received_at=since, pauses=pauses)
    capped = capped and allowance.unit != "hours"
    return Reckoning(count, allowance, case.notify_by if capped else None)
