"""A contact: what reached a desk by another way than a note, and what the desk did with it.

It is a paper of the state that it reached and of nobody else. It may be about a case, by the case's
reference as text; it never changes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from audit.verbs import HOST
from books import agreements
from casework.duties import OWED, Owed
from casework.models import Case, CaseQuerySet
from exercises.models import DECIDERS, HOST_ROLES, Constraints, ExerciseRow, Role
from exercises.recorded import Recorded

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat

#: Whom a contact may reach.
RECEIVERS = (Role.ATTACHE, *HOST_ROLES)

#: Who reads what was forwarded: the ministry's leadership, who decides, and the lead desk.
LEADERSHIP = (*DECIDERS, Role.DEFENCE)


class ContactKind(models.TextChoices):
    """By which way it came."""

    TELEPHONE = "TELEPHONE", _("Telephone")
    MAIL = "MAIL", _("Mail")
    RADIO = "RADIO", _("Radio")
    PRESS = "PRESS", _("Press")
    PROTEST = "PROTEST", _("Protest")
    PARTNER = "PARTNER", _("Partner")
    VIP = "VIP", _("VIP caller")


class ContactStatus(models.TextChoices):
    """How far a contact has gone. That it was answered is its own column."""

    RECEIVED = "RECEIVED", _("Received")
    LOGGED = "LOGGED", _("Logged")
    FORWARDED = "FORWARDED", _("Forwarded")


class Message(Recorded):
    """What somebody says to a desk, for whom and about what; `role` is the seat that it reaches.

    `entry` names the entry of the world's data (`contacts.world`) from which it was taken; what was
    taken is copied, so that data that is edited later changes no record. Players never read it.
    """

    kind = models.CharField(_("kind"), max_length=9, choices=ContactKind)
    role = models.CharField(_("received by"), max_length=16)
    source = models.CharField(_("from whom"), max_length=120)
    speaks_for = models.CharField(
        _("of what state or paper"), max_length=80, blank=True, default=""
    )
    text = models.TextField(_("what was said"), max_length=2000)
    about = models.CharField(_("about the case"), max_length=24, blank=True, default="")
    entry = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        abstract = True


#: What a contact has of the message that it is.
MESSAGE = ("kind", "role", "source", "speaks_for", "text", "about", "entry")


class ContactQuerySet(CaseQuerySet):
    def visible_to(self, seat: Seat) -> Self:
        """What reached the seat, and what was forwarded to it within its own state.

        What the security desk forwards the registry does not read, as its reasons.
        """
        mine = self.filter(exercise=seat.exercise_id)
        if seat.is_instructor:
            return mine
        known = Q(role=seat.role)
        if seat.role in LEADERSHIP:
            known |= Q(status=ContactStatus.FORWARDED)
        elif seat.role == Role.REGISTRY:
            known |= Q(status=ContactStatus.FORWARDED) & ~Q(role=Role.SECURITY)
        return mine.filter(known, host=seat.state)


class Contact(FSMModelMixin, Case, Owed, Message):
    """What reached a desk.

    `host` is the state that it reached, `requesting_state` the other party of the agreement, from
    which it is kept. `line` is the line of the world's data with which it was answered, empty
    where the desk used `words` of its own.
    """

    noun, series, statuses = "contact", "C", ContactStatus

    status = FSMField(
        _("status"), choices=ContactStatus, default=ContactStatus.RECEIVED, protected=True
    )
    received_at = models.DateTimeField()
    logged_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    remark = models.TextField(_("remark"), blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    line = models.CharField(max_length=40, blank=True, default="")
    words = models.TextField(_("answer"), blank=True, default="")

    objects = ContactQuerySet.as_manager()

    class Meta(Case.Meta):
        indexes = (
            Case.turn_index,
            Owed.alarm_index,
            models.Index(fields=["exercise", "due_at"], condition=OWED, name="contacts_owed"),
            models.Index(fields=["exercise", "about"], name="contacts_about"),
        )
        verbose_name = _("contact")

    @transition(field=status, source=ContactStatus.RECEIVED, target=ContactStatus.LOGGED)
    def log_contact(self, *, at: datetime) -> None:
        """Whom it reached puts it on record."""
        self.logged_at = at

    @transition(field=status, source=ContactStatus.LOGGED, target=ContactStatus.FORWARDED)
    def forward_contact(self, *, at: datetime, remark: str) -> None:
        """It goes to the leadership of the ministry."""
        self.forwarded_at, self.remark = at, remark

    def side_of(self, seat: Seat) -> str:
        """Say HOST for a seat of the state that it reached: nobody else has a side."""
        return HOST if seat.state == self.host and seat.role in RECEIVERS else ""

    def stamp_for(self, seat: Seat) -> str:
        return f"{self.status}-{self.answered_at is not None}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class InjectQuerySet(models.QuerySet["Inject"]):
    def ahead(self) -> InjectQuerySet:
        """Those that have neither come nor been called off."""
        return self.filter(alarm_at__isnull=False)


class Inject(ExerciseRow, Message):
    """A contact that exercise control has scheduled: at `alarm_at` it reaches `role` of `state`.

    For the instructor alone: nobody who plays reads a row.
    """

    noun = "inject"

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=2)
    planned_at = models.DateTimeField()
    alarm_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="injects"
    )

    objects = InjectQuerySet.as_manager()

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number"], name="contacts_inject_number_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["exercise", "alarm_at"],
                condition=models.Q(alarm_at__isnull=False),
                name="contacts_inject_alarm",
            ),
        )

    @property
    def case(self) -> str:
        """What the record files it under, so that nobody who plays is told that there is one."""
        other = agreements.of(self.exercise).other(self.state)
        return f"{other}-{self.state}-I{self.number:04d}"

    def stamp_for(self, seat: Seat) -> str:
        return str(self.alarm_at)
