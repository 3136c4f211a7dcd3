"""The flight request and its rows: revisions, crossings, notes, authorization, movement."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from airspace import reference
from audit import chain
from audit.verbs import HOST, REQUESTING
from exercises.models import HOST_ROLES, REQUESTER_ROLES, Constraints, ExerciseRow, Seat
from transit import agreements
from transit.duties import Owed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from transit.agreements import Agreement, State, Track


class FlightStatus(models.TextChoices):
    """Where a request stands between the two states."""

    DRAFT = "DRAFT", _("Draft")
    RELEASE_REVIEW = "RELEASE_REVIEW", _("Awaiting release")
    READY_TO_TRANSMIT = "READY_TO_TRANSMIT", _("Ready to transmit")
    SUBMITTED = "SUBMITTED", _("Submitted")
    RETURNED = "RETURNED", _("Returned")
    UNDER_REVIEW = "UNDER_REVIEW", _("Under examination")
    DECISION_PENDING = "DECISION_PENDING", _("Decision pending")
    AUTHORIZED = "AUTHORIZED", _("Authorized")
    REFUSED = "REFUSED", _("Refused")
    LAPSED = "LAPSED", _("Lapsed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


PREPARATION = (
    FlightStatus.DRAFT,
    FlightStatus.RELEASE_REVIEW,
    FlightStatus.READY_TO_TRANSMIT,
    FlightStatus.RETURNED,
)
EXAMINATION = (FlightStatus.UNDER_REVIEW, FlightStatus.DECISION_PENDING)
UNDECIDED = (*PREPARATION, FlightStatus.SUBMITTED, *EXAMINATION)
DECIDED = (FlightStatus.AUTHORIZED, FlightStatus.REFUSED)


class MovementStatus(models.TextChoices):
    """Where the aircraft is in its one flight."""

    EXPECTED = "EXPECTED", _("Expected")
    CHECKED = "CHECKED", _("Flight plan checked")
    ACTIVE = "ACTIVE", _("In the airspace")
    EXITED = "EXITED", _("Exited")
    LANDED = "LANDED", _("Landed")
    CLOSED = "CLOSED", _("Closed")
    CLOSED_WITH_FINDINGS = "CLOSED_WITH_FINDINGS", _("Closed with findings")
    NOT_FLOWN = "NOT_FLOWN", _("Not flown")


AHEAD = (MovementStatus.EXPECTED, MovementStatus.CHECKED)
FLOWN = (MovementStatus.EXITED, MovementStatus.LANDED)
ENDED = (
    MovementStatus.CLOSED,
    MovementStatus.CLOSED_WITH_FINDINGS,
    MovementStatus.NOT_FLOWN,
)


class AuthorizationStatus(models.TextChoices):
    """Whether the number holds. "Not yet valid", "expired" and "used" are derived."""

    IN_FORCE = "IN_FORCE", _("In force")
    CANCELLED = "CANCELLED", _("Cancelled")


def validate_aerodrome(icao: str) -> None:
    """Raise `ValidationError` unless the code is an aerodrome of the reference data."""
    if icao not in reference.aerodromes():
        raise ValidationError(
            _("%(code)s is no known aerodrome; give its four-letter ICAO code, such as LTAU."),
            params={"code": icao},
        )


def validate_aerodromes(codes: str) -> None:
    """Raise `ValidationError` unless every code, parted by blanks, is a known aerodrome."""
    for icao in codes.split():
        validate_aerodrome(icao)


def validate_aircraft_type(designator: str) -> None:
    """Raise `ValidationError` unless the designator is in the reference data."""
    if designator not in reference.aircraft_types():
        raise ValidationError(
            _("%(code)s is no known aircraft type; give its ICAO designator, such as A400."),
            params={"code": designator},
        )


call_sign_form = RegexValidator(
    r"^[A-Z0-9]{2,7}$", _("A call sign has 2 to 7 capital letters and digits, such as HVK4821.")
)
registration_form = RegexValidator(
    r"^[A-Z0-9-]{2,12}$", _("A registration has 2 to 12 capital letters, digits and hyphens.")
)
point_form = RegexValidator(
    r"^([A-Z]{2,5}|\d{4}[NS]\d{5}[EW])$",
    _("Give a named point such as NOLGA, an aerodrome, or a position such as 4028N05003E."),
)
state_form = RegexValidator(r"^[A-Z]{2}$", _("Give the state's two-letter code, such as KZ."))


def moves(
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
            "revisions__crossings", "revisions__flight"
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

    number = models.PositiveIntegerField()
    requesting_state = models.CharField(_("requesting state"), max_length=2)
    host = models.CharField(_("host state"), max_length=2)
    status = FSMField(_("status"), choices=FlightStatus, default=FlightStatus.DRAFT, protected=True)
    version = models.PositiveIntegerField(default=1)
    entry_at = models.DateTimeField(_("entry"), null=True)
    received_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
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

    @moves(status, source=(FlightStatus.DRAFT,), target=FlightStatus.RELEASE_REVIEW)
    def request_release(self) -> None:
        """The planner puts the draft before the release officer."""

    @moves(status, source=(FlightStatus.RELEASE_REVIEW,), target=FlightStatus.DRAFT)
    def decline_release(self) -> None:
        """The release officer gives the draft back."""

    @moves(status, source=(FlightStatus.RELEASE_REVIEW,), target=FlightStatus.READY_TO_TRANSMIT)
    def release(self) -> None:
        """The release officer lets the request go out."""

    @moves(status, source=(FlightStatus.READY_TO_TRANSMIT,), target=FlightStatus.SUBMITTED)
    def transmit(self, *, at: datetime) -> None:
        """The attaché hands the note over; the host has it."""
        self.received_at = at

    @moves(status, source=(FlightStatus.SUBMITTED,), target=FlightStatus.RETURNED)
    def send_back(self) -> None:
        """The registry returns an incomplete request."""

    @moves(status, source=(FlightStatus.RETURNED,), target=FlightStatus.DRAFT)
    def revise(self) -> None:
        """The planner takes up a returned request."""

    @moves(status, source=(FlightStatus.SUBMITTED,), target=FlightStatus.UNDER_REVIEW)
    def register(self, *, at: datetime) -> None:
        """The registry takes the note in; the desks examine."""
        self.registered_at = at

    @moves(status, source=(FlightStatus.UNDER_REVIEW,), target=FlightStatus.DECISION_PENDING)
    def await_decision(self) -> None:
        """Every desk has answered, the lead desk last."""

    @moves(status, source=(FlightStatus.DECISION_PENDING,), target=FlightStatus.UNDER_REVIEW)
    def reopen(self) -> None:
        """A question or a new round takes the case back to the desks."""

    @moves(status, source=(FlightStatus.DECISION_PENDING,), target=FlightStatus.AUTHORIZED)
    def authorize(self, *, by: Seat, at: datetime) -> None:
        """The decider authorizes this one flight."""
        self.decided_by, self.decided_at = by, at

    @moves(status, source=EXAMINATION, target=FlightStatus.REFUSED)
    def refuse(self, *, by: Seat, at: datetime, ground: str, reasons: str) -> None:
        """The decider refuses; ground and reasons stay inside."""
        self.decided_by, self.decided_at = by, at
        self.ground, self.ground_text = ground, reasons

    @moves(status, source=UNDECIDED, target=FlightStatus.LAPSED)
    def lapse(self, *, at: datetime) -> None:
        """Nobody decided before the entry time. Silence is never consent."""
        self.closed_at = at

    @moves(status, source=UNDECIDED, target=FlightStatus.WITHDRAWN)
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
        nor as a conflict when that form is sent.
        """
        if self.side_of(seat) == REQUESTING and self.is_with_host:
            return f"{self.status_for(seat)}-{self.content.number}"
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
        return agreements.load(self.exercise.agreement, self.exercise.agreement_version)

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
        """The lane on which the host examines; it follows from what is carried and why."""
        return self.agreement.tracks[self.content.track_code]


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


