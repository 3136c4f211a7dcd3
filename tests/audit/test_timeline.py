"""One long jump equals many short ones, whatever ticks, speeds and pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import acts, chain, replay, timeline, verification
from audit.models import Event
from audit.refusals import Halted
from control import actions, stories, tasks
from exercises import clock
from exercises.models import Exercise, Heartbeat
from tests import playing, wall
from tests.casework.letters.models import Letter
from tests.selection import by_day

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CLOCK = {"sim_anchor", "rate", "pace"}
LONG_AFTER = timedelta(days=20)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


class Conductor:
    """Works the clock of one exercise between two acts, never beyond the second."""

    RATES = (1, 1, 7, 60, 600, 3600, 86_400)

    def __init__(self, exercise: Exercise, real_time: wall.Wall) -> None:
        self.exercise = exercise
        self.real_time = real_time

    def shown(self) -> datetime:
        beat = Heartbeat.objects.filter(exercise=self.exercise).first()
        stored = Exercise.objects.get(pk=self.exercise.pk)
        alive_at = beat.alive_at if beat else None
        return clock.read(stored, alive_at=alive_at, wall=self.real_time.now).at

    def jump(self, to: datetime, *, number: int) -> None:
        """Jump to `to` in `number` jumps; only the last lets time pass by itself."""
        at = self.shown()
        for nth in range(1, number + 1):
            part = (at + (to - at) * nth / number).replace(microsecond=0)
            if part > self.shown():
                playing.conduct(self.exercise, "jump", to=part)
        acts.let_time_pass(self.exercise)

    def run(self, to: datetime, *, number: int) -> None:
        """Run with ticks until `to` at the latest, then leave it alone."""
        playing.conduct(self.exercise, "run", rate=self.RATES[number])
        for _ in range(number):
            left = (to - self.shown()).total_seconds() / self.RATES[number]
            self.real_time.wait(seconds=max(0, min(left, 290)))
            tasks.tick()
        if self.shown() < to:
            playing.conduct(self.exercise, "pause")

    def leave_alone(self, to: datetime, *, number: int) -> None:
        """Run, and close the laptop for a night."""
        playing.conduct(self.exercise, "run", rate=number)
        self.real_time.wait(hours=8)
        tasks.tick()

    def step(self, to: datetime, *, number: int) -> None:
        """Go by steps while the next stop is not beyond `to`."""
        playing.conduct(self.exercise, "step")
        for _ in range(number):
            stop = actions.next_stop(self.exercise, at=self.shown())
            if stop and stop <= to:
                tasks.tick()
        playing.conduct(self.exercise, "pause")


meddling = st.tuples(
    st.sampled_from([Conductor.jump, Conductor.run, Conductor.leave_alone, Conductor.step]),
    st.fractions(0, 1, max_denominator=60),
    st.integers(1, 6),
)


def play(
    name: str, *, acts: int, meddle: Callable[[Exercise, datetime, int], None] | None = None
) -> tuple[str, dict[str, dict[str, Any]]]:
    """Play the first acts of a story, then let time pass; return digest and stored rows."""
    story = stories.load(name)
    exercise = actions.create(story.title, at=story.start, agreement=story.agreement)
    lines = story.acts[:acts]
    for number, line in enumerate(lines):
        if meddle:
            meddle(exercise, line["at"], number)
        stories.perform(exercise, line)
    until = story.until + LONG_AFTER
    if meddle:
        meddle(exercise, until, len(lines))
    playing.conduct(exercise, "end", at=until)
    assert verification.faults(exercise) == []
    return told(exercise)


def told(exercise: Exercise) -> tuple[str, dict[str, dict[str, Any]]]:
    digest = chain.digest(Event.objects.filter(exercise=exercise).in_order())
    rows = replay.stored(exercise)
    rows[exercise.ref] = {k: v for k, v in rows[exercise.ref].items() if k not in CLOCK}
    return digest, rows


@pytest.mark.parametrize(
    "name", by_day(stories.names(), "closure", "neighbours", "protest", "silence", "six-to-one")
)
def test_one_long_jump_equals_many_short_ones(name: str) -> None:
    straight: dict[int, tuple[str, dict[str, dict[str, Any]]]] = {}
    length = len(stories.load(name).acts)

    @settings(max_examples=4, derandomize=True, database=None)
    @given(
        acts=st.sampled_from([length, length * 2 // 3]),
        meddlings=st.lists(st.lists(meddling, max_size=3), min_size=1, max_size=5),
    )
    def check(acts: int, meddlings: list[list[Any]]) -> None:
        with wall.standing() as real_time:
            if acts not in straight:
                straight[acts] = play(name, acts=acts)

            def meddle(exercise: Exercise, to: datetime, number: int) -> None:
                conductor = Conductor(exercise, real_time)
                start = conductor.shown()
                for way, share, times in sorted(
                    meddlings[number % len(meddlings)], key=lambda it: it[1]
                ):
                    moment = start + timedelta(seconds=int((to - start).total_seconds() * share))
                    if conductor.shown() < moment:
                        way(conductor, moment, number=times)

            assert play(name, acts=acts, meddle=meddle) == straight[acts]

    check()


class Diary:
    """Letters in the place of what falls due: each rings once, as one of two kinds."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.done: list[str] = []

    def enter(self, at: datetime, kind: str) -> None:
        number = Letter.objects.filter(exercise=self.exercise).count() + 1
        Letter.objects.create(
            exercise=self.exercise,
            ref=f"letter/{number}",
            number=number,
            requesting_state="TR",
            host="KZ",
            verdict=kind,
            alarm_at=at,
        )

    def kind(self, code: str) -> timeline.Kind:
        return timeline.Kind(
            code, Letter, lambda: Letter.objects.filter(verdict=code), lambda row: self.happen
        )

    def happen(self, letter: Letter, *, by: None, at: datetime) -> None:
        self.done.append(letter.verdict)
        letter.alarm_at = None
        Letter.objects.filter(pk=letter.pk).update(alarm_at=None)


