"""What a form must say before it may be released."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from audit import acts
from audit.refusals import NotNow
from control import stories
from exercises.models import Exercise
from tests import playing
from transit import preparation
from transit.models import FlightRequest, FlightStatus, Revision

pytestmark = [pytest.mark.django_db, pytest.mark.quick]

FUEL = {
    "un_number": "UN1863",
    "proper_shipping_name": "Fuel, aviation, turbine engine",
    "net_quantity": 400,
    "net_unit": "L",
}
FORM = stories.load("alpha").acts[0]["with"]["form"]
CROSSINGS = stories.load("alpha").acts[0]["with"]["crossings"]


@pytest.fixture
def drafted() -> Exercise:
    """The draft of alpha, complete, about to be put before the release officer."""
    return playing.before("alpha", "request_release")


def request_release(exercise: Exercise, **changes: object) -> FlightRequest:
    """Change the draft, then put it before the release officer."""
    planner = playing.seat(exercise, "TR-PLANNER")
    flight = FlightRequest.objects.get(exercise=exercise)
    crossings, goods = changes.pop("crossings", CROSSINGS), changes.pop("goods", ())
    with acts.act(exercise, by=planner) as at:
        preparation.edit(
            flight,
            by=planner,
            at=at,
            form=FORM | changes,
            crossings=crossings,  # type: ignore[arg-type]
            goods=goods,  # type: ignore[arg-type]
        )
    with acts.act(exercise, by=planner) as at:
        return preparation.request_release(flight, by=planner, at=at)


def faults(exercise: Exercise, **changes: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        request_release(exercise, **changes)
    return caught.value.message_dict


def test_a_complete_form_is_put_before_the_release_officer(drafted: Exercise) -> None:
    assert request_release(drafted).status == FlightStatus.RELEASE_REVIEW


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("call_sign", ""),
        ("captain", ""),
        ("crew_count", None),
        ("cargo", ""),
        ("route", ""),
        ("cruise_level", ""),
        ("dangerous_goods", ""),
        ("has_sensors", None),
        ("contact_email", ""),
        ("undertakes_report", False),
    ],
)
def test_a_missing_item_is_named(drafted: Exercise, item: str, value: object) -> None:
    assert list(faults(drafted, **{item: value})) == [item]


@pytest.mark.parametrize(
    ("changes", "item"),
    [
        ({"has_personal_weapons": True, "has_ammunition": False}, "personal_weapons"),
        ({"has_personal_weapons": True, "personal_weapons": "Six rifles."}, "has_ammunition"),
        ({"has_electronic_warfare": True}, "equipment"),
        ({"dangerous_goods": "LIST"}, "goods"),
        ({"dangerous_goods": "LIST", "goods": [FUEL | {"net_quantity": None}]}, "goods"),
        ({"goods": [FUEL]}, "dangerous_goods"),
        ({"passenger_count": 60, "passengers": ""}, "passengers"),
        ({"priority": "VIP"}, "principals"),
        ({"passenger_count": 400}, "passenger_count"),
        ({"cargo_kg": 90_000}, "cargo_kg"),
    ],
)
def test_a_declaration_calls_for_its_detail(
    drafted: Exercise, changes: dict[str, object], item: str
) -> None:
    assert list(faults(drafted, **changes)) == [item]


def test_a_listed_line_with_its_quantity_is_complete(drafted: Exercise) -> None:
    reason = {"short_notice_reason": "Needed for the flight home."}  # fourteen working days
    sent = request_release(drafted, dangerous_goods="LIST", goods=[FUEL], **reason)

    assert sent.status == FlightStatus.RELEASE_REVIEW


def test_remarks_on_dangerous_goods_are_no_list(drafted: Exercise) -> None:
    sent = request_release(drafted, dangerous_goods_list="The fuel in the tanks is no cargo.")

    assert sent.status == FlightStatus.RELEASE_REVIEW


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("route", "LTAU NOWHERE UTDD"),
        ("cruise_level", "250"),
        ("cruise_knots", 5000),
        ("aircraft_count", 9),
        ("escort", "F16 ZZZZ"),
        ("annual_number", "EXKZ26S0001"),
        ("activity", "JOY"),
        ("call_sign", "HVK-4821!"),
        ("aircraft_type", "ZZZZ"),
        ("departure", "UACN"),
        ("alternates", "UZSS NOPE"),
        ("contact_phone", "call me"),
        ("contact_email", "nobody"),
        ("purpose", "Too short"),
        ("category", "HOLIDAY"),
    ],
)
def test_what_is_no_such_thing_is_refused_even_in_a_draft(
    drafted: Exercise, item: str, value: object
) -> None:
    assert list(faults(drafted, **{item: value})) == [item]
    kept = FORM.get(item, Revision._meta.get_field(item).get_default())  # type: ignore[union-attr]
    assert getattr(Revision.objects.get(), item) == kept


def test_a_state_that_is_asked_must_be_crossed(drafted: Exercise) -> None:
    elsewhere = [row for row in CROSSINGS if row["state"] != "KZ"]

    assert any("Kazakhstan" in one for one in faults(drafted, crossings=elsewhere)["crossings"])


def test_a_gap_between_two_crossings_is_named(drafted: Exercise) -> None:
    gap = [dict(row) for row in CROSSINGS]
    gap[3]["entry_point"] = "RUTIL"

    found = faults(drafted, crossings=gap)["crossings"]

    assert found == ["Crossing 4: it begins at RUTIL, but the one before ends at BALUN."]


def test_a_crossing_that_begins_before_the_one_before_it_ends_is_named(drafted: Exercise) -> None:
    early = [dict(row) for row in CROSSINGS]
    early[3]["entry_at"] -= timedelta(minutes=5)

    assert (
        "begins before the one before it ends" in faults(drafted, crossings=early)["crossings"][0]
    )


def test_a_clearance_that_was_granted_has_a_number(drafted: Exercise) -> None:
    rows = [row | {"clearance_number": ""} if row["state"] == "AZ" else row for row in CROSSINGS]

    found = faults(drafted, crossings=rows)["crossings"]

    assert found == ["Crossing 3: give the number of the clearance that AZ granted."]


def test_no_crossings_at_all(drafted: Exercise) -> None:
    assert "List every state" in faults(drafted, crossings=[])["crossings"][0]


def test_an_entry_in_the_past_is_not_put_forward(drafted: Exercise) -> None:
    past = [
        row | {name: row[name] - timedelta(days=60) for name in ("entry_at", "exit_at")}
        for row in CROSSINGS
    ]
    moved = {"departs_at": past[0]["entry_at"], "arrives_at": past[-1]["exit_at"]}

    with pytest.raises((ValidationError, NotNow)):
        request_release(drafted, crossings=past, **moved)

    assert FlightRequest.objects.get().status != FlightStatus.RELEASE_REVIEW


def test_the_track_follows_from_what_is_carried() -> None:
    assert Revision(priority="NONE").track_code == "STANDARD"
    assert Revision(priority="VIP").track_code == "VIP"
    assert Revision(priority="HUM").track_code == "HUMANITARIAN"
    assert Revision(priority="HUM", has_sensors=True).track_code == "SENSITIVE"
    assert Revision(priority="MEDEVAC", has_armament=True).track_code == "MEDEVAC"
    assert Revision(dangerous_goods="LIST").track_code == "SENSITIVE"
