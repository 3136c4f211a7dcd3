"""Real beat and two real workers, one of them killed: the record is what it would be without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from audit import acts, chain, replay, timeline, verification
from audit.models import Event
from control import actions, stories
from exercises.models import Exercise, Role
from tests import playing
from transit.models import FlightStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parents[2]
START = datetime(2026, 9, 1, 6, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UNTIL = START + 72 * HOUR

STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("TR-PLANNER", "request_release", {}),
    ("TR-RELEASE", "release", {}),
    ("TR-ATTACHE", "transmit", {"note_number": "2026/{}"}),
    ("KZ-REGISTRY", "register", {}),
    ("KZ-AIR_DEFENCE", "concur", {"answer": "CONCUR"}),
    ("KZ-SECURITY", "concur", {"answer": "CONCUR"}),
    ("KZ-CIVIL_AVIATION", "concur", {"answer": "CONCUR"}),
    ("KZ-DEFENCE", "concur", {"answer": "CONCUR"}),
    ("KZ-DECIDER", "authorize", {}),
    ("KZ-REGISTRY", "reply", {"note_number": "KZ-2026/{}"}),
]
FLOWN = 10  # the number of the one flight that people see into the airspace


def flight(number: int, *, steps: int, entry_at: datetime) -> Iterator[dict[str, Any]]:
    """Give a flight's acts: prepared for an entry, then so many steps on."""
    at = START + number * 7 * MINUTE
    details = playing.prepared("TR", entry_at=entry_at)
    details["form"] |= {"priority": "HUM", "registration": f"99-02{number:02d}"}
    yield {"at": at, "by": "TR-PLANNER", "do": "prepare", "with": details}
    for by, verb, more in STEPS[:steps]:
        at += 9 * MINUTE
        told = {name: text.format(number) for name, text in more.items()}
        yield {"at": at, "by": by, "do": verb, "with": told, "flight": number}


def entry(at: datetime) -> Iterator[dict[str, Any]]:
    """Give the last acts of the one flight: it enters, and nobody sees it leave."""
    entered = {"entered_at": at, "point": "BALUN"}
    day = {"by": "KZ-OPERATIONS", "flight": FLOWN}
    yield {"at": at - 2 * HOUR, "do": "file_plan", **day, "by": "TR-PLANNER"}
    yield {"at": at - HOUR, "do": "check_plan", **day}
    yield {"at": at, "do": "enter", "with": entered, **day}


def script() -> list[dict[str, Any]]:
    """Return all human acts: flights left at every stage, and one that has entered."""
    lines = [*flight(FLOWN, steps=len(STEPS), entry_at=START + 28 * HOUR)]
    lines += entry(START + 27 * HOUR)
    for number in range(1, FLOWN):
        entry_at = START + (28 + 2 * number) * HOUR
        lines += flight(number, steps=number - 1, entry_at=entry_at)
    return sorted(lines, key=lambda line: line["at"])


def staged() -> Exercise:
    """Open an exercise, let people do all that they do, and empty their seats."""
    exercise = actions.create("Night shift", at=START, then=stories.seat_cast)
    for line in script():
        if line["do"] == "file_plan":
            line["with"] = {"message": playing.proposed_plan(exercise, FLOWN)}
        stories.perform(exercise, line)
    instructor = playing.seat(exercise, "INSTRUCTOR")
    for seat in exercise.seats.exclude(role=Role.INSTRUCTOR):
        with acts.act(exercise, by=instructor) as at:
            actions.vacate(seat, by=instructor, at=at)
    exercise.refresh_from_db()
    return exercise


def happened(exercise: Exercise) -> int:
    """Count what the clock brought about."""
    events = Event.objects.filter(exercise=exercise)
    return sum(1 for event in events if not event.payload["by"] and not event.payload["conduct"])


def told(exercise: Exercise) -> tuple[str, dict[str, Any]]:
    """Return the digest and the stored rows, but for the exercise's own clock."""
    digest = chain.digest(Event.objects.filter(exercise=exercise).in_order())
    rows = replay.stored(exercise)
    del rows[exercise.ref]
    return digest, rows


@contextmanager
def celery(var: Path, *arguments: str, ready: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process of Celery on the database under test, from when it says `ready`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", *arguments, "--loglevel", "INFO"],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(var), **services()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    said: list[str] = []
    listening = threading.Thread(target=said.extend, args=(process.stdout,))
    try:
        for line in process.stdout:
            said.append(line)
            if ready in line:
                break
        else:
            pytest.fail(f"It never said {ready!r}:\n{''.join(said)}")
        listening.start()
        yield process
    finally:
        process.terminate()
        process.wait()
        if listening.is_alive():
            listening.join()
        process.stdout.close()
        sys.stdout.writelines(said)


def services() -> dict[str, str]:
    """Return where processes find the database under test, and a queue of its own."""
    database = urlsplit(os.environ["DATABASE_URL"])
    return {
        "DATABASE_URL": database._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "BROKER_URL": f"{os.environ['BROKER_URL']}?virtual_host=9",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def told_of_events() -> Iterator[None]:
    """Let the database tell this connection of every event, so that nobody has to look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NOTIFY happened; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER tell AFTER INSERT ON audit_event FOR EACH STATEMENT "
            "EXECUTE FUNCTION tell()"
        )
        cursor.execute("LISTEN happened")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UNLISTEN happened")
            cursor.execute("DROP FUNCTION tell CASCADE")


def until(number: int, exercise: Exercise) -> None:
    """Wait until the clock has brought about so much."""
    while happened(exercise) < number:
        list(connection.connection.notifies(stop_after=1))


def test_a_worker_killed_in_mid_run_changes_nothing(tmp_path: Path) -> None:
    straight = staged()
    before = happened(straight)
    playing.conduct(straight, "jump", to=UNTIL)
    acts.let_time_pass(straight)
    all_of_it = happened(straight)
    assert all_of_it - before > 15
    disturbed = staged()

    with ExitStack() as running:
        running.enter_context(told_of_events())
        one, other = (
            running.enter_context(
                celery(
                    tmp_path,
                    *("worker", "--pool", "threads", "--concurrency", "2", "-n", name),
                    ready=f"{name} ready",
                )
            )
            for name in ("one@exercise", "other@exercise")
        )
        running.enter_context(celery(tmp_path, "beat", "--pidfile=", ready="is starting"))
        playing.conduct(disturbed, "run", rate=3600)
        until((before + all_of_it) // 2, disturbed)
        one.send_signal(signal.SIGKILL)
        until(all_of_it, disturbed)
        assert other.poll() is None
        assert one.wait() == -signal.SIGKILL
        at = playing.conduct(disturbed, "pause")

    assert timeline.next_moment(disturbed, after=at) is None
    assert told(disturbed) == told(straight)
    for exercise in (straight, disturbed):
        assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []
    left = FlightStatus.LAPSED, FlightStatus.AUTHORIZED
    assert {flight.status for flight in stories.exercise_flights(disturbed)} == {*left}
