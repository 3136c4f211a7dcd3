"""Sittings that nobody sits: an officer of one habit plays a desk's dossiers.

They are the test of the marks: who reads the key has every point, who refuses all has not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from approvals import checks, facts
from approvals.models import Concurrence
from audit import acts
from audit.refusals import Refused
from casework import kinds, work
from control import practice
from exercises.models import Role, Seat
from review import choosing, marks
from scenarios import conduct
from scenarios.book import Decision
from scenarios.lots import Lots
from scenarios.models import Assignment, Purpose, Sitting

if TYPE_CHECKING:
    from datetime import datetime

    from casework.steps import Task
    from exercises.models import Exercise
    from scenarios.keys import Case

#: Who holds the seat of a sitting that nobody sits.
HOLDER = "practice"

#: How much a sloppy officer overlooks, and how often it sees what is not there.
OVERLOOKS, IMAGINES = 0.4, 0.15


@dataclass(frozen=True)
class Finding:
    """What an officer is about to mark."""

    fact: str
    code: str = ""
    words: str = ""


@dataclass(frozen=True)
class Opinion:
    """What an officer makes of a dossier: what it marks, states and day, what it decides."""

    decides: str
    found: tuple[Finding, ...] = ()
    states: tuple[str, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True)
class Look:
    """What an officer looks at; the key is for whoever has read it."""

    row: Assignment
    seat: Seat
    codes: dict[str, str]
    lots: Lots

    @property
    def defects(self) -> list[dict[str, Any]]:
        return [one for one in self.row.defects if marks.is_for(self.seat, one, self.row)]

    @property
    def passes(self) -> str:
        """How the seat lets a dossier pass."""
        released = self.seat.role == Role.OPERATIONS
        return (Decision.RELEASE if released else Decision.AUTHORIZE).value

    @property
    def stops(self) -> str:
        """How the seat stops one."""
        stopping = {Role.REGISTRY: Decision.SEND_BACK, Role.OPERATIONS: Decision.HOLD}
        return stopping.get(Role(self.seat.role), Decision.REFUSE).value


def perfect(look: Look) -> Opinion:
    """Who has read the key."""
    [right], _also = marks.expected(look.row, look.seat, look.defects)
    return Opinion(
        right,
        tuple(_of_defect(look, one) for one in look.defects),
        tuple(look.row.key["states"]),
        date.fromisoformat(look.row.key["due_on"]),
    )


def sloppy(look: Look) -> Opinion:
    """Who overlooks some, imagines some, and decides on what was seen."""
    whole = perfect(look)
    seen = tuple(one for one in whole.found if not look.lots.falls(OVERLOOKS))
    decides = whole.decides if seen or not whole.found else look.passes
    if look.lots.falls(IMAGINES):
        code = look.lots.one_of(sorted(look.codes))
        seen = (*seen, Finding(marks.facts_of(code)[0], code))
    return replace(whole, found=seen, decides=decides)


def refuse_all(look: Look) -> Opinion:
    """Who stops everything, without a look."""
    return Opinion(look.stops)


def authorize_all(look: Look) -> Opinion:
    """Who lets everything pass, without a look."""
    return Opinion(look.passes)


def mark_all(look: Look) -> Opinion:
    """Who marks every rule of the desk, and asks about it."""
    found = tuple(Finding(marks.facts_of(code)[0], code) for code in sorted(look.codes))
    asks = look.seat.role not in (Role.REGISTRY, Role.OPERATIONS)
    return Opinion(Decision.ASK.value if asks else look.stops, found)


def silent(look: Look) -> None:
    """Who does nothing."""


Habit = Callable[[Look], "Opinion | None"]

OFFICERS: dict[str, Habit] = {
    "perfect": perfect,
    "sloppy": sloppy,
    "refuse-all": refuse_all,
    "authorize-all": authorize_all,
    "mark-all": mark_all,
    "silent": silent,
}


def play(officer: str, cases: list[Case], *, desk: Role, seed: int) -> tuple[Exercise, marks.Sheet]:
    """Play a sitting of these dossiers to its end; return the exercise and the marks.

    `seed` decides what role-players and a sloppy officer leave to chance.
    """
    holder, _made = User.objects.get_or_create(username=HOLDER)
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE, cases, desk=desk, seed=seed, person=holder
    )
    candidate = _Candidate(exercise, seat, OFFICERS[officer], seed)
    goes_on = practice.pass_on(exercise, seat)
    while goes_on is not None:
        goes_on = practice.pass_on(exercise, seat, over_work=not candidate.does_something())
    return exercise, marks.sheet(exercise, seat)


def play_chosen(
    officer: str, *, desk: Role, level: int, seed: int, number: int, now: datetime
) -> Sitting:
    """Play a sitting of so many dossiers, each chosen when the one before it is handed in.

    `now` is the real moment by which what was met before is due again.
    """
    holder, _made = User.objects.get_or_create(username=HOLDER)
    choice = choosing.first(HOLDER, desk=desk, level=level, seed=seed, now=now)
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE,
        [choice.case],
        desk=desk,
        seed=seed,
        person=holder,
        level=level,
        chosen=asdict(choice.reason),
    )
    sitting = Sitting.objects.get(exercise=exercise)
    candidate = _Candidate(exercise, seat, OFFICERS[officer], seed)
    for nth in range(1, number + 1):
        if nth > 1:
            choice = choosing.following(sitting, now=now, at=exercise.last_at)
            practice.give(sitting, choice.case, asdict(choice.reason))
        candidate.is_done_with(nth)
    return sitting


@dataclass
class _Candidate:
    """An officer in its seat; `looked_at` are the dossiers that it has an opinion of."""

    exercise: Exercise
    seat: Seat
    habit: Habit
    seed: int
    looked_at: set[str] = field(default_factory=set)

    def does_something(self) -> bool:
        """Do the first of the seat's steps about which there is something to do; say whether."""
        tasks = work.open_work(self.exercise, self.exercise.last_at)
        return any(self._takes(task) for task in tasks if task.is_of(self.seat))

    def is_done_with(self, number: int) -> None:
        """Let time pass until there is a decision on a dossier, or nothing comes; hand it in."""
        others = Assignment.objects.filter(exercise=self.exercise).exclude(number=number)
        but = {row.case for row in others.select_related("flight")}
        goes_on = practice.pass_on(self.exercise, self.seat, but=but)
        while goes_on is not None and not self._decided_on(number):
            over_work = not self.does_something()
            goes_on = practice.pass_on(self.exercise, self.seat, over_work=over_work, but=but)
        decided = self._decided_on(number)
        with acts.act(self.exercise, by=self.seat) as at:
            conduct.hand_in(self._dossier(number), by=self.seat, at=at, decided=decided)
        self.exercise.refresh_from_db()

    def _dossier(self, number: int) -> Assignment:
        rows = Assignment.objects.select_related("flight").prefetch_related("handins")
        return rows.get(exercise=self.exercise, number=number)

    def _decided_on(self, number: int) -> str:
        return marks.decided_on(self._dossier(number), self.seat)

    def _takes(self, task: Task) -> bool:
        flight: Any = task.case
        row = Assignment.objects.filter(flight=flight.pk).first()
        if row is None:
            return False
        codes = checks.known_codes(flight, self.seat)
        look = Look(row, self.seat, codes, Lots(f"{self.seed} {row.ref}"))
        opinion = self.habit(look)
        if opinion is None:
            return False
        own_check = {"states": [*opinion.states], "due_on": opinion.due_on}
        if flight.ref in self.looked_at:
            return self._looks_again(task, look, opinion, own_check)
        self.looked_at.add(flight.ref)
        for one in opinion.found:
            told = {"fact": one.fact, "code": one.code, "words": one.words}
            self._does("mark", flight, **told, confidence="SURE")
        self._does("own_check", flight, **own_check)
        self._decides(task, opinion.decides)
        return True

    def _looks_again(
        self, task: Task, look: Look, opinion: Opinion, own_check: dict[str, Any]
    ) -> bool:
        """Go on with what was asked or returned: a form that came anew passes, words do not."""
        flight: Any = task.case
        decides = opinion.decides
        if decides in (Decision.ASK, Decision.SEND_BACK):
            is_new = flight.examined.number > 1
            self._does("own_check", flight, **own_check)
            decides = look.passes if is_new else look.stops
        return self._decides(task, decides)

    def _decides(self, task: Task, decides: str) -> bool:
        """Do the verb of a decision, as far as it is the step that is owed."""
        flight, row = task.case, task.row
        words = "As marked in the own check."
        if decides == Decision.ASK:
            return self._does("ask", flight, text=words)
        if isinstance(row, Concurrence):
            if not row.definition.has_seat:
                return self._does("enter_answer", row, answer="CONCUR", paper="Letter 1")
            if decides == Decision.REFUSE:
                return self._does("concur", row, answer="NON_CONCUR", reason=words)
            return self._does("concur", row, answer="CONCUR")
        match task.duty.code, decides:
            case "registration", Decision.SEND_BACK:
                return self._does("send_back", flight, missing=words)
            case "registration", _:
                return self._does("register", flight)
            case "reply", _:
                return self._does("reply", flight, note_number="")
            case "decision", Decision.REFUSE:
                ground = next(iter(flight.agreement.grounds))
                return self._does("refuse", flight, ground=ground, reasons=words)
            case "decision", _:
                return self._does("authorize", flight)
            case "flight_plan", Decision.RELEASE:
                return self._does("check_plan", row, remarks=words)
        return False

    def _does(self, verb: str, subject: Any, /, **details: Any) -> bool:
        """Do a verb as anybody would; say whether it was done."""
        try:
            with acts.act(self.exercise, by=self.seat) as at:
                kinds.doors()[verb](subject, by=self.seat, at=at, **details)
        except (Refused, ValidationError):
            return False
        self.exercise.refresh_from_db()
        return True


def _of_defect(look: Look, defect: dict[str, Any]) -> Finding:
    """Return the finding that names a defect: at a fact of it, by a rule of the desk."""
    known = facts.to_mark(checks.reads_plan(look.seat))
    fact = next((one for one in defect["facts"] if one in known), next(iter(known)))
    code = next((one for one in defect["codes"] if one in look.codes), "")
    return Finding(fact, code, "" if code else defect["kind"])
