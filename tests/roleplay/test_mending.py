"""Planners who are role-played mend what they are asked about and what comes back; some insist."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from annual.models import AnnualClearance
from audit import acts, verification
from audit.models import Event
from control import actions, practice
from exercises.models import Exercise, Role
from scenarios import book, conduct, generation
from tests import playing
from tests.roleplay.turning import cast, moves
from transit.models import FlightRequest, FlightStatus

if TYPE_CHECKING:
    from datetime import datetime

    from scenarios.keys import Case

pytestmark = pytest.mark.django_db

#: For a desk a kind of mistake that blocks, and how hard it is.
KINDS = {
    Role.SECURITY: ("NEQ_MISSING", 2),
    Role.AIR_DEFENCE: ("WRONG_DEPARTURE", 3),
    Role.REGISTRY: ("PRINCIPAL_MISSING", 2),
}


@cache
def case_of(desk: Role) -> Case:
    """The first dossier of a desk with its kind of mistake, and no other."""
    kind, difficulty = KINDS[desk]
    series = (
        generation.case(11, number, desk=desk, difficulty=difficulty, clean_share=0)
        for number in range(1, 100)
    )
    return next(case for case in series if [one.kind for one in case.key.defects] == [kind])


def begun(
    case: Case, *, seed: int = 7, planner: str = "careful", desk: str = "careful"
) -> Exercise:
    """An exercise of role-players alone, to which the dossier is given."""

    def settle(exercise: Exercise, at: datetime) -> None:
        control = exercise.seats.get(role=Role.INSTRUCTOR)
        conduct.give(exercise, by=control, at=at, dossiers=[practice.given(case)])

    assert case.dossier.received_at is not None
    profiles = {
        f"{case.dossier.requesting_state}-PLANNER": planner,
        f"{case.dossier.host}-SECURITY": desk,
    }
    return actions.create(
        "Mending",
        at=case.dossier.received_at - practice.BEFORE,
        seed=seed,
        cast=cast() | profiles,
        then=settle,
    )


def run(exercise: Exercise, case: Case, *, steps: int = 1) -> FlightRequest:
    """Let it run until long after the flight."""
    first, last = exercise.opened_at, case.dossier.entry["entry_at"] + timedelta(days=60)
    for step in range(1, steps + 1):
        to = first + (last - first) * step / steps
        playing.conduct(exercise, "jump", to=to.replace(microsecond=0))
        acts.let_time_pass(exercise)
    exercise.refresh_from_db()
    assert exercise.halted == ""
    assert verification.faults(exercise) == []
    return FlightRequest.objects.get(exercise=exercise)


def done(exercise: Exercise, *verbs: str) -> list[str]:
    return [verb for _seat, verb in moves(exercise) if verb in verbs]


MENDING = ("begin_supplement", "edit", "release_supplement", "answer")


def test_beside_the_register_of_the_dossiers_either_state_has_a_number_left() -> None:
    exercise = begun(case_of(Role.SECURITY))
    after = [
        AnnualClearance.next_of(exercise, requesting_state=one, host=other).reference
        for one, other in (("TR", "KZ"), ("KZ", "TR"))
    ]
    assert after == ["TR-KZ-A0013", "KZ-TR-A5013"]


@pytest.mark.parametrize("desk", [Role.AIR_DEFENCE, Role.SECURITY])
def test_what_a_desk_asks_about_is_mended_by_a_supplement(desk: Role) -> None:
    case = case_of(desk)
    exercise = begun(case)
    flight = run(exercise, case)

    assert done(exercise, *MENDING) == [*MENDING]
    [question] = flight.questions.all()
    assert question.reply.startswith("Mended on the form enclosed: ")
    assert (flight.status, bool(flight.closed_at)) == (FlightStatus.AUTHORIZED, True)


def test_what_comes_back_is_reworked_and_sent_again() -> None:
    case = case_of(Role.REGISTRY)
    exercise = begun(case)
    flight = run(exercise, case)

    course = ("send_back", "revise", "edit", "request_release", "release", "transmit", "register")
    assert done(exercise, *course) == [*course]
    assert flight.status == FlightStatus.AUTHORIZED


def test_some_insist_and_are_refused() -> None:
    case = case_of(Role.SECURITY)
    exercise = begun(case, planner="insisting")
    flight = run(exercise, case)

    assert done(exercise, *MENDING) == ["answer"]
    assert flight.questions.get().reply.startswith("As it was meant: ")
    assert flight.status == FlightStatus.REFUSED


def test_a_sloppy_planner_forgets_by_seed() -> None:
    case = case_of(Role.SECURITY)
    mended = set()
    for seed in range(8):
        exercise = begun(case, seed=seed, planner="sloppy")
        run(exercise, case)
        mended.add("edit" in done(exercise, "edit"))
    assert mended == {True, False}


def test_what_is_insisted_on_and_cannot_go_out_waits_for_a_person() -> None:
    case = case_of(Role.REGISTRY)
    exercise = begun(case, planner="insisting")
    flight = run(exercise, case)

    assert done(exercise, "send_back", "revise", "edit") == ["send_back", "revise"]
    assert flight.status == FlightStatus.LAPSED


def test_one_jump_equals_many_ticks_where_a_form_is_mended() -> None:
    case = case_of(Role.SECURITY)
    told: list[list[Any]] = []
    for steps in (1, 7, 311):
        exercise = begun(case)
        run(exercise, case, steps=steps)
        events = Event.objects.filter(exercise=exercise).in_order()
        told.append([event.body for event in events if not event.payload["conduct"]])
    assert told[0] == told[1] == told[2]


def test_a_decoy_is_explained_and_nothing_is_changed() -> None:
    series = (
        generation.case(11, number, desk=Role.SECURITY, difficulty=2, clean_share=1)
        for number in range(1, 200)
    )
    case = next(one for one in series if "CAMERA_SEALED" in {it.kind for it in one.key.decoys})
    exercise = begun(case, desk="inquiring")
    flight = run(exercise, case)

    [question] = flight.questions.all()
    assert str(book.decoys()["CAMERA_SEALED"].says) in question.reply
    assert done(exercise, *MENDING) == ["answer"]
    assert flight.status == FlightStatus.AUTHORIZED


@pytest.mark.parametrize("planner", ["careful", "sloppy", "insisting"])
def test_whatever_was_planted_the_timeline_goes_on_and_every_request_ends(planner: str) -> None:
    for number in range(1, 11):
        case = generation.case(5, number, desk=None, difficulty=1 + number % 5, clean_share=0)
        flight = run(begun(case, planner=planner), case)
        kinds = [one.kind for one in case.key.defects]
        assert flight.entry_at is not None
        if flight.entry_at < flight.exercise.sim_anchor:  # not mended by a day months ahead
            assert (flight.turn_at, bool(flight.closed_at)) == (None, True), kinds
