"""The instructor works the clock; time is all that changes."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import acts, chain, timeline, verification
from audit.models import Event
from audit.refusals import NotNow, NotYou
from control import actions, tasks
from exercises import clock
from exercises.models import Exercise, Heartbeat, Pace
from tests import playing, wall
from tests.browsing import body, signed_in
from transit.models import FlightRequest

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def real_time() -> Iterator[wall.Wall]:
    with wall.standing() as standing:
        yield standing


@pytest.fixture
def registered(real_time: wall.Wall) -> Exercise:
    """Four answers are owed in Astana; nobody is seated, the clock is paused."""
    return playing.before("alpha", "concur")


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise)


def shown(exercise: Exercise) -> clock.Reading:
    """What a page would show."""
    stored = Exercise.objects.get(pk=exercise.pk)
    beat = Heartbeat.objects.get(exercise=stored)
    return clock.read(stored, alive_at=beat.alive_at, wall=clock.wall())


def desks_due(exercise: Exercise) -> datetime:
    due_at = flight(exercise).concurrences.get(desk="SECURITY").due_at
    assert due_at is not None
    return due_at


def overdue(exercise: Exercise) -> list[datetime]:
    return [
        event.at
        for event in Event.objects.filter(exercise=exercise).in_order()
        if event.verb == "escalate_desk"
    ]


def test_pauses_speeds_and_a_jump_leave_every_deadline_its_remaining_exercise_time(
    registered: Exercise, real_time: wall.Wall
) -> None:
    before, due_at = registered.last_at, desks_due(registered)
    playing.conduct(registered, "run", rate=60)
    real_time.wait(minutes=1)
    playing.conduct(registered, "pause")
    real_time.wait(minutes=10)
    playing.conduct(registered, "run", rate=10)
    real_time.wait(minutes=3)
    playing.conduct(registered, "pause")
    real_time.wait(hours=10)
    playing.conduct(registered, "jump", to=before + 5 * HOUR)

    assert shown(registered).at == before + 5 * HOUR
    assert desks_due(registered) == due_at
    assert overdue(registered) == []


def test_nothing_falls_due_while_paused(registered: Exercise, real_time: wall.Wall) -> None:
    real_time.wait(days=30)

    tasks.tick()
    acts.let_time_pass(registered)

    assert shown(registered).at == registered.last_at
    assert overdue(registered) == []


def test_after_a_worker_was_away_what_fell_due_happens_once_in_order_at_its_own_moment(
    registered: Exercise, real_time: wall.Wall
) -> None:
    due_at = desks_due(registered)
    playing.conduct(registered, "run", rate=7200)
    tasks.tick()
    real_time.wait(minutes=2)

    beat = Heartbeat.objects.get(exercise=registered)
    assert beat.ticked_at == real_time.now - timedelta(minutes=2)

    tasks.tick()
    tasks.tick()

    assert overdue(registered) == [due_at] * 3 + [due_at + 24 * HOUR] * 3 + [due_at + 48 * HOUR] * 3
    assert verification.faults(Exercise.objects.get(pk=registered.pk)) == []


def test_page_act_and_tick_see_the_same_moment(registered: Exercise, real_time: wall.Wall) -> None:
    playing.conduct(registered, "run", rate=60)
    real_time.wait(minutes=4)
    tasks.tick()
    page = shown(registered).at

    acted = playing.conduct(registered, "run", rate=30)

    assert acted == page == registered.opened_at.replace(day=2, hour=12)


def test_a_closed_laptop_lapses_no_flight(registered: Exercise, real_time: wall.Wall) -> None:
    start = registered.last_at
    playing.conduct(registered, "run", rate=60)
    real_time.wait(minutes=4)
    tasks.tick()
    real_time.wait(days=3)

    stood_at = start + 4 * HOUR + 60 * clock.AHEAD
    assert shown(registered) == clock.Reading(stood_at, rate=0, unattended=True)

    tasks.tick()
    tasks.tick()

    assert shown(registered) == clock.Reading(stood_at, rate=0)
    assert playing.verbs(registered)[-2:] == ["run", "auto_pause"]
    assert overdue(registered) == []


@pytest.mark.parametrize("rate", [1, 60])
def test_a_machine_clock_set_back_turns_no_page_back_and_ticks_go_on(
    registered: Exercise, real_time: wall.Wall, rate: int
) -> None:
    playing.conduct(registered, "run", rate=rate)
    real_time.wait(minutes=4)
    tasks.tick()
    real_time.wait(seconds=4)  # a page shows more than the last sign of life
    pages = [shown(registered)]

    real_time.wait(hours=-1)
    pages.append(shown(registered))
    assert pages[-1].set_back
    tasks.tick()
    pages.append(shown(registered))
    assert not pages[-1].set_back
    for _ in range(3):
        real_time.wait(seconds=5)
        tasks.tick()
        pages.append(shown(registered))

    moments = [page.at for page in pages]
    assert moments == sorted(moments)
    assert moments[-1] - moments[2] == timedelta(seconds=15 * rate)
    assert playing.verbs(registered)[-2:] == ["run", "clock_set_back"]
    assert verification.faults(Exercise.objects.get(pk=registered.pk)) == []


def test_a_machine_clock_set_ahead_and_back_leaves_a_paused_exercise_that_runs_again(
    registered: Exercise, real_time: wall.Wall
) -> None:
    playing.conduct(registered, "run", rate=60)
    real_time.wait(days=1)
    tasks.tick()
    stood_at = shown(registered).at
    real_time.wait(days=-1)
    tasks.tick()

    playing.conduct(registered, "run", rate=60)
    real_time.wait(seconds=5)
    tasks.tick()

    assert shown(registered).at == stood_at + timedelta(minutes=5)
    assert playing.verbs(registered)[-3:] == ["run", "auto_pause", "run"]


def test_an_act_after_the_machine_clock_was_set_back_lets_time_pass_first(
    registered: Exercise, real_time: wall.Wall
) -> None:
    due_at = desks_due(registered)
    playing.conduct(registered, "jump", to=due_at - timedelta(minutes=1))
    playing.conduct(registered, "run", rate=60)
    tasks.tick()
    real_time.wait(hours=-1)

    acted = playing.conduct(registered, "run", rate=1)

    assert acted == due_at + timedelta(minutes=9), "ten seconds may have been shown"
    assert overdue(registered) == [due_at] * 3
    assert playing.verbs(registered)[-6:-4] == ["run", "clock_set_back"]


def test_an_act_records_the_pause_once_and_then_happens(
    registered: Exercise, real_time: wall.Wall
) -> None:
    playing.conduct(registered, "run", rate=60)
    real_time.wait(days=3)
    playing.conduct(registered, "run", rate=60)
    real_time.wait(minutes=1)
    playing.conduct(registered, "pause")

    assert playing.verbs(registered)[-4:] == ["run", "auto_pause", "run", "pause"]


def test_a_refused_act_keeps_the_pause_that_it_found(
    registered: Exercise, real_time: wall.Wall
) -> None:
    playing.conduct(registered, "run", rate=60)
    real_time.wait(days=3)

    with pytest.raises(NotNow):
        playing.conduct(registered, "pause")

    assert playing.verbs(registered)[-1] == "auto_pause"


def test_with_people_seated_the_clock_runs_no_faster_than_sixty(real_time: wall.Wall) -> None:
    exercise = playing.before("alpha", "concur", seated=True)

    with pytest.raises(ValidationError, match="1 to 60"):
        playing.conduct(exercise, "run", rate=61)

    playing.conduct(exercise, "run", rate=60)
    assert shown(exercise).rate == 60


@pytest.mark.parametrize("rate", [0, 86_401])
def test_a_rate_that_is_none_is_refused(registered: Exercise, rate: int) -> None:
    with pytest.raises(ValidationError):
        playing.conduct(registered, "run", rate=rate)


def test_a_jump_goes_forward_only(registered: Exercise) -> None:
    for to in (registered.last_at, registered.last_at - HOUR):
        with pytest.raises(ValidationError, match="only runs forward"):
            playing.conduct(registered, "jump", to=to)

    with pytest.raises(ValidationError, match="does not know this year"):
        playing.conduct(registered, "jump", to=datetime(2999, 1, 1, tzinfo=UTC))


def test_a_long_jump_can_be_stopped_where_time_has_reached(
    real_time: wall.Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "AT_ONCE", 1)
    monkeypatch.setattr(timeline, "_asked", cache(timeline._asked.__wrapped__))
    registered = playing.before("alpha", "concur", seated=True)
    instructor = signed_in(registered, "INSTRUCTOR")
    to = registered.last_at + timedelta(days=30)
    playing.conduct(registered, "jump", to=to)
    acts.let_time_pass(registered, within=timedelta(seconds=-1))
    panel = f"/x/{registered.pk}/INSTRUCTOR/control/"
    page = instructor.get(panel)
    assert "Stop here" in body(page)

    answer = instructor.post(f"{panel}stop/", {"once": str(uuid.uuid4())})

    assert answer.status_code == 302
    registered.refresh_from_db()
    reached = registered.last_at
    assert Event.objects.get(exercise=registered, seq=registered.seq).verb == "stop"
    assert reached == desks_due(registered) < to
    assert shown(registered).at == reached
    assert acts.let_time_pass(registered) == 0
    assert "Stop here" not in body(instructor.get(panel))
    assert instructor.post(f"{panel}stop/", {"once": str(uuid.uuid4())}).status_code == 409
    assert verification.faults(registered) == []


def test_a_turn_ends_whatever_the_machines_clock_says(
    real_time: wall.Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "AT_ONCE", 1)
    monkeypatch.setattr(timeline, "_asked", cache(timeline._asked.__wrapped__))
    registered = playing.before("alpha", "concur")
    playing.conduct(registered, "jump", to=registered.last_at + timedelta(days=30))
    passed = (timedelta(seconds=second) for second in range(100))
    monkeypatch.setattr(clock, "elapsed", lambda: next(passed))

    assert acts.let_time_pass(registered, within=timedelta(milliseconds=1)) == 1


def test_a_jump_does_not_stop_a_running_clock(registered: Exercise, real_time: wall.Wall) -> None:
    playing.conduct(registered, "run", rate=60)
    to = registered.last_at + 5 * HOUR
    playing.conduct(registered, "jump", to=to)
    real_time.wait(seconds=10)

    assert shown(registered).at == to + HOUR / 6


def test_only_the_instructor_works_the_clock(registered: Exercise) -> None:
    decider = playing.seat(registered, "KZ-DECIDER")

    with acts.act(registered, by=decider) as at, pytest.raises(NotYou):
        actions.run(registered, by=decider, at=at, rate=1)


def test_in_an_ended_exercise_nothing_happens(registered: Exercise, real_time: wall.Wall) -> None:
    playing.conduct(registered, "run", rate=3600)
    playing.conduct(registered, "end")
    events = playing.verbs(registered)
    real_time.wait(minutes=4)

    tasks.tick()
    acts.let_time_pass(registered)

    assert playing.verbs(registered) == events
    with pytest.raises(NotNow):
        playing.conduct(registered, "run", rate=1)


def test_step_pace_stands_while_a_seated_person_has_open_work(real_time: wall.Wall) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    playing.conduct(exercise, "step")

    tasks.tick()
    real_time.wait(days=1)
    tasks.tick()

    assert playing.verbs(exercise)[-1] == "step"
    assert shown(exercise).at == exercise.last_at


def test_step_pace_advances_to_the_next_hand_over(real_time: wall.Wall) -> None:
    exercise = playing.before("alpha", "check_plan", seated=True)
    opens_at = flight(exercise).movements.get().opens_at
    assert opens_at is not None
    playing.conduct(exercise, "step")

    for _ in range(3):
        tasks.tick()

    assert playing.verbs(exercise)[-2:] == ["step", "advance"]
    assert shown(exercise).at == opens_at + timedelta(seconds=1)
    assert Exercise.objects.get(pk=exercise.pk).pace == Pace.STEP


def test_step_pace_with_empty_seats_runs_until_nothing_is_due(registered: Exercise) -> None:
    playing.conduct(registered, "step")

    for _ in range(50):
        tasks.tick()

    assert flight(registered).status == "LAPSED"
    at = shown(registered).at
    assert actions.next_stop(registered, at=at) is None


def test_the_desk_whose_question_is_open_has_no_open_work(real_time: wall.Wall) -> None:
    exercise = playing.before("late-change", "answer")
    asking = flight(exercise).questions.get().desk
    instructor = playing.seat(exercise, "INSTRUCTOR")
    officer = get_user_model().objects.create(username="officer")
    with acts.act(exercise, at=exercise.last_at, by=instructor) as at:
        desk = playing.seat(exercise, f"KZ-{asking}")
        actions.sit(desk, by=instructor, at=at, holder=officer.get_username())
    playing.conduct(exercise, "step")

    tasks.tick()

    assert playing.verbs(exercise)[-2:] == ["advance", "remind"]


def test_step_pace_looks_again_only_when_something_happened(real_time: wall.Wall) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    playing.conduct(exercise, "step")
    tasks.tick()

    with CaptureQueriesContext(connection) as standing:
        tasks.tick()
    playing.conduct(exercise, "run", rate=10)
    playing.conduct(exercise, "step")
    with CaptureQueriesContext(connection) as moved:
        tasks.tick()

    assert len(standing) == 1
    assert len(moved) > 1


def test_a_tick_asks_once_in_which_exercises_something_is_due(real_time: wall.Wall) -> None:
    exercises = [playing.before("alpha", "concur") for _ in range(3)]
    for exercise in exercises:
        playing.conduct(exercise, "run", rate=1)
    real_time.wait(minutes=1)

    with CaptureQueriesContext(connection) as queries:
        tasks.tick()
    alive = Heartbeat.objects.values_list("alive_at", "ticked_at")

    assert len(queries) == 2  # what runs and what is due there; one sign of life for all
    assert {*alive} == {(real_time.now, real_time.now)}


def test_a_tick_lets_time_pass_only_where_something_is_due(real_time: wall.Wall) -> None:
    quiet, due = (playing.before("alpha", "concur") for _ in range(2))
    playing.conduct(quiet, "run", rate=1)
    playing.conduct(due, "run", rate=7200)
    events = playing.verbs(quiet)
    real_time.wait(minutes=2)

    tasks.tick()  # finds out how long nobody ran it
    tasks.tick()

    assert len(overdue(due)) == 9
    assert playing.verbs(quiet) == events


def test_one_broken_exercise_halts_only_itself(registered: Exercise, real_time: wall.Wall) -> None:
    other = playing.before("alpha", "concur")
    for exercise in (registered, other):
        playing.conduct(exercise, "run", rate=7200)
    broken = flight(registered).concurrences.get(desk="SECURITY")
    type(broken).objects.filter(pk=broken.pk).update(rung=7)
    real_time.wait(minutes=2)

    tasks.tick()
    tasks.tick()

    registered.refresh_from_db()
    other.refresh_from_db()
    assert "IndexError" in registered.halted
    assert other.halted == ""
    assert len(overdue(other)) == 9
    assert registered not in Exercise.objects.running()


def test_the_same_story_worked_by_hand_on_the_clock_has_the_same_digest(
    real_time: wall.Wall,
) -> None:
    plain, worked = (playing.before("silence", "authorize") for _ in range(2))
    until = plain.last_at + timedelta(days=21)
    playing.conduct(plain, "jump", to=until)
    acts.let_time_pass(plain)
    playing.conduct(worked, "run", rate=3600)
    while shown(worked).at < until:
        real_time.wait(seconds=200)
        tasks.tick()

    digests = {
        chain.digest(Event.objects.filter(exercise=exercise).in_order())
        for exercise in (plain, worked)
    }

    assert len(digests) == 1
