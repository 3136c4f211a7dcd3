"""What the register's pages show to a seat. Reads only; `visible_to` says of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from annual.forms import FORMS
from annual.models import AnnualClearance, AnnualStatus, Opinion
from annual.verbs import VERBS
from audit.models import Event
from audit.verbs import REQUESTING
from books import agreements, calendars
from casework import dates
from exercises.models import REQUESTER_ROLES, Role
from exercises.recorded import decode
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from audit.verbs import Verb
    from books.agreements import Annual
    from exercises.models import Exercise, Seat
    from exercises.seating import SeatedRequest
    from transit.forms import VerbForm

#: What to think of once more before a step that cannot be undone.
WARNINGS: dict[str, _StrPromise] = {
    "request_annual": lazy("The note goes to the host state."),
    "resubmit_annual": lazy("The note goes to the host state."),
    "send_back_annual": lazy("The request goes back to the requesting state, to be completed."),
    "advise_annual": lazy("The opinion stands, and a “no” binds the decision."),
    "grant_annual": lazy("A number is issued for the year. It admits no flight by itself."),
    "refuse_annual": lazy("The annual clearance is refused. The decision stands."),
    "reply_annual": lazy("The requesting side learns the decision by this note."),
    "suspend_annual": lazy("The requesting side is told by note. Authorizations given stand."),
    "reinstate_annual": lazy("The requesting side is told by note."),
    "revoke_annual": lazy(
        "The number ends for good, and the requesting side is told by note. Authorizations given "
        "stand."
    ),
}

#: Steps that end something for good.
GRAVE = frozenset({"refuse_annual", "revoke_annual"})

#: Moves that a seat may have, but that are not what the case waits for.
ASIDE = frozenset({"send_back_annual", "refuse_annual", "suspend_annual", "revoke_annual"})

ICONS = {
    "send_back_annual": "arrow-back-up",
    "resubmit_annual": "mail",
    "register_annual": "rubber-stamp",
    "advise_annual": "check",
    "grant_annual": "gavel",
    "refuse_annual": "ban",
    "reply_annual": "mail",
    "suspend_annual": "player-pause",
    "reinstate_annual": "player-play",
    "revoke_annual": "ban",
}

TONES = {
    AnnualStatus.RETURNED: "warn",
    AnnualStatus.GRANTED: "good",
    AnnualStatus.REFUSED: "bad",
    AnnualStatus.SUSPENDED: "warn",
    AnnualStatus.REVOKED: "bad",
}

HISTORY_TONES = {
    "send_back_annual": "warn",
    "grant_annual": "good",
    "refuse_annual": "bad",
    "reply_annual": "good",
    "suspend_annual": "warn",
    "reinstate_annual": "good",
    "revoke_annual": "bad",
}

#: What whoever has it is to do.
STEPS = {
    Role.REGISTRY: lazy("registration, or return"),
    Role.ATTACHE: lazy("completion after return"),
    Role.DEFENCE: lazy("opinion of the defence desk"),
    Role.DECIDER: lazy("decision"),
}


@dataclass(frozen=True)
class Offer:
    """An open move of the seat, as the page shows it."""

    verb: Verb
    form: VerbForm
    is_failed: bool
    is_first: bool

    @property
    def icon(self) -> str:
        return ICONS[self.verb.code]

    @property
    def warning(self) -> _StrPromise | str:
        return WARNINGS.get(self.verb.code, "")

    @property
    def is_grave(self) -> bool:
        return self.verb.code in GRAVE

    @property
    def is_unfolded(self) -> bool:
        """Shown with its form: what the case waits for, or a form with faults."""
        return self.is_failed or self.is_first


@dataclass(frozen=True)
class Entry:
    """One line of a history: what, when, by whom, and what is told of it."""

    title: str
    at: datetime
    by: str
    text: str
    tone: str


Failed = tuple[str, "VerbForm"]


def waiting(seat: Seat) -> int:
    """Return how many clearances wait for the seat."""
    visible = AnnualClearance.objects.visible_to(seat)
    return sum(clearance.is_with(seat) for clearance in visible)


def listing(request: SeatedRequest, terms: Annual) -> dict[str, Any]:
    """Return the register: what waits for the seat first, then the latest year first."""
    seat = request.seat
    found = AnnualClearance.objects.visible_to(seat).select_related("exercise")
    order = sorted(found, key=lambda row: (not row.is_with(seat), -row.year, row.number))
    return {
        "rows": [_standing(clearance, request) for clearance in order],
        "may_ask": seat.role == Role.ATTACHE,
        "bought": bought(request.exercise, terms),
    }


def case(
    clearance: AnnualClearance, request: SeatedRequest, failed: Failed | None = None
) -> dict[str, Any]:
    """Return the page of one clearance. Nothing of the host's inside reaches the other side."""
    requesting = clearance.side_of(request.seat) == REQUESTING
    context = _standing(clearance, request) | _moves(clearance, request, failed)
    context |= {
        "is_requester": requesting,
        "requester": clearance.agreement.states[clearance.requesting_state].name,
        "host": clearance.agreement.states[clearance.host].name,
        "deadline": clearance.deadline,
        "deadline_source": clearance.terms.source,
        "notes": [_note(note) for note in clearance.notes],
        "flights": _flights(clearance, request.seat),
        "history": history(clearance, request.seat),
        "bought": bought(request.exercise, clearance.terms),
        "form": failed[1] if failed else None,
    }
    if not requesting:
        context |= {
            "opinion": clearance.opinion and Opinion(clearance.opinion).label,
            "is_told": clearance.replied_at is not None,
        }
    return context


