"""What a seat may know of an annual clearance: decided here and nowhere else.

The requesting side learns decision and number by the note in reply; opinion and reasons stay with
the host. What is common to every kind of case is `casework.sight`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from annual.models import AnnualStatus, Opinion
from audit.verbs import REQUESTING
from casework import sight, work

if TYPE_CHECKING:
    from datetime import datetime

    from annual.models import AnnualClearance
    from books.calendars import AnnualDeadline
    from casework.history import History
    from casework.models import Note
    from casework.sight import Holder, Known
    from casework.written import Excerpt
    from exercises.models import Seat

TONES = {
    AnnualStatus.RETURNED: "warn",
    AnnualStatus.GRANTED: "good",
    AnnualStatus.REFUSED: "bad",
    AnnualStatus.SUSPENDED: "warn",
    AnnualStatus.REVOKED: "bad",
}


@dataclass(frozen=True)
class KnownClearance:
    """An annual clearance as one seat may know it at one moment.

    `number_of_case` is the serial of the case, `number` the clearance's, empty until it is told.
    `awaits_reply`: decided, and the requesting side has not been told.
    """

    number_of_case: int
    reference: str
    year: int
    requester: str
    host: str
    requested_at: datetime
    deadline: AnnualDeadline
    is_late: bool
    categories: tuple[str, ...]
    is_requester: bool
    status: AnnualStatus
    standing: str
    tone: str
    number: str
    missing: str
    holder: Holder | None
    _known: Known
    awaits_reply: bool = False
    opinion: str = ""
    opinion_reason: str = ""
    reasons: str = ""

    @property
    def notes(self) -> Excerpt[Note]:
        return self._known.notes

    @property
    def history(self) -> History:
        return self._known.history

    @property
    def is_mine(self) -> bool:
        return self.holder is not None and self.holder.is_me


def known_to(clearance: AnnualClearance, seat: Seat, at: datetime) -> KnownClearance:
    """Return what `seat` may know of a clearance as of `at`."""
    is_requester = clearance.side_of(seat) == REQUESTING
    known = sight.known_to(clearance, seat, work.on(clearance, at))
    status, labels = known.status, clearance.agreement.categories
    is_told = clearance.replied_at is not None
    inside: dict[str, Any] = {}
    if not is_requester:
        inside = {
            "awaits_reply": clearance.is_secretly_decided,
            "opinion": str(Opinion(clearance.opinion).label) if clearance.opinion else "",
            "opinion_reason": clearance.opinion_reason,
            "reasons": clearance.reasons,
        }
    return KnownClearance(
        number_of_case=clearance.number,
        reference=clearance.reference,
        year=clearance.year,
        requester=str(clearance.requester.name),
        host=str(clearance.host_state.name),
        requested_at=clearance.requested_at,
        deadline=clearance.deadline,
        is_late=clearance.is_late,
        categories=tuple(capfirst(str(labels[one])) for one in clearance.categories),
        is_requester=is_requester,
        status=status,
        standing=clearance.standing(at, seat),
        tone="neutral" if clearance.has_expired(at) else TONES.get(status, "info"),
        number=clearance.clearance_number if is_told or not is_requester else "",
        missing=clearance.missing if status == AnnualStatus.RETURNED else "",
        holder=next(iter(known.holders), None),
        _known=known,
        **inside,
    )
