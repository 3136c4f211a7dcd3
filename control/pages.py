"""What the instructor's panel shows: clock, open work, flights, seats, health of the worker."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from approvals.models import Concurrence
from approvals.sight import LISTS, task_due
from approvals.words import tone
from audit.models import Event
from books import agreements
from casework import dates, kinds, work
from control import actions
from control.forms import RATES
from control.telling import next_happening, seat_name, tell
from exercises import clock, paging, parts
from exercises.models import Pace, Role
from exercises.paging import Rows
from roleplay.profiles import profiles
from transit.models import FlightRequest

if TYPE_CHECKING:
    from datetime import datetime

    from books.agreements import Label
    from casework.steps import Task
    from control.telling import Line
    from exercises.models import Exercise, Seat
    from exercises.paging import Count, Page
    from exercises.seating import SeatedRequest
    from transit.models import Revision

CLOCK_VERBS = ("pause", "run", "step", "jump", "try_again", "end", "close_days")
LATEST = 12
WORK_SHOWN = 20

#: A running exercise that no worker looked at for so long is in trouble.
SILENCE_ALLOWED = timedelta(seconds=30)

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Next:
    """The next opening or alarm, and what it is in words."""

    at: datetime
    what: str


@dataclass(frozen=True)
class OwedStep:
    """A step that somebody owes. `url` is the case as their seat sees it, `case_url` as this one.

    `what` says more of the step, where a desk answers.
    """

    task: Task
    case_url: str
    url: str
    what: str | Label
    seat: str
    due: dates.Shown | None


@dataclass(frozen=True)
class ShownFlight:
    """A flight with its newest revision, and the seats that owe a step on it."""

    flight: FlightRequest
    revision: Revision
    tone: str
    holders: list[str]


@dataclass(frozen=True)
class Flights:
    """A page of all flights, the open ones first, the newest first."""

    rows: list[ShownFlight]
    page: Page


@dataclass(frozen=True)
class ShownSeat:
    """A seat of the exercise; `work` counts the steps that it owes.

    `played` names the role-player that plays it while nobody holds it.
    """

    seat: Seat
    name: str
    played: str
    work: Count
    is_mine: bool


@dataclass(frozen=True)
class Worker:
    """Whether a worker lets time pass. `tone` is good, bad or idle; `silence` how long none did.

    Where the last sign of life lies ahead of the machine's clock, `ahead` says how far.
    """

    tone: Literal["good", "bad", "idle"]
    silence: str = ""
    ahead: str = ""


@dataclass(frozen=True)
class Panel:
    """The instructor's panel. `once` has a key for each form; `rates` are those allowed now."""

    once: dict[str, uuid.UUID]
    rates: list[int]
    is_limited: bool
    is_unattended: bool
    next: Next | None
    work: list[OwedStep]
    work_count: Count
    flights: Flights
    seats: list[ShownSeat]
    worker: Worker
    latest: list[Line]


def panel(request: SeatedRequest) -> Panel:
    """Return the panel as the exercise stands."""
    exercise, at = request.exercise, request.at
    fastest = actions.fastest(exercise)
    ahead = next_happening(exercise, at=at)
    events = Event.objects.filter(exercise=exercise).order_by("-seq")[:LATEST]
    return Panel(
        once={code: uuid.uuid4() for code in (*CLOCK_VERBS, "next", "stop")},
        rates=[rate for rate in RATES if rate <= fastest],
        is_limited=fastest < actions.FASTEST,
        is_unattended=request.reading.unattended,
        next=Next(*ahead) if ahead else None,
        work=[_owed(task, at) for task in work.open_work(exercise, at, first=WORK_SHOWN)],
        work_count=work.count(exercise, at),
        flights=_flights(request),
        seats=_seats(request),
        worker=worker(exercise),
        latest=[*tell(events, agreements.of(exercise))],
    )


def worker(exercise: Exercise) -> Worker:
    """Say whether a worker lets time pass; half a minute without a tick is a warning.

    Where the clock stands no tick comes: nothing can be said then, and nothing is amiss.
    """
    runs = not (exercise.ended_at or exercise.halted) and (
        exercise.rate > 0 or exercise.pace == Pace.STEP
    )
    if not runs:
        return Worker("idle")
    beat = exercise.beat
    ticked_at = beat.ticked_at if beat else None
    silence = clock.wall() - max(ticked_at or exercise.wall_anchor, exercise.wall_anchor)
    if -silence > clock.SET_BACK:
        return Worker("bad", ahead=_span(-silence))
    return Worker("good" if silence < SILENCE_ALLOWED else "bad", _span(max(silence, NOTHING)))


def _span(silence: timedelta) -> str:
    if silence < timedelta(minutes=1):
        return _("%(count)d s") % {"count": silence.total_seconds()}
    return dates.duration(silence)


def _flights(request: SeatedRequest) -> Flights:
    known = FlightRequest.objects.visible_to(request.seat).select_related("exercise")
    page = paging.page(
        [Rows("open", known.open(), ("-number",)), Rows("closed", known.closed(), ("-number",))],
        request.GET,
    )
    parts.load([one for _part, one in page.rows], *LISTS)
    return Flights(
        [
            ShownFlight(
                flight=one,
                revision=one.latest,
                tone=tone(one.status),
                holders=[_holder(task) for task in work.on(one, request.at)],
            )
            for _part, one in page.rows
        ],
        page,
    )


def _seats(request: SeatedRequest) -> list[ShownSeat]:
    exercise = request.exercise
    return [
        ShownSeat(
            seat=one,
            name=seat_name(one.key, agreements.of(exercise)),
            played=_played(exercise, one),
            work=work.count(exercise, request.at, seat=one),
            is_mine=one.holder_id == request.user.pk,
        )
        for one in exercise.seats.select_related("holder").order_by("pk")
    ]


def _played(exercise: Exercise, seat: Seat) -> str:
    profile = profiles().get(exercise.cast.get(seat.key, ""))
    return str(profile.label) if profile else ""


def _owed(task: Task, at: datetime) -> OwedStep:
    row = task.row
    return OwedStep(
        task=task,
        case_url=kinds.address(task.case, Role.INSTRUCTOR),
        url=kinds.address(task.case, _key(task)),
        what=row.definition.label if isinstance(row, Concurrence) else "",
        seat=_holder(task),
        due=task_due(task, at),
    )


def _holder(task: Task) -> str:
    return seat_name(_key(task), task.case.agreement)


def _key(task: Task) -> str:
    return f"{task.state}-{task.role}"
