"""Mistakes of zones: a way that meets one while it is active. All zones are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from scenarios.book import Decision, defect

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots


@defect(
    "ACROSS_A_ZONE",
    lazy("The route meets a prohibited or restricted zone of the host, without its permit."),
    mending=lazy("Fly round the zone, or bring the special permit."),
    desk=Role.AIR_DEFENCE,
    facts=("route",),
    codes=("ZONE_CROSSED",),
    cues=1,
    plausible=2,
    decision=Decision.ASK,
    also=(Decision.SEND_BACK, Decision.REFUSE),
    grounds=("ROUTE",),
    situations=(28, 29),
    needs=lambda dossier: bool(dossier.corridor.across_zone),
)
def route_meets_a_zone(dossier: Dossier, lots: Lots) -> None:
    dossier.form["route"] = dossier.corridor.across_zone
