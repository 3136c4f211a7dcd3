"""What `approvals.sight` gives: the parts of a flight as one seat may know them, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from approvals import words
from approvals.models import Answer
from transit.changes import TAKES
from transit.models import AHEAD, ALOFT, MovementStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from approvals.checks import Item
    from casework import dates
    from rules import Rule
    from transit.changes import Changed
    from transit.models import Crossing, Message, Revision
    from transit.plan_check import Discrepancy
    from transit.severity import Severity


@dataclass(frozen=True)
class KnownQuestion:
    """A question to the requesting side; `desk` is empty to that side, to which it is the host's.

    Dropped by a secret refusal, it looks open to it until the note in reply.
    """

    number: int
    text: str
    asked_at: datetime
    desk: str
    is_open: bool
    is_dropped: bool
    reply: str
    answered_at: datetime | None
    revision: int | None
    due: dates.Shown | None


@dataclass(frozen=True)
class KnownCondition:
    """A condition with something to be done: what is said of it, and whether the host took it."""

    words: str
    kind: str
    due: dates.Shown | None
    fulfilment: str
    fulfilled_at: datetime | None
    accepted_at: datetime | None
    declined: str

    @property
    def tone(self) -> str:
        return "good" if self.accepted_at else "warn"


@dataclass(frozen=True)
class KnownAcknowledgement:
    """Who of those who watch the flight knows of a measure, and until when the others owe it."""

    who: _StrPromise
    at: datetime | None
    due: dates.Shown | None


@dataclass(frozen=True)
class KnownInstruction:
    """What an aircraft inside was told, and up which chain of command."""

    what: str
    place: str
    at: datetime
    ordered_by: str
    passed_by: str


@dataclass(frozen=True)
class KnownMeasure:
    """What the host decided of the number. Reason, desks and instructions are its own affair.

    `acknowledged_at` is when the requesting side acknowledged the note, `awaits_note` that the host
    has still to tell it.
    """

    kind: str
    at: datetime | None
    reason: str
    notified_at: datetime | None
    acknowledged_at: datetime | None
    is_superseded: bool
    awaits_note: bool = False
    acknowledgements: tuple[KnownAcknowledgement, ...] = ()
    instructions: tuple[KnownInstruction, ...] = ()


@dataclass(frozen=True)
class KnownAuthorization:
    """The number with window and conditions. `holds`: it can be used at the moment asked about.

    `items` are the conditions with something to be done.
    """

    number: str
    version: int
    words: str
    holds: bool
    valid_from: datetime
    valid_until: datetime
    conditions: list[str]
    override_ground: str
    training_defaults: frozenset[str]
    is_told: bool
    stands: bool = True
    items: tuple[KnownCondition, ...] = ()

    @property
    def tone(self) -> str:
        if not self.stands:
            return "bad"
        return "good" if self.holds else "neutral"


@dataclass(frozen=True)
class KnownAmendment:
    """What an amendment changes of which version of a number; `takes` as officers and product say.

    `is_sorted`: the product says what each change takes. `own` is what the reader said.
    """

    reference: str
    flight: int
    number: str
    version: int
    authorized: Revision
    wanted: Revision
    changed: Changed
    is_sorted: bool
    own: str = ""

    @property
    def takes(self) -> _StrPromise:
        return TAKES[self.changed.takes]


@dataclass(frozen=True)
class Version:
    """One version of the number of a flight, told by note."""

    version: int
    words: str
    is_last: bool
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True)
class Amending:
    """An amendment of the flight, as far as the reader may know of it."""

    reference: str
    flight: int
    status: _StrPromise
    version: int
    is_open: bool


@dataclass(frozen=True)
class Notified:
    """A change that was notified by note, and since when it counts."""

    label: str
    value: str
    note: str
    sent_at: datetime
    registered_at: datetime | None


@dataclass(frozen=True)
class KnownVersions:
    """What became of the number: its versions, amendments, notifications, messages.

    `in_a_week` counts what was asked for and notified within the last seven days, for the host.
    """

    number: str
    versions: tuple[Version, ...]
    amendments: tuple[Amending, ...]
    notified: tuple[Notified, ...]
    messages: tuple[Message, ...]
    in_a_week: int | None

    @property
    def pending(self) -> Amending | None:
        """The amendment that is open: until it is told, the flight is flown as authorized."""
        return next((one for one in self.amendments if one.is_open), None)


@dataclass(frozen=True)
class KnownDecision:
    """The decision as the host's side has it, with ground and reasons of a refusal."""

    at: datetime
    is_told: bool
    ground: str
    reasons: str


