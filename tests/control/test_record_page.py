"""The record as the instructor reads it: page by page, and verified on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.models import Event
from control import views
from tests import playing
from tests.browsing import body, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def exercise(monkeypatch: pytest.MonkeyPatch) -> Exercise:
    monkeypatch.setattr(views, "EVENTS_A_PAGE", 20)
    return playing.before("alpha", "concur", seated=True)


@pytest.fixture
def instructor(exercise: Exercise) -> Client:
    return signed_in(exercise, "INSTRUCTOR")


def shown(page: str, exercise: Exercise) -> list[int]:
    """Return the numbers of the events on a page, as they stand."""
    known = range(1, Event.objects.filter(exercise=exercise).count() + 1)
    found = {page.find(f'id="event-{seq}"'): seq for seq in known}
    return [found[place] for place in sorted(found) if place >= 0]


def test_older_events_follow_without_a_gap(exercise: Exercise, instructor: Client) -> None:
    total = Event.objects.filter(exercise=exercise).count()
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"
    newest = body(instructor.get(address))
    older = body(instructor.get(address, {"before": total - 19}))

    assert 20 < total <= 40
    assert shown(newest, exercise) + shown(older, exercise) == [*range(total, 0, -1)]
    assert f"?before={total - 19}" in newest
    assert "Older events" not in older
    assert "Newest events" in older


def test_a_broken_record_is_said_to_be_and_not_told(exercise: Exercise, instructor: Client) -> None:
    type(exercise).objects.filter(pk=exercise.pk).update(head="0" * 64)
    address = f"/x/{exercise.pk}/INSTRUCTOR/record/"

    for page in (instructor.get(address), instructor.get(address, {"before": 9})):
        said = body(page)
        assert "The record is broken." in said
        assert "the head does not match" in said
        assert shown(said, exercise) == []
