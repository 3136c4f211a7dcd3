"""Which cases of a long table stand for it in `make quick`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def marked(names: Iterable[str], *, quick: Collection[str]) -> list[Any]:
    """Return the names as parameters, some of them marked as quick."""
    return [
        pytest.param(name, marks=[pytest.mark.quick] if name in quick else []) for name in names
    ]
