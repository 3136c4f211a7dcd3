"""What falls due in this room by itself: the turns of the role-players."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from annual.models import AnnualClearance
from approvals.sight import LISTS
from audit.timeline import Kind
from casework import kinds
from contacts.models import Contact
from roleplay import officers, third_states, turns
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from casework.models import Case


def take_turn(case: Case, *, by: None, at: datetime) -> None:
    """Let the role-player whose turn it is do its next step on the case.

    It does so by a verb, through the same guards as everybody. Where none is open to it, such as
    while it waits for somebody else, the next one is asked, and the step left until the case is
    touched again. What it writes is in one language, whoever let time pass.
    """
    ripe, later = turns.due(case, at)
    with translation.override(settings.LANGUAGE_CODE):
        made = ((turn, intent) for turn in ripe if (intent := officers.intent(turn, at)))
        turn, intent = next(made, (None, None))
        if turn is None or intent is None:
            case.turn_at = next((one.moment for one in later if one.is_dated), None)
            return
        turn.seat.is_played = True
        try:
            kinds.doors()[intent.verb](intent.subject, by=turn.seat, at=at, **intent.details)
        finally:
            turn.seat.is_played = False
        if case.turn_at == at:  # a line of a table was struck, and nothing else changed
            case.turn_at = turns.coming(case, at)


def _turn(case: Case) -> Callable[..., Any]:
    return take_turn


def _of(code: str, model: type[Case], reads: tuple[str, ...]) -> Kind:
    return Kind(
        code,
        model,
        model._default_manager.all,
        _turn,
        reads=reads,
        moment="turn_at",
        opens=False,
        plan=partial(turns.plan, model=model),
    )


KINDS = (
    _of("turn", FlightRequest, LISTS),
    _of("annual_turn", AnnualClearance, ()),
    _of("contact_turn", Contact, ()),
    third_states.KIND,
)
