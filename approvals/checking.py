"""Checking: what officers find alone, and how the findings are dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks
from approvals.models import (
    Check,
    Concurrence,
    Disposal,
    OwnCheck,
    Question,
)
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, choices
from audit.verbs import HOST
from casework.asking import REASON
from exercises.models import DECIDERS, REQUESTER_ROLES, Role
from rules import Severity
from transit.models import (
    EXAMINATION,
    FlightRequest,
)
from transit.models import FlightStatus as Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


DESKS = (Role.DEFENCE, Role.AIR_DEFENCE, Role.SECURITY, Role.CIVIL_AVIATION)


#: What is said of a finding that is offered no more.
GONE = lazy("%(value)s no longer stands, or is for another desk.")

STATES = RegexValidator(r"^[A-Z]{2}( [A-Z]{2})*$", lazy("Give codes such as TR GE AZ KZ."))


def has_own_check(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """Where the product helps after an own check, or not at all, officers check first."""
    if by is None or checks.has_checked(flight, by):
        return None
    return _("Make your own check first: findings, due date, states crossed.")


def desk_has_own_check(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    return has_own_check(row.flight, by, at)


def has_checks_to_deal_with(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if by is None or checks.for_desk(flight, by, at=at):
        return None
    return _("No check stands that is yours to deal with.")


def no_own_check_yet(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if by is not None and checks.own_check(flight, by):
        return _("Your own check of this form is recorded.")
    return None


def plan_is_there(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """Operations checks the flight plan, the others the form."""
    if by is None or by.role != Role.OPERATIONS or checks.filed(flight):
        return None
    return _("No flight plan has been filed.")


def codes_to_mark(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [(code, f"{code}: {says}") for code, says in checks.known_codes(flight, by).items()]


def reads_the_form(flight: FlightRequest, by: Seat, at: datetime) -> bool:
    """Operations checks the plan, not the form."""
    return by.role != Role.OPERATIONS


def findings_for_desk(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Return the findings that stand and are the seat's to deal with."""
    return [(item.key, item.words) for item in checks.for_desk(flight, by, at=at)]


def ways_to_deal(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [
        (Disposal.ACCEPTED, lazy("Accept, with the reason")),
        (Disposal.REFUSED, lazy("Put on file as a ground for refusal")),
    ]


@verb(
    lazy("Record your own check"),
    lazy("Own check recorded"),
    clause="15.6",
    roles=(*REQUESTER_ROLES, Role.REGISTRY, *DESKS, *DECIDERS, Role.OPERATIONS),
    guards=(no_own_check_yet, plan_is_there),
    audience=("INSTRUCTOR",),
    private=("codes", "states", "due_on"),
    takes=(
        choices(
            "codes",
            lazy("what you find"),
            codes_to_mark,
            hint=lazy("Every rule that the form breaks; none if it breaks none."),
        ),
        Parameter(
            "states",
            Kind.CODES,
            lazy("states really crossed, in order"),
            lazy("Give the states that the route crosses."),
            hint=lazy("Two-letter codes, such as TR GE AZ KZ."),
            most=80,
            checks=(STATES,),
            when=reads_the_form,
        ),
        Parameter(
            "due_on",
            Kind.DAY,
            lazy("answer due on"),
            hint=lazy("The host's date by which the answer is owed, such as 2026-09-23."),
            wrong=lazy("Give a date such as 2026-09-23."),
            when=reads_the_form,
        ),
    ),
    icon="list-check",
    warning=lazy("What you mark stands: it cannot be changed on this form."),
)
def own_check(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    codes: list[str],
    states: Iterable[str] = (),
    due_on: date | None = None,
) -> OwnCheck:
    """Record what an officer found alone, before the product shows what it found.

    Raises `ValidationError` for a code that is no rule of the exercise's rule set; of operations,
    no discrepancy of a flight plan.
    """
    if not {*codes} <= checks.known_codes(flight, by).keys():
        raise ValidationError({"codes": _("Choose among the rules.")})
    row = OwnCheck(
        state=by.state,
        role=by.role,
        revision=checks.read_by(flight, by),
        codes=codes,
        states=list(states),
        due_on=due_on,
        made_at=at,
        made_by=by,
    )
    row.of_flight(flight, f"owncheck/{len(flight.ownchecks.all()) + 1}")
    acts.save(row)
    return row


@verb(
    lazy("Deal with checks"),
    lazy("Checks dealt with"),
    clause="10.6",
    roles=(Role.REGISTRY, *DESKS),
    side=HOST,
    source=(Status.SUBMITTED, *EXAMINATION),
    guards=(has_own_check, has_checks_to_deal_with),
    audience=(HOST,),
    shown=("disposal",),
    private=("reason",),
    takes=(
        choices(
            "findings",
            lazy("checks"),
            findings_for_desk,
            empty=lazy("Choose the checks."),
            wrong=GONE,
        ),
        choice(
            "disposal",
            lazy("how"),
            lazy("Say how the checks are dealt with."),
            ways_to_deal,
            few=True,
        ),
        REASON,
    ),
    icon="shield-check",
)
def deal_with(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    findings: list[str],
    disposal: str,
    reason: str,
) -> FlightRequest:
    """Accept findings with a reason, or put them on file as a ground for refusal.

    Raises `ValidationError` for a finding that does not stand, is another desk's, or blocks and
    cannot be accepted.
    """
    if disposal not in (Disposal.ACCEPTED, Disposal.REFUSED):
        raise ValidationError({"disposal": _("Accept the findings, or refuse on them.")})
    if not findings:
        raise ValidationError({"findings": _("Choose the checks.")})
    found = chosen(flight, findings, by=by, at=at)
    if disposal == Disposal.ACCEPTED and any(one.severity == Severity.BLOCK for one in found):
        raise ValidationError(
            {"findings": _("What blocks cannot be accepted: it is mended, or the flight refused.")}
        )
    for one in found:
        dispose(flight, one.key, Disposal(disposal), by=by, at=at, reason=reason)
    return flight


def chosen(
    flight: FlightRequest, keys: Iterable[str], *, by: Seat, at: datetime
) -> list[checks.Item]:
    """Return the findings of these keys, which stand and are the seat's to deal with."""
    keys = list(keys)
    if not keys:
        return []
    found = {item.key: item for item in checks.standing(flight, at=at)}
    if not {*keys} <= found.keys():
        raise ValidationError({"findings": _("A finding that you chose no longer stands.")})
    lead = flight.agreement.lead_desk.code
    for key in keys:
        if by.role not in (found[key].rule.desk, lead, *DECIDERS):
            raise ValidationError(
                {
                    "findings": _("%(code)s is for %(desk)s or the lead desk.")
                    % {"code": found[key].rule.code, "desk": found[key].rule.desk.label}
                }
            )
    return [found[key] for key in keys]


def dispose(
    flight: FlightRequest,
    key: str,
    disposal: Disposal,
    *,
    by: Seat,
    at: datetime,
    reason: str = "",
    question: Question | None = None,
) -> None:
    row = Check(
        finding=key,
        revision=flight.content,
        disposal=disposal,
        reason=reason,
        question=question,
        dealt_at=at,
        dealt_by=by,
    )
    row.of_flight(flight, f"check/{len(flight.checks.all()) + 1}")
    acts.save(row)
