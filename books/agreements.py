"""Agreements as data: who examines, by when, on which terms.

One file per agreement and version in `books/data/agreements/`; `load` gives it as typed values,
which are its schema. A figure without a published source is a training default and is shown as
such.

Longer than most modules: half of it is the schema of one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, Self, TypeVar, get_args

from django.utils.translation import get_language, gettext
from pydantic import (
    AfterValidator,
    Field,
    PositiveInt,
    PrivateAttr,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    model_validator,
)

from books import calendars, reading
from books.figures import Figure, Sourced, StateCode
from books.reading import Misfit, Record, Written, is_near

if TYPE_CHECKING:
    from books.calendars import Count, LeadTime, Office, Pause

FOLDER = Path(__file__).parent / "data" / "agreements"

#: The agreement that the product is about.
SHIPPED = "TR-KZ"

#: In what an allowance is counted.
Unit = Literal["hours", "working_days", "calendar_days"]

#: The steps of the examination that together have to fit the lead time.
EXAMINATION = ("registration", "desk", "lead_desk", "decision")

#: What is owed after a decision that the host makes of a number, and on its conditions.
AFTER_DECISION = ("notification", "acknowledgement", "receipt", "instruction", "acceptance")

#: The steps that each track has a share for, and those that are common to all tracks.
SHARES = (*EXAMINATION, "question", "reply")
STEPS = (
    *("release", "transmission", "completion", "regularisation", "report", "closure"),
    *AFTER_DECISION,
)

#: Steps outside the examination that an agreement may set a date for; without, none presses.
UNDATED = ("logging", "forwarding")

#: The desk that leads: what else it does belongs to the role of that name.
LEAD = "DEFENCE"

#: In `voids`: form items whose change voids no answer.
NOBODY = "nobody"

#: The tracks that every agreement has, because the form decides the track.
TRACKS = ("STANDARD", "VIP", "SENSITIVE", "HUMANITARIAN", "MEDEVAC")

NamedRow = TypeVar("NamedRow", bound="Named")

#: The tracks of amendments, where an agreement says what a change of an authorized flight takes.
AMENDMENTS = ("AMENDMENT", "OPERATIONAL")

#: What a change of an authorized flight takes, the gravest last.
Class = Literal["WITHIN", "NOTIFICATION", "OPERATIONAL", "AMENDMENT", "NEW_REQUEST"]
CLASSES: tuple[Class, ...] = get_args(Class)

#: The kinds of change that an agreement sorts into those.
CHANGES = (
    *("DELAY", "DELAY_BEYOND", "EARLY", "EARLY_BEYOND"),
    *("SPARE_TAIL", "UNLISTED_TAIL", "AIRCRAFT_TYPE", "AIRCRAFT_COUNT"),
    *("CALL_SIGN", "SPARE_CALL_SIGN", "CAPTAIN", "CREW"),
    *("MORE_PASSENGERS", "FEWER_PASSENGERS", "PASSENGERS"),
    *("LOAD", "LESS_LOAD", "DANGEROUS_GOODS", "WEAPONS", "EQUIPMENT"),
    *("POINT", "ROUTE", "LEVEL", "SPEED", "AERODROME", "ALTERNATE", "LANDING"),
    *("PURPOSE", "ACTIVITY", "THIRD_STATE", "CONTACT"),
)

#: As what a state on the way may count a flight that carries it, whatever its track.
MILITARY_CARGO = "MILITARY_CARGO"

Days = Annotated[PositiveInt, Field(strict=True)]


class UnknownAgreement(LookupError):  # noqa: N818 - a look-up that found nothing
    """No file of that code and version, or no such row in it."""


class Pinned(Protocol):
    """Whatever pins an agreement: an exercise."""

    agreement: Any
    agreement_version: Any


class Label(Record):
    """A word of the agreement in the languages of the file; English where one is missing."""

    en: str
    tr: str = ""
    kk: str = ""
    ru: str = ""

    def __str__(self) -> str:
        return dict(self).get((get_language() or "en").split("-")[0]) or self.en


class Allowance(Record):
    """How long a step may take: working or calendar days of whoever owes it, or plain hours.

    `source` names the publication; empty means training default.
    """

    working_days: Days | None = None
    calendar_days: Days | None = None
    hours: Days | None = None
    source: str = ""
    training_default: Literal[True] | None = None

    def misfits(self) -> Iterator[Misfit]:
        if sum(amount is not None for amount in self._amounts.values()) != 1:
            yield (), "has exactly one of working_days, calendar_days and hours."
        if self.source and self.training_default:
            yield ("source",), "is there, so training_default: true cannot be."

    @property
    def _amounts(self) -> dict[Unit, int | None]:
        return {
            "working_days": self.working_days,
            "calendar_days": self.calendar_days,
            "hours": self.hours,
        }

    @property
    def unit(self) -> Unit:
        return next(unit for unit, amount in self._amounts.items() if amount)

    @property
    def amount(self) -> int:
        return next(amount for amount in self._amounts.values() if amount)

    @property
    def is_training_default(self) -> bool:
        return not self.source

    def count(
        self, office: Office, *, received_at: datetime, pauses: Iterable[Pause] = ()
    ) -> Count:
        """Count it from a receipt, in the calendar of `office` unless it is in hours.

        Raises `calendars.CalendarRangeError` beyond the years of the calendar.
        """
        if self.unit == "hours":
            return calendars.hours(self.amount, received_at=received_at, pauses=pauses)
        counted = (
            calendars.calendar_days if self.unit == "calendar_days" else calendars.working_days
        )
        return counted(office, self.amount, received_at=received_at, pauses=pauses)

    def notice(
        self, office: Office, *, received_at: datetime, entry_at: datetime
    ) -> LeadTime | None:
        """Compare the notice given for an entry with it; None in hours, which ask for no minimum.

        Raises as `count` does.
        """
        if self.unit == "hours":
            return None
        if self.unit == "calendar_days":
            return calendars.calendar_lead_time(
                office, received_at=received_at, entry_at=entry_at, calendar_days=self.amount
            )
        return calendars.lead_time(
            office, received_at=received_at, entry_at=entry_at, working_days=self.amount
        )


class Named(Record):
    """A row of a map that is called by its key there."""

    _code: str = PrivateAttr("")

    @property
    def code(self) -> str:
        return self._code


def _called_by_key(rows: dict[str, NamedRow]) -> dict[str, NamedRow]:
    for code, row in rows.items():
        row._code = code
    return rows


#: Rows by their code.
ByCode = Annotated[dict[str, NamedRow], AfterValidator(_called_by_key)]


class State(Named):
    """One of the parties, as it is called on screen."""

    name: Label
    capital: Label


class Track(Named):
    """A way through the host: its own lead time, and the shares of it that each step may use."""

    label: Label
    lead_time: Allowance
    shares: dict[str, Allowance]

    def misfits(self) -> Iterator[Misfit]:
        yield from _listed(self.shares, SHARES, "shares")
        examination = {step: self.shares[step] for step in EXAMINATION if step in self.shares}
        other = [step for step, one in examination.items() if one.unit != self.lead_time.unit]
        for step in other:
            yield ("shares", step), f"is not counted in {self.lead_time.unit} as the lead time is."
        total = sum(share.amount for share in examination.values())
        if not other and total > self.lead_time.amount:
            sentence = (
                f"from registration to decision the steps take {total} {self.lead_time.unit}; "
                f"the lead time is {self.lead_time.amount}."
            )
            yield ("shares",), sentence


class Desk(Named):
    """A desk of the host.

    `when`: always, landing, or called (in by the lead desk). `binding`: its "no" stops an
    authorization. Without a seat the lead desk enters its answer. `reasons_private`: reasons
    are for the lead desk and the decider alone.
    """

    label: Label
    asks: Label
    has_seat: StrictBool = Field(alias="seat")
    when: Literal["always", "landing", "called"]
    binding: StrictBool
    is_lead: StrictBool = Field(False, alias="lead")
    reasons_private: StrictBool = False


class NumberFormat(Record):
    """How numbers are formed, from `state`, `year` and `serial`; they must be unable to exist."""

    format: str
    source: str = ""
    training_default: Literal[True] | None = None

    def misfits(self) -> Iterator[Misfit]:
        try:
            one, another = (
                self.format.format(state="ZZ", year=26, serial=serial) for serial in (1, 2)
            )
        except (LookupError, ValueError) as error:
            yield ("format",), f"is no format of {{state}}, {{year}} and {{serial}}: {error}."
            return
        if one == another or "ZZ" not in one:
            yield ("format",), "names both {state} and {serial}, or numbers come twice."


class Window(Sourced):
    """From when before the entry to when after it an authorization is valid."""

    early_hours: StrictInt = Field(ge=0)
    validity_hours: Days


class YearlyDate(Record):
    """A day of every year."""

    month: StrictInt
    day: StrictInt
    source: str = ""
    training_default: Literal[True] | None = None

    def misfits(self) -> Iterator[Misfit]:
        try:
            date(2023, self.month, self.day)
        except ValueError:
            yield (), f"there is no day {self.day} in month {self.month} of every year."


class Bought(Sourced):
    """What citing an annual number changes: the track, and which desks are asked."""

    track: str
    desks: tuple[str, ...]


class Annual(Record):
    """The annual clearance of an agreement: until when it is asked for, and what citing it buys.

    A flight that cites it is examined on another track by fewer desks; it is never admitted by it.
    """

    until: YearlyDate = Field(alias="deadline")
    validity: Figure[str]
    categories: tuple[str, ...]
    number: NumberFormat
    buys: Bought

    @property
    def deadline(self) -> tuple[int, int]:
        """The month and the day at whose end, at the host, the next year's can be asked for."""
        return self.until.month, self.until.day

    @property
    def source(self) -> str:
        return self.until.source

    @property
    def number_format(self) -> str:
        return self.number.format

    @property
    def track(self) -> str:
        return self.buys.track

    @property
    def desks(self) -> tuple[str, ...]:
        return self.buys.desks


