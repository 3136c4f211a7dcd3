"""What every kind of case between two states has: sides, a reference, notes verbales."""

from __future__ import annotations

from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.verbs import HOST, REQUESTING
from books import agreements
from exercises.models import HOST_ROLES, REQUESTER_ROLES, Constraints, ExerciseRow
from exercises.statements import Statement

if TYPE_CHECKING:
    from datetime import datetime

    from books.agreements import Agreement, State, Track
    from exercises.models import Exercise, Seat


#: A state numbers so many cases in a row; the next so many numbers are another state's.
BLOCK = 5000


def number_after(highest: int, state: str, *, among: list[str]) -> int:
    """Return the number of a state's next case, after the highest of its blocks; 0: none yet.

    The first state numbers from 1, the second from 5001: a state's own numbers tell nobody how
    many the other has prepared.
    """
    if not highest:
        return among.index(state) * BLOCK + 1
    is_full = highest % BLOCK == 0
    return highest + 1 + (is_full * (len(among) - 1) * BLOCK)


class CaseRow(ExerciseRow):
    """A row of a case that a verb can be about. Of the case itself, `of` is the row."""

    class Meta(ExerciseRow.Meta):
        abstract = True

    @property
    def of(self) -> Case:
        """The case that the row belongs to."""
        raise NotImplementedError

    @property
    def case(self) -> str:
        """The reference of the case, as the record files it."""
        return self.of.reference

    @property
    def called(self) -> str:
        """What tells the row apart where a case has several of its kind; empty where one is."""
        return ""

    @property
    def said(self) -> str:
        """The words that a move on the row answers; empty where it answers none."""
        return ""

    @property
    def form_number(self) -> int | None:
        """The revision of a form that a move on the row is about, where there is one."""
        return None

    @property
    def stamp(self) -> object:
        """What moves when the row changes under somebody's form."""
        raise NotImplementedError

    def stamp_for(self, seat: Seat) -> str:
        """Return what the seat's forms quote, to find out whether somebody was first.

        What one side does inside must not show in it to the other.
        """
        return str(self.stamp)

    def side_of(self, seat: Seat) -> str:
        """Return which side of the case a seat is on, empty for neither."""
        return self.of.side_of(seat)


class CaseQuerySet(models.QuerySet[Any]):
    def visible_to(self, seat: Seat) -> Self:
        """What a seat may know of: what its own state asked for, or what was asked of it."""
        mine = self.filter(exercise=seat.exercise_id)
        if seat.is_instructor:
            return mine
        if seat.role in REQUESTER_ROLES:
            return mine.filter(requesting_state=seat.state)
        return mine.filter(host=seat.state)


class Case(CaseRow):
    """A file between two states: `requesting_state` asks, `host` answers.

    `noun` names it in the record; `series` stands before the number in its reference, so that
    kinds do not mix; `statuses` are those of its machine. `turn_at` is when a role-player next
    acts on it; no part of the record, as it follows from the rest.
    """

    series: ClassVar[str] = ""
    statuses: ClassVar[type[models.TextChoices]]

    unrecorded: ClassVar[frozenset[str]] = CaseRow.unrecorded | {"turn_at"}

    number = models.PositiveIntegerField()
    requesting_state = models.CharField(_("requesting state"), max_length=2)
    host = models.CharField(_("host state"), max_length=2)
    turn_at = models.DateTimeField(null=True, editable=False)

    #: Partial index for the timeline, as for alarms.
    turn_index: ClassVar[models.Index] = models.Index(
        fields=["exercise", "turn_at"],
        condition=models.Q(turn_at__isnull=False),
        name="%(app_label)s_%(class)s_turn",
    )

    class Meta(CaseRow.Meta):
        abstract = True
        constraints: ClassVar[Constraints] = (
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number"], name="%(app_label)s_%(class)s_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(requesting_state=F("host")), name="%(app_label)s_%(class)s_two_states"
            ),
        )

    if TYPE_CHECKING:
        _default_manager: ClassVar[Any]
        status: Any

        def get_status_display(self) -> str:
            """Return the status in words, as the host may read it."""

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def next_of(cls, exercise: Exercise, **columns: Any) -> Self:
        """Return a new case with its state's next number of the kind, not yet saved.

        It is the one above the highest in the blocks of the state: where both states once numbered
        together, the other's stand there too.
        """
        states = [*agreements.of(exercise).states]
        state = columns["requesting_state"]
        numbers = cls._default_manager.filter(exercise=exercise).annotate(
            block=(F("number") - 1) / BLOCK % len(states)
        )
        mine = numbers.filter(block=states.index(state))
        highest = mine.aggregate(highest=Max("number"))["highest"]
        number = number_after(highest or 0, state, among=states)
        return cls(exercise=exercise, ref=f"{cls.noun}/{number}", number=number, **columns)

    @property
    def of(self) -> Case:
        return self

    @property
    def reference(self) -> str:
        """How both sides call the case: `TR-KZ-0003`, of an annual clearance `TR-KZ-A0003`."""
        return f"{self.requesting_state}-{self.host}-{self.series}{self.number:04d}"

    @property
    def filed_under(self) -> tuple[str, ...]:
        """The references under which the record may have filed what was written on the case."""
        return (self.reference,)

    def side_of(self, seat: Seat) -> str:
        if seat.role in REQUESTER_ROLES and seat.state == self.requesting_state:
            return REQUESTING
        if seat.role in HOST_ROLES and seat.state == self.host:
            return HOST
        return ""

    def status_for(self, seat: Seat) -> Any:
        """Return the status as the seat's side may know it."""
        return self.statuses(self.status)

    @property
    def agreement(self) -> Agreement:
        """The agreement in the version that the exercise pinned."""
        return agreements.of(self.exercise)

    @property
    def requester(self) -> State:
        return self.agreement.states[self.requesting_state]

    @property
    def host_state(self) -> State:
        return self.agreement.states[self.host]

    def side_named(self, state: str) -> str:
        """Name one of the two states by what it is in this case, as the other side calls it."""
        if state == self.host:
            return gettext("The host state, %(state)s") % {"state": self.host_state.name}
        name = self.agreement.states[state].name
        return gettext("The requesting state, %(state)s") % {"state": name}

    @property
    def track(self) -> Track | None:
        """The track on which the host examines, where the agreement has tracks for the kind."""
        return None

    @property
    def notify_by(self) -> datetime | None:
        """The latest moment at which an answer is of use; None where no date presses."""
        return None

    @cached_property
    def notes(self) -> list[Note]:
        """The notes verbales of the case, oldest first; asked for once."""
        found: list[Note] = _NOTES.rows(self.exercise_id, self.reference, using=self._state.db)
        by_key = {note.pk: note for note in found}
        for place, note in enumerate(found):
            note.put_after(found[:place])
            if note.in_reply_to_id:
                note.in_reply_to = by_key[note.in_reply_to_id]
        return found

    def take_in(self, note: Note) -> None:
        """Let a new note be the newest of the case."""
        note.put_after(self.notes)
        self.notes.append(note)

    def last_note(self, kind: NoteKind) -> Note | None:
        """Return the newest note of a kind."""
        return next((note for note in reversed(self.notes) if note.kind == kind), None)


