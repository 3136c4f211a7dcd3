"""The record: one chain of events for each exercise, and what was erased."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import chain
from audit.upgrades import upgraded
from exercises.models import Exercise
from exercises.recorded import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

#: Of an event: its number, its real moment as `chain.spelled`, body, hash and the case it is under.
Link = tuple[int, str, bytes | memoryview | str, str, str]


class Spelled(models.Func):
    """A column of real moments as `audit.chain.spelled` writes them, made by the database.

    Where a whole record is read, turning each moment into an object and back costs more than the
    chain itself.
    """

    output_field = models.TextField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        # SQLite keeps "2026-09-14 07:07:00.123456", and nothing behind the second if that is zero.
        padded = "substr(%(expressions)s || '.000000', 1, 26)"
        spelling = f"replace({padded}, ' ', 'T') || '+00:00'"
        return self.as_sql(compiler, connection, template=spelling, **extra)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        pattern = """YYYY-MM-DD"T"HH24:MI:SS.US"+00:00\""""
        spelling = f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{pattern}')"
        return self.as_sql(compiler, connection, template=spelling, **extra)


class EventQuerySet(models.QuerySet["Event"]):
    def in_order(self) -> EventQuerySet:
        return self.order_by("exercise_id", "seq")

    def of_case(self, exercise: Exercise, case: str) -> EventQuerySet:
        """The events of one flight, newest first."""
        return self.filter(exercise=exercise, case=case).order_by("-seq")

    def links(self) -> Iterator[Link]:
        """What the chain covers of each event and how it ends, in order, as plain values."""
        columns = self.in_order().values_list("seq", Spelled("recorded_at"), "body", "hash", "case")
        return columns.iterator()


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
        return content(self.body)

    @property
    def link(self) -> Link:
        """The event as `EventQuerySet.links` gives it."""
        return self.seq, chain.spelled(self.recorded_at), self.body, self.hash, self.case

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


def content(body: bytes | memoryview | str) -> bytes:
    """Return the bytes of a body; also where somebody put text in their place behind our back."""
    return bytes(body) if isinstance(body, bytes | memoryview) else str(body).encode()


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
