"""The annual number: does it cover this flight? It never admits one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from rules.book import Hit, rule
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from rules.book import Look, Matter

DIGESTS = "press digests of the 2024 resolution (annual number, calendar year, five categories)"


def _uncovered(code: str, said: _StrPromise) -> Look:
    """Return the look of a rule for one way in which an annual number does not cover a flight."""

    def look(matter: Matter) -> Iterator[Hit]:
        if code in matter.revision.uncovered:
            yield Hit(str(said) % {"number": matter.revision.annual_number})

    return look


rule(
    "ANNUAL_UNKNOWN",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=("annual_number",),
    says=lazy("An annual number that is cited was issued by the host to the requesting state."),
    clause="SOP 5.1 Annual clearance",
    source=DIGESTS,
    situations=(5,),
)(_uncovered("ANNUAL_UNKNOWN", lazy("The host has issued no annual number %(number)s.")))

rule(
    "ANNUAL_NOT_IN_FORCE",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=("annual_number",),
    says=lazy("An annual number that is cited is neither suspended nor revoked."),
    clause="SOP 5.1 Annual clearance",
    source="Kazakhstan-United Kingdom agreement of 2014 (an issued permit may be ended; pattern)",
)(_uncovered("ANNUAL_NOT_IN_FORCE", lazy("%(number)s is not in force.")))

rule(
    "ANNUAL_YEAR",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=("annual_number", "crossings.entry_at", "crossings.exit_at"),
    says=lazy("An annual number is valid for its calendar year, by the host's local time."),
    clause="SOP 5.4 The year is the host's",
    source=f"{DIGESTS}. That the host's clock decides is a training default",
    situations=(6,),
)(
    _uncovered(
        "ANNUAL_YEAR", lazy("The flight lies outside the year of %(number)s, in host local time.")
    )
)

rule(
    "ANNUAL_CATEGORY",
    Severity.BLOCK,
    Role.DEFENCE,
    facts=("annual_number", "category"),
    says=lazy("An annual number covers the categories for which it was granted."),
    clause="SOP 5.1 Annual clearance",
    source=DIGESTS,
    situations=(8,),
)(_uncovered("ANNUAL_CATEGORY", lazy("%(number)s does not cover this category of purpose.")))

rule(
    "ANNUAL_DANGEROUS_GOODS",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("annual_number", "dangerous_goods", "goods.un_number"),
    says=lazy("Dangerous goods are not covered by an annual number."),
    clause="SOP 5.1 Annual clearance",
    source=(
        "EDA arrangement, of goods that do not comply with ICAO/IATA; of the others a training "
        "default"
    ),
    situations=(8, 42),
)(
    _uncovered(
        "ANNUAL_DANGEROUS_GOODS",
        lazy("The goods need a single clearance: %(number)s shortens nothing here."),
    )
)

rule(
    "ANNUAL_SENSITIVE",
    Severity.QUERY,
    Role.DEFENCE,
    facts=(
        "annual_number",
        "aircraft_type",
        "has_armament",
        "has_sensors",
        "has_electronic_warfare",
    ),
    says=lazy("Armament, sensors and electronic warfare are not covered by an annual number."),
    clause="SOP 5.1 Annual clearance",
)(
    _uncovered(
        "ANNUAL_SENSITIVE",
        lazy("The equipment needs a single clearance: %(number)s shortens nothing here."),
    )
)


@rule(
    "ANNUAL_ALONE",
    Severity.NOTIFY,
    Role.REGISTRY,
    facts=("annual_number",),
    says=lazy("An annual number alone admits no flight: each flight is authorized."),
    clause="SOP 5.2 Prior authorization for each flight",
    source="statements on the 2024 agreement: only with prior authorization for each flight",
    situations=(7,),
)
def annual_number_is_cited(matter: Matter) -> Iterator[Hit]:
    if matter.revision.annual_number:
        yield Hit(
            _("%(number)s makes the flight eligible; this request still asks for its own number.")
            % {"number": matter.revision.annual_number}
        )
