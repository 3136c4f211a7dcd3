"""Dossiers given to an exercise, each with its key; who sits it for what, and hands in; exams."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from exercises.models import Constraints, ExerciseRow, Seat
from transit.models import FlightRequest


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def ahead(self) -> AssignmentQuerySet:
        """Those whose note has not come in."""
        return self.filter(flight=None)

    def come(self) -> AssignmentQuerySet:
        """Those whose note has come in, in their order, each with its request."""
        return self.filter(flight__isnull=False).select_related("flight").order_by("number")

    def at_hand(self, seat: Seat) -> AssignmentQuerySet:
        """Those that a seat has not handed in."""
        return self.exclude(handins__seat=seat)


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


class Purpose(models.TextChoices):
    """What one person sits an exercise for."""

    PRACTICE = "PRACTICE", _("Practice")
    EXAM = "EXAM", _("Exam")
    FIRST_FLIGHT = "FIRST_FLIGHT", _("First flight")


class Sitting(ExerciseRow):
    """That one person, by user name, sits an exercise alone, at one seat, for a purpose.

    `level`, from 1 to 5, is how hard the first dossier is, `minutes` of real time how long it
    lasts, without end where none are said. Of an exam it is an attempt: `exam` is the number of
    the exercise that holds it, in this database and so in no record.
    """

    unrecorded: ClassVar[frozenset[str]] = ExerciseRow.unrecorded | {"exam"}

    noun = "sitting"

    purpose = models.CharField(max_length=12, choices=Purpose)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="sittings")
    person = models.CharField(max_length=150)
    level = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(null=True)
    exam = models.PositiveIntegerField(null=True)

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(fields=["exam", "person"], name="scenarios_sitting_attempt"),
        )
        indexes = (models.Index(fields=["person"], name="scenarios_sitting_person"),)


class HandIn(ExerciseRow):
    """That a seat is done with a dossier: what it had `decided` then is what counts.

    Only afterwards its person may read what was right.
    """

    noun = "handin"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="handins")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="handins")
    decided = models.CharField(max_length=16, blank=True)
    made_at = models.DateTimeField()

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(fields=["assignment", "seat"], name="scenarios_handin_once"),
        )


class Variant(models.TextChoices):
    """Which of two exams of one seed it is: equally hard, and without a dossier in common."""

    A = "A", _("Form A")
    B = "B", _("Form B")


class Exam(ExerciseRow):
    """What an exam is, in the exercise that holds it. Each attempt is an exercise of its own.

    One chooses among `desks`, by role, and has `minutes` of real time for `number` dossiers of
    `level` 1 to 5. Seed and variant say which: nobody who may sit it reads them. Nobody begins
    after `closed_at`; from `released_at` on results are read.
    """

    noun = "exam"

    desks = models.JSONField()
    number = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    variant = models.CharField(max_length=1, choices=Variant)
    closed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
