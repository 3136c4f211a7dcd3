"""What an annual number covers, and why it does not cover a flight that cites it.

Covered is not admitted: the number makes the flight eligible and its examination shorter, and the
flight still needs an authorization of its own. Categories and calendar year are published figures
of the agreement; that the host's clock marks the year, and that a sensitive load is never covered,
are training defaults (situations 6, 7, 8 and 42).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from annual.models import AnnualClearance, AnnualStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casework.models import Case

#: The host issued no such number to the requesting state, or has not told it.
ANNUAL_UNKNOWN = "ANNUAL_UNKNOWN"
#: The number is suspended or revoked.
ANNUAL_NOT_IN_FORCE = "ANNUAL_NOT_IN_FORCE"
#: Entry or exit lies outside the calendar year at the host.
ANNUAL_YEAR = "ANNUAL_YEAR"
#: The purpose of the flight is none of the categories of the number.
ANNUAL_CATEGORY = "ANNUAL_CATEGORY"
#: Dangerous goods need a number of their own.
ANNUAL_DANGEROUS_GOODS = "ANNUAL_DANGEROUS_GOODS"
#: Armament, sensors or electronic warfare equipment need a number of their own.
ANNUAL_SENSITIVE = "ANNUAL_SENSITIVE"


class Citing(Protocol):
    """A revision of a form, as far as the annual number matters that it cites."""

    annual_number: str
    category: str
    goods: Any

    @property
    def of(self) -> Case: ...
    @property
    def host_crossings(self) -> list[Any]: ...
    @property
    def announces_goods(self) -> bool: ...
    @property
    def has_special_equipment(self) -> bool: ...


def find(revision: Citing) -> AnnualClearance | None:
    """Return the clearance that a form cites.

    Only what the host issued to this requesting state and told it by note is found: a number not
    yet told, or another state's, is unknown.
    """
    if not revision.annual_number:
        return None
    case = revision.of
    return (
        AnnualClearance.objects.issued()
        .select_related("exercise")
        .filter(
            exercise=case.exercise_id,
            requesting_state=case.requesting_state,
            host=case.host,
            clearance_number=revision.annual_number,
        )
        .first()
    )


def uncovered(revision: Citing) -> list[str]:
    """Return the codes of what keeps the cited number from covering the form.

    Empty where all is well, and where no number is cited: then there is nothing to cover.
    """
    return held_against(revision, find(revision))


def held_against(revision: Citing, cited: AnnualClearance | None) -> list[str]:
    """Return the same of the clearance that the form cites; None: there is no such number."""
    if not revision.annual_number:
        return []
    return [ANNUAL_UNKNOWN] if cited is None else list(_faults(revision, cited))


def _faults(revision: Citing, clearance: AnnualClearance) -> Iterator[str]:
    if clearance.status != AnnualStatus.GRANTED:
        yield ANNUAL_NOT_IN_FORCE
    year = clearance.deadline
    moments = [at for row in revision.host_crossings for at in (row.entry_at, row.exit_at)]
    if any(not year.valid_from <= at < year.valid_until for at in moments):
        yield ANNUAL_YEAR
    if revision.category not in clearance.categories:
        yield ANNUAL_CATEGORY
    if revision.announces_goods or revision.goods.all():
        yield ANNUAL_DANGEROUS_GOODS
    if revision.has_special_equipment:
        yield ANNUAL_SENSITIVE