class OrdinaryGoods(Record):
    """Dangerous goods, by class or number, that leave a flight on these tracks of its own."""

    classes: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    tracks: tuple[str, ...]


class PersonalAmmunition(Record):
    """Ammunition of personal weapons, so many kg net of it, that leaves a flight on its track."""

    numbers: tuple[str, ...]
    most_kg: Days
    tracks: tuple[str, ...]


class OrdinaryLoad(Sourced):
    """What a flight has with it without being a sensitive load."""

    goods: OrdinaryGoods
    ammunition: PersonalAmmunition


class Stays(Record):
    """Purposes for which what a flight brings ends or stays in the host state.

    For those that are `covered` persons and equipment stay under an instrument of their own. Who
    ends a flight of those `asked` in the host state stays there: it is asked about.
    """

    covered: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    training_default: StrictBool = False


class ThirdState(Record):
    """What a state on the way asks for, as published: lead times by track.

    Beside the tracks `MILITARY_CARGO`: of cargo on a flight for one of `military_categories`.
    """

    source: str
    lead_times: dict[str, Allowance]
    military_categories: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _published_together(self) -> Self:
        """A lead time without a source of its own was published with the others."""
        for track, one in self.lead_times.items():
            self.lead_times[track] = one.model_copy(update={"source": one.source or self.source})
        return self


