"""Checking: what officers find alone, and how the findings are dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks
from approvals.models import (
    Check,
    Classification,
    Concurrence,
    Disposal,
    Question,
)
from audit import acts
from audit.acts import verb
from audit.parameters import choice, choices
from audit.verbs import HOST
from casework.asking import REASON
from exercises.models import DECIDERS, Role
from rules import Severity
from transit.changes import TAKES
from transit.models import (
    EXAMINATION,
    FlightRequest,
)
from transit.models import FlightStatus as Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


DESKS = (Role.DEFENCE, Role.AIR_DEFENCE, Role.SECURITY, Role.CIVIL_AVIATION)


#: What is said of a finding that is offered no more.
GONE = lazy("%(value)s no longer stands, or is for another desk.")


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


def findings_for_desk(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Return the findings that stand and are the seat's to deal with."""
    return [(item.key, item.words) for item in checks.for_desk(flight, by, at=at)]


def ways_to_deal(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [
        (Disposal.ACCEPTED, lazy("Accept, with the reason")),
        (Disposal.REFUSED, lazy("Put on file as a ground for refusal")),
    ]


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


def is_amendment(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return None if flight.amends else _("This is no amendment.")


def not_classified(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if by is not None and checks.classified(flight, by):
        return _("You have said what this form takes.")
    return None


def classes(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return list(TAKES.items())


@verb(
    lazy("Classify the change"),
    lazy("Change classified"),
    clause="11.7",
    roles=(Role.REGISTRY, Role.DEFENCE),
    side=HOST,
    source=(Status.SUBMITTED, *EXAMINATION),
    guards=(is_amendment, not_classified),
    audience=(HOST,),
    shown=("takes",),
    takes=(
        choice(
            "takes",
            lazy("what the change takes"),
            lazy("Say what the change takes."),
            classes,
            few=True,
        ),
    ),
    icon="list-check",
    is_aside=True,
)
def classify(flight: FlightRequest, *, by: Seat, at: datetime, takes: str) -> Classification:
    """Say what an amendment takes, of the gravest of its changes; then the product says it too.

    Raises `ValidationError` for what is no class.
    """
    if takes not in TAKES:
        raise ValidationError({"takes": _("Say what the change takes.")})
    row = Classification(
        state=by.state,
        role=by.role,
        revision=flight.content,
        takes=takes,
        made_at=at,
        made_by=by,
    )
    row.of_flight(flight, f"classification/{len(flight.classifications.all()) + 1}")
    acts.save(row)
    return row


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
