"""A person at a browser, who minds what a reader would mind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model

from audit import acts
from control import actions
from exercises.models import Role
from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ConsoleMessage, Page, Request
    from pytest_django.live_server_helper import LiveServer

    from exercises.models import Exercise

START = datetime(2026, 9, 1, 6, tzinfo=UTC)

#: The browser says of every answer that is no success that it failed to load; we expect some.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader who wants no motion: colours are those of the page, and not on their way there."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture
def exercise(transactional_db: None) -> Exercise:
    """A new exercise, paused, whose seats are all held by one person."""
    opened = actions.create("Browser test", at=START, solo=True)
    person = get_user_model().objects.create_user("demo")
    instructor = opened.seats.get(role=Role.INSTRUCTOR)
    for seat in opened.seats.order_by("pk"):
        with acts.act(opened, at=START, by=instructor) as at:
            actions.sit(seat, by=instructor, at=at, holder=person.get_username())
    opened.refresh_from_db()
    return opened


@pytest.fixture
def person(page: Page, live_server: LiveServer) -> Iterator[Person]:
    """A person at the start page; the test fails on what the browser complains of."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            complaints.append(f"console: {message.text}")

    def mind(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(live_server.url).netloc:
            complaints.append(f"left the host: {request.url}")

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.context.on("request", mind)
    page.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"
    )
    yield Person(page, live_server.url)
    assert not complaints
