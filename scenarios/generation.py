"""Dossiers from a seed: what is wrong is chosen first, then a clean dossier that can carry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, reduce
from itertools import product
from typing import TYPE_CHECKING

from exercises.models import DECIDERS, Role
from scenarios import book, checking
from scenarios.builder import FIRST_DAY, LAST_DAY, build
from scenarios.corridors import CORRIDORS
from scenarios.dossier import DAY, FIRST_HOLIDAY
from scenarios.keys import Case, key_of
from scenarios.loads import LOADS
from scenarios.lots import Lots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenarios.book import Decoy, Defect, Planted
    from scenarios.corridors import Corridor
    from scenarios.dossier import Dossier
    from scenarios.loads import Load

#: How many defects a dossier has at the most, by difficulty, and how many decoys.
DEFECTS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3}
DECOYS = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2}

#: Of clean dossiers half are as plain as they look.
PLAIN_SHARE = 0.5
#: Where no desk is asked for, so many dossiers are about their flight plan.
PLAN_SHARE = 0.15
#: Where nobody says otherwise, so many dossiers have no defect.
CLEAN_SHARE = 0.25

#: A note that is to come in after a moment comes in within so long of it.
WITHIN = timedelta(weeks=3)
#: So many dossiers are built for an order that names a time, until one can carry what is ordered;
#: its note waits up to so many days, and a day more with each try: some kinds move the note.
TRIES, SOON = 24, 3
#: What a corridor carries is told by so many dossiers, with notes after a day late in the season.
SAMPLES, LATE = 2, datetime(2027, 5, 3, tzinfo=UTC)

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
    order = draw(lots, difficulty=difficulty, desk=desk, clean_share=clean_share)
    return fill(order, number, lots)


@dataclass(frozen=True)
class Order:
    """What a dossier is to be like; what is not said is left to the lots.

    It is about `first`, or nothing is wrong in it; beside that go at most `more` other defects,
    none harder than `difficulty`, and at most `decoys` decoys, among them `decoy`. Is it `of_plan`,
    it has a flight plan, and they are about that.

    `desk` is asked about it, and then the other defects are its own as far as they can be. `host`
    is the state that is asked. Its note comes in after `note_after`, and within `WITHIN` of it.
    Corridors and categories that it is to be `unlike` are flown and carried where nothing else
    fits.
    """

    first: Defect | None = None
    more: int = 0
    difficulty: int = 5
    decoy: Decoy | None = None
    decoys: int = 0
    of_plan: bool = False
    desk: Role | None = None
    host: str = ""
    note_after: datetime | None = None
    unlike: frozenset[str] = frozenset()

    @property
    def kinds(self) -> tuple[Defect | Decoy, ...]:
        """What has to be planted."""
        return tuple(kind for kind in (self.first, self.decoy) if kind)

    def admits(self, dossier: Dossier) -> bool:
        """Say whether a dossier asks the desk, and comes in when it is to."""
        if self.desk and not dossier.asks(self.desk):
            return False
        if self.note_after is None:
            return True
        assert dossier.received_at is not None  # noqa: S101 - a dossier has been sent
        is_then = self.note_after < dossier.received_at <= self.note_after + WITHIN
        return is_then and FIRST_DAY <= dossier.form["departs_at"] < LAST_DAY + DAY


class NothingFits(checking.Unfit):
    """No dossier is as it was ordered."""


def draw(lots: Lots, *, difficulty: int, desk: Role | None, clean_share: float) -> Order:
    """Draw what a dossier is to be like; as `generate`."""
    of_plan = desk == Role.OPERATIONS or (desk is None and lots.falls(PLAN_SHARE))
    if lots.falls(clean_share):
        first, wanted = None, 0
        decoys = 0 if lots.falls(PLAIN_SHARE) else max(1, DECOYS[difficulty])
    else:
        first = lots.one_of(_pool(difficulty, desk, of_plan=of_plan))
        wanted = lots.between(1, DEFECTS[difficulty]) - 1
        decoys = lots.between(0, DECOYS[difficulty])
    return Order(first, wanted, difficulty, decoys=decoys, of_plan=of_plan)


def fill(order: Order, number: int, lots: Lots) -> Case:
    """Return a dossier as ordered, under a number. Equal orders and lots, equal dossiers.

    Raises `NothingFits`; `checking.Unfit` where the product does not find what the key says.
    """
    others = lots.shuffled(
        one
        for one in book.defects().values()
        if one.is_of_plan == order.of_plan
        and one is not order.first
        and one.difficulty <= order.difficulty
    )
    if order.desk:
        others.sort(key=lambda one: one.desk != order.desk)
    for clean in _carriers(order, lots):
        planting = _Planting(clean, order, lots)
        if all(planting.plant(kind) for kind in order.kinds):
            planting.fill_up(others, order.more)
            left = order.decoys - (order.decoy is not None)
            planting.fill_up(lots.shuffled(book.decoys().values()), left)
            return planting.case(number)
    asked = " and ".join(kind.kind for kind in order.kinds) or "what is ordered"
    where = f" on a corridor into {order.host}" if order.host else ""
    when = f", its note soon after {order.note_after:%d %B %Y}" if order.note_after else ""
    raise NothingFits(f"No clean dossier{where} can carry {asked}{when}.")


def pool(desk: Role | None, *, of_plan: bool) -> list[Defect]:
    """Return the kinds that are a desk's matter, of requests or of flight plans."""
    every = desk is None or desk in DECIDERS
    return [
        one
        for one in book.defects().values()
        if one.is_of_plan == of_plan and (every or one.desk == desk)
    ]


