"""The rules on the route: what is declared against what is drawn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from control import stories
from tests import routes
from tests.routes import BACK, CORRIDOR, matter
from transit.severity import Severity

if TYPE_CHECKING:
    from rules.book import Matter

STRAIGHT = "LTAC UACC"
GASBI = "LTAU NOLGA BARAD GASBI LANUK UACC"
DIRECT_TO_ALMATY = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UAAA"
BY_TURKMENISTAN = "LTAU NOLGA BARAD RODAR UAAA"
DUSHANBE = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD"


def keys(asked: Matter) -> set[str]:
    """The findings that ask something of somebody."""
    return {
        finding.key
        for finding in routes.found("route", asked)
        if finding.severity != Severity.NOTIFY
    }


def sentence(asked: Matter, key: str) -> str:
    return next(one.sentence for one in routes.found("route", asked) if one.key == key)


def changed(number: int, **items: Any) -> list[dict[str, Any]]:
    """The corridor's crossings, one of them changed."""
    return [
        row | items if n == number else row for n, row in enumerate(routes.rows(CORRIDOR), start=1)
    ]


def declaring(states: str, route: str) -> list[dict[str, Any]]:
    """The crossings of a route for these states only, the others left out."""
    return [row for row in routes.rows(route) if row["state"] in states.split()]


@pytest.mark.parametrize(("route", "host"), [(CORRIDOR, "KZ"), (DUSHANBE, "KZ"), (BACK, "TR")])
def test_a_corridor_declared_as_flown_is_faultless(route: str, host: str) -> None:
    assert keys(matter(route, host=host)) == set()


def test_the_crossings_of_the_first_story_agree_with_its_route() -> None:
    prepared = stories.load("alpha").acts[0]["with"]
    items = ("departure", "destination", "departs_at", "arrives_at", "aircraft_type")
    form = {item: prepared["form"][item] for item in items}
    crossings = [
        {name: row[name] for name in ("state", "action", "entry_point", "exit_point")}
        | {name: row[name] for name in ("entry_at", "exit_at")}
        for row in prepared["crossings"]
    ]

    assert keys(matter(DUSHANBE, crossings=crossings, **form)) == set()


def test_without_a_route_that_is_all_that_is_said() -> None:
    assert keys(matter("", crossings=routes.rows())) == {"ROUTE_MISSING"}
    assert "two points" in sentence(matter("", crossings=[]), "ROUTE_MISSING")


def test_a_route_that_cannot_be_drawn_says_why() -> None:
    assert "UACN" in sentence(matter("LTAU UACN", crossings=routes.rows()), "ROUTE_MISSING")


def test_a_route_goes_from_the_departure_to_the_destination() -> None:
    assert keys(matter(departure="LTAC")) == {"ROUTE_ENDS:departure"}
    assert keys(matter(destination="UAAA")) == {"ROUTE_ENDS:destination"}
    assert keys(matter(departure="", destination="")) == set()


def test_a_route_that_does_not_enter_the_host() -> None:
    to_tbilisi = "LTAU NOLGA LAGAS UGTB"

    assert keys(matter(to_tbilisi)) == {"ROUTE_HOST"}
    assert "Kazakhstan (KZ)" in sentence(matter(to_tbilisi), "ROUTE_HOST")


@pytest.mark.parametrize(
    ("route", "declared", "undeclared"),
    [
        (STRAIGHT, "TR KZ", {"RU"}),  # situation 21
        (GASBI, "TR GE AZ KZ", {"RU"}),  # situation 22
        (DIRECT_TO_ALMATY, "TR GE AZ KZ", {"UZ"}),  # situation 23
        (BY_TURKMENISTAN, "TR GE AZ KZ", {"TM", "UZ"}),  # situation 31
    ],
)
def test_every_state_really_crossed_is_declared(
    route: str, declared: str, undeclared: set[str]
) -> None:
    asked = matter(route, crossings=declaring(declared, route))

    assert {f"ROUTE_UNDECLARED:{state}" for state in undeclared} <= keys(asked)
    assert not {it for it in keys(matter(route)) if it.startswith(("ROUTE_UNDECLARED", "GAP"))}


def test_a_state_not_declared_is_named_with_where_and_how_far() -> None:
    said = sentence(matter(GASBI, crossings=declaring("TR GE AZ KZ", GASBI)), "ROUTE_UNDECLARED:RU")

    assert said.startswith("Russia (RU) is crossed and not declared: ")
    assert "556 NM from the departure" in said


def test_the_state_of_departure_need_not_be_declared() -> None:
    assert keys(matter(crossings=routes.rows()[1:])) == set()


