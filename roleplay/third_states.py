"""How role-players answer for the states on the way, which have no seat.

The moment and the answer follow from what the state was told, how it is taken to be
(`books.neighbours.Temper`), its calendar and the exercise's seed; so they are the same whatever
ticks and speeds there are. For a silent state exercise control answers, or nobody does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit.timeline import Kind
from casework import kinds
from exercises.models import Role, Seat
from neighbours import answers
from neighbours.models import AskedStatus, NeighbourRequest
from scenarios.lots import Lots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from audit.deed import Deed
    from exercises.models import Exercise
    from exercises.recorded import Recorded

MINUTE = timedelta(minutes=1)

#: What a state asks about a matter.
QUESTIONS = {
    "ARMAMENT": lazy("which armament is on board, and whether it is loaded"),
    "EXERCISE": lazy("who takes part in the exercise, and where"),
    "GOODS": lazy("class, quantity and packing of the dangerous goods"),
    "MILITARY_CARGO": lazy("whether the cargo is dangerous, or military and not dangerous"),
    "TROOPS": lazy("how many of the persons on board are of the armed forces"),
    "WEAPONS": lazy("how the personal weapons are kept during the flight"),
}


@dataclass(frozen=True)
class Answer:
    """What a state does next: the verb, and when."""

    verb: str
    moment: datetime


def coming(request: NeighbourRequest, at: datetime) -> Answer | None:
    """Return what the role-player of a state does next, after `at`; None where it does nothing."""
    temper = request.mood
    if request.exercise.ended_at or not temper.acts:
        return None
    if request.status == AskedStatus.SENT:
        moment = _in_office(request, request.sent_at + 30 * MINUTE)
        return _after(at, Answer("acknowledge_asking", moment))
    if request.status != AskedStatus.ACKNOWLEDGED:
        return None
    since = request.replied_at or request.acknowledged_at or request.sent_at
    moment = _in_office(request, since + _allowed(request, since) * _share(request))
    return _after(at, Answer(_verb(request), moment))


def take_turn(request: NeighbourRequest, *, by: None, at: datetime) -> None:
    """Let the role-player of a state on the way do what it does next, through the same guards."""
    with translation.override(settings.LANGUAGE_CODE):
        answer = coming(request, at - MINUTE)
        request.turn_at = None
        if answer is None or request.flight.closed_at:
            return
        if answer.moment > at:  # its office has closed a day since
            request.turn_at = _moment(request, at)
            return
        seat = Seat(exercise=request.exercise, state=request.host, role=Role.NEIGHBOUR)
        seat.is_played = True
        door = kinds.doors()[answer.verb]
        if door.row.is_open_to(request, seat, at):
            door(request, by=seat, at=at, **_details(request, answer.verb, seat, at))


def plan(deed: Deed, at: datetime) -> Iterator[Recorded]:
    """Set anew when a state next answers, of the requests that a verb touched."""
    for row in {id(row): row for row in deed.saved}.values():
        if isinstance(row, NeighbourRequest):
            moment = _moment(row, at)
            if row.turn_at != moment:
                row.turn_at = moment
                yield row


def plan_all(exercise: Exercise) -> None:
    """Set when states next answer in an exercise that came from a record."""
    for row in NeighbourRequest.objects.filter(exercise=exercise):
        row.exercise = exercise
        row.turn_at = _moment(row, exercise.last_at)
        row.save(update_fields=["turn_at"])  # no part of the record


def _turn(request: NeighbourRequest) -> Callable[..., Any]:
    return take_turn


KIND = Kind(
    "neighbour_turn",
    NeighbourRequest,
    NeighbourRequest.objects.all,
    _turn,
    moment="turn_at",
    opens=False,
    plan=plan,
)


def _moment(request: NeighbourRequest, at: datetime) -> datetime | None:
    answer = coming(request, at)
    return answer.moment if answer and answer.moment < request.entry_at else None


def _verb(request: NeighbourRequest) -> str:
    """Return the verb by which a state answers."""
    if {*request.matters} & {*request.mood.refuses}:
        return "refuse_crossing"
    return "question_asking" if _asked(request) else "clear_crossing"


def _asked(request: NeighbourRequest) -> list[str]:
    """Return the matters about which a state asks first; none once it was answered."""
    told = {*request.matters} if request.replied_at is None else set()
    return [matter for matter in request.mood.asks if matter in told]


def _details(request: NeighbourRequest, verb: str, seat: Seat, at: datetime) -> dict[str, Any]:
    """Return what a state says with a verb."""
    if verb == "question_asking":
        words = "; ".join(str(QUESTIONS[matter]) for matter in _asked(request))
        return {"text": f"{capfirst(_('please tell'))}: {words}."}
    return answers.usual(request, seat, at) if verb == "clear_crossing" else {}


def _allowed(request: NeighbourRequest, since: datetime) -> timedelta:
    """Return how long a state is given: what it publishes for such a flight, else as usual."""
    terms = request.terms
    published = terms.published.lead_times.get(request.asked_as) if terms.published else None
    allowance = published or terms.answers_within
    assert allowance is not None  # noqa: S101 - a state with a desk says so
    count = allowance.count(request.exercise.office(request.host), received_at=since)
    return count.due_at - since if count.due_at else timedelta(0)


def _share(request: NeighbourRequest) -> float:
    least, most = request.mood.share
    return least + (most - least) * _lots(request).share()


def _lots(request: NeighbourRequest) -> Lots:
    of = (request.exercise.seed, request.ref, request.times, bool(request.replied_at))
    return Lots(" ".join(map(str, of)))


def _in_office(request: NeighbourRequest, moment: datetime) -> datetime:
    """Return the moment, in whole minutes, or when the state's office opens next after it."""
    moment = moment.replace(second=0, microsecond=0)
    opens = request.exercise.office(request.host).next_open(moment)
    return opens + _lots(request).between(1, 60) * MINUTE if opens > moment else moment


def _after(at: datetime, answer: Answer) -> Answer:
    """Return the answer, not before the minute after `at`."""
    earliest = at.replace(second=0, microsecond=0) + MINUTE
    return Answer(answer.verb, max(answer.moment, earliest))
