"""Open work on the register: what the procedure waits for. No date presses: none is published."""

from __future__ import annotations

from annual.models import WAITING, AnnualClearance
from casework.steps import Duty, Steps
from exercises.models import REQUESTER_ROLES

WORK = tuple(
    Steps(
        AnnualClearance,
        one.condition,
        (Duty("annual", one.what, one.role, of_host=one.role not in REQUESTER_ROLES, ladder=()),),
    )
    for one in WAITING
)
