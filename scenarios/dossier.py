"""A dossier: a request as its note encloses it, and the flight plan where it matters."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import rules
from airspace import flight_plan
from airspace.flight_plan import FlightPlan
from annual import coverage
from books import agreements, calendars
from exercises.models import Exercise
from exercises.recorded import encode
from scenarios import register
from transit import filing, lead_times
from transit.models import Authorization, Crossing, DangerousGood, FlightRequest, Revision
from transit.proposal import propose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

    from exercises.models import Role
    from scenarios.corridors import Corridor
    from transit.drafting import Items

#: The parts of a dossier that are no items of its form.
TABLES = ("crossings", "goods")

#: States on the way declare their numbers, the two of the agreement do not.
PARTIES = ("TR", "KZ")

#: How far a flight is moved at the most, one day after the other.
DAY, MOST_DAYS = timedelta(days=1), 90

#: How long those stay who come for an exercise.
STAY = timedelta(days=14)

#: Before it no flight is moved to a holiday: its note would come before the agreement is in force.
FIRST_HOLIDAY, SATURDAY = date(2026, 6, 15), 5


@dataclass
class Dossier:
    """One request. `serial` tells its numbers apart from those of others in the same series.

    `received_at` is when the note comes in, UTC; `spare_days` how many working days of the host it
    comes earlier than it must, `office_minutes` how long after the office opens. `plan` is the
    flight plan, None where the case is about the request alone. To a holiday before
    `first_holiday` the flight is not moved.
    """

    corridor: Corridor
    load: str
    form: Items
    crossings: list[Items] = field(default_factory=list)
    goods: list[Items] = field(default_factory=list)
    plan: FlightPlan | None = None
    received_at: datetime | None = None
    serial: int = 1
    spare_days: int = 1
    office_minutes: int = 60
    first_holiday: date = FIRST_HOLIDAY

    @property
    def host(self) -> str:
        return self.corridor.host

    @property
    def requesting_state(self) -> str:
        return self.corridor.requesting_state

    @property
    def entry(self) -> Items:
        """The first crossing of the host."""
        return next(row for row in self.crossings if row["state"] == self.host)

    def row_of(self, state: str) -> Items:
        """Return the first crossing of a state."""
        return next(row for row in self.crossings if row["state"] == state)

    def copy(self) -> Dossier:
        """Return a dossier that says the same and can be changed without this one."""
        return replace(
            self,
            form=dict(self.form),
            crossings=deepcopy(self.crossings),
            goods=deepcopy(self.goods),
        )

    def parts(self) -> dict[str, Any]:
        """Return what the dossier says, by item of the form or table, and its flight plan."""
        return {**self.form, "crossings": self.crossings, "goods": self.goods, "plan": self.plan}

    def restore(self, parts: dict[str, Any]) -> None:
        """Let these parts say what they say; an item that says None is not said."""
        for name, value in parts.items():
            if name in TABLES:
                setattr(self, name, deepcopy(value))
            elif name == "plan":
                self.plan = value
            elif value is None:
                self.form.pop(name, None)
            else:
                self.form[name] = value

    def cross(self, route: str) -> None:
        """Fly another route, with the crossings that the product proposes, all granted."""
        form = self.form
        rows = propose(route, departs_at=form["departs_at"], knots=form["cruise_knots"])
        year = form["departs_at"].year % 100
        for row in rows:
            if row["state"] not in PARTIES:
                number = f"EX{row['state']}{year:02}S{self.serial:04}"
                row |= {"clearance": "GRANTED", "clearance_number": number}
        form["route"], self.crossings = route, rows
        form["arrives_at"] = rows[-1]["exit_at"] + timedelta(minutes=5)
        if "stay_instrument" in form:
            form["stays_until"] = form["arrives_at"] + STAY

    def fly_earlier(self, by: timedelta) -> None:
        """Move the whole flight to an earlier time."""
        for row in self.crossings:
            row["entry_at"] -= by
            row["exit_at"] -= by
        for item in self.form.keys() & {"departs_at", "arrives_at", "stays_until"}:
            self.form[item] -= by

    def send_in_time(self, entry_at: datetime | None = None) -> None:
        """Let the note come in with the notice that the track of the form asks for.

        `entry_at`: as if the host were entered then. Urgent tracks ask for none: a day and a half.
        """
        entry_at = entry_at or self.entry["entry_at"]
        revision = self.revision()
        asked = revision.track.lead_time
        office = revision.flight.exercise.office(self.host)
        minutes = timedelta(minutes=self.office_minutes)
        if asked.unit == "hours":
            self.received_at = entry_at - timedelta(hours=36)
            return
        notice = calendars.lead_time(
            office,
            received_at=entry_at - timedelta(days=1),
            entry_at=entry_at,
            working_days=asked.amount + self.spare_days,
        )
        day = office.local(notice.latest_receipt_at).date()
        opens = office.opens_at
        at = office.midnight(day) + timedelta(hours=opens.hour, minutes=opens.minute)
        self.received_at = at + minutes

    def send_after(self, moment: datetime) -> None:
        """Fly on the first day for which the note, sent in time, comes in after a moment.

        Found day by day as the office counts: over long holidays it may be a later one.
        """
        self.first_holiday = moment.date()
        time_of_day = self.form["departs_at"].timetz()
        self.form["departs_at"] = datetime.combine(moment.date(), time_of_day)
        while True:
            self.cross(self.form["route"])
            self.send_in_time()
            assert self.received_at is not None  # noqa: S101 - it has just been sent
            if self.received_at > moment:
                return
            self.form["departs_at"] += max(DAY, DAY * (moment - self.received_at).days)

    def leave_notice(self, working_days: int) -> None:
        """Move the flight to an earlier day that leaves the host only so many full working days."""
        for _day in range(MOST_DAYS):
            self.fly_earlier(DAY)
            if (notice := self.notice) and notice.given.count <= working_days:
                return
        raise ValueError(f"No day leaves {working_days} working days.")

    def holidays_of(self, state: str, *, before: timedelta) -> list[date]:
        """Return the holidays of a state on weekdays that lie so long before the flight."""
        last = self.entry["entry_at"].date() - before
        return [
            day
            for day in sorted(exercise().office(state).days_off)
            if self.first_holiday <= day <= last and day.weekday() < SATURDAY
        ]

    @property
    def notice(self) -> lead_times.Notice | None:
        """The notice that the dossier gives to its host; None on an urgent track."""
        assert self.received_at is not None  # noqa: S101 - a dossier has been sent
        return lead_times.of_host(self.revision(), received_at=self.received_at)

    def revision(self) -> Revision:
        """Return the form as a note has enclosed it, not saved, for whatever reads forms."""
        flight = FlightRequest(
            pk=0,
            exercise=exercise(),
            host=self.host,
            requesting_state=self.requesting_state,
            received_at=self.received_at,
            entry_at=next(
                (row["entry_at"] for row in self.crossings if row["state"] == self.host), None
            ),
        )
        revision = Revision(
            pk=0, number=1, flight=flight, enclosed_at=self.received_at, **self.form
        )
        keep(revision, "crossings", _rows(Crossing, revision, self.crossings))
        keep(revision, "goods", _rows(DangerousGood, revision, self.goods))
        keep(flight, "revisions", [revision])
        keep(flight, "questions", [])
        number = self.form.get("annual_number", "")
        cited = register.find(number, flight) if number else None
        revision.uncovered = coverage.held_against(revision, cited)
        return revision

    def asks(self, desk: Role) -> bool:
        """Say whether a desk of the host is asked: under an annual number fewer are."""
        revision = self.revision()
        agreement = revision.flight.agreement
        if desk not in agreement.desks:
            return True
        if agreement.annual and revision.track.code == agreement.annual.track:
            return desk in agreement.annual.desks
        return agreement.desks[desk].when == "always"

    def authorization(self) -> Authorization:
        """Return the authorization that the form as it stands would get, not saved."""
        revision = self.revision()
        flight, entry_at = revision.flight, self.entry["entry_at"]
        agreement = flight.agreement
        number = agreement.number_format.format(
            state=self.host, year=entry_at.year % 100, serial=self.serial
        )
        return Authorization(
            number=number,
            flight=flight,
            revision=revision,
            valid_from=entry_at - agreement.early,
            valid_until=entry_at + agreement.validity,
        )

    def file_plan(self) -> None:
        """File the flight plan that the authorization calls for."""
        self.plan = flight_plan.read(filing.proposed(self.authorization()))

    def as_data(self) -> dict[str, Any]:
        """Return what the dossier says as plain values, as the act `prepare` of a story has it."""
        return {
            name: plain(getattr(self, name))
            for name in ("requesting_state", "host", "received_at", "form", *TABLES, "plan")
        }


def plain(value: Any) -> Any:
    """Return what a dossier says as the record writes it; a flight plan as its message."""
    if isinstance(value, FlightPlan):
        return flight_plan.write(value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return encode(value)


def exercise() -> Exercise:
    """Return an exercise, not saved, that pins the newest of everything."""
    return Exercise(
        pk=0,
        agreement=agreements.SHIPPED,
        agreement_version=agreements.latest(agreements.SHIPPED),
        calendar_version=calendars.LATEST,
        rules_version=rules.LATEST,
    )


def keep(whole: Model, name: str, rows: Iterable[Model]) -> None:
    """Let a row that is not saved have these parts, as if they had been fetched."""
    model = whole._meta.get_field(name).related_model
    fetched: QuerySet[Any] = model._default_manager.none()  # type: ignore[union-attr]
    fetched._result_cache = list(rows)
    whole.__dict__.setdefault("_prefetched_objects_cache", {})[name] = fetched


def _rows(model: type[Model], revision: Revision, rows: Iterable[Items]) -> list[Model]:
    return [model(revision=revision, number=at, **row) for at, row in enumerate(rows, start=1)]
