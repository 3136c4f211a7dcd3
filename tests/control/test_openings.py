"""One form opens one exercise, however often it comes; nobody opens exercises without end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from audit import acts, verification
from audit.refusals import NotNow
from control import actions, guesses, openings, stories
from control.openings import Opener
from exercises.models import Exercise, Opening
from tests import playing, wall
from tests.approvals.test_races import at_once
from tests.browsing import body, form_for

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db(transaction=True)

START = stories.load("alpha").start


@pytest.fixture
def teacher() -> User:
    return get_user_model().objects.create_user("teacher", password="chalk and board")


@pytest.fixture
def client(teacher: User, settings: Any) -> Client:
    settings.DEMO, settings.DEMO_PIN = True, ""
    client = Client()
    client.force_login(teacher)
    return client


def opened(user: User, once: str | None = None) -> Exercise:
    return actions.open_for(user, "A class", at=START, solo=False, opener=Opener(user, once))


@pytest.mark.parametrize(
    ("page", "filled"),
    [
        ("/open/", {"name": "Once", "start": "2026-09-07 06:00"}),
        ("/practise/", {"desk": "SECURITY", "level": "1", "minutes": "5"}),
        ("/first-flight/", {}),
    ],
)
def test_a_form_sent_twice_opens_one_exercise_and_leads_to_it(
    client: Client, page: str, filled: dict[str, str]
) -> None:
    form = form_for(client.get(page), "")
    sent = [client.post(page, form.fields | filled) for _ in range(2)]

    assert [one.status_code for one in sent] == [302, 302]
    assert sent[0]["Location"] == sent[1]["Location"]
    assert Exercise.objects.count() == 1
    client.post(page, form_for(client.get(page), "").fields | filled)
    assert Exercise.objects.count() == 2  # another form, another exercise


def test_of_two_tabs_at_once_one_opens(teacher: User) -> None:
    found = at_once(*[lambda: opened(teacher, "one-form").pk] * 3)
    assert len({*found}) == 1
    assert Exercise.objects.count() == 1


def test_whoever_has_opened_many_ends_one_first(
    client: Client, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "MOST", 2)
    first, _second = opened(teacher), opened(teacher)

    with pytest.raises(NotNow, match="2 exercises that still run"):
        opened(teacher)
    answer = client.post("/open/", {"name": "Third", "start": "2026-09-07 06:00", **CHOSEN})
    assert answer.status_code == 409
    assert "the oldest is “A class”" in body(answer)
    assert Exercise.objects.count() == 2

    playing.conduct(first, "end")
    assert opened(teacher).name == "A class"
    teacher.is_staff = True
    teacher.save()
    assert opened(teacher).name == "A class"  # staff runs a course


def test_practice_is_refused_to_nobody_and_what_was_left_longest_ends(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO, settings.DEMO_PIN = True, ""
    monkeypatch.setattr(openings, "MOST_SAT", 2)
    monkeypatch.setattr(openings, "MOST", 1)
    guest = Client()  # everybody at this machine is the one guest
    begun = [guest.post("/first-flight/") for _ in range(2)]
    first, second = Exercise.objects.order_by("pk")
    with acts.act(first) as at:  # in the second nothing is done
        actions.advance(first, by=None, at=at, to=at + timedelta(hours=1))

    third = guest.post("/practise/", {"desk": "SECURITY", "level": "1", "minutes": "5"})

    assert [one.status_code for one in (*begun, third)] == [302, 302, 302]
    running = Exercise.objects.filter(ended_at=None).order_by("pk")
    assert [one.pk for one in running] == [first.pk, second.pk + 1]
    second.refresh_from_db()
    assert playing.verbs(second)[-1] == "be_over"
    assert verification.faults(second) == []
    user = Opening.objects.get(exercise=first).by
    assert opened(user).name == "A class"  # what one sits takes no place of what one leads


def test_many_accounts_are_no_way_to_open_more(
    client: Client, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "COMING_FROM_AN_ADDRESS", 3)
    cache.clear()
    form = {"name": "Another", "start": "2026-09-07 06:00", **CHOSEN}
    with wall.standing() as minute:
        for number in range(2):
            said = {"name": f"Ayşe {'ab'[number]}", "word": "kedi miyav"}
            assert client.post("/join/", said, REMOTE_ADDR="10.0.0.1").status_code == 302
        assert client.post("/first-flight/", REMOTE_ADDR="10.0.0.1").status_code == 302
        for page, filled in (("/join/", said), ("/open/", form), ("/first-flight/", {})):
            answer = client.post(page, filled, REMOTE_ADDR="10.0.0.1")
            assert answer.status_code == 429
            assert "joined and opened from your address" in body(answer)
        assert client.post("/open/", form, REMOTE_ADDR="10.0.0.2").status_code == 302
        minute.wait(seconds=guesses.WINDOW)
        monkeypatch.setattr(openings, "MOST_OF_DEMO", 1)

        full = client.post("/open/", form, REMOTE_ADDR="10.0.0.1")
        assert full.status_code == 409
        assert "1 exercises run here, and a demo has no more" in body(full)
        assert client.post("/first-flight/", REMOTE_ADDR="10.0.0.1").status_code == 302
    sat = Exercise.objects.filter(name="First flight", ended_at=None)
    assert [one.pk for one in sat] == [Exercise.objects.latest("pk").pk]  # the other was left
    cache.clear()


CHOSEN = {"agreement": "TR-KZ", "help": "OPEN"}
