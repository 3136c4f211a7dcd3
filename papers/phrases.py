"""The formal parts of papers in four languages: `papers/data/`, an edition in each file.

No translator has checked them. A released edition is never edited: papers that were sent say which
they are written in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Literal

from books import reading
from books.figures import StateCode
from books.reading import Misfit, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "data"

#: The languages in which a paper can be read.
Language = Literal["en", "tr", "kk", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "tr", "kk", "ru")


class Words(Record):
    """A phrase in each language; what stands in braces is filled in."""

    en: str
    tr: str
    kk: str
    ru: str

    def misfits(self) -> Iterator[Misfit]:
        gaps = {language: _gaps(self.of(language)) for language in LANGUAGES}
        for language in LANGUAGES:
            if gaps[language] != gaps["en"]:
                yield (language,), f"has other gaps than English: {sorted(gaps[language])}."

    def of(self, language: Language) -> str:
        words: str = getattr(self, language)
        return words


class OfState(Record):
    """How a state is named where something is its: “of the Republic of Türkiye”.

    `writes` is the language of its own notes, of those that papers are written in.
    """

    of: Words
    capital: Words
    writes: Language


class Office(Record):
    """An office of a state as who writes, and as whom is written to; `{state}` is whose it is."""

    writes: Words
    is_written_to: Words


class Kind(Record):
    """A kind of paper: what it is called, how it begins; `closes`: with the formal close."""

    heading: Words
    opening: Words
    closes: bool = True


class Phrases(Record):
    """One edition. `status` says how far it was checked."""

    edition: str
    status: str
    dates: Words
    months: tuple[Words, ...]
    numbered: Words
    closing: Words
    offices: dict[Literal["embassy", "ministry"], Office]
    states: dict[StateCode, OfState]
    kinds: dict[str, Kind]
    words: dict[str, Words]

    def misfits(self) -> Iterator[Misfit]:
        if len(self.months) != 12:
            yield ("months",), "are not twelve."


def _gaps(text: str) -> set[str]:
    return {name.lower() for _text, name, _spec, _turn in Formatter().parse(text) if name}


@cache
def load(edition: str) -> Phrases:
    """Return an edition. Raises `BadFile`, `LookupError` for one that there is not."""
    path = FOLDER / f"{edition}.yaml"
    if edition not in editions():
        raise LookupError(f"No edition {edition}; there are: {', '.join(editions())}")
    return read(path)


def read(path: Path) -> Phrases:
    """Read an edition. Raises `BadFile`."""
    return reading.read(path, Phrases)


@cache
def editions() -> tuple[str, ...]:
    """Return the editions that are shipped, the newest first."""
    return tuple(sorted((one.stem for one in FOLDER.glob("*.yaml")), key=int, reverse=True))
