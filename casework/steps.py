"""A step of the procedure that somebody owes: what it is, one that is owed now, and which are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, Q, Value

from books import agreements
from exercises.conditions import holds
from exercises.models import REQUESTER_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from books.agreements import Agreement
    from casework.models import Case, CaseRow
    from exercises.models import Seat


@dataclass(frozen=True)
class Duty:
    """One row of a kind of case's table of duties.

    `role` owes the step; `of_host` says on which side. `ladder` names who is told when it is
    found overdue, one rung after the other; it is finite. `rule` says how its date follows where
    no allowance of the agreement counts it.
    """

    code: str
    label: _StrPromise
    role: Role
    of_host: bool
    ladder: tuple[Role, ...] = (Role.INSTRUCTOR,)
    rule: _StrPromise | str = ""


@dataclass(frozen=True)
class Task:
    """One step on one row, owed by the seat of `state` and `role`; no `due_at`: no date presses."""

    case: Case
    row: Any
    duty: Duty
    state: str
    role: Role
    due_at: datetime | None = None
    opens_at: datetime | None = None

    def is_of(self, seat: Seat) -> bool:
        """Say whether `seat` owes it."""
        return (self.state, self.role) == (seat.state, seat.role)


def task(
    case: Case,
    row: Any,
    duty: Duty,
    *,
    role: Role | None = None,
    due_at: datetime | None = None,
    opens_at: datetime | None = None,
) -> Task:
    """Return the step that `duty` is on `row`, owed on the side that the duty names."""
    state = case.host if duty.of_host else case.requesting_state
    return Task(case, row, duty, state, role or duty.role, due_at, opens_at)


@dataclass(frozen=True)
class Owner:
    """Who owes steps: a role of these states, under an agreement."""

    agreement: Agreement
    role: str
    states: Any

    @classmethod
    def of(cls, seat: Seat) -> Owner:
        return cls(agreements.of(seat.exercise), seat.role, [seat.state])


@dataclass(frozen=True)
class Steps:
    """Steps of one sort: which rows of a model wait, for what and whose.

    `waits` is the condition on a row; with `opens` it waits from its `opens_at` on. All wait for
    the one of `duties`; of several each row names its own. `part` is where a case has its rows,
    `of` how a row names its case; both are empty where the row is the case.
    """

    model: type[CaseRow]
    waits: Q
    duties: tuple[Duty, ...]
    opens: bool = False
    part: str = ""
    of: str = ""

    def condition(self, at: datetime) -> Q:
        """Return what holds of a row that waits at `at`."""
        if not self.opens:
            return self.waits
        return self.waits & (Q(opens_at=None) | Q(opens_at__lte=at))

    def duty_of(self, row: Any) -> Duty:
        """Return what a row waits for."""
        if len(self.duties) == 1:
            return self.duties[0]
        return next(one for one in self.duties if one.code == row.duty)

    def role_of(self, row: Any) -> Role:
        """Return who owes the step on a row."""
        return self.duty_of(row).role

    def owed_by(self, role: str, agreement: Agreement) -> Q | None:
        """Return what holds of a row whose step is a role's; None: of none."""
        mine = [one.code for one in self.duties if one.role == role]
        if len(self.duties) == 1:
            return Q() if mine else None
        return Q(duty__in=mine) if mine else None

    def tasks(self, case: Case, at: datetime) -> Iterator[Task]:
        """Give the steps of this sort on a case that was read."""
        rows: Iterable[Any] = getattr(case, self.part).all() if self.part else [case]
        condition = self.condition(at)
        for row in rows:
            if holds(condition, row):
                yield task(
                    case,
                    row,
                    self.duty_of(row),
                    role=self.role_of(row),
                    due_at=getattr(row, "due_at", None),
                    opens_at=getattr(row, "opens_at", None),
                )

    def rows(
        self, exercise: Any, at: Any, owner: Owner | None = None, *, is_dated: bool | None = None
    ) -> QuerySet[Any, Any] | None:
        """Return moment and case of each step, of one owner or of everybody; None if none can be.

        `is_dated`: only those that a date presses, or only those that none does.
        """
        has_dates = hasattr(self.model, "due_at")
        if is_dated and not has_dates:
            return None
        found: Any = self.model._default_manager.filter(self.condition(at), exercise=exercise)
        if owner is not None:
            mine = self.owed_by(owner.role, owner.agreement)
            if mine is None:
                return None
            side = "requesting_state" if owner.role in REQUESTER_ROLES else "host"
            way = f"{self.of}__{side}__in" if self.of else f"{side}__in"
            found = found.filter(mine, (way, owner.states))
        if has_dates and is_dated is not None:
            found = found.filter(due_at__isnull=not is_dated)
        due = F("due_at") if has_dates else Value(None, DateTimeField())
        case = F(f"{self.of}_id" if self.of else "pk")
        narrow: QuerySet[Any, Any] = found.annotate(due=due, of_case=case).order_by()
        return narrow.values_list("due", "of_case")
