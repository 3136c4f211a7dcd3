"""The host's checks: what the rules find on the form, who sees it, and whether it is dealt with.

The exercise's `help` says who sees the product's findings: everybody at once, each officer after
their own check, or nobody. Where nobody does, what the officers marked takes their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import rules
from approvals.models import Check, Disposal, Mark, OwnCheck
from exercises.models import DECIDERS, REQUESTER_ROLES, Help, Role
from rules import Severity
from transit import filing, plan_check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from rules import Finding, Rule
    from transit.models import FlightRequest, Movement, Revision


@dataclass(frozen=True)
class Item:
    """One finding on the examined form, and how it was dealt with last.

    `finding` is None for what an officer marked and the product does not show; `rule` is the rule
    that it is about.
    """

    key: str
    rule: Rule
    finding: Finding | None
    check: Check | None

    @property
    def severity(self) -> Severity:
        return self.finding.severity if self.finding else self.rule.severity

    @property
    def words(self) -> str:
        """The finding in words: the sentence for this case, or the rule itself."""
        said = self.finding.sentence if self.finding else self.rule.says
        return f"{self.rule.code}: {said}"

    @property
    def is_dealt_with(self) -> bool:
        """Accepted, a ground for refusal, or asked and not yet answered; to be known is enough."""
        if self.severity == Severity.NOTIFY:
            return True
        if self.check is None:
            return False
        question = self.check.question
        return self.check.disposal != Disposal.ASKED or bool(question and question.is_open)

    @property
    def allows(self) -> bool:
        """Say whether the flight may be authorized as far as this finding goes."""
        if self.severity == Severity.NOTIFY:
            return True
        accepted = self.check is not None and self.check.disposal == Disposal.ACCEPTED
        return accepted and self.severity != Severity.BLOCK


def items(flight: FlightRequest, *, at: datetime) -> list[Item]:
    """Return what the host has to deal with on the examined form, in the order of the book.

    Looked up once for each row, as one page asks often: a row lives as long as a request, and an
    act reads its own.
    """
    kept: dict[datetime, list[Item]] = flight.__dict__.setdefault("_items", {})
    if at not in kept:
        kept[at] = _items(flight, at=at)
    return kept[at]


def _items(flight: FlightRequest, *, at: datetime) -> list[Item]:
    revision = flight.content
    mine = [check for check in flight.checks.all() if check.revision_id == revision.pk]
    last = {check.finding: check for check in mine}
    if flight.exercise.help == Help.OFF:
        marked = marked_codes(flight, revision)
        return [
            Item(rule.code, rule, None, last.get(rule.code))
            for rule in rules.rule_set(flight.exercise.rules_version)
            if rule.code in marked
        ]
    return [
        Item(one.key, one.rule, one, last.get(one.key)) for one in rules.findings(revision, at=at)
    ]


def known_to(revision: Revision, seat: Seat, *, at: datetime) -> list[Finding]:
    """Return what the product finds on a form, as far as the seat's side may know of it."""
    found = rules.findings(revision, at=at)
    if seat.role in REQUESTER_ROLES:
        return [one for one in found if not one.rule.is_inside]
    return found


def standing(flight: FlightRequest, *, at: datetime) -> list[Item]:
    """Return what keeps the flight from being authorized."""
    return [item for item in items(flight, at=at) if not item.allows]


def called_desks(flight: FlightRequest, codes: Iterable[str]) -> set[str]:
    """Return the desks that findings of these codes call in."""
    brought = flight.agreement.brought
    return {desk for code in codes if code in brought for desk in brought[code].calls}


def for_desk(flight: FlightRequest, seat: Seat, *, at: datetime) -> list[Item]:
    """Return what still stands and is the seat's to deal with: its desk's, or as lead desk all."""
    if not has_checked(flight, seat):
        return []
    sees_all = {flight.agreement.lead_desk.code, *DECIDERS}
    return [
        item
        for item in standing(flight, at=at)
        if seat.role == item.rule.desk or seat.role in sees_all
    ]


