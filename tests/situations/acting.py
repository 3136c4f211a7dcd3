"""Exercises in mid-story, their form changed, for what a verb refuses or a clock counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import rules
from approvals.rounds import latest_round
from audit import acts
from control import actions, stories
from tests import playing
from tests.keeping import kept
from transit import filing
from transit.models import FlightRequest, Movement

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Exercise
    from rules import Finding

ALPHA = stories.load("alpha").acts


@kept
def played(
    until: str,
    story: str = "alpha",
    *,
    crossings: list[dict[str, Any]] | None = None,
    goods: list[dict[str, Any]] | None = None,
    **items: Any,
) -> Exercise:
    """Play a story, its form changed, up to the first time that `until` would be done."""
    told = stories.load(story)
    exercise = actions.create(told.title, at=told.start, agreement=told.agreement)
    for line in told.acts:
        if line["do"] == until:
            break
        stories.perform(exercise, _changed(line, crossings, goods, items))
    exercise.refresh_from_db()
    return exercise


def use(
    exercise: Exercise,
    key: str,
    do: str,
    *,
    at: datetime | None = None,
    flight: int | None = None,
    desk: str = "",
    **details: Any,
) -> None:
    """Let a seat use a verb on a flight, its movement, or the answer of a desk, its own if none."""
    line = {"at": at or exercise.last_at, "by": key, "do": do, "with": details}
    line |= {"flight": flight} if flight else {}
    stories.perform(exercise, line | ({"desk": desk} if desk else {}))
    exercise.refresh_from_db()


def pass_time(exercise: Exercise, *, to: datetime) -> None:
    """Let everything happen that is due up to a moment."""
    playing.conduct(exercise, "jump", to=to)
    acts.let_time_pass(exercise)
    exercise.refresh_from_db()


def flight(exercise: Exercise, number: int = 1) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise, number=number)


def movement(exercise: Exercise) -> Movement:
    return Movement.objects.get(exercise=exercise, flight__number=1)


def refile(exercise: Exercise, old: str = "", new: str = "") -> list[str]:
    """File alpha's plan with other words in it; return the codes of what differs."""
    [filed] = [line["with"]["message"] for line in ALPHA if line["do"] == "file_plan"]
    assert old in filed
    use(exercise, "TR-PLANNER", "file_plan", message=filed.replace(old, new))
    return [one.code for one in filing.discrepancies(movement(exercise))]


def release_plan(exercise: Exercise, **details: Any) -> None:
    """Let operations release the plan, an hour and a half before the entry."""
    entry_at = flight(exercise).entry_at
    assert entry_at is not None
    at = entry_at - timedelta(minutes=90)
    use(exercise, "KZ-OPERATIONS", "check_plan", at=at, **details)


def stored(exercise: Exercise, number: int = 1) -> list[Finding]:
    """Run the rules on the form that counts, now."""
    return rules.findings(flight(exercise, number).content, at=exercise.last_at)


def _changed(
    line: dict[str, Any],
    crossings: list[dict[str, Any]] | None,
    goods: list[dict[str, Any]] | None,
    items: dict[str, Any],
) -> dict[str, Any]:
    if line["do"] != "prepare":
        return line
    details = line["with"] | {"form": line["with"]["form"] | items}
    if crossings is not None:
        details["crossings"] = crossings
    if goods is not None:
        details["goods"] = goods
        details["form"]["dangerous_goods"] = "LIST"
    return line | {"with": details}


def amend(exercise: Exercise, *, entry_at: datetime | None = None, **items: Any) -> FlightRequest:
    """Amend alpha's flight: its form with other items, or another entry, sent by note."""
    form = playing.prepared("TR", entry_at=entry_at or flight(exercise).entry_at or ALPHA[0]["at"])
    number = FlightRequest.objects.filter(exercise=exercise).count() + 1
    use(exercise, "TR-PLANNER", "amend")
    form["form"] |= items
    del form["host"]
    use(exercise, "TR-PLANNER", "edit", flight=number, **form)
    use(exercise, "TR-PLANNER", "request_release", flight=number)
    use(exercise, "TR-RELEASE", "release", flight=number)
    use(exercise, "TR-ATTACHE", "transmit", flight=number, note_number=f"2026/05{number:02d}")
    return flight(exercise, number)


def examine(exercise: Exercise, number: int = 2) -> list[str]:
    """Let the host register an amendment and every desk that is asked concur; return those."""
    use(exercise, "KZ-REGISTRY", "register", flight=number)
    asked = [row.desk for row in latest_round(flight(exercise, number))]
    for desk in asked:
        if flight(exercise, number).agreement.desks[desk].has_seat:
            use(exercise, f"KZ-{desk}", "concur", flight=number, answer="CONCUR")
        else:
            told: dict[str, Any] = {"answer": "CONCUR", "paper": "Letter 17"}
            use(exercise, "KZ-DEFENCE", "enter_answer", flight=number, desk=desk, **told)
    return asked


def grant(exercise: Exercise, number: int = 2) -> None:
    """Let the host authorize an examined amendment and tell it by note."""
    use(exercise, "KZ-DECIDER", "authorize", flight=number)
    use(exercise, "KZ-REGISTRY", "reply", flight=number, note_number=f"KZ-2026/05{number:02d}")