class Brought(Record):
    """What a finding of the rules brings with it: desks that it calls in, a condition."""

    calls: tuple[str, ...] = ()
    condition: Label | None = None


class Taken(Sourced, Named):
    """What a kind of change takes, by which clause of the SOP.

    `own_track`: an amendment by it is examined on the track that its form leads to.
    """

    takes: Class
    clause: str
    own_track: StrictBool = False


class Changes(Record):
    """How changes of an authorized flight are sorted; `cargo_percent` more cargo is no change."""

    cargo_percent: Figure[Days]
    kinds: ByCode[Taken]

    def misfits(self) -> Iterator[Misfit]:
        for kind in self.kinds.keys() - {*CHANGES}:
            yield ("kinds", kind), f"is no kind of change; {is_near(kind, CHANGES)}"
        for kind in CHANGES:
            if kind not in self.kinds:
                yield ("kinds",), f"{kind} is missing."


class Categories(Record):
    """Purposes for which flights are made under the agreement."""

    source: str = ""
    values: dict[str, Label]


class ConditionKind(StrEnum):
    """What a condition asks for: something before the flight, throughout it, or told after it."""

    PRECEDENT = "precedent"
    STANDING = "standing"
    REPORT = "report"


class LibraryCondition(Named, Sourced):
    """A condition of the library, from which desks and deciders choose, in fixed words."""

    kind: ConditionKind
    words: Label


