"""The states on the way as data: whom to ask there, how, and how a role-player answers for them.

One file per version in `books/data/neighbours/`; an agreement's version names the one that holds
with it. What a neighbour asks for is its own affair and no term of an agreement between two others.
A figure without a published source is a training default and is shown as such.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StrictBool

from books import reading
from books.agreements import (
    MILITARY_CARGO,
    TRACKS,
    Allowance,
    ByCode,
    Days,
    Label,
    Named,
    NumberFormat,
    ThirdState,
)
from books.figures import Figure, StateCode
from books.reading import Misfit, Record, is_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from books.agreements import Agreement

FOLDER = Path(__file__).parent / "data" / "neighbours"

#: What a note to a state on the way tells of a flight that a state may ask about, or refuse.
Matter = Literal["ANY", "ARMAMENT", "EXERCISE", "GOODS", "MILITARY_CARGO", "TROOPS", "WEAPONS"]

Share = Annotated[float, Field(ge=0, le=3)]


class Temper(Named):
    """How a role-player answers for a state on the way.

    `share` is after how much of the time it is given, from and to. It `asks` about these matters
    once before it answers, and `refuses` others. Without `acts` exercise control answers for it.
    """

    label: Label
    share: tuple[Share, Share]
    asks: tuple[Matter, ...] = ()
    refuses: tuple[Matter, ...] = ()
    acts: StrictBool = True

    def misfits(self) -> Iterator[Misfit]:
        if self.share[1] < self.share[0]:
            yield ("share",), "ends before it begins."


class Neighbour(Named):
    """One state on the way. Without a `desk` nobody is there to be asked, and the rest is empty.

    `published` is what it asks for in public. `answers_within` is how long a role-player is given
    for it, where nothing published is longer; working days are its own.
    """

    desk: Label | None = None
    channel: Figure[str] | None = None
    published: ThirdState | None = None
    answers_within: Allowance | None = None
    validity_hours: Figure[Days] | None = None
    number: NumberFormat | None = None
    temper: Figure[str] | None = None

    def misfits(self) -> Iterator[Misfit]:
        told = {name: getattr(self, name) for name in type(self).model_fields}
        needed = told.keys() - {"desk", "published"}
        for name in sorted(needed):
            if (told[name] is None) != (self.desk is None):
                yield (name,), "stands where there is a desk to ask, and only there."
        for track in (self.published.lead_times if self.published else {}).keys() - {
            *TRACKS,
            MILITARY_CARGO,
        }:
            yield ("published", "lead_times", track), f"is no track; {is_near(track, TRACKS)}"


class Neighbours(Record):
    """One version of what is known of the states on the way."""

    version: str
    missing_hours: Figure[Days]
    early_hours: Figure[Days]
    tempers: ByCode[Temper]
    states: ByCode[Neighbour]

    def misfits(self) -> Iterator[Misfit]:
        for code, one in self.states.items():
            if len(code) != 2 or not code.isupper():
                yield ("states", code), "is no two-letter code."
            if one.temper and one.temper.value not in self.tempers:
                near = is_near(one.temper.value, self.tempers)
                yield ("states", code, "temper"), f"{one.temper.value} is no temper; {near}"


@cache
def load(version: str) -> Neighbours:
    """Return one version. Raises `BadFile` if its file has faults, or there is none."""
    return read(FOLDER / f"{version}.yaml")


def read(path: Path) -> Neighbours:
    """Read the file of one version. Raises `BadFile`."""
    return reading.read(path, Neighbours)


def of(agreement: Agreement) -> Neighbours | None:
    """Return what holds with an agreement; None where it names none: nobody else is asked."""
    return load(agreement.neighbours) if agreement.neighbours else None


def published(agreement: Agreement) -> Mapping[StateCode, ThirdState]:
    """Return what states on the way ask for in public, by code.

    Older versions of an agreement have it in their own file.
    """
    known = of(agreement)
    if known is None:
        return agreement.third_states
    return {code: one.published for code, one in known.states.items() if one.published}
