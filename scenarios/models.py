"""Dossiers that are given to an exercise, each with its key."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from exercises.models import Constraints, ExerciseRow
from transit.models import FlightRequest


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def ahead(self) -> AssignmentQuerySet:
        """Those whose note has not come in."""
        return self.filter(flight=None)


class Assignment(ExerciseRow):
    """A dossier that is to be worked on in an exercise, and its key.

    `dossier` says what its note encloses and which flight plan follows, `key` what is true of it,
    as `scenarios.keys.Case.as_data`. At `alarm_at` the note comes in, then `flight` is the request.
    For the instructor and the marks alone: nobody who plays reads a row.
    """

    noun = "assignment"

    number = models.PositiveIntegerField()
    dossier = models.JSONField()
    key = models.JSONField()
    alarm_at = models.DateTimeField(null=True)
    flight = models.ForeignKey(
        FlightRequest, null=True, on_delete=models.PROTECT, related_name="assignments"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number"], name="scenarios_assignment_number_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["exercise", "alarm_at"],
                condition=models.Q(alarm_at__isnull=False),
                name="scenarios_assignment_alarm",
            ),
        )

    @property
    def case(self) -> str:
        """The reference of the request, as the record files it; empty before its note is in."""
        return self.flight.reference if self.flight else ""

    @property
    def plan(self) -> str:
        """The flight plan that follows, as a message; empty where the case is about the form."""
        said: str = self.dossier.get("plan") or ""
        return said

    @property
    def defects(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.key["defects"]
        return found
