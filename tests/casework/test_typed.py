"""What people type is read as they mean it, or asked back; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from books import calendars
from casework import typed

FIVE = datetime(2026, 9, 24, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-24 05:00",
        "2026-09-24T05:00Z",
        "2026-09-24 0500Z",
        "24.09.2026 05:00",
        "24.9.2026, 5.00",
        "24 Sep 2026 05:00Z",
        "24. September 2026 05:00 UTC",
        "September 24, 2026 05:00",
        "240500ZSEP26",
        "24 0500Z SEP 2026",
        # Nobody gave these:
        "240800CSEP26",  # Charlie: three hours ahead, as in Türkiye
        "24 Eylül 2026 05:00",
        "24 қыркүйек 2026 05:00",
        "24 сентября 2026 05.00",
        "0500Z 24SEP26",
        "24/09/2026 05:00",
        "2026-09-24T10:00+05:00",
        "24\N{NO-BREAK SPACE}EYLUL 2026  05:00",
    ],
)
def test_a_moment_is_read_however_it_is_written(written: str) -> None:
    assert typed.read_moment(written) == FIVE


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("30.02.2026 05:00", "impossible", "There is no 30 February 2026: the month has 28 days."),
        ("300500ZFEB26", "impossible", "There is no 30 February 2026"),
        ("2026-13-01 05:00", "impossible", "There is no month 13"),
        ("2026-09-24 24:00", "impossible", "There is no 24:00"),
        ("2026-09-24 05:00+99", "impossible", "There is no zone +99"),
        ("09/10/2026 05:00", "ambiguous", "9 October or 10 September?"),
        ("24.09.26 05:00", "invalid", "the year in four digits"),
        ("24.09.2026", "invalid", "the time is missing"),
        ("05:00Z", "invalid", "the day is missing"),
        ("24 Sap 2026 05:00", "invalid", "“sap” is the name of no month"),
        ("2026-09-24 05:00:30", "invalid", "to the minute"),
        ("240500JSEP26", "invalid", "Give date and time in UTC, such as"),
        ("2026-09-24 05:00 PM", "invalid", "Give date and time in UTC, such as"),
        ("२०२६-०९-१४ ०७:०९", "invalid", "Give date and time in UTC, such as"),
        ("1999-09-24 05:00", "invalid", "a year from 2000 to 2099"),
        ("0026-09-24 05:00", "invalid", "a year from 2000 to 2099"),
        ("tomorrow", "invalid", "Give date and time in UTC, such as"),
    ],
)
def test_a_day_that_there_is_not_is_told_from_a_way_of_writing(
    written: str, code: str, said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        typed.read_moment(written)

    assert caught.value.code == code
    assert said in caught.value.messages[0]


def test_a_moment_is_said_with_the_clocks_of_both_capitals() -> None:
    zones = [
        (name, calendars.office(calendars.LATEST, state).zone)
        for state, name in (("TR", "Ankara"), ("KZ", "Astana"))
    ]

    assert typed.moment_in_words(FIVE, zones) == (
        "Thursday 24 September 2026, 05:00 UTC (08:00 Ankara, 10:00 Astana)"
    )
    late = FIVE.replace(hour=20)
    assert typed.moment_in_words(late, zones).endswith("(23:00 Ankara, Fri 01:00 Astana)")


def test_a_day_is_read_as_a_moment_is() -> None:
    for written in ("2026-09-24", "24.09.2026", "24 Sep 2026", "24 Eylül 2026"):
        assert typed.read_day(written) == date(2026, 9, 24)
    with pytest.raises(ValidationError, match="There is no 31 September 2026"):
        typed.read_day("31.09.2026")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("18000", 18000),
        ("18 000", 18000),
        ("18,000 kg", 18000),
        ("18\N{NARROW NO-BREAK SPACE}000 kg", 18000),
        ("1.234.567", 1234567),
        ("18.0", 18),
        # Nobody gave these:
        ("18'000", 18000),
        ("18000KGS.", 18000),
        ("18.000,00", 18000),
        ("1,234,567 кг", 1234567),
        ("+400", 400),
        ("018", 18),
    ],
)
def test_a_whole_number_is_read_with_its_thousands_and_its_unit(written: str, number: int) -> None:
    assert typed.read_number(written, unit="kg") == number


@pytest.mark.parametrize(
    ("written", "places", "said"),
    [
        ("18.000", 0, "18 or 18000?"),
        ("18.000 kg", 0, "18 or 18000?"),
        ("12,500", 3, "12.5 or 12500?"),
        ("12.345", 3, "write 12.3450 or 12345."),
        ("18,5", 0, "Enter a whole number."),
        ("18 t", 0, "Give it in kg: “t” is another unit."),
        ("1 2345", 0, "Enter a whole number."),
        ("1e9", 3, "Give a number with a decimal point"),
        ("١٢", 0, "Enter a whole number."),
        ("1,234,5", 3, "Give a number with a decimal point"),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_asked_back(
    written: str, places: int, said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        typed.read_number(written, places=places, unit="kg")

    assert said in caught.value.messages[0]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12,5", "12.5"),
        ("12.3450", "12.345"),
        ("0,125", "0.125"),
        ("1.234,5", "1234.5"),
        ("1 234,5 kg", "1234.5"),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_nothing_else(written: str, number: str) -> None:
    assert typed.read_number(written, places=3, unit="kg") == Decimal(number)


@pytest.mark.parametrize("number", ["12.345", "0.125", "340.5", "400", "1234.567"])
def test_a_number_as_it_is_written_is_read_again_as_it_stands(number: str) -> None:
    assert typed.read_number(typed.written(Decimal(number)), places=3) == Decimal(number)


def test_a_number_is_said_with_its_unit() -> None:
    assert typed.number_in_words(18000, "kg") == "18\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kg"
    assert typed.number_in_words(Decimal("-1234.50")) == "-1\N{NO-BREAK SPACE}234.5"


def test_lists_are_parted_by_what_people_put_between() -> None:
    for written in ("uzss, uztt; ubbb", "UZSS,UZTT,UBBB", " uzss → uztt - ubbb, "):
        assert typed.as_code(written, parted=True) == "UZSS UZTT UBBB"
    assert typed.as_code("LTAU 40.47,50.05, UBBB", parted=True) == "LTAU 40.47,50.05 UBBB"
    assert typed.as_code("ıst, İzmır", parted=True) == "IST IZMIR"
