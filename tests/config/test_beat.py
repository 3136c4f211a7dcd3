"""Beat goes by a clock that nobody sets, and what waited for a worker is done once."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import Ignore
from celery.schedules import schedule

from config import beat
from config.celery import app
from control import tasks


def test_beat_asks_no_clock_that_can_be_set() -> None:
    entries = beat.Scheduler(app).schedule

    assert {*entries} == {"tick", "end-exams"}
    for entry in entries.values():
        assert beat.running() - timedelta(hours=1) < entry.last_run_at <= beat.running()


def test_beat_sends_a_tick_each_second_for_which_the_machine_runs() -> None:
    now, sent = beat.EPOCH, []

    class Noting(beat.Scheduler):
        producer = None

        def apply_entry(self, entry: Any, producer: Any = None) -> None:
            sent.append((now - beat.EPOCH).seconds)

    scheduler = Noting(app)
    scheduler.schedule = {}
    scheduler.add(name="tick", task="tick", schedule=schedule(1, nowfun=lambda: now))
    for _ in range(5):
        now += timedelta(seconds=1)
        while scheduler.tick() == 0:
            pass

    assert sent == [1, 2, 3, 4, 5]


def test_of_ticks_that_waited_for_a_worker_one_is_done() -> None:
    late = tasks.Beaten()
    late.before_start("1", (), {})
    with pytest.raises(Ignore):
        late.before_start("2", (), {})

    late._began -= tasks.ON_THE_HEELS
    late.before_start("3", (), {})


def test_however_many_beats_there_are_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    done, often = [], tasks.Beaten()
    for tenth in range(0, 20, 3):
        monkeypatch.setattr(time, "monotonic", lambda tenth=tenth: tenth / 10)
        with suppress(Ignore):
            often.before_start("1", (), {})
            done.append(tenth)

    assert done == [0, 6, 12, 18]


def test_no_message_of_beat_expires_by_the_clock_of_another_machine() -> None:
    assert all("options" not in entry for entry in app.conf.beat_schedule.values())
