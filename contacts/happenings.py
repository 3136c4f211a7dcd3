"""What falls due in this room by itself: scheduled contacts come, others lie too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.timeline import Kind
from contacts import handling, receiving
from contacts.models import Contact, Inject

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def escalate(row: Contact, *, by: None, at: datetime) -> None:
    """Take what is overdue on a contact one rung up."""
    duty = row.present_duty
    assert duty is not None  # noqa: S101 - only owed rows ring
    handling.escalate_contact(row, by=by, at=at, duty=duty.code, to=duty.ladder[row.rung])


def _of_contact(row: Contact) -> Callable[..., Any]:
    return escalate


def _of_inject(row: Inject) -> Callable[..., Any]:
    return receiving.arrive


KINDS = (
    Kind("inject", Inject, Inject.objects.ahead, _of_inject, opens=False),
    Kind("contact", Contact, Contact.objects.all, _of_contact),
)
