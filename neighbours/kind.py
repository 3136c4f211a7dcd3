"""The request to a state on the way as a kind of case: its verbs, its work, its words."""

from __future__ import annotations

from casework.kinds import Kind
from neighbours import answers, asking, pages
from neighbours.duties import DUTIES, WORK
from neighbours.models import NeighbourRequest

KIND = Kind(
    model=NeighbourRequest,
    address="neighbours",
    verbs=(asking, answers),
    page=pages.page,
    work=WORK,
    duties=DUTIES,
)
