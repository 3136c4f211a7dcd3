"""The request itself: the machine from draft to decision."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from audit.verbs import HOST, REQUESTING
from books import agreements
from casework.duties import Owed
from exercises.models import HOST_ROLES, REQUESTER_ROLES, Constraints, ExerciseRow, Seat
from transit.models.statuses import (
    DECIDED,
    EXAMINATION,
    UNDECIDED,
    AuthorizationStatus,
    FlightStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from books.agreements import Agreement, State, Track
    from transit.models.form import Revision


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


class FlightRequestQuerySet(models.QuerySet["FlightRequest"]):
    def visible_to(self, seat: Seat) -> FlightRequestQuerySet:
        """What a seat may know of: its own state's requests, or those a note brought to it."""
        if seat.is_instructor:
            return self.filter(exercise=seat.exercise_id)
        if seat.role in REQUESTER_ROLES:
            return self.filter(exercise=seat.exercise_id, requesting_state=seat.state)
        return self.filter(exercise=seat.exercise_id, host=seat.state, received_at__isnull=False)

    def with_forms(self) -> FlightRequestQuerySet:
        """With everything that a list shows, in a fixed number of queries."""
        return self.select_related("exercise").prefetch_related(
            "revisions__crossings", "authorizations"
        )

    def open(self) -> FlightRequestQuerySet:
        """Requests that still keep somebody busy."""
        return self.filter(closed_at=None)


class FlightRequest(FSMModelMixin, ExerciseRow, Owed):
    """One flight for which one state asks another; the machine from draft to decision.

    `version` moves with status or revision only; every form about the request quotes it.
    `entry_at` is the planned entry into the host's airspace, UTC. `received_at` is when the last
    note with the form arrived, `decided_at`, `replied_at` (when the other side learned it) and
    `withdrawn_at` are moments, `closed_at` ends the case.
    """

    noun = "flight"

    number = models.PositiveIntegerField()
    requesting_state = models.CharField(_("requesting state"), max_length=2)
    host = models.CharField(_("host state"), max_length=2)
    status = FSMField(_("status"), choices=FlightStatus, default=FlightStatus.DRAFT, protected=True)
    version = models.PositiveIntegerField(default=1)
    entry_at = models.DateTimeField(_("entry"), null=True)
    received_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    registered_hand = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=16, blank=True, default="")
    ground_text = models.TextField(_("reasons"), blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = FlightRequestQuerySet.as_manager()

    class Meta(ExerciseRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number"], name="transit_flightrequest_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(requesting_state=models.F("host")),
                name="transit_flightrequest_two_states",
            ),
        )
        indexes = (
            Owed.alarm_index,
            models.Index(
                fields=["exercise", "host"],
                condition=Q(closed_at__isnull=True),
                name="transit_flightrequest_open",
            ),
        )
        verbose_name = _("flight request")

    def __str__(self) -> str:
        return self.reference

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

    def ring_at(self, moment: datetime | None) -> None:
        """Act at `moment`, but while undecided at the entry time at the latest."""
        moments = (moment, self.entry_at if self.is_undecided else None)
        self.alarm_at = min((one for one in moments if one), default=None)

    @property
    def reference(self) -> str:
        """How both sides call the case: `TR-KZ-0003`."""
        return f"{self.requesting_state}-{self.host}-{self.number:04d}"

    @property
    def case(self) -> str:
        return self.reference

    @property
    def flight(self) -> FlightRequest:
        """The request itself, as every row that somebody owes a step on names its request."""
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
        return str(self.stamp)

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def is_secretly_decided(self) -> bool:
        """Decided, but the requesting side has not been told by note."""
        return self.status in DECIDED and self.replied_at is None and self.withdrawn_at is None

    @property
    def is_with_host(self) -> bool:
        """Under examination as far as the requesting side can know."""
        return self.status in EXAMINATION or self.is_secretly_decided

    @property
    def awaits_answer(self) -> bool:
        """Handed over and not answered, as far as the requesting side can know."""
        return self.status == FlightStatus.SUBMITTED or self.is_with_host

    def status_for(self, seat: Seat) -> FlightStatus:
        """Return the status as the seat's side may know it."""
        status = FlightStatus(self.status)
        if self.side_of(seat) == REQUESTING:
            if self.withdrawn_at:
                return FlightStatus.WITHDRAWN
            if self.is_with_host:
                return FlightStatus.UNDER_REVIEW
        return status

    @property
    def label(self) -> str:
        """Where the case stands in words, as the host may read it; derived, never stored."""
        words = [str(self.get_status_display())]
        authorization = self.authorizations.last()
        if authorization:
            if authorization.conditions:
                words = [str(_("Authorized with conditions"))]
            if authorization.status != AuthorizationStatus.IN_FORCE:
                words = [str(authorization.get_status_display())]
        words += [movement.get_status_display() for movement in self.movements.all()]
        return " · ".join(words)

    def side_of(self, seat: Seat) -> str:
        """Return which side of this flight a seat is on, empty for neither."""
        if seat.role in REQUESTER_ROLES and seat.state == self.requesting_state:
            return REQUESTING
        if seat.role in HOST_ROLES and seat.state == self.host:
            return HOST
        return ""

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

    @property
    def track(self) -> Track:
        """The track on which the host examines; it follows from what is carried and why."""
        return self.content.track


class FlightRow(ExerciseRow):
    """A recorded row about one flight."""

    flight = models.ForeignKey(FlightRequest, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta(ExerciseRow.Meta):
        abstract = True

    def of_flight(self, flight: FlightRequest, name: str) -> None:
        """Belong to `flight` under this name in its part of the record."""
        self.exercise, self.flight = flight.exercise, flight
        self.ref = f"{flight.ref}/{name}"

    @property
    def case(self) -> str:
        return self.flight.reference

    def side_of(self, seat: Seat) -> str:
        return self.flight.side_of(seat)

    if TYPE_CHECKING:

        @property
        def stamp(self) -> object:
            """What moves when the row changes under somebody's form."""

    def stamp_for(self, seat: Seat) -> str:
        """Return what the seat's forms quote, to find out whether somebody was first."""
        return str(self.stamp)
