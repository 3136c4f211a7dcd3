"""What a flight plan does between departure and destination, and where it contradicts itself.

Each table changes one thing in a plan that agrees with its authorization: humanitarian aid from
Kayseri to Astana, entering Kazakhstan at BALUN.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from airspace import crossings, flight_plan, points, reference
from transit import filing, plan_check
from transit.plan_check import Cleared

DATA = Path(__file__).parents[1] / "data"
CASES: dict[str, Any] = json.loads((DATA / "procedure_cases.json").read_text(encoding="utf-8"))
OLDER: dict[str, Any] = json.loads((DATA / "fpl_cases.json").read_text(encoding="utf-8"))
CLEAN: str = CASES["cases"][0]["input"]["stdin"]
AUTHORIZATION: dict[str, Any] = CASES["authorization"]
#: The points of the authorized route, where one is told.
ROUTE = ["LTAU", "NOLGA", "LAGAS", "ADEKI", "4028N05003E", "BALUN", "4352N05106E", "LANUK", "UACC"]


def found(old: str, new: str, rule_set: str = "", **authorized: Any) -> list[str]:
    """Return the codes where this stands in the message instead."""
    assert old in CLEAN
    plan = flight_plan.read(CLEAN.replace(old, new, 1))
    cleared = Cleared.from_dict(AUTHORIZATION | authorized)
    return [one.code for one in plan_check.compare(plan, cleared, rule_set=rule_set)]


@pytest.mark.parametrize("case", OLDER["cases"], ids=[case["id"] for case in OLDER["cases"]])
def test_what_was_found_by_hand_is_all_that_is_found_today(case: dict[str, Any]) -> None:
    [data] = [one for one in OLDER["authorizations"] if one["id"] == case["authorization"]]
    compared = plan_check.compare(flight_plan.read(case["message"]), Cleared.from_dict(data))

    assert [one.code for one in compared] == case["expected"]


def test_an_exercise_of_rule_set_1_finds_what_it_found() -> None:
    assert found("DCT ADEKI", "DCT UDYZ DCT ADEKI") != []
    assert found("DCT ADEKI", "DCT UDYZ DCT ADEKI", rule_set="1") == []
    assert len(plan_check.kinds("1")) == 25


# The route between departure and destination


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("DCT ADEKI", "DCT UDYZ DCT ADEKI", ["FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]),
        ("DCT NOLGA", "DCT URSS DCT NOLGA", ["FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]),
        ("4028N05003E", "OITT", ["FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]),
        ("DCT 4028N05003E DCT", "DCT", ["FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]),  # Dagestan
        ("DCT BALUN", "DCT 4300N04900E DCT BALUN", ["FIR_NOT_CLEARED"]),  # over the sea
        ("DCT BALUN", "DCT RODAR DCT BALUN", []),  # the way by Turkmenbashi FIR is short
        ("DCT BALUN", "DCT RODAR DCT 4100N05215E DCT BALUN", ["FIR_NOT_CLEARED"]),
        ("DCT LANUK", "DCT UZNN DCT LANUK", ["FIR_NOT_CLEARED", "HOST_LEFT", "STATE_NOT_CLEARED"]),
        (
            "LANUK DCT",
            "LANUK DCT USCC DCT",
            ["FIR_NOT_CLEARED", "HOST_LEFT", "STATE_NOT_CLEARED"],
        ),
        ("DCT LANUK", "DCT QQQQQ DCT LANUK", ["POINT_UNKNOWN"]),
        ("DCT LANUK", "DCT UACN DCT LANUK", ["POINT_UNKNOWN"]),  # a FIR
        ("DCT BALUN", "DCT UATE DCT 4230N05030E DCT BALUN", ["ENTRY_ELSEWHERE"]),
        ("LANUK", "LANUK DCT 4900N06000E DCT LANUK", ["POINT_TWICE"]),
        ("DCT NOLGA DCT LAGAS", "NOLGA UL601 LAGAS", []),  # airways are not held
        ("DCT NOLGA", "NOLGA1A NOLGA", []),
    ],
)
def test_a_route_that_nobody_cleared_is_found(old: str, new: str, expected: list[str]) -> None:
    assert found(old, new) == expected


def test_a_state_off_the_map_was_not_cleared_either() -> None:
    assert found("DCT ADEKI", "DCT OIZC DCT ADEKI") == ["STATE_NOT_CLEARED"]


def test_a_number_in_item_18_clears_a_state_where_the_authorization_names_none() -> None:
    quoted = CLEAN.replace("EXKZ26S0042", "EXKZ26S0042 AM EXAM26S0005")
    plan = flight_plan.read(quoted.replace("DCT ADEKI", "DCT UDYZ DCT ADEKI"))
    named = AUTHORIZATION | {"states": ["TR", "GE", "AZ", "KZ"]}

    assert plan_check.compare(plan, Cleared.from_dict(AUTHORIZATION)) == []
    compared = plan_check.compare(plan, Cleared.from_dict(named))
    assert [one.code for one in compared] == ["FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]


def test_the_states_of_the_authorization_are_those_that_cleared() -> None:
    assert found("LTAU", "LTAU", states=["TR", "GE", "AZ", "KZ"]) == []
    without = found("LTAU", "LTAU", states=["TR", "AZ", "KZ"])
    assert without == ["FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("BALUN", "BALUN", []),
        ("4352N05106E", "UATE", []),  # the same place by its code
        ("DCT 4352N05106E DCT", "DCT", ["ROUTE_POINT_MISSING"]),
        ("DCT LANUK", "DCT 4800N06000E DCT LANUK", ["ROUTE_POINT_ADDED"]),
        ("4352N05106E", "4400N05400E", ["ROUTE_POINT_ADDED", "ROUTE_POINT_MISSING"]),
        ("LANUK", "UACK", ["ROUTE_POINT_ADDED", "ROUTE_POINT_MISSING"]),
        ("DCT LAGAS DCT", "DCT", []),  # before the entry it is not the host's matter
    ],
)
def test_points_of_the_authorized_route_are_missing_or_added(
    old: str, new: str, expected: list[str]
) -> None:
    assert found(old, new, route=ROUTE) == expected


def test_a_further_point_on_a_leg_of_the_authorized_route_is_none_added() -> None:
    route = crossings.drawn(" ".join(ROUTE))
    between = points.coordinates(route.position_at(1200))

    assert found("DCT LANUK", f"DCT {between} DCT LANUK", route=ROUTE) == []


# What it does on the way


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("RMK/", "DLE/4028N05003E0045 RMK/", ["DELAY_EN_ROUTE"]),
        ("BALUN", "BALUN STAY2/0100", ["STAY_EN_ROUTE"]),
        ("OPR/", "STAYINFO1/AIRDROP OPR/", ["STAY_UNKNOWN"]),
        ("BALUN", "BALUN OAT", ["OPERATIONAL_TRAFFIC"]),  # to the end
        ("BALUN", "BALUN IFPSTOP", ["OPERATIONAL_TRAFFIC"]),
        ("BALUN", "BALUN VFR DCT 4300N05120E IFR", ["RULES_AND_ROUTE", "VFR_EN_ROUTE"]),
        ("BALUN", "BALUN/N0390VFR", ["RULES_AND_ROUTE", "VFR_EN_ROUTE"]),
        ("4352N05106E", "4352N05106E/N0250A020", ["LEVEL_LOW"]),
        ("4028N05003E", "4028N05003E/K0460S0150", ["LEVEL_LOW"]),
        ("4028N05003E", "C/4028N05003E/N0250F050F100", ["LEVEL_LOW"]),
        ("N0390F250", "N0390F050", ["LEVEL_LOW"]),
        ("LANUK", "LANUK/N0300F090", ["LEVEL_LOW"]),  # in the host
        (
            "LAGAS DCT ADEKI",
            "LAGAS/N0390F190 DCT ADEKI/N0390F250",
            [],
        ),  # over Georgia
        ("HUM STATE", "HUM STATE MARSA", ["ACTIVITY_STATUS"]),
        ("HUM STATE", "HUM STATE FLTCK", ["ACTIVITY_STATUS"]),
    ],
)
def test_what_is_more_than_a_transit_is_found(old: str, new: str, expected: list[str]) -> None:
    assert found(old, new) == expected


def test_a_level_that_the_agreement_allows_is_not_low() -> None:
    assert found("N0390F250", "N0390F150", minimum_level=150) == []
    assert found("N0390F250", "N0390F150") == ["LEVEL_LOW"]


# The time of entry

LATE = {"valid_from_utc": "2026-09-14T08:30:00Z", "valid_to_utc": "2026-09-17T08:30:00Z"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # By the FIR, the entry point, or a place within 5 NM of it:
        ("UATT0206", "UATT0330", []),
        ("UATT0206", "BALUN0330", []),
        ("UATT0206", "4201N05128E0206", ["OUTSIDE_VALIDITY"]),
        ("UATT0206", "4202N05128E0206", ["OUTSIDE_VALIDITY"]),
        # Between the times before and after it:
        ("UATT0206", "ADEKI0124 4028N05003E0150", ["EET_MISSING"]),
        ("UATT0206", "4352N05106E0225", ["EET_MISSING", "OUTSIDE_VALIDITY"]),
        ("UATT0206 UACN0353", "UACN0320", ["EET_MISSING", "OUTSIDE_VALIDITY"]),
        # Nonsense:
        ("UATT0206", "UATT0006", ["EET_IMPLAUSIBLE", "EET_UNORDERED", "OUTSIDE_VALIDITY"]),
        ("UATT0206", "UATT0448", ["EET_BEYOND_TOTAL", "EET_IMPLAUSIBLE", "EET_UNORDERED"]),
        ("UATT0206", "UATT0206 UATT0330", ["EET_UNORDERED", "OUTSIDE_VALIDITY"]),
        ("UATT0206", "UATT0206 BALUN0330", ["EET_UNORDERED", "OUTSIDE_VALIDITY"]),
        ("UBBA0124 UATT0206", "UATT0206 UBBA0224", ["EET_UNORDERED", "OUTSIDE_VALIDITY"]),
        ("UATT0206", "UTAA0206", ["EET_MISSING", "EET_NOT_ON_ROUTE"]),
        ("UATT0206", "RUTIL0201", ["EET_MISSING", "EET_NOT_ON_ROUTE"]),
        ("UATT0206", "UAKK0206", ["EET_MISSING", "EET_NOT_ON_ROUTE"]),  # an aerodrome, no FIR
        ("UGGG0058 UBBA0124", "UGGG0124 UBBA0058", ["EET_UNORDERED", "OUTSIDE_VALIDITY"]),
    ],
)
def test_the_entry_is_reckoned_from_whatever_time_there_is(
    old: str, new: str, expected: list[str]
) -> None:
    assert found(old, new, **LATE) == expected


# What Doc 4444 asks


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Item 10, and with Item 18
        ("SDFGHIRWXY", "SDFGHIWXY", ["PBN_AND_EQUIPMENT"]),
        ("SDFGHIRWXY/", "SDFHIRWXY/", []),
        ("SDFGHIRWXY", "SDFGHIRWXYZ", ["EQUIPMENT_UNEXPLAINED"]),
        ("SDFGHIRWXY", "SDFQRW", ["EQUIPMENT_UNREADABLE"]),
        ("SDFGHIRWXY", "SDFGHIRWXYS", ["EQUIPMENT_UNREADABLE"]),
        ("SDFGHIRWXY", "NRS", ["EQUIPMENT_UNREADABLE"]),
        ("/LB1", "/LB3", ["EQUIPMENT_UNREADABLE"]),
        ("PBN/B1", "PBN/B4", []),
        ("PBN/B1", "PBN/B9", ["PBN_UNREADABLE"]),
        ("PBN/B1", "PBN/B1B1", ["PBN_UNREADABLE"]),
        ("PBN/B1", "PBN/B1 C1", ["PBN_UNREADABLE"]),
        # Levels and rules
        ("-IM", "-YM", ["FLIGHT_RULES_MISMATCH", "RULES_AND_ROUTE"]),
        ("-IM", "-ZM", ["FLIGHT_RULES_MISMATCH", "RULES_AND_ROUTE"]),
        ("-IM", "-VM", ["FLIGHT_RULES_MISMATCH", "RULES_AND_ROUTE"]),
        ("BALUN", "BALUN IFR", ["RULES_AND_ROUTE"]),
        ("N0390F250", "N0390F700", ["LEVEL_IMPLAUSIBLE"]),
        ("N0390F250", "N0390F000", ["LEVEL_IMPLAUSIBLE", "LEVEL_LOW"]),
        # Speeds
        ("N0390F250", "N0000F250", ["SPEED_IMPLAUSIBLE"]),
        ("BALUN", "BALUN/N0100F250", ["SPEED_IMPLAUSIBLE"]),
        ("BALUN", "BALUN/K1200S0760", ["SPEED_IMPLAUSIBLE"]),
        # Elapsed times and the total
        ("UACC0448", "UACC0000", ["EET_BEYOND_TOTAL", "TOTAL_EET_IMPLAUSIBLE"]),
        ("UACC0448", "UACC0130", ["EET_BEYOND_TOTAL", "TOTAL_EET_IMPLAUSIBLE"]),
        ("UACC0448", "UACC1100", ["TOTAL_EET_IMPLAUSIBLE"]),
        ("EXKZ26S0042)", "EXKZ26S0042-E/0400 P/030)", ["ENDURANCE_SHORT"]),
        # Alternates
        ("UACC0448 UAKK", "UACC0448 UAKK UAKK", ["ALTERNATES_UNFIT"]),
        ("UACC0448 UAKK", "UACC0448 UAKK UBBB UGTB", ["ALTERNATES_UNFIT"]),
        ("UACC0448 UAKK", "UACC0448 UACC", ["ALTERNATES_UNFIT", "ALTERNATE_NOT_CLEARED"]),
        ("UACC0448 UAKK", "UACC0448 ZZZZ", ["ITEM18_AND_ZZZZ"]),
        # Values of Item 18
        ("RMK/", "SEL/AABC RMK/", ["SEL_UNREADABLE"]),
        ("RMK/", "SEL/BAEF RMK/", ["SEL_UNREADABLE"]),
        ("RMK/", "SEL/ABIO RMK/", ["SEL_UNREADABLE"]),
        ("RMK/", "SEL/AB19 RMK/", []),  # of the 32 tones
        ("RMK/", "PER/CD RMK/", ["PER_UNREADABLE"]),
        ("RMK/", "CODE/XYZ123 RMK/", ["CODE_UNREADABLE"]),
        ("RMK/", "RVR/75 RMK/", ["RVR_UNREADABLE"]),
        ("RMK/", "TYP/A400 RMK/", ["ITEM18_AND_ZZZZ"]),
        ("RMK/", "DLE/ADEKI RMK/", ["DELAY_EN_ROUTE", "DLE_UNREADABLE"]),
        ("RMK/", "DLE/ADEKI0099 RMK/", ["DELAY_EN_ROUTE", "DLE_UNREADABLE"]),
        ("RMK/", "DLE/RUTIL0030 RMK/", ["DELAY_EN_ROUTE", "DLE_NOT_ON_ROUTE"]),
    ],
)
def test_a_plan_that_contradicts_itself_is_found(old: str, new: str, expected: list[str]) -> None:
    assert found(old, new) == expected


def test_without_equipment_w_a_level_of_reduced_separation_is_found() -> None:
    high = CLEAN.replace("N0390F250", "N0390F330").replace("SDFGHIRWXY", "SDFGHIRXY")
    exempt = high.replace("HUM STATE", "HUM STATE NONRVSM")
    cleared = Cleared.from_dict(AUTHORIZATION)

    for message, expected in ((high, ["RVSM_MISSING"]), (exempt, [])):
        compared = plan_check.compare(flight_plan.read(message), cleared)
        assert [one.code for one in compared] == expected


def test_navigation_by_satellite_needs_a_receiver() -> None:
    message = CLEAN.replace("SDFGHIRWXY", "SDFHIRWXY").replace("PBN/B1", "PBN/B2")
    compared = plan_check.compare(flight_plan.read(message), Cleared.from_dict(AUTHORIZATION))

    assert [one.code for one in compared] == ["PBN_AND_EQUIPMENT"]


@pytest.mark.parametrize(
    "word",
    [
        "BALUN/N0390",
        "BALUN/M82F310",
        "BALUN/F250N0390",
        "BALUN/N0390F250/N0400F270",
        "BALUN/N0390F250F290",
        "C/BALUN/N0390F250",
        "BALUN STAY1",
        "BALUN STAY1/0099",
        "BALUN DCT STAY1/0030",
        "BALUN 1234",
        "BALUN 6B6B",
        "BALUN T",
        "BALUN N0100VFR",
        "BALUN370020 DCT BALUN",
        "BALUN DCT 4028N18103E",
        "BALUN DCT 4060N05003E",
        "BALUN DCT 4028N5003E",
        "BALUN DCT 4028N050E",
        "BALUN IFPSTART",
    ],
)
def test_a_word_that_item_15_cannot_have_is_found(word: str) -> None:
    assert "ROUTE_UNREADABLE" in found("BALUN", word)


@pytest.mark.parametrize("start", ["OAT", "VFR", "IFPSTOP", "STAY1/0030"])
def test_a_change_needs_a_point_where_it_begins(start: str) -> None:
    assert "ROUTE_UNREADABLE" in found("DCT NOLGA", f"{start} DCT NOLGA")


# What is valid is read


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(FPL-", "(FPLTAI/AEB123-"),
        ("HVK4821-", "HVK4821/A0042-"),
        ("DCT BALUN", "DCT C/BALUN/M065F270F290"),
        ("DCT BALUN", "DCT C/BALUN/M082F290PLUS"),
        ("N0390F250", "K0720S0760"),
        ("N0390F250", "M065S0900"),
        ("BALUN", "BALUN/K0720M0840"),
        ("BALUN", "BALUN300010 DCT BALUN"),
        ("4028N05003E", "4028N05003E090010 DCT 4028N05003E"),
        ("4028N05003E", "40N050E"),
        ("LANUK DCT", "LANUK T"),
        ("LANUK DCT", "LANUK LANU2B"),
        ("A400/H", "01A400/H"),
        ("SDFGHIRWXY/LB1", "SDE1E2FGHIJ1J4M1RWXYP2/LB1D1"),
        ("RMK/", "SUR/RSP180 260B ORGN/LTAUZPZX TALT/LTAC RMK/"),
        ("EXKZ26S0042)", "EXKZ26S0042-E/0800 P/TBN R/UV S/M J/LF D/02 030 C YELLOW A/GREY)"),
    ],
)
def test_what_the_format_allows_is_read_and_agrees(old: str, new: str) -> None:
    assert found(old, new) == []
    plan = flight_plan.read(CLEAN.replace(old, new, 1))
    assert flight_plan.read(flight_plan.write(plan)) == plan


@pytest.mark.parametrize("code", ["C4721", "A4781", "A472", "4721", ""])
def test_what_is_no_ssr_code_is_refused_with_its_item(code: str) -> None:
    with pytest.raises(flight_plan.PlanError, match="Item 7") as caught:
        flight_plan.read(CLEAN.replace("HVK4821", f"HVK4821/{code}"))

    assert caught.value.item == 7


# Alternates en route


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ("RALT/UATG UAOO", True),
        ("RALT/UAKK UATE", True),
        ("RALT/UBBB RALT/UATT", True),
        ("RALT/AKTAU", True),
        ("RALT/SCO", True),  # an IATA code
        ("RALT/UAQQ", True),  # not held, but like those of the host
        ("RALT/4352N05106E", True),
        ("RIF/BALUN DCT UATE", True),
        ("TALT/UATE", True),
        ("RALT/UAKK", False),
        ("RALT/UACC LTAU", False),
        ("RALT/KARAGANDA", False),
        ("RALT/UBBB UGTB", False),
        ("RIF/BALUN DCT UACC", False),
    ],
)
def test_an_aerodrome_of_the_host_in_item_18_must_be_cleared(said: str, is_found: bool) -> None:
    expected = ["EN_ROUTE_ALTERNATE_NOT_CLEARED"] if is_found else []

    assert found("RMK/", f"{said} RMK/") == expected


def test_an_alternate_without_a_code_is_told_and_compared_by_its_name() -> None:
    message = CLEAN.replace("0448 UAKK", "0448 ZZZZ").replace("RMK/", "ALTN/AKTAU RMK/")
    compared = plan_check.compare(flight_plan.read(message), Cleared.from_dict(AUTHORIZATION))

    assert [one.code for one in compared] == ["EN_ROUTE_ALTERNATE_NOT_CLEARED"]


# Any plan


def test_an_authorization_is_read_as_it_was_written() -> None:
    cleared = Cleared.from_dict(AUTHORIZATION | {"states": ["TR", "KZ"], "route": ROUTE})

    assert Cleared.from_dict(json.loads(json.dumps(cleared.as_dict()))) == cleared


ON_MAP = sorted(ident for ident, one in reference.aerodromes().items() if points.on_map(one))


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(ON_MAP),
    st.lists(st.sampled_from(sorted(reference.waypoints())), min_size=1, max_size=4, unique=True),
    st.sampled_from(ON_MAP),
)
def test_a_plan_with_the_times_of_its_drawn_route_does_not_differ(
    departure: str, between: list[str], destination: str
) -> None:
    names = [departure, *between, destination]
    try:
        route = crossings.drawn(" ".join(names))
    except points.RouteError:
        assume(False)
    assume(departure != destination and 200 < route.total_distance_nm < 3000 and route.states)
    last_minute = route.total_distance_nm - 390 / 60
    assume(all(one.entry.distance_nm < last_minute for one in route.firs_without_marginal[1:]))
    host = route.states[0].code
    eets = dict.fromkeys(one.code for one in route.firs_without_marginal[1:])
    cleared = Cleared.from_dict(
        AUTHORIZATION
        | {"host": host, "number": f"EX{host}26S0042", "adep": departure, "ades": destination}
        | {"entry_point": None, "exit_point": None, "cleared_alternates": []}
        | {"valid_from_utc": "2026-09-14T05:00:00Z", "route": names}
        | {"states": list(dict.fromkeys([*reference.states()]))}
    )
    plan = plan_check.plan_for(
        cleared,
        route=[word for name in between for word in ("DCT", name)] + ["DCT"],
        speed="N0390",
        level="F250",
        eobt="0500",
        total_eet=filing.elapsed(route.total_distance_nm, 390),
        eets={
            code: next(
                filing.elapsed(one.entry.distance_nm, 390)
                for one in route.firs_without_marginal[1:]
                if one.code == code
            )
            for code in eets
        },
    )

    assert plan_check.compare(flight_plan.read(flight_plan.write(plan)), cleared) == []
