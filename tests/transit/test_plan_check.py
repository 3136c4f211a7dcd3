from __future__ import annotations

import contextlib
import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace import flight_plan, reference
from airspace.flight_plan import FlightPlan, PlanError
from transit import plan_check
from transit.plan_check import DISCREPANCIES, Cleared
from transit.plan_check.comparison import CLAIMS
from transit.sentences import sentence
from transit.severity import Severity

FILE = Path(__file__).parents[1] / "data/fpl_cases.json"
DATA: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
AUTHORIZATIONS: dict[str, dict[str, Any]] = {one["id"]: one for one in DATA["authorizations"]}
CASES: list[dict[str, Any]] = DATA["cases"]
MINUTE = timedelta(minutes=1)
#: The indicators of Item 18 in ICAO Doc 4444, and two European ones.
INDICATORS = (
    "STS PBN NAV COM DAT SUR DEP DEST DOF REG EET SEL TYP CODE DLE OPR ORGN PER ALTN RALT TALT RIF "
    "RMK STAYINFO1 RVR"
)

#: A landing in the host state, with one spare tail.
LANDING = Cleared.from_dict(AUTHORIZATIONS["A1"])
LANDING_PLAN = flight_plan.read(CASES[0]["message"])
#: A transit of the host state, with points of entry and exit; here with a spare tail.
TRANSIT = Cleared.from_dict(AUTHORIZATIONS["A3"] | {"spare_registrations": ["99-0202"]})
TRANSIT_PLAN = dataclasses.replace(flight_plan.read(CASES[-1]["message"]), number_of_aircraft=1)
ROUTE = TRANSIT_PLAN.route


def codes(plan: FlightPlan, cleared: Cleared) -> list[str]:
    """What rule set 1 finds; `test_plan_on_its_way` has what came later."""
    return [one.code for one in plan_check.compare(plan, cleared, rule_set="1")]


def changed(plan: FlightPlan, changes: dict[str, Any]) -> FlightPlan:
    """Return a plan with other fields; upper-case names are indicators of Item 18."""
    other = {**plan.other, **{name: text for name, text in changes.items() if name.isupper()}}
    fields = {name: value for name, value in changes.items() if not name.isupper()}
    return dataclasses.replace(
        plan, other={name: text for name, text in other.items() if text}, **fields
    )


def without(point: str) -> tuple[str, ...]:
    return tuple(word for word in ROUTE if word != point)


def rmk(number: str) -> str:
    return TRANSIT_PLAN.other["RMK"].replace("EXKZ26S0077DG", number)


