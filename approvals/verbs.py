"""The verbs of the host's examination, and the attaché's answers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks
from approvals.models import Answer, Concurrence, Question
from audit.verbs import HOST, REQUESTING, Verb, table
from books import calendars
from exercises.models import DECIDERS, HOST_ROLES, REQUESTER_ROLES, Role
from rules import Case, scope
from transit.models import EXAMINATION
from transit.models import FlightStatus as Status
from transit.verbs import BOTH, entry_is_ahead, own_hand

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from rules.book import Look
    from transit.models import FlightRequest

DESKS = (Role.DEFENCE, Role.AIR_DEFENCE, Role.SECURITY, Role.CIVIL_AVIATION)


def latest_round(flight: FlightRequest) -> list[Concurrence]:
    """Return each desk's latest answer that was not dropped, in the order they were opened."""
    latest: dict[str, Concurrence] = {}
    for row in sorted(flight.concurrences.all(), key=lambda row: (row.round, row.pk)):
        if row.answer != Answer.DROPPED:
            latest[row.desk] = row
    return sorted(latest.values(), key=lambda row: (row.definition.is_lead, row.pk))


def agreement_is_in_force(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A request that the rule of the same name finds fault with is returned, not registered."""
    return _said(scope.agreement_is_not_in_force, flight, at)


def landing_is_covered(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """As for the agreement in force: whether a landing may be asked for is the rule's word."""
    return _said(scope.landing_is_not_covered, flight, at)


def _said(look: Look, flight: FlightRequest, at: datetime) -> str | None:
    """Return what a rule says of the examined form first, whatever rule set is pinned."""
    return next((hit.sentence for hit in look(Case(flight.content, at))), None)


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
    """No one decides what they prepared, registered or concurred in."""
    concurred = [row.answered_hand for row in flight.concurrences.all()]
    if own_hand(by, hands_of_form(flight)):
        return _("You cannot decide this request because you prepared or released it.")
    if own_hand(by, [flight.registered_hand]):
        return _("You cannot decide this request because you registered it.")
    if own_hand(by, concurred):
        return _("You cannot decide this request because you were an officer who concurred in it.")
    return None


def answers_what_others_prepared(row: Concurrence, by: Seat | None, at: datetime) -> str | None:
    if own_hand(by, hands_of_form(row.flight)):
        return _("You cannot examine this request because you prepared or released it.")
    return None


def findings_allow(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """Every check is dealt with before a flight is authorized; what blocks is mended first."""
    standing = checks.standing(flight, at=at)
    if not standing:
        return None
    if by is not None and not checks.is_helped(flight, by):
        return _("Checks stand against it that are not dealt with.")
    return _("Checks stand against it: %(codes)s.") % {
        "codes": ", ".join(dict.fromkeys(item.rule.code for item in standing))
    }


def precedents_are_in(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A desk that a finding calls in, such as for a special permit, has answered."""
    asked = {row.desk for row in latest_round(flight)}
    codes = [item.rule.code for item in checks.items(flight, at=at)]
    missing = sorted(checks.called_desks(flight, codes) - asked)
    if not missing:
        return None
    if by is not None and not checks.is_helped(flight, by):
        return _("A desk is to be called in first.")
    desks = flight.agreement.desks
    return _("To be called in first: %(desks)s.") % {
        "desks": ", ".join(str(desks[code].label) for code in missing)
    }


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


def track_is_urgent(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.track.lead_time.unit == "hours":
        return None
    return _("Outside office hours only urgent flights are taken up.")


def office_is_closed(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    office = calendars.office(flight.exercise.calendar_version, flight.host)
    if office.is_open(at):
        return _("The registry is open: it takes the note in.")
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
        "pass_on",
        lazy("Pass on to the desks"),
        lazy("Passed on outside office hours; the desks examine"),
        subject="flight",
        roles=(Role.DUTY,),
        side=HOST,
        source=(Status.SUBMITTED,),
        target=(Status.UNDER_REVIEW,),
        guards=(track_is_urgent, office_is_closed, agreement_is_in_force, landing_is_covered),
        audience=BOTH,
        makes_due=("desk",),
    ),
    Verb(
        "hold",
        lazy("Hold for the registry"),
        lazy("Held for the registry"),
        subject="flight",
        roles=(Role.DUTY,),
        side=HOST,
        source=(Status.SUBMITTED,),
        guards=(office_is_closed,),
        audience=(HOST,),
        private=("reason",),
    ),
    Verb(
        "own_check",
        lazy("Record your own check"),
        lazy("Own check recorded"),
        subject="flight",
        roles=(*REQUESTER_ROLES, Role.REGISTRY, *DESKS, *DECIDERS, Role.OPERATIONS),
        guards=(no_own_check_yet, plan_is_there),
        audience=("INSTRUCTOR",),
        private=("codes", "states", "due_on"),
    ),
    Verb(
        "deal_with",
        lazy("Deal with checks"),
        lazy("Checks dealt with"),
        subject="flight",
        roles=(Role.REGISTRY, *DESKS),
        side=HOST,
        source=(Status.SUBMITTED, *EXAMINATION),
        guards=(has_own_check, has_checks_to_deal_with),
        audience=(HOST,),
        shown=("disposal",),
        private=("reason",),
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
            desk_has_own_check,
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
        source=EXAMINATION,
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
            precedents_are_in,
            findings_allow,
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
