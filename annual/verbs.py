"""The verbs of the annual register: whose move each is, and what stands against it.

No clock grants anything, and no date presses: nobody has published how long an answer may take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from annual.models import AnnualStatus as Status
from annual.models import Opinion
from audit.verbs import HOST, REQUESTING, Verb, table
from books import agreements
from exercises.models import DECIDERS, Role
from transit.verbs import BOTH, own_hand

if TYPE_CHECKING:
    from datetime import datetime

    from annual.models import AnnualClearance
    from exercises.models import Exercise, Seat


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


VERBS = table(
    Verb(
        "request_annual",
        lazy("Ask by note"),
        lazy("Annual clearance asked for by note"),
        subject="exercise",
        roles=(Role.ATTACHE,),
        target=(Status.REQUESTED,),
        guards=(agreement_knows_them,),
        audience=BOTH,
        shown=("year", "note_number"),
        private=("categories", "text"),
    ),
    Verb(
        "send_back_annual",
        lazy("Return for completion"),
        lazy("Request for an annual clearance returned for completion"),
        subject="annual",
        roles=(Role.REGISTRY,),
        side=HOST,
        source=(Status.REQUESTED,),
        target=(Status.RETURNED,),
        audience=BOTH,
        shown=("missing",),
    ),
    Verb(
        "resubmit_annual",
        lazy("Ask again by note"),
        lazy("Annual clearance asked for again by note"),
        subject="annual",
        roles=(Role.ATTACHE,),
        side=REQUESTING,
        source=(Status.RETURNED,),
        target=(Status.REQUESTED,),
        audience=BOTH,
        shown=("year", "note_number"),
        private=("categories", "text"),
    ),
    Verb(
        "register_annual",
        lazy("Register"),
        lazy("Request for an annual clearance registered"),
        subject="annual",
        roles=(Role.REGISTRY,),
        side=HOST,
        source=(Status.REQUESTED,),
        target=(Status.UNDER_REVIEW,),
        audience=BOTH,
    ),
    Verb(
        "advise_annual",
        lazy("Give the desk's opinion"),
        lazy("Opinion of the defence desk on the annual clearance"),
        subject="annual",
        roles=(Role.DEFENCE,),
        side=HOST,
        source=(Status.UNDER_REVIEW,),
        guards=(opinion_is_owed, advises_on_what_others_asked),
        audience=(HOST,),
        shown=("answer",),
        private=("reason",),
    ),
    Verb(
        "grant_annual",
        lazy("Grant for the year"),
        lazy("Annual clearance granted"),
        subject="annual",
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
    ),
    Verb(
        "refuse_annual",
        lazy("Refuse for the year"),
        lazy("Annual clearance refused"),
        subject="annual",
        roles=DECIDERS,
        side=HOST,
        source=(Status.UNDER_REVIEW,),
        target=(Status.REFUSED,),
        guards=(opinion_is_given, decides_on_what_others_prepared),
        audience=(HOST,),
        private=("reason",),
    ),
    Verb(
        "reply_annual",
        lazy("Send the note in reply"),
        lazy("Request for an annual clearance answered by note"),
        subject="annual",
        roles=(Role.REGISTRY,),
        side=HOST,
        source=(Status.GRANTED, Status.REFUSED),
        guards=(reply_is_owed,),
        audience=BOTH,
        shown=("note_number",),
    ),
    Verb(
        "suspend_annual",
        lazy("Suspend"),
        lazy("Annual clearance suspended"),
        subject="annual",
        roles=DECIDERS,
        side=HOST,
        source=(Status.GRANTED,),
        target=(Status.SUSPENDED,),
        guards=(reply_is_sent, year_is_not_over, decides_on_what_others_prepared),
        audience=BOTH,
        private=("reason",),
    ),
    Verb(
        "reinstate_annual",
        lazy("Reinstate"),
        lazy("Annual clearance reinstated"),
        subject="annual",
        roles=DECIDERS,
        side=HOST,
        source=(Status.SUSPENDED,),
        target=(Status.GRANTED,),
        guards=(year_is_not_over, decides_on_what_others_prepared),
        audience=BOTH,
        private=("reason",),
    ),
    Verb(
        "revoke_annual",
        lazy("Revoke"),
        lazy("Annual clearance revoked"),
        subject="annual",
        roles=DECIDERS,
        side=HOST,
        source=(Status.GRANTED, Status.SUSPENDED),
        target=(Status.REVOKED,),
        guards=(reply_is_sent, year_is_not_over, decides_on_what_others_prepared),
        audience=BOTH,
        private=("reason",),
    ),
)
