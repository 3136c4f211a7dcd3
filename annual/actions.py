"""The one door to an annual clearance: its verbs, in procedure's order.

No clock grants anything, and no date presses: nobody has published how long an answer may take.
Longer than most modules: eleven verbs, each with its row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from annual.models import AnnualClearance, Opinion
from annual.models import AnnualStatus as Status
from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, choices, text
from audit.verbs import BOTH, HOST, REQUESTING, own_hand
from books import agreements
from casework.asking import MISSING, NOTE_NUMBER, REASON
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import DECIDERS, Exercise, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat


def agreement_knows_them(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    agreement = agreements.of(exercise)
    if agreement.annual is None:
        return _("This agreement knows no annual clearance.")
    if by is not None and by.state not in agreement.states:
        return _("Only a party of the agreement asks for an annual clearance.")
    return None


def opinion_is_owed(clearance: AnnualClearance, by: Seat | None, at: datetime) -> str | None:
    return _("The defence desk has given its opinion.") if clearance.opinion else None


def advises_on_what_others_asked(
    clearance: AnnualClearance, by: Seat | None, at: datetime
) -> str | None:
    if own_hand(by, [clearance.requested_hand]):
        return _("You cannot examine this request because you sent it.")
    return None


def opinion_is_given(clearance: AnnualClearance, by: Seat | None, at: datetime) -> str | None:
    return None if clearance.opinion else _("The defence desk has not given its opinion.")


def defence_concurs(clearance: AnnualClearance, by: Seat | None, at: datetime) -> str | None:
    if clearance.opinion == Opinion.NON_CONCUR:
        return _("The defence desk does not concur, and its opinion binds.")
    return None


def year_is_not_over(clearance: AnnualClearance, by: Seat | None, at: datetime) -> str | None:
    return _("The year is over at the host.") if clearance.has_expired(at) else None


def decides_on_what_others_prepared(
    clearance: AnnualClearance, by: Seat | None, at: datetime
) -> str | None:
    """No one decides what they asked for or gave an opinion on."""
    if own_hand(by, [clearance.requested_hand, clearance.opinion_hand]):
        return _("You cannot decide this because you asked for it or gave the desk's opinion.")
    return None


def reply_is_owed(clearance: AnnualClearance, by: Seat | None, at: datetime) -> str | None:
    return _("The note in reply is sent.") if clearance.replied_at else None


def reply_is_sent(clearance: AnnualClearance, by: Seat | None, at: datetime) -> str | None:
    return None if clearance.replied_at else _("The note in reply has not been sent.")


def next_year(exercise: Exercise, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest the calendar year after the present one at the host."""
    host = agreements.of(exercise).other(by.state)
    return {"year": exercise.office(host).local(at).year + 1}


def as_before(clearance: AnnualClearance, by: Seat, at: datetime) -> dict[str, Any]:
    """Suggest what was asked before the request was returned."""
    return {name: getattr(clearance, name) for name in ("year", "categories", "text")}


def categories(subject: Exercise | AnnualClearance, by: Seat, at: datetime) -> list[Any]:
    exercise = subject if isinstance(subject, Exercise) else subject.exercise
    agreement = agreements.of(exercise)
    known = agreement.annual.categories if agreement.annual else ()
    return [(code, capfirst(str(agreement.categories[code]))) for code in known]


def opinions(clearance: AnnualClearance, by: Seat, at: datetime) -> list[Any]:
    return list(Opinion.choices)


YEAR = Parameter(
    "year",
    Kind.NUMBER,
    lazy("year"),
    lazy("Enter the year."),
    hint=lazy("This calendar year or the next, such as 2027."),
    wrong=lazy("Enter the year in four digits, such as 2027."),
)
CATEGORIES = choices(
    "categories", lazy("categories"), categories, empty=lazy("Choose at least one category.")
)
TEXT = text("text", lazy("text of the note"))


