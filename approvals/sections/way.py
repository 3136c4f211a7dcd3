"""The states on the way: what was asked of them, what they answered, what the host was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from books import neighbours

if TYPE_CHECKING:
    from approvals.sight import Known
    from neighbours.sight import Way


@dataclass(frozen=True)
class Ways:
    """The states on the way; `shows_asked`: the requests to them are the reader's affair."""

    template: ClassVar[str] = "approvals/sections/ways.html"

    rows: tuple[Way, ...]
    shows_asked: bool


def ways(known: Known) -> Ways | None:
    """Return them to who asks; to the host where there is more to say than the form does."""
    shows_asked = known.is_requester or known.seat.is_instructor
    rows = known.ways
    if shows_asked:
        is_worth = bool(rows) and neighbours.of(known.agreement) is not None
    else:
        is_worth = any(row.told or row.is_missing for row in rows)
    return Ways(rows, shows_asked) if is_worth else None
