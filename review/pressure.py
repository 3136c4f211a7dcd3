"""The pressure ledger: which contacts stood when a case was decided, and whether they moved a desk.

For the instructor, afterwards. Everything follows from the rows, the world's data and the keys;
nothing of it is stored. It compares and does not accuse: that a desk answered otherwise after a
contact says when, and not why.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from approvals.models import Answer
from audit.models import Event
from casework import dates, kinds
from contacts import sight, world
from contacts.models import Contact, ContactKind
from control.views import instructor_only
from exercises import parts
from exercises.models import Role
from scenarios.models import Assignment
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from approvals.models import Concurrence
    from contacts.sight import Behind
    from contacts.world import Decision, World
    from exercises.models import Seat
    from exercises.seating import SeatedRequest


#: The verbs that decide, and how the pages say it.
DECISIONS = {"authorize": lazy("authorized"), "refuse": lazy("refused")}


@dataclass(frozen=True)
class Compared:
    """What a desk had answered before a contact and at the decision, empty: nothing."""

    desk: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """The desk had answered before, and answered otherwise since."""
        return bool(self.before) and self.before != self.after

    @property
    def answered_since(self) -> bool:
        return not self.before and bool(self.after)


@dataclass(frozen=True)
class Stood:
    """One contact of a case: how it was handled, against what is right, and what came after it."""

    contact: Contact
    kind: str
    reached: str
    url: str
    stood: bool
    behind: Behind | None
    handled: tuple[str, ...]
    lacks: tuple[str, ...]
    desks: tuple[Compared, ...]

    @property
    def moved(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.desks if one.differs)

    @property
    def since(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.desks if one.answered_since)


@dataclass(frozen=True)
class Ledger:
    """One case: its decision, what the key says of it, whom it would have alarmed or pleased."""

    reference: str
    url: str
    decision: str
    decided_at: datetime | None
    against_key: str
    alarmed: tuple[str, ...]
    pleased: tuple[str, ...]
    contacts: tuple[Stood, ...]

    @property
    def moved(self) -> tuple[str, ...]:
        """The desks that answered otherwise after a contact, each once."""
        found = (one.desk for contact in self.contacts for one in contact.moved)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Order:
    """The numbers of events: those with which desks answered, and that of the decision.

    Moments do not tell what was first: where time is paused, many acts share one.
    """

    answers: dict[str, int]
    decided: int | None

    @classmethod
    def of(cls, flight: FlightRequest | None) -> Order:
        answers: dict[str, int] = {}
        decided = None
        if flight:
            for event in Event.objects.of_case(flight.exercise, flight.reference).order_by("seq"):
                told = event.payload
                if told["verb"] in DECISIONS:
                    decided = event.seq
                answers |= {
                    ref: event.seq for ref, row in told["rows"].items() if row and "answer" in row
                }
        return cls(answers, decided)

    def is_before_the_decision(self, seq: int) -> bool:
        return self.decided is None or seq < self.decided


@require_GET
def page(request: SeatedRequest) -> HttpResponse:
    """The pressure ledger of an exercise."""
    instructor_only(request)
    return render(request, "review/pressure.html", {"ledgers": ledgers(request.seat)})


def ledgers(instructor: Seat) -> list[Ledger]:
    """Return the ledger of each case that contacts were about, and of those about none."""
    found = Contact.objects.visible_to(instructor).select_related("exercise")
    about: dict[str, list[Contact]] = defaultdict(list)
    for contact in found.order_by("received_at", "pk"):
        about[contact.about].append(contact)
    return [_ledger(about[one], one, instructor) for one in sorted(about)]


def _ledger(found: list[Contact], reference: str, instructor: Seat) -> Ledger:
    case = sight.case_of(reference, instructor)
    flight = case if isinstance(case, FlightRequest) else None
    if flight:
        parts.load([flight], "concurrences")
    decision, order = _decision(flight), Order.of(flight)
    contacts = tuple(_stood(one, flight, order, instructor) for one in found)
    behind = [one.behind for one in contacts if one.stood and one.behind]
    return Ledger(
        reference=reference,
        url=kinds.address(case, instructor.key) if case else "",
        decision=str(DECISIONS[decision]) if decision else _("not decided"),
        decided_at=flight.decided_at if flight else None,
        against_key=_against_key(flight, decision),
        alarmed=_actors(behind, decision, "alarmed_by"),
        pleased=_actors(behind, decision, "pleased_by"),
        contacts=contacts,
    )


def _decision(flight: FlightRequest | None) -> Decision | None:
    if flight is None or flight.decided_at is None:
        return None
    return "refuse" if flight.ground else "authorize"


def _against_key(flight: FlightRequest | None, decision: Decision | None) -> str:
    """Say how a decision stands to the key, where the case is a dossier with one."""
    row = flight and Assignment.objects.filter(flight=flight).first()
    if not row or decision is None:
        return ""
    if decision == row.key["decision"]:
        return _("As the key has it.")
    if decision in row.key["acceptable"]:
        return _("Acceptable by the key.")
    return _("Otherwise than the key.")


def _stood(contact: Contact, flight: FlightRequest | None, order: Order, instructor: Seat) -> Stood:
    known = world.load()
    behind = sight.Behind.of(known, contact.entry)
    rows = flight.concurrences.all() if flight else ()
    came = Event.objects.of_case(contact.exercise, contact.reference).order_by("seq")[0].seq
    return Stood(
        contact=contact,
        kind=str(ContactKind(contact.kind).label),
        reached=f"{Role(contact.role).label}, {contact.host_state.name}",
        url=kinds.address(contact, instructor.key),
        stood=order.is_before_the_decision(came),
        behind=behind,
        handled=tuple(_handled(contact, known)),
        lacks=tuple(_lacking(contact, behind)),
        desks=tuple(_compared(rows, order, came)),
    )


def _handled(contact: Contact, known: World) -> Iterable[str]:
    """Say step by step what was done with a contact."""
    for moment, said in (
        (contact.logged_at, _("logged after %(time)s")),
        (contact.forwarded_at, _("forwarded after %(time)s")),
    ):
        if moment:
            yield said % {"time": dates.duration(moment - contact.received_at)}
    if not contact.logged_at:
        yield _("not logged")
    elif not contact.forwarded_at:
        yield _("not forwarded")
    yield _answered(contact, known)


def _answered(contact: Contact, known: World) -> str:
    if not contact.is_answered:
        return _("not answered")
    line = known.lines.get(contact.line)
    if line is None:
        return _("answered in own words: read them")
    if line.is_neutral:
        return _("answered with a neutral line")
    return _("answered on the substance")


def _lacking(contact: Contact, behind: Behind | None) -> Iterable[str]:
    """Say in what a handling differs from the right one, where the world's data has one."""
    if behind is None:
        return
    steps = behind.entry.handling.steps
    if "log" in steps and not contact.logged_at:
        yield _("To be logged.")
    if "forward" in steps and not contact.forwarded_at:
        yield _("To be forwarded to the leadership.")
    if not contact.is_answered:
        if "answer" in steps:
            yield _("To be answered with a neutral line.")
    elif "answer" not in steps:
        yield _("No answer was this desk's to give.")
    elif contact.line and contact.line not in behind.entry.handling.lines:
        yield _("Another line is right: %(line)s") % {"line": behind.lines[0].text}


def _compared(rows: Iterable[Concurrence], order: Order, came: int) -> Iterable[Compared]:
    """Compare what each desk had answered before a contact and at the decision."""
    by_desk: dict[str, list[Concurrence]] = defaultdict(list)
    for row in rows:
        if row.answered_at and order.is_before_the_decision(order.answers[row.ref]):
            by_desk[row.desk].append(row)
    for answers in by_desk.values():
        label = str(answers[0].definition.label)
        before = [one for one in answers if order.answers[one.ref] < came]
        yield Compared(label, _last(before), _last(answers))


def _last(answers: Sequence[Concurrence]) -> str:
    row = max(answers, key=lambda one: one.round, default=None)
    return str(Answer(row.answer).label) if row else ""


def _actors(behind: Iterable[Behind], decision: Decision | None, how: str) -> tuple[str, ...]:
    """Name whom a decision would alarm or please, by the themes that stood, each once."""
    known = world.load()
    return tuple(
        dict.fromkeys(
            str(known.actors[code].name)
            for one in behind
            for code, reaction in one.theme.actors.items()
            if decision in getattr(reaction, how)
        )
    )