class Statement(models.TextChoices):
    """The statement on dangerous goods; an empty table is no statement."""

    NONE = "NONE", _("No dangerous goods are being carried")
    LIST = "LIST", _("Dangerous goods as listed")


class Priority(models.TextChoices):
    """A reason to use another lane than the purpose alone gives."""

    NONE = "NONE", _("None")
    VIP = "VIP", _("Official delegation (head of state, minister)")
    HUM = "HUM", _("Urgent humanitarian relief")
    MEDEVAC = "MEDEVAC", _("Medical evacuation or search and rescue")


class LegalBasis(models.TextChoices):
    """Under which instrument the flight is asked for."""

    TRANSIT_AGREEMENT = "TRANSIT", _("Transit agreement")
    OTHER_AGREEMENT = "OTHER", _("Another agreement")
    ORDINARY = "ORDINARY", _("Ordinary diplomatic clearance")


class Revision(FlightRow):
    """The form as it stood: numbered; the draft until a note encloses it, then frozen.

    Items follow the European Union's diplomatic clearance form and the questionnaires read with
    it (dossier, section 8). Everything may be empty in a draft; `transit.rules` says what is
    missing. Times are UTC, masses kg.
    """

    number = models.PositiveSmallIntegerField()
    prepared_by = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    prepared_hand = models.CharField(max_length=150)
    released_by = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    released_hand = models.CharField(max_length=150, blank=True, default="")
    enclosed_at = models.DateTimeField(null=True)

    call_sign = models.CharField(
        _("call sign"), max_length=7, blank=True, validators=[call_sign_form]
    )
    spare_call_sign = models.CharField(
        _("spare call sign"), max_length=7, blank=True, validators=[call_sign_form]
    )
    aircraft_type = models.CharField(
        _("aircraft type"), max_length=4, blank=True, validators=[validate_aircraft_type]
    )
    registration = models.CharField(
        _("registration"), max_length=12, blank=True, validators=[registration_form]
    )
    spare_registration = models.CharField(
        _("spare aircraft"), max_length=12, blank=True, validators=[registration_form]
    )
    operator = models.CharField(_("operator"), max_length=80, blank=True)

    category = models.CharField(_("purpose category"), max_length=20, blank=True)
    purpose = models.TextField(
        _("purpose"),
        blank=True,
        validators=[
            MinLengthValidator(20, _("Describe the purpose in at least 20 characters.")),
            MaxLengthValidator(500, _("Describe the purpose in at most 500 characters.")),
        ],
    )
    legal_basis = models.CharField(_("legal basis"), max_length=8, choices=LegalBasis, blank=True)
    priority = models.CharField(
        _("priority"), max_length=8, choices=Priority, default=Priority.NONE
    )

    departure = models.CharField(
        _("aerodrome of departure"), max_length=4, blank=True, validators=[validate_aerodrome]
    )
    destination = models.CharField(
        _("aerodrome of destination"), max_length=4, blank=True, validators=[validate_aerodrome]
    )
    alternates = models.CharField(
        _("alternates"), max_length=40, blank=True, validators=[validate_aerodromes]
    )
    departs_at = models.DateTimeField(_("departure (UTC)"), null=True, blank=True)
    arrives_at = models.DateTimeField(_("arrival (UTC)"), null=True, blank=True)

    crew_count = models.PositiveSmallIntegerField(_("crew"), null=True, blank=True)
    captain = models.CharField(_("captain: rank and name"), max_length=80, blank=True)
    passenger_count = models.PositiveSmallIntegerField(_("passengers"), null=True, blank=True)
    passengers = models.TextField(_("passengers: categories"), max_length=500, blank=True)
    principals = models.TextField(_("principal passengers"), max_length=500, blank=True)
    cargo = models.TextField(_("cargo"), max_length=500, blank=True)
    cargo_kg = models.PositiveIntegerField(_("cargo (kg)"), null=True, blank=True)

    dangerous_goods = models.CharField(
        _("dangerous goods"), max_length=4, choices=Statement, blank=True
    )
    dangerous_goods_list = models.TextField(
        _("list of dangerous goods"), max_length=1000, blank=True
    )
    has_personal_weapons = models.BooleanField(_("personal weapons"), null=True, blank=True)
    personal_weapons = models.TextField(
        _("personal weapons: kind, number, storage"), max_length=500, blank=True
    )
    has_sensors = models.BooleanField(_("photographic sensors"), null=True, blank=True)
    has_armament = models.BooleanField(_("armament"), null=True, blank=True)
    has_electronic_warfare = models.BooleanField(
        _("electronic warfare equipment"), null=True, blank=True
    )
    equipment = models.TextField(_("equipment: statement"), max_length=500, blank=True)

    contact_name = models.CharField(_("contact: rank and name"), max_length=80, blank=True)
    contact_phone = models.CharField(
        _("contact: telephone, day and night"),
        max_length=30,
        blank=True,
        validators=[
            RegexValidator(
                r"^\+?[0-9 ()/-]{5,30}$",
                _("Give a telephone number in digits, such as +90 312 000 0000."),
            )
        ],
    )
    contact_email = models.EmailField(_("contact: e-mail"), blank=True)
    remarks = models.TextField(_("remarks"), max_length=1000, blank=True)
    undertakes_route = models.BooleanField(
        _("keeps to route and times as authorized"), default=False
    )
    undertakes_sensors = models.BooleanField(
        _("keeps sensors and equipment off over the host state"), default=False
    )
    undertakes_changes = models.BooleanField(
        _("changes nothing without an amendment"), default=False
    )
    undertakes_report = models.BooleanField(
        _("reports within three working days after the flight"), default=False
    )

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["flight"],
                condition=Q(enclosed_at__isnull=True),
                name="transit_revision_one_draft",
            ),
        )
        ordering = ("number",)

    #: The items of the form, without the book-keeping of the row.
    @classmethod
    def form_items(cls) -> list[str]:
        fields = [field.name for field in cls._meta.concrete_fields]
        return fields[fields.index("call_sign") :]

    def clean(self) -> None:
        """Raise `ValidationError` for items that contradict each other, even in a draft."""
        faults: dict[str, Any] = {}
        if self.departure and self.departure == self.destination:
            faults["destination"] = _("Departure and destination are the same aerodrome.")
        if self.departs_at and self.arrives_at and self.arrives_at <= self.departs_at:
            faults["arrives_at"] = _("The arrival is not after the departure.")
        if self.spare_registration and self.spare_registration == self.registration:
            faults["spare_registration"] = _("The spare aircraft is the aircraft itself.")
        if self.spare_call_sign and self.spare_call_sign == self.call_sign:
            faults["spare_call_sign"] = _("The spare call sign is the call sign itself.")
        if faults:
            raise ValidationError(faults)

    @property
    def track_code(self) -> str:
        """The lane that follows from the form; sensitive loads keep theirs whatever the purpose."""
        if self.priority == Priority.MEDEVAC:
            return "MEDEVAC"
        if (
            self.dangerous_goods == Statement.LIST
            or self.has_armament
            or self.has_sensors
            or self.has_electronic_warfare
        ):
            return "SENSITIVE"
        return {Priority.HUM: "HUMANITARIAN", Priority.VIP: "VIP"}.get(
            Priority(self.priority), "STANDARD"
        )

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
    def aircraft(self) -> tuple[str, ...]:
        """The registrations that may fly: the aircraft and its spare."""
        return tuple(tail for tail in (self.registration, self.spare_registration) if tail)

    @property
    def digest(self) -> str:
        """SHA-256 of the form as enclosed, in hex."""
        form = {name: value for name, value in self.columns().items() if name in self.form_items()}
        rows = [row.columns() for row in self.crossings.all()]
        return hashlib.sha256(chain.canonical({"form": form, "crossings": rows})).hexdigest()


