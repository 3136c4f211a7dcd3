"""Where a request, an authorization and a movement can stand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FlightStatus(models.TextChoices):
    """Where a request stands between the two states."""

    DRAFT = "DRAFT", _("Draft")
    RELEASE_REVIEW = "RELEASE_REVIEW", _("Awaiting release")
    READY_TO_TRANSMIT = "READY_TO_TRANSMIT", _("Ready to transmit")
    SUBMITTED = "SUBMITTED", _("Submitted")
    RETURNED = "RETURNED", _("Returned")
    UNDER_REVIEW = "UNDER_REVIEW", _("Under examination")
    DECISION_PENDING = "DECISION_PENDING", _("Decision pending")
    AUTHORIZED = "AUTHORIZED", _("Authorized")
    REFUSED = "REFUSED", _("Refused")
    LAPSED = "LAPSED", _("Lapsed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


PREPARATION = (
    FlightStatus.DRAFT,
    FlightStatus.RELEASE_REVIEW,
    FlightStatus.READY_TO_TRANSMIT,
    FlightStatus.RETURNED,
)
EXAMINATION = (FlightStatus.UNDER_REVIEW, FlightStatus.DECISION_PENDING)
UNDECIDED = (*PREPARATION, FlightStatus.SUBMITTED, *EXAMINATION)
DECIDED = (FlightStatus.AUTHORIZED, FlightStatus.REFUSED)


class MovementStatus(models.TextChoices):
    """Where the aircraft is in its one flight."""

    EXPECTED = "EXPECTED", _("Expected")
    CHECKED = "CHECKED", _("Flight plan checked")
    ACTIVE = "ACTIVE", _("In the airspace")
    EXITED = "EXITED", _("Exited")
    DIVERTED = "DIVERTED", _("Diverted")
    ON_GROUND = "ON_GROUND", _("On the ground, unscheduled")
    LANDED = "LANDED", _("Landed")
    CLOSED = "CLOSED", _("Closed")
    CLOSED_WITH_FINDINGS = "CLOSED_WITH_FINDINGS", _("Closed with findings")
    NOT_FLOWN = "NOT_FLOWN", _("Not flown")
    DENIED_ENTRY = "DENIED_ENTRY", _("Denied entry")


AHEAD = (MovementStatus.EXPECTED, MovementStatus.CHECKED)
#: In the air, and where it is matters.
ALOFT = (MovementStatus.ACTIVE, MovementStatus.DIVERTED)
#: Of these operations know, and the flight is not over.
UNDER_WAY = (*ALOFT, MovementStatus.ON_GROUND)
FLOWN = (MovementStatus.EXITED, MovementStatus.LANDED)
ENDED = (
    MovementStatus.CLOSED,
    MovementStatus.CLOSED_WITH_FINDINGS,
    MovementStatus.NOT_FLOWN,
    MovementStatus.DENIED_ENTRY,
)
#: Ends without a flight, which an entry that happened nevertheless reopens.
UNFLOWN = (MovementStatus.NOT_FLOWN, MovementStatus.DENIED_ENTRY)


class AlertPhase(models.TextChoices):
    """How worried operations are about an aircraft: ICAO Annex 11, chapter 5."""

    UNCERTAINTY = "INCERFA", _("Uncertainty phase (INCERFA)")
    ALERT = "ALERFA", _("Alert phase (ALERFA)")
    DISTRESS = "DETRESFA", _("Distress phase (DETRESFA)")


class AuthorizationStatus(models.TextChoices):
    """Whether the number holds. "Not yet valid", "expired" and "used" are derived."""

    IN_FORCE = "IN_FORCE", _("In force")
    SUSPENDED = "SUSPENDED", _("Suspended")
    REVOKED = "REVOKED", _("Revoked")
    CANCELLED = "CANCELLED", _("Cancelled")
