"""The verbs of the host's examination, and the attaché's answers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.models import Answer, Concurrence, Question
from audit.verbs import HOST, REQUESTING, Verb, table
from exercises import calendars
from exercises.models import HOST_ROLES, Role
from transit.models import EXAMINATION, LegalBasis
from transit.models import FlightStatus as Status
from transit.verbs import BOTH, entry_is_ahead, own_hand

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest

DESKS = (Role.DEFENCE, Role.AIR_DEFENCE, Role.SECURITY, Role.CIVIL_AVIATION)
DECIDERS = (Role.DECIDER, Role.DEPUTY)


def latest_round(flight: FlightRequest) -> list[Concurrence]:
    """Return each desk's latest answer that was not dropped, in the order they were opened."""
    latest: dict[str, Concurrence] = {}
    for row in flight.concurrences.exclude(answer=Answer.DROPPED).order_by("round", "pk"):
        latest[row.desk] = row
    return sorted(latest.values(), key=lambda row: (row.definition.is_lead, row.pk))


def agreement_is_in_force(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A flight under the agreement needs it in force on the day of entry, at the host."""
    agreement, form = flight.agreement, flight.content
    if form.legal_basis != LegalBasis.TRANSIT_AGREEMENT or flight.entry_at is None:
        return None
    office = calendars.office(flight.exercise.calendar_version, flight.host)
    if office.local(flight.entry_at).date() >= agreement.in_force_from:
        return None
    return _("The agreement is in force from %(day)s only: return it for another legal basis.") % {
        "day": agreement.in_force_from
    }


def landing_is_covered(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """Transit is non-stop; whether a landing may be asked for as well is the agreement's word."""
    if flight.content.lands_in_host and flight.agreement.landing == "refer":
        return _("This agreement covers no landing: return it, another instrument is needed.")
    return None


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
    if Question.objects.open().filter(flight=row.flight, desk=row.desk).exists():
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
    if Question.objects.open().filter(flight=row.flight).exists():
        return _("The lead desk answers last; a question is open.")
    return None


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
    if by is None or by.role in (question.desk, Role.DEFENCE):
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


def no_draft(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    return _("A supplement is being drafted already.") if flight.draft else None


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


def nothing_is_open(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if Question.objects.open().filter(flight=flight).exists():
        return _("A question is open.")
    if any(row.is_pending for row in latest_round(flight)):
        return _("Not every desk has answered.")
    return None


def no_binding_refusal(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    for row in latest_round(flight):
        if row.answer == Answer.NON_CONCUR and row.definition.binding:
            return _("%(desk)s does not concur, and its answer binds.") % {
                "desk": row.definition.label
            }
    return None


def is_before_entry(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.entry_at and at >= flight.entry_at:
        return _("The entry time has come.")
    return None


def hands_of_form(flight: FlightRequest) -> list[str]:
    """Return the people who prepared or released any revision of the form."""
    return [
        hand
        for revision in flight.revisions.all()
        for hand in (revision.prepared_hand, revision.released_hand)
    ]


def decides_what_others_prepared(
    flight: FlightRequest, by: Seat | None, at: datetime
) -> str | None:
    """No one decides what they prepared or concurred in."""
    concurred = [row.answered_hand for row in flight.concurrences.all()]
    if own_hand(by, hands_of_form(flight)):
        return _("You cannot decide this request because you prepared or released it.")
    if own_hand(by, concurred):
        return _("You cannot decide this request because you were an officer who concurred in it.")
    return None


def answers_what_others_prepared(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if own_hand(by, hands_of_form(row.flight)):
        return _("You cannot examine this request because you prepared or released it.")
    return None


VERBS = table(
    Verb(
        "register",
        lazy("Register"),
        lazy("Registered; the desks examine"),
        subject="flight",
        roles=(Role.REGISTRY,),
        side=HOST,
        source=(Status.SUBMITTED,),
        target=(Status.UNDER_REVIEW,),
        guards=(agreement_is_in_force, landing_is_covered),
        audience=BOTH,
        makes_due=("desk",),
    ),
    Verb(
        "concur",
        lazy("Answer"),
        lazy("Desk answered"),
        subject="concurrence",
        roles=DESKS,
        side=HOST,
        guards=(
            under_examination,
            is_own_desk,
            is_pending,
            no_open_question_of_desk,
            others_have_answered,
            answers_what_others_prepared,
        ),
        audience=(HOST,),
        shown=("answer",),
        private=("reason", "conditions"),
        makes_due=("lead_desk", "decision"),
    ),
    Verb(
        "enter_answer",
        lazy("Enter the answer"),
        lazy("Answer of a desk without a seat entered"),
        subject="concurrence",
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
    ),
    Verb(
        "escalate_desk",
        lazy("Escalate"),
        lazy("Found overdue"),
        subject="concurrence",
        guards=(under_examination, is_pending),
        audience=(HOST,),
        shown=("desk", "to"),
    ),
    Verb(
        "call_in",
        lazy("Call in a desk"),
        lazy("Desk called in"),
        subject="flight",
        roles=(Role.DEFENCE,),
        side=HOST,
        source=(Status.UNDER_REVIEW,),
        audience=(HOST,),
        shown=("desk",),
        makes_due=("desk",),
    ),
    Verb(
        "ask",
        lazy("Ask the requesting side"),
        lazy("Question asked"),
        subject="flight",
        roles=(*DESKS, *DECIDERS),
        side=HOST,
        source=EXAMINATION,
        guards=(asks_in_turn,),
        audience=BOTH,
        shown=("text",),
        makes_due=("question",),
    ),
    Verb(
        "drop",
        lazy("Drop the question"),
        lazy("Question dropped"),
        subject="question",
        roles=(*DESKS, *DECIDERS),
        side=HOST,
        guards=(under_examination, question_is_open, asked_or_leads),
        audience=BOTH,
    ),
    Verb(
        "answer",
        lazy("Answer the question"),
        lazy("Question answered by note"),
        subject="question",
        roles=(Role.ATTACHE,),
        side=REQUESTING,
        guards=(question_is_open, carries_released_form),
        audience=BOTH,
    ),
    Verb(
        "remind",
        lazy("Remind"),
        lazy("Reminded of an unanswered question"),
        subject="question",
        guards=(under_examination, question_is_open),
        audience=BOTH,
    ),
    Verb(
        "begin_supplement",
        lazy("Begin a supplement"),
        lazy("Supplement begun"),
        subject="flight",
        roles=(Role.PLANNER,),
        side=REQUESTING,
        guards=(is_with_host, no_draft),
        audience=(REQUESTING,),
    ),
    Verb(
        "release_supplement",
        lazy("Release the supplement"),
        lazy("Supplement released"),
        subject="flight",
        roles=(Role.RELEASE,),
        side=REQUESTING,
        guards=(is_with_host, draft_awaits_release),
        audience=(REQUESTING,),
    ),
    Verb(
        "supplement",
        lazy("Send the supplement by note"),
        lazy("Supplement sent by note"),
        subject="flight",
        roles=(Role.ATTACHE,),
        side=REQUESTING,
        guards=(is_with_host, draft_is_released, entry_is_ahead),
        audience=BOTH,
        makes_due=("desk",),
    ),
    Verb(
        "new_round",
        lazy("Open a new round"),
        lazy("New round opened"),
        subject="flight",
        roles=(Role.DEFENCE, *DECIDERS),
        side=HOST,
        source=EXAMINATION,
        audience=(HOST,),
        shown=("desks", "reason"),
        makes_due=("desk",),
    ),
    Verb(
        "minute",
        lazy("Write a minute"),
        lazy("Minute written"),
        subject="flight",
        roles=HOST_ROLES,
        side=HOST,
        audience=(HOST,),
        private=("text",),
    ),
    Verb(
        "authorize",
        lazy("Authorize this flight"),
        lazy("Authorized"),
        subject="flight",
        roles=DECIDERS,
        side=HOST,
        source=(Status.DECISION_PENDING,),
        target=(Status.AUTHORIZED,),
        guards=(
            nothing_is_open,
            no_binding_refusal,
            is_before_entry,
            decides_what_others_prepared,
        ),
        audience=(HOST,),
        shown=("conditions",),
        makes_due=("reply", "flight_plan"),
    ),
    Verb(
        "refuse",
        lazy("Refuse this flight"),
        lazy("Refused"),
        subject="flight",
        roles=DECIDERS,
        side=HOST,
        source=EXAMINATION,
        target=(Status.REFUSED,),
        guards=(decides_what_others_prepared,),
        audience=(HOST,),
        shown=("ground",),
        private=("reasons",),
        makes_due=("reply",),
    ),
)
