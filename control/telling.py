"""What the instructor reads: every event in words, what comes next, what each seat is for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.models import Concurrence, Question
from audit import acts, timeline
from audit.verbs import OF_THE_CLOCK
from casework import history, kinds
from contacts.models import Contact, Inject
from control import actions, participation
from exercises import people
from exercises.models import Role
from exercises.recorded import decode
from neighbours.models import NeighbourRequest
from scenarios import conduct, exams
from transit.mapping import state_name
from transit.models import AHEAD, FlightRequest, Movement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from audit.models import Event
    from books.agreements import Agreement
    from exercises.models import Exercise

#: The verbs of conduct, by code.
CONDUCT = acts.doors(actions, participation, conduct, exams)

#: What people are called is asked for so many events at once.
AT_ONCE = 500

#: Those that are about a seat.
SEATING = ("sit", "vacate", "take", "move")

#: Why a sitting ended by itself.
WHY_OVER = {
    "TIME": lazy("the time was up"),
    "DONE": lazy("the person was done"),
    "ROOM": lazy("the person began others and left it"),
}

#: One line on each seat, for whoever chooses one.
DOES = {
    Role.PLANNER: lazy("Prepares the request and mends it"),
    Role.RELEASE: lazy("Checks the request and releases it"),
    Role.ATTACHE: lazy("Carries notes to the host, answers, reports"),
    Role.REGISTRY: lazy("Takes notes in, returns or registers, replies"),
    Role.DEFENCE: lazy("Leads the desks, answers last, closes"),
    Role.AIR_DEFENCE: lazy("Examines corridor, levels and times"),
    Role.SECURITY: lazy("Examines persons and cargo; its answer binds"),
    Role.CIVIL_AVIATION: lazy("Examines the route and the aerodromes"),
    Role.DECIDER: lazy("Authorizes or refuses each flight"),
    Role.DEPUTY: lazy("Decides in the officer's place"),
    Role.OPERATIONS: lazy("Checks flight plans, records entry and exit"),
    Role.DUTY: lazy("Takes urgent notes outside office hours; may hold or pass on"),
    Role.INSTRUCTOR: lazy("Runs the clock, sees every side"),
}


@dataclass(frozen=True)
class Change:
    """One recorded row that an event touched; no columns: it was deleted."""

    row: str
    columns: list[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """One event as the instructor reads it."""

    event: Event
    title: str
    at: datetime
    by: str
    holder: str
    by_instructor: bool
    case: str
    text: str
    tone: str
    changed: list[Change]

    @property
    def number(self) -> int | None:
        """The number of the flight that the event is about."""
        serial = self.case.rpartition("-")[2]
        return int(serial) if serial.isdecimal() else None


def tell(events: Iterable[Event], agreement: Agreement) -> Iterator[Line]:
    """Put events of any room into words, with nothing withheld; a whole record as well."""
    events = iter(events)
    while batch := [*islice(events, AT_ONCE)]:
        called = people.names(name for event in batch for name in _people_in(event))
        for event in batch:
            yield _line(event, agreement, called)


def _people_in(event: Event) -> Iterator[str]:
    """Give the user names that an event says."""
    payload = event.payload
    if payload["by"]:
        yield payload["by"]["holder"]
    if event.verb in CONDUCT:
        yield from (
            payload["with"][name] for name in ("holder", "person") if name in payload["with"]
        )


def _line(event: Event, agreement: Agreement, called: Mapping[str, str]) -> Line:
    payload = event.payload
    door = CONDUCT.get(event.verb)
    verb = door.row if door else history.verb_of(event)
    by = payload["by"] or {"seat": "", "holder": "", "instructor": False}
    return Line(
        event=event,
        title=str(verb.past) if verb else event.verb,
        at=event.at,
        by=seat_name(by["seat"], agreement) if payload["by"] else _("Clock"),
        holder=called.get(by["holder"], ""),
        by_instructor=by["instructor"],
        case=payload["case"],
        text=_details(event, agreement, called),
        tone=verb.tone if verb else "",
        changed=[
            Change(row, [(name, _plain(value)) for name, value in (columns or {}).items()])
            for row, columns in payload["rows"].items()
        ],
    )


def told_verbs() -> dict[str, str]:
    """Return what can have happened, by code, in words."""
    doors = CONDUCT | kinds.doors()
    found = {code: str(door.row.past) for code, door in doors.items()}
    return found | {code: str(verb.past) for code, verb in OF_THE_CLOCK.items()}


def seat_name(key: str, agreement: Agreement) -> str:
    """Name a seat by role and state: "Deciding officer, Kazakhstan"."""
    state, _dash, role = key.rpartition("-")
    label = str(Role(role).label)
    return f"{label}, {state_name(state, agreement)}" if state else label


def next_happening(exercise: Exercise, *, at: datetime) -> tuple[datetime, str] | None:
    """Return the next opening or alarm and what it is, in words; None where nothing is ahead."""
    moment = timeline.next_moment(exercise, after=at)
    if moment is None:
        return None
    its_moment = Q(alarm_at=moment) | Q(opens_at=moment)
    for rows in (
        FlightRequest.objects.all(),
        Movement.objects.select_related("authorization"),
        Concurrence.objects.pending(),
        Question.objects.open(),
        Contact.objects.all(),
        NeighbourRequest.objects.all(),
    ):
        row = rows.filter(its_moment, exercise=exercise).order_by("pk").first()
        if row is not None:
            return moment, f"{row.case} · {_what_happens(row, moment)}"
    inject = Inject.objects.ahead().filter(alarm_at=moment, exercise=exercise).first()
    if inject is not None:
        return moment, _("a contact reaches %(seat)s") % {"seat": f"{inject.state}-{inject.role}"}
    for kind in kinds.kinds().values():
        case = kind.model._default_manager.filter(turn_at=moment, exercise=exercise).first()
        if case is not None:
            return moment, f"{case.reference} · {_('a role-player takes its turn')}"
    return moment, ""


def _what_happens(row: Any, moment: datetime) -> str:
    window = row.authorization and row.authorization.valid_until if _is_ahead(row) else None
    if isinstance(row, FlightRequest) and row.is_undecided and row.entry_at == moment:
        return _("the entry time; undecided, the request lapses")
    if window == moment:
        return _("the window closes")
    if isinstance(row, NeighbourRequest) and row.is_waiting and row.entry_at == moment:
        return _("the entry time; unanswered, the request lapses")
    duty = row.present_duty
    if duty is None:
        return ""
    what = str(duty.label)
    if isinstance(row, Concurrence):
        what = f"{what} ({row.definition.label})"
    if row.opens_at == moment:
        return _("time for: %(duty)s") % {"duty": what}
    if row.rung:
        return _("%(duty)s still overdue: told further up") % {"duty": what}
    return _("%(duty)s falls due") % {"duty": what}


def _is_ahead(row: Any) -> bool:
    return isinstance(row, Movement) and row.status in AHEAD


def _details(event: Event, agreement: Agreement, called: Mapping[str, str]) -> str:
    """Return what a history would repeat of the event; of conduct, what was set."""
    if event.verb not in CONDUCT:
        return history.details(event, agreement)
    details = event.payload["with"]
    if event.verb == "run":
        return f"×{details['rate']}"
    if event.verb == "close_days":
        days = " – ".join(day for day in (details["first"], details.get("last")) if day)
        return f"{state_name(details['state'], agreement)}, {days}: {details['ground']}"
    if event.verb in SEATING:
        seat = seat_name(event.payload["about"].removeprefix("seat/"), agreement)
        if event.verb == "move":
            return f"{seat} → {seat_name(details['to'], agreement)}"
        if event.verb == "take":
            return seat
        return f"{seat}: {called.get(details.get('holder', ''), '–')}"
    if event.verb == "be_over":
        return str(WHY_OVER[details["why"]])
    if "person" in details:
        return called[details["person"]]
    if "to" in details:
        moment = decode(details["to"])
        return _("to %(moment)s") % {"moment": moment.strftime("%d %b %Y %H:%MZ")}
    if event.verb == "cast":
        seats = event.payload["rows"].get(event.payload["about"], {}).get("cast", {})
        return _("%(count)d seats") % {"count": len(seats)}
    return ""


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