#: What may be filed in the transit instead, by field or indicator, and what it leads to. Each
#: field may be changed whatever the others are.
CHANGES: dict[str, list[tuple[Any, set[str]]]] = {
    "call_sign": [("HVK620", {"CALLSIGN_MISMATCH"})],
    "flight_rules": [("Y", {"FLIGHT_RULES_MISMATCH"})],
    "flight_type": [("X", {"FLIGHT_TYPE_MISMATCH"}), ("", {"FLIGHT_TYPE_MISMATCH"})],
    "number_of_aircraft": [(2, {"FORMATION_NUMBER_MISMATCH"})],
    "aircraft_type": [("C130", {"TYPE_MISMATCH"})],
    "wake": [("M", {"WAKE_MISMATCH"})],
    "departure": [("LTAU", {"ADEP_MISMATCH"}), ("ZZZZ", {"ADEP_MISMATCH"})],
    "destination": [
        ("UTDL", {"ADES_MISMATCH"}),
        ("UATT", {"ADES_MISMATCH"}),
        ("UZTR", {"ADES_MISMATCH", "ADES_NOT_AN_AERODROME"}),
    ],
    "alternates": [
        (("UAAA",), {"ALTERNATE_NOT_CLEARED"}),
        (("UAII", "UACC"), {"ALTERNATE_NOT_CLEARED"}),
        (("UACN", "UACC"), {"ALTERNATE_NOT_CLEARED"}),
        (("UCFM", "UTDL"), set()),
        ((), set()),
    ],
    "route": [
        (without("RUTIL"), {"ENTRY_POINT_MISSING"}),
        (without("DODUR"), {"EXIT_POINT_MISSING"}),
        (("DCT",), {"ENTRY_POINT_MISSING", "EXIT_POINT_MISSING"}),
        (ROUTE[::-1], {"POINT_ORDER"}),
        (("RUTIL180040", "DCT", "DODUR"), {"ENTRY_POINT_MISSING"}),
        (("RUTIL/N0390F270", "DCT", "DODUR/N0400F290"), set()),
        (("DODUR", "RUTIL", "DODUR"), set()),
    ],
    "DOF": [("", {"DOF_MISSING"}), ("261111", {"DOF_MISMATCH"})],
    "EET": [("UATT9959", {"OUTSIDE_VALIDITY"}), ("UATT0222", set()), ("", set())],
    "REG": [
        ("", {"REG_MISSING"}),
        ("990755", {"REG_MISMATCH"}),
        ("990201 990755", {"REG_MISMATCH"}),
        ("990202", {"SPARE_TAIL_USED"}),
        ("990201 990202", {"SPARE_TAIL_USED"}),
    ],
    "RMK": [
        ("", {"DCN_MISSING"}),
        (rmk("EXTR26S0077DG"), {"DCN_MISSING"}),
        (rmk("EXKZ26S007DG"), {"DCN_MISSING"}),
        (rmk("EXKZ26S00770DG"), {"DCN_MISSING"}),
        (rmk("EXKZ26B0077DG"), {"DCN_MISSING"}),
        (rmk("EXKZ26S0077"), {"DCN_MISMATCH"}),
        (rmk("EXKZ26S0077V"), {"DCN_MISMATCH"}),
        (rmk("EXKZ26A0001"), {"DCN_MISMATCH"}),
        (rmk("EXKZ26A0001 EXKZ26S0077DG"), set()),
        (rmk("KZ:EXKZ26S0077DG."), set()),
    ],
    "STS": [
        ("STATE", {"STS_MISSING"}),
        ("", {"STS_MISSING"}),
        ("HAZMAT STATE HUM HEAD", {"STS_NOT_AUTHORIZED"}),
        ("STATE MEDEVAC", {"STS_MISSING", "STS_NOT_AUTHORIZED"}),
        ("STATE HAZMAT NONRVSM ALTRV", set()),
    ],
    "supplementary": [
        ({"E": "0800", "P": "021"}, {"POB_EXCEEDED"}),
        ({"E": "0800", "P": "020"}, set()),
        ({"E": "0800", "P": "TBN"}, set()),
    ],
    "broken": [("RMK/EXKZ26S0001", {"ITEM18_ILLEGAL_CHARACTER"})],
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_plan_differs_as_found_by_hand(case: dict[str, Any]) -> None:
    cleared = Cleared.from_dict(AUTHORIZATIONS[case["authorization"]])

    assert codes(flight_plan.read(case["message"]), cleared) == case["expected"]


def test_the_codes_their_severities_and_meanings_are_those_agreed() -> None:
    assert {
        code: {"severity": str(kind.severity), "meaning": str(kind.meaning)}
        for code, kind in plan_check.kinds("1").items()
    } == DATA["codes"]


def test_each_code_is_brought_about_by_some_change() -> None:
    brought = {code for choices in CHANGES.values() for _, found in choices for code in found}

    assert brought == plan_check.kinds("1").keys()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [(field, *choice) for field, choices in CHANGES.items() for choice in choices],
)
def test_one_thing_filed_otherwise(field: str, value: Any, expected: set[str]) -> None:
    assert codes(TRANSIT_PLAN, TRANSIT) == []
    assert codes(changed(TRANSIT_PLAN, {field: value}), TRANSIT) == sorted(expected)


@pytest.mark.parametrize(("code", "kind"), DISCREPANCIES.items())
def test_a_discrepancy_shows_in_items_of_a_plan(code: str, kind: plan_check.Kind) -> None:
    items = {str(item) for item in (*flight_plan.ITEMS, 18)}
    texts = {*(f"18/{name}" for name in INDICATORS.split()), "19/E", "19/P"}

    assert kind.facts
    assert {*kind.facts} <= items | texts


