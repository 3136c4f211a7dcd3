"""The Caspian: no crossing, a direct transit, or more than a transit."""

from typing import Any

import pytest

from tests import routes
from tests.routes import BACK, matter
from tests.situations.asking import TO_AND_FRO

AROUND = "LTAC LTCI"
GASBI = "LTAU NOLGA BARAD GASBI LANUK UACC"
BY_THE_SOUTH = "LTAU NOLGA LAGAS ADEKI UBBB 3800N05200E TIROM UATE"


def keys(*args: Any, **changes: Any) -> set[str]:
    return routes.keys("water", matter(*args, **changes))


def test_no_caspian_no_finding() -> None:
    assert keys(AROUND, activity="AAR", has_armament=True) == set()


def test_a_direct_unarmed_transit_has_its_condition() -> None:
    [finding] = routes.found("water", matter())

    assert finding.code == "CASPIAN_TRANSIT"
    assert finding.sentence.startswith("20")  # NM, from coast to coast
    assert matter().agreement.brought["CASPIAN_TRANSIT"].condition


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"activity": "AAR"}, "activity"),  # situation 17
        ({"activity": "HOLDING"}, "activity"),
        ({"activity": "SENSORS"}, "activity"),
        ({"activity": "LOW"}, "activity"),
        ({"has_armament": True}, "armament"),
        ({"has_sensors": True, "undertakes_sensors": False}, "sensors"),
        ({"has_electronic_warfare": True, "undertakes_sensors": False}, "sensors"),
        ({"aircraft_type": "E737", "undertakes_sensors": False}, "sensors"),  # situation 18
        ({"cruise_level": "F150"}, "level"),
        ({"escort": "F16 F16"}, "F16"),
        ({"aircraft_type": "F16"}, "F16"),
    ],
)
def test_more_than_a_transit_is_referred(changes: dict[str, Any], about: str) -> None:
    assert keys(**changes) == {f"CASPIAN_ACTIVITY:{about}"}
    assert matter().agreement.brought["CASPIAN_ACTIVITY"].calls == ("LEGAL",)


def test_an_aircraft_of_a_littoral_state_is_not_kept_off() -> None:
    assert keys(BACK, host="TR", has_armament=True) == set()
    without = [row for row in routes.rows(BACK) if row["state"] != "AZ"]
    assert keys(BACK, host="TR", crossings=without) == {"CASPIAN_GAP:AZ"}


@pytest.mark.parametrize(
    ("route", "is_direct"),
    [
        (routes.CORRIDOR, True),
        ("LTAU NOLGA LAGAS ADEKI UBBB BALUN UATG UACC", True),
        ("LTAU NOLGA LAGAS ADEKI UBBB MARAL UTAK UTAA", True),
        (TO_AND_FRO, False),
        ("UBBB 4130N05030E UBBB", False),
        (BY_THE_SOUTH, False),
    ],
)
def test_to_and_fro_over_the_sea_is_no_direct_transit(route: str, is_direct: bool) -> None:
    said = {it for it in keys(route) if not it.startswith("CASPIAN_GAP")}

    assert said == {"CASPIAN_TRANSIT" if is_direct else "CASPIAN_ACTIVITY:detour"}


@pytest.mark.parametrize("aircraft_type", ["E737", "K35R", "A400"])
def test_sensors_that_stay_off_are_no_activity(aircraft_type: str) -> None:
    assert keys(aircraft_type=aircraft_type, has_sensors=True) == {"CASPIAN_TRANSIT"}


def test_the_way_from_coast_to_coast_stays_in_the_firs_of_the_two() -> None:
    assert "CASPIAN_GAP:URRV" in keys(GASBI)
    assert "CASPIAN_GAP:OIIX" in keys("UBBB 3745N05130E UTAA")
    assert not {it for it in keys() if it.startswith("CASPIAN_GAP")}


def test_both_coasts_are_declared() -> None:
    without = [row for row in routes.rows() if row["state"] != "AZ"]

    assert "CASPIAN_GAP:AZ" in keys(crossings=without)
    assert "CASPIAN_GAP:AZ" not in keys()


@pytest.mark.parametrize(
    ("item", "said", "words"),
    [
        ("remarks", "Two orbits south of Aktau, then on.", {"orbit"}),
        ("purpose", "Air-to-air Refuelling (AAR) of a formation.", {"refuel", "aar"}),
        ("remarks", "Persons for an offshore platform.", {"offshore"}),
        ("remarks", "Aaron is the call sign's sponsor; no holding.", set()),
        ("purpose", "Relief goods after the flood.", set()),
    ],
)
def test_words_that_tell_of_more_than_transit(item: str, said: str, words: set[str]) -> None:
    """Of rule set 1; the next leaves the reading to a person."""
    expected = {f"WORDS_OF_ACTIVITY:{word}" for word in words}

    assert keys(AROUND, rules_version="1", **{item: said}) == expected
    assert keys(AROUND, rules_version="1", activity="PATROL", **{item: said}) == set()
    assert keys(AROUND, **{item: said}) == set()
