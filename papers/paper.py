"""A paper as a value: who writes to whom, under which number, what it says, block by block.

It is the same in every language: formal parts stand in it by the code of their phrase, names of
the agreement in all its languages, what people typed as they typed it. `papers.wording` says it in
two languages, the writers make a file of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

from audit import chain
from books.agreements import Label

#: The edition of the phrases in which papers are written today.
LATEST = "1"


@dataclass(frozen=True)
class Phrase:
    """Words of the formal parts by their code, and what stands in their gaps."""

    code: str
    gaps: Mapping[str, Said] = field(default_factory=dict)


#: What is said: as somebody typed it, a moment (UTC), words of the phrases or of the agreement.
Said: TypeAlias = "str | datetime | Phrase | Label"


@dataclass(frozen=True)
class Party:
    """An office of a state: its `embassy` or its `ministry`, with the state's name and capital."""

    office: str
    state: str
    name: Label
    capital: Label


@dataclass(frozen=True)
class Paragraph:
    """A sentence of the formal parts."""

    said: Phrase


@dataclass(frozen=True)
class Typed:
    """What an officer wrote, in the language in which it was written."""

    text: str


@dataclass(frozen=True)
class Item:
    """One item of a numbered form: `code` is its label among the phrases.

    An item that is not stated is printed empty and counts as unsaid, so that a paper comes out the
    same when the form grows.
    """

    number: str
    code: str
    said: tuple[Said, ...]
    is_stated: bool = True


@dataclass(frozen=True)
class Items:
    """A part of a form under its title."""

    code: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Table:
    """Rows under columns, which are codes of phrases."""

    number: str
    code: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Said, ...], ...]


Block: TypeAlias = Paragraph | Typed | Items | Table


@dataclass(frozen=True)
class Enclosure:
    """What goes with a paper, on pages of its own, under its heading."""

    code: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """What one state hands to another. `kind` is its code among the phrases.

    `at` is when it was sent, simulated time; `number` the sender's, empty where it has none;
    `answers` says what it answers, `gaps` stand in its opening.
    """

    kind: str
    sender: Party
    addressee: Party
    at: datetime
    reference: str
    exercise: str
    number: str = ""
    answers: Phrase | None = None
    gaps: Mapping[str, Said] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    edition: str = LATEST

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, of what the paper says: of no page, file or language."""
        content = {
            "edition": self.edition,
            "kind": self.kind,
            "from": _content(self.sender),
            "to": _content(self.addressee),
            "at": _content(self.at),
            "reference": self.reference,
            "exercise": self.exercise,
            "number": self.number,
            "answers": _content(self.answers or ""),
            "gaps": _content(self.gaps),
            "blocks": _content(self.blocks),
            "enclosures": _content(self.enclosures),
        }
        return hashlib.sha256(chain.canonical(content)).hexdigest()


def _content(said: Any) -> Any:
    """Return a part of a paper as plain values."""
    match said:
        case str():
            return said
        case datetime():
            return said.strftime("%Y-%m-%dT%H:%MZ")
        case Phrase():
            return {"phrase": said.code, **({"gaps": _content(said.gaps)} if said.gaps else {})}
        case Label():
            return {"words": [said.en, said.tr, said.kk, said.ru]}
        case Mapping():
            return {name: _content(one) for name, one in said.items()}
        case tuple():
            return [_content(one) for one in said]
        case Party():
            return [said.office, said.state, _content(said.name), _content(said.capital)]
        case Paragraph():
            return _content(said.said)
        case Typed():
            return {"typed": said.text}
        case Items():
            return {said.code: _content(tuple(one for one in said.items if one.is_stated))}
        case Item():
            return [said.number, said.code, _content(said.said)]
        case Table():
            return [said.number, said.code, list(said.columns), _content(said.rows)]
        case Enclosure():
            return {said.code: _content(said.blocks)}
    raise TypeError(f"{type(said).__name__} is no part of a paper.")
