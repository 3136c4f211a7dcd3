"""Distances and lines on the WGS84 ellipsoid; in nautical miles and decimal degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

METRES = 1852.0
_EARTH = Geodesic.WGS84
_E2 = _EARTH.f * (2 - _EARTH.f)
_WANTED = Geodesic.LATITUDE | Geodesic.LONGITUDE | Geodesic.AZIMUTH
_NODE_NM = 25.0
_SAMPLE_NM = 0.5


class Place(Protocol):
    """Whatever has a latitude and a longitude."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Track:
    """Close samples of a line: distances from its start in NM, and (longitude, latitude) rows."""

    distances: NDArray[np.float64]
    places: NDArray[np.float64]

    @cached_property
    def chords(self) -> NDArray[np.object_]:
        """The straight pieces from sample to sample, as geometries."""
        chords: NDArray[np.object_] = shapely.linestrings(
            np.stack([self.places[:-1], self.places[1:]], axis=1)
        )
        return chords


def distance_nm(a: Place, b: Place) -> float:
    """Return the length of the geodesic between two places in NM."""
    length: float = _EARTH.Inverse(a.lat, a.lon, b.lat, b.lon, Geodesic.DISTANCE)["s12"]
    return length / METRES


def position_from(start: Place, bearing: float, distance_nm: float) -> tuple[float, float]:
    """Return latitude and longitude so far from a place, on a true bearing in degrees."""
    there = _EARTH.Direct(start.lat, start.lon, bearing, distance_nm * METRES, _WANTED)
    return there["lat2"], there["lon2"]


@dataclass(frozen=True)
class Line:
    """The geodesic from one place to another."""

    start: Place
    end: Place

    @cached_property
    def length_nm(self) -> float:
        length: float = self._geodesic.s13
        return length / METRES

    def position(self, distance_nm: float) -> tuple[float, float]:
        """Return latitude and longitude of the point so far from the start."""
        at = self._geodesic.Position(distance_nm * METRES, _WANTED)
        return at["lat2"], at["lon2"]

    def track(self) -> Track:
        """Return samples so close that a straight chord is within 5 cm of the geodesic.

        Exact positions every 25 NM and their azimuths carry a cubic (Hermite) curve in longitude
        and latitude, which is good to a centimetre and far quicker than an exact solution for
        every sample.
        """
        nodes = max(1, math.ceil(self.length_nm / _NODE_NM))
        step = self.length_nm / nodes
        exact = [self._geodesic.Position(n * step * METRES, _WANTED) for n in range(nodes + 1)]
        at = np.array([(node["lon2"], node["lat2"]) for node in exact])
        slope = np.array([_slope(node["lat2"], node["azi2"]) for node in exact]) * step

        samples = max(1, math.ceil(step / _SAMPLE_NM))
        t = (np.arange(samples) / samples)[:, None, None]
        curve = (
            (1 + 2 * t) * (1 - t) ** 2 * at[:-1]
            + t * (1 - t) ** 2 * slope[:-1]
            + t**2 * (3 - 2 * t) * at[1:]
            - t**2 * (1 - t) * slope[1:]
        )
        places = np.vstack([curve.swapaxes(0, 1).reshape(-1, 2), at[-1]])
        return Track(np.linspace(0.0, self.length_nm, nodes * samples + 1), places)

    @cached_property
    def _geodesic(self) -> Any:
        return _EARTH.InverseLine(self.start.lat, self.start.lon, self.end.lat, self.end.lon)


def _slope(lat: float, azimuth: float) -> tuple[float, float]:
    """Return degrees of longitude and of latitude per NM on this azimuth."""
    sine, cosine = math.sin(math.radians(lat)), math.cos(math.radians(lat))
    prime_vertical = _EARTH.a / math.sqrt(1 - _E2 * sine**2)
    meridian = prime_vertical * (1 - _E2) / (1 - _E2 * sine**2)
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    return (
        math.degrees(METRES * east / (prime_vertical * cosine)),
        math.degrees(METRES * north / meridian),
    )


def along(lines: Sequence[Line]) -> Track:
    """Return the track of lines of which each starts where the one before it ends."""
    tracks = [line.track() for line in lines]
    ends = accumulate(line.length_nm for line in lines)
    further = list(zip(tracks[1:], ends, strict=False))
    return Track(
        np.concatenate([tracks[0].distances, *(on.distances[1:] + end for on, end in further)]),
        np.concatenate([tracks[0].places, *(on.places[1:] for on, _ in further)]),
    )
