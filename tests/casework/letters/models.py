"""The one model of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition

from casework.duties import Owed
from casework.models import Case, CaseQuerySet

if TYPE_CHECKING:
    from books.agreements import Track
    from exercises.models import Seat


class Status(models.TextChoices):
    SENT = "SENT", "Sent"
    ANSWERED = "ANSWERED", "Answered"


class Letter(FSMModelMixin, Case, Owed):
    noun, series, statuses = "letter", "L", Status

    status = FSMField(choices=Status, default=Status.SENT, protected=True)
    verdict = models.CharField(max_length=8, blank=True, default="")

    objects = CaseQuerySet.as_manager()

    @transition(field=status, source=Status.SENT, target=Status.ANSWERED)
    def reply_to_letter(self) -> None:
        """The host has answered."""

    @property
    def track(self) -> Track:
        return self.agreement.tracks["STANDARD"]

    def stamp_for(self, seat: Seat) -> str:
        return str(self.status)
