"""The flight request and its rows: forms, crossings, notes, authorization, movement."""

from transit.models.flight import (
    FlightRequest,
    FlightRow,
)
from transit.models.form import (
    Action,
    Activity,
    Clearance,
    Crossing,
    DangerousGood,
    FlightRules,
    LeavesBehind,
    LegalBasis,
    NetUnit,
    Priority,
    Revision,
    Statement,
    Use,
)
from transit.models.movement import (
    Authorization,
    Movement,
)
from transit.models.note import (
    Note,
    NoteKind,
    note_number,
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
    "Activity",
    "Authorization",
    "AuthorizationStatus",
    "Clearance",
    "Crossing",
    "DangerousGood",
    "FlightRequest",
    "FlightRow",
    "FlightRules",
    "FlightStatus",
    "LeavesBehind",
    "LegalBasis",
    "Movement",
    "MovementStatus",
    "NetUnit",
    "Note",
    "NoteKind",
    "Priority",
    "Revision",
    "Statement",
    "Use",
    "note_number",
]
