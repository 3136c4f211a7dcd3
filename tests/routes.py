"""Requests with a route, for tests of what the rules say of it; nothing is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import rules
from exercises.models import Exercise
from rules.book import Finding, Matter
from transit.models import Crossing, FlightRequest, Revision
from transit.proposal import propose

DEPARTS_AT = datetime(2026, 9, 14, 5, tzinfo=UTC)  # a Monday
KNOTS = 390

CORRIDOR = "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE LANUK UACC"
BACK = "UACC LANUK UATE BALUN UBBB ADEKI LAGAS NOLGA LTAC"


def rows(route: str = CORRIDOR) -> list[dict[str, Any]]:
    """Return the crossings as proposed."""
    return propose(route, departs_at=DEPARTS_AT, knots=KNOTS)


def matter(
    route: str = CORRIDOR,
    *,
    crossings: list[dict[str, Any]] | None = None,
    host: str = "KZ",
    rules_version: str = rules.LATEST,
    **form: Any,
) -> Matter:
    """Return the matter of an A400M on a route, its crossings as proposed unless given.

    It departs from the first point of the route and arrives at the last, if these are aerodromes.
    """
    crossings = rows(route) if crossings is None else crossings
    ends = route.split() or ["", ""]
    exercise = Exercise(agreement="TR-KZ", agreement_version="3", rules_version=rules_version)
    flight = FlightRequest(
        exercise=exercise, host=host, requesting_state={"KZ": "TR", "TR": "KZ"}[host]
    )
    content = {
        "aircraft_type": "A400",
        "departure": ends[0],
        "destination": ends[-1],
        "departs_at": DEPARTS_AT,
        "arrives_at": crossings[-1]["exit_at"] if crossings else None,
        "cruise_knots": KNOTS,
        "cruise_level": "F250",
        "route": route,
        "undertakes_sensors": True,
    }
    asked = Matter(Revision(flight=flight, **content | form), DEPARTS_AT - timedelta(days=14))
    asked.crossings = [Crossing(number=n, **row) for n, row in enumerate(crossings, 1)]
    return asked


def found(chapter: str, asked: Matter) -> list[Finding]:
    """Return the findings of one chapter of the rules."""
    return [
        Finding(rule, hit)
        for rule in rules.rule_set(asked.flight.exercise.rules_version)
        if rule.look.__module__ == f"rules.{chapter}"
        for hit in rule.look(asked)
    ]


def keys(chapter: str, asked: Matter) -> set[str]:
    return {finding.key for finding in found(chapter, asked)}