def _value(figure: Figure[Any]) -> Any:
    return figure.value


def _values(figures: dict[str, Figure[Any]]) -> dict[str, Any]:
    return {name: figure.value for name, figure in figures.items()}


Answer = Literal["allow", "refer"]
Policy = Literal["condition", "refer", "refuse"]
Subject = Literal[
    "armament", "personal_weapons", "electronic_warfare", "sensors", "dangerous_goods"
]


class Agreement(Record):
    """One version of one agreement; see the comments in its file for the meaning of figures."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z]{2}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]
    title: Label
    source: str
    is_proposal: StrictBool = Field(False, alias="proposal")
    in_force_from: Annotated[date, Written(Figure[date], _value)]
    states: ByCode[State] = Field(min_length=2, max_length=2)
    categories: Annotated[dict[str, Label], Written(Categories, lambda written: written.values)]
    number: NumberFormat
    window: Window
    notify_by_hours: Figure[Days]
    flight_plan_opens_hours: Figure[Days]
    exit_alert_minutes: Figure[Days]
    alert_minutes: dict[Literal["ALERFA", "DETRESFA"], Figure[Days]] = Field(default_factory=dict)
    report_tolerance_minutes: Figure[Days]
    escalation_hours: Figure[Days]
    landing: Annotated[Answer, Written(Figure[Answer], _value)]
    ground_minutes: Annotated[int, Written(Figure[Days], _value)] = 0
    minimum_level: Annotated[int, Written(Figure[Days], _value)] = 0
    policies: Annotated[Mapping[str, str], Written(dict[Subject, Figure[Policy]], _values)] = Field(
        default_factory=dict
    )
    ordinary_load: OrdinaryLoad | None = None
    stays: Stays = Stays()
    annual: Annual | None = None
    third_states: dict[StateCode, ThirdState] = Field(default_factory=dict)
    neighbours: str = ""
    tracks: ByCode[Track]
    steps: dict[str, Allowance]
    desks: ByCode[Desk]
    voids: dict[str, tuple[str, ...]]
    changes: Changes | None = None
    grounds: dict[str, Label]
    brought: dict[str, Brought] = Field(default_factory=dict, alias="findings")
    conditions: ByCode[LibraryCondition] = Field(default_factory=dict)

    _training_defaults: frozenset[str] = PrivateAttr(frozenset())

    @model_validator(mode="wrap")
    @classmethod
    def _unpublished(cls, data: Any, handler: ValidatorFunctionWrapHandler) -> Agreement:
        """Keep which figures nobody has published: their values alone do not tell."""
        agreement: Agreement = handler(data)
        agreement._training_defaults = frozenset(
            name
            for name, figure in data.items()
            if isinstance(figure, dict) and figure.get("training_default")
        )
        return agreement

    def misfits(self) -> Iterator[Misfit]:
        if {*self.code.split("-")} != {*self.states}:
            yield ("states",), f"are not the two of the code {self.code}."
        for code in self.states:
            if code not in calendars.states(calendars.LATEST):
                yield ("states", code), "has no office in the latest calendar."
        if [desk.code for desk in self.desks.values() if desk.is_lead] != [LEAD]:
            yield ("desks",), f"exactly one is the lead, with lead: true, and it is {LEAD}."
        yield from _listed(self.steps, STEPS, "steps", UNDATED)
        for track in TRACKS:
            if track not in self.tracks:
                yield ("tracks",), f"{track} is missing."
        further = {*AMENDMENTS} if self.changes else set()
        for track in further - self.tracks.keys():
            yield ("tracks",), f"{track} is missing: the agreement sorts changes."
        further |= {self.annual.track} if self.annual else set()
        for track in self.tracks.keys() - TRACKS - further:
            yield ("tracks", track), "is a track that no form leads to."
        for desk in self.voids.keys() - self.desks.keys() - {NOBODY}:
            yield ("voids", desk), f"is no desk; {is_near(desk, self.desks)}"
        for code, brought in self.brought.items():
            for number, desk in enumerate(brought.calls):
                if desk not in self.desks or self.desks[desk].when != "called":
                    called = [one.code for one in self.desks.values() if one.when == "called"]
                    sentence = f"{desk} is no desk that can be called in; {is_near(desk, called)}"
                    yield ("findings", code, "calls", number), sentence
        for state, third in self.third_states.items():
            for track in third.lead_times.keys() - self.tracks.keys() - {MILITARY_CARGO}:
                sentence = f"is no track; {is_near(track, self.tracks)}"
                yield ("third_states", state, "lead_times", track), sentence
            for number, category in enumerate(third.military_categories):
                if category not in self.categories:
                    sentence = f"{category} is no category; {is_near(category, self.categories)}"
                    yield ("third_states", state, "military_categories", number), sentence
        for part in ("covered", "asked"):
            for number, category in enumerate(getattr(self.stays, part)):
                if category not in self.categories:
                    sentence = f"{category} is no category; {is_near(category, self.categories)}"
                    yield ("stays", part, number), sentence
        if self.ordinary_load:
            yield from self._ordinary_misfits(self.ordinary_load)
        if self.annual:
            yield from self._annual_misfits(self.annual)

    def _ordinary_misfits(self, load: OrdinaryLoad) -> Iterator[Misfit]:
        for part, tracks in (("goods", load.goods.tracks), ("ammunition", load.ammunition.tracks)):
            for number, track in enumerate(tracks):
                if track not in self.tracks:
                    sentence = f"{track} is no track; {is_near(track, self.tracks)}"
                    yield ("ordinary_load", part, "tracks", number), sentence

    def _annual_misfits(self, annual: Annual) -> Iterator[Misfit]:
        for number, category in enumerate(annual.categories):
            if category not in self.categories:
                sentence = f"{category} is no category; {is_near(category, self.categories)}"
                yield ("annual", "categories", number), sentence
        for number, desk in enumerate(annual.desks):
            if desk not in self.desks:
                sentence = f"{desk} is no desk; {is_near(desk, self.desks)}"
                yield ("annual", "buys", "desks", number), sentence
        if LEAD not in annual.desks:
            yield ("annual", "buys", "desks"), f"{LEAD}, the lead desk, is missing."
        if annual.track not in self.tracks:
            sentence = f"{annual.track} is no track; {is_near(annual.track, self.tracks)}"
            yield ("annual", "buys", "track"), sentence

    @property
    def called(self) -> str:
        """The title as pages show it: of a text that is in force nowhere they say so."""
        mark = gettext("Proposal, in force nowhere")
        return f"{mark}: {self.title}" if self.is_proposal else str(self.title)

    @property
    def training_defaults(self) -> frozenset[str]:
        """The names of the figures that nobody has published."""
        return self._training_defaults

    @property
    def number_format(self) -> str:
        return self.number.format

    @property
    def early(self) -> timedelta:
        """How long before the planned entry an authorization begins to be valid."""
        return timedelta(hours=self.window.early_hours)

    @property
    def validity(self) -> timedelta:
        """How long after the planned entry an authorization ends."""
        return timedelta(hours=self.window.validity_hours)

    @property
    def notify_by(self) -> timedelta:
        return timedelta(hours=self.notify_by_hours.value)

    @property
    def flight_plan_opens(self) -> timedelta:
        return timedelta(hours=self.flight_plan_opens_hours.value)

    @property
    def exit_alert(self) -> timedelta:
        return timedelta(minutes=self.exit_alert_minutes.value)

    def alert_after(self, phase: str) -> timedelta | None:
        """How long after the expected exit an alert phase begins; None where no figure says so."""
        figure = self.alert_minutes.get(phase)  # type: ignore[call-overload]
        return timedelta(minutes=figure.value) if figure else None

    @property
    def report_tolerance(self) -> timedelta:
        """By how much the report may differ from what operations recorded, unfound."""
        return timedelta(minutes=self.report_tolerance_minutes.value)

    @property
    def escalation(self) -> timedelta:
        return timedelta(hours=self.escalation_hours.value)

    @property
    def lead_desk(self) -> Desk:
        return next(desk for desk in self.desks.values() if desk.is_lead)

    def allowance(self, step: str, track: str) -> Allowance:
        """Return what `step` may take on `track`; steps outside the examination are common."""
        return self.steps.get(step) or self.tracks[track].shares[step]

    def other(self, state: str) -> str:
        """Return the other party."""
        return next(code for code in self.states if code != state)

    def voided_by(self, fields: set[str]) -> set[str]:
        """Return the desks whose answers a change of these form items voids."""
        voided = {
            desk for desk, items in self.voids.items() if desk in self.desks and fields & {*items}
        }
        listed = {item for items in self.voids.values() for item in items}
        if fields - listed:
            voided |= {
                desk.code for desk in self.desks.values() if desk.has_seat and not desk.is_lead
            }
        return voided


def codes() -> list[str]:
    """Return the agreements that are shipped, the real one first."""
    found = {path.stem.rpartition("-")[0].upper() for path in FOLDER.glob("*.yaml")}
    return sorted(found, key=lambda code: (code != SHIPPED, code))


def latest(code: str) -> str:
    """Return the newest version of an agreement; `UnknownAgreement` if there is none."""
    prefix = f"{code.lower()}-"
    found = [path.stem.removeprefix(prefix) for path in FOLDER.glob(f"{prefix}*.yaml")]
    versions = [version for version in found if version.isdecimal()]
    if not versions:
        raise UnknownAgreement(f"No agreement {code}.")
    return max(versions, key=int)


def shipped() -> list[Agreement]:
    """Return the newest version of each agreement whose file has no faults."""
    found = []
    for code in codes():
        with suppress(reading.BadFile):
            found.append(load(code, latest(code)))
    return found


def of(exercise: Pinned) -> Agreement:
    """Return the agreement in the version that an exercise pinned. Raises as `load` does."""
    return load(exercise.agreement, exercise.agreement_version)


@cache
def load(code: str, version: str) -> Agreement:
    """Return one version of an agreement.

    Raises `UnknownAgreement` if there is no such file and `BadFile` if it has faults.
    """
    path = FOLDER / f"{code.lower()}-{version}.yaml"
    if not path.is_file():
        raise UnknownAgreement(f"No agreement {code} in version {version}.")
    return read(path)


def read(path: Path, *checks: Callable[[Agreement], Iterable[Misfit]]) -> Agreement:
    """Read the file of one version, which in the folder has its name; `checks` as `reading.read`.

    Raises `BadFile`.
    """

    def misfits(agreement: Agreement) -> Iterator[Misfit]:
        name = f"{agreement.code.lower()}-{agreement.version}"
        if path.parent == FOLDER and path.stem != name:
            yield ("code",), f"with its version makes {name}, which is not the name of the file."

    return reading.read(path, Agreement, misfits, *checks)


def _listed(
    rows: Mapping[str, Allowance], steps: tuple[str, ...], key: str, others: tuple[str, ...] = ()
) -> Iterator[Misfit]:
    """Give what keeps the rows from being those of the steps, each once; `others` may be there."""
    for step in rows.keys() - {*steps, *others}:
        yield (key, step), f"is no step here; {is_near(step, (*steps, *others))}"
    for step in steps:
        if step not in rows:
            yield (key, step), "is missing."
