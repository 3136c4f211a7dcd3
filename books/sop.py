"""The training procedure ("SOP") as data: chapters of clauses in plain words.

One file per version in `books/data/sop/`. A clause names the publications on which it rests, or
says that it is a training default, or both: then the publications are patterns and benchmarks and
what it asks here was chosen for training. Rules cite a clause by number and title.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from books import reading
from books.reading import Misfit, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "data" / "sop"

#: The procedures that are shipped, and the one that the pages show.
VERSIONS = ("1",)
LATEST = VERSIONS[-1]

#: How a rule cites a clause: `SOP 4.1 Lead time`.
CITATION = re.compile(r"SOP (?P<number>\d+\.\d+) (?P<title>\S.*)")


class UnknownClause(LookupError):  # noqa: N818 - a look-up that found nothing
    """No clause has that number, or the citation is none, or names another title."""


Said = Annotated[str, StringConstraints(min_length=1)]


class Source(Record):
    """A publication: its title, its address where it has one, and the day it was last checked."""

    title: Said
    checked: date
    href: str = ""


class Clause(Record):
    """One clause. `situations` are the numbered procedural situations that it answers."""

    number: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    title: Said
    text: Said
    sources: tuple[Source, ...] = ()
    training_default: bool = False
    situations: tuple[int, ...] = ()

    def misfits(self) -> Iterator[Misfit]:
        if not (self.sources or self.training_default):
            yield (), "has neither sources nor the label training_default."

    @property
    def cited(self) -> str:
        """The words by which a rule cites it."""
        return f"SOP {self.number} {self.title}"

    def has(self, word: str) -> bool:
        """Say whether it has a word, or part of one, in any case; its number only as a whole."""
        words = " ".join((self.title, self.text, *(source.title for source in self.sources)))
        return word == self.number or word.casefold() in words.casefold()


class Chapter(Record):
    """Clauses that belong together, in the order of the file."""

    number: str
    title: str
    clauses: tuple[Clause, ...]


class Procedure(Record):
    """One version of the procedure."""

    version: str
    title: Said
    publications: tuple[Source, ...] = Field(default=(), repr=False)
    chapters: tuple[Chapter, ...]

    def misfits(self) -> Iterator[Misfit]:
        seen: set[str] = set()
        for place, chapter in enumerate(self.chapters):
            for at, clause in enumerate(chapter.clauses):
                if clause.number in seen:
                    where = ("chapters", place, "clauses", at, "number")
                    yield where, f"{clause.number} stands twice."
                if clause.number.partition(".")[0] != chapter.number:
                    where = ("chapters", place, "clauses", at, "number")
                    yield where, f"{clause.number} is no clause of chapter {chapter.number}."
                seen.add(clause.number)

    @property
    def path(self) -> Path:
        """Where it is written."""
        return FOLDER / f"{self.version}.yaml"

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for chapter in self.chapters for clause in chapter.clauses)

    def clause(self, number: str) -> Clause:
        """Return the clause of a number such as `4.1`; raises `UnknownClause`."""
        for clause in self.clauses:
            if clause.number == number:
                return clause
        raise UnknownClause(f"The training SOP, version {self.version}, has no clause {number}.")

    def cited(self, citation: str) -> Clause:
        """Return the clause that a rule cites; raises `UnknownClause` for another title too."""
        clause = self.clause(number_in(citation))
        if clause.cited != citation:
            raise UnknownClause(f"“{citation}” is cited, but the clause is “{clause.cited}”.")
        return clause

    def search(self, text: str) -> tuple[Clause, ...]:
        """Return the clauses that have every word of `text`; all of them for none."""
        words = text.split()
        return tuple(clause for clause in self.clauses if all(map(clause.has, words)))


def number_in(citation: str) -> str:
    """Return the number in a citation such as `SOP 4.1 Lead time`; raises `UnknownClause`."""
    found = CITATION.fullmatch(citation)
    if found is None:
        raise UnknownClause(f"“{citation}” cites no clause: write “SOP 4.1 Lead time”.")
    return found["number"]


@cache
def load(version: str = LATEST) -> Procedure:
    """Read a version; raises `LookupError` for one that is not shipped, `BadFile` for faults."""
    if version not in VERSIONS:
        raise LookupError(f"No training SOP of version {version}; there are: {', '.join(VERSIONS)}")
    return reading.read(FOLDER / f"{version}.yaml", Procedure)
