"""What a page says where a colour or a bare name would not do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from audit import acts
from tests import playing
from tests.browsing import body, signed_in
from transit import plans
from transit.models import Movement

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def words(exercise: Exercise, key: str, page: str = "flights/1/") -> str:
    """Return the words of a page as a seat sees it, one blank between them."""
    seen = body(signed_in(exercise, key).get(f"/x/{exercise.pk}/{key}/{page}"))
    return " ".join(re.sub(r"<[^>]+>", " ", seen).split())


def test_a_discrepancy_says_in_words_what_it_asks() -> None:
    exercise = playing.before("alpha", "file_plan", seated=True)
    message = playing.proposed_plan(exercise).replace("EXKZ26S0001", "EXKZ26S0009")
    planner = playing.seat(exercise, "TR-PLANNER")
    with acts.act(exercise, by=planner) as at:
        plans.file_plan(Movement.objects.get(), by=planner, at=at, message=message)

    assert "DCN_MISMATCH blocks" in words(exercise, "KZ-OPERATIONS", "flight-day/")


def test_a_closed_move_has_the_name_that_it_has_when_open() -> None:
    exercise = playing.before("landing", "reply", seated=True)

    closed = words(exercise, "KZ-DEFENCE").partition("Not possible now")[2]
    assert "Enter the answer (Customs)" in closed
    assert "Enter the answer (Border service)" in closed
    closed = words(exercise, "TR-PLANNER").partition("Not possible now")[2]
    assert "Edit the form" in closed


def test_no_justification_is_asked_for_where_the_notice_is_enough() -> None:
    exercise = playing.before("alpha", "request_release", seated=True)

    assert "Justification" not in words(exercise, "TR-PLANNER", "flights/1/short-notice/")


def test_zones_on_the_map_are_described_as_a_finding_describes_them() -> None:
    exercise = playing.before("bravo", "deal_with", seated=True)

    seen = words(exercise, "KZ-AIR_DEFENCE")
    assert "restricted, ground to F300, Mon, Tue, Wed, Thu, Fri 09:00 to 15:00Z" in seen
    assert "ground to F400, daily 20:00 to 02:00Z" in seen
