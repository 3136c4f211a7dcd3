"""The glossary: the words of this product, and the field's terms in the languages of its states.

One file, `books/data/glossary.yaml`. The site shows it, and the reference page is written from it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from books import reading
from books.reading import Misfit, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "data" / "glossary.yaml"


class Word(Record):
    """A word, or an abbreviation, and what it means here."""

    word: str
    means: str

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return "-".join(self.word.replace(",", "").lower().split())


class Term(Record):
    """A term in four languages; `status` says how far it was checked."""

    en: str
    tr: str = ""
    kk: str = ""
    ru: str = ""
    status: str


class Glossary(Record):
    """Words in the order of the alphabet, terms in that of the procedure."""

    words: tuple[Word, ...]
    terms: tuple[Term, ...]
    abbreviations: tuple[Word, ...]

    def misfits(self) -> Iterator[Misfit]:
        words = [one.word for one in self.words]
        for place, (one, other) in enumerate(pairwise(words), 1):
            if other.lower() <= one.lower():
                yield ("words", place, "word"), f"{other} stands after {one}."

    def word(self, word: str) -> Word:
        """Return a word by itself; raises `KeyError` for one that does not stand here."""
        return {one.word: one for one in self.words}[word]


@cache
def load() -> Glossary:
    """Return the glossary. Raises `BadFile`."""
    return read(FILE)


def read(path: Path) -> Glossary:
    """Read a glossary. Raises `BadFile`."""
    return reading.read(path, Glossary)
