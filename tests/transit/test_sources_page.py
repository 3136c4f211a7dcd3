"""What others made is named as they ask, on a page that every page leads to."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.browsing import body
from transit.public.sources import DATA, SOFTWARE, Source

REQUIRED = [
    "Made with Natural Earth.",
    "FIR boundaries: VAT-Spy Client Data Update Project contributors, VATSIM Network, CC BY-SA 4.0"
    " (https://creativecommons.org/licenses/by-sa/4.0/); merged, clipped and cleaned.",
    "Fixes: X-Plane navigation data, data cycle 2012.08, published by Luther Blissett"
    " (mcantsin/x-plane-navdata), GPL-3.0.",
    "Navaids and aerodromes: OurAirports (public domain); aerodrome list: airportsdata by Mike"
    " Borsetti (MIT).",
    "Holidays: python-holidays by the Vacanza Team (MIT).",
    "Dangerous goods: 49 CFR 172.101, US Government text, as parsed by hazmat-cfr-mcp (MIT).",
]


@pytest.fixture(scope="module")
def page() -> str:
    return body(Client().get("/sources/"))


@pytest.mark.parametrize("credit", REQUIRED)
def test_a_source_is_named_as_it_asks(page: str, credit: str) -> None:
    assert credit in page


@pytest.mark.parametrize("source", [*DATA, *SOFTWARE], ids=lambda source: str(source.title))
def test_each_source_has_its_licence_on_the_page(page: str, source: Source) -> None:
    assert str(source.title) in page
    assert source.licence in page


@pytest.mark.parametrize("credit", REQUIRED)
def test_the_notice_of_the_project_says_the_same(credit: str) -> None:
    notice = " ".join((Path(settings.BASE_DIR) / "NOTICE").read_text(encoding="utf-8").split())

    # "Made with Natural Earth." goes on with the address there.
    assert credit.removesuffix(".") in notice


def test_no_link_leaves_the_machine(page: str) -> None:
    assert 'href="http' not in page


@pytest.mark.django_db
def test_every_page_leads_to_it() -> None:
    assert 'href="/sources/"' in body(Client().get("/"))


def test_agreements_stand_with_their_source_and_a_proposal_as_one(page: str) -> None:
    assert "Kazakh Government Resolution No. 736" in page
    assert "invented for exercises" in page
    assert "Proposal, in force nowhere: Military transport across borders" in page
    assert "COM(2025) 847 final of 19 November 2025" in page
