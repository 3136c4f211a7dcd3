"""Nonsense asked of the public pages gets a page, what was typed still in it; never a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browsing import body, form_for
from transit.public.route_check import EXAMPLE
from transit.public.shapes import KINDS

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Page

#: The items of each page's form where one types, and those where one chooses.
TYPED = {
    "/route-check/": ["route", "knots", "aircraft_type", "declared"],
    "/deadlines/": ["received", "entry", "working_days"],
    "/dangerous-goods/": ["q"],
    "/sop/": ["q"],
    "/sources/": [],
}
CHOSEN = {"/deadlines/": ["host", "requesting", "track"]}
PAGES = [*TYPED]
SHAPES = [f"/shapes/{kind}.geojson" for kind in KINDS]

SCRIPT = "\"'><script>alert(1)</script>&amp;"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NONSENSE = TEXT | st.sampled_from(
    [
        *("", " ", "\0", "a\0b", "\r\n", SCRIPT, "{{ 7 }}", "{% x %}", "%s", "%(code)s", "../.."),
        *("0", "-1", "1e3", "NaN", "Infinity", "٣٩٠", "²", "7.0", "9" * 25, "9" * 5000),
        *("UACN", "LTAU LTAU", "LTAU UACC", "91,181 LTAU", "LTAU 40.47,50.05", "LTAU " * 500),
        *("kz", "ß", "XX", "KZ,,KZ", "A400", "STANDARD", "AZ-VIP", "UN0339", "1.1A", "%", "_"),
        *("2026-09-14 06:00", "2026-02-30 00:00", "0001-01-01 00:00", "9999-12-31 23:59"),
        *("2024-01-01 00:00", "2028-12-30 23:59", "2026-09-14T06:00:00+23:59", "²026-01-01 00:00"),
        "A" * 3000,
    ]
)
#: What is right, so that one item alone may be wrong.
RIGHT: dict[str, dict[str, str]] = {
    "/route-check/": EXAMPLE | {"knots": "390"},
    "/deadlines/": {
        "requesting": "TR",
        "host": "KZ",
        "received": "2026-03-19 06:00",
        "entry": "2026-03-27 05:00",
        "track": "STANDARD",
        "working_days": "",
    },
    "/dangerous-goods/": {"q": "UN0339"},
    "/sop/": {"q": "notice"},
    "/sources/": {},
}
#: What a browser sends besides, in the letters that a server lets through.
HEADERS = [
    *("Accept-Language", "Accept-Encoding", "Cookie", "Referer", "X-Forwarded-For"),
    *("If-None-Match", "If-Modified-Since", "Range", "HX-Request", "HX-Current-URL"),
]
HEADER_VALUES = st.sampled_from(
    ['"', 'W/"', "*", "tr;q=9", "kk-", "bytes=9-1", "sessionid=x", SCRIPT, "9" * 5000]
) | st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20)

fuzzed = settings(max_examples=40)


def items(path: str) -> list[str]:
    return TYPED[path] + CHOSEN.get(path, [])


def assert_answered(path: str, asked: dict[str, str]) -> Page:
    """A page stands there; if something was refused it says so and holds what was typed."""
    answer = Client().get(path, asked)

    assert answer.status_code in (200, 422)
    assert SCRIPT not in answer.content.decode()
    if answer.status_code == 422:
        assert "There is a problem" in body(answer)
        held = form_for(answer, "").fields
        for item in TYPED[path]:
            assert held[item] == asked.get(item, "")
    return answer


@pytest.mark.parametrize("path", PAGES)
def test_what_is_right_is_answered(path: str) -> None:
    assert assert_answered(path, RIGHT[path]).status_code == 200


@pytest.mark.parametrize("path", PAGES)
@fuzzed
@given(data=st.data())
def test_wrong_items_among_right_ones_are_answered(path: str, data: st.DataObject) -> None:
    wrong = data.draw(st.dictionaries(st.sampled_from([*items(path), "nothing"]), NONSENSE))

    assert_answered(path, RIGHT[path] | wrong)


@pytest.mark.parametrize("path", PAGES)
@fuzzed
@given(data=st.data())
def test_a_question_of_nonsense_is_answered(path: str, data: st.DataObject) -> None:
    names = st.sampled_from([*items(path), "csrfmiddlewaretoken"]) | TEXT

    assert_answered(path, data.draw(st.dictionaries(names, NONSENSE, max_size=8)))


@pytest.mark.parametrize("item", CHOSEN["/deadlines/"])
@pytest.mark.parametrize("wrong", [SCRIPT, "XX", "\0", "²", "A" * 3000])
def test_a_choice_that_is_none_is_quoted(item: str, wrong: str) -> None:
    answer = assert_answered("/deadlines/", RIGHT["/deadlines/"] | {item: wrong})

    assert answer.status_code == 422
    assert f"{wrong} is not one of the available choices." in body(answer)


@pytest.mark.parametrize("path", PAGES)
@fuzzed
@given(data=st.data())
def test_an_item_that_comes_twice_is_answered(path: str, data: st.DataObject) -> None:
    names = st.sampled_from([*items(path), "nothing"])
    pairs = data.draw(st.lists(st.tuples(names, NONSENSE), max_size=12))

    assert Client().get(path, QUERY_STRING=urlencode(pairs)).status_code in (200, 422)


@pytest.mark.parametrize("path", [*PAGES, *SHAPES])
@fuzzed
@given(
    st.binary(max_size=60).map(quote)
    | st.text(st.characters(codec="latin-1", exclude_characters="#\r\n"), max_size=60)
    | st.sampled_from(["route=%ff%fe", "host=%ED%A0%80", "q=%00", "q", "&&&=;=", "%", "q=" * 500])
)
def test_an_address_that_nobody_typed_is_answered(path: str, query: str) -> None:
    assert Client().get(path, QUERY_STRING=query).status_code in (200, 422)


@pytest.mark.parametrize("path", PAGES)
def test_more_items_than_any_form_has_are_refused(path: str) -> None:
    item, status = (items(path)[0], 400) if items(path) else ("nothing", 200)

    answer = Client().get(path, QUERY_STRING=urlencode([(item, "x")] * 5000))

    assert answer.status_code == status


@pytest.mark.parametrize("path", [*PAGES, *SHAPES])
@fuzzed
@given(st.dictionaries(st.sampled_from(HEADERS), HEADER_VALUES))
def test_a_browser_gone_mad_is_answered(path: str, headers: dict[str, str]) -> None:
    answer = Client().get(path, RIGHT.get(path), headers=headers)

    assert answer.status_code in (200, 304)


def test_a_route_that_nobody_flies_is_not_drawn() -> None:
    """To and fro across the whole map: minutes of work, and a page of megabytes."""
    ends = [(f"{36 + n / 100},26", f"{54 - n / 100},86") for n in range(50)]
    route = " ".join(point for pair in ends for point in pair)

    answer = assert_answered("/route-check/", {"route": route})

    assert answer.status_code == 422
    assert "NM is too long: 10000 NM are the most." in body(answer)


@fuzzed
@given(NONSENSE.filter(lambda kind: kind not in KINDS))
def test_shapes_of_nothing_are_not_found(kind: str) -> None:
    assert Client().get(f"/shapes/{quote(kind, safe='')}.geojson").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *SHAPES])
def test_a_public_page_is_only_read(path: str) -> None:
    client = Client()

    for send in (client.post, client.put, client.patch, client.delete):
        assert send(path, RIGHT.get(path)).status_code == 405
    assert client.head(path, RIGHT.get(path)).status_code == 200
