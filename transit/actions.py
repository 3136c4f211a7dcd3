"""The one door to a flight request and its movement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from airspace import flight_plan
from audit import act
from casework.duties import reckon
from transit import completeness, filing, notice
from transit.models import (
    ENDED,
    Crossing,
    DangerousGood,
    FlightRequest,
    FlightStatus,
    Note,
    NoteKind,
    Revision,
    note_number,
)
from transit.models.movement import NO_REPORT
from transit.sentences import sentence
from transit.severity import Severity
from transit.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from casework.duties import Owed
    from exercises.models import Exercise, Seat
    from transit.models import Movement

Form = dict[str, Any]


@act.verb(VERBS)
def prepare(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    host: str,
    form: Form | None = None,
    crossings: Iterable[Form] = (),
    goods: Iterable[Form] = (),
) -> FlightRequest:
    """Open a draft request of the planner's state to `host`.

    Raises `ValidationError` if an item of the form is no such thing; it may be incomplete.
    """
    number = FlightRequest.objects.filter(exercise=exercise).count() + 1
    flight = FlightRequest(
        exercise=exercise,
        ref=f"flight/{number}",
        number=number,
        requesting_state=by.state,
        host=host,
    )
    if by.state not in flight.agreement.states or flight.agreement.other(by.state) != host:
        raise ValidationError({"host": _("The agreement does not join these two states.")})
    act.of_case(flight.reference)
    act.save(flight)
    revision = Revision(number=1, prepared_by=by, prepared_hand=by.hand)
    revision.of_flight(flight, "revision/1")
    _fill(revision, form or {}, crossings, goods, at=at)
    return flight


@act.verb(VERBS)
def edit(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    form: Form,
    crossings: Iterable[Form] = (),
    goods: Iterable[Form] = (),
) -> FlightRequest:
    """Change the draft. Raises `ValidationError` if an item of the form is no such thing."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    draft.prepared_by, draft.prepared_hand = by, by.hand
    if flight.status == FlightStatus.DRAFT:
        flight.version += 1
        act.save(flight)
    _fill(draft, form, crossings, goods, at=at)
    return flight


