"""Diplomatic notes, which carry the form between the two foreign ministries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from exercises.models import Constraints, ExerciseRow
from transit.models.flight import FlightRow
from transit.models.form import Revision


class NoteKind(models.TextChoices):
    """What a diplomatic note carries."""

    REQUEST = "REQUEST", _("Request")
    RETURN = "RETURN", _("Return for completion")
    QUESTION = "QUESTION", _("Question")
    ANSWER = "ANSWER", _("Answer")
    SUPPLEMENT = "SUPPLEMENT", _("Supplement")
    WITHDRAWAL = "WITHDRAWAL", _("Withdrawal")
    REPLY = "REPLY", _("Reply")


class Note(FlightRow):
    """A diplomatic note between the two foreign ministries; the form is its enclosure."""

    kind = models.CharField(max_length=12, choices=NoteKind)
    number = models.CharField(_("note number"), max_length=30)
    sent_at = models.DateTimeField()
    from_state = models.CharField(max_length=2)
    to_state = models.CharField(max_length=2)
    in_reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies"
    )
    enclosure = models.ForeignKey(
        Revision, null=True, on_delete=models.PROTECT, related_name="notes"
    )
    text = models.TextField(blank=True, default="")

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "from_state", "number"], name="transit_note_number_once"
            ),
        )
        ordering = ("sent_at", "id")
