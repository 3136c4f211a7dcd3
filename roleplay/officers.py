"""What a role-player does: of the moves that are its seat's, the one that the procedure asks for.

One function for each step that can be owed. What they write names the facts that it is about;
what they leave to chance follows from the turn's lots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from annual.models import AnnualStatus, Opinion
from approvals import checks
from approvals.models import Answer, Confidence, Disposal
from approvals.rounds import latest_round
from casework import kinds
from exercises.models import DECIDERS, Role
from roleplay import mending
from rules import Severity
from scenarios.models import Assignment
from transit import completeness, filing, lead_times
from transit.models import InstructionKind

if TYPE_CHECKING:
    from datetime import datetime

    from approvals.checks import Item
    from approvals.models import Concurrence
    from roleplay.turns import Turn
    from transit.models import FlightRequest, Movement, Revision


@dataclass(frozen=True)
class Intent:
    """A move that a role-player is about to make: the verb, what it is about, what it says."""

    verb: str
    subject: Any
    details: dict[str, Any] = field(default_factory=dict)


Choice = Callable[["Turn", "datetime"], "Intent | None"]


def intent(turn: Turn, at: datetime) -> Intent | None:
    """Return what the role-player does at `at`, None where no move is open that it would make."""
    found = CHOICES[turn.task.duty.code](turn, at)
    if found is None:
        return None
    verb = kinds.doors()[found.verb].row
    return found if verb.is_open_to(found.subject, turn.seat, at) else None


def put_forward(turn: Turn, at: datetime) -> Intent | None:
    """The planner: put a draft that is complete before the release officer."""
    flight: FlightRequest = turn.case
    draft = flight.draft
    if draft is None or completeness.faults(draft, at=at):
        return None
    return _justified(draft, at) or Intent("request_release", flight)


def release(turn: Turn, at: datetime) -> Intent | None:
    return Intent("release", turn.case)


def transmit(turn: Turn, at: datetime) -> Intent | None:
    flight: FlightRequest = turn.case
    assert flight.draft is not None  # noqa: S101 - a request ready to transmit has one
    return _justified(flight.draft, at) or Intent("transmit", flight, {"note_number": ""})


def complete(turn: Turn, at: datetime) -> Intent | None:
    """The planner: take up what was returned, mend it, and put it forward again.

    What comes back a second time, and has nothing that it would mend, waits for a person.
    """
    flight: FlightRequest = turn.case
    said = mending.of_return(flight)
    if flight.draft is None:
        is_stuck = mending.returns(flight) > 1 and mending.is_mended(flight.latest, said)
        return None if is_stuck else Intent("revise", flight)
    if not mending.is_mended(flight.draft, said):
        return Intent("edit", flight, mending.edited(flight.draft, said))
    return put_forward(turn, at)


def register(turn: Turn, at: datetime) -> Intent | None:
    """The registry: return what is incomplete or out of scope, take in the rest."""
    flight: FlightRequest = turn.case
    verb = kinds.doors()["register"].row
    missing = [item.words for item in _seen(turn, at) if item.severity == Severity.BLOCK]
    if reason := verb.reason_against(flight, turn.seat, at):
        missing.append(reason)
    if missing:
        return Intent("send_back", flight, {"missing": "\n".join(missing)})
    return Intent("register", flight)


def answer_for_desk(turn: Turn, at: datetime) -> Intent | None:
    """A desk: check, ask or accept what stands, then answer; the lead desk for those unseated."""
    row: Concurrence = turn.task.row
    flight = row.flight
    if not checks.has_checked(flight, turn.seat):
        return own_check(turn, at)
    if not row.definition.has_seat:
        paper = _("Letter of %(desk)s of %(day)s") % {
            "desk": row.definition.label,
            "day": flight.exercise.office(flight.host).local(at).date(),
        }
        return Intent("enter_answer", row, {"answer": Answer.CONCUR, "paper": paper})
    if row.definition.is_lead and (missing := _not_called(flight, at)):
        return Intent("call_in", flight, {"desk": missing[0]})
    if deal := _deal_with(turn, at):
        return deal
    refused = [item for item in _own(turn, at) if item.check and _is_ground(item)]
    if refused:
        words = "\n".join(item.words for item in refused)
        return Intent("concur", row, {"answer": Answer.NON_CONCUR, "reason": words})
    suggested = kinds.doors()["concur"].row.suggests
    conditions = suggested(row, turn.seat, at).get("conditions", []) if suggested else []
    said = Answer.CONCUR_WITH_CONDITIONS if conditions else Answer.CONCUR
    return Intent("concur", row, {"answer": said, "conditions": conditions})


def decide(turn: Turn, at: datetime) -> Intent | None:
    """The deciding officer: authorize where everything allows it, else refuse."""
    flight: FlightRequest = turn.case
    if not checks.has_checked(flight, turn.seat):
        return own_check(turn, at)
    against = [row for row in latest_round(flight) if row.answer == Answer.NON_CONCUR]
    reason = kinds.doors()["authorize"].row.reason_against(flight, turn.seat, at)
    if not against and not reason:
        lead = next(row for row in latest_round(flight) if row.definition.is_lead)
        return Intent("authorize", flight, {"conditions": lead.conditions})
    words = [reason] if reason else []
    words += [f"{row.definition.label}: {row.reason}" for row in against]
    standing = checks.standing(flight, at=at)
    return Intent(
        "refuse", flight, {"ground": _ground(flight, standing), "reasons": "\n".join(words)}
    )


def reply(turn: Turn, at: datetime) -> Intent | None:
    return Intent("reply", turn.case, {"note_number": ""})


def answer_question(turn: Turn, at: datetime) -> Intent | None:
    """The planner begins a supplement if it mends something; the attaché answers by note.

    A supplement that is released goes with the answer.
    """
    question = turn.task.row
    flight: FlightRequest = turn.case
    mends = not mending.is_mended(flight.latest, mending.of_questions(flight))
    if turn.seat.role == Role.PLANNER:
        return Intent("begin_supplement", flight) if mends and flight.draft is None else None
    return None if mends else Intent("answer", question, {"text": mending.answer(question)})


def release_supplement(turn: Turn, at: datetime) -> Intent | None:
    """The planner mends its supplement; then it waits for the release officer alone."""
    flight: FlightRequest = turn.case
    if flight.draft is None:
        return None
    said = mending.of_questions(flight)
    if not mending.is_mended(flight.draft, said):
        mends = turn.seat.role == Role.PLANNER
        return Intent("edit", flight, mending.edited(flight.draft, said)) if mends else None
    if turn.seat.role != Role.RELEASE or completeness.faults(flight.draft, at=at):
        return None
    return Intent("release_supplement", flight)


def send_supplement(turn: Turn, at: datetime) -> Intent | None:
    """The attaché: with the answer to an open question where there is one, else by itself."""
    flight: FlightRequest = turn.case
    if any(question.is_awaited for question in flight.questions.all()):
        return None
    return Intent("supplement", flight)


def supplement(turn: Turn, at: datetime) -> Intent | None:
    return (send_supplement if turn.seat.role == Role.ATTACHE else release_supplement)(turn, at)


def file_plan(turn: Turn, at: datetime) -> Intent | None:
    """The planner: file the plan of the dossier, where there is one, else what is called for.

    So too where the one that was filed was sent back.
    """
    movement = turn.task.row
    if movement.authorization is None:
        return None
    given = "" if movement.plan_sent_back else _plan_of_dossier(movement)
    message = given or filing.proposed(movement.authorization)
    return Intent("file_plan", movement, {"message": message}) if message else None


def _plan_of_dossier(movement: Movement) -> str:
    """Return the flight plan of a dossier, with the number that was issued in this exercise."""
    given = Assignment.objects.filter(flight=movement.flight_id).first()
    if given is None or not given.plan or movement.authorization is None:
        return ""
    return given.plan.replace(given.dossier["clearance"], movement.authorization.number)


def check_plan(turn: Turn, at: datetime) -> Intent | None:
    """Operations: release a plan that agrees, send back one that does not.

    What is to be queried was, by telephone.
    """
    movement = turn.task.row
    if movement.authorization is None or not movement.plan:
        return None
    if not checks.has_checked(movement.flight, turn.seat):
        return own_check(turn, at)
    found = filing.discrepancies(movement)
    if blocking := [one for one in found if one.severity == Severity.BLOCK]:
        reason = "\n".join(filing.refusal(blocking, movement))
        return Intent("send_plan_back", movement, {"reason": reason})
    asked = [f"{one.code}: {one.meaning}" for one in found if one.severity == Severity.QUERY]
    remarks = _("Confirmed by telephone: %(codes)s") % {"codes": "; ".join(asked)} if asked else ""
    return Intent("check_plan", movement, {"remarks": remarks})


def record_entry(turn: Turn, at: datetime) -> Intent | None:
    movement = turn.task.row
    planned = movement.revision.planned_entry
    if planned is None:
        return None
    return Intent("enter", movement, {"entered_at": at, "point": planned.entry_point})


def record_exit(turn: Turn, at: datetime) -> Intent | None:
    movement = turn.task.row
    planned = movement.revision.planned_exit
    if planned is None:
        return None
    if movement.revision.lands_in_host:
        return Intent("land", movement, {"landed_at": at})
    return Intent("exit", movement, {"exited_at": at, "point": planned.exit_point})


def regularise(turn: Turn, at: datetime) -> Intent | None:
    text = _("Landed out of necessity; the state asks that the aircraft may go on when it can.")
    return Intent("regularise", turn.task.row, {"text": text})


def report(turn: Turn, at: datetime) -> Intent | None:
    movement = turn.task.row
    form = movement.revision
    on_board = (form.crew_count or 0) + (form.passenger_count or 0)
    text = _("Flown as authorized.")
    return Intent("report", movement, {"text": text, "persons_on_board": max(on_board, 1)})


def close(turn: Turn, at: datetime) -> Intent | None:
    return Intent("close", turn.task.row)


def fulfil(turn: Turn, at: datetime) -> Intent | None:
    return Intent("fulfil", turn.task.row, {"fulfilment": _("As the condition asks.")})


def accept_condition(turn: Turn, at: datetime) -> Intent | None:
    return Intent("accept_condition", turn.task.row)


def notify(turn: Turn, at: datetime) -> Intent | None:
    return Intent("notify", turn.task.row, {"note_number": ""})


def acknowledge(turn: Turn, at: datetime) -> Intent | None:
    return Intent("acknowledge", turn.task.row)


def acknowledge_note(turn: Turn, at: datetime) -> Intent | None:
    return Intent("acknowledge_note", turn.task.row)


def instruct(turn: Turn, at: datetime) -> Intent | None:
    """Operations: by the way out that is nearest on the route, as whoever decided ordered it."""
    measure = turn.task.row.measure
    leaving = measure.authorization.revision.planned_exit
    details = {
        "kind": InstructionKind.REROUTE,
        "place": leaving.exit_point if leaving else "",
        "ordered_by": str(Role.DECIDER.label),
        "passed_by": _("Air traffic services"),
        "passed_at": at,
    }
    return Intent("instruct", measure, details)


def go_on_with_annual(turn: Turn, at: datetime) -> Intent | None:
    """Whoever the register of annual clearances waits for; it refuses nothing by itself."""
    clearance = turn.case
    if clearance.decided_at:
        return Intent("reply_annual", clearance, {"note_number": ""})
    if clearance.status == AnnualStatus.REQUESTED:
        return Intent("register_annual", clearance)
    if turn.seat.role == Role.DEFENCE:
        return Intent("advise_annual", clearance, {"answer": Opinion.CONCUR})
    if turn.seat.role == Role.DECIDER:
        return Intent("grant_annual", clearance)
    return None


def log_contact(turn: Turn, at: datetime) -> Intent | None:
    """Whom a contact reached: put it on record, and answer nothing."""
    return Intent("log_contact", turn.case)


def forward_contact(turn: Turn, at: datetime) -> Intent | None:
    return Intent("forward_contact", turn.case)


def own_check(turn: Turn, at: datetime) -> Intent | None:
    """An officer who checks alone first marks what it sees, one after the other."""
    flight: FlightRequest = turn.case
    found = {one.code: one.facts[0] for one in _seen_alone(turn, at)}
    marked = {one.code for one in checks.marks(flight, turn.seat)}
    for code, fact in sorted(found.items()):
        if code not in marked:
            details = {"fact": fact, "code": code, "confidence": Confidence.SURE}
            return Intent("mark", flight, details)
    return Intent("own_check", flight)


def _seen_alone(turn: Turn, at: datetime) -> list[Any]:
    """Return what the officer sees on what it checks: of its desk, or on the flight plan.

    Who decides looks for what must not pass, and leaves the rest to the desks.
    """
    if checks.reads_plan(turn.seat):
        movement = checks.filed(turn.case)
        found: list[Any] = filing.discrepancies(movement) if movement else []
        return [one for one in found if not _overlooks(turn, one.code)]
    form = checks.read_by(turn.case, turn.seat)
    known = checks.known_codes(turn.case, turn.seat)
    found = [one for one in checks.known_to(form, turn.seat, at=at) if one.code in known]
    if turn.seat.role in DECIDERS:
        found = [one for one in found if one.severity == Severity.BLOCK]
    return [one for one in found if not _overlooks(turn, one.key)]


def _justified(draft: Revision, at: datetime) -> Intent | None:
    """Return that short notice is justified first, where it is short and nobody says why."""
    given = lead_times.of_host(draft, received_at=at)
    if given is None or not given.is_short or draft.short_notice_reason:
        return None
    reason = _("The task was given late: %(purpose)s") % {"purpose": draft.purpose}
    return Intent("justify", draft.flight, {"reason": reason})


def _own(turn: Turn, at: datetime) -> list[Item]:
    """What the desk's rules find on the form; the lead desk takes what others left as well."""
    flight: FlightRequest = turn.case
    found = checks.items(flight, at=at)
    if turn.seat.role == flight.agreement.lead_desk.code:
        return found
    return [item for item in found if item.rule.desk == turn.seat.role]


