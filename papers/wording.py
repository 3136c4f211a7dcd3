"""A paper in one or two languages: what every writer makes its file of, as plain words.

Here typed words are made harmless, once for all writers: what no paper can show is shown as a sign,
and words that run from right to left turn nothing around them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from unicodedata import bidirectional, category

from books.agreements import Label
from papers import phrases
from papers.paper import Item, Items, Paragraph, Phrase, Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from papers.paper import Block, Paper, Party, Said, Table
    from papers.phrases import Language, Phrases, Words

#: The same said in each language of the page; one text where it is the same in all.
Lines = tuple[str, ...]

#: The word that stands on every page, whatever its language.
MARK = "EXERCISE"
#: The kind of paper that only says what was typed.
PLAIN = "NOTE"
#: What stands where nothing is stated.
NOTHING = "—"
#: What stands for a character that controls and shows nothing.
UNSHOWN = "\ufffd"
#: Of those that control, the ones that turn the order of what follows.
TURNING = {*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
#: Around words that run from right to left: what is in between turns nothing outside (UAX 9).
ISOLATED = "\u2068{}\u2069"
LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


@dataclass(frozen=True)
class Row:
    """An item with its number, label and what is said of it, one below the other."""

    number: str
    label: Lines
    said: tuple[Lines, ...]


@dataclass(frozen=True)
class Part:
    """One block: a `sentence`, `typed` lines, numbered `rows` under a title, or a `table`.

    The others are empty. Cells of a table are the same in each language or said in all.
    """

    kind: str
    title: Lines = ()
    lines: Lines = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[Lines, ...] = ()
    cells: tuple[tuple[Lines, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What follows a heading: the paper itself, then each enclosure."""

    heading: Lines
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Leaf:
    """A paper as it is read. `languages` are those of its pairs, one or two."""

    languages: tuple[Language, ...]
    mark: Lines
    training: Lines
    unchecked: Lines
    numbered: Lines
    place: Lines
    reference: str
    exercise: str
    case: Lines
    register: Lines
    sheets: tuple[Sheet, ...]


def own_languages(paper: Paper) -> tuple[Language, Language]:
    """Return the languages in which a paper is read unless others are asked for.

    The sender's and English; where the sender writes English, the addressee's.
    """
    states = phrases.load(paper.edition).states
    written = [
        states[party.state].writes
        for party in (paper.sender, paper.addressee)
        if party.state in states
    ]
    return next((one for one in written if one != "en"), "en"), "en"


def worded(paper: Paper, languages: Sequence[Language]) -> Leaf:
    """Return a paper in these languages, one or two."""
    return _Wording(paper, tuple(dict.fromkeys(languages))).leaf()


def shown(text: str) -> str:
    """Return typed words as a paper shows them: nothing in them controls what is around them."""
    seen = "".join(map(_shown, text))
    if any(bidirectional(letter) in ("R", "AL", "AN") for letter in seen):
        return ISOLATED.format(seen)
    return seen


def _shown(letter: str) -> str:
    if letter == "\t":
        return " "
    is_hidden = letter in TURNING or category(letter) in ("Cc", "Cs", "Co", "Cn")
    return UNSHOWN if is_hidden else letter


