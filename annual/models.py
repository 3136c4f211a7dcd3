"""The annual clearance: for a calendar year, the categories of flights that a state may ask for.

It makes a category eligible and shortens the examination of a flight that cites it; it never
admits a flight. Each flight still needs an authorization of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from audit.verbs import REQUESTING
from books import calendars
from casework.models import Case, CaseQuerySet
from exercises.conditions import holds
from exercises.models import (
    Constraints,
    Role,
    Seat,
)
from exercises.parts import Fellow

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from books.agreements import Annual
    from books.calendars import AnnualDeadline


class AnnualStatus(models.TextChoices):
    """Where a request for an annual clearance stands, and the clearance after it.

    "Not yet valid", "in force" and "expired" follow from the calendar and are never stored.
    """

    REQUESTED = "REQUESTED", _("Requested")
    RETURNED = "RETURNED", _("Returned")
    UNDER_REVIEW = "UNDER_REVIEW", _("Under examination")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Refused")
    SUSPENDED = "SUSPENDED", _("Suspended")
    REVOKED = "REVOKED", _("Revoked")


class Opinion(models.TextChoices):
    """What the host's defence desk thinks; its "no" binds the decision."""

    CONCUR = "CONCUR", _("Concurs")
    NON_CONCUR = "NON_CONCUR", _("Does not concur")


@dataclass(frozen=True)
class Waiting:
    """Whom the procedure waits for, and for what, while a condition holds of a clearance."""

    condition: Q
    role: Role
    what: _StrPromise


#: Whose move it is; no date presses, for none is published.
WAITING = (
    Waiting(
        Q(decided_at__isnull=False, replied_at__isnull=True), Role.REGISTRY, _("note in reply")
    ),
    Waiting(Q(status=AnnualStatus.REQUESTED), Role.REGISTRY, _("registration, or return")),
    Waiting(Q(status=AnnualStatus.RETURNED), Role.ATTACHE, _("completion after return")),
    Waiting(
        Q(status=AnnualStatus.UNDER_REVIEW, opinion=""),
        Role.DEFENCE,
        _("opinion of the defence desk"),
    ),
    Waiting(Q(status=AnnualStatus.UNDER_REVIEW, opinion__gt=""), Role.DECIDER, _("decision")),
)


class AnnualClearanceQuerySet(CaseQuerySet):
    def issued(self) -> Self:
        """Those whose number the requesting side has by note, whatever became of them since."""
        return self.filter(replied_at__isnull=False).exclude(clearance_number="")


