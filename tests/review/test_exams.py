"""Exams: one attempt for each person, in real time; results when they are released."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from audit import exported, verification
from audit.refusals import NotNow, NotYou
from control import actions, tasks
from control import exams as control
from exercises.models import Exercise, Help, Role
from scenarios import exams as verbs
from scenarios.models import Exam, HandIn, Sitting, Variant
from tests import playing
from tests.browsing import body
from tests.review.examining import base, begun, client_of, given, held, joined, teacher
from tests.wall import Wall, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User


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
    return held(instructor)


@pytest.fixture
def ayse() -> User:
    return joined("Ayşe")


@pytest.fixture
def mehmet() -> User:
    return joined("Mehmet")


def hand_in_all(exercise: Exercise, user: User) -> str:
    """Hand everything in untouched; return where that led to."""
    client, seat = client_of(user), exercise.seats.get(holder=user)
    led_to = ""
    for row in given(exercise):
        answer = client.post(f"{base(exercise, seat)}marks/{row.number}/hand-in/")
        assert answer.status_code == 302, body(answer)
        led_to = answer["Location"]
    return led_to


def press(exam: Exam, by: User, what: str) -> Client:
    client = client_of(by)
    answer = client.post(f"/x/{exam.exercise_id}/INSTRUCTOR/exam/{what}/")
    assert answer.status_code == 302, body(answer)
    return client


# Dossiers


def test_everybody_at_a_desk_gets_the_same_dossiers_in_the_same_order(
    exam: Exam, ayse: User, mehmet: User
) -> None:
    [first, second] = [given(begun(exam, one)[0]) for one in (ayse, mehmet)]
    assert [(one.dossier, one.key) for one in first] == [(one.dossier, one.key) for one in second]
    assert len(first) == exam.number


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("desk", [Role.REGISTRY, Role.SECURITY, Role.OPERATIONS, Role.DECIDER])
def test_the_two_forms_are_equally_hard_and_share_no_dossier(desk: Role, seed: int) -> None:
    pairs = control.pairs(seed, 5, desk=desk, level=3)
    for one, other in pairs:
        assert control.hardness(one, desk) == control.hardness(other, desk)
        assert bool(one.key.defects) == bool(other.key.defects)
        assert len(one.key.defects) == len(other.key.defects)
        assert len(one.key.decoys) == len(other.key.decoys)
    numbers = [[case.number for case in variant] for variant in zip(*pairs, strict=True)]
    assert len({*numbers[0], *numbers[1]}) == 2 * len(pairs)
    assert len({case.dossier.host for pair in pairs for case in pair}) == 1


def test_of_a_decider_the_chapters_and_difficulties_are_the_same_too() -> None:
    pairs = control.pairs(4, 6, desk=Role.DECIDER, level=2)
    a, b = (
        Counter(
            (defect.chapter, defect.difficulty) for case in variant for defect in case.key.defects
        )
        for variant in zip(*pairs, strict=True)
    )
    assert a == b


def test_a_longer_exam_of_a_seed_begins_with_the_pairs_of_the_shorter() -> None:
    short, long = (control.pairs(6, number, desk=Role.SECURITY, level=2) for number in (3, 5))
    numbers = [[(one.number, other.number) for one, other in pairs] for pairs in (short, long)]
    assert numbers[1][:3] == numbers[0]


def test_form_b_of_the_seed_is_another_exam(instructor: User, exam: Exam) -> None:
    other = held(instructor, variant=Variant.B)
    a, b = ({case.number for case in control.dossiers(one, Role.SECURITY)} for one in (exam, other))
    assert not a & b


# One attempt


def test_an_attempt_is_an_exercise_with_help_off_whose_keys_the_instructor_alone_reads(
    exam: Exam, ayse: User, instructor: User
) -> None:
    exercise, seat = begun(exam, ayse)
    assert exercise.help == Help.OFF
    assert seat.holder == ayse
    holders = {one.holder for one in exercise.seats.exclude(holder=None)}
    assert holders == {ayse, instructor}
    assert verification.faults(exercise) == []


def test_who_comes_back_goes_on_where_they_were(exam: Exam, ayse: User) -> None:
    exercise, seat = begun(exam, ayse)
    again, same = begun(exam, ayse)
    assert (again, same) == (exercise, seat)
    answer = client_of(ayse).post(f"{base(exercise, seat)}next/")
    assert answer["Location"] == f"{base(exercise, seat)}flights/1/"


def test_who_holds_an_exam_does_not_sit_it(exam: Exam, instructor: User) -> None:
    with pytest.raises(NotYou, match="You hold this exam"):
        control.begin(exam, instructor, Role.SECURITY)
    page = body(client_of(instructor).get("/exams/"))
    assert "Exams that you hold" in page
    assert f'action="/exams/{exam.exercise_id}/"' not in page


def test_a_desk_that_the_exam_does_not_have_is_refused(exam: Exam, ayse: User) -> None:
    answer = client_of(ayse).post(
        f"/exams/{exam.exercise_id}/", {f"{exam.exercise_id}-desk": "DECIDER"}
    )
    assert answer.status_code == 422
    assert not Sitting.objects.exists()


def test_a_closed_exam_is_begun_by_nobody_and_gone_on_with(
    exam: Exam, ayse: User, mehmet: User, instructor: User
) -> None:
    exercise, _seat = begun(exam, ayse)
    press(exam, instructor, "close")
    answer = client_of(mehmet).post(
        f"/exams/{exam.exercise_id}/", {f"{exam.exercise_id}-desk": "SECURITY"}
    )
    assert answer.status_code == 409
    assert "nobody begins any more" in body(answer)
    assert "Monday" not in body(client_of(mehmet).get("/exams/"))
    assert begun(exam, ayse)[0] == exercise


def test_closed_while_the_dossiers_were_drawn_it_is_not_begun(
    exam: Exam, ayse: User, instructor: User
) -> None:
    press(exam, instructor, "close")
    with pytest.raises(NotNow, match="nobody begins"):  # `exam` was read before
        control.begin(exam, ayse, Role.SECURITY)
    assert not Sitting.objects.exists()


# Time


def test_time_that_is_up_ends_an_attempt_by_itself(exam: Exam, ayse: User, wall: Wall) -> None:
    exercise, _seat = begun(exam, ayse)
    wall.wait(minutes=29, seconds=59)
    tasks.end_exams()
    exercise.refresh_from_db()
    assert exercise.ended_at is None
    wall.wait(seconds=1)
    tasks.end_exams()
    exercise.refresh_from_db()
    assert exercise.ended_at is not None
    assert playing.verbs(exercise)[-1] == "be_over"
    assert verification.faults(exercise) == []


def test_without_a_worker_the_next_act_finds_that_the_time_is_up(
    exam: Exam, ayse: User, wall: Wall
) -> None:
    exercise, seat = begun(exam, ayse)
    wall.wait(minutes=31)
    for move in ("marks/1/hand-in/", "next/", "flights/1/do/mark/"):
        answer = client_of(ayse).post(base(exercise, seat) + move)
        assert answer.status_code == 409, move
        assert "Your exam is over" in body(answer)
    exercise.refresh_from_db()
    assert exercise.ended_at is not None
    assert not HandIn.objects.exists()
    page = body(client_of(ayse).get(f"{base(exercise, seat)}flights/1/"))
    assert "over: what you did until then counts" in page
    assert "Hand in</button>" not in page


def test_time_runs_on_while_nobody_looks(exam: Exam, ayse: User, wall: Wall) -> None:
    begun(exam, ayse)
    wall.wait(minutes=20)
    assert "Under way: 10 minutes left" in body(client_of(ayse).get("/exams/"))


def test_all_handed_in_the_attempt_is_over(exam: Exam, ayse: User, wall: Wall) -> None:
    exercise, _seat = begun(exam, ayse)
    wall.wait(minutes=7)
    assert hand_in_all(exercise, ayse) == "/exams/"
    exercise.refresh_from_db()
    assert exercise.ended_at is not None
    sitting = control.attempt(exam, ayse)
    assert sitting is not None
    wall.wait(minutes=7)
    assert control.lasted(sitting) == timedelta(minutes=7)


def test_the_record_says_why_an_attempt_ended(
    exam: Exam, ayse: User, instructor: User, wall: Wall
) -> None:
    exercise, _seat = begun(exam, ayse)
    wall.wait(minutes=30)
    tasks.end_exams()
    page = body(client_of(instructor).get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))
    for told in ("Sitting begun", "Exercise ended by itself", "the time was up", "Ayşe"):
        assert told in page
    page = body(client_of(instructor).get(f"/x/{exam.exercise_id}/INSTRUCTOR/record/"))
    assert "Exam opened" in page


# Results


def test_marks_are_read_when_they_are_released_and_not_before(
    exam: Exam, ayse: User, instructor: User
) -> None:
    exercise, seat = begun(exam, ayse)
    hand_in_all(exercise, ayse)
    client = client_of(ayse)
    pages = [f"{base(exercise, seat)}marks/", f"{base(exercise, seat)}marks/1/"]
    assert [client.get(page).status_code for page in pages] == [409, 409]
    assert "once the instructor releases" in body(client.get("/exams/"))

    press(exam, instructor, "release")

    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert f'href="{pages[0]}"' in body(client.get("/exams/"))


def test_results_are_not_released_while_somebody_is_at_it(
    exam: Exam, ayse: User, instructor: User, wall: Wall
) -> None:
    begun(exam, ayse)
    client = client_of(instructor)
    address = f"/x/{exam.exercise_id}/INSTRUCTOR/exam/release/"
    answer = client.post(address)
    assert answer.status_code == 409
    assert "still at it" in body(answer)
    wall.wait(minutes=30)
    assert client.post(address).status_code == 302  # no tick came: the time was up all the same
    exam.refresh_from_db()
    assert exam.released_at is not None
    assert exam.closed_at is not None
    assert playing.verbs(exam.exercise)[-1] == "release_results"


def test_an_exam_is_not_ended_while_its_results_wait(
    exam: Exam, ayse: User, instructor: User
) -> None:
    exercise, _seat = begun(exam, ayse)
    hand_in_all(exercise, ayse)
    client, ends = client_of(instructor), f"/x/{exam.exercise_id}/INSTRUCTOR/control/end/"
    answer = client.post(ends)
    assert answer.status_code == 409
    assert "Release the results first" in body(answer)

    press(exam, instructor, "release")

    assert client.post(ends).status_code == 302
    exam.exercise.refresh_from_db()
    assert exam.exercise.ended_at


def test_results_once_released_are_not_released_again(exam: Exam, instructor: User) -> None:
    client = press(exam, instructor, "release")
    answer = client.post(f"/x/{exam.exercise_id}/INSTRUCTOR/exam/release/")
    assert answer.status_code == 409
    assert verbs.is_released(exam.exercise_id)


def test_nobody_but_the_instructor_opens_the_page_of_an_exam(
    exam: Exam, ayse: User, instructor: User
) -> None:
    ends = ("", "report/", "report.csv")
    pages = [f"/x/{exam.exercise_id}/INSTRUCTOR/exam/{end}" for end in ends]
    assert {client_of(ayse).get(page).status_code for page in pages} == {404}
    assert {client_of(instructor).get(page).status_code for page in pages} == {200}
    exercise, seat = begun(exam, ayse)
    assert client_of(ayse).get(f"{base(exercise, seat)}exam/").status_code == 403
    ordinary = actions.open_for(instructor, "A class", at=exam.exercise.opened_at, solo=False)
    assert client_of(instructor).get(f"/x/{ordinary.pk}/INSTRUCTOR/exam/").status_code == 404


def test_an_attempt_moves_without_its_exam(exam: Exam, ayse: User) -> None:
    exercise, _seat = begun(exam, ayse)
    copy = actions.import_record(exported.read(exported.export_record(exercise)))
    assert verification.faults(copy) == []
    assert Sitting.objects.get(exercise=copy).exam is None
    assert control.attempts(exam).count() == 1


# Holding one


FORM = {
    "name": "Friday's exam",
    "desks": ["SECURITY", "DECIDER"],
    "number": "3",
    "level": "2",
    "minutes": "20",
    "variant": "B",
    "seed": "",
}


def test_whoever_may_open_exercises_holds_an_exam(instructor: User, ayse: User) -> None:
    client = client_of(instructor)
    answer = client.post("/exams/new/", FORM)
    assert answer.status_code == 302, body(answer)
    page = body(client.get(answer["Location"]))
    assert "Friday's exam" in page
    assert 'aria-current="page"' in page  # among what the seat has to go to
    [exam] = Exam.objects.all()
    assert (exam.variant, exam.number, exam.minutes) == (Variant.B, 3, 20)
    assert exam.seed > 0
    assert "Friday's exam" in body(client_of(ayse).get("/exams/"))


def test_staff_alone_holds_exams_where_there_is_no_demo(ayse: User, settings: Any) -> None:
    settings.DEMO = False
    assert client_of(ayse).post("/exams/new/", FORM).status_code == 403
    assert "Hold an exam" not in body(client_of(ayse).get("/exams/"))


@pytest.mark.parametrize(
    ("item", "value", "said"),
    [
        ("name", "", "This field is required."),
        ("desks", [], "Choose at least one desk."),
        ("desks", ["PLANNER"], "PLANNER"),
        ("number", "31", "30"),
        ("minutes", "4", "5"),
        ("seed", "0", "1"),
    ],
)
def test_what_an_exam_cannot_be_is_said_in_a_sentence(
    instructor: User, item: str, value: Any, said: str
) -> None:
    answer = client_of(instructor).post("/exams/new/", FORM | {item: value})
    assert answer.status_code == 422
    assert said in body(answer)
    assert not Exam.objects.exists()


def test_whoever_is_nobody_yet_joins_first(exam: Exam, settings: Any) -> None:
    settings.DEMO, settings.DEMO_PIN = True, "471100"
    for answer in (
        Client().get("/exams/"),
        Client().get("/exams/new/"),
        Client().post(f"/exams/{exam.exercise_id}/"),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/join/?next=")
