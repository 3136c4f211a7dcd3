"""What role-players do: they ask, accept, hold to it, refuse; and never stop the timeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from audit import acts, verification
from audit.models import Event
from casework import kinds
from control import actions, stories
from exercises.models import Exercise, Help
from tests import playing
from tests.roleplay.turning import ENTRY, OVER, START, begun, cast, moves, run
from transit.models import FlightRequest, FlightStatus

pytestmark = pytest.mark.django_db


def prepared(form: dict[str, Any], side: str = "TR", **facts: Any) -> Exercise:
    """An exercise with role-players and one flight whose form says something else."""
    exercise = begun(side, **facts)
    planner = playing.seat(exercise, f"{side}-PLANNER")
    flight = FlightRequest.objects.get(exercise=exercise)
    said = playing.prepared(side, entry_at=ENTRY)
    with acts.act(exercise, by=planner) as at:
        kinds.doors()["edit"](
            flight,
            by=planner,
            at=at,
            form=said["form"] | form,
            crossings=said["crossings"],
            goods=said.get("goods", []),
        )
    exercise.refresh_from_db()
    return exercise


def test_what_blocks_is_asked_about_once_then_held_to_and_refused() -> None:
    exercise = prepared({"aircraft_type": "F16", "cruise_knots": 420})
    run(exercise, until=OVER)

    done = [verb for _seat, verb in moves(exercise)]
    assert done.count("ask") == done.count("answer") == 1
    assert done.index("ask") < done.index("answer") < done.index("refuse")
    flight = FlightRequest.objects.get(exercise=exercise)
    assert (flight.status, flight.ground) == (FlightStatus.REFUSED, "OUT_OF_SCOPE")
    assert flight.replied_at


def test_an_incomplete_draft_waits_for_a_person() -> None:
    exercise = prepared({"captain": ""})
    run(exercise, until=ENTRY - timedelta(days=1))

    assert moves(exercise) == [("TR-PLANNER", "prepare"), ("TR-PLANNER", "edit")]
    assert FlightRequest.objects.get(exercise=exercise).turn_at is None


@pytest.mark.parametrize("help_shown", [Help.AFTER, Help.OFF])
def test_where_officers_check_alone_first_so_do_they(help_shown: Help) -> None:
    exercise = begun(help_shown=help_shown)
    run(exercise, until=OVER)

    checked = {seat for seat, verb in moves(exercise) if verb == "own_check"}
    assert checked >= {"KZ-SECURITY", "KZ-AIR_DEFENCE", "KZ-DEFENCE", "KZ-OPERATIONS"}
    assert FlightRequest.objects.get(exercise=exercise).closed_at
    assert verification.faults(exercise) == []


@pytest.mark.parametrize("name", stories.names())
@pytest.mark.parametrize("profile", ["careful", "sloppy", "slow"])
def test_they_take_up_every_story_where_its_planner_left_it(name: str, profile: str) -> None:
    """Whatever was prepared: the timeline goes on, every case ends, and the record holds."""
    story = stories.load(name)
    first = next(line for line in story.acts if line["do"] in ("prepare", "request_annual"))
    states = story.agreement.split("-")
    keys = {key.replace("TR-", f"{states[0]}-").replace("KZ-", f"{states[1]}-") for key in cast()}
    exercise = actions.create(
        story.title,
        at=story.start,
        agreement=story.agreement,
        help_shown=story.help,
        cast=dict.fromkeys(sorted(keys), profile),
    )
    stories.perform(exercise, first)
    exercise.refresh_from_db()
    playing.conduct(exercise, "jump", to=exercise.last_at + timedelta(days=60))
    acts.let_time_pass(exercise)

    exercise.refresh_from_db()
    assert exercise.halted == ""
    assert verification.faults(exercise) == []
    for flight in FlightRequest.objects.filter(exercise=exercise):
        assert flight.turn_at is None
        assert flight.status not in (FlightStatus.UNDER_REVIEW, FlightStatus.DECISION_PENDING)


def test_a_sloppy_desk_lets_pass_what_a_careful_one_asks_about() -> None:
    asked = {}
    for profile in ("careful", "sloppy"):
        asked[profile] = 0
        for seed in range(5):
            exercise = prepared(
                {"aircraft_type": "F16", "cruise_knots": 420},
                seed=seed,
                cast=cast() | {"KZ-DEFENCE": profile},
            )
            run(exercise, until=OVER)
            asked[profile] += ("KZ-DEFENCE", "ask") in moves(exercise)
    assert asked["careful"] == 5
    assert asked["sloppy"] < 5


def test_what_they_write_is_in_one_language_whoever_lets_time_pass() -> None:
    told = []
    for language in ("en", "tr"):
        exercise = prepared({"aircraft_type": "F16", "cruise_knots": 420})
        with translation.override(language):
            run(exercise, until=OVER)
        events = Event.objects.filter(exercise=exercise).in_order()
        told.append([event.body for event in events])
    assert told[0] == told[1]


def test_an_urgent_flight_is_worked_on_by_night() -> None:
    exercise = actions.create("Night", at=datetime(2026, 9, 1, 18, tzinfo=UTC), cast=cast())
    planner = playing.seat(exercise, "TR-PLANNER")
    said = playing.prepared("TR", entry_at=START + timedelta(hours=34))
    said["form"] |= {"priority": "MEDEVAC", "purpose": "A patient with burns; doctors aboard."}
    with acts.act(exercise, by=planner) as at:
        kinds.doors()["prepare"](exercise, by=planner, at=at, **said)
    exercise.refresh_from_db()
    run(exercise, until=OVER)

    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.decided_at
    assert flight.decided_at < START + timedelta(hours=34)
