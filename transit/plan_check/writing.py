"""The flight plan that an authorization calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airspace import flight_plan
from airspace.flight_plan import FlightPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from transit.plan_check.cleared import Cleared

#: What a military transport is fitted with, unless told otherwise, and its performance-based
#: navigation, which equipment R asks for (training defaults).
EQUIPMENT, SURVEILLANCE, PBN = "SDFGHIRWXY", "LB1", "B1"


def plan_for(
    cleared: Cleared,
    *,
    route: Iterable[str],
    speed: str,
    level: str,
    eobt: str,
    total_eet: str,
    eets: Mapping[str, str],
    alternates: Iterable[str] | None = None,
    other_numbers: Mapping[str, str] | None = None,
    operator: str = "",
    remarks: str = "EXERCISE",
    persons_on_board: int | None = None,
    equipment: str = EQUIPMENT,
    surveillance: str = SURVEILLANCE,
) -> FlightPlan:
    """Return the flight plan that an authorization calls for. Raises `PlanError` if it cannot be.

    `eobt` is UTC; `total_eet` and the times of `eets`, by FIR, are hours and minutes (`0448`).
    `alternates` are the cleared ones, two at the most, if not given. `other_numbers` are the
    clearance numbers of the other states by country code.
    """
    numbers = {cleared.host: cleared.number, **(other_numbers or {})}
    quoted = " ".join(f"{state} {flight_plan.bare(number)}" for state, number in numbers.items())
    texts = {
        "STS": " ".join(sorted(cleared.required_sts)),
        "PBN": PBN if "R" in equipment else "",
        "DOF": f"{cleared.date_of_flight:%y%m%d}",
        "REG": flight_plan.bare(cleared.registration),
        "EET": " ".join(f"{fir}{elapsed}" for fir, elapsed in eets.items()),
        "OPR": flight_plan.telegraphic(operator),
        "RMK": f"{flight_plan.telegraphic(remarks)} DIPCLR {quoted}".strip(),
    }
    return FlightPlan(
        call_sign=cleared.call_sign,
        flight_rules=cleared.flight_rules,
        flight_type="M",
        number_of_aircraft=cleared.number_of_aircraft,
        aircraft_type=cleared.type,
        wake=cleared.wake,
        equipment=equipment,
        surveillance=surveillance,
        departure=cleared.adep,
        eobt=eobt,
        speed=speed,
        level=level,
        route=tuple(route),
        destination=cleared.ades,
        total_eet=total_eet,
        alternates=tuple(cleared.cleared_alternates[:2] if alternates is None else alternates),
        other={indicator: text for indicator, text in texts.items() if text},
        supplementary={} if persons_on_board is None else {"P": f"{persons_on_board:03}"},
    )
