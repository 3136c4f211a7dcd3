"""Invented prohibited and restricted zones, and whether a route meets one while it is active.

`data/zones.geojson` holds the zones. None of them exists: codes begin with EX, names are made up,
places are chosen for training. Levels are flight levels, times UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from airspace import reference
from airspace.abeam import track
from airspace.crossings import Mark, time_at
from airspace.layers import Layer

if TYPE_CHECKING:
    from airspace.crossings import Route

FILE = reference.DATA / "zones.geojson"

_DAY = timedelta(days=1)

Level = Annotated[int, Field(strict=True, ge=0, le=660)]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90)]


@dataclass(frozen=True)
class Zone:
    """A zone from level `lower` to level `upper`, both inclusive; `kind`: prohibited, restricted.

    `ring` is its edge as (latitude, longitude). Without `active_from` and `active_to` it is always
    active; a window that ends no later than it begins ends on the next day. `weekdays` are those on
    which a window begins, Monday is 1.
    """

    code: str
    name: str
    state: str
    kind: str
    lower: int
    upper: int
    active_from: time | None
    active_to: time | None
    weekdays: tuple[int, ...]
    ring: tuple[tuple[float, float], ...]

    def is_active(self, start: datetime, end: datetime) -> bool:
        """Say whether the zone is active at any moment from `start` to `end`."""
        if self.active_from is None or self.active_to is None:
            return True
        day = start.date() - _DAY  # a window may have begun on the day before
        while day <= end.date():
            opens = datetime.combine(day, self.active_from, tzinfo=start.tzinfo)
            closes = datetime.combine(day, self.active_to, tzinfo=start.tzinfo)
            if closes <= opens:
                closes += _DAY
            if day.isoweekday() in self.weekdays and opens <= end and start < closes:
                return True
            day += _DAY
        return False

    def holds(self, level: int) -> bool:
        """Say whether a flight level lies in the zone."""
        return self.lower <= level <= self.upper


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Active(_Written):
    """When a zone is active, as the file has it."""

    begins: time = Field(alias="from")
    ends: time = Field(alias="to")
    weekdays: tuple[Weekday, ...]


class About(_Written):
    """What a zone is, as the file has it."""

    exercise: Literal[True]
    code: str = Field(pattern="^EX[PR]-[0-9]+$")
    name: str
    state: str = Field(pattern="^[A-Z]{2}$")
    kind: Literal["prohibited", "restricted"]
    lower: Level
    upper: Level
    active: Active | None

    @model_validator(mode="after")
    def _is_a_layer(self) -> Self:
        if self.upper < self.lower:
            raise ValueError("upper is below lower")
        return self


class Ring(_Written):
    """Where a zone lies: one closed ring of (longitude, latitude)."""

    type: Literal["Polygon"]
    coordinates: tuple[tuple[tuple[Longitude, Latitude], ...]]

    @model_validator(mode="after")
    def _is_closed(self) -> Self:
        [ring] = self.coordinates
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError("the ring has at least three corners and ends where it begins")
        return self


class WrittenZone(_Written):
    """One zone of the file: a GeoJSON feature."""

    type: Literal["Feature"]
    properties: About
    geometry: Ring


class WrittenZones(_Written):
    """The file of zones: a GeoJSON collection."""

    type: Literal["FeatureCollection"]
    features: tuple[WrittenZone, ...]

    @model_validator(mode="after")
    def _have_codes_of_their_own(self) -> Self:
        codes = [one.properties.code for one in self.features]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"stands in the file twice: {', '.join(sorted(twice))}")
        return self


@dataclass(frozen=True)
class Encounter:
    """A part of a route in an active zone, with its times (UTC) where these are known."""

    zone: Zone
    entry: Mark
    exit: Mark
    entered_at: datetime | None = None
    left_at: datetime | None = None


def encounters(
    route: Route,
    *,
    departs_at: datetime | None = None,
    knots: float | None = None,
    level: int | None = None,
) -> list[Encounter]:
    """Return where a route meets zones, in order of flight.

    What is not known lets nothing off: without departure and speed a zone counts as active, without
    a level as met. `departs_at` is UTC; no wind.
    """
    met = []
    for run in _layer().runs(track(route)):
        if not run.code:
            continue
        zone = zones()[run.code]
        start, end = (
            departs_at + time_at(nm, knots) if departs_at and knots else None
            for nm in (run.from_nm, run.to_nm)
        )
        is_active = not (start and end) or zone.is_active(start, end)
        if is_active and (level is None or zone.holds(level)):
            ends = route.position_at(run.from_nm), route.position_at(run.to_nm)
            met.append(Encounter(zone, *ends, start, end))
    return met


@cache
def zones() -> dict[str, Zone]:
    """Return the zones by code."""
    return {written.properties.code: _zone(written) for written in _written().features}


def _zone(written: WrittenZone) -> Zone:
    about = written.properties
    active = about.active
    return Zone(
        code=about.code,
        name=about.name,
        state=about.state,
        kind=about.kind,
        lower=about.lower,
        upper=about.upper,
        active_from=active.begins if active else None,
        active_to=active.ends if active else None,
        weekdays=active.weekdays if active else (),
        ring=tuple((lat, lon) for lon, lat in written.geometry.coordinates[0]),
    )


@cache
def _layer() -> Layer:
    """Return the zones as shapes; they do not overlap."""
    return Layer([(it.properties.code, it.geometry.model_dump()) for it in _written().features])


def _written() -> WrittenZones:
    return WrittenZones.model_validate_json(FILE.read_text(encoding="utf-8"))