@pytest.mark.parametrize(
    ("states", "in_order"),
    [
        ("TR RU KZ RU KZ", True),
        ("TR RU GE RU KZ RU KZ", True),  # Georgia is touched for less than 2 NM
        ("TR RU GE KZ RU KZ", True),
        ("RU GE RU KZ RU KZ", True),
        ("TR RU KZ", False),
        ("TR KZ RU KZ RU", False),
    ],
)
def test_a_state_that_is_only_touched_may_be_declared_or_not(states: str, in_order: bool) -> None:
    crossings = [routes.rows()[0] | {"state": state} for state in states.split()]
    found = keys(matter(STRAIGHT, crossings=crossings))

    assert ("ROUTE_ORDER" in found) is not in_order
    assert not {it for it in found if it.startswith(("ROUTE_UNDECLARED", "ROUTE_NOT_CROSSED"))}


def test_a_state_that_is_declared_but_not_crossed() -> None:
    extra = {**routes.rows()[-1], "state": "UZ", "entry_point": "UACC"}
    asked = matter(crossings=[*routes.rows(), extra])

    assert "ROUTE_NOT_CROSSED:UZ" in keys(asked)


def test_crossings_in_another_order() -> None:
    turkey, georgia, azerbaijan, kazakhstan = routes.rows()

    assert "ROUTE_ORDER" in keys(matter(crossings=[turkey, azerbaijan, georgia, kazakhstan]))
    assert "ROUTE_ORDER" not in keys(matter(crossings=[turkey, georgia, azerbaijan, kazakhstan]))


def test_a_state_that_recurs_is_declared_each_time() -> None:
    rows = routes.rows(GASBI)
    once = [row for n, row in enumerate(rows) if row["state"] not in {r["state"] for r in rows[:n]}]

    assert "ROUTE_ORDER" not in keys(matter(GASBI))
    assert "ROUTE_ORDER" in keys(matter(GASBI, crossings=once))


def test_a_landing_on_the_way_parts_one_crossing_in_two() -> None:
    *others, last = routes.rows()
    stop = {**last, "exit_point": "UATE", "exit_at": last["entry_at"] + timedelta(minutes=18)}
    on = {**last, "entry_point": "UATE", "entry_at": stop["exit_at"] + timedelta(minutes=90)}
    on["exit_at"] = last["exit_at"] + timedelta(minutes=90)
    stop["exit_at"] = on["entry_at"]
    landed = matter(crossings=[*others, stop | {"ground_minutes": 90}, on])

    assert keys(landed) == set()


def test_time_on_the_ground_is_not_flown() -> None:
    *others, last = routes.rows()
    middle = last["entry_at"] + timedelta(minutes=18 + 90)
    stop = {**last, "exit_point": "UATE", "exit_at": middle}
    on = {**last, "entry_point": "UATE", "entry_at": middle}
    on["exit_at"] = last["exit_at"] + timedelta(minutes=90)

    assert any(
        it.startswith("TIMES_IMPLAUSIBLE") for it in keys(matter(crossings=[*others, stop, on]))
    )


def test_a_fir_of_a_state_that_is_not_declared() -> None:
    """Over the Black Sea the straight line uses the Rostov FIR before it meets Russia."""
    over_the_sea = "LTCG 4250N03850E UGSB"

    asked = matter(over_the_sea, host="TR")
    assert "FIR_UNDECLARED:URRV" in keys(asked)
    assert "Rostov" in sentence(asked, "FIR_UNDECLARED:URRV")
    assert "FIR_UNDECLARED:URRV" not in keys(matter("LTCG UGSB", host="TR"))
    assert "FIR_UNDECLARED:URRV" in keys(matter(STRAIGHT, crossings=declaring("TR KZ", STRAIGHT)))
    assert "FIR_UNDECLARED:URRV" not in keys(matter(STRAIGHT))


def test_a_gap_between_two_crossings() -> None:
    asked = matter(crossings=changed(4, entry_point="RUTIL"))

    assert "GAP:4" in keys(asked)
    assert sentence(asked, "GAP:4") == (
        "Out of Azerbaijan (AZ) at BALUN, but into Kazakhstan (KZ) at RUTIL."
    )


@pytest.mark.parametrize(
    ("point", "key"),
    [
        ("UACN", "POINT_IS_FIR:UACN"),
        ("UATT", "POINT_IS_FIR:UATT"),  # an aerodrome as well, far off the route
        ("AKTAU", "POINT_UNKNOWN:AKTAU"),
        ("QQQQQ", "POINT_UNKNOWN:QQQQQ"),
        ("ARKAM", "POINT_OFF_ROUTE:ARKAM"),
        ("RUTIL", "POINT_OFF_ROUTE:RUTIL"),
    ],
)
def test_entry_and_exit_are_points_of_the_route(point: str, key: str) -> None:
    rows = changed(4, entry_point=point)
    rows[2] = rows[2] | {"exit_point": point}

    assert {it for it in keys(matter(crossings=rows)) if it.startswith("POINT_")} >= {key}
    assert {it.partition(":")[0] for it in keys(matter(crossings=rows))} & {
        "POINT_IS_FIR",
        "POINT_UNKNOWN",
        "POINT_OFF_ROUTE",
    } == {key.partition(":")[0]}


