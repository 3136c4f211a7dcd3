"""Figures of data files: each names where it was published, or is a training default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Generic, Literal, TypeVar

from pydantic import StringConstraints

from books.reading import Misfit, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = TypeVar("Value")

#: A state by its ISO 3166-1 alpha-2 code.
StateCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Sourced(Record):
    """What a publication says, named in `source`, or nobody: then it is a training default."""

    source: str = ""
    training_default: Literal[True] | None = None

    def misfits(self) -> Iterator[Misfit]:
        if bool(self.source) == bool(self.training_default):
            yield (), "has either a source or training_default: true."


class Figure(Sourced, Generic[Value]):
    """One value."""

    value: Value
