"""Dossiers from a seed: what is wrong is chosen first, then a clean dossier that can carry it."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from exercises.models import DECIDERS, Role
from scenarios import book, checking
from scenarios.builder import build
from scenarios.corridors import CORRIDORS
from scenarios.keys import Case, key_of
from scenarios.loads import LOADS
from scenarios.lots import Lots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenarios.book import Decoy, Defect, Planted
    from scenarios.dossier import Dossier

#: How many defects a dossier has at the most, by difficulty, and how many decoys.
DEFECTS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3}
DECOYS = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2}

#: Of clean dossiers half are as plain as they look.
PLAIN_SHARE = 0.5
#: Where no desk is asked for, so many dossiers are about their flight plan.
PLAN_SHARE = 0.15
#: Where nobody says otherwise, so many dossiers have no defect.
CLEAN_SHARE = 0.25

#: The desks for which there are dossiers; who decides sees the matters of every desk.
DESKS = (
    Role.REGISTRY,
    Role.DEFENCE,
    Role.AIR_DEFENCE,
    Role.SECURITY,
    Role.CIVIL_AVIATION,
    Role.OPERATIONS,
    *DECIDERS,
)


def generate(
    seed: int,
    count: int,
    *,
    difficulty: int,
    desk: Role | None = None,
    clean_share: float = CLEAN_SHARE,
) -> Iterator[Case]:
    """Give dossiers 1 to `count` of a seed; each of them depends on its own number only.

    `difficulty` from 1 to 5 is that of the hardest defect; where a desk has none so hard, the
    nearest. Raises `checking.Unfit` where the product does not find what the key says.
    """
    for number in range(1, count + 1):
        yield case(seed, number, difficulty=difficulty, desk=desk, clean_share=clean_share)


def case(
    seed: int,
    number: int,
    *,
    difficulty: int,
    desk: Role | None = None,
    clean_share: float = CLEAN_SHARE,
) -> Case:
    """Return the dossier of this number; as `generate`."""
    lots = Lots(f"{seed}:{number}")
    of_plan = desk == Role.OPERATIONS or (desk is None and lots.falls(PLAN_SHARE))
    if lots.falls(clean_share):
        first, wanted = None, 0
        decoys = 0 if lots.falls(PLAIN_SHARE) else max(1, DECOYS[difficulty])
    else:
        first = lots.one_of(_pool(difficulty, desk, of_plan=of_plan))
        wanted = lots.between(1, DEFECTS[difficulty]) - 1
        decoys = lots.between(0, DECOYS[difficulty])
    others = lots.shuffled(
        one
        for one in book.defects().values()
        if one.is_of_plan == of_plan and one is not first and one.difficulty <= difficulty
    )
    clean = _carrier(lots, first, of_plan=of_plan)
    planting = _Planting(clean, lots)
    if first and not planting.plant(first):
        raise checking.Unfit(f"{first.kind} does not fit the dossier that was chosen for it.")
    planting.fill_up(others, wanted)
    planting.fill_up(lots.shuffled(book.decoys().values()), decoys)
    return planting.case(number)


def _pool(difficulty: int, desk: Role | None, *, of_plan: bool) -> list[Defect]:
    """Return the kinds of the difficulty, or of the nearest that the desk has."""
    every = desk is None or desk in DECIDERS
    mine = [
        one
        for one in book.defects().values()
        if one.is_of_plan == of_plan and (every or one.desk == desk)
    ]
    nearest = min(abs(one.difficulty - difficulty) for one in mine)
    return [one for one in mine if abs(one.difficulty - difficulty) == nearest]


def _carrier(lots: Lots, first: Defect | None, *, of_plan: bool) -> Dossier:
    """Return a clean dossier that can carry a defect: the first of all in an order of chance."""
    for corridor, load in lots.shuffled((it, load) for it in CORRIDORS for load in LOADS):
        clean = build(corridor, load, lots)
        if of_plan:
            clean.file_plan()
        if first is None or first.fits(clean):
            return clean
    assert first is not None  # noqa: S101 - anything carries nothing
    raise checking.Unfit(f"No clean dossier can carry {first.kind}.")


class _Planting:
    """A dossier under way: what is planted in it, and what is to be found on it.

    No kind changes what another changes or shows in, and no two share a code, so that each is found
    and mended by itself. What was planted is checked at once.
    """

    def __init__(self, clean: Dossier, lots: Lots) -> None:
        self._lots = lots
        self._clean = self._dossier = clean
        self._raised = checking.require_clean(clean)
        self._defects: list[Defect] = []
        self._decoys: list[Decoy] = []
        self._planted: list[Planted] = []
        self._changed: set[str] = set()
        self._read: set[str] = set()
        self._codes: set[str] = set()

    def fill_up(self, kinds: Iterable[Defect] | Iterable[Decoy], wanted: int) -> None:
        """Plant so many more of these, each tried once, in order, if nothing gets in its way."""
        for kind in kinds:
            if wanted == 0:
                return
            wanted -= self.plant(kind)

    def plant(self, kind: Defect | Decoy) -> bool:
        """Plant a kind, and say whether it could be: alone it is found by its codes, and here too.

        Beside others a kind may bring about what none of them does alone; then it stays out. Raises
        `Unfit` for one that is not found, or not mended, by itself.
        """
        read = {fact.partition(".")[0] for fact in kind.facts}
        if read & self._changed or self._codes & {*kind.codes} or not kind.fits(self._dossier):
            return False
        dossier, planted = book.plant(self._dossier, kind, self._lots)
        if planted.changed & (self._changed | self._read):
            return False
        defects = [*self._defects, kind] if isinstance(kind, book.Defect) else self._defects
        decoys = [*self._decoys, kind] if isinstance(kind, book.Decoy) else self._decoys
        planting = [*self._planted, planted]
        try:
            checking.require(dossier, checking.expected(self._raised, defects, decoys))
            mended = reduce(book.mend, _answered(planting), dossier)
            if mended != self._clean:
                checking.require(mended, checking.expected(self._raised, (), decoys))
        except checking.Unfit:
            if not self._planted:
                raise
            return False
        self._dossier, self._planted = dossier, planting
        self._defects, self._decoys = defects, decoys
        self._changed |= planted.changed
        self._read |= read
        self._codes |= {*kind.codes}
        return True

    def case(self, number: int) -> Case:
        """Return what has come about, with its key."""
        answered = _answered(self._planted)
        key = key_of(self._dossier, self._raised, self._defects, self._decoys, answered)
        return Case(number, self._dossier, key)


def _answered(planted: Iterable[Planted]) -> list[Planted]:
    """Return what is to be mended: defects, not decoys."""
    return [one for one in planted if one.kind in book.defects()]
