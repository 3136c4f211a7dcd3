"""The items of the form, and how each must look.

Items follow the European Union's diplomatic clearance form and the questionnaires read with it.
Longer than most modules: a form is long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.utils.translation import gettext_lazy as _

from airspace import points, reference
from transit.sentences import sentence

if TYPE_CHECKING:
    from datetime import datetime


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


aerodrome_form = RegexValidator(
    r"^[A-Z]{4}$", _("Give the aerodrome's four-letter location indicator, such as UATE.")
)


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


#: Priorities for lives at stake: they go before all, whatever else is on board.
LIFE_SAVING = (Priority.MEDEVAC, Priority.SAR)


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
    STATE = "STATE", _("Other state service: civil protection, health, government transport")
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


class FormItems(models.Model):
    """What the form says. Everything may be empty in a draft; `transit.completeness` says what is
    missing. Times are UTC, masses kg.
    """

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
    crew_count = models.PositiveSmallIntegerField(
        _("crew"), null=True, blank=True, validators=[MaxValueValidator(30)]
    )
    captain = models.CharField(_("captain: rank and name"), max_length=80, blank=True)
    passenger_count = models.PositiveSmallIntegerField(
        _("passengers"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    attendant_count = models.PositiveSmallIntegerField(
        _("passengers who attend to the load"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1000)],
    )
    passengers = models.TextField(_("passengers: categories"), max_length=500, blank=True)
    principals = models.TextField(_("principal passengers"), max_length=500, blank=True)
    cargo = models.TextField(_("cargo"), max_length=500, blank=True)
    cargo_kg = models.PositiveIntegerField(
        _("cargo (kg)"), null=True, blank=True, validators=[MaxValueValidator(1000000)]
    )

    leaves_behind = models.CharField(
        _("stays in the host state"),
        max_length=8,
        choices=LeavesBehind,
        default=LeavesBehind.NOTHING,
    )
    stay_instrument = models.CharField(
        _("instrument that covers the stay"), max_length=120, blank=True
    )
    stays_until = models.DateTimeField(
        _("stays until (UTC)"), null=True, blank=True, validators=[validate_moment]
    )
    returns_by = models.CharField(_("return: how"), max_length=120, blank=True)
    property_list = models.TextField(_("property list"), max_length=2000, blank=True)
    consignee = models.CharField(_("consignee"), max_length=120, blank=True)
    end_user = models.CharField(_("end-user"), max_length=120, blank=True)

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

    class Meta:
        abstract = True

    @classmethod
    def form_items(cls) -> list[str]:
        """Return the names of the items of the form, without the book-keeping of the row."""
        return [field.name for field in FormItems._meta.concrete_fields]

    def clean(self) -> None:
        """Raise `ValidationError` for items that contradict each other, even in a draft."""
        faults: dict[str, Any] = {}
        if self.departs_at and self.arrives_at and self.arrives_at <= self.departs_at:
            faults["arrives_at"] = _("The arrival is not after the departure.")
        if self.departs_at and self.stays_until and self.stays_until <= self.departs_at:
            faults["stays_until"] = _("The return is not after the departure.")
        if self.spare_registration and self.spare_registration == self.registration:
            faults["spare_registration"] = _("The spare aircraft is the aircraft itself.")
        if self.spare_call_sign and self.spare_call_sign == self.call_sign:
            faults["spare_call_sign"] = _("The spare call sign is the call sign itself.")
        if faults:
            raise ValidationError(faults)

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

    @property
    def is_unmanned(self) -> bool:
        """A type that flies without anybody on board."""
        kind = reference.aircraft_types().get(self.aircraft_type)
        return kind is not None and kind.role == "unmanned"

    @property
    def aircraft(self) -> tuple[str, ...]:
        """The registrations that may fly: the aircraft and its spare."""
        return tuple(tail for tail in (self.registration, self.spare_registration) if tail)
