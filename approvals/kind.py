"""The flight as a kind of case: its verbs, what they may be about, its work, its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as lazy

from annual.models import AnnualClearance
from approvals import (
    checking,
    checks,
    decision,
    duties,
    examination,
    force,
    intake,
    marking,
    minutes,
    papers,
    questions,
    sight,
    views,
    work,
)
from approvals.models import Answer, Concurrence, Disposal
from approvals.rounds import latest_round
from audit.verbs import REQUESTING
from casework.kinds import Citation, Kind
from casework.written import NOTES, Written
from exercises import parts
from exercises.models import Help
from neighbours import sending, telling
from transit import (
    alerting,
    amendment,
    closed_airspace,
    conditions,
    contingency,
    movement,
    notices,
    plans,
    preparation,
    transmission,
)
from transit.changes import TAKES
from transit.duties import DUTIES
from transit.form import label_of
from transit.mapping import state_name
from transit.models import AlertPhase, FlightRequest, FlightStatus, InstructionKind, Revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.verbs import Verb
    from books.agreements import Agreement
    from casework.models import Case
    from exercises.models import Seat
    from transit.models import Measure


def subjects(flight: FlightRequest, seat: Seat, verb: Verb) -> Iterator[Any]:
    """Give what a verb may be about on this flight, as far as the seat may know of it."""
    if verb.code in ("mark", "own_check") and flight.exercise.help == Help.OPEN:
        return
    is_told = flight.status == FlightStatus.AUTHORIZED and not flight.is_with_host
    if verb.code == ("begin_supplement" if is_told else "amend"):
        return  # one way to change what is asked for: an amendment after the decision
    if verb.code == "classify" and flight.amends is None:
        return
    if verb.subject == "flight":
        yield flight
    elif verb.subject == "concurrence":
        mine = [row for row in latest_round(flight) if row.role == seat.role]
        seated = verb.code == "concur"
        yield from (row for row in mine if row.definition.has_seat == seated)
    elif verb.subject == "question":
        yield from (row for row in flight.questions.all() if row.looks_open)
    elif verb.subject == "mark":
        yield from checks.marks(flight, seat)
    elif verb.subject == "movement":
        yield from flight.movements_known_to(seat)
    elif verb.subject == "notification":
        yield from (row for row in flight.notifications.all() if row.registered_at is None)
    elif verb.subject == "authorization" and not flight.amends:
        yield from list(flight.authorizations.all())[-1:]
    elif verb.subject == "measure":
        yield from _measures(flight, seat)[-1:]
    elif verb.subject == "acknowledgement":
        yield from [row for row in flight.acknowledgements.all() if row.role == seat.role][-1:]
    elif verb.subject == "condition":
        yield from (row for row in flight.conditions_known_to(seat) if row.accepted_at is None)


def known(flight: FlightRequest, seat: Seat, verb: Verb) -> Iterator[Any]:
    """Give what a verb may have been about: questions answered since, the seat's own answers."""
    if verb.subject == "question":
        yield from flight.questions.all()
    elif verb.subject == "concurrence":
        yield from (row for row in flight.concurrences.all() if row.role == seat.role)
    elif verb.subject == "notification":
        yield from flight.notifications.all()
    elif verb.subject == "mark":
        yield from (row for row in flight.marks.all() if row.made_by_id == seat.pk)
    elif verb.subject == "measure":
        yield from _measures(flight, seat)
    elif verb.subject == "acknowledgement":
        yield from (row for row in flight.acknowledgements.all() if row.role == seat.role)
    elif verb.subject == "condition":
        yield from flight.conditions_known_to(seat)


def _measures(flight: FlightRequest, seat: Seat) -> list[Measure]:
    authorization = flight.authorization
    return force.measures_known_to(authorization, seat) if authorization else []