class NoteKind(models.TextChoices):
    """What a note verbale carries."""

    REQUEST = "REQUEST", _("Request")
    RETURN = "RETURN", _("Return for completion")
    QUESTION = "QUESTION", _("Question")
    ANSWER = "ANSWER", _("Answer")
    SUPPLEMENT = "SUPPLEMENT", _("Supplement")
    WITHDRAWAL = "WITHDRAWAL", _("Withdrawal")
    REPLY = "REPLY", _("Reply")
    NOTIFICATION = "NOTIFICATION", _("Notification of a change")
    SUSPENSION = "SUSPENSION", _("Suspension")
    REINSTATEMENT = "REINSTATEMENT", _("Reinstatement")
    REVOCATION = "REVOCATION", _("Revocation")
    CANCELLATION = "CANCELLATION", _("Cancellation")
    INFORMATION = "INFORMATION", _("Information")


class Note(ExerciseRow):
    """A note verbale of one foreign ministry, or its mission, to another, on one case.

    `case` is the reference of the case, `enclosure` the name in the record of what went with it,
    `particulars` what its paper says beside the text and no row keeps as it was.
    A ministry uses a number once, whatever the case.
    """

    noun = "note"

    #: Which note of its state to the other it is on its case: what both of them can count.
    place = 0

    case = models.CharField(max_length=24)
    kind = models.CharField(max_length=13, choices=NoteKind)
    number = models.CharField(_("note number"), max_length=30)
    sent_at = models.DateTimeField()
    from_state = models.CharField(max_length=2)
    to_state = models.CharField(max_length=2)
    in_reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies"
    )
    enclosure = models.CharField(max_length=80, blank=True, default="")
    text = models.TextField(blank=True, default="")
    particulars = models.JSONField(default=dict)

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "from_state", "number"], name="casework_note_number_once"
            ),
        )
        indexes = (models.Index(fields=["exercise", "case"], name="casework_note_of_case"),)
        ordering = ("sent_at", "id")
        verbose_name = _("note verbale")

    def put_after(self, notes: list[Note]) -> None:
        """Find the place of the note, which comes after those."""
        way = self.from_state, self.to_state
        self.place = 1 + sum((note.from_state, note.to_state) == way for note in notes)

    @property
    def address(self) -> str:
        """The last word of its paper's address: `tr-kz-2`."""
        return f"{self.from_state}-{self.to_state}-{self.place}".lower()

    @property
    def form_number(self) -> str:
        """The number of the revision that went with it; empty where none did."""
        _whole, is_form, number = self.enclosure.rpartition("/revision/")
        return number if is_form else ""


_NOTES = Statement(lambda exercise, case: Note.objects.filter(exercise=exercise, case=case))


def next_number(exercise: Exercise, state: str, asked: str, *, series: str) -> str:
    """Return the number of a state's next note: the one asked for, else the next of a series.

    Raises `ValidationError` on `note_number` if the state sent a note with it before.
    """
    mine = Note.objects.filter(exercise=exercise, from_state=state)
    if asked:
        if mine.filter(number=asked).exists():
            said = gettext("A note with this number was sent before.")
            raise ValidationError({"note_number": said})
        return asked
    sent = mine.filter(number__startswith=f"{series}-")
    so_far = sent.aggregate(many=Count("pk"), last=Max("number"))
    if so_far["many"] and so_far["last"] != f"{series}-{so_far['many']:04d}":  # one beside the row
        used = {*sent.values_list("number", flat=True)}
        serials = (f"{series}-{serial:04d}" for serial in count(1))
        return next(number for number in serials if number not in used)
    return f"{series}-{so_far['many'] + 1:04d}"
