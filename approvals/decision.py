"""The decision: this one flight is authorized, under a number, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals import checks, rounds
from approvals.examination import hands_of_form
from approvals.models import (
    Answer,
)
from approvals.rounds import latest_round
from audit import acts
from audit.acts import verb
from audit.parameters import choice, lines, text
from audit.verbs import HOST, own_hand
from casework.duties import reckon
from exercises.models import DECIDERS
from transit import plans
from transit.conditions import LIBRARY, lay_down, worded
from transit.models import (
    EXAMINATION,
    Authorization,
    FlightRequest,
    Movement,
    Revision,
)
from transit.models import FlightStatus as Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


def nothing_is_open(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if rounds.awaits_answer(flight):
        return _("A question is open.")
    if any(row.is_pending for row in latest_round(flight)):
        return _("Not every desk has answered.")
    return None


def no_binding_refusal(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    for row in latest_round(flight):
        if row.answer == Answer.NON_CONCUR and row.definition.binding:
            return _("%(desk)s does not concur, and its answer binds.") % {
                "desk": row.definition.label
            }
    return None


def is_before_entry(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    if flight.entry_at and at >= flight.entry_at:
        return _("The entry time has come.")
    return None


def decides_what_others_prepared(
    flight: FlightRequest, by: Seat | None, at: datetime
) -> str | None:
    """No one decides what they prepared, registered or concurred in."""
    concurred = [row.answered_hand for row in flight.concurrences.all()]
    if own_hand(by, hands_of_form(flight)):
        return _("You cannot decide this request because you prepared or released it.")
    if own_hand(by, [flight.registered_hand]):
        return _("You cannot decide this request because you registered it.")
    if own_hand(by, concurred):
        return _("You cannot decide this request because you were an officer who concurred in it.")
    return None


def findings_allow(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """Every check is dealt with before a flight is authorized; what blocks is mended first."""
    standing = checks.standing(flight, at=at)
    if not standing:
        return None
    if by is not None and not checks.is_helped(flight, by):
        return _("Checks stand against it that are not dealt with.")
    return _("Checks stand against it: %(codes)s.") % {
        "codes": ", ".join(dict.fromkeys(item.rule.code for item in standing))
    }


def precedents_are_in(flight: FlightRequest, by: Seat | None, at: datetime) -> str | None:
    """A desk that a finding calls in, such as for a special permit, has answered."""
    asked = {row.desk for row in latest_round(flight)}
    codes = [item.rule.code for item in checks.items(flight, at=at)]
    missing = sorted(checks.called_desks(flight, codes) - asked)
    if not missing:
        return None
    if by is not None and not checks.is_helped(flight, by):
        return _("A desk is to be called in first.")
    desks = flight.agreement.desks
    return _("To be called in first: %(desks)s.") % {
        "desks": ", ".join(str(desks[code].label) for code in missing)
    }


def consolidated(flight: FlightRequest, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the conditions that the lead desk consolidated, those of the library as such."""
    lead = [row for row in latest_round(flight) if row.definition.is_lead]
    said = lead[0].conditions if lead else []
    known = {one.words.en: code for code, one in flight.agreement.conditions.items()}
    return {
        "library": [known[words] for words in said if words in known],
        "conditions": [words for words in said if words not in known],
    }


def grounds(flight: FlightRequest, by: Seat, at: datetime) -> list[tuple[str, Any]]:
    return list(flight.agreement.grounds.items())


