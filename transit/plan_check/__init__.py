"""The filed flight plan beside the authorization: where they differ, and what is authorized.

Pure: no database, no reading of a clock.
"""

from transit.plan_check.cleared import Cleared
from transit.plan_check.comparison import compare
from transit.plan_check.discrepancies import DISCREPANCIES, Discrepancy, Kind, kinds
from transit.plan_check.following import compare_message
from transit.plan_check.writing import plan_for

__all__ = [
    "DISCREPANCIES",
    "Cleared",
    "Discrepancy",
    "Kind",
    "compare",
    "compare_message",
    "kinds",
    "plan_for",
]
