"""Questions to the requesting side, and what it sends: answers and supplements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import rounds
from approvals.checking import DESKS, GONE, chosen, dispose, findings_for_desk
from approvals.examination import under_examination
from approvals.models import (
    Disposal,
    Question,
)
from approvals.rounds import latest_round
from audit import acts
from audit.acts import verb
from audit.parameters import choices, text
from audit.verbs import BOTH, HOST, REQUESTING, own_hand
from casework.duties import reckon
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import DECIDERS, Role
from transit import completeness, drafting, versions
from transit.models import (
    EXAMINATION,
    FlightRequest,
)
from transit.models import FlightStatus as Status
from transit.transmission import enclose, entry_is_ahead

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


def asks_in_turn(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A desk asks while its answer is pending; the lead desk until its own; a decider after."""
    if by is None or by.role in DECIDERS:
        if flight.status != Status.DECISION_PENDING:
            return _("The desks are still examining.")
        return None
    mine = [row for row in latest_round(flight) if row.desk == by.role]
    if not mine or not mine[0].is_pending:
        return _("Your desk has answered: a new round reopens it.")
    return None


def question_is_open(question: Question, by: Seat | None, at: datetime) -> str | None:
    if question.answered_at:
        return _("The question is answered.")
    if question.looks_open:
        return None
    if not question.flight.is_with_host:
        return _("The request is no longer under examination.")
    return _("The question was dropped: nothing is owed on it.")


def asked_or_leads(question: Question, by: Seat | None, at: datetime) -> str | None:
    if by is None or by.role in (question.desk, question.flight.agreement.lead_desk.code):
        return None
    return _("The asking desk or the lead desk drops it.")


def carries_released_form(question: Question, by: Seat | None, at: datetime) -> str | None:
    draft = question.flight.draft
    if draft and not draft.released_by_id:
        return _("A supplement is being drafted: it is released, then goes with the answer.")
    return entry_is_ahead(question.flight, by, at)


