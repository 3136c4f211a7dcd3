"""Letting time pass: do what is due, earliest first, each at its own moment.

What falls due is a row with a moment, mostly its `alarm_at`. A batch loads the rows that are due,
and what their happenings read, in a fixed number of queries; from then on the order is a heap in
memory.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from heapq import heappop, heappush
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import F, OuterRef, Subquery, Value

from exercises import clock
from exercises.models import Exercise
from exercises.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from audit.deed import Deed
    from exercises.recorded import Recorded

logger = logging.getLogger(__name__)

#: The column that says when a row rings, of most kinds.
ALARM = "alarm_at"

#: How many due rows a batch loads, and how many where role-players act, which takes longer.
AT_ONCE = 500
AT_ONCE_IN_PLAY = 25

#: A batch ends after so long, real time, that others get the lock.
LONGEST = timedelta(milliseconds=250)

#: Moment, place among the kinds, key: the order in which happenings happen.
Place = tuple["datetime", int, int]


@dataclass(frozen=True)
class Kind:
    """A kind of happening: which rows ring, and what happens to one that does.

    `rows` gives those whose alarm counts, `counts` says the same of one in memory. `happen`
    returns the verb, `reads` names the parts of the row's whole that its verbs look at. `moment`
    is the column that says when, and it `opens` where the rows say that too. Where the moment is
    no part of the record, as it follows from other rows, `plan` sets it anew after each verb and
    gives the rows that it changed; what happens may be that nothing does, and then sets the moment
    of its own row.
    """

    code: str
    model: type[Model]
    rows: Callable[[], QuerySet[Any]]
    happen: Callable[[Any], Callable[..., Any]]
    counts: Callable[[Any], bool] = lambda row: True
    reads: tuple[str, ...] = ()
    moment: str = ALARM
    opens: bool = True
    plan: Callable[[Deed, datetime], Iterable[Recorded]] | None = None

    def rings_at(self, row: Any) -> datetime | None:
        """Return when the row rings, if it does."""
        moment: datetime | None = getattr(row, self.moment)
        return moment


class Stopped(Exception):  # noqa: N818 - the name of what happened to the timeline
    """The timeline of one exercise cannot go on; the text names the happening."""


def batch(deed: Deed, *, until: datetime) -> bool:
    """Do what falls due before `until`, each at its own moment; say whether that was all.

    Half-open: what is due exactly at `until` waits, so that at one moment people precede the
    clock. Equals are ordered by kind, then by the order in which the rows came to be. It ends
    before that with what was loaded at once, or when others have waited for the lock for long.
    Raises `Stopped` if a happening raises or leaves its row still due.
    """
    exercise = deed.exercise
    most = AT_ONCE_IN_PLAY if exercise.cast else AT_ONCE
    due = _asked(most).rows(exercise.pk, exercise.last_at, until)
    if not due:
        return True
    is_all = _work_off(deed, due, until=until, is_known=len(due) < most)
    deed.write()
    return is_all


def is_due(exercise: Exercise, *, until: datetime) -> bool:
    """Say, without a lock, whether anything falls due before `until`."""
    return bool(_asked(1).rows(exercise.pk, exercise.last_at, until))


def reached(exercise: Exercise, at: datetime) -> datetime:
    """Return how far time has passed on its way to `at`: to what is due first, or all the way.

    After a long jump the worker needs a while; until then nobody is past what has not happened.
    """
    due = _asked(1).rows(exercise.pk, exercise.last_at, at) if at > exercise.last_at else []
    return due[0][0] if due else at


def next_moment(exercise: Exercise, *, after: datetime) -> datetime | None:
    """Return the next opening or alarm after `after`, whichever is first."""
    [moments] = _ahead().rows(exercise.pk, after)
    return min((one for one in moments if one), default=None)


@cache
def _ahead() -> Statement:
    """Return the query for the first opening and the first alarm of each kind, built once."""

    def first(kind: Kind, moment: str, **ahead: Any) -> Subquery:
        rows = kind.rows().filter(exercise=OuterRef("pk"), **ahead).order_by(moment)
        return Subquery(rows.values(moment)[:1])

    def build(exercise: Any, after: Any) -> QuerySet[Any, Any]:
        moments = {
            f"rings_{kind.code}": first(kind, kind.moment, **{f"{kind.moment}__gte": after})
            for kind in kinds()
        } | {
            f"opens_{kind.code}": first(kind, "opens_at", opens_at__gt=after)
            for kind in kinds()
            if kind.opens
        }
        rows = Exercise.objects.filter(pk=exercise).annotate(**moments).order_by()
        return rows.values_list(*moments)

    return Statement(build)


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of happening, in the order in which equals happen: an ADR."""
    modules = [import_module(name) for name in settings.HAPPENINGS]
    return tuple(kind for module in modules for kind in module.KINDS)


