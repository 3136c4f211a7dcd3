"""The book of defects and decoys: what a kind is, which there are, and planting them.

A kind is a function that changes a dossier; what it is called, in which facts it shows and what
must then be found stand above it, in `@defect` or `@decoy`. What it changed is remembered, so that
it can be mended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from exercises.models import Role
    from scenarios.dossier import Dossier
    from scenarios.lots import Lots

#: The modules that hold defects, in the order of the reference page: the chapters of the rules, the
#: flight plan, and what only eyes can see; with the words that stand above each.
TITLES = {
    "scope": lazy("Scope"),
    "route": lazy("Route"),
    "water": lazy("The Caspian Sea"),
    "notice": lazy("Notice"),
    "annual": lazy("Annual clearance"),
    "load": lazy("Load"),
    "zones": lazy("Zones"),
    "plan": lazy("Flight plan"),
    "eyes": lazy("For eyes only"),
}
CHAPTERS = (*TITLES,)


class Decision(TextChoices):
    """What the host does with a dossier, by the verb that does it; `hold` is to press none."""

    AUTHORIZE = "authorize", lazy("Authorize")
    ASK = "ask", lazy("Ask")
    SEND_BACK = "send_back", lazy("Return")
    REFUSE = "refuse", lazy("Refuse")
    RELEASE = "check_plan", lazy("Release the flight plan")
    HOLD = "hold", lazy("Hold the flight plan until it is cleared up")


#: Of several right decisions the later one here stands.
GRAVITY = (*Decision,)

Plant = Callable[["Dossier", "Lots"], None]
Needs = Callable[["Dossier"], bool]


def always(dossier: Dossier) -> bool:
    """Need nothing: any dossier about a request can carry it."""
    return True


@dataclass(frozen=True)
class Defect:
    """One kind of planted mistake.

    `says` what is wrong, `mending` what puts it right, for the debrief. `codes` are those of the
    rules that must then be found, of the discrepancies if the flight plan is its `chapter`; none
    where only eyes can see it. `silences` are those that a clean dossier raises and that are then
    no longer found. `facts` are where it shows, as rules and discrepancies call them.

    How hard it is to see follows from two judgements from 1 to 3, after the NIST Phish Scale:
    `cues` is how many things give it away, `plausible` how well it passes for right.

    `decision` is the right one, `also` what is acceptable beside it, `grounds` those on which it
    may be refused where that is one of them. `situations` are the numbered procedural ones.
    """

    kind: str
    says: _StrPromise
    mending: _StrPromise
    desk: Role
    facts: tuple[str, ...]
    cues: int
    plausible: int
    decision: Decision
    plant: Plant
    codes: tuple[str, ...] = ()
    silences: tuple[str, ...] = ()
    also: tuple[Decision, ...] = ()
    grounds: tuple[str, ...] = ()
    situations: tuple[int, ...] = ()
    needs: Needs = always

    @property
    def chapter(self) -> str:
        return self.plant.__module__.rpartition(".")[2]

    @property
    def is_of_plan(self) -> bool:
        return self.chapter == "plan"

    @property
    def difficulty(self) -> int:
        """From 1, plain to see, to 5."""
        return 3 + self.plausible - self.cues

    def fits(self, dossier: Dossier) -> bool:
        """Say whether a dossier can carry it: a plan needs to be filed, a request must not be."""
        return self.is_of_plan == (dossier.plan is not None) and self.needs(dossier)


@dataclass(frozen=True)
class Decoy:
    """What looks wrong and is right. `codes` are found beside what a clean dossier raises.

    None of them blocks. `says` why it is right, for the debrief.
    """

    kind: str
    says: _StrPromise
    facts: tuple[str, ...]
    plant: Plant
    codes: tuple[str, ...] = ()
    silences: tuple[str, ...] = ()
    situations: tuple[int, ...] = ()
    of_plan: bool = False
    needs: Needs = always

    def fits(self, dossier: Dossier) -> bool:
        return self.of_plan == (dossier.plan is not None) and self.needs(dossier)


_DEFECTS: list[Defect] = []
_DECOYS: list[Decoy] = []


def defect(kind: str, says: _StrPromise, **details: Any) -> Callable[[Plant], Plant]:
    """Enter a kind of mistake into the book; `details` as in `Defect`."""

    def enter(plant: Plant) -> Plant:
        _DEFECTS.append(Defect(kind, says, plant=plant, **details))
        return plant

    return enter


def decoy(kind: str, says: _StrPromise, **details: Any) -> Callable[[Plant], Plant]:
    """Enter a kind of decoy into the book; `details` as in `Decoy`."""

    def enter(plant: Plant) -> Plant:
        _DECOYS.append(Decoy(kind, says, plant=plant, **details))
        return plant

    return enter


@cache
def defects() -> dict[str, Defect]:
    """Return every kind of mistake by its name, in the order of the book."""
    for chapter in CHAPTERS:
        import_module(f"scenarios.defects.{chapter}")
    found = sorted(_DEFECTS, key=lambda one: CHAPTERS.index(one.chapter))
    return {one.kind: one for one in found}


@cache
def decoys() -> dict[str, Decoy]:
    """Return every kind of decoy by its name."""
    import_module("scenarios.decoys")
    return {one.kind: one for one in _DECOYS}


@dataclass(frozen=True)
class Planted:
    """A kind in a dossier: what the changed parts said before, which is what mends it.

    When the note came in is `changed`, and no part that can be mended: nobody can send it again.
    """

    kind: str
    before: dict[str, Any]
    is_sent_otherwise: bool

    @property
    def changed(self) -> set[str]:
        return {*self.before, *(["received_at"] if self.is_sent_otherwise else [])}


def plant(dossier: Dossier, kind: Defect | Decoy, lots: Lots) -> tuple[Dossier, Planted]:
    """Return a dossier that carries a kind, and what was changed; the given one stays as it is."""
    changed = dossier.copy()
    kind.plant(changed, lots)
    before, after = dossier.parts(), changed.parts()
    parts = {
        name: before.get(name)
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }
    return changed, Planted(kind.kind, parts, changed.received_at != dossier.received_at)


def mend(dossier: Dossier, planted: Planted) -> Dossier:
    """Return a dossier in which a planted kind is put right, as who answers for it would."""
    mended = dossier.copy()
    mended.restore(planted.before)
    return mended
