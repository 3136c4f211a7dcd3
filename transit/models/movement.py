"""The aircraft itself on its one flight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from audit.verbs import REQUESTING
from casework.duties import Owed
from exercises.parts import Fellow
from transit.models.authorization import Authorization
from transit.models.flight import FlightRow
from transit.models.statuses import AHEAD, ALOFT, FLOWN, UNFLOWN, AlertPhase, MovementStatus

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models.flight import Revision


class Movement(FSMModelMixin, FlightRow, Owed):
    """The aircraft itself on its one flight. Times are UTC.

    `findings` are sentences as officers wrote them, and what departed from the authorization, by
    code with facts (`transit.irregular`). `reported_…` is what the requesting side says of the same
    moments and points. `told` is who was told of a diversion, an emergency, a deviation.
    """

    noun = "movement"

    number = models.PositiveSmallIntegerField()
    authorization = Fellow(
        Authorization, null=True, on_delete=models.PROTECT, related_name="movements"
    )
    status = FSMField(
        _("status"), choices=MovementStatus, default=MovementStatus.EXPECTED, protected=True
    )
    filed_call_sign = models.CharField(_("call sign as filed"), max_length=7, blank=True)
    filed_registration = models.CharField(_("registration as filed"), max_length=12, blank=True)
    plan = models.TextField(_("flight plan as filed"), max_length=2000, blank=True, default="")
    plan_filed_at = models.DateTimeField(null=True)
    plan_codes = models.JSONField(_("discrepancies"), default=list)
    plan_remarks = models.TextField(_("remarks on the discrepancies"), blank=True, default="")
    plan_sent_back = models.TextField(
        _("why the flight plan was sent back"), blank=True, default=""
    )
    checked_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(_("entered (UTC)"), null=True)
    entry_point = models.CharField(max_length=11, blank=True, default="")
    exited_at = models.DateTimeField(_("exited (UTC)"), null=True)
    exit_point = models.CharField(max_length=11, blank=True, default="")
    landed_at = models.DateTimeField(_("landed (UTC)"), null=True)
    entry_level = models.CharField(max_length=5, blank=True, default="")
    denied_at = models.DateTimeField(_("denied entry (UTC)"), null=True)
    diverted_at = models.DateTimeField(_("diverted (UTC)"), null=True)
    diverted_to = models.CharField(max_length=4, blank=True, default="")
    landing_aerodrome = models.CharField(max_length=4, blank=True, default="")
    took_off_at = models.DateTimeField(_("took off again (UTC)"), null=True)
    emergency_at = models.DateTimeField(_("in distress since (UTC)"), null=True)
    regularised_at = models.DateTimeField(null=True)
    regularisation = models.TextField(_("regularisation"), blank=True, default="")
    told = models.JSONField(_("told"), default=list)
    alert_phase = models.CharField(
        _("alert phase"), max_length=8, choices=AlertPhase, blank=True, default=""
    )
    overdue_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    report = models.TextField(_("post-flight report"), blank=True, default="")
    persons_on_board = models.PositiveSmallIntegerField(_("persons on board"), null=True)
    reported_entry_at = models.DateTimeField(null=True)
    reported_entry_point = models.CharField(max_length=11, blank=True, default="")
    reported_exit_at = models.DateTimeField(null=True)
    reported_exit_point = models.CharField(max_length=11, blank=True, default="")
    findings = models.JSONField(_("findings"), default=list)
    closed_at = models.DateTimeField(null=True)

    class Meta(FlightRow.Meta):
        indexes = (
            Owed.alarm_index,
            FlightRow.owed_index,
            # what is held against an operator
            models.Index(
                fields=["exercise", "status"],
                condition=models.Q(entered_at__isnull=False),
                name="transit_movement_flown",
            ),
        )

    @transition(field=status, source=MovementStatus.EXPECTED, target=MovementStatus.CHECKED)
    def check_plan(self, *, at: datetime) -> None:
        """Operations compared the flight plan with the authorization."""
        self.checked_at = at

    @transition(field=status, source=list(AHEAD), target=MovementStatus.EXPECTED)
    def void_check(self) -> None:
        """A new flight plan, or what it was compared with has changed: compared anew."""
        self.checked_at = None

    @transition(
        field=status,
        source=[*AHEAD, *UNFLOWN, MovementStatus.DIVERTED],
        target=MovementStatus.ACTIVE,
    )
    def enter(self, *, entered_at: datetime, point: str, level: str) -> None:
        """The aircraft entered, authorized or not; it reopens a movement taken for ended."""
        self.entered_at, self.entry_point, self.entry_level = entered_at, point, level
        self.closed_at = None

    @transition(field=status, source=list(ALOFT), target=MovementStatus.EXITED)
    def exit(self, *, exited_at: datetime, point: str) -> None:
        """The aircraft left by its last exit."""
        self.exited_at, self.exit_point = exited_at, point
        self.alert_phase = ""

    @transition(field=status, source=list(ALOFT), target=MovementStatus.LANDED)
    def land(self, *, landed_at: datetime, aerodrome: str) -> None:
        """The aircraft landed where its flight ends: as authorized, or in a third state."""
        self.landed_at, self.landing_aerodrome = landed_at, aerodrome
        self.alert_phase = ""

    @transition(field=status, source=list(ALOFT), target=MovementStatus.ON_GROUND)
    def come_down(self, *, landed_at: datetime, aerodrome: str) -> None:
        """The aircraft landed in the host state where no landing was authorized."""
        self.landed_at, self.landing_aerodrome = landed_at, aerodrome
        self.alert_phase = ""

    @transition(field=status, source=MovementStatus.ON_GROUND, target=MovementStatus.ACTIVE)
    def take_off(self, *, took_off_at: datetime) -> None:
        """The aircraft goes on after a landing that was not scheduled."""
        self.took_off_at = took_off_at

    @transition(field=status, source=MovementStatus.ON_GROUND, target=MovementStatus.LANDED)
    def stay(self) -> None:
        """The flight ends where the aircraft came down."""

    @transition(
        field=status,
        source=[*AHEAD, MovementStatus.ACTIVE],
        target=MovementStatus.DIVERTED,
    )
    def divert(self, *, diverted_at: datetime, aerodrome: str) -> None:
        """The aircraft makes for another aerodrome, of the host or of a third state."""
        self.diverted_at, self.diverted_to = diverted_at, aerodrome

    @transition(
        field=status,
        source=[*AHEAD, MovementStatus.NOT_FLOWN],
        target=MovementStatus.DENIED_ENTRY,
    )
    def deny_entry(self, *, denied_at: datetime, at: datetime) -> None:
        """The aircraft was turned back at the boundary."""
        self.denied_at, self.closed_at = denied_at, at

    @transition(field=status, source=list(AHEAD), target=MovementStatus.NOT_FLOWN)
    def not_flown(self, *, at: datetime) -> None:
        """The window passed without an entry, or the requesting state says so."""
        self.closed_at = at

    @transition(field=status, source=list(FLOWN), target=MovementStatus.CLOSED)
    def close(self, *, at: datetime) -> None:
        """The case ends without findings."""
        self.closed_at = at

    @transition(field=status, source=list(FLOWN), target=MovementStatus.CLOSED_WITH_FINDINGS)
    def close_with_findings(self, *, at: datetime) -> None:
        """The case ends with findings that count for the future."""
        self.closed_at = at

    def ring_at(self, moment: datetime | None) -> None:
        """Act at `moment`, but while the flight is ahead at the window's end at the latest."""
        window = self.authorization.valid_until if self.authorization else None
        moments = (moment, window if self.status in AHEAD else None)
        self.alarm_at = min((one for one in moments if one), default=None)

    def stamp_for(self, seat: Seat) -> str:
        """Return what the seat's forms quote: how the flight stands, and what of its plan."""
        back = "-back" if self.plan_sent_back else ""
        return f"{self.status_for(seat)}-{self.plan_filed_at}{back}"

    def status_for(self, seat: Seat) -> MovementStatus:
        """Return the status as the seat's side may know it: check and findings stay inside."""
        status = MovementStatus(self.status)
        if self.side_of(seat) == REQUESTING:
            words = {
                MovementStatus.CHECKED: MovementStatus.EXPECTED,
                MovementStatus.CLOSED_WITH_FINDINGS: MovementStatus.CLOSED,
            }
            return words.get(status, status)
        return status

    @property
    def address(self) -> str:
        """The last word of the address of its report."""
        return f"report-{self.number}"

    @property
    def said(self) -> str:
        """Why the flight plan was sent back: what the next one answers."""
        return self.plan_sent_back

    @property
    def revision(self) -> Revision:
        """The form as it was authorized."""
        return self.authorization.revision if self.authorization else self.flight.content

    @property
    def ended_flight_at(self) -> datetime | None:
        """When the aircraft left the airspace or landed."""
        return self.exited_at or self.landed_at
