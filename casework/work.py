"""Open work: every step that somebody owes now. Trays, lists, counts and step pace read it.

A kind of case says its work once, as `casework.steps.Steps`: conditions that the database counts
and puts in order without a row being read, and that a case that was read answers by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, reduce
from itertools import chain
from operator import add, or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case as Choice
from django.db.models import DateTimeField, IntegerField, OuterRef, Q, Subquery, Value, When

from books import agreements
from casework import kinds
from casework.steps import Owner
from exercises import paging, parts
from exercises.models import Role, Seat
from exercises.paging import Count
from exercises.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from casework.kinds import Kind
    from casework.models import Case
    from casework.steps import Task
    from exercises.models import Exercise
    from exercises.paging import Place

#: How the database puts steps in order: least time left first, of equals the newest case.
LEAST_TIME_LEFT = ("due", "-of_case")

MOMENT = DateTimeField()

#: Steps that are looked at for one that is shown: a case may wait for several of a seat.
AT_ONCE = 3


def on(case: Case, at: datetime) -> list[Task]:
    """Return what is owed on a case that was read with its parts, least time left first."""
    tasks = (task for sort in kinds.of(case).work for task in sort.tasks(case, at))
    return sorted(tasks, key=_time_left)


def open_work(exercise: Exercise, at: datetime, *, first: int | None = None) -> list[Task]:
    """Return what is owed in `exercise` at `at`, least time left first, what has no date last.

    All of it, or so much of what comes `first`: then no more cases are read.
    """
    tasks = [
        task
        for kind in kinds.kinds().values()
        for case in _cases(kind, exercise, at, first)
        for task in on(case, at)
    ]
    return sorted(tasks, key=_time_left)[:first]


def count(
    exercise: Exercise,
    at: datetime,
    *,
    of: Iterable[Kind] | None = None,
    seat: Seat | None = None,
) -> Count:
    """Count the steps that are owed, of all kinds of case or of some, by one seat or by anybody."""
    return Count(len(_ask(exercise, at, seat, of=of, most=paging.COUNTED + 1)))


def count_cases(seat: Seat, kind: Kind, at: datetime) -> Count:
    """Count the cases of one kind on which a seat owes a step."""
    most = paging.COUNTED + 1
    return Count(len(_ask(seat.exercise, at, seat, of=[kind], most=most, each_once=True)))


def counts(moments: Mapping[Exercise, datetime]) -> dict[int, Count]:
    """Count the steps that each seat of some exercises owes, each at its exercise's moment.

    By the key of the seat, of those that owe some. One query for each agreement among them and
    each page full of exercises. Raises `BadFile` for an agreement with faults.
    """
    found: dict[int, Count] = {}
    for pinned, told in _by_agreement(moments).items():
        for start in range(0, len(told), paging.SIZE):
            asked = told[start : start + paging.SIZE]
            asked += [(0, asked[0][1])] * (paging.SIZE - len(asked))  # no exercise has that key
            rows = _counted(pinned, paging.SIZE).rows(*chain(*asked))
            found |= {key: Count(owed) for key, owed in rows}
    return found


def is_seated_work(exercise: Exercise, at: datetime) -> bool:
    """Say whether a step is owed by a seat that somebody holds."""
    asked = _held((*kinds.kinds(),), (exercise.agreement, exercise.agreement_version))
    return bool(asked.rows(exercise.pk, at))


def next_case(seat: Seat, at: datetime, *, but: tuple[str, int]) -> Case | None:
    """Return the case on which the seat owes the step with least time left.

    `but` is the one at hand, by kind and number.
    """
    code, number = but
    here = kinds.kinds()[code].model._default_manager.filter(
        exercise=seat.exercise_id, number=number
    )
    for is_dated in (True, False):
        found = []
        for kind in kinds.kinds().values():
            rows = [
                one.exclude(of_case__in=here.values("pk")) if kind.code == code else one
                for one in _rows(kind, seat.exercise, at, Owner.of(seat), is_dated=is_dated)
            ]
            if rows:
                first = _together(rows).order_by("due", "of_case")[:1]
                found += [(due, kind, key) for due, key in first]
        if found:
            _due, kind, key = min(found, key=lambda one: (one[0] is None, one[0] or at))
            case: Case = kind.model._default_manager.get(pk=key)
            return case
    return None


def is_owed_by(seat: Seat, kind: Kind, at: datetime) -> Q:
    """Return what holds of a case of one kind on which the seat owes a step."""
    rows = _rows(kind, seat.exercise, at, Owner.of(seat))
    return Q(Q(pk__in=[]), *(Q(pk__in=one.values("of_case")) for one in rows), _connector=Q.OR)


def is_overdue(seat: Seat, kind: Kind, at: datetime) -> Q:
    """Return what holds of a case on which a step of the seat is overdue; anybody's to control."""
    owner = None if seat.is_instructor else Owner.of(seat)
    late = (
        rows.filter(due__lt=at) for rows in _rows(kind, seat.exercise, at, owner, is_dated=True)
    )
    return Q(Q(pk__in=[]), *(Q(pk__in=one.values("of_case")) for one in late), _connector=Q.OR)


