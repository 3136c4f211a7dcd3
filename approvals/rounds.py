"""Rounds: who is asked, who has answered, whose clock stands, and when the desks are through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from approvals.models import (
    Answer,
    Concurrence,
)
from audit import acts
from books import calendars
from casework.duties import reckon, reckon_allowance
from transit import drafting
from transit.models import (
    FlightRequest,
    FlightStatus,
    Revision,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from casework.duties import Owed, Reckoning
    from exercises.models import Exercise

#: What follows from the entry and no calendar, or from both.
UNCOUNTED = ("flight_plan", "condition")


def latest_round(flight: FlightRequest) -> list[Concurrence]:
    """Return each desk's latest answer that was not dropped, in the order they were opened."""
    latest: dict[str, Concurrence] = {}
    for row in sorted(flight.concurrences.all(), key=lambda row: (row.round, row.pk)):
        if row.answer != Answer.DROPPED:
            latest[row.desk] = row
    return sorted(latest.values(), key=lambda row: (row.definition.is_lead, row.pk))


def pauses(flight: FlightRequest, *, desk: str = "") -> list[calendars.Pause]:
    """Return when a desk's clock stood, or without a desk the overall clock: its questions."""
    asked = [row for row in flight.questions.all() if not desk or row.desk == desk]
    return [
        calendars.Pause(row.asked_at, None if row.looks_open else row.answered_at or row.dropped_at)
        for row in asked
    ]


def awaits_answer(flight: FlightRequest) -> bool:
    """Say whether a question to the requesting side is open."""
    return any(question.is_awaited for question in flight.questions.all())


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


def open_rounds(flight: FlightRequest, desks: Iterable[str], *, at: datetime) -> None:
    """Ask these desks, each in its next round. All but the lead desk owe their answer at once."""
    acts.save(*[_next_round(flight, desk, at=at) for desk in desks])


def _next_round(flight: FlightRequest, desk: str, *, at: datetime) -> Concurrence:
    rounds = (row.round for row in flight.concurrences.all() if row.desk == desk)
    row = Concurrence(desk=desk, round=max(rounds, default=0) + 1)
    row.of_flight(flight, f"concurrence/{desk}/{row.round}")
    if not flight.agreement.desks[desk].is_lead:
        row.owe("desk", at=at, due_at=reckon(flight, "desk", since=at).due_at)
    return row


def ask_again(flight: FlightRequest, desks: set[str], *, at: datetime) -> None:
    """Open a new round for these desks, and for the lead desk if it has answered."""
    latest = {row.desk: row for row in latest_round(flight)}
    lead = flight.agreement.lead_desk.code
    if not latest[lead].is_pending:
        desks = desks | {lead}
    again = sorted(desks & latest.keys())
    for desk in again:
        if latest[desk].is_pending and desk != lead:
            drop_answer(latest[desk])
    open_rounds(flight, again, at=at)
    reopen(flight)


def reopen(flight: FlightRequest) -> None:
    """Take a case that awaits its decision back to the desks; elsewhere it stays where it is."""
    if flight.status == FlightStatus.DECISION_PENDING:
        flight.reopen()
        flight.settle()
        acts.save(flight)


def count_again(exercise: Exercise, *, at: datetime) -> None:
    """Count again what is promised for later, after offices have closed days.

    What fell due before `at` stays; the check of a flight plan follows the entry and no calendar.
    """
    for flight in FlightRequest.objects.filter(exercise=exercise).order_by("number"):
        flight.exercise = exercise
        rows: tuple[Owed, ...] = (
            flight,
            *flight.movements.all(),
            *flight.concurrences.all(),
            *flight.questions.all(),
            *flight.measures.all(),
            *flight.conditions.all(),
        )
        for row in rows:
            if row.owed_since and row.due_at and row.due_at >= at and row.duty not in UNCOUNTED:
                _count_again(row, at=at)


def _count_again(row: Owed, *, at: datetime) -> None:
    assert row.owed_since is not None  # noqa: S101 - only what is owed is counted again
    stood = pauses(row.flight, desk=row.desk) if isinstance(row, Concurrence) else ()
    due_at = reckon(row.of, row.duty, since=row.owed_since, pauses=stood).due_at
    if due_at != row.due_at:
        row.owe(row.duty, at=at, due_at=due_at, opens_at=row.opens_at, since=row.owed_since)
        acts.save(row)


def drop_answer(row: Concurrence) -> None:
    row.answer = Answer.DROPPED
    row.settle()
    acts.save(row)


def go_on(flight: FlightRequest, *, at: datetime) -> None:
    """Recount what is owed, and call for the decision once nothing is open."""
    if flight.status != FlightStatus.UNDER_REVIEW:
        return
    recount(flight, at=at)
    if awaits_answer(flight) or any(row.is_pending for row in latest_round(flight)):
        return
    flight.await_decision()
    flight.owe("decision", at=at, due_at=reckon(flight, "decision", since=at).due_at)
    acts.save(flight)


def recount(flight: FlightRequest, *, at: datetime) -> None:
    """Set every pending desk's date anew: its questions stop its clock.

    The lead desk owes nothing until the others have answered and no question is open.
    """
    rows = [row for row in latest_round(flight) if row.is_pending]
    is_open = awaits_answer(flight)
    for row in rows:
        if row.definition.is_lead:
            waits = is_open or any(one is not row for one in rows)
            if waits and row.duty:
                row.settle()
            elif not waits and not row.duty:
                row.owe("lead_desk", at=at, due_at=reckon(flight, "lead_desk", since=at).due_at)
        else:
            _recount_desk(row, at=at)
        acts.save(row)


def _recount_desk(row: Concurrence, *, at: datetime) -> None:
    assert row.owed_since is not None  # noqa: S101 - a pending desk owes its answer
    flight = row.flight
    due_at = reckon(
        flight, "desk", since=row.owed_since, pauses=pauses(flight, desk=row.desk)
    ).due_at
    if due_at == row.due_at:
        return
    row.owe("desk", at=at, due_at=due_at, since=row.owed_since)


def take_in_supplement(flight: FlightRequest, *, at: datetime) -> None:
    """Let the new revision count, and ask the desks again whose answers it voids.

    After a decision that the requesting side does not know of, the paper is filed, no more.
    """
    if flight.is_secretly_decided:
        return
    old, new = [row for row in flight.revisions.all() if row.enclosed_at][-2:]
    flight.version += 1
    alarm_at = None if flight.alarm_at == flight.entry_at else flight.alarm_at
    flight.entry_at = drafting.entry_of(new)
    flight.ring_at(alarm_at)
    since = flight.owed_since
    due_at = reckon(flight, flight.duty, since=since).due_at if since else None
    if due_at != flight.due_at:
        flight.owe(flight.duty, at=at, due_at=due_at, since=since)
    acts.save(flight)
    voided = flight.agreement.voided_by(changed_items(old, new))
    if voided:
        ask_again(flight, voided, at=at)


def changed_items(old: Revision, new: Revision) -> set[str]:
    """Return the form items in which two revisions differ; `crossings`, `goods` for their rows."""
    changed = {item for item in Revision.form_items() if getattr(old, item) != getattr(new, item)}
    tables = {"crossings": drafting.CROSSING_ITEMS, "goods": drafting.GOOD_ITEMS}
    for table, items in tables.items():
        rows = [
            [tuple(getattr(row, item) for item in items) for row in getattr(one, table).all()]
            for one in (old, new)
        ]
        if rows[0] != rows[1]:
            changed.add(table)
    return changed
