"""Practising alone: who sits, one dossier after another, and how a sitting ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from audit import verification
from exercises import people
from exercises.models import Exercise
from scenarios.models import Assignment, Purpose, Sitting
from tests.browsing import body
from tests.wall import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.wall import Wall

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CHOSEN = {"desk": "SECURITY", "level": "1", "minutes": "5", "seed": "3"}


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO, settings.DEMO_PIN = True, ""


@pytest.fixture
def wall() -> Iterator[Wall]:
    with standing() as wall:
        yield wall


def begun(client: Client, **other: str) -> str:
    """Begin a practice; return the address of its seat."""
    answer = client.post("/practise/", CHOSEN | other)
    assert answer.status_code == 302, body(answer)
    return "/".join(answer["Location"].split("/")[:4]) + "/"


def test_on_this_machine_one_click_practises_without_a_name() -> None:
    client = Client()
    at = begun(client)
    sat = Sitting.objects.get()

    assert (sat.purpose, sat.person, sat.minutes) == (Purpose.PRACTICE, people.GUEST, 5)
    assert "Mark what is wrong" in body(client.get(f"{at}flights/1/"))
    assert Client().get(at).status_code == 302  # nobody else sits there
    assert begun(Client()) != at  # the guest again, at a new sitting
    assert verification.faults(sat.exercise) == []


def test_where_a_pin_is_asked_one_joins_first_and_comes_back(settings: Any) -> None:
    settings.DEMO_PIN = "471100"
    client = Client()
    answer = client.post("/practise/", CHOSEN)
    assert (answer.status_code, answer["Location"]) == (302, "/join/?next=%2Fpractise%2F")
    assert not Exercise.objects.exists()

    client.post("/join/", {"name": "Aigerim", "word": "kedi miyav", "pin": "471100"})
    begun(client)
    assert Sitting.objects.get().seat.holder_name == "Aigerim"


def test_what_cannot_be_practised_is_told_at_its_item_and_what_was_typed_is_kept() -> None:
    answer = Client().post("/practise/", CHOSEN | {"desk": "PLANNER", "seed": "many"})
    said = body(answer)
    assert answer.status_code == 422
    assert 'value="many"' in said
    assert "Select a valid choice. PLANNER" in said
    assert not Exercise.objects.exists()


def test_dossier_follows_dossier_and_marks_only_after_handing_in() -> None:
    client = Client()
    at = begun(client)
    for number in (1, 2, 3):
        assert client.get(f"{at}marks/{number}/").status_code == 409
        answer = client.post(f"{at}marks/{number}/hand-in/")
        assert (answer.status_code, answer["Location"]) == (302, f"{at}marks/{number}/")
        assert "What was right" in body(client.get(answer["Location"]))
        again = client.post(f"{at}marks/{number}/hand-in/")
        assert again["Location"] == answer["Location"]
        following = client.post(f"{at}next/")
        assert following["Location"] == f"{at}flights/{number + 1}/"
    assert client.post(f"{at}next/")["Location"] == f"{at}flights/4/"  # it lies on the desk
    assert Assignment.objects.count() == 4
    assert client.post(f"{at}marks/9/hand-in/").status_code == 404


def test_when_its_minutes_are_over_the_dossier_at_hand_is_the_last(wall: Wall) -> None:
    client = Client()
    at = begun(client)
    wall.wait(minutes=6)
    assert "the time is up" in body(client.get(f"{at}flights/1/"))

    client.post(f"{at}marks/1/hand-in/")

    assert Exercise.objects.get().ended_at
    assert "Practise again" in body(client.get(f"{at}marks/1/"))
    assert client.post(f"{at}next/")["Location"] == f"{at}marks/"
    assert client.get(f"{at}marks/").status_code == 200


def test_a_sitting_is_ended_by_whoever_sits_it() -> None:
    client = Client()
    at = begun(client)
    assert client.post(f"{at}end/")["Location"] == f"{at}marks/"
    assert Exercise.objects.get().ended_at
    assert client.post(f"{at}end/")["Location"] == f"{at}marks/"
    assert client.post(f"{at}marks/1/hand-in/").status_code == 409
    assert client.get(f"{at}marks/1/").status_code == 200  # nothing is to be done any more
