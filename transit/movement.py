"""Movement: the aircraft on its one flight, from the entry to the closed case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, text
from audit.verbs import BOTH, HOST, REQUESTING
from casework.asking import REASON
from casework.duties import owe_by_agreement, reckon
from casework.models import NoteKind
from casework.notes import freeze, write_note
from exercises.models import Role
from transit import alerting, irregular, versions
from transit.models import (
    AHEAD,
    ALOFT,
    FLOWN,
    UNFLOWN,
    AlertPhase,
    AuthorizationStatus,
    Movement,
)
from transit.models import MovementStatus as Moving
from transit.models.items import aerodrome_form, level_form, point_form
from transit.plans import reply_is_sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import Authorization, Movement


#: Why an aircraft landed where it was not authorized to, unless operations know better.
DISTRESS = "DISTRESS"


def is_notified(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    """While the other side does not know of the number, nothing may tell it that there is one."""
    if movement.flight.replied_at is None:
        return _("The note in reply has not been sent: what happens is logged as an occurrence.")
    return None


def window_is_over(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.authorization and at < movement.authorization.valid_until:
        return _("The window is still open.")
    return None


def has_entered(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.entered_at else _("It has not entered the airspace.")


def has_a_number(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.authorization else _("There is no authorization.")


def not_reported(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return _("The report is in.") if movement.reported_at else None


def report_in_or_late(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.reported_at or movement.duty == "closure":
        return None
    return _("The post-flight report is awaited.")


def found_so_far(movement: Movement, details: dict[str, Any], at: datetime) -> list[str]:
    """Say with which findings the case would end."""
    return [
        _("Closed with the finding: %(finding)s") % {"finding": irregular.said(one)}
        for one in movement.findings
    ]


def is_not_awaited(movement: Movement, at: datetime) -> bool:
    """An entry can always be recorded; the case waits for one once the plan is released."""
    return bool(movement.status != Moving.CHECKED)


def planned_entry(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_entry
    return {"entered_at": planned.entry_at, "point": planned.entry_point} if planned else {}


def planned_exit(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_exit
    return {"exited_at": planned.exit_at, "point": planned.exit_point} if planned else {}


def planned_landing(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_exit
    return {"landed_at": planned.exit_at} if planned else {}


def moment(name: str, label: Any, empty: Any = "") -> Parameter:
    return Parameter(name, Kind.MOMENT, label, empty)


def point(name: str, label: Any, empty: Any = "") -> Parameter:
    return Parameter(name, Kind.CODE, label, empty, most=11, checks=(point_form,))


def aerodrome(name: str, label: Any, empty: Any = "", **more: Any) -> Parameter:
    return Parameter(name, Kind.CODE, label, empty, most=4, checks=(aerodrome_form,), **more)


def entry_differs(movement: Movement, details: dict[str, Any], at: datetime) -> list[str]:
    return irregular.warnings(irregular.on_entry(movement, **details))


def exit_differs(movement: Movement, details: dict[str, Any], at: datetime) -> list[str]:
    return irregular.warnings(irregular.on_exit(movement, point=details["point"]))


def landing_differs(movement: Movement, details: dict[str, Any], at: datetime) -> list[str]:
    return irregular.warnings(_landing(movement, details["aerodrome"], details.get("cause", "")))


def causes(movement: Movement, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [(DISTRESS, lazy("distress or another emergency")), ("OTHER", lazy("another cause"))]


def has_come_down(movement: Movement, by: Seat, at: datetime) -> bool:
    """Say whether a landing would be one that was not authorized as such."""
    return not movement.revision.lands_in_host or movement.status == Moving.DIVERTED


@verb(
    lazy("Record the entry"),
    lazy("Entered the airspace"),
    clause="12.6",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(*AHEAD, *UNFLOWN, Moving.DIVERTED),
    target=(Moving.ACTIVE,),
    guards=(is_notified,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("entered_at", "point", "level"),
    makes_due=("exit",),
    takes=(
        moment("entered_at", lazy("entered, UTC"), lazy("Enter the time of the entry.")),
        point("point", lazy("entry point"), lazy("Enter the entry point.")),
        Parameter("level", Kind.CODE, lazy("level, if known"), most=5, checks=(level_form,)),
    ),
    suggests=planned_entry,
    doubts=entry_differs,
    is_done=is_not_awaited,
    icon="plane-inflight",
)
def enter(
    movement: Movement,
    *,
    by: Seat,
    at: datetime,
    entered_at: datetime,
    point: str,
    level: str = "",
) -> Movement:
    """Record an entry, at the moment it happened; what differs from the authorization is found.

    One that is recorded late reopens a movement taken for not flown. Raises `ValidationError` if
    it lies in the future.
    """
    not_in_future("entered_at", entered_at, at=at)
    found = irregular.on_entry(movement, entered_at=entered_at, point=point, level=level)
    movement.findings = [*movement.findings, *found]
    movement.enter(entered_at=entered_at, point=point, level=level)
    expect_exit(movement, entered_at + movement.revision.time_inside, at=at)
    acts.save(movement)
    flight = movement.flight
    if flight.closed_at:
        flight.closed_at = None
        acts.save(flight)
    versions.make_void(flight, at=at)
    return movement


@verb(
    lazy("Record the exit"),
    lazy("Left the airspace"),
    clause="12.7",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=ALOFT,
    target=(Moving.EXITED,),
    guards=(has_entered,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("exited_at", "point"),
    makes_due=("report",),
    takes=(
        moment("exited_at", lazy("exited, UTC"), lazy("Enter the time of the exit.")),
        point("point", lazy("exit point"), lazy("Enter the exit point.")),
    ),
    suggests=planned_exit,
    doubts=exit_differs,
    icon="plane-departure",
)
def exit(  # noqa: A001 - the word of the procedure, and of the record
    movement: Movement, *, by: Seat, at: datetime, exited_at: datetime, point: str
) -> Movement:
    """Record the exit, at the moment it happened; the post-flight report is owed from it.

    Raises `ValidationError` if it lies in the future or before the entry.
    """
    after_entry(movement, "exited_at", exited_at, at=at)
    movement.findings = [*movement.findings, *irregular.on_exit(movement, point=point)]
    movement.exit(exited_at=exited_at, point=point)
    owe_report(movement, at=at)
    return movement


@verb(
    lazy("Record the landing"),
    lazy("Landed"),
    clause="12.7",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=ALOFT,
    target=(Moving.LANDED, Moving.ON_GROUND),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("landed_at", "aerodrome"),
    makes_due=("report", "regularisation"),
    takes=(
        moment("landed_at", lazy("landed, UTC"), lazy("Enter the time of the landing.")),
        aerodrome(
            "aerodrome",
            lazy("aerodrome"),
            hint=lazy("ICAO location indicator; empty: where it was authorized to land."),
        ),
        choice(
            "cause",
            lazy("why it landed where it was not authorized to"),
            "",
            causes,
            when=has_come_down,
        ),
    ),
    suggests=planned_landing,
    doubts=landing_differs,
    icon="plane-arrival",
)
def land(
    movement: Movement,
    *,
    by: Seat,
    at: datetime,
    landed_at: datetime,
    aerodrome: str = "",
    cause: str = "",
) -> Movement:
    """Record a landing, where it was authorized or not.

    As authorized, or in a third state, the flight is over and its report is owed. An aircraft that
    came down in the host state without an authorization to land is on the ground, and the
    requesting side owes a note that regularises it. An unauthorized landing is taken for one in
    distress unless the officer knows of another cause. Raises `ValidationError` if it lies in the
    future or before the entry.
    """
    after_entry(movement, "landed_at", landed_at, at=at)
    aerodrome = aerodrome or movement.diverted_to
    found = [*_landing(movement, aerodrome, cause)]
    movement.findings = [*movement.findings, *found]
    if not found or is_abroad(movement, aerodrome):
        movement.land(landed_at=landed_at, aerodrome=aerodrome)
        owe_report(movement, at=at)
        return movement
    movement.come_down(landed_at=landed_at, aerodrome=aerodrome)
    if cause in ("", DISTRESS) and movement.emergency_at is None:
        movement.emergency_at = landed_at
    owe_by_agreement(movement, "regularisation", at=at)
    acts.save(movement)
    return movement


@verb(
    lazy("Alert"),
    lazy("Overdue at the exit point"),
    clause="12.7",
    source=ALOFT,
    audience=(HOST,),
    seen_by=(REQUESTING,),
    tone="bad",
)
def alert_overdue(movement: Movement, *, by: None, at: datetime) -> Movement:
    """Raise the alert: the aircraft should have left by now. The uncertainty phase begins."""
    movement.overdue_at = at
    alerting.begin(movement, AlertPhase.UNCERTAINTY, at=at)
    acts.save(movement)
    return movement


@verb(
    lazy("Expire"),
    lazy("Not flown: the window passed without an entry"),
    clause="12.8",
    source=AHEAD,
    target=(Moving.NOT_FLOWN,),
    guards=(window_is_over,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    tone="bad",
)
def expire(movement: Movement, *, by: None, at: datetime) -> Movement:
    """The window passed without an entry: not flown, and the authorization is expired."""
    _end_unflown(movement, at=at)
    return movement


@verb(
    lazy("Give the number back"),
    lazy("Cancelled by the requesting state, not flown: the number given back by note"),
    clause="13.9",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=AHEAD,
    target=(Moving.NOT_FLOWN,),
    guards=(reply_is_sent, has_a_number),
    audience=BOTH,
    shown=("reason",),
    takes=(REASON,),
    icon="ban",
    is_aside=True,
    is_grave=True,
    warning=lazy(
        "The flight will not take place; the case ends, and its number is not used again."
    ),
    has_paper=True,
)
def report_not_flown(movement: Movement, *, by: Seat, at: datetime, reason: str) -> Movement:
    """Cancel the flight and give its number back by note, before the entry.

    It may cross what the host decided of the number and has not told: it is accepted all the same.
    """
    flight = movement.flight
    for authorization in flight.authorizations.all():
        give_back(authorization)
    write_note(
        flight,
        NoteKind.CANCELLATION,
        from_state=flight.requesting_state,
        at=at,
        to=flight.last_note(NoteKind.REPLY),
        text=reason,
    )
    _end_unflown(movement, at=at)
    versions.make_void(movement.flight, at=at)
    return movement


@verb(
    lazy("Send the post-flight report"),
    lazy("Post-flight report received"),
    clause="13.1",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=FLOWN,
    guards=(not_reported,),
    audience=BOTH,
    makes_due=("closure",),
    shown=("entered_at", "entry_point", "exited_at", "exit_point"),
    takes=(
        text("text", lazy("post-flight report"), lazy("Write the post-flight report.")),
        Parameter(
            "persons_on_board",
            Kind.NUMBER,
            lazy("persons on board"),
            lazy("Enter the number of persons on board."),
            least=1,
            most=500,
        ),
        moment("entered_at", lazy("entered, as flown, UTC")),
        point("entry_point", lazy("entry point, as flown")),
        moment("exited_at", lazy("exited, as flown, UTC")),
        point("exit_point", lazy("exit point, as flown")),
    ),
    icon="file-text",
    has_paper=True,
)
def report(
    movement: Movement,
    *,
    by: Seat,
    at: datetime,
    text: str,
    persons_on_board: int,
    entered_at: datetime | None = None,
    entry_point: str = "",
    exited_at: datetime | None = None,
    exit_point: str = "",
) -> Movement:
    """Send the post-flight report; the host's defence desk owes the closure.

    What it says of times, points and persons is compared with what operations recorded and what was
    authorized. Raises `ValidationError` for times in the future or in the wrong order.
    """
    for item, said_at in (("entered_at", entered_at), ("exited_at", exited_at)):
        if said_at:
            not_in_future(item, said_at, at=at)
    if entered_at and exited_at and exited_at <= entered_at:
        raise ValidationError({"exited_at": _("This is not after the entry.")})
    movement.reported_at = at
    movement.report, movement.persons_on_board = text, persons_on_board
    movement.reported_entry_at, movement.reported_entry_point = entered_at, entry_point
    movement.reported_exit_at, movement.reported_exit_point = exited_at, exit_point
    movement.findings = [*movement.findings, *irregular.on_report(movement)]
    owe_by_agreement(movement, "closure", at=at)
    acts.save(movement)
    freeze(movement.flight, movement)
    return movement


@verb(
    lazy("Remind"),
    lazy("Reminded of the post-flight report"),
    clause="13.1",
    source=FLOWN,
    guards=(not_reported,),
    audience=BOTH,
    makes_due=("closure",),
    tone="warn",
)
def remind_of_report(movement: Movement, *, by: None, at: datetime) -> Movement:
    """Remind the requesting side and note the finding; the case may be closed with it."""
    movement.findings = [*movement.findings, "NO_REPORT"]
    owe_by_agreement(movement, "closure", at=at)
    acts.save(movement)
    return movement


@verb(
    lazy("Close the case"),
    lazy("Closed"),
    clause="13.2",
    roles=(Role.DEFENCE,),
    side=HOST,
    source=FLOWN,
    target=(Moving.CLOSED, Moving.CLOSED_WITH_FINDINGS),
    guards=(report_in_or_late,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    takes=(
        text(
            "findings",
            lazy("further findings"),
            hint=lazy("What was found already stands with the flight, and is kept."),
        ),
    ),
    doubts=found_so_far,
    icon="circle-check",
    tone="good",
    warning=lazy("The case ends, for both states."),
)
def close(movement: Movement, *, by: Seat, at: datetime, findings: str = "") -> Movement:
    """End the case, with findings where there are any."""
    if findings:
        movement.findings = [*movement.findings, findings]
    if movement.findings:
        movement.close_with_findings(at=at)
    else:
        movement.close(at=at)
    movement.settle()
    acts.save(movement)
    flight = movement.flight
    flight.close_if_over(at=at)
    acts.save(flight)
    return movement


def expect_exit(movement: Movement, expected_at: datetime, *, at: datetime) -> None:
    """Let operations owe the exit, and an alert ring when it is overdue; none is raised now."""
    movement.alert_phase, movement.overdue_at = "", None
    movement.owe("exit", at=at, due_at=None, opens_at=expected_at)
    movement.ring_at(max(expected_at + movement.flight.agreement.exit_alert, at))


def is_abroad(movement: Movement, aerodrome: str) -> bool:
    """Say whether an aerodrome lies in a third state; one that is not known is the host's."""
    return irregular.state_of(aerodrome) not in ("", movement.flight.host)


