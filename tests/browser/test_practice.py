"""Alone, as a new user: from the front page to a desk, five dossiers, and what was right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from approvals import checks
from exercises.models import Seat
from review import marks
from scenarios.models import Assignment

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = "Security desk"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO, settings.DEMO_PIN = True, ""


def on_the_desk() -> tuple[Assignment, Seat]:
    """Return the dossier that lies on the desk, and the seat."""
    [seat] = Seat.objects.filter(sittings__isnull=False)
    waiting = Assignment.objects.filter(flight__isnull=False).exclude(handins__seat=seat)
    return waiting.select_related("flight").order_by("number")[0], seat


def findings(row: Assignment, seat: Seat) -> list[tuple[str, str, str]]:
    """Return what is wrong with a dossier at the desk: a fact, a rule of the desk, else words."""
    assert row.flight
    known = checks.known_codes(row.flight, seat)
    return [
        (one["facts"][0], next((c for c in one["codes"] if c in known), ""), one["kind"])
        for one in row.defects
        if marks.is_for(seat, one, row)
    ]


def test_five_dossiers_at_the_security_desk_with_a_mouse(person: Person) -> None:
    page = person.page
    person.visit("/")
    page.get_by_role("link", name="Choose a desk").click()
    person.look()
    page.get_by_label(DESK).check()
    page.get_by_label("Seed").fill("3")
    page.get_by_role("button", name="Begin").click()
    for number in range(1, 6):
        expect(page.get_by_role("region", name="Sitting")).to_contain_text(f"dossier {number}")
        expect(page.get_by_role("region", name="Your moves")).to_be_visible()
        row, seat = on_the_desk()
        found = findings(row, seat)
        for fact, code, words in found:
            page.locator(f'a[href*="fact={fact}#moves"]').first.click()
            page.wait_for_load_state()
            form = page.locator('form[action$="/do/mark/"]')
            expect(form.locator("select[name=fact]")).to_have_value(fact)
            if code:
                form.locator("select[name=code]").select_option(code)
            else:
                form.get_by_label("Something else, in words").fill(words)
            form.get_by_label("Sure", exact=True).check()
            form.get_by_role("button", name="Mark a fact").click()
            expect(page.get_by_role("status")).to_contain_text("Fact marked")
        person.press(
            "Record your own check",
            items={
                "States really crossed, in order": " ".join(row.key["states"]),
                "Answer due on": row.key["due_on"],
            },
            told="Own check recorded",
        )
        if found:
            person.press("Ask the requesting side", items={"Question": "As marked."})
        else:
            person.press("Answer", choose="Concurs", told="Desk answered")
        strip = page.get_by_role("region", name="Sitting")
        strip.get_by_role("button", name="Hand in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("What was right")
        person.look()
        if number < 5:
            strip.get_by_role("button", name="Next dossier").click()
            expect(page.get_by_role("region", name="Your moves")).to_be_visible()
    page.get_by_role("link", name="Table of this sitting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Table of this sitting")
    person.look()
    _row, seat = Assignment.objects.get(number=1), Seat.objects.get(sittings__isnull=False)
    sheet = marks.sheet(seat.exercise, seat)
    assert (sheet.count(marks.What.MISS), sheet.count(marks.What.FALSE_ALARM)) == (0, 0)
    assert sheet.hits == sum(len(findings(one, seat)) for one in Assignment.objects.all())


def test_a_dossier_on_a_phone_by_keyboard_alone(person: Person) -> None:
    page = person.page
    page.set_viewport_size({"width": 360, "height": 740})
    person.visit("/practise/")
    go(page, page.get_by_label(DESK), key="Tab")
    page.keyboard.press("Space")
    go(page, page.get_by_role("button", name="Begin"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Sitting")).to_contain_text("dossier 1")
    row, _seat = on_the_desk()
    person.look()

    go(page, page.get_by_role("link", name="Mark as wrong: passengers", exact=True).first)
    page.keyboard.press("Enter")
    form = page.locator('form[action$="/do/mark/"]')
    expect(form.locator("select[name=fact]")).to_have_value("passenger_count")
    go(page, form.get_by_label("Something else, in words"))
    page.keyboard.type("Too many.")
    go(page, form.get_by_label("Sure", exact=True))
    page.keyboard.press("Space")
    go(page, form.get_by_role("button", name="Mark a fact"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Fact marked")

    go(page, page.get_by_label("States really crossed, in order"))
    page.keyboard.type(" ".join(row.key["states"]))
    go(page, page.get_by_label("Answer due on"))
    page.keyboard.type(row.key["due_on"])
    go(page, page.get_by_role("button", name="Record your own check"))
    page.keyboard.press("Enter")
    yes = page.get_by_role("dialog").get_by_role("button", name="Record your own check")
    go(page, yes)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Own check recorded")

    go(page, page.get_by_role("button", name="Hand in"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What was right")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    person.look()


def go(page: Page, to: Locator, *, key: str = "Tab") -> None:
    """Press Tab until the cursor is there, at the most once around the page."""
    to.wait_for()
    for _press in range(400):
        if to.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"No key leads to {to}")
