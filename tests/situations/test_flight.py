"""Situations 50 to 64: in flight, refusal, after the flight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from approvals.models import Minute
from audit import replay
from audit.models import Event
from audit.refusals import NotNow, NotYou
from books import calendars
from casework.models import NoteKind
from contacts.models import Contact, ContactStatus
from control import stories
from rules import Severity
from tests import playing
from tests.situations.acting import (
    flight,
    movement,
    pass_time,
    played,
    refile,
    release_plan,
    stored,
    use,
)
from tests.situations.asking import codes, entering, form, found
from transit import irregular
from transit.models import (
    FlightStatus,
    InstructionKind,
    MovementStatus,
    Occurrence,
    OccurrenceStatus,
)

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

OPERATOR = "Turkish Air Force"


def test_a_plan_without_the_number_in_item_18_is_not_released() -> None:
    """50. A plan without the number in Item 18 is not released."""
    exercise = played("check_plan")

    assert refile(exercise, "EXKZ26S0001", "NUMBER") == ["DCN_MISSING"]
    with pytest.raises(ValidationError, match="DCN_MISSING"):
        release_plan(exercise)
    assert refile(exercise) == []
    release_plan(exercise)
    assert movement(exercise).status == MovementStatus.CHECKED


def test_a_flight_that_asks_by_radio_on_its_way_does_not_enter() -> None:
    """51. Asked for by radio on the way, there is no authorization and no entry."""
    undecided = played("authorize")
    assert not flight(undecided).movements.exists()

    at = datetime(2026, 9, 14, 7, 10, tzinfo=UTC)
    called: dict[str, Any] = {
        "happened_at": at,
        "call_sign": "HVK77",
        "text": "Asks for a transit by radio.",
    }
    use(undecided, "KZ-OPERATIONS", "log_occurrence", at=at, nature="RADIO", **called)
    use(undecided, "KZ-OPERATIONS", "refuse_approach", reason="There is no authorization.")
    assert not Occurrence.objects.visible_to(playing.seat(undecided, "TR-ATTACHE")).exists()
    told = ["Ministry of Foreign Affairs", "Defence desk"]
    use(undecided, "KZ-OPERATIONS", "accept_distress", text="An engine is on fire.", told=told)
    occurrence = Occurrence.objects.get()
    assert (occurrence.status, occurrence.told) == (OccurrenceStatus.ACCEPTED, told)
    note: dict[str, Any] = {"text": "An aircraft was accepted in distress.", "note_number": "KZ-71"}
    use(undecided, "KZ-REGISTRY", "tell_of_occurrence", **note)
    [known] = Occurrence.objects.visible_to(playing.seat(undecided, "TR-ATTACHE"))
    assert known.status_for(playing.seat(undecided, "TR-ATTACHE")) == OccurrenceStatus.LOGGED
    use(undecided, "KZ-DEFENCE", "close_occurrence", outcome="Landed at UATE; repaired.")

    untold = played("reply")
    with pytest.raises(NotNow, match="logged as an occurrence"):
        use(untold, "KZ-OPERATIONS", "enter", at=at, entered_at=at, point="BALUN")

    given_back = played("file_plan")
    use(given_back, "TR-ATTACHE", "report_not_flown", reason="The flight is cancelled.")
    turned: dict[str, Any] = {"denied_at": at, "point": "BALUN", "reason": "No number."}
    use(given_back, "KZ-OPERATIONS", "deny_entry", at=at, **turned)
    row = movement(given_back)
    assert row.status == MovementStatus.DENIED_ENTRY
    [cancelled] = irregular.on_entry(row, entered_at=at, point="BALUN")
    assert irregular.said(cancelled) == "Entry without an authorization in force: Cancelled."
    use(given_back, "KZ-OPERATIONS", "enter", at=at, entered_at=at, point="BALUN")
    assert "Entry without a released flight plan." in said(given_back)

    authorized = played("enter")
    with pytest.raises(NotNow, match="it may enter"):
        use(authorized, "KZ-OPERATIONS", "deny_entry", at=at, **turned)
    use(authorized, "KZ-OPERATIONS", "enter", at=at, entered_at=at, point="BALUN")
    assert said(authorized) == ""


def test_an_engine_failure_over_the_caspian_is_accepted_told_and_regularised() -> None:
    """52. Engine failure: accepted, told, diverted, regularised by note; no breach, no search."""
    exercise = played("exit")
    at = datetime(2026, 9, 14, 7, 20, tzinfo=UTC)
    told = ["Ministry of Foreign Affairs", "Defence desk", "Embassy of Türkiye"]
    use(
        exercise,
        "KZ-OPERATIONS",
        "accept_emergency",
        at=at,
        since_at=at,
        nature="Engine 2 has failed over the Caspian.",
        told=told,
    )
    asked: dict[str, Any] = {"aerodrome": "UATE", "told": ["Aktau"], "cause": "DISTRESS"}
    use(exercise, "KZ-OPERATIONS", "divert", at=at, diverted_at=at, **asked)
    landed_at = at + timedelta(minutes=40)
    use(exercise, "KZ-OPERATIONS", "land", at=landed_at, landed_at=landed_at)

    row = movement(exercise)
    assert (row.status, row.landing_aerodrome) == (MovementStatus.ON_GROUND, "UATE")
    assert row.told == [*told, "Aktau"]
    assert (row.duty, row.due_at) == ("regularisation", datetime(2026, 9, 15, 14, 30, tzinfo=UTC))
    assert "Emergency landing at UATE" in said(exercise)
    assert irregular.breaches(row) == []

    use(exercise, "TR-ATTACHE", "regularise", text="Engine 2 failed; a ferry flight is asked for.")
    later = landed_at + timedelta(days=2)
    use(exercise, "KZ-OPERATIONS", "take_off", at=later, took_off_at=later)
    assert movement(exercise).status == MovementStatus.ACTIVE
    assert "before a note" not in said(exercise)

    abroad = played("exit")
    use(abroad, "KZ-OPERATIONS", "divert", at=at, diverted_at=at, **asked | {"aerodrome": "UBBB"})
    use(abroad, "KZ-OPERATIONS", "land", at=landed_at, landed_at=landed_at)
    assert (movement(abroad).status, movement(abroad).duty) == (MovementStatus.LANDED, "report")


def test_a_deviation_for_weather_is_logged_and_told() -> None:
    """53. Weather takes it 60 NM into a third state: logged, that state told, in the report."""
    exercise = played("exit")
    logged: dict[str, Any] = {"state": "UZ", "nature": "Thunderstorms, 60 NM south of the route."}
    use(exercise, "KZ-OPERATIONS", "deviate", **logged, told=["Uzbekistan, area control"])

    assert "Deviated into the airspace of UZ" in said(exercise)
    assert movement(exercise).told == ["Uzbekistan, area control"]
    at = datetime(2026, 9, 14, 8, 5, tzinfo=UTC)
    use(exercise, "KZ-OPERATIONS", "exit", at=at, exited_at=at, point="URASA")
    flown: dict[str, Any] = {
        "entered_at": at - timedelta(hours=1),
        "entry_point": "RUTIL",
        "exit_point": "URASA",
    }
    text = "Deviated for weather."
    use(exercise, "TR-ATTACHE", "report", text=text, persons_on_board=11, **flown)
    assert "The report says entry at RUTIL, operations recorded BALUN" in said(exercise)


def test_revoked_inside_the_aircraft_is_told_the_way_and_no_force_is_ordered() -> None:
    """54. Revoked while inside: turn back, leave or land, with the chain of command on record."""
    exercise = played("exit")
    at = datetime(2026, 9, 14, 7, 20, tzinfo=UTC)
    use(exercise, "KZ-DECIDER", "revoke", at=at, reason="Another load than declared.")
    use(exercise, "KZ-OPERATIONS", "acknowledge")
    assert {*InstructionKind.values} == {"TURN_BACK", "REROUTE", "LAND", "CONTINUE"}
    chain: dict[str, Any] = {
        "ordered_by": "Deciding officer, by the duty desk",
        "passed_by": "Aktobe ACC",
    }

    use(
        exercise,
        "KZ-OPERATIONS",
        "instruct",
        kind="LAND",
        place="UATE",
        passed_at=at,
        **chain,
    )

    [told] = flight(exercise).instructions.all()
    assert (told.kind, told.place) == ("LAND", "UATE")
    assert {"ordered_by": told.ordered_by, "passed_by": told.passed_by} == chain
    assert movement(exercise).status == MovementStatus.ACTIVE  # what it did is recorded by itself


def test_a_missing_answer_is_escalated_and_never_taken_as_given() -> None:
    """55. One answer is missing: escalated, never taken as given; at the entry time it lapses."""
    exercise = played("", "silence")
    pass_time(exercise, to=stories.load("silence").until)

    told = playing.verbs(exercise)
    assert "escalate_desk" in told
    assert told[-1] == "lapse"
    assert flight(exercise).status == FlightStatus.LAPSED
    assert flight(exercise).closed_at == flight(exercise).entry_at
    assert not flight(exercise).authorizations.exists()


def test_the_note_in_reply_to_a_refusal_is_neutral() -> None:
    """56. The note in reply to a refusal is neutral; ground and reasons stay inside."""
    exercise = played("refuse", "refused")
    reasons = "Security does not concur; see its answer."
    use(exercise, "KZ-DECIDER", "refuse", ground="SECURITY", reasons=reasons)
    use(exercise, "KZ-REGISTRY", "reply", note_number="KZ-1")

    assert flight(exercise).ground_text == reasons
    reply = flight(exercise).last_note(NoteKind.REPLY)
    assert reply
    assert reply.text == ""
    for event in Event.objects.filter(exercise=exercise).in_order():
        if "REQUESTING" in event.payload["audience"]:
            assert event.verb != "refuse"
            assert reasons not in event.content.decode()


def test_the_protest_of_a_third_power_changes_no_status() -> None:
    """57. A third power protests: logged, forwarded, a minute; nothing of the case changes."""
    exercise = played("concur")
    before = flight(exercise)
    rows = replay.stored(exercise)
    use(
        exercise,
        "INSTRUCTOR",
        "bring_in",
        receiver="KZ-REGISTRY",
        entry="NOTE_OF_PROTEST",
        about=before.reference,
    )
    use(exercise, "KZ-REGISTRY", "log_contact")
    use(exercise, "KZ-REGISTRY", "forward_contact", remark="For the leadership.")
    use(exercise, "KZ-REGISTRY", "answer_contact", line="NOTED")
    decider = playing.seat(exercise, "KZ-DECIDER")
    assert Contact.objects.visible_to(decider).get().status == ContactStatus.FORWARDED
    after = {ref: row for ref, row in replay.stored(exercise).items() if "contact/" not in ref}
    assert after == rows

    text = "The embassy of a third state protested by telephone; put before the ministry."
    use(exercise, "KZ-DEFENCE", "minute", text=text)

    assert Minute.objects.get(flight=before).text == text
    assert (flight(exercise).status, flight(exercise).version) == (before.status, before.version)
    last = Event.objects.filter(exercise=exercise).in_order().last()
    assert last is not None
    assert (last.verb, last.payload["audience"]) == ("minute", ["HOST"])


def said(exercise: Exercise) -> str:
    """Return what was found on the movement, in words."""
    return "\n".join(map(irregular.said, movement(exercise).findings))


def test_an_exit_far_from_the_cleared_point_is_closed_with_findings() -> None:
    """58. An exit 20 NM from the cleared point: closed with findings, which count later."""
    exercise = played("close")
    use(exercise, "KZ-DEFENCE", "close", findings="Left 20 NM from URASA.")
    assert movement(exercise).status == MovementStatus.CLOSED_WITH_FINDINGS

    use(exercise, "TR-PLANNER", "prepare", host="KZ", form={"operator": OPERATOR})
    [earlier] = [one for one in stored(exercise, 2) if one.code == "EARLIER_FINDINGS"]
    assert earlier.key == "EARLIER_FINDINGS:TR-KZ-0001"
    assert earlier.severity == Severity.NOTIFY

    assert "REPEATED_BREACH" not in {one.code for one in stored(exercise, 2)}

    clean = played("")
    use(clean, "TR-PLANNER", "prepare", host="KZ", form={"operator": OPERATOR})
    assert "EARLIER_FINDINGS" not in {one.code for one in stored(clean, 2)}


def test_without_a_report_the_operator_flies_no_more() -> None:
    """59. No report after three working days: a reminder, and no new flight of the operator."""
    exercise = played("report")
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form={"operator": OPERATOR})
    third_day = calendars.office(exercise.calendar_version, "TR").close_of_business(
        date(2026, 9, 17)
    )
    assert movement(exercise).due_at == third_day

    pass_time(exercise, to=third_day - timedelta(minutes=1))
    assert "REPORT_OUTSTANDING" not in {one.code for one in stored(exercise, 2)}
    pass_time(exercise, to=third_day + timedelta(minutes=1))

    assert "remind_of_report" in playing.verbs(exercise)
    [outstanding] = [one for one in stored(exercise, 2) if one.code == "REPORT_OUTSTANDING"]
    assert outstanding.severity == Severity.BLOCK
    use(exercise, "TR-ATTACHE", "report", text="Flown.", persons_on_board=11)
    assert "REPORT_OUTSTANDING" not in {one.code for one in stored(exercise, 2)}


def test_an_invoice_for_en_route_charges_is_no_condition() -> None:
    """60. An invoice for en-route charges is no condition, nor a ground to refuse."""
    agreement = form().flight.agreement

    assert not {"FEES", "CHARGES"} & {*agreement.grounds}
    exercise = played("refuse", "refused")
    with pytest.raises(ValidationError) as refused:
        use(exercise, "KZ-DECIDER", "refuse", ground="FEES", reasons="The invoice is open.")
    assert list(refused.value.message_dict) == ["ground"]

    use(exercise, "INSTRUCTOR", "bring_in", entry="INVOICE", receiver="KZ-DEFENCE")
    use(exercise, "KZ-DEFENCE", "log_contact")
    assert Contact.objects.get(exercise=exercise).duty == "forwarding"
    assert flight(exercise).status == FlightStatus.DECISION_PENDING


def test_nobody_decides_a_file_that_they_prepared_registered_or_concurred_in() -> None:
    """61. Nobody decides a file that they prepared, registered or concurred in."""
    exercise = playing.before("alpha", "authorize", seated=True)

    with pytest.raises(NotYou):
        use(exercise, "KZ-REGISTRY", "authorize")
    decider = playing.seat(exercise, "KZ-DECIDER")
    for holder in ("tr-planner", "kz-registry", "kz-security"):
        playing.conduct_seat(exercise, decider, holder=holder)
        with pytest.raises(NotNow, match="You cannot decide"):
            use(exercise, "KZ-DECIDER", "authorize")

    playing.conduct_seat(exercise, decider, holder="kz-decider")
    use(exercise, "KZ-DECIDER", "authorize")
    assert flight(exercise).status == FlightStatus.AUTHORIZED


def test_what_is_authorized_is_not_edited() -> None:
    """62. What is authorized is not edited: the record stays, an amendment is another paper."""
    exercise = played("file_plan")
    frozen = flight(exercise).content.digest

    with pytest.raises(NotNow, match="its form cannot be changed now"):
        use(exercise, "TR-PLANNER", "edit", form={"captain": "Another"})
    with pytest.raises(NotNow):
        use(exercise, "TR-PLANNER", "begin_supplement")

    assert flight(exercise).draft is None
    assert flight(exercise).content.digest == frozen
    assert flight(exercise).authorizations.get().revision == flight(exercise).content
    draft = played("request_release")
    use(draft, "TR-PLANNER", "edit", form={"captain": "Another"})


def test_the_other_direction_is_the_same_procedure() -> None:
    """63. The other direction is the same procedure: Turkish calendar, Turkish numbers."""
    opened = played("prepare")
    use(opened, "KZ-PLANNER", "prepare", host="TR")
    assert flight(opened, 5001).reference == "KZ-TR-5001"

    exercise = played("register", "mirror")
    asked = flight(exercise, 5001)
    office = calendars.office(exercise.calendar_version, "TR")

    assert (asked.requesting_state, asked.host) == ("KZ", "TR")
    assert asked.received_at == datetime(2026, 9, 4, 14, 45, tzinfo=UTC)
    assert office.receipt(asked.received_at)[1] == date(2026, 9, 7)
    assert asked.due_at == office.close_of_business(date(2026, 9, 8))
    with pytest.raises(NotYou):
        use(exercise, "KZ-REGISTRY", "register")

    decided = played("reply", "mirror")
    assert flight(decided, 5001).authorizations.get().number == "EXTR26S5001"


def test_only_the_working_days_of_the_host_count() -> None:
    """64. Only the host's working days count: its own holiday does not, the sender's does."""
    on_the_holiday_in_astana = datetime(2026, 10, 26, 8, tzinfo=UTC)
    astana, ankara = (calendars.office(calendars.LATEST, state) for state in ("KZ", "TR"))
    assert not astana.is_working_day(date(2026, 10, 26))
    assert not ankara.is_working_day(date(2026, 10, 29))

    promised = calendars.working_days(astana, 3, received_at=on_the_holiday_in_astana)
    assert promised.receipt_date == date(2026, 10, 27)
    assert promised.counted == (date(2026, 10, 28), date(2026, 10, 29), date(2026, 10, 30))

    asked = entering(datetime(2026, 11, 5, 7, 7, tzinfo=UTC))
    late = form(**asked, received_at=on_the_holiday_in_astana)
    assert found(late, "NOTICE_UNJUSTIFIED").severity == Severity.BLOCK
    friday = on_the_holiday_in_astana - timedelta(days=3)
    assert "NOTICE_UNJUSTIFIED" not in codes(form(**asked, received_at=friday))
