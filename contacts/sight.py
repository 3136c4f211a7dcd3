"""What a seat may know of contacts: decided here and by `Contact.objects.visible_to`.

Of one's own state alone. What the world's data says of an entry, its theme, intensity and right
handling, exercise control reads and nobody who plays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework import kinds, sight, work
from contacts import world
from contacts.models import RECEIVERS, Contact, ContactKind, ContactStatus
from exercises.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from casework.models import Case
    from casework.sight import Holder, Known
    from contacts.models import ContactQuerySet
    from contacts.world import Entry, Line, Theme, World
    from exercises.models import Seat

TONES = {ContactStatus.RECEIVED: "warn", ContactStatus.LOGGED: "info"}


@dataclass(frozen=True)
class Behind:
    """What the world's data says of a contact: for exercise control."""

    entry: Entry
    theme: Theme
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, known: World, code: str) -> Behind | None:
        """Return what stands behind an entry; None of what the data has no entry for (any more)."""
        entry = known.entries.get(code)
        if entry is None:
            return None
        lines = tuple(known.lines[one] for one in entry.handling.lines)
        return cls(entry, known.themes[entry.theme], lines)


@dataclass(frozen=True)
class KnownContact:
    """A contact as one seat may know it; `case_url` leads to its case, if the seat has it."""

    contact: Contact
    kind: str
    status: str
    tone: str
    reached: str
    state: str
    case_url: str
    holder: Holder | None
    behind: Behind | None
    _known: Known

    @property
    def history(self) -> object:
        return self._known.history


def known_to(contact: Contact, seat: Seat, at: datetime) -> KnownContact:
    """Return what `seat`, to which the contact is visible, may know of it as of `at`."""
    known = sight.known_to(contact, seat, work.on(contact, at))
    found = case_of(contact.about, seat)
    return KnownContact(
        contact=contact,
        kind=str(ContactKind(contact.kind).label),
        status=str(known.status.label),
        tone=TONES.get(known.status, "neutral"),
        reached=str(Role(contact.role).label),
        state=str(contact.host_state.name),
        case_url=kinds.address(found, seat.key) if found else "",
        holder=next(iter(known.holders), None),
        behind=Behind.of(world.load(), contact.entry) if seat.is_instructor else None,
        _known=known,
    )


def keeps_a_log(seat: Seat) -> bool:
    """Say whether contacts may reach a seat, or exercise control reads them."""
    return seat.is_instructor or seat.role in RECEIVERS


def about(reference: str, seat: Seat) -> ContactQuerySet:
    """Return the contacts about a case, by its reference, that a seat may know of."""
    found: ContactQuerySet = Contact.objects.visible_to(seat).filter(about=reference)
    return found


def case_of(reference: str, seat: Seat) -> Case | None:
    """Return the case of a reference, if the seat may know of it."""
    return next(_cases(reference, seat), None)


def _cases(reference: str, seat: Seat) -> Iterator[Case]:
    for kind in kinds.kinds().values():
        form = rf"([A-Z]{{2}})-([A-Z]{{2}})-{kind.model.series}(\d{{4,9}})"
        if named := re.fullmatch(form, reference):
            asks, host, number = named.groups()
            yield from kind.visible_to(seat).filter(
                requesting_state=asks, host=host, number=int(number)
            )
