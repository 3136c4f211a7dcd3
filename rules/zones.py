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

    from rules.book import Matter

ORDER = "Kazakh order No. 250 of 2 June 2020, adilet.zan.kz/eng/docs/V2000020818"

#: What says where the flight is, how high and when; without a speed, that of the type counts.
FACTS = ("route", "departs_at", "cruise_level", "cruise_knots", "aircraft_type")


@rule(
    "ZONE_CROSSED",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=FACTS,
    says=lazy(
        "A prohibited or restricted zone of the host needs a special permit of its defence "
        "ministry first, agreed by State Guard and security; or another route is offered."
    ),
    clause="SOP 7.1 Prohibited and restricted zones",
    source=ORDER,
    situations=(28, 29),
)
def crosses_a_zone_of_the_host(matter: Matter) -> Iterator[Hit]:
    for one in _met(matter):
        if one.zone.state == matter.flight.host:
            yield Hit(
                f"{_said(one)} " + _("A special permit is needed first."), about=one.zone.code
            )


@rule(
    "ZONE_ELSEWHERE",
    Severity.NOTIFY,
    Role.AIR_DEFENCE,
    facts=FACTS,
    says=lazy("A zone of another state on the way is that state's to permit."),
    clause="SOP 7.1 Prohibited and restricted zones",
)
def crosses_a_zone_elsewhere(matter: Matter) -> Iterator[Hit]:
    for one in _met(matter):
        if one.zone.state != matter.flight.host:
            state = state_name(one.zone.state, matter.agreement)
            yield Hit(f"{state}: {_said(one)}", about=one.zone.code)


def _met(matter: Matter) -> list[zones.Encounter]:
    """Return the active zones that the route meets, each where it meets it first."""
    if matter.route is None:
        return []
    level = matter.revision.cruise_level
    met = zones.encounters(
        matter.route,
        departs_at=matter.revision.departs_at,
        knots=matter.knots,
        level=int(level[1:]) if level else None,
    )
    return list({one.zone.code: one for one in reversed(met)}.values())[::-1]


def _said(one: zones.Encounter) -> str:
    zone = one.zone
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
        "entry": one.entry.distance_nm,
        "entered": _clock(one.entered_at),
        "exit": one.exit.distance_nm,
        "left": _clock(one.left_at),
    }


def _clock(at: datetime | None) -> str:
    return at.strftime(", %H:%MZ") if at else ""
