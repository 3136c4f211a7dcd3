"""The handbook in a browser: wide and narrow, light and dark, without scripts, and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from books import sop

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from tests.browser.person import Person

pytestmark = pytest.mark.browser

SCREENS = {
    "wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "wide and dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 800}, "color_scheme": "light"},
    "narrow and dark": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}


@pytest.fixture(params=SCREENS)
def browser_context_args(
    request: pytest.FixtureRequest, browser_context_args: dict[str, Any]
) -> dict[str, Any]:
    return {**browser_context_args, **SCREENS[request.param]}


def test_the_handbook_is_read_and_searched(person: Person) -> None:
    person.visit("/sop/#4.1")
    page = person.page
    expect(page.get_by_role("heading", name="4.1 Lead time")).to_be_in_viewport()
    lead_time = page.locator("[id='4.1']")
    lead_time.locator("summary").click()
    expect(lead_time).to_contain_text("NOTICE_SHORT")
    person.look()
    assert not _too_wide(person)

    page.get_by_label("Words of a clause, or its number").fill("item 18")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("“item 18”")
    expect(page.get_by_role("article").first).to_contain_text("Item 18")
    person.look()
    assert not _too_wide(person)


@pytest.mark.parametrize("browser_context_args", ["wide and dark"], indirect=True)
def test_on_paper_it_is_the_handbook_of_the_class(person: Person) -> None:
    """All clauses with their rules, chapters on new pages, no navigation, dark on white."""
    person.visit("/sop/")
    page = person.page
    page.emulate_media(media="print")
    person.look()

    expect(page.get_by_role("article")).to_have_count(len(sop.load().clauses))
    expect(page.get_by_text("NOTICE_SHORT", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("search")).to_have_count(0)
    breaks = page.locator(".sop-chapter").evaluate_all(
        "(chapters) => chapters.map((chapter) => getComputedStyle(chapter).breakBefore)"
    )
    assert breaks == ["auto", *["page"] * (len(sop.load().chapters) - 1)]


def test_without_scripts_it_is_searched_all_the_same(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(live_server.url + "/sop/")
    page.get_by_label("Words of a clause, or its number").fill("4.1")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_role("article")).to_have_count(1)
    page.context.close()


def _too_wide(person: Person) -> bool:
    return bool(
        person.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )
