"""What the log says, to people and to machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import logs
from config.urls import handler500  # noqa: F401 - of the addresses below
from control import supervisor
from tests import canaries
from tests.browsing import body, signed_in

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.once


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("fail/", fail)]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged, as machines read it, every request included."""
    cache.clear()
    caplog.handler.setFormatter(logs.JsonFormatter())
    caplog.set_level(logging.INFO, logger="overflight.access")
    return caplog


def said(lines: pytest.LogCaptureFixture, logger: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in lines.handler.stream.getvalue().splitlines()]
    return [line for line in found if line["logger"] == logger]


@pytest.mark.django_db
def test_each_request_is_one_line_with_its_exercise_and_seat(
    lines: pytest.LogCaptureFixture,
) -> None:
    exercise = canaries.submitted()
    page = f"/x/{exercise.pk}/KZ-REGISTRY/flights/"

    answer = signed_in(exercise, "KZ-REGISTRY").head(page, {"q": "hush"})

    (line,) = said(lines, "overflight.access")
    assert datetime.fromisoformat(line.pop("at")).utcoffset() is not None
    assert line.pop("milliseconds") >= 0
    assert line.pop("message").startswith(f"HEAD {page} 200 ")
    assert line == {
        "level": "INFO",
        "logger": "overflight.access",
        "request": answer["X-Request-ID"],
        "client": "127.0.0.1",
        "exercise": exercise.pk,
        "seat": "KZ-REGISTRY",
        "method": "HEAD",
        "path": page,
        "status": 200,
    }


@pytest.mark.django_db
def test_static_files_and_probes_that_find_nothing_amiss_are_no_news(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    client.get("/static/favicon.svg")
    client.get("/healthz")
    client.get("/metrics")

    assert [line["path"] for line in said(lines, "overflight.access")] == ["/metrics"]


@pytest.mark.django_db
def test_who_does_not_get_in_is_logged_without_a_name(
    client: Client, settings: Settings, lines: pytest.LogCaptureFixture
) -> None:
    settings.DEMO, settings.DEMO_PIN = True, "471100"
    settings.FIRST_ACCOUNT_CODE = ""
    joins = {"name": "Ayşe", "word": "kedi miyav", "pin": "471100"}
    client.post("/join/", joins)
    client.post("/sign-out/")
    wrong = {"username": "Ayşe", "password": "hush", "next": ""}

    client.post("/", wrong)
    client.post("/admin/login/", wrong)
    client.post("/join/", joins | {"pin": "000000"})
    client.post("/join/", joins | {"word": "kedi hav"})

    assert [line["message"] for line in said(lines, "control.guesses")] == [
        "A sign-in failed: wrong password",
        "A sign-in failed: wrong password",
        "A sign-in failed: wrong pin",
        "A sign-in failed: wrong word",
    ]
    assert {line["client"] for line in said(lines, "control.guesses")} == {"127.0.0.1"}
    written = lines.handler.stream.getvalue().casefold()
    assert not {one for one in ("hush", "ayşe", "kedi", "000000") if one in written}


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_is_one_line_and_its_page_has_the_reference(
    lines: pytest.LogCaptureFixture,
) -> None:
    answer = Client(raise_request_exception=False).get("/fail/?hush")

    (line,) = said(lines, "django.request")
    assert line["request"] == answer["X-Request-ID"]
    assert line["traceback"].splitlines()[-1] == "ZeroDivisionError"
    assert answer.status_code == 500
    assert f"<code>{answer['X-Request-ID']}</code>" in body(answer)
    assert "hush" not in line["message"]


def test_what_nobody_catches_is_one_line_too(
    lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setattr("threading.excepthook", None)
    try:
        logs.catch_the_rest()
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("in two\nlines"), None)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        logging.captureWarnings(capture=False)

    (line,) = said(lines, "config.logs")
    assert (line["level"], line["message"]) == ("CRITICAL", "Nobody caught ZeroDivisionError")
    assert line["traceback"].endswith("in two\nlines")


def test_people_read_the_moment_in_utc_and_the_reference() -> None:
    request = HttpRequest()
    request.reference = "c0ffee"  # type: ignore[attr-defined]
    record = logging.makeLogRecord(
        {"name": "django.request", "levelname": "WARNING", "msg": "Not Found", "request": request}
    )
    record.created = 1790000000.25

    line = logs.TextFormatter().format(record)

    assert line == "2026-09-21T14:13:20.250Z WARNING django.request: Not Found [c0ffee]"


@pytest.mark.parametrize(
    ("line", "logger", "message"),
    [
        ("READY http://127.0.0.1:8000", "supervisor", "READY http://127.0.0.1:8000"),
        ("web| Traceback (most recent", "supervisor.web", "Traceback (most recent"),
        ('web| {"logger": "waitress", "message": "Serving"}', "waitress", "Serving"),
    ],
)
def test_the_supervisor_speaks_to_machines_as_its_processes_do(
    line: str, logger: str, message: str
) -> None:
    read = json.loads(supervisor.as_json(line))

    assert (read["logger"], read["message"]) == (logger, message)
