"""The verbs of this room: whose move each is, from where to where, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit.verbs import HOST, REQUESTING, Verb, table
from exercises.models import Role
from transit.models import (
    AHEAD,
    DECIDED,
    ENDED,
    FLOWN,
    PREPARATION,
    UNDECIDED,
    AuthorizationStatus,
)
from transit.models import FlightStatus as Status
from transit.models import MovementStatus as Moving

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest, Movement

BOTH = (REQUESTING, HOST)


def own_hand(by: Seat | None, hands: list[str]) -> bool:
    """Say whether the person acting is one of `hands`, where people are to be kept apart.

    Not in a solo exercise, nor for an instructor acting for a seat, which is marked.
    """
    return (
        by is not None
        and by.taken_by is None
        and not by.exercise.solo
        and by.hand in {hand for hand in hands if hand}
    )


def host_is_party(exercise: Any, by: Seat | None, at: datetime) -> str | None:
    if by is not None and not by.state:
        return _("Only a seat of a state can prepare a request.")
    return None


def has_draft(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return None if flight.draft else _("There is no draft: the form is enclosed and frozen.")


def draft_is_not_released(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    draft = flight.draft
    return _("The draft is released already.") if draft and draft.released_by_id else None


def draft_may_change(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A request's draft changes in DRAFT only; a supplement's while the host examines."""
    if flight.status == Status.DRAFT or flight.is_with_host:
        return has_draft(flight, by, at) or draft_is_not_released(flight, by, at)
    status = flight.status_for(by) if by else Status(flight.status)
    return _("The request is “%(status)s”: its form cannot be changed now.") % {
        "status": status.label
    }


