"""Dangerous goods: the table with its look-up, and what is wrong with a declared list."""

from transit.goods.declaration import (
    KINDS,
    Fault,
    Kind,
    Line,
    faults,
    faults_of_list,
    is_explosive,
)
from transit.goods.table import FLAGS, Entry, Limit, limit, of_number, search, table

__all__ = [
    "FLAGS",
    "KINDS",
    "Entry",
    "Fault",
    "Kind",
    "Limit",
    "Line",
    "faults",
    "faults_of_list",
    "is_explosive",
    "limit",
    "of_number",
    "search",
    "table",
]