class _Wording:
    """One paper in its languages, with the phrases of its edition."""

    def __init__(self, paper: Paper, languages: tuple[Language, ...]) -> None:
        self.paper, self.languages = paper, languages
        self.phrases: Phrases = phrases.load(paper.edition)

    def leaf(self) -> Leaf:
        paper = self.paper
        said = {"number": paper.number}
        numbered = self._filled(self.phrases.numbered, said) if paper.number else ()
        return Leaf(
            languages=self.languages,
            mark=self._word("mark"),
            training=self._word("training"),
            unchecked=self._word("unchecked"),
            numbered=numbered,
            place=self._each(self._place),
            reference=paper.reference,
            exercise=shown(paper.exercise),
            case=self._word("case"),
            register=self._word("register"),
            sheets=tuple(self._sheets()),
        )

    def _sheets(self) -> Iterator[Sheet]:
        paper = self.paper
        kinds = self.phrases.kinds
        kind = kinds.get(paper.kind, kinds[PLAIN])
        parts = [Part("sentence", lines=self._say(paper.answers))] if paper.answers else []
        parts += [Part("sentence", lines=self._filled(kind.opening, paper.gaps))]
        parts += [self._part(block) for block in paper.blocks]
        if kind.closes:
            parts.append(Part("sentence", lines=self._filled(self.phrases.closing, {})))
        copies = Phrase("copies", {"ministry": Phrase("defence")})
        parts.append(Part("copies", lines=self._say(copies)))
        yield Sheet(self._same(kind.heading), tuple(parts))
        for one in paper.enclosures:
            yield Sheet(self._word(one.code), tuple(self._part(block) for block in one.blocks))

    def _part(self, block: Block) -> Part:
        match block:
            case Paragraph():
                return Part("sentence", lines=self._say(block.said))
            case Typed():
                return Part("typed", lines=tuple(map(shown, LINE_END.split(block.text))))
            case Items():
                rows = tuple(self._row(item) for item in block.items)
                return Part("rows", title=self._word(block.code), rows=rows)
        return self._table(block)

    def _row(self, item: Item) -> Row:
        said = tuple(line for one in item.said for line in self._lines_of(one) if any(line))
        return Row(item.number, self._word(item.code), said or ((NOTHING,),))

    def _lines_of(self, said: Said) -> Iterator[Lines]:
        """Give what is said line by line: typed words keep their lines."""
        if isinstance(said, str):
            yield from ((shown(line),) for line in LINE_END.split(said))
        else:
            yield self._say(said)

    def _table(self, table: Table) -> Part:
        return Part(
            "table",
            title=tuple(f"{table.number}  {title}" for title in self._word(table.code)),
            columns=tuple(self._word(code) for code in table.columns),
            cells=tuple(tuple(self._say(one) or (NOTHING,) for one in row) for row in table.rows),
        )

    def _say(self, said: Said) -> Lines:
        """Return what is said, once if it is the same in each language."""
        return _once(self._each(lambda language: self._in(said, language)))

    def _in(self, said: Said, language: Language) -> str:
        match said:
            case str():
                return " ".join(shown(line) for line in LINE_END.split(said))
            case datetime():
                return said.strftime("%Y-%m-%d %H:%MZ")
            case Label():
                return str(getattr(said, language)) or said.en
            case Phrase():
                return self._fill(self.phrases.words[said.code], said.gaps, language)

    def _word(self, code: str) -> Lines:
        return self._same(self.phrases.words[code])

    def _same(self, words: Words) -> Lines:
        return _once(self._each(words.of))

    def _each(self, say: Callable[[Language], str]) -> Lines:
        return tuple(say(language) for language in self.languages)

    def _filled(self, words: Words, gaps: Mapping[str, Said]) -> Lines:
        return _once(self._each(lambda language: self._fill(words, gaps, language)))

    def _fill(self, words: Words, gaps: Mapping[str, Said], language: Language) -> str:
        """Fill the gaps of a phrase; what fills them is no phrase and is not read as one."""
        paper = self.paper
        writes = self._office(paper.sender, language, is_written_to=False)
        filling = {
            "sender": writes,
            "Sender": writes[:1].upper() + writes[1:],
            "addressee": self._office(paper.addressee, language, is_written_to=True),
            "reference": paper.reference,
            **{name: self._gap(said, language) for name, said in gaps.items()},
        }
        return words.of(language).format_map(defaultdict(lambda: NOTHING, filling))

    def _gap(self, said: Said, language: Language) -> str:
        """Return what fills a gap; a moment stands there as a day."""
        if isinstance(said, datetime):
            return self._date(said, language)
        return self._in(said, language)

    def _office(self, party: Party, language: Language, *, is_written_to: bool) -> str:
        office = self.phrases.offices["embassy" if party.office == "embassy" else "ministry"]
        words = office.is_written_to if is_written_to else office.writes
        state = self.phrases.states.get(party.state)
        name = state.of.of(language) if state else self._in(party.name, language)
        return words.of(language).format_map({"state": name})

    def _place(self, language: Language) -> str:
        """Return where and on which day: both offices are in the capital of the ministry's."""
        paper = self.paper
        there = paper.sender if paper.sender.office == "ministry" else paper.addressee
        state = self.phrases.states.get(there.state)
        capital = state.capital.of(language) if state else self._in(there.capital, language)
        return f"{capital}, {self._date(paper.at, language)}"

    def _date(self, moment: datetime, language: Language) -> str:
        month = self.phrases.months[moment.month - 1].of(language)
        told = {"day": moment.day, "month": month, "year": moment.year}
        return self.phrases.dates.of(language).format_map(told)


def _once(lines: Lines) -> Lines:
    return lines[:1] if len({*lines}) == 1 else lines