def citing(case: Case, seat: Seat) -> Iterator[Citation]:
    """Give the flights whose form, as the host has it, cites the number of an annual clearance.

    How often a form was changed, and what was found after a flight, counts for the next year
    (situation 40). Findings are the host's own affair.
    """
    number = case.clearance_number if isinstance(case, AnnualClearance) else ""
    if not number:
        return
    rows = FlightRequest.objects.visible_to(seat).filter(
        host=case.host,
        requesting_state=case.requesting_state,
        pk__in=Revision.objects.filter(exercise=case.exercise_id, annual_number=number).values(
            "flight"
        ),
    )
    flights = list(rows.select_related("exercise").order_by("number"))
    parts.load(flights, "revisions", "movements")
    requesting = case.side_of(seat) == REQUESTING
    for flight in flights:
        revision = flight.examined
        if revision and revision.annual_number == number:
            found = sum(len(movement.findings) for movement in flight.movements.all())
            yield Citation(
                flight, flight.status_for(seat), revision.number, None if requesting else found
            )


#: What is written without end, as `sight` gives it.
WRITTEN = {
    "notes": NOTES,
    "questions": Written(
        lazy("Questions"),
        lambda *asked: sight.known_to(*asked).questions,
        "approvals/sections/_questions.html",
    ),
    "answers": Written(
        lazy("Concurrences"),
        lambda *asked: sight.known_to(*asked).answers,
        "approvals/sections/_desks_table.html",
    ),
    "minutes": Written(
        lazy("Minutes"),
        lambda *asked: sight.known_to(*asked).minutes[::-1],
        "approvals/sections/_minutes.html",
    ),
}


def desk_of(flight: FlightRequest, seat: Seat, line: dict[str, Any]) -> Concurrence:
    desk: str = line.get("desk", seat.role)
    mine = [row for row in flight.concurrences.all() if row.desk == desk]
    return max(mine, key=lambda row: row.round)


def _several(desks: list[str] | str, agreement: Agreement) -> str:
    codes = [desks] if isinstance(desks, str) else desks
    return ", ".join(str(agreement.desks[desk].label) for desk in codes)


def _conditions(codes: list[str] | str, agreement: Agreement) -> str:
    known = agreement.conditions
    return " ".join(
        str(known[code].words) for code in ([codes] if isinstance(codes, str) else codes)
    )


KIND = Kind(
    model=FlightRequest,
    address="flights",
    verbs=(
        preparation,
        transmission,
        amendment,
        notices,
        conditions,
        plans,
        movement,
        alerting,
        contingency,
        closed_airspace,
        intake,
        marking,
        checking,
        examination,
        questions,
        minutes,
        decision,
        force,
        sending,
        telling,
    ),
    page=views.page,
    subjects=subjects,
    known=known,
    named={
        "concurrence": desk_of,
        "question": lambda flight, seat, line: flight.questions.get(
            number=line.get("question", flight.questions.count())
        ),
        "notification": lambda flight, seat, line: flight.notifications.get(
            number=line.get("notification", flight.notifications.count())
        ),
        "mark": lambda flight, seat, line: flight.marks.last(),
        "movement": lambda flight, seat, line: flight.movements.get(number=1),
        "authorization": lambda flight, seat, line: flight.authorizations.last(),
        "measure": lambda flight, seat, line: flight.measures.last(),
        "acknowledgement": lambda flight, seat, line: flight.acknowledgements.filter(
            role=seat.role
        ).last(),
        "condition": lambda flight, seat, line: flight.conditions.filter(accepted_at=None).first(),
    },
    lists=sight.LISTS,
    work=work.WORK,
    citing=citing,
    written=WRITTEN,
    papers=papers.of_flight,
    paper=papers.paper,
    duties=DUTIES | duties.DUTIES,
    words={
        "state": state_name,
        "desk": _several,
        "desks": _several,
        "answer": lambda code, agreement: str(Answer(code).label),
        "takes": lambda code, agreement: str(TAKES[code]),
        "item": lambda code, agreement: capfirst(label_of(code)),
        "disposal": lambda code, agreement: str(Disposal(code).label),
        "kind": lambda code, agreement: str(InstructionKind(code).label),
        "library": _conditions,
        "phase": lambda code, agreement: str(AlertPhase(code).label),
        "ground": lambda code, agreement: capfirst(str(agreement.grounds[code])),
    },
)
