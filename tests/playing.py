"""Exercises in mid-story, for tests that go on from there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import rules
from approvals import marking
from audit import acts
from audit.models import Event
from casework import kinds
from casework.notes import paper_of
from control import actions, stories
from exercises.models import Exercise, Help, Role, Seat
from exercises.seating import read_clock
from tests.keeping import kept
from transit import filing, plan_check
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from approvals.models import OwnCheck
    from papers.paper import Paper


@kept
def before(
    name: str, verb: str, *, seated: bool = False, help_shown: Help | None = None, **changes: Any
) -> Exercise:
    """Play a story up to the first time that `verb` would be done; nobody sits unless `seated`.

    `help_shown` is the story's unless given; `changes` are items of the form that say otherwise.
    """
    story = stories.load(name)
    exercise = actions.create(
        story.title,
        at=story.start,
        agreement=story.agreement,
        help_shown=help_shown or story.help,
        then=stories.seat_cast if seated else actions.nobody,
    )
    for line in story.acts:
        if line["do"] == verb:
            break
        stories.perform(exercise, _changed(line, changes) if changes else line)
    exercise.refresh_from_db()
    return exercise


@kept
def whole(name: str) -> Exercise:
    """Play a story to its end."""
    return stories.play(stories.load(name))


def _changed(line: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a script with other items in the form that it fills in, if it does."""
    details = line.get("with", {})
    if "form" not in details:
        return line
    return line | {"with": details | {"form": details["form"] | changes}}


def proposed_plan(exercise: Exercise, number: int | None = None) -> str:
    """Return the flight plan that the authorization of a flight, else of the first, calls for."""
    flights = FlightRequest.objects.filter(exercise=exercise).order_by("pk")
    flight = flights.get(number=number) if number else flights[0]
    authorization = flight.authorizations.last()
    assert authorization is not None
    return filing.proposed(authorization)


def prepared(side: str, *, entry_at: datetime) -> dict[str, Any]:
    """Return what a planner of `side` prepares in a story, moved to enter at `entry_at`."""
    story = stories.load("alpha" if side == "TR" else "mirror")
    details = next(line["with"] for line in story.acts if line["do"] == "prepare")
    planned = next(
        row["entry_at"] for row in details["crossings"] if row["state"] == details["host"]
    )
    moved: dict[str, Any] = _moved(details, entry_at - planned)
    return moved


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, datetime):
        return value + by
    if isinstance(value, dict):
        return {key: _moved(item, by) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    return value


def seat(exercise: Exercise, key: str) -> Seat:
    """Return the seat `KZ-REGISTRY` of an exercise."""
    return Seat.objects.get(exercise=exercise, ref=f"seat/{key}")


def conduct(
    exercise: Exercise, verb: str, *, at: datetime | None = None, **details: Any
) -> datetime:
    """Let the instructor work the clock; return the simulated moment at which it happened."""
    instructor = Seat.objects.get(exercise=exercise, role=Role.INSTRUCTOR)
    with acts.act(exercise, at=at, by=instructor, catch_up=verb != "pause") as moment:
        getattr(actions, verb)(exercise, by=instructor, at=moment, **details)
    exercise.refresh_from_db()
    return moment


def check_alone(
    exercise: Exercise, key: str, *codes: str, states: list[str], number: int = 1, **details: Any
) -> OwnCheck:
    """Let an officer mark these codes, each at its first fact, and close its own check."""
    officer = seat(exercise, key)
    flight = FlightRequest.objects.get(exercise=exercise, number=number)
    known = {rule.code: rule.facts for rule in rules.rule_set(rules.LATEST)}
    known |= {code: kind.facts for code, kind in plan_check.kinds().items()}
    for code in codes:
        with acts.act(exercise, by=officer) as at:
            marking.mark(
                flight, by=officer, at=at, fact=known[code][0], code=code, confidence="SURE"
            )
    with acts.act(exercise, by=officer) as at:
        own: OwnCheck = marking.own_check(flight, by=officer, at=at, states=states, **details)
    exercise.refresh_from_db()
    return own


def verbs(exercise: Exercise) -> list[str]:
    """Return what happened, in order."""
    return [event.verb for event in Event.objects.filter(exercise=exercise).in_order()]


def conduct_of(exercise: Exercise, verb: str, subject: Seat, **details: Any) -> None:
    """Let the instructor do something about a seat."""
    instructor = Seat.objects.get(exercise=exercise, role=Role.INSTRUCTOR)
    with acts.act(exercise, by=instructor) as at:
        getattr(actions, verb)(subject, by=instructor, at=at, **details)


def conduct_seat(exercise: Exercise, chosen: Seat, *, holder: str) -> None:
    """Let the instructor give a taken seat to another user."""
    conduct_of(exercise, "vacate", chosen)
    conduct_of(exercise, "sit", chosen, holder=holder)


def conduct_put(exercise: Exercise, holders: dict[str, str], *, by: Seat) -> None:
    """Let the instructor give empty seats, by key, to users."""
    for key, holder in holders.items():
        with acts.act(exercise, by=by) as at:
            actions.sit(seat(exercise, key), by=by, at=at, holder=holder)


def lift(exercise: Exercise, *, by: Seat) -> datetime:
    """Let the instructor lift a halt; return where the clock stands afterwards."""
    with acts.act(exercise, by=by, catch_up=False) as at:
        actions.try_again(exercise, by=by, at=at)
    exercise.refresh_from_db()
    return read_clock(exercise).at


def papers(exercise: Exercise) -> Iterator[tuple[Any, Any, Paper]]:
    """Give every paper of an exercise with its case and its row, as exercise control reads them."""
    control = seat(exercise, "INSTRUCTOR")
    for kind in kinds.kinds().values():
        for case in kind.visible_to(control):
            for row in kind.papers(case, control).values():
                yield case, row, kind.paper(case, row)


def changed_papers(exercise: Exercise) -> list[str]:
    """Return the papers that do not come out as the record says that they were sent."""
    events = Event.objects.filter(exercise=exercise)
    documents = (one for event in events for one in event.payload["documents"])
    sent = {one["name"]: one["sha256"] for one in documents}
    return [
        row.ref for _case, row, paper in papers(exercise) if sent.get(paper_of(row)) != paper.digest
    ]
