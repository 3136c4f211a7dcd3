"""The record as the instructor reads it: page by page, filtered, verified when asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection

from audit import chain, triggers
from audit.models import Event
from exercises import paging
from tests import playing
from tests.browsing import body, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from exercises.models import Exercise

#: In the midst of the story.
MOMENT = datetime(2026, 9, 1, 7, 30, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def exercise(monkeypatch: pytest.MonkeyPatch) -> Exercise:
    monkeypatch.setattr(paging, "SIZE", 20)
    return playing.before("alpha", "concur", seated=True)


@pytest.fixture
def instructor(exercise: Exercise) -> Client:
    return signed_in(exercise, "INSTRUCTOR")


def shown(page: str, exercise: Exercise) -> list[int]:
    """Return the numbers of the events on a page, as they stand."""
    known = range(1, Event.objects.filter(exercise=exercise).count() + 1)
    found = {page.find(f'id="event-{seq}"'): seq for seq in known}
    return [found[place] for place in sorted(found) if place >= 0]


def beside(page: str, rel: str) -> str:
    """Return the address of the page beside one, as it is linked there; empty without a link."""
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page)
    return found[1] if found else ""


def test_older_events_follow_without_a_gap(exercise: Exercise, instructor: Client) -> None:
    total = Event.objects.filter(exercise=exercise).count()
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"
    newest = body(instructor.get(address))
    older = body(instructor.get(address + beside(newest, "next")))

    assert 20 < total <= 40
    assert shown(newest, exercise) + shown(older, exercise) == [*range(total, 0, -1)]
    assert beside(older, "next") == ""
    assert beside(newest, "prev") == ""
    again = body(instructor.get(address + beside(older, "prev")))
    assert shown(again, exercise) == shown(newest, exercise)


def test_a_broken_record_is_said_to_be_and_not_told(exercise: Exercise, instructor: Client) -> None:
    type(exercise).objects.filter(pk=exercise.pk).update(head="0" * 64)
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"

    for page in (instructor.get(address), instructor.get(address, {"before": "event.9"})):
        said = body(page)
        assert "The record is broken." in said
        assert "the head does not match" in said
        assert shown(said, exercise) == []


def test_a_page_finds_what_was_changed_on_it_and_a_verification_what_was_changed_elsewhere(
    exercise: Exercise, instructor: Client
) -> None:
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"
    connection.check_constraints()
    triggers.remove(connection)
    Event.objects.filter(exercise=exercise, seq=5).update(hash="0" * 64)

    newest = body(instructor.get(address))
    assert "Each event on this page follows from the one before it" in newest
    older = body(instructor.get(address + beside(newest, "next")))
    assert "event 5 does not follow" in older
    assert shown(older, exercise) == []

    instructor.post(f"{address}verify/")
    assert "event 5 does not follow" in body(instructor.get(address))


def test_what_was_verified_is_said_until_more_has_happened(
    exercise: Exercise, instructor: Client
) -> None:
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"
    assert "You have not verified the whole yet." in body(instructor.get(address))

    verified = body(instructor.post(f"{address}verify/", follow=True))
    assert "The record is intact." in verified
    assert chain.digest(Event.objects.filter(exercise=exercise).in_order()) in verified

    before = exercise.seq
    playing.conduct(exercise, "run", rate=10)
    later = body(instructor.get(address))
    assert "The record is intact." not in later
    assert f"You verified the whole up to event {before}." in later


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"seat": "KZ-REGISTRY"}, lambda event: event.seat == "KZ-REGISTRY"),
        ({"verb": "sit"}, lambda event: event.verb == "sit"),
        ({"case": "tr-kz-0001"}, lambda event: event.case == "TR-KZ-0001"),
        ({"since": "2026-09-01 07:30"}, lambda event: event.at >= MOMENT),
        ({"until": "2026-09-01 07:30"}, lambda event: event.at <= MOMENT),
        ({"seat": "TR-PLANNER", "verb": "sit"}, lambda event: False),
    ],
)
def test_a_filter_shows_what_it_asks_for(
    exercise: Exercise, instructor: Client, asked: dict[str, str], expected: Callable[[Event], bool]
) -> None:
    events = Event.objects.filter(exercise=exercise).in_order()
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"

    page = body(instructor.get(address, asked))
    found = shown(page, exercise)
    while following := beside(page, "next"):
        page = body(instructor.get(address + following))
        found += shown(page, exercise)

    assert found == [event.seq for event in reversed(events) if expected(event)]


def test_a_filter_that_cannot_be_is_named_at_its_field(
    exercise: Exercise, instructor: Client
) -> None:
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"

    answer = instructor.get(address, {"since": "yesterday", "verb": "nothing"})

    assert answer.status_code == 422
    assert "Give date and time in UTC" in body(answer)
    assert shown(body(answer), exercise) == []


def test_no_page_of_the_record_reads_more_than_it_shows(
    exercise: Exercise, instructor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    from_db = Event.from_db.__func__  # type: ignore[attr-defined]

    def count(cls: type[Event], *args: Any) -> Event:
        read.append(1)
        event: Event = from_db(cls, *args)
        return event

    monkeypatch.setattr(Event, "from_db", classmethod(count))
    instructor.get(f"/x/{exercise.pk}/INSTRUCTOR/record/")

    assert len(read) <= 20 + 2


def test_the_whole_record_is_a_table_and_an_object(exercise: Exercise, instructor: Client) -> None:
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/record"

    lines = instructor.get(f"{address}.csv").getvalue().decode().removeprefix("\ufeff")
    said = json.loads(instructor.get(f"{address}.json").getvalue())

    rows = list(csv.DictReader(io.StringIO(lines)))
    events = Event.objects.filter(exercise=exercise).order_by("seq")
    assert [row["hash"] for row in rows] == [event.hash for event in events]
    assert {row["mark"] for row in rows} == {said["mark"]} == {"EXERCISE"}
    assert [one["body"] for one in said["events"]] == [event.payload for event in events]
    assert said["head"] == events[len(events) - 1].hash


def test_the_record_is_a_file_for_the_instructor_alone(exercise: Exercise) -> None:
    client = signed_in(exercise, "KZ-DECIDER")
    page = client.get(f"/x/{exercise.pk}/KZ-DECIDER/record/").status_code
    for ending in ("csv", "json"):
        answer = client.get(f"/x/{exercise.pk}/KZ-DECIDER/record/record.{ending}")
        assert answer.status_code == page


def test_a_broken_record_is_no_file(exercise: Exercise, instructor: Client) -> None:
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"
    connection.check_constraints()
    triggers.remove(connection)
    Event.objects.filter(exercise=exercise, seq=exercise.seq).update(hash="0" * 64)

    answer = instructor.get(f"{address}record.csv")

    assert (answer.status_code, answer["Location"]) == (302, "./")
    assert "The record is broken" in body(instructor.get(address))


def test_the_command_writes_the_same(exercise: Exercise, instructor: Client) -> None:
    for ending in ("csv", "json"):
        out = io.StringIO()
        call_command("export_record", str(exercise.pk), "-", "--as", ending, stdout=out)
        page = instructor.get(f"/x/{exercise.pk}/INSTRUCTOR/record/record.{ending}")
        assert out.getvalue() == page.getvalue().decode()
