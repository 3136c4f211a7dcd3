"""The clock is one pure function of the exercise, its last sign of life and real time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import clock
from exercises.models import Exercise, Pace

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
WALL = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def exercise(*, rate: int, last_at: datetime = NOON, ended_at: datetime | None = None) -> Exercise:
    return Exercise(
        sim_anchor=NOON, wall_anchor=WALL, rate=rate, last_at=last_at, ended_at=ended_at
    )


def seen(rate: int) -> timedelta:
    """How much simulated time a page may have shown beyond the last sign of life."""
    return rate * clock.AHEAD


def shown(of: Exercise, *, after: timedelta, alive: timedelta | None = None) -> clock.Reading:
    alive_at = WALL + (after if alive is None else alive)
    return clock.read(of, alive_at=alive_at, wall=WALL + after)


def test_a_paused_clock_stands() -> None:
    assert shown(exercise(rate=0), after=timedelta(days=3)) == clock.Reading(NOON, rate=0)


def test_a_step_pace_clock_stands_by_itself() -> None:
    stepping = exercise(rate=0)
    stepping.pace = Pace.STEP

    assert shown(stepping, after=timedelta(days=3), alive=timedelta(0)).at == NOON


def test_a_running_clock_shows_so_many_simulated_seconds_for_each_real_one() -> None:
    assert shown(exercise(rate=60), after=2 * MINUTE).at == NOON + timedelta(hours=2)


def test_simulated_time_is_in_whole_seconds() -> None:
    reading = shown(exercise(rate=3), after=timedelta(seconds=1.5))

    assert reading.at == NOON + 4 * SECOND


def test_an_ended_exercise_stands_at_its_end() -> None:
    ended = exercise(rate=60, ended_at=NOON)

    assert shown(ended, after=MINUTE) == clock.Reading(NOON, rate=0)


def test_it_runs_on_while_somebody_runs_it() -> None:
    reading = shown(
        exercise(rate=1), after=timedelta(hours=9), alive=timedelta(hours=9) - 9 * SECOND
    )

    assert reading == clock.Reading(NOON + timedelta(hours=9), rate=1)


def test_it_runs_a_few_seconds_ahead_of_its_last_sign_of_life_and_waits_there() -> None:
    reading = shown(
        exercise(rate=1), after=timedelta(hours=9), alive=timedelta(hours=8, minutes=55)
    )

    assert reading == clock.Reading(NOON + timedelta(hours=8, minutes=55) + seen(1), rate=1)


def test_nobody_ran_it_for_five_minutes_it_stopped_at_its_last_sign_of_life() -> None:
    reading = shown(exercise(rate=60), after=timedelta(hours=9), alive=10 * MINUTE)

    assert reading == clock.Reading(NOON + timedelta(hours=10) + seen(60), rate=0, unattended=True)


def test_an_unattended_clock_stopped_no_earlier_than_its_last_event() -> None:
    late = NOON + timedelta(days=1)
    reading = shown(exercise(rate=60, last_at=late), after=timedelta(hours=9), alive=10 * MINUTE)

    assert reading.at == late


def test_an_exercise_without_a_sign_of_life_lived_when_its_clock_was_set() -> None:
    reading = clock.read(exercise(rate=60), alive_at=None, wall=WALL + 6 * MINUTE)

    assert reading == clock.Reading(NOON + seen(60), rate=0, unattended=True)


def test_a_process_waits_for_a_clock_that_was_set_back_a_little_and_follows_it_far() -> None:
    with pytest.MonkeyPatch.context() as patch:
        machine = iter(WALL + timedelta(seconds=after) for after in (0, -1, -15, 2, -20, -19))
        patch.setattr(clock, "_given", [WALL])
        patch.setattr(clock, "datetime", SimpleNamespace(now=lambda _zone: next(machine)))

        given = [clock.wall() - WALL for _ in range(6)]

    assert given == [timedelta(seconds=after) for after in (0, 0, 0, 2, -20, -19)]


def test_a_sign_of_life_from_before_the_clock_was_set_stops_nothing() -> None:
    reading = shown(exercise(rate=60), after=5 * SECOND, alive=-timedelta(days=1))

    assert reading == clock.Reading(NOON + 5 * MINUTE, rate=60)


@pytest.mark.parametrize("rate", [0, 1, 60])
def test_it_never_shows_less_than_the_last_event(rate: int) -> None:
    late = NOON + timedelta(days=1)

    assert shown(exercise(rate=rate, last_at=late), after=MINUTE).at == late


def test_a_wall_clock_set_back_does_not_turn_simulated_time_back() -> None:
    reading = shown(exercise(rate=60), after=-timedelta(hours=1))

    assert reading == clock.Reading(NOON + seen(60), rate=60, set_back=True)


spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2))


@given(rate=st.integers(0, 86_400), after=st.lists(spans, min_size=2))
def test_while_somebody_runs_it_it_never_runs_backwards(rate: int, after: list[timedelta]) -> None:
    running = exercise(rate=rate)

    moments = [shown(running, after=span).at for span in sorted(after)]

    assert moments == sorted(moments)


@given(
    rate=st.integers(0, 86_400),
    alive=spans,
    walls=st.tuples(*[st.timedeltas(-timedelta(days=2), timedelta(days=4))] * 2),
)
def test_no_page_shows_more_than_where_the_clock_is_found_to_stop_or_set_anew(
    rate: int, alive: timedelta, walls: tuple[timedelta, timedelta]
) -> None:
    running = exercise(rate=rate)
    first, second = (shown(running, after=span, alive=alive) for span in walls)

    if second.unattended or second.set_back:
        assert second.at >= first.at


@given(rate=st.integers(0, 86_400), alive=spans, more=spans)
def test_left_alone_it_never_shows_less_than_at_its_last_sign_of_life(
    rate: int, alive: timedelta, more: timedelta
) -> None:
    running = exercise(rate=rate)

    assert (
        shown(running, after=alive + more, alive=alive).at
        >= shown(running, after=alive, alive=alive).at
    )


@given(rate=st.integers(1, 86_400), after=spans, more=spans)
def test_setting_it_anew_to_what_it_shows_changes_nothing(
    rate: int, after: timedelta, more: timedelta
) -> None:
    running, anew = exercise(rate=rate), exercise(rate=rate)
    anew.anchor(at=shown(running, after=after).at, wall=WALL + after, rate=rate)

    apart = shown(running, after=after + more).at - shown(anew, after=after + more).at

    assert timedelta(0) <= apart <= SECOND
