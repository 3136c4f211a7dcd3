"""The map of a route as a reader meets it: drawn, named, switched, printed, done without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from airspace.crossings import follow
from airspace.points import read
from transit.mapping import Declared, Zone, map_of
from transit.public.route_check import EXAMPLE, RouteForm

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator
    from pytest_django.live_server_helper import LiveServer

    from tests.browser.person import Person

pytestmark = pytest.mark.browser

SCREENS = {
    "wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "narrow and dark": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}
CORRIDOR = f"/route-check/?{urlencode(EXAMPLE)}"


#: What does not hang on the width of the screen, nor on its colours.
WIDE = pytest.mark.parametrize("browser_context_args", ["wide"], indirect=True)


@pytest.fixture(params=SCREENS)
def browser_context_args(
    request: pytest.FixtureRequest, browser_context_args: dict[str, Any]
) -> dict[str, Any]:
    return {**browser_context_args, **SCREENS[request.param]}


def test_the_map_shows_states_route_and_borders(person: Person) -> None:
    the_map = _open(person)

    expect(the_map.locator("path.map-land.map-on-route")).to_have_count(4)
    expect(the_map.locator("path.map-sea")).not_to_have_count(0)
    expect(the_map.locator("path.map-track")).to_have_count(5)
    expect(the_map.locator("path.map-track-outside")).to_have_count(1)
    expect(the_map.get_by_label("From Türkiye into Georgia: 379 NM")).to_be_visible()
    expect(the_map.locator(".map-name", has_text="Kazakhstan").first).to_be_visible()
    hues = the_map.locator("path.map-track").evaluate_all(
        "(paths) => paths.map((path) => getComputedStyle(path).stroke)"
    )
    assert len(set(hues)) == 5
    person.look()
    assert not _too_wide(person)


def test_no_name_on_the_map_covers_another(person: Person) -> None:
    the_map = _open(person)
    person.page.get_by_label("FIR boundaries").check()
    expect(the_map.locator(".map-name-fir", has_text="UATT")).to_be_visible()
    boxes = the_map.locator(".map-name").evaluate_all(
        """(names) => names.filter((name) => getComputedStyle(name).visibility === "visible")
        .map((name) => name.getBoundingClientRect())
        .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""
    )

    assert len(boxes) > 5
    for place, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:place]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart


@pytest.mark.parametrize(
    "route", ["LTAE NOLGA LAGAS ADEKI UBBB RUTIL UATE ARKAM UAKK", "UBBB RUTIL UATE URASA UZSS"]
)
def test_every_name_of_a_state_lies_in_it(person: Person, route: str) -> None:
    """Also of a state in two parts about another, and of one that the route cuts through."""
    person.page.set_viewport_size({"width": 800, "height": 900})
    the_map = _open(person, f"/route-check/?{urlencode({'route': route})}")
    expect(the_map.locator(".map-name-state", has_text="Kazakhstan")).to_be_visible()
    strayed = the_map.evaluate(
        """(map) => [...map.querySelectorAll(".map-name-state")]
        .filter((name) => getComputedStyle(name).visibility === "visible")
        .filter((name) => {
          const { left, top, width, height } = name.getBoundingClientRect();
          const hue = [...name.classList].find((one) => one.startsWith("hue-"));
          const middle = new DOMPoint(left + width / 2, top + height / 2);
          const parts = [...map.querySelectorAll(`path.map-land.${hue}`)];
          return !parts.some((part) =>
            part.isPointInFill(middle.matrixTransform(part.getScreenCTM().inverse())));
        }).map((name) => name.textContent)"""
    )
    assert not strayed


@WIDE
def test_firs_are_switched_by_the_keyboard(person: Person) -> None:
    the_map = _open(person)
    switch = person.page.get_by_label("FIR boundaries")
    expect(the_map.locator("path.map-fir")).to_have_count(0)

    switch.focus()
    person.page.keyboard.press("Space")
    expect(the_map.locator("path.map-fir")).not_to_have_count(0)
    person.look()

    person.page.keyboard.press("Space")
    expect(the_map.locator("path.map-fir")).to_have_count(0)


@WIDE
def test_a_mark_says_on_focus_what_it_is(person: Person) -> None:
    the_map = _open(person)

    the_map.get_by_label("NOLGA, handover from Türkiye to Georgia: 379 NM").focus()
    tip = the_map.get_by_role("tooltip")
    expect(tip).to_have_text("NOLGA, handover from Türkiye to Georgia: 379 NM")
    person.look()

    person.page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


