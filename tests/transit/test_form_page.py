"""The request's form as a planner fills it in: proposals, tables, nonsense, short notice."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import acts
from exercises.models import Exercise, Help
from tests import playing
from tests.browsing import body, form_for, signed_in
from transit import drafting, preparation, transmission
from transit.form import SECTIONS
from transit.models import DangerousGood, FlightRequest, FlightStatus, Revision

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROUTE = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD"
STATES = ["TR", "GE", "AZ", "KZ", "UZ", "TJ"]
FUEL = {
    "good-0-un_number": "UN1863",
    "good-0-proper_shipping_name": "Fuel, aviation, turbine engine",
    "good-0-hazard_class": "3",
    "good-0-packing_group": "III",
    "good-0-packages": "2",
    "good-0-gross_kg": "340.5",
    "good-0-net_quantity": "400",
    "good-0-net_unit": "L",
    "good-0-net_explosive_kg": "",
    "good-0-packing": "Steel drums",
    "good-0-compliant": "True",
    "good-0-from_point": "LTAU",
    "good-0-to_point": "UTDD",
}


@pytest.fixture
def exercise() -> Exercise:
    """The draft of alpha, complete; everybody is seated."""
    return playing.before("alpha", "request_release", seated=True)


@pytest.fixture
def planner(exercise: Exercise) -> Client:
    return signed_in(exercise, "TR-PLANNER")


def page_of(exercise: Exercise, key: str = "TR-PLANNER") -> str:
    return f"/x/{exercise.pk}/{key}/flights/1/"


def fields(planner: Client, exercise: Exercise) -> dict[str, str]:
    """Return the form as the page offers it."""
    return form_for(planner.get(f"{page_of(exercise)}form/"), "").fields


def send(planner: Client, exercise: Exercise, **typed: str) -> Any:
    return planner.post(f"{page_of(exercise)}form/", fields(planner, exercise) | typed)


def draft() -> Revision:
    return Revision.objects.get()


def columns(form: dict[str, str], item: str) -> list[str]:
    """Return what stands in one column of the crossings, without the empty row."""
    found = (form.get(f"crossing-{row}-{item}", "") for row in range(12))
    return [value for value in found if value]


# What the form keeps


def test_every_item_of_the_form_stands_in_one_section() -> None:
    shown = [item.name for section in SECTIONS for item in section.items]

    assert sorted(shown) == sorted(Revision.form_items())


def test_the_form_sent_back_untouched_changes_nothing(planner: Client, exercise: Exercise) -> None:
    before = draft().digest

    assert send(planner, exercise).status_code == 302
    assert draft().digest == before


def test_codes_are_taken_as_people_type_them(planner: Client, exercise: Exercise) -> None:
    typed = {
        "route": " ltau  nolga\nlagas adeki ubbb balun uate urasa uzss utdd ",
        "cruise_level": "fl 270",
        "escort": "f16  f4",
        "annual_number": "exkz26a0007",
    }

    assert send(planner, exercise, **typed).status_code == 302
    saved = draft()
    assert (saved.route, saved.cruise_level) == (ROUTE, "F270")
    assert (saved.escort, saved.annual_number) == ("F16 F4", "EXKZ26A0007")


@pytest.mark.parametrize(
    ("item", "typed", "read"),
    [
        ("alternates", "uzss, uztt", "UZSS UZTT"),
        ("escort", "F16; f4", "F16 F4"),
        ("route", "LTAU, NOLGA, LAGAS, ADEKI, UBBB, BALUN, UATE, URASA, UZSS, UTDD", ROUTE),
        # Nobody gave these:
        ("alternates", "UZSS/UZTT", "UZSS UZTT"),
        ("alternates", "uzss + uztt;", "UZSS UZTT"),
        ("alternates", "UZSS\r\nUZTT", "UZSS UZTT"),
        ("escort", "f16 → f4", "F16 F4"),
        ("route", "ltau-nolga-lagas-adeki – ubbb > balun uate; urasa uzss-utdd", ROUTE),
        ("registration", " 99–0101 ", "99-0101"),
        ("call_sign", "hvk.48 21,", "HVK4821"),
        ("cruise_level", "FL 270", "F270"),
    ],
)
def test_lists_and_codes_are_forgiven_what_stands_between(
    planner: Client, exercise: Exercise, item: str, typed: str, read: str
) -> None:
    assert send(planner, exercise, **{item: typed}).status_code == 302
    assert getattr(draft(), item) == read


def test_a_clearance_number_is_taken_with_its_signs(planner: Client, exercise: Exercise) -> None:
    assert (
        send(planner, exercise, **{"crossing-1-clearance_number": "ex-ge 26.s0101;"}).status_code
        == 302
    )
    assert draft().crossings.all()[1].clearance_number == "EXGE26S0101"


def test_the_enter_key_saves(planner: Client, exercise: Exercise) -> None:
    text = body(planner.get(f"{page_of(exercise)}form/")).partition("data-guard")[2]
    first, _rest = text.split("</button>", 1)

    assert first.endswith(">Save")
    assert 'name="propose"' not in first


# Crossings from the route


def test_crossings_are_proposed_and_nothing_is_saved(planner: Client, exercise: Exercise) -> None:
    before = draft().digest

    answer = send(planner, exercise, propose="crossings", route=ROUTE.lower())

    assert answer.status_code == 200
    assert "6 crossings proposed from the route" in body(answer)
    form = form_for(answer, "").fields
    assert columns(form, "state") == STATES
    assert columns(form, "entry_point") == ["LTAU", "NOLGA", "ADEKI", "BALUN", "URASA", "BUTRA"]
    assert columns(form, "action")[:6] == ["OVERFLY"] * 5 + ["LAND"]
    assert draft().digest == before


def test_a_proposal_loses_nothing_typed(planner: Client, exercise: Exercise) -> None:
    typed = {
        "purpose": "Relief goods after the flood; the list follows.",
        "remarks": "Typed, not saved.",
        "has_armament": "True",
        "crossing-2-clearance": "REQUESTED",
        "crossing-2-clearance_number": "",
        "crossing-4-ground_minutes": "45",
        "crossing-4-action": "LAND",
    } | FUEL

    form = form_for(send(planner, exercise, propose="crossings", **typed), "").fields

    assert form["remarks"] == "Typed, not saved."
    assert form["purpose"].startswith("Relief goods after the flood; the list")
    assert form["has_armament"] == "True"
    assert {name: form[name] for name in FUEL} == FUEL
    assert columns(form, "clearance") == ["GRANTED", "REQUESTED", "GRANTED", "GRANTED"]
    assert form["crossing-1-clearance_number"] == "EXGE26S0101"
    assert (form["crossing-4-action"], form["crossing-4-ground_minutes"]) == ("LAND", "45")


def test_what_was_proposed_is_saved_as_any_other(planner: Client, exercise: Exercise) -> None:
    shorter = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS"
    answer = send(planner, exercise, propose="crossings", route=shorter, destination="UZSS")

    saved = planner.post(f"{page_of(exercise)}form/", form_for(answer, "").fields)

    assert saved.status_code == 302
    rows = list(draft().crossings.all())
    assert [row.state for row in rows] == STATES[:5]
    assert rows[0].entry_at == datetime(2026, 9, 14, 5, tzinfo=UTC)
    assert rows[-1].exit_point == "UZSS"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"route": ""}, "Enter the route: the crossings follow from it."),
        ({"route": "LTAU"}, "A route needs at least two points."),
        ({"route": "LTAU UACN"}, "UACN is the"),
        ({"route": "LTAU NOLGO UTDD"}, "NOLGO is not a known point; did you mean"),
        ({"departs_at": ""}, "Enter the departure: the times follow from it."),
        ({"departs_at": "tomorrow"}, "Give date and time in UTC"),
        ({"cruise_knots": "", "aircraft_type": ""}, "Enter the speed, or a type whose speed"),
    ],
)
def test_a_proposal_says_at_its_item_what_it_lacks(
    planner: Client, exercise: Exercise, typed: dict[str, str], message: str
) -> None:
    answer = send(planner, exercise, propose="crossings", remarks="Kept.", **typed)

    assert answer.status_code == 422
    assert body(answer).count(message) == 2  # in the summary and at the item
    form = form_for(answer, "").fields
    assert columns(form, "state") == STATES
    assert form["remarks"] == "Kept."
    assert {name: form[name] for name in typed} == typed


def test_an_exam_proposes_nothing(planner: Client, exercise: Exercise) -> None:
    Exercise.objects.filter(pk=exercise.pk).update(help=Help.OFF)

    assert 'name="propose"' not in body(planner.get(f"{page_of(exercise)}form/"))
    answer = send(planner, exercise, propose="crossings", route="LTAU NOLGA UBBB")
    assert columns(form_for(answer, "").fields, "state") == STATES


# Dangerous goods, line by line


def test_lines_of_dangerous_goods_are_saved(planner: Client, exercise: Exercise) -> None:
    typed = FUEL | {"dangerous_goods": "LIST", "good-0-un_number": "1863"}

    assert send(planner, exercise, **typed).status_code == 302

    line = DangerousGood.objects.get()
    assert (line.un_number, line.hazard_class, line.packing_group) == ("UN1863", "3", "III")
    assert (line.gross_kg, line.net_quantity, line.net_unit) == (Decimal("340.5"), 400, "L")
    assert (line.packages, line.compliant, line.net_explosive_kg) == (2, True, None)
    offered = fields(planner, exercise)
    assert {name: offered[name] for name in FUEL} == FUEL


def test_a_line_that_was_emptied_is_removed(planner: Client, exercise: Exercise) -> None:
    send(planner, exercise, **FUEL)
    emptied = dict.fromkeys(FUEL, "") | {"good-0-net_unit": "kg"}

    assert send(planner, exercise, **emptied).status_code == 302
    assert not DangerousGood.objects.exists()


def test_the_case_page_shows_the_lines(planner: Client, exercise: Exercise) -> None:
    send(planner, exercise, **FUEL)

    text = body(planner.get(page_of(exercise)))

    for words in (
        "UN1863",
        "Fuel, aviation, turbine engine",
        "340.5 kg",
        "400 litres",
        "group III",
    ):
        assert words in text


# Nonsense


#: Each item with what is typed and what is then said at it; an item may have its turn again.
NONSENSE = (
    {
        "aircraft_count": ("nine", "Enter a whole number."),
        "used_as": ("PIRATE", "Select a valid choice."),
        "attendant_count": ("both", "Enter a whole number."),
        "escort": ("ZZZZ", "ZZZZ is no known aircraft type"),
        "annual_number": ("EXKZ26S0001", "Give the number of an annual clearance"),
        "short_notice_reason": ("x" * 1001, "at most 1000 characters"),
        "flight_rules": ("X", "Select a valid choice."),
        "cruise_level": ("250", "Give a flight level, such as F250."),
        "cruise_knots": ("FAST", "Enter a whole number."),
        "route": ("LTAU L321 UTDD", "no airways are held"),
        "activity": ("JOY", "Select a valid choice."),
        "leaves_behind": ("LITTER", "Select a valid choice."),
        "stay_instrument": ("x" * 121, "at most 120 characters"),
        "stays_until": ("some day", "Give date and time in UTC"),
        "returns_by": ("x" * 121, "at most 120 characters"),
        "property_list": ("x" * 2001, "at most 2000 characters"),
        "consignee": ("x" * 121, "at most 120 characters"),
        "end_user": ("x" * 121, "at most 120 characters"),
        "has_ammunition": ("Perhaps", "Select a valid choice."),
        "crossing-1-ground_minutes": ("long", "Enter a whole number."),
        "crossing-1-clearance": ("MAYBE", "Select a valid choice."),
        "crossing-1-clearance_number": ("EX/1", "capital letters and digits"),
        "good-0-un_number": ("UN186", "Give the number with its letters"),
        "good-0-proper_shipping_name": ("x" * 201, "at most 200 characters"),
        "good-0-hazard_class": ("BANG", "Give class or division and letter"),
        "good-0-packing_group": ("IV", "Select a valid choice."),
        "good-0-packages": ("some", "Enter a whole number."),
        "good-0-gross_kg": ("12,500", "12.5 or 12500?"),
        "good-0-net_quantity": ("-1", "greater than or equal to 0"),
        "good-0-net_unit": ("lb", "Select a valid choice."),
        "good-0-net_explosive_kg": ("0.12345", "no more than 3 decimal places"),
        "good-0-packing": ("x" * 81, "at most 80 characters"),
        "good-0-small_quantity": ("TINY", "Select a valid choice."),
        "good-0-compliant": ("Perhaps", "Select a valid choice."),
        "good-0-from_point": ("UACN", "UACN is no known aerodrome"),
        "good-0-to_point": ("MARS", "MARS is no known aerodrome"),
    },
    {
        "aircraft_count": ("9", "less than or equal to 4"),
        "cruise_knots": ("9" * 30, "less than or equal to 600"),
        "route": ("LTAU 9999N99999E", "is no position"),
        "good-0-un_number": ("UN18630", "at most 6 characters"),
        "good-0-gross_kg": ("NaN", "Give a number with a decimal point"),
        "good-0-net_quantity": ("9" * 11, "no more than 10 digits"),
    },
    {
        "aircraft_count": ("", "Give the number of aircraft, 1 to 4."),
        "route": ("LTAU " * 100 + "UTDD", "at most 500 characters"),
        "good-0-un_number": ("", "Enter the UN number"),
        "good-0-proper_shipping_name": ("", "Enter the proper shipping name."),
    },
    {
        "route": ("LTAU\0UTDD", "Null characters are not allowed."),
        "good-0-packing": ("\0", "Null characters are not allowed."),
    },
)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_named_at_its_item_and_nothing_is_lost(
    planner: Client, exercise: Exercise, nonsense: dict[str, tuple[str, str]]
) -> None:
    before = draft()
    typed = {item: text for item, (text, _message) in nonsense.items()}

    answer = send(planner, exercise, **FUEL | {"remarks": "Kept."} | typed)

    assert answer.status_code == 422
    kept, said = form_for(answer, "").fields, body(answer)
    for item, (text, message) in nonsense.items():
        at_item = said.partition(f'id="id_{item}_error"')[2].partition("</p>")[0]
        assert message in at_item, item
        assert f'href="#id_{item}' in said
        if message not in ("Select a valid choice.", "Null characters are not allowed."):
            assert kept[item] == text
    assert kept["remarks"] == "Kept."
    assert draft().remarks == "Kept."
    for item in nonsense.keys() & {*Revision.form_items()}:
        assert getattr(draft(), item) == getattr(before, item), item


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_is_typed_gets_an_answer(
    planner: Client, exercise: Exercise, data: st.DataObject
) -> None:
    offered = fields(planner, exercise) | FUEL
    names = st.sampled_from(sorted(offered.keys() - {"csrfmiddlewaretoken"}))
    texts = st.text(max_size=30) | st.sampled_from(["١٢٣٤", "9" * 40, "-0", "1e9", "LTAU", "F٢٥٠"])

    typed = offered | data.draw(st.dictionaries(names, texts, max_size=4))

    before = transaction.savepoint()  # what is typed next is typed into the same form
    answer = planner.post(f"{page_of(exercise)}form/", typed)
    transaction.savepoint_rollback(before)

    assert answer.status_code in (302, 409, 422)


@pytest.mark.parametrize(("prefix", "most"), [("crossing", 20), ("good", 40)])
def test_a_table_says_how_many_rows_it_has_room_for(
    planner: Client, exercise: Exercise, prefix: str, most: int
) -> None:
    offered = fields(planner, exercise) | FUEL
    first = {name: value for name, value in offered.items() if name.startswith(f"{prefix}-0-")}
    rows = {
        name.replace("-0-", f"-{number}-"): value
        for number in range(most + 1)
        for name, value in first.items()
    }

    answer = send(planner, exercise, **rows | {f"{prefix}-TOTAL_FORMS": str(most + 1)})

    assert answer.status_code == 422
    assert body(answer).count(f"This table has room for {most} rows.") == 2


@pytest.mark.parametrize("total", ["", "x", "9" * 30])
def test_a_count_of_rows_that_is_none_is_survived(
    planner: Client, exercise: Exercise, total: str
) -> None:
    assert send(planner, exercise, **{"good-TOTAL_FORMS": total}).status_code == 422


# One wrong item, two windows


def test_a_wrong_item_keeps_no_other_from_being_saved(planner: Client, exercise: Exercise) -> None:
    typed = {"departs_at": "30.02.2026 05:00", "cargo_kg": "18.000", "remarks": "Kept."}
    row = {"crossing-1-entry_at": "soon", "crossing-1-clearance_number": "EXGE26S0202"}

    answer = send(planner, exercise, **typed, **row)

    assert answer.status_code == 422
    said = body(answer)
    assert "There is no 30 February 2026: the month has 28 days." in said
    assert "18 or 18000?" in said
    assert "The rest is saved." in said
    saved = draft()
    assert saved.departs_at == datetime(2026, 9, 14, 5, tzinfo=UTC)
    assert (saved.cargo_kg, saved.remarks) == (18000, "Kept.")
    second = saved.crossings.all()[1]
    assert (second.entry_at.hour, second.clearance_number) == (5, "EXGE26S0202")

    again = planner.get(f"{page_of(exercise)}form/")

    assert again.status_code == 200
    form = form_for(again, "").fields
    assert {name: form[name] for name in typed | row} == typed | row
    assert "18 or 18000?" in body(again)
    mended = form | {"departs_at": "", "cargo_kg": "18 000 kg", "crossing-1-entry_at": ""}
    mended["crossing-1-entry_at"] = "14.09.2026 05:58"
    assert planner.post(f"{page_of(exercise)}form/", mended).status_code == 302
    assert "18 or 18000?" not in body(planner.get(f"{page_of(exercise)}form/"))


def test_what_was_read_otherwise_than_typed_is_echoed(planner: Client, exercise: Exercise) -> None:
    typed = {
        "departs_at": "14.09.2026 04:30",
        "cargo_kg": "17,000 kg",
        "alternates": "uzss; uztt",
        "crossing-1-exit_at": "140626ZSEP26",
        "crossing-2-entry_at": "2026-09-14 06:26",
    }

    assert send(planner, exercise, **typed).status_code == 302

    said = body(planner.get(page_of(exercise)))
    assert "Departure: Monday 14 September 2026, 04:30 UTC (07:30 Ankara, 09:30 Astana)" in said
    assert "Cargo, mass: 17\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kg" in said
    assert "Alternates: UZSS UZTT" in said
    assert "Crossing 2, Exit, UTC: Monday 14 September 2026, 06:26 UTC" in said
    assert "Crossing 3, Entry" not in said


def test_a_new_request_with_a_wrong_item_is_begun_once(planner: Client, exercise: Exercise) -> None:
    where = f"/x/{exercise.pk}/TR-PLANNER/flights/new/"
    typed = form_for(planner.get(where), "").fields | {"call_sign": "hvk 4821", "crew_count": "x"}

    answer = planner.post(where, typed)

    assert answer.status_code == 422
    flight = FlightRequest.objects.get(number=2)
    assert flight.latest.call_sign == "HVK4821"
    form = form_for(answer, "/flights/2/form/")
    assert planner.post(where, typed)["Location"] == form.action  # the page loaded again
    assert planner.post(form.action, form.fields | {"crew_count": "5"}).status_code == 302
    assert FlightRequest.objects.count() == 2
    assert FlightRequest.objects.get(number=2).latest.crew_count == 5


def edited(exercise: Exercise, **form: Any) -> None:
    """Somebody at the same desk saves items of the draft."""
    by = playing.seat(exercise, "TR-PLANNER")
    with acts.act(exercise, by=by) as at:
        flight = FlightRequest.objects.get()
        drafted = flight.latest
        tables = {
            part: [
                {name: getattr(row, name) for name in drafting.ROWS[kind][1]}
                for row in getattr(drafted, part).all()
            ]
            for kind, part in drafting.TABLES.items()
        }
        preparation.edit(flight, by=by, at=at, form=form, **tables)


def test_two_windows_merge_item_by_item(planner: Client, exercise: Exercise) -> None:
    offered = fields(planner, exercise)
    edited(exercise, cruise_level="F270", remarks="Theirs.")

    mine = offered | {"captain": "Yüzbaşı Ada Örnek", "crossing-1-clearance_number": "EXGE26S0303"}
    answer = planner.post(f"{page_of(exercise)}form/", mine)

    assert answer.status_code == 302
    saved = draft()
    assert (saved.cruise_level, saved.remarks) == ("F270", "Theirs.")
    assert saved.captain == "Yüzbaşı Ada Örnek"
    assert saved.crossings.all()[1].clearance_number == "EXGE26S0303"


def test_what_both_windows_changed_is_asked(planner: Client, exercise: Exercise) -> None:
    offered = fields(planner, exercise)
    edited(exercise, cruise_level="F270", priority="HUM", remarks="Theirs.")

    mine = offered | {"cruise_level": "F290", "priority": "VIP", "captain": "Ada Örnek"}
    answer = planner.post(f"{page_of(exercise)}form/", mine)

    assert answer.status_code == 409
    said = body(answer)
    assert "Changed meanwhile in another window, to “F270”." in said
    assert "to “Urgent humanitarian relief”." in said
    assert draft().captain == "Ada Örnek"
    assert (draft().cruise_level, draft().priority) == ("F270", "HUM")
    form = form_for(answer, "").fields
    assert (form["cruise_level"], form["priority"]) == ("F290", "VIP")

    decided = planner.post(f"{page_of(exercise)}form/", form | {"take": "priority"})

    assert decided.status_code == 302
    assert (draft().cruise_level, draft().priority) == ("F290", "HUM")
    assert draft().remarks == "Theirs."


def test_a_table_that_both_windows_changed_is_asked_as_a_whole(
    planner: Client, exercise: Exercise
) -> None:
    send(planner, exercise, **FUEL)
    offered = fields(planner, exercise)
    removed = {name: "" for name in offered if name.startswith("good-0-")}
    assert send(planner, exercise, **removed).status_code == 302

    mine = offered | {"good-0-packages": "3", "remarks": "Mine."}
    answer = planner.post(f"{page_of(exercise)}form/", mine)

    assert answer.status_code == 409
    assert "Changed meanwhile in another window. Yours is below" in body(answer)
    assert draft().remarks == "Mine."
    assert not DangerousGood.objects.exists()
    form = form_for(answer, "").fields
    assert planner.post(f"{page_of(exercise)}form/", form).status_code == 302
    assert DangerousGood.objects.get().packages == 3


def test_a_form_that_nobody_may_change_any_more_gives_back_what_was_typed(
    planner: Client, exercise: Exercise
) -> None:
    offered = fields(planner, exercise) | FUEL
    by = playing.seat(exercise, "TR-PLANNER")
    with acts.act(exercise, by=by) as at:
        preparation.request_release(FlightRequest.objects.get(), by=by, at=at)

    answer = planner.post(f"{page_of(exercise)}form/", offered)

    assert answer.status_code == 409
    assert "its form cannot be changed now" in body(answer)
    assert "Dangerous goods, line 1: UN number" in body(answer)
    assert "Fuel, aviation, turbine engine" in body(answer)
    assert "Crossing 3: Clearance number" in body(answer)


# Fictional marks only


@pytest.mark.parametrize(
    ("item", "typed", "examples"),
    [
        ("call_sign", "THY1234", "HVK4821, EXR4821"),
        ("spare_call_sign", "kzr 22", "HVK4821, EXR4821"),
        ("registration", "TC-JRO", "99-0101, XX-0101"),
        ("spare_registration", "13-0009", "99-0101, XX-0101"),
    ],
)
def test_a_mark_that_may_be_a_real_operators_is_refused_with_what_may_be_used(
    planner: Client, exercise: Exercise, item: str, typed: str, examples: str
) -> None:
    before = getattr(draft(), item)

    answer = send(planner, exercise, **{item: typed})

    assert answer.status_code == 422
    assert f"may belong to a real operator. Use one such as {examples}." in body(answer)
    assert getattr(draft(), item) == before


# What is missing leads to its item


def test_each_fault_of_a_refused_release_leads_to_its_item(
    planner: Client, exercise: Exercise
) -> None:
    send(planner, exercise, captain="", cargo="", **{"crossing-1-clearance_number": ""})

    answer = request_release(planner, exercise)

    assert answer.status_code == 422
    said = answer.text
    for item in ("id_captain", "id_cargo", "crossings"):
        assert f'href="{page_of(exercise)}form/#{item}"' in said.partition("errors-title")[2]
    form = planner.get(f"{page_of(exercise)}form/").text
    for item in ("id_captain", "id_cargo", "crossings"):
        assert f'id="{item}"' in form
        assert f'href="#{item}"' in form


def test_an_untouched_table_is_not_complete(planner: Client, exercise: Exercise) -> None:
    send(planner, exercise, dangerous_goods="")

    listed = body(planner.get(f"{page_of(exercise)}form/")).partition("tasks-title")[2]

    assert "Nothing stated yet" in listed.partition("#goods")[2].partition("</li>")[0]
    send(planner, exercise, dangerous_goods="NONE")
    assert "Nothing stated yet" not in body(planner.get(f"{page_of(exercise)}form/"))


# Said while it is typed


@pytest.mark.parametrize(
    ("item", "typed", "said"),
    [
        ("departs_at", "240500ZSEP26", "Thursday 24 September 2026, 05:00 UTC (08:00 Ankara"),
        ("crossing-3-exit_at", "30.02.2026 05:00", "There is no 30 February 2026"),
        ("cargo_kg", "18 000", "18\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kg"),
        ("cargo_kg", "18.000", "18 or 18000?"),
        ("good-0-gross_kg", "12,5 kg", "12.5\N{NO-BREAK SPACE}kg"),
    ],
)
def test_an_item_is_said_back_while_it_is_typed(
    planner: Client, exercise: Exercise, item: str, typed: str, said: str
) -> None:
    where = f"/x/{exercise.pk}/TR-PLANNER/flights/understood/"

    assert said in body(planner.get(where, {item: typed}))
    assert planner.get(where, {"purpose": typed}).status_code == 404
    assert planner.get(where).status_code == 404


# Begun with an earlier request


def test_a_request_begins_with_an_earlier_one_but_not_with_its_times(
    planner: Client, exercise: Exercise
) -> None:
    where = f"/x/{exercise.pk}/TR-PLANNER/flights/new/?from=1"

    answer = planner.get(where)

    assert "Begun with TR-KZ-0001, without its times, clearances and undertakings." in body(answer)
    form = form_for(answer, "").fields
    assert form["call_sign"] == "HVK4821"
    assert columns(form, "state") == STATES
    assert form["departs_at"] == ""
    assert columns(form, "entry_at") == columns(form, "clearance_number") == []
    assert not any(form.get(name) for name in form if name.startswith("undertakes_"))
    assert FlightRequest.objects.count() == 1
    rows = {name: "" for name in form if name.startswith("crossing-") and "FORMS" not in name}
    assert planner.post(where, form | rows | {"departs_at": "21.09.2026 05:00"}).status_code == 302
    assert FlightRequest.objects.get(number=2).latest.route == ROUTE


def test_the_page_of_a_request_offers_to_begin_with_it(planner: Client, exercise: Exercise) -> None:
    offered = f'href="/x/{exercise.pk}/TR-PLANNER/flights/new/?from=1"'
    assert offered in planner.get(page_of(exercise)).text
    assert "Copy as a new draft" in body(planner.get(page_of(exercise)))
    release = signed_in(exercise, "TR-RELEASE")
    assert "flights/new/?from" not in release.get(page_of(exercise, "TR-RELEASE")).text

    by = playing.seat(exercise, "TR-ATTACHE")
    with acts.act(exercise, by=by) as at:
        transmission.withdraw(FlightRequest.objects.get(), by=by, at=at, reason="Not needed.")

    assert "Begin anew with this request" in body(planner.get(page_of(exercise)))


def test_nobody_begins_with_what_is_not_theirs(planner: Client, exercise: Exercise) -> None:
    base = f"/x/{exercise.pk}"
    host = signed_in(exercise, "KZ-PLANNER")

    assert planner.get(f"{base}/TR-PLANNER/flights/new/?from=99").status_code == 404
    assert planner.get(f"{base}/TR-PLANNER/flights/new/?from=x").status_code == 200
    assert host.get(f"{base}/KZ-PLANNER/flights/new/?from=1").status_code == 404


# The map


def test_the_route_is_drawn_where_the_product_helps(planner: Client, exercise: Exercise) -> None:
    assert 'id="map-data"' in body(planner.get(page_of(exercise)))

    Exercise.objects.filter(pk=exercise.pk).update(help=Help.OFF)

    assert 'id="map-data"' not in body(planner.get(page_of(exercise)))


def test_a_route_that_was_not_given_draws_nothing(planner: Client, exercise: Exercise) -> None:
    send(planner, exercise, route="")

    shown = planner.get(page_of(exercise))

    assert shown.status_code == 200
    assert 'id="map-data"' not in body(shown)


# Short notice


@pytest.fixture
def short(exercise: Exercise) -> Exercise:
    """The draft is of a flight in four days: Kazakhstan asks for seven working days."""
    by = playing.seat(exercise, "TR-PLANNER")
    moved = playing.prepared("TR", entry_at=datetime(2026, 9, 5, 7, 7, tzinfo=UTC))
    rows = [
        row | {"clearance": "REQUESTED"} if row["state"] == "AZ" else row
        for row in moved["crossings"]
    ]
    form = moved["form"] | {"has_sensors": True, "equipment": "Camera, off and sealed."}
    with acts.act(exercise, by=by) as at:
        flight = FlightRequest.objects.get()
        preparation.edit(flight, by=by, at=at, form=form, crossings=rows)
    return exercise


def request_release(planner: Client, exercise: Exercise) -> Any:
    form = form_for(planner.get(page_of(exercise)), "do/request_release/")
    return planner.post(form.action, form.fields)


def test_too_little_notice_leads_to_its_page_and_on_with_a_justification(
    planner: Client, short: Exercise
) -> None:
    page = f"{page_of(short)}short-notice/"
    assert request_release(planner, short)["Location"] == page
    assert f'href="{page}"' in body(planner.get(page_of(short)))

    shown = planner.get(page)
    said = body(shown)
    assert "Kazakhstan gets less notice than it asks for" in said
    assert "14 working days" in said
    assert "drives the date" in said
    assert "Calendar strip" in said
    assert "mfa.gov.az" in said
    form = form_for(shown, "do/justify/")
    assert planner.post(form.action, form.fields).status_code == 422

    reason = {"reason": "The flood came on Sunday."}
    assert planner.post(form.action, form.fields | reason)["Location"] == page_of(short)
    assert draft().short_notice_reason == "The flood came on Sunday."
    assert request_release(planner, short)["Location"] == page_of(short)
    assert FlightRequest.objects.get().status == FlightStatus.RELEASE_REVIEW


def test_the_state_that_asks_first_drives_the_date(planner: Client, short: Exercise) -> None:
    rows = body(planner.get(f"{page_of(short)}short-notice/")).split("<tr")

    driving = [row for row in rows if "drives the date" in row]
    assert len(driving) == 1
    assert "Azerbaijan" in driving[0] or "Kazakhstan" in driving[0]
    assert sum("too late" in row for row in rows) == 2


def test_in_time_the_page_says_so(planner: Client, exercise: Exercise) -> None:
    said = body(planner.get(f"{page_of(exercise)}short-notice/"))

    assert "Kazakhstan gets the notice that it asks for." in said
    assert "too late" not in said


def test_an_urgent_flight_is_asked_for_no_minimum(planner: Client, short: Exercise) -> None:
    send(planner, short, priority="HUM", has_sensors="False", **{"crossing-2-clearance": "GRANTED"})
    send(planner, short, **{"crossing-2-clearance_number": "EXAZ26S0001"})

    assert request_release(planner, short)["Location"] == page_of(short)


def test_the_host_has_no_such_page(short: Exercise) -> None:
    registry = signed_in(short, "KZ-REGISTRY")

    assert registry.get(f"{page_of(short, 'KZ-REGISTRY')}short-notice/").status_code == 404


def test_an_exam_counts_nothing(planner: Client, short: Exercise) -> None:
    Exercise.objects.filter(pk=short.pk).update(help=Help.OFF)

    said = body(planner.get(f"{page_of(short)}short-notice/"))

    assert "Calendar strip" not in said
    assert "do/justify/" in said


@pytest.mark.parametrize("year", [2027, 2031])
def test_an_entry_beyond_the_calendar_breaks_no_page(
    planner: Client, exercise: Exercise, year: int
) -> None:
    by = playing.seat(exercise, "TR-PLANNER")
    moved = playing.prepared("TR", entry_at=datetime(year, 6, 5, 7, 7, tzinfo=UTC))
    with acts.act(exercise, by=by) as at:
        flight = FlightRequest.objects.get()
        preparation.edit(flight, by=by, at=at, form=moved["form"], crossings=moved["crossings"])

    for page in ("", "form/", "short-notice/"):
        assert planner.get(f"{page_of(exercise)}{page}").status_code == 200