def is_with_host(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.is_with_host:
        return None
    return _("The request is not under examination.")


def may_add(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """What is added under examination is a supplement; what is changed afterwards, an amendment."""
    if flight.is_with_host:
        return _("A supplement is being drafted already.") if flight.draft else None
    if flight.status == Status.AUTHORIZED:
        return versions.may_be_amended(flight, by, at)
    return _("The request is not under examination.")


def draft_awaits_release(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    draft = flight.draft
    if draft is None:
        return _("There is no supplement.")
    if draft.released_by_id:
        return _("The supplement is released already.")
    if own_hand(by, [draft.prepared_hand]):
        return _("You prepared this supplement: another officer releases it.")
    return None


def draft_is_released(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    draft = flight.draft
    if draft is None:
        return _("There is no supplement.")
    return None if draft.released_by_id else _("The supplement is not released.")


@verb(
    lazy("Ask the requesting side"),
    lazy("Question asked"),
    clause="10.4",
    roles=(*DESKS, *DECIDERS),
    side=HOST,
    source=EXAMINATION,
    guards=(asks_in_turn,),
    audience=BOTH,
    shown=("text",),
    makes_due=("question",),
    takes=(
        text("text", lazy("question, item by item"), lazy("Write the question.")),
        choices("findings", lazy("checks that it is about"), findings_for_desk, wrong=GONE),
    ),
    icon="message-question",
    is_aside=True,
    has_paper=True,
)
def ask(
    flight: FlightRequest, *, by: Seat, at: datetime, text: str, findings: Iterable[str] = ()
) -> Question:
    """Ask the requesting side; the desk's clock and the overall clock stop until the answer.

    Findings that the question is about are dealt with while it is open. Raises `ValidationError`
    for one that does not stand.
    """
    found = chosen(flight, findings, by=by, at=at)
    rounds.reopen(flight)
    number = len(flight.questions.all()) + 1
    asked = flight.last_note(NoteKind.REQUEST)
    note = write_note(flight, NoteKind.QUESTION, from_state=flight.host, at=at, text=text, to=asked)
    question = Question(number=number, desk=by.role, text=text, asked_at=at, asked_by=by, note=note)
    question.of_flight(flight, f"question/{number}")
    question.owe("question", at=at, due_at=reckon(flight, "question", since=at).due_at)
    acts.save(question)
    for one in found:
        dispose(flight, one.key, Disposal.ASKED, by=by, at=at, question=question)
    rounds.recount(flight, at=at)
    return question


@verb(
    lazy("Drop the question"),
    lazy("Question dropped"),
    clause="10.4",
    roles=(*DESKS, *DECIDERS),
    side=HOST,
    guards=(under_examination, question_is_open, asked_or_leads),
    audience=BOTH,
    icon="x",
    is_aside=True,
)
def drop(question: Question, *, by: Seat, at: datetime) -> Question:
    """Take a question back; the clocks run again."""
    question.dropped_at = at
    question.settle()
    acts.save(question)
    rounds.go_on(question.flight, at=at)
    return question


@verb(
    lazy("Answer the question"),
    lazy("Question answered by note"),
    clause="10.4",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(question_is_open, carries_released_form),
    audience=BOTH,
    takes=(text("text", lazy("answer"), lazy("Write the answer."), most=2000),),
    quotes=True,
    icon="message",
    has_paper=True,
)
def answer(question: Question, *, by: Seat, at: datetime, text: str) -> Question:
    """Answer by note; a released supplement goes with it. The clocks run again."""
    flight = question.flight
    draft = flight.draft
    if draft:
        enclose(draft, NoteKind.ANSWER, at=at, text=text, in_reply_to=question.note)
        question.revision = draft
    else:
        write_note(
            flight,
            NoteKind.ANSWER,
            from_state=flight.requesting_state,
            at=at,
            text=text,
            to=question.note,
        )
    question.answered_at, question.reply = at, text
    question.settle()
    acts.save(question)
    if draft:
        rounds.take_in_supplement(flight, at=at)
    rounds.go_on(flight, at=at)
    return question


@verb(
    lazy("Remind"),
    lazy("Reminded of an unanswered question"),
    clause="10.4",
    guards=(under_examination, question_is_open),
    audience=BOTH,
    tone="warn",
)
def remind(question: Question, *, by: None, at: datetime) -> Question:
    """Remind the attaché; the clocks stay stopped, and nothing is taken as answered."""
    question.rung += 1
    question.ring_at(None)
    acts.save(question)
    return question


@verb(
    lazy("Begin a supplement"),
    lazy("Supplement begun"),
    clause="10.5",
    roles=(Role.PLANNER,),
    side=REQUESTING,
    guards=(may_add,),
    audience=(REQUESTING,),
    icon="file-text",
    is_aside=True,
)
def begin_supplement(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Open the next revision while the host examines the present one.

    Of a flight that is authorized already it is the beginning of an amendment.
    """
    if not flight.is_with_host:
        return versions.begin(flight, by=by, at=at)
    drafting.begin_revision(flight, by=by)
    return flight


@verb(
    lazy("Release the supplement"),
    lazy("Supplement released"),
    clause="10.5",
    roles=(Role.RELEASE,),
    side=REQUESTING,
    guards=(is_with_host, draft_awaits_release),
    audience=(REQUESTING,),
    icon="check",
)
def release_supplement(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Release a supplement; the request itself stays where it is.

    Raises `ValidationError`, by item, unless the form is complete and agrees with itself.
    """
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    completeness.require_complete(draft, at=at)
    drafting.mark_released(draft, by=by)
    return flight


@verb(
    lazy("Send the supplement by note"),
    lazy("Supplement sent by note"),
    clause="10.5",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    guards=(is_with_host, draft_is_released, entry_is_ahead),
    audience=BOTH,
    makes_due=("desk",),
    takes=(text("text", lazy("text of the note")),),
    icon="mail",
    warning=lazy("The note goes to the host state. Desks whose answers it voids answer again."),
    has_paper=True,
)
def supplement(flight: FlightRequest, *, by: Seat, at: datetime, text: str = "") -> FlightRequest:
    """Send the released supplement by note; the answers that it voids are asked again."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    asked = flight.last_note(NoteKind.REQUEST)
    enclose(draft, NoteKind.SUPPLEMENT, at=at, text=text, in_reply_to=asked)
    rounds.take_in_supplement(flight, at=at)
    rounds.recount(flight, at=at)
    return flight
