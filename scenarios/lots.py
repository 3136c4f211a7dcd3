"""Lots drawn from a seed: the same on every machine and in every version of Python."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")


class Lots:
    """Draws that rest on `Random.random` alone, the one sequence that Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - for training, not for secrets

    def share(self) -> float:
        """Return a share from 0 to below 1."""
        return self._random.random()

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to below `limit`."""
        return int(self.share() * limit)

    def between(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def one_of(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def shuffled(self, among: Iterable[T]) -> list[T]:
        """Return the same things in an order of chance."""
        left = list(among)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def falls(self, share: float) -> bool:
        """Say yes in this share of all cases; 0 is never, 1 is always."""
        return self.share() < share
