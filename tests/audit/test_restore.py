"""Rows out of events: an exercise as it was, in a database that pages can ask."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connections

from approvals.models import Concurrence
from audit import acts, replay, restore
from audit.models import Event
from control import actions, stories
from exercises.models import Exercise, Seat
from tests import playing
from tests.selection import by_day
from transit.models import FlightRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercise() -> Exercise:
    """The desks of the host are asked and one has answered."""
    return playing.before("alpha", "authorize", seated=True)


def events(exercise: Exercise, until: int) -> list[Event]:
    return list(Event.objects.filter(exercise=exercise, seq__lte=until).in_order())


@pytest.mark.once
@pytest.mark.parametrize(
    "name", by_day(stories.names(), "alpha", "late-change", "neighbours", "six-to-one")
)
def test_at_every_event_the_rows_are_what_the_events_up_to_there_leave(name: str) -> None:
    exercise = playing.whole(name)

    for until in range(1, exercise.seq + 1):
        with restore.past(exercise, until=until) as alias:
            then = Exercise.objects.using(alias).get()

            told = (event.payload for event in events(exercise, until))
            assert replay.differences(then, told) == []
            assert (then.pk, then.seq) == (exercise.pk, until)


@pytest.mark.parametrize("name", stories.names())
def test_at_the_last_event_the_rows_are_those_that_are_stored(name: str) -> None:
    exercise = playing.whole(name)

    with restore.past(exercise, until=exercise.seq) as alias:
        then = Exercise.objects.using(alias).get()
        restored = replay.stored(then)
        order = {
            model: list(model._default_manager.using(alias).order_by("pk").values_list("ref"))
            for model in replay.row_models()
        }

    assert restored == replay.stored(exercise)
    for model, refs in order.items():
        mine = model._default_manager.filter(exercise=exercise)
        assert refs == list(mine.order_by("pk").values_list("ref")), "made in another order"
    assert (then.head, then.last_at) == (exercise.head, exercise.last_at)


def test_pages_can_ask_the_past_and_follow_what_they_find(exercise: Exercise) -> None:
    registered = next(one.seq for one in events(exercise, exercise.seq) if one.verb == "register")

    with restore.past(exercise, until=registered) as alias:
        flight = FlightRequest.objects.using(alias).get(exercise=exercise.pk, number=1)
        asked = flight.concurrences.select_related("flight").order_by("pk")
        pending = {row.answer for row in asked}
        planner = flight.content.prepared_by.holder
        told = flight.exercise.events.of_case(exercise, flight.reference)
        heard = [event.verb for event in told]

    assert pending == {"PENDING"}
    assert not Concurrence.objects.filter(exercise=exercise, answer="PENDING").exists()
    assert planner == User.objects.get(username="tr-planner")
    assert planner is not None
    assert not planner.has_usable_password()
    assert heard[0] == "register"


def test_the_past_is_for_reading(exercise: Exercise) -> None:
    with restore.past(exercise, until=exercise.seq) as alias:
        then = Seat.objects.using(alias).filter(role="DECIDER")

        with pytest.raises(DatabaseError, match="readonly"):
            then.update(role="PLANNER2")

    assert alias not in connections


def test_two_moments_stand_side_by_side(exercise: Exercise) -> None:
    with (
        restore.past(exercise, until=1) as first,
        restore.past(exercise, until=exercise.seq) as last,
    ):
        counts = [FlightRequest.objects.using(alias).count() for alias in (first, last)]

    assert counts == [0, 1]


@pytest.mark.parametrize("until", [-1, 0, 4711])
def test_what_has_not_happened_is_no_past(exercise: Exercise, until: int) -> None:
    with pytest.raises(restore.NoSuchMoment, match=f"no event {until}"):
        restore.past(exercise, until=until).__enter__()


def test_a_holder_whose_account_is_gone_still_held_the_seat(exercise: Exercise) -> None:
    planner = playing.seat(exercise, "TR-PLANNER")
    with acts.act(exercise) as at:
        actions.vacate(planner, by=playing.seat(exercise, "INSTRUCTOR"), at=at)
    User.objects.get(username="tr-planner").delete()

    with restore.past(exercise, until=exercise.seq) as alias:
        then = Seat.objects.using(alias).select_related("holder").get(ref=planner.ref)

    assert then.holder is not None
    assert then.holder.username == "tr-planner"


def test_every_kind_of_row_has_a_word_of_its_own() -> None:
    assert len(replay.kinds()) == len(replay.row_models())


@pytest.mark.parametrize(
    ("ref", "noun"),
    [
        ("seat/KZ-AIR_DEFENCE", "seat"),
        ("flight/3", "flight"),
        ("flight/3/concurrence/SECURITY/2", "concurrence"),
        ("flight/3/revision/2/crossing/4", "crossing"),
        ("4711", ""),
    ],
)
def test_the_kind_of_a_row_is_known_by_its_name(ref: str, noun: str) -> None:
    assert replay.noun_of(ref) == noun