@WIDE
def test_the_keyboard_comes_closer_and_the_button_goes_back(person: Person) -> None:
    the_map = _open(person)
    track = the_map.locator("path.map-track").last
    whole = track.get_attribute("d")

    the_map.focus()
    person.page.keyboard.press("+")
    expect(track).not_to_have_attribute("d", whole or "")
    person.page.get_by_role("button", name="Whole route").click()
    expect(track).to_have_attribute("d", whole or "")


@WIDE
def test_colours_change_with_those_of_the_page(person: Person) -> None:
    the_map = _open(person)
    land = the_map.locator("path.map-land:not(.map-on-route)").first
    fill = "(path) => getComputedStyle(path).fill"
    before = land.evaluate(fill)

    person.page.emulate_media(color_scheme="light" if _theme(person) == "dark" else "dark")
    assert land.evaluate(fill) != before
    person.look()


@WIDE
def test_on_paper_the_route_is_whole_and_no_button_is_left(person: Person) -> None:
    the_map = _open(person)
    the_map.focus()
    person.page.keyboard.press("+")

    person.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    person.page.emulate_media(media="print")
    expect(the_map.locator(".leaflet-control").first).to_be_hidden()
    expect(person.page.get_by_label("FIR boundaries")).to_be_hidden()
    inside = """(box) => {
      const frame = box.getBoundingClientRect();
      return [...box.querySelectorAll(".map-mark")]
        .map((mark) => mark.getBoundingClientRect())
        .every(({ left, top, right, bottom }) => frame.left <= left && frame.top <= top
          && right <= frame.right && bottom <= frame.bottom);
    }"""
    size = the_map.evaluate("(box) => [box.offsetWidth, box.offsetHeight]")
    assert size == [660, 400]
    assert the_map.evaluate(inside)


@WIDE
def test_declared_points_and_zones_lie_on_layers_of_their_own(person: Person) -> None:
    """As a case page has them: the frame is that of the route check, the data are others."""
    declared = [Declared("AZ", "ADEKI", "UBBB"), Declared("KZ", "UATE", "UACC")]
    zone = Zone("EX-R1", "EX-R1, closed by day", ((46.0, 60.0), (48.0, 61.0), (46.5, 64.0)))
    drawn = map_of(follow(read(EXAMPLE["route"])), declared=declared, zones=[zone])
    html = render_to_string(
        "transit/route_check.html", {"form": RouteForm(), "map": drawn, "tables": {"x": 1}}
    )
    person.page.route(
        "**/route-check/?*", lambda route: route.fulfill(body=html, content_type="text/html")
    )
    the_map = _open(person)

    expect(the_map.locator(".map-mark-declared")).to_have_count(4)
    expect(the_map.get_by_label("UATE: declared entry into Kazakhstan")).to_be_visible()
    expect(the_map.locator("path.map-zone")).to_have_count(1)
    expect(the_map.locator(".map-name-zone")).to_have_text("EX-R1")
    person.look()
    person.page.get_by_label("Declared points").uncheck()
    person.page.get_by_label("Restricted zones").uncheck()
    expect(the_map.locator(".map-mark-declared")).to_have_count(0)
    expect(the_map.locator("path.map-zone")).to_have_count(0)
    expect(the_map.locator(".map-name-zone")).to_be_hidden()


def test_without_scripts_the_tables_say_it_all(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(live_server.url + CORRIDOR)

    expect(page.locator("[data-map]")).to_be_hidden()
    expect(page.get_by_role("heading", name="States")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("876.1 NM")
    page.context.close()


def test_sources_fit_the_screen(person: Person) -> None:
    person.visit("/sources/")

    assert not _too_wide(person)


def _open(person: Person, path: str = CORRIDOR) -> Locator:
    """Open the example, or another route; the map is there once the states are."""
    person.visit(path)
    the_map = person.page.get_by_role("region", name="Map of the route")
    expect(the_map.locator("path.map-land").first).to_be_attached()
    return the_map


def _theme(person: Person) -> str:
    return str(person.page.evaluate("document.documentElement.dataset.bsTheme"))


def _too_wide(person: Person) -> bool:
    return bool(
        person.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )
