"""Practice: an exercise in which one person sits at one desk, and role-players everywhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit import acts
from books import agreements
from casework import work
from control import actions
from exercises.models import HOST_ROLES, Exercise, Help, Role, Seat
from roleplay.profiles import CAREFUL, TRUSTING
from scenarios import conduct, generation
from scenarios.dossier import PARTIES

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from scenarios.keys import Case

#: Where one practises. What a deputy decides is what the decider does.
DESKS = tuple(desk for desk in generation.DESKS if desk != Role.DEPUTY)

#: The exercise begins so long before its first note comes in.
BEFORE = timedelta(hours=1)


def dossiers(
    seed: int, number: int, *, desk: Role, difficulty: int, clean_share: float
) -> list[Case]:
    """Return so many dossiers for a desk from a seed, in the order in which their notes come in.

    Those that the desk is asked about, all in the direction of the first: one seat meets them.
    """
    every = (
        generation.case(seed, nth, desk=desk, difficulty=difficulty, clean_share=clean_share)
        for nth in count(1)
    )
    series = (case for case in every if is_asked(desk, case))
    first = next(series)
    others = (case for case in series if case.dossier.host == first.dossier.host)
    return sorted([first, *islice(others, number - 1)], key=_moment)


def is_asked(desk: Role, case: Case) -> bool:
    """Say whether a desk is asked about a dossier: under an annual number fewer are."""
    revision = case.dossier.revision()
    agreement = revision.flight.agreement
    if desk not in agreement.desks:
        return True
    if agreement.annual and revision.track.code == agreement.annual.track:
        return desk in agreement.annual.desks
    return agreement.desks[desk].when == "always"


def _moment(case: Case) -> datetime:
    assert case.dossier.received_at is not None  # noqa: S101 - a dossier has been sent
    return case.dossier.received_at


def open_practice(
    cases: list[Case], *, desk: Role, seed: int, holder: User, help_shown: Help = Help.AFTER
) -> tuple[Exercise, Seat]:
    """Open an exercise with these dossiers, in which `holder` sits at a desk of their host.

    Everybody else is a role-player: the desks trust what they are given, so that the desk's own
    matter is left to it. Time runs step by step, and stands while the desk has work.
    """
    host = cases[0].dossier.host
    seats = actions.seat_keys(PARTIES)
    cast = {key: _profile(key, host) for key in seats if key != f"{host}-{desk}"}

    def settle(exercise: Exercise, at: datetime) -> None:
        instructor = exercise.seats.get(role=Role.INSTRUCTOR)
        instructor.taken_by = holder
        mine = exercise.seats.get(state=host, role=desk)
        actions.sit(instructor, by=instructor, at=at, holder=holder.get_username())
        actions.sit(mine, by=instructor, at=at, holder=holder.get_username())
        conduct.give(exercise, by=instructor, at=at, dossiers=[_data(case) for case in cases])
        actions.step(exercise, by=instructor, at=at)

    exercise = actions.create(
        _("Practice: %(desk)s") % {"desk": desk.label},
        at=_moment(cases[0]) - BEFORE,
        agreement=agreements.SHIPPED,
        help_shown=help_shown,
        solo=True,
        cast=cast,
        seed=seed,
        then=settle,
    )
    return exercise, exercise.seats.get(state=host, role=desk)


def _data(case: Case) -> dict[str, Any]:
    """Return a case as it is given, with the number that its flight plan takes for issued."""
    clearance = case.dossier.authorization().number if case.dossier.plan else ""
    return case.as_data() | {"clearance": clearance}


def _profile(key: str, host: str) -> str:
    """The host's other desks leave to the one at practice what is its own."""
    state, _dash, role = key.partition("-")
    return TRUSTING if state == host and role in HOST_ROLES else CAREFUL


def pass_on(exercise: Exercise, seat: Seat, *, over_work: bool = False) -> bool:
    """Let time pass until the desk has work, at least one step if `over_work`.

    Say whether there is some, or nothing comes any more.
    """
    while True:
        exercise.refresh_from_db()
        with acts.act(exercise) as at:
            if work.count(exercise, at, seat=seat).number and not over_work:
                return True
            to, over_work = actions.next_stop(exercise, at=at), False
            if to is None:
                return False
            actions.advance(exercise, by=None, at=at, to=to)
        acts.let_time_pass(exercise)
