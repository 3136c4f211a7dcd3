"""Two people at two browsers join by PIN with their names, and hold different seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser

PIN = "471100"

PHONE = ViewportSize(width=360, height=760)


@pytest.fixture
def others(browser: Browser, live_server: LiveServer) -> Iterator[list[Person]]:
    """Two more people, each at a browser of their own; one has a phone."""
    contexts = [browser.new_context(), browser.new_context(viewport=PHONE)]
    yield [Person(context.new_page(), live_server.url) for context in contexts]
    for context in contexts:
        context.close()


def join(person: Person, name: str) -> None:
    person.visit("/")
    person.page.get_by_role("link", name="Join with your name").click()
    person.look()
    person.fill({"Your name": name, "Your word": "kedi miyav", "PIN": PIN})
    person.page.get_by_role("button", name="Join").click()
    expect(person.page.get_by_text(f"You are signed in as {name}.")).to_be_visible()
    person.look()


def press(person: Person, button: str, told: str) -> None:
    person.page.get_by_role("button", name=button, exact=True).click()
    expect(person.page.get_by_role("status")).to_contain_text(told)
    person.look()


def fits(person: Person) -> bool:
    return bool(person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_class_joins_by_pin_with_names_and_holds_different_seats(
    person: Person, others: list[Person], settings: Any, transactional_db: None
) -> None:
    settings.DEMO, settings.DEMO_PIN = True, PIN
    ayse, mehmet = others

    join(person, "Zehra Öğüt")
    person.page.get_by_role("link", name="Open a new exercise").click()
    person.fill({"Name": "Pazartesi sınıfı", "Start (UTC)": "2026-09-07 06:00"})
    person.page.get_by_label("I hold every seat").uncheck()
    person.page.get_by_role("button", name="Open the exercise").click()
    person.page.get_by_role("link", name="People").click()
    person.look()
    person.fill({"Names, one a line": "Ayşe Yılmaz"})
    press(person, "Put them down", "1 person is put down.")
    person.page.get_by_label("Seat for Ayşe Yılmaz").select_option("Planner, Türkiye")
    press(person, "Seat: Ayşe Yılmaz", "Ayşe Yılmaz has a seat now: Planner, Türkiye.")
    press(person, "Let latecomers in", "may choose an empty seat")

    join(ayse, "Ayşe Yılmaz")
    ayse.page.get_by_role("link", name="Planner").click()
    expect(ayse.page.locator(".seat-switch summary strong")).to_have_text("Planner")

    join(mehmet, "Mehmet Kaya")
    assert fits(mehmet)
    kazakhstan = mehmet.page.get_by_role("region", name="Kazakhstan")
    seat = kazakhstan.get_by_role("button", name="Security desk")
    seat.focus()
    mehmet.page.keyboard.press("Enter")
    expect(mehmet.page.locator(".seat-switch summary strong")).to_have_text("Security desk")
    mehmet.look()
    mehmet.page.get_by_role("link", name="Your page: Mehmet Kaya").click()
    expect(mehmet.page.get_by_role("link", name="Security desk, Kazakhstan")).to_be_visible()
    mehmet.look()
    assert fits(mehmet)

    person.page.get_by_role("link", name="Record").first.click()
    events = person.page.get_by_role("row")
    expect(events.filter(has_text="Seat taken").filter(has_text="Ayşe Yılmaz")).to_have_count(1)
    expect(events.filter(has_text="Seat chosen").filter(has_text="Mehmet Kaya")).to_have_count(1)
    person.page.set_viewport_size(PHONE)
    person.page.get_by_role("link", name="Control").first.click()
    person.page.get_by_role("link", name="People").click()
    expect(person.page.get_by_role("row").filter(has_text="Mehmet Kaya")).to_contain_text(
        "Security desk, Kazakhstan"
    )
    person.look()
    assert fits(person)
