"""Every finding appears with its cause and disappears when the cause is mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import chain, zip_longest
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

import rules
from control import stories
from tests import routes
from tests.annual import annual
from tests.playing import proposed_plan
from tests.situations.acting import flight, pass_time, played, use
from tests.situations.asking import (
    ALPHA,
    BALL,
    BLANKS,
    BY_A_ZONE,
    CELLS,
    EARLY,
    FLARES,
    FUEL,
    GASBI,
    MARCH,
    NUMBER,
    PROJECTILES,
    STRAIGHT,
    TO_AND_FRO,
    Changes,
    another_agreement,
    codes,
    crossing,
    entering,
    form,
    proposed,
)
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.models import Revision

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

#: Ends in the host state, with those who attend to the load and nobody else.
TO_ASTANA: Changes = {
    "route": routes.CORRIDOR,
    "category": "EXERCISE",
    "passenger_count": 2,
    "attendant_count": 2,
}
LATE: Changes = {"received_at": datetime(2026, 9, 9, 6, tzinfo=UTC)}
JUSTIFIED: Changes = {"short_notice_reason": "The flood was on Monday."}
#: Before the agreement came into force, and sent in good time.
IN_MARCH = entering(datetime(2026, 3, 17, 7, 7, tzinfo=UTC)) | {
    "received_at": datetime(2026, 3, 2, 6, tzinfo=UTC)
}


def listed(*goods: Changes, **items: Any) -> Changes:
    """A list of dangerous goods, sent early enough for the long track."""
    return {"goods": goods, "received_at": EARLY} | items


#: By code: what is wrong, and what mends it.
CAUSES: list[tuple[str, Changes, Changes]] = [
    # scope
    ("FORM_INCOMPLETE", {"captain": ""}, {}),
    ("FORM_INCOMPLETE", {"dangerous_goods": ""}, {}),
    ("AGREEMENT_NOT_IN_FORCE", IN_MARCH, IN_MARCH | {"legal_basis": "ORDINARY"}),
    ("LEGAL_BASIS_OTHER", {"legal_basis": "OTHER"}, {}),
    ("AIRCRAFT_USE", {"used_as": "CHARTER"}, {}),
    ("CIVIL_USE", {"used_as": "CIVIL"}, {"used_as": "STATE"}),
    ("STATE_SERVICE", {"used_as": "POLICE"}, {}),
    ("STATE_SERVICE", {"used_as": "STATE"}, {}),
    (
        "CHARTER_MUNITIONS",
        listed(BLANKS, used_as="CHARTER"),
        listed(CELLS, used_as="CHARTER"),
    ),
    ("CHARTER_MUNITIONS", listed(BLANKS, used_as="CIVIL"), listed(BLANKS)),
    ("AIRCRAFT_REGIME", {"aircraft_type": "F16"}, {}),
    ("AIRCRAFT_REFER", {"aircraft_type": "B744"}, {}),
    ("SENSOR_AIRCRAFT", {"aircraft_type": "E737", "received_at": EARLY}, {}),
    (
        "SENSORS_DECLARED",
        {"has_sensors": True, "equipment": "Camera, sealed.", "received_at": EARLY},
        {},
    ),
    (
        "EW_DECLARED",
        {"has_electronic_warfare": True, "equipment": "Suite, off.", "received_at": EARLY},
        {},
    ),
    ("ARMAMENT_REFUSED", {"has_armament": True, "equipment": "Gun.", "received_at": EARLY}, {}),
    ("ESCORT_COMBAT", {"escort": "F16 F16"}, {"escort": "C130"}),
    ("FORMATION", {"aircraft_count": 2}, {}),
    (
        "CATEGORY_LOAD",
        listed(BLANKS, category="OFFICIAL_DELEGATION"),
        listed(BLANKS, category="EXERCISE"),
    ),
    (
        "CATEGORY_LOAD",
        listed(BLANKS, category="MILITARY", priority="MEDEVAC"),
        listed(BLANKS, category="MILITARY"),
    ),
    (
        "CATEGORY_LOAD",
        listed(BLANKS, category="OFFICIAL_DELEGATION"),
        listed(
            BLANKS, category="OFFICIAL_DELEGATION", has_personal_weapons=True, has_ammunition=True
        ),
    ),
    ("CATEGORY_OTHER", {"category": "OTHER"}, {}),
    ("CATEGORY_PRIORITY", {"category": "EXERCISE", "priority": "HUM"}, {"priority": "HUM"}),
    ("LANDING", {"crossings": crossing(4, action="LAND", ground_minutes=90)}, {}),
    (
        "GROUND_TIME",
        {"crossings": crossing(4, action="LAND", ground_minutes=3 * 24 * 60)},
        {"crossings": crossing(4, action="LAND", ground_minutes=120)},
    ),
    (
        "GROUND_TIME_MISSING",
        {"crossings": crossing(4, action="LAND")},
        {"crossings": crossing(4, action="LAND", ground_minutes=90)},
    ),
    ("ALTERNATE_IN_HOST", {"alternates": "UZSS UATG"}, {}),
    ("ALTERNATE_ELSEWHERE", {"alternates": "UZSS"}, {"alternates": ""}),
    ("ALTERNATE_UNDECLARED", {"alternates": "UTAA"}, {"alternates": "UZSS"}),
    (
        "CUSTOMS_AERODROME",
        {"route": "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UAUR"},
        {"route": routes.CORRIDOR},
    ),
    ("LEAVES_BEHIND", {"leaves_behind": "PERSONS"}, {}),
    ("ENDS_IN_HOST", TO_ASTANA | {"passenger_count": 40}, TO_ASTANA),
    (
        "PROPERTY_LIST",
        {"leaves_behind": "STORES", "property_list": "2; generator; EX4411"},
        {"leaves_behind": "STORES", "property_list": "2; generator; EX4411 EX4412"},
    ),
    ("ACTIVITY_EN_ROUTE", {"activity": "AAR"}, {}),
    ("LEVEL_LOW", {"cruise_level": "F190"}, {"cruise_level": "F195"}),
    # route
    ("ROUTE_MISSING", {"route": "LTAU AKTAU", "crossings": ALPHA["crossings"]}, {}),
    ("ROUTE_ENDS", {"departure": "LTAC"}, {}),
    ("ROUTE_HOST", {"route": "LTAU NOLGA LAGAS UGTB"}, {}),
    ("RANGE", {"aircraft_type": "C295"}, {}),
    (
        "OUT_AND_BACK",
        {"destination": "LTAU"},
        {"destination": "LTAU", "crossings": crossing(4, action="LAND", ground_minutes=90)},
    ),
    (
        "ROUTE_UNDECLARED",
        {"route": STRAIGHT, "crossings": proposed(STRAIGHT, without="RU")},
        {"route": STRAIGHT},
    ),
    (
        "ROUTE_NOT_CROSSED",
        {"crossings": [row | {"state": "TM"} for row in crossing(5)[4:5]] + crossing(5)},
        {},
    ),
    ("ROUTE_ORDER", {"crossings": [crossing(1)[n] for n in (0, 2, 1, 3, 4, 5)]}, {}),
    (
        "FIR_UNDECLARED",
        {"route": STRAIGHT, "crossings": proposed(STRAIGHT, without="RU")},
        {"route": routes.CORRIDOR},
    ),
    ("BOUNDARY_AND_BORDER", {}, {"route": routes.BACK, "host": "TR"}),
    ("GAP", {"crossings": crossing(4, entry_point="RUTIL")}, {}),
    ("POINT_IS_FIR", {"crossings": crossing(4, entry_point="UATT")}, {}),
    ("POINT_UNKNOWN", {"crossings": crossing(4, entry_point="AKTAU")}, {}),
    ("POINT_OFF_ROUTE", {"crossings": crossing(4, entry_point="RUTIL")}, {}),
    ("POINT_NOT_AT_BOUNDARY", {"crossings": crossing(3, entry_point="UBBB")}, {}),
    ("TIMES_ORDER", {"arrives_at": ALPHA["form"]["departs_at"] + timedelta(hours=4)}, {}),
    ("TIMES_IMPLAUSIBLE", {"cruise_knots": 260}, {"cruise_knots": 390}),
    # water
    ("CASPIAN_TRANSIT", {}, {"route": "LTAC LTCI"}),
    ("CASPIAN_ACTIVITY", {"escort": "F16"}, {}),
    ("CASPIAN_ACTIVITY", {"route": TO_AND_FRO}, {"route": routes.CORRIDOR}),
    ("CASPIAN_GAP", {"route": GASBI}, {"route": routes.CORRIDOR}),
    # notice
    ("NOTICE_UNJUSTIFIED", LATE, LATE | JUSTIFIED),
    ("NOTICE_UNJUSTIFIED", LATE, LATE | {"priority": "HUM"}),
    ("NOTICE_SHORT", LATE | JUSTIFIED, JUSTIFIED),
    (
        "THIRD_STATE_NOTICE",
        {"goods": [CELLS], "crossings": crossing(3, clearance="REQUESTED")},
        listed(CELLS, crossings=crossing(3, clearance="REQUESTED")),
    ),
    ("THIRD_STATE_NOTICE", {"goods": [CELLS], "crossings": crossing(3, clearance="")}, {}),
    ("THIRD_STATE_PENDING", {"crossings": crossing(2, clearance="REQUESTED")}, {}),
    ("URGENT", {"priority": "HUM"}, {}),
    # annual
    ("ANNUAL_UNKNOWN", {"annual_number": NUMBER}, {}),
    ("ANNUAL_ALONE", {"annual_number": NUMBER}, {}),
    # load
    ("DG_NO_STATEMENT", {"dangerous_goods": ""}, {}),
    ("DG_LIST_EMPTY", {"dangerous_goods": "LIST"}, listed(CELLS)),
    ("DG_NONE_BUT_LISTED", listed(CELLS, dangerous_goods="NONE"), listed(CELLS)),
    ("DG_UN_FORM", listed(CELLS | {"un_number": "UN٣٤٨٠"}), listed(CELLS)),
    ("DG_UN_UNKNOWN", listed(CELLS | {"un_number": "UN9999"}), listed(CELLS)),
    ("DG_US_NUMBER", listed(FUEL | {"un_number": "NA1270"}), listed(FUEL)),
    ("DG_NAME_MISMATCH", listed(CELLS | {"un_number": "UN3481"}), listed(CELLS)),
    (
        "DG_TECHNICAL_NAME",
        listed(FUEL | {"un_number": "UN1993", "proper_shipping_name": "Flammable liquids, n.o.s."}),
        listed(
            FUEL
            | {
                "un_number": "UN1993",
                "proper_shipping_name": "Flammable liquids, n.o.s. (acetone)",
                "packing_group": "II",
            }
        ),
    ),
    ("DG_CLASS_MISMATCH", listed(CELLS | {"hazard_class": "8"}), listed(CELLS)),
    ("DG_COMPATIBILITY_MISSING", listed(BLANKS | {"hazard_class": "1.4"}), listed(BLANKS)),
    ("DG_PG_MISSING", listed(FUEL | {"packing_group": ""}), listed(FUEL)),
    ("DG_PG_NOT_APPLICABLE", listed(CELLS | {"packing_group": "II"}), listed(CELLS)),
    (
        "DG_PG_MISMATCH",
        listed(FUEL | {"un_number": "UN1203", "proper_shipping_name": "Gasoline"}),
        listed(
            FUEL
            | {"un_number": "UN1203", "proper_shipping_name": "Gasoline", "packing_group": "II"}
        ),
    ),
    ("DG_QUANTITY_MISSING", listed(CELLS | {"packages": None}), listed(CELLS)),
    ("DG_NEQ_MISSING", listed(BLANKS | {"net_explosive_kg": None}), listed(BLANKS)),
    ("DG_NEQ_NOT_EXPLOSIVE", listed(CELLS | {"net_explosive_kg": Decimal(1)}), listed(CELLS)),
    ("DG_MASS_ORDER", listed(CELLS | {"net_quantity": Decimal(121)}), listed(CELLS)),
    ("DG_TOTAL_EXCEEDS_CARGO", listed(CELLS, cargo_kg=119), listed(CELLS, cargo_kg=120)),
    ("DG_NOT_COMPLIANT_UNSTATED", listed(CELLS | {"compliant": None}), listed(CELLS)),
    ("DG_NOT_COMPLIANT", listed(CELLS | {"compliant": False}), listed(CELLS)),
    (
        "DG_TRANSPORT_FORBIDDEN",
        listed(CELLS | {"proper_shipping_name": "Acetylene silver nitrate"}),
        listed(CELLS),
    ),
    ("DG_FORBIDDEN_BY_AIR", listed(PROJECTILES), listed(BALL)),
    ("DG_CARGO_LIMIT", listed(CELLS | {"packages": 2}), listed(CELLS)),
    ("DG_ATTENDANTS", listed(BALL, passenger_count=2), listed(BALL, passenger_count=0)),
    (
        "DG_ATTENDANTS",
        listed(CELLS, passenger_count=2),
        listed(CELLS, passenger_count=2, attendant_count=2),
    ),
    ("DG_PASSENGERS", listed(BALL), listed(BALL, passenger_count=0, passengers="")),
    ("DG_PASSENGERS", listed(BALL), listed(BLANKS)),
    ("DG_PASSENGER_LIMIT", listed(FUEL | {"packages": 6}), listed(FUEL | {"packages": 7})),
    (
        "DG_SMALL_QUANTITY",
        listed(BALL | {"small_quantity": "LIMITED"}),
        listed(BALL),
    ),
    (
        "DG_SMALL_QUANTITY",
        listed(FUEL | {"small_quantity": "LIMITED", "packages": 11}),
        listed(FUEL | {"small_quantity": "LIMITED", "packages": 12}),
    ),
    ("DG_MIXED_COMPATIBILITY", listed(BALL, FLARES), listed(BLANKS, FLARES)),
    ("DG_LITHIUM_APART", listed(CELLS, BALL), listed(CELLS, BLANKS)),
    ("DG_LITHIUM_APART", listed(FUEL, CELLS), listed(FUEL)),
    (
        "DG_LIMIT_ELSEWHERE",
        listed(
            CELLS | {"un_number": "UN3363", "proper_shipping_name": "Dangerous goods in machinery"}
        ),
        listed(CELLS),
    ),
    (
        "DG_LEG",
        listed(CELLS | {"to_point": "UBBB"}),
        listed(CELLS | {"from_point": "LTAU", "to_point": "UTDD"}),
    ),
    (
        "DG_LEG",
        listed(CELLS | {"from_point": "UBBB"}),
        listed(CELLS | {"from_point": "UBBB"}, crossings=crossing(3, action="LAND")),
    ),
    ("DG_DECLARED", listed(CELLS), {}),
    ("WEAPONS_DECLARED", {"has_personal_weapons": True, "has_ammunition": False}, {}),
    (
        "WEAPONS_AMMUNITION",
        {"has_personal_weapons": True},
        {"has_personal_weapons": True, "has_ammunition": False},
    ),
    (
        "WEAPONS_AMMUNITION",
        listed(CELLS, has_personal_weapons=True, has_ammunition=True),
        listed(BLANKS, has_personal_weapons=True, has_ammunition=True),
    ),
    # zones
    ("ZONE_CROSSED", {"route": BY_A_ZONE}, {"route": routes.CORRIDOR}),
    (
        "ZONE_ELSEWHERE",
        {"route": BY_A_ZONE, "host": "TR"},
        {"route": routes.CORRIDOR, "host": "TR"},
    ),
]

#: What depends on the terms of the agreement: the terms, what is wrong, the terms that mend it.
TERMS = [
    (
        "ARMAMENT_DECLARED",
        {"has_armament": True},
        {"policies": {"armament": "refer"}},
        {"policies": {"armament": "refuse"}},
    ),
    *(
        ("POLICY_REFUSED", declared, {"policies": {subject: "refuse"}}, {})
        for subject, declared in (
            ("personal_weapons", {"has_personal_weapons": True}),
            ("sensors", {"has_sensors": True}),
            ("electronic_warfare", {"has_electronic_warfare": True}),
            ("dangerous_goods", {"dangerous_goods": "LIST"}),
        )
    ),
    (
        "LANDING_NOT_COVERED",
        {"crossings": crossing(4, action="LAND", ground_minutes=90)},
        {"landing": "refer"},
        {"landing": "allow"},
    ),
]

#: What a granted annual number does not cover: the items of a form that cites it.
ANNUAL = [
    ("ANNUAL_YEAR", {"entry_at": datetime(2026, 12, 31, 18, tzinfo=UTC)}),
    ("ANNUAL_CATEGORY", {"category": "OFFICIAL_DELEGATION"}),
    ("ANNUAL_DANGEROUS_GOODS", {"dangerous_goods": "LIST"}),
    ("ANNUAL_SENSITIVE", {"has_sensors": True}),
]

#: What a cause changes when it changes more than one item of the form.
WHOLE = {"crossings", "route", "goods", "received_at"}

#: What has a test of its own, below or, of closed airspace, with situation 27.
ALONE = (
    *("TAIL_TWICE", "REPORT_OUTSTANDING", "EARLIER_FINDINGS", "REPEATED_BREACH"),
    *("ANNUAL_NOT_IN_FORCE", "AIRSPACE_CLOSED", "THIRD_STATE_WINDOW"),
)


def test_nothing_but_what_is_to_be_known_is_found_on_the_flight_of_alpha() -> None:
    assert codes(form()) == {"CASPIAN_TRANSIT", "BOUNDARY_AND_BORDER", "ALTERNATE_ELSEWHERE"}


@pytest.mark.parametrize(("code", "bad", "mended"), CAUSES, ids=[code for code, _, _ in CAUSES])
def test_a_finding_disappears_when_its_cause_is_mended(
    code: str, bad: Changes, mended: Changes
) -> None:
    assert code in codes(form(**bad))
    assert code not in codes(form(**mended))


@pytest.mark.parametrize(
    ("code", "bad", "mended"), [*CAUSES, *((code, bad, {}) for code, bad, _, _ in TERMS)]
)
def test_a_finding_is_mended_in_a_fact_of_its_rule(
    code: str, bad: Changes, mended: Changes
) -> None:
    changed = facts_that_differ(form(**bad), form(**mended))
    [one] = [it for it in rules.rule_set(rules.LATEST) if it.code == code]

    assert not changed or changed & {*one.facts}  # nothing changed: sent at another moment


@pytest.mark.parametrize(("code", "bad", "terms", "others"), TERMS, ids=[it[0] for it in TERMS])
def test_a_finding_depends_on_the_terms_of_the_agreement(
    code: str, bad: Changes, terms: Changes, others: Changes
) -> None:
    with another_agreement(**terms):
        assert code in codes(form(**bad))
        assert code not in codes(form())
    with another_agreement(**others):
        assert code not in codes(form(**bad))


@pytest.mark.parametrize(("code", "items"), ANNUAL, ids=[code for code, _ in ANNUAL])
def test_a_cited_annual_number_covers_again_when_the_cause_is_mended(
    code: str, items: Changes
) -> None:
    exercise = annual.before()
    entry_at = items.get("entry_at", MARCH)
    items = {name: value for name, value in items.items() if name != "entry_at"}

    assert code in codes_of(annual.citing(exercise, NUMBER, entry_at=entry_at, **items))
    assert code not in codes_of(annual.citing(exercise, NUMBER, entry_at=MARCH))


def test_a_reinstated_annual_number_is_in_force_again() -> None:
    exercise = annual.before()
    draft = annual.citing(exercise, NUMBER, entry_at=MARCH)
    annual.use(exercise, "KZ-DECIDER", "suspend_annual", reason="x")
    assert "ANNUAL_NOT_IN_FORCE" in codes_of(draft)

    annual.use(exercise, "KZ-DECIDER", "reinstate_annual", reason="y")

    assert "ANNUAL_NOT_IN_FORCE" not in codes_of(draft)


def test_another_tail_or_another_day_ends_the_double_booking() -> None:
    exercise = played("register")
    booked: Changes = {"form": ALPHA["form"], "crossings": ALPHA["crossings"]}
    use(exercise, "TR-PLANNER", "prepare", host="KZ", **booked)
    assert "TAIL_TWICE" in codes_of(flight(exercise, 2).draft)

    other_day = entering(datetime(2026, 9, 16, 7, 7, tzinfo=UTC))
    for details in (
        {"form": {"registration": "99-0109"}, "crossings": ALPHA["crossings"]},
        {"form": other_day, "crossings": other_day["crossings"]},
    ):
        use(exercise, "TR-PLANNER", "edit", flight=2, **details)
        assert "TAIL_TWICE" not in codes_of(flight(exercise, 2).draft)
        use(exercise, "TR-PLANNER", "edit", flight=2, **booked)
        assert "TAIL_TWICE" in codes_of(flight(exercise, 2).draft)


def test_an_outstanding_report_blocks_until_it_is_in() -> None:
    exercise = played("report")
    pass_time(exercise, to=datetime(2026, 9, 18, 12, tzinfo=UTC))
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form={"operator": ALPHA["form"]["operator"]})
    assert "REPORT_OUTSTANDING" in codes_of(flight(exercise, 2).draft)

    use(exercise, "TR-ATTACHE", "report", text="Flown.", persons_on_board=11)

    assert "REPORT_OUTSTANDING" not in codes_of(flight(exercise, 2).draft)


def test_findings_on_an_earlier_flight_are_those_of_its_operator() -> None:
    exercise = played("close")
    use(exercise, "KZ-DEFENCE", "close", findings="Left 20 NM from the cleared point.")
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form={"operator": ALPHA["form"]["operator"]})
    assert "EARLIER_FINDINGS" in codes_of(flight(exercise, 2).draft)

    use(exercise, "TR-PLANNER", "edit", flight=2, form={"operator": "Turkish Coast Guard"})

    assert "EARLIER_FINDINGS" not in codes_of(flight(exercise, 2).draft)


def test_a_window_that_was_told_is_mended_by_telling_another() -> None:
    exercise = played("register")
    told: Changes = {"state": "GE", "clearance_number": "EXGE26S0101"}
    opens = datetime(2026, 9, 14, 3, tzinfo=UTC)
    for hours, note, is_found in ((3, "2026/1", True), (72, "2026/2", False)):
        told |= {"valid_from": opens, "valid_until": opens + timedelta(hours=hours)}
        use(exercise, "TR-ATTACHE", "tell_clearance", note_number=note, **told)
        assert ("THIRD_STATE_WINDOW" in codes_of(flight(exercise).latest)) is is_found


def test_who_departs_from_its_authorizations_twice_explains_itself() -> None:
    exercise = played("prepare")
    for line in stories.load("alpha").acts:
        details = line.get("with", {})
        second = {
            name: f"{said}b" if name == "note_number" else said for name, said in details.items()
        }
        if line["do"] == "prepare":
            second["form"] = details["form"] | {"registration": "990103", "spare_registration": ""}
        if line["do"] == "file_plan":
            second["message"] = proposed_plan(exercise, 2)
        if line["do"] == "enter":
            details, second = details | {"point": "RUTIL"}, second | {"point": "RUTIL"}
        stories.perform(exercise, line | {"with": details})
        stories.perform(exercise, line | {"with": second, "flight": 2})
        exercise.refresh_from_db()
    use(exercise, "TR-PLANNER", "prepare", host="KZ", form={"operator": ALPHA["form"]["operator"]})
    assert "REPEATED_BREACH" in codes_of(flight(exercise, 3).draft)

    use(exercise, "TR-PLANNER", "edit", flight=3, form={"operator": "Turkish Coast Guard"})

    assert "REPEATED_BREACH" not in codes_of(flight(exercise, 3).draft)


def test_every_rule_has_a_cause_here() -> None:
    known = {one.code for one in rules.rule_set(rules.LATEST)}

    assert {*ALONE, *(row[0] for row in (*CAUSES, *TERMS, *ANNUAL))} == known


#: Causes that lie in items of the form alone, so that a form may have several of them.
APART = [bad for _, bad, _ in CAUSES if bad and not {*bad} & WHOLE]


@cache
def caused_by(cause: int) -> set[str]:
    """What one of these causes leads to by itself."""
    return codes(form(**APART[cause]))


@given(st.permutations(range(len(APART))))
@effort(max_examples=20)
def test_a_finding_stands_only_while_something_causes_it(order: list[int]) -> None:
    """Whatever else is wrong with a form, what is mended is found no more."""
    mended, *left = order[:4]

    found = codes(form(**{item: APART[one][item] for one in left for item in APART[one]}))

    assert not (caused_by(mended) - {*chain(*map(caused_by, left))}) & found


def facts_that_differ(one: Revision, other: Revision) -> set[str]:
    """The items and columns in which two forms differ; a row that one lacks differs in all."""
    changed = {it for it in one.form_items() if getattr(one, it) != getattr(other, it)}
    for table, columns in (("crossings", CROSSING_ITEMS), ("goods", GOOD_ITEMS)):
        for row, beside in zip_longest(getattr(one, table).all(), getattr(other, table).all()):
            changed |= {
                f"{table}.{column}"
                for column in columns
                if not (row and beside) or getattr(row, column) != getattr(beside, column)
            }
    return changed


def codes_of(draft: Revision | None) -> set[str]:
    """The findings on a draft of an exercise, now."""
    assert draft is not None
    read = Revision.objects.get(pk=draft.pk)
    return {one.code for one in rules.findings(read, at=read.exercise.last_at)}
