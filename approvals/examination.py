"""Examination: the desks answer, the lead desk last, and are asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks, rounds
from approvals.checking import DESKS, desk_has_own_check
from approvals.models import (
    ANSWERS,
    Answer,
    Concurrence,
    Question,
)
from approvals.rounds import latest_round
from audit import acts
from audit.acts import verb
from audit.parameters import choice, choices, line, lines, text
from audit.verbs import HOST, own_hand
from casework.asking import REASON
from casework.duties import climb
from exercises.models import DECIDERS, Role
from transit.conditions import LIBRARY, worded
from transit.models import (
    EXAMINATION,
    FlightRequest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


def under_examination(row: Concurrence | Question, by: Seat | None, at: datetime) -> str | None:
    if row.flight.status in EXAMINATION:
        return None
    return _("The request is “%(status)s”.") % {"status": row.flight.get_status_display()}


def is_pending(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if row.is_pending:
        return None
    return _("This desk has answered: it changes its mind only in a new round.")


def is_own_desk(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if by is None or by.role == row.desk:
        return None
    return _("This is the answer of another desk: %(desk)s.") % {"desk": row.definition.label}


def desk_has_no_seat(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    return _("This desk answers itself.") if row.definition.has_seat else None


def no_open_question_of_desk(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if any(one.is_awaited and one.desk == row.desk for one in row.flight.questions.all()):
        return _("Your question is open: wait for the answer, or drop it.")
    return None


def others_have_answered(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if not row.definition.is_lead:
        return None
    waiting = [one for one in latest_round(row.flight) if one.is_pending and one.pk != row.pk]
    if waiting:
        return _("The lead desk answers last; still to answer: %(desks)s.") % {
            "desks": ", ".join(str(one.definition.label) for one in waiting)
        }
    if rounds.awaits_answer(row.flight):
        return _("The lead desk answers last; a question is open.")
    return None


def hands_of_form(flight: FlightRequest) -> list[str]:
    """Return the people who prepared or released any revision of the form."""
    return [
        hand
        for revision in flight.revisions.all()
        for hand in (revision.prepared_hand, revision.released_hand)
    ]


def answers_what_others_prepared(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if own_hand(by, hands_of_form(row.flight)):
        return _("You cannot examine this request because you prepared or released it.")
    return None


def answers(concurrence: Concurrence, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in ANSWERS]


def gathered(concurrence: Concurrence, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest to the lead desk, which consolidates, the conditions of the others."""
    if not concurrence.definition.is_lead:
        return {}
    flight = concurrence.flight
    conditions = [
        *(line for row in latest_round(flight) for line in row.conditions),
        *checks.suggested_conditions(flight, by, at=at),
    ]
    if not conditions:
        return {}
    return {
        "answer": Answer.CONCUR_WITH_CONDITIONS,
        "conditions": list(dict.fromkeys(conditions)),
    }