def suggested_conditions(flight: FlightRequest, seat: Seat, *, at: datetime) -> list[str]:
    """Return the conditions that the findings bring with them, where the product helps."""
    if not is_helped(flight, seat):
        return []
    brought = flight.agreement.brought
    codes = dict.fromkeys(item.rule.code for item in items(flight, at=at))
    found = [brought[code].condition for code in codes if code in brought]
    return list(dict.fromkeys(str(one) for one in found if one))


def own_check(flight: FlightRequest, seat: Seat) -> OwnCheck | None:
    """Return what the seat marked on the form that it reads now."""
    asked = (seat.state, seat.role, read_by(flight, seat).pk)
    rows = flight.ownchecks.all()
    return next((row for row in rows if (row.state, row.role, row.revision_id) == asked), None)


def read_by(flight: FlightRequest, seat: Seat) -> Revision:
    """Return the form that a seat checks: planners their newest, the host what a note brought."""
    return flight.latest if seat.role in REQUESTER_ROLES else flight.content


def filed(flight: FlightRequest) -> Movement | None:
    """Return the movement whose flight plan is filed."""
    return next((movement for movement in flight.movements.all() if movement.plan), None)


def reads_plan(seat: Seat) -> bool:
    """Say whether the seat checks the flight plan; all others check the form."""
    return seat.role == Role.OPERATIONS


def marks(flight: FlightRequest, seat: Seat) -> list[Mark]:
    """Return what the seat marked on the form that it reads now, and did not take back."""
    mine = (seat.state, seat.role, read_by(flight, seat).pk)
    return [
        row
        for row in flight.marks.all()
        if (row.state, row.role, row.revision_id) == mine and row.withdrawn_at is None
    ]


def known_codes(flight: FlightRequest, seat: Seat) -> dict[str, str]:
    """Return what the seat may mark, in words: discrepancies of a plan, or rules of its desk.

    Who has no desk's rules of their own, such as who decides, looks at those of all.
    """
    version = flight.exercise.rules_version
    if reads_plan(seat):
        known = plan_check.kinds(version or "1")
        return {code: str(kind.meaning) for code, kind in known.items()}
    every = rules.rule_set(version)
    own = [rule for rule in every if rule.desk == seat.role]
    return {rule.code: str(rule.says) for rule in own or every}


def codes_about(flight: FlightRequest, seat: Seat, fact: str) -> set[str]:
    """Return what the seat may mark and shows in a fact."""
    version = flight.exercise.rules_version
    if reads_plan(seat):
        shows = {code: kind.facts for code, kind in plan_check.kinds(version or "1").items()}
    else:
        shows = {rule.code: rule.facts for rule in rules.rule_set(version)}
    return {code for code in known_codes(flight, seat) if fact in shows[code]}


def found_codes(own: OwnCheck, seat: Seat, *, at: datetime) -> set[str]:
    """Return what the product finds on what an officer checked, as far as it is theirs."""
    if own.role == Role.OPERATIONS:
        movement = filed(own.flight)
        return {one.code for one in filing.discrepancies(movement)} if movement else set()
    known = known_codes(own.flight, seat)
    found = known_to(read_by(own.flight, seat), seat, at=at)
    return {one.code for one in found if one.code in known}


def has_checked(flight: FlightRequest, seat: Seat) -> bool:
    """Say whether the seat did what it is to do alone, and may read what others found."""
    if seat.is_instructor or flight.exercise.help == Help.OPEN:
        return True
    return own_check(flight, seat) is not None


def is_helped(flight: FlightRequest, seat: Seat) -> bool:
    """Say whether the seat sees the product's findings, map, counts and comparison."""
    if flight.exercise.help == Help.OFF and not seat.is_instructor:
        return False
    return has_checked(flight, seat)


def marked_codes(flight: FlightRequest, revision: Revision) -> set[str]:
    """Return the rules that the host's officers marked as broken by this form."""
    rows = flight.ownchecks.all()
    mine = [row for row in rows if (row.state, row.revision_id) == (flight.host, revision.pk)]
    return {code for row in mine for code in row.codes}
