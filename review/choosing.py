"""Choosing the next dossier for one person: what it is about, how hard it is, and why.

What was missed comes back after days, by spaced repetition: one card for each kind and person,
replayed from what the person has met, and never stored. Nothing here asks a clock, a network or
chance: equal seeds and equal histories, equal choices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as lazy
from fsrs import Card, Rating, Scheduler

from approvals.models import Confidence
from exercises.models import Role
from review import history, knobs
from review.knobs import Turn
from review.marks import What
from scenarios import book, generation
from scenarios.builder import FIRST_DAY
from scenarios.generation import PLAIN_SHARE, NothingFits, Order
from scenarios.lots import Lots
from scenarios.models import Assignment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from review.history import Meeting, Met
    from review.knobs import Knobs
    from scenarios.book import Decoy, Defect
    from scenarios.keys import Case
    from scenarios.models import Sitting

#: Of dossiers that follow so many with a defect, none, one, two, …, so many have none: about one
#: in four of all, never more than four with a defect in a row, and no moment at which one is sure.
SHARES = (0.1, 0.15, 0.25, 0.5, 1.0)

#: So many times as often for somebody who in one of the last so many dossiers saw what is not there
#: or stopped what was in order.
OVER_CAREFUL, LAST = 2, 4

#: So many of the kinds that are new are of the chapter in which most went wrong, while it has any.
WEAK_SHARE = 0.5

#: A kind is met in one sitting at the most so many times.
TIMES = 2

#: Kinds that are so much harder or plainer than the knob says are left for later.
NEAR = 1

#: The first note of a sitting comes in on one of so many days, counted from the first on which
#: dossiers fly; of fewer where a desk waits for the flight itself, so that time does not run out.
DAYS, DAYS_OF_PLANS = 250, 60

#: The model as its authors ship it. Missed, a kind may come back after ten minutes, once it is
#: found then after a day; found at once, after two days; sure and right, after eight.
SCHEDULER = Scheduler(
    learning_steps=[timedelta(minutes=10)],
    relearning_steps=[timedelta(minutes=10)],
    enable_fuzzing=False,
)


class Why(StrEnum):
    """Why a dossier was chosen."""

    MISSED = "missed"
    HALF = "half"
    FOUND = "found"
    NEW = "new"
    WEAKEST = "weakest"
    ALARM = "alarm"
    ALARM_IN_CHAPTER = "alarm_in_chapter"
    DECOY = "decoy"
    CLEAN = "clean"


AFTER = {
    Why.MISSED: lazy("Again, because you missed it on %(day)s: %(says)s"),
    Why.HALF: lazy("Again, because you found half of it on %(day)s: %(says)s"),
    Why.FOUND: lazy("Again, so that it stays: you found it on %(day)s. %(says)s"),
    Why.NEW: lazy("You had not met this yet: %(says)s"),
    Why.WEAKEST: lazy("Of what you have met you are least sure of this: %(says)s"),
    Why.ALARM: lazy("In order, and again, because you saw a mistake in it on %(day)s: %(says)s"),
    Why.ALARM_IN_CHAPTER: lazy(
        "Nothing is wrong: on %(day)s you saw a mistake under “%(says)s” where there was none."
    ),
    Why.DECOY: lazy("In order, and made to look wrong: %(says)s"),
    Why.CLEAN: lazy("Nothing is wrong, as in about one dossier in four."),
}

BEFORE = {
    Turn.CHOSEN: lazy("As hard as the level that you chose."),
    Turn.NONE: lazy("As hard as the dossier before."),
    Turn.SUBTLER: lazy("Mistakes are harder to see than before: two dossiers in a row were right."),
    Turn.PLAINER: lazy("Mistakes are plainer than before: two dossiers in a row went wrong."),
    Turn.MORE_DECOYS: lazy(
        "One thing more than before may look wrong and be right: two dossiers in a row were right."
    ),
    Turn.FEWER_DECOYS: lazy(
        "One thing less than before may look wrong and be right: two dossiers in a row went wrong."
    ),
    Turn.MORE_DEFECTS: lazy(
        "One mistake more than before may be in it: two dossiers in a row were right."
    ),
    Turn.FEWER_DEFECTS: lazy(
        "One mistake less than before may be in it: two dossiers in a row went wrong."
    ),
}


@dataclass(frozen=True)
class Reason:
    """Why a dossier was chosen, as plain values that can be kept with its key.

    `about` is the kind of the defect or decoy, or the chapter; `on` the day, UTC, on which it was
    met last, as ISO has it; empty where neither matters.
    """

    why: Why
    turn: Turn
    about: str = ""
    on: str = ""

    @property
    def before(self) -> str:
        """Which knob was turned, in a sentence; it may be read before the dossier is done."""
        return str(BEFORE[self.turn])

    @property
    def after(self) -> str:
        """Why this dossier, in a sentence that says what is in it: for when it is done."""
        kinds: dict[str, Defect | Decoy] = {**book.defects(), **book.decoys()}
        says = kinds[self.about].says if self.about in kinds else book.TITLES.get(self.about, "")
        day = date_format(date.fromisoformat(self.on), "j F") if self.on else ""
        return str(AFTER[self.why]) % {"day": day, "says": says}


@dataclass(frozen=True)
class Choice:
    """The next dossier, how the knobs stand for it, and why it is this one."""

    case: Case
    knobs: Knobs
    reason: Reason


def reason(row: Assignment) -> Reason | None:
    """Return why a dossier was chosen, as it was kept with its key; None of one given to all."""
    kept = row.key.get("chosen")
    return kept and Reason(Why(kept["why"]), Turn(kept["turn"]), kept["about"], kept["on"])


def first(person: str, *, desk: Role, level: int, seed: int, now: datetime) -> Choice:
    """Choose the first dossier of a person's sitting; as `choose`."""
    met = history.history_of(person, desk)
    return choose(met, desk=desk, level=level, seed=seed, number=1, now=now)


