"""The flight request and its rows: forms, crossings, goods, authorization, movement."""

from transit.models.flight import (
    IN_COMPLETION,
    WITH_HOST,
    Action,
    Crossing,
    FlightRequest,
    FlightRow,
    Revision,
)
from transit.models.goods import DangerousGood, NetUnit
from transit.models.items import (
    LIFE_SAVING,
    Activity,
    Clearance,
    FlightRules,
    LeavesBehind,
    LegalBasis,
    Priority,
    Statement,
    Use,
)
from transit.models.movement import Authorization, Movement
from transit.models.notices import Message, Notification
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
    "IN_COMPLETION",
    "LIFE_SAVING",
    "PREPARATION",
    "UNDECIDED",
    "WITH_HOST",
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
    "Message",
    "Movement",
    "MovementStatus",
    "NetUnit",
    "Notification",
    "Priority",
    "Revision",
    "Statement",
    "Use",
]
