"""One act, one transaction, one event; what is refused leaves nothing but what fell due."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from approvals import intake
from approvals.models import Concurrence
from audit import acts, timeline, verification
from audit.models import Event
from audit.refusals import AlreadyDone, Halted, NotNow, NotYou, Stale
from control import actions, stories, tasks
from exercises.models import Exercise, Heartbeat
from tests import playing, wall
from transit import preparation
from transit.models import FlightRequest

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def exercise() -> Exercise:
    """The note is with the registry in Astana, which owes the registration."""
    return playing.before("alpha", "register")


@pytest.fixture
def stuck(exercise: Exercise) -> Exercise:
    """Something will fall due that cannot happen: a duty that no table knows."""
    FlightRequest.objects.filter(exercise=exercise).update(duty="nonsense")
    return exercise


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise)


def overdue_at(exercise: Exercise) -> datetime:
    due_at = flight(exercise).due_at
    assert due_at is not None
    return due_at


def register(
    exercise: Exercise,
    *,
    at: datetime | None = None,
    once: str | None = None,
    seen: str | None = None,
    seat: str = "KZ-REGISTRY",
) -> None:
    by = playing.seat(exercise, seat)
    with acts.act(exercise, at=at, by=by, once=once, seen=seen) as moment:
        intake.register(flight(exercise), by=by, at=moment)


def test_a_verb_outside_an_act_is_a_fault(exercise: Exercise) -> None:
    by = playing.seat(exercise, "KZ-REGISTRY")

    with pytest.raises(RuntimeError, match="outside an act"):
        intake.register(flight(exercise), by=by, at=exercise.last_at)

    assert flight(exercise).status == "SUBMITTED"


def test_a_row_written_outside_a_verb_is_a_fault(exercise: Exercise) -> None:
    row = flight(exercise)
    row.version = 99

    with pytest.raises(RuntimeError, match="outside an act"):
        acts.save(row)
    with pytest.raises(RuntimeError, match="inside a verb only"), acts.act(exercise):
        acts.save(row)
    with pytest.raises(RuntimeError, match="inside a verb only"), acts.act(exercise):
        acts.delete(row)

    assert flight(exercise).version != 99


def test_an_act_inside_an_act_is_a_fault(exercise: Exercise) -> None:
    with pytest.raises(RuntimeError, match="An act is under way"), acts.act(exercise):
        register(exercise)


def test_every_verb_leaves_exactly_one_event(exercise: Exercise) -> None:
    story = stories.load("alpha")
    fresh = actions.create(story.title, at=story.start)

    for number, line in enumerate(story.acts, start=2):
        stories.perform(fresh, line)

        assert playing.verbs(fresh)[-1] == line["do"]
        assert Event.objects.filter(exercise=fresh).count() == number


def test_an_event_tells_who_did_what_when_and_every_changed_column(exercise: Exercise) -> None:
    register(exercise, at=exercise.last_at + HOUR)

    event = exercise.events.latest("seq")
    told = event.payload
    assert (event.verb, event.seat, event.case) == ("register", "KZ-REGISTRY", "TR-KZ-0001")
    assert event.at == exercise.last_at + HOUR
    assert told["rows"]["flight/1"]["status"] == "UNDER_REVIEW"
    assert "call_sign" not in told["rows"]["flight/1"]
    new = told["rows"]["flight/1/concurrence/SECURITY/1"]
    row = Concurrence.objects.get(exercise=exercise, desk="SECURITY")
    assert new == row.stated()
    assert row.columns().keys() - new.keys() >= {"reason", "answered_at", "rung"}
    assert all(ref in told["rows"] for ref in told["made"])
    assert "flight/1/concurrence/SECURITY/1" in told["made"]


def test_a_refused_verb_leaves_what_fell_due_and_nothing_else(exercise: Exercise) -> None:
    late = overdue_at(exercise) + HOUR

    with pytest.raises(NotYou):
        register(exercise, at=late, seat="TR-ATTACHE")

    assert playing.verbs(exercise)[-1] == "escalate"
    assert flight(exercise).status == "SUBMITTED"
    assert verification.faults(exercise) == []


def test_a_form_with_faults_leaves_what_fell_due_and_nothing_else(exercise: Exercise) -> None:
    by = playing.seat(exercise, "TR-PLANNER")

    with (
        pytest.raises(ValidationError),
        acts.act(exercise, at=overdue_at(exercise) + HOUR, by=by) as at,
    ):
        preparation.prepare(
            exercise, by=by, at=at, host="KZ", form={"call_sign": "too long a sign"}
        )

    assert playing.verbs(exercise)[-1] == "escalate"
    assert FlightRequest.objects.filter(exercise=exercise).count() == 1
    assert verification.faults(exercise) == []


def test_what_is_due_at_this_very_moment_waits_for_the_people(exercise: Exercise) -> None:
    register(exercise, at=overdue_at(exercise))

    assert "escalate" not in playing.verbs(exercise)


def test_a_form_about_an_older_version_is_stale(exercise: Exercise) -> None:
    with pytest.raises(Stale):
        register(exercise, seen=str(flight(exercise).version - 1))

    register(exercise, seen=str(flight(exercise).version))


def test_the_same_form_from_the_same_seat_is_done_once(exercise: Exercise) -> None:
    register(exercise, once="a form")

    with pytest.raises(AlreadyDone) as raised:
        register(exercise, once="a form")

    assert raised.value.event == exercise.events.latest("seq")
    assert raised.value.event.verb == "register"
    assert playing.verbs(exercise).count("register") == 1


def test_a_form_that_another_seat_has_used_is_refused(exercise: Exercise) -> None:
    register(exercise, once="a form")

    with pytest.raises(NotNow, match="already used"):
        register(exercise, once="a form", seat="KZ-DECIDER")


def test_a_form_that_was_refused_may_come_again(exercise: Exercise) -> None:
    with pytest.raises(NotYou):
        register(exercise, once="a form", seat="KZ-DECIDER")

    register(exercise, once="a form")

    assert playing.verbs(exercise)[-1] == "register"


def test_the_key_of_a_form_counts_in_its_exercise_only(exercise: Exercise) -> None:
    other = playing.before("alpha", "register")
    register(exercise, once="a form")

    register(other, once="a form")

    assert flight(other).status == "UNDER_REVIEW"


def test_what_falls_due_before_a_form_does_not_use_its_key(exercise: Exercise) -> None:
    register(exercise, at=overdue_at(exercise) + HOUR, once="a form")

    keyed = Event.objects.filter(exercise=exercise).exclude(once=None)
    assert [event.verb for event in keyed] == ["register"]
    assert playing.verbs(exercise)[-2:] == ["escalate", "register"]


def test_time_never_runs_backwards(exercise: Exercise) -> None:
    by = playing.seat(exercise, "KZ-REGISTRY")

    with acts.act(exercise, at=exercise.last_at - HOUR) as at:
        assert at == exercise.last_at
    with (
        pytest.raises(RuntimeError, match="Time ran backwards"),
        acts.act(exercise, by=by) as at,
    ):
        intake.register(flight(exercise), by=by, at=at - HOUR)

    assert flight(exercise).status == "SUBMITTED"


def test_a_draft_whose_entry_has_passed_is_not_taken(exercise: Exercise) -> None:
    by = playing.seat(exercise, "TR-PLANNER")
    line = stories.load("alpha").acts[0]["with"]
    entry_at = line["crossings"][3]["entry_at"]

    with pytest.raises(ValidationError, match="past"), acts.act(exercise, at=entry_at, by=by) as at:
        preparation.prepare(exercise, by=by, at=at, **line)

    assert FlightRequest.objects.filter(exercise=exercise).count() == 1


def test_what_was_due_before_the_clock_stopped_unattended_stands_before_the_pause(
    exercise: Exercise,
) -> None:
    with wall.standing() as real_time:
        playing.conduct(exercise, "run", rate=3600)
        real_time.wait(seconds=40)
        acts.beat_heart(exercise)
        real_time.wait(hours=8)

        with acts.act(exercise) as at:
            pass

    assert playing.verbs(exercise)[-3:] == ["run", "escalate", "auto_pause"]
    moments = [event.at for event in Event.objects.filter(exercise=exercise).in_order()]
    assert moments == sorted(moments)
    assert moments[-1] == at


def test_what_was_due_before_it_stopped_unattended_is_worked_off_batch_by_batch(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is kept whatever becomes of the next, and nobody waits for all of them."""
    monkeypatch.setattr(timeline, "AT_ONCE", 1)
    monkeypatch.setattr(timeline, "_asked", cache(timeline._asked.__wrapped__))
    with wall.standing() as real_time:
        playing.conduct(exercise, "run", rate=86_400)
        real_time.wait(hours=8)
        events = len(playing.verbs(exercise))

        assert acts.let_time_pass(exercise, within=timedelta(seconds=-1)) == 1
        monkeypatch.setattr(tasks, "LONGEST_TURN", timedelta(seconds=-1))
        tasks.tick()
        some = playing.verbs(exercise)
        monkeypatch.undo()
        tasks.tick()

    assert len(some) == events + 2
    assert "auto_pause" not in some
    assert playing.verbs(exercise) == [*some, "auto_pause"]
    assert verification.faults(exercise) == []


