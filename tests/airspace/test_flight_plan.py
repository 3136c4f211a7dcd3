from __future__ import annotations

import contextlib
import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace import flight_plan
from airspace.flight_plan import FlightPlan, PlanError

FILE = Path(__file__).parents[1] / "data/fpl_cases.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
CLEAN: str = CASES[0]["message"]
PLAN = flight_plan.read(CLEAN)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"


def with_end(item_18: str, *more: str) -> str:
    """Return a message with this Item 18 and whatever comes after it."""
    before = CLEAN.partition("\n-STS/")[0]
    return "\n-".join((before, item_18, *more)) + ")"


def code_of(message: str) -> str:
    with pytest.raises(PlanError) as caught:
        flight_plan.read(message)
    return caught.value.code


def words(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


aerodromes = words(LETTERS, 4, 4)
elapsed = st.builds("{:02}{:02}".format, st.integers(0, 99), st.integers(0, 59))
texts = st.lists(words(LETTERS + DIGITS + ".,'=+:?", 1, 12), min_size=1, max_size=12).map(" ".join)
others = st.fixed_dictionaries(
    {},
    optional={
        "STS": st.lists(st.sampled_from(sorted(flight_plan.STATUSES)), min_size=1).map(" ".join),
        "DOF": st.dates(date(2000, 1, 1), date(2099, 12, 31)).map("{:%y%m%d}".format),
        "EET": st.lists(st.builds("{}{}".format, aerodromes, elapsed), min_size=1).map(" ".join),
        **dict.fromkeys(("PBN", "REG", "OPR", "RALT", "RMK"), texts),
    },
)
supplements = st.fixed_dictionaries(
    {},
    optional={
        "E": elapsed,
        "P": words(DIGITS, 1, 3) | st.just("TBN"),
        **dict.fromkeys("RSJDANC", texts),
    },
)
plans = st.builds(
    FlightPlan,
    call_sign=words(LETTERS + DIGITS, 1, 7),
    flight_rules=st.sampled_from("IVYZ"),
    flight_type=st.sampled_from("SNGMX"),
    number_of_aircraft=st.integers(1, 99),
    aircraft_type=st.builds("{}{}".format, words(LETTERS, 1, 1), words(LETTERS + DIGITS, 1, 3)),
    wake=st.sampled_from("LMHJ"),
    equipment=words(LETTERS + DIGITS, 1, 20),
    surveillance=words(LETTERS + DIGITS, 1, 20),
    departure=aerodromes,
    eobt=st.times().map("{:%H%M}".format),
    speed=st.sampled_from(["N0390", "K0720", "M082"]),
    level=st.sampled_from(["F250", "A045", "S1130", "M0840", "VFR"]),
    route=st.lists(words(LETTERS + DIGITS + "/", 1, 15), max_size=30).map(tuple),
    destination=aerodromes,
    total_eet=elapsed,
    alternates=st.lists(aerodromes, max_size=2).map(tuple),
    other=others,
    supplementary=supplements,
    broken=st.none() | st.lists(texts, max_size=3).map("-".join),
)


def test_the_items_of_a_message() -> None:
    expected = FlightPlan(
        call_sign="HVK4821",
        flight_rules="I",
        flight_type="M",
        number_of_aircraft=1,
        aircraft_type="A400",
        wake="H",
        equipment="SDFGHIRWXY",
        surveillance="LB1",
        departure="LTAU",
        eobt="0500",
        speed="N0390",
        level="F250",
        route=(
            *("DCT", "NOLGA", "DCT", "LAGAS", "DCT", "ADEKI", "DCT", "4028N05003E"),
            *("DCT", "BALUN", "DCT", "4352N05106E", "DCT", "LANUK", "DCT"),
        ),
        destination="UACC",
        total_eet="0448",
        alternates=("UAKK",),
        other={
            "STS": "HUM STATE",
            "PBN": "B1",
            "DOF": "260914",
            "REG": "990101",
            "EET": "UGGG0058 UBBA0124 UATT0206 UACN0353",
            "OPR": "TURKISH AIR FORCE",
            "PER": "C",
            "RMK": "EXERCISE DIPCLR KZ EXKZ26S0042 AZ EXAZ26S0117 GE EXGE26S0031",
        },
    )

    assert expected == PLAN


def test_what_the_items_say() -> None:
    assert PLAN.statuses == ("HUM", "STATE")
    assert PLAN.date_of_flight == date(2026, 9, 14)
    assert PLAN.elapsed["UATT"] == timedelta(hours=2, minutes=6)
    assert PLAN.persons_on_board is None
    assert PLAN.broken is None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_message_is_written_as_it_was_filed(case: dict[str, Any]) -> None:
    assert flight_plan.write(flight_plan.read(case["message"])) == case["message"]


@pytest.mark.parametrize(
    "message",
    [
        CLEAN.replace("\n", " "),
        CLEAN.replace("\n-", "-").replace("\n", " "),
        CLEAN.replace("\n", "\r\n"),
        CLEAN.replace("\n", "  \n \n "),
        CLEAN.lower(),
        f"FF UACCZQZX\n140300 LTACYOYX\n{CLEAN}\n\nNNNN\n",
        f"\x01TRA001\r\nFF UACCZQZX\r\n140300 LTACYOYX\r\n\x02{CLEAN}\r\n\x0b\x03",
    ],
)
def test_line_ends_blanks_case_and_heading_do_not_matter(message: str) -> None:
    assert flight_plan.read(message) == PLAN


@given(plans)
@settings(max_examples=100)
def test_what_was_written_is_read_again(plan: FlightPlan) -> None:
    message = flight_plan.write(plan)

    assert flight_plan.read(message) == plan
    assert flight_plan.read(message.replace("\n", " ")) == plan


@given(plans)
@settings(max_examples=50)
def test_no_line_is_longer_than_a_telegraphic_line_unless_it_cannot_be_folded(
    plan: FlightPlan,
) -> None:
    for line in flight_plan.write(plan).splitlines():
        assert len(line) <= flight_plan.LINE or " " not in line


@given(st.text() | st.text(alphabet="(FPL-IM/0 \n)"))
@settings(max_examples=100)
def test_any_text_is_a_plan_or_a_plan_error(text: str) -> None:
    with pytest.raises(PlanError):
        flight_plan.read(text)


@given(st.data())
@settings(max_examples=100)
def test_a_message_with_something_changed_is_a_plan_or_a_plan_error(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(CASES))["message"]
    start = data.draw(st.integers(0, len(message)))
    end = data.draw(st.integers(start, min(start + 4, len(message))))
    put = data.draw(st.text("-()/ \n09AZ\u0131\u0663\x00", max_size=3))
    changed = f"{message[:start]}{put}{message[end:]}"
    plan = PLAN
    with contextlib.suppress(PlanError):
        plan = flight_plan.read(changed)

    assert flight_plan.read(flight_plan.write(plan)) == plan


@pytest.mark.parametrize(
    ("old", "new", "code", "item"),
    [
        ("-HVK4821-", "-HVK48215-", "CALL_SIGN", 7),
        ("-HVK4821-", "-HVK 482-", "CALL_SIGN", 7),
        ("-HVK4821-", "--", "CALL_SIGN", 7),
        ("-IM", "-QM", "FLIGHT_RULES", 8),
        ("-IM", "-IQ", "FLIGHT_TYPE", 8),
        ("-IM", "-IMM", "FLIGHT_TYPE", 8),
        ("-A400/", "-0A400/", "NUMBER_OF_AIRCRAFT", 9),
        ("-A400/", "-100A400/", "AIRCRAFT_TYPE", 9),
        ("-A400/", "-A400M/", "AIRCRAFT_TYPE", 9),
        ("A400/H", "A400", "WAKE", 9),
        ("A400/H", "A400/S", "WAKE", 9),
        ("/LB1", "", "SURVEILLANCE", 10),
        ("LTAU0500", "LTA0500", "DEPARTURE", 13),
        ("LTAU0500", "LTAU2400", "EOBT", 13),
        ("LTAU0500", "LTAU0560", "EOBT", 13),
        ("LTAU0500", "LTAU", "EOBT", 13),
        ("N0390F250", "0390F250", "SPEED", 15),
        ("N0390F250", "N0390", "LEVEL", 15),
        ("DCT NOLGA", "DCT NOLGA.", "ROUTE", 15),
        ("UACC0448", "UAC0448", "DESTINATION", 16),
        ("UACC0448", "UACC0460", "TOTAL_EET", 16),
        (" UAKK", " UAKKX", "ALTERNATES", 16),
        ("STS/HUM", "STS/VIP", "STS", 18),
        ("DOF/260914", "DOF/260931", "DOF", 18),
        ("DOF/260914", "DOF/20260914", "DOF", 18),
        ("UATT0206", "UATT0266", "EET", 18),
        ("UATT0206", "UATT", "EET", 18),
        ("\n-STS/HUM", "\u2013STS/HUM", "CHARACTER", None),
        ("(FPL-", "FPL-", "NOT_A_PLAN", None),
        ("(FPL-", "(DLA-", "OTHER_MESSAGE", None),
        ("EXERCISE", "(EXERCISE)", "NOT_A_PLAN", None),
    ],
)
def test_what_is_wrong_is_named_with_its_item(
    old: str, new: str, code: str, item: int | None
) -> None:
    assert old in CLEAN
    with pytest.raises(PlanError) as caught:
        flight_plan.read(CLEAN.replace(old, new, 1))

    assert (caught.value.code, caught.value.item) == (code, item)
    assert item is None or str(caught.value).startswith(f"Item {item}: ")


@pytest.mark.parametrize(("kept", "missing"), [*enumerate(flight_plan.ITEMS)])
def test_a_message_that_ends_early_lacks_an_item(kept: int, missing: int) -> None:
    fields = CLEAN.removesuffix(")").split("-")[: kept + 1]

    with pytest.raises(PlanError, match=f"Item {missing} is missing"):
        flight_plan.read("-".join(fields) + ")")


def test_two_messages_at_once_are_none() -> None:
    assert code_of(CLEAN + CLEAN) == "NOT_A_PLAN"


def test_a_long_text_is_quoted_in_part() -> None:
    with pytest.raises(PlanError) as caught:
        flight_plan.read(CLEAN.replace("HVK4821", "HVK" * 1000))

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("item_18", ["0", "", " "])
def test_no_other_information(item_18: str) -> None:
    plan = flight_plan.read(with_end(item_18))

    assert plan.other == {}
    assert flight_plan.write(plan).endswith("\n-0)")


def test_item_18_may_be_left_out() -> None:
    plan = flight_plan.read(CLEAN.partition("\n-STS/")[0] + "\n-P/038)")

    assert plan.other == {}
    assert plan.persons_on_board == 38


def test_an_indicator_without_text_says_nothing_and_a_repeated_one_goes_on() -> None:
    plan = flight_plan.read(with_end("STS/HUM REG/ DOF/260914 STS/STATE"))

    assert plan.other == {"STS": "HUM STATE", "DOF": "260914"}


def test_indicators_of_states_and_regions_begin_a_text() -> None:
    plan = flight_plan.read(
        with_end("STS/STATE EUR/PROTECTED DOF/260914 RVR/200 EET/UATT0206 STAYINFO1/DRILL REG/9")
    )

    assert plan.other == {
        "STS": "STATE",
        "EUR": "PROTECTED",
        "DOF": "260914",
        "RVR": "200",
        "EET": "UATT0206",
        "STAYINFO1": "DRILL",
        "REG": "9",
    }


def test_other_words_with_a_stroke_are_text() -> None:
    plan = flight_plan.read(with_end("1/1 REG/990101 RMK/DIPCLR/EXKZ26S0042 U/S 4/5"))

    assert plan.other == {
        "": "1/1",
        "REG": "990101",
        "RMK": "DIPCLR/EXKZ26S0042 U/S 4/5",
    }


@pytest.mark.parametrize(
    ("end", "other", "broken"),
    [
        (["REG/99-0101 RMK/X"], {"REG": "99"}, "0101 RMK/X"),
        (["REG/99 - 01 - 01"], {"REG": "99"}, "01-01"),
        (["REG/990101", "RMK/X"], {"REG": "990101"}, "RMK/X"),
        (["REG/990101-"], {"REG": "990101"}, ""),
        (["-REG/990101"], {}, "REG/990101"),
        (["PER/C", "PER/C"], {"PER": "C"}, "PER/C"),
    ],
)
def test_a_hyphen_ends_item_18(end: list[str], other: dict[str, str], broken: str) -> None:
    plan = flight_plan.read(with_end(*end))

    assert (plan.other, plan.broken, plan.supplementary) == (other, broken, {})


@pytest.mark.parametrize("cut", ["DOF/26-0914", "STS/HUM ST-ATE", "EET/UATT02-06", "DOF/-"])
def test_what_a_hyphen_cut_through_is_still_read(cut: str) -> None:
    plan = flight_plan.read(with_end(cut))

    assert plan.broken is not None
    assert plan.date_of_flight is None
    assert plan.elapsed == {}


def test_item_19_is_no_break_of_item_18() -> None:
    plan = flight_plan.read(with_end("REG/990101", "E/0800 P/011 R/UVE S/M J/LF A/GREY C/EXERCISE"))

    assert plan.broken is None
    assert plan.other == {"REG": "990101"}
    assert plan.supplementary == {
        "E": "0800",
        "P": "011",
        "R": "UVE",
        "S": "M",
        "J": "LF",
        "A": "GREY",
        "C": "EXERCISE",
    }
    assert plan.persons_on_board == 11


def test_item_19_is_read_after_a_broken_item_18() -> None:
    plan = flight_plan.read(with_end("REG/99", "0101 RMK/X", "E/0800 P/TBN", "A/GREY", "BLUE"))

    assert plan.broken == "0101 RMK/X"
    assert plan.supplementary == {"E": "0800", "P": "TBN", "A": "GREY BLUE"}
    assert plan.persons_on_board is None


@pytest.mark.parametrize(("end", "code"), [("E/0860", "ENDURANCE"), ("P/ALL", "PERSONS")])
def test_wrong_values_of_item_19_are_named(end: str, code: str) -> None:
    assert code_of(with_end("0", end)) == code


def test_points_are_without_changes_of_speed_and_level() -> None:
    message = CLEAN.replace("BALUN", "BALUN/N0390F270").replace("LANUK", "C/LANUK/M065F270F290")

    points = flight_plan.read(message).points

    assert "BALUN" in points
    assert "LANUK" in points


@pytest.mark.parametrize(
    "other",
    [
        {"REG": "99-0101"},
        {"RMK": "(EXERCISE)"},
        {"RMK": "exercise"},
        {"RMK": "A  B"},
        {"RMK": ""},
        {"RMK": "SEE REG/990101"},
        {"X": "TEXT"},
        {"": "P/038"},
        {"OPR": "ӘУЕ"},
    ],
)
def test_a_plan_that_would_be_read_otherwise_cannot_be(other: dict[str, str]) -> None:
    with pytest.raises(PlanError) as caught:
        dataclasses.replace(PLAN, other=other)

    assert caught.value.code == "TEXT"


def test_free_text_is_made_fit_to_be_sent() -> None:
    assert flight_plan.telegraphic("Türk Hava Kuvvetleri (12-nci) REG/1") == (
        "TURK HAVA KUVVETLERI 12 NCI REG 1"
    )
    assert flight_plan.bare("tc-99 0101") == "TC990101"


@given(st.integers(0, 99 * 60 + 59))
@settings(max_examples=25)
def test_elapsed_times_there_and_back(minutes: int) -> None:
    written = flight_plan.hours_and_minutes(timedelta(minutes=minutes))

    assert flight_plan.duration(written) == timedelta(minutes=minutes)