def _pool(difficulty: int, desk: Role | None, *, of_plan: bool) -> list[Defect]:
    """Return the kinds of the difficulty, or of the nearest that the desk has."""
    mine = pool(desk, of_plan=of_plan)
    nearest = min(abs(one.difficulty - difficulty) for one in mine)
    return [one for one in mine if abs(one.difficulty - difficulty) == nearest]


def _carriers(order: Order, lots: Lots) -> Iterator[Dossier]:
    """Give clean dossiers that can carry what is ordered, in an order of chance.

    Where they are to come in at a time, on ways that are known to do in their season, and not many.
    """
    ways = lots.shuffled((it, load) for it in CORRIDORS for load in LOADS)
    if order.host:
        ways = [way for way in ways if way[0].host == order.host]
    ways.sort(key=lambda way: len(order.unlike & {way[0].code, way[1].category}))
    tried = 0
    for corridor, load in ways:
        if order.note_after and not all(_carries(corridor, load, kind) for kind in order.kinds):
            continue
        if order.note_after and tried == TRIES:
            return
        note_after = order.note_after and order.note_after + DAY * lots.below(SOON + tried)
        tried += 1
        clean = build(corridor, load, lots, note_after=note_after)
        if order.of_plan:
            clean.file_plan()
        if all(kind.fits(clean) for kind in order.kinds) and order.admits(clean):
            yield clean


def is_carried(kind: Defect | Decoy, host: str) -> bool:
    """Say whether a kind can be planted on any corridor into a host, at least in its season."""
    into = [one for one in CORRIDORS if host in ("", one.host)]
    return any(_carries(corridor, load, kind) for corridor, load in product(into, LOADS))


def _carries(corridor: Corridor, load: Load, kind: Defect | Decoy) -> bool:
    return any(kind.fits(one) for one in _samples(CORRIDORS.index(corridor), LOADS.index(load)))


@cache
def _samples(way: int, goods: int) -> tuple[Dossier, ...]:
    """Return dossiers of a corridor and a load with every holiday behind them."""
    corridor, load = CORRIDORS[way], LOADS[goods]
    lots = Lots(f"{corridor.code} {load.code}")
    requests = [build(corridor, load, lots) for _sample in range(SAMPLES)]
    for one in requests:
        one.send_after(LATE)
        one.first_holiday = FIRST_HOLIDAY
    plans = [one.copy() for one in requests]
    for one in plans:
        one.file_plan()
    return (*requests, *plans)


class _Planting:
    """A dossier under way: what is planted in it, and what is to be found on it.

    No kind changes what another changes or shows in, and no two share a code, so that each is found
    and mended by itself. What was planted is checked at once.
    """

    def __init__(self, clean: Dossier, order: Order, lots: Lots) -> None:
        self._order = order
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

        Beside others a kind may bring about what none of them does alone; then it stays out. A
        flight plan is one part, and carries one kind. Raises `Unfit` for one that is not found, or
        not mended, by itself.
        """
        read = {fact.partition(".")[0] for fact in kind.facts}
        if read & self._changed or self._codes & {*kind.codes} or not kind.fits(self._dossier):
            return False
        if self._dossier.plan and "plan" in self._changed:
            return False
        dossier, planted = book.plant(self._dossier, kind, self._lots)
        if planted.changed & (self._changed | self._read) or not self._order.admits(dossier):
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
