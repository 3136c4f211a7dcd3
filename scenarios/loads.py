"""What dossiers carry, in which aircraft, and who flies them. People and tails are fictional."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transit.drafting import Items

#: Aircraft types by requesting state and service, with the levels at which they cruise.
FLEET: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "TR": {
        "transport": {
            "A400": ("F250", "F270", "F290"),
            "C30J": ("F230", "F250"),
            "C130": ("F210", "F230"),
        },
        "vip": {"GLF5": ("F390", "F410"), "A319": ("F350", "F370")},
    },
    "KZ": {
        "transport": {
            "A400": ("F240", "F260", "F280"),
            "IL76": ("F300", "F320"),
            "AN12": ("F220", "F240"),
        },
        "vip": {"A320": ("F340", "F360")},
    },
}

OPERATORS = {"TR": "Turkish Air Force", "KZ": "Air Defence Forces of Kazakhstan"}
CALL_SIGNS = {"TR": "HVK4{:03}", "KZ": "KAF2{:03}"}
TAILS = {"TR": "99-01{:02}", "KZ": "04{:02}"}
PHONES = {"TR": "+90 312 000 00 {:02}", "KZ": "+7 7172 00 00 {:02}"}

#: Ranks of captains and of duty officers, first and last names; the last ones say "example".
RANKS = {
    "TR": (("Binbaşı", "Yüzbaşı", "Yarbay"), ("Yüzbaşı", "Üsteğmen")),
    "KZ": (("Major", "Captain", "Lieutenant Colonel"), ("Captain", "Senior Lieutenant")),
}
FIRST_NAMES = {
    "TR": ("Deniz", "Ece", "Umut", "Derya", "Toprak", "Güneş", "Evren", "Yağmur"),
    "KZ": ("Aidar", "Aliya", "Samal", "Dana", "Nurlan", "Zhanar", "Arman", "Madina"),
}
LAST_NAMES = {
    "TR": ("Örnek", "Deneme", "Sınama", "Tatbikat", "Benzetim", "Talim"),
    "KZ": ("Mysal", "Synaq", "Ulgi", "Zhattygu", "Tazhiribe", "Okuly"),
}


@dataclass(frozen=True)
class Load:
    """A load that fits its purpose. `purpose` may name the `town` to which it goes.

    `kg` and `passengers` are the least and the most; `who` the passengers are, `goods` the lines of
    dangerous goods. All `passengers` attend to the load where they are said to.
    """

    code: str
    category: str
    purpose: str
    cargo: str
    kg: tuple[int, int]
    passengers: tuple[int, int] = (0, 0)
    who: str = ""
    priority: str = "NONE"
    service: str = "transport"
    principals: str = ""
    goods: tuple[Items, ...] = ()
    attend: bool = False


def _line(un_number: str, name: str, hazard_class: str, **items: object) -> Items:
    return {
        "un_number": un_number,
        "proper_shipping_name": name,
        "hazard_class": hazard_class,
        "compliant": True,
        **items,
    }


VENTILATORS = _line(
    "UN3481",
    "Lithium ion batteries contained in equipment",
    "9",
    packages=24,
    gross_kg=Decimal(720),
    net_quantity=Decimal(96),
    packing="Fibreboard boxes",
)
CELLS = _line(
    "UN3480",
    "Lithium ion batteries",
    "9",
    packages=4,
    gross_kg=Decimal(120),
    net_quantity=Decimal(100),
    packing="Fibreboard boxes",
)
FUEL = _line(
    "UN1863",
    "Fuel, aviation, turbine engine",
    "3",
    packing_group="III",
    packages=20,
    gross_kg=Decimal(360),
    net_quantity=Decimal(400),
    net_unit="L",
    packing="Jerricans",
)
BLANKS = _line(
    "UN0014",
    "Cartridges, small arms, blank",
    "1.4S",
    packages=8,
    gross_kg=Decimal(160),
    net_quantity=Decimal(120),
    net_explosive_kg=Decimal(6),
    packing="Wooden boxes",
)
BALL = _line(
    "UN0339",
    "Cartridges for weapons, inert projectile",
    "1.4C",
    packages=20,
    gross_kg=Decimal(900),
    net_quantity=Decimal(700),
    net_explosive_kg=Decimal(60),
    packing="Wooden boxes",
)

FLARES = _line(
    "UN0403",
    "Flares, aerial",
    "1.4G",
    packages=10,
    gross_kg=Decimal(150),
    net_quantity=Decimal(100),
    net_explosive_kg=Decimal(20),
    packing="Wooden boxes",
)

LOADS = (
    Load(
        "RELIEF",
        "HUMANITARIAN",
        "Relief goods after the flood, for the disaster authority in {town}.",
        "Tents, blankets and water filters; consignor and consignee on the load list.",
        kg=(6000, 15000),
        passengers=(4, 12),
        who="{count} members of the relief team.",
    ),
    Load(
        "VENTILATORS",
        "HUMANITARIAN",
        "Medical equipment for the hospitals of {town}, given after the earthquake.",
        "24 ventilators with their batteries built in; hospital beds.",
        kg=(3000, 7000),
        passengers=(2, 4),
        who="{count} medical technicians.",
        goods=(VENTILATORS,),
    ),
    Load(
        "GENERATORS",
        "HUMANITARIAN",
        "Power supply of a field hospital near {town}, after the earthquake.",
        "Generators, cables, and turbine fuel in jerricans.",
        kg=(5000, 11000),
        passengers=(3, 6),
        who="{count} engineers of the field hospital.",
        goods=(FUEL,),
    ),
    Load(
        "URGENT_RELIEF",
        "HUMANITARIAN",
        "Search equipment and rescuers, hours after the earthquake near {town}.",
        "Listening devices, shoring timber, stretchers.",
        kg=(2000, 6000),
        passengers=(12, 30),
        who="{count} rescuers.",
        priority="HUM",
    ),
    Load(
        "MEDEVAC",
        "HUMANITARIAN",
        "Evacuation of patients with burns who are treated in the clinics of {town}.",
        "Stretchers and monitors of the medical crew.",
        kg=(400, 900),
        passengers=(6, 12),
        who="{count} patients and attendants.",
        priority="MEDEVAC",
    ),
    Load(
        "TROOPS",
        "EXERCISE",
        "Transport of the company that takes part in the disaster-relief exercise near {town}.",
        "Baggage, field kitchen, tents.",
        kg=(3000, 7000),
        passengers=(30, 80),
        who="{count} soldiers of the engineer company.",
    ),
    Load(
        "BLANKS",
        "EXERCISE",
        "Support of the joint exercise near {town}: instructors and their training stores.",
        "Targets, radios, and blank cartridges for the exercise.",
        kg=(1500, 4000),
        passengers=(20, 40),
        who="{count} instructors.",
        goods=(BLANKS,),
    ),
    Load(
        "SPARES",
        "MILITARY",
        "Spare parts and a propeller for the transport aircraft under repair at {town}.",
        "One propeller in its crate, landing-gear parts, tools.",
        kg=(2500, 6000),
        passengers=(2, 6),
        who="{count} technicians.",
    ),
    Load(
        "BATTERIES",
        "MILITARY",
        "Replacement of the radio stock of the training centre in {town}.",
        "Field radios, antennas, and spare batteries packed by themselves.",
        kg=(1200, 3500),
        goods=(CELLS,),
    ),
    Load(
        "AMMUNITION",
        "MILITARY",
        "Return of small-arms ammunition after joint range training, through {town}.",
        "Small-arms cartridges in boxes, sealed by the range officer.",
        kg=(2000, 6000),
        passengers=(2, 2),
        who="{count} attendants of the consignment.",
        goods=(BALL,),
        attend=True,
    ),
    Load(
        "DIPLOMATIC",
        "DIPLOMATIC_CARGO",
        "Diplomatic bags and furniture of the embassy, on the way to {town}.",
        "Sealed diplomatic bags, office furniture.",
        kg=(800, 3000),
        passengers=(2, 2),
        who="{count} diplomatic couriers.",
    ),
    Load(
        "DELEGATION",
        "OFFICIAL_DELEGATION",
        "Visit of the delegation of the Ministry of Culture to {town}.",
        "Baggage and gifts of the delegation.",
        kg=(200, 700),
        passengers=(8, 14),
        who="{count} members of the delegation.",
        priority="VIP",
        service="vip",
        principals="Deputy Minister of Culture {name}",
    ),
)
