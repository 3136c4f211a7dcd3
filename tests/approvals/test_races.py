"""Two people press at once, on either database: one success, one answer that says who was first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from approvals import decision, examination
from approvals.models import Concurrence
from audit import acts, verification
from audit.models import Event
from audit.refusals import AlreadyDone, NotNow, Refused, Stale
from casework import kinds
from control import stories
from exercises.models import Exercise
from tests import canaries, playing
from transit.models import Authorization, FlightRequest, FlightStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.models import Seat

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 600  # seconds after which a test has failed; nothing is measured by it


@pytest.fixture
def pending() -> Exercise:
    """Every desk has answered; the decision is owed."""
    return playing.before("alpha", "authorize")


def flight_of(exercise: Exercise, number: int = 1) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise, number=number)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do everything at the same time; return for each what came of it, a refusal included."""
    start = threading.Barrier(len(deeds), timeout=PATIENCE)

    def do(deed: Callable[[], object]) -> object:
        try:
            start.wait()
            return deed()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result(PATIENCE) for done in [pool.submit(do, deed) for deed in deeds]]


def decide(
    exercise: Exercise,
    flight: FlightRequest,
    by: Seat,
    *,
    verb: str = "authorize",
    seen: str | None = None,
    once: str | None = None,
    **details: Any,
) -> str:
    with acts.act(exercise, by=by, seen=seen, once=once) as at:
        kinds.doors()[verb](flight, by=by, at=at, **details)
    return verb


def events(exercise: Exercise, *verbs: str) -> list[Event]:
    return [
        event for event in Event.objects.filter(exercise=exercise).in_order() if event.verb in verbs
    ]


def refusals(outcomes: list[object]) -> list[Refused]:
    return [outcome for outcome in outcomes if isinstance(outcome, Refused)]


def is_intact(exercise: Exercise) -> bool:
    return verification.faults(Exercise.objects.get(pk=exercise.pk)) == []


@pytest.mark.parametrize(("quotes", "refusal"), [(True, Stale), (False, NotNow)])
def test_of_two_deciding_officers_at_once_one_decides(
    pending: Exercise, quotes: bool, refusal: type[Refused]
) -> None:
    flight = flight_of(pending)
    seen = str(flight.stamp) if quotes else None
    officers = [playing.seat(pending, f"KZ-{role}") for role in ("DECIDER", "DEPUTY")]

    outcomes = at_once(*(partial(decide, pending, flight, by, seen=seen) for by in officers))

    (refused,) = refusals(outcomes)
    assert type(refused) is refusal
    (authorization,) = Authorization.objects.filter(exercise=pending)
    assert authorization.number == "EXKZ26S0001"
    assert len(events(pending, "authorize")) == 1
    assert flight_of(pending).version == flight.version + 1
    assert is_intact(pending)


