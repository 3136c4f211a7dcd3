"""The host examines: desks, questions, rounds, the decision."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from approvals import decision, examination, intake, questions
from approvals.models import Answer, Concurrence
from approvals.rounds import latest_round
from audit import acts
from audit.refusals import NotNow, NotYou, Stale
from books import agreements
from exercises.models import Exercise
from rules import book
from tests import playing
from transit import plans, preparation, transmission
from transit.models import Authorization, FlightRequest, FlightStatus

pytestmark = [pytest.mark.django_db, pytest.mark.quick]


@pytest.fixture
def registered() -> Exercise:
    """Registered in Astana; four desks owe their answer."""
    return playing.before("alpha", "concur")


@pytest.fixture
def decidable() -> Exercise:
    """Every desk has answered; the decision is pending."""
    return playing.before("alpha", "authorize")


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise)


def desk(exercise: Exercise, code: str) -> Concurrence:
    return next(row for row in latest_round(flight(exercise)) if row.desk == code)


def by(exercise: Exercise, key: str, verb: Any, subject: Any, **details: Any) -> Any:
    seat = playing.seat(exercise, key)
    with acts.act(exercise, by=seat) as at:
        return verb(subject, by=seat, at=at, **details)


def answer(exercise: Exercise, code: str, given: str = "CONCUR", **details: Any) -> None:
    row = desk(exercise, code)
    by(exercise, f"KZ-{code}", examination.concur, row, answer=given, **details)


def everybody_concurs(exercise: Exercise) -> None:
    for code in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION", "DEFENCE"):
        answer(exercise, code)


def test_the_lead_desk_answers_last(registered: Exercise) -> None:
    with pytest.raises(NotNow, match="answers last"):
        answer(registered, "DEFENCE")

    everybody_concurs(registered)

    assert flight(registered).status == FlightStatus.DECISION_PENDING


def test_the_lead_desk_owes_nothing_until_the_others_have_answered(registered: Exercise) -> None:
    assert desk(registered, "DEFENCE").due_at is None
    answer(registered, "AIR_DEFENCE")
    answer(registered, "SECURITY")
    assert desk(registered, "DEFENCE").duty == ""

    answer(registered, "CIVIL_AVIATION")

    assert desk(registered, "DEFENCE").duty == "lead_desk"


def test_a_desk_changes_its_mind_only_in_a_new_round(registered: Exercise) -> None:
    answer(registered, "SECURITY")

    with pytest.raises(NotNow, match="new round"):
        answer(registered, "SECURITY", "NON_CONCUR", reason="Second thoughts.")

    by(
        registered,
        "KZ-DEFENCE",
        examination.new_round,
        flight(registered),
        desks=["SECURITY"],
        reason="New facts.",
    )
    answer(registered, "SECURITY", "NON_CONCUR", reason="Second thoughts.")
    assert desk(registered, "SECURITY").round == 2
    assert desk(registered, "SECURITY").answer == Answer.NON_CONCUR


def test_a_desk_answers_for_itself_only(registered: Exercise) -> None:
    row = desk(registered, "SECURITY")

    with pytest.raises(NotNow, match="another desk"):
        by(registered, "KZ-AIR_DEFENCE", examination.concur, row, answer="CONCUR")
    with pytest.raises(NotYou):
        by(registered, "KZ-DECIDER", examination.concur, row, answer="CONCUR")
    with pytest.raises(NotYou):
        by(registered, "TR-DEFENCE", examination.concur, row, answer="CONCUR")


@pytest.mark.parametrize(
    ("details", "item"),
    [
        ({"given": "CONDITIONS"}, "conditions"),
        ({"given": "CONCUR", "conditions": ["Not below FL195."]}, "conditions"),
        ({"given": "NON_CONCUR"}, "reason"),
        ({"given": "MAYBE"}, "answer"),
    ],
)
def test_an_answer_needs_what_goes_with_it(
    registered: Exercise, details: dict[str, Any], item: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        answer(registered, "SECURITY", **details)

    assert list(caught.value.message_dict) == [item]
    assert desk(registered, "SECURITY").is_pending


def test_a_binding_no_stops_the_authorization(registered: Exercise) -> None:
    answer(registered, "SECURITY", "NON_CONCUR", reason="Persons on board.")
    for code in ("AIR_DEFENCE", "CIVIL_AVIATION", "DEFENCE"):
        answer(registered, code)

    with pytest.raises(NotNow, match="binds"):
        by(registered, "KZ-DECIDER", decision.authorize, flight(registered))

    assert not Authorization.objects.exists()


def test_a_no_that_does_not_bind_is_overridden_with_a_ground_only(registered: Exercise) -> None:
    answer(registered, "CIVIL_AVIATION", "NON_CONCUR", reason="Peak hours.")
    for code in ("AIR_DEFENCE", "SECURITY", "DEFENCE"):
        answer(registered, code)

    with pytest.raises(ValidationError) as caught:
        by(registered, "KZ-DECIDER", decision.authorize, flight(registered))
    assert list(caught.value.message_dict) == ["override_ground"]

    by(
        registered,
        "KZ-DECIDER",
        decision.authorize,
        flight(registered),
        override_ground="Relief cannot wait for off-peak hours.",
    )
    assert flight(registered).status == FlightStatus.AUTHORIZED


def test_a_question_stops_the_clock_of_its_desk_alone(registered: Exercise) -> None:
    others = desk(registered, "AIR_DEFENCE").due_at
    due_at = desk(registered, "SECURITY").due_at

    by(registered, "KZ-SECURITY", questions.ask, flight(registered), text="Who is aboard?")

    assert desk(registered, "SECURITY").due_at is None
    assert desk(registered, "SECURITY").alarm_at is None
    assert desk(registered, "AIR_DEFENCE").due_at == others
    with pytest.raises(NotNow, match="question is open"):
        answer(registered, "SECURITY")

    question = flight(registered).questions.get()
    by(registered, "KZ-SECURITY", questions.drop, question)
    assert desk(registered, "SECURITY").due_at == due_at


def test_an_unanswered_question_is_reminded_of_and_taken_for_nothing(registered: Exercise) -> None:
    by(registered, "KZ-SECURITY", questions.ask, flight(registered), text="Who is aboard?")

    playing.conduct(registered, "jump", to=registered.last_at + timedelta(days=6))
    acts.let_time_pass(registered)

    assert playing.verbs(registered).count("remind") == 1
    assert flight(registered).questions.get().is_open
    assert desk(registered, "SECURITY").is_pending


def test_a_question_of_the_decider_takes_the_case_back_to_the_desks(decidable: Exercise) -> None:
    by(decidable, "KZ-DECIDER", questions.ask, flight(decidable), text="Is the captain named?")
    assert flight(decidable).status == FlightStatus.UNDER_REVIEW
    with pytest.raises(NotNow):
        by(decidable, "KZ-DECIDER", decision.authorize, flight(decidable))

    question = flight(decidable).questions.get()
    by(decidable, "TR-ATTACHE", questions.answer, question, text="He is, in item 17.")

    assert flight(decidable).status == FlightStatus.DECISION_PENDING
    assert flight(decidable).duty == "decision"


def test_refusal_drops_open_questions_and_pending_answers(registered: Exercise) -> None:
    by(registered, "KZ-SECURITY", questions.ask, flight(registered), text="Who is aboard?")

    by(
        registered,
        "KZ-DECIDER",
        decision.refuse,
        flight(registered),
        ground="SECURITY",
        reasons="For the file.",
    )

    assert not flight(registered).questions.get().is_open
    assert {row.answer for row in flight(registered).concurrences.all()} == {Answer.DROPPED}


def test_nothing_is_authorized_at_the_entry_time(decidable: Exercise) -> None:
    entry_at = flight(decidable).entry_at
    assert entry_at is not None
    decider = playing.seat(decidable, "KZ-DECIDER")

    with pytest.raises(NotNow), acts.act(decidable, by=decider, at=entry_at) as at:
        decision.authorize(flight(decidable), by=decider, at=at)

    act_after = entry_at + timedelta(seconds=1)
    with pytest.raises(NotNow), acts.act(decidable, by=decider, at=act_after) as at:
        decision.authorize(flight(decidable), by=decider, at=at)
    assert flight(decidable).status == FlightStatus.LAPSED
    assert flight(decidable).closed_at == entry_at


def test_the_requesting_side_cannot_tell_a_secret_decision_from_an_examination(
    decidable: Exercise,
) -> None:
    attache = playing.seat(decidable, "TR-ATTACHE")
    before = flight(decidable).status_for(attache)

    by(decidable, "KZ-DECIDER", decision.authorize, flight(decidable))

    assert flight(decidable).status_for(attache) == before == FlightStatus.UNDER_REVIEW
    by(decidable, "TR-PLANNER", questions.begin_supplement, flight(decidable))


def test_a_withdrawal_that_crosses_the_decision_cancels_the_authorization(
    decidable: Exercise,
) -> None:
    by(decidable, "KZ-DECIDER", decision.authorize, flight(decidable))

    by(decidable, "TR-ATTACHE", transmission.withdraw, flight(decidable), reason="Not needed.")

    attache = playing.seat(decidable, "TR-ATTACHE")
    assert flight(decidable).status_for(attache) == FlightStatus.WITHDRAWN
    assert flight(decidable).authorizations.get().status == "CANCELLED"
    assert flight(decidable).movements.get().status == "NOT_FLOWN"
    with pytest.raises(NotNow, match="withdrawn"):
        by(decidable, "KZ-REGISTRY", transmission.reply, flight(decidable), note_number="KZ-1")


def test_nothing_flies_before_the_note_in_reply(decidable: Exercise) -> None:
    by(decidable, "KZ-DECIDER", decision.authorize, flight(decidable))
    movement = flight(decidable).movements.get()

    with pytest.raises(NotNow, match="note in reply"):
        by(
            decidable,
            "KZ-OPERATIONS",
            plans.check_plan,
            movement,
            call_sign="HVK4821",
            registration="99-0101",
            number="EXKZ26S0001",
        )


def test_no_one_decides_what_they_concurred_in() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    decider = playing.seat(exercise, "KZ-DECIDER")
    playing.conduct_seat(exercise, decider, holder="kz-security")

    with pytest.raises(NotNow, match="concurred"):
        by(exercise, "KZ-DECIDER", decision.authorize, flight(exercise))


def test_one_person_may_decide_alone_in_a_solo_exercise() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    Exercise.objects.filter(pk=exercise.pk).update(solo=True)
    decider = playing.seat(exercise, "KZ-DECIDER")
    playing.conduct_seat(exercise, decider, holder="kz-security")

    by(exercise, "KZ-DECIDER", decision.authorize, flight(exercise))

    assert flight(exercise).status == FlightStatus.AUTHORIZED


@pytest.fixture
def another_agreement(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """The agreement as another version of its file could have it."""
    agreement = agreements.load("TR-KZ", "1")

    def change(**figures: Any) -> None:
        changed = agreement.model_copy(update=figures)
        monkeypatch.setattr(agreements, "load", lambda code, version: changed)
        book.forget()

    yield change
    book.forget()


def test_no_flight_is_registered_before_the_agreement_is_in_force(
    another_agreement: Callable[..., None],
) -> None:
    exercise = playing.before("alpha", "register")
    another_agreement(in_force_from=date(2026, 9, 15))

    with pytest.raises(NotNow, match="in force from"):
        by(exercise, "KZ-REGISTRY", intake.register, flight(exercise))

    another_agreement(in_force_from=date(2026, 9, 14))
    by(exercise, "KZ-REGISTRY", intake.register, flight(exercise))


def test_an_agreement_that_refers_landings_does_not_examine_them(
    another_agreement: Callable[..., None],
) -> None:
    exercise = playing.before("landing", "register")
    another_agreement(landing="refer")

    with pytest.raises(NotNow, match="covers no landing"):
        by(exercise, "KZ-REGISTRY", intake.register, flight(exercise))


def test_the_lead_desk_answers_again_after_a_desk_that_is_called_in_late(
    decidable: Exercise,
) -> None:
    by(decidable, "KZ-DECIDER", questions.ask, flight(decidable), text="On which basis?")
    by(decidable, "KZ-DEFENCE", examination.call_in, flight(decidable), desk="LEGAL")
    question = flight(decidable).questions.get()
    by(decidable, "TR-ATTACHE", questions.answer, question, text="The transit agreement.")
    paper = {"answer": "CONCUR", "paper": "No. 14"}

    by(decidable, "KZ-DEFENCE", examination.enter_answer, desk(decidable, "LEGAL"), **paper)

    assert desk(decidable, "DEFENCE").duty == "lead_desk"
    answer(decidable, "DEFENCE")
    assert flight(decidable).status == FlightStatus.DECISION_PENDING


def test_a_desk_can_be_called_in_while_the_decision_is_pending(decidable: Exercise) -> None:
    by(decidable, "KZ-DEFENCE", examination.call_in, flight(decidable), desk="LEGAL")

    assert flight(decidable).status == FlightStatus.UNDER_REVIEW
    assert desk(decidable, "DEFENCE").is_pending


def test_a_supplement_is_released_as_it_was_seen() -> None:
    exercise = playing.before("late-change", "release_supplement")
    release = playing.seat(exercise, "TR-RELEASE")
    seen = flight(exercise).stamp_for(release)
    changed = {"form": {"passenger_count": 40}}
    by(exercise, "TR-PLANNER", preparation.edit, flight(exercise), **changed)

    with pytest.raises(Stale), acts.act(exercise, by=release, seen=seen) as at:
        questions.release_supplement(flight(exercise), by=release, at=at)