@dataclass(frozen=True)
class Foremost:
    """A case in a tray, at the first of its steps that a seat owes there."""

    due: datetime | None
    pk: int
    number: int


@dataclass(frozen=True)
class Tray:
    """The cases of a kind on which a seat owes a step, as a part of a list: least time left first.

    Those with a date, or those that none presses; of all cases, or `among` some. A case stands at
    the first of its steps.
    """

    name: str
    seat: Seat
    kind: Kind
    at: datetime
    is_dated: bool
    among: QuerySet[Any] | None = None

    @property
    def reads(self) -> tuple[type, ...]:
        return (datetime, int) if self.is_dated else (int,)

    def place_of(self, row: Foremost) -> Place:
        return (row.due, row.number) if self.is_dated else (row.number,)

    def slice(self, place: Place | None, size: int, *, backwards: bool) -> list[Foremost]:
        keys: tuple[str, ...] = LEAST_TIME_LEFT if self.is_dated else LEAST_TIME_LEFT[1:]
        if backwards:
            keys = paging.turned(keys)
        if place is not None:
            place = (*place[:-1], self._key(place[-1]))
        found: dict[int, datetime | None] = {}
        while len(found) < size:
            looked_at = self._steps(keys, place, size * AT_ONCE)
            if not looked_at:
                break
            if self.is_dated and place is None and not backwards:  # the first that comes is first
                first = {key: due for due, key in reversed(looked_at)}
            else:
                first = self._first({key for _due, key in looked_at})
            found |= {key: due for due, key in looked_at if first[key] == due}
            if len(looked_at) < size * AT_ONCE:
                break
            place = looked_at[-1] if self.is_dated else looked_at[-1][1:]
        shown = [*found.items()][:size]
        numbers = dict(
            self.kind.model._default_manager.filter(
                pk__in=[key for key, _due in shown]
            ).values_list("pk", "number")
        )
        rows = [Foremost(due, key, numbers[key]) for key, due in shown]
        return rows[::-1] if backwards else rows

    def _steps(
        self, keys: tuple[str, ...], place: Place | None, size: int
    ) -> list[tuple[datetime | None, int]]:
        """Return the steps next to a place."""
        if place is None and self.among is None and keys[-1] == LEAST_TIME_LEFT[-1]:
            exercise, seat = self.seat.exercise, self.seat
            pinned = exercise.agreement, exercise.agreement_version
            most = (paging.SIZE + 1) * AT_ONCE
            asked = _foremost(self.kind.code, pinned, seat.role, self.is_dated, most)
            return asked.rows(exercise.pk, self.at, seat.state)[:size] if asked else []
        rows = self._rows(is_dated=self.is_dated)
        if place is not None:
            rows = [one.filter(paging.beyond(keys, place)) for one in rows]
        if self.among is not None:
            rows = [one.filter(of_case__in=self.among.values("pk")) for one in rows]
        return [*_together(rows).order_by(*keys)[:size]] if rows else []

    def _first(self, cases: set[int]) -> dict[int, datetime | None]:
        """Return when the first step of the seat on each of these cases is due."""
        rows = self._rows()
        known = _together([one.filter(of_case__in=cases) for one in rows])
        first: dict[int, datetime | None] = {}
        for due, key in sorted(known, key=lambda one: (one[0] is None, one[0] or self.at)):
            first.setdefault(key, due)
        return first

    def _rows(self, *, is_dated: bool | None = None) -> list[QuerySet[Any, Any]]:
        mine = Owner.of(self.seat)
        return _rows(self.kind, self.seat.exercise, self.at, mine, is_dated=is_dated)

    def _key(self, number: int) -> int:
        """Return the key of the case of this number; 0 where there is none."""
        cases = self.kind.model._default_manager.filter(exercise=self.seat.exercise_id)
        return cases.filter(number=number).values_list("pk", flat=True).first() or 0


