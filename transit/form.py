"""The form as people see it: sections, and of each item all that is said of it, in one table.

The column itself, with its name and what is never right in it, stands in `transit.models.items`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from casework.typed import MOMENT_HINT
from transit.models import Revision

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Item:
    """One item. `needed`: no form may leave it empty; `asks`: how it is asked for on the page.

    Of `asks`, "code" and "codes" are typed in capitals, "codes" parted by a blank; "text" takes
    several lines, as does "route", in capitals; "statement" is yes, no or not answered; "number"
    and "moment" say themselves.
    `unit` is one of `casework.typed.UNITS`; `label` is what the page says where it stands beside
    the item. `width` is in characters, none: the whole column; `across`: both columns.
    """

    name: str
    asks: str = ""
    needed: bool = False
    width: int | None = None
    across: bool = False
    unit: str = ""
    label: _StrPromise | str = ""
    hint: _StrPromise | str = ""

    @property
    def place(self) -> str:
        """The width as style sheets know it."""
        return str(self.width or "full")


@dataclass(frozen=True)
class Section:
    """A part of the form: its name in the page, its title, what it is about, its items.

    `table` is the one of the form's tables that follows it.
    """

    code: str
    title: _StrPromise
    about: _StrPromise
    items: tuple[Item, ...]
    table: str = ""


#: What is packed in the hold, such as a drone, is no equipment of the aircraft.
OF_THE_AIRCRAFT = _("Of the aircraft itself. What is packed as a load stands under cargo.")

SECTIONS = (
    Section(
        "aircraft",
        _("Aircraft"),
        _("Who flies, in which aircraft, and in which one if that fails."),
        (
            Item(
                "call_sign",
                asks="code",
                needed=True,
                width=12,
                hint=_("As in item 7 of the flight plan, such as HVK4821."),
            ),
            Item("spare_call_sign", asks="code", width=12),
            Item(
                "registration",
                asks="code",
                needed=True,
                width=12,
                hint=_("Tail or serial number; spaces are ignored."),
            ),
            Item("spare_registration", asks="code", width=12),
            Item(
                "aircraft_type",
                asks="code",
                needed=True,
                width=12,
                hint=_("ICAO designator, such as A400."),
            ),
            Item(
                "aircraft_count",
                asks="number",
                width=4,
                hint=_("1 to 4; one request for each formation."),
            ),
            Item("operator", needed=True),
            Item(
                "used_as",
                hint=_(
                    "Use makes a state aircraft, not its registration (Chicago Convention, Art. 3)."
                ),
            ),
            Item(
                "escort",
                asks="codes",
                hint=_("ICAO designators of aircraft that go along, such as F16 F4."),
            ),
        ),
    ),
    Section(
        "purpose",
        _("Purpose"),
        _("Why the flight is made, and under which instrument it is asked for."),
        (
            Item("category", needed=True),
            Item("priority"),
            Item("legal_basis", needed=True),
            Item(
                "annual_number",
                asks="code",
                width=12,
                hint=_("If the flight is made under one, such as EXKZ26A0007."),
            ),
            Item(
                "purpose",
                asks="text",
                needed=True,
                across=True,
                hint=_("20 to 500 characters, in accordance with the category."),
            ),
            Item(
                "short_notice_reason",
                asks="text",
                across=True,
                hint=_("Only where the host gets less notice than it asks for."),
            ),
        ),
    ),
    Section(
        "itinerary",
        _("Itinerary"),
        _("From where to where, in UTC."),
        (
            Item(
                "departure",
                asks="code",
                needed=True,
                width=8,
                hint=_("Four-letter ICAO code, such as LTAU."),
            ),
            Item(
                "departs_at",
                asks="moment",
                needed=True,
                width=12,
                label=_("departure"),
                hint=MOMENT_HINT,
            ),
            Item(
                "destination",
                asks="code",
                needed=True,
                width=8,
                hint=_("Four-letter ICAO code, such as UTDD."),
            ),
            Item(
                "arrives_at",
                asks="moment",
                needed=True,
                width=12,
                label=_("arrival"),
                hint=MOMENT_HINT,
            ),
            Item("alternates", asks="codes", hint=_("ICAO codes, such as UZSS UZTT.")),
            Item("flight_rules"),
            Item(
                "cruise_level",
                asks="code",
                needed=True,
                width=8,
                hint=_("The lowest flown in cruise, such as F250."),
            ),
            Item(
                "cruise_knots",
                asks="number",
                width=8,
                unit="kt",
                label=_("cruise speed"),
                hint=_("True airspeed; without it, that of the type is taken."),
            ),
            Item(
                "route",
                asks="route",
                needed=True,
                across=True,
                hint=_(
                    "Points in order of flight, from departure to destination, as in item 15 of "
                    "the flight plan: LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD."
                ),
            ),
            Item("activity", hint=_("Anything but direct transit, anywhere on the way.")),
        ),
        table="crossings",
    ),
    Section(
        "load",
        _("Crew, passengers and cargo"),
        _("Who and what is on board."),
        (
            Item("crew_count", asks="number", needed=True, width=4),
            Item("passenger_count", asks="number", needed=True, width=4),
            Item(
                "attendant_count",
                asks="number",
                width=4,
                hint=_("Of the passengers: who accompanies a consignment. Counted above."),
            ),
            Item("captain", needed=True, hint=_("Fictional names only.")),
            Item(
                "cargo_kg", asks="number", needed=True, width=8, unit="kg", label=_("cargo, mass")
            ),
            Item(
                "passengers",
                asks="text",
                across=True,
                hint=_("Who they are, by category and number."),
            ),
            Item(
                "principals",
                asks="text",
                across=True,
                hint=_("Title and name; fictional names only."),
            ),
            Item("cargo", asks="text", needed=True, across=True),
        ),
    ),
    Section(
        "stay",
        _("What ends or stays in the host state"),
        _("Persons and equipment of an exercise, and cargo that is handed over."),
        (
            Item("leaves_behind", across=True),
            Item(
                "stay_instrument", hint=_("Such as the memorandum on the exercise, with its date.")
            ),
            Item(
                "stays_until",
                asks="moment",
                width=12,
                label=_("stays until"),
                hint=MOMENT_HINT,
            ),
            Item("returns_by", hint=_("The flight or other way by which it goes home.")),
            Item(
                "property_list",
                asks="text",
                across=True,
                hint=_(
                    "One line for each kind: number; what; serial numbers. Such as 2; radio set; "
                    "EX4411 EX4412."
                ),
            ),
            Item("consignee", hint=_("Of cargo that is handed over in the host state.")),
            Item("end_user", hint=_("Of military cargo, and of drones carried as cargo.")),
        ),
    ),
    Section(
        "declarations",
        _("Dangerous goods, weapons and equipment"),
        _("A statement on each is needed, also where there is nothing to declare."),
        (
            Item(
                "dangerous_goods",
                needed=True,
                across=True,
                hint=_("An empty list is no statement: choose one."),
            ),
            Item(
                "dangerous_goods_list",
                asks="text",
                across=True,
                hint=_("What the lines below do not say."),
            ),
            Item("has_personal_weapons", asks="statement", needed=True),
            Item("has_ammunition", asks="statement"),
            Item("personal_weapons", asks="text", across=True),
            Item("has_sensors", asks="statement", needed=True, hint=OF_THE_AIRCRAFT),
            Item("has_armament", asks="statement", needed=True, hint=OF_THE_AIRCRAFT),
            Item("has_electronic_warfare", asks="statement", needed=True, hint=OF_THE_AIRCRAFT),
            Item(
                "equipment",
                asks="text",
                across=True,
                hint=_("What is fitted, and that it is off, inactive or sealed."),
            ),
        ),
        table="goods",
    ),
    Section(
        "contact",
        _("Contact and remarks"),
        _("Whom the host state reaches, day and night."),
        (
            Item("contact_name", needed=True),
            Item("contact_phone", needed=True, hint=_("Reached day and night; fictional.")),
            Item("contact_email", needed=True),
            Item("remarks", asks="text", across=True),
        ),
    ),
    Section(
        "undertakings",
        _("Undertakings"),
        _("The requesting state binds itself."),
        (
            Item("undertakes_route", needed=True, across=True),
            Item("undertakes_sensors", needed=True, across=True),
            Item("undertakes_changes", needed=True, across=True),
            Item("undertakes_report", needed=True, across=True),
        ),
    ),
)

#: The tables of the form, told line by line.
TABLES = {
    "crossings": _("Crossings"),
    "goods": _("Dangerous goods, line by line"),
}

ITEMS = {item.name: item for section in SECTIONS for item in section.items}

#: Items that no form may leave empty.
NEEDED = tuple(item.name for item in ITEMS.values() if item.needed)


def place_of(name: str) -> str:
    """Return the id of an item, or of a table, on the page of the form."""
    return name if name in TABLES else f"id_{name}"


def label_of(name: str) -> str:
    """Return what the page calls an item of the form. Raises `KeyError` for what is none."""
    label = ITEMS[name].label
    return str(label or Revision._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def asked_as(*kinds: str) -> list[str]:
    """Return the items that are asked for in one of these ways, in the order of the form."""
    return [item.name for item in ITEMS.values() if item.asks in kinds]
