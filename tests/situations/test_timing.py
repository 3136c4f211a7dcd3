"""Situations 32 to 40: timing, changes before the flight, and the amendments that they take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from audit.refusals import NotNow
from tests import playing
from tests.situations import asking
from tests.situations.acting import (
    amend,
    examine,
    flight,
    grant,
    movement,
    pass_time,
    played,
    refile,
    release_plan,
    use,
)
from transit.changes import compared
from transit.models import FlightRequest, MovementStatus

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

HOUR = timedelta(hours=1)
NUMBER = "EXKZ26S0001"


def changes_of(exercise: Exercise, **items: Any) -> dict[str, str]:
    """Return how alpha's form with other items, or another entry, is sorted."""
    authorization = flight(exercise).authorizations.get()
    moved = playing.prepared("TR", entry_at=items.pop("entry_at", None) or entry_of(exercise))
    form = asking.form(crossings=moved["crossings"], **(moved["form"] | items))
    changes = flight(exercise).agreement.changes
    assert changes
    found = compared(authorization, form, changes).changes
    return {one.kind: one.taken.takes for one in found}


def entry_of(exercise: Exercise) -> datetime:
    entry_at = flight(exercise).entry_at
    assert entry_at is not None
    return entry_at


def utc(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC)


def test_five_hours_late_is_inside_the_validity() -> None:
    """32. Five hours late is inside the validity: a DLA, and the number is kept."""
    exercise = played("check_plan")
    entry_at = entry_of(exercise)

    release_plan(exercise)
    delayed = "(DLA-HVK4821-LTAU1000-UTDD-DOF/260914)"
    use(exercise, "TR-PLANNER", "send_message", message=delayed)
    assert movement(exercise).status == MovementStatus.EXPECTED
    assert changes_of(exercise, entry_at=entry_at + 5 * HOUR) == {"DELAY": "WITHIN"}
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
    late_at = planned.last_at + 83 * HOUR
    assert changes_of(planned, entry_at=late_at) == {"DELAY_BEYOND": "AMENDMENT"}
    assert amend(planned, entry_at=late_at).content.track.code == "AMENDMENT"

    exercise = played("enter")
    entry_at = entry_of(exercise)
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

    soon = played("notify_change", "six-to-one")
    entry_at = entry_of(soon)
    early_at = entry_at - 6 * HOUR
    assert changes_of(soon, entry_at=early_at) == {"EARLY_BEYOND": "OPERATIONAL"}
    assert amend(soon, entry_at=early_at).content.track.code == "OPERATIONAL"

    exercise = played("enter")
    entry_at = entry_of(exercise)
    made = entry_at - 6 * HOUR
    use(exercise, "KZ-OPERATIONS", "enter", at=entry_at, entered_at=made, point="BALUN")
    assert [one["code"] for one in movement(exercise).findings] == ["ENTRY_OUTSIDE_WINDOW"]

    waiting = played("enter")
    use(waiting, "KZ-OPERATIONS", "enter", entered_at=entry_at - 3 * HOUR, point="BALUN")
    assert movement(waiting).findings == []


def test_the_listed_spare_may_fly_with_the_same_number() -> None:
    """35. The listed spare may fly: noted, and released with the same number."""
    exercise = played("check_plan")
    assert changes_of(exercise, registration="99-0102") == {"SPARE_TAIL": "NOTIFICATION"}

    assert refile(exercise, "REG/990101", "REG/990102") == ["SPARE_TAIL_USED"]
    told: dict[str, Any] = {"item": "registration", "value": "99-0102", "note_number": "2026/0501"}
    use(exercise, "TR-ATTACHE", "notify_change", **told)
    assert refile(exercise, "REG/990101", "REG/990102") == ["SPARE_TAIL_USED"]
    use(exercise, "KZ-REGISTRY", "take_note")
    assert refile(exercise, "REG/990101", "REG/990102") == []
    release_plan(exercise)

    assert movement(exercise).filed_registration == "990102"
    assert flight(exercise).authorizations.get().number == NUMBER


def test_an_aircraft_that_is_not_listed_is_amended_on_the_urgent_track() -> None:
    """36. An aircraft that is not listed is amended in hours: the next version of the number."""
    exercise = played("check_plan")
    assert changes_of(exercise, registration="99-0199") == {"UNLISTED_TAIL": "OPERATIONAL"}

    assert refile(exercise, "REG/990101", "REG/990199") == ["REG_MISMATCH"]
    with pytest.raises(ValidationError, match="REG_MISMATCH"):
        use(exercise, "KZ-OPERATIONS", "check_plan", at=utc(14, 4, 30))
    told: dict[str, Any] = {"item": "registration", "value": "99-0199", "note_number": "2026/0501"}
    with pytest.raises(ValidationError, match="more than a notification"):
        use(exercise, "TR-ATTACHE", "notify_change", **told)
    assert amend(exercise, registration="99-0199").content.track.lead_time.hours == 4
    use(exercise, "KZ-REGISTRY", "classify", flight=2, takes="OPERATIONAL")
    assert examine(exercise) == ["AIR_DEFENCE", "CIVIL_AVIATION", "DEFENCE"]
    use(exercise, "KZ-DECIDER", "authorize", flight=2)
    assert flight(exercise).authorizations.count() == 1, "nobody is told before the note"
    use(exercise, "KZ-REGISTRY", "reply", flight=2, note_number="KZ-2026/0502")

    issued = [(one.number, one.version) for one in flight(exercise).authorizations.all()]
    assert issued == [(NUMBER, 1), (NUMBER, 2)]
    assert refile(exercise, "REG/990101", "REG/990199") == []
    release_plan(exercise)


