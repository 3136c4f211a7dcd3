"""The report of an exam: counts and measures for each person and chapter."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from audit import acts
from casework import kinds
from control import exams as control
from exercises.models import Role
from review import exam_report, marks
from review.exam_report import CHAPTERS
from tests.browsing import body
from tests.review.examining import base, begun, client_of, given, held, joined, teacher
from tests.wall import Wall, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

    from exercises.models import Exercise, Seat
    from scenarios.models import Assignment, Exam

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def wall() -> Iterator[Wall]:
    with standing() as clock:
        yield clock


@pytest.fixture
def instructor() -> User:
    return teacher()


@pytest.fixture
def exam(instructor: User) -> Exam:
    return held(instructor, desks=[Role.SECURITY, Role.REGISTRY], number=3)


def reported(exam: Exam) -> dict[str, Any]:
    out = StringIO()
    call_command("exam_report", str(exam.exercise_id), "--json", stdout=out)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def mark(exercise: Exercise, seat: Seat, row: Assignment, **found: str) -> None:
    row.refresh_from_db()
    with acts.act(exercise, by=seat) as at:
        kinds.doors()["mark"](row.flight, by=seat, at=at, **found)


def hand_in(exercise: Exercise, seat: Seat, user: User, number: int) -> None:
    answer = client_of(user).post(f"{base(exercise, seat)}marks/{number}/hand-in/")
    assert answer.status_code == 302, body(answer)


def find_all(exercise: Exercise, seat: Seat, user: User) -> None:
    """Mark every defect of the desk, surely, and hand in."""
    for row in given(exercise):
        row.refresh_from_db()
        for defect in (one for one in row.defects if marks.is_for(seat, one, row)):
            code = next(iter(defect["codes"]), "")
            words = "" if code else "This contradicts the load."
            told = {"fact": defect["facts"][0], "code": code, "words": words}
            mark(exercise, seat, row, **told, confidence="SURE")
        hand_in(exercise, seat, user, row.number)


def test_who_finds_all_and_who_finds_nothing_stand_side_by_side(exam: Exam, wall: Wall) -> None:
    ayse, mehmet = joined("Ayşe"), joined("Mehmet")
    exercise, seat = begun(exam, ayse)
    wall.wait(minutes=12, seconds=30)
    find_all(exercise, seat, ayse)
    other, his = begun(exam, mehmet)
    for row in given(other):
        hand_in(other, his, mehmet, row.number)

    said = reported(exam)

    first, second = said["people"]
    assert (first["name"], second["name"]) == ("Ayşe", "Mehmet")
    assert first["person"] == ayse.get_username()
    assert first["minutes"] == 12.5
    assert first["handed_in"] == first["begun"] == first["dossiers"] == 3
    defects = sum(len(one.defects) for one in given(exercise))
    assert (first["hits"], first["misses"], first["false_alarms"]) == (defects, 0, 0)
    assert (second["hits"], second["misses"]) == (0, defects)
    assert first["correct_rejections"] > 0
    assert first["brier"] == 0.003  # sure, and right: (0.95 - 1)²
    assert second["brier"] is None
    assert first["d_a"] > 0
    assert second["d_a"] is None  # nothing was done: nothing was left in peace
    for name in ("hits", "misses", "false_alarms", "correct_rejections"):
        assert sum(one[name] for one in first["chapters"].values()) == first[name]
    assert first["chapters"].keys() <= CHAPTERS.keys()
    assert said["mark"] == "EXERCISE"
    assert said == reported(exam)


def test_a_dossier_that_was_begun_counts_as_it_stands_and_the_others_do_not(
    exam: Exam, wall: Wall
) -> None:
    ayse = joined("Ayşe")
    exercise, seat = begun(exam, ayse)
    [untouched] = reported(exam)["people"]
    assert (untouched["begun"], untouched["misses"], untouched["of"]) == (0, 0, 0)

    first = given(exercise)[0]
    mark(exercise, seat, first, fact="cargo", code="", words="What is this?", confidence="GUESS")
    wall.wait(minutes=31)
    control.end_those_over()

    [person] = reported(exam)["people"]
    assert (person["begun"], person["handed_in"], person["dossiers"]) == (1, 0, 3)
    assert person["is_over"]
    assert person["minutes"] == 30
    assert person["false_alarms"] + person["hits"] == 1


def test_fewer_than_twenty_cases_are_said_to_be_too_few(exam: Exam, instructor: User) -> None:
    ayse = joined("Ayşe")
    exercise, seat = begun(exam, ayse)
    find_all(exercise, seat, ayse)
    [person] = reported(exam)["people"]
    assert person["too_few_cases"]
    page = body(client_of(instructor).get(f"/x/{exam.exercise_id}/INSTRUCTOR/exam/report/"))
    assert "too few cases" in page
    assert "Ayşe" in page


def test_the_table_has_a_line_for_each_person_and_chapter(exam: Exam, instructor: User) -> None:
    ayse = joined("=Ayşe")
    exercise, seat = begun(exam, ayse)
    find_all(exercise, seat, ayse)
    answer = client_of(instructor).get(f"/x/{exam.exercise_id}/INSTRUCTOR/exam/report.csv")
    assert "EXERCISE-exam-" in answer["Content-Disposition"]
    text = b"".join(answer).decode().removeprefix("\ufeff")
    head, *rows = csv.reader(StringIO(text))
    assert head == ["mark", *exam_report.COLUMNS]
    assert {row[0] for row in rows} == {"EXERCISE"}
    assert rows[0][head.index("chapter")] == "all"
    assert len(rows) == 1 + len(exam_report.results(exam)[0].chapters)


def test_in_words_it_names_people_as_others_do(exam: Exam) -> None:
    ayse = joined("Ayşe")
    begun(exam, ayse, Role.REGISTRY)
    out = StringIO()
    call_command("exam_report", str(exam.exercise_id), stdout=out)
    said = out.getvalue()
    assert said.startswith("EXERCISE, training only")
    assert f"Ayşe ({ayse.get_username()}), Foreign-ministry registry" in said
    assert "0 of 3 handed in" in said


@pytest.mark.parametrize("number", ["999", "-1", "99999999999999999999"])
def test_an_exercise_that_holds_no_exam_is_told_so(number: str) -> None:
    with pytest.raises(CommandError, match="holds no exam") as told:
        call_command("exam_report", "--json", "--", number)
    assert told.value.returncode == 2
