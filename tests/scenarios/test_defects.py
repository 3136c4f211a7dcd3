"""Every kind of mistake is found by its codes and mended; every decoy lets the flight go on."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

import rules
from scenarios import book, checking
from scenarios.book import Decision, Decoy, Defect
from scenarios.corridors import CORRIDORS
from scenarios.lots import Lots
from tests.scenarios.dossiers import carrier, clean
from transit import plan_check
from transit.severity import Severity

#: A corridor there and one back, for the quick suite.
NEAR = ("LTAU-UACC", "UAKK-LBSF")
FAR = tuple(one.code for one in CORRIDORS if one.code not in NEAR)

kinds = pytest.mark.parametrize("kind", book.defects().values(), ids=lambda kind: kind.kind)
decoys = pytest.mark.parametrize("kind", book.decoys().values(), ids=lambda kind: kind.kind)


def plant_and_mend(kind: Defect, corridor: str) -> bool:
    """Plant a kind into the corridor's first dossier that can carry it; say whether there is one.

    Raises `checking.Unfit` where it is not found by exactly its codes, or not mended to nothing.
    """
    dossier = carrier(kind, corridor)
    if dossier is None:
        return False
    raised = checking.require_clean(dossier)
    planted, what = book.plant(dossier, kind, Lots("planted"))
    checking.require(planted, checking.expected(raised, [kind], []))
    checking.require(book.mend(planted, what), raised)
    assert what.before, "it changes what the dossier says"
    return True


@kinds
def test_a_mistake_is_found_by_exactly_its_codes_and_mended_to_nothing(kind: Defect) -> None:
    for corridor in NEAR:
        plant_and_mend(kind, corridor)


@pytest.mark.whole
@kinds
def test_a_mistake_is_found_on_every_corridor_that_can_carry_it(kind: Defect) -> None:
    carried = [corridor for corridor in FAR if plant_and_mend(kind, corridor)]

    assert carried or any(carrier(kind, corridor) for corridor in NEAR)


@kinds
def test_a_mistake_shows_in_facts_of_what_finds_it(kind: Defect) -> None:
    """What only eyes can see shows where it says so."""
    assert kind.facts
    if not kind.codes:
        return
    known = plan_check.DISCREPANCIES if kind.is_of_plan else _rules()
    facts = {fact for code in kind.codes for fact in known[code].facts}
    assert {*kind.facts} <= facts, f"{sorted({*kind.facts} - facts)} is no fact of {kind.codes}"


def _rules() -> dict[str, rules.Rule]:
    return {one.code: one for one in rules.rule_set(rules.LATEST)}


@kinds
def test_a_mistake_says_what_an_officer_does_about_it(kind: Defect) -> None:
    agreement = clean("LTAU-UACC", "RELIEF").revision().flight.agreement
    assert 1 <= kind.cues <= 3
    assert 1 <= kind.plausible <= 3
    assert kind.decision not in kind.also
    assert {*kind.grounds} <= agreement.grounds.keys()
    assert bool(kind.grounds) == (Decision.REFUSE in (kind.decision, *kind.also))


@decoys
def test_a_decoy_raises_nothing_that_blocks(kind: Decoy) -> None:
    carriers = [*islice(filter(None, (carrier(kind, one.code) for one in CORRIDORS)), 3)]
    assert carriers
    for dossier in carriers:
        raised = checking.require_clean(dossier)
        planted, _what = book.plant(dossier, kind, Lots("planted"))

        checking.require(planted, checking.expected(raised, [], [kind]))
        assert Severity.BLOCK not in {one.severity for one in checking.findings(planted)}


def test_the_catalogue_covers_every_chapter() -> None:
    defects = book.defects().values()
    chapters = {one.code: one.chapter for one in rules.rule_set(rules.LATEST)}
    found = {chapters[code] for one in defects if not one.is_of_plan for code in one.codes}

    assert found == {*rules.book.CHAPTERS} - {"closed"}, "no form says what is announced"
    assert len(defects) >= 40
    assert sum(one.is_of_plan for one in defects) >= 8
    assert sum(one.chapter == "eyes" for one in defects) >= 8
    assert all((one.chapter == "eyes") == (not one.codes) for one in defects)
    assert len(book.decoys()) >= 12
    assert {one.difficulty for one in defects} == {1, 2, 3, 4, 5}


def test_some_mistakes_come_in_two_grades() -> None:
    """The same codes, and not as easy to see."""
    graded: dict[tuple[str, ...], set[int]] = {}
    for one in book.defects().values():
        graded.setdefault(one.codes, set()).add(one.difficulty)

    assert sum(len(found) > 1 for codes, found in graded.items() if codes) >= 5


def test_a_kind_that_is_found_by_something_else_is_refused() -> None:
    kind = book.defects()["NEQ_MISSING"]
    dossier = carrier(kind, "LTAU-UACC")
    assert dossier is not None
    raised = checking.require_clean(dossier)
    planted, _what = book.plant(dossier, kind, Lots("planted"))

    for other in (replace(kind, codes=()), replace(kind, codes=(*kind.codes, "GAP"))):
        with pytest.raises(checking.Unfit, match="missed is"):
            checking.require(planted, checking.expected(raised, [other], []))
    with pytest.raises(checking.Unfit, match="DG_NEQ_MISSING"):
        checking.require_clean(planted)


def test_a_form_that_no_planner_could_fill_in_is_refused() -> None:
    dossier = clean("LTAU-UACC", "RELIEF").copy()
    dossier.form["call_sign"] = "no call sign"

    with pytest.raises(checking.Unfit, match="call sign"):
        checking.require_clean(dossier)


def test_what_mends_a_mistake_does_not_move_the_note() -> None:
    """The note has come in; a later flight mends a notice that was too short."""
    kind = book.defects()["A_WEEK_LATE"]
    dossier = carrier(kind, "LTAU-UACC")
    assert dossier is not None
    planted, what = book.plant(dossier, kind, Lots("planted"))
    mended = book.mend(planted, what)

    assert mended.received_at == planted.received_at == dossier.received_at
    assert planted.entry["entry_at"] < mended.entry["entry_at"] == dossier.entry["entry_at"]
