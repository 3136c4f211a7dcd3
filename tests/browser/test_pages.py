"""The pages that the walk through alpha does not pass, wide and narrow, light and dark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import ViewportSize, expect

from audit import acts
from control import stories
from exercises.models import Help, Role
from transit import preparation
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from exercises.models import Exercise
    from tests.browser.person import Person

pytestmark = pytest.mark.browser

SCREENS = {
    "wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "narrow and dark": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}

#: Nothing that sticks to an edge of the screen, nor the edge itself, hides what has the focus.
CLEAR_OF_WHAT_STICKS = """() => {
  const here = document.activeElement.getBoundingClientRect();
  const sticky = [...document.querySelectorAll(".banner, .identity, .form-foot")]
    .filter((node) => getComputedStyle(node).position === "sticky")
    .filter((node) => !node.contains(document.activeElement))
    .map((node) => node.getBoundingClientRect());
  const inside = sticky.some(({ top, bottom }) => here.top >= top && here.bottom <= bottom);
  return !inside && here.bottom > 0 && here.top < innerHeight;
}"""


#: What does not hang on the width of the screen, nor on its colours.
WIDE = pytest.mark.parametrize("browser_context_args", ["wide"], indirect=True)


@pytest.fixture(params=SCREENS)
def browser_context_args(
    request: pytest.FixtureRequest, browser_context_args: dict[str, Any]
) -> dict[str, Any]:
    return {**browser_context_args, **SCREENS[request.param]}


def test_pages_of_both_sides(person: Person, exercise: Exercise) -> None:
    """Lists, status page and case page with an open question, a return, a decision, a landing."""
    _play(exercise, "late-change")
    person.sign_in("Planner")
    for seat, paths in {
        "TR-PLANNER": (
            "flights/",
            "flights/new/",
            "flights/1/",
            "flights/1/short-notice/",
            "flights/?tab=done&q=x",
            "flights/?step=UNDER_REVIEW&flag=question&sort=newest&track=X",
        ),
        "TR-ATTACHE": ("flights/1/", "annual/", "annual/new/"),
        "KZ-DEFENCE": ("flights/", "flights/1/", "flight-day/"),
        "KZ-DECIDER": ("flights/1/",),
        "INSTRUCTOR": ("flights/", "flights/1/", "flight-day/"),
    }.items():
        for path in paths:
            person.visit(f"/x/{exercise.pk}/{seat}/{path}")
            _fits(person)


@WIDE
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_date_of_the_exercise_stands_on_every_page_at_every_width(
    person: Person, exercise: Exercise, width: int
) -> None:
    _play(exercise, "alpha", until="register")
    person.page.set_viewport_size({"width": width, "height": 740})
    person.sign_in("Planner")
    for seat, path in (("KZ-REGISTRY", "flights/"), ("TR-PLANNER", "flights/1/")):
        person.visit(f"/x/{exercise.pk}/{seat}/{path}")
        date = person.page.locator(".clock-date")
        expect(date).to_be_visible()
        expect(date).to_have_text(re.compile(r"^[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} 20\d\d$"))
        box = date.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        _fits(person)


def test_instructors_pages(person: Person, exercise: Exercise) -> None:
    _play(exercise, "alpha", until="transmit")
    seat = exercise.seats.get(role=Role.REGISTRY, state="KZ")
    person.sign_in("Instructor")
    for path in ("", "record/", "control/erase/", f"control/seats/{seat.pk}/"):
        person.visit(f"/x/{exercise.pk}/INSTRUCTOR/{path}")
        _fits(person)


def test_pages_of_contacts(person: Person, exercise: Exercise) -> None:
    _play(exercise, "protest", until="reply")
    person.sign_in("Planner")
    for seat, paths in {
        "KZ-DEFENCE": ("contacts/", "contacts/1/", "contacts/new/"),
        "INSTRUCTOR": ("contacts/1/", "contacts/inject/", "pressure/"),
    }.items():
        for path in paths:
            person.visit(f"/x/{exercise.pk}/{seat}/{path}")
            _fits(person)


def test_due_date_opens_into_its_count(person: Person, exercise: Exercise) -> None:
    _play(exercise, "alpha", until="register")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-REGISTRY/flights/1/")
    person.page.get_by_text("How counted").first.click()
    expect(person.page.locator(".due-count").first).to_contain_text("day of receipt")
    person.look()
    _fits(person)


def test_an_officer_checks_alone_and_then_reads_both(person: Person, exercise: Exercise) -> None:
    """Help after the own check: what was marked stands beside what the product finds."""
    exercise.help = Help.AFTER
    exercise.save(update_fields=["help"])
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-AIR_DEFENCE/flights/1/")
    main = person.page.get_by_role("main")
    expect(main.get_by_role("region", name="Checks")).to_have_count(0)

    person.press(
        "Record your own check",
        items={"States really crossed, in order": "TR GE AZ KZ"},
        told="Own check recorded",
    )

    expect(main.get_by_role("region", name="Your own check")).to_contain_text("TR GE AZ KZ UZ TJ")
    person.page.get_by_role("link", name="Checks").click()
    expect(main.get_by_role("region", name="Checks", exact=True)).to_contain_text("CASPIAN_TRANSIT")
    _fits(person)


@WIDE
def test_what_cannot_be_known(person: Person, exercise: Exercise) -> None:
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-REGISTRY/flights/99/", status=404)
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Page not found")


@WIDE
def test_what_is_another_seats_move(person: Person, exercise: Exercise) -> None:
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-REGISTRY/flights/new/", status=403)


@WIDE
def test_who_comes_second_reads_what_changed(person: Person, exercise: Exercise) -> None:
    """409: the page says who was first and keeps what was typed."""
    _play(exercise, "alpha", until="request_release")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/TR-PLANNER/flights/1/")
    planner = exercise.seats.get(role=Role.PLANNER, state="TR")
    with acts.act(exercise, by=planner) as at:
        preparation.request_release(FlightRequest.objects.get(), by=planner, at=at)
    person.try_to_press("Withdraw", items={"Reason": "The aircraft is needed elsewhere."})
    main = person.page.get_by_role("main")
    expect(main).to_contain_text("409")
    expect(main).to_contain_text("Put before the release officer")
    expect(main.get_by_role("textbox")).to_have_value("The aircraft is needed elsewhere.")
    _fits(person)


def test_the_exercise_mark_stays_and_covers_nothing_in_focus(
    person: Person, exercise: Exercise
) -> None:
    """However far one scrolls; what the keyboard reaches lies clear of all that sticks."""
    _play(exercise, "alpha", until="request_release")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/TR-PLANNER/flights/1/form/")
    page = person.page
    page.get_by_label("Remarks (optional)", exact=True).focus()
    for key in ("Shift+Tab", "Tab"):
        for _ in range(25):
            page.keyboard.press(key)
            page.wait_for_function(CLEAR_OF_WHAT_STICKS)
    assert page.evaluate("scrollY") > page.evaluate("innerHeight")
    expect(page.get_by_role("region", name="Exercise", exact=True)).to_be_in_viewport(ratio=1)


def test_the_last_move_is_reached_without_the_end_of_the_page(
    person: Person, exercise: Exercise
) -> None:
    """A panel higher than the screen scrolls by itself beside the case."""
    exercise.help = Help.AFTER
    exercise.save(update_fields=["help"])
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    person.page.set_viewport_size({"width": 1280, "height": 600})
    person.visit(f"/x/{exercise.pk}/KZ-AIR_DEFENCE/flights/1/")
    last = person.page.locator("summary").filter(has_text="Write a minute")
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)
    assert person.page.evaluate("scrollY") < 600


def test_paper_is_light_whatever_the_theme(person: Person, exercise: Exercise) -> None:
    """Printed from the dark theme too, every word is readable on white."""
    _play(exercise, "bravo", until="authorize")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-DEFENCE/flights/1/")
    person.page.emulate_media(media="print")
    person.look()


@WIDE
def test_typing_survives_what_others_do(person: Person, exercise: Exercise) -> None:
    """The live part changes beside the form, and says that the moves have changed."""
    _play(exercise, "alpha", until="register")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-REGISTRY/flights/1/")
    person.page.locator("summary").filter(has_text="Write a minute").click()
    minute = person.page.get_by_label("Minute", exact=True)
    minute.fill("Half a sentence")
    registry = exercise.seats.get(role=Role.REGISTRY, state="KZ")
    stories.perform(exercise, {**_line("alpha", "register"), "by": registry.key})
    expect(person.page.get_by_role("link", name="Show what you can do now")).to_be_visible()
    person.page.get_by_role("link", name="Desks").click()
    expect(person.page.get_by_role("region", name="Concurrences")).to_be_visible()
    expect(minute).to_have_value("Half a sentence")
    person.look()


#: What a desk is asked about is seen, and the answer is in reach, without scrolling.
DESKS = {
    "KZ-REGISTRY": "The note",
    "KZ-DEFENCE": "What stands",
    "KZ-AIR_DEFENCE": "Aircraft",
    "KZ-SECURITY": "Persons",
    "KZ-CIVIL_AVIATION": "Route",
    "KZ-DECIDER": "What stands",
}


def test_matter_and_answer_of_each_desk_are_on_the_first_screen(
    person: Person, exercise: Exercise
) -> None:
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    phone, desk = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)
    person.page.set_viewport_size(phone if _narrow(person) else desk)
    for seat, matter in DESKS.items():
        person.visit(f"/x/{exercise.pk}/{seat}/flights/1/")
        heading = person.page.get_by_role("heading", name=matter, exact=True).first
        expect(heading).to_be_in_viewport(ratio=1)
        moves = person.page.get_by_role("heading", name="Your moves")
        link = person.page.locator(".to-moves")
        expect(link if _narrow(person) else moves).to_be_in_viewport(ratio=1)
        _fits(person)


@WIDE
def test_m_and_a_skip_link_lead_to_the_moves(person: Person, exercise: Exercise) -> None:
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/")
    moves = person.page.locator("#moves")
    person.page.keyboard.press("m")
    expect(moves).to_be_focused()

    person.visit(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/?tab=history")
    for _ in range(2):
        person.page.keyboard.press("Tab")
    expect(person.page.get_by_role("link", name="Skip to your moves")).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(moves).to_be_focused()


@WIDE
def test_a_tab_changes_without_losing_what_is_typed(person: Person, exercise: Exercise) -> None:
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/")
    minute = person.page.get_by_label("Minute", exact=True)
    person.page.locator("summary").filter(has_text="Write a minute").click()
    minute.fill("Half a sentence")
    history = person.page.get_by_role("region", name="History")
    expect(history).to_have_count(0)

    tab = person.page.get_by_role("link", name="History")
    tab.click()
    expect(history).to_be_visible()
    expect(tab).to_have_attribute("aria-current", "true")
    assert person.page.url.endswith("?tab=history#rest")
    expect(minute).to_have_value("Half a sentence")
    person.look()

    person.page.reload()
    expect(history).to_be_visible()


@WIDE
def test_without_scripts_a_tab_is_a_page(
    person: Person, browser: Browser, exercise: Exercise
) -> None:
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    state = person.page.context.storage_state()
    page = browser.new_page(java_script_enabled=False, storage_state=state)
    page.goto(f"{person.host}/x/{exercise.pk}/KZ-SECURITY/flights/1/")
    page.get_by_role("link", name="Notes").click()
    expect(page.get_by_role("region", name="Notes")).to_be_visible()
    expect(page.get_by_role("region", name="History")).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="History")).to_be_visible()
    page.context.close()


@WIDE
def test_the_focus_goes_to_what_an_act_changed(person: Person, exercise: Exercise) -> None:
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/")
    person.press("Write a minute", items={"Minute": "Read."}, told="Minute written")
    expect(person.page.get_by_role("status")).to_be_focused()


@WIDE
def test_the_map_of_a_case_is_one_tab_stop(person: Person, exercise: Exercise) -> None:
    """From mark to mark by Page Down; Tab leaves the map."""
    _play(exercise, "alpha", until="concur")
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/KZ-AIR_DEFENCE/flights/1/")
    the_map = person.page.locator("[data-map]")
    expect(the_map.locator(".map-mark").first).to_be_attached()
    the_map.focus()
    person.page.keyboard.press("PageDown")
    expect(the_map.locator(".map-mark").first).to_be_focused()
    expect(the_map.get_by_role("tooltip")).to_be_visible()
    person.page.keyboard.press("Tab")
    assert not the_map.evaluate("(box) => box.contains(document.activeElement)")


def _narrow(person: Person) -> bool:
    return bool(person.page.evaluate("innerWidth < 600"))


def _play(exercise: Exercise, name: str, *, until: str = "authorize") -> None:
    """Play a story into the exercise up to the first time that a verb would be done."""
    for line in _lines(name):
        if line["do"] == until:
            break
        stories.perform(exercise, line)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    yield from stories.load(name).acts


def _line(name: str, verb: str) -> dict[str, Any]:
    return next(line for line in _lines(name) if line["do"] == verb)


def _fits(person: Person) -> None:
    """Nothing sticks out to the side."""
    too_wide = person.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide <= 0, person.page.url
