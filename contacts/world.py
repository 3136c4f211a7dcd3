"""The world around a flight, as data: who speaks, about what, in which words, and what is right.

`contacts/data/world.yaml` is read and can be edited; what a contact took from it is copied into its
row. Exercise control reads all of it, players only what reaches them and the lines to answer with.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StrictBool

from books import reading
from books.agreements import ByCode, Label, Named
from books.figures import StateCode
from books.reading import Misfit, Record, is_near
from contacts.models import RECEIVERS, ContactKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "data" / "world.yaml"

#: What a decision is that pleases or alarms somebody: the verb of it.
Decision = Literal["authorize", "refuse"]

#: What of its ties bears on how a state takes a flight.
Tie = Literal["OTS", "OTS_OBSERVER", "CSTO", "CASPIAN", "NATO", "NEUTRAL", "MIDDLE_CORRIDOR"]

#: What is done with a contact, step by step.
Step = Literal["log", "forward", "answer"]


class Actor(Named):
    """Somebody who speaks: a state, a paper, a minister of one's own.

    `state` is whose, by code; `ties` are those of a state, `stance` how it sees such flights, as
    the source has it.
    """

    name: Label
    sort: Literal["state", "paper", "own", "company", "person"]
    state: StateCode | None = None
    ties: tuple[Tie, ...] = ()
    stance: str = ""
    source: str = ""


class Reaction(Record):
    """Which decisions would alarm or please an actor of a theme."""

    alarmed_by: tuple[Decision, ...] = ()
    pleased_by: tuple[Decision, ...] = ()


class Theme(Named):
    """What is at stake in the eyes of others; `says` what the source says of it."""

    title: Label
    says: str
    source: str = ""
    actors: dict[str, Reaction] = Field(default_factory=dict)


class Line(Named):
    """A line to answer with. A neutral one says nothing on the substance; `why` says so or not.

    Desks choose among all lines that fit the `kinds` (none: every one), and are not told which are
    neutral.
    """

    text: Label
    is_neutral: StrictBool = Field(alias="neutral")
    why: str
    kinds: tuple[ContactKind, ...] = ()


class Handling(Record):
    """What is right to do with an entry, and why; `lines` are those that answer it well."""

    steps: tuple[Step, ...]
    lines: tuple[str, ...] = ()
    why: str


class Entry(Named):
    """A contact that exercise control brings in; `source` and `text` are invented for exercises.

    `reaches` is the seat that it comes to unless control says another, `hosts` the states in which
    it makes sense; `intensity` from 1, a word in passing, to 3.
    """

    kind: ContactKind
    theme: str
    speaks_for: str
    source: str
    text: str
    reaches: str
    hosts: tuple[StateCode, ...]
    intensity: Annotated[int, Field(ge=1, le=3)]
    handling: Handling


class World(Record):
    """Everything of it. `mark` stands before every invented text."""

    mark: Literal["EXERCISE"]
    actors: ByCode[Actor]
    themes: ByCode[Theme]
    lines: ByCode[Line]
    entries: ByCode[Entry]

    def misfits(self) -> Iterator[Misfit]:
        roles = [str(role) for role in RECEIVERS]
        for code, theme in self.themes.items():
            for actor in theme.actors.keys() - self.actors.keys():
                sentence = f"is no actor; {is_near(actor, self.actors)}"
                yield ("themes", code, "actors", actor), sentence
        for code, entry in self.entries.items():
            named = (
                ("theme", entry.theme, self.themes),
                ("speaks_for", entry.speaks_for, self.actors),
                ("reaches", entry.reaches, roles),
            )
            for key, value, known in named:
                if value not in known:
                    yield ("entries", code, key), f"{value} is none; {is_near(value, known)}"
            if not entry.text.startswith(f"{self.mark} "):
                yield ("entries", code, "text"), f"does not begin with {self.mark}."
            yield from self._handling_misfits(code, entry)

    def _handling_misfits(self, code: str, entry: Entry) -> Iterator[Misfit]:
        place = ("entries", code, "handling", "lines")
        if bool(entry.handling.lines) != ("answer" in entry.handling.steps):
            yield place, "are named exactly where it is to be answered."
        for number, line in enumerate(entry.handling.lines):
            if line not in self.lines:
                yield (*place, number), f"{line} is no line; {is_near(line, self.lines)}"
            elif not self.lines[line].is_neutral:
                yield (*place, number), f"{line} is not neutral."

    def lines_for(self, kind: str) -> dict[str, Line]:
        """Return the lines that fit a kind of contact, by code."""
        return {
            code: line for code, line in self.lines.items() if not line.kinds or kind in line.kinds
        }


@cache
def load() -> World:
    """Return the world. Raises `BadFile`."""
    return read(FILE)


def read(path: Path) -> World:
    """Read the file of a world. Raises `BadFile`."""
    return reading.read(path, World)
