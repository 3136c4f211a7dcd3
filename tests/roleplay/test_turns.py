"""Role-players: automatic officers in the seats that nobody holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from audit import acts, exported, verification
from audit.models import Event
from casework import kinds
from control import actions, practice
from scenarios import conduct, generation
from tests import playing
from tests.roleplay.turning import OVER, START, begun, cast, moves, run
from transit.models import FlightRequest, FlightStatus

pytestmark = pytest.mark.django_db

#: From the draft to the closure, as the procedure has it; the desks in any order.
COURSE = [
    "prepare",
    "request_release",
    "release",
    "justify",
    "transmit",
    "register",
    "concur",
    "concur",
    "concur",
    "deal_with",
    "concur",
    "authorize",
    "reply",
    "file_plan",
    "check_plan",
    "enter",
    "exit",
    "report",
    "close",
]


@pytest.mark.parametrize("side", ["TR", "KZ"])
def test_they_take_a_flight_from_the_draft_to_its_closure(side: str) -> None:
    exercise = begun(side)
    run(exercise, until=OVER)

    assert [verb for _seat, verb in moves(exercise)] == COURSE
    assert FlightRequest.objects.get(exercise=exercise).closed_at
    assert verification.faults(exercise) == []


def test_the_record_says_that_a_role_player_acted() -> None:
    exercise = begun()
    run(exercise, until=OVER)

    events = Event.objects.filter(exercise=exercise).in_order()
    [registered] = [event for event in events if event.verb == "register"]
    assert registered.payload["by"] == {
        "seat": "KZ-REGISTRY",
        "holder": "role-player KZ-REGISTRY",
        "instructor": False,
    }


def test_one_jump_equals_many_ticks() -> None:
    told = []
    for steps in (1, 5, 977):
        exercise = begun()
        run(exercise, until=OVER, steps=steps)
        events = Event.objects.filter(exercise=exercise).in_order()
        told.append([event.body for event in events if not event.payload["conduct"]])

    assert told[0] == told[1] == told[2]
    assert len(told[0]) > len(COURSE)


def test_notes_that_come_in_on_the_way_are_worked_on_in_one_jump_as_in_many() -> None:
    told = []
    for steps in (1, 7, 331):
        cases = sorted(
            generation.generate(7, 5, difficulty=2),
            key=lambda one: one.dossier.received_at or START,
        )
        start = (cases[0].dossier.received_at or START) - timedelta(hours=1)
        exercise = actions.create("Season", at=start, cast=cast(), seed=1)
        instructor = playing.seat(exercise, "INSTRUCTOR")
        with acts.act(exercise, by=instructor) as at:
            given = [practice.given(one) for one in cases]
            conduct.give(exercise, by=instructor, at=at, dossiers=given)
        over = cases[-1].dossier.form["departs_at"] + timedelta(days=20)
        for step in range(1, steps + 1):
            to = start + (over - start) * step / steps
            playing.conduct(exercise, "jump", to=to.replace(microsecond=0))
            acts.let_time_pass(exercise)
        flights = FlightRequest.objects.filter(exercise=exercise)
        assert (len(flights), flights.filter(closed_at=None).count()) == (5, 0)
        assert verification.faults(exercise) == []
        events = Event.objects.filter(exercise=exercise).in_order()
        told.append([event.body for event in events if not event.payload["conduct"]])

    assert told[0] == told[1] == told[2]


def test_another_seed_is_another_course_and_the_same_is_the_same() -> None:
    moments = []
    for seed in (7, 7, 8):
        exercise = begun(seed=seed)
        run(exercise, until=OVER)
        moments.append([event.at for event in Event.objects.filter(exercise=exercise).in_order()])

    assert moments[0] == moments[1] != moments[2]


def test_they_work_when_their_office_is_open_and_on_the_day_of_the_flight_whenever() -> None:
    exercise = begun("KZ")
    run(exercise, until=OVER)

    for event in Event.objects.filter(exercise=exercise).in_order():
        state, _, role = event.seat.partition("-")
        if role and event.verb not in ("prepare", "file_plan", "check_plan", "enter", "exit"):
            assert exercise.office(state).is_open(event.at), (event.seat, event.verb, event.at)


def test_a_seat_taken_over_waits_for_its_person_and_handed_back_goes_on() -> None:
    exercise = begun()
    security = playing.seat(exercise, "KZ-SECURITY")
    User.objects.create_user("ada")
    playing.conduct_of(exercise, "sit", security, holder="ada")
    run(exercise, until=START + timedelta(days=7))
    assert ("KZ-SECURITY", "concur") not in moves(exercise)
    assert ("KZ-AIR_DEFENCE", "concur") in moves(exercise)
    [flight] = FlightRequest.objects.filter(exercise=exercise)
    assert flight.turn_at is None

    playing.conduct_of(exercise, "vacate", security)
    run(exercise, until=OVER)

    assert [verb for _seat, verb in moves(exercise)] == COURSE
    assert verification.faults(exercise) == []


def test_a_person_takes_the_next_step_before_the_role_player_does() -> None:
    exercise = begun(seed=11)
    planner = playing.seat(exercise, "TR-PLANNER")
    with acts.act(exercise, by=planner) as at:
        kinds.doors()["request_release"](
            FlightRequest.objects.get(exercise=exercise), by=planner, at=at
        )
    run(exercise, until=OVER)

    assert [verb for _seat, verb in moves(exercise)] == COURSE


def test_a_silent_role_player_does_nothing_and_the_clock_grants_nothing() -> None:
    exercise = begun(cast=cast() | {"KZ-AIR_DEFENCE": "silent"})
    run(exercise, until=OVER)

    assert ("KZ-AIR_DEFENCE", "concur") not in moves(exercise)
    assert "escalate_desk" in playing.verbs(exercise)
    assert FlightRequest.objects.get(exercise=exercise).status == FlightStatus.LAPSED


def test_a_slow_role_player_is_late_now_and_then() -> None:
    late = 0
    for seed in range(8, 14):
        exercise = begun(seed=seed, cast=cast() | {"KZ-SECURITY": "slow"})
        run(exercise, until=OVER)
        late += playing.verbs(exercise).count("escalate_desk") > 0
    assert 0 < late < 6


def test_without_a_cast_nobody_acts() -> None:
    exercise = begun(cast={})
    run(exercise, until=OVER)

    assert moves(exercise) == [("TR-PLANNER", "prepare")]


def test_casting_in_mid_run_takes_up_what_waits() -> None:
    exercise = begun(cast={})
    run(exercise, until=START + timedelta(days=1))
    playing.conduct(exercise, "cast", seats=cast())
    run(exercise, until=OVER)

    assert [verb for _seat, verb in moves(exercise)] == COURSE


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ({"XX-PLANNER": "careful"}, "There is no seat XX-PLANNER."),
        ({"INSTRUCTOR": "careful"}, "There is no seat INSTRUCTOR."),
        ({"KZ-SECURITY": "lazy"}, "There is no such role-player: lazy."),
    ],
)
def test_a_cast_that_cannot_be_is_refused(seats: dict[str, str], said: str) -> None:
    exercise = begun(cast={})
    with pytest.raises(ValidationError, match=said):
        playing.conduct(exercise, "cast", seats=seats)
    with pytest.raises(ValidationError, match=said):
        begun(cast=seats)


def test_an_exercise_out_of_its_record_goes_on() -> None:
    exercise = begun()
    run(exercise, until=START + timedelta(days=3))
    lines = [*exported.export_record(exercise)]
    users = {*User.objects.values_list("username", flat=True)}
    copy = actions.import_record(exported.read(iter(lines)))

    for one in (exercise, copy):
        run(one, until=OVER)
    assert moves(exercise) == moves(copy)
    assert [verb for _seat, verb in moves(copy)] == COURSE
    assert {*User.objects.values_list("username", flat=True)} == users
