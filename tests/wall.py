"""A wall clock that stands until a test lets real time pass. Nobody sleeps."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from exercises import clock

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Wall:
    """Real time as the product reads it."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def wait(self, **span: float) -> None:
        """Let real time pass: `wait(seconds=10)`."""
        self.now += timedelta(**span)

    def tick(self) -> datetime:
        """Give a real moment that nobody was given before."""
        self.wait(seconds=1, microseconds=234567)
        return self.now


@contextmanager
def standing() -> Iterator[Wall]:
    """Put a standing clock in the place of the real one."""
    wall = Wall()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "wall", lambda: wall.now)
        yield wall


@contextmanager
def ticking() -> Iterator[None]:
    """Put a clock in the place of the real one that moves with each look at it, always alike."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "wall", Wall().tick)
        yield