@verb(
    lazy("Ask by note"),
    lazy("Annual clearance asked for by note"),
    clause="5.3",
    roles=(Role.ATTACHE,),
    target=(Status.REQUESTED,),
    guards=(agreement_knows_them,),
    audience=BOTH,
    shown=("year", "note_number"),
    private=("categories", "text"),
    takes=(YEAR, CATEGORIES, TEXT, NOTE_NUMBER),
    suggests=next_year,
    warning=lazy("The note goes to the host state."),
)
def request_annual(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    year: int,
    categories: Iterable[str],
    note_number: str,
    text: str = "",
) -> AnnualClearance:
    """Ask the other state by note for an annual clearance.

    Late is not too late: the request is taken, without entitlement (`AnnualClearance.is_late`).
    Raises `ValidationError`, by item, for a year that is neither this nor the next at the host,
    a category that the agreement does not list for it, a note number used before.
    """
    clearance = AnnualClearance.next_of(
        exercise, requesting_state=by.state, host=agreements.of(exercise).other(by.state)
    )
    acts.of_case(clearance.reference)
    _ask(
        clearance,
        by=by,
        at=at,
        year=year,
        categories={*categories},
        note_number=note_number,
        text=text,
    )
    return clearance


@verb(
    lazy("Return for completion"),
    lazy("Request for an annual clearance returned for completion"),
    clause="9.2",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=(Status.REQUESTED,),
    target=(Status.RETURNED,),
    audience=BOTH,
    shown=("missing",),
    takes=(MISSING,),
    icon="arrow-back-up",
    tone="warn",
    is_aside=True,
    warning=lazy("The request goes back to the requesting state, to be completed."),
    has_paper=True,
)
def send_back_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, missing: str
) -> AnnualClearance:
    """Return an incomplete request by note, with the list of what is missing."""
    clearance.send_back_annual(missing=missing)
    write_note(clearance, NoteKind.RETURN, from_state=clearance.host, at=at, text=missing)
    acts.save(clearance)
    return clearance


@verb(
    lazy("Ask again by note"),
    lazy("Annual clearance asked for again by note"),
    clause="9.3",
    roles=(Role.ATTACHE,),
    side=REQUESTING,
    source=(Status.RETURNED,),
    target=(Status.REQUESTED,),
    audience=BOTH,
    shown=("year", "note_number"),
    private=("categories", "text"),
    takes=(YEAR, CATEGORIES, TEXT, NOTE_NUMBER),
    suggests=as_before,
    icon="mail",
    warning=lazy("The note goes to the host state."),
    has_paper=True,
)
def resubmit_annual(
    clearance: AnnualClearance,
    *,
    by: Seat,
    at: datetime,
    year: int,
    categories: Iterable[str],
    note_number: str,
    text: str = "",
) -> AnnualClearance:
    """Ask again by note, completed; the moment of this note decides whether it is in time.

    Raises `ValidationError` as `request_annual` does.
    """
    clearance.resubmit_annual()
    _ask(
        clearance,
        by=by,
        at=at,
        year=year,
        categories={*categories},
        note_number=note_number,
        text=text,
    )
    return clearance


@verb(
    lazy("Register"),
    lazy("Request for an annual clearance registered"),
    clause="9.1",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=(Status.REQUESTED,),
    target=(Status.UNDER_REVIEW,),
    audience=BOTH,
    icon="rubber-stamp",
)
def register_annual(clearance: AnnualClearance, *, by: Seat, at: datetime) -> AnnualClearance:
    """Take the note in; the defence desk owes its opinion."""
    clearance.register_annual(at=at)
    acts.save(clearance)
    return clearance