@pytest.mark.parametrize(
    ("field", "code"),
    sorted({(f, code) for f, choices in CHANGES.items() for _, found in choices for code in found}),
)
def test_what_was_filed_otherwise_is_a_fact_of_the_discrepancy(field: str, code: str) -> None:
    if field in flight_plan.FORMS:
        changed_facts = {str(flight_plan.FORMS[field][0])}
    else:
        changed_facts = {"supplementary": {"19/P"}, "broken": {"18"}}.get(
            field, {"18", f"18/{field}"}
        )

    assert changed_facts & {*DISCREPANCIES[code].facts}


@given(st.fixed_dictionaries({}, optional={f: st.sampled_from(c) for f, c in CHANGES.items()}))
@settings(max_examples=100)
def test_things_filed_otherwise_add_up(chosen: dict[str, tuple[Any, set[str]]]) -> None:
    plan = changed(TRANSIT_PLAN, {field: value for field, (value, _) in chosen.items()})
    expected = sorted({code for _, found in chosen.values() for code in found})

    assert codes(plan, TRANSIT) == expected
    assert codes(flight_plan.read(flight_plan.write(plan)), TRANSIT) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("(FPL-", "(fpl-", []),
        ("-A400/", "-01A400/", []),
        ("-A400/", "-2C30J/", ["FORMATION_NUMBER_MISMATCH", "TYPE_MISMATCH"]),
        ("-A400/", "-ZZZZ/", ["TYPE_MISMATCH"]),
        ("-LTAU0500", "-AFIL0500", ["ADEP_MISMATCH"]),
        ("N0390F250", "K0720S1130", []),
        ("N0390F250", "M082A045", []),
        ("DCT NOLGA DCT LAGAS DCT ADEKI", "NOLGA UL85 ADEKI", []),
        ("DCT BALUN", "DCT C/BALUN/M065F270F290", []),
        ("DCT BALUN", "DCT BALUN090010", ["ENTRY_POINT_MISSING"]),
        ("-UACC0448", "-ZZZZ0448", ["ADES_MISMATCH"]),
        (" UAKK", " LTAU UBBB", []),
        ("STS/HUM STATE", "STS/STATE RVR/200 STS/HUM EUR/PROTECTED", []),
        ("STS/HUM STATE", "STS/STATE HUM MEDEVAC", ["STS_NOT_AUTHORIZED"]),
        ("STS/HUM STATE", "STS/ATFMX STATE NONRVSM HUM", []),
        ("STS/", "ST/", ["STS_MISSING"]),
        ("DOF/260914", "DOF/260914 IFP/MODESASP", []),
        ("DOF/", "DOFF/", ["DOF_MISSING"]),
        ("REG/990101", "REG/990101 RFP/Q1", []),
        ("REG/990101", "REG/TC990101", ["REG_MISMATCH"]),
        ("REG/", "RGE/", ["REG_MISSING"]),
        ("UATT0206", "UATT0206 EET/BALUN0200 STAYINFO1/DRILL", []),
        ("KZ\nEXKZ26S0042", "KZ/EXKZ26S0042", []),
        ("RMK/EXERCISE DIPCLR KZ\nEXKZ26S0042", "DCN/EXKZ26S0042 RMK/EXERCISE", []),
        ("EXKZ26S0042", "EXKZ26A0042", ["DCN_MISMATCH"]),
        ("EXKZ26S0042", "EXKZ26S/0042", ["DCN_MISSING"]),
        ("EXGE26S0031)", "EXGE26S0031\n-P/ 039 E/ 0800)", ["POB_EXCEEDED"]),
    ],
)
def test_one_thing_in_the_message_otherwise(old: str, new: str, expected: list[str]) -> None:
    message = CASES[0]["message"]
    assert old in message

    assert codes(flight_plan.read(message.replace(old, new, 1)), LANDING) == expected


def test_a_finding_says_what_was_filed_and_what_was_authorized() -> None:
    (found,) = plan_check.compare(changed(LANDING_PLAN, {"call_sign": "HVK4812"}), LANDING)

    assert (found.item, found.facts, found.severity) == (7, ("7",), Severity.BLOCK)
    assert (found.filed, found.authorized) == ("HVK4812", "HVK4821")


def test_the_spare_call_sign_may_be_filed() -> None:
    cleared = dataclasses.replace(LANDING, spare_call_sign="HVK4822")

    assert codes(changed(LANDING_PLAN, {"call_sign": "HVK4822"}), cleared) == []
    assert codes(LANDING_PLAN, cleared) == []


