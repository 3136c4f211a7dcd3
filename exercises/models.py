"""Exercise, Seat and Heartbeat."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from books import calendars
from exercises import people
from exercises.parts import PartOf
from exercises.recorded import Recorded, decode

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


Constraints = tuple[models.BaseConstraint, ...]


class Role(models.TextChoices):
    """What a seat does. Planner to attaché prepare; registry to operations are the host's.

    The desk of a neighbour has no seat: a role-player answers for it, or exercise control.
    """

    PLANNER = "PLANNER", _("Planner")
    RELEASE = "RELEASE", _("Release officer")
    ATTACHE = "ATTACHE", _("Attaché")
    REGISTRY = "REGISTRY", _("Foreign-ministry registry")
    DEFENCE = "DEFENCE", _("Defence desk (lead)")
    AIR_DEFENCE = "AIR_DEFENCE", _("Air defence desk")
    SECURITY = "SECURITY", _("Security desk")
    CIVIL_AVIATION = "CIVIL_AVIATION", _("Civil aviation desk")
    DECIDER = "DECIDER", _("Deciding officer")
    DEPUTY = "DEPUTY", _("Deputy decider")
    OPERATIONS = "OPERATIONS", _("Operations duty officer")
    DUTY = "DUTY", _("Foreign-ministry duty officer")
    NEIGHBOUR = "NEIGHBOUR", _("Foreign ministry of a state on the way")
    INSTRUCTOR = "INSTRUCTOR", _("Instructor")


#: What stands in the record in place of a user name.
ROLE_PLAYER = "role-player"

REQUESTER_ROLES = (Role.PLANNER, Role.RELEASE, Role.ATTACHE)
DECIDERS = (Role.DECIDER, Role.DEPUTY)
HOST_ROLES = (
    Role.REGISTRY,
    Role.DEFENCE,
    Role.AIR_DEFENCE,
    Role.SECURITY,
    Role.CIVIL_AVIATION,
    *DECIDERS,
    Role.OPERATIONS,
    Role.DUTY,
)


class Pace(models.TextChoices):
    """How simulated time passes."""

    RATE = "RATE", _("By the clock")
    STEP = "STEP", _("Step by step")


class Help(models.TextChoices):
    """Who sees what the product finds, counts and draws, and when."""

    OPEN = "OPEN", _("Open: shown to everybody at once")
    AFTER = "AFTER", _("After own check: shown beside what the officer marked first")
    OFF = "OFF", _("Off: an exam, nothing is shown")


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def running(self) -> ExerciseQuerySet:
        """Exercises whose time passes by itself, if anybody runs them."""
        return self.filter(ended_at=None, halted="").filter(
            models.Q(rate__gt=0) | models.Q(pace=Pace.STEP)
        )

    def locked(self, pk: int) -> ExerciseQuerySet:
        """One exercise under its lock, with its heartbeat.

        On SQLite the immediate transaction is the lock.
        """
        mine = self.filter(pk=pk).select_related("heartbeat")
        return mine.select_for_update(of=("self",), no_key=True)


class Exercise(Recorded):
    """A training run with its own people, its own time and its own record.

    `sim_anchor`, `wall_anchor` and `rate` are the clock (`exercises.clock`): simulated seconds
    per real second, 0 when paused. Agreement, rule set and calendar are pinned at the start as
    version text; without a rule set no rule is run. `closures` are days that offices close beside
    the calendar, each with `state`, `day`, `ground` and `closed_at`, the moment at which it became
    known: what is counted in an exercise asks `office`. `cast` names the seats, by key, that a
    role-player plays while nobody holds them, each with its profile; what it leaves to chance
    follows from `seed`. `people` are those who take part, seated or waiting, whom the instructor
    put down, by user name; where it `is_open_to_join`, whoever comes later may choose an empty
    seat. `seq`, `head` and `last_at` are the tail of
    the record (`audit`), `shown` by state the last event that it may see, under "" that both may
    see, `halted` the reason for which the timeline stopped loudly. While it is
    `provisional` a start of the product is still filling it; the next start erases what was cut
    short.
    """

    unrecorded: ClassVar[frozenset[str]] = frozenset(
        {"id", "wall_anchor", "seq", "head", "last_at", "halted", "provisional", "shown"}
    )

    name = models.CharField(_("name"), max_length=80)
    agreement = models.CharField(_("agreement"), max_length=20)
    agreement_version = models.CharField(max_length=20)
    calendar_version = models.CharField(max_length=20)
    closures = models.JSONField(default=list, blank=True)
    rules_version = models.CharField(max_length=20, default="", blank=True)
    help = models.CharField(_("help"), max_length=5, choices=Help, default=Help.OPEN)
    cast = models.JSONField(default=dict, blank=True)
    seed = models.PositiveIntegerField(default=0)
    solo = models.BooleanField(
        _("solo"),
        default=False,
        help_text=_("One person may hold seats that are otherwise kept apart."),
    )
    people = models.JSONField(default=list, blank=True)
    is_open_to_join = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    sim_anchor = models.DateTimeField()
    wall_anchor = models.DateTimeField()
    rate = models.PositiveIntegerField(default=0)
    pace = models.CharField(max_length=4, choices=Pace, default=Pace.RATE)

    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="", blank=True)
    last_at = models.DateTimeField()
    shown = models.JSONField(default=dict, blank=True)
    halted = models.TextField(default="", blank=True)
    provisional = models.BooleanField(default=False)

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["-id"],
                condition=models.Q(ended_at__isnull=True),
                name="exercises_exercise_open",
            ),
        )

    ref = "exercise"

    def __str__(self) -> str:
        return self.name

    @property
    def beat(self) -> Heartbeat | None:
        """The last sign of life, as it was when first asked for."""
        found: Heartbeat | None = getattr(self, "heartbeat", None)
        return found

    @property
    def status_label(self) -> str:
        """A word beside the name where there is more to say than the clock shows."""
        if self.halted:
            return str(_("Halted"))
        return str(_("Ended")) if self.ended_at else ""

    def shown_to(self, seat: Seat) -> int:
        """Return the number of the last event that a seat may see; not to be told to anybody."""
        if seat.is_instructor:
            return self.seq
        shown: dict[str, int] = self.shown
        return max(shown.get(seat.state, 0), shown.get("", 0))

    def office(self, state: str) -> calendars.Office:
        """Return the office of a state: as in the pinned calendar, on closed days shut.

        Raises what `calendars.office` raises.
        """
        closed = ((date.fromisoformat(row["day"]), row["ground"]) for row in self._closed(state))
        return calendars.office(self.calendar_version, state).with_closures(closed)

    def closed_after(self, state: str, moment: datetime) -> set[date]:
        """Return the days of a state that close, and of which nobody knew before `moment`."""
        return {
            date.fromisoformat(row["day"])
            for row in self._closed(state)
            if decode(row["closed_at"]) >= moment
        }

    def _closed(self, state: str) -> list[dict[str, str]]:
        return [row for row in self.closures if row["state"] == state]

    def anchor(self, *, at: datetime, wall: datetime, rate: int) -> None:
        """Let the clock show `at` at the real moment `wall` and run on at `rate`."""
        self.sim_anchor, self.wall_anchor, self.rate = at, wall, rate


class ExerciseRow(Recorded):
    """A recorded row that belongs to one exercise; `ref` is its name in that record."""

    #: The last word of `ref`, by which a row's kind is known from its name in the record alone.
    noun: ClassVar[str]

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=80, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[Constraints] = (
            models.UniqueConstraint(
                fields=["exercise", "ref"], name="%(app_label)s_%(class)s_ref_once"
            ),
        )

    def __str__(self) -> str:
        return self.ref


class Seat(ExerciseRow):
    """A role of one state in an exercise: the actor of every act.

    The person whose hand acts is the holder, unless the instructor acts for the seat: then
    `taken_by` names the instructor, and the record is marked. Where `is_played`, a role-player
    acts; each is a hand of its own. `as_of` is the number of the last event when the seat was read,
    where that is known.
    """

    noun = "seat"

    exercise = PartOf(Exercise, on_delete=models.PROTECT, related_name="seats")
    state = models.CharField(
        max_length=2, blank=True, validators=[RegexValidator(r"^([A-Z]{2})?$")]
    )
    role = models.CharField(max_length=16, choices=Role)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="seats",
    )

    taken_by: User | None = None
    as_of: int | None = None
    is_played = False

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "state", "role"], name="exercises_seat_one_per_role"
            ),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.ref and self.role:
            self.ref = f"seat/{self.key}"

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The seat's name in addresses and in the record: `KZ-REGISTRY`, `INSTRUCTOR`."""
        return f"{self.state}-{self.role}" if self.state else self.role

    def get_absolute_url(self) -> str:
        """Return the address of the seat's desk, below which it finds everything."""
        return reverse("desk", args=(self.exercise_id, self.key))

    @property
    def hand(self) -> str:
        """The user name of whoever acts; of a role-player what it is and where it sits."""
        if self.is_played:
            return f"{ROLE_PLAYER} {self.key}"
        user = self.taken_by or self.holder
        return user.get_username() if user else ""

    @staticmethod
    def is_role_player(hand: str) -> bool:
        """Say whether the hand in a record is that of a role-player, and of no user."""
        return hand.partition(" ")[0] == ROLE_PLAYER

    @property
    def holder_name(self) -> str:
        """What the holder is called on pages; empty if nobody sits there."""
        return people.called(self.holder) if self.holder else ""

    @property
    def is_instructor(self) -> bool:
        return self.role == Role.INSTRUCTOR


class Heartbeat(models.Model):
    """The last real moment at which a tick or an act ran the exercise; outside the record."""

    exercise = models.OneToOneField(
        Exercise, on_delete=models.CASCADE, primary_key=True, related_name="heartbeat"
    )
    alive_at = models.DateTimeField()
    ticked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.exercise_id}: {self.alive_at:%H:%M:%S}"


class Opening(models.Model):
    """Who opened an exercise on a page, and the key of the form they sent; outside the record."""

    exercise = models.OneToOneField(
        Exercise, on_delete=models.CASCADE, primary_key=True, related_name="opening"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    once = models.CharField(max_length=36, unique=True, null=True)  # noqa: DJ001 - none is none

    def __str__(self) -> str:
        return f"{self.exercise_id} by {self.by_id}"


class Person(models.Model):
    """Somebody who joined by name, and the account that is theirs; outside every record.

    The account's user name is a handle that says nothing (`exercises.people`), its first name
    what the person is called, its password the word. `folded` is the name as it is compared.
    Erased, the account stays as a handle without a person.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="person"
    )
    folded = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.folded
