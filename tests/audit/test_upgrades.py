"""Bodies of every format are read as today's; what is stored stays as it was written."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from audit import acts, chain, exported, triggers, upgrades, verification
from casework.models import number_after
from control import actions
from exercises.models import Exercise
from tests import playing
from transit import preparation
from transit.models import FlightRequest

if TYPE_CHECKING:
    from audit.models import Event

OLDEST = Path(__file__).parent / "records" / "1" / "demo.jsonl"


@pytest.fixture
def old(db: None) -> Exercise:
    """An exercise of an Overflight that wrote format 1."""
    return actions.import_record(exported.read(OLDEST.read_text("utf-8").splitlines(True)))


def last(exercise: Exercise) -> Event:
    return exercise.events.latest("seq")


def test_there_is_a_step_from_every_format_to_the_next() -> None:
    assert list(upgrades.STEPS) == list(range(1, upgrades.FORMAT))


def test_a_body_says_its_format_and_an_old_one_is_read_as_of_today(old: Exercise) -> None:
    written, read = json.loads(last(old).content), last(old).payload

    assert "version" not in written
    assert read["version"] == upgrades.FORMAT
    assert (
        json.loads(last(playing.before("alpha", "release")).content)["version"] == upgrades.FORMAT
    )


def test_a_record_goes_on_in_the_format_of_today(old: Exercise) -> None:
    playing.conduct(old, "step")

    before, after = old.events.order_by("seq")[old.seq - 2 :]
    assert "version" not in json.loads(before.content)
    assert json.loads(after.content)["version"] == upgrades.FORMAT
    assert verification.faults(old) == []


def test_states_that_numbered_together_go_on_each_in_their_own_numbers(old: Exercise) -> None:
    numbers = FlightRequest.objects.filter(exercise=old).order_by("number")
    assert {*numbers.values_list("number", "requesting_state")} >= {(1, "TR"), (3, "KZ")}

    begun = []
    for state, host in (("TR", "KZ"), ("KZ", "TR"), ("TR", "KZ")):
        planner = playing.seat(old, f"{state}-PLANNER")
        with acts.act(old, by=planner) as at:
            flight = preparation.prepare(old, by=planner, at=at, host=host, form={})
        begun.append(flight.reference)

    assert begun == ["TR-KZ-0006", "KZ-TR-5001", "TR-KZ-0007"]


def test_the_numbers_of_a_state_go_on_in_its_next_block() -> None:
    after = partial(number_after, among=["TR", "KZ"])
    assert [after(0, "TR"), after(0, "KZ")] == [1, 5001]
    assert [after(4999, "TR"), after(5000, "TR"), after(10_001, "TR")] == [5000, 10_001, 10_002]
    assert [after(10_000, "KZ"), after(15_001, "KZ")] == [15_001, 15_002]


def test_a_body_of_the_future_is_told_and_not_guessed_at(db: None) -> None:
    exercise = playing.before("alpha", "release")
    event = last(exercise)
    body = chain.canonical(json.loads(event.content) | {"version": 99})
    before = exercise.events.get(seq=event.seq - 1)
    head = chain.link(before.hash, seq=event.seq, recorded_at=event.recorded_at, body=body)
    connection.check_constraints()
    triggers.remove(connection)
    exercise.events.filter(seq=event.seq).update(body=body, hash=head)
    Exercise.objects.filter(pk=exercise.pk).update(head=head)

    assert verification.faults(exercise) == [
        f"event {event.seq} is of format 99, "
        f"and this Overflight reads formats 1 to {upgrades.FORMAT} only"
    ]
