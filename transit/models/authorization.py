"""The authorization: permission for one flight, under a number, in a window, on conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from audit.verbs import REQUESTING
from books.agreements import ConditionKind
from casework.duties import OWED, Owed
from exercises.conditions import holds, of
from exercises.models import Constraints, ExerciseRow
from exercises.parts import Fellow
from transit.models.flight import FlightRow, Revision
from transit.models.statuses import AuthorizationStatus

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat

IN_FORCE, SUSPENDED = AuthorizationStatus.IN_FORCE, AuthorizationStatus.SUSPENDED


class Authorization(FSMModelMixin, FlightRow):
    """Permission for one flight in one window; never edited. Its number is never reused.

    An amendment is decided as the next version of the number; told by note, it is filed with the
    flight that it amends as well, as whose version it is flown.

    The window runs from `valid_from` to `valid_until`, UTC, upper end exclusive; a suspension never
    extends it. `status` is as the host decided, `told` as the requesting side has it by note.
    """

    noun = "authorization"

    number = models.CharField(_("number"), max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    status = FSMField(
        _("status"),
        choices=AuthorizationStatus,
        default=AuthorizationStatus.IN_FORCE,
        protected=True,
    )
    told = models.CharField(
        max_length=9, choices=AuthorizationStatus, default=AuthorizationStatus.IN_FORCE
    )
    revision = Fellow(Revision, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    conditions = models.JSONField(_("conditions"), default=list)
    override_ground = models.TextField(blank=True, default="")

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "flight", "number", "version"],
                name="transit_authorization_number_once",
            ),
        )

    @transition(field=status, source=IN_FORCE, target=SUSPENDED)
    def suspend(self) -> None:
        """The host lets nobody fly under the number until further notice."""

    @transition(field=status, source=SUSPENDED, target=IN_FORCE)
    def reinstate(self) -> None:
        """The number holds again, in the window that it had."""

    @transition(field=status, source=[IN_FORCE, SUSPENDED], target=AuthorizationStatus.REVOKED)
    def revoke(self) -> None:
        """The host ends the number, for good."""

    @transition(
        field=status,
        source=[IN_FORCE, SUSPENDED, AuthorizationStatus.REVOKED],
        target=AuthorizationStatus.CANCELLED,
    )
    def cancel(self) -> None:
        """The requesting state gives the number back, which may cross what the host decided."""
        self.told = AuthorizationStatus.CANCELLED

    @property
    def stamp(self) -> object:
        return self.status

    def stamp_for(self, seat: Seat) -> str:
        return str(self.status_for(seat))

    def status_for(self, seat: Seat) -> AuthorizationStatus:
        """Return the status as the seat's side may know it: by note, not before."""
        is_told_by_note = self.side_of(seat) == REQUESTING
        return AuthorizationStatus(self.told if is_told_by_note else self.status)

    def condition_at(self, at: datetime, status: AuthorizationStatus | None = None) -> str:
        """Return in words whether the number can be used at `at`; derived, never stored.

        `status` is as a reader may know it, without as it is.
        """
        known = status or AuthorizationStatus(self.status)
        if known != AuthorizationStatus.IN_FORCE:
            return str(known.label)
        if at < self.valid_from:
            return str(_("Not yet valid"))
        if at >= self.valid_until:
            return str(_("Expired"))
        return str(AuthorizationStatus.IN_FORCE.label)


#: The number was not given back: what the host decided of it counts.
NOT_CANCELLED = Q(authorization__status__in=(IN_FORCE, SUSPENDED, AuthorizationStatus.REVOKED))


class MeasureKind(models.TextChoices):
    """What the host may decide of a number that it gave."""

    SUSPENSION = "SUSPENSION", _("Suspension")
    REINSTATEMENT = "REINSTATEMENT", _("Reinstatement")
    REVOCATION = "REVOCATION", _("Revocation")


class MeasureQuerySet(models.QuerySet["Measure"]):
    def standing(self) -> MeasureQuerySet:
        """Measures on numbers that were not given back."""
        return self.filter(NOT_CANCELLED)


