"""The guided first flight, walked by hand: every step begins at the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import ViewportSize, expect

from control.first_flight import GRANTED

if TYPE_CHECKING:
    from tests.browser.person import Person

pytestmark = pytest.mark.browser

PHONE = ViewportSize(width=360, height=760)

#: What the papers say of the items that are open.
FROM_THE_PAPERS = {
    "Captain: rank and name": "Binbaşı Deniz Örnek",
    "Cargo, mass": "18000",
    "Contact: telephone, day and night": "+90 312 000 0000",
}
UNDERTAKINGS = (
    "Keeps to route and times as authorized",
    "Keeps sensors and equipment off over the host state",
    "Changes nothing without an amendment",
    "Reports within the time allowed after the flight",
)


def test_whoever_follows_the_guide_arrives(
    person: Person, settings: Any, transactional_db: None
) -> None:
    settings.DEMO = True
    page = person.page
    guide = page.get_by_role("region", name="A first flight")

    def is_at(step: int) -> None:
        expect(guide.get_by_role("heading")).to_contain_text(f"step {step} of 13")
        person.look()

    def go() -> None:
        guide.get_by_role("link", name="Go there").click()
        expect(guide).to_contain_text("It is done on this page.")
        person.look()

    def wait() -> None:
        guide.get_by_role("button", name="Let time pass until something is yours").click()

    person.visit("/first-flight/")
    page.get_by_role("button", name="Begin").click()
    is_at(1)

    go()
    person.fill(FROM_THE_PAPERS)
    for undertaking in UNDERTAKINGS:
        page.get_by_label(undertaking).check()
    page.get_by_role("button", name="Save").click()
    is_at(2)

    go()
    page.get_by_role("button", name="Propose crossings from the route").click()
    expect(page.get_by_role("status")).to_contain_text("6 crossings proposed")
    rows = page.locator("table.crossings tbody tr")
    for place, state in enumerate(("TR", "GE", "AZ", "KZ", "UZ", "TJ")):
        row = rows.nth(place)
        expect(row.get_by_label("State")).to_have_value(state)
        if state in GRANTED:
            row.get_by_label("Clearance", exact=True).select_option("GRANTED")
            row.get_by_label("Clearance number").fill(GRANTED[state])
    page.get_by_role("button", name="Save").click()
    is_at(3)

    page.set_viewport_size(PHONE)
    person.look()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(ViewportSize(width=1280, height=900))

    expect(page.get_by_role("main")).to_contain_text("LTAC")
    page.get_by_role("link", name="Edit the form").first.click()
    person.fill({"Aerodrome of departure": "LTAU"})
    page.get_by_role("button", name="Save").click()
    is_at(4)

    person.press("Request release", told="Put before the release officer")
    is_at(5)
    wait()
    is_at(6)
    person.press("Transmit by note", items={"Note number": "2026/0117"}, told="Transmitted")
    is_at(7)
    wait()
    is_at(8)
    expect(guide).to_contain_text("Your papers")
    person.press(
        "Answer the question",
        items={"Answer": "Uzbekistan has granted the overflight, number EXUZ26S0206."},
        told="Question answered",
    )
    is_at(9)
    wait()
    is_at(10)

    guide.get_by_role("button", name="Close the guide").click()
    expect(guide.get_by_role("button", name="Show the guide")).to_be_visible()
    person.look()
    guide.get_by_role("button", name="Show the guide").click()

    person.press("File the flight plan", told="Flight plan filed")
    is_at(11)
    wait()
    is_at(12)
    person.press(
        "Send the post-flight report",
        items={"Post-flight report": "Flown as authorized.", "Persons on board": "11"},
        told="Post-flight report received",
    )
    is_at(13)
    wait()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your first flight")
    expect(page.get_by_role("main")).to_contain_text("7 of 7 things were right.")
    person.look()
    page.set_viewport_size(PHONE)
    person.look()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
