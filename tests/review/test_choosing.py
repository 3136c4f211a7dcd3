"""The next dossier follows from what was missed and imagined; one knob at a time, saying which."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import pytest

from control import practice
from exercises.models import Role
from review import history
from review.choosing import Why
from review.knobs import Turn, of_level
from scenarios import book
from tests.review.learner import Learner, done_at
from tests.selection import by_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.choosing import Choice

TWO_DAYS = timedelta(days=2)


def kinds(choices: list[Choice]) -> list[str]:
    """Return what each dossier is about; empty where nothing is wrong."""
    return [one.reason.about if one.case.key.defects else "" for one in choices]


def of_load(kind: str) -> bool:
    return book.defects()[kind].chapter == "load"


def test_equal_seeds_and_histories_give_equal_choices() -> None:
    assert Learner(misses=of_load).sits(6) == Learner(misses=of_load).sits(6)
    assert kinds(Learner().sits(6)) != kinds(Learner(seed=7).sits(6))


def test_what_was_missed_comes_back_after_days_in_another_dress() -> None:
    learner = Learner(misses=of_load)
    learner.sits(5)
    missed = {
        one.kind: met
        for met in learner.history
        for one in met.meetings
        if one.kind in book.defects() and of_load(one.kind)
    }
    assert missed

    again = [one for one in learner.sits(5, after=TWO_DAYS) if one.reason.why == Why.MISSED]
    assert again
    for choice in again:
        before = missed[choice.reason.about]
        assert choice.case.dossier.corridor.code != before.corridor
        assert choice.reason.on == "2026-11-09"
    assert again[0].reason.after.startswith("Again, because you missed it on 9 November: ")


def test_in_one_sitting_a_kind_comes_once_more_and_not_at_once() -> None:
    about = kinds(Learner(misses=of_load).sits(12))

    assert max(Counter(filter(None, about)).values()) <= 2
    assert all(one != other or not one for one, other in pairwise(about))


def test_what_is_known_well_rests_for_longer_than_what_was_missed() -> None:
    learner = Learner(misses=of_load)
    learner.sits(8)
    known = {it.kind for one in learner.history for it in one.meetings} - {
        it for one in learner.history for it in one.kinds if it in book.defects() and of_load(it)
    }
    tomorrow = learner.sits(3, after=timedelta(days=1))

    assert not known & {*kinds(tomorrow)}


@pytest.mark.whole
@pytest.mark.parametrize("chapter", by_day(("eyes", "scope"), "scope"))
def test_a_second_sitting_is_about_the_chapter_that_was_missed(chapter: str) -> None:
    """Measured against the same person's twin, who misses nothing, over eight seeds."""

    def second(misses: Callable[[str], bool]) -> float:
        about: list[str] = []
        for seed in range(8):
            learner = Learner(Role.DECIDER, level=3, seed=100 * seed, misses=misses)
            learner.sits(5)
            about += filter(None, kinds(learner.sits(5, after=TWO_DAYS)))
        return sum(map(is_of, about)) / len(about)

    def is_of(kind: str) -> bool:
        return book.defects()[kind].chapter == chapter

    assert second(misses=is_of) > 1.5 * second(misses=lambda kind: False)


def test_a_decoy_that_was_taken_for_a_mistake_comes_back_as_one() -> None:
    learner = Learner(level=3, imagines=lambda kind: True)
    learner.sits(8)
    imagined = {it for one in learner.history for it in one.decoys}
    again = [one for one in learner.sits(8, after=TWO_DAYS) if one.reason.why == Why.ALARM]

    assert imagined
    assert again
    for choice in again:
        assert choice.reason.about in imagined
        assert choice.reason.about in {one.kind for one in choice.case.key.decoys}
        assert choice.case.key.defects == ()
    assert again[0].reason.after.startswith("In order, and again, because you saw a mistake in it")


@pytest.mark.night
def test_about_one_dossier_in_four_is_clean_and_nobody_can_tell_which() -> None:
    """And never more than four in a row have a defect."""
    sittings = [kinds(Learner(seed=50 * seed).sits(20)) for seed in range(10)]
    clean = sum(about.count("") for about in sittings) / 200
    runs = {
        len([*run]) for about in sittings for is_wrong, run in groupby(map(bool, about)) if is_wrong
    }
    assert 0.2 < clean < 0.35
    assert runs == {1, 2, 3, 4}


@pytest.mark.night
def test_who_refuses_all_meets_more_that_is_in_order_than_who_looks() -> None:
    clean = {
        refuses: sum(
            kinds(Learner(seed=50 * seed, refuses=refuses).sits(15)).count("") for seed in range(8)
        )
        for refuses in (True, False)
    }
    assert clean[True] > 1.2 * clean[False], clean


def test_one_knob_turns_at_a_time_and_says_which() -> None:
    choices = Learner(desk=Role.DECIDER, level=2).sits(20)

    assert choices[0].knobs == of_level(2, of_plan=False)
    assert choices[0].reason.turn == Turn.CHOSEN
    for one, other in pairwise(choices):
        names = ("subtlety", "decoys", "defects")
        steps = {it: getattr(other.knobs, it) - getattr(one.knobs, it) for it in names}
        moved = [name for name, step in steps.items() if step]
        assert len(moved) <= 1
        assert bool(moved) == (other.reason.turn != Turn.NONE)
        assert all(step >= 0 for step in steps.values()), "all was right"
    turns = [one.reason.turn for one in choices if one.reason.turn != Turn.NONE]
    assert turns[1:4] == [Turn.SUBTLER, Turn.MORE_DECOYS, Turn.MORE_DEFECTS]
    assert choices[2].reason.before == (
        "Mistakes are harder to see than before: two dossiers in a row were right."
    )


def test_two_wrong_in_a_row_turn_the_last_knob_down() -> None:
    learner = Learner(level=2)
    learner.misses = lambda kind: len(learner.history) >= 4
    learner.imagines = learner.misses
    turns = [one.reason.turn for one in learner.sits(12)]

    moved = [one for one in turns if one != Turn.NONE]
    assert moved[:5] == [
        Turn.CHOSEN,
        Turn.SUBTLER,
        Turn.MORE_DECOYS,
        Turn.FEWER_DECOYS,
        Turn.PLAINER,
    ]


def test_a_flight_plan_is_only_made_subtler() -> None:
    turns = {one.reason.turn for one in Learner(desk=Role.OPERATIONS, level=1).sits(10)}

    assert turns == {Turn.CHOSEN, Turn.NONE, Turn.SUBTLER}


def test_what_may_be_read_before_does_not_tell_what_is_in_it() -> None:
    learner = Learner(misses=of_load, imagines=lambda kind: True)
    chosen = [*learner.sits(8), *learner.sits(8, after=TWO_DAYS)]
    said: dict[str, set[bool]] = {}
    for one in chosen:
        said.setdefault(one.reason.before, set()).add(bool(one.case.key.defects))
        planted = (*one.case.key.defects, *one.case.key.decoys)
        assert not any(str(kind.says) in one.reason.before for kind in planted)
        assert one.reason.after
    assert said["As hard as the dossier before."] == {True, False}


def test_what_to_practise_next_is_the_chapter_that_went_wrong() -> None:
    learner = Learner(misses=of_load)
    learner.sits(8)
    wrong = sum(of_load(it) for one in learner.history for it in one.kinds if it in book.defects())

    assert history.next_practice([]) == "Hand in a dossier first."
    sentence = history.next_practice(learner.history)
    assert sentence.startswith(f"Practise next: Load. It went wrong {wrong} times of ")
    flawless = Learner()
    flawless.sits(3)
    assert history.next_practice(flawless.history).startswith("Nothing was missed")


#: So many days of simulated time a sitting of twenty dossiers takes at the most. Operations wait
#: for each flight.
MOST_DAYS = {Role.OPERATIONS: 540}
FEW_MONTHS = 150


@pytest.mark.whole
@pytest.mark.parametrize("level", by_day((1, 3, 5), 3))
@pytest.mark.parametrize("desk", practice.DESKS)
def test_every_desk_is_served_at_plain_and_at_hard_levels(desk: Role, level: int) -> None:
    """Twenty in a row, one after another, all of one host, in a few months."""
    choices = Learner(desk=desk, level=level, seed=10 * level).sits(20)
    dossiers = [one.case.dossier for one in choices]
    moments = [one.received_at for one in dossiers if one.received_at]

    assert len({one.host for one in dossiers}) == 1
    assert all(one.asks(desk) for one in dossiers)
    for before, moment in zip(choices, moments[1:], strict=False):
        assert done_at(before, desk) < moment
    spent = done_at(choices[-1], desk) - moments[0]
    assert spent < timedelta(days=MOST_DAYS.get(desk, FEW_MONTHS)), spent
    for choice in choices:
        assert all(one.desk == desk or desk == Role.DECIDER for one in choice.case.key.defects[:1])
