"""Zones on the way: the host's need its permit first, others are theirs to permit."""

from typing import Any

import pytest

from tests import routes
from tests.routes import matter

DIRECT = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE UACC"  # Aktau-Astana without LANUK
KARAGANDA = "LTAE NOLGA LAGAS ADEKI UBBB RUTIL UATE ARKAM UAKK"


def keys(*args: Any, **changes: Any) -> set[str]:
    return routes.keys("zones", matter(*args, **changes))


@pytest.mark.parametrize("route", [routes.CORRIDOR, routes.BACK])
def test_the_corridor_meets_no_zone(route: str) -> None:
    assert keys(route) == set()


def test_a_zone_of_the_host_needs_a_special_permit() -> None:
    """Situations 28 and 29: the permit of other authorities first, or another way round."""
    [finding] = routes.found("zones", matter(DIRECT))

    assert finding.key == "ZONE_CROSSED:EXR-1"
    assert finding.sentence.startswith(
        "EXR-1 Training area Boztorgay (restricted, ground to F660), from 14"
    )
    assert finding.sentence.endswith("Z. A special permit is needed first.")
    assert matter().agreement.brought["ZONE_CROSSED"].calls == ("STATE_GUARD",)


def test_a_zone_of_another_state_is_made_known() -> None:
    assert keys(DIRECT, host="TR") == {"ZONE_ELSEWHERE:EXR-1"}
    assert keys("LTAT LTCE", host="KZ", cruise_level="F200", departs_at=None) == {
        "ZONE_ELSEWHERE:EXR-4"
    }


def test_time_and_level_tell_whether_a_zone_is_met() -> None:
    assert keys(KARAGANDA) == {"ZONE_CROSSED:EXR-2"}
    assert keys(KARAGANDA, departs_at=routes.DEPARTS_AT.replace(hour=15)) == set()
    assert keys(KARAGANDA, cruise_level="F310") == set()
    assert keys(KARAGANDA, cruise_level="") == {"ZONE_CROSSED:EXR-2"}


def test_a_route_that_cannot_be_drawn_meets_no_zone() -> None:
    assert keys("NOWHERE", crossings=[]) == set()
