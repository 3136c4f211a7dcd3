"""Situations 32 to 38: timing and changes before the flight.

Of 36 and 38 the flight plan's part; their amendments, and situations 39 and 40, are of the next
step.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.situations.acting import flight, movement, played, refile, release_plan, use
from transit.models import MovementStatus

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

HOUR = timedelta(hours=1)
NUMBER = "EXKZ26S0001"


def test_five_hours_late_is_inside_the_validity() -> None:
    """32. Five hours late is inside the validity: the number is kept."""
    exercise = played("check_plan")
    entry_at = flight(exercise).entry_at
    assert entry_at is not None

    assert refile(exercise, "LTAU0500", "LTAU1000") == []
    release_plan(exercise)
    late = entry_at + 5 * HOUR
    use(exercise, "KZ-OPERATIONS", "enter", at=late, entered_at=late, point="BALUN")

    assert movement(exercise).status == MovementStatus.ACTIVE
    assert flight(exercise).authorizations.get().number == NUMBER


def test_eighty_hours_late_is_beyond_the_validity() -> None:
    """33. Eighty hours late is beyond the validity: not released; who enters is found out."""
    planned = played("check_plan")
    assert "OUTSIDE_VALIDITY" in refile(planned, "DOF/260914", "DOF/260918")
    with pytest.raises(ValidationError, match="OUTSIDE_VALIDITY"):
        release_plan(planned, remarks="It is late.")
    assert refile(planned) == []

    exercise = played("enter")
    entry_at = flight(exercise).entry_at
    assert entry_at is not None
    late = entry_at + 80 * HOUR
    use(exercise, "KZ-OPERATIONS", "enter", at=late, entered_at=late, point="BALUN")
    assert [one["code"] for one in movement(exercise).findings] == ["ENTRY_OUTSIDE_WINDOW"]

    in_time = played("enter")
    use(in_time, "KZ-OPERATIONS", "enter", at=late, entered_at=late - 9 * HOUR, point="BALUN")
    assert movement(in_time).findings == []


def test_six_hours_early_waits_for_the_window() -> None:
    """34. Six hours early is before the window: it waits; who does not is found out."""
    planned = played("check_plan")
    early = refile(planned, "DOF/260914", "DOF/260913")
    assert "OUTSIDE_VALIDITY" in early
    with pytest.raises(ValidationError, match="OUTSIDE_VALIDITY"):
        release_plan(planned, remarks="It is early.")

    exercise = played("enter")
    entry_at = flight(exercise).entry_at
    assert entry_at is not None
    made = entry_at - 6 * HOUR
    use(exercise, "KZ-OPERATIONS", "enter", at=entry_at, entered_at=made, point="BALUN")
    assert [one["code"] for one in movement(exercise).findings] == ["ENTRY_OUTSIDE_WINDOW"]

    waiting = played("enter")
    use(waiting, "KZ-OPERATIONS", "enter", entered_at=entry_at - 3 * HOUR, point="BALUN")
    assert movement(waiting).findings == []


def test_the_listed_spare_may_fly_with_the_same_number() -> None:
    """35. The listed spare may fly: noted, and released with the same number."""
    exercise = played("check_plan")

    assert refile(exercise, "REG/990101", "REG/990102") == ["SPARE_TAIL_USED"]
    release_plan(exercise)

    assert movement(exercise).filed_registration == "990102"
    assert movement(exercise).plan_codes == ["SPARE_TAIL_USED"]
    assert flight(exercise).authorizations.get().number == NUMBER


def test_an_aircraft_that_is_not_listed_is_not_released() -> None:
    """36. An aircraft that is not listed is not released; the amendment is of the next step."""
    exercise = played("check_plan")

    assert refile(exercise, "REG/990101", "REG/990199") == ["REG_MISMATCH"]
    with pytest.raises(ValidationError, match="REG_MISMATCH"):
        release_plan(exercise)
    assert refile(exercise) == []
    release_plan(exercise)


def test_another_captain_is_no_discrepancy() -> None:
    """37. Another captain in Item 19 is no discrepancy: the number stays."""
    exercise = played("check_plan")

    assert refile(exercise, "EXTJ26S0101)", "EXTJ26S0101\n-E/0700 P/011 C/YEDEK)") == []
    release_plan(exercise)

    assert movement(exercise).status == MovementStatus.CHECKED
    assert flight(exercise).authorizations.get().number == NUMBER


def test_twenty_more_soldiers_than_authorized_are_not_released() -> None:
    """38. Twenty more soldiers are not released; the amendment is of the next step."""
    exercise = played("check_plan")

    aboard = "EXTJ26S0101\n-E/0700 P/031)"
    assert refile(exercise, "EXTJ26S0101)", aboard) == ["POB_EXCEEDED"]
    with pytest.raises(ValidationError, match="POB_EXCEEDED"):
        release_plan(exercise)
    assert refile(exercise, "EXTJ26S0101)", aboard.replace("031", "011")) == []
    release_plan(exercise)
