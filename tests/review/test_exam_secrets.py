"""Nothing of what was planted reaches a candidate while the results are not released."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from exercises.models import Role
from scenarios.models import Variant
from tests.browsing import body
from tests.review.examining import base, begun, client_of, given, held, joined, teacher
from tests.review.test_canaries import secrets
from tests.test_visibility import answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.test.client import _MonkeyPatchedWSGIResponse as Page

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SEED = 918273


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> None:
    settings.DEMO = False


def met(withheld: Iterable[tuple[str, str]], asked: str, answer: Page) -> Iterator[str]:
    said = f"{body(answer)}{answer.headers}"
    for row, text in withheld:
        if text in said and re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", said):
            yield f"{text!r} of {row} in {asked} ({answer.status_code})"


def test_a_candidate_meets_nothing_of_a_key_until_the_results_are_released() -> None:
    ayse = joined("Ayşe")
    exam = held(teacher(), desks=[Role.DECIDER], seed=SEED, number=4, level=4, variant=Variant.B)
    exercise, seat = begun(exam, ayse, Role.DECIDER)
    withheld = [*secrets(exercise, seat), ("the exam", str(SEED))]
    client = client_of(ayse)

    found = [
        one
        for asked, answer in answers(client, exercise, seat.key)
        for one in met(withheld, asked, answer)
    ]
    told = ""
    debriefs = [(row, text) for row, text in withheld if text.endswith(".")]
    for row in given(exercise):  # handed in, a dossier stays what it is: a secret
        page = f"{base(exercise, seat)}marks/{row.number}/hand-in/"
        answer = client.post(page, follow=True)
        assert answer.status_code == 200
        told += body(answer)
        found += met(debriefs, "the next dossier", answer)
    for page in ("marks/", "marks/1/", "record/", "record/record.json", "record/record.csv"):
        answer = client.get(base(exercise, seat) + page)
        assert answer.status_code in (403, 409), page
        found += met(withheld, page, answer)
    for page in ("/exams/", "/me/", "/me/export.json", "/"):
        found += met(withheld, page, client.get(page))
    assert found == []
    assert "dossier 2 of 4" in told


def test_who_holds_the_exam_meets_it_so_the_walk_would_find_it() -> None:
    holder = teacher()
    exam = held(holder, seed=SEED, level=4, variant=Variant.B)
    exercise, seat = begun(exam, joined("Ayşe"))
    withheld = [*secrets(exercise, seat), ("the exam", str(SEED))]
    client = client_of(holder)
    record = client.get(f"/x/{exercise.pk}/INSTRUCTOR/record/record.json")
    page = client.get(f"/x/{exam.exercise_id}/INSTRUCTOR/exam/")
    found = "".join([*met(withheld, "the record", record), *met(withheld, "its page", page)])
    assert "'mends' of any in the record" in found
    assert "assignment/" in found
    assert f"'{SEED}' of the exam in its page" in found