def asking(request: SeatedRequest, terms: Annual) -> dict[str, Any]:
    """Return what the attaché reads beside the form of a new request: the two deadlines."""
    exercise, at = request.exercise, request.at
    agreement = agreements.of(exercise)
    host = agreement.other(request.seat.state)
    office = calendars.office(exercise.calendar_version, host)
    month, day = terms.deadline
    present = office.local(at).year
    return {
        "host": agreement.states[host].name,
        "deadlines": [
            {
                "year": year,
                "deadline": calendars.annual_deadline(
                    office, year, received_at=at, month=month, day=day
                ),
            }
            for year in (present, present + 1)
        ],
        "deadline_source": terms.source,
        "warning": WARNINGS["request_annual"],
        "bought": bought(exercise, terms),
    }


def bought(exercise: Exercise, terms: Annual) -> dict[str, Any]:
    """Return what citing a number changes for a flight: training defaults all of them."""
    agreement = agreements.of(exercise)
    return {
        "track": agreement.tracks[terms.track].label,
        "lead_time": dates.in_words(agreement.tracks[terms.track].lead_time),
        "usual": dates.in_words(agreement.tracks["STANDARD"].lead_time),
        "desks": [agreement.desks[desk].label for desk in terms.desks],
    }


def history(clearance: AnnualClearance, seat: Seat, *, since: int = 0) -> list[Entry]:
    """Return what the seat's side is told of a clearance, newest first, after event `since`."""
    events = Event.objects.of_case(clearance.exercise, clearance.reference)
    return [
        Entry(
            title=str(VERBS[event.verb].told),
            at=event.at,
            by=_by(event, clearance, seat),
            text=_told(event),
            tone=HISTORY_TONES.get(event.verb, ""),
        )
        for event in events.filter(seq__gt=since)
        if seat.is_instructor or clearance.side_of(seat) in event.told["audience"]
    ]


def history_since(request: SeatedRequest, serial: int) -> list[Entry]:
    """Return what was told on a clearance since the form in `request` was made."""
    seq = request.POST.get("seq", "")
    if not re.fullmatch(r"\d{1,9}", seq) or not hasattr(request, "seat"):
        return []
    found = AnnualClearance.objects.visible_to(request.seat).filter(number=serial).first()
    return history(found, request.seat, since=int(seq)) if found else []


def _standing(clearance: AnnualClearance, request: SeatedRequest) -> dict[str, Any]:
    """Return where a clearance stands, as the seat's side may know it."""
    seat, agreement = request.seat, clearance.agreement
    status = clearance.status_for(seat)
    requesting = clearance.side_of(seat) == REQUESTING
    has_number = bool(clearance.clearance_number) and not (
        requesting and clearance.replied_at is None
    )
    return {
        "clearance": clearance,
        "status": status,
        "standing": clearance.standing(request.at, seat),
        "tone": "neutral" if clearance.has_expired(request.at) else TONES.get(status, "info"),
        "number": clearance.clearance_number if has_number else "",
        "categories": [capfirst(str(agreement.categories[one])) for one in clearance.categories],
        "holder": _holder(clearance, seat),
        "is_mine": clearance.is_with(seat),
    }


