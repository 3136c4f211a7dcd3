"""The handbook: every clause, on what it rests, and which rules apply it."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

import rules
from books import sop
from exercises.models import Help
from tests import playing
from tests.browsing import body, signed_in

PAGE = "/sop/"


def articles(text: str) -> dict[str, str]:
    """Give the clauses of a page by their anchors."""
    found = re.findall(r'<article[^>]* id="([^"]+)">(.*?)</article>', text, re.DOTALL)
    return {number: " ".join(inside.split()) for number, inside in found}


@pytest.fixture(scope="module")
def page() -> str:
    return body(Client().get(PAGE))


def test_every_clause_is_shown_in_its_chapter(page: str) -> None:
    shown = articles(page)

    assert [*shown] == [clause.number for clause in sop.load().clauses]
    for clause in sop.load().clauses:
        assert clause.title in shown[clause.number]
        assert clause.text in shown[clause.number]
    for chapter in sop.load().chapters:
        assert f'href="#chapter-{chapter.number}"' in page
        assert f'id="chapter-{chapter.number}"' in page


def test_nothing_stands_without_a_label(page: str) -> None:
    for clause in sop.load().clauses:
        shown = articles(page)[clause.number]
        assert ("training default" in shown) == clause.training_default
        for source in clause.sources:
            assert source.title in shown
            assert source.href in shown
            assert f"(checked {source.checked.day} " in shown


def test_every_rule_stands_under_its_clause(page: str) -> None:
    shown = articles(page)
    for rule in rules.rule_set(rules.LATEST):
        beneath = shown[sop.number_in(rule.clause)]
        assert f'<span class="mono">{rule.code}</span>' in beneath
        assert str(rule.says) in beneath


def test_the_page_is_marked_and_leaves_the_machine_nowhere(page: str) -> None:
    assert "EXERCISE" in page
    assert 'href="http' not in page


def test_search_shows_what_was_found_alone() -> None:
    text = body(Client().get(PAGE, {"q": "Item 18"}))

    assert [*articles(text)] == [clause.number for clause in sop.load().search("Item 18")]
    assert "12.2" in articles(text)
    assert "Show the whole procedure" in text


def test_one_clause_is_said_to_be_one() -> None:
    assert "1 clause has “4.1”." in body(Client().get(PAGE, {"q": "4.1"}))


def test_nothing_found_is_said() -> None:
    text = body(Client().get(PAGE, {"q": "unobtainium"}))

    assert "No clause has “unobtainium”." in text
    assert not articles(text)


def test_what_was_sought_is_still_typed_and_harmless() -> None:
    text = Client().get(PAGE, {"q": '"><script>\0'}).content.decode()

    assert html.escape('"><script>') in text


@pytest.mark.django_db
@pytest.mark.once
def test_a_finding_leads_to_its_clause() -> None:
    exercise = playing.before("bravo", "concur", seated=True)
    text = body(signed_in(exercise, "KZ-DEFENCE").get(f"/x/{exercise.pk}/KZ-DEFENCE/flights/1/"))
    links = re.findall(r'href="/sop/#([^"]+)"[^>]*>([^<]+)</a>', text)

    assert links
    for number, words in links:
        assert sop.load().clause(number).cited == words


@pytest.mark.django_db
@pytest.mark.once
def test_the_handbook_stays_open_in_an_exam() -> None:
    exercise = playing.before("alpha", "concur", seated=True, help_shown=Help.OFF)
    officer = signed_in(exercise, "KZ-DEFENCE")

    assert not articles(body(officer.get("/deadlines/")))
    assert [*articles(body(officer.get(PAGE)))]


@pytest.mark.django_db
def test_every_page_leads_to_it() -> None:
    assert f'href="{PAGE}"' in body(Client().get("/"))
