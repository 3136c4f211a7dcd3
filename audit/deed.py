"""What an act, or a batch of happenings, holds until it is written: rows, changes, events.

Every row is one object, loaded once; a verb changes objects. What changed is written in one go at
the end: each row once, the events together, the exercise once. Whoever asks the database in
between is answered with what has happened by then.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from audit.models import Event
from exercises import parts
from exercises.models import Exercise
from exercises.statements import Statement, update

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from django.db.models import Model

    from audit.verbs import Verb
    from exercises.recorded import Recorded


@dataclass
class Deed:
    """What the act under way has done so far. `rows` to `case` are of the verb under way.

    `began_with` is the number of the last event when the exercise was locked; None of one that is
    being opened. `is_behind` says that its clock stopped by itself, and that more is due
    before that.
    """

    exercise: Exercise
    at: datetime
    began_with: int | None = None
    is_behind: bool = False
    once: str | None = None
    seen: str | None = None
    verb: Verb | None = None
    made: list[str] = field(default_factory=list)
    rows: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    saved: list[Recorded] = field(default_factory=list)
    documents: list[dict[str, str]] = field(default_factory=list)
    case: str = ""
    known: dict[tuple[type[Model], int], Any] = field(default_factory=dict)
    changed: dict[str, tuple[Recorded, set[str]]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    has_happened: bool = False

    def row(self, model: type[Model], key: int, whole: int | None = None) -> Any:
        """Return the one object of a row in this deed; `whole` is the key of what it is part of.

        Raises `model.DoesNotExist`.
        """
        if model is Exercise:
            return self.exercise
        if (model, key) not in self.known:
            part = parts.part_of(model)
            if part is None:
                found = _by_key(model).rows(key)
                for row in found:
                    row.exercise = self.exercise
            else:
                assert whole is not None  # noqa: S101 - the caller holds the row
                found = list(parts.parts(self.row(part.related_model, whole), part).all())
            self.known |= {(model, row.pk): row for row in found}
        try:
            return self.known[model, key]
        except KeyError:
            raise model.DoesNotExist(f"{model._meta.label} {key}") from None  # type: ignore[attr-defined]

    def load(
        self, model: type[Model], keys: Collection[int], reads: Iterable[str]
    ) -> Iterator[tuple[int, Any]]:
        """Give these rows by key, in a fixed number of queries, and know all that came with them.

        `reads` names the parts of their wholes that are loaded with them.
        """
        if not keys:
            return
        part, wholes = parts.part_of(model), model._default_manager.filter(pk__in=keys)
        if part:
            kin = model._default_manager.filter(pk__in=keys).values(part.name)
            wholes = part.related_model._default_manager.filter(pk__in=kin)
            reads = (str(part.remote_field.accessor_name), *reads)
        found = [self.known.setdefault((type(one), one.pk), one) for one in wholes]
        for whole in found:
            whole.exercise = self.exercise
        parts.load(found, *reads)
        for name in {name.partition("__")[0] for name in reads}:
            for row in (row for whole in found for row in getattr(whole, name).all()):
                self.known.setdefault((type(row), row.pk), row)
        yield from ((key, self.known[model, key]) for key in keys)

    def holds(self, row: Any) -> bool:
        """Say whether this very object is the one of its row, with all that is part of it.

        One that was made in this deed is not, unless it became a part of what was loaded.
        """
        model: type[Model] = type(row)
        part = parts.part_of(model)
        whole = getattr(row, part.name) if part else row
        return whole is self.exercise or self.known.get((type(whole), whole.pk)) is whole

    def again(self, row: Any) -> Any:
        """Return the row as this deed holds it, read once more under the lock."""
        model: type[Model] = type(row)
        part = parts.part_of(model)
        return self.row(model, row.pk, getattr(row, part.attname) if part else None)

    def change(self, row: Recorded) -> None:
        """Write what differs in a stored row when the deed is written."""
        _, columns = self.changed.setdefault(row.ref, (row, set()))
        columns |= row.differs()
        row.remember()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Write before anybody asks the database, so that it knows what has happened."""
        with connection.execute_wrapper(self._first_write):
            yield

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Write everything at the end, or nothing of it."""
        try:
            yield
        except BaseException:
            self.changed, self.events = {}, []
            raise
        self.write()

    def write(self) -> None:
        """Write what has happened and is not written yet."""
        if self.events:
            self.change(self.exercise)
        changed, events = [*self.changed.values()], self.events
        self.changed, self.events = {}, []
        alike: dict[tuple[type[Recorded], tuple[str, ...]], list[Recorded]] = defaultdict(list)
        for row, columns in changed:
            alike[type(row), tuple(sorted(columns))].append(row)
        for (model, names), rows in alike.items():
            update(model, names, rows)
        if events:
            Event.objects.bulk_create(events)

    def _first_write(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.changed or self.events:
            self.write()
        return execute(sql, params, many, context)


@cache
def _by_key(model: type[Model]) -> Statement:
    return Statement(lambda key: model._default_manager.filter(pk=key))
