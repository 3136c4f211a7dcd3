"""Guessing is slow, whatever door; a class behind one address comes in at once all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher
from django.core.cache import cache
from django.test import Client, RequestFactory

from audit.refusals import TooOften
from config.counting import SteadyRedisCache
from config.hashers import LightArgon2
from control import guesses
from tests import wall
from tests.browsing import body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

    from tests.wall import Wall

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PASSWORD = "chalk and board"
DOORS = ("/", "/admin/login/")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def minute() -> Iterator[Wall]:
    with wall.standing() as found:
        yield found


def sign_in(name: str, password: str, *, door: str = "/", address: str = "10.0.0.1") -> Any:
    said = {"username": name, "password": password}
    return Client().post(door, said, REMOTE_ADDR=address)


@pytest.mark.parametrize("door", DOORS)
def test_whoever_guesses_at_a_password_waits_and_is_told_how_long(minute: Wall, door: str) -> None:
    get_user_model().objects.create_superuser("Teacher", password=PASSWORD)
    minute.wait(seconds=18)
    for number in range(guesses.AT_A_WORD):
        assert sign_in("teacher", f"guess {number}", door=door).status_code in (200, 422)

    stopped = sign_in("Teacher", PASSWORD, door=door)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "42")
    assert "Wait 42 seconds, then try again." in body(stopped)
    assert sign_in("Teacher", PASSWORD, door=door, address="10.0.0.2").status_code == 302

    minute.wait(seconds=42)
    assert sign_in("Teacher", PASSWORD, door=door).status_code == 302


def test_one_account_is_not_guessed_at_from_everywhere(minute: Wall) -> None:
    for number in range(guesses.AT_A_NAME_FROM_ALL):
        assert sign_in("teacher", "guess", address=f"10.0.1.{number}").status_code == 422
    assert sign_in("teacher", "guess", address="10.0.2.1").status_code == 429


def test_guesses_at_a_word_keep_nobody_out_but_where_they_came_from(minute: Wall) -> None:
    said = {"name": "Aliya", "word": "apple pie"}
    assert Client().post("/join/", said, REMOTE_ADDR="10.0.0.5").status_code == 302
    for number in range(guesses.AT_A_WORD):
        wrong = said | {"word": f"guess {number}"}
        assert Client().post("/join/", wrong, REMOTE_ADDR="10.0.0.9").status_code == 422

    assert Client().post("/join/", said, REMOTE_ADDR="10.0.0.9").status_code == 429
    assert Client().post("/join/", said, REMOTE_ADDR="10.0.0.5").status_code == 302


def guess(what: Callable[[HttpRequest], dict[str, int]], *addresses: str) -> None:
    for address in addresses:
        one = what(RequestFactory(REMOTE_ADDR=address).get("/"))
        guesses.check(one)
        guesses.was_wrong(one)


def test_neither_many_addresses_nor_those_of_one_network_are_a_way_round(minute: Wall) -> None:
    word = partial(guesses.word_of, "aliya")
    guess(word, *[f"2001:db8::{number}:1" for number in range(guesses.AT_A_WORD)])
    with pytest.raises(TooOften):
        guess(word, "2001:db8::ffff")
    guess(word, "2001:db8:0:1::1", "::ffff:10.0.0.1", "10.0.0.1")

    everywhere = [f"10.1.{number % 100}.1" for number in range(guesses.AT_THE_PIN_FROM_ALL)]
    guess(guesses.pin_from, *everywhere)
    with pytest.raises(TooOften):
        guess(guesses.pin_from, "10.2.0.1")
    assert guesses.address_of(RequestFactory(REMOTE_ADDR="").get("/")) == ""


def test_a_class_behind_one_address_signs_in_with_a_slip_each(minute: Wall) -> None:
    users = get_user_model().objects
    names = [
        users.create_user(f"pupil-{number}", password=PASSWORD).username for number in range(30)
    ]
    for name in names:
        assert sign_in(name, "a slip").status_code == 422
    for name in names:
        assert sign_in(name, PASSWORD).status_code == 302


def test_the_code_of_the_first_account_is_guessed_at_slowly(minute: Wall, settings: Any) -> None:
    settings.DEMO, settings.FIRST_ACCOUNT_CODE = False, "471100"
    for _ in range(guesses.FROM_AN_ADDRESS):
        assert Client().post("/first-account/", {"code": "1"}).status_code == 422
    assert Client().post("/first-account/", {"code": "471100"}).status_code == 429


def test_while_redis_is_away_people_come_in_and_nobody_counts() -> None:
    away = SteadyRedisCache("redis://127.0.0.1:1/0", {})
    assert away.get_many(["one"]) == {}
    assert away.add("one", 0, 60) is False
    assert away.incr("one") == 0


def test_a_hash_costs_19_mib_and_an_older_one_is_read_and_made_anew(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["config.hashers.LightArgon2"]
    older = Argon2PasswordHasher()
    older.memory_cost = 64 * 1024
    user = get_user_model().objects.create_user("teacher")
    user.password = older.encode(PASSWORD, older.salt())
    user.save()

    assert user.check_password(PASSWORD)  # and with that it is made anew
    user.refresh_from_db()
    said = identify_hasher(user.password).decode(user.password)
    assert isinstance(identify_hasher(user.password), LightArgon2)
    assert (said["memory_cost"], said["time_cost"], said["parallelism"]) == (19 * 1024, 2, 1)
    with ThreadPoolExecutor(8) as pool:
        at_once = pool.map(check_password, [PASSWORD] * 8, [user.password] * 8)
        assert all(at_once)