@pytest.fixture
def exercise() -> Exercise:
    return actions.create("Clockwork", at=NOON)


@pytest.fixture
def diary(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> Diary:
    """A diary in the place of the product's happenings."""
    kept = Diary(exercise)
    kinds = (kept.kind("first"), kept.kind("second"))
    monkeypatch.setattr(timeline, "kinds", lambda: kinds)
    monkeypatch.setattr(timeline, "_asked", cache(timeline._asked.__wrapped__))
    return kept


def test_at_one_moment_people_precede_the_clock(exercise: Exercise, diary: Diary) -> None:
    diary.enter(NOON + HOUR, "first")

    with acts.act(exercise, at=NOON + HOUR):
        assert diary.done == []
    with acts.act(exercise, at=NOON + HOUR + SECOND):
        assert diary.done == ["first"]


def test_the_earliest_is_first_and_equals_go_by_kind(exercise: Exercise, diary: Diary) -> None:
    diary.enter(NOON + HOUR, "second")
    diary.enter(NOON + HOUR, "first")
    diary.enter(NOON, "second")

    with acts.act(exercise, at=NOON + 2 * HOUR):
        assert diary.done == ["second", "first", "second"]


def test_what_is_still_due_after_it_happened_stops_the_exercise_loudly(
    exercise: Exercise, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary.enter(NOON, "first")
    monkeypatch.setattr(diary, "happen", lambda letter, by, at: None)

    with pytest.raises(Halted, match="still due"), acts.act(exercise, at=NOON + HOUR):
        pytest.fail("nobody acts in a halted exercise")

    exercise.refresh_from_db()
    assert "first of letter/1" in exercise.halted


def test_a_happening_that_raises_halts_and_leaves_pause_and_end(
    exercise: Exercise, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary.enter(NOON, "first")
    monkeypatch.setattr(diary, "happen", lambda letter, by, at: 1 // 0)
    instructor = playing.seat(exercise, "INSTRUCTOR")

    with pytest.raises(Halted, match="ZeroDivisionError"), acts.act(exercise, at=NOON + HOUR):
        pytest.fail("nobody acts in a halted exercise")

    with pytest.raises(Halted):
        playing.conduct(exercise, "run", rate=1)
    with acts.act(exercise, by=instructor, catch_up=False) as at:
        actions.end(exercise, by=instructor, at=at)


def test_a_busy_database_is_no_fault_of_the_timeline(
    exercise: Exercise, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(letter: Letter, *, by: None, at: datetime) -> None:
        raise OperationalError("database is locked")

    diary.enter(NOON, "first")
    monkeypatch.setattr(diary, "happen", busy)

    with pytest.raises(OperationalError), acts.act(exercise, at=NOON + HOUR):
        pytest.fail("time did not pass")

    exercise.refresh_from_db()
    assert exercise.halted == ""
