"""Every kind of page has a help text of its own beside it, and every page leads to all of it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

from books import glossary
from casework import kinds
from control import manual
from exercises.models import Role
from tests import playing
from tests.browsing import body, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Addresses that show no page of their own: they lead on, or give a part of a page, or a file.
NO_PAGE = {
    "metrics",
    "readyz",
    "sign-out/",
    "register/<int:exercise>/",
    "me/export.json",
    "shapes/<slug:kind>.geojson",
    "x/",
    "x/clock/",
    "x/flights/live/",
    "x/flights/deadlines.ics",
    "x/flights/understood/",
    "x/flights/<int:number>/live/",
    "x/flights/<int:number>/files/<str:file>",
    "x/flight-day/live/",
    "x/control/live/",
    "x/control/next/",
    "x/control/stop/",
    "x/exam/close/",
    "x/exam/release/",
    "x/exam/report.csv",
    "x/guide/",
    "x/marks/marks.csv",
    "x/next/",
    "x/pass/",
    "x/marks/<int:number>/hand-in/",
    "x/record/record.csv",
    "x/record/record.json",
    *(
        f"x/{kind.address}/<int:number>/papers/<slug:name>/{file}/"
        for kind in kinds.kinds().values()
        for file in ("pdf", "telegram")
    ),
}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Give the routes of the product as topics name them."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route.replace(manual.BELOW_A_SEAT, manual.SHORT)
        elif route != "admin/":
            yield from routes(one.url_patterns, route)


ROUTES = [*routes(get_resolver().url_patterns)]


@pytest.mark.parametrize("route", [one for one in ROUTES if one not in NO_PAGE])
def test_every_kind_of_page_has_help(route: str) -> None:
    found = [one for one in manual.TOPICS if route in one.routes]
    assert found, f"{route} has no help: name it in a topic of control/manual.py"
    for_roles = {role for one in found for role in one.roles}
    seated = {*Role} - {Role.NEIGHBOUR}
    assert any(not one.roles for one in found) or for_roles == seated, route


def test_no_topic_is_of_a_page_that_there_is_not() -> None:
    assert {route for one in manual.TOPICS for route in one.routes} <= {*ROUTES}
    assert {*ROUTES} >= NO_PAGE


@pytest.mark.parametrize("topic", manual.TOPICS, ids=lambda topic: topic.code)
def test_a_topic_is_short_and_its_words_stand_in_the_glossary(topic: manual.Topic) -> None:
    said = f"{topic.purpose} {topic.does} {topic.follows}"
    assert 40 <= len(said.split()) <= 120
    assert [one.word for one in topic.meanings] == [*topic.words]


def test_topics_are_told_apart() -> None:
    codes = [one.code for one in manual.TOPICS]
    assert len(codes) == len({*codes})


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.PLANNER, "case-requester"),
        (Role.DUTY, "case-registry"),
        (Role.SECURITY, "case-desk"),
        (Role.DEPUTY, "case-decider"),
        (Role.OPERATIONS, "case-operations"),
        (Role.INSTRUCTOR, "case-control"),
    ],
)
def test_a_case_is_explained_to_each_seat_as_it_sees_it(role: Role, code: str) -> None:
    found = manual.topic_of(resolve("/x/1/KZ-SECURITY/flights/1/"), role)
    assert found is not None
    assert found.code == code


@pytest.mark.django_db
def test_the_help_of_a_page_stands_on_it_and_on_the_page_of_all_help() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    page = body(signed_in(exercise, "KZ-SECURITY").get(f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"))
    dialog = html.unescape(page.partition('id="page-help"')[2].partition("</dialog>")[0])
    assert "A case, at an examining desk" in dialog
    assert "Your desk answers for its own matter alone" in dialog
    assert glossary.load().word("lead desk").means in dialog
    assert 'href="/help/#case-desk"' in page
    every = html.unescape(body(Client().get("/help/")))
    for topic in manual.TOPICS:
        assert f'id="{topic.code}"' in every
        assert f'href="#{topic.code}"' in every
        assert str(topic.does) in every


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/help/", "/glossary/", "/nowhere/"])
def test_every_page_leads_to_help_glossary_procedure_and_public_tools(address: str) -> None:
    page = body(Client().get(address))
    for tool in ("help", "glossary", "sop", "route-check", "deadlines", "dangerous-goods"):
        assert f'href="/{tool}/' in page


def test_the_glossary_has_every_word_term_and_abbreviation() -> None:
    page = html.unescape(body(Client().get("/glossary/")))
    book = glossary.load()
    for word in (*book.words, *book.abbreviations):
        assert f"<dt>{word.word}</dt>" in page
        assert word.means in page
    for term in book.terms:
        for said in (term.en, term.tr, term.kk, term.ru, term.status):
            assert said in page


def test_a_word_is_linked_by_its_anchor() -> None:
    page = body(Client().get("/glossary/"))
    anchors = re.findall(r'<div id="([^"]+)">', page)
    assert len(anchors) == len({*anchors}) == len(glossary.load().words)
    assert "rung-ladder" in anchors


def test_the_reference_page_of_words_is_current() -> None:
    call_command("glossary", "--check")
