"""The debrief of one dossier: what mattered on the form, line by line, decision and own check."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _

import rules
from airspace import flight_plan
from approvals import checks, facts
from approvals.sections import route
from casework import kinds
from exercises.models import DECIDERS
from review import counts, marks, versions
from review.why import TOLD, VERDICT_SIGNS, Look, counted, decision
from scenarios.book import Decision
from transit.form import SECTIONS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from approvals.sections.route import Route as DrawnRoute
    from exercises.models import Seat
    from review.counts import Count
    from review.marks import DossierMarks
    from review.versions import Paper
    from review.why import Sign, Why
    from scenarios.models import Assignment
    from scenarios.written import Written


@dataclass(frozen=True)
class Signed:
    """A fact that mattered, with the lines that show in it."""

    label: str
    value: str
    lines: tuple[Why, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table, its cells with their labels; `matters`: in this one a mistake is mended."""

    cells: tuple[tuple[str, str], ...]
    matters: bool


@dataclass(frozen=True)
class Table:
    """A table of the form: the columns that mattered, beside what names a row."""

    columns: tuple[Signed, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Group:
    """A part of the form, or the flight plan, with what mattered in it."""

    title: str
    facts: tuple[Signed, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Choice:
    """A decision in words, beside what was right; grounds, conditions and questions of the key."""

    sign: Sign
    decided: str
    right: tuple[str, ...]
    acceptable: tuple[str, ...]
    ground: str
    grounds: tuple[str, ...]
    conditions: tuple[str, ...]
    no_conditions: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Own:
    """States crossed and the day due: said, and right; nothing said where no check was recorded."""

    states_said: str
    states: str
    states_right: bool
    due_said: date | None
    due: date
    due_right: bool
    count: Count | None


@dataclass(frozen=True)
class Page:
    """What was right in one dossier, as its page tells it."""

    marks: DossierMarks
    url: str
    story: Written | None
    groups: tuple[Group, ...]
    message: str
    lines: tuple[Why, ...]
    others: tuple[Why, ...]
    choice: Choice
    own: Own | None
    route: DrawnRoute | None

    @property
    def sentence(self) -> str:
        return counted(self.marks)


def page(row: Assignment, seat: Seat) -> Page:
    """Return why each line of a dossier that was handed in says what it says."""
    found, look = marks.of_dossier(row, seat), Look(row, seat, versions.paper_of(row))
    told = [line for line in found.lines if line.what in TOLD]
    lines = [look.why(number, line) for number, line in enumerate(told, start=1)]
    seen = {line.about for line in told}
    decoys = [one for one in row.key["decoys"] if one["kind"] not in seen]
    lines += [look.decoy(number, one) for number, one in enumerate(decoys, start=len(lines) + 1)]
    theirs = [one for one in row.defects if not marks.is_for(seat, one, row)]
    others = [look.anothers(number, one) for number, one in enumerate(theirs, len(lines) + 1)]
    of_plan, plan = checks.reads_plan(seat), look.paper.plan
    return Page(
        marks=found,
        url=kinds.address(look.flight, seat.key),
        story=look.story,
        groups=tuple(_groups(look, (*lines, *others))),
        message=flight_plan.write(plan) if of_plan and plan else "",
        lines=tuple(lines),
        others=tuple(others),
        choice=_choice(look, found),
        own=None if of_plan else _own(look, found),
        route=_route(look) if not of_plan or any("15" in one.facts for one in lines) else None,
    )


def _route(look: Look) -> DrawnRoute | None:
    return route.drawn_as(rules.Matter(look.paper.revision, look.received_at))


def _groups(look: Look, lines: Iterable[Why]) -> Iterator[Group]:
    """Give the parts of the form, or the items of the plan, in which something mattered."""
    shown: dict[str, list[Why]] = defaultdict(list)
    for line in lines:
        for fact in line.facts:
            shown[fact].append(line)
    if checks.reads_plan(look.seat):
        items = _signed(look, facts.to_mark(True), shown)
        yield from [Group(_("Items"), items)] if items else []
        return
    for section in SECTIONS:
        if items := _signed(look, (item.name for item in section.items), shown):
            yield Group(str(section.title), items)
        if section.table and (table := _table(look, section.table, shown)):
            yield Group(str(TABLES[section.table]), table=table)


def _signed(look: Look, names: Iterable[str], shown: dict[str, list[Why]]) -> tuple[Signed, ...]:
    return tuple(
        Signed(look.label(name), " ".join(look.paper.at(name)), tuple(shown[name]))
        for name in names
        if name in shown
    )


def _table(look: Look, name: str, shown: dict[str, list[Why]]) -> Table | None:
    """Return a table of the form; None where nothing in it mattered."""
    model, known = versions.ROWS[name]
    first = versions.NAMED_BY[name]
    columns = [one for one in known if one == first or f"{name}.{one}" in shown]
    if not any(f"{name}.{one}" in shown for one in columns):
        return None
    labels = [capfirst(str(model._meta.get_field(one).verbose_name)) for one in columns]  # type: ignore[union-attr]
    mended = [
        _cells(paper, name, columns)
        for kind, mends in look.row.key["mends"].items()
        if name in mends and (paper := versions.mended(look.row, look.paper, kind))
    ]
    return Table(
        tuple(
            Signed(label, "", tuple(shown.get(f"{name}.{one}", ())))
            for label, one in zip(labels, columns, strict=True)
        ),
        tuple(
            Row(tuple(zip(labels, cells, strict=True)), any(cells not in rows for rows in mended))
            for cells in _cells(look.paper, name, columns)
        ),
    )


def _cells(paper: Paper, table: str, columns: list[str]) -> list[tuple[str, ...]]:
    return [tuple(versions.cell(row, one) for one in columns) for row in paper.rows(table)]


def _choice(look: Look, found: DossierMarks) -> Choice:
    """Return the decision; grounds and conditions are for who decides."""
    flight, key, seat = look.flight, look.row.key, look.seat
    agreement, decides = flight.agreement, seat.role in DECIDERS and not look.row.plan
    brought = {code: str(one.condition) for code, one in agreement.brought.items()}
    called = {*found.right, *found.acceptable}
    mine = [one["facts"] for one in look.row.defects if marks.is_for(seat, one, look.row)]
    return Choice(
        sign=VERDICT_SIGNS[found.verdict],
        decided=decision(found.decided, seat),
        right=tuple(decision(one, seat) for one in found.right),
        acceptable=tuple(decision(one, seat) for one in found.acceptable),
        ground=str(agreement.grounds.get(flight.ground, "")) if decides else "",
        grounds=tuple(str(agreement.grounds[one]) for one in key["grounds"])
        if decides and Decision.REFUSE in called
        else (),
        conditions=_once(brought[one] for one in key["conditions"]) if decides else (),
        no_conditions=_once(brought[one] for one in key["no_conditions"]) if decides else (),
        questions=tuple(
            ", ".join(map(look.label, asked)) for asked in key["questions"] if asked in mine
        )
        if Decision.ASK in called
        else (),
    )


def _own(look: Look, found: DossierMarks) -> Own:
    key, mine = look.row.key, marks.own_check_of(look.flight, look.seat)
    return Own(
        states_said=" ".join(mine.states) if mine else "",
        states=" ".join(key["states"]),
        states_right=bool(found.states_right),
        due_said=mine.due_on if mine else None,
        due=date.fromisoformat(key["due_on"]),
        due_right=bool(found.due_right),
        count=counts.of_answer(look.paper.revision, look.received_at),
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
