"""Mistakes over the Caspian: more than a direct, unarmed transit from coast to coast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from scenarios import needs
from scenarios.book import Decision, defect
from scenarios.defects.route import DECLARED_ANEW, leave_out

if TYPE_CHECKING:
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

#: What a clean transit of the Caspian raises is not found beside what is more than that.
TRANSIT = ("CASPIAN_TRANSIT",)


@defect(
    "ARMED_OVER_CASPIAN",
    lazy("An armed aircraft crosses the Caspian; the policy is to refuse it."),
    mending=lazy("Fly unarmed."),
    desk=Role.DEFENCE,
    facts=("has_armament", "route"),
    codes=("ARMAMENT_REFUSED", "CASPIAN_ACTIVITY"),
    silences=TRANSIT,
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.ASK,),
    grounds=("SECURITY", "OUT_OF_SCOPE", "BREACH"),
    situations=(18,),
    needs=needs.all_of(needs.of_turkiye, needs.armable),
)
def armed_over_the_caspian(dossier: Dossier, lots: Lots) -> None:
    dossier.form |= {"has_armament": True, "equipment": "Two machine guns at the doors."}
    dossier.send_in_time()


@defect(
    "ESCORT_OVER_CASPIAN",
    lazy("Fighters go along over the Caspian."),
    mending=lazy("Fly without an escort."),
    desk=Role.DEFENCE,
    facts=("escort", "route"),
    codes=("CASPIAN_ACTIVITY", "ESCORT_COMBAT"),
    silences=TRANSIT,
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.ASK, Decision.SEND_BACK),
    grounds=("OUT_OF_SCOPE", "SECURITY"),
    situations=(16,),
    needs=needs.of_turkiye,
)
def fighters_go_along_over_the_caspian(dossier: Dossier, lots: Lots) -> None:
    dossier.form["escort"] = "F16 F16"


@defect(
    "REFUELLING_OVER_CASPIAN",
    lazy("The flight is refuelled in the air on its way over the Caspian."),
    mending=lazy("Fly directly, and fuel on the ground."),
    desk=Role.DEFENCE,
    facts=("activity", "route"),
    codes=("ACTIVITY_EN_ROUTE", "CASPIAN_ACTIVITY"),
    silences=TRANSIT,
    cues=3,
    plausible=1,
    decision=Decision.REFUSE,
    also=(Decision.SEND_BACK, Decision.ASK),
    grounds=("OUT_OF_SCOPE",),
    situations=(17,),
    needs=needs.of_turkiye,
)
def refuels_over_the_caspian(dossier: Dossier, lots: Lots) -> None:
    dossier.form["activity"] = "AAR"


@defect(
    "LOW_OVER_CASPIAN",
    lazy("Over the Caspian the flight is below the lowest level of the corridor."),
    mending=lazy("Fly at cruise level."),
    desk=Role.AIR_DEFENCE,
    facts=("cruise_level", "route"),
    codes=("CASPIAN_ACTIVITY", "LEVEL_LOW"),
    silences=TRANSIT,
    cues=2,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("OUT_OF_SCOPE",),
    situations=(17,),
    needs=needs.of_turkiye,
)
def low_over_the_caspian(dossier: Dossier, lots: Lots) -> None:
    dossier.form["cruise_level"] = lots.one_of(("F150", "F170", "F190"))


@defect(
    "DETOUR_OVER_CASPIAN",
    lazy("The route goes to and fro over the Caspian instead of from coast to coast."),
    mending=lazy("Fly the direct way over the sea."),
    desk=Role.DEFENCE,
    facts=("route",),
    codes=("CASPIAN_ACTIVITY",),
    silences=TRANSIT,
    cues=1,
    plausible=3,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("ROUTE", "OUT_OF_SCOPE"),
    situations=(18,),
    needs=lambda dossier: (
        needs.of_turkiye(dossier) and " UBBB BALUN " in f" {dossier.form['route']} "
    ),
)
def makes_a_detour_over_the_caspian(dossier: Dossier, lots: Lots) -> None:
    further = "UBBB 4130N05030E 4030N05030E BALUN"
    dossier.cross(dossier.form["route"].replace("UBBB BALUN", further))


@defect(
    "COAST_LEFT_OUT",
    lazy("The state on whose coast the way over the Caspian begins or ends is not declared."),
    mending=DECLARED_ANEW,
    desk=Role.AIR_DEFENCE,
    facts=("route", "crossings.state"),
    codes=("CASPIAN_GAP", "FIR_UNDECLARED", "ROUTE_UNDECLARED"),
    cues=3,
    plausible=1,
    decision=Decision.SEND_BACK,
    also=(Decision.ASK, Decision.REFUSE),
    grounds=("ROUTE",),
    situations=(22, 31),
)
def coast_is_left_out(dossier: Dossier, lots: Lots) -> None:
    leave_out(dossier, "AZ")
