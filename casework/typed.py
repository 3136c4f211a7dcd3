"""What people type, read exactly: moments, numbers, codes and lists. Nothing is guessed.

What can be read in two ways is asked back, and what cannot be read is said with how to write it.
Every reader raises `ValidationError` with one of the codes "invalid", "impossible" (written well,
but there is no such day) and "ambiguous".
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from django.utils.functional import _StrPromise

    #: How each capital is called, and its zone.
    Zones = Iterable[tuple[str, tzinfo]]

# Moments

#: Names of the months in English, Turkish, Kazakh and Russian, as dates are written in them.
_NAMES = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)

_DAY, _NAME, _YEAR = r"(?P<day>\d{1,2})", r"(?P<name>[^\W\d_]+)", r"(?P<year>\d{4})"
_DATES = (
    r"(?P<year>\d{4})(?P<sep>[-./])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    # Some write the month first: read only if it cannot be the other way round.
    r"(?P<one>\d{1,2})(?P<sep>[-/])(?P<other>\d{1,2})(?P=sep)(?P<year>\d{4})",
    rf"{_DAY}[. -]*{_NAME}[. -]*(?P<year>\d{{4}}|\d{{2}})",
    rf"{_NAME}[. ]*{_DAY} {_YEAR}",
)
_ZONE = r"(?:\s?(?P<zone>z|(?:utc|gmt)?\s?[+-]\d{1,2}(?::?\d{2})?|utc|gmt))?"
_TIME = (
    r"(?:(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0+)?)?"
    rf"|(?P<clock>\d{{4}})){_ZONE}"
)
#: The date-time group of military messages: day, time, zone letter, month, year.
_GROUP = r"(?P<day>\d{2})\s?(?P<clock>\d{4})\s?(?P<letter>[a-ik-z])\s?(?P<name>[^\W\d_]{3,})\s?"

_MOMENTS = [
    re.compile(pattern)
    for pattern in (
        rf"{_GROUP}(?P<year>\d{{4}}|\d{{2}})",
        *(rf"{one}(?:\s|\s?t\s?){_TIME}" for one in _DATES),
        *(rf"{_TIME}\s{one}" for one in _DATES),
    )
]
_DATE_ALONE = [re.compile(one) for one in _DATES]
_TIME_ALONE = re.compile(_TIME)
_SHORT_YEAR = re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{2}(\D.*)?")

#: The zones of date-time groups: hours ahead of UTC. J, local time, says nothing.
_LETTERS = (
    {letter: hours for hours, letter in enumerate("abcdefghiklm", start=1)}
    | {letter: -hours for hours, letter in enumerate("nopqrstuvwxy", start=1)}
    | {"z": 0}
)

FIRST_YEAR, LAST_YEAR = 2000, 2099

MOMENT_HINT = lazy("UTC, such as 2026-09-14 07:09.")


def _folded(text: str) -> str:
    """Small letters without accents, one blank between words, no commas."""
    bare = unicodedata.normalize("NFKD", text.replace("ı", "i").casefold())
    plain = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(plain.replace(",", " ").split())


_MONTHS = {
    _folded(name): month
    for names in (*_NAMES, "1 2 3 4 5 6 7 8 sept 10 11 12")
    for month, name in enumerate(names.split(), start=1)
    if not name.isdecimal()
}


def read_moment(typed: str) -> datetime:
    """Return the moment that was typed, UTC, to the minute; without a zone it is UTC."""
    text = _folded(typed)
    found = next((one for pattern in _MOMENTS if (one := pattern.fullmatch(text))), None)
    if found is None or not _has_latin_digits(text):
        raise _no_moment(text)
    parts = found.groupdict()
    day = _date(parts, typed)
    hour, minute = _hour_and_minute(parts)
    if int(parts.get("second") or 0):
        raise ValidationError(_("Give date and time in UTC to the minute."), "invalid")
    ahead = _ahead(parts)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - ahead


def read_day(typed: str) -> date:
    """Return the day that was typed."""
    text = _folded(typed)
    found = next((one for pattern in _DATE_ALONE if (one := pattern.fullmatch(text))), None)
    if found is None or not _has_latin_digits(text):
        raise ValidationError(
            _("Give a day such as 2026-09-14, 14.09.2026 or 14 Sep 2026."), "invalid"
        )
    return _date(found.groupdict(), typed)


def moment_in_words(moment: datetime, zones: Zones = ()) -> str:
    """Say a moment with its weekday, in UTC and by the clocks of the capitals."""
    utc = moment.astimezone(UTC)
    said = _("%(day)s, %(time)s UTC") % {
        "day": formatted(utc, "l j F Y"),
        "time": formatted(utc, "H:i"),
    }
    local = [(label, moment.astimezone(zone)) for label, zone in zones]
    clocks = [
        f"{formatted(at, 'H:i' if at.day == utc.day else 'D H:i')} {label}" for label, at in local
    ]
    return f"{said} ({', '.join(clocks)})" if clocks else said


def day_in_words(day: date) -> str:
    """Say a day with its weekday."""
    return str(formatted(day, "l j F Y"))


def _no_moment(text: str) -> ValidationError:
    if _has_latin_digits(text):
        if any(pattern.fullmatch(text) for pattern in _DATE_ALONE):
            said = _(
                "Give date and time in UTC: the time is missing, such as 07:09 behind the day."
            )
            return ValidationError(said, "invalid")
        if _TIME_ALONE.fullmatch(text):
            said = _("Give date and time in UTC: the day is missing, such as 2026-09-14.")
            return ValidationError(said, "invalid")
        if _SHORT_YEAR.fullmatch(text):
            said = _(
                "Give date and time in UTC with the year in four digits, such as 14.09.2026 07:09."
            )
            return ValidationError(said, "invalid")
    return ValidationError(
        _("Give date and time in UTC, such as 2026-09-14 07:09, 14.09.2026 07:09 or 140709ZSEP26."),
        "invalid",
    )


def _has_latin_digits(text: str) -> bool:
    return all(char.isascii() for char in text if not char.isalpha())


def _date(parts: dict[str, str | None], typed: str) -> date:
    written = parts["year"] or ""
    year = int(written) + (2000 if len(written) == 2 else 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        said = _("Give date and time in UTC with a year from %(first)d to %(last)d.")
        raise ValidationError(said % {"first": FIRST_YEAR, "last": LAST_YEAR}, "invalid")
    if parts.get("one") and parts.get("other"):
        return _either(int(parts["one"] or 0), int(parts["other"] or 0), year, typed)
    if name := parts.get("name"):
        month = _MONTHS.get(name)
        if month is None:
            said = _("Give date and time in UTC: “%(name)s” is the name of no month.")
            raise ValidationError(said % {"name": name[:20]}, "invalid")
    else:
        month = int(parts["month"] or 0)
    return _on_the_calendar(year, month, int(parts["day"] or 0))


def _either(one: int, other: int, year: int, typed: str) -> date:
    """Return the date with day before month or after it, where only one of them is a date."""
    if one != other and 1 <= one <= 12 and 1 <= other <= 12:
        first, second = date(year, other, one), date(year, one, other)
        raise ValidationError(
            _(
                "%(first)s or %(second)s? “%(typed)s” can be read both ways: "
                "write %(one)s or %(other)s."
            )
            % {
                "first": formatted(first, "j F"),
                "second": formatted(second, "j F"),
                "typed": typed.strip()[:40],
                "one": first.isoformat(),
                "other": second.isoformat(),
            },
            "ambiguous",
        )
    return _on_the_calendar(year, one, other) if other > 12 else _on_the_calendar(year, other, one)


def _on_the_calendar(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ValidationError(
            _("There is no month %(month)d: months go from 1 to 12.") % {"month": month},
            "impossible",
        )
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValidationError(
            _("There is no %(day)d %(month)s: the month has %(last)d days.")
            % {"day": day, "month": formatted(date(year, month, 1), "F Y"), "last": last},
            "impossible",
        )
    return date(year, month, day)


def _hour_and_minute(parts: dict[str, str | None]) -> tuple[int, int]:
    clock = parts.get("clock")
    if clock:
        hour, minute = int(clock[:2]), int(clock[2:])
    else:
        hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    if hour > 23 or minute > 59:
        raise ValidationError(
            _("There is no %(hour)02d:%(minute)02d: a day goes from 00:00 to 23:59.")
            % {"hour": hour, "minute": minute},
            "impossible",
        )
    return hour, minute


def _ahead(parts: dict[str, str | None]) -> timedelta:
    """Return how far the zone that was typed is ahead of UTC."""
    if letter := parts.get("letter"):
        return timedelta(hours=_LETTERS[letter])
    signed = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", parts.get("zone") or "")
    if signed is None:
        return timedelta()
    hours, minutes = int(signed[2]), int(signed[3] or 0)
    if hours > 14 or minutes > 59:
        raise ValidationError(
            _("There is no zone %(zone)s: write the time in UTC.") % {"zone": signed[0]},
            "impossible",
        )
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if signed[1] == "-" else ahead


# Numbers

#: Units as a number is asked for in them, how people write them, and how they are said.
UNITS: dict[str, tuple[_StrPromise, tuple[str, ...]]] = {
    "kg": (lazy("kg"), ("kg", "kgs", "kilogram", "kilograms", "кг")),
    "kt": (lazy("kt"), ("kt", "kts", "kn", "knot", "knots")),
    "L": (lazy("litres"), ("l", "lt", "litre", "litres", "liter", "liters", "л")),
    "min": (lazy("minutes"), ("min", "mins", "minute", "minutes", "dk", "мин")),
}

#: Longer than any number that is asked for; what is longer is none.
MOST_DIGITS = 50

_WITH_UNIT = re.compile(r"(?P<number>[+-]?[0-9](?:[0-9 .,'’]*[0-9])?)\s?(?P<unit>[^\W\d_]+\.?)?")
_SIGN = "[+-]?"
#: Thousands set apart by blanks or apostrophes, and what follows the decimal sign.
_BLANKS = re.compile(_SIGN + r"[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,](?P<behind>[0-9]+))?")
_BOTH = re.compile(
    _SIGN + r"[0-9]{1,3}(?:(?:,[0-9]{3})+\.(?P<behind>[0-9]+)|(?:\.[0-9]{3})+,(?P<also>[0-9]+))"
)
_THOUSANDS = re.compile(_SIGN + r"[0-9]{1,3}(?:(?:,[0-9]{3}){2,}|(?:\.[0-9]{3}){2,})")
_ONE_SIGN = re.compile(_SIGN + r"(?P<before>[0-9]+)(?P<sign>[.,])(?P<behind>[0-9]+)")


def read_number(typed: str, *, places: int = 0, unit: str = "") -> Decimal:
    """Return the number that was typed, with as many as `places` digits behind the decimal sign.

    `unit` is one of `UNITS`: it may follow the number, another may not. One sign before three
    digits is asked back where it may be a decimal sign and may set thousands apart: "18.000".
    "18,000" of a whole number is thousands.
    """
    found = _WITH_UNIT.fullmatch(" ".join(typed.split()))
    if found is None or len(found["number"]) > MOST_DIGITS:
        raise _no_number(places)
    _same_unit(found["unit"], unit, places)
    value = _value(found["number"], places)
    if places == 0 and value != value.to_integral_value():
        raise _no_number(places)
    return value


def plain(amount: Decimal) -> str:
    """Write an amount without zeros behind: some read 400.000 as thousands."""
    return f"{amount.normalize():f}"


def written(amount: Decimal) -> str:
    """Write an amount so that it is read again as it stands: the twofold 12.345 as 12.3450."""
    text = plain(amount)
    return f"{text}0" if _is_twofold(_ONE_SIGN.fullmatch(text)) else text


def number_in_words(number: int | Decimal, unit: str = "") -> str:
    """Say a number with its thousands apart and its unit."""
    whole, _sign, behind = f"{Decimal(number).normalize():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}")
    said = f"{grouped}.{behind}" if behind else grouped
    return f"{said}\N{NO-BREAK SPACE}{UNITS[unit][0]}" if unit else said


def _value(text: str, places: int) -> Decimal:
    if re.fullmatch(_SIGN + "[0-9]+", text):
        return Decimal(text)
    if _THOUSANDS.fullmatch(text):
        return Decimal(re.sub("[.,]", "", text))
    for pattern in (_BLANKS, _BOTH):
        if found := pattern.fullmatch(text):
            behind = next((one for one in found.groupdict().values() if one), "")
            whole = re.sub("[^0-9+-]", "", text[: len(text) - len(behind)])
            return Decimal(f"{whole}.{behind or 0}")
    found = _ONE_SIGN.fullmatch(text)
    if found is None:
        raise _no_number(places)
    decimal = Decimal(text.replace(",", "."))
    if not _is_twofold(found):
        return decimal
    thousands = Decimal(re.sub("[.,]", "", text))
    if places == 0 and found["sign"] == ",":
        return thousands
    one, other = plain(decimal), f"{thousands:f}"
    raise ValidationError(
        _(
            "%(one)s or %(other)s? “%(typed)s” can be read both ways: "
            "write %(written)s or %(other)s."
        )
        % {"one": one, "other": other, "typed": text, "written": written(decimal)},
        "ambiguous",
    )


def _is_twofold(found: re.Match[str] | None) -> bool:
    """Say whether the sign of a number may set thousands apart as well as decimals."""
    if found is None:
        return False
    before, behind = found["before"], found["behind"]
    return len(behind) == 3 and len(before) <= 3 and not before.startswith("0")


def _same_unit(given: str | None, unit: str, places: int) -> None:
    if not given:
        return
    if not unit:
        raise _no_number(places)
    word, written = UNITS[unit]
    if given.casefold().removesuffix(".") not in written:
        raise ValidationError(
            _("Give it in %(unit)s: “%(given)s” is another unit.")
            % {"unit": word, "given": given[:20]},
            "invalid",
        )


def _no_number(places: int) -> ValidationError:
    if places:
        return ValidationError(_("Give a number with a decimal point, such as 12.5."), "invalid")
    return ValidationError(_("Enter a whole number."), "invalid")


# Codes and lists

#: Between two codes: blanks, commas (not inside a position such as 40.47,50.05), arrows.
_BETWEEN = re.compile(r"(?:\s|;|→|>|(?<![0-9]),|,(?![0-9]))+")
#: Turkish keyboards have an I with a dot and an i without.
_CAPITALS = str.maketrans({"İ": "I", "ı": "I"})


def as_code(typed: str, *, parted: bool = False) -> str:
    """Return a code as people mean it: capitals without blanks; `parted`: one between two codes.

    Signs that end a sentence or part a list are no part of a code; neither is a dash of its own.
    """
    text = typed.translate(_CAPITALS).upper()
    if not parted:
        return "".join(text.split()).strip(",;")
    return " ".join(one for one in _BETWEEN.split(text) if one.strip("-–—"))
