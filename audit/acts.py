"""The one way of writing.

The edge (a view, the tick, a command) opens ``with act(exercise) as at:`` and inside it calls one
verb with that `at`. An act is one transaction: lock the exercise, read the clock, let time pass up
to it, then the verb. Nothing else writes recorded rows.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import timedelta
from functools import update_wrapper
from inspect import signature
from itertools import groupby
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from audit import chain, timeline
from audit.deed import Deed
from audit.models import Event
from audit.refusals import AlreadyDone, Halted, NotNow, Refused, Stale, Unseated
from audit.upgrades import FORMAT
from audit.verbs import AUTO_PAUSE, CLOCK_SET_BACK, HOST, REQUESTING, Verb
from books.calendars import CalendarRangeError
from exercises import clock, parts
from exercises.models import Exercise, Heartbeat
from exercises.recorded import Recorded, encode
from exercises.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime
    from types import ModuleType

    from django.utils.functional import _StrPromise

    from exercises.models import Seat

#: A sign of life is left no more often than this.
STAMP_EVERY = timedelta(seconds=5)

logger = logging.getLogger(__name__)

Details = ParamSpec("Details")
Subject = TypeVar("Subject", bound=Recorded)
Result = TypeVar("Result")


_deed: ContextVar[Deed | None] = ContextVar("deed", default=None)


@contextmanager
def act(
    exercise: Exercise,
    *,
    at: datetime | None = None,
    by: Seat | None = None,
    once: str | None = None,
    seen: str | None = None,
    catch_up: bool = True,
) -> Iterator[datetime]:
    """Open one act in `exercise` and give its simulated moment.

    A story passes its own moment as `at`; everybody else acts at what the clock shows. `once` is
    the key of the form: the same key from the same seat raises `AlreadyDone`. `seen` is the stamp
    of the subject that the form was about: the verb raises `Stale` if it has moved since. With
    `catch_up=False` (pause, end, erase) time does not pass first. A refusal or a form with faults
    rolls back what the verb did and keeps what fell due before it. Raises `Halted` if the
    timeline had to stop.
    """
    refusal: Refused | ValidationError | None = None
    try:
        while True:
            with _transaction(exercise, at=at, catch_up=catch_up) as deed:
                deed.once, deed.seen = once, seen
                if once:
                    _refuse_repeat(deed.exercise, once, by)
                if deed.exercise.ended_at is not None:
                    raise NotNow(_("This exercise has ended."))
                if catch_up and deed.exercise.halted:
                    raise Halted(deed.exercise.halted)
                if deed.is_behind or (catch_up and not timeline.batch(deed, until=deed.at)):
                    continue  # others get the lock
                has_happened = deed.has_happened
                try:
                    with transaction.atomic() if has_happened else nullcontext(), deed.whole():
                        yield deed.at
                except CalendarRangeError as error:
                    refusal = NotNow(str(error))
                except (Refused, ValidationError) as error:
                    refusal = error
                if refusal is not None and not has_happened:
                    raise refusal
            break
    except timeline.Stopped as error:
        raise _halt(exercise, error) from error
    if refusal is not None:
        raise refusal


@contextmanager
def opening(exercise: Exercise, *, at: datetime) -> Iterator[datetime]:
    """Open the first act of an exercise, which has no row yet: the verb that opens it writes it.

    One transaction as every act, but with nothing to lock and no time to let pass. Whatever is
    raised in it leaves nothing of the exercise.
    """
    _alone()
    deed = Deed(exercise, at)
    with transaction.atomic(durable=True), _under_way(deed), deed.whole():
        yield at
    beat_heart(exercise)


def let_time_pass(exercise: Exercise, *, within: timedelta = timedelta.max) -> int:
    """Do what is due in `exercise` by its clock, in batches; return how many events that made.

    Ends with the first batch after `within`, real time; the next tick goes on. Raises `Halted` if
    the timeline had to stop.
    """
    total, began = 0, clock.elapsed()
    try:
        while True:
            with _transaction(exercise) as deed:
                if deed.exercise.halted or deed.exercise.ended_at:
                    return total
                is_all = not deed.is_behind and timeline.batch(deed, until=deed.at)
                total += deed.exercise.seq - (deed.began_with or 0)
            if is_all or clock.elapsed() - began > within:
                return total
    except timeline.Stopped as error:
        raise _halt(exercise, error) from error


@contextmanager
def _transaction(
    exercise: Exercise, *, at: datetime | None = None, catch_up: bool = True
) -> Iterator[Deed]:
    """Open one transaction on the exercise, its clock read.

    One that was left alone first does what was due until it stopped, a batch in each transaction,
    and gives no sign of life; the last of them records the pause.
    """
    _alone()
    with transaction.atomic(durable=True):
        locked = _locked(exercise)
        beat = getattr(locked, "heartbeat", None)
        wall = clock.wall()
        reading = clock.read(locked, alive_at=beat.alive_at if beat else None, wall=wall)
        deed = Deed(locked, max(at or reading.at, locked.last_at), began_with=locked.seq)
        with _under_way(deed):
            if reading.unattended and catch_up:
                deed.is_behind = not timeline.batch(deed, until=reading.at)
            if reading.unattended and not deed.is_behind:
                with _record(AUTO_PAUSE, locked, by=None, at=reading.at, details={}):
                    locked.anchor(at=reading.at, wall=wall, rate=0)
                    save(locked)
            elif reading.set_back:
                # As a jump: at the end of the record, and what falls due on the way comes after it.
                with _record(CLOCK_SET_BACK, locked, by=None, at=locked.last_at, details={}):
                    locked.anchor(at=reading.at, wall=wall, rate=locked.rate)
                    save(locked)
            if beat and beat.alive_at - wall > clock.SET_BACK:
                Heartbeat.objects.filter(pk=beat.pk).update(alive_at=wall, ticked_at=None)
            yield deed
    if not deed.is_behind and (beat is None or wall - beat.alive_at >= STAMP_EVERY):
        beat_heart(exercise)


_LOCKED = Statement(Exercise.objects.locked)


def _locked(exercise: Exercise) -> Exercise:
    """Return the exercise under its lock, with its heartbeat."""
    [locked] = _LOCKED.rows(exercise.pk)
    return locked  # type: ignore[no-any-return]


def _alone() -> None:
    if _deed.get() is not None:
        raise RuntimeError("An act is under way: a verb is called inside it, not a second act.")


@contextmanager
def _under_way(deed: Deed) -> Iterator[None]:
    token = _deed.set(deed)
    try:
        with deed.under_way():
            yield
    finally:
        _deed.reset(token)


def beat_heart(exercise: Exercise, *, ticked: bool = False) -> None:
    """Note that the exercise is being run; outside the record and its lock."""
    beat_hearts({exercise.pk}, ticked=ticked)


def beat_hearts(keys: Collection[int], *, ticked: bool) -> None:
    """Note the same of several exercises, by their keys.

    The last sign of life moves forward only; after the machine's clock was set back an act moves it
    back, and the clock of the exercise with it. A database that is busy or gone is no reason to
    tell an act that was committed as one that failed: the next sign comes soon.
    """
    try:
        _stamp_hearts(keys, ticked=ticked)
    except (OperationalError, InterfaceError) as error:
        logger.warning("No sign of life could be left: %s", error)


def _stamp_hearts(keys: Collection[int], *, ticked: bool) -> None:
    wall = clock.wall()
    signs = {"alive_at": wall} | ({"ticked_at": wall} if ticked else {})
    alive_at = Greatest(F("alive_at"), Value(wall, DateTimeField()))
    mine = Heartbeat.objects.filter(exercise__in=keys)
    if mine.update(**signs | {"alive_at": alive_at}) < len(keys):
        missing = [Heartbeat(exercise_id=key, **signs) for key in sorted(keys)]
        Heartbeat.objects.bulk_create(missing, ignore_conflicts=True)


class Door(Generic[Subject, Details, Result]):
    """A verb: its row of the table, and the one function through which it is done."""

    def __init__(
        self, row: Verb, function: Callable[Concatenate[Subject, Details], Result]
    ) -> None:
        self.row, self.function = row, function
        update_wrapper(self, function)

    def __call__(self, subject: Subject, *args: Details.args, **details: Details.kwargs) -> Result:
        """Do it: re-read actor and subject under the lock, check the row, change rows, record it.

        Raises `audit.refusals.Refused` unless it is possible, `RuntimeError` inside another verb:
        that would skip its guards. What two verbs share is a plain function.
        """
        deed = _current()
        if deed.verb is not None:
            raise RuntimeError(f"{self.row.code} inside {deed.verb.code}: call what they share.")
        recorded: dict[str, Any] = {**details}
        by, at = recorded.pop("by"), recorded.pop("at")
        if by is not None and not self.row.sits_down:
            _check_still_sits(deed, by)
        subject = deed.again(subject)
        if by is not None and deed.seen is not None and deed.seen != _stamp(subject, by):
            raise Stale(_("Somebody was first: this has changed since your page was made."))
        self.row.check(subject, by=by, at=at)
        with _record(self.row, subject, by=by, at=at, details=recorded):
            result = self.function(subject, *args, **details)
        timeline.plan(deed, at)
        return result


def verb(
    label: _StrPromise | str, past: _StrPromise | str, **facts: Any
) -> Callable[[Callable[Concatenate[Subject, Details], Result]], Door[Subject, Details, Result]]:
    """Make a function a verb; what stands of it in the table is `audit.verbs.Verb`."""

    def decorate(
        function: Callable[Concatenate[Subject, Details], Result],
    ) -> Door[Subject, Details, Result]:
        subject = next(iter(signature(function).parameters))
        return Door(Verb(function.__name__, label, past, subject, **facts), function)

    return decorate


def doors(*modules: ModuleType) -> dict[str, Door[Any, ..., Any]]:
    """Return the verbs of these modules by code, in the order in which they stand there."""
    found = [
        door
        for module in modules
        for door in vars(module).values()
        if isinstance(door, Door) and door.function.__module__ == module.__name__
    ]
    table = {door.row.code: door for door in found}
    assert len(table) == len(found), "a code stands twice"  # noqa: S101 - a fault of our own
    return table


def save(*rows: Recorded) -> None:
    """Save recorded rows, and put their changed columns into the event under way.

    A new row is written at once, several of one model together; a stored one with the deed.
    """
    deed = _writing()
    new = [row for row in rows if row.is_new]
    for row in rows:
        changed = row.changes()
        if row.is_new or changed:
            deed.rows[row.ref] = {**(deed.rows.get(row.ref) or {}), **changed}
            deed.saved.append(row)
        if not row.is_new and changed:
            deed.change(row)
    model: type[Recorded]
    for model, alike in groupby(new, key=type):
        model._default_manager.bulk_create(alike)
    for row in new:
        deed.made.append(row.ref)
        row.remember()
        parts.join(row)


def delete(row: Recorded) -> None:
    """Delete a recorded row and put that into the event under way."""
    deed = _writing()
    deed.rows[row.ref] = None
    deed.made = [ref for ref in deed.made if ref != row.ref]
    parts.leave(row)
    row.delete()


def enclose(name: str, digest: str) -> None:
    """Name a document that this act sent, by number and SHA-256 of its content."""
    _writing().documents.append({"name": name, "sha256": digest})


def of_case(reference: str) -> None:
    """Say which flight the act under way is about, where its subject did not exist before."""
    _writing().case = reference


@contextmanager
def _record(
    row: Verb, subject: Recorded, *, by: Seat | None, at: datetime, details: dict[str, Any]
) -> Iterator[None]:
    deed = _current()
    deed.verb, deed.made, deed.rows, deed.saved, deed.documents = row, [], {}, [], []
    deed.case = getattr(subject, "case", "")
    try:
        yield
        body = {
            "version": FORMAT,
            "at": encode(at),
            "verb": row.code,
            "conduct": row.conduct,
            "by": by
            and {
                "seat": by.key,
                "holder": by.hand,
                "instructor": by.taken_by is not None,
            },
            "about": subject.ref,
            "case": deed.case,
            "with": encode({k: v for k, v in details.items() if k not in row.private}),
            "documents": deed.documents,
            "audience": list(row.audience),
            "made": deed.made,
            "rows": deed.rows,
        }
        _append(deed, body, at=at)
        _show(deed, row, by)
    finally:
        deed.verb = None


def _append(deed: Deed, body: dict[str, Any], *, at: datetime) -> None:
    exercise = deed.exercise
    if at < exercise.last_at:
        raise RuntimeError(f"Time ran backwards: {at}, after {exercise.last_at}.")
    seq, recorded_at, content = exercise.seq + 1, clock.wall(), chain.canonical(body)
    head = chain.link(exercise.head, seq=seq, recorded_at=recorded_at, body=content)
    deed.has_happened = True
    once = deed.once if body["by"] else None
    if once:
        deed.once = None  # of several events of one form the first has its key
    deed.events.append(
        Event(
            exercise=exercise,
            seq=seq,
            case=deed.case,
            once=once,
            recorded_at=recorded_at,
            body=content,
            hash=head,
        )
    )
    exercise.seq, exercise.head, exercise.last_at = seq, head, at


def _show(deed: Deed, row: Verb, by: Seat | None) -> None:
    """Note which states may see that something happened; what is about no case, both."""
    exercise = deed.exercise
    states = {""}
    if deed.case:
        requesting, host, *_rest = deed.case.split("-")
        sides = {*row.audience, *row.seen_by}
        states = {
            state for side, state in ((REQUESTING, requesting), (HOST, host)) if side in sides
        }
        states |= {by.state} if by and by.state else set()
    exercise.shown = exercise.shown | dict.fromkeys(states, exercise.seq)


def _current() -> Deed:
    deed = _deed.get()
    if deed is None:
        raise RuntimeError("A verb outside an act: open `with act(exercise) as at:` first.")
    return deed


def _writing() -> Deed:
    deed = _current()
    if deed.verb is None:
        raise RuntimeError("Recorded rows are written inside a verb only.")
    return deed


def _stamp(subject: Any, by: Seat) -> str:
    stamp: str = subject.stamp_for(by)
    return stamp


def _check_still_sits(deed: Deed, by: Seat) -> None:
    """Raise `Unseated` if another holds the seat by now, or the instructor's, who acts for it.

    A seat that was read after the last event needs no second look: one of this deed, or of a
    request since which nothing has happened.
    """
    if deed.began_with in (None, by.as_of) or by.is_played or deed.holds(by):
        return
    acts_for_it = by.taken_by is not None and not by.is_instructor
    holder = by.taken_by.pk if by.taken_by and acts_for_it else by.holder_id
    seats = deed.exercise.seats.all()
    if not any(
        seat.holder_id == holder
        for seat in seats
        if (seat.is_instructor if acts_for_it else seat.ref == by.ref)
    ):
        raise Unseated(
            _("You are not the instructor of this exercise any more. Nothing was done.")
            if acts_for_it
            else _("You do not hold this seat any more: it was taken from you. Nothing was done.")
        )


def _refuse_repeat(exercise: Exercise, once: str, by: Seat | None) -> None:
    event = Event.objects.filter(exercise=exercise, once=once).first()
    if event is None:
        return
    if by is not None and event.seat == by.key:
        raise AlreadyDone(event)
    raise NotNow(_("This form was already used."))


def _halt(exercise: Exercise, error: timeline.Stopped) -> Halted:
    Exercise.objects.filter(pk=exercise.pk, halted="").update(halted=str(error))
    return Halted(str(error))
