"""Which cases of a long table stand for it in `make quick`, and by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def by_day(every: Iterable[Any], *day: Any) -> list[Any]:
    """Return parameters of which those of the day stand for all in `make test`."""
    return [pytest.param(one, marks=[] if one in day else [pytest.mark.night]) for one in every]


def marked(names: Iterable[str], *, quick: Collection[str]) -> list[Any]:
    """Return the names as parameters, some of them marked as quick."""
    return [
        pytest.param(name, marks=[pytest.mark.quick] if name in quick else []) for name in names
    ]
