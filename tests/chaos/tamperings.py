"""A hundred ways to tamper with a record, and what finds each.

    python -m tests.chaos tamperings [--seed S] [--times N]

Whoever tampers here owns the database: removes the triggers, does it, and puts them back. Each
tampering is done on a fresh copy of the same two played exercises, and `verify_audit` is asked,
first by itself and then with checkpoints that were taken before. Prints a line for each kind.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from inspect import unwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models

from audit import chain, exported, replay, restore, triggers
from audit.models import Erasure, Event
from control import actions, stories
from exercises import clock
from exercises.models import Exercise, Heartbeat
from tests import playing

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

#: What finds a tampering. NAMED: nothing does, and the reference of the record says so.
VERIFY, CHECKPOINT, NAMED = "verify_audit", "checkpoint", "named"


@dataclass
class World:
    """Two exercises, one of which has ended, as they were when checkpoints of both were taken."""

    content: bytes
    checkpoints: Path
    chance: random.Random = field(default_factory=random.Random)

    def begin(self, seed: str) -> None:
        """Put everything back."""
        connection.connection.deserialize(self.content)
        sql("PRAGMA foreign_keys = OFF")
        self.chance.seed(seed)

    @property
    def exercise(self) -> Exercise:
        return self.chance.choice(list(Exercise.objects.order_by("pk")))

    @property
    def running(self) -> Exercise:
        return Exercise.objects.get(ended_at=None)

    def event(self, exercise: Exercise | None = None, *, first: int = 1) -> Event:
        """Return any event, from the number `first` on."""
        asked = Event.objects.filter(exercise=exercise or self.exercise, seq__gte=first)
        return self.chance.choice(list(asked.order_by("exercise", "seq")))

    def row(self) -> models.Model:
        """Return any row of any recorded model."""
        kinds = [one for one in replay.row_models() if one._default_manager.exists()]
        model = self.chance.choice(kinds)
        return self.chance.choice(list(model._default_manager.order_by("pk")))


@dataclass(frozen=True)
class Kind:
    """A way to tamper; it returns in words where it did."""

    name: str
    do: Callable[[World], str]
    found_by: str


KINDS: dict[str, Kind] = {}


def kind(name: str, found_by: str = VERIFY) -> Callable[[Callable[[World], str]], Kind]:
    def add(do: Callable[[World], str]) -> Kind:
        KINDS[name] = Kind(name, do, found_by)
        return KINDS[name]

    return add


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def set_event(event: Event, **columns: Any) -> str:
    Event.objects.filter(pk=event.pk).update(**columns)
    return f"event {event.exercise_id}/{event.seq}"


def set_exercise(exercise: Exercise, **columns: Any) -> str:
    Exercise.objects.filter(pk=exercise.pk).update(**columns)
    return f"exercise {exercise.pk}: {', '.join(columns)}"


def end_at(exercise: Exercise, seq: int, *columns: str) -> None:
    """Let the exercise say that its record ends there."""
    last = Event.objects.get(exercise=exercise, seq=seq)
    said = {"seq": seq, "head": last.hash, "last_at": last.at}
    set_exercise(exercise, **{name: said[name] for name in columns})


def chain_anew(exercise: Exercise) -> None:
    """Number all events anew, compute every hash, and move the head."""
    head, events = "", list(Event.objects.filter(exercise=exercise).in_order())
    Event.objects.filter(exercise=exercise).update(seq=models.F("seq") + 100_000)
    for seq, event in enumerate(events, start=1):
        body = event.content
        head = chain.link(head, seq=seq, recorded_at=event.recorded_at, body=body)
        Event.objects.filter(pk=event.pk).update(seq=seq, hash=head)
    end_at(exercise, len(events), "seq", "head", "last_at")


def say(event: Event, **changed: Any) -> str:
    """Let an event tell something else, and the chain follow from it."""
    set_event(event, body=chain.canonical(event.payload | changed))
    chain_anew(event.exercise)
    return f"event {event.exercise_id}/{event.seq}: {', '.join(changed)}"


def remove_all(exercise: Exercise) -> None:
    Event.objects.filter(exercise=exercise)._raw_delete("default")
    Heartbeat.objects.filter(exercise=exercise)._raw_delete("default")
    for model in replay.row_models():
        model._default_manager.filter(exercise=exercise)._raw_delete("default")
    Exercise.objects.filter(pk=exercise.pk)._raw_delete("default")


def erased(exercise: Exercise) -> None:
    Erasure.objects.create(
        exercise=exercise.pk,
        name=exercise.name,
        seq=exercise.seq,
        head=exercise.head,
        by="chief",
        recorded_at=clock.wall(),
    )


# Events


@kind("a bit of a body flipped")
def _(world: World) -> str:
    event = world.event()
    body = bytearray(event.content)
    place = world.chance.randrange(len(body))
    body[place] ^= 1 << world.chance.randrange(8)
    return f"{set_event(event, body=bytes(body))}, byte {place}"


@kind("a digit in a body changed")
def _(world: World) -> str:
    event = world.event()
    body = event.content.decode()
    place = world.chance.choice([n for n, one in enumerate(body) if one.isdigit()])
    digit = str((int(body[place]) + world.chance.randrange(1, 10)) % 10)
    return set_event(event, body=f"{body[:place]}{digit}{body[place + 1 :]}".encode())


@kind("a body cut off")
def _(world: World) -> str:
    event = world.event()
    return set_event(event, body=event.content[: world.chance.randrange(len(event.content))])


@kind("text in the place of a body")
def _(world: World) -> str:
    event = world.event()
    sql("UPDATE audit_event SET body = %s WHERE id = %s", "nothing", event.pk)
    return f"event {event.exercise_id}/{event.seq}"


@kind("one event told by another's body")
def _(world: World) -> str:
    event = world.event(first=2)
    return set_event(event, body=world.event().content + b" ")


@kind("a moment of recording moved")
def _(world: World) -> str:
    event = world.event()
    by = timedelta(microseconds=world.chance.choice([1, 10**6, 3600 * 10**6, -(10**6)]))
    return set_event(event, recorded_at=event.recorded_at + by)


@kind("a hash changed")
def _(world: World) -> str:
    event = world.event()
    return set_event(event, hash=world.chance.choice(["", "0" * 64, event.hash[::-1]]))


@kind("an event filed under another case")
def _(world: World) -> str:
    event = world.event()
    return set_event(event, case="TR-KZ-0009" if event.case == "" else "")


@kind("two events swapped")
def _(world: World) -> str:
    event = world.event(first=2)
    before = Event.objects.get(exercise=event.exercise, seq=event.seq - 1)
    set_event(event, seq=10**6)
    set_event(before, seq=event.seq)
    return set_event(event, seq=before.seq)


@kind("an event deleted")
def _(world: World) -> str:
    event = world.event()
    sql("DELETE FROM audit_event WHERE id = %s", event.pk)
    return f"event {event.exercise_id}/{event.seq}"


@kind("an event given to the other exercise")
def _(world: World) -> str:
    event = world.event()
    [other] = Exercise.objects.exclude(pk=event.exercise_id)
    return set_event(event, exercise=other, seq=10**6)


@kind("an event added behind the end")
def _(world: World) -> str:
    exercise = world.exercise
    last = Event.objects.get(exercise=exercise, seq=exercise.seq)
    body, seq = last.content, last.seq + 1
    hashed = chain.link(last.hash, seq=seq, recorded_at=last.recorded_at, body=body)
    last.pk, last.seq, last.hash, last.once = None, seq, hashed, None
    last.save()
    return f"exercise {exercise.pk}"


@kind("an event put in between")
def _(world: World) -> str:
    event = world.event()
    later = Event.objects.filter(exercise=event.exercise, seq__gt=event.seq)
    later.update(seq=models.F("seq") + 10**6)
    later.update(seq=models.F("seq") - 10**6 + 1)
    event.pk, event.seq, event.once = None, event.seq + 1, None
    event.save()
    set_exercise(event.exercise, seq=models.F("seq") + 1)
    return f"event {event.exercise_id}/{event.seq}"


def cut(world: World, *mended: str) -> str:
    event = world.event(first=2)
    sql(
        "DELETE FROM audit_event WHERE exercise_id = %s AND seq >= %s", event.exercise_id, event.seq
    )
    end_at(event.exercise, event.seq - 1, *mended)
    return f"exercise {event.exercise_id} from event {event.seq}"


@kind("a tail cut off")
def _(world: World) -> str:
    return cut(world)


@kind("a tail cut off and the number mended")
def _(world: World) -> str:
    return cut(world, "seq")


@kind("a tail cut off, number and head mended")
def _(world: World) -> str:
    return cut(world, "seq", "head")


@kind("a tail cut off, number, head and moment mended")
def _(world: World) -> str:
    return cut(world, "seq", "head", "last_at")


@kind("every event deleted")
def _(world: World) -> str:
    exercise = world.exercise
    sql("DELETE FROM audit_event WHERE exercise_id = %s", exercise.pk)
    return set_exercise(exercise, seq=0, head="")


# The chain made anew


@kind("another audience, chained anew", CHECKPOINT)
def _(world: World) -> str:
    return say(world.event(), audience=["SOMEBODY"])


@kind("other details of a deed, chained anew", CHECKPOINT)
def _(world: World) -> str:
    return say(world.event(), **{"with": {"said": "something else"}})


@kind("another verb, chained anew", CHECKPOINT)
def _(world: World) -> str:
    return say(world.event(), verb="authorize", conduct=False)


@kind("another hand, chained anew")
def _(world: World) -> str:
    events = Event.objects.filter(exercise=world.running).in_order()
    by_seats = [one for one in events if one.seat not in ("", "INSTRUCTOR")]
    event = world.chance.choice(by_seats)
    return say(event, by=event.payload["by"] | {"holder": "somebody"})


@kind("a deed of the clock given to a person, chained anew")
def _(world: World) -> str:
    events = Event.objects.filter(exercise=world.running).in_order()
    event = world.chance.choice([one for one in events if not one.seat][1:])
    by = {"seat": "KZ-DECIDER", "holder": "somebody", "instructor": False}
    return say(event, by=by)


@kind("a moment before the one before, chained anew")
def _(world: World) -> str:
    return say(world.event(first=2), at="2020-01-01T00:00:00Z")


@kind("a body that tells less, chained anew")
def _(world: World) -> str:
    event = world.event()
    body = event.payload
    del body[world.chance.choice(sorted(body.keys() - {"version"}))]
    set_event(event, body=chain.canonical(body))
    try:
        chain_anew(event.exercise)
    except KeyError:  # the moment, of the last event
        end_at(event.exercise, event.seq, "seq", "head")
    return f"event {event.exercise_id}/{event.seq}"


@kind("a body that is no event, chained anew")
def _(world: World) -> str:
    event = world.event(world.exercise)
    body = world.chance.choice([b"", b"null", b"[]", b"{}", b"7", b"\xff\xfe", b"[" * 9999])
    set_event(event, body=body)
    exercise, head = event.exercise, ""
    for one in Event.objects.filter(exercise=exercise).in_order():
        head = chain.link(head, seq=one.seq, recorded_at=one.recorded_at, body=one.content)
        set_event(one, hash=head)
    set_exercise(exercise, head=head)
    return f"event {exercise.pk}/{event.seq}: {body[:9]!r}"


# A later event may have said the same column again: then the rows follow all the same.
@kind("what an event did to a row changed, chained anew", CHECKPOINT)
def _(world: World) -> str:
    rows: dict[str, Any] = {}
    while not any(rows.values()):
        event = world.event()
        rows = event.payload["rows"]
    ref = world.chance.choice([ref for ref, row in rows.items() if row])
    return say(event, rows=rows | {ref: rows[ref] | {"status": "AUTHORIZED", "name": "x"}})


@kind("an event taken out, chained anew", CHECKPOINT)
def _(world: World) -> str:
    event = world.event(first=2)
    sql("DELETE FROM audit_event WHERE id = %s", event.pk)
    chain_anew(event.exercise)
    return f"event {event.exercise_id}/{event.seq}"


@kind("a name and its row rewritten together, chained anew", CHECKPOINT)
def _(world: World) -> str:
    exercise = world.exercise
    event = Event.objects.get(exercise=exercise, seq=1)
    rows = event.payload["rows"]
    set_exercise(exercise, name="Another exercise")
    return say(event, rows=rows | {"exercise": rows["exercise"] | {"name": "Another exercise"}})


@kind("an exercise replaced by its own past", CHECKPOINT)
def _(world: World) -> str:
    exercise = world.exercise
    until = world.event(exercise, first=20).seq - 1
    end_at(exercise, until, "seq", "head")
    lines = [*exported.export_record(exercise)]
    pk = exercise.pk
    remove_all(exercise)
    made = actions.import_record(exported.read(lines))
    for model in (Event, Heartbeat, *replay.row_models()):
        model._default_manager.filter(exercise=made).update(exercise=pk)  # type: ignore[attr-defined]
    Exercise.objects.filter(pk=made.pk).update(id=pk)
    return f"exercise {pk} as of event {until}"


@kind("a column that no row has, chained anew")
def _(world: World) -> str:
    event = Event.objects.get(exercise=world.exercise, seq=1)
    rows = event.payload["rows"]
    ref = world.chance.choice(sorted(rows))
    return say(event, rows=rows | {ref: {**rows[ref], "agreed_upon": True}})


@kind("an event added after the end, with a right hash and a moved head")
def _(world: World) -> str:
    [exercise] = Exercise.objects.exclude(ended_at=None)
    return append(exercise)


@kind("an event added to a running exercise, with a right hash and a moved head", NAMED)
def _(world: World) -> str:
    return append(world.running)


def append(exercise: Exercise) -> str:
    last = Event.objects.get(exercise=exercise, seq=exercise.seq)
    told = last.payload | {"by": None, "made": [], "rows": {}}
    last.pk, last.seq, last.once, last.body = None, last.seq + 1, None, chain.canonical(told)
    last.save()
    chain_anew(exercise)
    return f"exercise {exercise.pk}"


# Rows


def another(column: models.Field[Any, Any], value: Any) -> Any:
    """Return another value that the column can hold."""
    if isinstance(column, models.ForeignKey):
        others = column.related_model._default_manager.exclude(pk=value)
        return None if value and column.null else others.values_list("pk", flat=True).first()
    if isinstance(column, models.BooleanField):
        return not value
    if isinstance(column, models.JSONField):
        return {"other": value}
    if isinstance(column, models.DecimalField | models.IntegerField):
        return (value or 0) + 1
    if isinstance(column, models.DateTimeField):
        moment: datetime = value or Exercise.objects.first().opened_at  # type: ignore[union-attr]
        return moment + timedelta(minutes=1)
    if isinstance(column, models.DateField):
        return (value or date(2026, 9, 1)) + timedelta(days=1)
    return f"{value or ''}x"[-(column.max_length or 1000) :]


@kind("a column of a row changed")
def _(world: World) -> str:
    while True:
        row: Any = world.row()
        column = world.chance.choice(type(row).recorded_fields())
        value = getattr(row, column.attname)
        other = another(column, value)
        if other == value:
            continue
        try:
            type(row).objects.filter(pk=row.pk).update(**{column.attname: other})
        except IntegrityError:
            continue
        return f"{row.exercise_id}: {row.ref}.{column.name}"


@kind("a column of the exercise changed")
def _(world: World) -> str:
    exercise = world.exercise
    column = world.chance.choice(Exercise.recorded_fields())
    other = another(column, getattr(exercise, column.attname))
    return set_exercise(exercise, **{column.attname: other})


@kind("nonsense in a column")
def _(world: World) -> str:
    while True:
        row: Any = world.chance.choice([world.row(), world.exercise])
        column = world.chance.choice(type(row).recorded_fields())
        table = type(row)._meta.db_table
        try:
            junk = world.chance.choice(["2026-99-99", "7", "nothing"])
            sql(f'UPDATE {table} SET "{column.column}" = %s WHERE id = %s', junk, row.pk)  # noqa: S608
        except IntegrityError:  # JSON that is none
            continue
        if str(getattr(row, column.attname)) == junk:
            continue
        return f"{table}.{column.column}"


@kind("a row deleted")
def _(world: World) -> str:
    row: Any = world.row()
    type(row).objects.filter(pk=row.pk)._raw_delete("default")
    return f"{row.exercise_id}: {row.ref}"


@kind("a row added")
def _(world: World) -> str:
    while True:
        row: Any = world.row()
        row.pk, row.ref = None, f"{row.ref.rpartition('/')[0]}/99"
        for name in ("number", "round"):
            if hasattr(row, name):
                setattr(row, name, "99" if isinstance(getattr(row, name), str) else 99)
        try:
            type(row).objects.bulk_create([row])
        except IntegrityError:
            continue
        return f"{row.exercise_id}: {row.ref}"


@kind("a row renamed")
def _(world: World) -> str:
    row: Any = world.row()
    type(row).objects.filter(pk=row.pk).update(ref=f"{row.ref}0")
    return f"{row.exercise_id}: {row.ref}"


@kind("a row given to the other exercise")
def _(world: World) -> str:
    while True:
        row: Any = world.row()
        [other] = Exercise.objects.exclude(pk=row.exercise_id)
        try:
            type(row).objects.filter(pk=row.pk).update(exercise=other)
        except IntegrityError:
            continue
        return f"{row.exercise_id}: {row.ref}"


@kind("whoever held a seat renamed")
def _(world: World) -> str:
    seats = list(world.running.seats.exclude(holder=None).order_by("pk"))
    seat = world.chance.choice(seats)
    sql("UPDATE auth_user SET username = 'other' WHERE id = %s", seat.holder_id)
    return str(seat.key)


# What an exercise says of its record


@kind("the head changed")
def _(world: World) -> str:
    return set_exercise(world.exercise, head=world.chance.choice(["", "0" * 64]))


@kind("the number of events changed")
def _(world: World) -> str:
    exercise = world.exercise
    return set_exercise(exercise, seq=exercise.seq + world.chance.choice([-1, 1, 7]))


@kind("the last moment moved")
def _(world: World) -> str:
    exercise = world.exercise
    by = timedelta(seconds=world.chance.choice([-3600, -1, 1, 86400]))
    return set_exercise(exercise, last_at=exercise.last_at + by)


@kind("the clock set: simulated time or rate")
def _(world: World) -> str:
    exercise, column = world.exercise, world.chance.choice(["sim_anchor", "rate"])
    other = another(Exercise._meta.get_field(column), getattr(exercise, column))  # type: ignore[arg-type]
    return set_exercise(exercise, **{column: other})


@kind("the clock set: the real moment from which it runs", NAMED)
def _(world: World) -> str:
    exercise = world.exercise
    return set_exercise(exercise, wall_anchor=exercise.wall_anchor - timedelta(days=1))


@kind("an exercise halted", NAMED)
def _(world: World) -> str:
    return set_exercise(world.exercise, halted="nothing happened")


@kind("an exercise made provisional", NAMED)
def _(world: World) -> str:
    return set_exercise(world.exercise, provisional=True)


@kind("the key of a form changed", NAMED)
def _(world: World) -> str:
    return set_event(world.event(), once=str(world.chance.random()))


@kind("a sign of life moved", NAMED)
def _(world: World) -> str:
    Heartbeat.objects.update(alive_at=clock.wall() + timedelta(days=1))
    return "all"


# Beside the records


@kind("an erasure forged")
def _(world: World) -> str:
    exercise = world.exercise
    erased(exercise)
    return f"exercise {exercise.pk}"


@kind("an erasure forged, a tail let go by the triggers, everything mended")
def _(world: World) -> str:
    triggers.install(connection)
    for exercise in Exercise.objects.all():
        erased(exercise)
    return cut(world, "seq", "head", "last_at")


@kind("a whole exercise removed", CHECKPOINT)
def _(world: World) -> str:
    exercise = world.exercise
    remove_all(exercise)
    return f"exercise {exercise.pk}"


@kind("a whole exercise removed, an erasure forged", CHECKPOINT)
def _(world: World) -> str:
    exercise = world.exercise
    erased(exercise)
    remove_all(exercise)
    return f"exercise {exercise.pk}"


@kind("the row of an exercise removed, and nothing else")
def _(world: World) -> str:
    exercise = world.exercise
    sql("DELETE FROM exercises_exercise WHERE id = %s", exercise.pk)
    return f"exercise {exercise.pk}"


NAMES = sorted(triggers.names())


def dropped(world: World) -> str:
    """Put the triggers back and drop one of them; return which."""
    triggers.install(connection)
    name = world.chance.choice(NAMES)
    sql(f"DROP TRIGGER {name}")
    return name


@kind("a trigger dropped")
def _(world: World) -> str:
    return dropped(world)


@kind("a trigger hollowed out")
def _(world: World) -> str:
    name = dropped(world)
    instead = world.chance.choice(
        ["WHEN 0 BEGIN SELECT RAISE(ABORT, 'append-only')", "BEGIN SELECT 1"]
    )
    sql(f"CREATE TRIGGER {name} BEFORE UPDATE ON audit_event {instead}; END")
    return name


@kind("a trigger of the same name on another table")
def _(world: World) -> str:
    name = dropped(world)
    sql(f"CREATE TRIGGER {name} BEFORE UPDATE ON auth_group BEGIN SELECT RAISE(ABORT, 'x'); END")
    return name


@contextmanager
def played() -> Iterator[World]:
    """Give two played exercises in a database of this thread's own, and checkpoints of them."""
    with restore.aside(), tempfile.TemporaryDirectory() as folder:
        triggers.install(connection)
        unwrap(playing.before)("silence", "lapse", seated=True)  # played, and not put back
        ended = stories.play(stories.load("late-change"))
        if ended.ended_at is None:
            playing.conduct(ended, "end")
        notes = Path(folder, "checkpoints.txt")
        call_command("checkpoint", notes, stdout=io.StringIO())
        yield World(connection.connection.serialize(), notes)


