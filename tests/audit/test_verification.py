"""Whoever tampers with a record is refused by the database, or found by `verify_audit`."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from approvals.models import Answer, Concurrence, Minute
from audit import chain, replay, triggers, verification
from audit.models import Erasure, Event
from audit.upgrades import FORMAT
from exercises.models import Exercise
from tests import playing
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audit.models import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercise() -> Exercise:
    """A desk is overdue, told to everybody; a minute was written last."""
    return playing.before("silence", "lapse")


@pytest.fixture
def unguarded(exercise: Exercise) -> Exercise:
    """The same, but whoever owns the database has removed the triggers."""
    connection.check_constraints()
    triggers.remove(connection)
    return exercise


def verify(*arguments: str) -> tuple[int, str]:
    """Return exit code and output of `manage.py verify_audit`."""
    printed = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=printed)
    except CommandError as error:
        return error.returncode, printed.getvalue() + str(error)
    return 0, printed.getvalue()


def found_in(exercise: Exercise) -> str:
    """Return what `verify_audit` finds wrong; it must find something."""
    code, printed = verify("--exercise", str(exercise.pk))
    assert code == 1
    assert printed.startswith(f"EXERCISE {exercise.pk}, {exercise.name}: BROKEN: ")
    return printed.splitlines()[0].split("BROKEN: ")[1]


def nth(exercise: Exercise, seq: int) -> models.QuerySet[Event]:
    return Event.objects.filter(exercise=exercise, seq=seq)


#: What an event tells in which nothing happens.
TOLD = {
    "version": FORMAT,
    "at": "2026-09-03T09:00:00Z",
    "verb": "do",
    "conduct": False,
    "by": None,
    "about": "exercise",
    "case": "",
    "with": {},
    "documents": [],
    "audience": [],
    "made": [],
    "rows": {},
}

REFUSED = {
    "changing an event": "UPDATE audit_event SET hash = 'x' WHERE seq = 5",
    "renumbering the events": "UPDATE audit_event SET seq = seq + 1000",
    "filing an event under another case": """UPDATE audit_event SET "case" = '' WHERE seq = 5""",
    "deleting an event in the middle": "DELETE FROM audit_event WHERE seq = 5",
    "deleting the tail": "DELETE FROM audit_event WHERE seq > 5",
    "deleting everything": "DELETE FROM audit_event",
    "upserting an event": """
        INSERT INTO audit_event (exercise_id, seq, "case", once, recorded_at, body, hash)
        SELECT exercise_id, seq, "case", once, recorded_at, body, 'x' FROM audit_event WHERE seq = 5
        ON CONFLICT (exercise_id, seq) DO UPDATE SET hash = excluded.hash""",
    "changing an erasure": "UPDATE audit_erasure SET seq = 0",
    "deleting an erasure": "DELETE FROM audit_erasure",
}
REFUSED_BY = {
    "sqlite": {
        "replacing an event": """
            INSERT OR REPLACE
            INTO audit_event (exercise_id, seq, "case", once, recorded_at, body, hash)
            SELECT exercise_id, seq, "case", once, recorded_at, body, 'x'
            FROM audit_event WHERE seq = 5""",
        "replacing an event by its key": """
            REPLACE
            INTO audit_event (id, exercise_id, seq, "case", once, recorded_at, body, hash)
            SELECT id, exercise_id, 1000, "case", once, recorded_at, body, 'x'
            FROM audit_event WHERE seq = 5""",
        "updating or replacing": "UPDATE OR REPLACE audit_event SET seq = 6 WHERE seq = 5",
        "replacing an erasure": """
            REPLACE INTO audit_erasure (exercise, name, seq, head, "by", recorded_at)
            SELECT exercise, '', 0, head, "by", recorded_at FROM audit_erasure""",
    },
    "postgresql": {
        "emptying the table": "TRUNCATE audit_event",
        "emptying the table and what hangs on it": "TRUNCATE exercises_exercise CASCADE",
        "emptying the erasures": "TRUNCATE audit_erasure",
        "playing the replica": """
            SET LOCAL session_replication_role = replica; DELETE FROM audit_event""",
    },
}


@pytest.mark.parametrize("deed", [*REFUSED, *REFUSED_BY[connection.vendor]])
def test_the_database_refuses(exercise: Exercise, deed: str) -> None:
    other = playing.before("alpha", "request_release")
    call_command("createsuperuser", username="chief", email="", interactive=False)
    call_command("erase", other.pk, by="chief", yes=True, stdout=StringIO())
    connection.check_constraints()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute((REFUSED | REFUSED_BY[connection.vendor])[deed])

    assert verify() == (
        0,
        f"EXERCISE {exercise.pk}, {exercise.name}: intact, {exercise.seq} events\n",
    )


def test_a_changed_byte_is_found(unguarded: Exercise) -> None:
    body = bytes(nth(unguarded, 5).get().body)

    nth(unguarded, 5).update(body=body.replace(b"2026", b"2027", 1))

    assert found_in(unguarded) == "event 5 does not follow from the one before it: changed or moved"


def test_a_changed_moment_of_recording_is_found(unguarded: Exercise) -> None:
    nth(unguarded, 5).update(recorded_at=nth(unguarded, 4).get().recorded_at)

    assert found_in(unguarded) == "event 5 does not follow from the one before it: changed or moved"


def test_an_event_hidden_from_its_case_is_found(unguarded: Exercise) -> None:
    seq = unguarded.seq

    nth(unguarded, seq).update(case="")

    assert found_in(unguarded) == f"event {seq} is filed under another case: ''"


def test_a_missing_event_is_found(unguarded: Exercise) -> None:
    nth(unguarded, 5).delete()

    assert found_in(unguarded) == "event 5 is missing"


def test_a_missing_tail_is_found(unguarded: Exercise) -> None:
    seq = unguarded.seq

    nth(unguarded, seq).delete()

    assert found_in(unguarded) == f"the tail is missing: {seq - 1} of {seq} events"


def test_a_missing_tail_is_found_though_the_count_was_mended(unguarded: Exercise) -> None:
    seq = unguarded.seq

    nth(unguarded, seq).delete()
    Exercise.objects.filter(pk=unguarded.pk).update(seq=seq - 1)

    assert found_in(unguarded) == f"the head does not match event {seq - 1}"


def test_a_missing_tail_is_found_though_count_and_head_were_mended(unguarded: Exercise) -> None:
    seq = unguarded.seq

    nth(unguarded, seq).delete()
    head = nth(unguarded, seq - 1).get().hash
    Exercise.objects.filter(pk=unguarded.pk).update(seq=seq - 1, head=head)

    assert found_in(unguarded) == "flight/1/minute/3: no event made it (and 1 more)"


def test_a_swapped_order_is_found(unguarded: Exercise) -> None:
    nth(unguarded, 5).update(seq=1000)
    nth(unguarded, 6).update(seq=5)
    nth(unguarded, 1000).update(seq=6)

    assert found_in(unguarded) == "event 5 does not follow from the one before it: changed or moved"


def test_an_event_added_at_the_end_is_found(exercise: Exercise) -> None:
    last = nth(exercise, exercise.seq).get()
    seq, body = last.seq + 1, bytes(last.body)

    Event.objects.create(
        exercise=exercise,
        seq=seq,
        case=last.case,
        recorded_at=last.recorded_at,
        body=body,
        hash=chain.link(last.hash, seq=seq, recorded_at=last.recorded_at, body=body),
    )

    assert found_in(exercise) == f"event {seq} was added: the record ends at event {seq - 1}"


BEHIND_THE_RECORD: dict[str, tuple[Callable[[Exercise], object], str]] = {
    "a changed status": (
        lambda exercise: FlightRequest.objects.filter(exercise=exercise).update(
            status="AUTHORIZED"
        ),
        "flight/1.status: 'AUTHORIZED', the events say 'UNDER_REVIEW'",
    ),
    "an answer that the desk never gave": (
        lambda exercise: Concurrence.objects.filter(
            exercise=exercise, desk="CIVIL_AVIATION"
        ).update(answer=Answer.CONCUR),
        "flight/1/concurrence/CIVIL_AVIATION/1.answer: 'CONCUR', the events say 'PENDING'",
    ),
    "a moved entry time": (
        lambda exercise: FlightRequest.objects.filter(exercise=exercise).update(entry_at=None),
        "flight/1.entry_at: None, the events say '2026-09-14T07:07:00Z'",
    ),
    "a moment that the record could not say": (
        lambda exercise: FlightRequest.objects.filter(exercise=exercise).update(
            entry_at=datetime(2026, 9, 14, 7, 7, 0, 5, tzinfo=UTC)
        ),
        "flight/1.entry_at: '2026-09-14 07:07:00.000005+00:00', "
        "the events say '2026-09-14T07:07:00Z'",
    ),
    "a deleted row": (
        lambda exercise: Minute.objects.filter(exercise=exercise, number=2).delete(),
        "flight/1/minute/2: the row is gone",
    ),
    "an added row": (
        lambda exercise: Minute.objects.bulk_create(
            [
                Minute(
                    exercise=exercise,
                    ref="flight/1/minute/4",
                    flight=FlightRequest.objects.get(exercise=exercise),
                    number=4,
                    text="No objection from anybody.",
                    written_at=exercise.last_at,
                    written_by=playing.seat(exercise, "KZ-DECIDER"),
                )
            ]
        ),
        "flight/1/minute/4: no event made it",
    ),
    "a seat given away": (
        lambda exercise: exercise.seats.filter(role="DECIDER", state="KZ").update(role="PLANNER2"),
        "seat/KZ-DECIDER.role: 'PLANNER2', the events say 'DECIDER'",
    ),
}


def appended(exercise: Exercise, **changed: object) -> Event:
    """Append an event as whoever owns the database can: with a right hash, and the head moved."""
    exercise.refresh_from_db()
    last = nth(exercise, exercise.seq).get()
    told = last.payload | {"made": [], "rows": {}} | changed
    body, seq = chain.canonical(told), last.seq + 1
    head = chain.link(last.hash, seq=seq, recorded_at=last.recorded_at, body=body)
    event = Event.objects.create(
        exercise=exercise,
        seq=seq,
        case=told["case"],
        recorded_at=last.recorded_at,
        body=body,
        hash=head,
    )
    Exercise.objects.filter(pk=exercise.pk).update(seq=seq, head=head)
    return event


def by(seat: str, holder: str, *, instructor: bool = False) -> dict[str, object]:
    return {"seat": seat, "holder": holder, "instructor": instructor}


def test_somebody_who_did_not_hold_the_seat_is_found_in_the_record() -> None:
    exercise = playing.before("silence", "lapse", seated=True)
    holder = playing.seat(exercise, "KZ-DECIDER").holder_name
    strange = {
        "kz-registry": appended(exercise, by=by("KZ-DECIDER", "kz-registry")),
        "chief": appended(exercise, by=by("KZ-DECIDER", "chief", instructor=True)),
        "role-player KZ-DECIDER": appended(exercise, by=by("KZ-DECIDER", "role-player KZ-DECIDER")),
    }
    appended(exercise, by=by("KZ-DECIDER", holder))
    appended(exercise, by=by("KZ-DECIDER", "instructor", instructor=True))
    appended(exercise, by=None)

    assert verification.faults(exercise) == [
        f"event {event.seq}: {hand!r} acted for KZ-DECIDER, where {holder!r} sat"
        for hand, event in strange.items()
    ]


def test_an_event_that_goes_back_in_time_and_a_moved_end_are_found(exercise: Exercise) -> None:
    ended = exercise.last_at
    first = nth(exercise, 1).get().payload["at"]

    Exercise.objects.filter(pk=exercise.pk).update(last_at=ended.replace(year=2027))
    assert found_in(exercise).startswith("last_at: '2027-")

    event = appended(exercise, at=first, by=None)
    Exercise.objects.filter(pk=exercise.pk).update(last_at=event.at)
    assert found_in(exercise) == f"event {event.seq} is earlier than the one before it"


def test_an_erasure_forged_to_cut_off_a_tail_is_found(exercise: Exercise) -> None:
    seq = exercise.seq
    Erasure.objects.create(
        exercise=exercise.pk, name="", seq=seq, head=exercise.head, recorded_at=exercise.last_at
    )
    assert found_in(exercise) == "an erasure of it stands, though it is there"
    assert verification.faults(exercise, chain_only=True) == [found_in(exercise)]

    nth(exercise, seq).delete()  # the triggers let it: that is what it was forged for
    assert found_in(exercise) == f"the tail is missing: {seq - 1} of {seq} events (and 1 more)"


HOLLOW = {
    "sqlite": (
        "DROP TRIGGER audit_event_no_update",
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event WHEN 0 "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
    "postgresql": (
        "DROP TRIGGER audit_event_no_update ON audit_event",
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event FOR EACH ROW "
        "WHEN (false) EXECUTE FUNCTION audit_append_only()",
        "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_update",
    ),
}


def test_a_hollow_trigger_of_the_same_name_is_found(exercise: Exercise) -> None:
    connection.check_constraints()
    assert triggers.missing(connection) == set()

    with connection.cursor() as cursor:
        for statement in HOLLOW[connection.vendor]:
            cursor.execute(statement)
        nth(exercise, 5).update(once="x")
    connection.check_constraints()

    assert triggers.missing(connection) == {"audit_event_no_update"}
    code, printed = verify()
    assert code == 1
    assert "DATABASE: BROKEN: triggers are missing or changed: audit_event_no_update" in printed
    triggers.install(connection)
    assert triggers.missing(connection) == set()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's triggers are one text")
def test_a_hollow_function_below_the_triggers_is_found(exercise: Exercise) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        )

    assert len(triggers.missing(connection)) == 5
    assert "audit_event_no_delete" not in triggers.missing(connection)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's keys cannot be put off")
def test_events_whose_exercise_is_gone_are_found(exercise: Exercise) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("DELETE FROM exercises_exercise")
        found = verification.faults_beside()
        transaction.set_rollback(True)

    assert found == [f"exercise {exercise.pk} is gone, but not its events"]


@pytest.mark.parametrize("tampering", BEHIND_THE_RECORD)
def test_rows_that_do_not_follow_from_the_events_are_found(
    exercise: Exercise, tampering: str
) -> None:
    tamper, finding = BEHIND_THE_RECORD[tampering]

    tamper(exercise)

    assert found_in(exercise) == finding


def test_the_chain_alone_says_nothing_of_rows(exercise: Exercise) -> None:
    FlightRequest.objects.filter(exercise=exercise).update(status="AUTHORIZED")

    assert verify("--chain") == (
        0,
        f"EXERCISE {exercise.pk}, {exercise.name}: chain intact, {exercise.seq} events\n",
    )


def test_the_chain_alone_finds_a_changed_byte(unguarded: Exercise) -> None:
    nth(unguarded, 5).update(body=bytes(nth(unguarded, 5).get().body).replace(b"2026", b"2027", 1))

    code, printed = verify("--chain")

    assert code == 1
    assert "BROKEN: event 5 does not follow from the one before it" in printed


def test_the_database_spells_moments_as_the_chain_does(exercise: Exercise) -> None:
    last = nth(exercise, exercise.seq).get()
    for seq, microsecond in enumerate((0, 1, 120_000, 999_999), start=exercise.seq + 1):
        moment = datetime(2026, 11, 26, 14, 37, 2, microsecond, tzinfo=UTC)
        Event.objects.create(
            exercise=exercise, seq=seq, recorded_at=moment, body=last.body, hash=str(seq)
        )

    events = Event.objects.filter(exercise=exercise)

    assert list(events.links()) == [event.link for event in events.in_order()]


def test_memory_grows_with_rows_and_not_with_events() -> None:
    def links() -> Iterator[Link]:
        head = ""
        for seq in range(1, 5001):
            body = chain.canonical(TOLD | {"rows": {"seat/A": {"role": f"{seq}" * 500}}})
            head = chain.hashed(head, seq, "", body)
            yield seq, "", body, head, ""

    *_others, (seq, _at, body, head, _case) = links()
    tracemalloc.start()
    try:
        rows = replay.fold(verification.told(links(), seq=seq, head=head))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert rows == {"seat/A": {"role": "5000" * 500}}
    assert peak < 50 * len(body)


def test_one_broken_record_does_not_hide_the_others(unguarded: Exercise) -> None:
    other = playing.before("alpha", "request_release")
    nth(unguarded, 5).delete()

    code, printed = verify()

    assert code == 1
    assert printed.splitlines() == [
        f"EXERCISE {unguarded.pk}, {unguarded.name}: BROKEN: event 5 is missing",
        f"EXERCISE {other.pk}, {other.name}: intact, {other.seq} events",
        "DATABASE: BROKEN: triggers are missing or changed: audit_erasure_no_delete, "
        "audit_erasure_no_replace, audit_erasure_no_update, audit_event_no_delete, "
        "audit_event_no_replace, audit_event_no_update",
        "1 of 2 broken.",
    ]
    assert verification.faults(other) == []


def test_an_exercise_that_nobody_knows_cannot_be_verified() -> None:
    assert verify("--exercise", "4711") == (2, "There is no exercise 4711.")


@pytest.mark.once
def test_a_database_without_tables_cannot_be_verified(tmp_path: Path) -> None:
    empty = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}", "VAR_DIR": str(tmp_path)}

    run = subprocess.run(
        [sys.executable, "manage.py", "verify_audit"],
        env=os.environ | empty,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert run.stderr.startswith("CommandError: The database cannot be read: ")
