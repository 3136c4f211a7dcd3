"""The one door to concurrences, questions, minutes, and to the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

import rules
from approvals import checks
from approvals.models import (
    ANSWERS,
    Answer,
    Check,
    Concurrence,
    Disposal,
    Minute,
    OwnCheck,
    Question,
)
from approvals.verbs import VERBS, latest_round
from audit import act
from books import calendars
from casework.duties import Reckoning, reckon, reckon_allowance
from exercises.models import DECIDERS, Help
from rules import Severity
from transit import actions as flights
from transit import completeness
from transit.models import Authorization, FlightStatus, Movement, NoteKind, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


@act.verb(VERBS)
def register(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Take the note in and open the desks' examination."""
    _open_examination(flight, by=by, at=at)
    return flight


@act.verb(VERBS)
def pass_on(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Take an urgent note in outside office hours; the duty officer decides nothing."""
    _open_examination(flight, by=by, at=at)
    return flight


@act.verb(VERBS)
def hold(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Leave a note that came outside office hours to the registry, with a minute that says why."""
    _write_minute(flight, by=by, at=at, text=reason)
    return flight


@act.verb(VERBS)
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
    row.of_flight(flight, f"owncheck/{flight.ownchecks.count() + 1}")
    act.save(row)
    return row


@act.verb(VERBS)
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
    found = _chosen(flight, findings, by=by, at=at)
    if disposal == Disposal.ACCEPTED and any(one.severity == Severity.BLOCK for one in found):
        raise ValidationError(
            {"findings": _("What blocks cannot be accepted: it is mended, or the flight refused.")}
        )
    for one in found:
        _dispose(flight, one.key, Disposal(disposal), by=by, at=at, reason=reason)
    return flight


@act.verb(VERBS)
def concur(
    concurrence: Concurrence,
    *,
    by: Seat,
    at: datetime,
    answer: str,
    conditions: Iterable[str] = (),
    reason: str = "",
) -> Concurrence:
    """Give the desk's answer; the lead desk's, given last, calls for the decision.

    Raises `ValidationError` if the answer lacks its conditions or its reasons.
    """
    _give_answer(concurrence, by, at, answer=answer, conditions=conditions, reason=reason)
    _go_on(concurrence.flight, at=at)
    return concurrence


@act.verb(VERBS)
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
    _recount(concurrence.flight, at=at)
    return concurrence


@act.verb(VERBS)
def escalate_desk(
    concurrence: Concurrence, *, by: None, at: datetime, desk: str, duty: str, to: str
) -> None:
    """Record that a desk is overdue, and who is told. Nobody answers for it."""
    flights.climb(concurrence, at=at)


@act.verb(VERBS)
def call_in(flight: FlightRequest, *, by: Seat, at: datetime, desk: str) -> FlightRequest:
    """Call in a desk that was not asked at registration; the lead desk answers again after it.

    Raises `ValidationError` if there is no such desk, or it is asked already.
    """
    if desk not in flight.agreement.desks.keys() - {row.desk for row in latest_round(flight)}:
        raise ValidationError({"desk": _("This desk cannot be called in.")})
    _open_round(flight, desk, at=at)
    _ask_again(flight, set(), at=at)
    _recount(flight, at=at)
    return flight


@act.verb(VERBS)
def ask(
    flight: FlightRequest, *, by: Seat, at: datetime, text: str, findings: Iterable[str] = ()
) -> Question:
    """Ask the requesting side; the desk's clock and the overall clock stop until the answer.

    Findings that the question is about are dealt with while it is open. Raises `ValidationError`
    for one that does not stand.
    """
    found = _chosen(flight, findings, by=by, at=at)
    if flight.status == FlightStatus.DECISION_PENDING:
        flight.reopen()
        flight.settle()
        act.save(flight)
    number = flight.questions.count() + 1
    asked = flight.notes.filter(kind=NoteKind.REQUEST).last()
    note = flights.write_note(
        flight, NoteKind.QUESTION, from_state=flight.host, at=at, text=text, to=asked
    )
    question = Question(number=number, desk=by.role, text=text, asked_at=at, asked_by=by, note=note)
    question.of_flight(flight, f"question/{number}")
    question.owe("question", at=at, due_at=reckon(flight, "question", since=at).due_at)
    act.save(question)
    for one in found:
        _dispose(flight, one.key, Disposal.ASKED, by=by, at=at, question=question)
    _recount(flight, at=at)
    return question


@act.verb(VERBS)
def drop(question: Question, *, by: Seat, at: datetime) -> Question:
    """Take a question back; the clocks run again."""
    question.dropped_at = at
    question.settle()
    act.save(question)
    _go_on(question.flight, at=at)
    return question


@act.verb(VERBS)
def answer(question: Question, *, by: Seat, at: datetime, text: str) -> Question:
    """Answer by note; a released supplement goes with it. The clocks run again."""
    flight = question.flight
    draft = flight.draft
    if draft:
        note = flights.enclose(draft, NoteKind.ANSWER, at=at, text=text, in_reply_to=question.note)
        question.revision = note.enclosure
    else:
        flights.write_note(
            flight,
            NoteKind.ANSWER,
            from_state=flight.requesting_state,
            at=at,
            text=text,
            to=question.note,
        )
    question.answered_at, question.reply = at, text
    question.settle()
    act.save(question)
    if draft:
        _take_in_supplement(flight, at=at)
    _go_on(flight, at=at)
    return question


@act.verb(VERBS)
def remind(question: Question, *, by: None, at: datetime) -> Question:
    """Remind the attaché; the clocks stay stopped, and nothing is taken as answered."""
    question.rung += 1
    question.ring_at(None)
    act.save(question)
    return question


@act.verb(VERBS)
def begin_supplement(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Open the next revision while the host examines the present one."""
    flights.begin_revision(flight, by=by)
    return flight


@act.verb(VERBS)
def release_supplement(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Release a supplement; the request itself stays where it is.

    Raises `ValidationError`, by item, unless the form is complete and agrees with itself.
    """
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    completeness.require_complete(draft, at=at)
    flights.mark_released(draft, by=by)
    return flight


@act.verb(VERBS)
def supplement(flight: FlightRequest, *, by: Seat, at: datetime, text: str = "") -> FlightRequest:
    """Send the released supplement by note; the answers that it voids are asked again."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    asked = flight.notes.filter(kind=NoteKind.REQUEST).last()
    flights.enclose(draft, NoteKind.SUPPLEMENT, at=at, text=text, in_reply_to=asked)
    _take_in_supplement(flight, at=at)
    _recount(flight, at=at)
    return flight


@act.verb(VERBS)
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
    _ask_again(flight, {*desks}, at=at)
    _recount(flight, at=at)
    return flight


@act.verb(VERBS)
def minute(flight: FlightRequest, *, by: Seat, at: datetime, text: str) -> Minute:
    """Write an internal note; the requesting side never sees it."""
    return _write_minute(flight, by=by, at=at, text=text)


@act.verb(VERBS)
def authorize(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    conditions: Iterable[str] = (),
    override_ground: str = "",
) -> FlightRequest:
    """Authorize this one flight: a number, a window, conditions. The registry owes the note.

    Raises `ValidationError` if a desk's "no" that does not bind is overridden without a ground.
    """
    if not override_ground and any(row.answer == Answer.NON_CONCUR for row in latest_round(flight)):
        raise ValidationError(
            {"override_ground": _("A desk does not concur: give the ground for overriding it.")}
        )
    flight.authorize(by=by, at=at)
    _owe_reply(flight, at=at)
    act.save(flight)
    form = flight.content
    authorization = _number(flight, form, at=at)
    authorization.conditions = list(conditions)
    authorization.override_ground = override_ground
    act.save(authorization)
    _expect(authorization, at=at)
    return flight


@act.verb(VERBS)
def refuse(
    flight: FlightRequest, *, by: Seat, at: datetime, ground: str, reasons: str
) -> FlightRequest:
    """Refuse this flight. Ground and reasons stay inside; the note in reply is neutral.

    Drops open questions and pending answers. Raises `ValidationError` for an unknown ground.
    """
    if ground not in flight.agreement.grounds:
        raise ValidationError({"ground": _("Choose a ground of the agreement.")})
    questions = list(Question.objects.open().filter(flight=flight))
    pending = list(Concurrence.objects.pending().filter(flight=flight))
    flight.refuse(by=by, at=at, ground=ground, reasons=reasons)
    _owe_reply(flight, at=at)
    act.save(flight)
    for question in questions:
        question.dropped_at = at
        question.ring_at(None)  # its date stays: until the reply the attaché sees it owed
        act.save(question)
    for row in pending:
        _drop_answer(row)
    return flight


def pauses(flight: FlightRequest, *, desk: str = "") -> list[calendars.Pause]:
    """Return when a desk's clock stood, or without a desk the overall clock: its questions."""
    asked = [row for row in flight.questions.all() if not desk or row.desk == desk]
    return [
        calendars.Pause(row.asked_at, None if row.looks_open else row.answered_at or row.dropped_at)
        for row in asked
    ]


def answer_by(flight: FlightRequest) -> Reckoning:
    """Reckon the agreement's date for an answer: the lead time from receipt of the note."""
    assert flight.received_at is not None  # noqa: S101 - the host has the note
    return reckon_allowance(
        flight,
        flight.track.lead_time,
        of_host=True,
        since=flight.received_at,
        pauses=pauses(flight),
        capped=True,
    )


def _open_examination(flight: FlightRequest, *, by: Seat, at: datetime) -> None:
    """Register the request and ask the desks: those of the agreement, those that findings call.

    Where the product does not help from the start, the lead desk calls in what is needed.
    """
    flight.register(by=by, at=at)
    flight.settle()
    act.save(flight)
    agreement, form = flight.agreement, flight.content
    asked = {desk.code for desk in agreement.desks.values() if desk.when == "always"}
    if agreement.annual and flight.track.code == agreement.annual.track:
        asked = {*agreement.annual.desks}
    if form.lands_in_host:
        asked |= {desk.code for desk in agreement.desks.values() if desk.when == "landing"}
    if flight.exercise.help == Help.OPEN:
        asked |= checks.called_desks(flight, (one.code for one in rules.findings(form, at=at)))
    for desk in agreement.desks:
        if desk in asked:
            _open_round(flight, desk, at=at)


def _chosen(
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


def _dispose(
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
    row.of_flight(flight, f"check/{flight.checks.count() + 1}")
    act.save(row)


def _write_minute(flight: FlightRequest, *, by: Seat, at: datetime, text: str) -> Minute:
    number = flight.minutes.count() + 1
    row = Minute(number=number, text=text, written_at=at, written_by=by)
    row.of_flight(flight, f"minute/{number}")
    act.save(row)
    return row


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
    act.save(row)


def _open_round(flight: FlightRequest, desk: str, *, at: datetime) -> None:
    before = flight.concurrences.filter(desk=desk).order_by("-round").first()
    row = Concurrence(desk=desk, round=before.round + 1 if before else 1)
    row.of_flight(flight, f"concurrence/{desk}/{row.round}")
    if not flight.agreement.desks[desk].is_lead:
        row.owe("desk", at=at, due_at=reckon(flight, "desk", since=at).due_at)
    act.save(row)


def _ask_again(flight: FlightRequest, desks: set[str], *, at: datetime) -> None:
    """Open a new round for these desks, and for the lead desk if it has answered."""
    latest = {row.desk: row for row in latest_round(flight)}
    lead = flight.agreement.lead_desk.code
    if not latest[lead].is_pending:
        desks = desks | {lead}
    for desk in sorted(desks & latest.keys()):
        if latest[desk].is_pending and desk != lead:
            _drop_answer(latest[desk])
        _open_round(flight, desk, at=at)
    if flight.status == FlightStatus.DECISION_PENDING:
        flight.reopen()
        flight.settle()
        act.save(flight)


def _drop_answer(row: Concurrence) -> None:
    row.answer = Answer.DROPPED
    row.settle()
    act.save(row)


def _take_in_supplement(flight: FlightRequest, *, at: datetime) -> None:
    """Let the new revision count, and ask the desks again whose answers it voids.

    After a decision that the requesting side does not know of, the paper is filed, no more.
    """
    if flight.is_secretly_decided:
        return
    new, old = flight.revisions.exclude(enclosed_at=None).order_by("-number")[:2]
    flight.version += 1
    alarm_at = None if flight.alarm_at == flight.entry_at else flight.alarm_at
    flight.entry_at = flights.entry_of(new)
    flight.ring_at(alarm_at)
    since = flight.owed_since
    due_at = reckon(flight, flight.duty, since=since).due_at if since else None
    if due_at != flight.due_at:
        flight.owe(flight.duty, at=at, due_at=due_at, since=since)
    act.save(flight)
    voided = flight.agreement.voided_by(changed_items(old, new))
    if voided:
        _ask_again(flight, voided, at=at)


def changed_items(old: Revision, new: Revision) -> set[str]:
    """Return the form items in which two revisions differ; `crossings`, `goods` for their rows."""
    changed = {item for item in Revision.form_items() if getattr(old, item) != getattr(new, item)}
    tables = {"crossings": flights.CROSSING_ITEMS, "goods": flights.GOOD_ITEMS}
    for table, items in tables.items():
        rows = [
            [tuple(getattr(row, item) for item in items) for row in getattr(one, table).all()]
            for one in (old, new)
        ]
        if rows[0] != rows[1]:
            changed.add(table)
    return changed


def _go_on(flight: FlightRequest, *, at: datetime) -> None:
    """Recount what is owed, and call for the decision once nothing is open."""
    if flight.status != FlightStatus.UNDER_REVIEW:
        return
    _recount(flight, at=at)
    is_open = Question.objects.open().filter(flight=flight).exists()
    if is_open or any(row.is_pending for row in latest_round(flight)):
        return
    flight.await_decision()
    flight.owe("decision", at=at, due_at=reckon(flight, "decision", since=at).due_at)
    act.save(flight)


def _recount(flight: FlightRequest, *, at: datetime) -> None:
    """Set every pending desk's date anew: its questions stop its clock.

    The lead desk owes nothing until the others have answered and no question is open.
    """
    rows = [row for row in latest_round(flight) if row.is_pending]
    is_open = Question.objects.open().filter(flight=flight).exists()
    for row in rows:
        if row.definition.is_lead:
            waits = is_open or any(one is not row for one in rows)
            if waits and row.duty:
                row.settle()
            elif not waits and not row.duty:
                row.owe("lead_desk", at=at, due_at=reckon(flight, "lead_desk", since=at).due_at)
        else:
            _recount_desk(row, at=at)
        act.save(row)


def _recount_desk(row: Concurrence, *, at: datetime) -> None:
    assert row.owed_since is not None  # noqa: S101 - a pending desk owes its answer
    flight = row.flight
    due_at = reckon(
        flight, "desk", since=row.owed_since, pauses=pauses(flight, desk=row.desk)
    ).due_at
    if due_at == row.due_at:
        return
    row.owe("desk", at=at, due_at=due_at, since=row.owed_since)


def _owe_reply(flight: FlightRequest, *, at: datetime) -> None:
    flight.owe("reply", at=at, due_at=reckon(flight, "reply", since=at).due_at)


def _number(flight: FlightRequest, form: Revision, *, at: datetime) -> Authorization:
    """Give the next number of the host in this exercise; its window opens before the entry."""
    agreement, entry_at = flight.agreement, flight.entry_at
    assert entry_at is not None  # noqa: S101 - a released form has a crossing of the host
    office = calendars.office(flight.exercise.calendar_version, flight.host)
    issued = Authorization.objects.filter(
        exercise=flight.exercise, flight__host=flight.host, version=1
    )
    authorization = Authorization(
        number=agreement.number_format.format(
            state=flight.host,
            year=office.local(at).year % 100,
            serial=issued.count() + 1,
        ),
        revision=form,
        valid_from=entry_at - agreement.early,
        valid_until=entry_at + agreement.validity,
    )
    authorization.of_flight(flight, "authorization/1")
    return authorization


def _expect(authorization: Authorization, *, at: datetime) -> None:
    """Expect the aircraft: operations owes the flight-plan check before the entry."""
    movement = Movement(number=1, authorization=authorization)
    movement.of_flight(authorization.flight, "movement/1")
    flights.expect_plan(movement, at=at)
    act.save(movement)
