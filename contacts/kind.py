"""The contact as a kind of case: its verbs, its work, its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.kinds import Kind
from contacts import handling, pages, receiving, work
from contacts.models import Contact, ContactKind, Inject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.verbs import Verb
    from exercises.models import Seat


def subjects(contact: Contact, seat: Seat, verb: Verb) -> Iterator[Any]:
    """Give the contact to the seat that it reached: whom it was forwarded to reads it."""
    if verb.subject == "contact" and seat.role == contact.role:
        yield contact


KIND = Kind(
    model=Contact,
    address="contacts",
    verbs=(receiving, handling),
    page=pages.page,
    subjects=subjects,
    known=subjects,
    named={
        "inject": lambda contact, seat, line: Inject.objects.filter(
            exercise=contact.exercise_id
        ).latest("number")
    },
    work=work.WORK,
    duties=work.DUTIES,
    words={"kind": lambda code, agreement: str(ContactKind(code).label)},
    written={},
)
