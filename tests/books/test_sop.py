"""The training procedure: every clause has a text and says on what it rests."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import rules
from books import agreements, sop
from control.management.commands.rules import situations

HOUR = timedelta(hours=1)

PROCEDURES = pytest.mark.parametrize("procedure", [*map(sop.load, sop.VERSIONS)], ids=sop.VERSIONS)
CLAUSES = pytest.mark.parametrize(
    "clause", sop.load().clauses, ids=[clause.number for clause in sop.load().clauses]
)
RULES = pytest.mark.parametrize(
    "rule", rules.rule_set(rules.LATEST), ids=[rule.code for rule in rules.rule_set(rules.LATEST)]
)


@RULES
def test_every_clause_that_a_rule_cites_is_written(rule: rules.Rule) -> None:
    clause = sop.load().cited(rule.clause)

    assert clause.cited == rule.clause


@RULES
def test_a_clause_answers_what_its_rules_answer(rule: rules.Rule) -> None:
    assert {*rule.situations} <= {*sop.load().cited(rule.clause).situations}


@CLAUSES
def test_a_clause_names_its_publications_or_is_a_training_default(clause: sop.Clause) -> None:
    assert clause.sources or clause.training_default
    for source in clause.sources:
        assert source.title
        assert source.checked.year >= 2026


@CLAUSES
def test_a_clause_is_one_to_five_sentences(clause: sop.Clause) -> None:
    sentences = re.findall(r"[.?](?:\s|$)", clause.text)

    assert clause.title
    assert 1 <= len(sentences) <= 5
    assert clause.text.endswith(".")


@PROCEDURES
def test_numbers_run_on_within_their_chapter(procedure: sop.Procedure) -> None:
    for chapter in procedure.chapters:
        numbers = [clause.number for clause in chapter.clauses]
        assert numbers == [f"{chapter.number}.{place}" for place in range(1, len(numbers) + 1)]
    chapters = [chapter.number for chapter in procedure.chapters]
    assert chapters == [str(place) for place in range(1, len(chapters) + 1)]


@PROCEDURES
def test_titles_differ_within_a_chapter(procedure: sop.Procedure) -> None:
    for chapter in procedure.chapters:
        titles = [clause.title for clause in chapter.clauses]
        assert len(titles) == len({*titles})


@PROCEDURES
def test_a_file_is_of_its_version(procedure: sop.Procedure) -> None:
    assert procedure.path.stem == procedure.version


def test_every_procedural_situation_is_answered() -> None:
    answered = {number for clause in sop.load().clauses for number in clause.situations}

    assert answered == {one["number"] for one in situations()}


def test_figures_in_words_are_those_of_the_agreement() -> None:
    agreement = agreements.load(agreements.SHIPPED, agreements.latest(agreements.SHIPPED))
    words = {4: "four", 5: "five", 7: "seven", 14: "fourteen"}
    procedure = sop.load()
    text = procedure.clause("4.1").text

    early, validity = agreement.early // HOUR, agreement.validity // HOUR
    assert f"from {early} hours before" in procedure.clause("11.2").text
    assert f"to {validity} hours after" in procedure.clause("11.2").text
    for code in ("STANDARD", "VIP", "SENSITIVE", "ANNUAL"):
        assert words[agreement.tracks[code].lead_time.amount] in text


def test_a_clause_is_found_by_its_number() -> None:
    assert sop.load().clause("4.1").title == "Lead time"


@pytest.mark.parametrize("number", ["4.99", "0.0", "", "4", "four"])
def test_what_is_not_there_is_said(number: str) -> None:
    with pytest.raises(sop.UnknownClause, match="has no clause"):
        sop.load().clause(number)


@pytest.mark.parametrize("citation", ["", "SOP", "SOP 4.1", "4.1 Lead time", "SOP 4 Notice"])
def test_a_citation_has_number_and_title(citation: str) -> None:
    with pytest.raises(sop.UnknownClause, match=r"write “SOP 4\.1 Lead time”"):
        sop.load().cited(citation)


def test_a_citation_under_another_title_is_none() -> None:
    with pytest.raises(sop.UnknownClause, match=r"the clause is “SOP 4\.1 Lead time”"):
        sop.load().cited("SOP 4.1 Notice")


def test_every_word_is_sought_in_any_case() -> None:
    found = sop.load().search("NOTE enclosure")

    assert "8.3" in {clause.number for clause in found}
    assert all(clause.has("note") and clause.has("enclosure") for clause in found)
    assert len(found) < len(sop.load().clauses)


def test_a_number_is_sought_as_a_whole() -> None:
    found = {clause.number for clause in sop.load().search("1.1")}

    assert "1.1" in found
    assert not found & {"1.10", "1.11", "11.1"}


def test_publications_are_sought_too() -> None:
    assert "4.2" in {clause.number for clause in sop.load().search("Azerbaijan")}


def test_no_word_finds_all() -> None:
    assert sop.load().search("  ") == sop.load().clauses


def test_another_version_is_not_shipped() -> None:
    with pytest.raises(LookupError, match="there are: 1"):
        sop.load("0")
