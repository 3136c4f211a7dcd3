"""People join by name, choose their word, sit down, and leave."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from audit import verification
from audit.models import Event
from audit.refusals import Refused
from control import accounts, actions, guesses, stories
from exercises import people
from exercises.models import Exercise, Person
from tests import playing, wall
from tests.browsing import body, form_for, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> Iterator[None]:
    settings.DEMO, settings.DEMO_PIN = True, ""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def exercise() -> Exercise:
    """An exercise in which the instructor alone sits."""
    teacher = get_user_model().objects.create_user("teacher", password="chalk and board")
    opened = actions.open_for(teacher, "Monday's class", at=stories.load("alpha").start, solo=False)
    opened.refresh_from_db()
    return opened


@pytest.fixture
def minute() -> Iterator[None]:
    with wall.standing():
        yield


def joined(name: str, word: str = "kedi miyav", **more: str) -> Client:
    client = Client()
    answer = client.post("/join/", {"name": name, "word": word, **more})
    assert answer.status_code == 302, body(answer)
    return client


def do(exercise: Exercise, what: str, **details: str) -> Any:
    page = f"/x/{exercise.pk}/INSTRUCTOR/control/people/"
    details = {"do": what, "once": str(uuid.uuid4()), **details}
    return signed_in(exercise, "INSTRUCTOR").post(page, details)


def take(client: Client, exercise: Exercise, key: str, **details: str) -> Any:
    return client.post("/take/", {"seat": playing.seat(exercise, key).pk, **details})


def handle_of(name: str) -> str:
    user = accounts.find(name)
    assert user is not None
    return user.get_username()


# Names and words


def test_whoever_joins_gets_an_account_of_their_own() -> None:
    joined("Ayşe Yılmaz")
    user = accounts.find("AYŞE YILMAZ")
    assert user is not None
    assert people.is_handle(user.get_username())
    assert people.called(user) == "Ayşe Yılmaz"
    assert user.check_password("kedi miyav")
    assert "kedi" not in user.password
    assert not user.is_staff


def test_a_name_that_is_taken_asks_for_its_word() -> None:
    joined("İbrahim")
    other = Client().post("/join/", {"name": "IBRAHIM", "word": "another word"})
    assert other.status_code == 422
    assert "This name is taken" in body(other)
    assert "another word" not in body(other)
    assert not other.wsgi_request.user.is_authenticated
    again = joined("ibrahim")
    assert Person.objects.count() == 1
    assert "You are signed in as İbrahim." in body(again.get("/"))


@pytest.mark.usefixtures("minute")
def test_guesses_at_a_word_are_few_a_minute() -> None:
    joined("Ayşe")
    for number in range(guesses.AT_A_WORD):
        assert (
            Client().post("/join/", {"name": "Ayşe", "word": f"guess {number}"}).status_code == 422
        )
    stopped = Client().post("/join/", {"name": "ayşe", "word": "kedi miyav"})
    assert stopped.status_code == 429
    assert f"Wait {stopped['Retry-After']} second" in body(stopped)
    joined("Mehmet")  # one name has nothing to do with another


@pytest.mark.usefixtures("minute")
@pytest.mark.parametrize("way", ["/join/", "/sit/"])
def test_guesses_at_the_pin_are_few_a_minute(exercise: Exercise, settings: Any, way: str) -> None:
    settings.DEMO_PIN = "471100"
    cast = stories.stage(stories.load("alpha"))
    typed = {"name": "Ayşe", "word": "kedi", "seat": playing.seat(cast, "KZ-DECIDER").pk}
    for _ in range(guesses.FROM_AN_ADDRESS):
        assert Client().post(way, typed | {"pin": "000000"}).status_code == 422
    assert Client().post(way, typed | {"pin": "471100"}).status_code == 429


def test_beyond_this_machine_joining_asks_for_the_pin(settings: Any) -> None:
    settings.DEMO_PIN = "471100"
    for pin in ("", "123456"):
        answer = Client().post("/join/", {"name": "Ayşe", "word": "kedi", "pin": pin})
        assert answer.status_code == 422
        assert not Person.objects.exists()
    joined("Ayşe", pin="471100")


def test_outside_a_demo_nobody_joins_without_a_pin(settings: Any) -> None:
    settings.DEMO = False
    assert Client().get("/join/").status_code == 404
    settings.DEMO_PIN = "471100"
    assert Client().get("/join/").status_code == 200


@pytest.mark.parametrize(
    "name", ["kz-security", "Role-player 1", "Instructor", "<b>x</b>", "A", ""]
)
def test_a_name_that_would_mislead_is_refused_at_its_field(name: str) -> None:
    answer = Client().post("/join/", {"name": name, "word": "kedi miyav"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    assert "<b>x" not in answer.text
    assert not Person.objects.exists()


def test_a_name_of_an_account_with_a_password_is_not_to_be_had(exercise: Exercise) -> None:
    get_user_model().objects.create_user("Zeynep", password="long and secret")
    answer = Client().post("/join/", {"name": "zeynep", "word": "kedi miyav"})
    assert answer.status_code == 422
    assert "sign in with it" in body(answer)


def test_one_click_signs_in_nobody_but_the_cast(exercise: Exercise) -> None:
    """An account without a password is no seat for everybody: not staff's, not a person's."""
    get_user_model().objects.create_superuser("chief")
    do(exercise, "put_down", written="Ayşe")
    instructor = playing.seat(exercise, "INSTRUCTOR")
    waiting = handle_of("Ayşe")
    playing.conduct_put(exercise, {"KZ-SECURITY": "chief", "KZ-DECIDER": waiting}, by=instructor)
    for key in ("KZ-SECURITY", "KZ-DECIDER"):
        seat = playing.seat(exercise, key)
        assert Client().post("/sit/", {"seat": seat.pk}).status_code == 404
        assert f'value="{seat.pk}"' not in body(Client().get("/"))


# Seats


def test_somebody_who_joined_sees_no_exercise_whose_door_is_closed(exercise: Exercise) -> None:
    stories.stage(stories.load("alpha"))
    ayse = joined("Ayşe")
    front = body(ayse.get("/"))
    assert "Monday's class" not in front
    assert "/sit/" not in front
    assert take(ayse, exercise, "KZ-SECURITY").status_code == 404
    assert ayse.get(f"/x/{exercise.pk}/KZ-SECURITY/").status_code == 404

    do(exercise, "let_in")
    front = body(ayse.get("/"))
    assert "Monday's class" in front
    assert front.count('name="seat"') == exercise.seats.filter(holder=None).count()
    do(exercise, "let_nobody_in")
    assert "Monday's class" not in body(ayse.get("/"))


def test_where_latecomers_are_let_in_one_chooses_an_empty_seat(exercise: Exercise) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    form = form_for(ayse.get("/"), "/sit/")
    answer = take(ayse, exercise, "KZ-SECURITY", once=form.fields["once"])
    assert answer["Location"] == f"/x/{exercise.pk}/KZ-SECURITY/"
    again = take(ayse, exercise, "KZ-SECURITY", once=form.fields["once"])
    assert again["Location"] == answer["Location"]
    assert ayse.get(answer["Location"], follow=True).status_code == 200
    assert playing.verbs(exercise).count("take") == 1
    event = Event.objects.filter(exercise=exercise).latest("seq").payload
    assert event["by"] == {"seat": "KZ-SECURITY", "holder": handle_of("Ayşe"), "instructor": False}
    record = body(signed_in(exercise, "INSTRUCTOR").get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))
    assert "Seat chosen" in record
    assert "Ayşe" in record
    assert verification.faults(exercise) == []


def test_who_comes_second_to_a_seat_reads_that_somebody_was_first(exercise: Exercise) -> None:
    do(exercise, "let_in")
    take(joined("Ayşe"), exercise, "KZ-SECURITY")
    second = take(joined("Mehmet"), exercise, "KZ-SECURITY")
    assert second.status_code == 409
    assert "Somebody was first: this seat is taken now." in body(second)
    assert "Ayşe" not in body(second)


def test_one_person_takes_one_seat(exercise: Exercise) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    take(ayse, exercise, "KZ-SECURITY")
    assert take(ayse, exercise, "KZ-DECIDER").status_code == 409
    assert 'name="seat"' not in body(ayse.get("/"))


def test_nobody_chooses_the_instructors_seat_or_one_of_an_exercise_that_ended(
    exercise: Exercise,
) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    assert take(ayse, exercise, "INSTRUCTOR").status_code == 404
    playing.conduct(exercise, "end")
    assert take(ayse, exercise, "KZ-SECURITY").status_code == 409
    assert "Monday's class" not in body(ayse.get("/"))


def test_a_halted_exercise_says_so_to_who_chooses_a_seat(exercise: Exercise) -> None:
    do(exercise, "let_in")
    Exercise.objects.filter(pk=exercise.pk).update(halted="canary-fault")
    answer = take(joined("Ayşe"), exercise, "KZ-SECURITY")
    assert answer.status_code == 503
    assert "canary-fault" not in body(answer)


def test_four_eyes_hold_between_people_who_joined(exercise: Exercise) -> None:
    """Who prepared a request does not release it, from another seat and by another name."""
    do(exercise, "put_down", written="Ayşe")
    ayse = handle_of("Ayşe")
    do(exercise, "sit", person=ayse, to="TR-PLANNER")
    script = {line["do"]: line for line in reversed(stories.load("alpha").acts)}
    for verb in ("prepare", "request_release"):
        stories.perform(exercise, script[verb])
    do(exercise, "move", seat="TR-PLANNER", to="TR-RELEASE")
    do(exercise, "rename", person=ayse, line="x", **{"x-name": "Fatma"})

    with pytest.raises(Refused):
        stories.perform(exercise, script["release"])
    do(exercise, "vacate", seat="TR-RELEASE")
    do(exercise, "put_down", written="Mehmet")
    do(exercise, "sit", person=handle_of("Mehmet"), to="TR-RELEASE")
    stories.perform(exercise, script["release"])


# The first account


def test_the_first_account_needs_no_shell(settings: Any) -> None:
    settings.DEMO, settings.FIRST_ACCOUNT_CODE = False, "5ecret"
    client = Client()
    assert "/first-account/" in body(client.get("/"))
    typed = {"username": "chief", "password1": "chalk and board", "password2": "chalk and board"}
    assert client.post("/first-account/", typed | {"code": "guess"}).status_code == 422
    assert not get_user_model().objects.exists()
    assert client.post("/first-account/", typed | {"code": "5ecret"})["Location"] == "/"
    assert get_user_model().objects.get().is_staff
    assert "Open a new exercise" in body(client.get("/"))
    assert Client().get("/first-account/").status_code == 404
    assert "/first-account/" not in body(Client().get("/"))


def test_without_a_code_there_is_no_first_account_to_be_made(settings: Any) -> None:
    settings.DEMO, settings.FIRST_ACCOUNT_CODE = False, ""
    assert Client().post("/first-account/", {"code": ""}).status_code == 404


# One's own page


def test_ones_own_page_lists_the_sittings_and_exports_them(exercise: Exercise) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    take(ayse, exercise, "KZ-SECURITY")
    page = body(ayse.get("/me/"))
    assert "Monday's class" in page
    assert "Security desk, Kazakhstan" in page
    assert "Results" in page
    answer = ayse.get("/me/export.json")
    kept = json.loads(answer.content)
    assert kept["name"] == "Ayşe"
    assert kept["handle"] == handle_of("Ayşe")
    assert [one["seats"] for one in kept["sittings"]] == [["Security desk, Kazakhstan"]]
    assert "attachment" in answer["Content-Disposition"]
    assert "password" not in answer.text


def test_who_renames_themselves_stays_who_they_are(exercise: Exercise) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    take(ayse, exercise, "KZ-SECURITY")
    handle = handle_of("Ayşe")
    assert ayse.post("/me/", {"name": "Ayşe Yılmaz"}).status_code == 302
    assert handle_of("ayşe yilmaz") == handle
    record = body(signed_in(exercise, "INSTRUCTOR").get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))
    assert "Ayşe Yılmaz" in record
    joined("Mehmet")
    taken = ayse.post("/me/", {"name": "MEHMET"})
    assert taken.status_code == 422
    assert "This name is taken." in body(taken)


def test_nobody_erases_themselves_while_they_sit_in_a_running_exercise(exercise: Exercise) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    take(ayse, exercise, "KZ-SECURITY")
    answer = ayse.post("/me/erase/", {"name": "ayşe"})
    assert answer.status_code == 409
    assert "You still sit in: Monday's class. End those" in body(answer)


def test_erased_one_leaves_a_handle_that_names_nobody(exercise: Exercise) -> None:
    do(exercise, "let_in")
    ayse = joined("Ayşe")
    take(ayse, exercise, "KZ-SECURITY")
    handle = handle_of("Ayşe")
    playing.conduct(exercise, "end")
    wrong = ayse.post("/me/erase/", {"name": "Fatma"})
    assert wrong.status_code == 422
    assert ayse.post("/me/erase/", {"name": "Ayşe"})["Location"] == "/"

    user = get_user_model().objects.get(username=handle)
    assert (user.first_name, user.email, user.is_active) == ("", "", False)
    assert not Person.objects.exists()
    assert ayse.get("/me/").status_code == 302
    exercise.refresh_from_db()
    assert verification.faults(exercise) == []
    record = body(signed_in(exercise, "INSTRUCTOR").get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))
    assert "a former participant" in record
    assert "Ayşe" not in record
    assert (
        Client().post("/sit/", {"seat": playing.seat(exercise, "KZ-SECURITY").pk}).status_code
        == 404
    )
    joined("Ayşe")  # the name is free again
    assert handle_of("Ayşe") != handle


def test_accounts_that_are_no_persons_are_not_erased_by_their_holder(exercise: Exercise) -> None:
    teacher = signed_in(exercise, "INSTRUCTOR")
    assert "/me/erase/" not in body(teacher.get("/me/"))
    assert teacher.post("/me/erase/", {"name": "teacher"}).status_code == 403
    assert teacher.post("/me/", {"name": "Somebody"}).status_code == 403


def test_ones_own_page_is_for_who_is_signed_in() -> None:
    for address in ("/me/", "/me/export.json", "/me/erase/"):
        assert Client().get(address)["Location"].startswith("/?next=")