@verb(
    lazy("Give the desk's opinion"),
    lazy("Opinion of the defence desk on the annual clearance"),
    clause="5.5",
    roles=(Role.DEFENCE,),
    side=HOST,
    source=(Status.UNDER_REVIEW,),
    guards=(opinion_is_owed, advises_on_what_others_asked),
    audience=(HOST,),
    shown=("answer",),
    private=("reason",),
    takes=(
        choice("answer", lazy("answer"), lazy("Choose an answer."), opinions, few=True),
        text("reason", lazy("reasons")),
    ),
    icon="check",
    warning=lazy("The opinion stands, and a “no” binds the decision."),
)
def advise_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, answer: str, reason: str = ""
) -> AnnualClearance:
    """Give the defence desk's opinion; its "no" binds.

    Raises `ValidationError` if the answer is none, or a "no" comes without its reasons.
    """
    if answer not in Opinion.values:
        raise ValidationError({"answer": _("Choose an answer.")})
    if answer == Opinion.NON_CONCUR and not reason:
        raise ValidationError({"reason": _("Give the reasons for not concurring.")})
    clearance.opinion, clearance.opinion_reason = answer, reason
    clearance.opinion_at, clearance.opinion_by, clearance.opinion_hand = at, by, by.hand
    acts.save(clearance)
    return clearance


@verb(
    lazy("Grant for the year"),
    lazy("Annual clearance granted"),
    clause="5.5",
    roles=DECIDERS,
    side=HOST,
    source=(Status.UNDER_REVIEW,),
    target=(Status.GRANTED,),
    guards=(
        opinion_is_given,
        defence_concurs,
        year_is_not_over,
        decides_on_what_others_prepared,
    ),
    audience=(HOST,),
    icon="gavel",
    tone="good",
    warning=lazy("A number is issued for the year. It admits no flight by itself."),
)
def grant_annual(clearance: AnnualClearance, *, by: Seat, at: datetime) -> AnnualClearance:
    """Give the categories a number for the year; the registry owes the note."""
    clearance.grant_annual(clearance_number=_number(clearance))
    _decide(clearance, by, at)
    acts.save(clearance)
    return clearance


@verb(
    lazy("Refuse for the year"),
    lazy("Annual clearance refused"),
    clause="5.5",
    roles=DECIDERS,
    side=HOST,
    source=(Status.UNDER_REVIEW,),
    target=(Status.REFUSED,),
    guards=(opinion_is_given, decides_on_what_others_prepared),
    audience=(HOST,),
    private=("reason",),
    takes=(REASON,),
    icon="ban",
    tone="bad",
    is_grave=True,
    is_aside=True,
    warning=lazy("The annual clearance is refused. The decision stands."),
)
def refuse_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """Refuse the year. The reasons stay inside; the note in reply is neutral."""
    clearance.refuse_annual()
    _decide(clearance, by, at, reason)
    acts.save(clearance)
    return clearance


@verb(
    lazy("Send the note in reply"),
    lazy("Request for an annual clearance answered by note"),
    clause="11.6",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=(Status.GRANTED, Status.REFUSED),
    guards=(reply_is_owed,),
    audience=BOTH,
    shown=("note_number",),
    takes=(NOTE_NUMBER,),
    icon="mail",
    tone="good",
    warning=lazy("The requesting side learns the decision by this note."),
    has_paper=True,
)
def reply_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, note_number: str
) -> AnnualClearance:
    """Tell the requesting side the decision by note; only now it knows.

    Raises `ValidationError` if the ministry used the note number before.
    """
    write_note(
        clearance,
        NoteKind.REPLY,
        from_state=clearance.host,
        at=at,
        number=note_number,
        text=clearance.clearance_number,
    )
    clearance.replied_at = at
    acts.save(clearance)
    return clearance


@verb(
    lazy("Suspend"),
    lazy("Annual clearance suspended"),
    clause="5.6",
    roles=DECIDERS,
    side=HOST,
    source=(Status.GRANTED,),
    target=(Status.SUSPENDED,),
    guards=(reply_is_sent, year_is_not_over, decides_on_what_others_prepared),
    audience=BOTH,
    private=("reason",),
    takes=(REASON,),
    icon="player-pause",
    tone="warn",
    is_aside=True,
    warning=lazy("The requesting side is told by note. Authorizations given stand."),
    has_paper=True,
)
def suspend_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """Let the number cover no flight until further notice, by note.

    Authorizations already given stand: the host decides on each of them.
    """
    clearance.suspend_annual()
    _decide(clearance, by, at, reason)
    write_note(clearance, NoteKind.SUSPENSION, from_state=clearance.host, at=at)
    acts.save(clearance)
    return clearance


