"""When a role-player acts: the moment of its next step on a case.

It follows from what is owed and since when, the time allowed for it, the office hours of its
state, its profile and the exercise's seed; so it is the same whatever ticks and speeds there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from casework import kinds, work
from casework.models import Case, CaseRow
from exercises.models import Exercise, Role, Seat
from roleplay.profiles import Profile, profiles
from scenarios.lots import Lots
from transit.models import Crossing, DangerousGood, FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.deed import Deed
    from casework.steps import Task
    from exercises.recorded import Recorded

MINUTE = timedelta(minutes=1)

#: Steps that are taken by day and by night, by whoever is on duty.
ROUND_THE_CLOCK = frozenset(
    {
        *("filing", "flight_plan", "entry", "exit"),
        *("notification", "acknowledgement", "receipt", "instruction"),
    }
)

#: Steps that follow an aircraft, not an allowance: so many minutes after they open.
OF_THE_FLIGHT = {"entry": (4, 12), "exit": (4, 12)}

#: Who besides its owner does something about a step, and before it.
BESIDE = {"question": (Role.PLANNER,)}

#: Before the entry so many steps follow each other; each gets its part of the time that is left.
STEPS_TO_COME = 6

#: When everything that is owed, and opens later, has opened.
SOME_DAY = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Turn:
    """One step that a role-player has before it, and when it takes it.

    Not `is_dated`: nothing says since when it is owed, and it is counted from the last touch.
    """

    task: Task
    seat: Seat
    profile: Profile
    moment: datetime
    is_dated: bool

    @property
    def case(self) -> Any:
        """The case, whatever its kind; the choice for its step knows which."""
        return self.task.case

    def chance(self, *of: str) -> Lots:
        """Return the lots for one thing that is left to chance: the same draw each time."""
        return _lots(self.case.exercise, self.task, *of)


def turns(case: Case, at: datetime) -> list[Turn]:
    """Return the turns of the role-players on a case after `at`, first come first."""
    exercise = case.exercise
    if not exercise.cast or exercise.ended_at:
        return []
    seats = {seat.key: seat for seat in exercise.seats.all() if seat.holder_id is None}
    found = []
    for task in work.on(case, SOME_DAY):
        for role in (*BESIDE.get(task.duty.code, ()), task.role):
            seat = seats.get(f"{task.state}-{role}")
            profile = seat and profiles().get(exercise.cast.get(seat.key, ""))
            if seat and profile and profile.acts:
                since = max((one for one in (_since(task), task.opens_at) if one), default=None)
                moment = max(_moment(task, profile, since or at), _minute(at) + MINUTE)
                found.append(Turn(task, seat, profile, moment, is_dated=since is not None))
    return sorted(found, key=lambda turn: turn.moment)


def due(case: Case, at: datetime) -> tuple[list[Turn], list[Turn]]:
    """Return the turns that may be taken at `at`, first come first, and those that come later.

    Of the first, one that no row dates comes after all others: its moment is not known any more.
    """
    found = turns(case, at - MINUTE)
    ripe = [turn for turn in found if turn.moment <= at]
    undated = [turn for turn in found if turn.moment > at and not turn.is_dated]
    return ripe + undated, [turn for turn in found if turn.moment > at]


def plan(deed: Deed, at: datetime, *, model: type[Case]) -> Iterator[Recorded]:
    """Set anew when the next turn is on what a verb touched; give the cases that changed."""
    if not deed.exercise.cast:
        return
    for case in _touched(deed, model):
        moment = coming(case, at)
        if case.turn_at != moment:
            case.turn_at = moment
            yield case


def plan_all(exercise: Exercise) -> None:
    """Set when the next turn is on each case of an exercise that came from a record."""
    if not exercise.cast:
        return
    for case in {task.case for task in work.open_work(exercise, SOME_DAY)}:
        case.turn_at = coming(case, exercise.last_at)
        case.save(update_fields=["turn_at"])  # no part of the record


def coming(case: Case, at: datetime) -> datetime | None:
    """Return when the next turn on a case is after `at`; None where none comes."""
    return next((turn.moment for turn in turns(case, at)), None)


def _touched(deed: Deed, model: type[Case]) -> list[Case]:
    """Return the cases that were touched: all, where somebody sat down or left."""
    if "cast" in (deed.rows.get(deed.exercise.ref) or {}) or any(
        isinstance(row, Seat) for row in deed.saved
    ):
        waiting = {task.case for task in work.open_work(deed.exercise, SOME_DAY)}
        keys = {case.pk for case in waiting if isinstance(case, model)}
        kind = next(one for one in kinds.kinds().values() if one.model is model)
        return [case for _key, case in deed.load(model, keys, kind.lists)]
    rows: Iterable[Any] = (
        row.revision if isinstance(row, Crossing | DangerousGood) else row for row in deed.saved
    )
    rows = (row for row in rows if isinstance(row, CaseRow))
    cases = {row.of.ref: row.of for row in rows if isinstance(row.of, model)}
    return [*cases.values()]


def _moment(task: Task, profile: Profile, since: datetime) -> datetime:
    """Return when a step is taken that is owed since then, in whole minutes, UTC."""
    lots = _lots(task.case.exercise, task, f"{since:%Y-%m-%dT%H:%M:%S}")
    if task.duty.code in OF_THE_FLIGHT:
        moment = since + lots.between(*OF_THE_FLIGHT[task.duty.code]) * MINUTE
    elif task.due_at and task.due_at > since:
        least, most = profile.share
        allowed = min(task.due_at - since, _left(task.case, since, profile))
        moment = since + allowed * (least + (most - least) * lots.share())
    else:
        usual = lots.between(*profile.minutes) * MINUTE
        moment = since + min(usual, _left(task.case, since, profile))
    moment = _minute(moment)
    if task.duty.code in ROUND_THE_CLOCK or _is_urgent(task.case):
        return moment
    opens = task.case.exercise.office(task.state).next_open(moment)
    if opens > moment:  # the first hour of the day
        opens += lots.between(1, 60) * MINUTE
    return opens


def _since(task: Task) -> datetime | None:
    """Return the moment from which a step is owed; None where the row does not say."""
    moment: datetime | None = getattr(task.row, "owed_since", None)
    return moment


def _left(case: Case, since: datetime, profile: Profile) -> timedelta:
    """Return how long a step may take that the flight can wait for: others come after it."""
    if not (profile.hurries and isinstance(case, FlightRequest) and case.is_undecided):
        return timedelta.max
    return max(case.entry_at - since, MINUTE) / STEPS_TO_COME if case.entry_at else timedelta.max


def _is_urgent(case: Case) -> bool:
    return case.track is not None and case.track.lead_time.unit == "hours"


def _lots(exercise: Exercise, task: Task, *of: str) -> Lots:
    return Lots(" ".join((str(exercise.seed), task.row.ref, task.duty.code, *of)))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
