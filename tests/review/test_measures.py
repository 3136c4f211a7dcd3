"""Measures of detection: what is published, and what the edges do."""

from __future__ import annotations

import pytest

from review import measures
from review.measures import Counts


def test_with_equal_spreads_the_measures_are_d_prime_and_c() -> None:
    # 22 of 24 and 4 of 19, corrected: z = 1.2816 and -0.7555 (22.5/25 = 0.9, 4.5/20 = 0.225)
    counts = Counts(hits=22, misses=2, false_alarms=4, correct_rejections=15)
    assert measures.d_a(counts, slope=1) == pytest.approx(1.2816 + 0.7554, abs=1e-3)
    assert measures.criterion(counts, slope=1) == pytest.approx(-(1.2816 - 0.7554) / 2, abs=1e-3)


def test_the_slope_weighs_false_alarms_less() -> None:
    counts = Counts(hits=22, misses=2, false_alarms=4, correct_rejections=15)
    # sqrt(2 / 1.36) · (1.2816 + 0.6 · 0.7554)
    assert measures.d_a(counts) == pytest.approx(2.1038, abs=1e-3)
    # -sqrt(2) · 0.6 / (sqrt(1.36) · 1.6) · (1.2816 - 0.7554)
    assert measures.criterion(counts) == pytest.approx(-0.2393, abs=1e-3)


def test_who_marks_as_often_where_nothing_is_wrong_tells_nothing_apart() -> None:
    counts = Counts(hits=10, misses=10, false_alarms=10, correct_rejections=10)
    assert measures.d_a(counts) == pytest.approx(0)
    assert measures.criterion(counts) == pytest.approx(0)


def test_the_criterion_says_who_lets_pass_and_who_stops() -> None:
    lets_pass = measures.criterion(Counts(2, 18, 0, 20))
    stops = measures.criterion(Counts(20, 0, 18, 2))
    assert lets_pass is not None
    assert stops is not None
    assert lets_pass > 0 > stops


def test_nobody_is_ever_perfect_beyond_all_measure() -> None:
    counts = Counts(hits=30, correct_rejections=30)
    found = measures.d_a(counts)
    assert found is not None
    assert 2 < found < 5


@pytest.mark.parametrize("counts", [Counts(), Counts(hits=30), Counts(correct_rejections=30)])
def test_without_something_to_find_or_to_leave_nothing_is_measured(counts: Counts) -> None:
    assert measures.d_a(counts) is None
    assert measures.criterion(counts) is None


def test_below_twenty_cases_are_too_few() -> None:
    assert Counts(5, 5, 4, 5).are_too_few
    assert not Counts(5, 5, 5, 5).are_too_few


def test_the_brier_score_is_best_for_who_is_sure_and_right() -> None:
    assert measures.brier([]) is None
    assert measures.brier([(1.0, True), (0.0, False)]) == 0
    assert measures.brier([(0.5, True), (0.5, False)]) == 0.25
    assert measures.brier([(0.95, False)]) == pytest.approx(0.9025)
