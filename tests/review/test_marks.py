"""Marks: who reads the key has every point, and no habit without a look comes near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit import verification
from control import practice
from exercises.models import Role
from review import sitting
from review.marks import What
from tests.selection import by_day

if TYPE_CHECKING:
    from scenarios.keys import Case

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Habits that look at nothing, or at everything.
BLIND = ("refuse-all", "authorize-all", "mark-all")


def played(officer: str, cases: list[Case], desk: Role, seed: int) -> tuple[int, int]:
    exercise, sheet = sitting.play(officer, cases, desk=desk, seed=seed)
    assert exercise.halted == ""
    assert verification.faults(exercise) == []
    assert len(sheet.dossiers) == len(cases)
    return sheet.points, sheet.of


@pytest.mark.parametrize("seed", by_day((1, 2, 3), 1))
@pytest.mark.parametrize("desk", by_day(practice.DESKS, *practice.DESKS[::2]))
def test_habits_come_out_in_order(desk: Role, seed: int) -> None:
    cases = practice.dossiers(seed, 4, desk=desk, difficulty=2, clean_share=0.25)
    points = {officer: played(officer, cases, desk, seed) for officer in sitting.OFFICERS}

    got, of = points["perfect"]
    assert got == of
    sloppy, _of = points["sloppy"]
    assert got > sloppy > points["silent"][0]
    for officer in BLIND:
        assert points[officer][0] < sloppy, officer


def test_equal_sittings_have_equal_marks() -> None:
    digests = set()
    for _time in range(2):
        cases = practice.dossiers(5, 3, desk=Role.SECURITY, difficulty=2, clean_share=0.25)
        _exercise, sheet = sitting.play("sloppy", cases, desk=Role.SECURITY, seed=5)
        digests.add(sheet.digest)
    assert len(digests) == 1


def test_a_clean_dossier_is_worth_as_much_as_a_defect_to_whoever_sees_that() -> None:
    for officer, points in (("perfect", 6), ("authorize-all", 4), ("silent", 0)):
        cases = practice.dossiers(4, 2, desk=Role.SECURITY, difficulty=1, clean_share=1)
        _exercise, sheet = sitting.play(officer, cases, desk=Role.SECURITY, seed=4)
        assert {one.points for one in sheet.dossiers} == {points}, officer
        assert sheet.count(What.FALSE_ALARM) == 0
