"""Stories: scripted exercises, played through the same verbs and the same timeline."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from django.contrib.auth import get_user_model
from pydantic import AwareDatetime, ConfigDict, Field, PositiveInt, StrictBool, StringConstraints

from audit import acts, chain, verification
from audit.models import Event
from books import agreements, reading
from books.reading import Misfit, Record, Written, is_near
from casework import kinds
from control import actions
from exercises.models import Exercise, Help, Role, Seat
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

FOLDER = Path(__file__).parent / "scripts"

#: The names of the cast, fixed so that every play reuses them; all fictional.
CAST = {
    "PLANNER": "planner",
    "RELEASE": "release",
    "ATTACHE": "attache",
    "REGISTRY": "registry",
    "DEFENCE": "defence",
    "AIR_DEFENCE": "air-defence",
    "SECURITY": "security",
    "CIVIL_AVIATION": "civil-aviation",
    "DECIDER": "decider",
    "DEPUTY": "deputy",
    "OPERATIONS": "operations",
    "DUTY": "duty-officer",
    "INSTRUCTOR": "instructor",
}


#: Who holds every seat of a story that one person plays alone.
SOLO = "demo"


#: A moment with its zone; a bare one is UTC.
Moment = Annotated[AwareDatetime, Field(strict=True)]


class UnknownStory(LookupError):  # noqa: N818 - a look-up that found nothing
    """There is no story of that name."""


def _as_written(lines: list[Line]) -> list[dict[str, Any]]:
    return [line.model_dump(by_alias=True, exclude_unset=True) for line in lines]


class Line(Record):
    """One act of a script: who does what, when, with which parameters, about what.

    The case is named by its noun and number, `flight: 2`; without, it is the first.
    """

    model_config = ConfigDict(extra="allow")

    at: Moment
    by: str
    do: str
    details: dict[str, Any] = Field(default_factory=dict, alias="with")
    desk: str = ""
    question: PositiveInt = 1

    def misfits(self) -> Iterator[Misfit]:
        doors, cases = kinds.doors(), kinds.kinds()
        for name, number in (self.model_extra or {}).items():
            if name not in cases:
                yield (name,), f"is no kind of case; {is_near(name, cases)}"
            elif type(number) is not int or number < 1:
                yield (name,), "is no number of a case."
        verb = doors[self.do].row if self.do in doors else None
        if verb is None or not verb.roles:
            known = [code for code, door in doors.items() if door.row.roles]
            yield ("do",), f"{self.do} is no verb of a seat; {is_near(self.do, known)}"
            return
        role = self.by.rpartition("-")[2]
        if role in CAST and role not in verb.roles:
            yield ("by",), f"{self.do} is a move of: {', '.join(verb.roles)}."
        parameters = _parameters(self.do)
        for name in self.details.keys() - parameters.keys():
            yield ("with", name), f"is no parameter of {self.do}; {is_near(name, parameters)}"
        for name, parameter in parameters.items():
            if parameter.default is parameter.empty and name not in self.details:
                yield ("with",), f"{name} is missing, which {self.do} asks for."


class Story(Record):
    """A script: when it starts, who does what at which simulated moment, until when it runs.

    `agreement`, `help` and `solo` describe the exercise; a story that is not `ended` stays open
    for people to go on.
    """

    name: str = Field(alias="story")
    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    start: Moment
    until: Moment
    acts: Annotated[list[dict[str, Any]], Written(list[Line], _as_written)]
    agreement: str = agreements.SHIPPED
    help: Help = Help.OPEN
    solo: StrictBool = False
    ended: StrictBool = True

    def misfits(self) -> Iterator[Misfit]:
        if self.agreement not in agreements.codes():
            sentence = f"{self.agreement} is no agreement; "
            yield ("agreement",), sentence + is_near(self.agreement, agreements.codes())
            return
        states = self.agreement.split("-")
        seats = [f"{state}-{role}" for state in states for role in CAST if role != Role.INSTRUCTOR]
        seats.append(Role.INSTRUCTOR.value)
        passed = self.start
        for number, line in enumerate(self.acts):
            if line["by"] not in seats:
                sentence = f"{line['by']} is no seat; {is_near(line['by'], seats)}"
                yield ("acts", number, "by"), sentence
            if line["at"] < passed:
                yield ("acts", number, "at"), "is before what comes ahead of it."
            passed = max(passed, line["at"])
        if self.until < passed:
            yield ("until",), "is before the last act."


def names() -> list[str]:
    """Return the stories that are shipped."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(name: str) -> Story:
    """Return a story by its name, or by the path of its file, which ends in `.yaml`.

    Raises `UnknownStory` if there is none, and `BadFile` for one with faults.
    """
    if name in names():
        return _shipped(name).model_copy(deep=True)
    if name.endswith(".yaml") and Path(name).is_file():
        return read(Path(name))
    raise UnknownStory(f"There is no story {name!r}. There are: {', '.join(names())}.")


def read(path: Path) -> Story:
    """Read the file of a story. Raises `BadFile`."""
    return reading.read(path, Story)


@cache
def _shipped(name: str) -> Story:
    return read(FOLDER / f"{name}.yaml")


def _parameters(code: str) -> dict[str, inspect.Parameter]:
    """Return what a verb asks for besides its subject, who acts, and when."""
    parameters = inspect.signature(kinds.doors()[code]).parameters.values()
    return {
        one.name: one
        for one in parameters
        if one.kind is one.KEYWORD_ONLY and one.name not in ("by", "at")
    }