@verb(
    lazy("Authorize this flight"),
    lazy("Authorized"),
    clause="11.1",
    roles=DECIDERS,
    side=HOST,
    source=(Status.DECISION_PENDING,),
    target=(Status.AUTHORIZED,),
    guards=(
        nothing_is_open,
        no_binding_refusal,
        precedents_are_in,
        findings_allow,
        is_before_entry,
        decides_what_others_prepared,
    ),
    audience=(HOST,),
    shown=("library", "conditions"),
    makes_due=("reply", "flight_plan", "condition"),
    takes=(
        LIBRARY,
        lines("conditions", lazy("conditions"), hint=lazy("One line each; empty for none.")),
        text("override_ground", lazy("ground for overriding a desk")),
    ),
    suggests=consolidated,
    icon="gavel",
    tone="good",
    warning=lazy("A number is issued for this one flight. An authorization is never edited."),
)
def authorize(
    flight: FlightRequest,
    *,
    by: Seat,
    at: datetime,
    library: Iterable[str] = (),
    conditions: Iterable[str] = (),
    override_ground: str = "",
) -> FlightRequest:
    """Authorize this one flight: a number, a window, conditions. The registry owes the note.

    Conditions of the `library` that ask for something to be done are kept as items. Raises
    `ValidationError` if a desk's "no" that does not bind is overridden without a ground.
    """
    if not override_ground and any(row.answer == Answer.NON_CONCUR for row in latest_round(flight)):
        raise ValidationError(
            {"override_ground": _("A desk does not concur: give the ground for overriding it.")}
        )
    flight.authorize(by=by, at=at)
    _owe_reply(flight, at=at)
    acts.save(flight)
    revision = flight.content
    authorization = _number(flight, revision, at=at)
    authorization.conditions = worded(flight, library, conditions)
    authorization.override_ground = override_ground
    acts.save(authorization)
    lay_down(authorization, library)
    _expect(authorization, at=at)
    return flight


@verb(
    lazy("Refuse this flight"),
    lazy("Refused"),
    clause="11.5",
    roles=DECIDERS,
    side=HOST,
    source=EXAMINATION,
    target=(Status.REFUSED,),
    guards=(decides_what_others_prepared,),
    audience=(HOST,),
    shown=("ground",),
    private=("reasons",),
    makes_due=("reply",),
    takes=(
        choice(
            "ground",
            lazy("ground"),
            lazy("Choose a ground."),
            grounds,
            hint=lazy("Stays inside: the note in reply is neutral."),
        ),
        text("reasons", lazy("reasons"), lazy("Give the reasons.")),
    ),
    icon="ban",
    tone="bad",
    is_grave=True,
    is_aside=True,
    warning=lazy("The flight is refused. The decision stands."),
)
def refuse(
    flight: FlightRequest, *, by: Seat, at: datetime, ground: str, reasons: str
) -> FlightRequest:
    """Refuse this flight. Ground and reasons stay inside; the note in reply is neutral.

    Drops open questions and pending answers. Raises `ValidationError` for an unknown ground.
    """
    if ground not in flight.agreement.grounds:
        raise ValidationError({"ground": _("Choose a ground of the agreement.")})
    questions = [row for row in flight.questions.all() if row.is_awaited]
    pending = [row for row in flight.concurrences.all() if row.is_awaited]
    flight.refuse(by=by, at=at, ground=ground, reasons=reasons)
    _owe_reply(flight, at=at)
    acts.save(flight)
    for question in questions:
        question.dropped_at = at
        question.ring_at(None)  # its date stays: until the reply the attaché sees it owed
        acts.save(question)
    for row in pending:
        rounds.drop_answer(row)
    return flight


def _number(flight: FlightRequest, revision: Revision, *, at: datetime) -> Authorization:
    """Give the host's number for this flight; its window opens before the entry.

    The number ends as the request's does: a count would tell with the next one that is told that
    another was issued meanwhile.
    """
    agreement, entry_at = flight.agreement, flight.entry_at
    assert entry_at is not None  # noqa: S101 - a released form has a crossing of the host
    office = flight.exercise.office(flight.host)
    authorization = Authorization(
        number=agreement.number_format.format(
            state=flight.host,
            year=office.local(at).year % 100,
            serial=flight.number,
        ),
        revision=revision,
        valid_from=entry_at - agreement.early,
        valid_until=entry_at + agreement.validity,
    )
    authorization.of_flight(flight, "authorization/1")
    return authorization


def _expect(authorization: Authorization, *, at: datetime) -> None:
    """Expect the aircraft: operations owes the flight-plan check before the entry."""
    movement = Movement(number=1, authorization=authorization)
    movement.of_flight(authorization.flight, "movement/1")
    plans.expect_plan(movement, at=at)
    acts.save(movement)


def _owe_reply(flight: FlightRequest, *, at: datetime) -> None:
    flight.owe("reply", at=at, due_at=reckon(flight, "reply", since=at).due_at)
