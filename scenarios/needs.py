"""What kinds need of a dossier to be planted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airspace import reference

if TYPE_CHECKING:
    from scenarios.book import Needs
    from scenarios.dossier import Dossier

#: Purposes that may carry arms.
MAY_BE_ARMED = ("MILITARY", "EXERCISE")


def of_turkiye(dossier: Dossier) -> bool:
    """A Turkish flight crosses the Caspian as one of no littoral state."""
    return dossier.requesting_state == "TR"


def of_kazakhstan(dossier: Dossier) -> bool:
    """A Kazakh flight, to which the rules of the Caspian do not apply."""
    return dossier.requesting_state == "KZ"


def plain(dossier: Dossier) -> bool:
    """No dangerous goods and no priority: the standard track."""
    return not dossier.goods and dossier.form["priority"] == "NONE"


def without_goods(dossier: Dossier) -> bool:
    return not dossier.goods


def with_goods(dossier: Dossier) -> bool:
    return bool(dossier.goods)


def in_working_days(dossier: Dossier) -> bool:
    """A track whose notice is counted in working days."""
    return dossier.form["priority"] in ("NONE", "VIP")


def with_passengers(dossier: Dossier) -> bool:
    return bool(dossier.form["passenger_count"])


def with_delegation(dossier: Dossier) -> bool:
    return "principals" in dossier.form


def explosive(dossier: Dossier) -> bool:
    """Goods of class 1."""
    return any(line["hazard_class"].startswith("1.") for line in dossier.goods)


def armable(dossier: Dossier) -> bool:
    return dossier.form["category"] in MAY_BE_ARMED and dossier.form["priority"] == "NONE"


def of_no_exercise(dossier: Dossier) -> bool:
    """What stays for an exercise is asked about, and not referred."""
    return bool(dossier.form["category"] != "EXERCISE")


def overflies_host(dossier: Dossier) -> bool:
    return not dossier.corridor.ends_in_host


def carrying(*un_numbers: str) -> Needs:
    """Need goods of one of these numbers."""

    def needs(dossier: Dossier) -> bool:
        return any(line["un_number"] in un_numbers for line in dossier.goods)

    return needs


def all_of(*needed: Needs) -> Needs:
    """Need several things together."""

    def needs(dossier: Dossier) -> bool:
        return all(one(dossier) for one in needed)

    return needs


def with_limit(dossier: Dossier) -> bool:
    """An aircraft of which it is known how much it carries."""
    kind = reference.aircraft_types()[dossier.form["aircraft_type"]]
    return kind.max_passengers is not None and kind.max_payload_kg is not None
