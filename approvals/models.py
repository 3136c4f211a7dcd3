"""What the host's desks write: concurrences, questions, minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals import facts
from casework.duties import OWED, Owed
from casework.models import Note
from exercises.models import Constraints, ExerciseRow, Role, Seat
from exercises.parts import Fellow
from transit.models import EXAMINATION, FlightRow, Revision

if TYPE_CHECKING:
    from books.agreements import Agreement, Desk


class Answer(models.TextChoices):
    """One desk's answer. An overdue desk is escalated, never taken to agree."""

    PENDING = "PENDING", _("Pending")
    CONCUR = "CONCUR", _("Concurs")
    CONCUR_WITH_CONDITIONS = "CONDITIONS", _("Concurs with conditions")
    NON_CONCUR = "NON_CONCUR", _("Does not concur")
    DROPPED = "DROPPED", _("No longer asked")


ANSWERS = (Answer.CONCUR, Answer.CONCUR_WITH_CONDITIONS, Answer.NON_CONCUR)


#: An answer is still owed: of flights under examination only.
PENDING = Q(answer=Answer.PENDING, flight__status__in=EXAMINATION)


class ConcurrenceQuerySet(models.QuerySet["Concurrence"]):
    def pending(self) -> ConcurrenceQuerySet:
        """Answers still owed: of flights under examination only."""
        return self.filter(PENDING)


def answering(desk: str, agreement: Agreement) -> Role:
    """Return who answers for a desk: its own seat, or the lead desk for one without."""
    return Role(desk if agreement.desks[desk].has_seat else agreement.lead_desk.code)


