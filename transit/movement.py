"""Movement: the aircraft on its one flight, from the entry to the closed case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, text
from audit.verbs import BOTH, HOST, REQUESTING
from casework.asking import REASON
from casework.duties import owe_by_agreement, reckon
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Role
from transit.models import AHEAD, ENDED, FLOWN, Movement
from transit.models import MovementStatus as Moving
from transit.models.items import point_form
from transit.models.movement import NO_REPORT
from transit.plans import authorization_holds, reply_is_sent

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import Authorization, Movement


def was_checked(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.status == Moving.NOT_FLOWN and movement.checked_at is None:
        return _("Its flight plan was never checked.")
    return None


def window_has_begun(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.authorization and at < movement.authorization.valid_from:
        return _("The window opens at %(moment)s.") % {
            "moment": movement.authorization.valid_from.strftime("%d %b %Y %H:%MZ")
        }
    return None


def window_is_over(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.authorization and at < movement.authorization.valid_until:
        return _("The window is still open.")
    return None


def overflies(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return _("This flight lands in the host state.") if movement.revision.lands_in_host else None


def lands(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.revision.lands_in_host:
        return None
    return _("This flight is authorized as a non-stop overflight.")


def has_a_number(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.authorization else _("There is no authorization.")


def not_reported(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return _("The report is in.") if movement.reported_at else None


def report_in_or_late(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.reported_at or movement.duty == "closure":
        return None
    return _("The post-flight report is awaited.")


def planned_entry(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_entry
    return {"entered_at": planned.entry_at, "point": planned.entry_point} if planned else {}


def planned_exit(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_exit
    return {"exited_at": planned.exit_at, "point": planned.exit_point} if planned else {}


def planned_landing(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    planned = movement.revision.planned_exit
    return {"landed_at": planned.exit_at} if planned else {}


def moment(name: str, label: Any, empty: Any) -> Parameter:
    return Parameter(name, Kind.MOMENT, label, empty)


def point(name: str, label: Any, empty: Any) -> Parameter:
    return Parameter(name, Kind.CODE, label, empty, most=11, checks=(point_form,))


@verb(
    lazy("Record the entry"),
    lazy("Entered the airspace"),
    clause="12.6",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.CHECKED, Moving.NOT_FLOWN),
    target=(Moving.ACTIVE,),
    guards=(authorization_holds, was_checked, window_has_begun),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("entered_at", "point"),
    makes_due=("exit",),
    takes=(
        moment("entered_at", lazy("entered, UTC"), lazy("Enter the time of the entry.")),
        point("point", lazy("entry point"), lazy("Enter the entry point.")),
    ),
    suggests=planned_entry,
    icon="plane-inflight",
)
def enter(
    movement: Movement, *, by: Seat, at: datetime, entered_at: datetime, point: str
) -> Movement:
    """Record an entry, at the moment it happened.

    An entry recorded late but made inside the window reopens a movement taken for not flown.
    Raises `ValidationError` if it lies in the future or outside the window.
    """
    authorization = movement.authorization
    assert authorization is not None  # noqa: S101 - a guard of the verb
    _not_in_future("entered_at", entered_at, at=at)
    if not authorization.valid_from <= entered_at < authorization.valid_until:
        raise ValidationError(
            {"entered_at": _("The entry lies outside the window of the authorization.")}
        )
    movement.enter(entered_at=entered_at, point=point)
    expected = entered_at + movement.revision.time_inside
    movement.owe("exit", at=at, due_at=None, opens_at=expected)
    movement.ring_at(max(expected + movement.flight.agreement.exit_alert, at))
    acts.save(movement)
    flight = movement.flight
    if flight.closed_at:
        flight.closed_at = None
        acts.save(flight)
    return movement


@verb(
    lazy("Record the exit"),
    lazy("Left the airspace"),
    clause="12.7",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.ACTIVE,),
    target=(Moving.EXITED,),
    guards=(overflies,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("exited_at", "point"),
    makes_due=("report",),
    takes=(
        moment("exited_at", lazy("exited, UTC"), lazy("Enter the time of the exit.")),
        point("point", lazy("exit point"), lazy("Enter the exit point.")),
    ),
    suggests=planned_exit,
    icon="plane-departure",
)
def exit(  # noqa: A001 - the word of the procedure, and of the record
    movement: Movement, *, by: Seat, at: datetime, exited_at: datetime, point: str
) -> Movement:
    """Record the exit, at the moment it happened; the post-flight report is owed from it.

    Raises `ValidationError` if it lies in the future or before the entry.
    """
    _after_entry(movement, "exited_at", exited_at, at=at)
    movement.exit(exited_at=exited_at, point=point)
    _owe_report(movement, at=at)
    return movement


@verb(
    lazy("Record the landing"),
    lazy("Landed"),
    clause="12.7",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=(Moving.ACTIVE,),
    target=(Moving.LANDED,),
    guards=(lands,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("landed_at",),
    makes_due=("report",),
    takes=(moment("landed_at", lazy("landed, UTC"), lazy("Enter the time of the landing.")),),
    suggests=planned_landing,
    icon="plane-arrival",
)
def land(movement: Movement, *, by: Seat, at: datetime, landed_at: datetime) -> Movement:
    """Record the authorized landing; the post-flight report is owed from it.

    Raises `ValidationError` if it lies in the future or before the entry.
    """
    _after_entry(movement, "landed_at", landed_at, at=at)
    movement.land(landed_at=landed_at)
    _owe_report(movement, at=at)
    return movement


@verb(
    lazy("Alert"),
    lazy("Overdue at the exit point"),
    clause="12.7",
    source=(Moving.ACTIVE,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    tone="bad",
)
def alert_overdue(movement: Movement, *, by: None, at: datetime) -> Movement:
    """Raise the alert: the aircraft should have left by now."""
    movement.overdue_at = at
    movement.ring_at(None)
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
)
def report_not_flown(movement: Movement, *, by: Seat, at: datetime, reason: str) -> Movement:
    """Cancel the flight and give its number back by note, before the entry.

    It may cross what the host decided of the number and has not told: it is accepted all the same.
    """
    flight, authorization = movement.flight, movement.authorization
    assert authorization is not None  # noqa: S101 - a guard of the verb
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
    ),
    icon="file-text",
)
def report(
    movement: Movement, *, by: Seat, at: datetime, text: str, persons_on_board: int
) -> Movement:
    """Send the post-flight report; the host's defence desk owes the closure."""
    movement.reported_at = at
    movement.report, movement.persons_on_board = text, persons_on_board
    owe_by_agreement(movement, "closure", at=at)
    acts.save(movement)
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
    movement.findings = [*movement.findings, NO_REPORT]
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
    target=tuple(status for status in ENDED if status != Moving.NOT_FLOWN),
    guards=(report_in_or_late,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    takes=(text("findings", lazy("findings")),),
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


def _owe_report(movement: Movement, *, at: datetime) -> None:
    ended_at = movement.ended_flight_at
    assert ended_at is not None  # noqa: S101 - the caller recorded it
    owed = reckon(movement.flight, "report", since=ended_at)
    movement.owe("report", at=at, due_at=owed.due_at, since=ended_at)
    acts.save(movement)


def give_back(authorization: Authorization) -> None:
    """End a number at the wish of the requesting state; the note is the caller's."""
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


def _after_entry(movement: Movement, item: str, moment: datetime, *, at: datetime) -> None:
    _not_in_future(item, moment, at=at)
    if movement.entered_at and moment <= movement.entered_at:
        raise ValidationError({item: _("This is not after the entry.")})


def _not_in_future(item: str, moment: datetime, *, at: datetime) -> None:
    if moment > at:
        raise ValidationError({item: _("This lies in the future of the exercise.")})