def following(sitting: Sitting, *, now: datetime, at: datetime) -> Choice:
    """Choose the next dossier of a sitting, whose note comes in after the moment `at`.

    `now` is the real one; as `choose`.
    """
    exercise, seat = sitting.exercise, sitting.seat
    desk = Role(seat.role)
    return choose(
        history.history_of(sitting.person, desk),
        desk=desk,
        level=sitting.level,
        seed=exercise.seed,
        number=Assignment.objects.filter(exercise=exercise).count() + 1,
        now=now,
        sitting=exercise.pk,
        host=seat.state,
        note_after=at,
    )


def choose(
    met: Sequence[Met],
    *,
    desk: Role,
    level: int,
    seed: int,
    number: int,
    now: datetime,
    sitting: int | None = None,
    host: str = "",
    note_after: datetime | None = None,
) -> Choice:
    """Choose the dossier of a number for a person who so far has `met` these, oldest first.

    `now` is a real moment, UTC, `note_after` the simulated one after which the note comes in;
    `sitting` is the one that goes on, at `host`, None where it begins. The level, from 1 to 5, is
    that from which its knobs are turned.

    A kind whose card is due comes first, what is remembered least before the others; else one that
    was not met yet and is about as hard as the knob says, every other time of the chapter in which
    most went wrong; else the weakest of those. In between, and nobody can tell when, nothing is
    wrong.

    Raises `generation.NothingFits` where no dossier for the desk comes in after that moment.
    """
    lots = Lots(f"{seed}:{number}:chosen")
    here = [one for one in met if one.sitting == sitting]
    of_plan = desk == Role.OPERATIONS
    stand, turn = knobs.turned(level, here, of_plan=of_plan)
    begins = FIRST_DAY + timedelta(days=lots.below(DAYS_OF_PLANS if of_plan else DAYS))
    order = Order(
        difficulty=stand.subtlety,
        of_plan=of_plan,
        desk=desk,
        host=host,
        note_after=note_after or begins,
    )
    memory = _Memory(met, here, now)
    is_clean = lots.falls(_clean_share(met))
    wishes = _clean(order, stand, memory, lots) if is_clean else _faulty(order, stand, memory, lots)
    for nth, (wish, why) in enumerate(wishes):
        try:
            case = generation.fill(wish, number, Lots(f"{seed}:{number}:{nth}"))
        except NothingFits:
            continue
        return Choice(case, stand, replace(why, turn=turn))
    raise NothingFits(f"No dossier for {desk} comes in soon after {order.note_after:%d %B %Y}.")


class _Memory:
    """What a person remembers: a card for each kind that was met, and how that went last."""

    def __init__(self, met: Sequence[Met], here: Sequence[Met], now: datetime) -> None:
        self.met, self._here, self._now = met, here, now
        self._cards: dict[str, Card] = {}
        self._last: dict[str, tuple[Met, Meeting]] = {}
        for one in met:
            for meeting in one.meetings:
                card = self._cards.get(meeting.kind) or Card(card_id=0, due=one.done_at)
                at = one.done_at.astimezone(UTC)
                self._cards[meeting.kind], _log = SCHEDULER.review_card(card, _rated(meeting), at)
                self._last[meeting.kind] = one, meeting

    def has(self, kind: str) -> bool:
        return kind in self._cards

    def last(self, kind: str) -> What:
        """Return what became of a kind when it was met last."""
        return self._last[kind][1].what

    def day(self, kind: str) -> str:
        return _day(self._last[kind][0])

    def dress(self, kind: str) -> frozenset[str]:
        """Return what the dossier looked like in which a kind was met last."""
        if not self.has(kind):
            return frozenset()
        one, _meeting = self._last[kind]
        return frozenset({one.corridor, one.category})

    def strength(self, kind: str) -> tuple[float, float]:
        """Return how likely a kind is remembered now, and for how many days it will be."""
        card = self._cards[kind]
        return SCHEDULER.get_card_retrievability(card, self._now), card.stability or 0

    def rests(self, kind: str) -> bool:
        """Say whether a kind was in the dossier before, or has been met often enough today."""
        times = sum(kind in one.kinds for one in self._here)
        return times >= TIMES or any(kind in one.kinds for one in self._here[-1:])

    def is_due(self, kind: str) -> bool:
        return self.has(kind) and self._cards[kind].due <= self._now and not self.rests(kind)

    def weakest(self, kinds: Iterable[str]) -> list[str]:
        """Return kinds that were met, what is remembered least first."""
        return sorted(filter(self.has, kinds), key=lambda one: (*self.strength(one), one))

    def chapter_of_alarm(self) -> tuple[str, str]:
        """Return a chapter in which something was seen that is not there, not left alone since.

        And the day; nothing of both where there is none.
        """
        alarmed: dict[str, str] = {}
        for one in self.met:
            for line in one.marks.lines:
                if line.what == What.REJECTION:
                    alarmed.pop(line.about, None)
                elif line.what == What.FALSE_ALARM and line.about not in one.decoys:
                    alarmed[history.chapter_of(line)] = _day(one)
        return next(iter(alarmed.items()), ("", ""))


Wish = tuple[Order, Reason]


def _faulty(order: Order, stand: Knobs, memory: _Memory, lots: Lots) -> Iterator[Wish]:
    """Give what a dossier with a mistake may be about, the best choice first."""
    order = replace(
        order,
        more=lots.between(1, stand.defects) - 1,
        decoys=lots.between(0, stand.decoys),
    )
    asked = Role(order.desk) if order.desk else None
    every = lots.shuffled(
        one
        for one in generation.pool(asked, of_plan=order.of_plan)
        if generation.is_carried(one, order.host)
    )
    every.sort(key=lambda one: abs(one.difficulty - stand.subtlety))
    weak = history.weakness(memory.met)
    if weak and lots.falls(WEAK_SHARE):
        every.sort(key=lambda one: one.chapter != weak.chapter)
    kinds = {one.kind: one for one in every}
    near = [one.kind for one in every if abs(one.difficulty - stand.subtlety) <= NEAR]
    due = memory.weakest(filter(memory.is_due, kinds))
    new = [one for one in near if not memory.has(one)]
    weakest = [one for one in memory.weakest(near) if not memory.rests(one)]
    for kind in dict.fromkeys((*due, *new, *weakest, *kinds)):
        why = Why.WEAKEST if memory.has(kind) else Why.NEW
        if kind in due:
            seen = {What.MISS: Why.MISSED, What.HALF_HIT: Why.HALF}
            why = seen.get(memory.last(kind), Why.FOUND)
        yield _about(order, kinds[kind], why, memory)


def _clean(order: Order, stand: Knobs, memory: _Memory, lots: Lots) -> Iterator[Wish]:
    """Give what a dossier without a mistake may be like, the best choice first."""
    with_decoys = replace(order, decoys=max(1, stand.decoys))
    is_plain = lots.falls(PLAIN_SHARE)
    kinds = {
        one.kind: one
        for one in lots.shuffled(book.decoys().values())
        if one.of_plan == order.of_plan and generation.is_carried(one, order.host)
    }
    for kind in memory.weakest(filter(memory.is_due, kinds)):
        if memory.last(kind) == What.FALSE_ALARM:
            yield _about(with_decoys, kinds[kind], Why.ALARM, memory)
    chapter, day = memory.chapter_of_alarm()
    if chapter:
        yield order, Reason(Why.ALARM_IN_CHAPTER, Turn.NONE, chapter, day)
    if not is_plain:
        new = [one for one in kinds if not memory.has(one)]
        weakest = [one for one in memory.weakest(kinds) if not memory.rests(one)]
        for kind in (*new, *weakest):
            yield _about(with_decoys, kinds[kind], Why.DECOY, memory)
    yield order, Reason(Why.CLEAN, Turn.NONE)


def _about(order: Order, kind: Defect | Decoy, why: Why, memory: _Memory) -> Wish:
    """Return the order of a dossier about a kind, in another dress than the last time."""
    order = replace(order, unlike=memory.dress(kind.kind))
    if isinstance(kind, book.Decoy):
        order = replace(order, decoy=kind)
    else:
        order = replace(order, first=kind)
    day = memory.day(kind.kind) if memory.has(kind.kind) else ""
    return order, Reason(why, Turn.NONE, kind.kind, day)


def _clean_share(met: Sequence[Met]) -> float:
    """Return how likely nothing is wrong in the next dossier."""
    run = 0
    for one in reversed(met):
        if not one.has_defect:
            break
        run += 1
    often = OVER_CAREFUL if any(one.is_over_careful for one in met[-LAST:]) else 1
    return min(SHARES[min(run, len(SHARES) - 1)] * often, 1)


def _rated(meeting: Meeting) -> Rating:
    """Return how well a kind was known."""
    if meeting.what == What.HIT and meeting.confidence == Confidence.SURE:
        return Rating.Easy
    if meeting.what in (What.HIT, What.REJECTION):
        return Rating.Good
    return Rating.Hard if meeting.what == What.HALF_HIT else Rating.Again


def _day(met: Met) -> str:
    return met.done_at.astimezone(UTC).date().isoformat()