def desks_to_call_in(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    asked = {row.desk for row in latest_round(flight)}
    return [
        (one.code, one.label) for one in flight.agreement.desks.values() if one.code not in asked
    ]


def desks_to_ask_again(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return [
        (row.desk, row.definition.label)
        for row in latest_round(flight)
        if not row.is_pending and not row.definition.is_lead
    ]


ANSWER = choice("answer", lazy("answer"), lazy("Choose an answer."), answers, few=True)
CONDITIONS = lines("conditions", lazy("conditions"), hint=lazy("One line each."))
REASONS = text("reason", lazy("reasons"))


@verb(
    lazy("Answer"),
    lazy("Desk answered"),
    clause="10.2",
    roles=DESKS,
    side=HOST,
    guards=(
        under_examination,
        is_own_desk,
        is_pending,
        desk_has_own_check,
        no_open_question_of_desk,
        others_have_answered,
        answers_what_others_prepared,
    ),
    audience=(HOST,),
    shown=("answer",),
    private=("reason", "conditions", "library"),
    makes_due=("lead_desk", "decision"),
    takes=(ANSWER, LIBRARY, CONDITIONS, REASONS),
    suggests=gathered,
    icon="check",
    warning=lazy("The answer stands until a new round is opened."),
)
def concur(
    concurrence: Concurrence,
    *,
    by: Seat,
    at: datetime,
    answer: str,
    library: Iterable[str] = (),
    conditions: Iterable[str] = (),
    reason: str = "",
) -> Concurrence:
    """Give the desk's answer; the lead desk's, given last, calls for the decision.

    Conditions of the `library` are kept in their words. Raises `ValidationError` if the answer
    lacks its conditions or its reasons.
    """
    conditions = worded(concurrence.flight, library, conditions)
    _give_answer(concurrence, by, at, answer=answer, conditions=conditions, reason=reason)
    rounds.go_on(concurrence.flight, at=at)
    return concurrence


@verb(
    lazy("Enter the answer"),
    lazy("Answer of a desk without a seat entered"),
    clause="10.1",
    roles=(Role.DEFENCE,),
    side=HOST,
    guards=(
        under_examination,
        desk_has_no_seat,
        is_pending,
        no_open_question_of_desk,
        answers_what_others_prepared,
    ),
    audience=(HOST,),
    shown=("answer", "paper"),
    private=("reason", "conditions"),
    makes_due=("lead_desk",),
    takes=(
        line(
            "paper",
            lazy("paper"),
            lazy("Cite the paper on which the answer came."),
            most=120,
            hint=lazy("Sender, number and date of the letter."),
        ),
        ANSWER,
        CONDITIONS,
        REASONS,
    ),
    suggests=gathered,
    icon="file-text",
    warning=lazy("The answer stands until a new round is opened."),
)
def enter_answer(
    concurrence: Concurrence,
    *,
    by: Seat,
    at: datetime,
    answer: str,
    paper: str,
    conditions: Iterable[str] = (),
    reason: str = "",
) -> Concurrence:
    """Enter the answer of a desk without a seat, citing the paper on which it came.

    Raises `ValidationError` if the answer lacks its conditions or its reasons.
    """
    concurrence.paper = paper
    _give_answer(concurrence, by, at, answer=answer, conditions=conditions, reason=reason)
    rounds.recount(concurrence.flight, at=at)
    return concurrence


@verb(
    lazy("Escalate"),
    lazy("Found overdue"),
    clause="14.2",
    guards=(under_examination, is_pending),
    audience=(HOST,),
    shown=("desk", "to"),
    tone="warn",
)
def escalate_desk(
    concurrence: Concurrence, *, by: None, at: datetime, desk: str, duty: str, to: str
) -> None:
    """Record that a desk is overdue, and who is told. Nobody answers for it."""
    climb(concurrence, at=at)


@verb(
    lazy("Call in a desk"),
    lazy("Desk called in"),
    clause="10.7",
    roles=(Role.DEFENCE,),
    side=HOST,
    source=EXAMINATION,
    audience=(HOST,),
    shown=("desk",),
    makes_due=("desk",),
    takes=(choice("desk", lazy("desk"), lazy("Choose the desk to call in."), desks_to_call_in),),
    icon="users",
    is_aside=True,
)
def call_in(flight: FlightRequest, *, by: Seat, at: datetime, desk: str) -> FlightRequest:
    """Call in a desk that was not asked at registration; the lead desk answers again after it.

    Raises `ValidationError` if there is no such desk, or it is asked already.
    """
    if desk not in flight.agreement.desks.keys() - {row.desk for row in latest_round(flight)}:
        raise ValidationError({"desk": _("This desk cannot be called in.")})
    rounds.open_rounds(flight, [desk], at=at)
    rounds.ask_again(flight, set(), at=at)
    rounds.recount(flight, at=at)
    return flight


@verb(
    lazy("Open a new round"),
    lazy("New round opened"),
    clause="10.8",
    roles=(Role.DEFENCE, *DECIDERS),
    side=HOST,
    source=EXAMINATION,
    audience=(HOST,),
    shown=("desks", "reason"),
    makes_due=("desk",),
    takes=(
        choices(
            "desks",
            lazy("desks to ask again"),
            desks_to_ask_again,
            empty=lazy("Choose the desks to ask again."),
        ),
        REASON,
    ),
    icon="history",
    is_aside=True,
)
def new_round(
    flight: FlightRequest, *, by: Seat, at: datetime, desks: list[str], reason: str
) -> FlightRequest:
    """Ask desks again; the lead desk always answers again after them.

    Raises `ValidationError` if a desk was never asked or still owes its answer.
    """
    answered = {row.desk for row in latest_round(flight) if not row.is_pending}
    lead = flight.agreement.lead_desk.code
    if not {*desks} <= answered - {lead}:
        raise ValidationError({"desks": _("Only desks that have answered can be asked again.")})
    rounds.ask_again(flight, {*desks}, at=at)
    rounds.recount(flight, at=at)
    return flight


def _give_answer(
    row: Concurrence,
    by: Seat,
    at: datetime,
    *,
    answer: str,
    conditions: Iterable[str],
    reason: str,
) -> None:
    conditions = list(conditions)
    if answer not in ANSWERS:
        raise ValidationError({"answer": _("Choose an answer.")})
    if (answer == Answer.CONCUR_WITH_CONDITIONS) != bool(conditions):
        raise ValidationError(
            {"conditions": _("Conditions go with “concurs with conditions”, one line each.")}
        )
    if answer == Answer.NON_CONCUR and not reason:
        raise ValidationError({"reason": _("Give the reasons for not concurring.")})
    row.answer, row.conditions, row.reason = answer, conditions, reason
    row.revision = row.flight.content
    row.answered_at, row.answered_by, row.answered_hand = at, by, by.hand
    row.settle()
    acts.save(row)
