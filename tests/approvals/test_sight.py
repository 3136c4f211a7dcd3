"""What a seat may know is decided in one place: pages ask it and hold no row with a secret."""

from __future__ import annotations

import ast
import re
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.http import Http404

from approvals.sight import flights_known_to, known_to
from casework.work import open_work
from tests import canaries, playing
from tests.playing import seat
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from approvals.sight import Known
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

ROOT = Path(settings.BASE_DIR)

#: What shows a flight.
PAGES = [ROOT / "approvals" / name for name in ("pages.py", "lists.py", "flight_day.py")] + sorted(
    (ROOT / "approvals" / "sections").glob("*.py")
)
TEMPLATES = sorted((ROOT / "templates" / "approvals").rglob("*.html"))

#: Columns and questions of the rows by which a secret would be told, or by which it is decided.
SECRETS = {
    "decided_at",
    "decided_by",
    "replied_at",
    "received_at",
    "withdrawn_at",
    "closed_at",
    "dropped_at",
    "ground_text",
    "looks_open",
    "status_for",
    "side_of",
    "is_with_host",
    "is_secretly_decided",
    "awaits_answer",
    "was_dropped_by_decision",
    "is_requesting",
    "visible_to",
    "movements_known_to",
    "is_inside",
    "_flight",
}

#: Rows that keep a secret from some seat.
ROWS = {
    "Authorization",
    "Check",
    "Concurrence",
    "FlightRequest",
    "Movement",
    "OwnCheck",
    "Question",
}


def known(exercise: Exercise, number: int, key: str) -> Known:
    flight = FlightRequest.objects.get(exercise=exercise, number=number)
    return known_to(flight, seat(exercise, key), exercise.last_at)


def names(source: Path) -> Iterator[tuple[int, str]]:
    """Give every attribute and every imported name of a module, but those of its own classes."""
    tree = ast.parse(source.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names)


@pytest.mark.parametrize("source", PAGES, ids=lambda path: path.name)
def test_no_page_decides_by_itself_what_a_seat_may_know(source: Path) -> None:
    found = [
        f"{source.name}:{line}: {name}" for line, name in names(source) if name in SECRETS | ROWS
    ]
    assert found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_reads_a_row_that_keeps_a_secret(template: Path) -> None:
    used = set(re.findall(r"\.(\w+)", template.read_text()))
    assert not used & SECRETS


def test_what_a_seat_knows_cannot_be_changed() -> None:
    exercise = canaries.play()
    with pytest.raises(FrozenInstanceError):
        known(exercise, canaries.FLOWN, "KZ-DEFENCE").at = exercise.opened_at  # type: ignore[misc]


@pytest.mark.parametrize("number", [canaries.AUTHORIZED, canaries.REFUSED])
def test_a_decision_that_no_note_has_told_is_not_there(number: int) -> None:
    exercise = canaries.play()
    host = known(exercise, number, "KZ-REGISTRY")
    other = known(exercise, number, "TR-PLANNER")
    assert host.decision
    assert (other.status, other.decision, other.authorization) == ("UNDER_REVIEW", None, None)
    assert (other.movements, other.answers, other.minutes) == ((), (), ())
    assert all(question.is_open and not question.desk for question in other.questions)


def test_the_number_is_known_with_the_note_in_reply() -> None:
    exercise = canaries.play()
    told = known(exercise, canaries.FLOWN, "TR-PLANNER")
    assert told.authorization
    assert told.authorization.conditions[-1] == "canary-granted-condition"
    assert told.authorization.override_ground == ""
    assert [movement.findings for movement in told.movements] == [()]


def test_reasons_of_the_security_desk_are_kept_from_the_other_desks() -> None:
    exercise = canaries.play()
    reasons = {
        key: [one.reason for one in known(exercise, canaries.FLOWN, key).answers]
        for key in ("KZ-SECURITY", "KZ-DEFENCE", "KZ-DECIDER", "KZ-CIVIL_AVIATION")
    }
    assert "canary-reason-security" not in reasons.pop("KZ-CIVIL_AVIATION")
    assert all("canary-reason-security" in said for said in reasons.values())


@pytest.mark.parametrize("key", ["KZ-REGISTRY", "KZ-DECIDER", "TR-REGISTRY", "KZ-PLANNER"])
def test_a_draft_is_not_known_to_the_host_nor_to_who_has_nothing_to_do_with_it(key: str) -> None:
    exercise = canaries.play()
    with pytest.raises(Http404):
        known(exercise, canaries.DRAFT, key)
    at = exercise.last_at
    assert canaries.DRAFT not in {one.number for one in flights_known_to(seat(exercise, key), at)}


def test_each_desk_is_named_once_among_those_who_have_the_flight() -> None:
    """The lead desk owes two answers of desks without a seat: it is one holder with two steps."""
    exercise = playing.before("landing", "enter_answer", seated=True)
    holders = known(exercise, 1, "KZ-DEFENCE").holders(open_work(exercise, exercise.last_at))
    assert len({holder.who for holder in holders}) == len(holders)
    lead = next(holder for holder in holders if holder.is_me)
    assert len(lead.steps) == 2
