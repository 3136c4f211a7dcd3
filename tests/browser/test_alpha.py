"""The story alpha, walked by hand through the pages, from every seat that it needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from transit.models import FlightRequest, MovementStatus

if TYPE_CHECKING:
    from exercises.models import Exercise
    from tests.browser.person import Person

pytestmark = pytest.mark.browser

CONDITION = "Enter at BALUN and leave at URASA, not below FL195."
#: What a finding brings with it.
SUGGESTED = (
    "Over the Caspian Sea continuous and direct transit on the cleared route, no holding, "
    "no refuelling, sensors off."
)

FORM = {
    "Call sign": "hvk 4821",
    "Registration": "99-0101",
    "Spare aircraft (optional)": "99-0102",
    "Aircraft type": "A400",
    "Operator": "Turkish Air Force",
    "Purpose": "Relief goods after the flood, for the disaster authority in Dushanbe.",
    "Aerodrome of departure": "LTAU",
    "Departure": "2026-09-14 05:00",
    "Aerodrome of destination": "UTDD",
    "Arrival": "2026-09-14T09:45Z",
    "Alternates (optional)": "UZSS UZTT",
    "Cruise level": "f250",
    "Cruise speed (optional)": "390",
    "Route": "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD",
    "Crew": "5",
    "Captain: rank and name": "Binbaşı Deniz Örnek",
    "Passengers": "6",
    "Passengers: categories (optional)": "Six members of the relief team.",
    "Cargo, mass": "18000",
    "Cargo": "Tents, blankets and water filters.",
    "Contact: rank and name": "Yüzbaşı Ece Deneme",
    "Contact: telephone, day and night": "+90 312 000 0000",
    "Contact: e-mail": "ops@exercise.example",
}
CHOICES = {
    "Purpose category": "Humanitarian aid",
    "Legal basis": "Transit agreement",
    "Dangerous goods": "No dangerous goods are being carried",
}
DECLARATIONS = (
    "Personal weapons",
    "Photographic sensors",
    "Armament",
    "Electronic warfare equipment",
)
UNDERTAKINGS = (
    "Keeps to route and times as authorized",
    "Keeps sensors and equipment off over the host state",
    "Changes nothing without an amendment",
    "Reports within the time allowed after the flight",
)
CROSSINGS = (
    ("TR", "LTAU", "05:00", "NOLGA", "05:58"),
    ("GE", "NOLGA", "05:58", "ADEKI", "06:25"),
    ("AZ", "ADEKI", "06:25", "BALUN", "07:07"),
    ("KZ", "BALUN", "07:07", "URASA", "07:57"),
    ("UZ", "URASA", "07:57", "BUTRA", "09:27"),
    ("TJ", "BUTRA", "09:27", "UTDD", "09:39"),
)
CLEARED = {"GE": "EXGE26S0101", "AZ": "EXAZ26S0101", "UZ": "EXUZ26S0101", "TJ": "EXTJ26S0101"}


def test_alpha_by_hand(person: Person, exercise: Exercise) -> None:
    person.sign_in("Planner")
    _prepare(person)
    person.press("Request release", told="Put before the release officer")
    person.sit("Türkiye", "Release officer")
    person.open_flight()
    person.press("Release", told="Released for transmission")
    person.sit("Türkiye", "Attaché")
    person.open_flight()
    person.press("Transmit by note", items={"Note number": "2026/0117"}, told="Transmitted by note")

    person.sit("Kazakhstan", "Foreign-ministry registry")
    person.open_flight()
    person.press("Register", told="Registered; the desks examine")
    for desk in ("Civil aviation desk", "Security desk"):
        person.sit("Kazakhstan", desk)
        person.open_flight()
        person.press("Answer", choose="Concurs", told="Desk answered")
    person.sit("Kazakhstan", "Air defence desk")
    person.open_flight()
    person.press(
        "Answer",
        choose="Concurs with conditions",
        items={"Conditions": CONDITION},
        told="Desk answered",
    )
    person.sit("Kazakhstan", "Defence desk (lead)")
    person.open_flight()
    person.press("Answer", told="Desk answered")

    person.sit("Kazakhstan", "Deciding officer")
    person.open_flight()
    expect(person.page.get_by_label("Conditions")).to_have_value(f"{CONDITION}\n{SUGGESTED}")
    person.press("Authorize this flight", told="Authorized")
    _requester_knows_nothing(person)
    person.sit("Kazakhstan", "Foreign-ministry registry")
    person.open_flight()
    person.press("Send the note in reply", items={"Note number": "KZ-2026/0345"})
    person.sit("Türkiye", "Attaché")
    person.open_flight()
    expect(person.page.get_by_role("region", name="Authorization")).to_contain_text("EXKZ26S0001")

    _fly(person)
    person.sit("Türkiye", "Attaché")
    person.open_flight()
    person.press(
        "Send the post-flight report",
        items={"Post-flight report": "Flown as authorized.", "Persons on board": "11"},
        told="Post-flight report received",
    )
    person.sit("Kazakhstan", "Defence desk (lead)")
    person.open_flight()
    person.press("Close the case", told="Closed")

    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.status == "AUTHORIZED"
    assert flight.closed_at is not None
    assert flight.movements.get().status == MovementStatus.CLOSED


def _prepare(person: Person) -> None:
    """Fill in the form in two goes, with a fault mended on the way."""
    page = person.page
    page.get_by_role("link", name="New request").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prepare a request")
    person.look()
    person.fill({"Call sign": "HVK-4821", "Departure": "14.09.2026"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Departure: Give date and time in UTC")
    person.look()

    person.fill({"Call sign": "HVK4821", "Departure": ""})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("TR-KZ-0001")
    person.try_to_press("Request release")
    expect(page.get_by_role("alert")).to_contain_text("Complete the item “aircraft type”.")

    page.get_by_role("link", name="Edit the form").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the form")
    person.look()
    person.fill(FORM)
    for label, choice in CHOICES.items():
        page.get_by_label(label, exact=True).select_option(label=choice)
    for label in DECLARATIONS:
        page.get_by_role("group", name=label, exact=True).get_by_label("No").check()
    for label in UNDERTAKINGS:
        page.get_by_label(label).check()
    _fill_crossings(person)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("TR-KZ-0001")
    person.look()


def _fill_crossings(person: Person) -> None:
    """Let the crossings be proposed from the route, and add what no route tells."""
    person.page.get_by_role("button", name="Propose crossings from the route").click()
    expect(person.page.get_by_role("status")).to_contain_text("6 crossings proposed")
    person.look()
    rows = person.page.locator("table.crossings tbody tr")
    expect(rows.nth(len(CROSSINGS)).get_by_label("State")).to_have_value("")
    for place, (state, entry, entry_at, exit_point, exit_at) in enumerate(CROSSINGS):
        row = rows.nth(place)
        expect(row.get_by_label("State")).to_have_value(state)
        expect(row.get_by_label("Entry point")).to_have_value(entry)
        expect(row.get_by_label("Entry, UTC")).to_have_value(f"2026-09-14 {entry_at}")
        expect(row.get_by_label("Exit point")).to_have_value(exit_point)
        expect(row.get_by_label("Exit, UTC")).to_have_value(f"2026-09-14 {exit_at}")
        if state in CLEARED:
            row.get_by_label("Clearance", exact=True).select_option("GRANTED")
            row.get_by_label("Clearance number").fill(CLEARED[state])
    rows.nth(len(CROSSINGS) - 1).get_by_label("Action").select_option(label="Land")


def _requester_knows_nothing(person: Person) -> None:
    """Decided is not notified: until the note in reply the other side sees an examination."""
    person.sit("Türkiye", "Attaché")
    person.open_flight()
    main = person.page.get_by_role("main")
    expect(main).to_contain_text("Under examination")
    for secret in ("EXKZ", "Authorized", "Decision", "Air defence", CONDITION):
        expect(main).not_to_contain_text(secret)


def _fly(person: Person) -> None:
    """The day itself: the clock is set forward, operations follow the aircraft."""
    _jump(person, "2026-09-14 04:30")
    _file(person, registration="990109")
    person.sit("Kazakhstan", "Operations duty officer")
    person.follow("HVK4821")
    expect(person.page.get_by_role("main")).to_contain_text("REG_MISMATCH")
    person.try_to_press("Release the flight plan")
    expect(person.page.get_by_role("alert")).to_contain_text("Authorized: 990101")
    _file(person, registration="990101")
    person.sit("Kazakhstan", "Operations duty officer")
    person.follow("HVK4821")
    expect(person.page.get_by_role("main")).to_contain_text("The plan agrees")
    person.press("Release the flight plan", told="Flight plan checked")

    _jump(person, "2026-09-14 07:12")
    person.sit("Kazakhstan", "Operations duty officer")
    person.follow("HVK4821")
    person.press("Record the entry", items={"Entered, UTC": "2026-09-14 07:09"}, told="Entered")

    _jump(person, "2026-09-14 08:05")
    person.sit("Kazakhstan", "Operations duty officer")
    expect(person.page.get_by_role("region", name="Under way")).to_be_visible()
    person.follow("HVK4821")
    person.press("Record the exit", items={"Exited, UTC": "2026-09-14 08:00"}, told="Left")


def _file(person: Person, *, registration: str) -> None:
    """File the flight plan as proposed, or as it was filed last, for this aircraft."""
    person.sit("Türkiye", "Planner")
    person.open_flight()
    message = person.page.get_by_label("Flight plan message").input_value()
    person.press(
        "File the flight plan",
        items={"Flight plan message": re.sub(r"REG/\w+", f"REG/{registration}", message)},
        told="Flight plan filed",
    )


def _jump(person: Person, to: str) -> None:
    person.sit("No state", "Instructor")
    person.page.get_by_label("Jump to").fill(to)
    person.page.get_by_role("button", name="Jump", exact=True).click()
    expect(person.page.locator("#clock time")).to_contain_text(to[-5:])