class Measure(FlightRow, Owed):
    """What the host decided of a number after it gave it: one row for each decision.

    Decided, notified, acknowledged are three moments: the registry owes the note, then the attaché
    of the requesting side its acknowledgement. A later measure takes the place of one that no note
    has told of. `reason` stays inside.
    """

    noun = "measure"

    number = models.PositiveSmallIntegerField()
    authorization = Fellow(Authorization, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=13, choices=MeasureKind)
    reason = models.TextField(_("reason"), max_length=1000)
    decided_at = models.DateTimeField()
    decided_hand = models.CharField(max_length=150)
    notified_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    objects = MeasureQuerySet.as_manager()

    class Meta(FlightRow.Meta):
        indexes = (
            Owed.alarm_index,
            FlightRow.owed_index,
        )
        ordering = ("number",)

    @property
    def stamp(self) -> object:
        return f"{self.notified_at}-{self.acknowledged_at}"

    @property
    def called(self) -> str:
        return str(MeasureKind(self.kind).label)

    @property
    def is_standing(self) -> bool:
        return holds(NOT_CANCELLED, self)

    @property
    def stops(self) -> bool:
        """It takes away the permission, of an aircraft inside as well."""
        return self.kind != MeasureKind.REINSTATEMENT


#: The measure is about a number that was not given back.
STANDING = of("measure", NOT_CANCELLED)


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def standing(self) -> AcknowledgementQuerySet:
        """Those on numbers that were not given back."""
        return self.filter(STANDING)


class Acknowledgement(FlightRow, Owed):
    """That one of those who watch the flight knows of a measure; each owes its own.

    While the aircraft is inside, operations then owe the instruction to it.
    """

    noun = "acknowledgement"

    measure = Fellow(Measure, on_delete=models.PROTECT, related_name="acknowledgements")
    role = models.CharField(max_length=16)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_hand = models.CharField(max_length=150, blank=True, default="")

    objects = AcknowledgementQuerySet.as_manager()

    class Meta(FlightRow.Meta):
        indexes = (
            Owed.alarm_index,
            models.Index(
                fields=["exercise", "role", "due_at", "-flight"],
                condition=OWED,
                name="transit_acknowledgement_owed",
            ),
        )

    @property
    def stamp(self) -> object:
        return self.acknowledged_at

    @property
    def called(self) -> str:
        return self.measure.called

    @property
    def is_standing(self) -> bool:
        return holds(STANDING, self)


class InstructionKind(models.TextChoices):
    """What an aircraft inside is told to do. None of them is an order of force."""

    TURN_BACK = "TURN_BACK", _("Turn back")
    REROUTE = "REROUTE", _("Leave by the nearest exit")
    LAND = "LAND", _("Land at a designated aerodrome")
    CONTINUE = "CONTINUE", _("Continue on the cleared route and leave")


class Instruction(FlightRow):
    """What an aircraft inside was told after a suspension or revocation, and by whom.

    `ordered_by` and `passed_by` are the chain of command in words; `passed_at` is when the
    aircraft had it.
    """

    noun = "instruction"

    number = models.PositiveSmallIntegerField()
    measure = Fellow(Measure, on_delete=models.PROTECT, related_name="instructions")
    kind = models.CharField(_("instruction"), max_length=9, choices=InstructionKind)
    place = models.CharField(_("exit point or aerodrome"), max_length=11, blank=True, default="")
    ordered_by = models.CharField(_("ordered by"), max_length=120)
    passed_by = models.CharField(_("passed by"), max_length=120)
    passed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_hand = models.CharField(max_length=150)

    class Meta(FlightRow.Meta):
        ordering = ("number",)


class ConditionQuerySet(models.QuerySet["Condition"]):
    def standing(self) -> ConditionQuerySet:
        """Conditions of cases that are open."""
        return self.filter(flight__closed_at=None)


class Condition(FlightRow, Owed):
    """A condition of the agreement's library with something to be done: a precedent or a report.

    The requesting side says that it is `fulfilled_at`; it counts once the host `accepted_at`. A
    precedent that is open keeps the flight plan from being released. `declined` is why the host did
    not accept what was said.
    """

    noun = "condition"

    number = models.PositiveSmallIntegerField()
    authorization = Fellow(Authorization, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=9)
    words = models.TextField(_("condition"), max_length=500)
    fulfilment = models.TextField(_("how it is fulfilled"), max_length=1000, blank=True, default="")
    fulfilled_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_hand = models.CharField(max_length=150, blank=True, default="")
    declined = models.TextField(_("why it is open"), max_length=1000, blank=True, default="")

    objects = ConditionQuerySet.as_manager()

    class Meta(FlightRow.Meta):
        indexes = (
            Owed.alarm_index,
            FlightRow.owed_index,
        )
        ordering = ("number",)

    @property
    def stamp(self) -> object:
        return f"{self.fulfilled_at}-{self.accepted_at}"

    @property
    def called(self) -> str:
        return str(self.words)

    @property
    def said(self) -> str:
        return self.fulfilment or self.declined

    @property
    def is_standing(self) -> bool:
        return self.flight.closed_at is None

    @property
    def is_open_precedent(self) -> bool:
        return self.kind == ConditionKind.PRECEDENT and self.accepted_at is None
