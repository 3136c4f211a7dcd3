"""Rows that are parts of another: the whole asks for them once, and each of them is one object.

A request and its revisions, movements, concurrences are read again and again in one act and on one
page. `flight.revisions.all()` asks the database once for each `flight` object; what `acts.save`
adds later is among them. A part that cites another part of the same whole finds that very object.
Everything else (`filter`, `prefetch_related`, look-ups) is as of any foreign key.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ReverseManyToOneDescriptor,
)

from exercises.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet


#: The parts of so many wholes are asked for by one query, whose SQL is always the same.
TOGETHER = 50

Set = TypeVar("Set")
Get = TypeVar("Get")


class _Parts(ReverseManyToOneDescriptor):  # type: ignore[type-arg]
    """What stands at the whole: Django's manager of the other side, whose `all` remembers."""

    @cached_property
    def related_manager_cls(self) -> Any:
        manager = ReverseManyToOneDescriptor.related_manager_cls.func(self)  # type: ignore[attr-defined]
        field: Any = self.field
        asked = _statement(field)

        class Parts(manager):  # type: ignore[misc, valid-type]
            def all(self) -> QuerySet[Any]:
                found = self.get_queryset()
                if found._result_cache is None:
                    whole = self.instance
                    _keep(whole, field, asked.rows(whole.pk, using=whole._state.db), found)
                return found  # type: ignore[no-any-return]

        return Parts


class _Fellow(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """What stands at the part that cites another."""

    def get_object(self, instance: Model) -> Model:
        theirs = part_of(self.field.related_model)
        assert theirs is not None  # noqa: S101 - a fellow is a part
        whole = getattr(instance, _name_of(theirs.related_model, type(instance)))
        key = getattr(instance, self.field.attname)
        found: Model = next(row for row in parts(whole, theirs).all() if row.pk == key)
        return found


class _PlainKey(models.ForeignKey[Set, Get]):
    def deconstruct(self) -> Any:
        """Be a foreign key to migrations: the database knows no difference."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class PartOf(_PlainKey[Set, Get]):
    """The whole that the row is a part of."""

    related_accessor_class = _Parts


class Fellow(_PlainKey[Set, Get]):
    """Another part of the same whole: of the flight, or, as a seat, of the exercise."""

    forward_related_accessor_class = _Fellow


@cache
def _name_of(whole: type[Model], model: type[Model]) -> str:
    """Return under which name a row knows the whole that it shares with its fellow."""
    return next(one.name for one in model._meta.fields if one.related_model is whole)


@cache
def part_of(model: type[Model]) -> PartOf[Any, Any] | None:
    """Return the field that names the whole of a model's rows; None of what is whole itself."""
    return next((one for one in model._meta.fields if isinstance(one, PartOf)), None)


def parts(whole: Model, field: PartOf[Any, Any]) -> Any:
    """Return the manager of the parts that name `whole` in `field`."""
    return getattr(whole, str(field.remote_field.accessor_name))


def load(wholes: Sequence[Any], *names: str) -> None:
    """Ask for the parts of many wholes together, `revisions__crossings` for parts of parts.

    One query for each name and fifty wholes; what a whole keeps already is not asked for again.
    """
    for name in names:
        first, _, rest = name.partition("__")
        if not wholes:
            return
        field = type(wholes[0])._meta.get_field(first).field
        without = [one for one in wholes if field.remote_field.cache_name not in _kept(one)]
        for start in range(0, len(without), TOGETHER):
            _load(without[start : start + TOGETHER], field)
        if rest:
            load([row for one in wholes for row in parts(one, field).all()], rest)


def _load(wholes: Sequence[Any], field: PartOf[Any, Any]) -> None:
    keys = [one.pk for one in wholes]
    padded = keys + keys[-1:] * (TOGETHER - len(keys))
    found: dict[int, list[Any]] = {key: [] for key in keys}
    for row in _of_many(field).rows(*padded, using=wholes[0]._state.db):
        found[getattr(row, field.attname)].append(row)
    for one in wholes:
        _keep(one, field, found[one.pk], parts(one, field).get_queryset())


def join(row: Model) -> None:
    """Take a new row in among the parts of its whole, if those were asked for; it has none yet."""
    for relation in type(row)._meta.related_objects:
        if isinstance(relation.field, PartOf):
            _keep(row, relation.field, [], parts(row, relation.field).get_queryset())
    kept = _kept_with(row)
    if kept is not None:
        kept.append(row)


def leave(row: Model) -> None:
    """Take a deleted row out of the parts of its whole."""
    kept = _kept_with(row)
    if kept is not None:
        kept[:] = [one for one in kept if one.pk != row.pk]


@cache
def _statement(field: PartOf[Any, Any]) -> Statement:
    return Statement(lambda whole: field.model._default_manager.filter(**{field.name: whole}))


@cache
def _of_many(field: PartOf[Any, Any]) -> Statement:
    def build(*wholes: Any) -> QuerySet[Any]:
        return field.model._default_manager.filter(**{f"{field.name}__pk__in": wholes})

    return Statement(build, parameters=TOGETHER)


def _kept(whole: Any) -> dict[str, Any]:
    kept: dict[str, Any] = whole.__dict__.setdefault("_prefetched_objects_cache", {})
    return kept


def _keep(whole: Any, field: PartOf[Any, Any], rows: list[Any], found: QuerySet[Any]) -> None:
    """Keep rows with their whole, where Django keeps what it prefetched."""
    exercise = whole._state.fields_cache.get("exercise")
    for row in rows:
        row._state.fields_cache[field.name] = whole
        if exercise:
            row._state.fields_cache["exercise"] = exercise
    found._result_cache, found._prefetch_done = rows, True  # type: ignore[attr-defined]
    _kept(whole)[field.remote_field.cache_name] = found


def _kept_with(row: Any) -> list[Any] | None:
    """Return the parts that the row's whole keeps; None if it was never asked for them."""
    model: type[Model] = type(row)
    field = part_of(model)
    whole = row._state.fields_cache.get(field.name) if field else None
    if field is None or whole is None:
        return None
    found = _kept(whole).get(field.remote_field.cache_name)
    return None if found is None else found._result_cache
