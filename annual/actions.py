"""The one door to an annual clearance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from annual.models import AnnualClearance, Opinion
from annual.verbs import VERBS
from audit import act
from books import agreements, calendars
from exercises.recorded import encode
from transit.models import note_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Exercise, Seat


@act.verb(VERBS)
def request_annual(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    year: int,
    categories: Iterable[str],
    note_number: str,
    text: str = "",
) -> AnnualClearance:
    """Ask the other state by note for an annual clearance.

    Late is not too late: the request is taken, without entitlement (`AnnualClearance.is_late`).
    Raises `ValidationError`, by item, for a year that is neither this nor the next at the host,
    a category that the agreement does not list for it, a note number used before.
    """
    number = AnnualClearance.objects.filter(exercise=exercise).count() + 1
    agreement = agreements.of(exercise)
    clearance = AnnualClearance(
        exercise=exercise,
        ref=f"annual/{number}",
        number=number,
        requesting_state=by.state,
        host=agreement.other(by.state),
    )
    act.of_case(clearance.reference)
    _ask(
        clearance,
        "request_annual",
        by=by,
        at=at,
        year=year,
        categories={*categories},
        note_number=note_number,
        text=text,
    )
    return clearance


@act.verb(VERBS)
def send_back_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, missing: str
) -> AnnualClearance:
    """Return an incomplete request by note, with the list of what is missing."""
    clearance.send_back_annual(missing=missing)
    _send_note(clearance, "send_back_annual", from_state=clearance.host, at=at, text=missing)
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def resubmit_annual(
    clearance: AnnualClearance,
    *,
    by: Seat,
    at: datetime,
    year: int,
    categories: Iterable[str],
    note_number: str,
    text: str = "",
) -> AnnualClearance:
    """Ask again by note, completed; the moment of this note decides whether it is in time.

    Raises `ValidationError` as `request_annual` does.
    """
    clearance.resubmit_annual()
    _ask(
        clearance,
        "resubmit_annual",
        by=by,
        at=at,
        year=year,
        categories={*categories},
        note_number=note_number,
        text=text,
    )
    return clearance


@act.verb(VERBS)
def register_annual(clearance: AnnualClearance, *, by: Seat, at: datetime) -> AnnualClearance:
    """Take the note in; the defence desk owes its opinion."""
    clearance.register_annual(at=at)
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def advise_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, answer: str, reason: str = ""
) -> AnnualClearance:
    """Give the defence desk's opinion; its "no" binds.

    Raises `ValidationError` if the answer is none, or a "no" comes without its reasons.
    """
    if answer not in Opinion.values:
        raise ValidationError({"answer": _("Choose an answer.")})
    if answer == Opinion.NON_CONCUR and not reason:
        raise ValidationError({"reason": _("Give the reasons for not concurring.")})
    clearance.opinion, clearance.opinion_reason = answer, reason
    clearance.opinion_at, clearance.opinion_by, clearance.opinion_hand = at, by, by.hand
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def grant_annual(clearance: AnnualClearance, *, by: Seat, at: datetime) -> AnnualClearance:
    """Give the categories a number for the year; the registry owes the note."""
    clearance.grant_annual(clearance_number=_next_number(clearance))
    _decide(clearance, by, at)
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def refuse_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """Refuse the year. The reasons stay inside; the note in reply is neutral."""
    clearance.refuse_annual()
    _decide(clearance, by, at, reason)
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def reply_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, note_number: str
) -> AnnualClearance:
    """Tell the requesting side the decision by note; only now it knows.

    Raises `ValidationError` if the ministry used the note number before.
    """
    _send_note(
        clearance,
        "reply_annual",
        from_state=clearance.host,
        at=at,
        number=note_number,
        text=clearance.clearance_number,
    )
    clearance.replied_at = at
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def suspend_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """Let the number cover no flight until further notice, by note.

    Authorizations already given stand: the host decides on each of them.
    """
    clearance.suspend_annual()
    _decide(clearance, by, at, reason)
    _send_note(clearance, "suspend_annual", from_state=clearance.host, at=at)
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def reinstate_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """Let a suspended number cover flights again, by note; the year is not extended."""
    clearance.reinstate_annual()
    _decide(clearance, by, at, reason)
    _send_note(clearance, "reinstate_annual", from_state=clearance.host, at=at)
    act.save(clearance)
    return clearance


@act.verb(VERBS)
def revoke_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """End the number by note, for good. Authorizations already given stand."""
    clearance.revoke_annual()
    _decide(clearance, by, at, reason)
    _send_note(clearance, "revoke_annual", from_state=clearance.host, at=at)
    act.save(clearance)
    return clearance


def _ask(
    clearance: AnnualClearance,
    verb: str,
    *,
    by: Seat,
    at: datetime,
    year: int,
    categories: set[str],
    note_number: str,
    text: str,
) -> None:
    _check_year(clearance, year, at=at)
    clearance.year = year
    clearance.categories = _in_order(clearance, categories)
    clearance.text = text
    clearance.requested_at, clearance.requested_by, clearance.requested_hand = at, by, by.hand
    _send_note(
        clearance,
        verb,
        from_state=clearance.requesting_state,
        at=at,
        number=note_number,
        text=text,
    )
    act.save(clearance)


def _check_year(clearance: AnnualClearance, year: int, *, at: datetime) -> None:
    office = calendars.office(clearance.exercise.calendar_version, clearance.host)
    present = office.local(at).year
    if year not in (present, present + 1):
        raise ValidationError(
            {
                "year": _("Ask for this year or the next: %(this)d or %(next)d.")
                % {"this": present, "next": present + 1}
            }
        )


def _in_order(clearance: AnnualClearance, categories: set[str]) -> list[str]:
    """Return the categories in the order of the agreement."""
    known = clearance.terms.categories
    if not categories or not categories <= {*known}:
        raise ValidationError(
            {"categories": _("Choose among the categories of the agreement, at least one.")}
        )
    return [one for one in known if one in categories]


def _decide(clearance: AnnualClearance, by: Seat, at: datetime, reason: str = "") -> None:
    clearance.decided_at, clearance.decided_by, clearance.decided_hand = at, by, by.hand
    clearance.reasons = reason


def _next_number(clearance: AnnualClearance) -> str:
    """Return the host's next number for the year in this exercise; none is used twice."""
    issued = AnnualClearance.objects.filter(
        exercise=clearance.exercise, host=clearance.host, year=clearance.year
    ).exclude(clearance_number="")
    return clearance.terms.number_format.format(
        state=clearance.host, year=clearance.year % 100, serial=issued.count() + 1
    )


def _send_note(
    clearance: AnnualClearance,
    verb: str,
    *,
    from_state: str,
    at: datetime,
    number: str = "",
    text: str = "",
) -> None:
    """Add a diplomatic note to the case; without a number it takes the register's next one."""
    note = {
        "verb": verb,
        "from": from_state,
        "number": note_number(clearance.exercise, from_state, number, series=f"{from_state}-A"),
        "sent_at": encode(at),
        "text": text,
    }
    clearance.notes = [*clearance.notes, note]
