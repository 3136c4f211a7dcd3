"""Whatever a request says in its headers, it is answered; a page of a seat is kept by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests import playing
from tests.browsing import signed_in

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercise() -> Exercise:
    return playing.before("alpha", "register", seated=True)


#: Where nobody is sent who is not signed in.
TO_THE_DOOR = 302

ODD: list[tuple[str, dict[str, str], set[int]]] = [
    (
        "/x/1/KZ-REGISTRY/flights/live/",
        {"HX-Request": "true", "HX-Current-URL": "http://["},
        {200, TO_THE_DOOR},
    ),
    ("/", {"Host": "evil.example"}, {400}),
    ("/", {"Host": "a b"}, {400}),
    ("/", {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}, {200}),
    ("/", {"X-Forwarded-For": "\x01" * 9, "X-Forwarded-Port": "-1"}, {200}),
    ("/", {"Accept-Language": "tr;q=0.1," * 20_000}, {200}),
    ("/", {"Accept-Language": "\u0130;q=x"}, {200}),
    ("/", {"If-None-Match": '"' * 999}, {200}),
    ("/?next=%00", {}, {200}),
    ("/x/1/KZ-REGISTRY/flights/?q=%00", {}, {200, TO_THE_DOOR}),
    ("/x/1/KZ-REGISTRY/flights/1/files/a%00b", {}, {404, TO_THE_DOOR}),
    ("/?after=running.%ff", {}, {404}),
]


@pytest.mark.parametrize(("address", "headers", "statuses"), ODD)
def test_odd_headers_are_refused_or_ignored(
    exercise: Exercise, settings: Any, address: str, headers: dict[str, str], statuses: set[int]
) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["testserver"]
    address = address.replace("/x/1/", f"/x/{exercise.pk}/")
    for client in (Client(raise_request_exception=False), signed_in(exercise, "KZ-REGISTRY")):
        found = client.get(address, headers=headers).status_code
        assert found in statuses, found


def test_an_htmx_request_of_nobody_goes_to_the_door_whatever_page_it_names() -> None:
    odd = {"HX-Request": "true", "HX-Current-URL": "http://["}
    answer = Client().get("/x/1/KZ-REGISTRY/flights/live/", headers=odd)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/?next=%2F")


@pytest.mark.parametrize("value", ["a\0b", '"a\\000b"'])
def test_a_cookie_with_a_nul_is_refused(value: str) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/me/", headers={"Cookie": f"overflight_session={value}"})
    assert answer.status_code == 400


def test_no_page_that_shows_who_is_signed_in_is_kept(exercise: Exercise) -> None:
    client = signed_in(exercise, "KZ-REGISTRY")
    at = f"/x/{exercise.pk}/KZ-REGISTRY/"
    for page in ("/", "/me/", f"{at}flights/", f"{at}flights/1/", f"{at}flights/99/"):
        assert "no-store" in client.get(page)["Cache-Control"], page
    live = client.get(f"{at}flights/live/")
    assert live["Cache-Control"] == "private, no-cache"
    again = client.get(f"{at}flights/live/", headers={"If-None-Match": live["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")
    get_user_model().objects.create_superuser("root", password="chalk and board")
    client.login(username="root", password="chalk and board")
    assert "no-store" in client.get("/admin/")["Cache-Control"]