def test_granted_and_refused_at_once_is_one_of_both(pending: Exercise) -> None:
    flight = flight_of(pending)
    decider, deputy = (playing.seat(pending, f"KZ-{role}") for role in ("DECIDER", "DEPUTY"))

    outcomes = at_once(
        partial(decide, pending, flight, decider, seen=str(flight.stamp)),
        partial(
            decide,
            pending,
            flight,
            deputy,
            verb="refuse",
            seen=str(flight.stamp),
            ground="ROUTE",
            reasons="The corridor is closed.",
        ),
    )

    (done,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
    (event,) = events(pending, "authorize", "refuse")
    assert event.verb == done
    assert Authorization.objects.filter(exercise=pending).count() == (done == "authorize")
    assert is_intact(pending)


def test_of_two_officers_at_once_one_deals_with_a_check() -> None:
    """Another check still stands: it is no reason to deal with the first one twice."""
    exercise = playing.before("alpha", "concur", **canaries.WEAPONS, leaves_behind="STORES")
    flight, what = flight_of(exercise), ["WEAPONS_DECLARED"]
    deal = partial(
        decide, exercise, flight, verb="deal_with", findings=what, disposal="ACCEPTED", reason="So."
    )

    deal(playing.seat(exercise, "KZ-SECURITY"))
    with pytest.raises(ValidationError, match="no longer stands"):
        deal(playing.seat(exercise, "KZ-DEFENCE"), disposal="REFUSED")

    assert [row.disposal for row in flight.checks.all()] == ["ACCEPTED"]


def test_a_crowd_at_once_leaves_one_number(pending: Exercise) -> None:
    flight = flight_of(pending)
    decider = playing.seat(pending, "KZ-DECIDER")

    outcomes = at_once(*[partial(decide, pending, flight, decider)] * 6)

    assert len(refusals(outcomes)) == 5
    assert Authorization.objects.filter(exercise=pending).count() == 1
    assert is_intact(pending)


def test_two_flights_decided_at_once_get_two_numbers(pending: Exercise) -> None:
    for line in stories.load("alpha").acts:
        if line["do"] == "authorize":
            break
        again = line | {"flight": 2}
        if line["do"] == "prepare":
            again["with"] = playing.prepared("TR", entry_at=datetime(2026, 10, 14, 7, tzinfo=UTC))
        if line["do"] == "transmit":
            again["with"] = {"note_number": "2026/0118"}
        stories.perform(pending, again)
    officers = [playing.seat(pending, f"KZ-{role}") for role in ("DECIDER", "DEPUTY")]

    outcomes = at_once(
        *(
            partial(decide, pending, flight_of(pending, number), by)
            for number, by in enumerate(officers, start=1)
        )
    )

    assert outcomes == ["authorize", "authorize"]
    numbers = {row.number for row in Authorization.objects.filter(exercise=pending)}
    assert numbers == {"EXKZ26S0001", "EXKZ26S0002"}
    assert is_intact(pending)


def test_the_second_waits_while_the_first_acts_and_is_then_told(pending: Exercise) -> None:
    flight = flight_of(pending)
    decider, deputy = (playing.seat(pending, f"KZ-{role}") for role in ("DECIDER", "DEPUTY"))
    holds, comes = threading.Event(), threading.Event()

    def first() -> str:
        with acts.act(pending, by=decider, seen=str(flight.stamp)) as at:
            holds.set()
            assert comes.wait(PATIENCE)
            decision.authorize(flight, by=decider, at=at)
        return "authorize"

    def second() -> str:
        assert holds.wait(PATIENCE)
        comes.set()
        return decide(pending, flight, deputy, seen=str(flight.stamp))

    done, refused = at_once(first, second)

    assert done == "authorize"
    assert isinstance(refused, Stale)
    assert len(events(pending, "authorize")) == 1


def test_a_stale_version_is_refused_and_leaves_nothing(pending: Exercise) -> None:
    flight = flight_of(pending)
    lead, decider = (playing.seat(pending, f"KZ-{role}") for role in ("DEFENCE", "DECIDER"))
    with acts.act(pending, by=lead) as at:
        examination.new_round(
            flight, by=lead, at=at, desks=["SECURITY"], reason="A name is missing."
        )
    before = playing.verbs(pending)

    with pytest.raises(Stale):
        decide(pending, flight, decider, seen=str(flight.stamp))

    assert playing.verbs(pending) == before
    assert flight_of(pending).status == FlightStatus.UNDER_REVIEW


def test_a_state_that_moved_and_came_back_is_not_the_state_that_was_seen(
    pending: Exercise,
) -> None:
    flight = flight_of(pending)
    lead, decider = (playing.seat(pending, f"KZ-{role}") for role in ("DEFENCE", "DECIDER"))
    with acts.act(pending, by=lead) as at:
        examination.new_round(
            flight, by=lead, at=at, desks=["SECURITY"], reason="A name is missing."
        )
    for desk in ("SECURITY", "DEFENCE"):
        row = Concurrence.objects.filter(flight=flight, desk=desk).latest("round")
        by = playing.seat(pending, f"KZ-{desk}")
        with acts.act(pending, by=by) as at:
            examination.concur(row, by=by, at=at, answer="CONCUR")
    now = flight_of(pending)
    assert now.status == flight.status == FlightStatus.DECISION_PENDING

    with pytest.raises(Stale):
        decide(pending, flight, decider, seen=str(flight.stamp))
    assert decide(pending, flight, decider, seen=str(now.stamp)) == "authorize"

    assert now.version == flight.version + 2
    assert len(events(pending, "authorize")) == 1


def test_a_form_sent_twice_lands_both_times_on_the_one_result(pending: Exercise) -> None:
    flight = flight_of(pending)
    decider = playing.seat(pending, "KZ-DECIDER")
    send = partial(decide, pending, flight, decider, seen=str(flight.stamp), once="form-1")

    outcomes = at_once(send, send, send)

    (event,) = events(pending, "authorize")
    repeats = refusals(outcomes)
    assert outcomes.count("authorize") == 1
    assert [type(repeat) for repeat in repeats] == [AlreadyDone, AlreadyDone]
    assert {repeat.event.pk for repeat in repeats if isinstance(repeat, AlreadyDone)} == {event.pk}
    assert is_intact(pending)


def test_the_key_of_a_form_is_of_no_use_to_another_seat(pending: Exercise) -> None:
    flight = flight_of(pending)
    decider, deputy = (playing.seat(pending, f"KZ-{role}") for role in ("DECIDER", "DEPUTY"))
    decide(pending, flight, decider, once="form-1")

    with pytest.raises(NotNow, match="already used"):
        decide(pending, flight, deputy, once="form-1")


def test_a_form_that_was_refused_may_be_sent_again(pending: Exercise) -> None:
    flight = flight_of(pending)
    decider = playing.seat(pending, "KZ-DECIDER")

    with pytest.raises(Stale):
        decide(pending, flight, decider, seen="0", once="form-1")

    assert decide(pending, flight, decider, seen=str(flight.stamp), once="form-1") == "authorize"


def test_two_workers_at_once_let_time_pass_once() -> None:
    exercise = playing.before("silence", "reply")
    playing.conduct(exercise, "jump", to=exercise.last_at.replace(month=10))

    done = at_once(*[partial(acts.let_time_pass, exercise)] * 4)

    happened = [verb for verb in playing.verbs(exercise) if verb.startswith(("esc", "lapse"))]
    assert sorted(done)[:3] == [0, 0, 0]  # type: ignore[type-var]
    assert happened.count("lapse") == 1
    assert is_intact(exercise)
