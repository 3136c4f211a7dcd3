"""Marks: a pure function of an exercise's rows and the keys of its dossiers; never stored.

For one seat and each dossier that came to it: what it found, missed and saw where nothing is, what
it decided, and its states and day. Points need no explaining to be useful: first the counts.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import rules
from approvals import checks
from approvals.models import Answer, Confidence, Disposal
from audit import chain
from audit.models import Event
from casework.models import NoteKind
from exercises import parts
from exercises.models import DECIDERS, Role
from exercises.recorded import encode
from review import measures
from scenarios.book import Decision
from scenarios.models import Assignment
from transit import filing, plan_check
from transit.models import FlightStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from approvals.models import Mark, OwnCheck
    from exercises.models import Exercise, Seat
    from scenarios.models import HandIn
    from transit.models import FlightRequest, Revision

#: What a defect is worth that is found: the right fact and the right rule, or one of the two.
FULL, HALF = 2, 1

#: What a decision is worth, and what a false alarm costs.
RIGHT, ACCEPTABLE, FALSE_ALARM = 2, 1, 1

#: How often somebody is right who says so; between these the Brier score is counted.
SAID = {Confidence.SURE: 0.95, Confidence.FAIRLY: 0.75, Confidence.GUESS: 0.5}


#: The parts of a request that the marks read.
READ = (
    *("revisions__crossings", "revisions__goods", "marks", "checks", "questions", "ownchecks"),
    *("concurrences", "movements", "authorizations"),
)


class What(StrEnum):
    """What a line of the marks says."""

    HIT = "hit"
    HALF_HIT = "half"
    MISS = "miss"
    FALSE_ALARM = "false_alarm"
    REJECTION = "correct_rejection"
    KNOWN = "known"


class Verdict(StrEnum):
    """How good a decision was."""

    RIGHT = "right"
    ACCEPTABLE = "acceptable"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True)
class Line:
    """One line: a defect, a mark beside all of them, or a chapter in which all is in order.

    `about` is the kind of the defect or decoy, the code or words of the mark, or the chapter.
    """

    what: What
    about: str
    facts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    marked: str = ""
    confidence: str = ""

    @property
    def is_found(self) -> bool:
        """A defect was found, in whole or by half."""
        return self.what in (What.HIT, What.HALF_HIT)


@dataclass(frozen=True)
class DossierMarks:
    """The marks of one dossier at one seat; `right` are the decisions that count as right.

    `ground_right` is None where the seat refused nothing, or has no ground to name.
    """

    number: int
    case: str
    lines: tuple[Line, ...]
    decided: str
    verdict: Verdict
    right: tuple[str, ...]
    acceptable: tuple[str, ...]
    states_right: bool | None
    due_right: bool | None
    points: int
    of: int
    ground_right: bool | None = None

    def count(self, what: What) -> int:
        return sum(1 for line in self.lines if line.what == what)

    @property
    def hits(self) -> int:
        return sum(1 for line in self.lines if line.is_found)


@dataclass(frozen=True)
class Sheet:
    """The marks of one seat over a sitting."""

    seat: str
    dossiers: tuple[DossierMarks, ...] = field(default_factory=tuple)

    def count(self, what: What) -> int:
        return sum(one.count(what) for one in self.dossiers)

    @property
    def hits(self) -> int:
        return sum(one.hits for one in self.dossiers)

    @property
    def decisions_right(self) -> int:
        return sum(1 for one in self.dossiers if one.verdict == Verdict.RIGHT)

    @property
    def points(self) -> int:
        return sum(one.points for one in self.dossiers)

    @property
    def of(self) -> int:
        return sum(one.of for one in self.dossiers)

    @property
    def brier(self) -> float | None:
        """The Brier score of the marks; None: no mark."""
        told = [
            (SAID[Confidence(line.confidence)], line.is_found)
            for one in self.dossiers
            for line in one.lines
            if line.confidence and line.what != What.KNOWN
        ]
        return measures.brier(told)

    @property
    def digest(self) -> str:
        """SHA-256 of the marks: equal sittings, equal marks."""
        said = {name: encode(value) for name, value in asdict(self).items()}
        return hashlib.sha256(chain.canonical(said)).hexdigest()


def sheet(exercise: Exercise, seat: Seat) -> Sheet:
    """Return the marks of a seat on the dossiers that have come in."""
    given = Assignment.objects.filter(exercise=exercise, flight__host=seat.state)
    rows = read(given.order_by("number"), exercise)
    return Sheet(seat.key, tuple(of_dossier(row, seat) for row in rows))


def read(given: QuerySet[Assignment], exercise: Exercise) -> list[Assignment]:
    """Return dossiers that have come in with all that marks read, in a fixed number of queries."""
    rows = [*given.select_related("flight").prefetch_related("handins")]
    flights = [row.flight for row in rows if row.flight]
    for row in rows:
        row.exercise = exercise
    for flight in flights:
        flight.exercise = exercise
    parts.load(flights, *READ)
    return rows


def of_dossier(row: Assignment, seat: Seat) -> DossierMarks:
    """Return the marks of a seat on one dossier."""
    flight = row.flight
    assert flight is not None  # noqa: S101 - the note is in
    defects = [one for one in row.defects if is_for(seat, one, row)]
    done = handed_in(row, seat)
    made = [one for one in flight.marks.all() if _counts(one, seat, flight, done)]
    lines = [*_detection(row, seat, defects, made)]
    decided = decided_on(row, seat)
    right, acceptable = expected(row, seat, defects)
    verdict = _verdict(decided, right, acceptable)
    states, due = _own_check(row, seat)
    found = sum({What.HIT: FULL, What.HALF_HIT: HALF}.get(line.what, 0) for line in lines)
    found -= FALSE_ALARM * sum(1 for line in lines if line.what == What.FALSE_ALARM)
    most = FULL * len(defects)
    if not defects:  # nothing is wrong: who sees that gets what a defect is worth
        most = FULL
        found += FULL if made or decided else 0
    points = max(found, 0)
    points += {Verdict.RIGHT: RIGHT, Verdict.ACCEPTABLE: ACCEPTABLE}.get(verdict, 0)
    asked = [one for one in (states, due) if one is not None]
    return DossierMarks(
        number=row.number,
        case=flight.reference,
        lines=tuple(lines),
        decided=decided,
        verdict=verdict,
        right=right,
        acceptable=acceptable,
        states_right=states,
        due_right=due,
        points=points + sum(asked),
        of=most + RIGHT + len(asked),
        ground_right=_ground(row, seat, decided),
    )


def is_for(seat: Seat, defect: dict[str, Any], row: Assignment) -> bool:
    """Say whether a defect is the seat's to find; who decides looks at all of the form."""
    if seat.role in DECIDERS:
        return not row.plan
    return bool(defect["desk"] == seat.role)


