"""What is told of an authorized flight and changes no authorization: notifications, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models import Note
from exercises.parts import Fellow
from transit.models.authorization import Authorization
from transit.models.flight import FlightRow, Revision
from transit.models.movement import Movement

if TYPE_CHECKING:
    from exercises.models import Seat


class Notification(FlightRow):
    """A change that the requesting side notifies by note: one item of the form, told otherwise.

    It counts for the version of the number under which it was sent, once the registry has
    registered it.
    """

    noun = "notification"

    number = models.PositiveSmallIntegerField()
    authorization = Fellow(Authorization, on_delete=models.PROTECT, related_name="notifications")
    item = models.CharField(_("item"), max_length=24)
    value = models.CharField(_("now"), max_length=80)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    registered_hand = models.CharField(max_length=150, blank=True, default="")

    class Meta(FlightRow.Meta):
        ordering = ("number",)

    @property
    def stamp(self) -> object:
        return self.registered_at

    def stamp_for(self, seat: Seat) -> str:
        """Return what the registry's forms quote; nobody else has one."""
        return str(self.stamp)

    @property
    def called(self) -> str:
        field = Revision._meta.get_field(self.item)
        return f"{field.verbose_name}: {self.value}"  # type: ignore[union-attr]


class Message(FlightRow):
    """A message of air traffic services about the filed flight plan: CHG, DLA, CNL, DEP, ARR."""

    noun = "message"

    number = models.PositiveSmallIntegerField()
    movement = Fellow(Movement, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=3)
    text = models.TextField(_("message"), max_length=2000)
    sent_at = models.DateTimeField()

    class Meta(FlightRow.Meta):
        ordering = ("number",)

    @property
    def stamp(self) -> object:
        return self.number