def test_an_act_is_done_though_no_sign_of_life_could_be_left_after_it(
    exercise: Exercise, caplog: pytest.LogCaptureFixture
) -> None:
    def busy(execute: Any, sql: str, *asked: Any) -> Any:
        if "heartbeat" in sql and not sql.startswith("SELECT"):
            raise OperationalError("database is locked")
        return execute(sql, *asked)

    Heartbeat.objects.all().delete()
    with connection.execute_wrapper(busy):
        register(exercise)
    transaction.set_rollback(False)  # the test's own transaction, which the product has not

    assert playing.verbs(exercise)[-1] == "register"
    assert [one.message for one in caplog.records if one.name == "audit.acts"] == [
        "No sign of life could be left: database is locked"
    ]


def test_an_exercise_that_has_ended_takes_nothing_more(exercise: Exercise) -> None:
    playing.conduct(exercise, "end")

    with pytest.raises(NotNow, match="ended"):
        register(exercise, at=overdue_at(exercise) + HOUR)
    with pytest.raises(NotNow, match="ended"):
        playing.conduct(exercise, "pause")
    acts.let_time_pass(exercise)

    assert playing.verbs(exercise)[-1] == "end"


def test_what_was_due_when_it_ended_does_not_happen_afterwards(stuck: Exercise) -> None:
    with acts.act(stuck, at=overdue_at(stuck) + HOUR, catch_up=False) as at:
        actions.end(stuck, by=playing.seat(stuck, "INSTRUCTOR"), at=at)

    acts.let_time_pass(stuck)
    with pytest.raises(NotNow, match="ended"):
        register(stuck)

    assert playing.verbs(stuck)[-1] == "end"
    assert Exercise.objects.get(pk=stuck.pk).halted == ""


