"""Measures of detection and of confidence: pure functions of counts.

A *signal* is a defect, found (a hit) or not (a miss); *noise* is a chapter in which nothing is
wrong, marked (a false alarm) or left in peace (a correct rejection).

Where few are wrong, as in most work of inspection, the spread of what is wrong is wider than that
of what is right, and d' flatters whoever is cautious: d_a with a slope of about 0.6 does not
(Sterchi, Hättenschwiler and Schwaninger, 2019, Attention, Perception, & Psychophysics 81, 1297).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: The spread of noise over that of signals: the slope of the ROC curve in z-coordinates.
SLOPE = 0.6

#: With fewer cases a measure says more of chance than of the person.
FEWEST = 20

_Z = NormalDist().inv_cdf


@dataclass(frozen=True)
class Counts:
    """How often what was wrong was found, and what was right was left in peace."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0

    @property
    def signals(self) -> int:
        return self.hits + self.misses

    @property
    def noise(self) -> int:
        return self.false_alarms + self.correct_rejections

    @property
    def are_too_few(self) -> bool:
        return self.signals + self.noise < FEWEST

    @property
    def can_be_measured(self) -> bool:
        """Say whether there was something to find and something to leave in peace."""
        return bool(self.signals and self.noise)


def rate(found: int, among: int) -> float:
    """Return a rate with the log-linear correction (Hautus, 1995), which is never 0 nor 1."""
    return (found + 0.5) / (among + 1)


def d_a(counts: Counts, *, slope: float = SLOPE) -> float | None:
    """Return how well wrong was told from right, in standard deviations: 0 is chance.

    sqrt(2 / (1 + s²)) · (z(H) - s·z(F)); None where there was nothing of either kind.
    """
    if not counts.can_be_measured:
        return None
    hit, alarm = _in_z(counts)
    return sqrt(2 / (1 + slope**2)) * (hit - slope * alarm)


def criterion(counts: Counts, *, slope: float = SLOPE) -> float | None:
    """Return where somebody draws the line: above 0 they pass what is doubtful, below they stop it.

    c_a = -sqrt(2)·s / (sqrt(1 + s²)·(1 + s)) · (z(H) + z(F)) (Macmillan and Creelman, Detection
    Theory, 2nd edition, 2005, chapter 3), which is c where the slope is 1. None as for `d_a`.
    """
    if not counts.can_be_measured:
        return None
    hit, alarm = _in_z(counts)
    return -sqrt(2) * slope / (sqrt(1 + slope**2) * (1 + slope)) * (hit + alarm)


def _in_z(counts: Counts) -> tuple[float, float]:
    hit = rate(counts.hits, counts.signals)
    alarm = rate(counts.false_alarms, counts.noise)
    return _Z(hit), _Z(alarm)


def brier(told: Collection[tuple[float, bool]]) -> float | None:
    """Return the mean square of how far off what was said of being right (Brier, 1950).

    Pairs of how likely somebody held it to be right, and whether it was: 0 is best, 0.25 is what
    chance gets by always saying one half. None: nothing was said.
    """
    if not told:
        return None
    return sum((said - was) ** 2 for said, was in told) / len(told)