def try_out(world: World, tampering: Kind, seed: str) -> tuple[str, str, str]:
    """Tamper; return where, what found it, and what was said."""
    world.begin(seed)
    is_of_triggers = "trigger" in tampering.name
    if not is_of_triggers:
        triggers.remove(connection)
    where = tampering.do(world)
    if not is_of_triggers:
        triggers.install(connection)
    found, said = NAMED, "nothing"
    for finder, arguments in ((VERIFY, []), (CHECKPOINT, ["--checkpoint", str(world.checkpoints)])):
        code, said = _asked(arguments)
        if code:
            found = finder
            break
    return where, found, said


def _asked(arguments: list[str]) -> tuple[int, str]:
    """Return exit code and first finding of `verify_audit`."""
    printed = io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=printed)
    except CommandError as error:
        lines = [*printed.getvalue().splitlines(), str(error)]
        told = (line for line in lines if "BROKEN" in line or "could not be told" in line)
        return error.returncode, next(told, lines[-1])
    return 0, printed.getvalue()


def try_all(world: World, *, seed: str, rounds: int, say: Callable[[str], object]) -> int:
    """Try every kind so many times; return how many tamperings were found by something else."""
    wrong, tried, finders = 0, 0, Counter[str]()
    for name, tampering in KINDS.items():
        found: Counter[str] = Counter()
        for number in range(rounds):
            where, finder, said = try_out(world, tampering, f"{seed}/{name}/{number}")
            found[finder] += 1
            if finder != tampering.found_by and not (
                tampering.found_by == CHECKPOINT and finder == VERIFY
            ):
                wrong += 1
                say(f"  WRONG: {name}, {where}: {finder} ({said}), not {tampering.found_by}")
        tried += rounds
        finders += found
        by = ", ".join(f"{count} by {finder}" for finder, count in sorted(found.items()))
        say(f"{name}: {by}")
    by = ", ".join(f"{count} by {finder}" for finder, count in sorted(finders.items()))
    say(f"{tried} tamperings of {len(KINDS)} kinds, seed {seed}: {by}; {wrong} not as expected")
    return wrong


def run(told: Namespace) -> int:
    """Try each kind as often as makes so many tamperings; return how many went otherwise."""
    with played() as world:
        return try_all(world, seed=told.seed, rounds=-(-told.times // len(KINDS)), say=_say)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