def _seen(turn: Turn, at: datetime) -> list[Item]:
    """What it sees of that: what is queried is routine, what blocks may be overlooked."""
    return [
        item
        for item in _own(turn, at)
        if item.severity != Severity.BLOCK or not _overlooks(turn, item.key)
    ]


def _overlooks(turn: Turn, key: str) -> bool:
    return turn.chance("sees", key).falls(turn.profile.overlooks)


def _is_ground(item: Item) -> bool:
    return item.check is not None and item.check.disposal == Disposal.REFUSED


def _deal_with(turn: Turn, at: datetime) -> Intent | None:
    """Deal with what stands: accept what may be, ask once about what blocks, then hold to it."""
    flight: FlightRequest = turn.case
    standing = [item for item in _seen(turn, at) if not item.allows and not _is_ground(item)]
    standing = [item for item in standing if not item.is_dealt_with]
    has_asked = any(question.desk == turn.seat.role for question in flight.questions.all())
    asks = turn.profile.asks and not has_asked
    accepted = [item for item in standing if item.severity != Severity.BLOCK and not asks]
    if accepted:
        reason = _("Looked into: %(codes)s.") % {"codes": _codes(accepted)}
        return _dealt(flight, accepted, Disposal.ACCEPTED, reason)
    if not standing:
        return None
    if has_asked:
        reason = _("Asked, and not mended: %(codes)s.") % {"codes": _codes(standing)}
        return _dealt(flight, standing, Disposal.REFUSED, reason)
    text = "\n".join(item.words for item in standing)
    return Intent("ask", flight, {"text": text, "findings": [item.key for item in standing]})


