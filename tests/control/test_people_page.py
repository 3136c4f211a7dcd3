"""The instructor puts people down, seats, moves, renames and takes them out on one page."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model

from audit import verification
from audit.models import Event
from control import accounts, actions, stories
from exercises.models import Exercise, Person
from tests import playing
from tests.browsing import body, form_for, signed_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def exercise() -> Exercise:
    """An exercise in which the instructor alone sits."""
    teacher = get_user_model().objects.create_user("teacher", password="chalk and board")
    opened = actions.open_for(teacher, "Monday's class", at=stories.load("alpha").start, solo=False)
    opened.refresh_from_db()
    return opened


def page_of(exercise: Exercise, key: str = "INSTRUCTOR") -> str:
    return f"/x/{exercise.pk}/{key}/control/people/"


def do(exercise: Exercise, what: str, **details: str) -> Any:
    details = {"do": what, "once": str(uuid.uuid4()), **details}
    return signed_in(exercise, "INSTRUCTOR").post(page_of(exercise), details)


def told(exercise: Exercise) -> str:
    return body(signed_in(exercise, "INSTRUCTOR").get(page_of(exercise)))


def person(name: str) -> User:
    user = accounts.find(name)
    assert user is not None
    return user


def seated(exercise: Exercise, name: str, key: str) -> User:
    """Put somebody down and seat them."""
    do(exercise, "put_down", written=name)
    user = person(name)
    assert do(exercise, "sit", person=user.get_username(), to=key).status_code == 302
    return user


def last_event(exercise: Exercise) -> dict[str, Any]:
    return Event.objects.filter(exercise=exercise).latest("seq").payload


def test_a_pasted_list_puts_people_down_who_wait_for_a_seat(exercise: Exercise) -> None:
    answer = do(exercise, "put_down", written="Ayşe Yılmaz\r\n\r\n  Әлия Қасымова \r\n")
    assert answer["Location"] == "./"
    page = told(exercise)
    assert page.count("waits for a seat") == 2
    assert "Әлия Қасымова" in page
    exercise.refresh_from_db()
    assert {*exercise.people} == {
        person(n).get_username() for n in ("Ayşe Yılmaz", "әлия қасымова")
    }
    assert "Ayşe" not in Event.objects.filter(exercise=exercise).latest("seq").content.decode()
    assert verification.faults(exercise) == []


def test_a_list_with_faults_says_so_by_line_and_puts_nobody_down(exercise: Exercise) -> None:
    written = f"Ayşe\nkz-security\n\nAYŞE\nX\n{HOSTILE}\nMehmet"
    answer = do(exercise, "put_down", written=written)
    assert answer.status_code == 422
    said = body(answer)
    for fault in (
        "Line 2, “kz-security”: This name would be taken for somebody else",
        "Line 4, “AYŞE”: this is the name on line 1 again.",
        "Line 5, “X”: A name has from 2 to 40 letters.",
        "Line 6, “<script>",
    ):
        assert fault in said
    assert "<script>alert" not in answer.text
    assert "Mehmet" in said  # what was typed is kept
    assert not Person.objects.exists()
    exercise.refresh_from_db()
    assert exercise.people == []


@pytest.mark.parametrize("written", ["", " \n ", "\n".join(f"Ayşe {n}" for n in range(101))])
def test_a_list_of_nobody_or_of_too_many_is_refused(exercise: Exercise, written: str) -> None:
    assert do(exercise, "put_down", written=written).status_code == 422
    assert not Person.objects.exists()


def test_who_is_on_the_list_already_is_passed_over(exercise: Exercise) -> None:
    do(exercise, "put_down", written="Ayşe")
    do(exercise, "put_down", written="ayşe\nMehmet")
    exercise.refresh_from_db()
    assert len(exercise.people) == Person.objects.count() == 2
    again = do(exercise, "put_down", written="Mehmet\nAyşe")
    assert again.status_code == 422
    assert "Everybody on this list takes part already." in body(again)


def test_a_list_that_is_sent_twice_lands_once(exercise: Exercise) -> None:
    instructor = signed_in(exercise, "INSTRUCTOR")
    form = form_for(instructor.get(page_of(exercise)), "")
    typed = {"once": form.fields["once"], "do": "put_down", "written": "Ayşe"}
    for _ in range(2):
        assert instructor.post(page_of(exercise), typed)["Location"] == "./"
    assert playing.verbs(exercise).count("put_down") == 1


def test_the_instructor_seats_moves_and_vacates(exercise: Exercise) -> None:
    ayse = seated(exercise, "Ayşe", "KZ-SECURITY")
    assert do(exercise, "move", seat="KZ-SECURITY", to="TR-PLANNER").status_code == 302
    assert playing.seat(exercise, "KZ-SECURITY").holder is None
    assert playing.seat(exercise, "TR-PLANNER").holder == ayse
    event = last_event(exercise)
    assert event["verb"] == "move"
    assert {*event["rows"]} == {"seat/KZ-SECURITY", "seat/TR-PLANNER"}
    record = body(signed_in(exercise, "INSTRUCTOR").get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))
    assert "Security desk, Kazakhstan → Planner, Türkiye" in record
    do(exercise, "vacate", seat="TR-PLANNER")
    assert "waits for a seat" in told(exercise)
    assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []


def test_nobody_is_moved_to_a_seat_that_somebody_has(exercise: Exercise) -> None:
    seated(exercise, "Ayşe", "KZ-SECURITY")
    seated(exercise, "Mehmet", "KZ-DECIDER")
    for answer in (
        do(exercise, "move", seat="KZ-SECURITY", to="KZ-DECIDER"),
        do(exercise, "sit", person=person("Ayşe").get_username(), to="KZ-DECIDER"),
    ):
        assert answer.status_code == 409
        assert "Mehmet sits there." in body(answer)
    assert playing.seat(exercise, "KZ-SECURITY").holder == person("Ayşe")


@pytest.mark.parametrize("what", ["move", "vacate", "take_out"])
def test_the_instructors_seat_is_not_left_empty(exercise: Exercise, what: str) -> None:
    answer = do(exercise, what, seat="INSTRUCTOR", to="KZ-SECURITY", person="teacher")
    assert answer.status_code == 409
    assert "The instructor's seat is not left empty." in body(answer)


def test_a_renamed_person_is_the_same_in_the_record(exercise: Exercise) -> None:
    ayse = seated(exercise, "Ayşe", "KZ-SECURITY")
    handle = ayse.get_username()
    answer = do(exercise, "rename", person=handle, line=handle, **{f"{handle}-name": "Ayşe Kaya"})
    assert answer.status_code == 302
    assert person("Ayşe Kaya") == ayse
    assert "Ayşe Kaya" in told(exercise)
    event = last_event(exercise)
    assert (event["verb"], event["with"], event["rows"]) == ("rename", {"person": handle}, {})
    assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []


@pytest.mark.parametrize("name", ["MEHMET", "Instructor", "X", HOSTILE])
def test_a_name_that_cannot_be_had_is_named_on_its_line(exercise: Exercise, name: str) -> None:
    handle = seated(exercise, "Ayşe", "KZ-SECURITY").get_username()
    do(exercise, "put_down", written="Mehmet")
    line = f"{handle}-KZ-SECURITY"
    answer = do(exercise, "rename", person=handle, line=line, **{f"{line}-name": name})
    assert answer.status_code == 422
    assert f'id="id_{line}-name_error"' in answer.text
    assert HOSTILE not in answer.text
    assert person("Ayşe").get_username() == handle


def test_nobody_is_renamed_who_does_not_take_part_or_has_no_name_of_their_own(
    exercise: Exercise,
) -> None:
    stranger = accounts.join("Fatma", "kedi miyav")
    for who in (stranger.get_username(), "teacher", "nobody", ""):
        answer = do(exercise, "rename", person=who, line="x", **{"x-name": "Zeynep"})
        assert answer.status_code == 409
    assert person("Fatma") == stranger


def test_who_is_taken_out_finds_the_exercise_no_more(exercise: Exercise) -> None:
    ayse = seated(exercise, "Ayşe", "KZ-SECURITY")
    browser = signed_in(exercise, "KZ-SECURITY")
    do(exercise, "take_out", person=ayse.get_username())
    assert "Ayşe" not in told(exercise).partition("takes part")[2].partition("<main")[2]
    assert playing.seat(exercise, "KZ-SECURITY").holder is None
    assert browser.get(f"/x/{exercise.pk}/KZ-SECURITY/").status_code == 404
    assert "Monday's class" not in body(browser.get("/"))
    assert do(exercise, "take_out", person=ayse.get_username()).status_code == 409


def test_who_waits_sees_the_exercise_and_chooses_no_seat(exercise: Exercise) -> None:
    do(exercise, "put_down", written="Ayşe")
    ayse = accounts.join("Ayşe", "kedi miyav")
    seated(exercise, "Mehmet", "KZ-SECURITY")
    browser = signed_in(exercise, "KZ-SECURITY")
    browser.force_login(ayse)
    front = body(browser.get("/"))
    assert "Monday's class" in front
    assert "The instructor gives you one" in front
    answer = browser.post("/take/", {"seat": playing.seat(exercise, "KZ-DECIDER").pk})
    assert answer.status_code == 409
    assert "Ask to be seated." in body(answer)


def test_no_instructor_is_offered_the_people_of_other_classes(exercise: Exercise) -> None:
    accounts.join("Fatma", "kedi miyav")
    do(exercise, "put_down", written="Ayşe")
    seat = playing.seat(exercise, "KZ-SECURITY")
    page = f"/x/{exercise.pk}/INSTRUCTOR/control/seats/{seat.pk}/"
    instructor = signed_in(exercise, "INSTRUCTOR")
    assert "Ayşe" in body(instructor.get(page))
    assert "Fatma" not in body(instructor.get(page))
    stranger = person("Fatma").get_username()
    assert instructor.post(page, {"holder": stranger}).status_code == 422
    assert instructor.post(page, {"holder": person("Ayşe").get_username()}).status_code == 302


def test_the_door_is_opened_and_closed_once(exercise: Exercise) -> None:
    assert do(exercise, "let_in").status_code == 302
    assert do(exercise, "let_in").status_code == 409
    exercise.refresh_from_db()
    assert exercise.is_open_to_join
    assert do(exercise, "let_nobody_in").status_code == 302
    assert do(exercise, "let_nobody_in").status_code == 409


def test_only_the_instructor_has_the_page(exercise: Exercise) -> None:
    ayse = seated(exercise, "Ayşe", "KZ-SECURITY")
    browser = signed_in(exercise, "KZ-SECURITY")
    page = page_of(exercise, "KZ-SECURITY")
    assert browser.get(page).status_code == 403
    for what in ("put_down", "sit", "move", "vacate", "rename", "take_out", "let_in", "nothing"):
        assert browser.post(page, {"do": what, "person": ayse.get_username()}).status_code == 403
        assert browser.post(page_of(exercise), {"do": what}).status_code == 404


@pytest.mark.parametrize("what", ["", "end", "erase", "__class__"])
def test_the_page_does_nothing_else(exercise: Exercise, what: str) -> None:
    assert do(exercise, what).status_code == 404


def test_a_seat_that_there_is_not_is_asked_for_again(exercise: Exercise) -> None:
    handle = seated(exercise, "Ayşe", "KZ-SECURITY").get_username()
    for answer in (
        do(exercise, "sit", person=handle, to="XX-NOBODY"),
        do(exercise, "move", seat="KZ-SECURITY", to=""),
        do(exercise, "vacate", seat="KZ-SECURITY' --"),
    ):
        assert answer.status_code == 409
        assert "Choose a seat of this exercise." in body(answer)


def test_the_case_names_who_answered_as_they_are_called_now() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    line = next(one for one in stories.load("alpha").acts if one["do"] == "concur")
    do(exercise, "put_down", written="Ayşe")
    ayse = person("Ayşe").get_username()
    do(exercise, "vacate", seat=line["by"])
    do(exercise, "sit", person=ayse, to=line["by"])
    stories.perform(exercise, line)
    do(exercise, "rename", person=ayse, line="x", **{"x-name": "Zehra"})

    for tab in ("desks", "history"):
        page = f"/x/{exercise.pk}/{line['by']}/flights/1/?tab={tab}"
        said = body(signed_in(exercise, line["by"]).get(page))
        assert "Zehra" in said
        assert ayse not in said
