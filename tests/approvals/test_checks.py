"""The host's checks: what the rules find is dealt with before a flight is authorized."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from approvals import checking, checks, decision, examination, intake, questions, rounds
from approvals.models import Check, Disposal, Question
from approvals.rounds import latest_round
from audit import acts, verification
from audit.refusals import NotNow, NotYou
from exercises.models import Help
from tests import playing
from tests.annual import annual
from tests.browsing import body, form_for, signed_in
from transit import preparation, transmission
from transit.models import Authorization, FlightRequest, FlightStatus

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Finds WEAPONS_DECLARED, a query for the security desk.
WEAPONS: dict[str, Any] = {
    "has_personal_weapons": True,
    "personal_weapons": "Pistols of the crew, unloaded.",
    "has_ammunition": False,
}
#: Finds FORMATION, a query for the air defence desk.
PAIR: dict[str, Any] = {"aircraft_count": 2}
#: Finds LEAVES_BEHIND, which blocks, for the lead desk.
STORES: dict[str, Any] = {
    "leaves_behind": "STORES",
    "property_list": "1; generator; EX4411",
}
#: Finds SENSORS_DECLARED, which calls in the legal desk; the long track leaves little notice.
SENSORS: dict[str, Any] = {
    "has_sensors": True,
    "equipment": "A camera pod, off and sealed.",
    "short_notice_reason": "The flood was not announced.",
}

CONCUR: dict[str, Any] = {"answer": "CONCUR"}


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise)


def by(exercise: Exercise, key: str, verb: Any, subject: Any = None, **details: Any) -> Any:
    seat = playing.seat(exercise, key)
    with acts.act(exercise, by=seat) as at:
        return verb(subject or flight(exercise), by=seat, at=at, **details)


def deal(exercise: Exercise, key: str, *findings: str, how: str = "ACCEPTED") -> None:
    by(
        exercise,
        key,
        checking.deal_with,
        findings=[*findings],
        disposal=how,
        reason="As the letter says.",
    )


def everybody_concurs(exercise: Exercise) -> None:
    for row in latest_round(flight(exercise)):
        if row.is_pending and row.definition.has_seat:
            by(exercise, f"KZ-{row.desk}", examination.concur, row, answer="CONCUR")


def against(exercise: Exercise) -> set[str]:
    """Return the findings that ask something of somebody and are not dealt with."""
    found = checks.items(flight(exercise), at=exercise.last_at)
    return {item.key for item in found if not item.is_dealt_with}


def asked(exercise: Exercise) -> set[str]:
    return {row.desk for row in latest_round(flight(exercise))}


# On the case page


def test_findings_stand_on_the_case_page_with_their_source_and_their_desk() -> None:
    exercise = playing.before("alpha", "concur", seated=True, **WEAPONS)

    said = body(signed_in(exercise, "KZ-SECURITY").get(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"))

    assert "WEAPONS_DECLARED" in said
    assert "Pistols of the crew, unloaded." in said
    assert "Kazakhstan, AIP GEN 1.3" in said
    assert "Security desk" in said


def test_a_desk_accepts_a_finding_on_its_page_and_the_reason_stands_there() -> None:
    exercise = playing.before("alpha", "concur", seated=True, **WEAPONS)
    page = f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"
    security = signed_in(exercise, "KZ-SECURITY")
    form = form_for(security.get(page), "do/deal_with/")
    chosen = {"findings": "WEAPONS_DECLARED", "disposal": "ACCEPTED", "reason": "Packed apart."}

    answer = security.post(form.action, form.fields | chosen)

    assert (answer.status_code, answer["Location"]) == (302, page)
    said = body(security.get(page))
    assert "Packed apart." in said
    assert "do/deal_with/" not in said
    assert "No check stands that is yours to deal with." in said
    assert against(exercise) == set()
    assert verification.faults(exercise) == []


def test_an_acceptance_without_its_reason_is_asked_for_it_and_loses_nothing() -> None:
    exercise = playing.before("alpha", "concur", seated=True, **WEAPONS)
    security = signed_in(exercise, "KZ-SECURITY")
    form = form_for(security.get(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"), "do/deal_with/")
    chosen = {"findings": "WEAPONS_DECLARED", "disposal": "ACCEPTED"}

    answer = security.post(form.action, form.fields | chosen | {"reason": ""})

    assert answer.status_code == 422
    assert "Give the reason." in body(answer)
    assert form_for(answer, "do/deal_with/").fields["findings"] == "WEAPONS_DECLARED"
    assert not Check.objects.exists()


def test_where_nothing_stands_nothing_is_offered() -> None:
    exercise = playing.before("alpha", "concur", seated=True)

    said = body(signed_in(exercise, "KZ-SECURITY").get(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"))

    assert "do/deal_with/" not in said
    with pytest.raises(NotNow, match="No check stands"):
        deal(exercise, "KZ-SECURITY")


# Whose they are, and how they are dealt with


def test_a_desk_deals_with_its_own_findings_and_the_lead_desk_with_all() -> None:
    exercise = playing.before("alpha", "concur", **(WEAPONS | PAIR))
    assert against(exercise) == {"WEAPONS_DECLARED", "FORMATION"}

    with pytest.raises(ValidationError, match="WEAPONS_DECLARED is for Security desk"):
        deal(exercise, "KZ-AIR_DEFENCE", "FORMATION", "WEAPONS_DECLARED")
    assert not Check.objects.exists()
    with pytest.raises(NotNow, match="No check stands that is yours"):
        deal(exercise, "KZ-CIVIL_AVIATION", "FORMATION")
    with pytest.raises(NotYou):
        deal(exercise, "KZ-DECIDER", "FORMATION")
    with pytest.raises(NotYou):
        deal(exercise, "TR-DEFENCE", "FORMATION")

    deal(exercise, "KZ-AIR_DEFENCE", "FORMATION")
    deal(exercise, "KZ-DEFENCE", "WEAPONS_DECLARED")

    assert against(exercise) == set()
    assert {row.dealt_by.key for row in Check.objects.all()} == {"KZ-AIR_DEFENCE", "KZ-DEFENCE"}


def test_what_blocks_is_not_accepted_but_may_be_a_ground_for_refusal() -> None:
    exercise = playing.before("alpha", "concur", **STORES)

    with pytest.raises(ValidationError) as caught:
        deal(exercise, "KZ-DEFENCE", "LEAVES_BEHIND")
    assert list(caught.value.message_dict) == ["findings"]
    assert "LEAVES_BEHIND" in against(exercise)

    deal(exercise, "KZ-DEFENCE", "LEAVES_BEHIND", how="REFUSED")

    assert against(exercise) == set()
    everybody_concurs(exercise)
    with pytest.raises(NotNow, match="Checks stand against it: LEAVES_BEHIND"):
        by(exercise, "KZ-DECIDER", decision.authorize)
    by(exercise, "KZ-DECIDER", decision.refuse, ground="BREACH", reasons="Stores stay behind.")
    assert flight(exercise).status == FlightStatus.REFUSED


@pytest.mark.parametrize("how", ["ASKED", "FORGOTTEN", ""])
def test_there_is_no_other_way_of_dealing_with_a_finding(how: str) -> None:
    exercise = playing.before("alpha", "concur", **WEAPONS)

    with pytest.raises(ValidationError) as caught:
        deal(exercise, "KZ-SECURITY", "WEAPONS_DECLARED", how=how)

    assert list(caught.value.message_dict) == ["disposal"]


def test_a_finding_that_does_not_stand_is_not_dealt_with() -> None:
    exercise = playing.before("alpha", "concur", **WEAPONS)

    with pytest.raises(ValidationError, match="no longer stands"):
        deal(exercise, "KZ-SECURITY", "WEAPONS_DECLARED", "SENSORS_DECLARED")

    assert not Check.objects.exists()


def asked_where_they_are(exercise: Exercise) -> Question:
    """Let security ask about the weapons that it found declared."""
    question: Question = by(
        exercise,
        "KZ-SECURITY",
        questions.ask,
        text="Where are they?",
        findings=["WEAPONS_DECLARED"],
    )
    return question


def test_what_is_asked_is_dealt_with_while_the_question_is_open_and_no_longer() -> None:
    exercise = playing.before("alpha", "concur", **WEAPONS)
    question = asked_where_they_are(exercise)
    assert Check.objects.get().disposal == Disposal.ASKED
    assert against(exercise) == set()

    by(exercise, "TR-ATTACHE", questions.answer, question, text="In the hold.")
    exercise.refresh_from_db()

    assert against(exercise) == {"WEAPONS_DECLARED"}
    deal(exercise, "KZ-SECURITY", "WEAPONS_DECLARED")
    assert against(exercise) == set()


def test_a_question_taken_back_leaves_the_finding_open() -> None:
    exercise = playing.before("alpha", "concur", **WEAPONS)
    question = asked_where_they_are(exercise)

    by(exercise, "KZ-SECURITY", questions.drop, question)

    assert against(exercise) == {"WEAPONS_DECLARED"}


def test_a_desk_asks_about_findings_of_its_own_only() -> None:
    exercise = playing.before("alpha", "concur", **WEAPONS)

    with pytest.raises(ValidationError, match="WEAPONS_DECLARED is for Security desk"):
        by(exercise, "KZ-AIR_DEFENCE", questions.ask, text="Why?", findings=["WEAPONS_DECLARED"])

    assert not Question.objects.exists()


def test_a_new_revision_asks_anew() -> None:
    exercise = playing.before("alpha", "concur", **WEAPONS)
    deal(exercise, "KZ-SECURITY", "WEAPONS_DECLARED")
    by(exercise, "TR-PLANNER", questions.begin_supplement)
    crossings = playing.prepared("TR", entry_at=datetime(2026, 9, 14, 7, 7, tzinfo=UTC))
    by(
        exercise,
        "TR-PLANNER",
        preparation.edit,
        form={"remarks": "Parking is arranged."},
        crossings=crossings["crossings"],
    )
    by(exercise, "TR-RELEASE", questions.release_supplement)
    assert against(exercise) == set()

    by(exercise, "TR-ATTACHE", questions.supplement)
    exercise.refresh_from_db()

    assert flight(exercise).content.number == 2
    assert against(exercise) == {"WEAPONS_DECLARED"}


# Before the decision


def test_nothing_is_authorized_while_a_check_stands() -> None:
    exercise = playing.before("alpha", "concur", **(WEAPONS | PAIR))
    everybody_concurs(exercise)
    with pytest.raises(NotNow, match="Checks stand against it: FORMATION, WEAPONS_DECLARED"):
        by(exercise, "KZ-DECIDER", decision.authorize)
    deal(exercise, "KZ-SECURITY", "WEAPONS_DECLARED")
    with pytest.raises(NotNow, match="Checks stand against it: FORMATION"):
        by(exercise, "KZ-DECIDER", decision.authorize)
    assert not Authorization.objects.exists()

    deal(exercise, "KZ-AIR_DEFENCE", "FORMATION")

    by(exercise, "KZ-DECIDER", decision.authorize)
    assert flight(exercise).status == FlightStatus.AUTHORIZED


def test_the_decider_reads_on_the_page_why_it_cannot_be_authorized() -> None:
    exercise = playing.before("alpha", "authorize", seated=True, **WEAPONS)
    page = f"/x/{exercise.pk}/KZ-DECIDER/flights/1/"
    decider = signed_in(exercise, "KZ-DECIDER")
    said = body(decider.get(page))
    assert "Checks stand against it: WEAPONS_DECLARED" in said
    assert "do/authorize/" not in said
    form = form_for(decider.get(page), "do/refuse/")

    answer = decider.post(page + "do/authorize/", form.fields)

    assert answer.status_code == 409
    assert "Checks stand against it: WEAPONS_DECLARED" in body(answer)
    assert not Authorization.objects.exists()


def test_what_is_only_to_be_known_keeps_nothing_from_being_authorized() -> None:
    exercise = playing.before("alpha", "authorize")

    found = checks.items(flight(exercise), at=exercise.last_at)
    assert {item.severity for item in found} == {"notify"}
    by(exercise, "KZ-DECIDER", decision.authorize)

    assert flight(exercise).status == FlightStatus.AUTHORIZED


# Desks that a finding calls in, and what it suggests


@pytest.mark.parametrize(
    ("story", "changes", "called"),
    [("alpha", SENSORS, "LEGAL"), ("bravo", {}, "STATE_GUARD"), ("alpha", WEAPONS, None)],
    ids=["sensors", "zone", "weapons"],
)
def test_a_finding_calls_in_its_desk_at_registration_where_the_product_helps(
    story: str, changes: dict[str, Any], called: str | None
) -> None:
    for shown in Help:
        exercise = playing.before(
            story, "deal_with" if story == "bravo" else "concur", help_shown=shown, **changes
        )

        if called and shown == Help.OPEN:
            assert called in asked(exercise)
        else:
            assert not {"LEGAL", "STATE_GUARD"} & asked(exercise)


def test_a_desk_that_a_finding_calls_in_answers_before_the_decision() -> None:
    exercise = playing.before("alpha", "concur", **SENSORS)
    everybody_but_legal = {"AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION"}
    for row in latest_round(flight(exercise)):
        if row.desk in everybody_but_legal:
            by(exercise, f"KZ-{row.desk}", examination.concur, row, answer="CONCUR")
    deal(exercise, "KZ-SECURITY", "SENSORS_DECLARED")
    deal(exercise, "KZ-DEFENCE", "NOTICE_SHORT")

    with pytest.raises(NotNow, match="still to answer: Legal"):
        everybody_concurs(exercise)


def test_what_a_finding_calls_in_is_called_in_by_the_lead_desk_where_nobody_is_helped() -> None:
    exercise = playing.before("alpha", "concur", help_shown=Help.AFTER, seated=True, **SENSORS)
    for key in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION", "DEFENCE", "DECIDER"):
        playing.check_alone(exercise, f"KZ-{key}", states=["TR", "GE", "AZ", "KZ"])
    deal(exercise, "KZ-SECURITY", "SENSORS_DECLARED")
    deal(exercise, "KZ-DEFENCE", "NOTICE_SHORT")
    everybody_concurs(exercise)

    with pytest.raises(NotNow, match="To be called in first: Legal"):
        by(exercise, "KZ-DECIDER", decision.authorize)

    by(
        exercise,
        "KZ-DECIDER",
        examination.new_round,
        desks=["SECURITY"],
        reason="A desk was not asked.",
    )
    by(exercise, "KZ-DEFENCE", examination.call_in, desk="LEGAL")
    legal = next(row for row in latest_round(flight(exercise)) if row.desk == "LEGAL")
    by(exercise, "KZ-DEFENCE", examination.enter_answer, legal, answer="CONCUR", paper="Letter 9")
    everybody_concurs(exercise)
    by(exercise, "KZ-DECIDER", decision.authorize)
    assert flight(exercise).status == FlightStatus.AUTHORIZED


def test_the_lead_desk_starts_from_the_conditions_that_findings_bring() -> None:
    exercise = playing.before("alpha", "concur", seated=True, **WEAPONS)
    for desk in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION"):
        row = next(row for row in latest_round(flight(exercise)) if row.desk == desk)
        by(exercise, f"KZ-{desk}", examination.concur, row, answer="CONCUR")
    lead = signed_in(exercise, "KZ-DEFENCE")

    form = form_for(lead.get(f"/x/{exercise.pk}/KZ-DEFENCE/flights/1/"), "do/concur/")

    unloaded = "Personal weapons unloaded, ammunition packed separately, in the hold."
    assert unloaded in form.fields["conditions"].splitlines()


def test_an_annual_number_buys_fewer_desks_and_a_shorter_track() -> None:
    exercise = annual.before()
    entry_at = datetime(2027, 2, 17, 7, tzinfo=UTC)
    draft = annual.citing(exercise, annual.clearance(exercise).clearance_number, entry_at=entry_at)
    assert (draft.track_code, draft.track.code) == ("STANDARD", "ANNUAL")
    by(exercise, "TR-PLANNER", preparation.request_release)
    by(exercise, "TR-RELEASE", preparation.release)
    by(exercise, "TR-ATTACHE", transmission.transmit, note_number="2026/901")
    by(exercise, "KZ-REGISTRY", intake.register)

    bought = flight(exercise)

    terms = bought.agreement.annual
    assert terms is not None
    assert asked(exercise) == {*terms.desks}
    cited, plain = rounds.answer_by(bought), bought.agreement.tracks["STANDARD"].lead_time
    assert cited.allowance.amount < plain.amount
    everybody_concurs(exercise)
    by(exercise, "KZ-DECIDER", decision.authorize)
    assert Authorization.objects.get().number.startswith("EXKZ")
    assert Authorization.objects.get().number != draft.annual_number
