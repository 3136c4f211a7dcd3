"""The offices that count: which days they work and in which hours, from the calendars shipped."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, RootModel, StringConstraints

from books import reading
from books.figures import Figure, Sourced, StateCode
from books.reading import Misfit, Record, is_near

FOLDER = Path(__file__).parent.parent / "data" / "calendars"

_DAY = dt.timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: The calendar versions shipped, oldest first.
VERSIONS: tuple[str, ...] = tuple(
    sorted(
        (folder.name for folder in FOLDER.iterdir() if folder.is_dir()),
        key=lambda version: [int(part) for part in version.split(".")],
    )
)
#: The version that a new exercise pins.
LATEST = VERSIONS[-1]

Date = Annotated[dt.date, Field(strict=True)]
TimeOfDay = dt.time

#: Days that an exercise closes beside the standing calendar: date and reason.
Closures = Mapping[dt.date, str] | Iterable[tuple[dt.date, str]]


class UnknownCalendarError(LookupError):
    """There is no calendar of this version, or no state of this code."""


class CalendarRangeError(LookupError):
    """A date lies outside the years that the calendar knows.

    Counting on with weekends only would give a date that looks right and is wrong.
    """


class Reason(StrEnum):
    """Why a date of a count was counted or not; the words for people belong to the pages."""

    RECEIPT = "RECEIPT"
    COUNTED = "COUNTED"
    RECEIVED_AFTER_CLOSE = "RECEIVED_AFTER_CLOSE"
    WEEKEND_SATURDAY = "WEEKEND_SATURDAY"
    WEEKEND_SUNDAY = "WEEKEND_SUNDAY"
    HOLIDAY = "HOLIDAY"
    CLOSURE = "CLOSURE"
    PAUSED = "PAUSED"


@dataclass(frozen=True)
class Day:
    """One date of a count.

    `name` is what the calendar calls the date: the holiday, the ground of a closure, the half
    day, the exchange. It is data and may be empty.
    """

    date: dt.date
    reason: Reason
    name: str = ""


@dataclass(frozen=True)
class Office:
    """The office of one state: which days it works, when it closes, in which zone.

    `days_off`, `days_worked` (in exchange for another day), `half_days` and `closures` map a
    date to its name. `half_day_closes_at` is when it closes on a half day; None, in a calendar
    that does not say, as on any other. `known` is false for a state whose holidays the calendar
    does not hold: only its weekends are free. `sources` tells where a figure (`zone`, `opens_at`,
    `closes_at`, `half_day_closes_at`) was published; a figure without an entry is a training
    default. The office can speak for the dates from `first_day` to `last_day` and raises
    `CalendarRangeError` for any other.
    """

    version: str
    state: str
    zone: ZoneInfo
    opens_at: dt.time
    closes_at: dt.time
    first_day: dt.date
    last_day: dt.date
    known: bool
    days_off: Mapping[dt.date, str] = field(repr=False, hash=False)
    days_worked: Mapping[dt.date, str] = field(repr=False, hash=False)
    half_days: Mapping[dt.date, str] = field(repr=False, hash=False)
    sources: Mapping[str, str] = field(repr=False, hash=False)
    half_day_closes_at: dt.time | None = None
    closures: Mapping[dt.date, str] = field(default_factory=dict, repr=False, hash=False)

    def with_closures(self, closures: Closures) -> Office:
        """Return the same office with these days closed as well."""
        more = dict(closures)
        if not more:
            return self
        return dataclasses.replace(self, closures=MappingProxyType({**self.closures, **more}))

    def why_closed(self, day: dt.date) -> Day | None:
        """Return why the office does not work on `day`; `None` on a working day.

        The standing calendar speaks before a closure: a Sunday stays a Sunday.
        """
        if not self.first_day <= day <= self.last_day:
            raise CalendarRangeError(
                f"Calendar {self.version} knows the days from {self.first_day} to "
                f"{self.last_day}, not {day}."
            )
        if day in self.days_off:
            return Day(day, Reason.HOLIDAY, self.days_off[day])
        if day not in self.days_worked:
            if day.weekday() == _SATURDAY:
                return Day(day, Reason.WEEKEND_SATURDAY)
            if day.weekday() == _SUNDAY:
                return Day(day, Reason.WEEKEND_SUNDAY)
        if day in self.closures:
            return Day(day, Reason.CLOSURE, self.closures[day])
        return None

    def is_working_day(self, day: dt.date) -> bool:
        return self.why_closed(day) is None

    def name_of(self, day: dt.date) -> str:
        """Return what the calendar calls `day`; empty where it has no name for it."""
        if closed := self.why_closed(day):
            return closed.name
        return self.half_days.get(day) or self.days_worked.get(day, "")

    def local(self, instant: dt.datetime) -> dt.datetime:
        """Return `instant` as the office's own clock shows it."""
        return utc(instant).astimezone(self.zone)

    def midnight(self, day: dt.date) -> dt.datetime:
        """Return the instant, UTC, at which `day` begins at the office."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    def _half(self, day: dt.date) -> str:
        """Return the name of a half day on which the office closes early; else nothing."""
        return self.half_days.get(day, "") if self.half_day_closes_at else ""

    def closes_on(self, day: dt.date) -> dt.time:
        """Return when the office would close on `day`, by its own clock, working or not."""
        if day in self.half_days and self.half_day_closes_at:
            return self.half_day_closes_at
        return self.closes_at

    def close_of_business(self, day: dt.date) -> dt.datetime:
        """Return the instant, UTC, at which the office would close on `day`, working or not."""
        return dt.datetime.combine(day, self.closes_on(day), self.zone).astimezone(dt.UTC)

    def is_open(self, instant: dt.datetime) -> bool:
        """Say whether somebody is at the office at `instant`: a working day, in its hours."""
        local = self.local(instant)
        in_hours = self.opens_at <= local.time() <= self.closes_on(local.date())
        return in_hours and self.is_working_day(local.date())

    def next_open(self, instant: dt.datetime) -> dt.datetime:
        """Return `instant` if somebody is at the office then, else when it opens next, UTC."""
        if self.is_open(instant):
            return utc(instant)
        local = self.local(instant)
        day = local.date()
        if local.time() > self.opens_at:
            day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return dt.datetime.combine(day, self.opens_at, self.zone).astimezone(dt.UTC)

    def receipt(self, received_at: dt.datetime) -> tuple[tuple[Day, ...], dt.date]:
        """Return the dates on which an arrival had to wait, and the date of its receipt."""
        day = self.local(received_at).date()
        late = received_at > self.close_of_business(day)
        waited = []
        while (closed := self.why_closed(day)) or late:
            waited.append(closed or Day(day, Reason.RECEIVED_AFTER_CLOSE, self._half(day)))
            day, late = day + _DAY, False
        return tuple(waited), day


class Hours(Record):
    """One office in `offices.yaml`: its zone and its hours."""

    zone: Figure[str]
    #: Calendar 2026.1 did not say when offices open (training default).
    opens_at: Figure[TimeOfDay] = Field(
        default_factory=lambda: Figure[TimeOfDay](value=dt.time(9), training_default=True)
    )
    closes_at: Figure[TimeOfDay]
    #: Before calendar 2026.3 a half day closed as any other.
    half_day_closes_at: Figure[TimeOfDay] | None = None

    def misfits(self) -> Iterator[Misfit]:
        if self.zone.value not in available_timezones():
            yield ("zone", "value"), f"{self.zone.value} is no zone of the tz database."
        if self.opens_at.value >= self.closes_at.value:
            yield ("closes_at",), "is not after opens_at."
        half = self.half_day_closes_at
        if half and not self.opens_at.value < half.value <= self.closes_at.value:
            yield ("half_day_closes_at",), "is not between opens_at and closes_at."


class Sheet(Record):
    """The file `offices.yaml`: the days that the calendar knows, and the hours of each office."""

    first_day: Date
    last_day: Date
    offices: dict[StateCode, Hours]
    default: Hours

    def misfits(self) -> Iterator[Misfit]:
        if self.last_day < self.first_day:
            yield ("last_day",), "is before first_day."


class Holiday(Record):
    """One row of `holidays.csv`; `weekday` and `note` are for readers."""

    date: dt.date
    weekday: Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    state: StateCode
    name: Annotated[str, StringConstraints(min_length=1)]
    kind: Literal[
        "public",
        "observed",
        "substituted_day_off",
        "administrative_leave",
        "working_day",
        "half_day",
    ]
    note: str

    def misfits(self) -> Iterator[Misfit]:
        weekday = _WEEKDAYS[self.date.weekday()]
        if self.weekday != weekday:
            yield ("weekday",), f"{self.date} is a {weekday}, not a {self.weekday}."


class Holidays(RootModel[tuple[Holiday, ...]]):
    """The file `holidays.csv`."""


@cache
def states(version: str) -> tuple[str, ...]:
    """Return the states that have an office in the calendar `version`, by code.

    Raises `UnknownCalendarError` for a version that is not shipped, and `BadFile`.
    """
    return tuple(sorted(_sheet(version).offices))


@cache
def office(version: str, state: str) -> Office:
    """Return the office of `state` (ISO 3166-1 alpha-2) in the calendar `version`.

    A state without holidays in the calendar has weekends only and is marked as not `known`.
    Raises `UnknownCalendarError` for a version that is not shipped or a code that is none, and
    `BadFile` for a calendar with faults.
    """
    sheet = _sheet(version)
    if not re.fullmatch(r"[A-Z]{2}", state):
        raise UnknownCalendarError(f"{state!r} is not a state's code of two capital letters.")
    hours = sheet.offices.get(state, sheet.default)
    days = [day for day in _holidays(version) if day.state == state]
    figures: dict[str, Sourced] = {
        "zone": hours.zone,
        "opens_at": hours.opens_at,
        "closes_at": hours.closes_at,
    }
    if hours.half_day_closes_at:
        figures["half_day_closes_at"] = hours.half_day_closes_at
    return Office(
        version=version,
        state=state,
        zone=ZoneInfo(hours.zone.value),
        opens_at=hours.opens_at.value,
        closes_at=hours.closes_at.value,
        first_day=sheet.first_day,
        last_day=sheet.last_day,
        known=bool(days),
        days_off=_named(days, "public", "observed", "substituted_day_off", "administrative_leave"),
        days_worked=_named(days, "working_day"),
        half_days=_named(days, "half_day"),
        half_day_closes_at=hours.half_day_closes_at.value if hours.half_day_closes_at else None,
        sources=MappingProxyType(
            {name: figure.source for name, figure in figures.items() if figure.source}
        ),
    )


def read_sheet(path: Path) -> Sheet:
    """Read a file `offices.yaml`. Raises `BadFile`."""
    return reading.read(path, Sheet)


def read_holidays(path: Path) -> Holidays:
    """Read a file `holidays.csv`, with the `offices.yaml` beside it. Raises `BadFile`."""
    sheet = read_sheet(path.with_name("offices.yaml"))

    def misfits(table: Holidays) -> Iterator[Misfit]:
        seen: set[tuple[str, dt.date]] = set()
        for number, day in enumerate(table.root):
            if day.state not in sheet.offices:
                sentence = f"{day.state} has no office; {is_near(day.state, sheet.offices)}"
                yield (number, "state"), sentence
            if not sheet.first_day <= day.date <= sheet.last_day:
                sentence = f"{day.date} is not from {sheet.first_day} to {sheet.last_day}."
                yield (number, "date"), sentence
            if (day.state, day.date) in seen:
                yield (number, "date"), f"{day.date} stands here again for {day.state}."
            seen.add((day.state, day.date))

    return reading.read(path, Holidays, misfits)


def utc(instant: dt.datetime) -> dt.datetime:
    """Return `instant` in UTC; raise `ValueError` if it is naive or has fractions of a second."""
    if instant.tzinfo is None or instant.microsecond:
        raise ValueError(f"An instant is aware and in whole seconds, not {instant!r}.")
    return instant.astimezone(dt.UTC)


@cache
def _sheet(version: str) -> Sheet:
    if version not in VERSIONS:
        raise UnknownCalendarError(
            f"There is no calendar {version!r}; there are: {', '.join(VERSIONS)}."
        )
    return read_sheet(FOLDER / version / "offices.yaml")


@cache
def _holidays(version: str) -> tuple[Holiday, ...]:
    return read_holidays(FOLDER / version / "holidays.csv").root


def _named(days: Iterable[Holiday], *kinds: str) -> Mapping[dt.date, str]:
    """Return the dates of these kinds with their names."""
    return MappingProxyType({day.date: day.name for day in days if day.kind in kinds})
