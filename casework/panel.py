"""The panel of moves: those of a seat with their forms, and why the others are closed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework import kinds
from casework.forms import VerbForm
from casework.moves import moves

if TYPE_CHECKING:
    from datetime import datetime

    from audit.verbs import Verb
    from casework.models import Case
    from casework.moves import Move
    from exercises.models import Seat
    from exercises.seating import SeatedRequest


@dataclass(frozen=True)
class Failed:
    """A form that came with faults: the verb, the name of its subject, the form."""

    code: str
    ref: str
    form: VerbForm

    def is_of(self, move: Move) -> bool:
        return (self.code, self.ref) == (move.verb.code, move.subject.ref)


@dataclass(frozen=True)
class Offer:
    """A move as the panel shows it; an open one without a form leads to a page of its own."""

    move: Move
    form: VerbForm | None = None
    is_failed: bool = False
    is_first: bool = False
    is_asked: bool = False

    @property
    def verb(self) -> Verb:
        return self.move.verb

    @property
    def about(self) -> str:
        """What the move is about, where a case has several of the kind."""
        return str(self.move.subject.called)

    @property
    def said(self) -> str:
        """The words that the move answers."""
        return str(self.move.subject.said) if self.verb.quotes else ""

    @property
    def is_plain(self) -> bool:
        """Nothing to fill in: one button does."""
        return self.form is not None and not self.form.items

    @property
    def is_open(self) -> bool:
        """Shown unfolded: a form with faults, what a link led to, else what the case waits for."""
        return self.is_failed or self.is_asked or self.is_first


@dataclass(frozen=True)
class Panel:
    """What a seat may do on a case now, and what not, by reason.

    `url` is the case's address. `token` tells an open page whether its panel still holds; `failed`
    is the form with faults.
    """

    url: str

    offers: list[Offer]
    closed: list[tuple[str, list[Offer]]]
    token: str
    failed: VerbForm | None = None

    def has(self, code: str) -> bool:
        """Say whether a move is open to the seat."""
        return any(offer.verb.code == code for offer in self.offers)


def panel(case: Case, request: SeatedRequest, failed: Failed | None = None) -> Panel:
    """Return the panel of the request's seat; `failed`: a form with faults that it shows again."""
    seat, at = request.seat, request.at
    found = moves(case, seat, at)
    offered = sorted(
        (move for move in found if move.is_open or (failed and failed.is_of(move))),
        key=lambda move: (move.verb.is_aside, _is_done(move, at)),
    )
    closed: dict[str, list[Offer]] = {}
    for move in found:
        if move.reason:
            closed.setdefault(move.reason, []).append(Offer(move))
    return Panel(
        kinds.address(case, seat.key),
        [_offer(move, request, failed, is_first=move is offered[0]) for move in offered],
        list(closed.items()),
        _token(found, seat),
        failed.form if failed else None,
    )


def token(case: Case, request: SeatedRequest) -> str:
    """Return what tells an open page whether its panel still holds."""
    return _token(moves(case, request.seat, request.at), request.seat)


def _token(found: list[Move], seat: Seat) -> str:
    seen = [
        (move.verb.code, move.subject.ref, move.subject.stamp_for(seat), move.reason)
        for move in found
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


def _is_done(move: Move, at: datetime) -> bool:
    """A move may stay open though the case waits for it no longer."""
    return move.verb.is_done is not None and move.verb.is_done(move.subject, at)


def _offer(move: Move, request: SeatedRequest, failed: Failed | None, *, is_first: bool) -> Offer:
    if failed is not None and failed.is_of(move):
        return Offer(move, failed.form, is_failed=True)
    form = None
    asked = request.GET.dict() if failed is None else {}
    is_asked = asked.get("move") == move.verb.code
    if move.verb.takes is not None:
        form = VerbForm(
            move.verb,
            subject=move.subject,
            seat=request.seat,
            at=request.at,
            seen=move.subject.stamp_for(request.seat),
            filled=asked if is_asked else None,
        )
    is_waited_for = not (move.verb.is_aside or _is_done(move, request.at))
    is_first = is_first and failed is None and is_waited_for
    return Offer(move, form, is_first=is_first and "move" not in asked, is_asked=is_asked)