def test_a_spare_tail_must_have_the_authorized_type() -> None:
    plan = changed(LANDING_PLAN, {"REG": "990102", "aircraft_type": "C130"})

    assert codes(plan, LANDING) == ["SPARE_TAIL_USED", "TYPE_MISMATCH"]


def test_tails_are_compared_without_hyphens() -> None:
    cleared = Cleared.from_dict(AUTHORIZATIONS["A1"] | {"registration": "99-0101"})

    assert codes(LANDING_PLAN, cleared) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("REG/990101", "REG/99-0101", {"REG_MISMATCH", "DCN_MISSING"}),
        ("REG/990101", "- REG/990101", {"REG_MISSING", "DCN_MISSING"}),
        ("DOF/260914", "DOF/26-09-14", {"DOF_MISMATCH", "REG_MISSING", "DCN_MISSING"}),
        ("HUM STATE", "HUM-STATE", {"STS_MISSING", "DOF_MISSING", "REG_MISSING", "DCN_MISSING"}),
        ("EXKZ26S0042", "EXKZ26S-0042", {"DCN_MISSING"}),
        ("EXKZ26S0042", "EX-KZ-26-S-0042", {"DCN_MISSING"}),
        ("EXKZ26S0042", "EXKZ26S0043-EXKZ26S0042", {"DCN_MISMATCH"}),
        ("EXKZ26S0042", "EXKZ26S0042-V", set()),
        ("EXGE26S0031)", "EXGE26S0031-)", set()),
        ("EXGE26S0031)", "EXGE26S-0031\n-E/0800 P/039)", {"POB_EXCEEDED"}),
    ],
)
def test_a_broken_item_18_counts_up_to_the_hyphen(old: str, new: str, expected: set[str]) -> None:
    message = CASES[0]["message"]
    assert old in message

    plan = flight_plan.read(message.replace(old, new))

    assert codes(plan, LANDING) == sorted({*expected, "ITEM18_ILLEGAL_CHARACTER"})


@pytest.mark.parametrize("message", [CASES[0]["message"], CASES[0]["message"].replace("\n", " ")])
def test_line_ends_do_not_hide_the_clearance_number(message: str) -> None:
    assert codes(flight_plan.read(message), LANDING) == []


def entering(moment: datetime) -> FlightPlan:
    """Return the landing plan with an off-block time that leads to this time of entry."""
    off_block = moment - LANDING_PLAN.elapsed["UATT"]
    return changed(LANDING_PLAN, {"eobt": f"{off_block:%H%M}", "DOF": f"{off_block.date():%y%m%d}"})


@pytest.mark.parametrize(
    ("moment", "outside"),
    [
        (LANDING.valid_from_utc - MINUTE, True),
        (LANDING.valid_from_utc, False),
        (LANDING.valid_to_utc, False),
        (LANDING.valid_to_utc + MINUTE, True),
    ],
)
def test_both_ends_of_the_validity_belong_to_it(moment: datetime, outside: bool) -> None:
    found = codes(entering(moment), LANDING)

    assert ("OUTSIDE_VALIDITY" in found) == outside


def test_without_a_date_that_of_the_authorization_is_assumed() -> None:
    late = dataclasses.replace(LANDING, valid_from_utc=LANDING.valid_from_utc + timedelta(hours=2))
    plan = changed(LANDING_PLAN, {"DOF": ""})

    assert codes(plan, LANDING) == ["DOF_MISSING"]
    assert codes(plan, late) == ["DOF_MISSING", "OUTSIDE_VALIDITY"]


@pytest.mark.parametrize(
    ("off_block", "expected"),
    [("2054", []), ("2053", ["OUTSIDE_VALIDITY"]), ("2359", []), ("0000", ["OUTSIDE_VALIDITY"])],
)
def test_an_entry_after_midnight_is_of_the_next_day(off_block: str, expected: list[str]) -> None:
    opens = datetime(2026, 9, 14, 23, tzinfo=UTC)
    cleared = dataclasses.replace(LANDING, valid_from_utc=opens)

    assert codes(changed(LANDING_PLAN, {"eobt": off_block}), cleared) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("260914", []),
        ("260913", ["DOF_MISMATCH", "OUTSIDE_VALIDITY"]),
        ("260917", ["DOF_MISMATCH"]),
        ("260918", ["DOF_MISMATCH", "OUTSIDE_VALIDITY"]),
    ],
)
def test_without_elapsed_time_only_a_flight_wholly_outside_is_outside(
    day: str, expected: list[str]
) -> None:
    plan = changed(LANDING_PLAN, {"EET": "UGGG0058", "DOF": day})

    assert codes(plan, LANDING) == expected