def provide(story: Story) -> None:
    """Play a story where there is no exercise yet, whole in the end however often it is cut short.

    What an earlier attempt left half told is erased first: nobody has sat in it.
    """
    for half in Exercise.objects.filter(provisional=True):
        by = half.seats.get(role=Role.INSTRUCTOR).holder
        assert by is not None  # noqa: S101 - seated in the act that opened it
        actions.erase(half, by=by)
    if not Exercise.objects.exists():
        play(story, provisional=True)


def play(
    story: Story,
    *,
    tell: Callable[[datetime, str], None] = lambda at, text: None,
    provisional: bool = False,
) -> Exercise:
    """Play a story into a new exercise and return it. `tell` hears of every act.

    `provisional` marks the exercise until the story is told.
    """
    exercise = stage(story, provisional=provisional)
    for line in story.acts:
        perform(exercise, line)
        tell(line["at"], f"{line['by']}: {line['do']}")
    finish(exercise, story)
    return Exercise.objects.get(pk=exercise.pk)


def stage(story: Story, *, provisional: bool = False) -> Exercise:
    """Open the exercise of a story, with the cast seated."""
    return actions.create(
        story.title,
        at=story.start,
        agreement=story.agreement,
        help_shown=story.help,
        solo=story.solo,
        provisional=provisional,
        then=seat_cast,
    )


def perform(exercise: Exercise, line: dict[str, Any]) -> None:
    """Perform one line of a script: a verb, by a seat, on a subject, at its moment."""
    seats = Seat.objects.select_related("exercise", "holder")
    seat = seats.get(exercise=exercise, ref=f"seat/{line['by']}")
    with acts.act(exercise, at=line["at"], by=seat) as at:
        door = kinds.doors()[line["do"]]
        subject = _subject(exercise, seat, line)
        door(subject, by=seat, at=at, **line.get("with", {}))


def finish(exercise: Exercise, story: Story) -> None:
    """Let time pass to the end of the story; end the exercise unless people go on.

    With that it is provisional no more.
    """
    instructor = Seat.objects.get(exercise=exercise, role=Role.INSTRUCTOR)
    with acts.act(exercise, at=story.until, by=instructor) as at:
        if story.ended:
            actions.end(exercise, by=instructor, at=at)
        else:
            actions.step(exercise, by=instructor, at=at)
        Exercise.objects.filter(pk=exercise.pk).update(provisional=False)  # no part of the record


def seat_cast(exercise: Exercise, at: datetime) -> None:
    """Seat the cast, inside an act: one fictional user for each seat, without password.

    Users are made where they are missing. In a solo exercise one user holds them all.
    """
    users = get_user_model()
    instructor = exercise.seats.get(role=Role.INSTRUCTOR)
    for seat in exercise.seats.order_by("pk"):
        name = SOLO if exercise.solo else _cast_name(seat.state, seat.role)
        user, is_new = users.objects.get_or_create(username=name)
        if is_new:
            user.set_unusable_password()
            user.save()
        actions.sit(seat, by=instructor, at=at, holder=name)


def cast_names() -> set[str]:
    """Return the user names of the cast, of every agreement that is shipped."""
    states = {state for code in agreements.codes() for state in code.split("-")}
    return {SOLO, *(_cast_name(state, role) for state in ("", *states) for role in CAST)}


def _cast_name(state: str, role: str) -> str:
    return "-".join(part for part in (state.lower(), CAST[role]) if part)


def outcome(exercise: Exercise, story: Story) -> dict[str, Any]:
    """Return what `play --json` prints: how the story ended and whether its record holds."""
    events = list(Event.objects.filter(exercise=exercise).in_order())
    return {
        "story": story.name,
        "exercise": exercise.pk,
        "digest": chain.digest(events),
        "audit_ok": not verification.faults(exercise),
        "events": len(events),
        "overdue_noted": overdue_noted(events),
        "flights": [_flight(flight) for flight in exercise_flights(exercise)],
    }


def overdue_noted(events: list[Event]) -> int:
    """Count the duties that the clock found overdue, each once however often escalated."""
    return sum(
        1
        for event in events
        if event.verb.startswith("escalate")
        and event.payload["rows"][event.payload["about"]].get("rung") == 1
    )


def exercise_flights(exercise: Exercise) -> list[FlightRequest]:
    return list(FlightRequest.objects.filter(exercise=exercise).order_by("pk"))


def _flight(flight: FlightRequest) -> dict[str, Any]:
    authorization = flight.authorizations.order_by("version").last()
    movement = flight.movements.order_by("number").first()
    return {
        "reference": flight.reference,
        "status": flight.status,
        "authorization": authorization
        and {"number": authorization.number, "status": authorization.status},
        "movement": movement and movement.status,
        "label": str(flight.label),
        "closed_at": flight.closed_at and flight.closed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _subject(exercise: Exercise, seat: Seat, line: dict[str, Any]) -> Any:
    """Return the row that a line is about: `flight: 2` names the case, else it is the first."""
    kind = next(one for one in kinds.kinds().values() if line["do"] in one.doors)
    name = kind.doors[line["do"]].row.subject
    if name == "exercise":
        return exercise
    cases = kind.model._default_manager.filter(exercise=exercise).order_by("pk")
    case = cases.get(number=line[kind.code]) if kind.code in line else cases[0]
    return kind.named[name](case, seat, line) if name in kind.named else case
