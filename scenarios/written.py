"""Dossiers written by hand: a story, a form, its key and a debrief in one file of the library.

Their key is held against the rules as that of a generated dossier is; what does not agree is told
by file and line.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints, field_validator

import rules
from airspace import flight_plan
from airspace.flight_plan import PlanError
from books import reading
from books.figures import StateCode
from books.reading import Misfit, Record, is_near
from exercises.models import Role
from scenarios import book, checking
from scenarios.book import Decision, Planted
from scenarios.corridors import Corridor
from scenarios.dossier import Dossier
from scenarios.keys import Case, Key, conditions_of, due_on, states_crossed
from transit import plan_check
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.models import Revision
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parent / "library"

Moment = Annotated[AwareDatetime, Field(strict=True)]
Said = Annotated[str, StringConstraints(min_length=1)]
#: A page, or a good part of one.
Prose = Annotated[str, StringConstraints(min_length=200)]
Facts = Annotated[tuple[Said, ...], Field(min_length=1)]

#: The items of a line of goods that are masses or volumes.
QUANTITIES = ("gross_kg", "net_quantity", "net_explosive_kg")


class WrittenDefect(Record):
    """A mistake: what is wrong and where it shows; no codes where only eyes can see it.

    `mends` are the items and tables as they should be.
    """

    kind: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]+$")]
    says: Said
    codes: tuple[Said, ...] = ()
    facts: Facts
    difficulty: Annotated[int, Field(strict=True, ge=1, le=5)]
    desk: Role
    mends: dict[str, Any] = Field(min_length=1)


class WrittenDecoy(Record):
    """What looks wrong and is right, and why."""

    kind: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]+$")]
    says: Said
    facts: Facts


class WrittenKey(Record):
    """The key of a written dossier; `raises` is found though nothing is wrong."""

    defects: tuple[WrittenDefect, ...] = ()
    decoys: tuple[WrittenDecoy, ...] = ()
    raises: tuple[Said, ...] = ()
    decision: Decision
    acceptable: tuple[Decision, ...] = ()
    grounds: tuple[Said, ...] = ()
    conditions: tuple[Said, ...] = ()
    questions: tuple[Facts, ...] = ()
    due_on: date
    states: tuple[StateCode, ...]


class Written(Record):
    """A dossier of the library."""

    dossier: Said
    title: Said
    story: Prose
    debrief: Prose
    requesting_state: Literal["TR", "KZ"]
    host: Literal["TR", "KZ"]
    received_at: Moment
    form: dict[str, Any]
    crossings: list[dict[str, Any]]
    goods: list[dict[str, Any]] = Field(default_factory=list)
    plan: str = ""
    key: WrittenKey

    @field_validator("plan")
    @classmethod
    def _can_be_read(cls, plan: str) -> str:
        try:
            return plan and flight_plan.write(flight_plan.read(plan))
        except PlanError as error:
            raise ValueError(str(error)) from error

    def misfits(self) -> Iterator[Misfit]:
        if self.host == self.requesting_state:
            yield ("host",), "is the state that asks."
        yield from _unknown(("form",), self.form, Revision.form_items())
        for table, known in (("crossings", CROSSING_ITEMS), ("goods", GOOD_ITEMS)):
            for number, row in enumerate(getattr(self, table)):
                yield from _unknown((table, number), row, known)
        parts = (*Revision.form_items(), "crossings", "goods", "plan")
        for number, defect in enumerate(self.key.defects):
            yield from _unknown(("key", "defects", number, "mends"), defect.mends, parts)

    def as_dossier(self) -> Dossier:
        """Return what the file says as a dossier."""
        return Dossier(
            Corridor(self.form.get("route", ""), self.requesting_state, self.host),
            self.dossier,
            form=dict(self.form),
            crossings=[dict(row) for row in self.crossings],
            goods=_lines(self.goods),
            plan=flight_plan.read(self.plan) if self.plan else None,
            received_at=self.received_at,
        )

    def mended(self) -> Dossier:
        """Return the dossier with every mistake put right."""
        dossier = self.as_dossier()
        for planted in self.planted:
            dossier = book.mend(dossier, planted)
        return dossier

    @property
    def planted(self) -> tuple[Planted, ...]:
        return tuple(Planted(one.kind, _typed(one.mends), False) for one in self.key.defects)

    def found_at_authorization(self) -> set[str]:
        """Return what is found on the request as it may be authorized: mended, or as it is."""
        is_as_it_is = self.key.decision == Decision.AUTHORIZE
        authorized = self.as_dossier() if is_as_it_is else self.mended()
        return {one.code for one in checking.findings(authorized)}

    def case(self, number: int) -> Case:
        """Return the dossier with its key, as number so-and-so of a series."""
        dossier, said = self.as_dossier(), self.key
        key = Key(
            defects=said.defects,
            decoys=said.decoys,
            planted=self.planted,
            decision=said.decision,
            acceptable=said.acceptable,
            grounds=said.grounds,
            conditions=said.conditions,
            no_conditions=conditions_of(dossier, self.found_at_authorization())[1],
            questions=said.questions,
            due_on=said.due_on,
            states=said.states,
        )
        return Case(number, dossier, key)


def read(path: Path) -> Written:
    """Read a written dossier and hold its key against the rules. Raises `BadFile`."""
    return reading.read(path, Written, misfits)


@cache
def shipped() -> dict[str, Written]:
    """Return the shipped dossiers by name. Raises `BadFile`."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def of_key(key: dict[str, Any]) -> Written | None:
    """Return the shipped dossier that has a key, as `Key.as_data`; None: it was generated."""
    kinds = [{one["kind"] for one in key[name]} for name in ("defects", "decoys")]
    asked = (*kinds, key["due_on"], tuple(key["states"]))
    return next((one for one in shipped().values() if _known_by(one.key) == asked), None)


