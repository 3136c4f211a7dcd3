"""Conditions that ask for something to be done: said to be fulfilled, accepted or declined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import choices, text
from audit.verbs import BOTH, HOST, REQUESTING
from books.agreements import ConditionKind
from casework.duties import owe_by_agreement, reckon
from exercises.models import Role
from transit.models import Authorization, Condition

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest, Movement


def reply_is_sent(condition: Condition, by: Seat | None, at: datetime) -> str | None:
    if condition.flight.replied_at is None:
        return _("The note in reply has not been sent.")
    return None


def is_owed(condition: Condition, by: Seat | None, at: datetime) -> str | None:
    if condition.accepted_at:
        return _("The condition is fulfilled and accepted.")
    return _("The case is closed.") if condition.flight.closed_at else None


def is_said_to_be_fulfilled(condition: Condition, by: Seat | None, at: datetime) -> str | None:
    if condition.fulfilled_at is None:
        return _("The requesting side has not said that it is fulfilled.")
    return None


def is_not_said_yet(condition: Condition, by: Seat | None, at: datetime) -> str | None:
    return _("The host looks at what you said.") if condition.fulfilled_at else None


def precedents_are_fulfilled(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    """An open precedent keeps the flight plan from being released."""
    still_open = [
        one
        for one in movement.flight.conditions.all()
        if one.is_open_precedent and one.authorization == movement.authorization
    ]
    if not still_open:
        return None
    return _("To be fulfilled and accepted first: %(conditions)s") % {
        "conditions": " ".join(one.words for one in still_open)
    }


def library(subject: Any, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Return the conditions of the agreement, each with its kind."""
    kinds = {
        ConditionKind.PRECEDENT: _("before the flight"),
        ConditionKind.STANDING: _("throughout"),
        ConditionKind.REPORT: _("after the flight"),
    }
    known = subject.of.agreement.conditions
    return [(code, f"{one.words} ({kinds[one.kind]})") for code, one in known.items()]


LIBRARY = choices(
    "library",
    lazy("conditions of the library"),
    library,
    hint=lazy("What is to be done before the flight keeps its flight plan from being released."),
)


def worded(flight: FlightRequest, codes: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the conditions in words, those of the library first, each once.

    In English, as what goes out by note. Raises `ValidationError` for a code that there is not.
    """
    known = flight.agreement.conditions
    codes = [*codes]
    if not {*codes} <= known.keys():
        raise ValidationError({"library": _("Choose among the conditions of the agreement.")})
    return list(dict.fromkeys([*(known[code].words.en for code in codes), *others]))


def lay_down(authorization: Authorization, codes: Iterable[str]) -> None:
    """Keep those of the library with something to be done as items; owed once the note is sent."""
    known = authorization.flight.agreement.conditions
    for number, code in enumerate(dict.fromkeys(codes), start=1):
        if known[code].kind != ConditionKind.STANDING:
            acts.save(_item(authorization, number, code))


def take_over(amendment: FlightRequest, version: Authorization, *, at: datetime) -> None:
    """Let the conditions of a granted amendment be those of its flight; of those before, none."""
    before = list(version.flight.conditions.all())
    for row in before:
        if row.duty:
            row.settle()
            acts.save(row)
    last = max((row.number for row in before), default=0)
    for number, laid_down in enumerate(amendment.conditions.all(), start=last + 1):
        row = _item(version, number, laid_down.code)
        _owe_fulfilment(row, at=at)
        acts.save(row)


def _item(authorization: Authorization, number: int, code: str) -> Condition:
    """Return a condition of the library as an item of an authorization, not yet saved."""
    known = authorization.flight.agreement.conditions[code]
    row = Condition(
        number=number,
        authorization=authorization,
        code=code,
        kind=known.kind,
        words=known.words.en,
    )
    row.of_flight(authorization.flight, f"condition/{number}")
    return row


def owe_fulfilment(flight: FlightRequest, *, at: datetime) -> None:
    """Let the requesting side owe what the conditions ask for, which it now knows by note."""
    if flight.amends:
        return  # they are those of the flight by now
    for row in flight.conditions.all():
        _owe_fulfilment(row, at=at)
        acts.save(row)


def _owe_fulfilment(row: Condition, *, at: datetime) -> None:
    """A precedent until the flight-plan check opens, a report as the post-flight report."""
    flight, revision = row.flight, row.authorization.revision
    entry, leaving = revision.planned_entry, revision.planned_exit
    assert entry is not None  # noqa: S101 - nothing else is authorized
    assert leaving is not None  # noqa: S101
    if row.kind == ConditionKind.PRECEDENT:
        row.owe("condition", at=at, due_at=entry.entry_at - flight.agreement.flight_plan_opens)
        return
    due_at = reckon(flight, "report", since=leaving.exit_at).due_at
    row.owe("condition", at=at, due_at=due_at, opens_at=leaving.exit_at)


@verb(
    lazy("Say that it is fulfilled"),
    lazy("Condition said to be fulfilled"),
    clause="11.4",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(reply_is_sent, is_owed, is_not_said_yet),
    audience=BOTH,
    private=("fulfilment",),
    makes_due=("acceptance",),
    takes=(
        text(
            "fulfilment", lazy("how it is fulfilled"), lazy("Say how the condition is fulfilled.")
        ),
    ),
    quotes=True,
    icon="check",
)
def fulfil(condition: Condition, *, by: Seat, at: datetime, fulfilment: str) -> Condition:
    """Say that a condition is fulfilled; the host looks at it."""
    condition.fulfilment, condition.fulfilled_at, condition.declined = fulfilment, at, ""
    owe_by_agreement(condition, "acceptance", at=at)
    acts.save(condition)
    return condition


@verb(
    lazy("Accept as fulfilled"),
    lazy("Condition fulfilled"),
    clause="11.4",
    roles=(Role.OPERATIONS, Role.DEFENCE),
    side=HOST,
    guards=(is_owed, is_said_to_be_fulfilled),
    audience=BOTH,
    quotes=True,
    icon="circle-check",
    tone="good",
)
def accept_condition(condition: Condition, *, by: Seat, at: datetime) -> Condition:
    """Take a condition as fulfilled."""
    condition.accepted_at, condition.accepted_hand = at, by.hand
    condition.settle()
    acts.save(condition)
    return condition


@verb(
    lazy("Do not accept it yet"),
    lazy("Condition not accepted as fulfilled"),
    clause="11.4",
    roles=(Role.OPERATIONS, Role.DEFENCE),
    side=HOST,
    guards=(is_owed, is_said_to_be_fulfilled),
    audience=BOTH,
    shown=("reason",),
    makes_due=("condition",),
    takes=(text("reason", lazy("what is missing"), lazy("Say what is missing.")),),
    quotes=True,
    icon="arrow-back-up",
    tone="warn",
    is_aside=True,
)
def decline_condition(condition: Condition, *, by: Seat, at: datetime, reason: str) -> Condition:
    """Say what is missing; the requesting side owes the condition again."""
    condition.fulfilled_at, condition.declined = None, reason
    _owe_fulfilment(condition, at=at)
    acts.save(condition)
    return condition