def _ask(
    exercise: Exercise,
    at: datetime,
    seat: Seat | None,
    *,
    of: Iterable[Kind] | None = None,
    most: int,
    each_once: bool = False,
) -> list[tuple[int]]:
    """Return the case of each step, or each case once, up to so many."""
    among = kinds.kinds().values() if of is None else of
    pinned = exercise.agreement, exercise.agreement_version
    codes = tuple(kind.code for kind in among)
    asked = _asked(codes, pinned, seat.role if seat else None, most, each_once)
    return asked.rows(exercise.pk, at, seat.state if seat else "") if asked else []


@cache
def _asked(
    codes: tuple[str, ...], pinned: tuple[str, str], role: str | None, most: int, each_once: bool
) -> Statement | None:
    """Return the query of `_ask`, built once; None if the role can owe nothing there."""

    def rows(exercise: Any, at: Any, state: Any) -> list[QuerySet[Any, Any]]:
        owner = None if role is None else Owner(agreements.load(*pinned), role, [state])
        return _cases_only(codes, exercise, at, owner)

    def build(exercise: Any, at: Any, state: Any) -> QuerySet[Any, Any]:
        return _together(rows(exercise, at, state), each_once=each_once)[:most]

    return Statement(build) if rows(*[Value("")] * 3) else None


@cache
def _foremost(
    code: str, pinned: tuple[str, str], role: str | None, is_dated: bool, most: int
) -> Statement | None:
    """Return the query for the steps with least time left, built once: of a role or of all."""

    def rows(exercise: Any, at: Any, state: Any) -> list[QuerySet[Any, Any]]:
        owner = None if role is None else Owner(agreements.load(*pinned), role, [state])
        return _rows(kinds.kinds()[code], exercise, at, owner, is_dated=is_dated)

    def build(exercise: Any, at: Any, state: Any) -> QuerySet[Any, Any]:
        return _together(rows(exercise, at, state)).order_by(*LEAST_TIME_LEFT)[:most]

    return Statement(build) if rows(*[Value("")] * 3) else None


@cache
def _counted(pinned: tuple[str, str], size: int) -> Statement:
    """Return the query for what each seat owes in so many exercises of an agreement, built once.

    Its parameters are an exercise and its moment, the next and its moment, and so on.
    """
    agreement, codes = agreements.load(*pinned), (*kinds.kinds(),)

    def build(*told: Any) -> QuerySet[Any, Any]:
        exercises, moments = told[::2], told[1::2]
        pairs = zip(exercises, moments, strict=True)
        among = reduce(or_, (Q(exercise=one) for one in exercises))
        at = Choice(*(When(exercise=one, then=then) for one, then in pairs), output_field=MOMENT)
        owing = [
            When(role=role, then=reduce(add, map(_HowMany, rows)))
            for role in Role.values
            if (rows := _cases_only(codes, OuterRef("exercise_id"), OuterRef("at"), owner(role)))
        ]
        seats = Seat.objects.filter(among).order_by().annotate(at=at)
        counted = seats.annotate(owed=Choice(*owing, default=0)).filter(owed__gt=0)
        return counted.values_list("pk", "owed")

    def owner(role: str) -> Owner:
        return Owner(agreement, role, [OuterRef("state")])

    return Statement(build, parameters=2 * size)


