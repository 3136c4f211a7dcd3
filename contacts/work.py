"""What is owed on a contact, by the seat that it reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.duties import OWED
from casework.steps import Duty, Steps
from contacts.models import Contact
from exercises.models import Role

if TYPE_CHECKING:
    from books.agreements import Agreement

#: Who owes it follows from whom the contact reached.
DUTIES: dict[str, Duty] = {
    duty.code: duty
    for duty in (
        Duty("logging", _("logging of a contact"), Role.DEFENCE, of_host=True),
        Duty("forwarding", _("forwarding of a contact"), Role.DEFENCE, of_host=True),
    )
}


class Received(Steps):
    """Steps on contacts, each owed by the seat that the contact reached."""

    def role_of(self, row: Contact) -> Role:
        return Role(row.role)

    def owed_by(self, role: str, agreement: Agreement) -> Q | None:
        return Q(role=role)


WORK = (Received(Contact, OWED, tuple(DUTIES.values())),)
