"""The table of a sitting: dossier by dossier, chapter by chapter, time and calibration."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import ngettext

from approvals.models import Confidence
from audit.models import Event
from casework import files
from control import practice
from review import history, marks, why
from review.marks import Verdict, What
from scenarios import book, conduct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.models import Seat
    from review.history import Met
    from review.marks import DossierMarks, Line
    from review.why import Sign
    from scenarios.models import Sitting

#: Of fewer marks than this no share of right ones is told, nor a Brier score (training default).
FEW = 10

COUNTED = (What.HIT, What.HALF_HIT, What.MISS, What.FALSE_ALARM, What.REJECTION)


@dataclass(frozen=True)
class Chapter:
    """What was made of one chapter, over all dossiers."""

    title: str
    hits: int
    misses: int
    false_alarms: int
    rejections: int


@dataclass(frozen=True)
class Calibrated:
    """How often somebody was right who said how sure they were; too few: `share` is None."""

    label: str
    marks: int
    right: int

    @property
    def share(self) -> int | None:
        """In per cent."""
        return None if self.marks < FEW else round(100 * self.right / self.marks)


@dataclass(frozen=True)
class Row:
    """One dossier. `seconds` are real ones, None where the record does not tell."""

    marks: DossierMarks
    decided: str
    right: tuple[str, ...]
    sign: Sign
    seconds: int | None

    @property
    def hits(self) -> int:
        return self.marks.hits

    @property
    def wrong(self) -> int:
        return self.hits + self.marks.count(What.MISS)

    @property
    def is_right(self) -> bool:
        return self.marks.verdict == Verdict.RIGHT

    @property
    def false_alarms(self) -> int:
        return self.marks.count(What.FALSE_ALARM)

    @property
    def minutes(self) -> str:
        return "" if self.seconds is None else f"{self.seconds / 60:.1f}"


@dataclass(frozen=True)
class Table:
    """The dossiers of one sitting that were handed in."""

    few = FEW

    rows: tuple[Row, ...]
    chapters: tuple[Chapter, ...]
    calibration: tuple[Calibrated, ...]
    sheet: marks.Sheet
    brier: float | None
    next_practice: str

    @property
    def minutes(self) -> int:
        """All minutes of work, begun ones counted."""
        return practice.begun_minutes(sum(row.seconds or 0 for row in self.rows))

    @property
    def sentence(self) -> str:
        return counted(self.sheet.dossiers)


def counted(dossiers: Sequence[DossierMarks]) -> str:
    """Say in a sentence what was found in dossiers, and how they were decided."""
    sums = Counter(line.what for one in dossiers for line in one.lines)
    hits = sum(one.hits for one in dossiers)
    alarms = sums[What.FALSE_ALARM]
    right = sum(one.verdict == Verdict.RIGHT for one in dossiers)
    parts = (
        ngettext("%(count)d dossier", "%(count)d dossiers", len(dossiers))
        % {"count": len(dossiers)},
        ngettext(
            "%(hits)d of %(count)d mistake found",
            "%(hits)d of %(count)d mistakes found",
            hits + sums[What.MISS],
        )
        % {"hits": hits, "count": hits + sums[What.MISS]},
        ngettext("%(count)d false alarm", "%(count)d false alarms", alarms) % {"count": alarms},
        ngettext("%(count)d decision right", "%(count)d decisions right", right) % {"count": right},
    )
    return ", ".join(parts)


def table(sitting: Sitting) -> Table:
    """Return the table of a sitting."""
    met, seat = history.of_sitting(sitting), sitting.seat
    spent = _seconds(sitting, [one.marks.case for one in met])
    lines = [line for one in met for line in one.marks.lines]
    told = Counter(
        (line.confidence, line.is_found)
        for line in lines
        if line.confidence and line.what != What.KNOWN
    )
    sheet = marks.Sheet(seat.key, tuple(one.marks for one in met))
    return Table(
        rows=tuple(_row(one, seat, spent.get(one.marks.case)) for one in met),
        chapters=tuple(_chapters(lines)),
        calibration=tuple(
            Calibrated(str(one.label), told[one, True] + told[one, False], told[one, True])
            for one in Confidence
        ),
        sheet=sheet,
        brier=sheet.brier if sum(told.values()) >= FEW else None,
        next_practice=history.next_practice(met),
    )


def as_csv(sitting: Sitting) -> Iterator[str]:
    """Give the table as a file: a row for each dossier, and one for each line of its marks."""
    return files.as_csv(COLUMNS, _cells(table(sitting)))


COLUMNS = (
    *("dossier", "request", "row", "chapter", "about", "facts", "rules", "marked", "how_sure"),
    *("decided", "decision", "right_decision", "ground_right", "states_right", "due_right"),
    *("minutes", "points", "of"),
)


def _cells(table: Table) -> Iterator[list[object]]:
    for row in table.rows:
        one = row.marks
        yield [
            *(one.number, one.case, "dossier", "", "", "", "", "", "", one.decided),
            *(one.verdict.value, " ".join(one.right)),
            *map(_yes_or_no, (one.ground_right, one.states_right, one.due_right)),
            *(row.minutes, one.points, one.of),
        ]
        for line in one.lines:
            yield [
                *(one.number, one.case, line.what.value, history.chapter_of(line), line.about),
                *(" ".join(line.facts), " ".join(line.codes), line.marked, line.confidence),
                *[""] * 9,
            ]


def _yes_or_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _row(met: Met, seat: Seat, seconds: int | None) -> Row:
    one = met.marks
    right = tuple(why.decision(it, seat) for it in one.right)
    return Row(one, why.decision(one.decided, seat), right, why.VERDICT_SIGNS[one.verdict], seconds)


def _chapters(lines: Sequence[Line]) -> Iterator[Chapter]:
    """Give the chapters of which the lines tell, in the order of the book."""
    sums: dict[str, Counter[What]] = defaultdict(Counter)
    for line in lines:
        if line.what in COUNTED:
            sums[history.chapter_of(line)][line.what] += 1
    for code, title in book.TITLES.items():
        if code in sums:
            of = sums[code]
            hits = of[What.HIT] + of[What.HALF_HIT]
            yield Chapter(str(title), hits, of[What.MISS], of[What.FALSE_ALARM], of[What.REJECTION])


def _seconds(sitting: Sitting, cases: Sequence[str]) -> dict[str, int]:
    """Return for how many real seconds each case was worked on, as the record has them.

    From when it lay on the desk, or from when the one before was handed in if that was later, to
    when it was handed in. It lay there with the last that others did on it before the desk's first
    act.
    """
    events: dict[str, list[Event]] = defaultdict(list)
    of_cases = Event.objects.filter(exercise=sitting.exercise_id, case__in=cases)
    for event in of_cases.order_by("seq"):
        events[event.case].append(event)
    stretches = [_stretch(its, sitting.seat.key) for its in events.values()]
    spent: dict[str, int] = {}
    before = None
    for start, end in sorted(filter(None, stretches), key=lambda one: one[1].seq):
        began = max(start.recorded_at, before.recorded_at) if before else start.recorded_at
        spent[end.case] = int((end.recorded_at - began).total_seconds())
        before = end
    return spent


def _stretch(events: Sequence[Event], seat: str) -> tuple[Any, Any] | None:
    """Return the event with which a case lay on a seat's desk, and that with which it left it."""
    mine = [event for event in events if event.seat == seat]
    end = next((event for event in mine if event.verb == conduct.hand_in.row.code), None)
    if end is None:
        return None
    before = [event for event in events if event.seq < mine[0].seq]
    return (before[-1] if before else mine[0]), end
