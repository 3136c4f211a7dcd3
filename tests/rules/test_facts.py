"""The facts in which a rule shows; that a finding is mended in one of them: `tests.situations`."""

from __future__ import annotations

import pytest

import rules
from rules import Rule
from tests import routes
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.models import Revision

#: Whatever a form can say.
FACTS = {
    *Revision.form_items(),
    *(f"crossings.{column}" for column in CROSSING_ITEMS),
    *(f"goods.{column}" for column in GOOD_ITEMS),
}

every_rule = pytest.mark.parametrize(
    "one", rules.rule_set(rules.LATEST), ids=[it.code for it in rules.rule_set(rules.LATEST)]
)


@every_rule
def test_a_rule_shows_in_the_form_and_nowhere_else(one: Rule) -> None:
    assert one.facts
    assert {*one.facts} <= FACTS


@every_rule
def test_a_fact_of_a_rule_is_named_once(one: Rule) -> None:
    assert len({*one.facts}) == len(one.facts)


def test_a_finding_has_the_facts_of_its_rule() -> None:
    [found] = routes.found("route", routes.matter(departure="LTAC"))[:1]

    assert (found.code, found.facts) == ("ROUTE_ENDS", ("route", "departure", "destination"))