class Concurrence(FlightRow, Owed):
    """One desk's answer in one round, with the revision that it saw.

    A desk changes its mind only in a new round; its latest round counts. `reason` is internal.
    `paper` cites the letter of a desk without a seat, whose answer the lead desk entered.
    """

    noun = "concurrence"

    desk = models.CharField(_("desk"), max_length=16)
    round = models.PositiveSmallIntegerField(_("round"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.PENDING)
    revision = Fellow(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    conditions = models.JSONField(_("conditions"), default=list)
    reason = models.TextField(_("reasons"), blank=True, default="")
    paper = models.CharField(_("paper"), max_length=120, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = Fellow(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    answered_hand = models.CharField(max_length=150, blank=True, default="")

    objects = ConcurrenceQuerySet.as_manager()

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["flight", "desk", "round"], name="approvals_concurrence_one_per_round"
            ),
        )
        indexes = (
            Owed.alarm_index,
            models.Index(
                fields=["exercise", "desk", "due_at", "-flight"],
                condition=OWED,
                name="approvals_concurrence_owed",
            ),
        )

    @property
    def stamp(self) -> int:
        """The revision that the form was about."""
        return self.flight.content.number

    @property
    def form_number(self) -> int:
        return self.stamp

    @property
    def called(self) -> str:
        """A desk with a seat answers for itself; of the others several may wait."""
        return "" if self.definition.has_seat else str(self.definition.label)

    @property
    def is_pending(self) -> bool:
        return self.answer == Answer.PENDING

    @property
    def is_awaited(self) -> bool:
        """Still owed: what `pending` says of rows."""
        return self.is_pending and self.flight.status in EXAMINATION

    @property
    def definition(self) -> Desk:
        """The desk as the agreement describes it."""
        return self.flight.agreement.desks[self.desk]

    @property
    def role(self) -> Role:
        """Who answers."""
        return answering(self.desk, self.flight.agreement)


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> QuestionQuerySet:
        """Questions neither answered nor dropped, of flights under examination only."""
        return self.filter(answered_at=None, dropped_at=None, flight__status__in=EXAMINATION)


class Question(FlightRow, Owed):
    """A desk's itemised question to the requesting side, sent as the host state's.

    It pauses the desk's clock and the overall clock from `asked_at` until it is answered or
    dropped. An answer may carry a revision.
    """

    noun = "question"

    number = models.PositiveSmallIntegerField()
    desk = models.CharField(_("desk"), max_length=16)
    text = models.TextField(_("question"), max_length=1000)
    asked_at = models.DateTimeField()
    asked_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reply = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    revision = Fellow(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta(FlightRow.Meta):
        indexes = (
            Owed.alarm_index,
            FlightRow.owed_index,
        )
        ordering = ("number",)

    @property
    def stamp(self) -> int:
        return self.number

    @property
    def called(self) -> str:
        return gettext("question %(number)d") % {"number": self.number}

    @property
    def said(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.dropped_at is None

    @property
    def is_awaited(self) -> bool:
        """Open while the request is examined: what `open` says of rows."""
        return self.is_open and self.flight.status in EXAMINATION

    @property
    def looks_open(self) -> bool:
        """Open as far as the requesting side can know: a secret refusal drops it unseen."""
        flight = self.flight
        if self.answered_at is not None or not flight.is_with_host:
            return False
        return self.dropped_at is None or self.was_dropped_by_decision

    @property
    def was_dropped_by_decision(self) -> bool:
        """Dropped by a refusal: its answer is owed still, which a desk that drops it settles."""
        return self.dropped_at is not None and bool(self.duty)


class Minute(FlightRow):
    """An internal note of the host's side; never shown to the requesting side."""

    noun = "minute"

    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("minute"), max_length=2000)
    written_at = models.DateTimeField()
    written_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")

    class Meta(FlightRow.Meta):
        ordering = ("-number",)


class Disposal(models.TextChoices):
    """How the host dealt with a finding."""

    ACCEPTED = "ACCEPTED", _("Accepted")
    ASKED = "ASKED", _("Asked")
    REFUSED = "REFUSED", _("Ground for refusal")


class Check(FlightRow):
    """How one finding on one revision was dealt with: accepted with a reason, asked, or refused.

    `finding` is the key of the finding: the code of its rule and what it is about. What was asked
    is dealt with while the question is open; its answer is accepted or not.
    """

    noun = "check"

    finding = models.CharField(_("finding"), max_length=80)
    revision = Fellow(Revision, on_delete=models.PROTECT, related_name="+")
    disposal = models.CharField(max_length=8, choices=Disposal)
    reason = models.TextField(_("reason"), max_length=1000, blank=True, default="")
    question = Fellow(Question, null=True, on_delete=models.PROTECT, related_name="checks")
    dealt_at = models.DateTimeField()
    dealt_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")

    class Meta(FlightRow.Meta):
        ordering = ("dealt_at", "pk")


class Confidence(models.TextChoices):
    """How sure an officer is of what they marked."""

    SURE = "SURE", _("Sure")
    FAIRLY = "FAIRLY", _("Fairly sure")
    GUESS = "GUESS", _("A guess")


class Mark(FlightRow):
    """A fact that an officer pointed at, or two that clash, and what is wrong with it.

    `facts` are called as rules and discrepancies of a flight plan call theirs, `code` is one of
    those; empty: something else, which `words` say. One that was withdrawn does not count.
    """

    noun = "mark"

    state = models.CharField(max_length=2)
    role = models.CharField(max_length=16, choices=Role)
    revision = Fellow(Revision, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(_("facts"), default=list)
    code = models.CharField(max_length=40, blank=True, default="")
    words = models.TextField(_("in words"), max_length=300, blank=True, default="")
    confidence = models.CharField(_("how sure"), max_length=6, choices=Confidence)
    made_at = models.DateTimeField()
    made_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(FlightRow.Meta):
        ordering = ("made_at", "pk")

    @property
    def called(self) -> str:
        labels = facts.to_mark(of_plan=False) | facts.to_mark(of_plan=True)
        said = self.code or self.words
        return f"{' + '.join(labels.get(fact, fact) for fact in self.facts)}: {said}"

    @property
    def stamp(self) -> object:
        return self.withdrawn_at


class Classification(FlightRow):
    """What an officer says that an amendment takes, before the product says it."""

    noun = "classification"

    state = models.CharField(max_length=2)
    role = models.CharField(max_length=16, choices=Role)
    revision = Fellow(Revision, on_delete=models.PROTECT, related_name="+")
    takes = models.CharField(_("what it takes"), max_length=12)
    made_at = models.DateTimeField()
    made_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["flight", "state", "role", "revision"],
                name="approvals_classification_once",
            ),
        )
        ordering = ("made_at", "pk")


class OwnCheck(FlightRow):
    """What an officer found alone on one revision, before the product shows what it found.

    `codes` are those of what was marked, `states` the states crossed in order, `due_on` the day
    the answer is due.
    """

    noun = "owncheck"

    state = models.CharField(max_length=2)
    role = models.CharField(max_length=16, choices=Role)
    revision = Fellow(Revision, on_delete=models.PROTECT, related_name="+")
    codes = models.JSONField(_("findings"), default=list)
    states = models.JSONField(_("states crossed"), default=list)
    due_on = models.DateField(_("answer due on"), null=True)
    made_at = models.DateTimeField()
    made_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["flight", "state", "role", "revision"], name="approvals_owncheck_once"
            ),
        )
        ordering = ("made_at", "pk")
