"""The rules on scope, at their edges; that each finding goes is in `tests.situations`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rules import Severity
from tests.situations.acting import played, stored, use
from tests.situations.asking import (
    ALPHA,
    Changes,
    another_agreement,
    codes,
    crossing,
    entering,
    form,
    found,
    keys,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]


def test_each_missing_item_is_a_finding_of_its_own() -> None:
    missing = {it for it in keys(form(captain="", crew_count=0)) if "INCOMPLETE" in it}

    assert missing == {"FORM_INCOMPLETE:captain", "FORM_INCOMPLETE:crew_count"}


def test_the_agreement_is_in_force_on_the_day_of_entry_in_astana() -> None:
    late_in_the_evening = datetime(2026, 9, 14, 19, 30, tzinfo=UTC)  # the 15th in Astana
    asked = form(**entering(late_in_the_evening))

    with another_agreement(in_force_from=date(2026, 9, 15)):
        assert "AGREEMENT_NOT_IN_FORCE" not in codes(asked)
    with another_agreement(in_force_from=date(2026, 9, 16)):
        assert "2026-09-16" in found(asked, "AGREEMENT_NOT_IN_FORCE").sentence


@pytest.mark.parametrize(
    ("used_as", "code", "severity"),
    [
        ("CHARTER", "AIRCRAFT_USE", Severity.QUERY),
        ("CIVIL", "CIVIL_USE", Severity.QUERY),
        ("CUSTOMS", "STATE_SERVICE", Severity.NOTIFY),
        ("POLICE", "STATE_SERVICE", Severity.NOTIFY),
        ("STATE", "STATE_SERVICE", Severity.NOTIFY),
    ],
)
def test_only_military_use_is_what_the_agreement_is_about(
    used_as: str, code: str, severity: Severity
) -> None:
    said = codes(form(used_as=used_as)) & {"AIRCRAFT_USE", "CIVIL_USE", "STATE_SERVICE"}

    assert said == {code}
    assert found(form(used_as=used_as), code).severity == severity
    assert "military transit" in found(form(used_as="STATE"), "STATE_SERVICE").sentence


@pytest.mark.parametrize("aircraft_type", ["F16", "L39", "A400", "K35R", "B744", ""])
def test_a_type_stands_in_one_part_of_the_regime_at_the_most(aircraft_type: str) -> None:
    regime = {"AIRCRAFT_REGIME", "AIRCRAFT_REFER", "SENSOR_AIRCRAFT"}

    assert len(codes(form(aircraft_type=aircraft_type)) & regime) == (
        aircraft_type not in ("A400", "")
    )


def test_an_escort_is_named_once_for_each_type_that_is_out() -> None:
    escorted = {it for it in keys(form(escort="F4 F16 A400 F16")) if it.startswith("ESCORT")}

    assert escorted == {"ESCORT_COMBAT:F16", "ESCORT_COMBAT:F4"}


@pytest.mark.parametrize("policy", ["refuse", "refer", "condition", "allow"])
def test_armament_is_either_refused_or_examined(policy: str) -> None:
    with another_agreement(policies={"armament": policy}):
        said = codes(form(has_armament=True)) & {"ARMAMENT_REFUSED", "ARMAMENT_DECLARED"}

    assert said == ({"ARMAMENT_REFUSED"} if policy == "refuse" else {"ARMAMENT_DECLARED"})


@pytest.mark.parametrize("category", ["OFFICIAL_DELEGATION", "HUMANITARIAN", "DIPLOMATIC_CARGO"])
def test_arms_fit_no_peaceful_category(category: str) -> None:
    assert "CATEGORY_LOAD" in codes(form(category=category, has_armament=True))
    assert "CATEGORY_LOAD" not in codes(form(category="MILITARY", has_armament=True))


def test_a_delegation_is_the_category_of_its_track() -> None:
    assert "CATEGORY_PRIORITY" in codes(form(priority="VIP"))
    assert "CATEGORY_PRIORITY" not in codes(form(priority="VIP", category="OFFICIAL_DELEGATION"))
    assert "CATEGORY_PRIORITY" not in codes(form(priority="MEDEVAC"))


def test_a_flight_that_ends_in_the_host_says_no_time_on_the_ground() -> None:
    *before, last = ALPHA["crossings"][:4]
    ends = form(crossings=[*before, last | {"action": "LAND"}])

    assert "LANDING" in codes(ends)
    assert "GROUND_TIME_MISSING" not in codes(ends)
    assert "GROUND_TIME_MISSING:4" in keys(form(crossings=crossing(4, action="LAND")))


@pytest.mark.parametrize(("minutes", "is_stay"), [(120, False), (121, True)])
def test_a_technical_stop_has_a_longest_time(minutes: int, is_stay: bool) -> None:
    stop = form(crossings=crossing(4, action="LAND", ground_minutes=minutes))

    assert ("GROUND_TIME:4" in keys(stop)) is is_stay


@pytest.mark.parametrize("left", ["STORES", "PERSONS"])
def test_whatever_stays_behind_is_referred(left: str) -> None:
    assert "LEAVES_BEHIND" in codes(form(leaves_behind=left))


@pytest.mark.parametrize(
    "activity", ["AAR", "HOLDING", "AIRDROP", "PATROL", "SENSORS", "LOW", "NONE"]
)
def test_any_activity_is_more_than_transit(activity: str) -> None:
    assert ("ACTIVITY_EN_ROUTE" in codes(form(activity=activity))) is (activity != "NONE")


# Other flights of the same planners


def booked(**items: Any) -> dict[str, Any]:
    return {"host": "KZ", "form": ALPHA["form"] | items, "crossings": ALPHA["crossings"]}


def twice(exercise: Any, number: int) -> set[str]:
    return {one.key for one in stored(exercise, number) if one.code == "TAIL_TWICE"}


def test_a_planner_is_told_of_the_own_drafts_and_the_host_of_none() -> None:
    exercise = played("register")
    use(exercise, "TR-PLANNER", "prepare", **booked())

    assert twice(exercise, 2) == {"TAIL_TWICE:TR-KZ-0001"}
    assert twice(exercise, 1) == set()


@pytest.mark.parametrize(
    ("between", "overlaps"), [(timedelta(0), False), (timedelta(minutes=-1), True)]
)
def test_a_tail_flies_on_once_it_has_arrived(between: timedelta, overlaps: bool) -> None:
    exercise = played("register")
    departs_at = ALPHA["form"]["arrives_at"] + between
    times: Changes = {"departs_at": departs_at, "arrives_at": departs_at + timedelta(hours=5)}
    use(exercise, "TR-PLANNER", "prepare", **booked(**times))

    assert (twice(exercise, 2) != set()) is overlaps


def test_a_report_is_outstanding_of_its_own_operator_alone() -> None:
    exercise = played("report")
    late = datetime(2026, 9, 18, 6, tzinfo=UTC)
    use(exercise, "TR-PLANNER", "prepare", at=late, host="KZ", form={"operator": "Coast Guard"})
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form=own())

    assert "REPORT_OUTSTANDING" not in {one.code for one in stored(exercise, 2)}
    assert "REPORT_OUTSTANDING" in {one.code for one in stored(exercise, 3)}


def own() -> dict[str, Any]:
    return {"operator": ALPHA["form"]["operator"]}
