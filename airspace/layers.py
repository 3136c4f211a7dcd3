"""Shapes that cover the map side by side, and the parts of a line that lie in each of them."""

from __future__ import annotations

from functools import cache
from itertools import groupby, pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import shape

from airspace import reference

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from airspace.earth import Track

_ON_EDGE_DEGREES = 1e-9
_TOUCH_NM = 0.001


class Run(NamedTuple):
    """A part of a line in one shape; `code` is empty where there is none."""

    code: str
    from_nm: float
    to_nm: float

    @property
    def length_nm(self) -> float:
        return self.to_nm - self.from_nm


def joined(runs: list[Run]) -> list[Run]:
    """Return the runs with neighbours of the same code made one."""
    together = [list(group) for _, group in groupby(runs, key=lambda run: run.code)]
    return [Run(group[0].code, group[0].from_nm, group[-1].to_nm) for group in together]


class Layer:
    """Shapes with codes; several may have the same code.

    A place on the edge between two belongs to the code that comes first in the alphabet: which
    way a line is flown makes no difference.
    """

    def __init__(self, coded: list[tuple[str, dict[str, Any]]]) -> None:
        coded = sorted(coded, key=lambda pair: pair[0])
        self._codes = [code for code, _ in coded]
        self._shapes = np.array([shape(geometry) for _, geometry in coded])
        shapely.prepare(self._shapes)
        self._shape_tree = shapely.STRtree(self._shapes)

        rings = shapely.get_rings(shapely.get_parts(self._shapes))
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        same_ring = ring[:-1] == ring[1:]
        self._from, self._to = corners[:-1][same_ring], corners[1:][same_ring]
        edges = np.stack([self._from, self._to], axis=1)
        self._edge_tree = shapely.STRtree(shapely.linestrings(edges))
        # The indexes are built at the first question, which two threads must not ask at once.
        self._asking = Lock()

    def code_at(self, lat: float, lon: float) -> str:
        """Return the code of the shape at a place, empty if there is none."""
        return self._codes_at(np.array([[lon, lat]]))[0]

    def runs(self, track: Track) -> list[Run]:
        """Return the parts of a line in order: where each begins and ends, and in which shape.

        The line is cut wherever it meets an edge, and each piece belongs to the shape in which
        its middle lies. A touch of less than 2 m is none.
        """
        cuts = np.unique(np.concatenate([track.distances[[0, -1]], self._meetings(track)]))
        middles = (cuts[:-1] + cuts[1:]) / 2
        places = [np.interp(middles, track.distances, axis) for axis in track.places.T]
        codes = self._codes_at(np.column_stack(places))
        pieces = [
            Run(code, *ends) for code, ends in zip(codes, pairwise(cuts.tolist()), strict=True)
        ]
        return joined([run for run in joined(pieces) if run.length_nm > _TOUCH_NM])

    def _meetings(self, track: Track) -> NDArray[np.float64]:
        """Return the distances at which the line may pass from one shape into another.

        For each edge that it meets: the point of intersection, and abreast of the ends of the
        edge, so that an edge along the line needs no case of its own. One cut too many does no
        harm.
        """
        with self._asking:
            chord, edge = self._edge_tree.query(
                track.chords, predicate="dwithin", distance=_ON_EDGE_DEGREES
            )
        start, along = track.places[chord], track.places[chord + 1] - track.places[chord]
        first, side = self._from[edge] - start, self._to[edge] - self._from[edge]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = _cross(first, side) / _cross(along, side)
        length = (along**2).sum(axis=1)
        abreast = [(corner * along).sum(axis=1) / length for corner in (first, first + side)]
        share = np.clip(np.nan_to_num([crossing, *abreast]), 0, 1)
        steps = np.diff(track.distances)
        meetings: NDArray[np.float64] = (track.distances[chord] + share * steps[chord]).ravel()
        return meetings

    def _codes_at(self, places: NDArray[np.float64]) -> list[str]:
        around = [places - _ON_EDGE_DEGREES, places + _ON_EDGE_DEGREES]
        with self._asking:
            place, candidate = self._shape_tree.query(shapely.box(*around[0].T, *around[1].T))
            # Asked of the prepared shape, not of the tree: that is many times quicker.
            near = shapely.dwithin(
                self._shapes[candidate], shapely.points(places)[place], _ON_EDGE_DEGREES
            )
        codes = [""] * len(places)
        for n, shape_number in sorted(zip(place[near], candidate[near], strict=True), reverse=True):
            codes[n] = self._codes[shape_number]
        return codes


@cache
def states() -> Layer:
    """Return land and territorial sea by ISO 3166-1 alpha-2 code of the state."""
    return Layer(
        [
            (feature["properties"]["iso2"], feature["geometry"])
            for feature in reference.features("states")
            if feature["properties"]["iso2"]
        ]
    )


@cache
def seas() -> Layer:
    """Return the seas by name; territorial seas lie over them."""
    return Layer(
        [
            (feature["properties"]["name"], feature["geometry"])
            for feature in reference.features("states")
            if feature["properties"]["kind"] == "sea"
        ]
    )


@cache
def firs() -> Layer:
    """Return the flight information regions by code."""
    return Layer(
        [
            (feature["properties"]["icao"], feature["geometry"])
            for feature in reference.features("firs")
        ]
    )


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the third component of the cross product; zero for parallel vectors."""
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
