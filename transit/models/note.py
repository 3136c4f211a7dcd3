"""Diplomatic notes, which carry the form between the two foreign ministries."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annual.models import AnnualClearance
from exercises.models import Constraints, ExerciseRow
from transit.models.flight import FlightRow
from transit.models.form import Revision

if TYPE_CHECKING:
    from exercises.models import Exercise


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

    noun = "note"

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


def note_number(exercise: Exercise, state: str, asked: str, *, series: str) -> str:
    """Return the number of a state's next note: the one asked for, else the next of a series.

    Raises `ValidationError` on `note_number` if the state sent a note with it before, on a flight
    or on an annual clearance.
    """
    on_flights = Note.objects.filter(exercise=exercise, from_state=state)
    cases = AnnualClearance.objects.filter(exercise=exercise).values_list("notes", flat=True)
    sent = {
        *on_flights.values_list("number", flat=True),
        *(note["number"] for notes in cases for note in notes if note["from"] == state),
    }
    if asked in sent:
        raise ValidationError({"note_number": gettext("A note with this number was sent before.")})
    serials = (f"{series}-{serial:04d}" for serial in count(1))
    return asked or next(number for number in serials if number not in sent)
