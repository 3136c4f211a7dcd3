"""Where a place lies along a route: abeam of it, where the route comes nearest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from airspace.earth import Line, along, distance_nm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from airspace.crossings import Route
    from airspace.earth import Place, Track

_BY_NM = 5.1  # 5 NM, and a tenth for what positions are rounded to
_MINUTES = 60.0  # of latitude in a degree: NM, nearly


@dataclass(frozen=True)
class Abeam:
    """The distance along a route at which a place is abeam, and how far off it lies; NM."""

    distance_nm: float
    off_nm: float


def passages(route: Route, place: Place) -> list[Abeam]:
    """Return where the route comes by a place, within 5 NM, in order of flight.

    Each time where it is nearest, good to a quarter of a mile.
    """
    off = _off(track(route), place)
    near = np.flatnonzero(off <= _BY_NM)
    times = np.split(near, np.flatnonzero(np.diff(near) > 1) + 1) if near.size else []
    return [_abeam(route, place, int(samples[off[samples].argmin()])) for samples in times]


def abeam(route: Route, place: Place) -> Abeam:
    """Return where the route comes nearest to a place, however far off."""
    return _abeam(route, place, int(_off(track(route), place).argmin()))


@lru_cache(maxsize=256)
def track(route: Route) -> Track:
    """Return close samples of a route."""
    return along([Line(leg.start, leg.end) for leg in route.legs])


def _abeam(route: Route, place: Place, sample: int) -> Abeam:
    at = route.position_at(float(track(route).distances[sample]))
    return Abeam(at.distance_nm, distance_nm(place, at))


def _off(line: Track, place: Place) -> NDArray[np.float64]:
    """Return about how far each sample is from the place: as on a plane that touches there."""
    east, north = (line.places - (place.lon, place.lat)).T * _MINUTES
    off: NDArray[np.float64] = np.hypot(east * np.cos(np.radians(place.lat)), north)
    return off
