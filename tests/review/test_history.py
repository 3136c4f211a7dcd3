"""What a person has met is read from the record: dossiers handed in, at their real moments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from audit import verification
from exercises import clock
from exercises.models import Role
from review import choosing, history, marks, sitting
from review.choosing import Why
from scenarios import generation
from scenarios.models import Assignment, Sitting

if TYPE_CHECKING:
    from datetime import datetime

    from review.history import Met

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DESK = Role.SECURITY


def played(officer: str, *, number: int = 3, seed: int = 3, now: datetime | None = None) -> Sitting:
    return sitting.play_chosen(
        officer, desk=DESK, level=2, seed=seed, number=number, now=now or clock.wall()
    )


def test_the_history_of_a_person_is_what_was_handed_in() -> None:
    before = clock.wall()
    one, other = played("perfect"), played("sloppy", seed=4)
    met = history.history_of(one.person, DESK)

    assert verification.faults(other.exercise) == []
    assert [it.sitting for it in met] == 3 * [one.exercise_id] + 3 * [other.exercise_id]
    assert [it.marks.number for it in met] == [1, 2, 3, 1, 2, 3]
    moments = [it.done_at for it in met]
    assert before < moments[0]
    assert moments == sorted(moments)
    assert moments[-1] < clock.wall()
    for it in met[:3]:
        row = Assignment.objects.get(exercise=one.exercise_id, number=it.marks.number)
        assert it.marks in marks.sheet(one.exercise, one.seat).dossiers
        assert it.corridor == row.dossier["corridor"]
        assert it.decoys == tuple(decoy["kind"] for decoy in row.key["decoys"])
        assert it.is_right


def test_the_history_is_that_of_one_desk_one_person_and_the_newest_sittings() -> None:
    one, other = played("perfect", number=1), played("perfect", number=1, seed=4)

    assert history.history_of(one.person, Role.DEFENCE) == []
    assert history.history_of("somebody else", DESK) == []
    [newest] = history.history_of(one.person, DESK, most=1)
    assert newest.sitting == other.exercise_id


def test_notes_come_in_one_after_another_to_one_desk() -> None:
    sat = played("perfect", number=5)
    rows = Assignment.objects.filter(exercise=sat.exercise).select_related("flight")
    notes = [row.flight.received_at for row in rows.order_by("number") if row.flight]
    done = [row.handins.get().made_at for row in rows.order_by("number")]

    assert {row.dossier["host"] for row in rows} == {sat.seat.state}
    reasons = [choosing.reason(row) for row in rows]
    assert all(one and one.before and one.after for one in reasons)
    for handed_in, note in zip(done, notes[1:], strict=False):
        assert note
        assert handed_in < note <= handed_in + generation.WITHIN


def test_what_was_missed_in_a_real_sitting_comes_back_two_days_later() -> None:
    met: list[Met] = []
    for seed in (3, 4):
        met = history.of_sitting(played("authorize-all", number=4, seed=seed))
        if any(it.has_defect for it in met):
            break
    missed = {kind for it in met for kind in it.kinds if it.has_defect}
    now = clock.wall() + timedelta(days=2)

    chosen = [
        choosing.first(sitting.HOLDER, desk=DESK, level=2, seed=seed, now=now) for seed in range(4)
    ]
    again = [it for it in chosen if it.case.key.defects]
    assert again
    for it in again:
        assert it.reason.why == Why.MISSED
        assert it.reason.about in missed


def test_refusing_all_does_not_pay() -> None:
    """Among what is chosen for who refuses all, fewer points than for who has read the key."""
    got = {}
    for officer in ("perfect", "refuse-all"):
        sat = played(officer, number=8)
        sheet = marks.sheet(sat.exercise, sat.seat)
        got[officer] = sheet.points / sheet.of
        assert sheet.decisions_right == (8 if officer == "perfect" else sheet.decisions_right)
    assert got["perfect"] == 1
    assert got["refuse-all"] < 0.4
