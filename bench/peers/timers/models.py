"""A flight with its timer and its log, as a team would keep them: a row each, by the ORM."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField, transition


class Flight(models.Model):
    case = models.CharField(max_length=24, unique=True)
    status = FSMField(default="OPEN", protected=True)
    rung = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    @transition(status, source="OPEN", target="OPEN")
    def escalate(self) -> None:
        self.rung += 1

    @transition(status, source="OPEN", target="OVER")
    def lapse(self) -> None:
        pass


class Timer(models.Model):
    flight = models.OneToOneField(Flight, on_delete=models.CASCADE)
    due_at = models.DateTimeField(null=True, db_index=True)


class Entry(models.Model):
    flight = models.ForeignKey(Flight, on_delete=models.PROTECT)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    changes = models.JSONField()
