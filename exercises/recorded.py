"""Rows whose every change stands in the record of their exercise."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Collection

type_of_value = str | int | bool | list[Any] | dict[str, Any] | None


class Recorded(models.Model):
    """A row that `audit.acts.save` and `audit.acts.delete` alone may write.

    The row remembers the values it was loaded with, so that what an act changed can be told
    without asking the database again. Its name in the record is `ref`, local to the exercise:
    `flight/3/note/1`; no database id ever enters the record.
    """

    #: Columns that are no part of the record: keys of this database and clocks on the wall.
    unrecorded: ClassVar[frozenset[str]] = frozenset({"id", "ref", "exercise"})

    loaded: dict[str, Any]
    ref: Any

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        **options: Any,
    ) -> Self:
        row = super().from_db(db, field_names, values, **options)
        row.remember()
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.remember()

    @classmethod
    def recorded_fields(cls) -> list[models.Field[Any, Any]]:
        """Return the columns that the record keeps, in the order of the model."""
        return [field for field in cls._meta.concrete_fields if field.name not in cls.unrecorded]

    @property
    def is_new(self) -> bool:
        """The row was not loaded, and no act has saved it yet."""
        return not getattr(self, "loaded", None)

    def remember(self) -> None:
        """Take the present values as those that the database holds."""
        values = self.__dict__
        self.loaded = {
            name: copy.deepcopy(values[name])
            if isinstance(values[name], list | dict)
            else values[name]
            for name in _columns(type(self))
            if name in values
        }

    def differs(self) -> set[str]:
        """Return the columns, of the record or not, that differ from what was loaded."""
        values, loaded = self.__dict__, self.loaded
        return {name for name in loaded if loaded[name] != values[name]}

    def changes(self) -> dict[str, type_of_value]:
        """Return the encoded columns that differ from what was loaded; if new, from defaults."""
        if self.is_new:
            return self.stated()
        differs = self.differs()
        if not differs:
            return {}
        return {
            field.name: self.encoded(field)
            for field in self.recorded_fields()
            if field.attname in differs
        }

    def stated(self, names: Collection[str] | None = None) -> dict[str, type_of_value]:
        """Return the encoded columns, all or these, that differ from the defaults of their fields.

        What a column says that is added later, with a default, was always said.
        """
        return {
            field.name: value
            for field in self.recorded_fields()
            if (names is None or field.name in names)
            and (value := self.encoded(field)) != default_of(field)
        }

    def columns(self) -> dict[str, type_of_value]:
        """Return every recorded column of the row, encoded."""
        return {field.name: self.encoded(field) for field in self.recorded_fields()}

    def encoded(self, field: models.Field[Any, Any]) -> type_of_value:
        """Encode one column: another row by its name in the record, a user by user name."""
        if isinstance(field, models.ForeignKey):
            other = getattr(self, field.name)
            if other is None:
                return None
            return str(other.ref if isinstance(other, Recorded) else other.get_username())
        return encode(getattr(self, field.attname))


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def default_of(field: models.Field[Any, Any]) -> type_of_value:
    """Return, encoded, what a column says that the record never named."""
    return encode(field.get_default())


def decode(instant: str) -> datetime:
    """Return the instant that `encode` wrote."""
    return datetime.fromisoformat(instant)


def encode(value: Any) -> type_of_value:
    """Encode a plain value for the record.

    Instants become text in UTC with whole seconds, decimals text without trailing zeros. Raises
    `TypeError` for anything that has no one canonical spelling, floats above all.
    """
    if isinstance(value, datetime):
        if value.microsecond or value.tzinfo is None:
            raise TypeError(f"Instants in the record are UTC and whole seconds, not {value!r}")
        return value.astimezone(UTC).isoformat()[:19] + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Recorded):
        return str(value.ref)
    if isinstance(value, str):
        return str(value)  # a choice by its code
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    raise TypeError(f"The record has no spelling for {type(value).__name__}: {value!r}")
