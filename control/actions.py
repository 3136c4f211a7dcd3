"""The one door to the exercise itself: its opening, its clock, its seats, its days, its end.

Longer than most modules: the verbs of one aggregate, which share their guards.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import rules
from approvals import rounds
from audit import acts, exported, timeline
from audit.acts import verb
from audit.models import Erasure, Event
from audit.refusals import Unseated
from audit.replay import row_models
from books import agreements, calendars
from control import openings
from exercises import clock
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
from exercises.recorded import encode
from roleplay import third_states, turns
from roleplay.profiles import CAREFUL, profiles
from scenarios.exams import no_results_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from django.contrib.auth.models import User

    from audit.exported import Exported
    from control.openings import Opener

#: With people seated simulated time runs at most so much faster; beyond that, jump.
FASTEST_WHEN_SEATED = 60
FASTEST = 86_400

#: An exercise starts so long before its calendar ends that every date in it can be counted.
LONGEST = timedelta(days=90)


#: No office closes longer; what is longer is a slip of the pen.
LONGEST_CLOSURE = timedelta(days=60)

INSTRUCTOR = (Role.INSTRUCTOR,)


def is_running(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    if exercise.rate == 0 and exercise.pace == Pace.RATE:
        return _("The exercise is paused.")
    return None


def steps(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    return None if exercise.pace == Pace.STEP else _("The exercise does not run step by step.")


def seat_is_free(seat: Any, by: Seat | None, at: datetime) -> str | None:
    if seat.holder_id is not None:
        return _("%(holder)s sits there.") % {"holder": seat.holder_name}
    return None


def seat_is_taken(seat: Any, by: Seat | None, at: datetime) -> str | None:
    return None if seat.holder_id else _("Nobody sits there.")


def is_not_the_instructors(seat: Any, by: Seat | None, at: datetime) -> str | None:
    """Without an instructor nobody could seat another one."""
    return _("The instructor's seat is not left empty.") if seat.is_instructor else None


def is_halted(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    return None if exercise.halted else _("The exercise is not halted.")


def is_on_its_way(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    if exercise.sim_anchor > at:
        return None
    return _("The clock has arrived: there is nothing to stop.")


def seat_keys(states: Iterable[str]) -> list[str]:
    """Return the seats that an exercise between these states has, the instructor's apart."""
    return [f"{state}-{role}" for state in states for role in (*REQUESTER_ROLES, *HOST_ROLES)]


def _check_cast(seats: Mapping[str, str], states: Iterable[str]) -> None:
    """Refuse role-players for seats that there are not, and of profiles that there are not."""
    known = seat_keys(states)
    for key, profile in seats.items():
        if key not in known:
            raise ValidationError({"seats": _("There is no seat %(seat)s.") % {"seat": key}})
        if profile not in profiles():
            said = _("There is no such role-player: %(profile)s.") % {"profile": profile}
            raise ValidationError({"seats": said})


def _stand(exercise: Exercise, *, at: datetime) -> None:
    """Let the clock stand at `at`."""
    exercise.pace = Pace.RATE
    exercise.anchor(at=at, wall=clock.wall(), rate=0)


def nobody(exercise: Exercise, at: datetime) -> None:
    """Seat nobody."""


def create(
    name: str,
    *,
    at: datetime,
    agreement: str = agreements.SHIPPED,
    calendar_version: str = calendars.LATEST,
    rules_version: str = rules.LATEST,
    help_shown: Help = Help.OPEN,
    solo: bool = False,
    provisional: bool = False,
    cast: Mapping[str, str] | None = None,
    seed: int = 0,
    opener: Opener | None = None,
    then: Callable[[Exercise, datetime], None] = nobody,
) -> Exercise:
    """Create an exercise that starts at `at`, paused, with every seat empty.

    Pins the agreement's newest version, the rule set and the calendar. `cast` gives seats, by key,
    to role-players of a profile; `seed` decides what those leave to chance. `then` seats people by
    `sit` in the same act: an exercise stands as it was meant or not at all. For an `opener` whose
    form came before, what it opened then is returned; `NotNow` is raised where they run too many.
    Raises
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
        help=Help(help_shown),
        solo=solo,
        provisional=provisional,
        cast=dict(cast or {}),
        seed=seed,
        opened_at=at,
        sim_anchor=at,
        wall_anchor=clock.wall(),
        last_at=at,
    )
    _check_cast(exercise.cast, states)
    if opener and (had := openings.opened_before(opener)):
        return had
    try:
        with acts.opening(exercise, at=at):
            open_exercise(exercise, by=None, at=at, states=list(states))
            if opener:
                openings.note(exercise, opener)
            then(exercise, at)
    except openings.AlreadyOpened as done:
        return done.exercise
    exercise.refresh_from_db()
    return exercise


def open_for(
    user: User,
    name: str,
    *,
    at: datetime,
    solo: bool,
    agreement: str = agreements.SHIPPED,
    help_shown: Help = Help.OPEN,
    role_players: bool = False,
    opener: Opener | None = None,
) -> Exercise:
    """Create an exercise with `user` as its instructor; alone, as the holder of every seat.

    Alone, time runs step by step. `role_players` play the seats that nobody holds. Raises what
    `create` raises.
    """

    def settle(exercise: Exercise, at: datetime) -> None:
        instructor = exercise.seats.get(role=Role.INSTRUCTOR)
        instructor.taken_by = user
        for seat in exercise.seats.order_by("pk") if solo else [instructor]:
            sit(seat, by=instructor, at=at, holder=user.get_username())
        if solo:
            step(exercise, by=instructor, at=at)

    states = agreements.load(agreement, agreements.latest(agreement)).states
    return create(
        name,
        at=at,
        agreement=agreement,
        solo=solo,
        help_shown=help_shown,
        cast=dict.fromkeys(seat_keys(states), CAREFUL) if role_players else {},
        opener=opener,
        then=settle,
    )


@verb(
    lazy("Open the exercise"),
    lazy("Exercise opened"),
    private=("states",),
)
def open_exercise(exercise: Exercise, *, by: None, at: datetime, states: list[str]) -> Exercise:
    """Put the new exercise and its seats on record."""
    acts.save(exercise)
    roles = (*REQUESTER_ROLES, *HOST_ROLES)
    for state, role in [
        *((state, role) for state in states for role in roles),
        ("", Role.INSTRUCTOR),
    ]:
        acts.save(Seat(exercise=exercise, state=state, role=role))
    return exercise


@verb(
    lazy("Pause"),
    lazy("Clock paused"),
    roles=INSTRUCTOR,
    guards=(is_running,),
    conduct=True,
)
def pause(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Stop simulated time. Only the clock changes."""
    _stand(exercise, at=at)
    acts.save(exercise)
    return exercise


