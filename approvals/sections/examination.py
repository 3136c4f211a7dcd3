"""What the host's side examines: checks, desks' answers, minutes; and the officer's own check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from casework.written import excerpt

if TYPE_CHECKING:
    from approvals.known import Found, KnownAnswer, KnownOwnCheck
    from approvals.models import Minute
    from approvals.sight import Known
    from casework.written import Excerpt


@dataclass(frozen=True)
class Checks:
    """What the rules find; to the side that asks, what the host will find."""

    template: ClassVar[str] = "approvals/sections/checks.html"

    rows: tuple[Found, ...]
    is_requester: bool

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Desks:
    """The answers that count, the lead desk last; then the newest of earlier rounds."""

    template: ClassVar[str] = "approvals/sections/desks.html"

    latest: tuple[KnownAnswer, ...]
    earlier: Excerpt[KnownAnswer]

    @property
    def count(self) -> int:
        return len(self.latest)

    @property
    def total(self) -> int:
        """How many answers there are of all rounds."""
        return len(self.latest) + self.earlier.total


@dataclass(frozen=True)
class Minutes:
    """Internal notes of the host's side, the newest."""

    template: ClassVar[str] = "approvals/sections/minutes.html"

    minutes: Excerpt[Minute]


@dataclass(frozen=True)
class OwnCheck:
    """What the officer marked alone, beside what the product says."""

    template: ClassVar[str] = "approvals/sections/own_check.html"

    own: KnownOwnCheck


def checks(known: Known) -> Checks | None:
    return None if known.findings is None else Checks(known.findings, known.is_requester)


def desks(known: Known) -> Desks | None:
    earlier = [one for one in known.answers if not one.is_latest]
    return Desks(known.latest_answers, excerpt(earlier)) if known.latest_answers else None


def minutes(known: Known) -> Minutes | None:
    return Minutes(known.newest_minutes) if known.newest_minutes.total else None


def own_check(known: Known) -> OwnCheck | None:
    return OwnCheck(known.own_check) if known.own_check else None
