"""What is generated can be prepared by the planner's verb, and `check_form` finds the same."""

from __future__ import annotations

import pytest

import rules
from control.management.commands import check_form
from scenarios import checking, generation

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("number", range(1, 13))
def test_a_dossier_is_prepared_and_found_as_its_key_says(number: int) -> None:
    """Of an exercise without the register of annual numbers; those that cite one stay out."""
    dossier = generation.case(12, number, difficulty=3, clean_share=0.2).dossier
    if "annual_number" in dossier.form:
        return
    said = dossier.as_data()
    prepared = check_form.Prepared(
        at=said["received_at"],
        by=f"{said['requesting_state']}-PLANNER",
        host=said["host"],
        form=said["form"],
        crossings=said["crossings"],
        goods=said["goods"],
    )

    assert dossier.received_at is not None
    found = rules.findings(check_form.prepare(prepared), at=dossier.received_at)
    assert {one.code for one in found} == {one.code for one in checking.findings(dossier)}
