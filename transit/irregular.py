"""What departs from the authorization, by code: its facts are kept, its words are made here.

What happened can always be recorded; where it differs from what was authorized the movement keeps
a finding. One that the product makes is a code with facts, `{"code": "ENTRY_POINT", "found":
"RUTIL", "authorized": "BALUN"}`; one that an officer writes is the sentence itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from airspace import reference
from exercises.recorded import decode, encode
from transit.models.statuses import AuthorizationStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from transit.models import Movement

#: A finding as a movement keeps it.
Finding = str | dict[str, str]


@dataclass(frozen=True)
class Irregularity:
    """One kind of finding; a breach counts for the operator's next request, distress does not."""

    code: str
    words: _StrPromise
    is_breach: bool = True


KINDS = {
    one.code: one
    for one in (
        Irregularity("NO_REPORT", lazy("No post-flight report within the time allowed.")),
        Irregularity(
            "ENTRY_OUTSIDE_WINDOW",
            lazy("Entry outside the window, %(from_at)s to %(until_at)s: at %(entered_at)s."),
        ),
        Irregularity("ENTRY_POINT", lazy("Entry at %(found)s, authorized %(authorized)s.")),
        Irregularity("ENTRY_LEVEL", lazy("Entry at level %(found)s, authorized %(authorized)s.")),
        Irregularity(
            "NOT_AUTHORIZED", lazy("Entry without an authorization in force: %(status)s.")
        ),
        Irregularity("PLAN_NOT_RELEASED", lazy("Entry without a released flight plan.")),
        Irregularity("ENTRY_DENIED", lazy("Denied entry at %(found)s.")),
        Irregularity("EXIT_POINT", lazy("Exit at %(found)s, authorized %(authorized)s.")),
        Irregularity(
            "TURNED_BACK",
            lazy("Turned back: exit at %(found)s, authorized %(authorized)s."),
            is_breach=False,
        ),
        Irregularity(
            "LANDING_NOT_MADE", lazy("Left without the landing at %(authorized)s."), is_breach=False
        ),
        Irregularity("LANDING_ELSEWHERE", lazy("Landing at %(found)s, authorized %(authorized)s.")),
        Irregularity(
            "EMERGENCY_LANDING",
            lazy("Emergency landing at %(found)s; no landing there was authorized."),
            is_breach=False,
        ),
        Irregularity(
            "LANDING_NOT_AUTHORIZED",
            lazy("Landing without distress at %(found)s; no landing was authorized."),
        ),
        Irregularity("EMERGENCY", lazy("Emergency: %(found)s"), is_breach=False),
        Irregularity(
            "DIVERTED",
            lazy("Diverted to %(found)s, authorized to %(authorized)s."),
            is_breach=False,
        ),
        Irregularity(
            "DEVIATION",
            lazy("Deviated into the airspace of %(found)s for safety."),
            is_breach=False,
        ),
        Irregularity("UNDECLARED_LOAD", lazy("Undeclared load found: %(found)s")),
        Irregularity("NOT_REGULARISED", lazy("Took off again before a note regularised it.")),
        Irregularity(
            "PERSONS", lazy("Persons on board: %(found)s reported, %(authorized)s authorized.")
        ),
        Irregularity(
            "REPORT_ENTRY_POINT",
            lazy("The report says entry at %(found)s, operations recorded %(recorded)s."),
        ),
        Irregularity(
            "REPORT_ENTRY_TIME",
            lazy("The report says entry at %(reported_at)s, operations recorded %(recorded_at)s."),
        ),
        Irregularity(
            "REPORT_EXIT_POINT",
            lazy("The report says exit at %(found)s, operations recorded %(recorded)s."),
        ),
        Irregularity(
            "REPORT_EXIT_TIME",
            lazy("The report says exit at %(reported_at)s, operations recorded %(recorded_at)s."),
        ),
    )
}


_UNSCHEDULED = ("EMERGENCY_LANDING", "LANDING_NOT_AUTHORIZED", "LANDING_ELSEWHERE")


def finding(code: str, **facts: object) -> dict[str, str]:
    """Return a finding with its facts as the record keeps them; moments as ISO 8601, UTC."""
    assert code in KINDS, code  # noqa: S101 - a fault of our own
    return {"code": code, **{name: str(encode(fact)) for name, fact in facts.items()}}


def said(found: Finding) -> str:
    """Return a finding in words: what an officer wrote as it stands, a code as its kind says it."""
    if isinstance(found, str):
        return str(KINDS[found].words) if found in KINDS else found
    facts = {name: _in_words(name, fact) for name, fact in found.items()}
    return str(KINDS[found["code"]].words) % facts


def is_breach(found: Finding) -> bool:
    """Say whether a finding counts for the operator's next request; what officers write does."""
    code = found if isinstance(found, str) else found["code"]
    return code not in KINDS or KINDS[code].is_breach


def breaches(movement: Movement) -> list[Finding]:
    """Return the findings on a movement that count for the operator's next request."""
    return [one for one in movement.findings if is_breach(one)]


