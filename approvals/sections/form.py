"""The form as the seat may read it, beside the revision before; and what of it is still open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals import facts
from transit.form import ITEMS, SECTIONS, label_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from approvals.sight import Known
    from transit.completeness import Progress
    from transit.models import Revision
    from transit.short_notice import Asked

#: Items that stand across the page; an undertaking is short, though its item is wide in the form.
ACROSS = frozenset(
    item.name for item in ITEMS.values() if item.across and not item.name.startswith("undertakes_")
)


@dataclass(frozen=True)
class Fact:
    """One item in words. `old` is what the revision before said; `tone` that of what is found.

    `may_mark` says that the reader may point at it as wrong, `is_marked` that they did.
    """

    name: str
    label: str
    value: Any
    old: Any = None
    is_changed: bool = False
    unit: Any = ""
    is_wide: bool = False
    tone: str = ""
    may_mark: bool = False
    is_marked: bool = False

    @property
    def moment(self) -> datetime | None:
        return self.value if isinstance(self.value, datetime) else None

    @property
    def old_moment(self) -> datetime | None:
        return self.old if isinstance(self.old, datetime) else None

    @property
    def is_told(self) -> bool:
        """Something is said, was said, or has to be said."""
        return bool(self.value not in (None, "") or self.is_changed or ITEMS[self.name].needed)


@dataclass(frozen=True)
class Part:
    """One section of the form: what is told, and what is not."""

    title: str | _StrPromise
    facts: tuple[Fact, ...]
    left_out: tuple[Fact, ...]


@dataclass(frozen=True)
class Form:
    """The whole form, `number` of its revision, where the revision stands.

    `columns` are those of its tables, where the reader may point at one as wrong.
    """

    template: ClassVar[str] = "approvals/sections/form.html"
    is_kept: ClassVar[bool] = True

    number: int
    standing: str
    parts: tuple[Part, ...]
    columns: tuple[Fact, ...]

    @property
    def count(self) -> int:
        """How many items are told."""
        return sum(len(part.facts) for part in self.parts)


@dataclass(frozen=True)
class OpenItems:
    """What of a draft is still to be completed, and who asks for more notice than it gives."""

    template: ClassVar[str] = "approvals/sections/open_items.html"

    progress: list[Progress]
    may_edit: bool
    short_notice: list[Asked]


def form(known: Known) -> Form:
    parts = tuple(_part(known, one) for one in SECTIONS)
    return Form(known.revision.number, _standing(known), parts, _columns(known))


def open_items(known: Known) -> OpenItems | None:
    return OpenItems(known.progress, known.may_edit, known.short_notice) if known.progress else None


def fact(known: Known, name: str, across: frozenset[str] = ACROSS) -> Fact:
    """Return one item of the form that is shown, compared with the revision before."""
    value = said(known.revision, name)
    old = said(known.revision_before, name) if known.revision_before else value
    is_changed = old != value
    return Fact(
        name=name,
        label=label_of(name),
        value=value,
        old=old if is_changed else None,
        is_changed=is_changed,
        unit=ITEMS[name].unit,
        is_wide=name in across,
        may_mark=known.may_mark,
        is_marked=name in known.marked_facts,
    )


def marked(one: Fact, tone: str) -> Fact:
    """Return the fact with the colour of what is found on it."""
    return replace(one, tone=tone)


def _part(known: Known, section: Any) -> Part:
    items = [fact(known, item.name) for item in section.items]
    return Part(
        section.title,
        tuple(one for one in items if one.is_told),
        tuple(one for one in items if not one.is_told),
    )


def _columns(known: Known) -> tuple[Fact, ...]:
    if not known.may_mark:
        return ()
    marked, revision = known.marked_facts, known.revision
    filled = {"crossings": revision.crossings.all(), "goods": revision.goods.all()}
    return tuple(
        Fact(name, label, None, may_mark=True, is_marked=name in marked)
        for name, label in facts.to_mark(of_plan=False).items()
        if filled.get(name.partition(".")[0])
    )


def said(revision: Revision, name: str) -> Any:
    """Return what a form says in an item: in words, as a number, or as a moment."""
    value = getattr(revision, name)
    if name == "category":
        return capfirst(str(revision.flight.agreement.categories.get(value, "")))
    if name.startswith("undertakes_"):
        return _("Undertaken") if value else ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    display = getattr(revision, f"get_{name}_display", None)
    return str(display()) if display and value else value


def _standing(known: Known) -> str:
    revision = known.revision
    if revision.enclosed_at:
        brought = [note for note in known.notes if note.enclosure == revision.ref]
        return (
            _("Enclosed with note %(number)s") % {"number": brought[-1].number} if brought else ""
        )
    if revision.released_by_id:
        return _("Draft, released: the next note encloses it")
    return _("Draft: the host state does not see it")
