"""What a player must not read before its time: keys, planted kinds, and what is still to come.

Every address that the product has is asked for, as in the walk of visibility.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

import rules
from audit import acts
from control import accounts, practice
from exercises.models import Role
from review import marks
from scenarios import book, conduct
from scenarios.models import Assignment, Purpose
from tests.browsing import body
from tests.selection import by_day
from tests.test_visibility import answers
from transit import plan_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.models import Exercise, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Words of a key that stand nowhere else.
WORDS_OF_KEYS = ("no_conditions", "mends", "received_at", "Dossiers given")


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> None:
    settings.DEMO = False


def kinds_of(row: Assignment) -> list[str]:
    return [one["kind"] for one in (*row.defects, *row.key["decoys"])]


def secrets(exercise: Exercise, seat: Seat) -> Iterator[tuple[str, str]]:
    """Give what the seat must not read, and of which dossier; what it has learnt is no secret."""
    known = {rule.code for rule in rules.rule_set(rules.LATEST)} | {*plan_check.kinds("2")}
    rows = [*Assignment.objects.filter(exercise=exercise).select_related("flight")]
    told = "".join(str(row.dossier["form"]) for row in rows if row.flight)
    every: dict[str, Any] = {**book.defects(), **book.decoys()}
    learnt = {kind for row in rows if marks.handed_in(row, seat) for kind in kinds_of(row)}
    for row in rows:
        if marks.handed_in(row, seat) is None:
            for kind in [every[one] for one in kinds_of(row) if one not in learnt]:
                yield str(row), str(kind.says)
                if kind.kind not in known:
                    yield str(row), kind.kind
        if row.flight is None:
            for item in ("captain", "contact_name"):
                if row.dossier["form"].get(item) and row.dossier["form"][item] not in told:
                    yield str(row), row.dossier["form"][item]
    yield from (("any", word) for word in WORDS_OF_KEYS)


@pytest.mark.parametrize(
    "desk",
    [
        pytest.param("SECURITY", marks=pytest.mark.quick),
        *by_day(("OPERATIONS", "DECIDER"), "OPERATIONS"),
    ],
)
def test_no_page_of_a_practice_tells_what_is_wrong_before_the_dossier_is_handed_in(
    desk: str,
) -> None:
    person = accounts.join("Aigerim", "kedi miyav")
    cases = practice.dossiers(5, 6, desk=Role(desk), difficulty=4, clean_share=0)
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE, cases, desk=Role(desk), seed=5, person=person, level=4, minutes=20
    )
    client = Client()
    client.force_login(person)
    for number in (1, 2) if desk == Role.SECURITY else (1,):
        assert practice.pass_on(exercise, seat, over_work=number > 1)
        exercise.refresh_from_db()
        withheld = [*secrets(exercise, seat)]
        assert len(withheld) > len(WORDS_OF_KEYS) + 6
        met = [
            f"{text!r} of {row} in {asked} ({answer.status_code})"
            for asked, answer in answers(client, exercise, seat.key)
            for said in [f"{body(answer)}{answer.headers}"]
            for row, text in withheld
            if text in said and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said)
        ]
        assert met == []
        row = Assignment.objects.filter(exercise=exercise, flight__isnull=False).first()
        assert row
        if marks.handed_in(row, seat) is None:
            with acts.act(exercise, by=seat) as at:
                conduct.hand_in(row, by=seat, at=at, decided="")


def test_a_players_record_page_and_instructors_seat_are_closed_to_a_practice() -> None:
    person = accounts.join("Aigerim", "kedi miyav")
    cases = practice.dossiers(5, 2, desk=Role.SECURITY, difficulty=3, clean_share=0)
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE, cases, desk=Role.SECURITY, seed=5, person=person
    )
    client = Client()
    client.force_login(person)
    for page in ("control/", "record/", "record/record.json", ""):
        assert client.get(f"/x/{exercise.pk}/INSTRUCTOR/{page}").status_code == 404
    host_only = client.get(f"/x/{exercise.pk}/{seat.key}/record/record.json")
    assert host_only.status_code == 403
