"""The book of rules: what a rule is, which of them an exercise pinned, and running them.

A rule is a function that looks at a `Matter` and yields what it hits; its code, severity, facts,
sentence and source stand above it in `@rule`. Changing a rule means ending the old one (`until`)
and writing another with the same code (`since`), so that a pinned rule set stays as it was.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import InitVar, dataclass, field
from functools import cache, cached_property
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import get_language

from airspace import points, reference
from airspace.crossings import drawn
from books import shipping_names
from books.goods import Entry
from exercises.statements import Statement
from neighbours import telling
from rules import declaration
from transit.models import FLOWN, Movement, MovementStatus

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from airspace.crossings import Route
    from books.agreements import Agreement
    from exercises.models import Role
    from neighbours.models import ToldClearance
    from transit.models import Crossing, DangerousGood, FlightRequest, Revision
    from transit.severity import Severity

#: The rule sets that an exercise may pin, and the one that a new exercise does.
VERSIONS = ("1", "2")
LATEST = VERSIONS[-1]

#: The modules that hold rules, in the order in which a desk reads its checks.
CHAPTERS = ("scope", "route", "water", "notice", "annual", "load", "zones", "closed")


@dataclass(frozen=True)
class Hit:
    """What a rule found: the thing it is about, and the sentence for this form.

    `weighs`: how much it weighs on this form, where that is less than the rule says.
    """

    sentence: str
    about: str = ""
    weighs: Severity | None = None


Look = Callable[["Matter"], Iterator[Hit]]


@dataclass(frozen=True)
class Rule:
    """One rule. `says` is the rule in one plain sentence, `desk` whose check it is.

    `facts` are where it shows: items of the form (`route`), columns of its crossings and goods
    (`crossings.entry_at`, `goods.un_number`) that it weighs against each other or quotes. What only
    tells which row is meant, words a sentence or lets a form off is none.
    `clause` names the part of the agreement or of the training procedure that it applies; `source`
    the publication, empty for a training default. `situations` are the numbered procedural
    situations that it answers. `is_inside`: it rests on what the host alone knows.
    `looks_around`: it asks for other flights, so what it finds may change though the form does not.
    In force in the rule sets from `since` to before `until`.
    """

    code: str
    severity: Severity
    desk: Role
    facts: tuple[str, ...]
    says: _StrPromise
    clause: str
    look: Look
    source: str = ""
    situations: tuple[int, ...] = ()
    is_inside: bool = False
    looks_around: bool = False
    since: int = 1
    until: int | None = None

    @property
    def chapter(self) -> str:
        return self.look.__module__.rpartition(".")[2]

    def is_in(self, version: str) -> bool:
        """Say whether the rule belongs to a rule set."""
        return self.since <= int(version) and (self.until is None or int(version) < self.until)


@dataclass(frozen=True)
class Finding:
    """One rule's hit on one revision; `key` names it from one revision to the next."""

    rule: Rule
    hit: Hit

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.hit.weighs or self.rule.severity

    @property
    def facts(self) -> tuple[str, ...]:
        return self.rule.facts

    @property
    def sentence(self) -> str:
        return self.hit.sentence

    @property
    def key(self) -> str:
        return f"{self.code}:{self.hit.about}" if self.hit.about else self.code


