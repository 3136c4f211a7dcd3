"""Clean dossiers for the tests of what is planted in them: each corridor with each load."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scenarios import book
from scenarios.builder import build
from scenarios.corridors import CORRIDORS
from scenarios.loads import LOADS
from scenarios.lots import Lots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenarios.book import Decoy, Defect
    from scenarios.dossier import Dossier

#: So many times a corridor with a load is drawn, until one is in the season that a kind needs.
DRAWS = 6


def cleans(*, of_plan: bool, corridor: str = "") -> Iterator[Dossier]:
    """Give clean dossiers, of all corridors or of one, by load."""
    for way in CORRIDORS:
        if corridor in ("", way.code):
            for draw in range(DRAWS):
                for load in LOADS:
                    yield clean(way.code, load.code, draw, of_plan=of_plan)


@cache
def clean(corridor: str, load: str, draw: int = 0, *, of_plan: bool = False) -> Dossier:
    """Return one clean dossier; nobody changes it."""
    [way] = [one for one in CORRIDORS if one.code == corridor]
    [carried] = [one for one in LOADS if one.code == load]
    found = build(way, carried, Lots(f"{corridor} {load} {draw}"))
    if of_plan:
        found.file_plan()
    return found


def carrier(kind: Defect | Decoy, corridor: str) -> Dossier | None:
    """Return the first clean dossier of a corridor that can carry a kind."""
    of_plan = kind.is_of_plan if isinstance(kind, book.Defect) else kind.of_plan
    return next((one for one in cleans(of_plan=of_plan, corridor=corridor) if kind.fits(one)), None)
