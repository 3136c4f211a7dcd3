"""Situations 13 to 20: transit versus landing, scope."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from approvals.rounds import latest_round
from audit.refusals import NotNow
from rules import Severity
from tests.routes import CORRIDOR
from tests.situations.acting import flight, movement, played, refile, release_plan, use
from tests.situations.asking import (
    BLANKS,
    EARLY,
    Changes,
    another_agreement,
    codes,
    crossing,
    form,
    found,
    keys,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]


def test_three_days_at_aktau_are_no_transit() -> None:
    """13. Three days at Aktau and a detachment left there are no transit: another instrument."""
    stop = crossing(4, action="LAND", ground_minutes=3 * 24 * 60)
    stay = form(crossings=stop, leaves_behind="PERSONS")

    assert found(stay, "GROUND_TIME:4").severity == Severity.BLOCK
    assert found(stay, "LEAVES_BEHIND").severity == Severity.BLOCK
    assert found(stay, "LANDING").severity == Severity.QUERY
    with another_agreement(landing="refer"):
        assert found(stay, "LANDING_NOT_COVERED").severity == Severity.BLOCK
        assert "LANDING" not in codes(stay)
        elsewhere = form(crossings=stop, legal_basis="OTHER")
        assert not codes(elsewhere) & {"LANDING_NOT_COVERED", "GROUND_TIME"}
        assert found(elsewhere, "LANDING").severity == Severity.QUERY
    assert "LEAVES_BEHIND" in codes(form(legal_basis="OTHER", leaves_behind="PERSONS"))
    assert "PROPERTY_LIST" in codes(form(leaves_behind="STORES"))
    to_astana: Changes = {"route": CORRIDOR, "category": "EXERCISE", "passenger_count": 64}
    assert found(form(**to_astana), "ENDS_IN_HOST").severity == Severity.QUERY
    assert not codes(form()) & {"GROUND_TIME", "LEAVES_BEHIND", "LANDING"}


def test_what_stays_for_an_exercise_has_an_instrument_of_its_own() -> None:
    """Of it (13) is asked under what its people stay, until when, and how they go home."""
    stay: Changes = {"category": "EXERCISE", "leaves_behind": "PERSONS"}
    covered: Changes = {
        "stay_instrument": "Memorandum on the exercise",
        "stays_until": datetime(2026, 9, 28, tzinfo=UTC),
        "returns_by": "TR-KZ-0007",
    }

    assert found(form(**stay), "LEAVES_BEHIND").severity == Severity.QUERY
    for item in covered:
        without = {name: value for name, value in covered.items() if name != item}
        assert found(form(**stay, **without), "LEAVES_BEHIND").severity == Severity.QUERY
    assert found(form(**stay, **covered), "LEAVES_BEHIND").severity == Severity.NOTIFY
    military = form(**stay | {"category": "MILITARY"}, **covered)
    assert found(military, "LEAVES_BEHIND").severity == Severity.BLOCK


def test_a_technical_stop_is_a_landing_with_customs_and_border() -> None:
    """14. A technical stop is a landing, with customs and border, where policy allows."""
    stop = crossing(4, action="LAND", ground_minutes=90)
    untimed = form(crossings=crossing(4, action="LAND"))

    assert found(form(crossings=stop), "LANDING").severity == Severity.QUERY
    assert not codes(form(crossings=stop)) & {"GROUND_TIME", "GROUND_TIME_MISSING"}
    assert found(untimed, "GROUND_TIME_MISSING:4").severity == Severity.QUERY
    without = form(crossings=crossing(4, action="LAND", exit_point="UATZ"))
    assert found(without, "CUSTOMS_AERODROME:UATZ").severity == Severity.QUERY
    assert "CUSTOMS_AERODROME" not in codes(form(crossings=stop))

    exercise = played("register", crossings=stop)
    with another_agreement(landing="refer"):
        assert "LANDING_NOT_COVERED" in codes(form(crossings=stop))
        with pytest.raises(NotNow, match="covers no landing"):
            use(exercise, "KZ-REGISTRY", "register")
    use(exercise, "KZ-REGISTRY", "register")
    assert {"CUSTOMS", "BORDER"} <= {row.desk for row in latest_round(flight(exercise))}


def test_an_emergency_alternate_implies_no_landing() -> None:
    """15. An emergency alternate in the host state is to be known; it implies no landing."""
    listed = form(alternates="UZSS UATG")
    assert found(listed, "ALTERNATE_IN_HOST:UATG").severity == Severity.NOTIFY
    assert "ALTERNATE_IN_HOST" not in codes(form())
    assert found(listed, "ALTERNATE_ELSEWHERE:UZSS").severity == Severity.NOTIFY
    assert found(form(alternates="UTAA"), "ALTERNATE_UNDECLARED:UTAA").severity == Severity.QUERY

    exercise = played("exit", alternates="UZSS UATG")
    use(
        exercise,
        "KZ-OPERATIONS",
        "land",
        at=datetime(2026, 9, 14, 8, 30, tzinfo=UTC),
        landed_at=datetime(2026, 9, 14, 8, tzinfo=UTC),
        aerodrome="UATG",
        cause="OTHER",
    )
    [landing] = movement(exercise).findings
    assert landing == {"code": "LANDING_NOT_AUTHORIZED", "found": "UATG"}


def test_fighters_beside_the_transport_are_outside_its_regime() -> None:
    """16. Two F-16 beside the transport are outside a transport regime."""
    assert found(form(escort="F16 F16"), "ESCORT_COMBAT:F16").severity == Severity.BLOCK
    assert found(form(aircraft_type="F16"), "AIRCRAFT_REGIME").severity == Severity.BLOCK
    assert not codes(form(escort="A400")) & {"ESCORT_COMBAT", "AIRCRAFT_REGIME"}


def test_refuelling_in_the_air_is_no_transit() -> None:
    """17. Refuelling in the air is no transit: over the Caspian least of all."""
    tanker: Changes = {"aircraft_type": "K35R", "received_at": EARLY}
    refuelling = form(**tanker, activity="AAR")

    assert found(refuelling, "ACTIVITY_EN_ROUTE").severity == Severity.BLOCK
    assert found(refuelling, "CASPIAN_ACTIVITY:activity").severity == Severity.BLOCK
    assert "CASPIAN_TRANSIT" not in codes(refuelling)

    transit = codes(form(**tanker))
    assert "CASPIAN_TRANSIT" in transit
    assert not transit & {"ACTIVITY_EN_ROUTE", "CASPIAN_ACTIVITY"}


def test_an_empty_sensor_aircraft_stays_one() -> None:
    """18. An empty sensor aircraft stays one: fourteen working days, sensors off, legal view."""
    empty: Changes = {
        "aircraft_type": "E737",
        "passenger_count": 0,
        "passengers": "",
        "cargo_kg": 0,
    }
    positioning = form(**empty)

    assert found(positioning, "SENSOR_AIRCRAFT").severity == Severity.QUERY
    assert "no sensors are declared" in found(positioning, "SENSOR_AIRCRAFT").sentence
    assert positioning.track.lead_time.amount == 14
    assert "NOTICE_UNJUSTIFIED" in codes(positioning)
    assert "NOTICE_UNJUSTIFIED" not in codes(form(**empty, received_at=EARLY))
    brought = positioning.flight.agreement.brought["SENSOR_AIRCRAFT"]
    assert brought.calls == ("LEGAL",)
    assert brought.condition

    declared = form(**empty, has_sensors=True, equipment="Radar, off.", received_at=EARLY)
    assert found(declared, "SENSORS_DECLARED").severity == Severity.QUERY
    assert "CASPIAN_TRANSIT" in codes(declared)
    assert "CASPIAN_ACTIVITY:sensors" in keys(form(**empty, undertakes_sensors=False))
    assert not codes(form()) & {"SENSOR_AIRCRAFT", "SENSORS_DECLARED", "CASPIAN_ACTIVITY"}


def test_relief_goods_in_a_military_aircraft_are_urgent_and_still_authorized() -> None:
    """19. Relief goods in a military aircraft are urgent, still authorized, STS/HUM."""
    relief = form(priority="HUM")
    assert found(relief, "URGENT").severity == Severity.NOTIFY
    assert "CATEGORY_PRIORITY" not in codes(relief)
    other = form(priority="HUM", category="EXERCISE")
    assert found(other, "CATEGORY_PRIORITY").severity == Severity.QUERY
    assert "URGENT" not in codes(form())

    exercise = played("check_plan")
    assert refile(exercise, "STS/HUM STATE", "STS/STATE") == ["STS_MISSING"]
    with pytest.raises(ValidationError):
        release_plan(exercise)
    assert refile(exercise) == []
    release_plan(exercise)
    assert movement(exercise).status == "CHECKED"


def test_blank_rounds_ride_with_the_troops_of_an_exercise() -> None:
    """20. Blank rounds 1.4S ride with the troops of an exercise, declared and within the limit."""
    exercise: Changes = {"category": "EXERCISE", "passenger_count": 40, "received_at": EARLY}
    blanks = form(**exercise, goods=[BLANKS])

    assert found(blanks, "DG_DECLARED").severity == Severity.NOTIFY
    assert not {it for it in codes(blanks) if it.startswith("DG_")} - {"DG_DECLARED"}
    assert not codes(blanks) & {"CATEGORY_LOAD", "CATEGORY_OTHER"}

    too_much = form(
        **exercise, goods=[BLANKS | {"gross_kg": Decimal(60), "net_quantity": Decimal(51)}]
    )
    assert found(too_much, "DG_PASSENGER_LIMIT:1").severity == Severity.QUERY
    assert "DG_DECLARED" not in codes(form(**exercise))
