"""Situations 1 to 12: intake and competence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from annual.models import AnnualStatus
from audit.refusals import NotNow
from books import calendars
from casework.models import NoteKind
from contacts.models import Contact
from rules import Severity
from tests import playing
from tests.annual import annual
from tests.situations.acting import flight, played, refile, stored, use
from tests.situations.asking import (
    ALPHA,
    BALL,
    BLANKS,
    MARCH,
    NUMBER,
    Changes,
    another_agreement,
    codes,
    entering,
    form,
    found,
    keys,
)
from transit import lead_times
from transit.models import FlightRequest, FlightStatus

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]


def test_a_form_that_no_note_brought_cannot_be_registered() -> None:
    """1. A form that no note brought is not there for the host, and cannot be registered."""
    exercise = played("transmit")
    registry = playing.seat(exercise, "KZ-REGISTRY")

    assert not FlightRequest.objects.visible_to(registry).exists()
    with pytest.raises(NotNow):
        use(exercise, "KZ-REGISTRY", "register")

    desk, text = "KZ-AIR_DEFENCE", "Our form is enclosed."
    use(exercise, desk, "take_down", kind="MAIL", source="Dispatch office", text=text)
    assert Contact.objects.get(exercise=exercise).host == "KZ"
    assert not FlightRequest.objects.visible_to(registry).exists()

    use(exercise, "TR-ATTACHE", "transmit", note_number="2026/1")
    assert FlightRequest.objects.visible_to(registry).exists()
    use(exercise, "KZ-REGISTRY", "register")


def test_an_incomplete_form_is_returned_and_the_clock_restarts() -> None:
    """2. An incomplete form is returned with the list; the clock restarts at complete receipt."""
    incomplete = form(registration="", has_electronic_warfare=None)
    assert keys(incomplete) - keys(form()) == {
        "FORM_INCOMPLETE:registration",
        "FORM_INCOMPLETE:has_electronic_warfare",
    }
    assert found(incomplete, "FORM_INCOMPLETE:registration").severity == Severity.BLOCK

    exercise = played("send_back", "returned")
    use(exercise, "KZ-REGISTRY", "send_back", missing="Items 13 and 20.")
    returned = flight(exercise).last_note(NoteKind.RETURN)
    assert returned
    assert (returned.number, returned.text) == ("KZ-0001", "Items 13 and 20.")
    assert flight(exercise).status == FlightStatus.RETURNED

    exercise = played("register", "returned")
    assert flight(exercise).received_at == datetime(2026, 9, 7, 6, tzinfo=UTC)
    assert flight(exercise).due_at == datetime(2026, 9, 8, 13, tzinfo=UTC)


def test_what_comes_on_friday_after_close_of_business_is_received_on_monday() -> None:
    """3. What comes on Friday after close of business is received on Monday."""
    exercise = played("transmit", **entering(datetime(2026, 9, 28, 7, 7, tzinfo=UTC)))
    friday_1810_in_astana = datetime(2026, 9, 4, 13, 10, tzinfo=UTC)

    use(exercise, "TR-ATTACHE", "transmit", at=friday_1810_in_astana, note_number="2026/1")

    office = calendars.office(exercise.calendar_version, "KZ")
    given = lead_times.of_host(flight(exercise).content, received_at=friday_1810_in_astana)
    assert given is not None
    assert given.given.receipt_date == date(2026, 9, 7)
    assert flight(exercise).due_at == office.close_of_business(date(2026, 9, 8))


def test_over_nauryz_a_note_of_eight_days_before_is_late() -> None:
    """4. Over Nauryz only two days count of eight: late, to be justified or returned."""
    on_thursday = datetime(2026, 3, 19, 6, tzinfo=UTC)
    asked: Changes = entering(datetime(2026, 3, 27, 7, 7, tzinfo=UTC), received_at=on_thursday)
    late = form(**asked)

    given = lead_times.of_host(late, received_at=on_thursday)
    assert given is not None
    assert given.given.counted == (date(2026, 3, 20), date(2026, 3, 26))
    assert found(late, "NOTICE_UNJUSTIFIED").severity == Severity.BLOCK
    assert not calendars.office(calendars.LATEST, "TR").is_working_day(date(2026, 3, 20))

    justified = form(**asked, short_notice_reason="The flood was on Monday.")
    assert found(justified, "NOTICE_SHORT").severity == Severity.QUERY
    assert "NOTICE_UNJUSTIFIED" not in codes(justified)
    in_time: Changes = asked | {"received_at": datetime(2026, 3, 11, 6, tzinfo=UTC)}
    assert not codes(form(**in_time)) & {"NOTICE_UNJUSTIFIED", "NOTICE_SHORT"}


def test_an_annual_request_of_december_is_late_and_january_needs_a_number() -> None:
    """5. An annual request of 2 December is late; January flights need a number of theirs."""
    exercise = annual.opened()
    annual.use(
        exercise,
        "TR-ATTACHE",
        "request_annual",
        at=datetime(2026, 12, 2, 6, tzinfo=UTC),
        **annual.ASKED,
    )
    annual.use(exercise, "KZ-REGISTRY", "register_annual")
    january: Changes = entering(datetime(2027, 1, 12, 7, 7, tzinfo=UTC), annual_number=NUMBER)

    asked = annual.clearance(exercise)
    assert asked.is_late
    assert asked.status == AnnualStatus.UNDER_REVIEW
    assert found(form(exercise=exercise, **january), "ANNUAL_UNKNOWN").severity == Severity.BLOCK

    for key, do, details in annual.COURSE[2:]:
        annual.use(exercise, key, do, **details)
    assert "ANNUAL_UNKNOWN" not in codes(form(exercise=exercise, **january))


def test_the_old_annual_number_ends_with_the_year_in_astana() -> None:
    """6. At 20:10 UTC on 31 December the new year has begun in Astana: the old number is dead."""
    exercise = annual.before(year=2026)
    after_midnight = datetime(2026, 12, 31, 20, 10, tzinfo=UTC)
    old = form(exercise=exercise, **entering(after_midnight, annual_number="EXKZ26A0001"))
    assert found(old, "ANNUAL_YEAR").severity == Severity.BLOCK

    earlier = datetime(2026, 12, 31, 17, tzinfo=UTC)
    in_time = form(exercise=exercise, **entering(earlier, annual_number="EXKZ26A0001"))
    assert "ANNUAL_YEAR" not in codes(in_time)
    of_the_new = form(exercise=annual.before(), **entering(after_midnight, annual_number=NUMBER))
    assert "ANNUAL_YEAR" not in codes(of_the_new)


def test_an_annual_number_without_an_authorization_admits_no_flight() -> None:
    """7. The annual number makes a flight eligible; without its own authorization it is none."""
    exercise = annual.before()
    annual.citing(exercise, NUMBER, entry_at=MARCH)
    use(exercise, "TR-PLANNER", "request_release")
    use(exercise, "TR-RELEASE", "release")
    use(exercise, "TR-ATTACHE", "transmit", note_number="2026/7")
    use(exercise, "KZ-REGISTRY", "register")
    cited = flight(exercise)

    assert cited.content.is_covered
    [alone] = [one for one in stored(exercise) if one.code == "ANNUAL_ALONE"]
    assert alone.severity == Severity.NOTIFY
    with pytest.raises(NotNow):
        use(exercise, "KZ-DECIDER", "authorize")
    assert not cited.authorizations.exists()
    assert not cited.movements.exists()

    authorized = played("check_plan")
    assert refile(authorized, "EXKZ26S0001", "EXKZ26A0001") == ["DCN_MISMATCH"]


def test_twelve_tonnes_of_ammunition_are_no_official_delegation() -> None:
    """8. Twelve tonnes of ammunition are no delegation: long track, and no annual number."""
    of_delegations = annual.before(categories=["OFFICIAL_DELEGATION"])
    cited: Changes = {"annual_number": NUMBER, "exercise": of_delegations}
    ammunition = BALL | {"packages": 400, "gross_kg": Decimal(12000)}
    asked: Changes = entering(MARCH, category="OFFICIAL_DELEGATION", **cited)
    mismatched = form(**asked, goods=[ammunition])

    assert found(mismatched, "CATEGORY_LOAD").severity == Severity.QUERY
    assert {"ANNUAL_DANGEROUS_GOODS", "DG_DECLARED"} <= codes(mismatched)
    assert mismatched.track.code == "SENSITIVE"

    as_it_is = form(**(asked | {"category": "MILITARY"}), goods=[ammunition])
    assert found(as_it_is, "ANNUAL_CATEGORY").severity == Severity.BLOCK
    assert "CATEGORY_LOAD" not in codes(as_it_is)

    fitting = form(**asked)
    assert not codes(fitting) & {"CATEGORY_LOAD", "ANNUAL_CATEGORY", "DG_DECLARED"}
    assert fitting.track.code == "ANNUAL"


def test_before_the_agreement_is_in_force_a_flight_goes_by_another_instrument() -> None:
    """9. Before the agreement is in force a flight goes by another instrument, on file."""
    exercise = played("register")

    with another_agreement(in_force_from=date(2026, 9, 15)):
        assert found(form(), "AGREEMENT_NOT_IN_FORCE").severity == Severity.BLOCK
        with pytest.raises(NotNow, match="in force from 2026-09-15"):
            use(exercise, "KZ-REGISTRY", "register")
        ordinary = form(legal_basis="ORDINARY")
        assert found(ordinary, "LEGAL_BASIS_OTHER").severity == Severity.QUERY
        assert "AGREEMENT_NOT_IN_FORCE" not in codes(ordinary)
        other = played("register", legal_basis="ORDINARY")
        use(other, "KZ-REGISTRY", "register")
        assert flight(other).status == FlightStatus.UNDER_REVIEW

    assert not codes(form()) & {"AGREEMENT_NOT_IN_FORCE", "LEGAL_BASIS_OTHER"}


def test_the_use_of_a_chartered_aircraft_with_troops_is_found_out_first() -> None:
    """10. Of a chartered 747 with troops the use comes first; munitions need an exemption."""
    charter: Changes = {"aircraft_type": "B744", "used_as": "CHARTER"}

    assert found(form(**charter), "AIRCRAFT_USE").severity == Severity.QUERY
    assert found(form(used_as="CIVIL"), "CIVIL_USE").severity == Severity.QUERY
    assert found(form(**charter), "AIRCRAFT_REFER").severity == Severity.QUERY
    assert "CHARTER_MUNITIONS" not in codes(form(**charter))
    assert found(form(**charter, goods=[BLANKS]), "CHARTER_MUNITIONS").severity == Severity.QUERY
    assert not codes(form(goods=[BLANKS])) & {"AIRCRAFT_USE", "AIRCRAFT_REFER", "CHARTER_MUNITIONS"}


def test_another_state_is_asked_by_a_note_to_its_own_ministry() -> None:
    """11. Georgia is asked by a note to its own ministry, not by a request to Kazakhstan."""
    exercise = played("prepare")

    with pytest.raises(ValidationError) as refused:
        use(exercise, "TR-PLANNER", "prepare", host="GE")
    assert list(refused.value.message_dict) == ["host"]

    use(exercise, "TR-PLANNER", "prepare", **ALPHA)
    use(exercise, "TR-ATTACHE", "ask_neighbour", state="GE", note_number="2026/1")
    [note] = flight(exercise).asked.get().notes
    assert (note.from_state, note.to_state) == ("TR", "GE")

    to_tbilisi = form(route="LTAU NOLGA LAGAS UGTB")
    assert found(to_tbilisi, "ROUTE_HOST").severity == Severity.BLOCK
    assert "ROUTE_HOST" not in codes(form())


def test_one_tail_does_not_fly_twice_at_a_time() -> None:
    """12. One tail on two flights at a time: one of them changes."""
    exercise = played("register")
    use(exercise, "TR-PLANNER", "prepare", **ALPHA)
    use(exercise, "TR-PLANNER", "request_release", flight=2)
    use(exercise, "TR-RELEASE", "release", flight=2)
    use(exercise, "TR-ATTACHE", "transmit", flight=2, note_number="2026/2")

    [twice] = [one for one in stored(exercise, 2) if one.code == "TAIL_TWICE"]
    assert twice.key == "TAIL_TWICE:TR-KZ-0001"
    assert twice.severity == Severity.QUERY

    use(exercise, "TR-ATTACHE", "withdraw", reason="The other flight takes the goods.")
    assert "TAIL_TWICE" not in {one.code for one in stored(exercise, 2)}