def test_a_landing_at_an_aerodrome_with_the_code_of_a_fir() -> None:
    assert keys(matter("LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UATT")) == set()


def test_an_entry_point_in_the_middle_of_a_state() -> None:
    rows = changed(3, entry_point="UBBB")
    rows[1] = rows[1] | {"exit_point": "UBBB"}

    asked = matter(crossings=rows)
    assert "POINT_NOT_AT_BOUNDARY:3" in keys(asked)
    assert "Georgia (GE) to Azerbaijan (AZ)" in sentence(asked, "POINT_NOT_AT_BOUNDARY:3")


def test_the_border_will_do_for_the_boundary() -> None:
    [border] = [it.border for it in matter().route.handovers if it.to_state == "KZ"]  # type: ignore[union-attr]
    point = f"{int(border.lat):02}{round(border.lat % 1 * 60):02}N{int(border.lon):03}"
    point += f"{round(border.lon % 1 * 60):02}E"
    at = routes.DEPARTS_AT + timedelta(hours=border.distance_nm / routes.KNOTS)
    rows = changed(4, entry_point=point, entry_at=at)
    rows[2] = rows[2] | {"exit_point": point, "exit_at": at}

    assert keys(matter(crossings=rows)) == set()


def test_times_run_on() -> None:
    entry = routes.rows()[3]["entry_at"]

    assert "TIMES_ORDER:4" in keys(matter(crossings=changed(4, exit_at=entry)))
    early = changed(4, entry_at=entry - timedelta(minutes=2))
    assert keys(matter(crossings=early)) == {"TIMES_ORDER:3-4"}
    late = routes.DEPARTS_AT + timedelta(minutes=1)
    assert keys(matter(departs_at=late)) == {"TIMES_ORDER:departure"}
    arrival = routes.rows()[-1]["exit_at"] - timedelta(minutes=1)
    assert keys(matter(arrives_at=arrival)) == {"TIMES_ORDER:arrival"}


@pytest.mark.parametrize(
    ("knots", "plausible"), [(390, True), (330, True), (470, True), (260, False), (560, False)]
)
def test_times_fit_the_cruise_speed_by_a_fifth(knots: int, plausible: bool) -> None:
    asked = matter(cruise_knots=knots)

    assert any(it.startswith("TIMES_IMPLAUSIBLE") for it in keys(asked)) is not plausible


def test_the_speed_of_the_type_serves_where_none_is_stated() -> None:
    assert keys(matter(cruise_knots=None)) == set()
    assert any(
        it.startswith("TIMES_IMPLAUSIBLE")
        for it in keys(matter(cruise_knots=None, aircraft_type="C295"))
    )
    assert keys(matter(cruise_knots=None, aircraft_type="")) == set()


def test_one_hurried_crossing_is_found_though_the_whole_is_plausible() -> None:
    exit_at = routes.rows()[1]["exit_at"] + timedelta(minutes=25)
    rows = changed(2, exit_at=exit_at)
    rows[2] = rows[2] | {"entry_at": exit_at}

    asked = matter(crossings=rows)
    assert len([it for it in keys(asked) if it.startswith("TIMES_IMPLAUSIBLE")]) == 2
    assert sentence(asked, "TIMES_IMPLAUSIBLE:3-4").startswith("NOLGA to ADEKI, 17")


def test_a_flight_beyond_its_range() -> None:
    assert "RANGE" in keys(matter(aircraft_type="C295", cruise_knots=None))
    assert "RANGE" not in keys(matter(aircraft_type="A400"))
    assert "RANGE" in keys(matter(aircraft_type="CN35", cruise_knots=None))
    assert "RANGE" not in keys(matter(aircraft_type="ANKA", cruise_knots=None))  # not known

    rows = changed(2, action="LAND")
    assert "RANGE" not in keys(matter(aircraft_type="C295", crossings=rows))


def test_boundary_and_border_are_both_said_where_they_lie_apart() -> None:
    [said] = [
        it.sentence for it in routes.found("route", matter()) if it.code == "BOUNDARY_AND_BORDER"
    ]

    assert said.startswith("FIR boundary at BALUN, 07:07Z, border at ")
    assert said.endswith(", 54 NM apart: the window counts from BALUN.")
    assert not [
        it
        for it in routes.found("route", matter(BACK, host="TR"))
        if it.code == "BOUNDARY_AND_BORDER"
    ]


@pytest.mark.parametrize("route", [CORRIDOR, STRAIGHT, GASBI, BY_TURKMENISTAN])
def test_no_two_findings_have_the_same_key(route: str) -> None:
    found = routes.found("route", matter(route, crossings=declaring("TR KZ", route)))

    assert found
    assert len({finding.key for finding in found}) == len(found)
