"""The decision panel: the moves of a seat with their forms, and why the others are closed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.forms import FORMS
from approvals.models import Concurrence, Question
from approvals.moves import moves
from transit.completeness import faults

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from approvals.moves import Move
    from exercises.models import Seat
    from exercises.seating import SeatedRequest
    from transit.forms import VerbForm
    from transit.models import FlightRequest

#: What to think of once more before a step that cannot be undone.
WARNINGS: dict[str, _StrPromise] = {
    "own_check": lazy("What you mark stands: it cannot be changed on this form."),
    "transmit": lazy("The note goes to the host state. The form that it encloses is frozen."),
    "supplement": lazy(
        "The note goes to the host state. Desks whose answers it voids answer again."
    ),
    "withdraw": lazy("The request ends, for both states. A new flight needs a new request."),
    "send_back": lazy("The request goes back to the requesting state, to be completed."),
    "concur": lazy("The answer stands until a new round is opened."),
    "enter_answer": lazy("The answer stands until a new round is opened."),
    "authorize": lazy("A number is issued for this one flight. An authorization is never edited."),
    "refuse": lazy("The flight is refused. The decision stands."),
    "reply": lazy("The requesting side learns the decision by this note."),
    "report_not_flown": lazy(
        "The flight will not take place; the case ends, and its number is not used again."
    ),
    "close": lazy("The case ends, for both states."),
}

#: Steps that end something for good.
GRAVE = frozenset({"withdraw", "refuse", "report_not_flown"})

ICONS = {
    "edit": "pencil",
    "justify": "note",
    "own_check": "list-check",
    "deal_with": "shield-check",
    "pass_on": "rubber-stamp",
    "hold": "clock-pause",
    "file_plan": "send",
    "request_release": "send",
    "decline_release": "arrow-back-up",
    "release": "check",
    "transmit": "mail",
    "send_back": "arrow-back-up",
    "revise": "pencil",
    "withdraw": "ban",
    "register": "rubber-stamp",
    "concur": "check",
    "enter_answer": "file-text",
    "call_in": "users",
    "ask": "message-question",
    "drop": "x",
    "answer": "message",
    "begin_supplement": "file-text",
    "release_supplement": "check",
    "supplement": "mail",
    "new_round": "history",
    "minute": "note",
    "authorize": "gavel",
    "refuse": "ban",
    "reply": "mail",
    "check_plan": "file-check",
    "enter": "plane-inflight",
    "exit": "plane-departure",
    "land": "plane-arrival",
    "report_not_flown": "ban",
    "report": "file-text",
    "close": "circle-check",
}

#: Moves that a seat may have, but that are not what the case waits for.
ASIDE = frozenset(
    {
        "ask",
        "begin_supplement",
        "call_in",
        "decline_release",
        "drop",
        "hold",
        "justify",
        "minute",
        "new_round",
        "refuse",
        "report_not_flown",
        "send_back",
        "withdraw",
    }
)


@dataclass(frozen=True)
class Offer:
    """A move as the panel shows it; an open one without a form leads to a page of its own."""

    move: Move
    form: VerbForm | None
    is_failed: bool
    is_first: bool

    @property
    def code(self) -> str:
        return self.move.verb.code

    @property
    def icon(self) -> str:
        return ICONS[self.code]

    @property
    def about(self) -> str:
        """What the move is about, where a flight has several of the kind."""
        subject = self.move.subject
        if isinstance(subject, Question):
            return _("question %(number)d") % {"number": subject.number}
        if isinstance(subject, Concurrence) and not subject.definition.has_seat:
            return str(subject.definition.label)
        return ""

    @property
    def said(self) -> str:
        """The words that the move answers."""
        subject = self.move.subject
        return subject.text if isinstance(subject, Question) and self.code == "answer" else ""

    @property
    def revision(self) -> int | None:
        """The revision that a desk answers on."""
        subject = self.move.subject
        return subject.stamp if isinstance(subject, Concurrence) else None

    @property
    def warning(self) -> _StrPromise | str:
        return WARNINGS.get(self.code, "")

    @property
    def is_grave(self) -> bool:
        return self.code in GRAVE

    @property
    def is_plain(self) -> bool:
        """Nothing to fill in: one button does."""
        return self.form is not None and not self.form.items

    @property
    def is_open(self) -> bool:
        """Shown unfolded: the first move that the case waits for, or a form with faults."""
        return self.is_failed or self.is_first


@dataclass(frozen=True)
class Panel:
    """What a seat may do on a flight now, and what not, by reason."""

    offers: list[Offer]
    closed: list[tuple[str, list[Offer]]]
    token: str

    @property
    def may_edit(self) -> bool:
        """The form itself is open to the seat."""
        return any(offer.code == "edit" for offer in self.offers)


Failed = tuple[str, str, "VerbForm"]


def panel(flight: FlightRequest, request: SeatedRequest, failed: Failed | None = None) -> Panel:
    """Return the panel of the request's seat; `failed`: verb, subject and form with faults."""
    found = moves(flight, request.seat, request.at)
    offered = sorted(
        (move for move in found if move.is_open or _is(move, failed)),
        key=lambda move: (move.verb.code in ASIDE, _is_done(move, request)),
    )
    closed: dict[str, list[Offer]] = {}
    for move in found:
        if move.reason:
            offer = Offer(move, None, is_failed=False, is_first=False)
            closed.setdefault(move.reason, []).append(offer)
    return Panel(
        [_offer(move, request, failed, is_first=move is offered[0]) for move in offered],
        list(closed.items()),
        _token(found, request.seat),
    )


def token(flight: FlightRequest, request: SeatedRequest) -> str:
    """Return what tells an open page whether its panel still holds."""
    return _token(moves(flight, request.seat, request.at), request.seat)


def _token(found: list[Move], seat: Seat) -> str:
    seen = [
        (move.verb.code, move.subject.ref, move.subject.stamp_for(seat), move.reason)
        for move in found
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


def _is_done(move: Move, request: SeatedRequest) -> bool:
    """A form that is complete is still open to changes, but no longer waits for them."""
    draft = move.subject.draft if move.verb.code == "edit" else None
    return draft is not None and not faults(draft, at=request.at)


def _is(move: Move, failed: Failed | None) -> bool:
    return failed is not None and failed[:2] == (move.verb.code, move.subject.ref)


def _offer(move: Move, request: SeatedRequest, failed: Failed | None, *, is_first: bool) -> Offer:
    code = move.verb.code
    if failed is not None and _is(move, failed):
        return Offer(move, failed[2], is_failed=True, is_first=False)
    form = None
    if code in FORMS:
        seen = move.subject.stamp_for(request.seat)
        form = FORMS[code](
            subject=move.subject,
            seat=request.seat,
            at=request.at,
            seen=seen,
            seq=request.exercise.seq,
        )
    is_first = is_first and failed is None and code not in ASIDE
    return Offer(move, form, is_failed=False, is_first=is_first)
