"""The annual register in mid-story, for its tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from annual.models import AnnualClearance
from audit import acts
from casework import kinds
from control import actions, stories
from tests import playing
from tests.keeping import kept

if TYPE_CHECKING:
    from exercises.models import Exercise
    from transit.models import Revision

#: In time for the year 2027, which begins in Astana at 19:00 UTC on 31 December.
NOVEMBER = datetime(2026, 11, 20, 6, tzinfo=UTC)
ASKED: dict[str, Any] = {
    "year": 2027,
    "categories": ["HUMANITARIAN", "EXERCISE"],
    "note_number": "2026/900",
}

#: How alpha is flown.
FLOWN: dict[str, Any] = {
    "route": "LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD",
    "cruise_level": "F250",
    "cruise_knots": 390,
}

#: From the request to the note in reply: who does what.
COURSE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("TR-ATTACHE", "request_annual", ASKED),
    ("KZ-REGISTRY", "register_annual", {}),
    ("KZ-DEFENCE", "advise_annual", {"answer": "CONCUR"}),
    ("KZ-DECIDER", "grant_annual", {}),
    ("KZ-REGISTRY", "reply_annual", {"note_number": "KZ-900"}),
)


def opened(*, seated: bool = False) -> Exercise:
    """Open an exercise; nobody sits unless `seated`, then each seat is another user's."""
    then = stories.seat_cast if seated else actions.nobody
    return actions.create("Annual", at=NOVEMBER, then=then)


@kept
def before(verb: str = "", *, seated: bool = False, **asked: Any) -> Exercise:
    """Play the course up to `verb`, or to its end; `asked` changes what is asked for."""
    exercise = opened(seated=seated)
    for key, do, details in COURSE:
        if do == verb:
            break
        use(exercise, key, do, **(details | asked if do == "request_annual" else details))
    return exercise


def use(
    exercise: Exercise, key: str, do: str, *, at: datetime | None = None, **details: Any
) -> None:
    """Let a seat use a verb of the register on the only clearance of the exercise."""
    line = {"at": at or exercise.last_at, "by": key, "do": do, "with": details}
    stories.perform(exercise, line)
    exercise.refresh_from_db()


def clearance(exercise: Exercise) -> AnnualClearance:
    return AnnualClearance.objects.get(exercise=exercise)


def citing(
    exercise: Exercise, number: str, *, entry_at: datetime, side: str = "TR", **form: Any
) -> Revision:
    """Prepare alpha's flight to enter at `entry_at`, citing an annual number."""
    details = playing.prepared(side, entry_at=entry_at)
    details["form"] |= FLOWN | {"annual_number": number} | form
    planner = playing.seat(exercise, f"{side}-PLANNER")
    with acts.act(exercise, by=planner) as at:
        flight = kinds.doors()["prepare"](exercise, by=planner, at=at, **details)
    exercise.refresh_from_db()
    draft: Revision = flight.latest
    return draft
