"""The check before a dossier leaves: the product finds what its key says, no more and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

import rules
from rules import Finding, Matter
from transit import filing, plan_check
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.models import Revision
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import Model

    from scenarios.book import Decoy, Defect
    from scenarios.dossier import Dossier

#: What a clean dossier may raise beside what is only to be known: a landing at its destination.
EXPECTED = frozenset({"LANDING"})


class Unfit(Exception):  # noqa: N818 - it says what the dossier is
    """What the product finds on a dossier is not what its key says."""


def findings(dossier: Dossier) -> list[Finding]:
    """Run the newest rules on a request; those that look at other flights find none beside it."""
    assert dossier.received_at is not None  # noqa: S101 - a dossier has been sent
    matter = Matter(dossier.revision(), dossier.received_at)
    return [
        Finding(rule, hit)
        for rule in rules.rule_set(rules.LATEST)
        if not rule.looks_around
        for hit in rule.look(matter)
    ]


def codes(dossier: Dossier) -> set[str]:
    """Return the codes of what is found: on the flight plan if there is one, else on the form."""
    if dossier.plan is None:
        return {one.code for one in findings(dossier)}
    authorized = filing.cleared(dossier.authorization())
    return {one.code for one in plan_check.compare(dossier.plan, authorized, rule_set=rules.LATEST)}


def expected(
    clean: Collection[str], defects: Iterable[Defect], decoys: Iterable[Decoy]
) -> set[str]:
    """Return what is to be found, where a clean dossier raises `clean`."""
    found = {*clean}
    kinds: tuple[Decoy | Defect, ...] = (*decoys, *defects)
    for kind in kinds:
        found = (found - {*kind.silences}) | {*kind.codes}
    return found


def require_clean(dossier: Dossier) -> set[str]:
    """Return what a clean dossier raises. Raises `Unfit` for anything but what is to be known."""
    require_form(dossier)
    if dossier.plan is not None:
        found = codes(dossier)
        strange = sorted(found)
    else:
        on_form = findings(dossier)
        found = {one.code for one in on_form}
        strange = sorted(
            {
                one.code
                for one in on_form
                if one.severity != Severity.NOTIFY and one.code not in EXPECTED
            }
        )
    if strange:
        raise Unfit(f"{_named(dossier)} is to be clean, but raises {', '.join(strange)}.")
    return found


def require(dossier: Dossier, wanted: Collection[str]) -> None:
    """Raise `Unfit` unless exactly these codes are found, and the form may be filled in so."""
    require_form(dossier)
    found = codes(dossier)
    if found != {*wanted}:
        missed = ", ".join(sorted({*wanted} - found)) or "nothing"
        beyond = ", ".join(sorted(found - {*wanted})) or "nothing"
        raise Unfit(f"{_named(dossier)}: missed is {missed}, found beyond it is {beyond}.")


def require_form(dossier: Dossier) -> None:
    """Raise `Unfit` for a form that no planner could fill in: an item that cannot be."""
    revision = dossier.revision()
    try:
        _clean(revision, Revision.form_items())
        for row in revision.crossings.all():
            _clean(row, CROSSING_ITEMS)
        for line in revision.goods.all():
            _clean(line, GOOD_ITEMS)
    except ValidationError as error:
        raise Unfit(f"{_named(dossier)}: {'; '.join(error.messages)}") from error


def _clean(row: Model, items: Iterable[str]) -> None:
    others = {field.name for field in row._meta.concrete_fields} - {*items}
    row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)


def _named(dossier: Dossier) -> str:
    return f"A dossier on {dossier.corridor.code} with {dossier.load}"
