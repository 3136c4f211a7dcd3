"""Situations 21 to 31: route, geography, third states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from approvals import checks
from audit.refusals import NotNow
from casework.models import NoteKind
from rules import Severity
from tests import playing
from tests.routes import CORRIDOR
from tests.situations.acting import flight, played, refile, release_plan, stored, use
from tests.situations.asking import (
    ALPHA,
    BY_A_ZONE,
    BY_TURKMENISTAN,
    CELLS,
    DIRECT_TO_ALMATY,
    GASBI,
    STRAIGHT,
    codes,
    crossing,
    form,
    found,
    keys,
    proposed,
)
from transit.models import FlightStatus

#: Into Georgia, on alpha.
ENTRY = datetime(2026, 9, 14, 5, 58, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]


def test_the_straight_line_across_the_rostov_fir_goes_by_the_corridor_instead() -> None:
    """21. From Ankara straight to Astana crosses the Rostov FIR: by the corridor instead."""
    straight = form(route=STRAIGHT, crossings=proposed(STRAIGHT, without="RU"))

    assert found(straight, "ROUTE_UNDECLARED:RU").severity == Severity.BLOCK
    assert found(straight, "FIR_UNDECLARED:URRV").severity == Severity.QUERY
    corridor = codes(form(route=CORRIDOR))
    assert not corridor & {"ROUTE_UNDECLARED", "FIR_UNDECLARED", "CASPIAN_GAP"}


def test_a_line_drawn_by_gasbi_clips_an_undeclared_state() -> None:
    """22. Declared by the corridor, drawn by GASBI: it clips Russia, its points lie off."""
    clipping = form(route=GASBI, crossings=proposed(CORRIDOR))

    assert found(clipping, "ROUTE_UNDECLARED:RU").severity == Severity.BLOCK
    assert found(clipping, "FIR_UNDECLARED:URRV").severity == Severity.QUERY
    assert found(clipping, "FIR_UNDECLARED:URRV").sentence.startswith("113 NM in the ")
    assert found(clipping, "POINT_OFF_ROUTE:BALUN").severity == Severity.BLOCK
    assert found(clipping, "CASPIAN_GAP:URRV").severity == Severity.QUERY

    first = {row["state"]: row for row in reversed(proposed(GASBI))}
    once = form(route=GASBI, crossings=sorted(first.values(), key=lambda row: row["entry_at"]))
    assert found(once, "ROUTE_ORDER").severity == Severity.BLOCK

    mended = codes(form(route=CORRIDOR))
    assert not mended & {"ROUTE_UNDECLARED", "FIR_UNDECLARED", "POINT_OFF_ROUTE", "ROUTE_ORDER"}


def test_direct_to_almaty_crosses_uzbekistan_which_is_asked_or_avoided() -> None:
    """23. From Aktau direct to Almaty the flight crosses Uzbekistan, which is asked or avoided."""
    direct = form(route=DIRECT_TO_ALMATY, crossings=proposed(DIRECT_TO_ALMATY, without="UZ"))

    assert found(direct, "ROUTE_UNDECLARED:UZ").severity == Severity.BLOCK
    assert "ROUTE_UNDECLARED" not in codes(form(route=DIRECT_TO_ALMATY))
    assert "ROUTE_UNDECLARED" not in codes(form(route=CORRIDOR))


def test_leaving_at_one_point_and_entering_at_another_is_a_gap() -> None:
    """24. Out of Azerbaijan at one point and into Kazakhstan at another: a gap."""
    gap = form(crossings=crossing(4, entry_point="RUTIL"))

    assert found(gap, "GAP:4").severity == Severity.BLOCK
    assert found(gap, "POINT_OFF_ROUTE:RUTIL").severity == Severity.BLOCK
    assert not codes(form()) & {"GAP", "POINT_OFF_ROUTE"}


def test_an_entry_point_is_neither_a_fir_nor_a_town() -> None:
    """25. An entry point is neither a FIR nor a town."""
    fir = form(crossings=crossing(4, entry_point="UATT"))
    town = form(crossings=crossing(4, entry_point="AKTAU"))
    to_fir = form(route="LTAU UACN", crossings=ALPHA["crossings"])

    assert found(fir, "POINT_IS_FIR:UATT").severity == Severity.BLOCK
    assert found(town, "POINT_UNKNOWN:AKTAU").severity == Severity.BLOCK
    assert "UACC" in found(to_fir, "ROUTE_MISSING").sentence
    assert not codes(form()) & {"POINT_IS_FIR", "POINT_UNKNOWN", "ROUTE_MISSING"}


def test_while_georgia_has_not_answered_only_that_condition_authorizes() -> None:
    """26. While Georgia has not answered, the host authorizes on that condition only."""
    pending = crossing(2, clearance="REQUESTED", clearance_number="")
    assert found(form(crossings=pending), "THIRD_STATE_PENDING:GE").severity == Severity.QUERY
    assert "THIRD_STATE_PENDING" not in codes(form())

    exercise = played("authorize", crossings=pending)
    decider = playing.seat(exercise, "KZ-DECIDER")
    with pytest.raises(NotNow, match="THIRD_STATE_PENDING"):
        use(exercise, "KZ-DECIDER", "authorize")

    use(
        exercise,
        "KZ-DEFENCE",
        "deal_with",
        findings=["THIRD_STATE_PENDING:GE"],
        disposal="ACCEPTED",
        reason="On the condition that Georgia grants.",
    )
    conditions = checks.suggested_conditions(flight(exercise), decider, at=exercise.last_at)
    assert "No departure before every state on the way has granted its clearance." in conditions
    use(exercise, "TR-ATTACHE", "ask_neighbour", state="GE", note_number="2026/1")
    for minutes, note, stands in ((10, "2026/2", ["THIRD_STATE_WINDOW:GE"]), (60, "2026/3", [])):
        told: dict[str, Any] = {"state": "GE", "clearance_number": "EXGE26S0101"}
        told |= {"valid_from": ENTRY, "valid_until": ENTRY + timedelta(minutes=minutes)}
        use(exercise, "TR-ATTACHE", "tell_clearance", note_number=note, **told)
        found_now = checks.standing(flight(exercise), at=exercise.last_at)
        assert [one.key for one in found_now] == stands

    use(exercise, "KZ-DECIDER", "authorize", conditions=conditions)
    assert flight(exercise).authorizations.get().conditions == conditions


def test_the_host_offers_a_route_around_a_restricted_zone_in_a_note() -> None:
    """28. A restricted zone lies on the way: the host offers another route in a note."""
    through = form(route=BY_A_ZONE)
    assert found(through, "ZONE_CROSSED:EXR-1").severity == Severity.QUERY
    assert "ZONE_CROSSED" not in codes(form(route=CORRIDOR))

    exercise = played("concur", "landing", route=BY_A_ZONE)
    use(
        exercise,
        "KZ-AIR_DEFENCE",
        "ask",
        text="EXR-1 lies on your route; LANUK after UATE keeps clear of it.",
        findings=["ZONE_CROSSED:EXR-1"],
    )
    note = flight(exercise).last_note(NoteKind.QUESTION)
    assert note
    assert "LANUK" in note.text
    [item] = [
        one for one in checks.items(flight(exercise), at=exercise.last_at) if "ZONE" in one.key
    ]
    assert item.is_dealt_with
    assert not item.allows


def test_when_georgia_closes_each_number_is_held_and_looked_at_again() -> None:
    """27. Georgia closes to military flights: each number is held, then looked at by itself."""
    asked, granted = played("concur"), played("file_plan")
    for exercise in (asked, granted):
        closed: dict[str, Any] = {"state": "GE", "words": "Until further notice."}
        assert "AIRSPACE_CLOSED" not in {one.code for one in stored(exercise)}
        use(exercise, "INSTRUCTOR", "close_airspace", closed_from=exercise.last_at, **closed)
        [met] = [one for one in stored(exercise) if one.code == "AIRSPACE_CLOSED"]
        assert met.severity == Severity.QUERY

    def status() -> str:
        return str(flight(granted).authorizations.get().status)

    assert status() == "IN_FORCE"  # it does not change by itself
    use(granted, "KZ-DECIDER", "suspend", reason="Closed: a political cause, nobody's fault.")
    assert status() == "SUSPENDED"

    for exercise in (asked, granted):
        use(exercise, "INSTRUCTOR", "reopen_airspace", number="1")
        assert "AIRSPACE_CLOSED" not in {one.code for one in stored(exercise)}
    assert status() == "SUSPENDED"
    use(granted, "KZ-DECIDER", "reinstate", reason="Open again; route and times hold.")
    assert status() == "IN_FORCE"


def test_across_a_zone_of_the_host_the_special_permit_comes_first() -> None:
    """29. Across a zone of the host nothing is decided before the special permit is on file."""
    exercise = played("concur", "landing", route=BY_A_ZONE)
    for desk in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION"):
        use(exercise, f"KZ-{desk}", "concur", answer="CONCUR")
    for desk in ("CUSTOMS", "BORDER"):
        use(exercise, "KZ-DEFENCE", "enter_answer", desk=desk, answer="CONCUR", paper="No. 1")
    with pytest.raises(NotNow, match="State guard service"):
        use(exercise, "KZ-DEFENCE", "concur", answer="CONCUR")

    permit = "Special permit for EXR-1, No. 9"
    use(exercise, "KZ-DEFENCE", "enter_answer", desk="STATE_GUARD", answer="CONCUR", paper=permit)
    use(exercise, "KZ-DEFENCE", "concur", answer="CONCUR")
    with pytest.raises(NotNow, match="ZONE_CROSSED"):
        use(exercise, "KZ-DECIDER", "authorize")

    use(
        exercise,
        "KZ-DEFENCE",
        "deal_with",
        findings=["ZONE_CROSSED:EXR-1", "LANDING"],
        disposal="ACCEPTED",
        reason=permit,
    )
    use(exercise, "KZ-DECIDER", "authorize")
    assert flight(exercise).status == FlightStatus.AUTHORIZED


def test_a_filed_route_without_the_cleared_points_is_not_released() -> None:
    """30. A filed route without the cleared points is not released."""
    exercise = played("check_plan")

    assert refile(exercise, "DCT BALUN ", "") == ["ENTRY_POINT_MISSING"]
    with pytest.raises(ValidationError, match="ENTRY_POINT_MISSING"):
        release_plan(exercise)
    by_turkmenistan = ["EXIT_POINT_MISSING", "FIR_NOT_CLEARED", "STATE_NOT_CLEARED"]
    assert refile(exercise, "DCT URASA ", "") == by_turkmenistan
    with pytest.raises(ValidationError, match="STATE_NOT_CLEARED"):
        release_plan(exercise)
    assert refile(exercise, "DCT UATE\n", "DCT 4230N05300E\n") == [
        "ROUTE_POINT_ADDED",
        "ROUTE_POINT_MISSING",
    ]
    with pytest.raises(ValidationError, match="how each discrepancy was cleared up"):
        release_plan(exercise)
    assert refile(exercise) == []
    release_plan(exercise)


def test_the_way_round_by_turkmenistan_needs_its_clearance() -> None:
    """31. The way round by Turkmenistan needs its clearance: Azerbaijan is not evaded."""
    undeclared = form(route=BY_TURKMENISTAN, crossings=proposed(BY_TURKMENISTAN, without="TM"))
    assert found(undeclared, "ROUTE_UNDECLARED:TM").severity == Severity.BLOCK
    assert found(undeclared, "CASPIAN_GAP:TM").severity == Severity.QUERY

    asked = [
        row | ({"clearance": "REQUESTED"} if row["state"] == "TM" else {})
        for row in proposed(BY_TURKMENISTAN)
    ]
    pending = form(route=BY_TURKMENISTAN, crossings=asked)
    assert found(pending, "THIRD_STATE_PENDING:TM").severity == Severity.QUERY
    granted = codes(form(route=BY_TURKMENISTAN))
    assert not granted & {"ROUTE_UNDECLARED", "THIRD_STATE_PENDING", "CASPIAN_GAP"}

    exercise = played("prepare")
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form=ALPHA["form"], crossings=asked)
    use(exercise, "TR-ATTACHE", "ask_neighbour", state="TM", note_number="2026/1")
    assert flight(exercise).asked.get().host == "TM"

    waiting = form(goods=[CELLS], crossings=crossing(3, clearance="REQUESTED"))
    assert "THIRD_STATE_NOTICE:AZ" in keys(waiting)
    assert "THIRD_STATE_NOTICE:AZ" not in keys(form(goods=[CELLS]))
