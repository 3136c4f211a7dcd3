"""The front page and the help beside each page: by keyboard, on a phone, without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from exercises.models import Exercise

pytestmark = pytest.mark.browser

DOORS = (
    "Practise at a desk",
    "A first flight",
    "Take an exam",
    "Join a class",
    "Run a class",
    "Look around",
)


@pytest.fixture
def plain(browser: Browser, live_server: LiveServer) -> Iterator[Person]:
    """Somebody with a dark phone, whose browser runs no script."""
    context = browser.new_context(
        java_script_enabled=False,
        color_scheme="dark",
        viewport=ViewportSize(width=360, height=760),
    )
    yield Person(context.new_page(), live_server.url)
    context.close()


def test_the_doors_stand_open_to_a_stranger_and_to_the_keyboard(
    person: Person, exercise: Exercise
) -> None:
    person.visit("/")
    for door in DOORS:
        expect(person.page.get_by_role("heading", name=door, level=2)).to_be_visible()
    practise = person.page.get_by_role("link", name="Choose a desk")
    while not practise.evaluate("(link) => link === document.activeElement"):
        person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Practise at a desk")
    person.look()


def test_the_seats_that_wait_for_nothing_stand_behind_all_seats(
    person: Person, exercise: Exercise
) -> None:
    person.visit("/")
    registry = person.page.get_by_role("button", name="Foreign-ministry registry").first
    expect(registry).to_be_hidden()
    person.page.get_by_text("All seats").first.focus()
    person.page.keyboard.press("Enter")
    expect(registry).to_be_visible()
    person.look()
    registry.click()
    expect(person.page.locator(".seat-switch summary strong")).to_have_text(
        "Foreign-ministry registry"
    )
    person.visit("/")
    expect(person.page.get_by_role("heading", name="What you left open", level=2)).to_be_visible()


def test_help_is_one_key_away_and_closes_where_one_was(person: Person, exercise: Exercise) -> None:
    person.visit("/")
    person.page.keyboard.press("h")
    help_text = person.page.get_by_role("dialog", name="The start page")
    expect(help_text).to_contain_text("each card is a door")
    person.look()
    person.page.keyboard.press("Escape")
    expect(help_text).to_be_hidden()

    person.sign_in("Planner")
    person.page.get_by_role("link", name="Help", exact=True).first.click()
    help_text = person.page.get_by_role("dialog", name="The list of requests")
    expect(help_text).to_contain_text("open work")
    person.look()
    help_text.get_by_role("button", name="Close").press("Enter")
    expect(help_text).to_be_hidden()
    person.page.keyboard.press("?")
    shortcuts = person.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("Help on this page")


@pytest.mark.parametrize("address", ["/help/", "/glossary/"])
def test_help_and_glossary_are_pages_to_read(person: Person, db: None, address: str) -> None:
    person.visit(address)
    person.page.set_viewport_size(ViewportSize(width=360, height=760))
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    person.look()


def test_without_script_the_doors_the_seats_and_the_help_are_there(
    plain: Person, exercise: Exercise
) -> None:
    plain.page.goto(plain.host)
    plain.page.get_by_role("link", name="Help", exact=True).first.click()
    expect(plain.page).to_have_url(re.compile(r"/help/#front$"))
    plain.page.goto(plain.host)
    plain.page.get_by_text("All seats").first.click()
    plain.page.get_by_role("button", name="Security desk").first.click()
    expect(plain.page.locator(".seat-switch summary strong")).to_have_text("Security desk")
