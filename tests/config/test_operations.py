"""What machines ask: whether it answers, is ready, how it does; and `HEAD` everywhere."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import operations, wsgi
from config.celery import app as celery_app
from tests import canaries, wall
from tests.browsing import signed_in
from tests.config.test_doctor import running
from tests.test_visibility import NOTHING, Route, routes, rows_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TOKEN = "known-to-the-one-who-watches"

WELL = {"ready": True, "database": True, "migrations": True, "broker": True, "ticks": True}


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[wall.Wall]:
    """Nothing is kept from one question to the next."""
    monkeypatch.setattr(operations, "KEPT_SECONDS", 0)
    with wall.standing() as standing:
        yield standing


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("method", "body"), [("GET", [b"ok\n"]), ("HEAD", [])])
def test_a_process_that_answers_says_so_without_django(method: str, body: list[bytes]) -> None:
    """By whatever name it is called, and while its database is away."""
    said: list[object] = []
    start: Any = lambda *answer: said.extend(answer)  # noqa: E731
    environ = {"PATH_INFO": "/healthz", "REQUEST_METHOD": method, "HTTP_HOST": "10.0.0.7"}

    assert wsgi.application(environ, start) == body

    assert said == ["200 OK", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]]


def test_it_is_ready_where_all_that_is_needed_is_well(client: Client) -> None:
    assert ready(client) == (200, WELL | {"last_tick_seconds": None})

    running(ticked=timedelta(seconds=4))

    assert ready(client) == (200, WELL | {"last_tick_seconds": 4.0})


def test_it_is_not_ready_while_nobody_ticks(client: Client) -> None:
    running(ticked=timedelta(hours=1))

    late = WELL | {"ready": False, "ticks": False, "last_tick_seconds": 3600.0}
    assert ready(client) == (503, late)


def test_it_is_not_ready_without_its_broker(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_write_url", "redis+socket:///nobody/listens/here")

    status, said = ready(client)

    assert (status, said["broker"], said["database"]) == (503, False, True)


def test_it_is_not_ready_before_its_tables_are_there(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("transit", "0001_initial")

    assert ready(client) == (
        503,
        WELL | {"ready": False, "migrations": False, "ticks": False, "last_tick_seconds": None},
    )


def test_who_asks_often_is_told_what_was_found_a_moment_ago(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "KEPT_SECONDS", 3600)
    first = ready(client)
    running(ticked=timedelta(hours=1))

    assert ready(client) == first


def test_it_is_not_ready_while_a_look_hangs(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = WELL | {"last_tick_seconds": None}
    assert ready(client) == (200, well)
    with operations._looking:  # another looks
        monkeypatch.setattr(operations, "_looks_since", [time.monotonic()])
        assert ready(client) == (200, well)

        operations._looks_since[0] -= operations.HANGS_SECONDS

        assert ready(client) == (503, well | {"ready": False})


def test_past_the_proxy_they_are_asked_without_tls(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/readyz").status_code == 200
    assert client.get("/help/").status_code == 301


def test_figures_are_for_whoever_has_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404

    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_figures_tell_how_it_does_and_nothing_of_a_case(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    exercise = canaries.submitted()
    page = f"/x/{exercise.pk}/KZ-REGISTRY/flights/1/"
    signed_in(exercise, "KZ-REGISTRY").get(page)
    running(ticked=timedelta(seconds=4))
    running(ticked=timedelta(seconds=4), halted="A fault.")

    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    said = answer.content.decode()
    route = 'route="x/<int:exercise>/<slug:seat>/flights/<int:number>/"'
    assert f'overflight_requests_total{{method="GET",{route},status="200"}}' in said
    assert f"overflight_request_seconds_count{{{route}}}" in said
    assert "overflight_database_up 1.0" in said
    assert "overflight_exercises_halted 1.0" in said
    assert "overflight_last_tick_seconds 4.0" in said
    assert not {one for one in ("KZ-REGISTRY", page, "authorize", "submit") if one in said}


def first_address(exercise: Exercise, key: str, route: Route) -> str:
    """Return the first address that a route can have in an exercise; a code is one that is none."""
    rows = rows_for(exercise, key, route) | {"code": [NOTHING]}
    return route.filled({name: rows[name][0] for name in route.converters})


def test_every_address_answers_head_as_it_answers_get_without_a_body() -> None:
    exercise = canaries.submitted()
    client = signed_in(exercise, "INSTRUCTOR")
    differ = []
    for route in routes():
        if route.text.startswith("admin/") and route.text != "admin/login/":
            continue
        address = first_address(exercise, "INSTRUCTOR", route)
        got, head = client.get(address), client.head(address)
        if (got.status_code, b"") != (head.status_code, head.getvalue()):
            differ.append(address)
    assert differ == []


def test_every_answer_has_a_reference_of_its_own(client: Client) -> None:
    references = {client.get(address)["X-Request-ID"] for address in ("/help/", "/help/", "/no/")}

    assert len(references) == 3