@cache
def _asked(most: int) -> Statement:
    """Return the query for what is due first, built once."""
    return Statement(lambda exercise, since, until: _due(exercise, since, until)[:most])


def _due(exercise: Any, since: Any, until: Any) -> QuerySet[Any]:
    """The alarms from `since` on: earlier ones are of rows that count no more."""
    rings = [
        kind.rows()
        .filter((f"{kind.moment}__gte", since), (f"{kind.moment}__lt", until), exercise=exercise)
        .order_by()
        .annotate(rings_at=F(kind.moment), rings_as=Value(place), ringing=F("pk"))
        .values_list("rings_at", "rings_as", "ringing")
        for place, kind in enumerate(kinds())
    ]
    due: QuerySet[Any] = rings[0].union(*rings[1:], all=True)
    return due.order_by("rings_at", "rings_as", "ringing")


def _work_off(deed: Deed, due: Sequence[Place], *, until: datetime, is_known: bool) -> bool:
    """Do what is due, and what comes of it, as far as all rows are known; say whether all is.

    Not `is_known`: more is due than was loaded.
    """
    heap, began = [*due], clock.elapsed()
    rows = {
        (place, key): row
        for place, kind in enumerate(kinds())
        for key, row in deed.load(kind.model, {k for _, p, k in due if p == place}, kind.reads)
    }
    last = due[-1]
    while heap:
        if not is_known and heap[0] > last:
            return False
        at, place, key = heappop(heap)
        kind = kinds()[place]
        if (place, key) not in rows:  # made by what happened before
            [(_key, rows[place, key])] = deed.load(kind.model, {key}, kind.reads)
        row = rows[place, key]
        if kind.rings_at(row) != at or not kind.counts(row):
            continue
        _happen(row, kind, at=at)
        saved: list[Any] = deed.saved
        if kind.plan is not None:
            deed.change(row)
            saved = [*saved, row]
        for changed in saved:
            for moment, other in _places(changed, until):
                if deed.holds(changed):
                    rows[other, changed.pk] = changed
                heappush(heap, (moment, other, changed.pk))
        if clock.elapsed() - began > LONGEST:  # after a happening: every batch gets on
            return False
    return is_known


def _places(row: Any, until: datetime) -> Iterator[tuple[datetime, int]]:
    """Give when and as which kinds a changed row rings before `until`."""
    for place, kind in enumerate(kinds()):
        if kind.model is type(row):
            moment = kind.rings_at(row)
            if moment is not None and moment < until:
                yield moment, place


def plan(deed: Deed, at: datetime) -> None:
    """Set the moments anew that follow from what the verb at `at` saved."""
    for kind in kinds():
        if kind.plan is not None:
            for row in [*kind.plan(deed, at)]:
                deed.change(row)
                deed.saved.append(row)


def _happen(row: Any, kind: Kind, *, at: datetime) -> None:
    due = f"{kind.code} of {row.ref} at {at:%Y-%m-%d %H:%M:%SZ}"
    try:
        kind.happen(row)(row, by=None, at=at)
    except OperationalError:
        raise  # the database is busy or gone: no fault of the timeline
    except Exception as error:
        number = row.exercise_id
        said = "Timeline of exercise %s stopped at %s"
        logger.exception(said, number, due, extra={"exercise": number})
        raise Stopped(f"{due}: {type(error).__name__}: {error}") from error
    if kind.rings_at(row) == at and kind.counts(row):
        raise Stopped(f"{due}: still due after it happened")
