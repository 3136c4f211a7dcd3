"""What a note has enclosed is looked at once, and found the same whenever it is looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import rules
from rules import Matter, book
from tests.annual import annual
from tests.situations.acting import flight, played, stored, use
from tests.situations.asking import ALPHA, MARCH, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.models import Exercise
    from transit.models import Revision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    book.forget()
    yield
    book.forget()


def examined(exercise: Exercise) -> Revision:
    form = flight(exercise).content
    assert form.is_frozen
    return form


def keys(exercise: Exercise, number: int = 1) -> set[str]:
    return {one.key for one in stored(exercise, number)}


def test_a_rule_that_does_not_look_around_asks_for_nothing_but_the_form() -> None:
    exercise = played("register")
    matter = Matter(examined(exercise), exercise.last_at)
    prefetch_related_objects([matter.revision], "crossings", "goods")
    assert matter.agreement
    assert matter.revision.uncovered == []
    assert matter.told == {}

    for one in rules.rule_set(rules.LATEST):
        with CaptureQueriesContext(connection) as queries:
            list(one.look(matter))
        assert not queries.captured_queries or one.looks_around, one.code


def test_what_is_enclosed_is_found_the_same_at_any_later_moment() -> None:
    exercise = played("register")
    form = examined(exercise)
    found = rules.findings(form, at=exercise.last_at)

    later = exercise.last_at + timedelta(days=90)
    again = rules.findings(form, at=later)
    book.forget()

    assert again == found == rules.findings(form, at=later)


def test_another_flight_of_the_aircraft_is_found_though_the_form_was_looked_at_before() -> None:
    exercise = played("register")
    assert "TAIL_TWICE:TR-KZ-0002" not in keys(exercise)
    booked: dict[str, Any] = {"form": ALPHA["form"], "crossings": ALPHA["crossings"]}

    use(exercise, "TR-PLANNER", "prepare", host="KZ", **booked)
    use(exercise, "TR-PLANNER", "request_release", flight=2)
    use(exercise, "TR-RELEASE", "release", flight=2)
    use(exercise, "TR-ATTACHE", "transmit", flight=2, note_number="2026/0999")

    assert "TAIL_TWICE:TR-KZ-0002" in keys(exercise)


def test_an_annual_number_that_is_suspended_is_found_on_a_form_looked_at_before() -> None:
    exercise = annual.before()
    annual.citing(exercise, NUMBER, entry_at=MARCH)
    for key, verb in (("PLANNER", "request_release"), ("RELEASE", "release")):
        use(exercise, f"TR-{key}", verb)
    use(exercise, "TR-ATTACHE", "transmit", note_number="2026/0999")
    assert "ANNUAL_NOT_IN_FORCE" not in keys(exercise)

    annual.use(exercise, "KZ-DECIDER", "suspend_annual", reason="x")

    assert "ANNUAL_NOT_IN_FORCE" in keys(exercise)
    assert examined(exercise).uncovered == ["ANNUAL_NOT_IN_FORCE"]


def test_a_draft_is_looked_at_anew() -> None:
    exercise = played("request_release")
    assert "CASPIAN_GAP:KZ" not in keys(exercise)

    use(exercise, "TR-PLANNER", "edit", form={}, crossings=[])

    assert "CASPIAN_GAP:KZ" in keys(exercise)


def test_each_language_has_its_own_sentences() -> None:
    exercise = played("register")
    form = examined(exercise)
    english = Matter(form, exercise.last_at).read

    with translation.override("tr"):
        assert Matter(form, exercise.last_at).read != english


def test_a_process_remembers_so_many_forms_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "KEPT", 2)
    exercise = played("register")
    form = examined(exercise)

    for received_at in range(5):
        form.flight.received_at = exercise.last_at + timedelta(hours=received_at)
        rules.findings(form, at=exercise.last_at)

    assert len(book._kept) == 2
