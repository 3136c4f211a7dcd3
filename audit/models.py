"""The record: one chain of events for each exercise, and what was erased."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.upgrades import upgraded
from exercises.models import Exercise
from exercises.recorded import decode

if TYPE_CHECKING:
    from datetime import datetime


class EventQuerySet(models.QuerySet["Event"]):
    def in_order(self) -> EventQuerySet:
        return self.order_by("exercise_id", "seq")

    def of_case(self, exercise: Exercise, case: str) -> EventQuerySet:
        """The events of one flight, newest first."""
        return self.filter(exercise=exercise, case=case).order_by("-seq")


class Event(models.Model):
    """One thing that happened: exactly one verb, by one seat or the clock, at one moment.

    `body` holds the canonical bytes that the hash covers (`audit.chain`), never written again.
    `case` is the flight's reference as text, `once` the key of the form that brought it about;
    both stand outside the body.
    """

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    case = models.CharField(max_length=24, blank=True)
    once = models.CharField(max_length=36, null=True)  # noqa: DJ001 - null is "no key", unique
    recorded_at = models.DateTimeField()
    body = models.BinaryField()
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["exercise", "seq"], name="audit_event_seq_once"),
            models.UniqueConstraint(fields=["exercise", "once"], name="audit_event_form_once"),
        )
        indexes = (models.Index(fields=["exercise", "case", "seq"], name="audit_event_of_case"),)
        verbose_name = _("event")

    def __str__(self) -> str:
        return f"{self.exercise_id}/{self.seq} {self.verb}"

    @property
    def content(self) -> bytes:
        """The bytes of the body; also where somebody put text in their place behind our back."""
        return self.body.encode() if isinstance(self.body, str) else bytes(self.body)

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The body as plain values, in today's format whatever its own.

        Raises `audit.upgrades.UnknownFormat` if a newer Overflight wrote it.
        """
        return upgraded(json.loads(self.content))

    @property
    def verb(self) -> str:
        return str(self.payload["verb"])

    @property
    def at(self) -> datetime:
        """The simulated moment."""
        return decode(self.payload["at"])

    @property
    def seat(self) -> str:
        """The key of the seat that acted, empty for the clock."""
        return str(self.payload["by"]["seat"]) if self.payload["by"] else ""


class Erasure(models.Model):
    """That a whole exercise was deleted, by whom, and how its record ended.

    The one way out of the append-only record: the database lets events of an exercise go only
    where its erasure stands.
    """

    exercise = models.PositiveBigIntegerField(unique=True)
    name = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.exercise} {self.name}"
