"""The one door to the exercise itself: its opening, its clock, its seats, its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import act, timeline
from audit.models import Erasure, Event
from audit.replay import row_models
from control.verbs import VERBS
from exercises import calendars, clock
from exercises.models import (
    HOST_ROLES,
    REQUESTER_ROLES,
    Exercise,
    Heartbeat,
    Help,
    Pace,
    Role,
    Seat,
)
from transit import agreements, rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.contrib.auth.models import User

#: With people seated simulated time runs at most so much faster; beyond that, jump.
FASTEST_WHEN_SEATED = 60
FASTEST = 86_400

#: An exercise starts so long before its calendar ends that every date in it can be counted.
LONGEST = timedelta(days=90)


def nobody(exercise: Exercise, at: datetime) -> None:
    """Seat nobody."""


def create(
    name: str,
    *,
    at: datetime,
    agreement: str = agreements.SHIPPED,
    calendar_version: str = calendars.LATEST,
    rules_version: str = rules.LATEST,
    help: Help = Help.OPEN,
    solo: bool = False,
    provisional: bool = False,
    then: Callable[[Exercise, datetime], None] = nobody,
) -> Exercise:
    """Create an exercise that starts at `at`, paused, with every seat empty.

    Pins the agreement's newest version, the rule set and the calendar. `then` seats people by
    `sit` in the same act: an exercise stands as it was meant or not at all. Raises
    `agreements.UnknownAgreement`, `calendars.UnknownCalendarError`, `ValueError` for a help that
    there is not, or `ValidationError` for a start that the calendar cannot count from.
    """
    agreement_version = agreements.latest(agreement)
    states = agreements.load(agreement, agreement_version).states
    for state in states:
        office = calendars.office(calendar_version, state)
        if not office.first_day <= at.date() <= office.last_day - LONGEST:
            raise ValidationError({"at": _("The calendar does not know this year.")})
    exercise = Exercise(
        name=name,
        agreement=agreement,
        agreement_version=agreement_version,
        calendar_version=calendar_version,
        rules_version=rules_version,
        help=Help(help),
        solo=solo,
        provisional=provisional,
        opened_at=at,
        sim_anchor=at,
        wall_anchor=clock.wall(),
        last_at=at,
    )
    with act.opening(exercise, at=at):
        open_exercise(exercise, by=None, at=at, states=list(states))
        then(exercise, at)
    exercise.refresh_from_db()
    return exercise


def open_for(
    user: User,
    name: str,
    *,
    at: datetime,
    solo: bool,
    agreement: str = agreements.SHIPPED,
    help: Help = Help.OPEN,
) -> Exercise:
    """Create an exercise with `user` as its instructor; alone, as the holder of every seat.

    Alone, time runs step by step. Raises what `create` raises.
    """

    def settle(exercise: Exercise, at: datetime) -> None:
        instructor = exercise.seats.get(role=Role.INSTRUCTOR)
        instructor.taken_by = user
        for seat in exercise.seats.order_by("pk") if solo else [instructor]:
            sit(seat, by=instructor, at=at, holder=user.get_username())
        if solo:
            step(exercise, by=instructor, at=at)

    return create(name, at=at, agreement=agreement, solo=solo, help=help, then=settle)


@act.verb(VERBS)
def open_exercise(exercise: Exercise, *, by: None, at: datetime, states: list[str]) -> Exercise:
    """Put the new exercise and its seats on record."""
    act.save(exercise)
    roles = (*REQUESTER_ROLES, *HOST_ROLES)
    for state, role in [
        *((state, role) for state in states for role in roles),
        ("", Role.INSTRUCTOR),
    ]:
        act.save(Seat(exercise=exercise, state=state, role=role))
    return exercise


@act.verb(VERBS)
def pause(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Stop simulated time. Only the clock changes."""
    exercise.pace = Pace.RATE
    exercise.anchor(at=at, wall=clock.wall(), rate=0)
    act.save(exercise)
    return exercise


@act.verb(VERBS)
def run(exercise: Exercise, *, by: Seat, at: datetime, rate: int) -> Exercise:
    """Let simulated time run `rate` times as fast as real time.

    Raises `ValidationError` for a rate that is none, or too fast while people are seated.
    """
    most = fastest(exercise)
    if not 1 <= rate <= most:
        raise ValidationError(
            {
                "rate": _("Choose a rate from 1 to %(fastest)d; with people seated, jump instead.")
                % {"fastest": most}
            }
        )
    exercise.pace = Pace.RATE
    exercise.anchor(at=at, wall=clock.wall(), rate=rate)
    act.save(exercise)
    return exercise