def _is_of(mark: Mark, seat: Seat) -> bool:
    return (mark.state, mark.role) == (seat.state, seat.role) and mark.withdrawn_at is None


def _counts(mark: Mark, seat: Seat, flight: FlightRequest, done: HandIn | None) -> bool:
    """Say whether a mark counts: on the form as it was given, and as it stood at the hand-in.

    Of a form that came anew everybody sees what changed.
    """
    if (mark.state, mark.role) != (seat.state, seat.role):
        return False
    if not checks.reads_plan(seat) and mark.revision_id != _given_form(flight).pk:
        return False
    if done is None:
        return mark.withdrawn_at is None
    stood = mark.withdrawn_at is None or mark.withdrawn_at > done.made_at
    return stood and mark.made_at <= done.made_at


def _given_form(flight: FlightRequest) -> Revision:
    """Return the form that the dossier's note enclosed."""
    return next(iter(flight.revisions.all()))


def _detection(
    row: Assignment, seat: Seat, defects: list[dict[str, Any]], made: list[Mark]
) -> Iterable[Line]:
    """Give a line for each defect, for each mark that meets none, for each chapter in order."""
    of_plan = checks.reads_plan(seat)
    cited = _cited(row, seat)
    met = _met(defects, made)
    for nth, defect in enumerate(defects):
        codes, facts = (*defect["codes"],), (*defect["facts"],)
        told = met.get(nth)
        value = _worth(told, defect) if told else 0
        value = max(value, FULL if cited & {*codes} else 0)
        what = {FULL: What.HIT, HALF: What.HALF_HIT}.get(value, What.MISS)
        yield Line(what, defect["kind"], facts, codes, *_told(told))
    planted = {code for one in row.defects for code in one["codes"]}
    seen = {fact for one in defects for fact in one["facts"]}
    alarmed = set()
    for mark in made:
        if mark in met.values():
            continue
        facts = (*mark.facts,)
        is_known = mark.code in planted or mark.code in _really(row, seat)
        if is_known if mark.code else seen & {*facts}:
            yield Line(What.KNOWN, mark.code, facts, (mark.code,), *_told(mark))
            continue
        alarmed.add(chapter_of(mark.code, of_plan=of_plan))
        decoy = next((d["kind"] for d in row.key["decoys"] if {*d["facts"]} & {*facts}), "")
        yield Line(
            What.FALSE_ALARM, decoy or mark.code or mark.words, facts, (mark.code,), *_told(mark)
        )
    wrong = {chapter_of(code, of_plan=of_plan) for one in defects for code in one["codes"]}
    if made or decided_on(row, seat):
        for chapter in sorted(_chapters(seat) - wrong - alarmed):
            yield Line(What.REJECTION, chapter)


