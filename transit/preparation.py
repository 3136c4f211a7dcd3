"""Preparation: the planner's draft, until the release officer lets it go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import text
from audit.verbs import REQUESTING, own_hand
from casework.asking import REASON
from casework.duties import owe_by_agreement
from exercises.models import Role
from transit import completeness, drafting, lead_times
from transit.models import PREPARATION, FlightRequest, FlightStatus, Revision
from transit.models import FlightStatus as Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Exercise, Seat


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


def form_is_complete(flight: FlightRequest, at: datetime) -> bool:
    """A complete draft may still be changed, but the case no longer waits for that."""
    return flight.draft is not None and not completeness.faults(flight.draft, at=at)


def said_before(flight: FlightRequest, by: Seat, at: datetime) -> dict[str, Any]:
    return {"reason": flight.draft.short_notice_reason} if flight.draft else {}


@verb(
    lazy("Prepare"),
    lazy("Request prepared"),
    clause="8.1",
    roles=(Role.PLANNER,),
    target=(Status.DRAFT,),
    guards=(host_is_party,),
    audience=(REQUESTING,),
    private=("form", "crossings", "goods"),
    takes=None,
)
def prepare(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    host: str,
    form: drafting.Items | None = None,
    crossings: Iterable[drafting.Items] = (),
    goods: Iterable[drafting.Items] = (),
) -> FlightRequest:
    """Open a draft request of the planner's state to `host`.

    Raises `ValidationError` if an item of the form is no such thing; it may be incomplete.
    """
    flight = FlightRequest.next_of(exercise, requesting_state=by.state, host=host)
    if by.state not in flight.agreement.states or flight.agreement.other(by.state) != host:
        raise ValidationError({"host": _("The agreement does not join these two states.")})
    acts.of_case(flight.reference)
    acts.save(flight)
    revision = Revision(number=1, prepared_by=by, prepared_hand=by.hand)
    revision.of_flight(flight, "revision/1")
    drafting.fill(revision, form or {}, crossings, goods, at=at)
    return flight


@verb(
    lazy("Edit the form"),
    lazy("Form changed"),
    clause="8.1",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    guards=(draft_may_change,),
    audience=(REQUESTING,),
    private=("form", "crossings", "goods"),
    takes=None,
    page="form/",
    icon="pencil",
    is_done=form_is_complete,
)
def edit(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    form: drafting.Items,
    crossings: Iterable[drafting.Items] = (),
    goods: Iterable[drafting.Items] = (),
) -> FlightRequest:
    """Change the draft. Raises `ValidationError` if an item of the form is no such thing."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    draft.prepared_by, draft.prepared_hand = by, by.hand
    if flight.status == FlightStatus.DRAFT:
        flight.version += 1
        acts.save(flight)
    drafting.fill(draft, form, crossings, goods, at=at)
    return flight


@verb(
    lazy("Justify the short notice"),
    lazy("Short notice justified"),
    clause="4.7",
    roles=(Role.PLANNER, Role.ATTACHE),
    side=REQUESTING,
    guards=(is_in_preparation,),
    audience=(REQUESTING,),
    private=("reason",),
    takes=(
        text(
            "reason",
            lazy("justification of short notice"),
            lazy("Say why the request could not come earlier."),
        ),
    ),
    suggests=said_before,
    icon="note",
    is_aside=True,
)
def justify(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Say on the draft why the notice is short; the host weighs it."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    draft.short_notice_reason = reason
    acts.save(draft)
    flight.version += 1
    acts.save(flight)
    return flight


@verb(
    lazy("Request release"),
    lazy("Put before the release officer"),
    clause="8.1",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    source=(Status.DRAFT,),
    target=(Status.RELEASE_REVIEW,),
    audience=(REQUESTING,),
    makes_due=("release",),
    icon="send",
)
def request_release(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Put the draft before the release officer.

    Raises `ValidationError`, by item, unless the form is complete and agrees with itself, and of an
    amendment if it changes nothing; `lead_times.ShortNotice` unless too little notice is justified.
    """
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a request in DRAFT has one
    if draft.changed and not draft.changed.changes:
        raise ValidationError(_("Nothing differs from what is authorized."))
    completeness.require_complete(draft, at=at)
    lead_times.require_justified(draft, received_at=at)
    flight.request_release()
    owe_by_agreement(flight, "release", at=at)
    acts.save(flight)
    return flight


@verb(
    lazy("Decline release"),
    lazy("Release declined"),
    clause="8.2",
    roles=(Role.RELEASE,),
    side=REQUESTING,
    source=(Status.RELEASE_REVIEW,),
    target=(Status.DRAFT,),
    audience=(REQUESTING,),
    shown=("reason",),
    takes=(REASON,),
    icon="arrow-back-up",
    is_aside=True,
)
def decline_release(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Give the draft back to the planner, with a reason; a returned one is owed again."""
    flight.decline_release()
    flight.settle()
    if flight.received_at:
        owe_by_agreement(flight, "completion", at=at)
    acts.save(flight)
    return flight


@verb(
    lazy("Release"),
    lazy("Released for transmission"),
    clause="8.2",
    roles=(Role.RELEASE,),
    side=REQUESTING,
    source=(Status.RELEASE_REVIEW,),
    target=(Status.READY_TO_TRANSMIT,),
    guards=(released_by_another,),
    audience=(REQUESTING,),
    makes_due=("transmission",),
    icon="check",
)
def release(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Let the request go out; the attaché owes the note."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a request in RELEASE_REVIEW has one
    drafting.mark_released(draft, by=by)
    flight.release()
    owe_by_agreement(flight, "transmission", at=at)
    acts.save(flight)
    return flight


@verb(
    lazy("Revise"),
    lazy("Taken up for completion"),
    clause="9.3",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    source=(Status.RETURNED,),
    target=(Status.DRAFT,),
    audience=(REQUESTING,),
    icon="pencil",
)
def revise(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Take up a returned request: a new revision, a copy of the returned one."""
    flight.revise()
    drafting.begin_revision(flight, by=by)
    acts.save(flight)
    return flight