def owe_report(movement: Movement, *, at: datetime) -> None:
    """Let the requesting side owe the post-flight report since the flight ended."""
    ended_at = movement.ended_flight_at
    assert ended_at is not None  # noqa: S101 - the caller recorded it
    owed = reckon(movement.flight, "report", since=ended_at)
    movement.owe("report", at=at, due_at=owed.due_at, since=ended_at)
    acts.save(movement)
    for waiting in movement.flight.acknowledgements.all():
        if waiting.duty == "instruction":  # nobody is left to be instructed
            waiting.settle()
            acts.save(waiting)


def give_back(authorization: Authorization) -> None:
    """End a number at the wish of the requesting state; the note is the caller's."""
    if authorization.status != AuthorizationStatus.CANCELLED:
        authorization.cancel()
        acts.save(authorization)


def end_unflown(movement: Movement, *, at: datetime) -> None:
    """Let a movement end before it began; the case is the caller's."""
    movement.not_flown(at=at)
    movement.settle()
    acts.save(movement)


def _end_unflown(movement: Movement, *, at: datetime) -> None:
    end_unflown(movement, at=at)
    flight = movement.flight
    flight.close_if_over(at=at)
    acts.save(flight)


def _landing(movement: Movement, aerodrome: str, cause: str) -> Iterator[dict[str, str]]:
    aerodrome = aerodrome or movement.diverted_to
    if is_abroad(movement, aerodrome):
        return iter(())  # a finding already, as a diversion
    return irregular.on_landing(movement, aerodrome=aerodrome, in_distress=cause in ("", DISTRESS))


def after_entry(movement: Movement, item: str, moment: datetime, *, at: datetime) -> None:
    """Raise `ValidationError` on `item` for what has not happened yet, or before the entry."""
    not_in_future(item, moment, at=at)
    if movement.entered_at and moment <= movement.entered_at:
        raise ValidationError({item: _("This is not after the entry.")})


def not_in_future(item: str, moment: datetime, *, at: datetime) -> None:
    """Raise `ValidationError` on `item` for what has not happened yet."""
    if moment > at:
        raise ValidationError({item: _("This lies in the future of the exercise.")})
