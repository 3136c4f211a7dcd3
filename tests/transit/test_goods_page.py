"""The public page of the table of dangerous goods."""

import pytest
from django.test import Client

PAGE = "/dangerous-goods/"


def test_anybody_may_look_things_up(client: Client) -> None:
    text = client.get(PAGE, {"q": "UN0339"}).text

    assert "Cartridges for weapons, inert projectile or Cartridges, small arms" in text
    assert "1.4C" in text
    assert "75 kg" in text
    assert "Cargo aircraft only" in text
    assert "1 entry matches “UN0339”." in text


def test_the_page_says_which_table_it_is(client: Client) -> None:
    text = client.get(PAGE).text

    assert "US domestic table (49 CFR 172.101, eCFR 1 June 2026)" in text
    assert "For training" in text
    assert "EXERCISE" in text
    assert "Search the table" in text


def test_nothing_found(client: Client) -> None:
    text = client.get(PAGE, {"q": "unobtainium"}).text

    assert "Nothing matches “unobtainium”." in text
    assert "<table" not in text


def test_too_much_found(client: Client) -> None:
    text = client.get(PAGE, {"q": "flammable"}).text

    assert "The first 50 entries; add a word to narrow the search." in text
    assert text.count("<tr>") == 51


def test_htmx_gets_the_table_alone(client: Client) -> None:
    response = client.get(PAGE, {"q": "dry ice"}, headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<div id="goods-found">')
    assert "UN1845" in response.text
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize(
    "sought",
    [
        "\0",
        "UN\x000012",
        "x" * 20_000,
        "1 " * 5_000,
        "٣٤٨٠",
        "<script>",
        "%",
        "'\"--",
        "𝕌ℕ",
        "\ud7ff",
    ],
)
def test_nonsense_is_answered(client: Client, sought: str) -> None:
    response = client.get(PAGE, {"q": sought})

    assert response.status_code == 200
    assert "\0" not in response.text
    assert "<script>" not in response.text.split('id="goods-found"')[1]


def test_bytes_that_are_no_text_are_answered(client: Client) -> None:
    assert client.get(f"{PAGE}?q=%ff%fe%00").status_code == 200


def test_the_table_is_only_read(client: Client) -> None:
    assert client.post(PAGE).status_code == 405
