"""Mistakes with an annual number: it is cited, and does not cover the flight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from scenarios import needs, register
from scenarios.book import Decision, defect

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots
    from scenarios.register import Entry

SINGLE = lazy("Strike the number, or cite one that covers the flight.")
NEW_YEARS_EVE = datetime(2026, 12, 31, tzinfo=UTC)

#: When it is still the old year in UTC and the new one at the host.
AFTER_MIDNIGHT = {"KZ": timedelta(hours=20, minutes=10), "TR": timedelta(hours=21, minutes=40)}


def cite(dossier: Dossier, entry: Entry, *, years: int = 0) -> None:
    """Cite a number of the register, of the year of the flight or so many years from it."""
    year = dossier.entry["entry_at"].year + years
    dossier.form["annual_number"] = entry.number(dossier.host, year)


def _usual(dossier: Dossier) -> bool:
    """A purpose of the usual number, without anything that needs a single clearance."""
    return needs.without_goods(dossier) and dossier.form["category"] in register.USUAL.categories


@defect(
    "ANNUAL_INVENTED",
    lazy("The host has issued no annual number of that kind."),
    mending=SINGLE,
    desk=Role.REGISTRY,
    facts=("annual_number",),
    codes=("ANNUAL_ALONE", "ANNUAL_UNKNOWN"),
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(5,),
)
def number_is_invented(dossier: Dossier, lots: Lots) -> None:
    year = dossier.entry["entry_at"].year % 100
    dossier.form["annual_number"] = f"EX{dossier.host}{year:02}A{lots.between(400, 900):04}"


@defect(
    "ANNUAL_OF_OWN_STATE",
    lazy("The annual number cited is one that the requesting state itself has issued."),
    mending=SINGLE,
    desk=Role.REGISTRY,
    facts=("annual_number",),
    codes=("ANNUAL_ALONE", "ANNUAL_UNKNOWN"),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(5, 63),
)
def number_is_of_the_own_state(dossier: Dossier, lots: Lots) -> None:
    year = dossier.entry["entry_at"].year
    dossier.form["annual_number"] = register.USUAL.number(dossier.requesting_state, year)


@defect(
    "ANNUAL_LAST_YEAR",
    lazy("The annual number is that of last year."),
    mending=SINGLE,
    desk=Role.REGISTRY,
    facts=("annual_number", "crossings.entry_at"),
    codes=("ANNUAL_ALONE", "ANNUAL_YEAR"),
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(6,),
    needs=_usual,
)
def number_is_of_last_year(dossier: Dossier, lots: Lots) -> None:
    cite(dossier, register.USUAL, years=-1)


@defect(
    "ANNUAL_NEW_YEAR",
    lazy("The host is entered after its midnight of the new year: the old number is over."),
    mending=SINGLE,
    desk=Role.REGISTRY,
    facts=("annual_number", "crossings.entry_at"),
    codes=("ANNUAL_ALONE", "ANNUAL_YEAR"),
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(6,),
    needs=lambda dossier: _usual(dossier) and dossier.form["departs_at"] > NEW_YEARS_EVE,
)
def enters_in_the_new_year(dossier: Dossier, lots: Lots) -> None:
    enters_at = NEW_YEARS_EVE + AFTER_MIDNIGHT[dossier.host] + timedelta(minutes=lots.below(60))
    dossier.fly_earlier(dossier.entry["entry_at"] - enters_at)
    cite(dossier, register.USUAL)
    dossier.send_in_time()


@defect(
    "ANNUAL_OTHER_CATEGORY",
    lazy("The annual number does not cover the category of the flight."),
    mending=SINGLE,
    desk=Role.DEFENCE,
    facts=("annual_number", "category"),
    codes=("ANNUAL_ALONE", "ANNUAL_CATEGORY"),
    cues=1,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK,),
    situations=(8,),
    needs=lambda dossier: (
        needs.without_goods(dossier) and dossier.form["category"] not in register.USUAL.categories
    ),
)
def number_is_of_other_categories(dossier: Dossier, lots: Lots) -> None:
    cite(dossier, register.USUAL)


@defect(
    "ANNUAL_AND_GOODS",
    lazy("An annual number is cited for dangerous goods, which need a single clearance."),
    mending=SINGLE,
    desk=Role.DEFENCE,
    facts=("annual_number", "goods.un_number"),
    codes=("ANNUAL_ALONE", "ANNUAL_DANGEROUS_GOODS"),
    cues=2,
    plausible=3,
    decision=Decision.AUTHORIZE,
    also=(Decision.ASK,),
    situations=(42,),
    needs=lambda dossier: (
        needs.with_goods(dossier) and dossier.form["category"] in register.USUAL.categories
    ),
)
def number_is_cited_for_goods(dossier: Dossier, lots: Lots) -> None:
    cite(dossier, register.USUAL)


@defect(
    "ANNUAL_AND_JAMMER",
    lazy("An annual number is cited for electronic warfare equipment, which it does not cover."),
    mending=SINGLE,
    desk=Role.DEFENCE,
    facts=("annual_number", "has_electronic_warfare"),
    codes=("ANNUAL_ALONE", "ANNUAL_SENSITIVE", "EW_DECLARED"),
    cues=2,
    plausible=3,
    decision=Decision.AUTHORIZE,
    also=(Decision.ASK,),
    situations=(49,),
    needs=lambda dossier: _usual(dossier) and needs.in_working_days(dossier),
)
def number_is_cited_for_a_jammer(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {
        "has_electronic_warfare": True,
        "equipment": "Self-protection suite, off and without cartridges throughout.",
    }
    cite(dossier, register.USUAL)
    dossier.send_in_time()


@defect(
    "ANNUAL_SUSPENDED",
    lazy("The annual number is suspended."),
    mending=SINGLE,
    desk=Role.REGISTRY,
    facts=("annual_number",),
    codes=("ANNUAL_ALONE", "ANNUAL_NOT_IN_FORCE"),
    cues=1,
    plausible=2,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("BREACH",),
    needs=lambda dossier: (
        needs.without_goods(dossier) and dossier.form["category"] in register.SUSPENDED.categories
    ),
)
def number_is_suspended(dossier: Dossier, lots: Lots) -> None:
    cite(dossier, register.SUSPENDED)