@dataclass
class Matter:
    """What a rule looks at: one form as it stands at a moment, and what follows from it.

    Rules read the moment only as that of receipt: of what has been received, they find the same
    whenever they look. What they read else is the form, what the exercise pins and, those that
    look around, other flights; `read` names all but the last.
    """

    revision: Revision
    at: InitVar[datetime]
    flight: FlightRequest = field(init=False)
    received_at: datetime = field(init=False)

    def __post_init__(self, at: datetime) -> None:
        self.flight = self.revision.flight
        self.received_at = self.revision.received_at(at)

    @property
    def read(self) -> Hashable:
        """All that rules read which do not look around, and the language in which they say it."""
        exercise, flight = self.flight.exercise, self.flight
        return (
            get_language(),
            (exercise.rules_version, exercise.calendar_version),
            tuple((row["state"], row["day"]) for row in exercise.closures),
            (exercise.agreement, exercise.agreement_version),
            (flight.requesting_state, flight.host),
            self.received_at,
            self.revision.digest,
            (*self.revision.uncovered,),
            self.revision.changed and self.revision.track.code,
            tuple(
                (row.state, row.clearance_number, row.valid_from, row.valid_until)
                for row in self.told.values()
            ),
        )

    @property
    def agreement(self) -> Agreement:
        return self.flight.agreement

    @property
    def is_of_first_set(self) -> bool:
        """Rule set 1 reads some of the form otherwise, where a rule says so."""
        return self.flight.exercise.rules_version == "1"

    @cached_property
    def told(self) -> dict[str, ToldClearance]:
        """What the host was told by note of the states on the way, by state."""
        return telling.told(self.flight)

    @cached_property
    def crossings(self) -> list[Crossing]:
        return list(self.revision.crossings.all())

    @cached_property
    def goods(self) -> list[DangerousGood]:
        return list(self.revision.goods.all())

    @cached_property
    def lines(self) -> list[declaration.Line]:
        return [declaration.Line.of(row) for row in self.goods]

    @cached_property
    def faults_of_goods(self) -> list[declaration.Fault]:
        """What is wrong with the list; rule set 1 knows no name abroad and no attendants."""
        revision = self.revision
        is_first = self.is_of_first_set
        called = Entry.is_called if is_first else shipping_names.is_called
        return [
            *declaration.faults_of_list(
                self.lines,
                revision.passenger_count or 0,
                revision.cargo_kg,
                revision.dangerous_goods,
                attendants=0 if is_first else revision.attendant_count,
                called=called,
            ),
            *(fault for line in self.lines for fault in declaration.faults(line, called)),
        ]

    @cached_property
    def route(self) -> Route | None:
        """The route as drawn; None where none is given that can be drawn.

        Nor does the map know a way into a fictional state.
        """
        if self.flight.host not in reference.states():
            return None
        try:
            return drawn(self.revision.route)
        except points.RouteError:
            return None

    @cached_property
    def aircraft(self) -> reference.AircraftType | None:
        return reference.aircraft_types().get(self.revision.aircraft_type)

    @cached_property
    def held_against(self) -> list[Movement]:
        """Movements of the operator's other flights that ended in findings or lack their report.

        They are those that the host saw flown. Only these are asked for: what went well may be
        thousands.
        """
        flight = self.flight
        asked = (flight.exercise_id, flight.requesting_state, flight.host, self.revision.operator)
        found = _HELD_AGAINST.rows(*asked, using=flight._state.db)
        return [one for one in found if one.flight_id != flight.pk]

    @property
    def knots(self) -> float | None:
        """The cruise speed: as stated, else of the type."""
        return self.revision.cruise_knots or (self.aircraft.cruise_ktas if self.aircraft else None)


_HELD_AGAINST = Statement(
    lambda exercise, requesting_state, host, operator: (
        Movement.objects.filter(
            Q(status=MovementStatus.CLOSED_WITH_FINDINGS)
            | Q(status__in=FLOWN, duty="closure", reported_at=None),
            exercise=exercise,
            flight__requesting_state=requesting_state,
            flight__host=host,
            entered_at__isnull=False,
            authorization__revision__operator=operator,
        )
        .select_related("flight")
        .order_by("flight__number")
    )
)

_RULES: list[Rule] = []


def rule(
    code: str, severity: Severity, desk: Role, *, facts: tuple[str, ...], **details: Any
) -> Callable[[Look], Look]:
    """Enter a rule into the book; `facts` and `details` as in `Rule`."""

    def enter(look: Look) -> Look:
        _RULES.append(Rule(code, severity, desk, facts, look=look, **details))
        return look

    return enter


@cache
def rule_set(version: str) -> tuple[Rule, ...]:
    """Return the rules of a rule set, in the order of the book; none for the empty version."""
    for chapter in CHAPTERS:
        import_module(f"rules.{chapter}")
    found = (one for one in _RULES if version and one.is_in(version))
    return tuple(sorted(found, key=lambda one: CHAPTERS.index(one.chapter)))


#: How many forms' hits a process remembers: a season's, some kilobytes each. The one that was not
#: asked for the longest makes room.
KEPT = 1000

Hits = dict[str, tuple[Hit, ...]]

_kept: OrderedDict[Hashable, Hits] = OrderedDict()
_keeping = Lock()


def findings(revision: Revision, *, at: datetime) -> list[Finding]:
    """Run the exercise's pinned rules on a revision as of `at`, in the order of the book.

    What a note has enclosed no longer changes: what the form alone brings is found once in each
    process, and only rules that look around are run each time.
    """
    matter = Matter(revision, at)
    pinned = rule_set(revision.flight.exercise.rules_version)
    on_form = _kept_hits(matter, pinned) if revision.is_frozen else _hits(matter, pinned)
    return [
        Finding(one, hit)
        for one in pinned
        for hit in (one.look(matter) if one.looks_around else on_form[one.code])
    ]


def forget() -> None:
    """Forget what was found: the data behind the rules is another, as tests have it."""
    with _keeping:
        _kept.clear()


def _kept_hits(matter: Matter, pinned: tuple[Rule, ...]) -> Hits:
    read = matter.read
    with _keeping:
        if read in _kept:
            _kept.move_to_end(read)
            return _kept[read]
    hits = _hits(matter, pinned)
    with _keeping:
        _kept[read] = hits
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return hits


def _hits(matter: Matter, pinned: tuple[Rule, ...]) -> Hits:
    return {one.code: (*one.look(matter),) for one in pinned if not one.looks_around}
