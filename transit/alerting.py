"""Overdue and missing aircraft: the alert phases, as the clock raises them and people end them.

The phases are those of ICAO Annex 11, chapter 5; how long after the expected exit each begins are
figures of the agreement.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, text
from audit.verbs import HOST, REQUESTING
from exercises.models import Role
from transit.models import ALOFT, AlertPhase

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import Movement


def is_raised(movement: Movement, by: Seat | None, at: datetime) -> str | None:
    return None if movement.alert_phase else _("No alert phase is declared.")


#: The earliest moment after one at which something has happened.
AT_ONCE = timedelta(seconds=1)


def in_an_hour(movement: Movement, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest what was expected, while that is ahead."""
    expected = movement.opens_at
    return {"expected_at": expected} if expected and expected > at else {}


@verb(
    lazy("Raise the alert phase"),
    lazy("Next alert phase"),
    clause="12.7",
    source=ALOFT,
    guards=(is_raised,),
    audience=(HOST,),
    seen_by=(REQUESTING,),
    shown=("phase",),
    tone="bad",
)
def raise_alert(movement: Movement, *, by: None, at: datetime, phase: str) -> Movement:
    """Nothing was heard of the aircraft: the next phase begins."""
    begin(movement, AlertPhase(phase), at=at)
    acts.save(movement)
    return movement


@verb(
    lazy("Cancel the alert"),
    lazy("Alert cancelled"),
    clause="12.7",
    roles=(Role.OPERATIONS,),
    side=HOST,
    source=ALOFT,
    guards=(is_raised,),
    audience=(HOST,),
    shown=("reason", "expected_at"),
    takes=(
        text(
            "reason",
            lazy("what is known of the aircraft"),
            lazy("Say what is known of the aircraft, and from whom."),
        ),
        Parameter(
            "expected_at",
            Kind.MOMENT,
            lazy("exit expected, UTC"),
            lazy("Say when the aircraft is expected to leave."),
        ),
    ),
    suggests=in_an_hour,
    icon="circle-check",
    tone="good",
)
def cancel_alert(
    movement: Movement, *, by: Seat, at: datetime, reason: str, expected_at: datetime
) -> Movement:
    """The aircraft was heard of: no phase any more, and another exit is expected.

    Raises `ValidationError` if the exit is expected in the past.
    """
    if expected_at < at:
        raise ValidationError({"expected_at": _("This lies in the past of the exercise.")})
    movement.alert_phase, movement.overdue_at = "", None
    movement.opens_at = expected_at
    movement.ring_at(expected_at + movement.flight.agreement.exit_alert)
    acts.save(movement)
    return movement


def begin(movement: Movement, phase: AlertPhase, *, at: datetime) -> None:
    """Begin a phase, and let the clock raise the next if the agreement has a figure for it.

    Of an entry that was recorded late the phases follow one another at once.
    """
    movement.alert_phase = phase
    following = next_phase(movement)
    after = movement.flight.agreement.alert_after(following) if following else None
    since = movement.opens_at
    movement.ring_at(max(since + after, at + AT_ONCE) if since and after else None)


def next_phase(movement: Movement) -> AlertPhase | None:
    """Return the phase after the present one; after distress there is none."""
    phases = [*AlertPhase]
    here = phases.index(AlertPhase(movement.alert_phase))
    return phases[here + 1] if here + 1 < len(phases) else None


def go_on(movement: Movement, *, by: None, at: datetime) -> Movement:
    """Raise the phase that is next."""
    phase = next_phase(movement)
    assert phase is not None  # noqa: S101 - the last phase does not ring
    return raise_alert(movement, by=by, at=at, phase=phase)
