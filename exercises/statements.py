"""Queries that Django builds once: afterwards the SQL stays and only the parameters change.

For the ORM it costs several times as much to build a query as for the database to answer it.
What is asked in every act is therefore built at its first use and kept; rows are made of the
answer as Django makes them.

    FORMS = Statement(lambda flight: Revision.objects.filter(flight=flight))
    FORMS.rows(flight.pk)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from inspect import signature
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Value
from django.db.models.query import ModelIterable, get_related_populators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, Model, QuerySet


@dataclass(frozen=True)
class _Given:
    """Stands in the built query for the parameter of that place."""

    place: int


@dataclass(frozen=True)
class _Built:
    sql: str
    parameters: Sequence[Any]
    compiler: Any
    converters: dict[int, Any]
    is_of_rows: bool


class Statement:
    """A query by its parameters: whole numbers, text, moments."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], *, parameters: int | None = None
    ) -> None:
        self.build = build
        self.parameters = len(signature(build).parameters) if parameters is None else parameters
        self._built: dict[str, _Built] = {}

    def rows(self, *given: Any, using: str | None = None) -> list[Any]:
        """Return the rows, or the tuples of a `values_list`, that the database has for these."""
        alias = using or DEFAULT_DB_ALIAS
        database = connections[alias]
        built = self._built.get(database.vendor) or self._build(database)
        adapted = [_adapted(one, database) for one in given]
        parameters = [
            adapted[one.place] if isinstance(one, _Given) else one for one in built.parameters
        ]
        with database.cursor() as cursor:
            cursor.execute(built.sql, parameters)
            found = cursor.fetchall()
        if built.converters:
            found = built.compiler.apply_converters(found, built.converters)
        if built.is_of_rows:
            return list(_made(found, built.compiler, alias))
        return [tuple(one) for one in found]

    def _build(self, database: BaseDatabaseWrapper) -> _Built:
        asked = self.build(*(Value(_Given(place)) for place in range(self.parameters)))
        compiler = asked.query.get_compiler(connection=database)
        sql, parameters = compiler.as_sql()
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        is_of_rows = issubclass(asked._iterable_class, ModelIterable)
        built = _Built(sql, parameters, compiler, converters, is_of_rows)
        self._built[database.vendor] = built
        return built


def update(model: type[Model], columns: Iterable[str], rows: Sequence[Model]) -> None:
    """Write these columns of stored rows of one model, by their keys."""
    database = connections[rows[0]._state.db or DEFAULT_DB_ALIAS]
    quoted = database.ops.quote_name
    fields: list[Field[Any, Any]] = [model._meta.get_field(name) for name in columns]  # type: ignore[misc]
    assigned = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    table = quoted(model._meta.db_table)
    sql = f"UPDATE {table} SET {assigned} WHERE id = %s"  # noqa: S608 - names of our own
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), database) for field in fields]
        + [row.pk]
        for row in rows
    ]
    with database.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)


def _made(found: Iterable[Sequence[Any]], compiler: Any, alias: str) -> Iterable[Any]:
    """Make rows of what came back, as `QuerySet` does."""
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    others = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg]
    for values in found:
        row = model.from_db(alias, names, values[first:last])
        for other in others:
            other.populate(values, row)
        yield row


def _adapted(value: Any, database: BaseDatabaseWrapper) -> Any:
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    return value
