"""Marking: what an officer finds alone, fact by fact, before the product shows what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks, facts
from approvals.checking import DESKS
from approvals.models import Confidence, Mark, OwnCheck
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, text
from exercises.models import DECIDERS, REQUESTER_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from exercises.models import Seat
    from transit.models import FlightRequest

#: Who checks alone, where the product does not show at once what it finds.
OFFICERS = (*REQUESTER_ROLES, Role.REGISTRY, *DESKS, *DECIDERS, Role.OPERATIONS)

STATES = RegexValidator(r"^[A-Z]{2}( [A-Z]{2})*$", lazy("Give codes such as TR GE AZ KZ."))


def no_own_check_yet(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if by is not None and checks.own_check(flight, by):
        return _("Your own check of this form is recorded.")
    return None


def plan_is_there(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """Operations checks the flight plan, the others the form."""
    if by is None or not checks.reads_plan(by) or checks.filed(flight):
        return None
    return _("No flight plan has been filed.")


def codes_to_mark(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [(code, f"{code}: {says}") for code, says in checks.known_codes(flight, by).items()]


def codes_about(flight: FlightRequest, by: Seat, filled: Mapping[str, str]) -> set[str]:
    return checks.codes_about(flight, by, filled.get("fact", ""))


def facts_to_mark(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [*facts.to_mark(checks.reads_plan(by)).items()]


def confidences(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in Confidence]


def mark_stands(row: Mark, by: Seat | None, at: datetime) -> str | None:
    if row.withdrawn_at:
        return _("This mark was taken back.")
    officer = (row.state, row.role, row.revision_id)
    closed = {(one.state, one.role, one.revision_id) for one in row.flight.ownchecks.all()}
    return _("Your own check of this form is recorded.") if officer in closed else None


def is_own_mark(row: Mark, by: Seat | None, at: datetime) -> str | None:
    if by is None or (row.state, row.role) == (by.state, by.role):
        return None
    return _("This is the mark of another officer.")


def reads_the_form(flight: FlightRequest, by: Seat, at: datetime) -> bool:
    """Operations checks the plan, not the form."""
    return not checks.reads_plan(by)


@verb(
    lazy("Mark a fact"),
    lazy("Fact marked"),
    clause="15.6",
    roles=OFFICERS,
    guards=(no_own_check_yet, plan_is_there),
    audience=("INSTRUCTOR",),
    private=("fact", "other", "code", "words", "confidence"),
    takes=(
        choice("fact", lazy("fact"), lazy("Choose the fact."), facts_to_mark),
        choice("other", lazy("clashes with"), "", facts_to_mark),
        choice(
            "code",
            lazy("what is wrong"),
            "",
            codes_to_mark,
            ahead=codes_about,
            ahead_label=lazy("What shows in this fact"),
        ),
        text("words", lazy("something else, in words"), most=300),
        choice(
            "confidence", lazy("how sure"), lazy("Say how sure you are."), confidences, few=True
        ),
    ),
    icon="pencil",
    is_aside=True,
)
def mark(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    fact: str,
    confidence: str,
    other: str = "",
    code: str = "",
    words: str = "",
) -> Mark:
    """Point at a fact of the form or plan, or at two that clash, and say what is wrong with it.

    Raises `ValidationError` for a fact, a code or a confidence that there is not, and where
    neither a code nor words say what is wrong.
    """
    known = facts.to_mark(checks.reads_plan(by))
    named = [one for one in dict.fromkeys((fact, other)) if one]
    faults: dict[str, str] = {}
    if fact not in known:
        faults["fact"] = _("Choose the fact.")
    if other and other not in known:
        faults["other"] = _("Choose the other fact.")
    if code and code not in checks.known_codes(flight, by):
        faults["code"] = _("Choose among the rules of your desk.")
    if not (code or words):
        faults["code"] = _("Say what is wrong: choose a rule, or use your own words.")
    if confidence not in Confidence.values:
        faults["confidence"] = _("Say how sure you are.")
    if faults:
        raise ValidationError(faults)
    row = Mark(
        state=by.state,
        role=by.role,
        revision=checks.read_by(flight, by),
        facts=named,
        code=code,
        words=words,
        confidence=confidence,
        made_at=at,
        made_by=by,
    )
    row.of_flight(flight, f"mark/{len(flight.marks.all()) + 1}")
    acts.save(row)
    return row


@verb(
    lazy("Take the mark back"),
    lazy("Mark taken back"),
    clause="15.6",
    roles=OFFICERS,
    guards=(is_own_mark, mark_stands),
    audience=("INSTRUCTOR",),
    icon="x",
    is_aside=True,
)
def unmark(mark: Mark, *, by: Seat, at: datetime) -> Mark:
    """Take a mark back; it stays in the record and does not count."""
    mark.withdrawn_at = at
    acts.save(mark)
    return mark


@verb(
    lazy("Record your own check"),
    lazy("Own check recorded"),
    clause="15.6",
    roles=OFFICERS,
    guards=(no_own_check_yet, plan_is_there),
    audience=("INSTRUCTOR",),
    private=("states", "due_on"),
    takes=(
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
    warning=lazy("What you marked stands: it cannot be changed on this form."),
)
def own_check(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    states: Iterable[str] = (),
    due_on: date | None = None,
) -> OwnCheck:
    """Close what an officer found alone: the facts marked, states crossed, the day it is due.

    Only then the product may show what it found.
    """
    row = OwnCheck(
        state=by.state,
        role=by.role,
        revision=checks.read_by(flight, by),
        codes=sorted({one.code for one in checks.marks(flight, by) if one.code}),
        states=list(states),
        due_on=due_on,
        made_at=at,
        made_by=by,
    )
    row.of_flight(flight, f"owncheck/{len(flight.ownchecks.all()) + 1}")
    acts.save(row)
    return row
