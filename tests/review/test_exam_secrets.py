"""Nothing of what was planted reaches a candidate while the results are not released."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from control import exams as control
from exercises.models import Role
from scenarios import book
from scenarios.models import Purpose, Sitting, Variant
from tests.browsing import body
from tests.review.examining import base, begun, client_of, given, held, joined, teacher
from tests.test_visibility import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test.client import _MonkeyPatchedWSGIResponse as Page

    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SEED = 918273


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> None:
    settings.DEMO = False


def canaries(exercise: Exercise) -> dict[str, str]:
    """Return what is written in the keys of an attempt and on no page, by what it is."""
    found = {str(SEED): "the seed"}
    for row in given(exercise):
        for planted, known in (("defects", book.defects()), ("decoys", book.decoys())):
            for one in row.key[planted]:
                kind = known[one["kind"]]
                found[one["kind"]] = planted
                found[str(kind.says)] = f"what is said of {planted}"
    return found | dict.fromkeys(('"acceptable"', '"no_conditions"', '"mends"'), "the key")


def said(answer: Page) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{body(answer)}"


def leaks(found: dict[str, str], asked: str, answer: Page) -> Iterator[str]:
    text = said(answer)
    for words, what in found.items():
        if re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text):
            yield f"{what}: “{words}” in {asked} ({answer.status_code})"


@pytest.mark.parametrize("desk", [Role.SECURITY, Role.DECIDER])
def test_a_candidate_meets_nothing_of_the_key_on_any_page(desk: Role) -> None:
    ayse = joined("Ayşe")
    exam = held(teacher(), desks=[desk], seed=SEED, number=4, level=4, variant=Variant.B)
    exercise, seat = begun(exam, ayse, desk)
    secrets = canaries(exercise)
    assert len(secrets) > 6
    client = client_of(ayse)

    met: list[str] = []
    read = ""
    for asked, answer in answers(client, exercise, seat.key):
        met += leaks(secrets, asked, answer)
        read += body(answer)
    assert not met, "\n".join(met)
    assert "Hand in" in read

    for row in given(exercise)[:-1]:  # and on the way from one dossier to the next
        answer = client.post(f"{base(exercise, seat)}marks/{row.number}/hand-in/", follow=True)
        assert answer.status_code == 200
        met += leaks(secrets, "the next dossier", answer)
    for page in ("marks/", "marks/1/", "record/", "record/record.json", "record/record.csv"):
        answer = client.get(base(exercise, seat) + page)
        assert answer.status_code in (403, 409), page
        met += leaks(secrets, page, answer)
    for page in ("/exams/", "/me/", "/me/export.json", "/"):
        met += leaks(secrets, page, client.get(page))
    assert not met, "\n".join(met)
    assert Sitting.objects.get(exercise=exercise).purpose == Purpose.EXAM


def test_an_instructor_meets_them_so_the_walk_would_find_them() -> None:
    holds = teacher()
    exam = held(holds, seed=SEED, level=4, variant=Variant.B)
    exercise, _seat = begun(exam, joined("Ayşe"))
    secrets = canaries(exercise)
    record = client_of(holds).get(f"/x/{exercise.pk}/INSTRUCTOR/record/record.json")
    met = [*leaks(secrets, "the record", record)]
    assert any("defects" in one or "decoys" in one for one in met)
    assert any("the key" in one for one in met)
    assert str(SEED) in body(client_of(holds).get(f"/x/{exam.exercise_id}/INSTRUCTOR/exam/"))
    assert control.attempts(exam).count() == 1
