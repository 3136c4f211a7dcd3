"""The authorization: permission for one flight, under a number, in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from exercises.models import Constraints, ExerciseRow
from exercises.parts import Fellow
from transit.models.flight import FlightRow, Revision
from transit.models.statuses import AuthorizationStatus

if TYPE_CHECKING:
    from datetime import datetime


class Authorization(FSMModelMixin, FlightRow):
    """Permission for one flight in one window; never edited. Its number is never reused.

    The window runs from `valid_from` to `valid_until`, UTC, upper end exclusive.
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
    revision = Fellow(Revision, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    conditions = models.JSONField(_("conditions"), default=list)
    override_ground = models.TextField(blank=True, default="")

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number", "version"],
                name="transit_authorization_number_once",
            ),
        )

    @transition(
        field=status,
        source=AuthorizationStatus.IN_FORCE,
        target=AuthorizationStatus.CANCELLED,
    )
    def cancel(self) -> None:
        """The requesting state gives the number back."""

    def condition_at(self, at: datetime) -> str:
        """Return in words whether the number can be used at `at`; derived, never stored."""
        if self.status != AuthorizationStatus.IN_FORCE:
            return str(AuthorizationStatus(self.status).label)
        if at < self.valid_from:
            return str(_("Not yet valid"))
        if at >= self.valid_until:
            return str(_("Expired"))
        return str(AuthorizationStatus.IN_FORCE.label)
