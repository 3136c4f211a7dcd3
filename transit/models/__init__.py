"""The flight request and its rows: forms, crossings, notes, authorization, movement."""

from transit.models.flight import (
    FlightRequest,
    FlightRequestQuerySet,
    FlightRow,
)
from transit.models.form import (
    Action,
    Crossing,
    LegalBasis,
    Priority,
    Revision,
    Statement,
)
from transit.models.movement import (
    Authorization,
    Movement,
)
from transit.models.note import (
    Note,
    NoteKind,
)
from transit.models.statuses import (
    AHEAD,
    DECIDED,
    ENDED,
    EXAMINATION,
    FLOWN,
    PREPARATION,
    UNDECIDED,
    AuthorizationStatus,
    FlightStatus,
    MovementStatus,
)

__all__ = [
    "AHEAD",
    "DECIDED",
    "ENDED",
    "EXAMINATION",
    "FLOWN",
    "PREPARATION",
    "UNDECIDED",
    "Action",
    "Authorization",
    "AuthorizationStatus",
    "Crossing",
    "FlightRequest",
    "FlightRequestQuerySet",
    "FlightRow",
    "FlightStatus",
    "LegalBasis",
    "Movement",
    "MovementStatus",
    "Note",
    "NoteKind",
    "Priority",
    "Revision",
    "Statement",
]
