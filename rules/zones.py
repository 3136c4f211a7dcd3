"""Prohibited and restricted zones: does the route meet one while it is active? All are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import zones
from exercises.models import Role
from rules.book import Hit, rule
from transit.mapping import state_name
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rules.book import Case

ORDER = "Kazakh order No. 250 of 2 June 2020, adilet.zan.kz/eng/docs/V2000020818"


@rule(
    "ZONE_CROSSED",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    says=lazy(
        "A prohibited or restricted zone of the host needs a special permit of its defence "
        "ministry first, agreed by State Guard and security; or another route is offered."
    ),
    clause="SOP 7.1 Prohibited and restricted zones",
    source=ORDER,
    situations=(28, 29),
)
def crosses_a_zone_of_the_host(case: Case) -> Iterator[Hit]:
    for hit in _met(case):
        if hit.zone.state == case.flight.host:
            yield Hit(
                f"{_said(hit)} " + _("A special permit is needed first."), about=hit.zone.code
            )


@rule(
    "ZONE_ELSEWHERE",
    Severity.NOTIFY,
    Role.AIR_DEFENCE,
    says=lazy("A zone of another state on the way is that state's to permit."),
    clause="SOP 7.1 Prohibited and restricted zones",
)
def crosses_a_zone_elsewhere(case: Case) -> Iterator[Hit]:
    for hit in _met(case):
        if hit.zone.state != case.flight.host:
            state = state_name(hit.zone.state, case.agreement)
            yield Hit(f"{state}: {_said(hit)}", about=hit.zone.code)


def _met(case: Case) -> list[zones.Hit]:
    """Return the active zones that the route meets, each where it meets it first."""
    if case.route is None:
        return []
    level = case.revision.cruise_level
    met = zones.hits(
        case.route,
        departs_at=case.revision.departs_at,
        knots=case.knots,
        level=int(level[1:]) if level else None,
    )
    return list({hit.zone.code: hit for hit in reversed(met)}.values())[::-1]


def _said(hit: zones.Hit) -> str:
    zone = hit.zone
    kind = {"prohibited": _("prohibited"), "restricted": _("restricted")}[zone.kind]
    return _(
        "%(code)s %(name)s (%(kind)s, %(lower)s to F%(upper)03d), from %(entry).0f NM%(entered)s "
        "to %(exit).0f NM%(left)s."
    ) % {
        "code": zone.code,
        "name": zone.name,
        "kind": kind,
        "lower": f"F{zone.lower:03}" if zone.lower else _("ground"),
        "upper": zone.upper,
        "entry": hit.entry.distance_nm,
        "entered": _clock(hit.entered_at),
        "exit": hit.exit.distance_nm,
        "left": _clock(hit.left_at),
    }


def _clock(at: datetime | None) -> str:
    return at.strftime(", %H:%MZ") if at else ""