def _dealt(flight: FlightRequest, found: list[Item], disposal: Disposal, reason: str) -> Intent:
    keys = [item.key for item in found]
    details = {"findings": keys, "disposal": disposal, "reason": reason}
    return Intent("deal_with", flight, details)


def _codes(found: list[Item]) -> str:
    return ", ".join(dict.fromkeys(item.rule.code for item in found))


def _not_called(flight: FlightRequest, at: datetime) -> list[str]:
    """Return the desks that findings call in and nobody asked."""
    asked = {row.desk for row in latest_round(flight)}
    codes = [item.rule.code for item in checks.items(flight, at=at)]
    return sorted(checks.called_desks(flight, codes) - asked)


def _ground(flight: FlightRequest, standing: list[Item]) -> str:
    """Return the ground that goes with the chapter of what stands, else that of security."""
    of_chapter = {"scope": "OUT_OF_SCOPE", "route": "ROUTE", "notice": "NOTICE", "load": "CARGO"}
    chapters = (item.rule.chapter for item in standing if item.severity == Severity.BLOCK)
    found = (of_chapter.get(chapter, "") for chapter in chapters)
    known = flight.agreement.grounds
    return next((ground for ground in found if ground in known), next(iter(known)))


#: What is done about each step that can be owed.
CHOICES: dict[str, Choice] = {
    "draft": put_forward,
    "release": release,
    "transmission": transmit,
    "completion": complete,
    "registration": register,
    "desk": answer_for_desk,
    "lead_desk": answer_for_desk,
    "decision": decide,
    "reply": reply,
    "question": answer_question,
    "supplement": supplement,
    "filing": file_plan,
    "flight_plan": check_plan,
    "entry": record_entry,
    "exit": record_exit,
    "regularisation": regularise,
    "report": report,
    "closure": close,
    "condition": fulfil,
    "acceptance": accept_condition,
    "notification": notify,
    "acknowledgement": acknowledge,
    "receipt": acknowledge_note,
    "instruction": instruct,
    "annual": go_on_with_annual,
    "logging": log_contact,
    "forwarding": forward_contact,
}