def has_come_down(movement: Movement) -> bool:
    """Say whether the aircraft landed in the host state where it was not authorized to."""
    return any(isinstance(one, dict) and one["code"] in _UNSCHEDULED for one in movement.findings)


def on_entry(
    movement: Movement, *, entered_at: datetime, point: str, level: str = ""
) -> Iterator[dict[str, str]]:
    """Give what an entry differs in from the authorization, in order of weight."""
    authorization, revision = movement.authorization, movement.revision
    if authorization is None or authorization.status != AuthorizationStatus.IN_FORCE:
        status = authorization.status if authorization else ""
        yield finding("NOT_AUTHORIZED", status=status)
    elif movement.checked_at is None:
        yield finding("PLAN_NOT_RELEASED")
    if authorization and not authorization.valid_from <= entered_at < authorization.valid_until:
        yield finding(
            "ENTRY_OUTSIDE_WINDOW",
            entered_at=entered_at,
            from_at=authorization.valid_from,
            until_at=authorization.valid_until,
        )
    planned = revision.planned_entry
    if planned and point != planned.entry_point:
        yield finding("ENTRY_POINT", found=point, authorized=planned.entry_point)
    if level and revision.cruise_level and level != revision.cruise_level:
        yield finding("ENTRY_LEVEL", found=level, authorized=revision.cruise_level)


def on_exit(movement: Movement, *, point: str) -> Iterator[dict[str, str]]:
    """Give what an exit differs in: another point, the way back, the landing that was not made."""
    revision, planned = movement.revision, movement.revision.planned_exit
    if planned and point != planned.exit_point:
        is_back = point == movement.entry_point
        code = "TURNED_BACK" if is_back else "EXIT_POINT"
        yield finding(code, found=point, authorized=planned.exit_point)
    if revision.lands_in_host and movement.landed_at is None:
        yield finding("LANDING_NOT_MADE", authorized=revision.destination)


def on_landing(
    movement: Movement, *, aerodrome: str, in_distress: bool
) -> Iterator[dict[str, str]]:
    """Give what a landing differs in: none was authorized, or at another aerodrome."""
    revision = movement.revision
    if not revision.lands_in_host:
        code = "EMERGENCY_LANDING" if in_distress else "LANDING_NOT_AUTHORIZED"
        yield finding(code, found=aerodrome)
    elif aerodrome and is_elsewhere(movement, aerodrome):
        code = "EMERGENCY_LANDING" if in_distress else "LANDING_ELSEWHERE"
        yield finding(code, found=aerodrome, authorized=revision.destination)


def is_elsewhere(movement: Movement, aerodrome: str) -> bool:
    """Say whether an aerodrome is none at which the flight was authorized to land.

    A stop on the way is named by the points of its crossing; without one it is the destination.
    """
    revision = movement.revision
    stops = {row.exit_point for row in revision.host_crossings} | {revision.destination}
    return aerodrome not in stops


def on_report(movement: Movement) -> Iterator[dict[str, str]]:
    """Give where the report and what operations recorded differ, as far as the report says it."""
    for code, reported, recorded in (
        ("REPORT_ENTRY_POINT", movement.reported_entry_point, movement.entry_point),
        ("REPORT_EXIT_POINT", movement.reported_exit_point, movement.exit_point),
    ):
        if reported and recorded and reported != recorded:
            yield finding(code, found=reported, recorded=recorded)
    allowed = movement.flight.agreement.report_tolerance
    for code, said_at, recorded_at in (
        ("REPORT_ENTRY_TIME", movement.reported_entry_at, movement.entered_at),
        ("REPORT_EXIT_TIME", movement.reported_exit_at, movement.exited_at),
    ):
        if said_at and recorded_at and abs(said_at - recorded_at) > allowed:
            yield finding(code, reported_at=said_at, recorded_at=recorded_at)
    form = movement.revision
    if form.crew_count is None or form.passenger_count is None:
        return
    authorized = form.crew_count + form.passenger_count
    if movement.persons_on_board and movement.persons_on_board > authorized:
        yield finding("PERSONS", found=movement.persons_on_board, authorized=authorized)


def state_of(aerodrome: str) -> str:
    """Return the state in which an aerodrome lies, ISO 3166-1 alpha-2; empty where not known."""
    known = reference.aerodromes().get(aerodrome)
    return known.state if known else ""


def warnings(found: Iterable[dict[str, str]]) -> list[str]:
    """Say what a move will be recorded as besides."""
    return [_("Recorded as a finding: %(finding)s") % {"finding": said(one)} for one in found]


def _in_words(name: str, fact: str) -> str:
    """Return a fact as people say it; which kind of fact it is says its name."""
    if name == "status":
        return str(AuthorizationStatus(fact).label) if fact else _("None was granted")
    if name.endswith("_at"):
        return f"{decode(fact):%d %b %Y %H:%MZ}"
    return fact or _("a place that is not known")
