"""What happens on the day and belongs to no request: a case that the host keeps for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from casework.models import Case, CaseQuerySet
from exercises.models import REQUESTER_ROLES

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat


class Nature(models.TextChoices):
    """What kind of thing happened."""

    RADIO = "RADIO", _("Request by radio, without an authorization")
    UNKNOWN = "UNKNOWN", _("Aircraft in the airspace without an authorization")
    DISTRESS = "DISTRESS", _("Aircraft in distress, without an authorization")
    NOTE = "NOTE", _("Entry of the duty log")


#: An aircraft that asks for something or is where it may not be.
OF_AIRCRAFT = (Nature.RADIO, Nature.UNKNOWN, Nature.DISTRESS)


class OccurrenceStatus(models.TextChoices):
    """Where it stands."""

    LOGGED = "LOGGED", _("Logged")
    ENTRY_REFUSED = "ENTRY_REFUSED", _("Entry refused")
    ACCEPTED = "ACCEPTED", _("Accepted in distress")
    CLOSED = "CLOSED", _("Closed")


class OccurrenceQuerySet(CaseQuerySet):
    def visible_to(self, seat: Seat) -> Self:
        """The host's own affair; the other state knows of it once a note told it."""
        mine = super().visible_to(seat)
        if seat.is_instructor or seat.role not in REQUESTER_ROLES:
            return mine
        return mine.filter(told_at__isnull=False)


class Occurrence(FSMModelMixin, Case):
    """An aircraft without an authorization, or another entry of the host's duty log. Times are UTC.

    `requesting_state` is the other party of the agreement, which is told of it or is not;
    `nationality` is the aircraft's, where it is known. `told` are those whom operations told at
    once, `told_at` is when a note told the other party.
    """

    noun = "occurrence"
    series = "D"
    statuses = OccurrenceStatus

    status = FSMField(
        _("status"), choices=OccurrenceStatus, default=OccurrenceStatus.LOGGED, protected=True
    )
    nature = models.CharField(_("what happened"), max_length=8, choices=Nature)
    happened_at = models.DateTimeField(_("when (UTC)"))
    call_sign = models.CharField(_("call sign"), max_length=7, blank=True, default="")
    registration = models.CharField(_("registration"), max_length=12, blank=True, default="")
    nationality = models.CharField(_("nationality"), max_length=2, blank=True, default="")
    point = models.CharField(_("where"), max_length=11, blank=True, default="")
    text = models.TextField(_("in words"))
    told = models.JSONField(_("told"), default=list)
    told_at = models.DateTimeField(null=True)
    outcome = models.TextField(_("outcome"), blank=True, default="")

    objects = OccurrenceQuerySet.as_manager()

    class Meta(Case.Meta):
        indexes = (
            Case.turn_index,
            models.Index(
                fields=["exercise", "host", "happened_at"], name="transit_occurrence_of_day"
            ),
        )
        verbose_name = _("occurrence")

    @transition(field=status, source=OccurrenceStatus.LOGGED, target=OccurrenceStatus.ENTRY_REFUSED)
    def refuse_approach(self) -> None:
        """Operations told the aircraft not to enter, or to leave."""

    @transition(
        field=status,
        source=[OccurrenceStatus.LOGGED, OccurrenceStatus.ENTRY_REFUSED],
        target=OccurrenceStatus.ACCEPTED,
    )
    def accept_distress(self) -> None:
        """The aircraft is in distress: accepted, whatever was said before."""

    @transition(
        field=status,
        source=[
            OccurrenceStatus.LOGGED,
            OccurrenceStatus.ENTRY_REFUSED,
            OccurrenceStatus.ACCEPTED,
        ],
        target=OccurrenceStatus.CLOSED,
    )
    def close_occurrence(self, *, outcome: str) -> None:
        """The defence desk says what came of it."""
        self.outcome = outcome

    def tell(self, *, at: datetime) -> None:
        """A note told the other party."""
        self.told_at = at

    @property
    def is_of_aircraft(self) -> bool:
        return self.nature in OF_AIRCRAFT

    @property
    def stamp(self) -> str:
        return f"{self.status}-{self.told_at}"

    def stamp_for(self, seat: Seat) -> str:
        """To the other party only that it was told moves."""
        return str(self.told_at) if seat.role in REQUESTER_ROLES else self.stamp

    def status_for(self, seat: Seat) -> OccurrenceStatus:
        """To the other party it is what the note said it is; what the host does with it stays."""
        status = OccurrenceStatus(self.status)
        return OccurrenceStatus.LOGGED if seat.role in REQUESTER_ROLES else status
