"""How hard dossiers are: three knobs, of which one is turned at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from scenarios.generation import DECOYS, DEFECTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.history import Met

#: So many dossiers in a row, right or wrong, turn a knob.
IN_A_ROW = 2


class Turn(StrEnum):
    """Which knob has just been turned, and which way."""

    CHOSEN = "chosen"
    NONE = "none"
    SUBTLER = "subtler"
    PLAINER = "plainer"
    MORE_DECOYS = "more_decoys"
    FEWER_DECOYS = "fewer_decoys"
    MORE_DEFECTS = "more_defects"
    FEWER_DEFECTS = "fewer_defects"


@dataclass(frozen=True)
class Knobs:
    """How subtle the mistake is that a dossier is about; how many decoys and defects it may have.

    `subtlety` is a difficulty from 1 to 5.
    """

    subtlety: int
    decoys: int
    defects: int


LEAST, MOST = Knobs(1, 0, 1), Knobs(5, 2, 3)

#: The knobs in the order in which they are turned, with what turning up and down is called.
TURNS = {
    "subtlety": (Turn.SUBTLER, Turn.PLAINER),
    "decoys": (Turn.MORE_DECOYS, Turn.FEWER_DECOYS),
    "defects": (Turn.MORE_DEFECTS, Turn.FEWER_DEFECTS),
}


def of_level(level: int, *, of_plan: bool) -> Knobs:
    """Return the knobs of a level, from 1 to 5. A flight plan carries one kind at a time."""
    return Knobs(level, 0, 1) if of_plan else Knobs(level, DECOYS[level], DEFECTS[level])


def turned(level: int, met: Iterable[Met], *, of_plan: bool) -> tuple[Knobs, Turn]:
    """Return how the knobs stand after the dossiers of a sitting, and what the last one turned.

    Two in a row all right turn one knob up: the next one in order that is not all the way up. Two
    in a row wrong turn down the one that was turned up last; if there is none, the first that can
    be.
    """
    knobs, turn, run = of_level(level, of_plan=of_plan), Turn.CHOSEN, 0
    names = ["subtlety"] if of_plan else [*TURNS]
    up: list[str] = []
    for one in met:
        turn, way = Turn.NONE, one.is_right - one.is_wrong
        run = run + way if run * way > 0 else way
        if abs(run) < IN_A_ROW:
            continue
        run = 0
        if way > 0:
            after = names.index(up[-1]) + 1 if up else 0
            order = [*names[after:], *names[:after]]
            can = [it for it in order if getattr(knobs, it) < getattr(MOST, it)]
            up += can[:1]
        else:
            can = [up.pop()] if up else []
            can += [it for it in names if getattr(knobs, it) > getattr(LEAST, it)]
        if can:
            name = can[0]
            knobs = replace(knobs, **{name: getattr(knobs, name) + way})
            turn = TURNS[name][way < 0]
    return knobs, turn
