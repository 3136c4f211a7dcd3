"""Aerodromes and aircraft types, looked up by their ICAO codes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Aerodrome:
    """An aerodrome with a four-letter location indicator; `state` is ISO 3166-1 alpha-2."""

    icao: str
    name: str
    state: str


@dataclass(frozen=True)
class AircraftType:
    """An ICAO type designator.

    `max_passengers` and `max_payload_kg` are round figures of one common version, None where
    unknown. `transport_regime` is a training default: in, special, refer or out.
    """

    designator: str
    name: str
    transport_regime: str
    max_passengers: int | None
    max_payload_kg: int | None


@cache
def aerodromes() -> dict[str, Aerodrome]:
    """Return the aerodromes by location indicator."""
    return {
        row["icao"]: Aerodrome(row["icao"], row["name"], row["state"])
        for row in _rows("aerodromes.csv")
    }


@cache
def aircraft_types() -> dict[str, AircraftType]:
    """Return the aircraft types by designator."""
    return {
        row["designator"]: AircraftType(
            row["designator"],
            row["name"],
            row["transport_regime"],
            int(row["max_passengers"]) if row["max_passengers"] else None,
            int(row["max_payload_kg"]) if row["max_payload_kg"] else None,
        )
        for row in _rows("aircraft_types.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
