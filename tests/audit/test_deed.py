"""Rows are loaded once, changed in memory and written once: whole, or not at all."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Concurrence, Question
from audit import acts, replay, timeline, verification
from audit.deed import Deed
from casework import kinds
from control import actions, stories
from exercises.models import Exercise, Seat
from tests import playing, wall
from transit.models import FlightRequest, Movement, Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

pytestmark = pytest.mark.django_db

#: One act of every shape: rows of one flight changed, new rows, a note, a new case.
SHAPES = ("prepare", "transmit", "register", "concur", "authorize", "reply", "close")

#: What no act of the story exceeds, with opening and closing the transaction.
MOST_QUERIES = 21


@pytest.fixture(autouse=True)
def _real_time_stands() -> Iterator[None]:
    """No sign of life is due in between, however slow the machine."""
    with wall.standing():
        yield


class PowerCut(Exception):  # noqa: N818 - what happens
    """The process is gone."""


@contextmanager
def cut_at(number: int) -> Iterator[list[str]]:
    """Let the power go at the n-th statement; give the statements that went before."""
    asked: list[str] = []

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            return run(sql, *rest)
        if len(asked) == number:
            raise PowerCut(sql)
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield asked


def stored(exercise: Exercise) -> tuple[int, str, dict[str, dict[str, Any]]]:
    rows = replay.stored(exercise)
    now = Exercise.objects.get(pk=exercise.pk)
    return now.seq, now.head, rows


def line_of(verb: str) -> dict[str, Any]:
    story = stories.load("alpha")
    return next(dict(line) for line in story.acts if line["do"] == verb)


@pytest.mark.parametrize("verb", SHAPES)
def test_a_crash_at_any_statement_loses_the_whole_act_and_nothing_else(verb: str) -> None:
    exercise = playing.before("alpha", verb, seated=True)
    before, line = stored(exercise), line_of(verb)

    for number in range(100):
        try:
            with cut_at(number) as asked:
                stories.perform(exercise, line)
        except PowerCut:
            assert stored(exercise) == before
        else:
            break

    assert number == len(asked)
    assert stored(exercise)[0] == before[0] + 1
    assert verification.faults(exercise) == []


def test_a_crash_at_any_statement_of_a_batch_loses_the_whole_batch() -> None:
    exercise = playing.before("silence", "register")
    late = exercise.last_at + timedelta(days=20)
    before = stored(exercise)

    for number in range(100):
        try:
            with cut_at(number), acts.act(exercise, at=late):
                pass
        except PowerCut:
            assert stored(exercise) == before
        else:
            break

    assert number > 5
    assert stored(exercise)[0] > before[0]
    assert verification.faults(exercise) == []


@pytest.mark.parametrize("name", stories.names())
def test_happenings_ask_the_database_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that they look at was loaded with the batch, and nothing is written before its end.

    But for who acts as people do, a role-player, and what opens a case, which asks for its number.
    """
    happen = timeline._happen
    done: list[str] = []

    def refuse(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        raise AssertionError(f"asked while it happened: {sql}")

    def alone(row: Any, kind: timeline.Kind, *, at: datetime) -> None:
        may_ask = kind.code == "inject" or kind.code.endswith("turn")
        with nullcontext() if may_ask else connection.execute_wrapper(refuse):
            happen(row, kind, at=at)
        done.append(kind.code)

    monkeypatch.setattr(timeline, "_happen", alone)
    story = stories.load(name)
    for share in (1, 2):
        exercise = stories.stage(story)
        for line in story.acts[: len(story.acts) * share // 2]:
            stories.perform(exercise, line)
        with acts.act(exercise, at=story.until + timedelta(days=20)):
            pass
        assert verification.faults(exercise) == []

    assert done


@pytest.mark.once
def test_an_act_asks_little_and_nothing_twice() -> None:
    story = stories.load("alpha")
    exercise = stories.stage(story)

    for line in story.acts:
        seats = Seat.objects.select_related("exercise", "holder")
        seat = seats.get(exercise=exercise, ref=f"seat/{line['by']}")
        subject = stories._subject(exercise, seat, line)
        with (
            CaptureQueriesContext(connection) as asked,
            acts.act(exercise, at=line["at"], by=seat) as at,
        ):
            kinds.doors()[line["do"]](subject, by=seat, at=at, **line.get("with", {}))
        said = [one["sql"] for one in asked]
        assert len(said) <= MOST_QUERIES, (line["do"], said)
        assert len({*said}) == len(said), line["do"]


@pytest.mark.once
def test_rows_that_count_in_memory_are_those_that_the_database_finds() -> None:
    for name in stories.names():
        exercise = playing.whole(name)
        for rows, model in (
            (Concurrence.objects.pending, Concurrence),
            (Question.objects.open, Question),
        ):
            found = {row.pk for row in rows().filter(exercise=exercise)}
            mine: Any = model._default_manager.filter(exercise=exercise)
            assert {row.pk for row in mine if row.is_awaited} == found


@pytest.mark.once
class TestParts:
    """A whole asks for its parts once; each of them is one object."""

    @pytest.fixture
    def flight(self) -> FlightRequest:
        return FlightRequest.objects.get(exercise=playing.whole("alpha"), number=1)

    def test_they_are_asked_for_once(self, flight: FlightRequest) -> None:
        with CaptureQueriesContext(connection) as asked:
            first, again = list(flight.revisions.all()), list(flight.revisions.all())

        assert len(asked) == 1
        assert all(one is other for one, other in zip(first, again, strict=True))
        assert first[0].flight is flight

    def test_a_part_that_cites_another_finds_that_object(self, flight: FlightRequest) -> None:
        [movement] = flight.movements.all()
        [authorization] = flight.authorizations.all()

        assert movement.authorization is authorization
        assert authorization.revision is flight.revisions.all()[0]

    def test_a_look_up_asks_the_database(self, flight: FlightRequest) -> None:
        list(flight.movements.all())

        with CaptureQueriesContext(connection) as asked:
            assert flight.movements.filter(number=1).get() is not flight.movements.all()[0]

        assert len(asked) == 1

    def test_lists_load_them_together(self) -> None:
        exercise = playing.whole("demo")
        with CaptureQueriesContext(connection) as asked:
            flights = FlightRequest.objects.filter(exercise=exercise).prefetch_related("revisions")
            assert all(flight.revisions.all() for flight in flights)

        assert len(asked) == 2

    def test_what_an_act_adds_is_among_them(self) -> None:
        exercise = playing.before("alpha", "authorize")
        flight = FlightRequest.objects.get(exercise=exercise)
        assert list(flight.movements.all()) == []

        with acts.act(exercise, at=line_of("authorize")["at"]):
            deed = acts._current()
            held = deed.again(flight)
            assert list(held.movements.all()) == []
            deed.verb = actions.pause.row  # as inside a verb
            movement = Movement(number=1)
            movement.of_flight(held, "movement/1")
            acts.save(movement)
            assert list(held.movements.all()) == [movement]
            acts.delete(movement)
            assert list(held.movements.all()) == []
            deed.verb = None


@pytest.mark.once
@pytest.mark.parametrize("model", [FlightRequest, Revision, Movement, Concurrence, Seat])
def test_a_query_built_once_gives_the_rows_that_a_queryset_gives(model: Any) -> None:
    exercise = playing.whole("demo")
    rows = model.objects.filter(exercise=exercise)

    deed = Deed(exercise, exercise.last_at)
    for row in rows:
        again = deed.again(row)
        assert again is not row
        assert again is deed.again(row)
        assert again.columns() == row.columns()
        assert again.exercise is exercise
