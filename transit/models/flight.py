"""The request itself, the machine from draft to decision, with its form in revisions.

Longer than most modules: request, revisions and crossings are one aggregate that know each other.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from annual import coverage
from audit import chain
from audit.verbs import HOST, REQUESTING
from casework.duties import OWED, Owed
from casework.models import Case, CaseQuerySet, CaseRow
from exercises.conditions import holds
from exercises.models import REQUESTER_ROLES, Constraints, ExerciseRow, Seat
from exercises.parts import Fellow, PartOf
from transit import changes
from transit.models.items import (
    LIFE_SAVING,
    Clearance,
    FormItems,
    Priority,
    clearance_form,
    point_form,
    state_form,
    validate_moment,
)
from transit.models.statuses import (
    DECIDED,
    ENDED,
    EXAMINATION,
    PREPARATION,
    UNDECIDED,
    AuthorizationStatus,
    FlightStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from books.agreements import OrdinaryLoad, Track
    from transit.models.authorization import Authorization
    from transit.models.goods import DangerousGood


def versioned(
    field: FSMField, *, source: tuple[str, ...], target: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a transition of the request; each moves the version that forms quote."""

    def decorate(method: Callable[..., None]) -> Callable[..., None]:
        @wraps(method)
        def step(self: FlightRequest, **details: Any) -> None:
            self.version += 1
            method(self, **details)

        declared: Callable[..., None] = transition(field=field, source=list(source), target=target)(
            step
        )
        return declared

    return decorate


#: Decided, but the requesting side has not been told by note.
SECRETLY_DECIDED = Q(status__in=DECIDED, replied_at=None, withdrawn_at=None)

#: Under examination as far as the requesting side can know.
WITH_HOST = Q(status__in=EXAMINATION) | SECRETLY_DECIDED

#: Returned for completion as far as the host can know: what the other side prepares stays there.
IN_COMPLETION = Q(status__in=PREPARATION, received_at__isnull=False)


class FlightRequestQuerySet(CaseQuerySet):
    def visible_to(self, seat: Seat) -> Self:
        """What a seat may know of: of the host's, those that a note brought."""
        mine = super().visible_to(seat)
        if seat.is_instructor or seat.role in REQUESTER_ROLES:
            return mine
        return mine.filter(received_at__isnull=False)

    def open(self) -> Self:
        """Requests that still keep somebody busy."""
        return self.filter(closed_at__isnull=True)

    def closed(self) -> Self:
        """Requests that keep nobody busy any more."""
        return self.filter(closed_at__isnull=False)


