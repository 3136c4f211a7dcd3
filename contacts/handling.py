"""What a desk does with a contact: log it, forward it, answer it. No case is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, text
from audit.verbs import HOST
from casework.duties import climb
from contacts import world
from contacts.models import RECEIVERS, Contact
from contacts.models import ContactStatus as Status
from contacts.receiving import put_on_record
from exercises.models import Role

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat

#: A desk's own words in place of a line.
OWN = "OWN"


def it_reached_this_seat(contact: Contact, by: Seat | None, at: datetime) -> str | None:
    if by is None or by.role == contact.role:
        return None
    return _("It reached another seat: %(role)s.") % {"role": Role(contact.role).label}


def is_not_answered(contact: Contact, by: Seat | None, at: datetime) -> str | None:
    return _("It is answered.") if contact.is_answered else None


def lines(contact: Contact, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Offer the lines that fit the kind; which of them are neutral the data keeps to itself."""
    known = world.load().lines_for(contact.kind)
    return [*((code, str(one.text)) for code, one in known.items()), (OWN, _("In own words"))]


@verb(
    lazy("Log it"),
    lazy("Contact logged"),
    clause="6.7",
    roles=RECEIVERS,
    side=HOST,
    source=(Status.RECEIVED,),
    target=(Status.LOGGED,),
    guards=(it_reached_this_seat,),
    audience=(HOST,),
    makes_due=("forwarding",),
    icon="note",
)
def log_contact(contact: Contact, *, by: Seat, at: datetime) -> Contact:
    """Put a contact on record: that it came, when, from whom."""
    put_on_record(contact, at=at)
    return contact


@verb(
    lazy("Forward to the leadership"),
    lazy("Contact forwarded to the leadership of the ministry"),
    clause="6.6",
    roles=RECEIVERS,
    side=HOST,
    source=(Status.LOGGED,),
    target=(Status.FORWARDED,),
    guards=(it_reached_this_seat,),
    audience=(HOST,),
    private=("remark",),
    takes=(text("remark", lazy("remark"), most=1000),),
    icon="send",
)
def forward_contact(contact: Contact, *, by: Seat, at: datetime, remark: str = "") -> Contact:
    """Put it before the leadership of the ministry, who alone may answer on the substance."""
    contact.forward_contact(at=at, remark=remark)
    contact.settle()
    acts.save(contact)
    return contact


@verb(
    lazy("Answer"),
    lazy("Contact answered"),
    clause="6.7",
    roles=RECEIVERS,
    side=HOST,
    source=(Status.LOGGED, Status.FORWARDED),
    guards=(it_reached_this_seat, is_not_answered),
    audience=(HOST,),
    private=("line", "words"),
    takes=(
        Parameter(
            "line",
            Kind.CHOICE,
            lazy("line"),
            lazy("Choose a line, or your own words."),
            choices=lines,
            few=True,
        ),
        text("words", lazy("own words"), most=1000),
    ),
    icon="message",
    is_aside=True,
    warning=lazy("It goes to whoever made contact. No case changes by it."),
)
def answer_contact(
    contact: Contact, *, by: Seat, at: datetime, line: str, words: str = ""
) -> Contact:
    """Answer with a line of the world's data, which is then quoted, or in own words.

    Raises `ValidationError` for a line that there is not, and for own words that are missing.
    """
    if line == OWN:
        if not words:
            raise ValidationError({"words": _("Enter what you answer.")})
    elif line in (known := world.load().lines_for(contact.kind)):
        contact.line, words = line, known[line].text.en
    else:
        raise ValidationError({"line": _("There is no such line for this kind of contact.")})
    contact.answered_at, contact.words = at, words
    acts.save(contact)
    return contact


@verb(
    lazy("Escalate"),
    lazy("Found overdue"),
    clause="14.2",
    audience=(HOST,),
    shown=("duty", "to"),
    tone="warn",
)
def escalate_contact(contact: Contact, *, by: None, at: datetime, duty: str, to: Role) -> None:
    """Tell the next rung that a contact lies there; nobody handles it for the seat."""
    climb(contact, at=at)