def test_a_flight_that_starts_inside_the_host_state_enters_off_block() -> None:
    cleared = dataclasses.replace(
        LANDING, entry_point=None, valid_from_utc=datetime(2026, 9, 14, 5, tzinfo=UTC)
    )
    plan = changed(LANDING_PLAN, {"EET": ""})

    assert codes(plan, cleared) == []
    assert codes(changed(plan, {"eobt": "0459"}), cleared) == ["OUTSIDE_VALIDITY"]


@pytest.mark.parametrize(
    ("destination", "is_none"),
    [("UACN", True), ("LTBB", True), ("UACC", False), ("UAII", False), ("UWWW", False)],
)
def test_which_codes_are_of_an_fir_alone(destination: str, is_none: bool) -> None:
    found = codes(changed(LANDING_PLAN, {"destination": destination}), LANDING)

    assert ("ADES_NOT_AN_AERODROME" in found) == is_none


@pytest.mark.parametrize(
    ("alternate", "is_found"),
    [
        ("UAKK", False),
        ("UAAA", True),
        ("UAFW", False),
        ("UAFQ", False),
        ("UAQQ", True),
        ("QQQQ", False),
    ],
)
def test_only_alternates_of_the_host_state_must_be_cleared(alternate: str, is_found: bool) -> None:
    found = codes(changed(LANDING_PLAN, {"alternates": (alternate,)}), LANDING)

    assert found == (["ALTERNATE_NOT_CLEARED"] if is_found else [])


letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
digit = st.integers(0, 9)
locations = st.sampled_from(sorted(reference.aerodromes()))
points = st.none() | st.sampled_from(["BALUN", "RUTIL", "DODUR", "4028N05003E"])
tails = st.builds("{:02}-{:04}".format, st.integers(0, 99), st.integers(0, 9999))
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
calls = st.builds("HVK{}".format, st.integers(0, 9999))


@st.composite
def clearances(draw: st.DrawFn) -> Cleared:
    host = draw(st.sampled_from(["KZ", "TR", "AZ"]))
    day = draw(days)
    opens = datetime.combine(day, datetime.min.time(), UTC)
    return Cleared.from_dict(
        {
            "host": host,
            "number": f"EX{host}{day:%y}{draw(st.sampled_from('AS'))}{draw(digit):04}"
            f"{draw(st.sampled_from(['', 'V', 'DG']))}",
            "call_sign": draw(calls),
            "spare_call_sign": draw(st.none() | calls),
            "flight_rules": draw(st.sampled_from("IVYZ")),
            "flight_type": "M",
            "number_of_aircraft": draw(st.integers(1, 99)),
            "type": draw(st.sampled_from(sorted(reference.aircraft_types()))),
            "wake": draw(st.sampled_from("LMHJ")),
            "registration": draw(tails),
            "spare_registrations": draw(st.lists(tails, max_size=3)),
            "adep": draw(locations),
            "ades": draw(locations),
            "cleared_alternates": draw(st.lists(locations, max_size=4)),
            "date_of_flight": day.isoformat(),
            "entry_point": draw(points),
            "exit_point": draw(points),
            "first_host_fir": draw(st.sampled_from(["UATT", "LTAA", "UBBA"])),
            "valid_from_utc": opens.isoformat(),
            "valid_to_utc": (opens + timedelta(hours=72)).isoformat(),
            "required_sts": draw(st.lists(st.sampled_from(sorted(CLAIMS)), unique=True)),
            "persons_on_board_max": draw(st.integers(0, 300)),
        }
    )


