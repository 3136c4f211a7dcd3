"""What came of the request: the decision, the number, the flight itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from approvals.known import KnownAuthorization, KnownDecision, KnownMeasure, KnownMovement
    from approvals.sight import Known


@dataclass(frozen=True)
class Authorization:
    """The number with its window and conditions."""

    template: ClassVar[str] = "approvals/sections/authorization.html"

    authorization: KnownAuthorization


@dataclass(frozen=True)
class Measures:
    """What the host decided of the number after it gave it: decided, notified, acknowledged."""

    template: ClassVar[str] = "approvals/sections/measures.html"

    measures: tuple[KnownMeasure, ...]


@dataclass(frozen=True)
class Refusal:
    """A refusal with its ground, which stays inside."""

    template: ClassVar[str] = "approvals/sections/refusal.html"

    decision: KnownDecision


@dataclass(frozen=True)
class TheFlight:
    """The aircraft itself, its flight plan, and where that differs from what was authorized."""

    template: ClassVar[str] = "approvals/sections/movement.html"

    movement: KnownMovement


def authorization(known: Known) -> Authorization | None:
    return Authorization(known.authorization) if known.authorization else None


def measures(known: Known) -> Measures | None:
    """Return what was decided of the number, newest first."""
    return Measures(known.measures[::-1]) if known.measures else None


def refusal(known: Known) -> Refusal | None:
    return Refusal(known.decision) if known.decision and not known.authorization else None


def flight(known: Known) -> TheFlight | None:
    """Return the movement of the flight; a request has one at most."""
    return TheFlight(known.movements[-1]) if known.movements else None