@dataclass(frozen=True)
class KnownAnswer:
    """One desk's answer in one round; `reason` is empty where it is kept from the seat."""

    desk: str
    label: str
    is_lead: bool
    is_binding: bool
    round: int
    answer: Answer
    conditions: list[str]
    reason: str
    is_reason_kept: bool
    paper: str
    revision: int | None
    answered_at: datetime | None
    answered_by: str
    due: dates.Shown | None
    is_asking: bool
    is_latest: bool

    @property
    def tone(self) -> str:
        return words.ANSWER_TONES.get(self.answer, "neutral")

    @property
    def is_pending(self) -> bool:
        return self.answer == Answer.PENDING


@dataclass(frozen=True)
class Difference:
    """One discrepancy of a flight plan, in words and colour; `takes`: what flying so would take."""

    row: Discrepancy
    takes: str | _StrPromise = ""

    @property
    def tone(self) -> str:
        return words.SEVERITY_TONES[self.row.severity]

    @property
    def severity(self) -> _StrPromise:
        return words.SEVERITY_WORDS[self.row.severity]


@dataclass(frozen=True)
class Comparison:
    """The flight plan as filed beside what the authorization calls for, where it is helped."""

    filed: str
    is_helped: bool
    authorized: str
    found: tuple[Difference, ...]
    remarks: str


@dataclass(frozen=True)
class KnownMovement:
    """The aircraft on its flight. Moments, points and findings are the host's own affair.

    `paper` is the last word of the address of its report. `missing` are states on the way of whose
    clearance the host knows nothing a day before.
    """

    number: int
    reference: str
    flight: int
    revision: Revision
    status: MovementStatus
    registration: str
    plan: str
    due: dates.Shown | None
    report: str
    reported_at: datetime | None
    persons_on_board: int | None
    paper: str
    reported_entry: tuple[str, datetime | None]
    reported_exit: tuple[str, datetime | None]
    diverted_at: datetime | None
    diverted_to: str
    emergency_at: datetime | None
    regularised_at: datetime | None
    regularisation: str
    authorization: KnownAuthorization | None = None
    comparison: Comparison | None = None
    checked_at: datetime | None = None
    entered_at: datetime | None = None
    entry_point: str = ""
    exited_at: datetime | None = None
    exit_point: str = ""
    landed_at: datetime | None = None
    overdue_at: datetime | None = None
    findings: tuple[str, ...] = ()
    entry_level: str = ""
    denied_at: datetime | None = None
    landing_aerodrome: str = ""
    took_off_at: datetime | None = None
    alert_phase: str = ""
    told: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        return words.movement_tone(self.status)

    @property
    def as_flown(self) -> tuple[tuple[str, datetime | None], ...]:
        """Entry and exit as the report says them, as far as it does."""
        return tuple(one for one in (self.reported_entry, self.reported_exit) if any(one))

    @property
    def is_ahead(self) -> bool:
        return self.status in AHEAD

    @property
    def entry(self) -> Crossing | None:
        return self.revision.planned_entry

    @property
    def exit(self) -> Crossing | None:
        return self.revision.planned_exit

    @property
    def is_missing(self) -> bool:
        """Overdue at the exit point, and neither out nor down."""
        return bool(self.overdue_at and self.status in ALOFT)


@dataclass(frozen=True)
class Found:
    """What a rule finds on the form; `item` says to the host how it was dealt with."""

    rule: Rule
    sentence: str
    weighs: Severity
    item: Item | None = None

    @property
    def tone(self) -> str:
        return words.SEVERITY_TONES[self.weighs]

    @property
    def severity(self) -> _StrPromise:
        return words.SEVERITY_WORDS[self.weighs]

    @property
    def stands(self) -> bool:
        """It keeps the flight from being authorized."""
        return self.item is not None and not self.item.allows


@dataclass(frozen=True)
class Compared:
    """One code beside an own check: marked by the officer, found by the product, or both."""

    code: str
    is_marked: bool
    is_found: bool


@dataclass(frozen=True)
class KnownOwnCheck:
    """What the officer marked; with `is_compared` what the product says of the same."""

    revision: int
    marked: list[str]
    states: list[str]
    due_on: date | None
    is_compared: bool
    codes: tuple[Compared, ...] = ()
    computed_states: tuple[str, ...] = ()
    computed_due: dates.Shown | None = None


@dataclass(frozen=True)
class Step:
    """What somebody owes, and by when; no date: none presses. `key` tells it from all others."""

    what: str
    due: dates.Shown | None
    key: str = ""


@dataclass(frozen=True)
class Holder:
    """Who has the flight now, named once, with everything that is owed there, soonest first."""

    who: str
    is_me: bool
    steps: tuple[Step, ...]

    @property
    def what(self) -> str:
        return self.steps[0].what

    @property
    def due(self) -> dates.Shown | None:
        return self.steps[0].due