@given(clearances(), st.times(), st.sampled_from([*"αÖş-/()", "Hava Kuvvetleri-1"]))
@settings(max_examples=50)
def test_the_plan_written_from_an_authorization_does_not_differ_from_it(
    cleared: Cleared, off_block: Any, operator: str
) -> None:
    plan = plan_check.plan_for(
        cleared,
        route=["DCT", *(point for point in (cleared.entry_point, cleared.exit_point) if point)],
        speed="N0390",
        level="F250",
        eobt=f"{off_block:%H%M}",
        total_eet="0448",
        eets={"UGGG": "0058", str(cleared.first_host_fir): "0206"},
        other_numbers={"GE": "EXGE26S0031"},
        operator=operator,
        persons_on_board=cleared.persons_on_board_max,
    )
    message = flight_plan.write(plan)

    assert flight_plan.read(message) == plan
    assert codes(flight_plan.read(message), cleared) == []


def test_the_plan_of_an_authorization_is_the_one_filed() -> None:
    plan = plan_check.plan_for(
        LANDING,
        route=LANDING_PLAN.route,
        speed="N0390",
        level="F250",
        eobt="0500",
        total_eet="0448",
        eets={"UGGG": "0058", "UBBA": "0124", "UATT": "0206", "UACN": "0353"},
        other_numbers={"AZ": "EXAZ26S0117", "GE": "EXGE26S0031"},
        operator="Turkish Air Force",
    )

    assert plan == changed(LANDING_PLAN, {"PER": ""})


def test_a_plan_that_cannot_be_sent_is_not_written() -> None:
    with pytest.raises(PlanError) as caught:
        plan_check.plan_for(
            LANDING, route=[], speed="fast", level="F250", eobt="0500", total_eet="0448", eets={}
        )

    assert sentence(caught.value) == "Item 15: “fast” is no speed such as N0390, K0720 or M082."


NEEDED = [one.name for one in dataclasses.fields(Cleared) if one.default is dataclasses.MISSING]


@pytest.mark.parametrize("key", NEEDED)
def test_an_authorization_lacks_no_key(key: str) -> None:
    data = {name: value for name, value in AUTHORIZATIONS["A1"].items() if name != key}

    with pytest.raises(ValueError, match=f"lacks: {key}"):
        Cleared.from_dict(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("host", "KAZ"),
        ("number", ""),
        ("call_sign", None),
        ("call_sign", "HVK48215"),
        ("spare_call_sign", 7),
        ("flight_rules", "Q"),
        ("flight_type", "IM"),
        ("number_of_aircraft", 0),
        ("number_of_aircraft", True),
        ("number_of_aircraft", "1"),
        ("type", "A400M"),
        ("wake", None),
        ("registration", "-"),
        ("spare_registrations", "990102"),
        ("spare_registrations", [990102]),
        ("adep", "LTA"),
        ("cleared_alternates", None),
        ("cleared_alternates", ["UAK"]),
        ("date_of_flight", "14.09.2026"),
        ("date_of_flight", "9999-12-31"),
        ("date_of_flight", 20260914),
        ("entry_point", ""),
        ("first_host_fir", "AKTOBE"),
        ("valid_from_utc", "soon"),
        ("valid_from_utc", None),
        ("valid_from_utc", "0001-01-01T00:00:00+05:00"),
        ("valid_to_utc", "2026-09-14T05:59:59Z"),
        ("required_sts", ["VIP"]),
        ("persons_on_board_max", -1),
        ("persons_on_board_max", 38.5),
        ("states", ["KAZ"]),
        ("states", None),
        ("route", "LTAU UACC"),
        ("route", ["40.47,50.05"]),
        ("minimum_level", "F195"),
    ],
)
def test_an_authorization_with_a_wrong_value_is_named(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"“{key}”"):
        Cleared.from_dict(AUTHORIZATIONS["A1"] | {key: value})


def test_a_time_without_zone_is_utc() -> None:
    data = AUTHORIZATIONS["A1"] | {"valid_from_utc": "2026-09-14T06:00:00"}

    assert Cleared.from_dict(data) == LANDING


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(AUTHORIZATIONS["A1"])), json_values)
@settings(max_examples=100)
def test_any_value_gives_an_authorization_or_a_sentence(key: str, value: Any) -> None:
    data = AUTHORIZATIONS["A1"] | {key: value}
    with contextlib.suppress(ValueError):
        plan_check.compare(LANDING_PLAN, Cleared.from_dict(data))
