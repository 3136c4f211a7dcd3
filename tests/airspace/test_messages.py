"""CHG, DLA, CNL, DEP and ARR: read, written, applied; the examples of ICAO Doc 4444, appendix 3."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_uppercase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airspace import flight_plan, messages
from airspace.flight_plan import PlanError
from airspace.messages import Message, applied, read, write

FILED = flight_plan.read(
    "(FPL-HVK4821-IM-A400/H-SDFGHIRWXY/LB1-LTAU0500-N0390F250 DCT BALUN DCT URASA DCT"
    "-UTDD0439 UZSS-STS/STATE PBN/B1 DOF/260914 REG/990101 EET/UATT0207)"
)

EXAMPLES = [
    "(CHG-GABWE/A2173-EHAM0850-EDDF-DOF/080122-8/I-16/EDDN)",
    "(DLA-KLM671-LIRF0900-LYDU-0)",
    "(CNL-DLH522-EDBB0900-LFPO-0)",
    "(DEP-CSA4311-EGPD1923-ENZV-0)",
    "(ARR-CSA406-LHBP-LKPR0913)",
    "(ARR-HHE13-EHAM-ZZZZ1030 DEN HELDER)",
    "(ARR-DLH522-EDDF-EDDM-LFPO1830)",
]

letters = st.text(ascii_uppercase, min_size=4, max_size=4)
hours = st.builds("{:02}{:02}".format, st.integers(0, 23), st.integers(0, 59))
call_signs = st.from_regex(r"[A-Z][A-Z0-9]{1,6}", fullmatch=True)
days = st.sampled_from([{}, {"DOF": "260914"}])


@st.composite
def made(draw: st.DrawFn) -> Message:
    """Give any message that can be sent."""
    kind = draw(st.sampled_from(messages.KINDS))
    about: dict[str, Any] = {
        "kind": kind,
        "call_sign": draw(call_signs),
        "departure": draw(letters),
    }
    if kind == messages.ARRIVAL:
        return Message(
            **about,
            at=draw(st.one_of(st.just(""), hours)),
            destination=draw(st.one_of(st.just(""), letters)),
            landed=draw(letters),
            landed_at=draw(hours),
            landed_name=draw(st.sampled_from(["", "DEN HELDER"])),
        )
    changed = {
        "7": "HVK1",
        "9": "2A400/H",
        "13": f"LTAU{draw(hours)}",
        "18": "DOF/260915 REG/990102",
    }
    chosen = draw(st.sets(st.sampled_from(sorted(changed)), min_size=1))
    return Message(
        **about,
        at=draw(hours),
        destination=draw(letters),
        other=draw(days),
        changed={item: changed[item] for item in sorted(chosen)} if kind == messages.CHANGE else {},
    )


@given(made())
@settings(max_examples=60)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert read(write(message)) == message


@given(hours, st.sampled_from(["HVK4866", "HVK4821"]), st.sampled_from(["990102", "990101"]))
@settings(max_examples=40)
def test_a_change_makes_the_one_plan_of_the_other(eobt: str, call_sign: str, tail: str) -> None:
    wanted = replace(
        FILED, eobt=eobt, call_sign=call_sign, other={**FILED.other, "REG": tail}, alternates=()
    )

    said = read(write(messages.change(FILED, wanted)))

    assert applied(said, FILED) == wanted
    assert messages.is_about(said, FILED)


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_document_are_read_and_written_as_they_stand(text: str) -> None:
    assert write(read(text)) == text
    assert read(f"ZCZC 123\n{text.lower()}\nNNNN") == read(text)
    assert messages.kind_of(text) == text[1:4]


def test_a_delay_past_midnight_is_of_the_next_day() -> None:
    late = applied(messages.delay(FILED, "0300"), FILED)

    assert (late.eobt, late.other["DOF"]) == ("0300", "260915")
    assert applied(messages.delay(FILED, "1000"), FILED).other["DOF"] == "260914"
    said = read("(DLA-HVK4821-LTAU1000-UTDD-DOF/260916)")
    assert applied(said, FILED).other["DOF"] == "260916"


def test_a_changed_destination_keeps_the_elapsed_time_that_is_not_given() -> None:
    said = read("(CHG-HVK4821-LTAU0500-UTDD-DOF/260914-16/UZSS UTDD)")

    assert (applied(said, FILED).destination, applied(said, FILED).total_eet) == ("UZSS", "0439")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(XYZ-HVK4821-LTAU0500-UTDD-0)", "begins with “(XYZ"),
        ("DLA HVK4821", "it begins with"),
        ("(DLA-HVK4821)", "ends before"),
        ("(DLA-HVK4821-LTAU2500-UTDD-0)", "no off-block time"),
        ("(DLA-HVK4821-LTA-UTDD-0)", "no location indicator"),
        ("(CNL-HVK 4821-LTAU0500-UTDD-0)", "no call sign"),
        ("(CHG-HVK4821-LTAU0500-UTDD-0)", "says what it changes"),
        ("(CHG-HVK4821-LTAU0500-UTDD-0-22/X)", "item 22 cannot change"),
        ("(CHG-HVK4821-LTAU0500-UTDD-0-7/A-B)", "names no item"),
        ("(ARR-HVK4821-LTAU-SOMEWHERE)", "an aerodrome with a time"),
        ("(DEP-HVK4821-LTAU0500-UTDD-DOF/269999)", "needs a date"),
    ],
)
def test_a_message_with_errors_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(PlanError, match=said.replace("(", r"\(")):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "(DLA-HVK9999-LTAU0600-UTDD-DOF/260914)",
        "(CHG-HVK4821-LTAU0600-UTDD-DOF/260914-7/HVK1)",
        "(CNL-HVK4821-LTAU0500-UZSS-DOF/260914)",
        "(CHG-HVK4821-LTAU0500-UTDD-DOF/260915-7/HVK1)",
    ],
)
def test_a_message_about_another_plan_changes_none(text: str) -> None:
    with pytest.raises(PlanError, match="about another plan"):
        messages.require_about(read(text), FILED)