def _met(defects: list[dict[str, Any]], made: list[Mark]) -> dict[int, Mark]:
    """Return by which mark each defect is met, by its place: each mark meets one, the best first.

    Who marks every rule at one fact finds one thing there; the others are what they are.
    """
    pairs = [
        (-_worth(mark, defect), nth, place)
        for nth, defect in enumerate(defects)
        for place, mark in enumerate(made)
        if _worth(mark, defect)
    ]
    met: dict[int, Mark] = {}
    for _worthless, nth, place in sorted(pairs):
        if nth not in met and made[place] not in met.values():
            met[nth] = made[place]
    return met


def _worth(mark: Mark, defect: dict[str, Any]) -> int:
    """Return what a mark is worth for a defect: right fact and right rule, or one of them."""
    codes = defect["codes"]
    is_fact = bool({*mark.facts} & {*defect["facts"]})
    is_code = mark.code in codes if codes else is_fact and not mark.code
    return FULL if is_fact and is_code else HALF if is_fact or is_code else 0


def _told(mark: Mark | None) -> tuple[str, str]:
    return (mark.called, mark.confidence) if mark else ("", "")


def _cited(row: Assignment, seat: Seat) -> set[str]:
    """Return the rules that the seat asked about or put on file as a ground, of the form given."""
    flight, done = row.flight, handed_in(row, seat)
    assert flight is not None  # noqa: S101 - the note is in
    form = _given_form(flight)
    return {
        check.finding.partition(":")[0]
        for check in flight.checks.all()
        if check.dealt_by_id == seat.pk
        and check.disposal in (Disposal.ASKED, Disposal.REFUSED)
        and check.revision_id == form.pk
        and not (done and check.dealt_at > done.made_at)
    }


def _really(row: Assignment, seat: Seat) -> set[str]:
    """Return what the product finds on what the seat reads: to mark that is no false alarm."""
    flight = row.flight
    assert flight is not None  # noqa: S101 - the note is in
    flight.exercise = row.exercise
    if checks.reads_plan(seat):
        return {one.code for one in discrepancies(flight)}
    at = flight.received_at
    assert at is not None  # noqa: S101 - the note is in
    return {one.code for one in rules.findings(_given_form(flight), at=at)}


def discrepancies(flight: FlightRequest) -> list[plan_check.Discrepancy]:
    """Return where the flight plan differs from what was authorized; nothing if none is filed."""
    movement = checks.filed(flight)
    return filing.discrepancies(movement) if movement else []


def facts_of(code: str) -> tuple[str, ...]:
    """Return the facts in which a rule or a discrepancy shows."""
    known = {rule.code: rule.facts for rule in rules.rule_set(rules.LATEST)}
    return known.get(code) or plan_check.kinds()[code].facts


def chapter_of(code: str, *, of_plan: bool = False) -> str:
    """Return the chapter of a rule, `plan` of a discrepancy; nothing for no code.

    Some discrepancies are called as rules are.
    """
    known = {} if of_plan else {one.code: one.chapter for one in rules.rule_set(rules.LATEST)}
    return known.get(code, "plan" if code else "")


def _chapters(seat: Seat) -> set[str]:
    """Return the chapters in which the rules of a seat stand."""
    if checks.reads_plan(seat):
        return {"plan"}
    every = rules.rule_set(rules.LATEST)
    own = [rule for rule in every if rule.desk == seat.role]
    return {rule.chapter for rule in own or every}


def handed_in(row: Assignment, seat: Seat) -> HandIn | None:
    """Return what a seat handed in of a dossier, if it is done with it."""
    return next((one for one in row.handins.all() if one.seat_id == seat.pk), None)


def decided_on(row: Assignment, seat: Seat) -> str:
    """Return what a seat decided on a dossier: once it is handed in, what it had decided then."""
    done = handed_in(row, seat)
    return done.decided if done else _decided(row.flight, seat)