def test_another_captain_is_no_discrepancy() -> None:
    """37. Another captain in Item 19 is no discrepancy: notified, and the number stays."""
    exercise = played("check_plan")
    assert changes_of(exercise, captain="Yüzbaşı Can Yedek") == {"CAPTAIN": "NOTIFICATION"}

    told: dict[str, Any] = {
        "item": "captain",
        "value": "Yüzbaşı Can Yedek",
        "note_number": "2026/0501",
    }
    use(exercise, "TR-ATTACHE", "notify_change", **told)
    assert refile(exercise, "EXTJ26S0101)", "EXTJ26S0101\n-E/0700 P/011 C/YEDEK)") == []
    release_plan(exercise)

    assert movement(exercise).status == MovementStatus.CHECKED
    assert flight(exercise).authorizations.get().number == NUMBER


def test_twenty_more_soldiers_than_authorized_are_an_amendment() -> None:
    """38. Twenty more soldiers are not released; asked for, they are the security desk's."""
    exercise = played("check_plan")

    aboard = "EXTJ26S0101\n-E/0700 P/031)"
    assert refile(exercise, "EXTJ26S0101)", aboard) == ["POB_EXCEEDED"]
    with pytest.raises(ValidationError, match="POB_EXCEEDED"):
        use(exercise, "KZ-OPERATIONS", "check_plan", at=utc(14, 4, 30))
    assert changes_of(exercise, passenger_count=26) == {"MORE_PASSENGERS": "AMENDMENT"}
    amend(exercise, passenger_count=26)
    assert examine(exercise) == ["SECURITY", "DEFENCE"]
    grant(exercise)

    assert refile(exercise, "EXTJ26S0101)", aboard) == []
    release_plan(exercise)


def test_the_old_version_flies_while_an_amendment_is_pending() -> None:
    """39. An amendment pending at the entry time: flown as authorized, and the amendment is void.

    The same whether nobody decided or somebody did and told nobody.
    """
    for is_decided in (False, True):
        exercise = played("check_plan")
        entry_at = entry_of(exercise)
        amend(exercise, registration="99-0199")
        examine(exercise)
        if is_decided:
            use(exercise, "KZ-DECIDER", "authorize", flight=2)
        assert refile(exercise, "REG/990101", "REG/990199") == ["REG_MISMATCH"]
        with pytest.raises(ValidationError, match="REG_MISMATCH"):
            use(exercise, "KZ-OPERATIONS", "check_plan", at=entry_at - HOUR)
        assert refile(exercise) == []
        use(exercise, "KZ-OPERATIONS", "check_plan", at=entry_at - HOUR)
        entered_at = entry_at - HOUR / 2
        use(exercise, "KZ-OPERATIONS", "enter", at=entered_at, entered_at=entered_at, point="BALUN")
        pass_time(exercise, to=entered_at + HOUR / 60)

        pending = flight(exercise, 2)
        assert (pending.status, pending.closed_at) == ("LAPSED", entered_at)
        assert "make_void" in playing.verbs(exercise)
        assert [one.version for one in flight(exercise).authorizations.all()] == [1]
        assert {one.status for one in pending.authorizations.all()} <= {"CANCELLED"}
        with pytest.raises(NotNow):
            use(exercise, "KZ-REGISTRY", "reply", flight=2, note_number="KZ-2026/0502")


def test_seven_changes_in_a_week_are_one_amendment() -> None:
    """40. Seven changes in a week go into one amendment: each a revision of the open one."""
    exercise = played("notify_change", "six-to-one")
    amend(exercise, call_sign="HVK4866")
    with pytest.raises(NotNow, match="TR-KZ-0002 is open"):
        use(exercise, "TR-PLANNER", "amend")
    use(exercise, "KZ-REGISTRY", "register", flight=2)

    for number in range(6):
        use(exercise, "TR-PLANNER", "begin_supplement", flight=2)
        form = playing.prepared("TR", entry_at=entry_of(exercise))
        form["form"] |= {"call_sign": f"HVK487{number}"}
        del form["host"]
        use(exercise, "TR-PLANNER", "edit", flight=2, **form)
        use(exercise, "TR-RELEASE", "release_supplement", flight=2)
        use(exercise, "TR-ATTACHE", "supplement", flight=2)

    assert flight(exercise, 2).revisions.count() == 7
    assert FlightRequest.objects.filter(exercise=exercise).count() == 2