@cache
def _held(codes: tuple[str, ...], pinned: tuple[str, str]) -> Statement:
    """Return the query for a step of a seat that somebody holds, built once."""
    agreement = agreements.load(*pinned)

    def build(exercise: Any, at: Any) -> QuerySet[Any, Any]:
        held = Seat.objects.filter(exercise=exercise, holder__isnull=False).order_by()
        owners = (
            Owner(agreement, role, held.filter(role=role).values("state")) for role in Role.values
        )
        rows = [one for owner in owners for one in _cases_only(codes, exercise, at, owner)]
        return _together(rows)[:1]

    return Statement(build)


def _cases_only(
    codes: tuple[str, ...], exercise: Any, at: Any, owner: Owner | None
) -> list[QuerySet[Any, Any]]:
    return [
        rows.values_list("of_case")
        for code in codes
        for rows in _rows(kinds.kinds()[code], exercise, at, owner)
    ]


def _rows(
    kind: Kind, exercise: Any, at: Any, owner: Owner | None = None, *, is_dated: bool | None = None
) -> list[QuerySet[Any, Any]]:
    found = (sort.rows(exercise, at, owner, is_dated=is_dated) for sort in kind.work)
    return [rows for rows in found if rows is not None]


def _together(rows: list[QuerySet[Any, Any]], *, each_once: bool = False) -> QuerySet[Any, Any]:
    first, *others = rows
    if others:
        return first.union(*others, all=not each_once)
    return first.distinct() if each_once else first


def _cases(kind: Kind, exercise: Exercise, at: datetime, first: int | None) -> Iterable[Case]:
    """Return the cases with open work, or those of the first steps."""
    found = [*_open_cases(kind, exercise, at, first)]
    parts.load(found, *kind.lists)
    return found


def _open_cases(kind: Kind, exercise: Exercise, at: datetime, first: int | None) -> Iterable[Case]:
    if first is None:
        waiting = _waiting(kind.code)
        return waiting.rows(exercise.pk, at) if waiting else ()
    keys: list[int] = []
    for is_dated in (True, False):
        asked = _foremost(kind.code, ("", ""), None, is_dated, first)
        if asked and len(keys) < first:
            keys += [key for _due, key in asked.rows(exercise.pk, at, "")[: first - len(keys)]]
    return _of_exercise(kind, exercise).filter(pk__in=keys) if keys else ()


@cache
def _waiting(code: str) -> Statement | None:
    """Return the query for the cases of a kind with open work, built once; None if none can be."""
    kind = kinds.kinds()[code]

    def build(exercise: Any, at: Any) -> QuerySet[Any, Any]:
        waiting = [Q(pk__in=rows.values("of_case")) for rows in _rows(kind, exercise, at)]
        return _of_exercise(kind, exercise).filter(Q(*waiting, _connector=Q.OR))

    return Statement(build) if _rows(kind, Value(""), Value("")) else None


def _of_exercise(kind: Kind, exercise: Any) -> QuerySet[Case, Case]:
    cases: QuerySet[Case, Case] = kind.model._default_manager.filter(exercise=exercise)
    return cases.select_related("exercise")


class _HowMany(Subquery):
    """How many rows a query has, of no more than are counted."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        super().__init__(rows[: paging.COUNTED + 1])


def _by_agreement(
    moments: Mapping[Exercise, datetime],
) -> dict[tuple[str, str], list[tuple[int, datetime]]]:
    found: dict[tuple[str, str], list[tuple[int, datetime]]] = {}
    for one, at in moments.items():
        found.setdefault((one.agreement, one.agreement_version), []).append((one.pk, at))
    return found


def _time_left(task: Task) -> tuple[bool, datetime, int]:
    due_at = task.due_at
    return due_at is None, due_at or task.case.exercise.opened_at, task.case.number
