"""The key of a dossier: what is wrong and what only seems so, and what an officer does about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airspace import points
from airspace.crossings import drawn
from approvals import rounds
from scenarios.book import GRAVITY, Decision
from scenarios.checking import expected, findings
from scenarios.dossier import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from scenarios.book import Decoy, Defect, Planted
    from scenarios.dossier import Dossier
    from scenarios.written import WrittenDecoy, WrittenDefect


@dataclass(frozen=True)
class Key:
    """What is true of a dossier; nobody who plays it reads it before its time.

    `acceptable` are decisions beside the right one, `grounds` those on which it may be refused.
    `conditions` are the findings whose condition an authorization of the flight, as mended, has to
    name, `no_conditions` those whose condition it must not. `questions` are the facts that are
    worth asking about. `due_on` is the day, at the host, on which the answer is due; `states` are
    those that the route as given crosses. `planted` says what mends each defect.
    """

    defects: tuple[Defect | WrittenDefect, ...]
    decoys: tuple[Decoy | WrittenDecoy, ...]
    planted: tuple[Planted, ...]
    decision: Decision
    acceptable: tuple[Decision, ...]
    grounds: tuple[str, ...]
    conditions: tuple[str, ...]
    no_conditions: tuple[str, ...]
    questions: tuple[tuple[str, ...], ...]
    due_on: date
    states: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the key as plain values; in `mends` an item that is to be left unsaid is null."""
        said = {
            name: list(getattr(self, name))
            for name in ("acceptable", "grounds", "conditions", "no_conditions", "states")
        }
        return {
            "defects": [
                {
                    "kind": one.kind,
                    "codes": list(one.codes),
                    "facts": list(one.facts),
                    "difficulty": one.difficulty,
                    "desk": one.desk.value,
                }
                for one in self.defects
            ],
            "decoys": [{"kind": one.kind, "facts": list(one.facts)} for one in self.decoys],
            "decision": self.decision.value,
            **said,
            "acceptable": [one.value for one in self.acceptable],
            "questions": [list(facts) for facts in self.questions],
            "due_on": self.due_on.isoformat(),
            "mends": {one.kind: plain(one.before) for one in self.planted},
        }


@dataclass(frozen=True)
class Case:
    """A dossier with its number in the series, and its key."""

    number: int
    dossier: Dossier
    key: Key

    def as_data(self) -> dict[str, Any]:
        """Return number, corridor, what the dossier says, and the key, as plain values."""
        said = {"number": self.number, "corridor": self.dossier.corridor.code}
        return said | self.dossier.as_data() | {"key": self.key.as_data()}


def key_of(
    dossier: Dossier,
    raised: Collection[str],
    defects: Iterable[Defect],
    decoys: Iterable[Decoy],
    planted: Iterable[Planted],
) -> Key:
    """Return the key of a dossier; before anything was planted in it, the clean one `raised`."""
    defects, decoys = tuple(defects), tuple(decoys)
    decision, acceptable = decide(dossier, defects)
    if dossier.plan is None:
        stand = defects if decision == Decision.AUTHORIZE else ()
        found = expected(raised, stand, decoys)
    else:
        found = {one.code for one in findings(dossier)}
    conditions, others = conditions_of(dossier, found)
    may_refuse = Decision.REFUSE in (decision, *acceptable)
    return Key(
        defects=defects,
        decoys=decoys,
        planted=tuple(planted),
        decision=decision,
        acceptable=acceptable,
        grounds=tuple(dict.fromkeys(it for one in defects for it in one.grounds if may_refuse)),
        conditions=conditions,
        no_conditions=others,
        questions=tuple(one.facts for one in defects if Decision.ASK in (one.decision, *one.also)),
        due_on=due_on(dossier),
        states=states_crossed(dossier),
    )


def decide(dossier: Dossier, defects: tuple[Defect, ...]) -> tuple[Decision, tuple[Decision, ...]]:
    """Return the right decision and the others that are acceptable.

    The gravest right decision of the defects is right; acceptable is what each of them allows.
    """
    if not defects:
        return (Decision.AUTHORIZE if dossier.plan is None else Decision.RELEASE), ()
    right = max((one.decision for one in defects), key=GRAVITY.index)
    allowed = [{one.decision, *one.also} for one in defects]
    return right, tuple(
        one for one in GRAVITY if one != right and all(one in each for each in allowed)
    )


def conditions_of(
    dossier: Dossier, found: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the findings whose condition is to be named, and those whose condition is not.

    `found` are the codes of what is found when it is authorized. Two findings that bring the same
    words bring one condition.
    """
    brought = {
        code: str(one.condition.en)
        for code, one in dossier.revision().flight.agreement.brought.items()
        if one.condition
    }
    named = tuple(code for code in brought if code in found)
    words = {brought[code] for code in named}
    return named, tuple(code for code, said in brought.items() if said not in words)


def due_on(dossier: Dossier) -> date:
    """Return the day at the host on which the agreement's lead time has an answer due."""
    flight = dossier.revision().flight
    due_at = rounds.answer_by(flight).due_at
    assert due_at is not None  # noqa: S101 - no question is open
    return flight.exercise.office(dossier.host).local(due_at).date()


def states_crossed(dossier: Dossier) -> tuple[str, ...]:
    """Return the states that the route crosses, each once, in order of flight."""
    try:
        route = drawn(dossier.form["route"])
    except points.RouteError:
        return ()
    return tuple(dict.fromkeys(route.state_sequence_without_marginal))