def _decided(flight: FlightRequest | None, seat: Seat) -> str:
    """Return what the seat did first that decides, by the verb of `scenarios.book.Decision`."""
    assert flight is not None  # noqa: S101 - the note is in
    if seat.role == Role.OPERATIONS:
        return _decided_on_plan(flight, seat)
    answers = [one for one in flight.concurrences.all() if one.answered_by_id == seat.pk]
    asked = [one.asked_at for one in flight.questions.all() if one.asked_by_id == seat.pk]
    answered_at = answers[0].answered_at if answers else None
    if asked and (answered_at is None or asked[0] <= answered_at):
        return Decision.ASK.value
    if seat.role == Role.REGISTRY:
        if flight.last_note(NoteKind.RETURN):
            return Decision.SEND_BACK.value
        return Decision.AUTHORIZE.value if flight.registered_at else ""
    if seat.role in DECIDERS:
        if flight.decided_by_id != seat.pk:
            return ""
        refused = flight.status == FlightStatus.REFUSED
        return (Decision.REFUSE if refused else Decision.AUTHORIZE).value
    if not answers:
        return ""
    refused = answers[0].answer == Answer.NON_CONCUR
    return (Decision.REFUSE if refused else Decision.AUTHORIZE).value


#: What operations do with a flight plan, by verb.
ON_PLANS = {"check_plan": Decision.RELEASE, "send_plan_back": Decision.HOLD}


def _decided_on_plan(flight: FlightRequest, seat: Seat) -> str:
    """Return what operations did first with the plan; it may have been filed anew since.

    The record says it. Who marked something and pressed nothing holds the plan.
    """
    events = Event.objects.of_case(flight.exercise, flight.reference).order_by("seq")
    verbs = (event.verb for event in events if event.seat == seat.key)
    first = next((ON_PLANS[verb] for verb in verbs if verb in ON_PLANS), None)
    if first is not None:
        return first.value
    said_why = any(_is_of(one, seat) for one in flight.marks.all())
    return Decision.HOLD.value if said_why else ""


def expected(
    row: Assignment, seat: Seat, defects: list[dict[str, Any]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which decisions of the seat are right, and which are acceptable.

    Nothing wrong of its own: it lets it pass. A desk has no return, and asks; the registry has no
    question, and returns or takes in.
    """
    passes = Decision.RELEASE if seat.role == Role.OPERATIONS else Decision.AUTHORIZE
    if not defects:
        return (passes.value,), ()
    right, also = row.key["decision"], [*row.key["acceptable"]]
    if seat.role == Role.REGISTRY:
        turned = {Decision.ASK.value: Decision.AUTHORIZE.value}
    elif seat.role == Role.OPERATIONS:
        turned = {}
    else:
        turned = {Decision.SEND_BACK.value: Decision.ASK.value}
    right = turned.get(right, right)
    also = [turned.get(one, one) for one in also]
    return (right,), tuple(dict.fromkeys(one for one in also if one != right))


def _verdict(decided: str, right: tuple[str, ...], acceptable: tuple[str, ...]) -> Verdict:
    if not decided:
        return Verdict.NONE
    if decided in right:
        return Verdict.RIGHT
    return Verdict.ACCEPTABLE if decided in acceptable else Verdict.WRONG


def _own_check(row: Assignment, seat: Seat) -> tuple[bool | None, bool | None]:
    """Say whether states and day due are right; None: operations reads the plan alone."""
    flight = row.flight
    assert flight is not None  # noqa: S101 - the note is in
    if checks.reads_plan(seat):
        return None, None
    own, key = own_check_of(flight, seat), row.key
    if own is None:
        return False, False
    return [*own.states] == key["states"], str(own.due_on) == key["due_on"]


def _ground(row: Assignment, seat: Seat, decided: str) -> bool | None:
    """Say whether the ground of a refusal is right; None where a desk, or nobody, refused."""
    flight = row.flight
    assert flight is not None  # noqa: S101 - the note is in
    if seat.role not in DECIDERS or decided != Decision.REFUSE or not flight.ground:
        return None
    return flight.ground in row.key["grounds"]


def own_check_of(flight: FlightRequest, seat: Seat) -> OwnCheck | None:
    """Return the first own check of a seat's officers on a flight."""
    mine = (seat.state, seat.role)
    return next((one for one in flight.ownchecks.all() if (one.state, one.role) == mine), None)
