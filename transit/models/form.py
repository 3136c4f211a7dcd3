"""The form: its revisions and the crossings that it lists."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from airspace import points, reference
from annual import coverage
from audit import chain
from exercises.models import Constraints, ExerciseRow, Seat
from transit.models.flight import FlightRow
from transit.sentences import sentence

if TYPE_CHECKING:
    from books.agreements import Track


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


def validate_aircraft_types(designators: str) -> None:
    """Raise `ValidationError` unless every designator, parted by blanks, is known."""
    for designator in designators.split():
        validate_aircraft_type(designator)


def validate_route(text: str) -> None:
    """Raise `ValidationError` unless the route can be drawn: known points, at least two."""
    try:
        points.read(text)
    except points.RouteError as error:
        raise ValidationError(sentence(error)) from error


def validate_moment(moment: datetime) -> None:
    """Raise `ValidationError` for a year that is a slip of the pen."""
    if not 2000 <= moment.year < 2100:
        raise ValidationError(_("Give a year of this century."))


call_sign_form = RegexValidator(
    r"^[A-Z0-9]{2,7}$", _("A call sign has 2 to 7 capital letters and digits, such as HVK4821.")
)


registration_form = RegexValidator(
    r"^[A-Z0-9-]{2,12}$", _("A registration has 2 to 12 capital letters, digits and hyphens.")
)


point_form = RegexValidator(
    r"^([A-Z]{2,5}|[0-9]{4}[NS][0-9]{5}[EW])$",
    _("Give a named point such as NOLGA, an aerodrome, or a position such as 4028N05003E."),
)


annual_number_form = RegexValidator(
    r"^EX[A-Z]{2}[0-9]{2}A[0-9]{4}(V|DG)?$",
    _("Give the number of an annual clearance, such as EXKZ26A0007."),
)


level_form = RegexValidator(r"^F[0-9]{3}$", _("Give a flight level, such as F250."))


clearance_form = RegexValidator(
    r"^[A-Z0-9]{2,20}$", _("A clearance number has 2 to 20 capital letters and digits.")
)


state_form = RegexValidator(r"^[A-Z]{2}$", _("Give the state's two-letter code, such as KZ."))


un_form = RegexValidator(
    r"^(UN|NA|ID)[0-9]{4}$", _("Give the number with its letters, such as UN0014.")
)


hazard_class_form = RegexValidator(
    r"^[1-9](\.[1-6])?[A-LNS]?$", _("Give class or division and letter, such as 3 or 1.4S.")
)


class QuantityField(models.DecimalField[Any, Any]):
    """A mass or volume to the gram or millilitre; empty where nothing is stated."""

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        fixed = {"max_digits": 10, "decimal_places": 3, "null": True, "blank": True}
        validators = {"validators": [MinValueValidator(0)]}
        super().__init__(verbose_name, **(validators | options | fixed))


class Statement(models.TextChoices):
    """The statement on dangerous goods; an empty table is no statement."""

    NONE = "NONE", _("No dangerous goods are being carried")
    LIST = "LIST", _("Dangerous goods as listed")


class Priority(models.TextChoices):
    """A reason to use another track than the purpose alone gives."""

    NONE = "NONE", _("None")
    VIP = "VIP", _("Official delegation (head of state, minister)")
    HUM = "HUM", _("Urgent humanitarian relief")
    MEDEVAC = "MEDEVAC", _("Medical evacuation")
    SAR = "SAR", _("Search and rescue")


class LegalBasis(models.TextChoices):
    """Under which instrument the flight is asked for."""

    TRANSIT_AGREEMENT = "TRANSIT", _("Transit agreement")
    OTHER_AGREEMENT = "OTHER", _("Another agreement")
    ORDINARY = "ORDINARY", _("Ordinary diplomatic clearance")


class Use(models.TextChoices):
    """What the aircraft is used for: use, not registration, makes a state aircraft (Art. 3(b))."""

    MILITARY = "MILITARY", _("Military service, military aircraft")
    CUSTOMS = "CUSTOMS", _("Customs service")
    POLICE = "POLICE", _("Police service")
    CHARTER = "CHARTER", _("Civil aircraft chartered for a military purpose")
    CIVIL = "CIVIL", _("Civil use")


class FlightRules(models.TextChoices):
    """Item 8 of the flight plan."""

    IFR = "I", _("I: instrument flight rules")
    VFR = "V", _("V: visual flight rules")
    IFR_FIRST = "Y", _("Y: instrument, then visual")
    VFR_FIRST = "Z", _("Z: visual, then instrument")


class Activity(models.TextChoices):
    """What the flight does on its way beside passing through."""

    NONE = "NONE", _("None: direct transit")
    REFUELLING = "AAR", _("Air-to-air refuelling")
    HOLDING = "HOLDING", _("Holding or orbit by choice")
    AIRDROP = "AIRDROP", _("Airdrop or parachuting")
    PATROL = "PATROL", _("Patrol or search")
    SENSORS = "SENSORS", _("Use of sensors")
    LOW_LEVEL = "LOW", _("Low-level flight")


class LeavesBehind(models.TextChoices):
    """What stays in the host state after the flight."""

    NOTHING = "NOTHING", _("Nothing and nobody")
    STORES = "STORES", _("Stores or equipment")
    DETACHMENT = "PERSONS", _("A detachment of persons")


class Clearance(models.TextChoices):
    """How the clearance of a state on the way stands, as the requesting side declares it."""

    NOT_STATED = "", _("not stated")
    REQUESTED = "REQUESTED", _("requested")
    GRANTED = "GRANTED", _("granted")


class Revision(FlightRow):
    """The form as it stood: numbered; the draft until a note encloses it, then frozen.

    Items follow the European Union's diplomatic clearance form and the questionnaires read with
    it. Everything may be empty in a draft; `transit.completeness` says what is
    missing. Times are UTC, masses kg.
    """

    noun = "revision"

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
    used_as = models.CharField(_("used as"), max_length=8, choices=Use, default=Use.MILITARY)
    aircraft_count = models.PositiveSmallIntegerField(
        _("number of aircraft"), default=1, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    escort = models.CharField(
        _("escort: aircraft types"), max_length=40, blank=True, validators=[validate_aircraft_types]
    )

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
    annual_number = models.CharField(
        _("annual clearance cited"), max_length=16, blank=True, validators=[annual_number_form]
    )
    short_notice_reason = models.TextField(
        _("justification of short notice"), max_length=1000, blank=True
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
    departs_at = models.DateTimeField(
        _("departure (UTC)"), null=True, blank=True, validators=[validate_moment]
    )
    arrives_at = models.DateTimeField(
        _("arrival (UTC)"), null=True, blank=True, validators=[validate_moment]
    )
    flight_rules = models.CharField(
        _("flight rules"), max_length=1, choices=FlightRules, default=FlightRules.IFR
    )
    cruise_level = models.CharField(
        _("cruise level"), max_length=4, blank=True, validators=[level_form]
    )
    cruise_knots = models.PositiveSmallIntegerField(
        _("cruise speed (kt)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(60), MaxValueValidator(600)],
    )
    route = models.TextField(_("route"), max_length=500, blank=True, validators=[validate_route])
    activity = models.CharField(
        _("activity on the way"), max_length=8, choices=Activity, default=Activity.NONE
    )
    leaves_behind = models.CharField(
        _("stays in the host state"),
        max_length=8,
        choices=LeavesBehind,
        default=LeavesBehind.NOTHING,
    )

    crew_count = models.PositiveSmallIntegerField(
        _("crew"), null=True, blank=True, validators=[MaxValueValidator(30)]
    )
    captain = models.CharField(_("captain: rank and name"), max_length=80, blank=True)
    passenger_count = models.PositiveSmallIntegerField(
        _("passengers"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    passengers = models.TextField(_("passengers: categories"), max_length=500, blank=True)
    principals = models.TextField(_("principal passengers"), max_length=500, blank=True)
    cargo = models.TextField(_("cargo"), max_length=500, blank=True)
    cargo_kg = models.PositiveIntegerField(
        _("cargo (kg)"), null=True, blank=True, validators=[MaxValueValidator(1000000)]
    )

    dangerous_goods = models.CharField(
        _("dangerous goods"), max_length=4, choices=Statement, blank=True
    )
    dangerous_goods_list = models.TextField(
        _("remarks on the dangerous goods"), max_length=1000, blank=True
    )
    has_personal_weapons = models.BooleanField(_("personal weapons"), null=True, blank=True)
    personal_weapons = models.TextField(
        _("personal weapons: kind, number, storage"), max_length=500, blank=True
    )
    has_ammunition = models.BooleanField(
        _("ammunition for personal weapons"), null=True, blank=True
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
        _("reports within the time allowed after the flight"), default=False
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

    @classmethod
    def form_items(cls) -> list[str]:
        """Return the names of the items of the form, without the book-keeping of the row."""
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
        """The track that follows from the form: a sensitive load keeps its own in any case."""
        if self.priority in (Priority.MEDEVAC, Priority.SAR):
            return "MEDEVAC"
        if self.announces_goods or self.has_special_equipment:
            return "SENSITIVE"
        return {Priority.HUM: "HUMANITARIAN", Priority.VIP: "VIP"}.get(
            Priority(self.priority), "STANDARD"
        )

    def received_at(self, at: datetime) -> datetime:
        """Return when the note with this form was handed over; what is not sent is at `at`.

        A supplement goes with the request that the host has.
        """
        is_unsent = self.enclosed_at is None and not self.flight.is_with_host
        return at if is_unsent else self.flight.received_at or at

    @property
    def announces_goods(self) -> bool:
        """Dangerous goods are stated to be on board, listed or not yet."""
        return self.dangerous_goods == Statement.LIST

    @property
    def has_special_equipment(self) -> bool:
        """Armament, sensors or electronic warfare equipment, declared or by type."""
        return (
            self.has_armament
            or self.has_sensors
            or self.has_electronic_warfare
            or self.is_sensor_aircraft
        )

    @property
    def is_sensor_aircraft(self) -> bool:
        """A type under the sensor rules, whatever is declared: radar, survey, patrol."""
        kind = reference.aircraft_types().get(self.aircraft_type)
        return kind is not None and kind.transport_regime == "special"

    @cached_property
    def is_covered(self) -> bool:
        """Say whether a valid annual number covers the form.

        Asked once: a row lives as long as a request, and an act reads its own.
        """
        return coverage.covers(self)

    @property
    def track(self) -> Track:
        """The track on which the host examines the form, as the agreement has it.

        A valid annual number opens its own track to what would else be examined as standard.
        """
        agreement, code = self.flight.agreement, self.track_code
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
    def aircraft(self) -> tuple[str, ...]:
        """The registrations that may fly: the aircraft and its spare."""
        return tuple(tail for tail in (self.registration, self.spare_registration) if tail)

    @property
    def digest(self) -> str:
        """SHA-256 of the form as enclosed, in hex; an item left at its default counts as unsaid."""
        form = {name: value for name, value in self.stated().items() if name in self.form_items()}
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

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="crossings")
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


class NetUnit(models.TextChoices):
    """The unit of a net quantity."""

    KG = "kg", _("kg")
    LITRES = "L", _("litres")


class DangerousGood(ExerciseRow):
    """One line of the list of dangerous goods (European Union form, items 41 to 48).

    Masses are kg; `net_quantity` is in `net_unit`. Judged by `rules.declaration`. Without points
    the goods are on board from departure to destination.
    """

    noun = "good"

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="goods")
    number = models.PositiveSmallIntegerField()
    un_number = models.CharField(_("UN number"), max_length=6, validators=[un_form])
    proper_shipping_name = models.CharField(_("proper shipping name"), max_length=200)
    hazard_class = models.CharField(
        _("class"), max_length=8, blank=True, validators=[hazard_class_form]
    )
    packing_group = models.CharField(
        _("packing group"),
        max_length=3,
        blank=True,
        choices=[(one, one) for one in ("I", "II", "III")],
    )
    packages = models.PositiveIntegerField(
        _("packages"), null=True, blank=True, validators=[MaxValueValidator(100000)]
    )
    gross_kg = QuantityField(_("gross mass (kg)"))
    net_quantity = QuantityField(_("net quantity"))
    net_unit = models.CharField(_("unit"), max_length=2, choices=NetUnit, default=NetUnit.KG)
    net_explosive_kg = QuantityField(_("net explosive quantity (kg)"))
    packing = models.CharField(_("packing"), max_length=80, blank=True)
    compliant = models.BooleanField(_("ICAO/IATA compliant"), null=True, blank=True)
    from_point = models.CharField(
        _("from"), max_length=4, blank=True, validators=[validate_aerodrome]
    )
    to_point = models.CharField(_("to"), max_length=4, blank=True, validators=[validate_aerodrome])

    class Meta(ExerciseRow.Meta):
        ordering = ("number",)
