"""A case in words and colours; the word beside a colour always says the same."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Answer
from books.agreements import ConditionKind
from transit.models import FlightStatus, MovementStatus
from transit.severity import Severity

ANSWER_TONES = {
    Answer.CONCUR: "good",
    Answer.CONCUR_WITH_CONDITIONS: "good",
    Answer.NON_CONCUR: "bad",
}

TONES = {
    FlightStatus.DRAFT: "neutral",
    FlightStatus.AUTHORIZED: "good",
    FlightStatus.REFUSED: "bad",
    FlightStatus.LAPSED: "bad",
    FlightStatus.WITHDRAWN: "neutral",
    FlightStatus.RETURNED: "warn",
}

MOVEMENT_TONES = {
    MovementStatus.EXPECTED: "neutral",
    MovementStatus.CLOSED: "good",
    MovementStatus.CLOSED_WITH_FINDINGS: "warn",
    MovementStatus.NOT_FLOWN: "neutral",
    MovementStatus.DIVERTED: "warn",
    MovementStatus.ON_GROUND: "warn",
    MovementStatus.DENIED_ENTRY: "bad",
}

CONDITION_WORDS = {
    ConditionKind.PRECEDENT: gettext_lazy("before the flight"),
    ConditionKind.STANDING: gettext_lazy("throughout"),
    ConditionKind.REPORT: gettext_lazy("after the flight"),
}

SEVERITY_TONES = {Severity.BLOCK: "bad", Severity.QUERY: "warn", Severity.NOTIFY: "neutral"}

SEVERITY_WORDS = {
    Severity.BLOCK: gettext_lazy("blocks"),
    Severity.QUERY: gettext_lazy("query"),
    Severity.NOTIFY: gettext_lazy("to be known"),
}


def tone(status: str) -> str:
    return TONES.get(FlightStatus(status), "info")


def movement_tone(status: MovementStatus) -> str:
    return MOVEMENT_TONES.get(status, "info")


def to_requester(status: FlightStatus) -> str:
    """Say in a sentence where a case stands, to the side that asks."""
    return {
        FlightStatus.DRAFT: _("The form is being prepared. The host state does not see it."),
        FlightStatus.RELEASE_REVIEW: _("The release officer reads the form before it goes out."),
        FlightStatus.READY_TO_TRANSMIT: _("Released. The attaché hands it over by note."),
        FlightStatus.SUBMITTED: _("The host state has the note. It has yet to register it."),
        FlightStatus.UNDER_REVIEW: _(
            "The host state examines the request. Silence is not consent: without a number "
            "the flight does not enter."
        ),
        FlightStatus.RETURNED: _("The host state returned the request for completion."),
        FlightStatus.AUTHORIZED: _("One flight, in one window, under the number below."),
        FlightStatus.REFUSED: _("The host state does not authorize this flight."),
        FlightStatus.LAPSED: _(
            "Nobody decided before the entry time. There is no number: the flight does not enter."
        ),
        FlightStatus.WITHDRAWN: _("The request was withdrawn."),
    }.get(status, "")


def to_host(status: FlightStatus) -> str:
    """Say in a sentence where a case stands, to the side that is asked."""
    return {
        FlightStatus.SUBMITTED: _("The note is here. The registry takes it in or returns it."),
        FlightStatus.RETURNED: _("Returned to the requesting state for completion."),
        FlightStatus.UNDER_REVIEW: _("The desks examine the request; the lead desk answers last."),
        FlightStatus.DECISION_PENDING: _("Every desk has answered. The decision is owed."),
        FlightStatus.AUTHORIZED: _("One flight, in one window, under the number below."),
        FlightStatus.REFUSED: _("Refused; the requesting side has been told by note."),
        FlightStatus.LAPSED: _("Nobody decided before the entry time. There is no number."),
        FlightStatus.WITHDRAWN: _("The requesting state withdrew its request."),
    }.get(status, "")
