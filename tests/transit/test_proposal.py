"""Crossings proposed from a route agree with the route, and with what the rules ask of them."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from airspace import reference
from airspace.points import RouteError
from tests import routes
from transit.models import Crossing
from transit.models.items import point_form
from transit.proposal import propose
from transit.severity import Severity

AERODROMES = sorted(reference.aerodromes())
WAYPOINTS = sorted(reference.waypoints())


def test_the_model_corridor_is_handed_over_where_the_services_change() -> None:
    rows = routes.rows()

    assert [
        (row["state"], row["entry_point"], row["exit_point"], row["action"]) for row in rows
    ] == [
        ("TR", "LTAU", "NOLGA", "OVERFLY"),
        ("GE", "NOLGA", "ADEKI", "OVERFLY"),
        ("AZ", "ADEKI", "BALUN", "OVERFLY"),
        ("KZ", "BALUN", "UACC", "LAND"),
    ]
    assert rows[0]["entry_at"] == routes.DEPARTS_AT
    assert [f"{row['exit_at']:%H:%M}" for row in rows] == ["05:58", "06:25", "07:07", "09:48"]


def test_one_state_is_one_crossing_that_lands() -> None:
    [row] = propose("LTAU LTCI", departs_at=routes.DEPARTS_AT, knots=390)

    assert (row["state"], row["action"]) == ("TR", "LAND")
    assert (row["entry_point"], row["exit_point"]) == ("LTAU", "LTCI")


def test_positions_are_written_as_a_flight_plan_has_them() -> None:
    rows = propose("40.47,50.05 4400N05200E", departs_at=routes.DEPARTS_AT, knots=390)

    assert (rows[0]["entry_point"], rows[-1]["exit_point"]) == ("4028N05003E", "4400N05200E")


def test_a_route_over_no_state_gives_no_crossing() -> None:
    route = "4230N05000E 4200N05030E"

    assert propose(route, departs_at=routes.DEPARTS_AT, knots=390) == []


def test_a_route_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(RouteError, match="UACN"):
        propose("LTAU UACN", departs_at=routes.DEPARTS_AT, knots=390)


@settings(max_examples=60)
@given(
    st.sampled_from(AERODROMES),
    st.lists(st.sampled_from(WAYPOINTS), max_size=3),
    st.sampled_from(AERODROMES),
    st.integers(60, 600),
)
@example("LTAU", ["NOLGA", "LAGAS", "ADEKI", "UBBB", "BALUN", "UATE", "LANUK"], "UACC", 390)
@example("UACC", ["LANUK", "UATE", "BALUN", "UBBB", "ADEKI", "LAGAS", "NOLGA"], "LTAC", 390)
@example("LTAE", ["NOLGA", "LAGAS", "ADEKI", "UBBB", "RUTIL", "UATE", "ARKAM"], "UAKK", 390)
@example("LTAU", ["NOLGA", "BARAD", "GASBI", "LANUK"], "UACC", 390)
@example("LTAU", ["NOLGA", "BARAD", "RODAR"], "UAAA", 260)
@example("LTAC", [], "UACC", 390)
@example("LTAU", [], "UAAA", 390)
@example("OAFZ", ["DEMAS"], "LGLR", 390)  # states that recur within a few miles
@example("UZSA", ["GOGDO", "URASA", "OGOLI"], "UUBP", 390)
def test_no_rule_finds_fault_with_a_proposal(
    start: str, between: list[str], end: str, knots: int
) -> None:
    route = " ".join([start, *between, end])
    try:
        rows = propose(route, departs_at=routes.DEPARTS_AT, knots=knots)
    except RouteError:
        assume(False)

    for one, other in pairwise(rows):
        assert (one["exit_point"], one["exit_at"]) == (other["entry_point"], other["entry_at"])
    for row in rows:
        assert row["exit_at"] > row["entry_at"]
        assert re.fullmatch(point_form.regex, row["entry_point"])
        Crossing(**row).full_clean(exclude=["revision", "exercise", "number"])

    asked = routes.matter(route, crossings=rows, host="TR", aircraft_type="", cruise_knots=knots)
    found = routes.found("route", asked)
    assert [
        finding.sentence
        for finding in found
        if finding.severity != Severity.NOTIFY and finding.code not in OF_THE_ROUTE_ITSELF
    ] == []


#: What no table of crossings mends: the flight does not go by the host, uses a FIR that a state
#: serves which it does not cross, or ends where it began.
OF_THE_ROUTE_ITSELF = {"ROUTE_HOST", "FIR_UNDECLARED", "OUT_AND_BACK"}


@settings(max_examples=25)
@given(st.sampled_from([routes.CORRIDOR, routes.BACK]), st.integers(61, 600))
def test_a_slower_flight_is_nowhere_earlier(route: str, knots: int) -> None:
    slow = propose(route, departs_at=routes.DEPARTS_AT, knots=knots - 1)
    fast = propose(route, departs_at=routes.DEPARTS_AT, knots=knots)

    assert all(one["exit_at"] >= other["exit_at"] for one, other in zip(slow, fast, strict=True))
    assert fast[-1]["exit_at"] - fast[0]["entry_at"] >= timedelta(hours=1)
