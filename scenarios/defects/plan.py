"""Mistakes of the flight plan: where it differs from what was authorized."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from scenarios.book import Decision, defect

if TYPE_CHECKING:
    from airspace.flight_plan import FlightPlan
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

FILED_ANEW = lazy("File the plan again as it was authorized, or ask for an amendment.")
HOLD: dict[str, Any] = {
    "decision": Decision.HOLD,
    "desk": Role.OPERATIONS,
    "mending": FILED_ANEW,
}
#: What is only to be cleared up may also be released with a remark.
QUERY = HOLD | {"also": (Decision.RELEASE,)}

#: A FIR whose code is taken for that of an aerodrome.
FIR_OF = {"UACC": "UACN"}


def filed(dossier: Dossier) -> FlightPlan:
    """Return the plan of a dossier that has one."""
    assert dossier.plan is not None  # noqa: S101 - only such a dossier carries these kinds
    return dossier.plan


def refile(dossier: Dossier, **items: Any) -> None:
    """Let the plan say otherwise; `other` are the words of Item 18, None takes one out."""
    plan = filed(dossier)
    if "other" in items:
        words = {**plan.other, **items["other"]}
        items["other"] = {name: text for name, text in words.items() if text is not None}
    dossier.plan = replace(plan, **items)


@defect(
    "CALL_SIGN_CHANGED",
    lazy("The call sign is not the one that was authorized."),
    facts=("7",),
    codes=("CALLSIGN_MISMATCH",),
    cues=2,
    plausible=1,
    **HOLD,
)
def call_sign_is_another(dossier: Dossier, lots: Lots) -> None:
    call_sign = filed(dossier).call_sign
    last = (int(call_sign[-1]) + lots.between(1, 9)) % 10
    refile(dossier, call_sign=f"{call_sign[:-1]}{last}")


@defect(
    "TYPE_OF_FLIGHT_CHANGED",
    lazy("The flight is filed as one of general aviation, not as a military one."),
    facts=("8",),
    codes=("FLIGHT_TYPE_MISMATCH",),
    cues=2,
    plausible=1,
    **QUERY,
)
def type_of_flight_is_another(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, flight_type="G")


@defect(
    "TWO_AIRCRAFT",
    lazy("Two aircraft are filed, one was authorized."),
    facts=("9",),
    codes=("FORMATION_NUMBER_MISMATCH",),
    cues=3,
    plausible=1,
    **HOLD,
)
def two_aircraft_are_filed(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, number_of_aircraft=2)


@defect(
    "WAKE_CHANGED",
    lazy("The wake turbulence category is not that of the type."),
    facts=("9",),
    codes=("WAKE_MISMATCH",),
    cues=1,
    plausible=2,
    **QUERY,
)
def wake_is_another(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, wake={"H": "M", "M": "H", "L": "M"}[filed(dossier).wake])


@defect(
    "DESTINATION_IS_FIR",
    lazy("The destination is the code of a flight information region, not of the aerodrome."),
    facts=("16",),
    codes=("ADES_MISMATCH", "ADES_NOT_AN_AERODROME"),
    cues=1,
    plausible=3,
    needs=lambda dossier: dossier.form["destination"] in FIR_OF,
    situations=(25,),
    **HOLD,
)
def destination_is_a_region(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, destination=FIR_OF[filed(dossier).destination])


@defect(
    "ALTERNATE_IN_THE_HOST",
    lazy("An alternate in the host state was neither cleared nor listed for emergencies."),
    facts=("16",),
    codes=("ALTERNATE_NOT_CLEARED",),
    cues=1,
    plausible=3,
    situations=(15,),
    **QUERY,
)
def alternate_is_not_cleared(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, alternates=({"KZ": "UATG", "TR": "LTCE"}[dossier.host],))


@defect(
    "TAIL_NOT_LISTED",
    lazy("The tail is neither the authorized one nor the listed spare."),
    facts=("18/REG",),
    codes=("REG_MISMATCH",),
    cues=1,
    plausible=2,
    situations=(36,),
    **HOLD,
)
def tail_is_not_listed(dossier: Dossier, lots: Lots) -> None:
    tail = filed(dossier).other["REG"]
    number = int(tail[-2:]) + (2 if int(tail[-2:]) < 90 else -2)
    refile(dossier, other={"REG": f"{tail[:-2]}{number:02}"})


@defect(
    "TAIL_MISSING",
    lazy("Item 18 names no tail."),
    facts=("18/REG",),
    codes=("REG_MISSING",),
    cues=3,
    plausible=1,
    **QUERY,
)
def tail_is_missing(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, other={"REG": None})


@defect(
    "NUMBER_MISSING",
    lazy("Item 18 does not quote the host's clearance number."),
    facts=("18",),
    codes=("DCN_MISSING",),
    cues=3,
    plausible=1,
    situations=(50,),
    **HOLD,
)
def number_is_missing(dossier: Dossier, lots: Lots) -> None:
    number = dossier.authorization().number
    remarks = filed(dossier).other["RMK"].replace(f" {dossier.host} {number}", "")
    refile(dossier, other={"RMK": remarks})


@defect(
    "NUMBER_MISTYPED",
    lazy("The clearance number is quoted with a digit that is not its own."),
    facts=("18",),
    codes=("DCN_MISMATCH",),
    cues=1,
    plausible=3,
    situations=(50,),
    **HOLD,
)
def number_is_mistyped(dossier: Dossier, lots: Lots) -> None:
    number = dossier.authorization().number
    last = (int(number[-1]) + lots.between(1, 9)) % 10
    remarks = filed(dossier).other["RMK"].replace(number, f"{number[:-1]}{last}")
    refile(dossier, other={"RMK": remarks})


@defect(
    "ANOTHER_DAY",
    lazy("The plan is for the day after the authorized one."),
    facts=("18/DOF",),
    codes=("DOF_MISMATCH",),
    cues=1,
    plausible=2,
    situations=(32,),
    **QUERY,
)
def day_is_another(dossier: Dossier, lots: Lots) -> None:
    day = dossier.form["departs_at"] + timedelta(days=1)
    refile(dossier, other={"DOF": f"{day:%y%m%d}"})


@defect(
    "BEFORE_THE_WINDOW",
    lazy("The flight would enter the host before its authorization begins."),
    facts=("13", "18/EET"),
    codes=("OUTSIDE_VALIDITY",),
    cues=1,
    plausible=3,
    situations=(34,),
    needs=lambda dossier: dossier.form["departs_at"].hour >= 5,
    **HOLD,
)
def enters_before_the_window(dossier: Dossier, lots: Lots) -> None:
    earlier = dossier.form["departs_at"] - timedelta(hours=3, minutes=lots.between(30, 90))
    refile(dossier, eobt=f"{earlier:%H%M}")


@defect(
    "STATE_NOT_CLAIMED",
    lazy("STS/ does not say that the aircraft is a state aircraft."),
    facts=("18/STS",),
    codes=("STS_MISSING",),
    cues=1,
    plausible=2,
    situations=(19,),
    **QUERY,
)
def state_is_not_claimed(dossier: Dossier, lots: Lots) -> None:
    rest = " ".join(word for word in filed(dossier).statuses if word != "STATE")
    refile(dossier, other={"STS": rest or None})


@defect(
    "STATUS_CLAIMED",
    lazy("STS/ claims a status that was not authorized."),
    facts=("18/STS",),
    codes=("STS_NOT_AUTHORIZED",),
    cues=1,
    plausible=2,
    needs=lambda dossier: dossier.form["priority"] != "SAR",
    **QUERY,
)
def status_is_claimed(dossier: Dossier, lots: Lots) -> None:
    words = sorted({*filed(dossier).statuses, "SAR"})
    refile(dossier, other={"STS": " ".join(words)})


@defect(
    "DELAY_ON_THE_WAY",
    lazy("A delay on the way is announced; cleared is a flight without a stay."),
    facts=("18/DLE",),
    codes=("DELAY_EN_ROUTE",),
    cues=1,
    plausible=2,
    situations=(17,),
    needs=lambda dossier: " UATE " in dossier.form["route"],
    **QUERY,
)
def delay_is_announced(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, other={"DLE": f"UATE00{lots.between(2, 5)}0"})


@defect(
    "PLAN_LOW",
    lazy("The plan is filed below the lowest level of the corridor."),
    facts=("15",),
    codes=("LEVEL_LOW",),
    cues=1,
    plausible=3,
    **QUERY,
)
def plan_is_low(dossier: Dossier, lots: Lots) -> None:
    refile(dossier, level="F190")


@defect(
    "MORE_ABOARD",
    lazy("More persons are aboard than crew and passengers that were authorized."),
    facts=("19/P",),
    codes=("POB_EXCEEDED",),
    cues=2,
    plausible=1,
    situations=(38,),
    **HOLD,
)
def more_are_aboard(dossier: Dossier, lots: Lots) -> None:
    aboard = dossier.form["crew_count"] + dossier.form["passenger_count"] + lots.between(3, 20)
    refile(dossier, supplementary={"P": f"{aboard:03}"})
