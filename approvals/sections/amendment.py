"""What is asked for otherwise: an amendment beside what it amends, and what became of a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.sections.form import said
from transit.form import ITEMS, TABLES, label_of

if TYPE_CHECKING:
    from approvals.known import KnownAmendment, KnownVersions
    from approvals.sight import Known
    from transit.changes import Change


@dataclass(frozen=True)
class Line:
    """One change: what was authorized, what is asked for, and how the agreement sorts it."""

    label: str
    old: Any
    new: Any
    change: Change

    @property
    def is_moment(self) -> bool:
        return isinstance(self.old, datetime) and isinstance(self.new, datetime)

    @property
    def source(self) -> str:
        return self.change.taken.source or _("training default")


@dataclass(frozen=True)
class Amendment:
    """Old and new side by side."""

    template: ClassVar[str] = "approvals/sections/amendment.html"

    amendment: KnownAmendment
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Versions:
    """The versions of a number, and what is asked or told of them."""

    template: ClassVar[str] = "approvals/sections/versions.html"

    versions: KnownVersions


def amendment(known: Known) -> Amendment | None:
    found = known.amendment
    if found is None:
        return None
    return Amendment(found, tuple(_line(found, one) for one in found.changed.changes))


def versions(known: Known) -> Versions | None:
    """Return what became of the number, once there is more than the number itself."""
    found = known.versions
    if found is None:
        return None
    is_more = len(found.versions) > 1 or found.amendments or found.notified or found.messages
    return Versions(found) if is_more else None


def _line(found: KnownAmendment, change: Change) -> Line:
    if change.item in ITEMS:
        old, new = (said(form, change.item) for form in (found.authorized, found.wanted))
        return Line(capfirst(label_of(change.item)), old, new, change)
    label = TABLES.get(change.item) or _("entry into the host state")
    old, new = change.old, change.new
    if isinstance(old, bool):
        old, new = (_("Land") if one else _("Overfly") for one in (old, new))
    return Line(capfirst(str(label)), old, new, change)
