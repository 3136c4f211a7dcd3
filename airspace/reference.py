"""Reference data of the air: aerodromes, waypoints, aircraft types, states and FIRs.

What each file holds, where it comes from and on which terms stands in `data/README.md`. Training
geography: not for operations, navigation or legal use.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Aerodrome:
    """An aerodrome with a four-letter location indicator; `state` is ISO 3166-1 alpha-2.

    `tz` is a name of the tz database. `military`: military, joint, or empty, which does not mean
    civil only. `has_customs`: known to have customs and border control for flights from abroad.
    `iata` and `city` may be empty.
    """

    icao: str
    name: str
    state: str
    city: str
    lat: float
    lon: float
    tz: str
    military: str
    has_customs: bool
    iata: str


@dataclass(frozen=True)
class Waypoint:
    """A fix or a VOR; `kind`: boundary, enroute or vor.

    `of` names the pairs of FIRs between which a boundary point lies, `fir` the one it lies in.
    """

    ident: str
    lat: float
    lon: float
    kind: str
    of: str
    fir: str
    name: str


@dataclass(frozen=True)
class AircraftType:
    """An ICAO type designator.

    `engine`: jet, turboprop or piston. `aircraft_class`: landplane or helicopter. `wake`: L, M
    or H. Figures are round ones of one common version, None where unknown; `cruise_ktas` is a
    true airspeed. `transport_regime` is a training default: in, special, refer or out.
    `range_since` is the first rule set that knew the range.
    """

    designator: str
    name: str
    transport_regime: str
    max_passengers: int | None
    max_payload_kg: int | None
    engine: str
    aircraft_class: str
    role: str
    wake: str
    cruise_ktas: int | None
    mtow_kg: int | None
    range_nm: int | None
    range_since: int | None


@dataclass(frozen=True)
class Fir:
    """A flight information region; `state` is responsible for the service, not sovereign there."""

    icao: str
    name: str
    state: str


@dataclass(frozen=True)
class TrainingMark:
    """A form of call signs or of registrations that exercises use; `state` empty: every state.

    `kind`: call_sign or registration. `pattern` is a regular expression for the whole of it.
    """

    state: str
    kind: str
    pattern: str
    example: str


@cache
def aerodromes() -> dict[str, Aerodrome]:
    """Return the aerodromes by location indicator."""
    return {
        row["icao"]: Aerodrome(
            row["icao"],
            row["name"],
            row["state"],
            row["city"],
            float(row["lat"]),
            float(row["lon"]),
            row["tz"],
            row["military"],
            row["customs"] == "yes",
            row["iata"],
        )
        for row in _rows("aerodromes.csv")
    }


@cache
def waypoints() -> dict[str, Waypoint]:
    """Return fixes and VORs by ident."""
    return {
        row["ident"]: Waypoint(
            row["ident"],
            float(row["lat"]),
            float(row["lon"]),
            row["kind"],
            row["of"],
            row["fir"],
            row["name"],
        )
        for row in _rows("waypoints.csv")
    }


@cache
def aircraft_types() -> dict[str, AircraftType]:
    """Return the aircraft types by designator."""
    return {
        row["designator"]: AircraftType(
            row["designator"],
            row["name"],
            row["transport_regime"],
            _figure(row["max_passengers"]),
            _figure(row["max_payload_kg"]),
            row["engine"],
            row["class"],
            row["role"],
            row["wake"],
            _figure(row["cruise_ktas"]),
            _figure(row["mtow_kg"]),
            _figure(row["range_nm"]),
            _figure(row["range_since"]),
        )
        for row in _rows("aircraft_types.csv")
    }


@cache
def training_marks() -> tuple[TrainingMark, ...]:
    """Return the call signs and registrations that exercises use."""
    return tuple(
        TrainingMark(row["state"], row["kind"], row["pattern"], row["example"])
        for row in _rows("training_marks.csv")
    )


def marks_of(state: str, kind: str) -> list[TrainingMark]:
    """Return the forms of one kind that a state may use, its own first."""
    found = [one for one in training_marks() if one.kind == kind and one.state in (state, "")]
    return sorted(found, key=lambda one: one.state == "")


@cache
def states() -> dict[str, str]:
    """Return the English names of the states of the map by ISO 3166-1 alpha-2 code."""
    names: dict[str, str] = {}
    for feature in features("states"):
        about = feature["properties"]
        if about["iso2"] and about["kind"] == "land":
            names.setdefault(about["iso2"], about["name"])  # the main part stands first
    return names


@cache
def firs() -> dict[str, Fir]:
    """Return the FIRs of the map by code."""
    return {
        about["icao"]: Fir(about["icao"], about["name"], about["iso2"])
        for about in (feature["properties"] for feature in features("firs"))
    }


@cache
def state_of(location: str) -> str:
    """Return the state of a location indicator, empty where nothing is like it.

    One that the data do not hold is of the state whose aerodromes have the most alike ones.
    """
    for length in (4, 3, 2):
        alike = Counter(
            aerodrome.state
            for icao, aerodrome in aerodromes().items()
            if icao[:length] == location[:length]
        )
        if alike:
            return alike.most_common(1)[0][0]
    return ""


def shapes(kind: str) -> Path:
    """Return the GeoJSON file of `states` or `firs`."""
    return {"states": DATA / "states.geojson", "firs": DATA / "firs.geojson"}[kind]


def features(kind: str) -> list[dict[str, Any]]:
    """Return the GeoJSON features of `states` or `firs`. Not kept: they are large."""
    collection = json.loads(shapes(kind).read_text(encoding="utf-8"))
    return list(collection["features"])


def _figure(text: str) -> int | None:
    return int(text) if text else None


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