class Action(models.TextChoices):
    """What the flight does in a state."""

    OVERFLY = "OVERFLY", _("Overfly")
    LAND = "LAND", _("Land")


class Crossing(ExerciseRow):
    """One crossing of one state, in order of flight; a state may recur. Times are UTC."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="crossings")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=2, validators=[state_form])
    action = models.CharField(_("action"), max_length=8, choices=Action, default=Action.OVERFLY)
    entry_point = models.CharField(_("entry point"), max_length=11, validators=[point_form])
    entry_at = models.DateTimeField(_("entry (UTC)"))
    exit_point = models.CharField(_("exit point"), max_length=11, validators=[point_form])
    exit_at = models.DateTimeField(_("exit (UTC)"))

    class Meta(ExerciseRow.Meta):
        ordering = ("number",)

    def clean(self) -> None:
        """Raise `ValidationError` if the exit does not follow the entry."""
        if self.entry_at and self.exit_at and self.exit_at <= self.entry_at:
            raise ValidationError({"exit_at": _("The exit is not after the entry.")})


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


class Authorization(FSMModelMixin, FlightRow):
    """Permission for one flight in one window; never edited. Its number is never reused.

    The window runs from `valid_from` to `valid_until`, UTC, upper end exclusive.
    """

    number = models.CharField(_("number"), max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    status = FSMField(
        _("status"),
        choices=AuthorizationStatus,
        default=AuthorizationStatus.IN_FORCE,
        protected=True,
    )
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    conditions = models.JSONField(_("conditions"), default=list)
    override_ground = models.TextField(blank=True, default="")

    class Meta(FlightRow.Meta):
        constraints: ClassVar[Constraints] = (
            *ExerciseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["exercise", "number", "version"],
                name="transit_authorization_number_once",
            ),
        )

    @transition(
        field=status,
        source=AuthorizationStatus.IN_FORCE,
        target=AuthorizationStatus.CANCELLED,
    )
    def cancel(self) -> None:
        """The requesting state gives the number back."""

    def condition_at(self, at: datetime) -> str:
        """Return in words whether the number can be used at `at`; derived, never stored."""
        if self.status != AuthorizationStatus.IN_FORCE:
            return str(AuthorizationStatus(self.status).label)
        if at < self.valid_from:
            return str(_("Not yet valid"))
        if at >= self.valid_until:
            return str(_("Expired"))
        return str(AuthorizationStatus.IN_FORCE.label)


class Movement(FSMModelMixin, FlightRow, Owed):
    """The aircraft itself on its one flight. Times are UTC; `findings` are sentences."""

    number = models.PositiveSmallIntegerField()
    authorization = models.ForeignKey(
        Authorization, null=True, on_delete=models.PROTECT, related_name="movements"
    )
    status = FSMField(
        _("status"), choices=MovementStatus, default=MovementStatus.EXPECTED, protected=True
    )
    filed_call_sign = models.CharField(_("call sign as filed"), max_length=7, blank=True)
    filed_registration = models.CharField(_("registration as filed"), max_length=12, blank=True)
    checked_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(_("entered (UTC)"), null=True)
    entry_point = models.CharField(max_length=11, blank=True, default="")
    exited_at = models.DateTimeField(_("exited (UTC)"), null=True)
    exit_point = models.CharField(max_length=11, blank=True, default="")
    landed_at = models.DateTimeField(_("landed (UTC)"), null=True)
    overdue_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    report = models.TextField(_("post-flight report"), blank=True, default="")
    persons_on_board = models.PositiveSmallIntegerField(_("persons on board"), null=True)
    findings = models.JSONField(_("findings"), default=list)
    closed_at = models.DateTimeField(null=True)

    class Meta(FlightRow.Meta):
        indexes = (Owed.alarm_index,)

    @transition(field=status, source=MovementStatus.EXPECTED, target=MovementStatus.CHECKED)
    def check_plan(self, *, at: datetime) -> None:
        """Operations compared the flight plan with the authorization."""
        self.checked_at = at

    @transition(
        field=status,
        source=[MovementStatus.CHECKED, MovementStatus.NOT_FLOWN],
        target=MovementStatus.ACTIVE,
    )
    def enter(self, *, entered_at: datetime, point: str) -> None:
        """The aircraft entered; recorded late, it reopens a movement taken for not flown."""
        self.entered_at, self.entry_point = entered_at, point
        self.closed_at = None

    @transition(field=status, source=MovementStatus.ACTIVE, target=MovementStatus.EXITED)
    def exit(self, *, exited_at: datetime, point: str) -> None:
        """The aircraft left by its last exit."""
        self.exited_at, self.exit_point = exited_at, point

    @transition(field=status, source=MovementStatus.ACTIVE, target=MovementStatus.LANDED)
    def land(self, *, landed_at: datetime) -> None:
        """The aircraft landed in the host state, as authorized."""
        self.landed_at = landed_at

    @transition(field=status, source=list(AHEAD), target=MovementStatus.NOT_FLOWN)
    def not_flown(self, *, at: datetime) -> None:
        """The window passed without an entry, or the requesting state says so."""
        self.closed_at = at

    @transition(field=status, source=list(FLOWN), target=MovementStatus.CLOSED)
    def close(self, *, at: datetime) -> None:
        """The case ends without findings."""
        self.closed_at = at

    @transition(field=status, source=list(FLOWN), target=MovementStatus.CLOSED_WITH_FINDINGS)
    def close_with_findings(self, *, at: datetime) -> None:
        """The case ends with findings that count for the future."""
        self.closed_at = at

    def ring_at(self, moment: datetime | None) -> None:
        """Act at `moment`, but while the flight is ahead at the window's end at the latest."""
        window = self.authorization.valid_until if self.authorization else None
        moments = (moment, window if self.status in AHEAD else None)
        self.alarm_at = min((one for one in moments if one), default=None)

    @property
    def stamp(self) -> str:
        return str(self.status)

    def stamp_for(self, seat: Seat) -> str:
        return str(self.status_for(seat))

    def status_for(self, seat: Seat) -> MovementStatus:
        """Return the status as the seat's side may know it: check and findings stay inside."""
        status = MovementStatus(self.status)
        if self.side_of(seat) == REQUESTING:
            told = {
                MovementStatus.CHECKED: MovementStatus.EXPECTED,
                MovementStatus.CLOSED_WITH_FINDINGS: MovementStatus.CLOSED,
            }
            return told.get(status, status)
        return status

    @property
    def revision(self) -> Revision:
        """The form as it was authorized."""
        return self.authorization.revision if self.authorization else self.flight.content

    @property
    def ended_flight_at(self) -> datetime | None:
        """When the aircraft left the airspace or landed."""
        return self.exited_at or self.landed_at
