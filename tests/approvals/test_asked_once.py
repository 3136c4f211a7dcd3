"""What a page shows twice it asks for once, and what it does not show it does not ask for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import canaries, playing
from tests.annual import annual
from tests.browsing import signed_in
from tests.situations.asking import MARCH

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def asked(exercise: Exercise, key: str, path: str) -> list[str]:
    """Return the statements of one page."""
    client = signed_in(exercise, key)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/x/{exercise.pk}/{key}/{path}")
    assert answer.status_code == 200
    return [one["sql"] for one in queries]


def on(table: str, statements: list[str]) -> int:
    return sum(f'FROM "{table}"' in one for one in statements)


@pytest.mark.parametrize("key", ["KZ-DEFENCE", "TR-PLANNER"])
@pytest.mark.parametrize("path", ["flights/", "flights/1/", "flights/5/", "annual/1/"])
def test_no_page_asks_the_same_twice(key: str, path: str) -> None:
    times = Counter(asked(canaries.play(), key, path))

    assert [one for one, count in times.items() if count > 1] == []


def test_a_case_is_read_once_however_many_moves_and_checks_ask_about_it() -> None:
    statements = asked(canaries.play(), "KZ-DEFENCE", "flights/5/")

    assert on("approvals_check", statements) == 1
    assert on("approvals_concurrence", statements) == 2  # of the case, and of all open work
    assert on("approvals_owncheck", statements) == 0  # help is open: nobody checks alone


def test_a_plan_is_compared_without_asking_for_each_item() -> None:
    exercise = canaries.filed()

    statements = asked(exercise, "KZ-OPERATIONS", "flights/1/")

    # What was authorized is a form of the case.
    assert on("transit_crossing", statements) == 1


def test_six_rules_and_the_track_look_up_an_annual_number_once() -> None:
    exercise = annual.before(seated=True)
    number = annual.clearance(exercise).clearance_number
    annual.citing(exercise, number, entry_at=MARCH)

    statements = asked(exercise, "TR-PLANNER", "flights/1/")

    looked_up = [one for one in statements if f"'{number}'" in one]
    assert len(looked_up) == 1  # for rules and track together


def test_the_clock_asks_who_reads_it_and_what_time_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    client = signed_in(exercise, "KZ-DEFENCE")

    with django_assert_num_queries(3):
        answer = client.get(f"/x/{exercise.pk}/KZ-DEFENCE/clock/")

    assert answer.status_code == 200