def test_a_happening_that_raises_halts_its_exercise_and_no_other(stuck: Exercise) -> None:
    other = playing.before("alpha", "register")
    late = overdue_at(stuck) + HOUR

    with pytest.raises(Halted, match="flight of flight/1 at 2026-09-03 13:00:00Z"):
        register(stuck, at=late)
    with pytest.raises(Halted):
        register(stuck)
    register(other, at=late)

    assert flight(stuck).status == "SUBMITTED"
    assert flight(other).status == "UNDER_REVIEW"


def test_the_instructor_still_pauses_and_ends_a_halted_exercise(stuck: Exercise) -> None:
    playing.conduct(stuck, "run", rate=60)
    with pytest.raises(Halted):
        register(stuck, at=overdue_at(stuck) + HOUR)

    for verb in ("pause", "end"):
        by = playing.seat(stuck, "INSTRUCTOR")
        with acts.act(stuck, by=by, catch_up=False) as at:
            getattr(actions, verb)(stuck, by=by, at=at)

    assert playing.verbs(stuck)[-2:] == ["pause", "end"]


def test_once_its_cause_is_mended_a_halted_exercise_goes_on_where_it_stopped(
    stuck: Exercise,
) -> None:
    playing.conduct(stuck, "jump", to=overdue_at(stuck) + HOUR)
    with pytest.raises(Halted):
        acts.let_time_pass(stuck)
    by = playing.seat(stuck, "INSTRUCTOR")

    FlightRequest.objects.filter(exercise=stuck).update(duty="registration")
    with acts.act(stuck, by=by, catch_up=False) as at:
        actions.try_again(stuck, by=by, at=at)
    acts.let_time_pass(stuck)

    assert playing.verbs(stuck)[-2:] == ["try_again", "escalate"]
    assert Exercise.objects.get(pk=stuck.pk).halted == ""
