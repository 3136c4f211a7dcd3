"""Agreements as data: who examines, by when, on which terms.

One file per agreement and version in `books/data/agreements/`; `load` gives it as typed values. A
figure without a published source is a training default and is shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import get_language

from books import calendars

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from books.calendars import Count, LeadTime, Office, Pause
    from exercises.models import Exercise

FOLDER = Path(__file__).parent / "data" / "agreements"

#: The agreement that the product is about.
SHIPPED = "TR-KZ"

#: In what an allowance is counted.
UNITS = ("hours", "working_days", "calendar_days")

#: A figure that the first version of TR-KZ did not have; no rule reads it there.
NONE_BEFORE_2 = {"value": 0}


class UnknownAgreement(LookupError):  # noqa: N818 - a look-up that found nothing
    """No file of that code and version, or no such row in it."""


@dataclass(frozen=True)
class Label:
    """A word of the agreement in the languages of the file; English where one is missing."""

    texts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        texts = dict(self.texts)
        return texts.get((get_language() or "en").split("-")[0], texts["en"])


@dataclass(frozen=True)
class Allowance:
    """How long a step may take: working or calendar days of whoever owes it, or plain hours.

    `source` names the publication; empty means training default.
    """

    amount: int
    unit: str
    source: str = ""

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


@dataclass(frozen=True)
class State:
    """One of the parties, as it is called on screen."""

    code: str
    name: Label
    capital: Label


@dataclass(frozen=True)
class Track:
    """A way through the host: its own lead time, and the shares of it that each step may use."""

    code: str
    label: Label
    lead_time: Allowance
    shares: dict[str, Allowance]


@dataclass(frozen=True)
class Desk:
    """A desk of the host.

    `when`: always, landing, or called (in by the lead desk). `binding`: its "no" stops an
    authorization. Without a seat the lead desk enters its answer. `reasons_private`: reasons
    are for the lead desk and the decider alone.
    """

    code: str
    label: Label
    asks: Label
    has_seat: bool
    when: str
    binding: bool
    is_lead: bool
    reasons_private: bool


@dataclass(frozen=True)
class Annual:
    """The annual clearance of an agreement: until when it is asked for, and what citing it buys.

    Asked for until the end of `deadline` (month, day) at the host for the next calendar year. A
    flight that cites it is examined on `track` by `desks`; it is never admitted by it.
    """

    deadline: tuple[int, int]
    source: str
    categories: tuple[str, ...]
    number_format: str
    track: str
    desks: tuple[str, ...]


@dataclass(frozen=True)
class ThirdState:
    """What a state on the way asks for, as published: lead times by track."""

    source: str
    lead_times: dict[str, Allowance]


@dataclass(frozen=True)
class Brought:
    """What a finding of the rules brings with it: desks that it calls in, a condition."""

    calls: tuple[str, ...]
    condition: Label | None


@dataclass(frozen=True)
class Agreement:
    """One version of one agreement; see the comments in its file for the meaning of figures.

    `training_defaults` names the figures that nobody has published.
    """

    code: str
    version: str
    title: Label
    source: str
    in_force_from: date
    states: dict[str, State]
    categories: dict[str, Label]
    number_format: str
    early: timedelta
    validity: timedelta
    notify_by: timedelta
    flight_plan_opens: timedelta
    exit_alert: timedelta
    escalation: timedelta
    landing: str
    ground_minutes: int
    minimum_level: int
    policies: dict[str, str]
    annual: Annual | None
    third_states: dict[str, ThirdState]
    brought: dict[str, Brought]
    tracks: dict[str, Track]
    steps: dict[str, Allowance]
    desks: dict[str, Desk]
    voids: dict[str, tuple[str, ...]]
    grounds: dict[str, Label]
    training_defaults: frozenset[str]

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
    versions = [path.stem.removeprefix(prefix) for path in FOLDER.glob(f"{prefix}*.yaml")]
    if not versions:
        raise UnknownAgreement(f"No agreement {code}.")
    return max(versions, key=int)


def of(exercise: Exercise) -> Agreement:
    """Return the agreement in the version that an exercise pinned."""
    return load(exercise.agreement, exercise.agreement_version)


@cache
def load(code: str, version: str) -> Agreement:
    """Return one version of an agreement. Raises `UnknownAgreement` if there is no such file."""
    path = FOLDER / f"{code.lower()}-{version}.yaml"
    if not path.is_file():
        raise UnknownAgreement(f"No agreement {code} in version {version}.")
    return _agreement(yaml.safe_load(path.read_text(encoding="utf-8")))


def _agreement(data: dict[str, Any]) -> Agreement:
    return Agreement(
        code=data["code"],
        version=data["version"],
        title=_label(data["title"]),
        source=data["source"],
        in_force_from=data["in_force_from"]["value"],
        states={
            code: State(code=code, **{name: _label(texts) for name, texts in state.items()})
            for code, state in data["states"].items()
        },
        categories={code: _label(texts) for code, texts in data["categories"]["values"].items()},
        number_format=data["number"]["format"],
        early=timedelta(hours=data["window"]["early_hours"]),
        validity=timedelta(hours=data["window"]["validity_hours"]),
        notify_by=timedelta(hours=data["notify_by_hours"]["value"]),
        flight_plan_opens=timedelta(hours=data["flight_plan_opens_hours"]["value"]),
        exit_alert=timedelta(minutes=data["exit_alert_minutes"]["value"]),
        escalation=timedelta(hours=data["escalation_hours"]["value"]),
        landing=data["landing"]["value"],
        ground_minutes=data.get("ground_minutes", NONE_BEFORE_2)["value"],
        minimum_level=data.get("minimum_level", NONE_BEFORE_2)["value"],
        policies={name: one["value"] for name, one in data.get("policies", {}).items()},
        annual=_annual(data["annual"]) if data.get("annual") else None,
        third_states={
            code: _third_state(one) for code, one in data.get("third_states", {}).items()
        },
        brought={
            code: Brought(
                tuple(one.get("calls", ())),
                _label(one["condition"]) if "condition" in one else None,
            )
            for code, one in data.get("findings", {}).items()
        },
        tracks={
            code: Track(
                code=code,
                label=_label(track["label"]),
                lead_time=_allowance(track["lead_time"]),
                shares={step: _allowance(share) for step, share in track["shares"].items()},
            )
            for code, track in data["tracks"].items()
        },
        steps={step: _allowance(share) for step, share in data["steps"].items()},
        desks={
            code: Desk(
                code=code,
                label=_label(desk["label"]),
                asks=_label(desk["asks"]),
                has_seat=desk["seat"],
                when=desk["when"],
                binding=desk["binding"],
                is_lead=desk.get("lead", False),
                reasons_private=desk.get("reasons_private", False),
            )
            for code, desk in data["desks"].items()
        },
        voids={desk: tuple(items) for desk, items in data["voids"].items()},
        grounds={code: _label(texts) for code, texts in data["grounds"].items()},
        training_defaults=frozenset(
            name
            for name, figure in data.items()
            if isinstance(figure, dict) and figure.get("training_default")
        ),
    )


def _annual(data: dict[str, Any]) -> Annual:
    return Annual(
        deadline=(data["deadline"]["month"], data["deadline"]["day"]),
        source=data["deadline"].get("source", ""),
        categories=tuple(data["categories"]),
        number_format=data["number"]["format"],
        track=data["buys"]["track"],
        desks=tuple(data["buys"]["desks"]),
    )


def _third_state(data: dict[str, Any]) -> ThirdState:
    source = data["source"]
    return ThirdState(
        source=source,
        lead_times={
            track: _allowance({"source": source} | figure)
            for track, figure in data["lead_times"].items()
        },
    )


def _label(texts: dict[str, str]) -> Label:
    return Label(tuple(texts.items()))


def _allowance(figure: dict[str, Any]) -> Allowance:
    unit = next(unit for unit in UNITS if unit in figure)
    return Allowance(amount=figure[unit], unit=unit, source=figure.get("source", ""))
