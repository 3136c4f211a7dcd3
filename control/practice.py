"""Practice: an exercise in which one person sits at one desk, and role-players everywhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from audit import acts
from audit.models import Event
from audit.refusals import NotNow
from books import agreements
from casework import work
from control import actions, openings
from exercises import clock
from exercises.models import HOST_ROLES, Exercise, Help, Role, Seat
from roleplay.profiles import CAREFUL, TRUSTING
from scenarios import conduct, generation
from scenarios.dossier import PARTIES
from scenarios.models import Assignment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from django.contrib.auth.models import User

    import casework.models
    from control.openings import Opener
    from scenarios.keys import Case
    from scenarios.models import Purpose, Sitting

#: Where one practises. What a deputy decides is what the decider does.
DESKS = tuple(desk for desk in generation.DESKS if desk != Role.DEPUTY)

#: The exercise begins so long before its first note comes in.
BEFORE = timedelta(hours=1)


def dossiers(
    seed: int, number: int, *, desk: Role, difficulty: int, clean_share: float
) -> list[Case]:
    """Return so many dossiers for a desk from a seed, in the order in which their notes come in."""
    drawn = series(seed, desk=desk, difficulty=difficulty, clean_share=clean_share)
    return in_order(islice(drawn, number))


def series(seed: int, *, desk: Role, difficulty: int, clean_share: float) -> Iterator[Case]:
    """Give the dossiers of a seed for a desk, without end, by their numbers.

    Those that the desk is asked about, all in the direction of the first: one seat meets them.
    """
    every = (
        generation.case(seed, nth, desk=desk, difficulty=difficulty, clean_share=clean_share)
        for nth in count(1)
    )
    asked = (case for case in every if case.dossier.asks(desk))
    first = next(asked)
    yield first
    yield from (case for case in asked if case.dossier.host == first.dossier.host)


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Return dossiers in the order in which their notes come in."""
    return sorted(cases, key=moment)


def moment(case: Case) -> datetime:
    """Return when the note of a dossier comes in."""
    assert case.dossier.received_at is not None  # noqa: S101 - a dossier has been sent
    return case.dossier.received_at


def open_sitting(
    purpose: Purpose,
    cases: list[Case],
    *,
    desk: Role,
    seed: int,
    person: User,
    level: int = 1,
    minutes: int | None = None,
    exam: int | None = None,
    instructor: User | None = None,
    help_shown: Help = Help.OFF,
    chosen: Mapping[str, str] | None = None,
    called: str = "",
    opener: Opener | None = None,
) -> tuple[Exercise, Seat]:
    """Open an exercise with these dossiers, in which `person` sits at a desk of their host.

    It is `called` so, else by what it is for.

    Everybody else is a role-player: the desks trust what they are given, so that the desk's own
    matter is left to it. Time runs step by step, and stands while the desk has work. The
    instructor's seat, from which keys can be read, is nobody's, or that of an exam's `instructor`.
    """
    host = cases[0].dossier.host
    mine = f"{host}-{desk}"
    cast = {key: _profile(key, host) for key in actions.seat_keys(PARTIES) if key != mine}

    def settle(exercise: Exercise, at: datetime) -> None:
        control = exercise.seats.get(role=Role.INSTRUCTOR)
        control.taken_by = instructor or person
        if instructor is not None:
            actions.sit(control, by=control, at=at, holder=instructor.get_username())
        seat = exercise.seats.get(state=host, role=desk)
        actions.sit(seat, by=control, at=at, holder=person.get_username())
        conduct.begin(
            exercise,
            by=control,
            at=at,
            purpose=purpose,
            seat=mine,
            level=level,
            minutes=minutes,
            exam=exam,
        )
        conduct.give(exercise, by=control, at=at, dossiers=[given(case, chosen) for case in cases])
        actions.step(exercise, by=control, at=at)

    exercise = actions.create(
        f"{called or purpose.label}: {desk.label}",
        at=moment(cases[0]) - BEFORE,
        agreement=agreements.SHIPPED,
        help_shown=help_shown,
        solo=True,
        cast=cast,
        seed=seed,
        opener=opener,
        then=settle,
    )
    make_room(person)
    return exercise, exercise.seats.get(role=desk, holder=person)


