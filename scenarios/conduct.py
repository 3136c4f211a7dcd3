"""Giving dossiers to an exercise, letting their notes come in, sittings, and handing in."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from annual.models import AnnualClearance
from audit import acts
from audit.acts import verb
from audit.verbs import BOTH
from books import agreements
from casework.duties import owe_by_agreement
from casework.models import NoteKind
from exercises.models import HOST_ROLES, Exercise, Role, Seat
from scenarios import exams
from scenarios.models import Assignment, HandIn, Purpose, Sitting
from scenarios.register import REGISTER
from transit import drafting
from transit.models import FlightRequest, Revision
from transit.transmission import enclose

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_in(assignment: Assignment, by: Seat | None, at: datetime) -> str | None:
    flight = assignment.flight
    if flight is not None and (by is None or flight.host == by.state):
        return None
    return _("This dossier has not come in.")


def is_not_handed_in(assignment: Assignment, by: Seat | None, at: datetime) -> str | None:
    if by is None or all(one.seat_id != by.pk for one in assignment.handins.all()):
        return None
    return _("This dossier is handed in.")


@verb(
    lazy("Begin a sitting"),
    lazy("Sitting begun"),
    roles=(Role.INSTRUCTOR,),
    private=("seat", "exam"),
    shown=("purpose",),
    conduct=True,
)
def begin(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    purpose: Purpose,
    seat: str,
    level: int = 1,
    minutes: int | None = None,
    exam: int | None = None,
) -> Sitting:
    """Let whoever holds a seat, by its key, sit the exercise alone; as `Sitting` says.

    Of an `exam`, by the number of its exercise: raises `NotNow` if nobody begins it any more, and
    `IntegrityError` if the person had an attempt.
    """
    if exam is not None:
        exams.require_open(exam)
    mine = next(one for one in exercise.seats.select_related("holder") if one.key == seat)
    assert mine.holder is not None  # noqa: S101 - somebody sits
    row = Sitting(
        exercise=exercise,
        ref=f"{Sitting.noun}/1",
        purpose=purpose,
        seat=mine,
        person=mine.holder.get_username(),
        level=level,
        minutes=minutes,
        exam=exam,
    )
    acts.save(row)
    return row


@verb(
    lazy("Hand in"),
    lazy("Dossier handed in"),
    roles=HOST_ROLES,
    guards=(is_in, is_not_handed_in),
    audience=("INSTRUCTOR",),
    private=("decided",),
)
def hand_in(assignment: Assignment, *, by: Seat, at: datetime, decided: str) -> HandIn:
    """Be done with a dossier: what the seat `decided` until now counts, and nothing later."""
    row = HandIn(
        exercise=assignment.exercise,
        ref=f"{assignment.ref}/{HandIn.noun}/{len(assignment.handins.all()) + 1}",
        assignment=assignment,
        seat=by,
        decided=decided,
        made_at=at,
    )
    acts.save(row)
    return row


@verb(
    lazy("Give dossiers"),
    lazy("Dossiers given to the exercise"),
    roles=(Role.INSTRUCTOR,),
    private=("dossiers",),
    conduct=True,
)
def give(
    exercise: Exercise, *, by: Seat, at: datetime, dossiers: Iterable[dict[str, Any]]
) -> list[Assignment]:
    """Give dossiers to an exercise, as `scenarios.keys.Case.as_data` says them.

    The note of each comes in when it says so, at once if that is past. With the first of them the
    register of annual clearances is entered, on which dossiers rest.
    """
    so_far = Assignment.objects.filter(exercise=exercise).count()
    if so_far == 0:
        _enter_register(exercise)
    rows = []
    for number, said in enumerate(dossiers, start=so_far + 1):
        dossier = {name: value for name, value in said.items() if name not in ("key", "number")}
        row = Assignment(
            exercise=exercise,
            ref=f"assignment/{number}",
            number=number,
            dossier=dossier,
            key=said["key"],
            alarm_at=max(datetime.fromisoformat(dossier["received_at"]), at),
        )
        rows.append(row)
    acts.save(*rows)
    return rows


@verb(
    lazy("Let the note come in"),
    lazy("Transmitted by note"),
    audience=BOTH,
    makes_due=("registration",),
)
def come_in(assignment: Assignment, *, by: None, at: datetime) -> FlightRequest:
    """Let a dossier's note come in: the request stands where `transmit` would have left it.

    What keeps a planner from putting forward an incomplete form does not keep a dossier.
    """
    exercise, said = assignment.exercise, assignment.dossier
    planner, release = (
        _seat(exercise, said["requesting_state"], role) for role in (Role.PLANNER, Role.RELEASE)
    )
    flight = FlightRequest.next_of(
        exercise, requesting_state=said["requesting_state"], host=said["host"]
    )
    acts.of_case(flight.reference)
    acts.save(flight)
    draft = Revision(number=1, prepared_by=planner, released_by=release)
    draft.of_flight(flight, "revision/1")
    drafting.fill(draft, said["form"], said["crossings"], said["goods"], at=at)
    flight.request_release()
    flight.release()
    flight.transmit(at=at)
    flight.entry_at = drafting.entry_of(draft)
    enclose(draft, NoteKind.REQUEST, at=at)
    owe_by_agreement(flight, "registration", at=at)
    acts.save(flight)
    assignment.flight, assignment.alarm_at = flight, None
    acts.save(assignment)
    return flight


def _seat(exercise: Exercise, state: str, role: Role) -> Seat:
    return next(one for one in exercise.seats.all() if (one.state, one.role) == (state, role))


def _enter_register(exercise: Exercise) -> None:
    """Enter the numbers that dossiers cite: of both directions, last year's and the next one's."""
    states = [*agreements.of(exercise).states]
    rows: list[AnnualClearance] = []
    for host in states:
        [requesting] = [one for one in states if one != host]
        attache = _seat(exercise, requesting, Role.ATTACHE)
        first = AnnualClearance.next_of(exercise, requesting_state=requesting, host=host).number
        years = range(exercise.opened_at.year - 1, exercise.opened_at.year + 3)
        for number, (year, entry) in enumerate(product(years, REGISTER), start=first):
            rows.append(
                AnnualClearance(
                    exercise=exercise,
                    ref=f"{AnnualClearance.noun}/{number}",
                    number=number,
                    requesting_state=requesting,
                    host=host,
                    year=year,
                    categories=list(entry.categories),
                    status=entry.status,
                    clearance_number=entry.number(host, year),
                    requested_at=datetime(year - 1, 11, 2, 9, tzinfo=UTC),
                    requested_by=attache,
                    requested_hand="",
                    registered_at=datetime(year - 1, 11, 3, 9, tzinfo=UTC),
                    decided_at=datetime(year - 1, 11, 20, 9, tzinfo=UTC),
                    replied_at=datetime(year - 1, 11, 23, 9, tzinfo=UTC),
                )
            )
    acts.save(*rows)
