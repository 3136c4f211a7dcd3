"""Airspace that a state closed to military flights for a time, as it was announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from exercises.models import ExerciseRow

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Exercise


class ClosedAirspace(ExerciseRow):
    """What a state announced: all of its airspace, a FIR or a zone, closed to military flights.

    `area` is the code of a FIR or zone, empty for all of the state. From `closed_from` to before
    `closed_until`, UTC; None: until further notice. Both sides read it, as anybody would; a state
    takes it back by announcing it open, at `reopened_at`.
    """

    noun = "closedairspace"

    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=2)
    area = models.CharField(_("FIR or zone"), max_length=8, blank=True, default="")
    closed_from = models.DateTimeField(_("closed from (UTC)"))
    closed_until = models.DateTimeField(_("closed until (UTC)"), null=True)
    words = models.TextField(_("as announced"), max_length=1000)
    announced_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)

    class Meta(ExerciseRow.Meta):
        ordering = ("number",)

    @classmethod
    def next_of(cls, exercise: Exercise) -> ClosedAirspace:
        """Return the exercise's next announcement, not yet saved."""
        highest = cls.objects.filter(exercise=exercise).aggregate(highest=Max("number"))["highest"]
        number = (highest or 0) + 1
        return cls(exercise=exercise, ref=f"{cls.noun}/{number}", number=number)

    @property
    def ends_at(self) -> datetime | None:
        """When it ended or will: as announced, or as it was taken back before."""
        ends = [one for one in (self.closed_until, self.reopened_at) if one]
        return min(ends, default=None)

    def covers(self, start: datetime, end: datetime) -> bool:
        """Say whether it is closed at any moment from `start` to `end`."""
        return self.closed_from <= end and (self.ends_at is None or start < self.ends_at)

    def is_over(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at
