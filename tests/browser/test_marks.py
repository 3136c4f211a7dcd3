"""A dossier by the security desk: marked, checked, handed in, and read of what was right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from scenarios.models import Assignment

if TYPE_CHECKING:
    from tests.browser.person import Person

pytestmark = pytest.mark.browser


def fits(person: Person) -> bool:
    return bool(person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [1280, 360])
def test_a_dossier_is_marked_handed_in_and_told(
    person: Person, settings: Any, transactional_db: None, width: int
) -> None:
    settings.DEMO, settings.DEMO_PIN = True, ""
    page = person.page
    page.set_viewport_size({"width": width, "height": 800})
    person.visit("/practise/")
    page.get_by_role("radio", name="Security desk").check()
    page.get_by_label("Seed").fill("3")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Hand in").wait_for()
    person.press("Record your own check", items={"states really crossed, in order": "TR GE AZ KZ"})
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What was right")
    person.look()
    assert fits(person)

    defects = Assignment.objects.get(number=1).defects
    signs = page.locator(".whys > .why")
    assert signs.count() >= len(defects)
    for line in signs.all():
        expect(line).to_contain_text("Right:")
    page.locator("main summary").filter(has_text="Show me the count").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("day of receipt").first).to_be_visible()
    person.look()
    assert fits(person)

    page.get_by_role("link", name="Table of this sitting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Table of this sitting")
    person.look()
    assert fits(person)
    with page.expect_download() as file:
        page.get_by_role("link", name="As CSV").click()
    assert file.value.suggested_filename == "EXERCISE-marks.csv"
    page.get_by_role("link", name="1: ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What was right")