class FlightRequest(FSMModelMixin, Case, Owed):
    """One flight for which one state asks another; the machine from draft to decision.

    `version` moves with status or revision only; every form about the request quotes it.
    `entry_at` is the planned entry into the host's airspace, UTC. `received_at` is when the last
    note with the form arrived, `decided_at`, `replied_at` (when the other side learned it) and
    `withdrawn_at` are moments, `closed_at` ends the case.

    An amendment `amends` an authorized flight, of whose number it cites `amended_version`; from
    `void_at` on it is void, as the aircraft flies under the old one.
    """

    noun = "flight"
    statuses = FlightStatus

    status = FSMField(_("status"), choices=FlightStatus, default=FlightStatus.DRAFT, protected=True)
    version = models.PositiveIntegerField(default=1)
    entry_at = models.DateTimeField(_("entry"), null=True)
    received_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    registered_hand = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = Fellow(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=16, blank=True, default="")
    ground_text = models.TextField(_("reasons"), blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    amends = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="amendments"
    )
    amended_version = models.PositiveSmallIntegerField(default=0)
    void_at = models.DateTimeField(null=True)

    objects = FlightRequestQuerySet.as_manager()

    class Meta(Case.Meta):
        indexes = (
            Owed.alarm_index,
            Case.turn_index,
            models.Index(
                fields=["exercise", "due_at", "-id"],
                condition=OWED,
                name="transit_flightrequest_owed",
            ),
            models.Index(
                fields=["exercise", "status"],
                condition=Q(closed_at__isnull=True),
                name="transit_flightrequest_open",
            ),
            models.Index(
                fields=["exercise", "entry_at", "-number"],
                condition=Q(closed_at__isnull=True),
                name="transit_flightrequest_entry",
            ),
        )
        verbose_name = _("flight request")

    @versioned(status, source=(FlightStatus.DRAFT,), target=FlightStatus.RELEASE_REVIEW)
    def request_release(self) -> None:
        """The planner puts the draft before the release officer."""

    @versioned(status, source=(FlightStatus.RELEASE_REVIEW,), target=FlightStatus.DRAFT)
    def decline_release(self) -> None:
        """The release officer gives the draft back."""

    @versioned(status, source=(FlightStatus.RELEASE_REVIEW,), target=FlightStatus.READY_TO_TRANSMIT)
    def release(self) -> None:
        """The release officer lets the request go out."""

    @versioned(status, source=(FlightStatus.READY_TO_TRANSMIT,), target=FlightStatus.SUBMITTED)
    def transmit(self, *, at: datetime) -> None:
        """The attaché hands the note over; the host has it."""
        self.received_at = at

    @versioned(status, source=(FlightStatus.SUBMITTED,), target=FlightStatus.RETURNED)
    def send_back(self) -> None:
        """The registry returns an incomplete request."""

    @versioned(status, source=(FlightStatus.RETURNED,), target=FlightStatus.DRAFT)
    def revise(self) -> None:
        """The planner takes up a returned request."""

    @versioned(status, source=(FlightStatus.SUBMITTED,), target=FlightStatus.UNDER_REVIEW)
    def register(self, *, by: Seat, at: datetime) -> None:
        """The registry takes the note in; the desks examine."""
        self.registered_hand, self.registered_at = by.hand, at

    @versioned(status, source=(FlightStatus.UNDER_REVIEW,), target=FlightStatus.DECISION_PENDING)
    def await_decision(self) -> None:
        """Every desk has answered, the lead desk last."""

    @versioned(status, source=(FlightStatus.DECISION_PENDING,), target=FlightStatus.UNDER_REVIEW)
    def reopen(self) -> None:
        """A question or a new round takes the case back to the desks."""

    @versioned(status, source=(FlightStatus.DECISION_PENDING,), target=FlightStatus.AUTHORIZED)
    def authorize(self, *, by: Seat, at: datetime) -> None:
        """The decider authorizes this one flight."""
        self.decided_by, self.decided_at = by, at

    @versioned(status, source=EXAMINATION, target=FlightStatus.REFUSED)
    def refuse(self, *, by: Seat, at: datetime, ground: str, reasons: str) -> None:
        """The decider refuses; ground and reasons stay inside."""
        self.decided_by, self.decided_at = by, at
        self.ground, self.ground_text = ground, reasons

    @versioned(status, source=UNDECIDED, target=FlightStatus.LAPSED)
    def lapse(self, *, at: datetime) -> None:
        """Nobody decided before the entry time. Silence is never consent."""
        self.closed_at = at

    @versioned(status, source=UNDECIDED, target=FlightStatus.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        """The requesting state takes its request back."""
        self.withdrawn_at = self.closed_at = at

    @versioned(status, source=(*UNDECIDED, *DECIDED), target=FlightStatus.LAPSED)
    def make_void(self, *, at: datetime) -> None:
        """The aircraft flies as authorized, or not at all: nothing is left to amend."""
        self.closed_at = at

    def ring_at(self, moment: datetime | None) -> None:
        """Act at `moment`, but while undecided at the entry time at the latest."""
        void_at = None if self.closed_at else self.void_at
        moments = (moment, self.entry_at if self.is_undecided else None, void_at)
        self.alarm_at = min((one for one in moments if one), default=None)

    def close_if_over(self, *, at: datetime) -> None:
        """End the case once the answer is sent, or needed no more, and no aircraft is left open."""
        if (self.replied_at or self.withdrawn_at) and self.closed_at is None:
            movements = list(self.movements.all())
            is_flown_or_given_up = bool(movements or self.withdrawn_at)
            if is_flown_or_given_up and all(one.status in ENDED for one in movements):
                self.closed_at = at

    @property
    def flight(self) -> FlightRequest:
        """The request itself, as every row of a flight names its request."""
        return self

    @property
    def stamp(self) -> int:
        return self.version

    def stamp_for(self, seat: Seat) -> str:
        """Return what the seat's forms quote, to find out whether somebody was first.

        What the host does inside must not show in it: not as a number in the other side's form,
        nor as a conflict when that form is sent. What the own side prepares does.
        """
        if self.side_of(seat) == REQUESTING and self.is_with_host:
            draft = self.draft.digest[:8] if self.draft else ""
            return f"{self.status_for(seat)}-{self.content.number}-{draft}"
        if self.side_of(seat) == HOST and self.is_in_completion:
            return f"{FlightStatus.RETURNED}-{self.content.number}"
        return str(self.stamp)

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def is_secretly_decided(self) -> bool:
        """Decided, but the requesting side has not been told by note."""
        return holds(SECRETLY_DECIDED, self)

    @property
    def is_in_completion(self) -> bool:
        """Returned, and not handed over again, whatever the requesting side does meanwhile."""
        return holds(IN_COMPLETION, self)

    @property
    def is_with_host(self) -> bool:
        """Under examination as far as the requesting side can know."""
        return holds(WITH_HOST, self)

    @property
    def awaits_answer(self) -> bool:
        """Handed over and not answered, as far as the requesting side can know."""
        return self.status == FlightStatus.SUBMITTED or self.is_with_host

    def status_for(self, seat: Seat) -> FlightStatus:
        """Return the status as the seat's side may know it."""
        status, side = FlightStatus(self.status), self.side_of(seat)
        if side == HOST and self.is_in_completion:
            return FlightStatus.RETURNED
        if side == REQUESTING:
            if self.withdrawn_at:
                return FlightStatus.WITHDRAWN
            if self.is_with_host:
                return FlightStatus.UNDER_REVIEW
        return status

    def movements_known_to(self, seat: Seat) -> list[Any]:
        """Return the movements; to the requesting side only once the note in reply told of them."""
        if self.side_of(seat) == REQUESTING and self.replied_at is None:
            return []
        return list(self.movements.all())

    def conditions_known_to(self, seat: Seat) -> list[Any]:
        """Return the conditions to be fulfilled; the requesting side knows them by the reply."""
        if self.side_of(seat) == REQUESTING and self.replied_at is None:
            return []
        return list(self.conditions.all())

    @property
    def authorization(self) -> Authorization | None:
        """The newest version of the number that was given, whether it holds or not."""
        return next(reversed(self.authorizations.all()), None)

    @property
    def label(self) -> str:
        """Where the case stands in words, as the host may read it; derived, never stored."""
        words = [str(self.get_status_display())]
        if authorization := self.authorization:
            if authorization.conditions:
                words = [str(_("Authorized with conditions"))]
            if authorization.status != AuthorizationStatus.IN_FORCE:
                words = [str(authorization.get_status_display())]
        words += [movement.get_status_display() for movement in self.movements.all()]
        return " · ".join(words)

    @property
    def draft(self) -> Revision | None:
        """The revision that no note has carried yet."""
        return next((one for one in self.revisions.all() if one.enclosed_at is None), None)

    @property
    def examined(self) -> Revision | None:
        """The last enclosed revision: what the host examines."""
        enclosed = [one for one in self.revisions.all() if one.enclosed_at is not None]
        return enclosed[-1] if enclosed else None

    @property
    def content(self) -> Revision:
        """What rules, window and lapse read: the last enclosed revision, else the draft."""
        return self.examined or self.latest

    @property
    def latest(self) -> Revision:
        """The newest revision, enclosed or not: what the requesting side works on."""
        return list(self.revisions.all())[-1]

    @cached_property
    def amended(self) -> Authorization | None:
        """The version of the number that an amendment cites; None of any other request."""
        if self.amends is None:
            return None
        self.amends.exercise = self.exercise
        versions = self.amends.authorizations.all()
        return next(row for row in versions if row.version == self.amended_version)

    @property
    def notify_by(self) -> datetime | None:
        """The agreement asks for an answer so long before the entry."""
        return self.entry_at - self.agreement.notify_by if self.entry_at else None

    @property
    def track(self) -> Track:
        """The track on which the host examines; it follows from what is carried and why."""
        return self.content.track


class FlightRow(CaseRow):
    """A recorded row about one flight."""

    flight = PartOf(FlightRequest, on_delete=models.PROTECT, related_name="%(class)ss")

    #: Of a row that somebody owes a step on: in the order of open work.
    owed_index: ClassVar[models.Index] = models.Index(
        fields=["exercise", "due_at", "-flight"],
        condition=OWED,
        name="%(app_label)s_%(class)s_owed",
    )

    class Meta(CaseRow.Meta):
        abstract = True

    @property
    def of(self) -> FlightRequest:
        return self.flight

    def of_flight(self, flight: FlightRequest, name: str) -> None:
        """Belong to `flight` under this name in its part of the record."""
        self.exercise, self.flight = flight.exercise, flight
        self.ref = f"{flight.ref}/{name}"


class Revision(FlightRow, FormItems):
    """The form as it stood: numbered; the draft until a note encloses it, then frozen."""

    noun = "revision"

    number = models.PositiveSmallIntegerField()
    prepared_by = Fellow(Seat, on_delete=models.PROTECT, related_name="+")
    prepared_hand = models.CharField(max_length=150)
    released_by = Fellow(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    released_hand = models.CharField(max_length=150, blank=True, default="")
    enclosed_at = models.DateTimeField(null=True)

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["flight"],
                condition=Q(enclosed_at__isnull=True),
                name="transit_revision_one_draft",
            ),
        )
        indexes = (
            models.Index(
                fields=["exercise", "-flight"],
                condition=Q(enclosed_at__isnull=True),
                name="transit_revision_drafts",
            ),
            # an aircraft on two flights at once
            models.Index(fields=["exercise", "registration"], name="transit_revision_of_tail"),
        )
        ordering = ("number",)

    def received_at(self, at: datetime) -> datetime:
        """Return when the note with this form was handed over; what is not sent is at `at`.

        A supplement goes with the request that the host has.
        """
        is_unsent = self.enclosed_at is None and not self.flight.is_with_host
        return at if is_unsent else self.flight.received_at or at

    @property
    def is_frozen(self) -> bool:
        """A note enclosed the form, which nobody changes any more."""
        return self.enclosed_at is not None

    @cached_property
    def uncovered(self) -> list[str]:
        """What keeps the annual number that the form cites from covering it, by code.

        Asked once: a row lives as long as a request, and an act reads its own.
        """
        return coverage.uncovered(self)

    @property
    def is_covered(self) -> bool:
        """Say whether a valid annual number covers the form."""
        return bool(self.annual_number) and not self.uncovered

    @property
    def track_code(self) -> str:
        """The track that follows from the form: a sensitive load keeps its own in any case.

        What the agreement calls ordinary makes no sensitive load.
        """
        if self.priority in LIFE_SAVING:
            return "MEDEVAC"
        asked = {Priority.HUM: "HUMANITARIAN", Priority.VIP: "VIP"}.get(Priority(self.priority))
        has_goods = self.announces_goods and not (asked and self._has_ordinary_load(asked))
        if has_goods or self.has_special_equipment:
            return "SENSITIVE"
        return asked or "STANDARD"

    def _has_ordinary_load(self, track: str) -> bool:
        """Whether the goods leave the flight on the track: all that is announced is listed."""
        ordinary, lines = self.ordinary_load, list(self.goods.all())
        if ordinary is None or not lines:
            return False
        personal = self.personal_ammunition if track in ordinary.ammunition.tracks else []
        usual = ordinary.goods if track in ordinary.goods.tracks else None
        return all(line in personal or (usual and line.is_among(usual)) for line in lines)

    @property
    def ordinary_load(self) -> OrdinaryLoad | None:
        """What the agreement calls ordinary; rule set 1 knew no such load."""
        is_older = self.flight.exercise.rules_version in ("", "1")
        return None if is_older else self.flight.agreement.ordinary_load

    @property
    def personal_ammunition(self) -> list[DangerousGood]:
        """The lines of goods that are ammunition of the personal weapons on board."""
        ordinary = self.ordinary_load
        if ordinary is None or not self.has_personal_weapons:
            return []
        lines = [line for line in self.goods.all() if line.un_number in ordinary.ammunition.numbers]
        is_little = sum(line.net_quantity or 0 for line in lines) <= ordinary.ammunition.most_kg
        return lines if is_little else []

    @cached_property
    def changed(self) -> changes.Changed | None:
        """What the form changes of the authorization that it amends; None of any other form.

        Asked once, as `uncovered`.
        """
        flight = self.flight
        if flight.amended is None or flight.agreement.changes is None:
            return None
        return changes.compared(flight.amended, self, flight.agreement.changes)

    @property
    def track(self) -> Track:
        """The track on which the host examines the form, as the agreement has it.

        A valid annual number opens its own track to what would else be examined as standard; an
        amendment has its own, unless what it changes keeps the one of the form.
        """
        agreement, code = self.flight.agreement, self.track_code
        if self.changed and not (self.changed.keeps_track and code == "SENSITIVE"):
            return agreement.tracks[self.changed.track]
        if agreement.annual and code in ("STANDARD", "VIP") and self.is_covered:
            code = agreement.annual.track
        return agreement.tracks[code]

    @property
    def host_crossings(self) -> list[Crossing]:
        """The crossings of the host's airspace, in order of flight."""
        return [row for row in self.crossings.all() if row.state == self.flight.host]

    @property
    def planned_entry(self) -> Crossing | None:
        return next(iter(self.host_crossings), None)

    @property
    def planned_exit(self) -> Crossing | None:
        """The last crossing of the host: exit is the last exit."""
        return next(reversed(self.host_crossings), None)

    @property
    def time_inside(self) -> timedelta:
        """From the first entry into the host's airspace to the last exit, as planned."""
        rows = self.host_crossings
        return rows[-1].exit_at - rows[0].entry_at if rows else timedelta(0)

    @property
    def lands_in_host(self) -> bool:
        return any(row.action == Action.LAND for row in self.host_crossings)

    @property
    def digest(self) -> str:
        """SHA-256 of the form as enclosed, in hex; an item left at its default counts as unsaid."""
        form = self.stated(self.form_items())
        crossings = [row.stated() for row in self.crossings.all()]
        goods = [row.stated() for row in self.goods.all()]
        enclosed = {"form": form, "crossings": crossings, "goods": goods}
        return hashlib.sha256(chain.canonical(enclosed)).hexdigest()


class Action(models.TextChoices):
    """What the flight does in a state."""

    OVERFLY = "OVERFLY", _("Overfly")
    LAND = "LAND", _("Land")


class Crossing(ExerciseRow):
    """One crossing of one state, in order of flight; a state may recur. Times are UTC."""

    noun = "crossing"

    revision = PartOf(Revision, on_delete=models.PROTECT, related_name="crossings")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=2, validators=[state_form])
    action = models.CharField(_("action"), max_length=8, choices=Action, default=Action.OVERFLY)
    entry_point = models.CharField(_("entry point"), max_length=11, validators=[point_form])
    entry_at = models.DateTimeField(_("entry (UTC)"), validators=[validate_moment])
    exit_point = models.CharField(_("exit point"), max_length=11, validators=[point_form])
    exit_at = models.DateTimeField(_("exit (UTC)"), validators=[validate_moment])
    ground_minutes = models.PositiveIntegerField(
        _("time on the ground (min)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60 * 24 * 60)],
    )
    clearance = models.CharField(
        _("clearance"), max_length=9, choices=Clearance, blank=True, default=Clearance.NOT_STATED
    )
    clearance_number = models.CharField(
        _("clearance number"), max_length=20, blank=True, default="", validators=[clearance_form]
    )

    class Meta(ExerciseRow.Meta):
        ordering = ("number",)

    def clean(self) -> None:
        """Raise `ValidationError` if the exit does not follow the entry."""
        if self.entry_at and self.exit_at and self.exit_at <= self.entry_at:
            raise ValidationError({"exit_at": _("The exit is not after the entry.")})
