"""Situations 41 to 49: dangerous goods and equipment.

What follows from situation 47 is for the deciding officer.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from rules import Severity
from tests.annual import annual
from tests.situations.acting import flight, movement, played, use
from tests.situations.asking import (
    BALL,
    BLANKS,
    CELLS,
    EARLY,
    FUEL,
    MARCH,
    NUMBER,
    PROJECTILES,
    Changes,
    codes,
    crossing,
    entering,
    findings,
    form,
    found,
    keys,
)
from transit import irregular
from transit.models import FlightStatus, MovementStatus

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]


def test_an_empty_table_of_goods_is_no_statement() -> None:
    """41. An empty table is no statement: it does not go out, and is returned if it came."""
    silent = form(dangerous_goods="")
    assert found(silent, "DG_NO_STATEMENT").severity == Severity.BLOCK
    assert found(silent, "FORM_INCOMPLETE:dangerous_goods").severity == Severity.BLOCK
    assert found(form(dangerous_goods="LIST"), "DG_LIST_EMPTY").severity == Severity.BLOCK
    assert not codes(form()) & {"DG_NO_STATEMENT", "DG_LIST_EMPTY", "FORM_INCOMPLETE"}

    exercise = played("request_release", dangerous_goods="")
    with pytest.raises(ValidationError) as refused:
        use(exercise, "TR-PLANNER", "request_release")
    assert list(refused.value.message_dict) == ["dangerous_goods"]
    assert flight(exercise).status == FlightStatus.DRAFT


def test_projectiles_are_never_under_an_annual_number() -> None:
    """42. Projectiles are never under an annual number: a single one, and fourteen days."""
    cited: Changes = {"exercise": annual.before(), "annual_number": NUMBER}
    asked: Changes = entering(MARCH, **cited, short_notice_reason="The exercise begins.")
    asked["received_at"] = MARCH - timedelta(days=16)
    shells = PROJECTILES | {"compliant": False}
    form_with_shells = form(**asked, goods=[shells])

    assert {
        "ANNUAL_DANGEROUS_GOODS",
        "DG_DECLARED",
        "DG_FORBIDDEN_BY_AIR",
        "DG_NOT_COMPLIANT",
        "NOTICE_SHORT",
    } <= codes(form_with_shells)
    assert found(form_with_shells, "DG_FORBIDDEN_BY_AIR:1").severity == Severity.QUERY
    assert form_with_shells.track.lead_time.amount == 14
    waiting = crossing(3, clearance="REQUESTED")
    assert "THIRD_STATE_NOTICE:AZ" in keys(form(goods=[shells], crossings=waiting))

    without = codes(form(**asked))
    assert {it for it in without if it.startswith(("DG_", "ANNUAL_"))} == {"ANNUAL_ALONE"}
    assert "NOTICE_SHORT" not in without
    assert "THIRD_STATE_NOTICE" not in codes(form(crossings=waiting))


def test_loose_lithium_batteries_are_not_batteries_in_equipment() -> None:
    """43. Loose lithium batteries are UN3480; in equipment they are UN3481."""
    swapped = form(goods=[CELLS | {"un_number": "UN3481"}])

    assert found(swapped, "DG_NAME_MISMATCH:1").severity == Severity.BLOCK
    assert "is UN3480" in found(swapped, "DG_NAME_MISMATCH:1").sentence
    assert "DG_NAME_MISMATCH" not in codes(form(goods=[CELLS]))


def test_ammunition_does_not_ride_with_sixty_soldiers_unasked() -> None:
    """44. Ammunition 1.4C does not ride with sixty soldiers by the civil table: asked."""
    troops: Changes = {"passenger_count": 60, "passengers": "Sixty soldiers.", "received_at": EARLY}

    assert found(form(**troops, goods=[BALL]), "DG_PASSENGERS:1").severity == Severity.QUERY
    apart: Changes = troops | {"passenger_count": 0}
    assert "DG_PASSENGERS" not in codes(form(**apart, goods=[BALL]))
    assert "DG_PASSENGERS" not in codes(form(**troops, goods=[BLANKS]))

    few: Changes = troops | {"passenger_count": 2, "passengers": "Two technicians."}
    asked = found(form(**few, goods=[BALL]), "DG_ATTENDANTS")
    assert "how many of them attend to the load" in asked.sentence
    attending = form(**few, attendant_count=2, goods=[BALL])
    assert not codes(attending) & {"DG_ATTENDANTS", "DG_PASSENGERS"}
    one_rides = form(**few, attendant_count=1, goods=[BALL])
    assert found(one_rides, "DG_PASSENGERS:1").severity == Severity.QUERY


def test_an_explosive_without_its_net_quantity_is_returned() -> None:
    """45. A line of class 1 without its net explosive quantity is returned."""
    unstated = form(goods=[BALL | {"net_explosive_kg": None}])

    assert found(unstated, "DG_NEQ_MISSING:1").severity == Severity.BLOCK
    assert "DG_NEQ_MISSING" not in codes(form(goods=[BALL]))


def test_fuel_in_jerrycans_lacks_group_packages_mass_and_compliance() -> None:
    """46. Fuel in jerrycans: packing group, packages, gross mass and compliance are missing."""
    jerrycans = FUEL | {"packing_group": "", "packages": None, "gross_kg": None, "compliant": None}
    missing = {"DG_PG_MISSING", "DG_QUANTITY_MISSING", "DG_NOT_COMPLIANT_UNSTATED"}

    declared = form(goods=[jerrycans])
    assert missing <= codes(declared)
    assert {it.severity for it in findings(declared) if it.code in missing} == {Severity.BLOCK}
    assert not codes(form(goods=[FUEL])) & missing


def test_explosives_that_nobody_declared_are_put_before_the_decider() -> None:
    """47. Undeclared 1.1 explosives after departure: reported, and nothing follows by itself."""
    exercise = played("exit")
    load, source = "UN0030 detonators, 1.1B, 12 boxes.", "Ministry of Defence"
    use(exercise, "KZ-SECURITY", "report_load", load=load, source=source)

    [found_on] = movement(exercise).findings
    assert found_on == {"code": "UNDECLARED_LOAD", "found": load}
    assert irregular.is_breach(found_on)
    assert movement(exercise).status == MovementStatus.ACTIVE
    assert flight(exercise).authorizations.get().status == "IN_FORCE"


def test_whoever_declares_rifles_says_whether_there_is_ammunition() -> None:
    """48. Whoever declares rifles says whether there is ammunition, and lists it."""
    rifles: Changes = {
        "has_personal_weapons": True,
        "personal_weapons": "Rifles.",
        "received_at": EARLY,
    }
    unsaid = form(**rifles)

    assert found(unsaid, "WEAPONS_AMMUNITION").severity == Severity.BLOCK
    assert found(unsaid, "WEAPONS_DECLARED").severity == Severity.QUERY
    assert "WEAPONS_AMMUNITION" in codes(form(**rifles, has_ammunition=True))
    assert unsaid.flight.agreement.brought["WEAPONS_DECLARED"].condition

    assert "WEAPONS_AMMUNITION" in codes(form(has_personal_weapons=False, has_ammunition=True))

    listed = form(**rifles, has_ammunition=True, goods=[BLANKS])
    assert "WEAPONS_AMMUNITION" not in codes(listed)
    assert "WEAPONS_AMMUNITION" not in codes(form(**rifles, has_ammunition=False))
    assert "WEAPONS_DECLARED" not in codes(form())


def test_an_ew_suite_that_stays_off_is_acceptable_on_a_condition() -> None:
    """49. An EW suite that stays off: a condition, and the security desk's answer."""
    present = form(has_electronic_warfare=True, equipment="Suite, off.", received_at=EARLY)

    finding = found(present, "EW_DECLARED")
    assert finding.severity == Severity.QUERY
    assert finding.rule.desk == "SECURITY"
    assert present.flight.agreement.brought["EW_DECLARED"].condition
    assert {one.code for one in findings(present) if one.severity == Severity.BLOCK} == set()
    assert "EW_DECLARED" not in codes(form())