def released_by_another(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    draft = flight.draft
    if draft and own_hand(by, [draft.prepared_hand]):
        return _("You prepared this request: another officer releases it.")
    return None


def is_in_preparation(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.status in PREPARATION:
        return has_draft(flight, by, at)
    return _("The note is sent: a supplement carries what is to be added.")


def entry_is_ahead(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A form whose entry time has passed is not sent."""
    draft = flight.draft
    planned = draft.planned_entry if draft else None
    if planned and planned.entry_at <= at:
        return _("The entry time on the form has passed.")
    return None


def not_yet_over(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.withdrawn_at:
        return _("The request is withdrawn already.")
    if flight.is_undecided or flight.is_secretly_decided:
        return None
    return _("The request is “%(status)s”.") % {"status": flight.get_status_display()}


def withdrawn_by_note(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if by is not None and by.role == Role.PLANNER and flight.received_at:
        return _("The host state has it: the attaché withdraws it by note.")
    return None


def reply_is_owed(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.replied_at:
        return _("The note in reply is sent.")
    if flight.withdrawn_at:
        return _("The request was withdrawn before the reply.")
    return None


def entry_has_come(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return None if flight.entry_at and at >= flight.entry_at else _("The entry time is ahead.")


def reply_is_sent(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    """Decided is not notified: nothing flies before the note in reply."""
    if movement.flight.replied_at is None:
        return _("The note in reply has not been sent.")
    return None


def check_is_open(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.opens_at and at < movement.opens_at:
        return _("The flight-plan check opens at %(moment)s.") % {
            "moment": movement.opens_at.strftime("%d %b %Y %H:%MZ")
        }
    return None


def plan_is_filed(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.plan else _("No flight plan has been filed.")


def authorization_holds(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    authorization = movement.authorization
    if authorization is None or authorization.status != AuthorizationStatus.IN_FORCE:
        return _("No authorization is in force.")
    return None


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


def not_reported(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return _("The report is in.") if movement.reported_at else None


def report_in_or_late(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    if movement.reported_at or movement.duty == "closure":
        return None
    return _("The post-flight report is awaited.")


VERBS = table(
    Verb(
        "prepare",
        lazy("Prepare"),
        lazy("Request prepared"),
        subject="exercise",
        roles=(Role.PLANNER,),
        target=(Status.DRAFT,),
        guards=(host_is_party,),
        audience=(REQUESTING,),
        private=("form", "crossings", "goods"),
    ),
    Verb(
        "edit",
        lazy("Save"),
        lazy("Form changed"),
        subject="flight",
        roles=(Role.PLANNER,),
        side=REQUESTING,
        guards=(draft_may_change,),
        audience=(REQUESTING,),
        private=("form", "crossings", "goods"),
    ),
    Verb(
        "justify",
        lazy("Justify the short notice"),
        lazy("Short notice justified"),
        subject="flight",
        roles=(Role.PLANNER, Role.ATTACHE),
        side=REQUESTING,
        guards=(is_in_preparation,),
        audience=(REQUESTING,),
        private=("reason",),
    ),
    Verb(
        "request_release",
        lazy("Request release"),
        lazy("Put before the release officer"),
        subject="flight",
        roles=(Role.PLANNER,),
        side=REQUESTING,
        source=(Status.DRAFT,),
        target=(Status.RELEASE_REVIEW,),
        audience=(REQUESTING,),
        makes_due=("release",),
    ),
    Verb(
        "decline_release",
        lazy("Decline release"),
        lazy("Release declined"),
        subject="flight",
        roles=(Role.RELEASE,),
        side=REQUESTING,
        source=(Status.RELEASE_REVIEW,),
        target=(Status.DRAFT,),
        audience=(REQUESTING,),
        shown=("reason",),
    ),
    Verb(
        "release",
        lazy("Release"),
        lazy("Released for transmission"),
        subject="flight",
        roles=(Role.RELEASE,),
        side=REQUESTING,
        source=(Status.RELEASE_REVIEW,),
        target=(Status.READY_TO_TRANSMIT,),
        guards=(released_by_another,),
        audience=(REQUESTING,),
        makes_due=("transmission",),
    ),
    Verb(
        "transmit",
        lazy("Transmit by note"),
        lazy("Transmitted by note"),
        subject="flight",
        roles=(Role.ATTACHE,),
        side=REQUESTING,
        source=(Status.READY_TO_TRANSMIT,),
        target=(Status.SUBMITTED,),
        guards=(entry_is_ahead,),
        audience=BOTH,
        shown=("note_number",),
        makes_due=("registration",),
    ),
    Verb(
        "send_back",
        lazy("Return for completion"),
        lazy("Returned for completion"),
        subject="flight",
        roles=(Role.REGISTRY,),
        side=HOST,
        source=(Status.SUBMITTED,),
        target=(Status.RETURNED,),
        audience=BOTH,
        shown=("missing",),
        makes_due=("completion",),
    ),
    Verb(
        "revise",
        lazy("Revise"),
        lazy("Taken up for completion"),
        subject="flight",
        roles=(Role.PLANNER,),
        side=REQUESTING,
        source=(Status.RETURNED,),
        target=(Status.DRAFT,),
        audience=(REQUESTING,),
    ),
    Verb(
        "withdraw",
        lazy("Withdraw"),
        lazy("Withdrawn"),
        subject="flight",
        roles=(Role.PLANNER, Role.ATTACHE),
        side=REQUESTING,
        target=(Status.WITHDRAWN,),
        guards=(not_yet_over, withdrawn_by_note),
        audience=BOTH,
        shown=("reason",),
    ),
    Verb(
        "lapse",
        lazy("Lapse"),
        lazy("Lapsed: undecided at the entry time"),
        subject="flight",
        source=UNDECIDED,
        target=(Status.LAPSED,),
        guards=(entry_has_come,),
        audience=BOTH,
    ),
    Verb(
        "escalate",
        lazy("Escalate"),
        lazy("Found overdue"),
        subject="flight or movement",
        audience=(HOST,),
        shown=("duty", "to"),
    ),
    Verb(
        "escalate_preparation",
        lazy("Escalate"),
        lazy("Found overdue"),
        subject="flight",
        audience=(REQUESTING,),
        shown=("duty", "to"),
    ),
    Verb(
        "reply",
        lazy("Send the note in reply"),
        lazy("Answered by note"),
        subject="flight",
        roles=(Role.REGISTRY,),
        side=HOST,
        source=DECIDED,
        guards=(reply_is_owed,),
        audience=BOTH,
        shown=("note_number",),
    ),
    Verb(
        "file_plan",
        lazy("File the flight plan"),
        lazy("Flight plan filed"),
        subject="movement",
        roles=(Role.PLANNER,),
        side=REQUESTING,
        source=AHEAD,
        target=(Moving.EXPECTED,),
        guards=(reply_is_sent, authorization_holds),
        audience=BOTH,
        private=("message",),
        makes_due=("flight_plan",),
    ),
    Verb(
        "check_plan",
        lazy("Release the flight plan"),
        lazy("Flight plan checked against the authorization and released"),
        subject="movement",
        roles=(Role.OPERATIONS,),
        side=HOST,
        source=(Moving.EXPECTED,),
        target=(Moving.CHECKED,),
        guards=(reply_is_sent, authorization_holds, check_is_open, plan_is_filed),
        audience=(HOST,),
        shown=("remarks",),
        makes_due=("entry",),
    ),
    Verb(
        "enter",
        lazy("Record the entry"),
        lazy("Entered the airspace"),
        subject="movement",
        roles=(Role.OPERATIONS,),
        side=HOST,
        source=(Moving.CHECKED, Moving.NOT_FLOWN),
        target=(Moving.ACTIVE,),
        guards=(authorization_holds, was_checked, window_has_begun),
        audience=(HOST,),
        shown=("entered_at", "point"),
        makes_due=("exit",),
    ),
    Verb(
        "exit",
        lazy("Record the exit"),
        lazy("Left the airspace"),
        subject="movement",
        roles=(Role.OPERATIONS,),
        side=HOST,
        source=(Moving.ACTIVE,),
        target=(Moving.EXITED,),
        guards=(overflies,),
        audience=(HOST,),
        shown=("exited_at", "point"),
        makes_due=("report",),
    ),
    Verb(
        "land",
        lazy("Record the landing"),
        lazy("Landed"),
        subject="movement",
        roles=(Role.OPERATIONS,),
        side=HOST,
        source=(Moving.ACTIVE,),
        target=(Moving.LANDED,),
        guards=(lands,),
        audience=(HOST,),
        shown=("landed_at",),
        makes_due=("report",),
    ),
    Verb(
        "alert_overdue",
        lazy("Alert"),
        lazy("Overdue at the exit point"),
        subject="movement",
        source=(Moving.ACTIVE,),
        audience=(HOST,),
    ),
    Verb(
        "expire",
        lazy("Expire"),
        lazy("Not flown: the window passed without an entry"),
        subject="movement",
        source=AHEAD,
        target=(Moving.NOT_FLOWN,),
        guards=(window_is_over,),
        audience=(HOST,),
    ),
    Verb(
        "report_not_flown",
        lazy("Report as not flown"),
        lazy("Reported as not flown"),
        subject="movement",
        roles=(Role.ATTACHE,),
        side=REQUESTING,
        source=AHEAD,
        target=(Moving.NOT_FLOWN,),
        guards=(reply_is_sent,),
        audience=BOTH,
        shown=("reason",),
    ),
    Verb(
        "report",
        lazy("Send the post-flight report"),
        lazy("Post-flight report received"),
        subject="movement",
        roles=(Role.ATTACHE,),
        side=REQUESTING,
        source=FLOWN,
        guards=(not_reported,),
        audience=BOTH,
        makes_due=("closure",),
    ),
    Verb(
        "remind_of_report",
        lazy("Remind"),
        lazy("Reminded of the post-flight report"),
        subject="movement",
        source=FLOWN,
        guards=(not_reported,),
        audience=BOTH,
        makes_due=("closure",),
    ),
    Verb(
        "close",
        lazy("Close the case"),
        lazy("Closed"),
        subject="movement",
        roles=(Role.DEFENCE,),
        side=HOST,
        source=FLOWN,
        target=tuple(status for status in ENDED if status != Moving.NOT_FLOWN),
        guards=(report_in_or_late,),
        audience=(HOST,),
    ),
)
