"""The register of annual clearances on which dossiers rest.

Of each year either state has issued the other the same three numbers: one for most purposes, one
for delegations and diplomatic cargo, and one that is suspended. An exercise that plays dossiers
enters them at its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from annual.models import AnnualClearance, AnnualStatus

if TYPE_CHECKING:
    from transit.models import FlightRequest


@dataclass(frozen=True)
class Entry:
    """One number of the register, the same in every year."""

    serial: int
    categories: tuple[str, ...]
    status: str = AnnualStatus.GRANTED

    def number(self, host: str, year: int) -> str:
        """Return the number as a form cites it; `year` is that of the host's calendar."""
        return f"EX{host}{year % 100:02}A{self.serial:04}"


USUAL = Entry(1, ("MILITARY", "HUMANITARIAN", "EXERCISE"))
DIPLOMATIC = Entry(2, ("OFFICIAL_DELEGATION", "DIPLOMATIC_CARGO"))
SUSPENDED = Entry(
    3, ("MILITARY", "HUMANITARIAN", "EXERCISE", "DIPLOMATIC_CARGO"), AnnualStatus.SUSPENDED
)

REGISTER = (USUAL, DIPLOMATIC, SUSPENDED)


def find(number: str, flight: FlightRequest) -> AnnualClearance | None:
    """Return the clearance of a number that the host of a flight has issued, not saved."""
    for entry in REGISTER:
        year = 2000 + int(number[4:6])
        if entry.number(flight.host, year) == number:
            return AnnualClearance(
                exercise=flight.exercise,
                requesting_state=flight.requesting_state,
                host=flight.host,
                year=year,
                categories=list(entry.categories),
                clearance_number=number,
                status=entry.status,
                requested_at=datetime(year - 1, 11, 2, 9, tzinfo=UTC),
            )
    return None
