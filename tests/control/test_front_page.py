"""The front page: what one may do here, what one left open, which seats have work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework import work
from control import accounts, actions, stories
from exercises import paging
from exercises.models import Exercise
from tests import playing
from tests.browsing import body
from tests.review import examining

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> Iterator[None]:
    settings.DEMO, settings.DEMO_PIN = True, ""
    cache.clear()
    yield
    cache.clear()


def teacher(**details: Any) -> User:
    user: User = get_user_model().objects.create_user("teacher", password="chalk", **details)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(user: User, name: str, *, solo: bool = False) -> Exercise:
    return actions.open_for(user, name, at=stories.load("alpha").start, solo=solo)


def doors(page: str) -> dict[str, str]:
    """Return where each door leads, by its heading."""
    found = re.findall(r'<li class="door">(.*?)</li>', page, re.DOTALL)
    return {
        re.findall(r"<h2>(.*?)</h2>", one)[0]: "".join(re.findall(r'<a[^>]* href="([^"]*)"', one))
        for one in found
    }


def part(page: str, title: str) -> str:
    """Return what stands under a heading of the second level."""
    return page.partition(f">{title}</h2>")[2].partition("<h2")[0]


def in_the_open(page: str) -> list[tuple[str, str, str]]:
    """Return the seats that stand before "All seats": label, state, what waits."""
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    return re.findall(
        r"<strong>([^<]*)</strong><span>([^<]*)</span><b>([^<]*)</b>", re.sub(r">\s+<", "><", shown)
    )


# Doors


def test_a_stranger_finds_every_door_without_signing_in() -> None:
    stories.stage(stories.load("alpha"))
    assert doors(body(Client().get("/"))) == {
        "Practise at a desk": "/practise/",
        "A first flight": "/first-flight/",
        "Take an exam": "/exams/",
        "Join a class": "/join/",
        "Run a class": "/join/?next=/open/",
        "Look around": "#seats",
    }


def test_outside_a_demo_nobody_joins_without_a_pin_and_staff_alone_opens(settings: Any) -> None:
    settings.DEMO = False
    page = body(Client().get("/"))
    assert [*doors(page)] == ["Practise at a desk", "A first flight", "Take an exam", "Run a class"]
    assert doors(page)["Run a class"] == "#account"
    assert 'name="password"' in page.partition('id="account" open')[2]
    assert doors(body(client_of(teacher(is_staff=True)).get("/")))["Run a class"] == "/open/"


def test_whoever_may_not_open_an_exercise_reads_how_they_may(settings: Any) -> None:
    settings.DEMO = False
    page = body(client_of(teacher()).get("/"))
    assert doors(page)["Run a class"] == ""
    assert "Only staff opens an exercise" in page


def test_where_a_page_was_asked_for_it_says_that_one_signs_in_first() -> None:
    page = body(Client().get("/?next=/x/1/KZ-SECURITY/"))
    assert "is for whoever is signed in" in page
    assert doors(page)["Join a class"] == "/join/?next=/x/1/KZ-SECURITY/"
    assert 'id="account" open' in page


def test_whoever_joined_is_offered_neither_joining_nor_the_seats_of_the_cast() -> None:
    stories.stage(stories.load("alpha"))
    ayse = accounts.join("Ayşe", "kedi miyav")
    page = body(client_of(ayse).get("/"))
    assert "Join a class" not in doors(page)
    assert "Look around" not in doors(page)
    assert doors(page)["Run a class"] == "/open/"


def test_the_guest_of_the_machine_may_still_join_and_look_around() -> None:
    stories.stage(stories.load("alpha"))
    page = body(client_of(accounts.guest()).get("/"))
    assert {"Join a class", "Look around"} <= {*doors(page)}


# Which seats have work


def test_the_demo_says_which_seats_have_work_and_the_others_stand_behind_all_seats() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    owed = work.open_work(exercise, exercise.last_at)
    page = part(body(Client().get("/")), "Take a seat")

    shown = in_the_open(page)
    assert shown
    assert sum(int(waits.split()[0]) for _label, _state, waits in shown) == len(owed)
    assert {state for _label, state, _waits in shown} == {"Kazakhstan"}
    others = page.partition("<details")[2]
    assert "All seats" in others
    for seat in exercise.seats.all():
        assert f'value="{seat.pk}"' in others


def test_where_nothing_waits_the_planners_come_first_for_they_begin() -> None:
    playing.before("alpha", "prepare", seated=True)
    shown = in_the_open(part(body(Client().get("/")), "Take a seat"))
    assert shown == [("Planner", "Türkiye", ""), ("Planner", "Kazakhstan", "")]


def test_what_waits_for_a_seat_is_not_told_to_whoever_chooses_an_empty_one() -> None:
    exercise = playing.before("alpha", "concur")
    Exercise.objects.filter(pk=exercise.pk).update(is_open_to_join=True)
    page = body(client_of(accounts.join("Ayşe", "kedi miyav")).get("/"))
    assert page.count('name="seat"') == exercise.seats.count() - 1
    assert 'class="all-seats"' not in page
    assert "waiting" not in page


def test_of_an_exercise_that_ended_nothing_waits() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    playing.conduct(exercise, "end")
    page = body(Client().get("/"))
    assert "Exercises that have ended</h2>" not in page
    assert "Exercises that have ended (1)" in page
    assert "waiting" not in page


# What one left open


def test_what_one_left_open_stands_newest_first_with_what_waits_there() -> None:
    user = teacher()
    opened(user, "Monday")
    exercise = opened(user, "Alone", solo=True)
    line = next(one for one in stories.load("alpha").acts if one["do"] == "prepare")
    stories.perform(exercise, line)
    ended = opened(user, "Ended")
    playing.conduct(ended, "end")
    opened(get_user_model().objects.create_user("other", password="pen"), "Another's")

    page = body(client_of(user).get("/"))
    mine = part(page, "What you left open")
    assert re.findall(r'<h3 id="exercise-\d+">([^<]*)</h3>', mine) == ["Alone", "Monday"]
    assert in_the_open(mine) == [
        ("Planner", "Türkiye", "1 waiting"),
        ("Instructor", "Runs the clock, sees every side", ""),
    ]
    assert "Another&#x27;s" not in page
    assert "Another's" not in page


def test_an_exercise_in_which_one_sits_is_not_offered_a_second_time() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    holder = playing.seat(exercise, "KZ-SECURITY").holder
    assert holder is not None
    page = body(client_of(holder).get("/"))
    assert page.count(f'id="exercise-{exercise.pk}"') == 1
    assert f'href="/x/{exercise.pk}/KZ-SECURITY/"' in part(page, "What you left open")
    assert f'value="{playing.seat(exercise, "KZ-DECIDER").pk}"' in page


@pytest.mark.once
def test_an_attempt_at_an_exam_is_left_open_by_whoever_sits_it_and_not_by_whoever_holds_it() -> (
    None
):
    instructor, ayse = examining.teacher(), examining.joined("Ayşe")
    attempt, _seat = examining.begun(examining.held(instructor), ayse)
    theirs = f'id="exercise-{attempt.pk}"'
    assert theirs in part(body(client_of(ayse).get("/")), "What you left open")
    page = body(client_of(instructor).get("/"))
    assert "Monday's exam" in part(page, "What you left open")
    assert theirs not in page


# How much it asks


def test_the_page_asks_no_more_for_many_exercises_than_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    user = teacher()
    client = client_of(user)
    taken: list[int] = []
    for number in (1, 9):
        for each in range(number):
            playing.before("alpha", "concur", seated=True)
            opened(user, f"Class {number}.{each}")
        client.get("/")
        for asking in (client, Client()):
            asking.get("/")
            with CaptureQueriesContext(connection) as queries:
                page = body(asking.get("/"))
            assert "waiting" in page or asking is client
            taken.append(len(queries))
    assert all(many <= one for one, many in zip(taken[:2], taken[2:], strict=True))
    assert max(taken) <= 8


def test_every_exercise_is_on_one_of_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    user = teacher()
    client = client_of(user)
    names = {f"Class {number}" for number in range(5)}
    for name in sorted(names):
        opened(user, name)
    playing.before("alpha", "concur", seated=True)
    found: list[str] = []
    address = "/"
    while address:
        page = body(client.get(address))
        found += re.findall(r'<h3 id="exercise-\d+">([^<]*)</h3>', page)
        following = re.search(r'rel="next"\s+href="([^"]*)"', page)
        address = f"/{following[1]}" if following else ""
    assert found[:5] == sorted(names, reverse=True)
    assert len(found) == 6