class AnnualClearance(FSMModelMixin, Case):
    """What one state asks of the other for one calendar year, and the number that came of it.

    The attaché asks by note, in one step. `requested_at` is when the last note with the request
    arrived: it decides whether the request was in time. `missing` is what a returned request
    lacked; `opinion` is the defence desk's. `reasons`, those of the host's last decision, and
    `opinion_reason` stay inside. `replied_at` is when the requesting side learned the decision.
    """

    noun = "annual"
    series = "A"
    statuses = AnnualStatus

    year = models.PositiveSmallIntegerField(_("year"))
    categories = models.JSONField(_("categories"), default=list)
    text = models.TextField(_("text of the note"), blank=True, default="")
    status = FSMField(
        _("status"), choices=AnnualStatus, default=AnnualStatus.REQUESTED, protected=True
    )
    requested_at = models.DateTimeField()
    requested_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")
    requested_hand = models.CharField(max_length=150)
    missing = models.TextField(_("what is missing"), blank=True, default="")
    registered_at = models.DateTimeField(null=True)
    opinion = models.CharField(
        _("opinion of the defence desk"), max_length=10, choices=Opinion, blank=True, default=""
    )
    opinion_reason = models.TextField(_("reasons"), blank=True, default="")
    opinion_at = models.DateTimeField(null=True)
    opinion_by = Fellow(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    opinion_hand = models.CharField(max_length=150, blank=True, default="")
    clearance_number = models.CharField(_("number"), max_length=16, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = Fellow(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    decided_hand = models.CharField(max_length=150, blank=True, default="")
    reasons = models.TextField(_("reasons"), blank=True, default="")
    replied_at = models.DateTimeField(null=True)

    objects = AnnualClearanceQuerySet.as_manager()

    class Meta(Case.Meta):
        constraints: ClassVar[Constraints] = (
            *Case.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "clearance_number"],
                condition=~Q(clearance_number=""),
                name="annual_annualclearance_clearance_number_once",
            ),
        )
        indexes = (Case.turn_index,)
        verbose_name = _("annual clearance")

    @transition(field=status, source=AnnualStatus.REQUESTED, target=AnnualStatus.RETURNED)
    def send_back_annual(self, *, missing: str) -> None:
        """The registry returns an incomplete request."""
        self.missing = missing

    @transition(field=status, source=AnnualStatus.RETURNED, target=AnnualStatus.REQUESTED)
    def resubmit_annual(self) -> None:
        """The attaché sends the request again, completed."""

    @transition(field=status, source=AnnualStatus.REQUESTED, target=AnnualStatus.UNDER_REVIEW)
    def register_annual(self, *, at: datetime) -> None:
        """The registry takes the note in."""
        self.registered_at = at

    @transition(field=status, source=AnnualStatus.UNDER_REVIEW, target=AnnualStatus.GRANTED)
    def grant_annual(self, *, clearance_number: str) -> None:
        """The decider gives the categories a number for the year."""
        self.clearance_number = clearance_number

    @transition(field=status, source=AnnualStatus.UNDER_REVIEW, target=AnnualStatus.REFUSED)
    def refuse_annual(self) -> None:
        """The decider refuses; the reasons stay inside."""

    @transition(field=status, source=AnnualStatus.GRANTED, target=AnnualStatus.SUSPENDED)
    def suspend_annual(self) -> None:
        """No new flight is covered until further notice."""

    @transition(field=status, source=AnnualStatus.SUSPENDED, target=AnnualStatus.GRANTED)
    def reinstate_annual(self) -> None:
        """Flights are covered again; the year is not extended."""

    @transition(
        field=status,
        source=[AnnualStatus.GRANTED, AnnualStatus.SUSPENDED],
        target=AnnualStatus.REVOKED,
    )
    def revoke_annual(self) -> None:
        """The number is dead; it is never used again."""

    def stamp_for(self, seat: Seat) -> str:
        """Return what the seat's forms quote, to find out whether somebody was first.

        What the host does inside must not show in it to the other side.
        """
        seen = [self.status_for(seat), len(self.notes)]
        if self.side_of(seat) != REQUESTING:
            seen.append(self.opinion)
        return "-".join(map(str, seen))

    @property
    def is_secretly_decided(self) -> bool:
        """Decided, but the requesting side has not been told by note."""
        return self.decided_at is not None and self.replied_at is None

    def status_for(self, seat: Seat) -> AnnualStatus:
        """Return the status as the seat's side may know it."""
        if self.side_of(seat) == REQUESTING and self.is_secretly_decided:
            return AnnualStatus.UNDER_REVIEW
        return AnnualStatus(self.status)

    @property
    def waits_for(self) -> Role | None:
        """Whose move the procedure waits for, derived."""
        return next((one.role for one in WAITING if holds(one.condition, self)), None)

    def is_with(self, seat: Seat) -> bool:
        """Say whether it is the seat that the procedure waits for."""
        return seat.role == self.waits_for and bool(self.side_of(seat))

    @property
    def terms(self) -> Annual:
        """What the agreement says of annual clearances."""
        terms = self.agreement.annual
        assert terms is not None  # noqa: S101 - without terms nobody could ask
        return terms

    @property
    def deadline(self) -> AnnualDeadline:
        """Until when the year was to be asked for, and from when to when it lasts at the host."""
        month, day = self.terms.deadline
        return calendars.annual_deadline(
            self.exercise.office(self.host),
            self.year,
            received_at=self.requested_at,
            month=month,
            day=day,
        )

    @property
    def is_late(self) -> bool:
        """Asked for after the deadline: no entitlement; single numbers are needed meanwhile."""
        return not self.deadline.is_in_time

    def has_expired(self, at: datetime) -> bool:
        """Say whether the year is over at the host."""
        return at >= self.deadline.valid_until

    def standing(self, at: datetime, seat: Seat) -> str:
        """Return in words how it stands at `at`, as the seat's side may know it; never stored."""
        status = self.status_for(seat)
        if status in (AnnualStatus.GRANTED, AnnualStatus.SUSPENDED) and self.has_expired(at):
            return str(_("Expired"))
        if status != AnnualStatus.GRANTED:
            return str(status.label)
        return str(_("Not yet valid") if at < self.deadline.valid_from else _("In force"))