@act.verb(VERBS)
def justify(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Say on the draft why the notice is short; the host weighs it."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a guard of the verb
    draft.short_notice_reason = reason
    act.save(draft)
    flight.version += 1
    act.save(flight)
    return flight


@act.verb(VERBS)
def request_release(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Put the draft before the release officer.

    Raises `ValidationError`, by item, unless the form is complete and agrees with itself;
    `notice.ShortNotice` unless too little notice is justified.
    """
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a request in DRAFT has one
    completeness.require_complete(draft, at=at)
    notice.require_justified(draft, received_at=at)
    flight.request_release()
    _owe(flight, "release", at=at)
    act.save(flight)
    return flight


@act.verb(VERBS)
def decline_release(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Give the draft back to the planner, with a reason; a returned one is owed again."""
    flight.decline_release()
    flight.settle()
    if flight.received_at:
        _owe(flight, "completion", at=at)
    act.save(flight)
    return flight


@act.verb(VERBS)
def release(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Let the request go out; the attaché owes the note."""
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a request in RELEASE_REVIEW has one
    mark_released(draft, by=by)
    flight.release()
    _owe(flight, "transmission", at=at)
    act.save(flight)
    return flight


@act.verb(VERBS)
def transmit(flight: FlightRequest, *, by: Seat, at: datetime, note_number: str) -> FlightRequest:
    """Hand the note over with the form enclosed, frozen from now on.

    Raises `ValidationError` if the mission used the note number before, `notice.ShortNotice`
    unless too little notice is justified.
    """
    draft = flight.draft
    assert draft is not None  # noqa: S101 - a request ready to transmit has one
    notice.require_justified(draft, received_at=at)
    returned = flight.notes.filter(kind=NoteKind.RETURN).last()
    flight.transmit(at=at)
    flight.entry_at = entry_of(draft)
    enclose(draft, NoteKind.REQUEST, at=at, number=note_number, in_reply_to=returned)
    _owe(flight, "registration", at=at)
    act.save(flight)
    return flight


@act.verb(VERBS)
def send_back(flight: FlightRequest, *, by: Seat, at: datetime, missing: str) -> FlightRequest:
    """Return an incomplete request by note, with the list of what is missing."""
    flight.send_back()
    asked = flight.notes.filter(kind=NoteKind.REQUEST).last()
    write_note(flight, NoteKind.RETURN, from_state=flight.host, at=at, text=missing, to=asked)
    _owe(flight, "completion", at=at)
    act.save(flight)
    return flight


@act.verb(VERBS)
def revise(flight: FlightRequest, *, by: Seat, at: datetime) -> FlightRequest:
    """Take up a returned request: a new revision, a copy of the returned one."""
    flight.revise()
    begin_revision(flight, by=by)
    act.save(flight)
    return flight


@act.verb(VERBS)
def withdraw(flight: FlightRequest, *, by: Seat, at: datetime, reason: str) -> FlightRequest:
    """Take the request back.

    A withdrawal that crosses a decision still unknown to the requesting side is accepted and
    cancels the authorization: the answer must not give the decision away.
    """
    if flight.is_undecided:
        flight.withdraw(at=at)
    else:
        flight.withdrawn_at = flight.closed_at = at
        for authorization in flight.authorizations.all():
            authorization.cancel()
            act.save(authorization)
        for movement in flight.movements.exclude(status__in=ENDED):
            movement.not_flown(at=at)
            movement.settle()
            act.save(movement)
    flight.settle()
    if flight.received_at:
        write_note(
            flight, NoteKind.WITHDRAWAL, from_state=flight.requesting_state, at=at, text=reason
        )
    act.save(flight)
    return flight


@act.verb(VERBS)
def lapse(flight: FlightRequest, *, by: None, at: datetime) -> FlightRequest:
    """End an undecided request at its entry time. Silence is never consent."""
    flight.lapse(at=at)
    flight.settle()
    act.save(flight)
    return flight


@act.verb(VERBS)
def escalate(row: Owed, *, by: None, at: datetime, duty: str, to: str) -> None:
    """Record that a duty of the host is overdue, and who is told."""
    climb(row, at=at)


@act.verb(VERBS)
def escalate_preparation(row: Owed, *, by: None, at: datetime, duty: str, to: str) -> None:
    """Record that a duty of the requesting side is overdue, and who is told."""
    climb(row, at=at)


@act.verb(VERBS)
def reply(flight: FlightRequest, *, by: Seat, at: datetime, note_number: str) -> FlightRequest:
    """Tell the requesting side the decision by note; only now it knows.

    Raises `ValidationError` if the ministry used the note number before.
    """
    asked = flight.notes.filter(kind=NoteKind.REQUEST).last()
    authorization = flight.authorizations.last()
    write_note(
        flight,
        NoteKind.REPLY,
        from_state=flight.host,
        at=at,
        number=note_number,
        to=asked,
        text=authorization.number if authorization else "",
    )
    flight.replied_at = at
    flight.settle()
    if flight.status == FlightStatus.REFUSED:
        flight.closed_at = at
    _close_if_over(flight, at=at)
    act.save(flight)
    return flight


@act.verb(VERBS)
def file_plan(movement: Movement, *, by: Seat, at: datetime, message: str) -> Movement:
    """File the flight plan, or a new version of it, which voids a check.

    Raises `ValidationError` if the message is no flight plan.
    """
    try:
        flight_plan.read(message)
    except flight_plan.PlanError as error:
        raise ValidationError({"message": sentence(error)}) from error
    movement.plan, movement.plan_filed_at = message, at
    movement.plan_codes, movement.plan_remarks = [], ""
    movement.void_check()
    expect_plan(movement, at=at)
    act.save(movement)
    return movement


@act.verb(VERBS)
def check_plan(movement: Movement, *, by: Seat, at: datetime, remarks: str = "") -> Movement:
    """Release the flight plan as filed: it agrees with the authorization.

    Raises `ValidationError` while a discrepancy blocks it, or if one that is to be queried goes
    without a remark.
    """
    found = filing.discrepancies(movement)
    if blocking := [one for one in found if one.severity == Severity.BLOCK]:
        raise ValidationError(filing.refusal(blocking, movement))
    if not remarks and any(one.severity == Severity.QUERY for one in found):
        raise ValidationError(
            {"remarks": _("Say how each discrepancy was cleared up with the requesting side.")}
        )
    plan = flight_plan.read(movement.plan)
    movement.check_plan(at=at)
    movement.filed_call_sign = plan.call_sign
    movement.filed_registration = filing.registration(plan)
    movement.plan_codes, movement.plan_remarks = [one.code for one in found], remarks
    planned = movement.revision.planned_entry
    movement.owe("entry", at=at, due_at=None, opens_at=planned.entry_at if planned else at)
    act.save(movement)
    return movement


@act.verb(VERBS)
def enter(
    movement: Movement, *, by: Seat, at: datetime, entered_at: datetime, point: str
) -> Movement:
    """Record an entry, at the moment it happened.

    An entry recorded late but made inside the window reopens a movement taken for not flown.
    Raises `ValidationError` if it lies in the future or outside the window.
    """
    authorization = movement.authorization
    assert authorization is not None  # noqa: S101 - a guard of the verb
    _not_in_future("entered_at", entered_at, at=at)
    if not authorization.valid_from <= entered_at < authorization.valid_until:
        raise ValidationError(
            {"entered_at": _("The entry lies outside the window of the authorization.")}
        )
    movement.enter(entered_at=entered_at, point=point)
    expected = entered_at + movement.revision.time_inside
    movement.owe("exit", at=at, due_at=None, opens_at=expected)
    movement.ring_at(max(expected + movement.flight.agreement.exit_alert, at))
    act.save(movement)
    flight = movement.flight
    if flight.closed_at:
        flight.closed_at = None
        act.save(flight)
    return movement


@act.verb(VERBS)
def exit(
    movement: Movement, *, by: Seat, at: datetime, exited_at: datetime, point: str
) -> Movement:
    """Record the exit, at the moment it happened; the post-flight report is owed from it.

    Raises `ValidationError` if it lies in the future or before the entry.
    """
    _after_entry(movement, "exited_at", exited_at, at=at)
    movement.exit(exited_at=exited_at, point=point)
    _owe_report(movement, at=at)
    return movement


@act.verb(VERBS)
def land(movement: Movement, *, by: Seat, at: datetime, landed_at: datetime) -> Movement:
    """Record the authorized landing; the post-flight report is owed from it.

    Raises `ValidationError` if it lies in the future or before the entry.
    """
    _after_entry(movement, "landed_at", landed_at, at=at)
    movement.land(landed_at=landed_at)
    _owe_report(movement, at=at)
    return movement


@act.verb(VERBS)
def alert_overdue(movement: Movement, *, by: None, at: datetime) -> Movement:
    """Raise the alert: the aircraft should have left by now."""
    movement.overdue_at = at
    movement.ring_at(None)
    act.save(movement)
    return movement


@act.verb(VERBS)
def expire(movement: Movement, *, by: None, at: datetime) -> Movement:
    """The window passed without an entry: not flown, and the authorization is expired."""
    _end_unflown(movement, at=at)
    return movement


@act.verb(VERBS)
def report_not_flown(movement: Movement, *, by: Seat, at: datetime, reason: str) -> Movement:
    """The requesting state says that the flight will not take place."""
    _end_unflown(movement, at=at)
    return movement


@act.verb(VERBS)
def report(
    movement: Movement, *, by: Seat, at: datetime, text: str, persons_on_board: int
) -> Movement:
    """Send the post-flight report; the host's defence desk owes the closure."""
    movement.reported_at = at
    movement.report, movement.persons_on_board = text, persons_on_board
    _owe(movement, "closure", at=at)
    act.save(movement)
    return movement


@act.verb(VERBS)
def remind_of_report(movement: Movement, *, by: None, at: datetime) -> Movement:
    """Remind the requesting side and note the finding; the case may be closed with it."""
    movement.findings = [*movement.findings, NO_REPORT]
    _owe(movement, "closure", at=at)
    act.save(movement)
    return movement


@act.verb(VERBS)
def close(movement: Movement, *, by: Seat, at: datetime, findings: str = "") -> Movement:
    """End the case, with findings where there are any."""
    if findings:
        movement.findings = [*movement.findings, findings]
    if movement.findings:
        movement.close_with_findings(at=at)
    else:
        movement.close(at=at)
    movement.settle()
    act.save(movement)
    flight = movement.flight
    _close_if_over(flight, at=at)
    act.save(flight)
    return movement


def expect_plan(movement: Movement, *, at: datetime) -> None:
    """Let operations owe the check of the flight plan before the planned entry."""
    entry_at = movement.flight.entry_at
    assert entry_at is not None  # noqa: S101 - the authorization has a window
    opens_at = entry_at - movement.flight.agreement.flight_plan_opens
    movement.owe("flight_plan", at=at, due_at=entry_at, opens_at=opens_at)


def begin_revision(flight: FlightRequest, *, by: Seat) -> Revision:
    """Open revision n+1 as a copy of the last enclosed one."""
    last = flight.content
    draft = Revision(number=last.number + 1, prepared_by=by, prepared_hand=by.hand)
    draft.of_flight(flight, f"revision/{draft.number}")
    for item in Revision.form_items():
        setattr(draft, item, getattr(last, item))
    act.save(draft)
    for kind, rows in (("crossing", last.crossings.all()), ("good", last.goods.all())):
        _save_rows(
            draft, kind, [{name: getattr(row, name) for name in ROWS[kind][1]} for row in rows]
        )
    return draft


def mark_released(draft: Revision, *, by: Seat) -> None:
    """Put the release officer's name to a draft."""
    draft.released_by, draft.released_hand = by, by.hand
    act.save(draft)


def enclose(
    draft: Revision,
    kind: NoteKind,
    *,
    at: datetime,
    number: str = "",
    text: str = "",
    in_reply_to: Note | None = None,
) -> Note:
    """Freeze a draft and send it as the enclosure of a note."""
    flight = draft.flight
    draft.enclosed_at = at
    act.save(draft)
    note = write_note(
        flight,
        kind,
        from_state=flight.requesting_state,
        at=at,
        number=number,
        text=text,
        to=in_reply_to,
        enclosure=draft,
    )
    act.enclose(f"{draft.ref}", draft.digest)
    return note


def write_note(
    flight: FlightRequest,
    kind: NoteKind,
    *,
    from_state: str,
    at: datetime,
    number: str = "",
    text: str = "",
    to: Note | None = None,
    enclosure: Revision | None = None,
) -> Note:
    """Write a diplomatic note of one foreign ministry to the other.

    Without a number it takes the ministry's next one. Raises `ValidationError` on
    `note_number` if the number was used before.
    """
    note = Note(
        kind=kind,
        number=note_number(flight.exercise, from_state, number, series=from_state),
        sent_at=at,
        from_state=from_state,
        to_state=flight.agreement.other(from_state),
        in_reply_to=to,
        enclosure=enclosure,
        text=text,
    )
    note.of_flight(flight, f"note/{flight.notes.count() + 1}")
    act.save(note)
    return note


def climb(row: Owed, *, at: datetime) -> None:
    """Go one rung up the ladder of the row's duty; the last rung ends it."""
    duty = row.present_duty
    assert duty is not None  # noqa: S101 - only owed rows ring
    row.rung += 1
    interval = row.flight.agreement.escalation
    row.ring_at(at + interval if row.rung < len(duty.ladder) else None)
    act.save(row)


def entry_of(revision: Revision) -> datetime | None:
    """Return when the flight enters the host's airspace, as planned."""
    return revision.planned_entry.entry_at if revision.planned_entry else None


CROSSING_ITEMS = (
    "state",
    "action",
    "entry_point",
    "entry_at",
    "exit_point",
    "exit_at",
    "ground_minutes",
    "clearance",
    "clearance_number",
)
GOOD_ITEMS = (
    "un_number",
    "proper_shipping_name",
    "hazard_class",
    "packing_group",
    "packages",
    "gross_kg",
    "net_quantity",
    "net_unit",
    "net_explosive_kg",
    "packing",
    "compliant",
    "from_point",
    "to_point",
)

#: The tables of the form: how their rows are called in the record, and what a row says.
ROWS: dict[str, tuple[type[Crossing | DangerousGood], tuple[str, ...]]] = {
    "crossing": (Crossing, CROSSING_ITEMS),
    "good": (DangerousGood, GOOD_ITEMS),
}


def _fill(
    draft: Revision,
    form: Form,
    crossings: Iterable[Form],
    goods: Iterable[Form],
    *,
    at: datetime,
) -> None:
    for item in form.keys() & {*Revision.form_items()}:
        setattr(draft, item, form[item])
    _check_items(draft, Revision.form_items())
    if draft.category and draft.category not in draft.flight.agreement.categories:
        raise ValidationError({"category": _("The agreement knows no such category.")})
    act.save(draft)
    _save_rows(draft, "crossing", crossings)
    _save_rows(draft, "good", goods)
    flight = draft.flight
    if flight.examined is None:
        flight.entry_at = entry_of(draft)
        if flight.entry_at and flight.entry_at <= at:
            raise ValidationError(
                {"crossings": _("The entry into the host state lies in the past.")}
            )
        flight.ring_at(None)
        act.save(flight)


def _save_rows(draft: Revision, kind: str, rows: Iterable[Form]) -> None:
    """Let a table of the draft say exactly these rows, numbered from 1."""
    model, names = ROWS[kind]
    kept = {row.number: row for row in model.objects.filter(revision=draft)}
    for number, items in enumerate(rows, start=1):
        row = kept.pop(number, None) or model(
            exercise=draft.exercise,
            revision=draft,
            number=number,
            ref=f"{draft.ref}/{kind}/{number}",
        )
        for name in names:
            setattr(row, name, items.get(name, model._meta.get_field(name).get_default()))  # type: ignore[union-attr]
        _check_items(row, names)
        act.save(row)
    for row in kept.values():
        act.delete(row)


def _check_items(row: Revision | Crossing | DangerousGood, items: Iterable[str]) -> None:
    others = {field.name for field in row._meta.concrete_fields} - {*items}
    row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)


def _owe(row: FlightRequest | Movement, step: str, *, at: datetime) -> None:
    """Let `step` be owed on this row from `at` on, by the agreement's allowance."""
    row.owe(step, at=at, due_at=reckon(row.flight, step, since=at).due_at)


def _owe_report(movement: Movement, *, at: datetime) -> None:
    ended_at = movement.ended_flight_at
    assert ended_at is not None  # noqa: S101 - the caller recorded it
    owed = reckon(movement.flight, "report", since=ended_at)
    movement.owe("report", at=at, due_at=owed.due_at, since=ended_at)
    act.save(movement)


def _end_unflown(movement: Movement, *, at: datetime) -> None:
    movement.not_flown(at=at)
    movement.settle()
    act.save(movement)
    flight = movement.flight
    _close_if_over(flight, at=at)
    act.save(flight)


def _close_if_over(flight: FlightRequest, *, at: datetime) -> None:
    """End the case once the answer is sent and no aircraft is left open."""
    if flight.replied_at and flight.closed_at is None:
        movements = list(flight.movements.all())
        if movements and all(movement.status in ENDED for movement in movements):
            flight.closed_at = at


def _after_entry(movement: Movement, item: str, moment: datetime, *, at: datetime) -> None:
    _not_in_future(item, moment, at=at)
    if movement.entered_at and moment <= movement.entered_at:
        raise ValidationError({item: _("This is not after the entry.")})


def _not_in_future(item: str, moment: datetime, *, at: datetime) -> None:
    if moment > at:
        raise ValidationError({item: _("This lies in the future of the exercise.")})