@verb(
    lazy("Reinstate"),
    lazy("Annual clearance reinstated"),
    clause="5.6",
    roles=DECIDERS,
    side=HOST,
    source=(Status.SUSPENDED,),
    target=(Status.GRANTED,),
    guards=(year_is_not_over, decides_on_what_others_prepared),
    audience=BOTH,
    private=("reason",),
    takes=(REASON,),
    icon="player-play",
    tone="good",
    warning=lazy("The requesting side is told by note."),
    has_paper=True,
)
def reinstate_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """Let a suspended number cover flights again, by note; the year is not extended."""
    clearance.reinstate_annual()
    _decide(clearance, by, at, reason)
    write_note(clearance, NoteKind.REINSTATEMENT, from_state=clearance.host, at=at)
    acts.save(clearance)
    return clearance


@verb(
    lazy("Revoke"),
    lazy("Annual clearance revoked"),
    clause="5.6",
    roles=DECIDERS,
    side=HOST,
    source=(Status.GRANTED, Status.SUSPENDED),
    target=(Status.REVOKED,),
    guards=(reply_is_sent, year_is_not_over, decides_on_what_others_prepared),
    audience=BOTH,
    private=("reason",),
    takes=(REASON,),
    icon="ban",
    tone="bad",
    is_grave=True,
    is_aside=True,
    warning=lazy(
        "The number ends for good, and the requesting side is told by note. Authorizations given "
        "stand."
    ),
    has_paper=True,
)
def revoke_annual(
    clearance: AnnualClearance, *, by: Seat, at: datetime, reason: str
) -> AnnualClearance:
    """End the number by note, for good. Authorizations already given stand."""
    clearance.revoke_annual()
    _decide(clearance, by, at, reason)
    write_note(clearance, NoteKind.REVOCATION, from_state=clearance.host, at=at)
    acts.save(clearance)
    return clearance


def _ask(
    clearance: AnnualClearance,
    *,
    by: Seat,
    at: datetime,
    year: int,
    categories: set[str],
    note_number: str,
    text: str,
) -> None:
    _check_year(clearance, year, at=at)
    clearance.year = year
    clearance.categories = _in_order(clearance, categories)
    clearance.text = text
    clearance.requested_at, clearance.requested_by, clearance.requested_hand = at, by, by.hand
    write_note(
        clearance,
        NoteKind.REQUEST,
        from_state=clearance.requesting_state,
        at=at,
        number=note_number,
        text=text,
        particulars={"year": year, "categories": clearance.categories},
    )
    acts.save(clearance)


def _check_year(clearance: AnnualClearance, year: int, *, at: datetime) -> None:
    office = clearance.exercise.office(clearance.host)
    present = office.local(at).year
    if year not in (present, present + 1):
        raise ValidationError(
            {
                "year": _("Ask for this year or the next: %(this)d or %(next)d.")
                % {"this": present, "next": present + 1}
            }
        )


def _in_order(clearance: AnnualClearance, categories: set[str]) -> list[str]:
    """Return the categories in the order of the agreement."""
    known = clearance.terms.categories
    if not categories or not categories <= {*known}:
        raise ValidationError(
            {"categories": _("Choose among the categories of the agreement, at least one.")}
        )
    return [one for one in known if one in categories]


def _decide(clearance: AnnualClearance, by: Seat, at: datetime, reason: str = "") -> None:
    clearance.decided_at, clearance.decided_by, clearance.decided_hand = at, by, by.hand
    clearance.reasons = reason


def _number(clearance: AnnualClearance) -> str:
    """Return the host's number for the year, which ends as the request's does.

    A count would tell with the next one that is told that another was issued meanwhile.
    """
    return clearance.terms.number_format.format(
        state=clearance.host, year=clearance.year % 100, serial=clearance.number
    )
