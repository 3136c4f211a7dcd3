"""An exam in a class: two people at two desks, and nothing to read before it is released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import ViewportSize, expect

from audit.models import Event
from exercises.models import Exercise
from scenarios.models import Exam, Sitting
from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator
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
    person.visit("/join/?next=/exams/")
    person.fill({"Your name": name, "Your word": "kedi miyav", "PIN": PIN})
    person.page.get_by_role("button", name="Join").click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Exams")
    person.look()


def begin(person: Person, desk: str) -> None:
    person.page.get_by_label(desk).check()
    person.page.get_by_role("button", name="Begin").click()
    dialog = person.page.get_by_role("dialog", name="Please confirm")
    expect(dialog).to_contain_text("You have one attempt.")
    dialog.get_by_role("button", name="Begin").click()
    expect(strip(person)).to_contain_text("dossier 1 of 2")
    expect(strip(person)).to_contain_text("minutes left")
    person.look()


def strip(person: Person) -> Locator:
    return person.page.get_by_role("region", name="Sitting")


def hand_in_both(person: Person) -> None:
    for number in (1, 2):
        expect(strip(person)).to_contain_text(f"dossier {number} of 2")
        person.page.get_by_role("button", name="Hand in").click()
    expect(person.page.get_by_text("once the instructor releases the results")).to_be_visible()
    person.look()


def fits(person: Person) -> bool:
    return bool(person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_class_sits_an_exam_and_reads_its_marks_when_they_are_released(
    person: Person, others: list[Person], settings: Any, transactional_db: None
) -> None:
    settings.DEMO, settings.DEMO_PIN = True, PIN
    ayse, mehmet = others

    join(person, "Zehra Öğüt")
    person.page.get_by_role("link", name="Hold an exam").click()
    person.look()
    person.fill({"Name": "Pazartesi sınavı", "Dossiers": "2", "Minutes": "30"})
    person.page.get_by_label("Foreign-ministry registry").check()
    person.page.get_by_label("Security desk").check()
    person.page.get_by_role("button", name="Open the exam").click()
    expect(person.page.get_by_text("Nobody began yet.")).to_be_visible()
    person.look()
    page_of_the_exam = person.page.url.removeprefix(person.host)

    join(ayse, "Ayşe Yılmaz")
    begin(ayse, "Security desk")
    join(mehmet, "Mehmet Kaya")
    assert fits(mehmet)
    begin(mehmet, "Foreign-ministry registry")
    assert fits(mehmet)

    person.visit(page_of_the_exam)
    row = person.page.get_by_role("row").filter(has_text="Mehmet Kaya")
    expect(row).to_contain_text("under way: ")
    expect(person.page.get_by_role("button", name="Release the results")).to_have_count(0)

    hand_in_both(ayse)
    mehmet.visit("/exams/")  # the browser was closed, and opened again
    mehmet.page.get_by_role("button", name="Go on: Pazartesi sınavı").click()
    hand_in_both(mehmet)
    assert fits(mehmet)

    [first, second] = Sitting.objects.order_by("pk").select_related("seat")
    ayse.visit(f"/x/{first.exercise_id}/{first.seat.key}/marks/", status=409)

    person.visit(page_of_the_exam)
    expect(row).to_contain_text("done")
    person.page.get_by_role("button", name="Release the results").click()
    dialog = person.page.get_by_role("dialog", name="Please confirm")
    dialog.get_by_role("button", name="Release the results").click()
    said = person.page.get_by_role("status")
    expect(said).to_contain_text("Everybody reads their own marks now.")
    person.page.get_by_role("link", name="Report").click()
    expect(person.page.get_by_role("heading", name="Ayşe Yılmaz")).to_be_visible()
    person.look()

    for one in (ayse, mehmet):
        one.visit("/exams/")
        one.page.get_by_role("link", name="Your marks").click()
        expect(one.page.get_by_role("heading", level=1)).to_have_text("Table of this sitting")

    told = Event.objects.filter(exercise=Exam.objects.get().exercise).latest("seq")
    assert told.verb == "release_results"
    for sitting in (first, second):
        events = Event.objects.filter(exercise=sitting.exercise_id)
        handed_in = [one.payload["by"] for one in events if one.verb == "hand_in"]
        assert [one["holder"] for one in handed_in] == [sitting.person] * 2
    person.visit(f"/x/{first.exercise_id}/INSTRUCTOR/record/")
    rows = person.page.get_by_role("row").filter(has_text="Dossier handed in")
    expect(rows.filter(has_text="Ayşe Yılmaz")).to_have_count(2)
    assert Exercise.objects.filter(ended_at=None).count() == 1