def make_room(person: User) -> None:
    """End what a person left standing of practices and first flights, beyond so many."""
    for sitting in openings.over(person):
        end(sitting, why="ROOM")


def end(sitting: Sitting, *, why: str) -> None:
    """End the exercise of a sitting, unless it has ended: its time is up, or its person is done."""
    try:
        with acts.act(sitting.exercise, catch_up=False) as at:
            actions.be_over(sitting.exercise, by=None, at=at, why=why)
    except NotNow:  # somebody was first
        pass
    sitting.exercise.refresh_from_db()


def seconds_left(sitting: Sitting) -> int | None:
    """Return how long a sitting still lasts, in real time; None: without end."""
    if sitting.minutes is None:
        return None
    ends = began_at(sitting) + timedelta(minutes=sitting.minutes)
    return max(int((ends - clock.wall()).total_seconds()), 0)


def begun_minutes(seconds: int) -> int:
    """Return seconds in minutes, begun ones counted."""
    return -(-seconds // 60)


def began_at(sitting: Sitting) -> datetime:
    """Return when a sitting began, in real time."""
    return Event.objects.filter(exercise=sitting.exercise_id).earliest("seq").recorded_at


def give(sitting: Sitting, case: Case, chosen: Mapping[str, str]) -> None:
    """Give a sitting its next dossier, and why it was chosen; nothing while one is at hand."""
    exercise = sitting.exercise
    control = exercise.seats.get(role=Role.INSTRUCTOR)
    control.taken_by = sitting.seat.holder
    with acts.act(exercise, by=control) as at:
        left = Assignment.objects.filter(exercise=exercise).at_hand(sitting.seat)
        if not left.exists():  # another tab was first
            conduct.give(exercise, by=control, at=at, dossiers=[given(case, chosen)])


def given(case: Case, chosen: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a case as it is given, with the number that its flight plan takes for issued.

    Where it was `chosen` for somebody, its key says why.
    """
    said = case.as_data()
    said["key"] |= {"chosen": dict(chosen)} if chosen else {}
    clearance = case.dossier.authorization().number if case.dossier.plan else ""
    return said | {"clearance": clearance}


def _profile(key: str, host: str) -> str:
    """The host's other desks leave to the one at practice what is its own."""
    state, _dash, role = key.partition("-")
    return TRUSTING if state == host and role in HOST_ROLES else CAREFUL


def pass_on(
    exercise: Exercise,
    seat: Seat,
    *,
    over_work: bool = False,
    but: Collection[str] = (),
) -> casework.models.Case | None:
    """Let time pass until the desk has work, at least one step if `over_work`; return on what.

    Work on the cases of the references in `but` is passed over. None: nothing comes any more.
    """
    waits: casework.models.Case | None = None
    passes = over_work

    def is_reached(at: datetime) -> bool:
        nonlocal waits, passes
        if passes or not work.count(exercise, at, seat=seat).number:
            passes = False
            return False
        mine = (one for one in work.open_work(exercise, at) if one.is_of(seat))
        waits = next((one.case for one in mine if one.case.reference not in but), None)
        return waits is not None

    pass_until(exercise, is_reached)
    return waits


def pass_until(
    exercise: Exercise,
    is_reached: Callable[[datetime], bool],
    *,
    until: datetime | None = None,
) -> bool:
    """Let time pass, over open work too, until something is reached, or until a moment.

    It is asked before each stretch, under the lock: what came meanwhile is not passed over. Return
    False where nothing comes any more.
    """
    while True:
        exercise.refresh_from_db()
        with acts.act(exercise) as at:
            if is_reached(at) or (until is not None and at >= until):
                return True
            to = actions.next_stop(exercise, at=at)
            if to is None:
                return False
            actions.advance(exercise, by=None, at=at, to=min(to, until) if until else to)
        acts.let_time_pass(exercise)
