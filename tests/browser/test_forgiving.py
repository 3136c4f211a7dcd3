"""A planner who makes the mistakes that planners make: nothing typed is lost, all is said back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from transit.models import FlightRequest

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

    from exercises.models import Exercise
    from tests.browser.person import Person
    from transit.models import Revision

pytestmark = pytest.mark.browser

SCREENS = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "360 px": {"viewport": {"width": 360, "height": 740}},
}

KG = "\N{NO-BREAK SPACE}kg"
#: What is typed, and what the page says to it at once; None: it is right, and is only put in order.
TYPED: dict[str, tuple[str, str | None]] = {
    "Call sign": ("thy 1234", None),
    "Registration": ("99 0101", None),
    "Aircraft type": ("a400", None),
    "Escort: aircraft types (optional)": ("f16; F4", None),
    "Purpose": ("Relief goods after the flood, for the authority in Dushanbe.", None),
    "Aerodrome of departure": ("ltau", None),
    "Departure": ("30.02.2026 05:00", "There is no 30 February 2026: the month has 28 days."),
    "Aerodrome of destination": ("utdd", None),
    "Arrival": (
        "140945ZSEP26",
        "Monday 14 September 2026, 09:45 UTC (12:45 Ankara, 14:45 Astana)",
    ),
    "Alternates (optional)": ("uzss, uztt", None),
    "Cruise level": ("fl 250", None),
    "Cruise speed (optional)": ("390 kts", f"390{KG[0]}kt"),
    "Route": ("ltau - nolga - lagas, adeki ubbb balun uate urasa uzss utdd", None),
    "Crew": ("five", "Enter a whole number."),
    "Passengers": ("6", None),
    "Cargo, mass": ("18.000", "18 or 18000? “18.000” can be read both ways"),
}
WRONG = ("Call sign", "Departure", "Crew", "Cargo, mass")
KEPT = {label: TYPED[label][0] for label in WRONG} | {"Call sign": "THY1234"}
MENDED: dict[str, tuple[str, str | None]] = {
    "Call sign": ("hvk-4821", None),
    "Departure": (
        "14.09.2026 05:00",
        "Monday 14 September 2026, 05:00 UTC (08:00 Ankara, 10:00 Astana)",
    ),
    "Crew": ("5", None),
    "Cargo, mass": ("18,000 kg", f"18{KG[0]}000{KG}"),
}


@pytest.fixture(params=SCREENS)
def browser_context_args(
    request: pytest.FixtureRequest, browser_context_args: dict[str, Any]
) -> dict[str, Any]:
    return {**browser_context_args, **SCREENS[request.param]}


def test_a_planner_is_forgiven(person: Person, exercise: Exercise) -> None:
    page = person.page
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/TR-PLANNER/flights/new/")
    _type(person, TYPED)
    _look(person)

    page.get_by_role("button", name="Save").last.click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert.get_by_role("listitem")).to_have_count(len(WRONG))
    expect(alert).to_contain_text("THY1234 may belong to a real operator. Use one such as HVK4821")
    _holds(person, KEPT)
    _look(person)
    draft = _draft()
    assert (draft.registration, draft.escort, draft.alternates) == ("990101", "F16 F4", "UZSS UZTT")
    assert draft.route == "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD"
    assert draft.arrives_at is not None
    assert (draft.call_sign, draft.departs_at, draft.cargo_kg) == ("", None, None)

    person.visit(f"/x/{exercise.pk}/TR-PLANNER/flights/1/form/")
    _holds(person, KEPT)
    alert.get_by_role("link", name="Cargo, mass").click()
    expect(_item(person, "Cargo, mass")).to_be_focused()

    _type(person, MENDED)
    page.get_by_role("button", name="Save").last.click()
    told = page.get_by_role("status")
    expect(told).to_contain_text("Departure: Monday 14 September 2026, 05:00 UTC (08:00 Ankara")
    expect(told).to_contain_text(f"Cargo, mass: 18{KG[0]}000{KG}")
    expect(told).to_contain_text("Call sign: HVK4821")
    _look(person)
    assert (_draft().call_sign, _draft().cargo_kg) == ("HVK4821", 18000)


def test_each_fault_of_a_refused_release_puts_the_cursor_into_its_item(
    person: Person, exercise: Exercise
) -> None:
    _begin(person, exercise)
    person.try_to_press("Request release")
    alert = person.page.get_by_role("alert")
    _look(person)
    alert.get_by_role("link", name="captain").click()
    expect(_item(person, "Captain: rank and name")).to_be_focused()

    person.page.get_by_role("navigation", name="As last saved").get_by_text(
        "What is open: Contact and remarks"
    ).click()
    _look(person)
    person.page.get_by_role("link", name="Complete the item “contact: e-mail”.").click()
    expect(_item(person, "Contact: e-mail")).to_be_focused()


def test_leaving_unsaved_work_is_asked_about(person: Person, exercise: Exercise) -> None:
    _begin(person, exercise)
    page = person.page
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    form = f"/x/{exercise.pk}/TR-PLANNER/flights/1/form/"
    person.visit(form)
    page.get_by_role("link", name="Overflight", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Edit the form")
    assert asked == []

    person.visit(form)
    _item(person, "Remarks (optional)").fill("Not saved yet.")
    page.get_by_role("link", name="Overflight", exact=True).click()
    expect(_item(person, "Remarks (optional)")).to_have_value("Not saved yet.")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("TR-KZ-0001")
    assert asked == ["beforeunload"]
    assert _draft().remarks == "Not saved yet."


def test_two_windows_become_one(person: Person, exercise: Exercise) -> None:
    _begin(person, exercise)
    form = f"/x/{exercise.pk}/TR-PLANNER/flights/1/form/"
    person.visit(form)
    page = person.page
    other = page.context.new_page()
    other.goto(person.host + form)
    other.get_by_label("Cruise level", exact=True).fill("F270")
    other.get_by_label("Remarks (optional)", exact=True).fill("From the other window.")
    other.get_by_role("button", name="Save").last.click()
    expect(other.get_by_role("heading", level=1)).to_have_text("TR-KZ-0001")
    other.close()

    _item(person, "Cruise level").fill("F290")
    _item(person, "Captain: rank and name").fill("Binbaşı Deniz Örnek")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Changed meanwhile in another window")
    expect(_item(person, "Cruise level")).to_have_value("F290")
    expect(_item(person, "Remarks (optional)")).to_have_value("From the other window.")
    _look(person)
    assert (_draft().captain, _draft().cruise_level) == ("Binbaşı Deniz Örnek", "F270")

    page.get_by_label("Take “F270”").check()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("TR-KZ-0001")
    assert (_draft().remarks, _draft().cruise_level) == ("From the other window.", "F270")

    page.get_by_role("link", name="Copy as a new draft").click()
    expect(page.get_by_role("status")).to_contain_text("Begun with TR-KZ-0001")
    _look(person)


def _begin(person: Person, exercise: Exercise) -> None:
    """Begin a request with what is right of it."""
    person.sign_in("Planner")
    person.visit(f"/x/{exercise.pk}/TR-PLANNER/flights/new/")
    _type(person, {label: typed for label, typed in TYPED.items() if label not in WRONG} | MENDED)
    person.page.get_by_role("button", name="Save").last.click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text("TR-KZ-0001")


def _type(person: Person, items: dict[str, tuple[str, str | None]]) -> None:
    for label, (text, said) in items.items():
        item = _item(person, label)
        item.fill(text)
        item.blur()
        if said is not None:
            field = person.page.locator(".field").filter(has=item)
            expect(field.locator("[data-echo]")).to_contain_text(said)


def _item(person: Person, label: str) -> Any:
    items = person.page.locator("input, textarea")
    return items.and_(person.page.get_by_label(label, exact=True))


def _holds(person: Person, items: dict[str, str]) -> None:
    for label, text in items.items():
        expect(_item(person, label)).to_have_value(text)


def _draft() -> Revision:
    return FlightRequest.objects.get().latest


def _look(person: Person) -> None:
    """Read the page; nothing sticks out to the side."""
    person.look()
    too_wide = person.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide <= 0, person.page.url