@verb(
    lazy("Run"),
    lazy("Clock set running"),
    roles=INSTRUCTOR,
    shown=("rate",),
    conduct=True,
)
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
    acts.save(exercise)
    return exercise


@verb(
    lazy("Step pace"),
    lazy("Clock set to step pace"),
    roles=INSTRUCTOR,
    conduct=True,
)
def step(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Let the clock stand while a seated person has open work, then run to the next step."""
    exercise.pace = Pace.STEP
    exercise.anchor(at=at, wall=clock.wall(), rate=0)
    acts.save(exercise)
    return exercise


@verb(
    lazy("Jump"),
    lazy("Clock jumped"),
    roles=INSTRUCTOR,
    shown=("to",),
    conduct=True,
)
def jump(exercise: Exercise, *, by: Seat, at: datetime, to: datetime) -> Exercise:
    """Set the clock forward; what falls due on the way happens at its own moments, afterwards.

    Raises `ValidationError` if `to` is not ahead, or beyond the calendar.
    """
    if to <= at:
        raise ValidationError({"to": _("Simulated time only runs forward.")})
    if to.date() >= last_day(exercise):
        raise ValidationError({"to": _("The calendar does not know this year.")})
    exercise.anchor(at=to, wall=clock.wall(), rate=exercise.rate)
    acts.save(exercise)
    return exercise


@verb(
    lazy("Stop here"),
    lazy("Clock stopped on its way"),
    roles=INSTRUCTOR,
    guards=(is_on_its_way,),
    conduct=True,
)
def stop(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Let the clock stand where time has passed to: before what is due first, and has not happened.

    In an act in which time does not pass first.
    """
    _stand(exercise, at=at)
    acts.save(exercise)
    return exercise


@verb(
    lazy("Advance"),
    lazy("Clock ran to the next hand-over"),
    guards=(steps,),
    shown=("to",),
    conduct=True,
)
def advance(exercise: Exercise, *, by: None, at: datetime, to: datetime) -> Exercise:
    """In step pace, run to where the next step opens or falls due."""
    exercise.anchor(at=to, wall=clock.wall(), rate=0)
    acts.save(exercise)
    return exercise


@verb(
    lazy("Close days"),
    lazy("Days closed; what was promised is counted again"),
    roles=INSTRUCTOR,
    shown=("state", "first", "last", "ground"),
)
def close_days(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    state: str,
    first: date,
    last: date | None = None,
    ground: str,
) -> Exercise:
    """Close the offices of a state from `first` to `last`, such as for administrative leave.

    What is promised for later is counted again in the same event. Raises `ValidationError` for
    days that have begun, that the calendar does not know, or on which they are closed anyway.
    """
    if state not in calendars.states(exercise.calendar_version):
        raise ValidationError({"state": _("The calendar has no office of this state.")})
    office, last = exercise.office(state), last or first
    if last < first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if last - first > LONGEST_CLOSURE:
        raise ValidationError({"last": _("No office closes for longer than 60 days.")})
    if first <= office.local(at).date():
        raise ValidationError({"first": _("This day has begun: close a later one.")})
    if last > office.last_day:
        raise ValidationError({"last": _("The calendar does not know this day.")})
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    closing = [day for day in days if office.is_working_day(day)]
    if not closing:
        raise ValidationError({"first": _("The office is closed on these days anyway.")})
    exercise.closures = [
        *exercise.closures,
        *(
            {"state": state, "day": encode(day), "ground": ground, "closed_at": encode(at)}
            for day in closing
        ),
    ]
    acts.save(exercise)
    rounds.count_again(exercise, at=at)
    return exercise


@verb(
    lazy("Try again"),
    lazy("Halt lifted; what is due is tried again"),
    roles=INSTRUCTOR,
    guards=(is_halted,),
    conduct=True,
)
def try_again(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """Lift the halt after its cause was mended; if it was not, the timeline stops again."""
    exercise.halted = ""
    exercise.anchor(at=max(exercise.sim_anchor, at), wall=clock.wall(), rate=exercise.rate)
    exercise.save(update_fields=["halted", "wall_anchor"])  # no part of the record
    acts.save(exercise)
    return exercise


@verb(
    lazy("Seat"),
    lazy("Seat taken"),
    roles=INSTRUCTOR,
    guards=(seat_is_free,),
    shown=("holder",),
    conduct=True,
)
def sit(seat: Seat, *, by: Seat, at: datetime, holder: str) -> Seat:
    """Give an empty seat to a user. Raises `ValidationError` if there is no such user."""
    user = get_user_model().objects.filter(username=holder, is_active=True).first()
    if user is None:
        raise ValidationError({"holder": _("There is no such user.")})
    seat.holder = user
    acts.save(seat)
    return seat


@verb(
    lazy("Vacate"),
    lazy("Seat vacated"),
    roles=INSTRUCTOR,
    guards=(seat_is_taken, is_not_the_instructors),
    conduct=True,
)
def vacate(seat: Seat, *, by: Seat, at: datetime) -> Seat:
    """Empty a seat."""
    seat.holder = None
    acts.save(seat)
    return seat


@verb(
    lazy("Cast role-players"),
    lazy("Seats given to role-players"),
    roles=INSTRUCTOR,
    private=("seats",),
    conduct=True,
)
def cast(exercise: Exercise, *, by: Seat, at: datetime, seats: dict[str, str]) -> Exercise:
    """Let role-players play exactly these seats, each by a profile, while nobody holds them.

    Raises `ValidationError` for a seat or a profile that there is not.
    """
    _check_cast(seats, agreements.of(exercise).states)
    exercise.cast = dict(sorted(seats.items()))
    acts.save(exercise)
    return exercise


@verb(
    lazy("End the exercise"),
    lazy("Exercise ended"),
    roles=INSTRUCTOR,
    guards=(no_results_wait,),
    conduct=True,
)
def end(exercise: Exercise, *, by: Seat, at: datetime) -> Exercise:
    """End the exercise; nothing happens in it any more."""
    return _ended(exercise, at=at)


@verb(
    lazy("Be over"),
    lazy("Exercise ended by itself"),
    shown=("why",),
    conduct=True,
)
def be_over(exercise: Exercise, *, by: None, at: datetime, why: str) -> Exercise:
    """End an exercise in which one person sits alone: the time is up, or nothing is left to do."""
    return _ended(exercise, at=at)


def _ended(exercise: Exercise, *, at: datetime) -> Exercise:
    _stand(exercise, at=at)
    exercise.ended_at = at
    acts.save(exercise)
    return exercise


def import_record(record: Exported) -> Exercise:
    """Make a new exercise of an exported record.

    Raises `exported.Unreadable` if it pins what is not shipped here, or cannot be.
    """
    pins = record.pins
    if pins["agreement"] not in agreements.codes():
        raise exported.Unreadable(f"No agreement {pins['agreement']}.")
    try:
        agreements.load(pins["agreement"], pins["agreement_version"])
        calendars.states(pins["calendar_version"])
    except (agreements.UnknownAgreement, calendars.UnknownCalendarError) as error:
        raise exported.Unreadable(str(error)) from error
    if pins["rules_version"] not in ("", *rules.VERSIONS):
        raise exported.Unreadable(f"No rule set {pins['rules_version']}.")
    exercise = exported.import_record(record)
    turns.plan_all(exercise)
    third_states.plan_all(exercise)
    return exercise


def erase(exercise: Exercise, *, by: User, seat: Seat | None = None) -> Erasure:
    """Delete a whole exercise with its record, leaving only that it was erased.

    The one way out of the append-only record; it cannot be undone. Raises `Unseated` if `by` does
    not hold the `seat` any more from which they erase, read under the lock; without one, whoever
    runs the installation does it.
    """
    with transaction.atomic(durable=True):
        found = [*Exercise.objects.locked(exercise.pk)]
        if seat is not None and not Seat.objects.filter(pk=seat.pk, holder=by).exists():
            raise Unseated(
                _("You are not its instructor any more, or it is erased already. Nothing was done.")
            )
        [locked] = found
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
    return min(exercise.office(state).last_day for state in states)


def fastest(exercise: Exercise) -> int:
    """Return the highest rate at which simulated time may run now."""
    return FASTEST_WHEN_SEATED if players(exercise) else FASTEST


def players(exercise: Exercise) -> int:
    """Return how many seats but the instructor's have a holder."""
    return exercise.seats.exclude(holder=None).exclude(role=Role.INSTRUCTOR).count()
