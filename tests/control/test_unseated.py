"""Whoever loses a seat acts from it no more, though their request was on its way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections

from audit import verification
from audit.models import Erasure
from audit.refusals import Unseated
from control import actions
from exercises.models import Exercise, Seat
from exercises.seating import find_seat
from tests import playing
from tests.approvals.test_races import at_once, decide, flight_of
from tests.browsing import body, form_for, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def meanwhile(deed: Callable[[], object]) -> Iterator[None]:
    """Let others do a deed once this thread asks for its first lock, and before it has it."""
    todo = [deed]

    def do(deed: Callable[[], object]) -> None:
        try:
            deed()
        finally:
            connections.close_all()

    def wait(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if todo and (sql.startswith("BEGIN") or "FOR NO KEY UPDATE" in sql):
            with ThreadPoolExecutor(1) as others:
                others.submit(do, todo.pop()).result()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wait):
        yield
    assert not todo


def test_a_seat_that_was_given_to_another_while_the_request_was_on_its_way() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    get_user_model().objects.create_user("newcomer")
    client = signed_in(exercise, "KZ-OPERATIONS")
    page = f"/x/{exercise.pk}/KZ-OPERATIONS/flights/1/"
    form = form_for(client.get(page), "do/minute/")
    seat = playing.seat(exercise, "KZ-OPERATIONS")

    with meanwhile(partial(playing.conduct_seat, exercise, seat, holder="newcomer")):
        answer = client.post(form.action, form.fields | {"text": "A fighter is late."})

    said = body(answer)
    assert answer.status_code == 403
    assert "You do not hold this seat any more" in said
    assert "A fighter is late." in said  # what was typed is kept
    assert not [word for word in ("newcomer", "TR-KZ-0001", exercise.name) if word in said]
    assert playing.verbs(exercise)[-2:] == ["vacate", "sit"]
    assert client.get(page).status_code == 404
    assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []


def test_an_instructor_who_is_none_any_more_erases_nothing() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    instructor = playing.seat(exercise, "INSTRUCTOR")
    mine = Seat.objects.filter(pk=instructor.pk)
    other = get_user_model().objects.create_user("other")
    page = f"/x/{exercise.pk}/INSTRUCTOR/control/erase/"
    client, typed = signed_in(exercise, "INSTRUCTOR"), {"name": exercise.name}
    assert instructor.holder is not None

    with meanwhile(partial(mine.update, holder=other)):
        assert client.post(page, typed).status_code == 403
    assert Exercise.objects.filter(pk=exercise.pk).exists()

    mine.update(holder=instructor.holder)
    with meanwhile(partial(actions.erase, exercise, by=instructor.holder)):
        answer = client.post(page, typed)  # another tab was first
    assert answer.status_code == 403
    assert "or it is erased already" in body(answer)
    assert Erasure.objects.count() == 1


def test_nobody_acts_after_they_were_unseated_however_the_two_meet() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    held = playing.seat(exercise, "KZ-DECIDER")
    assert held.holder is not None
    seats = [find_seat(held.holder, exercise=exercise.pk, key=held.key) for _ in range(3)]
    notes = [
        partial(decide, exercise, flight_of(exercise), seat, verb="minute", text="Mine.")
        for seat in seats
    ]

    outcomes = at_once(*notes, partial(playing.conduct_of, exercise, "vacate", held))

    verbs = playing.verbs(exercise)
    assert set(verbs[verbs.index("vacate") :]) == {"vacate"}
    refused = sum(isinstance(one, Unseated) for one in outcomes)
    assert verbs.count("minute") == len(notes) - refused


def test_an_instructor_is_asked_again_whether_they_are() -> None:
    exercise = playing.before("alpha", "authorize", seated=True)
    instructor = playing.seat(exercise, "INSTRUCTOR").holder
    other = get_user_model().objects.create_user("other")
    assert instructor is not None
    seat = find_seat(instructor, exercise=exercise.pk, key="KZ-DECIDER")
    decide(exercise, flight_of(exercise), seat, verb="minute", text="Acting for the seat.")

    seat.taken_by = other
    with pytest.raises(Unseated, match="not the instructor"):
        decide(exercise, flight_of(exercise), seat, verb="minute", text="Not any more.")