@act.verb(VERBS)
def step(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Let the clock stand while a seated person has open work, then run to the next step."""
    exercise.pace = Pace.STEP
    exercise.anchor(at=at, wall=clock.wall(), rate=0)
    act.save(exercise)
    return exercise


@act.verb(VERBS)
def jump(exercise: Exercise, *, by: Seat, at: datetime, to: datetime) -> Exercise:
    """Set the clock forward; what falls due on the way happens at its own moments, afterwards.

    Raises `ValidationError` if `to` is not ahead, or beyond the calendar.
    """
    if to <= at:
        raise ValidationError({"to": _("Simulated time only runs forward.")})
    if to.date() >= last_day(exercise):
        raise ValidationError({"to": _("The calendar does not know this year.")})
    exercise.anchor(at=to, wall=clock.wall(), rate=exercise.rate)
    act.save(exercise)
    return exercise


@act.verb(VERBS)
def advance(exercise: Exercise, *, by: None, at: datetime, to: datetime) -> Exercise:
    """In step pace, run to where the next step opens or falls due."""
    exercise.anchor(at=to, wall=clock.wall(), rate=0)
    act.save(exercise)
    return exercise


@act.verb(VERBS)
def try_again(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Lift the halt after its cause was mended; if it was not, the timeline stops again."""
    exercise.halted = ""
    exercise.anchor(at=max(exercise.sim_anchor, at), wall=clock.wall(), rate=exercise.rate)
    exercise.save(update_fields=["halted", "wall_anchor"])  # no part of the record
    act.save(exercise)
    return exercise


@act.verb(VERBS)
def sit(seat: Seat, *, by: Seat, at: datetime, holder: str) -> Seat:
    """Give an empty seat to a user. Raises `ValidationError` if there is no such user."""
    user = get_user_model().objects.filter(username=holder).first()
    if user is None:
        raise ValidationError({"holder": _("There is no such user.")})
    seat.holder = user
    act.save(seat)
    return seat


@act.verb(VERBS)
def vacate(seat: Seat, *, by: Seat, at: datetime) -> Seat:
    """Empty a seat."""
    seat.holder = None
    act.save(seat)
    return seat


@act.verb(VERBS)
def end(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """End the exercise; nothing happens in it any more."""
    exercise.pace = Pace.RATE
    exercise.anchor(at=at, wall=clock.wall(), rate=0)
    exercise.ended_at = at
    act.save(exercise)
    return exercise


def erase(exercise: Exercise, *, by: User) -> Erasure:
    """Delete a whole exercise with its record, leaving only that it was erased.

    The one way out of the append-only record; it cannot be undone.
    """
    with transaction.atomic(durable=True):
        locked = Exercise.objects.locked(exercise.pk)
        erasure = Erasure.objects.create(
            exercise=locked.pk,
            name=locked.name,
            seq=locked.seq,
            head=locked.head,
            by=by.get_username(),
            recorded_at=clock.wall(),
        )
        Event.objects.filter(exercise=locked).delete()
        Heartbeat.objects.filter(exercise=locked).delete()
        for model in reversed(row_models()):
            rows = model._default_manager.filter(exercise=locked)
            rows._raw_delete(rows.db)
        locked.delete()
    return erasure


def next_stop(exercise: Exercise, *, at: datetime) -> datetime | None:
    """Return where a jump to the next happening leads: one second past the opening or alarm.

    The second lets what is due happen, for people precede the clock at one moment.
    """
    moment = timeline.next_moment(exercise, after=at)
    stop = moment and max(moment, at) + timedelta(seconds=1)
    return stop if stop and stop.date() < last_day(exercise) else None


def last_day(exercise: Exercise) -> date:
    """Return the last day that the pinned calendar knows for both states."""
    states = agreements.of(exercise).states
    return min(calendars.office(exercise.calendar_version, state).last_day for state in states)


def fastest(exercise: Exercise) -> int:
    """Return the highest rate at which simulated time may run now."""
    return FASTEST_WHEN_SEATED if players(exercise) else FASTEST


def players(exercise: Exercise) -> int:
    """Return how many seats but the instructor's have a holder."""
    return exercise.seats.exclude(holder=None).exclude(role=Role.INSTRUCTOR).count()