def _holder(clearance: AnnualClearance, seat: Seat) -> dict[str, str] | None:
    """Say who has it: the own side by role, the other as a state."""
    role = clearance.waits_for
    if role is None:
        return None
    side = clearance.requesting_state if role == Role.ATTACHE else clearance.host
    if not seat.is_instructor and side != seat.state:
        name = clearance.agreement.states[side].name
        return {
            "who": _("The host state, %(state)s") % {"state": name}
            if side == clearance.host
            else _("The requesting state, %(state)s") % {"state": name},
            "what": _("answer by note") if side == clearance.host else str(STEPS[role]),
        }
    who = str(role.label)
    if seat.is_instructor:
        who = f"{who}, {clearance.agreement.states[side].name}"
    what = _("note in reply") if clearance.is_secretly_decided else str(STEPS[role])
    return {"who": who, "what": what}


def _moves(
    clearance: AnnualClearance, request: SeatedRequest, failed: Failed | None
) -> dict[str, Any]:
    """Return the seat's moves: those open, what the case waits for first; the others by reason."""
    seat, at = request.seat, request.at
    offers: list[Offer] = []
    closed: dict[str, list[Verb]] = {}
    for verb in sorted(VERBS.values(), key=lambda verb: verb.code in ASIDE):
        if verb.subject != "annual" or not verb.admits(clearance, seat):
            continue
        if reason := verb.reason_against(clearance, seat, at):
            closed.setdefault(reason, []).append(verb)
        if failed and failed[0] == verb.code:
            offers.append(Offer(verb, failed[1], is_failed=True, is_first=False))
        elif not reason:
            form = FORMS[verb.code](
                subject=clearance,
                seat=seat,
                at=at,
                seen=clearance.stamp_for(seat),
                seq=request.exercise.seq,
            )
            is_first = not offers and failed is None and verb.code not in ASIDE
            offers.append(Offer(verb, form, is_failed=False, is_first=is_first))
    return {"offers": offers, "closed": list(closed.items())}


def _note(note: dict[str, str]) -> dict[str, Any]:
    return note | {
        "kind": VERBS[note["verb"]].told,
        "from_state": note["from"],
        "at": decode(note["sent_at"]),
    }


def _flights(clearance: AnnualClearance, seat: Seat) -> list[dict[str, Any]]:
    """Return the flights whose form, as the host has it, cites the number: matter for a review.

    How often a form was changed, and what was found after a flight, counts for the next year
    (situation 40). Findings are the host's own affair.
    """
    if not clearance.clearance_number:
        return []
    visible = FlightRequest.objects.visible_to(seat).with_forms().prefetch_related("movements")
    requesting = seat.role in REQUESTER_ROLES
    return [
        {
            "flight": flight,
            "status": flight.status_for(seat),
            "revisions": form.number,
            "findings": None
            if requesting
            else sum(len(movement.findings) for movement in flight.movements.all()),
        }
        for flight in visible.filter(
            host=clearance.host, requesting_state=clearance.requesting_state
        ).order_by("number")
        if (form := flight.examined) and form.annual_number == clearance.clearance_number
    ]


def _by(event: Event, clearance: AnnualClearance, seat: Seat) -> str:
    """Name who acted: own side by seat and holder, the other side as the state it is."""
    by = event.told["by"]
    state, _dash, role = by["seat"].rpartition("-")
    if not seat.is_instructor and state != seat.state:
        name = clearance.agreement.states[state].name
        if state == clearance.host:
            return _("The host state, %(state)s") % {"state": name}
        return _("The requesting state, %(state)s") % {"state": name}
    label = str(Role(role).label)
    if by["instructor"]:
        return _("%(seat)s (instructor acting: %(holder)s)") % {
            "seat": label,
            "holder": by["holder"],
        }
    return f"{label} · {by['holder']}"


def _told(event: Event) -> str:
    """Return the parameters that the event's verb lets a history repeat, in words."""
    told = event.told["with"]
    words: dict[str, Callable[[Any], str]] = {
        "year": lambda value: _("For %(year)s") % {"year": value},
        "note_number": lambda value: _("Note %(number)s") % {"number": value},
        "answer": lambda value: str(Opinion(value).label),
        "missing": str,
    }
    return "\n".join(words[name](told[name]) for name in VERBS[event.verb].shown)