def _known_by(key: WrittenKey) -> tuple[object, ...]:
    kinds = ({one.kind for one in ones} for ones in (key.defects, key.decoys))
    return (*kinds, key.due_on.isoformat(), key.states)


def misfits(written: Written) -> Iterator[Misfit]:
    """Give what the key of a dossier says and the product does not find, and the reverse."""
    dossier, mended, key = written.as_dossier(), written.mended(), written.key
    try:
        checking.require_form(dossier)
        checking.require_form(mended)
    except checking.Unfit as error:
        yield ("form",), str(error)
        return
    yield from _facts(key)
    yield from _found(dossier, mended, key)
    yield from _grounds(dossier, key)
    found = written.found_at_authorization()
    for name, said, counted in (
        ("due_on", key.due_on.isoformat(), due_on(dossier).isoformat()),
        ("states", _list(key.states), _list(states_crossed(dossier))),
        ("conditions", _list(key.conditions), _list(conditions_of(dossier, found)[0])),
    ):
        if said != counted:
            yield ("key", name), f"says {said}; the product has {counted}."


def _facts(key: WrittenKey) -> Iterator[Misfit]:
    """Look for facts that no form has, and for those that are none of the rules which find them."""
    known = _rules()
    every = {
        *Revision.form_items(),
        *(f"crossings.{name}" for name in CROSSING_ITEMS),
        *(f"goods.{name}" for name in GOOD_ITEMS),
        *(fact for one in plan_check.DISCREPANCIES.values() for fact in one.facts),
    }
    for number, defect in enumerate(key.defects):
        for at, code in enumerate(defect.codes):
            if code not in known:
                sentence = f"{code} is no code of a rule; {is_near(code, known)}"
                yield ("key", "defects", number, "codes", at), sentence
        theirs = {fact for code in defect.codes if code in known for fact in known[code]}
        for at, fact in enumerate(defect.facts):
            if fact not in (theirs or every):
                sentence = f"{fact} is no fact of what finds it; {is_near(fact, theirs or every)}"
                yield ("key", "defects", number, "facts", at), sentence
    for number, decoy in enumerate(key.decoys):
        for at, fact in enumerate(decoy.facts):
            if fact not in every:
                sentence = f"{fact} is no fact; {is_near(fact, every)}"
                yield ("key", "decoys", number, "facts", at), sentence


def _found(dossier: Dossier, mended: Dossier, key: WrittenKey) -> Iterator[Misfit]:
    found, raised = checking.codes(dossier), {*key.raises}
    said = raised | {code for one in key.defects for code in one.codes}
    for number, defect in enumerate(key.defects):
        for at, code in enumerate(defect.codes):
            if code in _rules() and code not in found:
                yield ("key", "defects", number, "codes", at), f"{code} is not found."
    if beyond := sorted(found - said):
        yield ("key", "raises"), f"{_list(beyond)} is found, and the key does not say so."
    if absent := sorted(raised - checking.codes(mended)):
        yield ("key", "raises"), f"{_list(absent)} is not found once the dossier is mended."
    if left := sorted(checking.codes(mended) - raised):
        yield ("key", "defects"), f"{_list(left)} is still found once the dossier is mended."
    if dossier.plan is None:
        blocks = {one.code for one in checking.findings(mended) if one.severity == Severity.BLOCK}
        for at, code in enumerate(key.raises):
            if code in blocks:
                yield ("key", "raises", at), f"{code} blocks: it is no mere thing to be known."


def _grounds(dossier: Dossier, key: WrittenKey) -> Iterator[Misfit]:
    known = dossier.revision().flight.agreement.grounds
    for at, ground in enumerate(key.grounds):
        if ground not in known:
            yield ("key", "grounds", at), f"{ground} is no ground; {is_near(ground, known)}"
    if bool(key.grounds) != (Decision.REFUSE in (key.decision, *key.acceptable)):
        yield ("key", "grounds"), "are named if refuse is a decision, and only then."


def _rules() -> dict[str, tuple[str, ...]]:
    """Return the facts of rules and discrepancies by code; of some codes there are both."""
    known = {code: one.facts for code, one in plan_check.DISCREPANCIES.items()}
    for rule in rules.rule_set(rules.LATEST):
        known[rule.code] = (*known.get(rule.code, ()), *rule.facts)
    return known


def _unknown(
    place: tuple[str | int, ...], said: Iterable[str], known: Iterable[str]
) -> Iterator[Misfit]:
    known = {*known}
    for name in said:
        if name not in known:
            yield (*place, name), f"is no item; {is_near(name, known)}"


def _typed(parts: dict[str, Any]) -> dict[str, Any]:
    """Return parts as a dossier holds them."""
    typed = dict(parts)
    if "goods" in typed:
        typed["goods"] = _lines(typed["goods"])
    if typed.get("plan"):
        typed["plan"] = flight_plan.read(typed["plan"])
    return typed


def _lines(goods: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines of goods whose masses and volumes are exact."""
    return [
        {
            name: Decimal(str(item)) if name in QUANTITIES and item is not None else item
            for name, item in line.items()
        }
        for line in goods
    ]


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
