"""After the decision: a number suspended, reinstated, revoked; told by note; acknowledged."""

from __future__ import annotations

import pytest

from audit import verification
from audit.refusals import NotNow
from casework import work
from tests import playing
from tests.situations.acting import (
    flight,
    movement,
    played,
    refile,
    release_plan,
    use,
)
from transit.models import MovementStatus

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REASON = "Closed to military flights."
WATCHING = ("OPERATIONS", "AIR_DEFENCE", "CIVIL_AVIATION")


def owed(exercise, key: str) -> list[str]:  # type: ignore[no-untyped-def]
    seat = playing.seat(exercise, key)
    found = work.on(flight(exercise), exercise.last_at)
    return [task.duty.code for task in found if task.is_of(seat)]


def test_smoke() -> None:
    exercise = played("check_plan")
    refile(exercise)
    release_plan(exercise)
    assert movement(exercise).status == MovementStatus.CHECKED
    use(exercise, "KZ-DECIDER", "suspend", reason=REASON)
    assert movement(exercise).status == MovementStatus.EXPECTED
    for role in WATCHING:
        assert owed(exercise, f"KZ-{role}") == ["acknowledgement"]
        use(exercise, f"KZ-{role}", "acknowledge")
    assert owed(exercise, "KZ-REGISTRY") == ["notification"]
    with pytest.raises(NotNow):
        release_plan(exercise)
    use(exercise, "KZ-REGISTRY", "notify", note_number="KZ-9")
    use(exercise, "TR-ATTACHE", "acknowledge_note")
    with pytest.raises(NotNow):
        refile(exercise)
    use(exercise, "KZ-DEPUTY", "reinstate", reason="Open again.")
    assert verification.faults(exercise) == []
