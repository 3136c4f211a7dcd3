"""The request to a state on the way, its clearance, and what the host was told of it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from audit.verbs import REQUESTING
from books import agreements, neighbours
from casework.duties import OWED, Owed
from casework.models import Case, CaseQuerySet
from exercises.models import Constraints, ExerciseRow
from exercises.parts import PartOf
from transit.mapping import state_name
from transit.models import FlightRequest, FlightRow

if TYPE_CHECKING:
    from datetime import datetime

    from books.agreements import State
    from books.neighbours import Neighbour, Neighbours, Temper
    from exercises.models import Seat


class AskedStatus(models.TextChoices):
    """Where a request to a state on the way stands."""

    SENT = "SENT", _("Sent")
    ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
    QUESTIONED = "QUESTIONED", _("A question is open")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Refused")
    LAPSED = "LAPSED", _("Lapsed: no answer")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


#: The neighbour has not answered.
WAITING = (AskedStatus.SENT, AskedStatus.ACKNOWLEDGED, AskedStatus.QUESTIONED)
#: It may be asked anew.
ANSWERED = (
    AskedStatus.GRANTED,
    AskedStatus.REFUSED,
    AskedStatus.LAPSED,
    AskedStatus.WITHDRAWN,
)


#: The flight is not over: what is owed on a request for one that is presses nobody.
OPEN_FLIGHT = Q(flight__closed_at=None)


class NeighbourQuerySet(CaseQuerySet):
    def of_open_flights(self) -> Self:
        """Requests for flights that are not over."""
        return self.filter(OPEN_FLIGHT)


class NeighbourRequest(FSMModelMixin, Case, Owed):
    """What the requesting state asks of one state on the way of one flight, and the answer.

    `host` is the neighbour: a third state, neither side of the flight. `entry_at` and `exit_at`
    are its first entry and last exit as asked for, UTC, `matters` what the note tells of the
    flight that a neighbour may ask about. `times` counts how often it was asked. `temper` is how a
    role-player answers, for exercise control alone. The clearance is valid from `valid_from` to
    `valid_until`, UTC, upper end exclusive; `told_at` is when the host of the flight was told.
    """

    noun = "neighbour"
    series = "N"
    statuses = AskedStatus

    flight = PartOf(FlightRequest, on_delete=models.PROTECT, related_name="asked")
    status = FSMField(_("status"), choices=AskedStatus, default=AskedStatus.SENT, protected=True)
    times = models.PositiveSmallIntegerField(default=1)
    entry_point = models.CharField(_("entry point"), max_length=11)
    entry_at = models.DateTimeField(_("entry (UTC)"))
    exit_point = models.CharField(_("exit point"), max_length=11)
    exit_at = models.DateTimeField(_("exit (UTC)"))
    asked_as = models.CharField(max_length=16, blank=True, default="")
    matters = models.JSONField(default=list)
    temper = models.CharField(_("temper"), max_length=16)
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    question = models.TextField(_("question"), blank=True, default="")
    questioned_at = models.DateTimeField(null=True)
    reply = models.TextField(_("answer"), blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    clearance_number = models.CharField(_("number"), max_length=20, blank=True, default="")
    valid_from = models.DateTimeField(_("valid from"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    conditions = models.JSONField(_("conditions"), default=list)
    told_at = models.DateTimeField(null=True)

    objects = NeighbourQuerySet.as_manager()

    class Meta(Case.Meta):
        constraints: ClassVar[Constraints] = (
            *Case.Meta.constraints,
            models.UniqueConstraint(
                fields=["flight", "host"], name="neighbours_neighbourrequest_state_once"
            ),
        )
        indexes = (
            # as of other kinds, under names that are short enough
            models.Index(
                fields=["exercise", "alarm_at"],
                condition=Q(alarm_at__isnull=False),
                name="neighbours_request_alarm",
            ),
            models.Index(
                fields=["exercise", "turn_at"],
                condition=Q(turn_at__isnull=False),
                name="neighbours_request_turn",
            ),
            models.Index(
                fields=["exercise", "due_at", "-id"], condition=OWED, name="neighbours_request_owed"
            ),
        )
        ordering = ("number",)
        verbose_name = _("request to a state on the way")

    @transition(field=status, source=AskedStatus.SENT, target=AskedStatus.ACKNOWLEDGED)
    def acknowledge_asking(self, *, at: datetime) -> None:
        """The neighbour has the note."""
        self.acknowledged_at = at

    @transition(
        field=status,
        source=[AskedStatus.SENT, AskedStatus.ACKNOWLEDGED],
        target=AskedStatus.QUESTIONED,
    )
    def question_asking(self, *, text: str, at: datetime) -> None:
        """The neighbour asks before it answers."""
        self.question, self.questioned_at = text, at
        self.acknowledged_at = self.acknowledged_at or at
        self.reply, self.replied_at = "", None

    @transition(field=status, source=AskedStatus.QUESTIONED, target=AskedStatus.ACKNOWLEDGED)
    def answer_neighbour(self, *, text: str, at: datetime) -> None:
        """The requesting state answers."""
        self.reply, self.replied_at = text, at

    @transition(field=status, source=list(WAITING), target=AskedStatus.GRANTED)
    def clear_crossing(
        self, *, number: str, valid_from: datetime, valid_until: datetime, at: datetime
    ) -> None:
        """The neighbour grants its clearance, for a window."""
        self.clearance_number, self.decided_at = number, at
        self.valid_from, self.valid_until = valid_from, valid_until

    @transition(field=status, source=list(WAITING), target=AskedStatus.REFUSED)
    def refuse_crossing(self, *, at: datetime) -> None:
        """The neighbour refuses, without reasons."""
        self.decided_at = at

    @transition(field=status, source=list(WAITING), target=AskedStatus.LAPSED)
    def lapse_asking(self) -> None:
        """The neighbour did not answer before the entry. Silence is never consent."""

    @transition(field=status, source=[*WAITING, AskedStatus.GRANTED], target=AskedStatus.WITHDRAWN)
    def withdraw_asking(self) -> None:
        """The requesting state needs the clearance no more."""

    @transition(field=status, source=list(ANSWERED), target=AskedStatus.SENT)
    def ask_anew(self, *, at: datetime) -> None:
        """The requesting state asks once more: for other times, or after a refusal."""
        self.times += 1
        self.sent_at = at
        self.acknowledged_at = self.questioned_at = self.replied_at = self.decided_at = None
        self.question = self.reply = self.clearance_number = ""
        self.valid_from = self.valid_until = self.told_at = None
        self.conditions = []

    def ring_at(self, moment: datetime | None) -> None:
        """Act at `moment`, but while unanswered at the entry at the latest."""
        moments = (moment, self.entry_at if self.is_waiting else None)
        self.alarm_at = min((one for one in moments if one), default=None)

    def stamp_for(self, seat: Seat) -> str:
        """Return what the seat's forms quote; what role-players are like is no side's affair."""
        seen = [self.status, self.times, len(self.notes), self.told_at or ""]
        if self.side_of(seat) != REQUESTING:
            seen.append(self.temper)
        return "-".join(map(str, seen))

    @property
    def is_waiting(self) -> bool:
        """The neighbour has not answered."""
        return self.status in WAITING

    @property
    def is_granted(self) -> bool:
        return bool(self.status == AskedStatus.GRANTED)

    def covers(self, entry_at: datetime, exit_at: datetime) -> bool:
        """Say whether the clearance holds from an entry to an exit."""
        if not (self.is_granted and self.valid_from and self.valid_until):
            return False
        return self.valid_from <= entry_at and exit_at < self.valid_until

    @property
    def known(self) -> Neighbours:
        """What is known of the states on the way, as the exercise pinned it."""
        known = neighbours.of(self.agreement)
        assert known is not None  # noqa: S101 - without it nobody could ask
        return known

    @property
    def terms(self) -> Neighbour:
        """What is known of this one."""
        return self.known.states[self.host]

    @property
    def mood(self) -> Temper:
        """How a role-player answers for it."""
        return self.known.tempers[self.temper]

    @cached_property
    def host_state(self) -> State:
        """The neighbour, as it is called on screen: it is no party of the agreement."""
        name = agreements.Label(en=state_name(self.host))
        return agreements.State(name=name, capital=name)

    @property
    def filed_under(self) -> tuple[str, ...]:
        """Its first note is sent from the page of the flight, and filed there."""
        return self.reference, self.flight.reference

    def side_named(self, state: str) -> str:
        """Name the neighbour by what it is here: no host of the flight."""
        if state == self.host:
            return gettext("The state on the way, %(state)s") % {"state": self.host_state.name}
        return super().side_named(state)

    @property
    def missing_at(self) -> datetime:
        """When the clearance has to be there."""
        return self.entry_at - timedelta(hours=self.known.missing_hours.value)


class ToldClearance(FlightRow):
    """What the host of a flight was told by note of the clearance of a state on the way.

    As the requesting side wrote it, which may not be what that state granted.
    """

    noun = "told"

    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=2)
    clearance_number = models.CharField(_("clearance number"), max_length=20)
    valid_from = models.DateTimeField(_("valid from (UTC)"))
    valid_until = models.DateTimeField(_("valid until (UTC)"))
    told_at = models.DateTimeField()

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (*ExerciseRow.Meta.constraints,)
        ordering = ("number",)

    def covers(self, entry_at: datetime, exit_at: datetime) -> bool:
        """Say whether what was told holds from an entry to an exit."""
        return self.valid_from <= entry_at and exit_at < self.valid_until
